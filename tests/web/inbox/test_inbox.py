"""The Inbox: everything that waits says why, and one key settles it."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from baton.capture import imports
from baton.capture.models import ImportJob
from baton.kernel.clock import now
from baton.ledger.models import Company, Contact, Deal, Interaction
from tests.capture.letters import from_mailbox, letter
from tests.cast import Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def stranger(cast, **more) -> Interaction:
    [delivery] = from_mailbox(
        cast.ana, letter("Petra Lind <petra@tyneview.example>", subject="Gutter clearance", **more)
    )
    return Interaction.objects.unscoped("tests").get(deliveries__pk=delivery.pk)


def test_a_stranger_s_mail_waits_with_its_reason(ana, cast):
    stranger(cast)

    page = ana.get(reverse("inbox")).content.decode()

    assert "Gutter clearance" in page
    assert "Petra Lind" in page


def test_nobody_else_sees_what_waits_in_a_member_s_own_mail(client, cast):
    message = stranger(cast)
    client.force_login(cast.bram, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get(reverse("inbox"), {"m": str(message.pk)})
    posted = client.post(reverse("inbox-deal", args=[message.pk]))

    assert "Gutter" not in page.content.decode()
    assert posted.status_code == 404


def test_one_key_makes_contact_company_and_deal_of_a_stranger_s_mail(ana, cast):
    message = stranger(cast)

    ana.post(reverse("inbox-deal", args=[message.pk]))

    deal = Deal.objects.unscoped("tests").get()
    contact = Contact.objects.unscoped("tests").get()
    company = Company.objects.unscoped("tests").get()
    assert (deal.desk, deal.contact_id, deal.company_id) == ("intake", contact.pk, company.pk)
    assert fresh(message).deal_id == deal.pk


def test_free_mail_makes_no_company(ana, cast):
    [delivery] = from_mailbox(cast.ana, letter("Petra Lind <petra.lind@gmail.com>", subject="Gutters"))
    message = Interaction.objects.unscoped("tests").get(deliveries__pk=delivery.pk)

    ana.post(reverse("inbox-deal", args=[message.pk]))

    assert Company.objects.unscoped("tests").count() == 0
    assert Deal.objects.unscoped("tests").count() == 1


def test_a_message_is_filed_with_the_deal_that_was_chosen(ana, cast):
    message, deal = stranger(cast), cast.deal()

    ana.post(reverse("inbox-place", args=[message.pk]), {"place": f"deal:{deal.pk}"})

    assert fresh(message).deal_id == deal.pk


@pytest.mark.parametrize(
    "place", ["", "deal:", "deal:nonsense", "member:1", "deal:01a200cc-f787-7118-989a-7b57a5396078"]
)
def test_nowhere_is_no_place(ana, cast, place):
    message = stranger(cast)

    answer = ana.post(reverse("inbox-place", args=[message.pk]), {"place": place})

    assert answer.status_code == 422
    assert fresh(message).filed_at is None


def test_what_is_set_aside_can_be_brought_back(ana, cast):
    message = stranger(cast)

    answer = ana.post(reverse("inbox-set-aside", args=[message.pk]), follow=True)
    assert fresh(message).set_aside_at is not None
    assert "Undo" in answer.content.decode()

    ana.post(reverse("inbox-set-aside", args=[message.pk]), {"back": "1"})
    assert fresh(message).set_aside_at is None


def test_what_could_not_be_read_is_put_away_by_who_may_see_it_and_stays_as_it_came(client, ana, cast):
    [delivery] = from_mailbox(cast.ana, bytes(range(256)) * 20)
    address = reverse("delivery-putting-away", args=[delivery.pk])
    other = Client()
    other.force_login(cast.bram)

    assert other.post(address).status_code == 404
    assert "binary data" in ana.get(reverse("inbox")).content.decode()
    ana.post(address)

    assert "binary data" not in ana.get(reverse("inbox")).content.decode()
    assert ana.get(reverse("delivery-source", args=[delivery.pk])).content == bytes(range(256)) * 20


def test_what_was_opened_is_one_click_away(ana, cast):
    answer = ana.post(reverse("inbox-deal", args=[stranger(cast).pk]), follow=True).content.decode()

    deal = Deal.objects.unscoped("tests").get()
    assert f'Opened <a href="/deals/{deal.pk}/">Gutter clearance</a>.' in answer


def test_a_mailbox_may_be_dropped_on_the_inbox_itself(ana):
    page = ana.get(reverse("inbox")).content.decode()

    assert 'action="/imports/" data-drop' in page
    assert "js/drop" in page


def test_an_empty_inbox_says_that_it_is_truly_empty(ana, cast):
    message = stranger(cast)
    ana.post(reverse("inbox-set-aside", args=[message.pk]))

    assert "Everything that came in has its place" in ana.get(reverse("inbox")).content.decode()


def test_an_inbox_that_nothing_came_into_says_how_something_comes(ana):
    page = ana.get(reverse("inbox")).content.decode()

    assert "Nothing has come in yet" in page
    assert "has its place" not in page


def test_the_page_asks_the_database_as_often_for_many_as_for_few(ana, cast, django_assert_max_num_queries):
    stranger(cast)
    ana.get(reverse("inbox"))
    with django_assert_max_num_queries(40) as few:
        ana.get(reverse("inbox"))
    for number in range(8):
        from_mailbox(cast.ana, letter(f"P {number} <p{number}@tyne{number}.example>", subject=f"Gutters {number}"))
    with django_assert_max_num_queries(40) as many:
        ana.get(reverse("inbox"))

    assert len(many) == len(few)


def zipped(*raws: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, raw in enumerate(raws):
            archive.writestr(f"mail/{number}.eml", raw)
    file.seek(0)
    file.name = "mailbox.zip"
    return file


def test_a_dropped_mailbox_is_read_in_the_background_and_counted(ana, cast):
    raw = letter(subject="One")

    answer = ana.post(reverse("imports"), {"files": [zipped(raw, raw, letter(subject="Two"))]})
    job = ImportJob.objects.get()
    assert answer.url == reverse("import", args=[job.pk])
    imports.work(now)

    job.refresh_from_db()
    assert (job.read, job.recorded, job.already_known, job.parked) == (3, 2, 1, 0)
    assert "All 3 messages are read" in ana.get(answer.url).content.decode()


def test_an_import_can_be_stopped_and_goes_on(ana, cast):
    ana.post(reverse("imports"), {"files": [zipped(letter(subject="One"))]})
    job = ImportJob.objects.get()

    ana.post(reverse("import-stop", args=[job.pk]))
    assert imports.work(now) == 0
    ana.post(reverse("import-resumption", args=[job.pk]))
    assert imports.work(now) == 1

    job.refresh_from_db()
    assert job.recorded == 1


def test_somebody_else_s_import_isn_t_there(client, ana, cast):
    ana.post(reverse("imports"), {"files": [zipped(letter())]})
    job = ImportJob.objects.get()
    client.force_login(cast.bram, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(reverse("import", args=[job.pk])).status_code == 404


def answered(cast) -> Interaction:
    """A stranger's mail that Ana answered, as her mailbox brought both."""
    asked = letter("Petra Lind <petra@tyneview.example>", subject="Gutters", message_id="<1@tyneview.example>")
    answer = letter(
        "ana@lime.example", "Petra Lind <petra@tyneview.example>", "Re: Gutters", in_reply_to="<1@tyneview.example>"
    )
    both = from_mailbox(cast.ana, asked, answer, at=now())
    return Interaction.objects.unscoped("tests").get(deliveries__pk=both[1].pk)


def test_a_stranger_who_was_answered_is_one_row_and_perhaps_a_deal(ana, cast):
    answered(cast)

    page = ana.get(reverse("inbox")).content.decode()

    assert ("Perhaps a deal of yours" in page, "Couldn’t place" in page) == (True, False)
    assert "You answered somebody whom nobody here knows yet" in page
    assert page.count("data-row") == 1


def test_one_key_accepts_it_and_the_deal_is_the_mailbox_owner_s(ana, cast):
    message = answered(cast)

    ana.post(reverse("inbox-deal", args=[message.pk]))

    [deal] = Deal.objects.unscoped("tests")
    assert (deal.title, deal.owner_id, deal.stage) == ("Gutters", cast.ana.pk, "enquiry")
    assert {one.deal_id for one in Interaction.objects.unscoped("tests")} == {deal.pk}


def test_of_a_message_that_was_sent_the_other_side_is_never_recorded(ana, cast):
    message = answered(cast)

    ana.post(reverse("inbox-silence", args=[message.pk]))

    assert list(cast.ana.silenced.values_list("sender", flat=True)) == ["petra@tyneview.example"]

"""The share target: whatever another app shares is kept, goes where its kind goes, and is recorded once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from baton.capture import imports, undecided
from baton.capture.models import Delivery, ImportJob
from baton.kernel.clock import now
from baton.ledger.models import Contact, File, Interaction
from tests.capture.letters import letter
from tests.cast import Cast, fresh

pytestmark = pytest.mark.django_db
FROM_THE_SHEET = {"Sec-Fetch-Site": "none"}
CHAT = b"16/11/2026, 09:00 - Dana Whitlock: Could we start on Tuesday?\n16/11/2026, 09:01 - Ana Horvat: Yes.\n"
CARD = b"BEGIN:VCARD\nVERSION:3.0\nFN:Colin Hart\nTEL:+44 7700 900456\nEND:VCARD\n"
SHEET = b"Name,Email\nColin Hart,colin@kestrel.example\n"
PHOTO = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def cast(settings, tmp_path) -> Cast:
    settings.DATA_DIR = tmp_path
    return Cast()


@pytest.fixture
def ana(cast) -> Client:
    client = Client(headers=FROM_THE_SHEET, enforce_csrf_checks=True)
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def notes() -> list[Interaction]:
    return list(Interaction.objects.unscoped("tests").order_by("recorded_at"))


@pytest.mark.parametrize(
    ("name", "content", "channel"),
    [
        ("WhatsApp Chat with Dana.txt", CHAT, "chat"),
        ("Colin.vcf", CARD, "contacts"),
        ("Start.eml", letter(), "email"),
        ("people.csv", SHEET, "sheets"),
        ("visit.ics", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "calendar"),
    ],
)
def test_a_file_goes_to_the_import_of_its_kind(ana, cast, name, content, channel):
    answer = ana.post("/share/", {"files": [file(name, content)], "key": "k"})
    job = ImportJob.objects.get()

    assert (job.channel, job.what, job.by) == (channel, name, cast.ana)
    place = "sheets" if channel == "sheets" else "imports"
    assert ana.get(answer.url).url == f"/{place}/{job.pk}/"


def test_a_contact_card_becomes_a_contact(ana, cast):
    ana.post("/share/", {"files": [file("Colin.vcf", CARD, "text/x-vcard")], "key": "k"})

    imports.work(now)

    assert Contact.objects.visible_to(cast.ana).get().name == "Colin Hart"


def test_a_photo_is_kept_first_and_then_asked_whose_it_is(ana, cast):
    deal = cast.deal()

    answer = ana.post("/share/", {"files": [file("roof.jpg", PHOTO, "image/jpeg")], "title": "The roof", "key": "k"})
    page = ana.get(answer.url).content.decode()
    [note] = notes()
    ana.post(f"/inbox/{note.pk}/place/", {"place": f"deal:{deal.pk}", "csrfmiddlewaretoken": token(ana)})

    assert "The roof" in page
    assert f'value="deal:{deal.pk}"' in page
    assert File.objects.visible_to(cast.ana).get().name == "roof.jpg"
    assert fresh(note).deal_id == deal.pk


def token(client: Client) -> str:
    page = client.get("/quick/").content.decode()
    return page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def test_words_that_name_a_customer_go_to_their_deal_and_promise_nothing_by_themselves(ana, cast):
    company = cast.company()
    deal = cast.deal(contact=cast.contact(company=company), company=company)

    ana.post("/share/", {"text": "Dana Whitlock: we need the quote by Friday, about 12k", "key": "k"})

    [note] = notes()
    assert (note.deal_id, fresh(deal).amount) == (deal.pk, None)


def test_what_is_shared_is_the_member_s_own_until_it_is_filed(ana, cast):
    ana.post("/share/", {"text": "Something private", "key": "k"})

    [note] = notes()
    assert Interaction.objects.visible_to(cast.ana).filter(pk=note.pk).exists()
    assert not Interaction.objects.visible_to(cast.bram).filter(pk=note.pk).exists()


def test_the_same_share_sent_again_is_recorded_once_and_answered_as_before(ana, cast):
    sent = {"title": "Roof", "key": "k", "typed_at": "2026-11-16T09:00:00Z"}

    answers = [ana.post("/share/", sent | {"files": [file("roof.jpg", PHOTO), file("a.vcf", CARD)]}) for _ in range(3)]

    assert {answer.url for answer in answers} == {"/share/k/"}
    assert (len(notes()), ImportJob.objects.count()) == (1, 1)
    assert notes()[0].happened_at.isoformat() == "2026-11-16T09:00:00+00:00"


def test_one_member_s_key_is_nothing_to_another(ana, cast):
    ana.post("/share/", {"text": "Ana’s own", "key": "k"})
    bram = Client(headers=FROM_THE_SHEET)
    bram.force_login(cast.bram)

    assert bram.get("/share/k/").status_code == 404


def test_a_chat_and_its_media_are_one_chat(ana, cast):
    text = b"16/11/2026, 09:00 - Dana Whitlock: IMG-1.jpg (file attached)\n"
    ana.post("/share/", {"files": [file("WhatsApp Chat with Dana.txt", text), file("IMG-1.jpg", PHOTO)], "key": "k"})

    assert (ImportJob.objects.get().what, notes()) == ("WhatsApp Chat with Dana.zip", [])


def test_no_page_of_another_site_shares_for_somebody(cast, ana):
    for began in ("cross-site", "same-site"):
        answer = ana.post("/share/", {"text": "Not mine"}, headers={"Sec-Fetch-Site": began})
        assert answer.status_code == 422
    silent = Client(enforce_csrf_checks=True)
    silent.force_login(cast.ana)

    assert silent.post("/share/", {"text": "Not mine"}).status_code == 422
    assert notes() == []


def test_who_may_only_read_is_told_so(cast):
    rita = Client(headers=FROM_THE_SHEET)
    rita.force_login(cast.rita)

    assert rita.post("/share/", {"text": "A note"}).status_code == 403
    assert Delivery.objects.unscoped("tests").count() == 0


def test_nothing_at_all_is_said(ana):
    assert ana.post("/share/", {"key": "k"}).status_code == 422


def test_a_file_that_can_t_be_read_is_kept_and_says_why(ana):
    answer = ana.post("/share/", {"files": [file("broken.xlsx", b"PK no sheet")], "key": "k"})

    kept = Delivery.objects.unscoped("tests").get(channel="pocket")
    assert kept.state == "parked"
    assert kept.because in ana.get(answer.url).content.decode().replace("&#x27;", "'").replace("&quot;", '"')


class TestBeforeSigningIn:
    """What is shared waits for its browser, is seen by nobody, and is gone within a day."""

    def test_it_is_recorded_after_signing_in(self, cast):
        phone = Client(headers=FROM_THE_SHEET)

        away = phone.post("/share/", {"text": "Call Dana", "files": [file("roof.jpg", PHOTO)]})
        phone.force_login(cast.ana)
        answer = phone.get("/share/")

        assert away.url == "/account/login/?next=/share/"
        assert answer.url.startswith("/share/")
        assert [note.from_name for note in notes()] == ["Ana Horvat"]
        assert File.objects.visible_to(cast.ana).get().name == "roof.jpg"
        assert Delivery.objects.unscoped("tests").held().count() == 0

    def test_another_browser_finds_nothing(self, cast):
        Client(headers=FROM_THE_SHEET).post("/share/", {"text": "Call Dana"})
        other = Client()
        other.force_login(cast.bram)

        other.get("/share/")

        assert notes() == []

    def test_what_nobody_came_back_for_is_let_go_within_a_day(self, cast):
        phone = Client(headers=FROM_THE_SHEET)
        phone.post("/share/", {"text": "Call Dana"})

        undecided.sweep(now() + undecided.HELD_FOR)
        phone.force_login(cast.ana)
        page = phone.get("/share/")

        assert (page.status_code, Delivery.objects.unscoped("tests").count()) == (200, 0)

    def test_a_stranger_leaves_no_more_than_twenty_an_hour(self, cast):
        phone = Client(headers=FROM_THE_SHEET)

        answers = [phone.post("/share/", {"text": f"Number {n}"}).status_code for n in range(21)]

        assert answers == [302] * 20 + [422]

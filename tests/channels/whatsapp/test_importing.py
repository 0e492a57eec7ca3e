"""An exported chat is brought in once, however often it is exported again, and is its member's until it is filed."""

import json
import threading
from io import StringIO

import pytest
from django.core.management import call_command

from baton.capture import following, imports, inbox
from baton.capture.models import Delivery
from baton.channels.whatsapp import importing
from baton.ledger.models import Contact, File, Interaction
from tests.cast import HOUR, MONDAY, Cast
from tests.channels.telephones import recorded, with_phone, words_of

pytestmark = pytest.mark.django_db
CHAT = """\
12/11/2026, 09:00 - Messages and calls are end-to-end encrypted. Tap to learn more.
12/11/2026, 09:01 - Dana Whitlock: Good morning, is the lift booked?
12/11/2026, 09:02 - Ana Horvat: Yes, for Thursday
12/11/2026, 09:02 - Dana Whitlock: Ok
12/11/2026, 09:02 - Dana Whitlock: Ok
"""
LATER = "13/11/2026, 16:40 - Dana Whitlock: Could you send the quote by Friday?\n"


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def bring(cast, tmp_path, text, name="WhatsApp Chat with Dana Whitlock.txt", by=None):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    job = importing.start([str(path)], by=by or cast.ana, at=MONDAY)
    imports.run(job, lambda: MONDAY, lambda one: None, threading.Event())
    return job.read, job.recorded, job.already_known, job.parked


def test_each_message_is_recorded_with_its_sender_and_time(cast, deal, tmp_path):
    counts = bring(cast, tmp_path, CHAT)

    assert counts == (5, 5, 0, 0)
    said = [(one.direction, words_of(one), f"{one.happened_at:%H:%M}") for one in recorded() if not one.automatic]
    assert said == [
        ("in", "Good morning, is the lift booked?", "09:01"),
        ("out", "Yes, for Thursday", "09:02"),
        ("in", "Ok", "09:02"),
        ("in", "Ok", "09:02"),
    ]


def test_a_chat_with_a_known_contact_stands_on_their_deal_and_opens_no_duty(cast, deal, tmp_path):
    bring(cast, tmp_path, CHAT)

    rows = [one for one in recorded() if not one.automatic]
    assert {(one.deal_id, one.thread, one.live) for one in rows} == {(deal.pk, rows[0].thread, False)}


def test_the_same_export_again_and_a_longer_one_record_only_what_is_new(cast, deal, tmp_path):
    bring(cast, tmp_path, CHAT)

    again, longer = bring(cast, tmp_path, CHAT), bring(cast, tmp_path, CHAT + LATER, "_chat.txt")

    assert (again, longer) == ((5, 0, 5, 0), (6, 1, 5, 0))
    assert len({one.thread for one in recorded()}) == 1


def test_an_export_that_begins_later_is_still_the_same_chat(cast, deal, tmp_path):
    bring(cast, tmp_path, CHAT + LATER)

    counts = bring(cast, tmp_path, "".join((CHAT + LATER).splitlines(keepends=True)[2:]))

    assert counts == (4, 0, 4, 0)


def test_a_number_that_became_a_name_doubles_nothing(cast, deal, tmp_path):
    bring(cast, tmp_path, CHAT.replace("Dana Whitlock", "+44 7700 900123"), "a.txt")

    assert bring(cast, tmp_path, CHAT + LATER, "b.txt") == (6, 1, 5, 0)


def test_a_number_is_filed_by_number(cast, deal, tmp_path):
    with_phone(cast, contact_of(deal), "07700 900123")

    bring(cast, tmp_path, CHAT.replace("Dana Whitlock", "+44 7700 900123"), "a.txt")

    assert {one.deal_id for one in recorded() if not one.automatic} == {deal.pk}


def contact_of(deal):
    return Contact.objects.unscoped("tests").get(pk=deal.contact_id)


def test_a_colleague_sees_nothing_of_it_before_it_is_filed(cast, tmp_path):
    bring(cast, tmp_path, CHAT)

    seen = {who: Interaction.objects.visible_to(getattr(cast, who)).count() for who in ("ana", "bram", "tomas")}

    assert seen == {"ana": 5, "bram": 0, "tomas": 0}


def test_a_chat_of_strangers_stands_in_the_inbox_once_and_is_filed_as_a_whole(cast, deal, tmp_path):
    bring(cast, tmp_path, CHAT.replace("Dana Whitlock", "Dee"))
    [face] = inbox.waiting(cast.ana)

    inbox.file(face, by=cast.ana, at=MONDAY + HOUR, deal=deal)

    assert list(inbox.waiting(cast.ana)) == []
    assert {one.deal_id for one in recorded() if not one.automatic} == {deal.pk}


def test_the_rest_of_a_long_chat_follows_where_its_first_lines_were_filed(cast, deal, tmp_path):
    lines = "".join(f"12/11/2026, 10:{n % 60:02} - Dee: line {n} of a long chat\n" for n in range(230))
    bring(cast, tmp_path, CHAT.replace("Dana Whitlock", "Dee") + lines)
    inbox.file(inbox.waiting(cast.ana)[0], by=cast.ana, at=MONDAY + HOUR, deal=deal)
    before = sum(one.deal_id is None for one in recorded())

    while following.follow(MONDAY + HOUR):
        pass

    assert before > 0
    assert {one.deal_id for one in recorded()} == {deal.pk}


def test_a_group_is_never_filed_by_itself(cast, deal, tmp_path):
    bring(cast, tmp_path, CHAT + "12/11/2026, 09:03 - Luke: Hello all, it is me\n")

    assert {one.deal_id for one in recorded()} == {None}


def test_the_same_words_in_another_chat_are_another_message(cast, tmp_path):
    bring(cast, tmp_path, CHAT)

    other = CHAT.replace("Dana Whitlock", "Luke").replace("is the lift booked", "are you there")
    other = other.replace("Thursday", "you")

    assert bring(cast, tmp_path, other, "WhatsApp Chat with Luke.txt") == (5, 5, 0, 0)


def test_the_command_answers_with_the_contract_of_all_imports_and_brings_the_files(cast, shared):
    path = next((shared / "whatsapp/exports/ios-zip-with-media").glob("*.zip"))
    out = StringIO()

    call_command("import", "chat", str(path), "--as", "ana@lime.example", "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert {name: told[name] for name in ("read", "recorded", "already_known", "parked")} == {
        "read": 52, "recorded": 52, "already_known": 0, "parked": 0,
    }  # fmt: skip
    assert sorted(File.objects.unscoped("tests").values_list("name", flat=True))[0].startswith("00000001-PHOTO")
    assert File.objects.unscoped("tests").count() == 4


def test_what_is_no_chat_is_parked_with_the_reason(cast, tmp_path):
    assert bring(cast, tmp_path, "nothing of the kind", "x.txt") == (1, 0, 0, 1)

    [delivery] = Delivery.objects.unscoped("tests")
    assert (delivery.state, delivery.because) == ("parked", "x.txt: It isn’t a chat that WhatsApp exported.")

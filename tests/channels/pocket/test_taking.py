"""What a phone hands over: packed without loss, sorted by what it is, and recorded though a process died over it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Delivery, ImportJob
from baton.capture.reading import read_waiting
from baton.capture.untrusted import Unreadable
from baton.channels.pocket import taking
from baton.channels.pocket.packing import Held, packed, unpacked
from baton.channels.pocket.sorting import kind_of, sorted_out
from baton.channels.pocket.taking import Parcel, take_in
from baton.kernel.claims import LEASE
from baton.kernel.verdict import Refusal
from baton.ledger.models import File, Interaction
from tests.cast import HOUR, MONDAY, Cast

PHOTO = Held("roof.jpg", "image/jpeg", b"\xff\xd8 a picture\nof a roof")
CARD = Held("Colin.vcf", "text/x-vcard", b"BEGIN:VCARD\nVERSION:3.0\nFN:Colin Hart\nEND:VCARD\n")


@given(some.text(), some.lists(some.binary(max_size=50), max_size=4))
def test_words_and_files_come_out_as_they_went_in(words, contents):
    files = [Held(f"{n}", "x/y", content) for n, content in enumerate(contents)]

    assert unpacked(packed({"line": words}, files)) == ({"line": words}, files)


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]\n", b'{"files": [{"name": "a", "type": "b", "size": 9}]}\nabc', b"\xff"]
)
def test_anything_else_is_said_to_be_unreadable(raw):
    with pytest.raises(Unreadable):
        unpacked(raw)


@pytest.mark.parametrize(
    ("name", "kind", "content", "what"),
    [
        ("Chat.txt", "text/plain", b"16/11/2026, 09:00 - Dana: Hello\n16/11/2026, 09:01 - Ana: Yes\n", "chat"),
        ("notes.txt", "text/plain", b"Bring the ladder", "line"),
        ("Dana.vcf", "application/octet-stream", CARD.content, "contacts"),
        ("Dana", "text/x-vcard", CARD.content, "contacts"),
        ("Dana", "", b"begin:vcard\nFN:Dana", "contacts"),
        ("Start.eml", "message/rfc822", b"From: a@b.example\n\nHi", "mail"),
        ("box.zip", "application/zip", b"PK nothing", "mail"),
        ("pipeline.xlsx", "", b"PK", "sheet"),
        ("roof.jpg", "image/jpeg", b"\xff\xd8", "line"),
        ("note.m4a", "audio/mp4", b"ftyp", "line"),
        ("quote.pdf", "application/pdf", b"%PDF-1.4", "line"),
    ],
)
def test_a_file_is_known_by_its_name_its_type_or_how_it_begins(name, kind, content, what):
    assert kind_of(Held(name, kind, content)) == what


def test_a_title_that_is_in_the_text_is_said_once():
    [parcel] = sorted_out(["A page", "A page of theirs https://marlowe.example/", "https://marlowe.example/"], [])

    assert parcel.line == "A page of theirs https://marlowe.example/"


@pytest.fixture
def cast(db, settings, tmp_path) -> Cast:
    settings.DATA_DIR = tmp_path
    return Cast()


def incoming(cast: Cast, parcel: Parcel) -> Incoming:
    return taking._incoming(parcel, 0, "k", cast.ana, MONDAY)


@pytest.mark.parametrize(
    "parcel", [Parcel("line", [PHOTO], "The roof"), Parcel("contacts", [CARD])], ids=["line", "card"]
)
def test_what_was_kept_when_the_process_died_is_done_by_the_loop(cast, parcel):
    ingest_many([incoming(cast, parcel)], at=MONDAY, lease=LEASE)

    early, later = read_waiting(MONDAY), read_waiting(MONDAY + HOUR)
    take_in([parcel], key="k", by=cast.ana, typed_at=MONDAY, at=MONDAY + HOUR)

    assert (early, later) == (0, 1)
    assert Delivery.objects.unscoped("tests").get().state == "read"
    assert Interaction.objects.unscoped("tests").count() + ImportJob.objects.count() == 1


def test_a_line_with_a_photo_stands_on_the_deal_that_it_was_typed_on(cast):
    deal = cast.deal()

    [delivery] = take_in(
        [Parcel("line", [PHOTO], "The roof", deal=deal.pk)], key="k", by=cast.ana, typed_at=MONDAY, at=MONDAY
    )

    note = Interaction.objects.unscoped("tests").get()
    assert (note.deal_id, delivery.interaction_id) == (deal.pk, note.pk)
    assert [file.name for file in File.objects.visible_to(cast.bram)] == ["roof.jpg"]


def test_who_may_only_read_hands_nothing_over(cast):
    with pytest.raises(Refusal):
        take_in([Parcel("line", [PHOTO])], key="k", by=cast.rita, typed_at=MONDAY, at=MONDAY)

    assert Delivery.objects.unscoped("tests").count() == 0

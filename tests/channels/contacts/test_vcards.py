"""vCards of every version and the tables of address books, as programs really write them."""

import tarfile

import pytest

from baton.capture.untrusted import Unreadable
from baton.channels.contacts.card import Labelled, Place
from baton.channels.contacts.reading import read_cards
from baton.channels.contacts.writing import VERSIONS, written


@pytest.fixture(scope="module")
def samples(shared):
    """File name → its bytes, of everything in the two archives."""
    found = {}
    for name in ("vcards.tar.xz", "csv-imports-with-expected-vcf.tar.xz"):
        with tarfile.open(shared / "contacts" / name) as archive:
            found |= {m.name.rpartition("/")[2]: archive.extractfile(m).read() for m in archive if m.isfile()}
    return found


EXPECTED = {"gmail.vcf", "outlook.vcf", "email.vcf"}


def test_every_card_of_the_samples_is_read_and_none_besides(samples):
    cards = [
        c for name, raw in samples.items() if name.endswith(".vcf") and name not in EXPECTED for c in read_cards(raw)
    ]

    versions = [card.version for card in cards]
    assert len(cards) == 39
    assert {one: versions.count(one) for one in set(versions)} == {"2.1": 13, "3.0": 21, "4.0": 5}
    assert [card.name for card in cards if card.problem] == ["", ""]


def test_the_tables_of_google_and_outlook_become_the_cards_that_they_must(samples):
    for name in ("gmail", "outlook", "email"):
        read, wanted = read_cards(samples[f"{name}.csv"]), read_cards(samples[f"{name}.vcf"])
        assert [told(card) for card in read] == [told(card) for card in wanted]


def told(card):
    """Return what a card says of whom, without the words that each format has for what an address is for."""
    parts = (card.name, card.given, card.middle, card.family, card.prefix, card.suffix, card.nickname)
    places = [(p.street, p.city, p.region, p.code, p.country) for p in card.places]
    lists = [[one.value for one in several] for several in (card.emails, card.phones, card.urls)]
    return (*parts, card.organisation, card.job, card.birthday, card.note, sorted(card.groups), lists, places)


def one(samples, name, at=0):
    return read_cards(samples[name])[at]


def test_quoted_printable_goes_on_over_soft_breaks(samples):
    note = one(samples, "outlook-2003.vcf").note

    assert note.splitlines() == ["This is the note field!!", "Second line", "", "Third line is empty"]
    assert one(samples, "John_Doe_ANDROID.vcf", 3).name == "Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ"


def test_character_sets_are_read_as_they_are_named_or_marked(samples):
    assert one(samples, "johndoe.vcf").family == "Doë"
    assert one(samples, "utf-16_sample.vcf").name == "Ǽgean ĽdaMonté"


def test_apple_s_own_labels_are_plain_words(samples):
    card = one(samples, "John_Doe_IPHONE.vcf")

    assert card.urls == (Labelled("http://www.ibm.com", "HomePage"),)
    assert card.phones[-1] == Labelled("905-222-1234", "AssistantPhone")


def test_a_card_inside_a_card_is_nobody_of_this_book(samples):
    card = one(samples, "vcard3.vcf")
    inner = b"BEGIN:VCARD\nFN:Assistant\nTEL:1234\nEND:VCARD\n"
    nested = b"BEGIN:VCARD\nVERSION:2.1\nFN:Dana\nAGENT:\n" + inner + b"TEL:5678\nEND:VCARD\n"

    assert "sthomas@host.com" not in [each.value for each in card.emails]
    assert [(c.name, [p.value for p in c.phones]) for c in read_cards(nested)] == [("Dana", ["5678"])]


def test_a_company_s_own_card_is_a_company(samples):
    assert one(samples, "apple.vcf").is_organisation
    assert not one(samples, "rfc2426-example.vcf").is_organisation


def test_a_value_s_semicolons_and_commas_are_its_own(samples):
    card = one(samples, "vcard3.vcf")

    assert (card.organisation, card.department) == ("ABC, Inc.", "North American Division, Marketing")
    assert card.places == (Place("123 Main Street", "Any Town", "CA", "91921-1234", label="home"),)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_written_is_read_again_the_same(samples, version):
    cards = [card for name in samples if name.endswith(".vcf") for card in read_cards(samples[name]) if card.name]

    again = read_cards(written(cards, version))

    assert [plainly(card) for card in again] == [plainly(card) for card in cards]


def plainly(card):
    return (
        " ".join(card.name.split()), card.family, card.given, card.organisation, card.job,
        [each.value for each in card.emails], [each.value for each in card.phones], card.note.replace("\r\n", "\n"),
    )  # fmt: skip


def test_lines_are_folded_between_letters_and_never_longer_than_75_octets(samples):
    lines = written(read_cards(samples["John_Doe_ANDROID.vcf"])).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()


def test_a_name_can_begin_no_line_of_its_own():
    (card,) = read_cards(b"BEGIN:VCARD\nFN:Eve\\nTEL:666\nEND:VCARD\n")

    assert read_cards(written([card]))[0].phones == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 50,
        b"just words\nand more\n",
        b"BEGIN:VCARD\n" * 10_000,
        b"a,b,c\n1,2,3\n",
        b'Name,E-mail\n"' + b"x" * 200_000,
    ],
    ids=["empty", "bytes", "prose", "nested", "other table", "endless cell"],
)
def test_what_is_no_address_book_is_refused_with_a_sentence(raw):
    with pytest.raises(Unreadable) as refused:
        read_cards(raw)

    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "line", [b";" * 300_000, b'N;"' * 100_000, b"A" * 1_000_000, b"N:" + b"\\" * 500_000], ids=range(4)
)
def test_hostile_lines_take_no_longer_than_long_ones(line):
    assert len(read_cards(b"BEGIN:VCARD\nFN:Eve\n" + line + b"\nEND:VCARD\n")) == 1

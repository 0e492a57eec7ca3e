"""Search: any beginning of a word, newest first, and nothing that the member may not see."""

from datetime import timedelta

import pytest

from baton.ledger import search
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.models import Interaction, SearchEntry
from baton.ledger.recording import record
from tests.cast import HOUR, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def titles(member, text, **more):
    return [hit.title for hit in search.find(member, text, **more)]


def mail(subject, text="", at=MONDAY, filed=None, holders=(), **more):
    one = NewInteraction(
        "email",
        "in",
        "email",
        at,
        subject=subject,
        text=text,
        filed=filed,
        holders=tuple(m.pk for m in holders),
        **more,
    )
    record(interactions=[one], by=Author(None, "email"), at=at)
    return one.id


def on(deal, audience="full"):
    return {"deal": str(deal.pk), "contact": None, "company": None, "audience": audience}


@pytest.mark.parametrize("typed", ["qu", "quay", "Quayside", "tow", "quayside tower", "TOWER quay", "  tower , q "])
def test_a_deal_is_found_by_the_beginnings_of_its_words(cast, deal, typed):
    assert titles(cast.ana, typed, kinds=["deal"]) == ["Quayside Tower"]


@pytest.mark.parametrize("typed", ["", " ", "q", "?", "ayside", "quayside bridge", "quaysidee"])
def test_what_begins_no_word_finds_nothing(cast, deal, typed):
    assert titles(cast.ana, typed) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Ivana Đurić", "duric"), ("Ivana Đurić", "Đur"), ("Lange Straße 5", "strasse"), ("Łukasz Żak", "lukasz zak")],
)
def test_letters_are_found_without_their_accents(cast, name, typed):
    cast.contact(name, "someone@else.example")

    assert titles(cast.ana, typed) == [name]


def test_contacts_and_companies_are_found_by_address_phone_and_company(cast):
    company = cast.company("Marlowe", "marlowe.example")
    contact = cast.contact("Dana Whitlock", "dana@marlowe.example", company)
    cast.tell("contact", contact.pk, at=TUESDAY, phones=["+44 20 7946 0000"])

    found = {typed: titles(cast.ana, typed) for typed in ("dana@marlowe.example", "442079460000", "7946", "dana marl")}

    assert found == {typed: ["Dana Whitlock"] for typed in found}


def test_interactions_come_newest_first_by_when_they_happened_however_late_they_came(cast, deal):
    mail("Invoice three", at=MONDAY + 3 * HOUR, filed=on(deal))
    mail("Invoice one", at=MONDAY - timedelta(days=400), filed=on(deal))
    mail("Invoice two", at=MONDAY, filed=on(deal))

    assert titles(cast.ana, "inv") == ["Invoice three", "Invoice two", "Invoice one"]


def test_the_oldest_match_is_found_behind_hundreds_of_newer_mails(cast, deal):
    mail("The zebrafinch", at=MONDAY - timedelta(days=900), filed=on(deal))
    news = [
        NewInteraction("email", "in", "email", MONDAY + i * HOUR, subject="There", filed=on(deal)) for i in range(300)
    ]
    record(interactions=news, by=Author(None, "email"), at=TUESDAY)

    assert titles(cast.ana, "the zeb") == ["The zebrafinch"]
    assert titles(cast.ana, "the", limit=500)[-1] == "The zebrafinch"


def test_many_records_of_one_moment_are_all_found(cast, deal):
    same = [NewInteraction("note", "internal", "quick", MONDAY, subject="Roof", filed=on(deal)) for _ in range(700)]
    record(interactions=same, by=Author(None, "quick"), at=MONDAY)

    assert len(search.find(cast.ana, "roof", limit=1000)) == 700
    assert SearchEntry.objects.filter(kind="interaction").count() == 700


def test_a_renamed_record_is_found_by_its_new_name_alone(cast, deal):
    cast.tell("deal", deal.pk, at=TUESDAY, title="Harbour Lights")

    assert titles(cast.ana, "harbour lig", kinds=["deal"]) == ["Harbour Lights"]
    assert titles(cast.ana, "quayside", kinds=["deal"]) == []


def test_a_renamed_company_renames_what_its_deals_and_people_are_found_by(cast, deal):
    cast.tell("company", deal.company_id, at=TUESDAY, name="Ferris")

    assert sorted(titles(cast.ana, "ferris")) == ["Dana Whitlock", "Ferris", "Quayside Tower"]
    assert titles(cast.ana, "marlowe", kinds=["deal"]) == []


def test_the_map_s_own_fields_are_found(cast, deal):
    cast.tell("deal", deal.pk, at=TUESDAY, scope="Glass dome, outside only")

    assert titles(cast.ana, "dome") == ["Quayside Tower"]


def test_what_was_only_suggested_is_not_found(cast, deal):
    from baton.ledger.entries import Entry

    record([Entry("deal", deal.pk, "scope", "Helipad", status="suggested")], by=Author(None, "email"), at=TUESDAY)

    assert titles(cast.ana, "helipad") == []


def test_files_are_found_by_name(cast, deal):
    mail(
        "As discussed", filed=on(deal), files=(("Riskassessment-dome.pdf", "application/pdf", 9, "0" * 64, False, ""),)
    )

    assert titles(cast.ana, "riskas") == ["As discussed"]


def test_only_the_first_of_a_thread_is_found_by_what_it_quotes(cast, deal):
    first = mail("Fwd", quoted="the heliport", filed=on(deal))
    mail("Re: Fwd", quoted="the heliport", thread=first, filed=on(deal))

    assert titles(cast.ana, "heliport") == ["Fwd"]


def test_private_mail_is_found_by_its_holder_alone(cast, deal):
    mail("Salary talk", "the canary sings", holders=[cast.ana])

    assert titles(cast.ana, "canary") == ["Salary talk"]
    assert [titles(who, word) for who in (cast.bram, cast.tomas) for word in ("canary", "salary")] == [[]] * 4


def test_mail_of_which_others_see_the_subject_is_found_by_its_subject_alone(cast, deal):
    mail("Salary talk", "the canary sings", holders=[cast.ana], filed=on(deal, "subject"))

    assert titles(cast.ana, "canary salary") == ["Salary talk"]
    assert titles(cast.bram, "salary") == ["Salary talk"]
    assert titles(cast.bram, "canary") == titles(cast.bram, "salary canary") == []
    assert [hit.excerpt for hit in search.find(cast.bram, "salary")] == [[]]


def test_filing_and_sharing_change_who_finds_it(cast, deal):
    key = mail("Salary talk", "the canary sings", holders=[cast.ana])

    cast.tell("interaction", key, by=cast.ana, at=MONDAY + HOUR, filed=on(deal, "subject"))
    assert (titles(cast.bram, "salary"), titles(cast.bram, "canary")) == (["Salary talk"], [])
    cast.tell("interaction", key, by=cast.ana, at=MONDAY + 2 * HOUR, audience="full")
    assert titles(cast.bram, "canary") == ["Salary talk"]
    cast.tell("interaction", key, by=cast.ana, at=MONDAY + 3 * HOUR, audience="private")
    assert (titles(cast.bram, "salary"), titles(cast.bram, "canary")) == ([], [])
    assert titles(cast.ana, "canary") == ["Salary talk"]


@pytest.mark.parametrize("few", [200, 0], ids=["own deals named", "own deals walked"])
def test_where_deals_are_the_desk_s_own_another_team_s_words_are_not_found(few, monkeypatch):
    monkeypatch.setattr("baton.ledger.search.finding.FEW_DEALS", few)
    own_desk = Cast("own")
    theirs = own_desk.deal("Canary Wharf", owner=own_desk.bram, desk="operations")
    mail("Wharf keys", "canary", filed=on(theirs))
    mine = own_desk.deal("Castle Wharf", owner=own_desk.mia, desk="intake")
    mail("Wharf gate", "castle", filed=on(mine))

    assert titles(own_desk.mia, "canary") == []
    assert sorted(titles(own_desk.mia, "wharf")) == ["Castle Wharf", "Wharf gate"]
    assert sorted(titles(own_desk.tomas, "wharf")) == ["Canary Wharf", "Castle Wharf", "Wharf gate", "Wharf keys"]


def test_an_index_that_lags_behind_shows_nothing_it_should_not(cast, deal):
    key = mail("Salary talk", "the canary sings", holders=[cast.ana], filed=on(deal))
    Interaction.objects.unscoped("tests").filter(pk=key).update(audience="private")

    assert titles(cast.bram, "canary") == []


def test_an_excerpt_shows_where_it_was_found_and_marks_it(cast, deal):
    mail("Keys", "Hello. " * 30 + "The key holder is Đurić, ask her first. " + "Bye. " * 50, filed=on(deal))

    [hit] = search.find(cast.ana, "duric key")

    assert [piece.text for piece in hit.excerpt if piece.matched] == ["key", "Đurić"]
    assert "".join(piece.text for piece in hit.excerpt).startswith("… ")


def test_a_rebuilt_index_finds_the_same(cast, deal):
    mail("Salary talk", "the canary sings", holders=[cast.ana], filed=on(deal, "subject"))
    asked = [(who, word) for who in (cast.ana, cast.bram) for word in ("canary", "salary", "quay", "dana", "marl")]
    before = [titles(*ask) for ask in asked]

    count = search.rebuild()

    assert count == 4
    assert [titles(*ask) for ask in asked] == before


def test_searching_reads_the_same_number_of_rows_of_queries_however_much_there_is(
    cast, deal, django_assert_max_num_queries
):
    news = [
        NewInteraction("email", "in", "email", MONDAY + i * HOUR, subject=f"There {i}", text="words", filed=on(deal))
        for i in range(400)
    ]
    record(interactions=news, by=Author(None, "email"), at=TUESDAY)

    with django_assert_max_num_queries(6):
        assert len(search.find(cast.ana, "the")) == 20


@pytest.mark.parametrize(
    "typed", ['"', "' OR 1=1 --", "NEAR(a b)", "tokens:x", "a* OR b*", "%s @ \\ :*", "\x00quay", "*", "()"]
)
def test_what_is_typed_is_never_a_command(cast, deal, typed):
    search.find(cast.ana, typed)

    assert titles(cast.ana, "quay", kinds=["deal"]) == ["Quayside Tower"]


def test_unknown_kinds_find_nothing(cast, deal):
    assert titles(cast.ana, "quay", kinds=["secrets"]) == []


def test_a_step_of_tidying_leaves_everything_to_be_found(cast, deal):
    for hour in range(6):
        cast.tell("deal", deal.pk, at=TUESDAY + hour * HOUR, title=f"Name {hour}")

    while search.tidy():
        pass

    assert (titles(cast.ana, "name", kinds=["deal"]), titles(cast.ana, "quay", kinds=["deal"])) == (["Name 5"], [])

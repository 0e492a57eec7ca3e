"""Two records that turned out to be one: nothing is lost, everything leads to the one that is kept, all is undone."""

from uuid import UUID

import pytest

from baton.kernel.verdict import Refusal
from baton.ledger import search
from baton.ledger.entries import Author, Entry, said
from baton.ledger.merging import keep_apart, merge, merged_from, undo
from baton.ledger.models import Address, Company, Contact, Deal, DealState, Event, FieldIndex, Interaction
from baton.ledger.queries import contacts_list
from baton.ledger.recording import record
from baton.work.checking import check
from baton.work.models import Duty, Promise
from baton.work.promises import make
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def twins(cast):
    """Dana, known twice: each with deals, mail, a promise and a duty of their own."""
    marlowe = cast.company()
    dana = cast.contact("Dana Whitlock", "dana@marlowe.example", marlowe)
    double = cast.contact("D. Whitlock", "d.whitlock@gmail.com")
    cast.tell("contact", dana.pk, phones=["+44 20 7946 0991"])
    cast.tell("contact", double.pk, phones=["+44 7700 900123"], job="Facilities manager")
    cast.deal("Quayside", contact=dana, company=marlowe)
    cast.other = cast.deal("Lime Street", contact=double)
    cast.mail(cast.other, at=MONDAY + HOUR)
    filed = {"contact": str(double.pk), "audience": "full"}
    loose = cast.mail(None, at=TUESDAY)
    record([Entry("interaction", loose.pk, "filed", filed)], by=Author(None, "email"), at=TUESDAY)
    make(cast.other, "call back", by=cast.ana, at=TUESDAY, due_at=WEDNESDAY)
    return row(Contact, dana), row(Contact, double)


def row(model, one):
    return model.objects.unscoped("tests").get(pk=getattr(one, "pk", one))


DERIVED = [Company, Contact, Deal, Interaction, Event, DealState, Promise, Duty, Address, FieldIndex]


def everything(*, apart_from=()):
    """Return all that is derived, so that before and after can be compared; the database's own numbers are left out."""
    state = {}
    for model in DERIVED:
        rows = model.objects.unscoped("tests") if hasattr(model.objects, "unscoped") else model.objects.all()
        names = [f.attname for f in model._meta.concrete_fields if f is not model._meta.auto_field]
        found = [tuple(str(getattr(one, name)) for name in names) for one in rows if one.pk not in apart_from]
        state[model.__name__] = sorted(found)
    return state


def test_everything_that_led_to_the_one_leads_to_the_other(cast, twins):
    dana, double = twins

    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)

    assert {one.contact_id for one in Deal.objects.unscoped("tests")} == {dana.pk}
    assert {one.contact_id for one in Interaction.objects.unscoped("tests")} <= {dana.pk, None}
    assert {one.contact_id for one in Promise.objects.unscoped("tests")} == {dana.pk}
    assert not Event.objects.unscoped("tests").filter(contact=double.pk).exists()
    assert not Duty.objects.unscoped("tests").filter(contact=double.pk).exclude(state="withdrawn").exists()
    assert row(Contact, dana).last_heard_at == TUESDAY


def test_the_kept_record_shows_what_only_the_other_knew(cast, twins):
    dana, double = twins

    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)

    kept = row(Contact, dana)
    assert kept.name == "Dana Whitlock"
    assert kept.job == "Facilities manager"
    assert kept.values["emails"]["v"] == ["dana@marlowe.example", "d.whitlock@gmail.com"]
    assert kept.values["phones"]["v"] == ["+44 20 7946 0991", "+44 7700 900123"]
    assert [one["v"] for one in kept.values["name"]["also"]] == ["D. Whitlock"]
    assert set(Address.objects.filter(contact=dana.pk).values_list("value", flat=True)) == {
        "dana@marlowe.example", "d.whitlock@gmail.com", "+442079460991", "+447700900123",
    }  # fmt: skip
    assert not Address.objects.filter(contact=double.pk).exists()


def test_the_rebuild_finds_the_merge_as_it_stands(cast, twins):
    dana, double = twins

    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)

    assert check().differences == []


def test_undoing_leaves_everything_as_it_was(cast, twins):
    dana, double = twins
    before = everything(apart_from={double.pk})
    was = row(Contact, double)

    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)
    undo("contact", double.pk, by=cast.ana, at=WEDNESDAY + HOUR)

    now = row(Contact, double)
    told = {f.attname for f in Contact._meta.concrete_fields} - {"version", "head", "touched_at", "values"}
    after = everything(apart_from={double.pk})
    after["Event"] = [one for one in after["Event"] if "merged_into" not in one]
    assert after == before
    assert {name: getattr(now, name) for name in told} == {name: getattr(was, name) for name in told}
    assert {k: v for k, v in now.values.items() if k != "merged_into"} == was.values
    assert check().differences == []


def test_a_chain_of_merges_comes_apart_in_the_middle(cast, twins):
    dana, double = twins
    third = cast.contact("Whitlock, Dana", "office@whitlock.example")
    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)
    merge("contact", dana.pk, into=third.pk, by=cast.ana, at=WEDNESDAY)
    assert row(Contact, third).job == "Facilities manager"
    assert {one.contact_id for one in Deal.objects.unscoped("tests")} == {third.pk}
    assert check().differences == []

    undo("contact", double.pk, by=cast.ana, at=WEDNESDAY + HOUR)

    assert row(Deal, cast.other).contact_id == double.pk
    assert row(Contact, third).job == ""
    assert check().differences == []


def test_companies_are_merged_with_their_people_and_deals(cast):
    marlowe, twin = cast.company(), cast.company("Marlowe Ltd", "marlowe.co.uk")
    dana = cast.contact(company=twin)
    deal = cast.deal(company=twin, contact=dana)
    cast.mail(deal, at=MONDAY)

    merge("company", twin.pk, into=marlowe.pk, by=cast.ana, at=TUESDAY)

    assert row(Contact, dana).company_id == marlowe.pk
    assert row(Deal, deal).company_id == marlowe.pk
    assert row(Company, marlowe).values["domains"]["v"] == ["marlowe.example", "marlowe.co.uk"]
    assert check().differences == []
    undo("company", twin.pk, by=cast.ana, at=WEDNESDAY)
    assert row(Contact, dana).company_id == twin.pk
    assert check().differences == []


def test_what_is_said_after_the_merge_overrules_what_was_joined(cast, twins):
    dana, double = twins
    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)

    later = WEDNESDAY + HOUR
    cast.tell("contact", dana.pk, at=later, emails=["dana@marlowe.example"], job="Director")

    kept = row(Contact, dana)
    assert (kept.values["emails"]["v"], kept.job) == (["dana@marlowe.example"], "Director")
    assert check().differences == []
    undo("contact", double.pk, by=cast.ana, at=later + HOUR)
    assert row(Contact, dana).job == "Director"
    assert check().differences == []


def test_a_channel_that_still_knows_the_merged_one_reaches_the_kept_one(cast, twins):
    dana, double = twins
    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)

    record(said("contact", double.pk, phones=["+44 1"]), by=Author(None, "email"), at=WEDNESDAY + HOUR)
    deal = cast.deal("Late", contact=double, at=WEDNESDAY + HOUR)

    assert row(Deal, deal).contact_id == dana.pk
    assert "+44 1" in row(Contact, dana).values["phones"]["v"]
    assert check().differences == []


def test_lists_counts_and_search_know_one_of_them_only(cast, twins):
    dana, double = twins

    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)

    assert [line.row.pk for line in contacts_list(cast.ana).lines] == [dana.pk]
    assert Contact.objects.visible_to(cast.ana).count() == 1
    assert [hit.id for hit in search.find(cast.ana, "D. Whitlock", kinds=["contact"])] == [dana.pk]
    assert [hit.id for hit in search.find(cast.ana, "whitlock@gmail.com", kinds=["contact"])] == [dana.pk]
    undo("contact", double.pk, by=cast.ana, at=WEDNESDAY + HOUR)
    assert [hit.id for hit in search.find(cast.ana, "whitlock gmail", kinds=["contact"])] == [double.pk]


def test_two_open_duties_of_one_person_become_one_and_two_again(cast):
    dana, double = cast.contact(), cast.contact("D. Whitlock", "d@whitlock.example")
    for one, at in ((dana, MONDAY), (double, MONDAY + HOUR)):
        mail = cast.mail(None, at=at)
        filed = Entry("interaction", mail.pk, "filed", {"contact": str(one.pk), "audience": "full"})
        record([filed], by=Author(None, "email"), at=at)
    assert open_duties() == 2

    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=TUESDAY)
    assert open_duties() == 1
    assert check().differences == []

    undo("contact", double.pk, by=cast.ana, at=WEDNESDAY)
    assert open_duties() == 2
    assert check().differences == []


def open_duties():
    return Duty.objects.unscoped("tests").filter(state="open", behavior="answer-enquiry").count()


@pytest.mark.parametrize("who", ["rita"])
def test_whoever_only_reads_merges_nothing(cast, twins, who):
    dana, double = twins

    with pytest.raises(Refusal):
        merge("contact", double.pk, into=dana.pk, by=getattr(cast, who), at=WEDNESDAY)


def test_nothing_is_merged_twice_into_itself_or_into_what_is_gone(cast, twins):
    dana, double = twins
    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)

    for gone, into in ((double.pk, dana.pk), (dana.pk, dana.pk), (dana.pk, double.pk), (dana.pk, UUID(int=7))):
        with pytest.raises(Refusal):
            merge("contact", gone, into=into, by=cast.ana, at=WEDNESDAY)
    with pytest.raises(Refusal):
        undo("contact", dana.pk, by=cast.ana, at=WEDNESDAY)


def test_what_was_merged_is_listed_with_what_stands_for_it(cast, twins):
    dana, double = twins
    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=WEDNESDAY)

    assert [one.pk for one in merged_from(cast.ana, "contact", dana.pk)] == [double.pk]


def test_two_that_are_said_to_be_two_stay_so(cast, twins):
    dana, double = twins

    keep_apart("contact", dana.pk, double.pk, by=cast.ana, at=TUESDAY)
    keep_apart("contact", dana.pk, double.pk, by=cast.ana, at=TUESDAY)

    assert row(Contact, dana).values["distinct"]["v"] == [str(double.pk)]
    assert check().differences == []

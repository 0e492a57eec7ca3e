"""`record()` is the only way in: provenance, permission, conflicts, idempotency, and nothing changed afterwards."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from baton.kernel.ids import uuid7
from baton.kernel.verdict import Conflict, Refusal
from baton.ledger.chain import digest
from baton.ledger.entries import Author, Entry, NewInteraction, said
from baton.ledger.models import Deal, DealState, Fact, FieldIndex, Interaction, InteractionText
from baton.ledger.recording import record
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast) -> Deal:
    return cast.deal()


def facts(deal: Deal, field: str) -> list[Fact]:
    return list(Fact.objects.unscoped("tests").of("deal", deal.pk).filter(field=field).order_by("seq"))


def test_a_fact_says_who_said_it_when_it_happened_and_when_it_was_recorded(cast, deal):
    amount = Entry("deal", deal.pk, "amount", {"minor": 1_200_000, "currency": "GBP"}, happened_at=MONDAY)

    record([amount], by=Author(cast.ana), at=TUESDAY)

    [fact] = facts(deal, "amount")
    assert (fact.said_by_id, fact.happened_at, fact.recorded_at) == (cast.ana.pk, MONDAY, TUESDAY)
    assert (fresh(deal).amount, fresh(deal).currency) == (1_200_000, "GBP")


def test_the_current_value_is_the_latest_that_happened_not_the_latest_that_was_told(cast, deal):
    record([Entry("deal", deal.pk, "close_date", "2026-12-01", happened_at=TUESDAY)], by=Author(cast.ana), at=TUESDAY)
    record([Entry("deal", deal.pk, "close_date", "2027-01-15", happened_at=MONDAY)], by=Author(cast.ana), at=WEDNESDAY)

    assert fresh(deal).close_date.isoformat() == "2026-12-01"


def test_what_shows_the_stage_of_one_new_deal_shows_nothing_of_another(cast):
    first, second = uuid7(), uuid7()
    titles = [Entry("deal", pk, "title", "Gates") for pk in (first, second)]

    rows = record(titles, by=Author(cast.ana), at=MONDAY)

    one, other = rows.row("deal", first), rows.row("deal", second)
    one.evidence["enquiry"] = {"kind": "interaction.in"}
    assert (other.evidence, other.values is one.values) == ({}, False)


def test_a_correction_stands_where_what_it_corrects_stood(cast, deal):
    record([Entry("deal", deal.pk, "close_date", "2026-12-01", happened_at=TUESDAY)], by=Author(cast.ana), at=TUESDAY)
    [wrong] = facts(deal, "close_date")
    right = Entry("deal", deal.pk, "close_date", "2026-12-08", happened_at=MONDAY, replaces=wrong.pk)

    record([right], by=Author(cast.ana), at=WEDNESDAY)

    assert fresh(deal).close_date.isoformat() == "2026-12-08"


def test_what_was_only_suggested_is_not_known(cast, deal):
    record(
        [Entry("deal", deal.pk, "start_date", "2026-12-01", status="suggested")], by=Author(None, "email"), at=TUESDAY
    )

    [suggestion] = facts(deal, "start_date")
    assert (fresh(deal).value("start_date"), fresh(deal).values["start_date"]["s"]) == (None, [str(suggestion.pk)])
    assert not FieldIndex.objects.filter(record_id=deal.pk, field="start_date").exists()


def test_confirming_a_suggestion_makes_it_known_and_dismissing_forgets_it(cast, deal):
    for value in ("2026-12-01", "2026-12-08"):
        entry = Entry("deal", deal.pk, "start_date", value, status="suggested")
        record([entry], by=Author(None, "email"), at=TUESDAY)
    first, second = facts(deal, "start_date")

    record([Entry("deal", deal.pk, "start_date", first.value, settles=first.pk)], by=Author(cast.ana), at=WEDNESDAY)
    no = Entry("deal", deal.pk, "start_date", None, status="dismissed", settles=second.pk)
    record([no], by=Author(cast.ana), at=WEDNESDAY)

    kept = fresh(deal).values["start_date"]
    assert (kept["v"], kept.get("s")) == ("2026-12-01", None)


def test_the_same_key_is_recorded_once(cast, deal):
    entry = Entry("deal", deal.pk, "need", "gritting", key="call:77:need")

    record([entry], by=Author(cast.ana), at=TUESDAY)
    again = record([entry], by=Author(cast.ana), at=WEDNESDAY)

    assert (len(facts(deal, "need")), again.facts, again.known) == (1, [], {"call:77:need"})


def test_the_same_message_is_recorded_once(cast, deal):
    def message() -> NewInteraction:
        return NewInteraction("email", "in", "email", MONDAY, fingerprint="f" * 64, text="Hello")

    first = record(interactions=[message(), message()], by=Author(None, "email"), at=MONDAY)
    second = record(interactions=[message()], by=Author(None, "email"), at=TUESDAY)

    assert (len(first.interactions), len(second.interactions)) == (1, 0)


def test_somebody_else_s_newer_change_is_never_overwritten_silently(cast, deal):
    looked_at = deal.version
    cast.tell("deal", deal.pk, by=cast.bram, at=TUESDAY, service="cleaning")

    with pytest.raises(Conflict):
        record(
            said("deal", deal.pk, service="gritting"), by=Author(cast.ana), at=TUESDAY, expected={deal.pk: looked_at}
        )

    assert fresh(deal).service == "cleaning"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stage", "nowhere"),
        ("amount", "twelve"),
        ("close_date", "Tuesday"),
        ("start_date", "1/2"),
        ("start_date", "2026-W01-1"),
        ("start_date", "20261201"),
        ("close_date", "0001-01-01"),
        ("amount", {"minor": True}),
        ("amount", {"minor": 100, "currency": "£"}),
        ("amount", {"minor": 100, "currency": 5}),
        ("amount", {"minor": 10**30, "currency": "GBP"}),
        ("service", 5),
        ("source", {"a": ["b"]}),
        ("key_holder", {"name": ["Dana"]}),
        ("key_holder", {"name": "Dana", "id": 7}),
        ("stage", ["enquiry"]),
        ("title", ""),
        ("a_field_nobody_drew", "x"),
    ],
)
def test_what_the_map_cannot_hold_is_refused_and_nothing_is_written(cast, deal, field, value):
    before = deal.version

    with pytest.raises(Refusal):
        record([Entry("deal", deal.pk, field, value)], by=Author(cast.ana), at=TUESDAY)

    assert fresh(deal).version == before


def test_a_read_only_member_changes_nothing(cast, deal):
    with pytest.raises(Refusal):
        cast.tell("deal", deal.pk, by=cast.rita, at=TUESDAY, service="cleaning")


def test_recorded_time_never_runs_back_on_a_record(cast, deal):
    cast.tell("deal", deal.pk, at=TUESDAY, service="cleaning")
    cast.tell("deal", deal.pk, at=MONDAY, service="gritting")

    moments = [fact.recorded_at for fact in facts(deal, "service")]
    assert moments == sorted(moments)
    assert moments[0] < moments[1]


def test_each_fact_seals_the_one_before(cast, deal):
    cast.tell("deal", deal.pk, at=TUESDAY, service="cleaning", source="referral")

    previous = b""
    for fact in Fact.objects.unscoped("tests").of("deal", deal.pk).order_by("seq"):
        assert bytes(fact.digest) == digest(previous, bytes(fact.salt), fact)
        previous = bytes(fact.digest)
    assert bytes(fresh(deal).head) == previous


def test_spans_are_closed_and_never_rewritten(cast, deal):
    cast.tell("deal", deal.pk, at=TUESDAY, amount={"minor": 100, "currency": "GBP"})
    cast.tell("deal", deal.pk, at=WEDNESDAY, amount={"minor": 200, "currency": "GBP"})

    spans = DealState.objects.unscoped("tests").filter(deal=deal).order_by("began_at")
    assert [(s.amount, s.began_at, s.ended_at) for s in spans] == [
        (None, MONDAY, TUESDAY),
        (100, TUESDAY, WEDNESDAY),
        (200, WEDNESDAY, None),
    ]


def test_mail_that_was_filed_wrongly_takes_its_evidence_along_to_the_right_deal(cast, deal):
    other = cast.deal("Northgate")
    mail = cast.mail(deal)

    moved = Entry(
        "interaction", mail.pk, "filed", {"deal": str(other.pk), "audience": "full", "because": "chosen by Ana"}
    )
    record([moved], by=Author(cast.ana), at=TUESDAY)

    assert (fresh(deal).shown, fresh(deal).last_heard_at) == (False, None)
    assert (fresh(other).shown, fresh(other).last_heard_at) == (True, MONDAY)


@pytest.mark.parametrize("what", ["fact", "interaction", "text", "map"])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_itself_refuses_to_change_or_remove_what_was_said(cast, deal, what, verb):
    cast.mail(deal)
    rows = {
        "fact": Fact.objects.unscoped("tests"),
        "interaction": Interaction.objects.unscoped("tests"),
        "text": InteractionText.objects.unscoped("tests"),
        "map": type(fresh(deal))._meta.apps.get_model("baton", "MapVersion").objects.all(),
    }[what]
    change = {"fact": {"value": 1}, "interaction": {"subject": "x"}, "text": {"own": "x"}, "map": {"text": "x"}}[what]

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(**change) if verb == "update" else rows._raw_delete(rows.db)


def test_where_an_interaction_is_filed_may_change_though_what_it_was_may_not(cast, deal):
    mail = cast.mail(deal)

    Interaction.objects.unscoped("tests").filter(pk=mail.pk).update(audience="subject")

    assert fresh(mail).audience == "subject"


def test_a_record_with_two_steps_in_one_go_keeps_the_last_one(cast, deal):
    done = Entry("deal", deal.pk, "next_step", None)
    then = Entry("deal", deal.pk, "next_step", {"what": "send quote", "at": None, "by": None})

    record([done, then], by=Author(cast.ana), at=TUESDAY + HOUR)

    assert fresh(deal).next_step == "send quote"


def test_identifiers_only_grow():
    made = [uuid7() for _ in range(2_000)]

    assert made == sorted(made)
    assert len(set(made)) == 2_000


def test_as_of_a_moment_is_what_was_recorded_by_then(cast, deal):
    cast.tell("deal", deal.pk, at=WEDNESDAY, amount={"minor": 200, "currency": "GBP"})
    as_of = TUESDAY + timedelta(hours=1)

    spans = DealState.objects.unscoped("tests").filter(deal=deal, began_at__lte=as_of).exclude(ended_at__lte=as_of)

    assert [span.amount for span in spans] == [None]

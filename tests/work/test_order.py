"""The order in which things arrive changes nothing about what is owed."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from baton.ledger.entries import Author, Entry, NewInteraction
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member
from baton.work import promises
from baton.work.models import Duty
from tests.cast import HOUR, MINUTE, MONDAY, Cast

pytestmark = pytest.mark.django_db

THREADS = [UUID(int=1), UUID(int=2)]
HAPPENINGS = st.one_of(
    st.tuples(st.just("mail"), st.sampled_from(["in", "out"]), st.integers(0, 2), st.sampled_from([0, 1, None])),
    st.tuples(st.just("step"), st.sampled_from(["set", "done"]), st.just(0), st.just(0)),
    st.tuples(st.just("promise"), st.sampled_from(["kept", "open"]), st.just(0), st.just(0)),
)
_made = SimpleNamespace(count=0)


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(happenings=st.lists(HAPPENINGS, min_size=2, max_size=7), shuffled=st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_duties(happenings, shuffled):
    numbered = list(enumerate(happenings))
    late = numbered[:]
    shuffled.shuffle(late)

    assert _duties_of(_arrive(late)) == _duties_of(_arrive(numbered))


def _arrive(numbered) -> list:
    """Let the same things happen at the same times on fresh deals, arriving one after the other in this order."""
    cast = _cast()
    _made.count += 1
    deals = []
    for number in range(2):
        contact = cast.contact(f"C{number}", f"c{_made.count}x{number}@x.example")
        deals.append(cast.deal(f"Deal {number}", contact=contact, at=MONDAY - timedelta(days=1)))
    for minute, (index, happening) in enumerate(numbered):
        _happen(cast, deals, happening, MONDAY + index * HOUR, MONDAY + timedelta(days=2) + minute * MINUTE, index)
    return deals


def _happen(cast, deals, happening, at, received, index) -> None:
    what, way, where, thread = happening
    deal = deals[where % 2]
    by = Author(cast.ana)
    if what == "mail":
        contact = deals[0].contact_id if where == 2 else deal.contact_id
        filed = {"deal": str(deal.pk), "contact": str(contact), "audience": "full"}
        key = None if thread is None else UUID(int=THREADS[thread].int + 2 * _made.count)
        one = NewInteraction("email", way, "email", at, text="x", trust="own", filed=filed, thread=key)
        record(interactions=[one], by=Author(None, "email"), at=received)
    elif what == "step":
        value = {"what": f"step {index}", "at": None} if way == "set" else None
        record([Entry("deal", deal.pk, "next_step", value, happened_at=at)], by=by, at=received)
    else:
        entries = promises.said_promise(deal, "x", by=cast.ana, due_at=MONDAY + timedelta(days=9))
        settled = [Entry("promise", entries[0].record_id, "state", "kept", happened_at=at + MINUTE)]
        record([*_at(entries, at), *(settled if way == "kept" else [])], by=by, at=received)


def _at(entries, at):
    for entry in entries:
        entry.happened_at = at
    return entries


def _duties_of(deals) -> list[tuple]:
    rows = Duty.objects.unscoped("tests").filter(deal__in=[deal.pk for deal in deals]).exclude(state="withdrawn")
    place = {deal.pk: number for number, deal in enumerate(deals)}
    found = [(d.behavior, place[d.deal_id], d.state, d.opened_at, d.closed_at, d.owed_by_id) for d in rows]
    return sorted(found, key=str)


def _cast() -> SimpleNamespace:
    if not Member.objects.filter(email="ana@lime.example").exists():
        _made.cast = Cast()
    current_map()
    return _made.cast

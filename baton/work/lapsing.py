"""A behavior that is missed too often stops chasing people, and becomes the owner's duty to change or to retire.

Reminding a whole firm of something that nobody can keep teaches it to ignore reminders. So the rule is put before
whoever can change it, with the cases; until then its duties stand where they are and nobody is told of them again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from baton.kernel.clock import stamp, unstamp
from baton.kernel.ids import uuid7
from baton.kernel.rows import update_rows
from baton.kernel.verdict import Refusal, Verdict
from baton.ledger.entries import Author, said
from baton.ledger.recording import Batch, record
from baton.map.current import current_map, current_version, map_version_numbered
from baton.map.schema import OperatingMap
from baton.members.models import Member, Role
from baton.work.behaviors import behaviors_of, in_force, rule_of, through
from baton.work.duties import next_chase
from baton.work.models import Duty, Lapse
from baton.work.owing import People

CALLER = "work.duties"
MONTH = timedelta(days=30)
ENOUGH = 12
"""From so many cases on a share says something; fewer say nothing about the rule."""


def look(at: datetime) -> int:
    """Find the behaviors that lapsed, and settle the lapses whose behavior was changed; return how many. A sweep."""
    settled = mended(at)
    waiting = set(Lapse.objects.unscoped(CALLER).waiting().values_list("behavior", flat=True))
    found = [one for one in _missed(at) if one[0] not in waiting and _was_asked_all_month(one[0], at)]
    for behavior, counted, missed in found:
        told = {"counted": counted, "missed": missed, "version": current_version(), "at": stamp(at)}
        record(said("lapse", uuid7(), behavior=behavior, found=told), by=Author.baton(), at=at)
    return settled + len(found)


def mended(at: datetime) -> int:
    """Settle the lapses whose behavior the map in force says differently, or no longer; return how many."""
    now_said = behaviors_of(current_map())
    count = 0
    for row in Lapse.objects.unscoped(CALLER).waiting():
        then = behaviors_of(map_version_numbered(row.map_version)).get(row.behavior)
        known = now_said.get(row.behavior)
        if known is None or (then and rule_of(known) != rule_of(then)):
            _settle(row, "changed" if known else "retired", "", Author.baton(), at)
            count += 1
    return count


def keep(lapse: Lapse, *, because: str, by: Member, at: datetime) -> Lapse:
    """Leave a behavior as it is, for a reason: people are chased for it again, and it is looked at anew in a month."""
    may_decide(by, current_map()).or_refuse()
    row = Lapse.objects.unscoped(CALLER).get(pk=lapse.pk)
    if row.settled_at:
        raise Refusal(_("That is settled already."))
    if not because.strip():
        raise Refusal(_("Say why it stays as it is: whoever is chased for it will ask."))
    return _settle(row, "kept", because.strip()[:400], Author(by), at)


def may_decide(by: Member, drawn: OperatingMap) -> Verdict:
    """Whether somebody answers for the map: its owner, and their deputy."""
    if by.may_write and (by.role == Role.OWNER or by.email.lower() in {drawn.owner.lower(), drawn.deputy.lower()}):
        return Verdict.allow()
    return Verdict.refuse(_("Only the owner of the map, or their deputy, decides what becomes of a behavior."))


def missed_in(lapse: Lapse, seen_by: Member, limit: int = 12) -> list[Duty]:
    """Return the newest duties that were missed in the month before it was found, as far as the reader sees them."""
    assert lapse.found_at
    rows = _due_before(Duty.objects.visible_to(seen_by), lapse.found_at).filter(behavior=lapse.behavior)
    return list(rows.filter(_is_missed(lapse.found_at)).order_by("-due_at")[:limit])


def _settle(row: Lapse, outcome: str, because: str, by: Author, at: datetime) -> Lapse:
    told = {"outcome": outcome, "because": because, "at": stamp(at)}
    return record(said("lapse", row.pk, settled=told), by=by, at=at).row("lapse", row.pk)


def _missed(at: datetime) -> Iterable[tuple[str, int, int]]:
    """Yield (behavior, how many fell due in the last month, how many of them late) for those missed too often."""
    asked = list(current_map().behaviors.values())
    rows = _due_before(Duty.objects.unscoped(CALLER), at).filter(behavior__in=[one.id for one in asked])
    counted = rows.values("behavior").annotate(counted=Count("pk"), missed=Count("pk", filter=_is_missed(at)))
    for row in counted.order_by("behavior"):
        if row["counted"] >= ENOUGH and row["missed"] * 4 > row["counted"]:
            yield row["behavior"], row["counted"], row["missed"]


def _due_before(rows: object, at: datetime) -> object:
    return rows.filter(due_at__gte=at - MONTH, due_at__lt=at).exclude(state="withdrawn")  # type: ignore[attr-defined]


def _is_missed(at: datetime) -> Q:
    return Q(closed_at__gt=F("due_at")) | Q(closed_at=None) | Q(closed_at__gt=at)


def _was_asked_all_month(behavior: str, at: datetime) -> bool:
    """Whether the rule was the same for a month, and nobody decided on it meanwhile."""
    said = through(behavior, current_version())
    now, then = said.at(at), said.at(at - MONTH)
    if now is None or then is None or rule_of(now) != rule_of(then) or said.since[0] > at - MONTH:
        return False
    decided = Lapse.objects.unscoped(CALLER).filter(behavior=behavior, settled_at__gt=at - MONTH)
    return not decided.exists()


# What follows


def follow(batch: Batch) -> None:
    """Stop chasing for a behavior that lapsed, and begin again once somebody decided. A reducer."""
    rows = [row for (kind, _id), row in batch.rows.items() if isinstance(row, Lapse)]
    if not rows:
        return
    behaviors, people = in_force(batch.map_version), People(map_version_numbered(batch.map_version))
    for row in rows:
        waiting = Duty.objects.unscoped(CALLER).filter(behavior=row.behavior, state="open")
        if row.settled_at is None:
            waiting.update(chase_at=None)
            continue
        behavior = behaviors.get(row.behavior)
        duties = list(waiting) if behavior else []
        for duty in duties:
            assert behavior
            duty.chase_at = next_chase(duty, behavior, people)
        update_rows(duties, ["chase_at"])


def land_found(value: dict) -> dict:
    """Land that a behavior was found to be missed too often."""
    counts = {name: value[name] for name in ("counted", "missed")}
    return counts | {"map_version": value["version"], "found_at": unstamp(value["at"])}


def land_settled(value: dict) -> dict:
    """Land what became of it."""
    return {"outcome": value["outcome"], "because": value["because"], "settled_at": unstamp(value["at"])}

"""Owned or drifting? What nobody answers for, how old the map is, who decides from Baton, and what fields cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel import words
from baton.ledger.models import Deal
from baton.map.current import current_version, publications
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.chance import BEYOND_CHANCE, differ
from baton.mirror.findings import Finding, Glass
from baton.mirror.tally import Tally
from baton.work.models import Duty

DEAD_AFTER = 3
"""Times that a field was typed without being used once, from which on it costs and serves nobody."""
MAP_AGE = 180
"""Days after which a map is looked at again, whatever happened."""
CHANGED_FROM = 3
"""Exceptions of one reason since it was published that say a map is behind the work."""


def owned(glass: Glass, at: datetime) -> list[Finding]:
    """Return the findings of the third question."""
    found: list[Finding | None] = [*unowned(glass.member), map_age(glass, at), decisions(glass), *dead_fields(glass)]
    return [one for one in found if one]


def ownerless_deals() -> Q:
    """Return the condition on deals under way that nobody answers for: no owner, or one who has left."""
    left = Member.objects.filter(pk=OuterRef("owner_id"), is_active=False)
    return Q(owner__isnull=True) | Q(Exists(left))


def unowned(member: Member) -> Iterator[Finding]:
    """Deals and duties that nobody answers for."""
    deals = Deal.objects.visible_to(member).under_way().filter(ownerless_deals()).count()
    if deals:
        sentence = ngettext(
            "%(count)d deal has no owner who works here", "%(count)d deals have no owner who works here", deals
        )
        remedy = _("Give it to whoever is at the desk where it lies.")
        yield Finding("unowned/deal", "owned", sentence % {"count": deals}, deals, 0, "look", "", remedy)
    duties = Duty.objects.visible_to(member).open().filter(owed_by__isnull=True).count()
    if duties:
        sentence = ngettext("%(count)d open duty is owed by nobody", "%(count)d open duties are owed by nobody", duties)
        remedy = _("The map names somebody who isn’t there: say who owes it instead.")
        yield Finding("unowned/duty", "owned", sentence % {"count": duties}, duties, 0, "look", "", remedy)


def published_at() -> datetime | None:
    """Return when the map in force was published."""
    told = publications(current_version())
    return told[-1][0] if told else None


def reviewed_by(operating_map: OperatingMap, at: datetime) -> date:
    """Return the day on which the map is to be looked at again: its own date, else half a year after it began."""
    return operating_map.review or ((published_at() or at) + timedelta(days=MAP_AGE)).date()


def map_age(glass: Glass, at: datetime) -> Finding | None:
    """The age of the map, against what people did otherwise since."""
    since = published_at()
    if since is None:
        return None
    age, due = (at - since).days, reviewed_by(glass.map, at)
    repeated = [reason for reason, count in glass.now.by("exception").items() if count >= CHANGED_FROM]
    told = {"days": age, "count": len(repeated)}
    sentence = ngettext("The map is %(days)d day old", "The map is %(days)d days old", age) % told
    if repeated:
        more = ngettext(
            "%(count)d exception repeats and isn’t in it", "%(count)d exceptions repeat and aren’t in it", len(repeated)
        )
        sentence += "; " + more % told
    if glass.map.review:
        sentence += "; " + _("its review is on %(day)s") % {"day": words.day(due, at)}
    tone = "look" if (repeated and age > 30) or due <= at.date() else "note"
    return Finding(
        "map-age",
        "owned",
        sentence,
        age,
        0,
        tone,
        "",
        _("Go through it on its review date, with the exceptions beside it."),
    )


def taken_here(tally: Tally) -> tuple[int, int]:
    """Read how many decisions were taken from Baton, of those and the requests outside it."""
    here, outside = tally.total("decision"), tally.total("sheet")
    return here, here + outside


def decisions(glass: Glass) -> Finding | None:
    here, whole = taken_here(glass.now)
    if not whole:
        return None
    told = {"here": here, "outside": whole - here}
    sentence = _("%(here)d decisions taken from Baton, %(outside)d requests for figures outside it") % told
    (was, was_whole) = taken_here(glass.before)
    fell = differ(here, whole, was, was_whole) < 0.05 and here * max(1, was_whole) < was * whole
    note = (
        _("%(here)d and %(outside)d in the time before") % {"here": was, "outside": was_whole - was}
        if was_whole
        else ""
    )
    remedy = _("Ask Baton in the meeting; whoever sends a spreadsheet gets it back filled in.")
    return Finding(
        "decisions", "owned", sentence, here, whole, "look" if fell or here < whole - here else "note", note, remedy
    )


@dataclass(frozen=True, slots=True)
class Manager:
    """How one of those who decide used Baton: decisions by page, what they opened, spreadsheets they sent round."""

    name: str
    decided: int
    looked: int
    outside: int


def managers(glass: Glass) -> list[Manager]:
    """Return, for those whom the map has decide, by name, how they used Baton: what leads is for all to see."""
    people = {address for one in glass.map.decisions.values() for address in one.who} | {glass.map.owner}
    rows = Member.objects.filter(email__in=people, is_active=True).order_by("name").values_list("pk", "name")
    decided, outside, looked = glass.now.by("decision", 1), glass.now.by("sheet"), _looked(glass.now)
    return [Manager(name, decided[str(pk)], looked.get(str(pk), 0), outside[str(pk)]) for pk, name in rows]


def _looked(tally: Tally) -> dict[str, int]:
    found: dict[str, int] = {}
    for (part, member), count in tally.of("looked").items():
        if part in ("review", "forecast", "mirror", "requests"):
            found[member] = found.get(member, 0) + count
    return found


@dataclass(frozen=True, slots=True)
class FieldTax:
    """What a field costs and gives: seconds of entering, never by person, against times used, and who reads it."""

    field: str
    name: str
    readers: tuple[str, ...]
    entries: int
    seconds: int
    uses: int

    @property
    def dead(self) -> bool:
        """Whether it costs, and serves nobody."""
        return self.entries >= DEAD_AFTER and not self.uses


def taxes(glass: Glass) -> list[FieldTax]:
    """Return what each field of the map costs and gives, the costliest that serve nobody first."""
    entries, tenths, uses = glass.now.by("entry"), glass.now.by("tax"), glass.now.by("use")
    found = [
        FieldTax(
            one.id, one.name, readers(one.key, glass.map), entries[one.id], round(tenths[one.id] / 10), uses[one.id]
        )
        for one in glass.map.fields.values()
        if entries[one.id] or uses[one.id]
    ]
    return sorted(found, key=lambda one: (not one.dead, -one.seconds, one.name))


def readers(key: str, operating_map: OperatingMap) -> tuple[str, ...]:
    """Return the names of the handoffs, decisions and stages that need a field."""
    found = []
    for one in operating_map.consumers_of(key):
        kept = {"handoff": operating_map.handoffs, "decision": operating_map.decisions, "stage": operating_map.stages}
        known = next((each for each in kept[one.kind].values() if each.key == one.key), None)
        found.append(known.name if known else one.key)
    return tuple(found)


def unused(entries: int, before: int, uses_before: int) -> bool:
    """Whether a field that was typed so often and used not once has stopped being used, by its own past.

    Uses come later than entries, so one that was used before is dead only where none in so many is beyond chance; one
    that never was, once it has been typed in both windows.
    """
    if entries < DEAD_AFTER:
        return False
    if not uses_before:
        return before >= DEAD_AFTER
    return exp(-entries * min(1.0, uses_before / max(1, before))) < BEYOND_CHANCE


def dead_fields(glass: Glass) -> Iterator[Finding]:
    """Fields that cost and serve nobody, by their own past."""
    before, uses_before = glass.before.by("entry"), glass.before.by("use")
    for one in taxes(glass):
        if one.dead and unused(one.entries, before[one.field], uses_before[one.field]):
            told = {"field": one.name, "count": one.entries, "minutes": max(1, round(one.seconds / 60))}
            sentence = ngettext(
                "%(field)s was typed %(count)d time, about %(minutes)d min, and nobody used it",
                "%(field)s was typed %(count)d times, about %(minutes)d min, and nobody used it",
                one.entries,
            )
            remedy = _("Name who needs it and for what, or take it out of the map.")
            yield Finding(f"tax/{one.field}", "owned", sentence % told, 0, one.entries, "look", "", remedy)

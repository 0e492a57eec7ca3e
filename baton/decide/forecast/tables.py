"""What stands beside the forecast as tables: how right it was, what is called, what it rests on, what the past says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.forecast.accuracy import Scored
from baton.decide.forecast.calls import Called
from baton.decide.forecast.history import Past
from baton.decide.forecast.leaving import Table
from baton.decide.forecast.resting import Rest
from baton.kernel.clock import stamp
from baton.kernel.money import Money
from baton.kernel.tables import Value
from baton.map.current import current_map


def _major(minor: int | None) -> Value:
    return None if minor is None else Money(minor, current_map().currency).major


def accuracy_table(scored: Sequence[Scored]) -> Table:
    """Return the periods that are over: what the first second of each said, and what was won in it."""
    heads = (
        _("Period"), _("Won"), _("Called"), _("Stage weights"), _("Our own history"), _("At least"), _("At most"),
        _("Comparable cases"), _("Currency"),
    )  # fmt: skip
    return Table(_("How right was it"), heads, [_scored(one) for one in scored])


def _scored(one: Scored) -> list[Value]:
    sure = one.guess is not None and one.guess.likely is not None
    bounds = [_major(one.guess.low), _major(one.guess.high)] if one.guess and sure else [None, None]
    said = [_major(minor) for minor in (one.won, one.called, one.weighted, one.by_history)]
    return [one.period.key, *said, *bounds, one.guess.cases if one.guess else None, current_map().currency]


def calls_table(told: Sequence[Called], names: Mapping[UUID, str]) -> Table:
    """Return the numbers that were called, and those that were set over them with the reason."""
    heads = (_("Period"), _("Whose"), _("Sum"), _("Set over it"), _("Why"), _("Said by"), _("When"), _("Currency"))
    return Table(_("What we call"), heads, [_called(one, names) for one in told])


def _called(one: Called, names: Mapping[UUID, str]) -> list[Value]:
    whose = names.get(one.whose, "") if one.whose else _("the whole business")
    said = [one.override, one.because, names.get(one.by, "") if one.by else "", stamp(one.at)]
    return [one.period, whose, _major(one.minor), *said, current_map().currency]


def doubts_table(found: Rest, members: Mapping[UUID, str]) -> Table:
    """Return every value that the sum rests on and that may be wrong, with what it moves."""
    heads = (_("Deal"), _("Field"), _("Why"), _("Days old"), _("Owner"), _("Moves"), _("Currency"))
    names = {
        "stale": _("stale"),
        "unconfirmed": _("something else is suggested"),
        "unshown": _("nothing shows it"),
        "past": _("has passed"),
    }
    rows: list[list[Value]] = []
    for one in found.doubts:
        known = current_map().field(one.field)
        told = [one.title, str(known.name) if known else one.field, names[one.kind], one.age or None]
        rows.append([*told, members.get(one.owner, "") if one.owner else "", _major(one.moves), current_map().currency])
    return Table(_("What the number rests on"), heads, rows)


def cohorts_table(before: Past) -> Table:
    """Return what became of the deals that stood at each stage; shares only where there are enough cases."""
    heads = (_("Stage"), _("Cases"), _("Won"), _("Share"), _("At least"), _("At most"), _("Days, half of those won"))
    rows: list[list[Value]] = []
    for stage in current_map().stages.values():
        cohort = before.cohorts.get(stage.id)
        if cohort is None or not cohort.cases or stage.closes:
            continue
        share = [f"{one:.3f}" for one in (cohort.conversion, *cohort.interval)] if cohort.enough else [None] * 3
        days = cohort.days[1] if cohort.enough else None
        rows.append([stage.name, cohort.cases, len(cohort.won), *share, days])
    return Table(_("From here, so many close"), heads, rows)

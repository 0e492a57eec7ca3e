"""Clear or confused? Handoffs, evidence, exceptions, and how soon the next desk could use what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.ledger.models.interactions import Kind
from baton.mirror.chance import reached
from baton.mirror.counting import TYPED
from baton.mirror.findings import Counted, Finding, Glass, Tone, lasting, measured
from baton.mirror.tally import EDGES, Tally, histogram

MOST = 5
SLOW = 24 * 60
"""Minutes after which four in five should be there, whatever the channel."""


def clear(glass: Glass) -> list[Finding]:
    """Return the findings of the first question."""
    found: list[Finding | None] = [*handoffs(glass), *missing(glass), *stages(glass)]
    return [one for one in (*found, *exceptions(glass), *lags(glass), captured(glass)) if one]


def first_pass(handoff: str) -> Counted:
    """Read how many first offers of a handoff were accepted as they were."""

    def counted(tally: Tally) -> tuple[int, int]:
        states = tally.of("handoff", handoff)
        return states[("first",)], sum(states.values())

    return counted


def handoffs(glass: Glass) -> Iterator[Finding | None]:
    for key in glass.map.handoffs:
        known = glass.map.handoffs[key]
        sentence = known.name + ": " + _("%(share)s accepted first time")
        remedy = _(
            "What comes back missing is asked for earlier, at the stage where it is at hand; or it isn’t needed."
        )
        yield measured(glass, f"handoff/{known.id}", "clear", first_pass(known.id), sentence, remedy)


def missing(glass: Glass) -> Iterator[Finding]:
    """What was missing, ranked."""
    counted: Counter[tuple[str, ...]] = glass.now.of("missing")
    for (handoff, item), count in counted.most_common(MOST):
        told = {"item": glass.item(item), "handoff": glass.handoff(handoff), "count": count}
        sentence = ngettext(
            "%(item)s was missing at %(handoff)s %(count)d time",
            "%(item)s was missing at %(handoff)s %(count)d times",
            count,
        )
        remedy = _("Catch it where it is first known, or have the sending desk say at once that it is owed.")
        tone: Tone = "look" if count >= 3 else "note"
        yield Finding(f"missing/{handoff}/{item}", "clear", sentence % told, count, 0, tone, "", remedy)


def shown_at(stage: str = "") -> Counted:
    """Read how many moves had evidence, at one stage or at all of them."""

    def counted(tally: Tally) -> tuple[int, int]:
        moves = tally.split("move", 0, 1)
        asked = [moves[stage]] if stage else list(moves.values())
        return sum(one["shown"] for one in asked), sum(one["shown"] + one["said"] for one in asked)

    return counted


def stages(glass: Glass) -> Iterator[Finding | None]:
    remedy = _(
        "Evidence that comes by itself counts most: mail filed on the deal, a quote sent from it, a meeting held."
    )
    yield measured(glass, "stage", "clear", shown_at(), _("%(share)s moves of deals had evidence"), remedy, good=0.8)
    told = {stage: shown_at(stage)(glass.now) for stage in glass.map.stages}
    for stage in sorted((one for one in told if told[one][0] < told[one][1]), key=lambda one: -_said(told[one])):
        sentence = glass.stage(stage) + ": " + _("%(share)s entered with evidence")
        found = measured(glass, f"stage/{stage}", "clear", shown_at(stage), sentence, remedy, good=0.7)
        if found and found.tone in ("look", "few"):
            yield found


def _said(counted: tuple[int, int]) -> int:
    return counted[1] - counted[0]


def exceptions(glass: Glass) -> Iterator[Finding]:
    """Exceptions by reason; the same one three times proposes a change of the map."""
    for category, count in glass.now.by("exception").most_common(MOST):
        told = {"count": count, "reason": category}
        sentence = ngettext("%(count)d exception: %(reason)s", "%(count)d exceptions: %(reason)s", count) % told
        remedy = _("An exception that repeats is how the work goes: let the map say so.")
        tone: Tone = "look" if count >= 3 else "note"
        yield Finding(f"exception/{category}", "clear", sentence, count, 0, tone, "", remedy)


def channels(tally: Tally) -> list[tuple[str, str]]:
    """Return (kind, channel) of what came in, the most frequent first: they are never pooled."""
    counted: Counter[tuple[str, str]] = Counter()
    for (kind, channel, _place), count in tally.of("lag").items():
        counted[kind, channel] += count
    return [pair for pair, _count in counted.most_common()]


def lag_within(kind: str, channel: str, minutes: int) -> Counted:
    """Read how many of a channel could be used within so many minutes."""
    wanted = [place for place, edge in enumerate(EDGES) if edge <= minutes]

    def counted(tally: Tally) -> tuple[int, int]:
        found = histogram(tally.of("lag", kind, channel))
        return sum(found[place] for place in wanted), sum(found)

    return counted


def lags(glass: Glass) -> Iterator[Finding]:
    for kind, channel in channels(glass.now):
        counted = lag_within(kind, channel, SLOW)
        drawn = histogram(glass.now.of("lag", kind, channel))
        told = {
            "what": channel_name(kind, channel),
            "half": lasting(reached(drawn, EDGES, 0.5)),
            "most": lasting(reached(drawn, EDGES, 0.8)),
        }
        sentence = _("%(what)s: half could be used within %(half)s, four in five within %(most)s") % told
        found = measured(
            glass, f"lag/{kind}/{channel}", "clear", counted, sentence.replace("%", "%%"), _slow_remedy(channel)
        )
        if found:
            yield found


def _slow_remedy(channel: str) -> str:
    if channel in TYPED:
        return _(
            "Typed later is written from memory: dictate it on the way out, or let the telephone and the calendar tell."
        )
    return _("Mail that waits in Inbox can’t be used: place it, so that the next one from there files itself.")


def channel_name(kind: str, channel: str) -> str:
    """Name a channel to people: what it was, and that somebody typed it where they did."""
    label = str(Kind(kind).label) if kind in Kind.values else kind
    if channel in TYPED:
        return _("%(kind)s, typed") % {"kind": label}
    return label if channel in (kind, "email", "mailbox") else f"{label}, {channel}"


def at_source(tally: Tally) -> tuple[int, int]:
    """Read how much was captured as it happened: by a channel, or typed within the hour."""
    how = tally.by("captured")
    return how["source"] + how["prompt"], sum(how.values())


def captured(glass: Glass) -> Finding | None:
    sentence = _("%(share)s captured as it happened, the rest typed later")
    remedy = _("Connect what people still retype: the telephone, the calendar, their own mailbox.")
    return measured(glass, "captured", "clear", at_source, sentence, remedy, good=0.8)

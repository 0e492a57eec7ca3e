"""Consistent or chaotic? Duties kept, stages and fields that mean the same to all, no second book beside Baton."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.capture.models import Twins
from baton.kernel import words
from baton.mirror.chance import ENOUGH
from baton.mirror.drift import Drift, fields_apart, mixed_fields, outside_meaning, stages_apart
from baton.mirror.findings import Counted, Finding, Glass, in_days, measured, share
from baton.mirror.tally import Tally

MOST = 6


def consistent(glass: Glass) -> list[Finding]:
    """Return the findings of the second question."""
    found: list[Finding | None] = [*duties(glass), *stages(glass), *fields(glass), *duplicates()]
    found += [already_won(glass), dealless(glass), sheets(glass), address_book(glass)]
    return [one for one in found if one]


def kept(behavior: str = "") -> Counted:
    """Read how many duties were kept on time, of one behavior or of all."""

    def counted(tally: Tally) -> tuple[int, int]:
        found = tally.split("duty", 0, 1)
        asked = [found[behavior]] if behavior else list(found.values())
        return sum(one["kept"] for one in asked), sum(one["kept"] + one["late"] for one in asked)

    return counted


def duties(glass: Glass) -> Iterator[Finding | None]:
    """All duties, and the behaviors that are missed more often than one time in four."""
    remedy = _("A duty that is missed again and again asks too much, or asks the wrong person: change it or let it go.")
    yield measured(glass, "duty", "consistent", kept(), _("%(share)s duties kept on time"), remedy)
    for behavior in glass.map.behaviors:
        hits, of = kept(behavior)(glass.now)
        if hits < of:
            sentence = glass.behavior(behavior) + ": " + _("%(share)s kept on time")
            found = measured(glass, f"duty/{behavior}", "consistent", kept(behavior), sentence, remedy, good=0.75)
            if found and found.tone in ("look", "few"):
                yield found


def stages(glass: Glass) -> Iterator[Finding]:
    """Stages that one person uses unlike the others. Who it is, they see on their own page."""
    remedy = _("Talk about what has to have happened before a deal stands here, with these deals on the table.")
    for one in stages_apart(glass.now):
        lead = _("%(stage)s means different things to different people") % {"stage": glass.stage(one.element)}
        sentence = f"{lead}: {_differences(one)}"
        yield Finding(stage_key(one), "consistent", sentence, one.hits, one.of, "look", _beyond(one), remedy)


def stage_key(one: Drift) -> str:
    """Return the key of the finding that a stage is used otherwise."""
    return f"drift/stage/{one.element}" + ("" if one.what == "evidence" else f"/{one.what}")


def _differences(one: Drift) -> str:
    """Say how one person’s use of a stage differs from everybody else’s, without saying who it is."""
    told = compared(one)
    if one.what == "stay":
        return _("half of one person’s deals left it within %(own)s, half of everybody else’s within %(others)s") % told
    if one.what == "outcome":
        return _("%(own)s of one person’s deals that stood here were won, %(others)s of everybody else’s") % told
    return _("%(own)s of one person’s moves had evidence, %(others)s of everybody else’s") % told


def compared(one: Drift) -> dict[str, str]:
    """Return what is told of one person (`own`) and of everybody else (`others`): days of a stay, else shares."""
    if one.days:
        return {"own": in_days(one.days[0]), "others": in_days(one.days[1])}
    return {"own": share(one.hits, one.of), "others": share(one.others, one.of_others)}


def fields(glass: Glass) -> Iterator[Finding]:
    """Fields that are used for several things, that hold what they aren’t meant to, or that one fills otherwise."""
    remedy = _("Give the second meaning a field of its own, or a list to choose from; or drop the field.")
    apart = {one.element: one for one in fields_apart(glass.now)}
    mixed = dict(mixed_fields(glass.now))
    for name in dict.fromkeys([*apart, *mixed]):
        what = glass.item(name)
        if name in apart:
            sentence = _("%(field)s is filled in one way by one person and another way by the rest") % {"field": what}
            yield Finding(
                f"drift/field/{name}",
                "consistent",
                sentence,
                apart[name].of - apart[name].hits,
                apart[name].of,
                "look",
                _beyond(apart[name]),
                remedy,
            )
        else:
            kinds = ", ".join(f"{_(kind)} ({count})" for kind, count in mixed[name].most_common(3))
            sentence = _("%(field)s is used for several things: %(kinds)s") % {"field": what, "kinds": kinds}
            yield Finding(f"drift/field/{name}", "consistent", sentence, 0, 0, "look", "", remedy)
    for name, count, of in outside_meaning(glass.now):
        sentence = _("%(field)s: %(share)s values aren’t what it is for") % {
            "field": glass.item(name), "share": share(count, of),
        }  # fmt: skip
        yield Finding(
            f"drift/field/{name}", "consistent", sentence, count, of, "look" if count >= 3 else "note", "", remedy
        )


def _beyond(one: Drift) -> str:
    times = min(1_000_000, max(100, round(1 / max(one.chance, 1e-6))))
    return _("by chance less than once in %(times)s") % {"times": words.number(times)}


def duplicates() -> Iterator[Finding]:
    """Contacts and companies that may be one."""
    open_now = Twins.objects.filter(state=Twins.State.OPEN)
    for kind in ("contact", "company"):
        count = open_now.filter(kind=kind)[:1000].count()
        if count:
            sentence = _pairs(kind, count) % {"count": count}
            remedy = _("Look at them side by side and say which are one.")
            yield Finding(f"twins/{kind}", "consistent", sentence, count, 0, "note", "", remedy)


def _pairs(kind: str, count: int) -> str:
    if kind == "contact":
        return ngettext(
            "%(count)d pair of contacts may be one person", "%(count)d pairs of contacts may be one person", count
        )
    return ngettext("%(count)d pair of companies may be one", "%(count)d pairs of companies may be one", count)


def won_already(tally: Tally) -> tuple[int, int]:
    """Read how many new deals were won before Baton first heard of them."""
    found = tally.by("deal")
    return found["won"], found["won"] + found["new"]


def already_won(glass: Glass) -> Finding | None:
    hits, of = won_already(glass.now)
    if not hits:
        return None
    sentence = ngettext(
        "%(count)d deal was first seen when it was already won",
        "%(count)d deals were first seen when already won",
        hits,
    ) % {"count": hits}
    remedy = _("Somebody sells beside Baton: ask where the work was done, and connect that.")
    return Finding("already-won", "consistent", sentence, hits, of, "look" if hits > 1 else "note", _of_new(of), remedy)


def _of_new(of: int) -> str:
    return ngettext("of %(count)d new deal", "of %(count)d new deals", of) % {"count": of}


def without_deal(tally: Tally) -> tuple[int, int]:
    """Read how much of what was said with customers lies on no deal."""
    lying, filed = tally.total("dealless"), tally.total("with")
    return lying, max(lying, filed)


def dealless(glass: Glass) -> Finding | None:
    hits, of = without_deal(glass.now)
    if not hits:
        return None
    sentence = _("%(share)s messages and calls with customers lie on no deal") % {"share": share(hits, of)}
    remedy = _("Where it is work, open a deal from the message; then the next ones file themselves.")
    return Finding(
        "dealless", "consistent", sentence, hits, of, "look" if of >= ENOUGH and hits > of / 4 else "note", "", remedy
    )


def sheets(glass: Glass) -> Finding | None:
    count = glass.now.total("sheet")
    if not count:
        return None
    sentence = ngettext(
        "Numbers were sent round as a spreadsheet %(count)d time",
        "Numbers were sent round as a spreadsheet %(count)d times",
        count,
    ) % {"count": count}
    remedy = _("Send the question to Baton instead: it comes back filled in, with a source for every cell.")
    return Finding("sheets", "consistent", sentence, count, 0, "look", "", remedy)


def address_book(glass: Glass) -> Finding | None:
    """Contacts and companies looked up without anything being said about them: an address book, not a record."""
    looked, written = glass.now.total("looked", "contacts"), glass.now.total("book", "written")
    deals = glass.now.total("looked", "deals")
    if looked < ENOUGH or looked <= deals or written * 10 > looked:
        return None
    told = {"looked": looked, "written": written}
    sentence = (
        _("Contacts were looked up %(looked)d times and written to %(written)d times: Baton is used as an address book")
        % told
    )
    remedy = _("Ask at the next review what people look up, and why the work itself is done elsewhere.")
    return Finding("book", "consistent", sentence, written, looked, "look", "", remedy)

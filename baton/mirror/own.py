"""What is a person's own: how soon they typed, what their moves rested on, what they kept, how their forecasts missed.

Shown to that person. Others see it only where the map says so (`own_figures`), and then the person reads who does.
Processes are measured, people are not ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.consistent import compared
from baton.mirror.drift import Drift, fields_apart, stages_apart
from baton.mirror.findings import Glass, how_sure, share
from baton.mirror.tellers import bias


@dataclass(frozen=True, slots=True)
class Own:
    """One of a person's own figures, with the same of everybody together, where there are others."""

    sentence: str
    note: str = ""


def lookers(member: Member, operating_map: OperatingMap) -> set[str]:
    """Return the addresses of those whom the map lets see this person's figures, without themselves."""
    address = member.email.lower()
    found = {operating_map.owner} if "owner" in operating_map.own_figures else set()
    if "desk lead" in operating_map.own_figures:
        found |= {desk.lead for desk in operating_map.desks_of(address)}
    return {one.lower() for one in found} - {address}


def seen_by(member: Member, operating_map: OperatingMap) -> list[str]:
    """Return the names of those who see this person's figures because the map says so."""
    addresses = lookers(member, operating_map)
    rows = Member.objects.filter(email__in=addresses, is_active=True) if addresses else Member.objects.none()
    return list(rows.order_by("name").values_list("name", flat=True))


def may_see(viewer: Member, member: Member, operating_map: OperatingMap) -> bool:
    """Whether somebody sees a person's figures: their own always, a colleague's where the map says so."""
    return viewer.pk == member.pk or viewer.email.lower() in lookers(member, operating_map)


def shown_to(viewer: Member, operating_map: OperatingMap) -> list[Member]:
    """Return the colleagues whose figures the map lets this member see, by name."""
    if not operating_map.own_figures:
        return []
    others = Member.objects.filter(is_active=True).exclude(pk=viewer.pk).order_by("name")
    return [member for member in others if may_see(viewer, member, operating_map)]


def own(glass: Glass, at: datetime, of: Member | None = None) -> list[Own]:
    """Return the figures of the member who looks, or of a colleague whom they `may_see`."""
    found = [_typed(glass, of), _moves(glass, of), _duties(glass, of), *_apart(glass, of), _forecasts(glass, at, of)]
    return [one for one in found if one]


def _key(glass: Glass, of: Member | None) -> str:
    return str((of or glass.member).pk)


def _typed(glass: Glass, of: Member | None) -> Own | None:
    prompt = later = all_prompt = all_later = 0
    whose = _key(glass, of)
    for (how, _desk, member), number in glass.now.of("captured").items():
        mine = number if member == whose else 0
        prompt, all_prompt = prompt + mine * (how == "prompt"), all_prompt + number * (how == "prompt")
        later, all_later = later + mine * (how == "later"), all_later + number * (how == "later")
    if not prompt + later:
        return None
    yours = _("You typed %(share)s within the hour in which it happened.")
    sentence = _("Typed within the hour in which it happened: %(share)s.") if of else yours
    told = sentence % {"share": share(prompt, prompt + later)}
    return Own(told, _everybody(prompt, prompt + later, all_prompt, all_prompt + all_later))


def _moves(glass: Glass, of: Member | None) -> Own | None:
    yours = _("%(share)s of your deals’ moves had evidence.")
    sentence = _("Moves of their deals that had evidence: %(share)s.") if of else yours
    return _share_of(glass, of, "move", "shown", "said", sentence)


def _duties(glass: Glass, of: Member | None) -> Own | None:
    yours = _("You kept %(share)s duties on time.")
    sentence = _("Duties kept on time: %(share)s.") if of else yours
    return _share_of(glass, of, "duty", "kept", "late", sentence)


def _share_of(glass: Glass, of: Member | None, head: str, good: str, bad: str, sentence: str) -> Own | None:
    found = glass.now.split(head, 2, 1)
    mine = found.get(_key(glass, of))
    if not mine:
        return None
    count = mine[good] + mine[bad]
    all_good, all_bad = (sum(one[how] for one in found.values()) for how in (good, bad))
    return Own(
        sentence % {"share": share(mine[good], count)}, _everybody(mine[good], count, all_good, all_good + all_bad)
    )


def _everybody(hits: int, of: int, all_hits: int, all_of: int) -> str:
    if not glass_is_shared(of, all_of):
        return how_sure(hits, of)
    return _("everybody together: %(share)s") % {"share": share(all_hits, all_of)}


def glass_is_shared(of: int, all_of: int) -> bool:
    """Whether the figure of everybody says nothing of one other person: most of it is by several others."""
    return all_of >= 3 * max(1, of)


def _apart(glass: Glass, of: Member | None) -> list[Own]:
    """Say what this person uses unlike the others; they alone, and whom the map names, read that it is they."""
    whose = _key(glass, of)
    yours = (
        _("You use %(stage)s otherwise: %(how)s."),
        _("You fill %(field)s with another kind of thing than the others."),
    )
    theirs = (
        _("%(stage)s is used otherwise: %(how)s."),
        _("%(field)s is filled with another kind of thing than by the others."),
    )
    used, filled = theirs if of else yours
    stages = [one for one in stages_apart(glass.now) if one.member == whose]
    fields = [one for one in fields_apart(glass.now) if one.member == whose]
    told = [Own(used % {"stage": glass.stage(one.element), "how": _how(one)}) for one in stages]
    return [*told, *(Own(filled % {"field": glass.item(one.element)}) for one in fields)]


def _how(one: Drift) -> str:
    """Say how a stage is used otherwise, to whom may know whose it is."""
    told = compared(one)
    if one.what == "stay":
        return _("half of the deals left it within %(own)s, with the others within %(others)s") % told
    if one.what == "outcome":
        return _("%(own)s of the deals that stood here were won, %(others)s with the others") % told
    return _("%(own)s with evidence, %(others)s with the others") % told


def _forecasts(glass: Glass, at: datetime, of: Member | None) -> Own | None:
    missed = bias(of or glass.member, at)
    if not missed:
        return None
    told = ", ".join(f"{period} {round(by * 100):+d} %" for period, by in missed)
    yours = _("Your forecasts against what was won: %(told)s")
    return Own((_("Their forecasts against what was won: %(told)s") if of else yours) % {"told": told})

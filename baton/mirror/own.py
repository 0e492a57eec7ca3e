"""What is a person's own: how soon they typed, what their moves rested on, what they kept, how their forecasts missed.

Shown to that person. Nobody else is shown it, whatever their role, because no map says that they are; and the page says
so. Processes are measured, people are not ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from baton.mirror.drift import Drift, fields_apart, stages_apart
from baton.mirror.findings import Glass, how_sure, share
from baton.mirror.tellers import bias


@dataclass(frozen=True, slots=True)
class Own:
    """One of a person's own figures, with the same of everybody together, where there are others."""

    sentence: str
    note: str = ""


def own(glass: Glass, at: datetime) -> list[Own]:
    """Return the figures of the member who looks."""
    found = [_typed(glass), _moves(glass), _duties(glass), *_apart(glass), _forecasts(glass, at)]
    return [one for one in found if one]


def _typed(glass: Glass) -> Own | None:
    prompt = later = all_prompt = all_later = 0
    for (how, _desk, member), number in glass.now.of("captured").items():
        mine = number if member == str(glass.member.pk) else 0
        prompt, all_prompt = prompt + mine * (how == "prompt"), all_prompt + number * (how == "prompt")
        later, all_later = later + mine * (how == "later"), all_later + number * (how == "later")
    if not prompt + later:
        return None
    sentence = _("You typed %(share)s within the hour in which it happened.") % {"share": share(prompt, prompt + later)}
    return Own(sentence, _everybody(prompt, prompt + later, all_prompt, all_prompt + all_later))


def _moves(glass: Glass) -> Own | None:
    found = glass.now.split("move", 2, 1)
    mine = found.get(str(glass.member.pk))
    if not mine:
        return None
    of = mine["shown"] + mine["said"]
    all_shown, all_said = (sum(one[how] for one in found.values()) for how in ("shown", "said"))
    sentence = _("%(share)s of your deals’ moves had evidence.") % {"share": share(mine["shown"], of)}
    return Own(sentence, _everybody(mine["shown"], of, all_shown, all_shown + all_said))


def _duties(glass: Glass) -> Own | None:
    found = glass.now.split("duty", 2, 1)
    mine = found.get(str(glass.member.pk))
    if not mine:
        return None
    of = mine["kept"] + mine["late"]
    all_kept, all_late = (sum(one[how] for one in found.values()) for how in ("kept", "late"))
    sentence = _("You kept %(share)s duties on time.") % {"share": share(mine["kept"], of)}
    return Own(sentence, _everybody(mine["kept"], of, all_kept, all_kept + all_late))


def _everybody(hits: int, of: int, all_hits: int, all_of: int) -> str:
    if not glass_is_shared(of, all_of):
        return how_sure(hits, of)
    return _("everybody together: %(share)s") % {"share": share(all_hits, all_of)}


def glass_is_shared(of: int, all_of: int) -> bool:
    """Whether the figure of everybody says nothing of one other person: most of it is by several others."""
    return all_of >= 3 * max(1, of)


def _apart(glass: Glass) -> list[Own]:
    """Say what this person uses unlike the others; they alone read that it is they."""
    me = str(glass.member.pk)
    otherwise = _("You use %(stage)s otherwise: %(own)s with evidence, %(others)s with the others.")
    another = _("You fill %(field)s with another kind of thing than the others.")
    stages = [Own(otherwise % _told(glass, one)) for one in stages_apart(glass.now) if one.member == me]
    fields = [one for one in fields_apart(glass.now) if one.member == me]
    return [*stages, *(Own(another % {"field": glass.item(one.element)}) for one in fields)]


def _told(glass: Glass, one: Drift) -> dict[str, str]:
    own, others = share(one.hits, one.of), share(one.others, one.of_others)
    return {"stage": glass.stage(one.element), "own": own, "others": others}


def _forecasts(glass: Glass, at: datetime) -> Own | None:
    missed = bias(glass.member, at)
    if not missed:
        return None
    told = ", ".join(f"{period} {round(by * 100):+d} %" for period, by in missed)
    return Own(_("Your forecasts against what was won: %(told)s") % {"told": told})

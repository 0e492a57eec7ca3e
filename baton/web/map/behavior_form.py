"""The form of a behavior: when, done when, who, within, what if somebody forgets, and what it is for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.map.durations import parse_within
from baton.map.elements import Behavior, IfForgotten
from baton.map.phrases import write_forgotten, write_percent, write_who
from baton.map.picking import EventPick, Mode, pick
from baton.map.writing import Written
from baton.web.map.form_values import Values, events_filled, events_picked, time_filled, time_said, units
from baton.web.map.forms import PARTY, ElementForm, one_of

MODES: list[tuple[Mode, Any]] = [
    ("happens", _("this happens")),
    ("quiet", _("this stays away for a time")),
    ("never", _("this has never come, a time after")),
]
ROOM = {"opens": 2, "closes": 3}
CHAIN = 3


def number(label: Any, most: int = 9999, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=1, max_value=most, label=label, help_text=help_text)


class BehaviorForm(ElementForm):
    mode = one_of(_("When"), choices=MODES)
    opens_1 = one_of(_("What happens, or stays away"))
    opens_2 = one_of(_("or"))
    opens_party = one_of(_("From or to"), choices=PARTY)
    lasting_amount = number(_("Stays away for"))
    lasting_unit = one_of(_("of"), choices=units())
    since = one_of(_("Counted from when"))
    closes_1 = one_of(_("Done when"), required=True)
    closes_2 = one_of(_("or"))
    closes_3 = one_of(_("or"))
    closes_party = one_of(_("To or from"), choices=PARTY)
    owed_1 = one_of(_("Who owes it"), required=True)
    owed_2 = one_of(_("else"))
    owed_3 = one_of(_("else"))
    within_amount = number(_("Within"))
    within_unit = one_of(_("of"), choices=units(timed=True))
    within_after = forms.BooleanField(required=False, label=_("counted from the time that it is about"))
    remind = number(_("Remind when so much of the time has passed, in %"), 100)
    escalate_to = one_of(_("If forgotten, tell"))
    escalate_amount = number(_("so long after it was due"), help_text=_("Left out: at once."))
    escalate_unit = one_of(_("of"), choices=units())
    reassign_to = one_of(_("If forgotten, it goes to"))
    reassign_amount = number(_("so long after it was due"), help_text=_("Left out: at once."))
    reassign_unit = one_of(_("of"), choices=units())
    so_that = forms.CharField(required=False, max_length=300, label=_("So that"))
    element: Behavior

    def main_names(self) -> list[str]:
        return ["mode", "opens_1", "closes_1", "owed_1", "within_amount", "within_unit", "so_that"]

    def folded(self) -> tuple[str, ...]:
        """What isn’t used stays folded away."""
        return tuple(name for name in self.fields if name not in self.main_names() and not self._is_used(name))

    def _is_used(self, name: str) -> bool:
        if name.endswith("_unit"):
            return bool(self.initial.get(name.replace("_unit", "_amount")))
        if name in ("lasting_amount", "since"):
            return self.initial["mode"] != "happens"
        return bool(self.initial.get(name))

    def filled(self) -> dict[str, Any]:
        behavior = self.element
        opens, closes = pick(behavior.opens), _happening(behavior)
        return {
            "mode": opens.mode,
            **events_filled("opens", opens, ROOM["opens"]),
            "opens_party": opens.party,
            **time_filled("lasting", opens.lasting),
            "since": opens.since,
            **events_filled("closes", closes, ROOM["closes"]),
            "closes_party": closes.party,
            **self._chain(),
            **time_filled("within", behavior.within),
            **self._forgotten(),
            "so_that": behavior.so_that,
        }

    def _chain(self) -> dict[str, str]:
        said = [write_who(who, self.lists.map.owner) for who in self.element.owed_by.chain]
        if len(said) > CHAIN:
            said = [*said[: CHAIN - 1], ", else ".join(said[CHAIN - 1 :])]
        said += [""] * (CHAIN - len(said))
        return {f"owed_{number}": who for number, who in enumerate(said, 1)}

    def _forgotten(self) -> dict[str, Any]:
        first = {step.verb: step for step in reversed(self.element.if_forgotten)}
        self.others = [step for step in self.element.if_forgotten if step is not first[step.verb]]
        remind = first.get("remind")
        filled: dict[str, Any] = {"remind": round(remind.at_share * 100) if remind else None}
        for verb in ("escalate", "reassign"):
            step = first.get(verb)
            filled[f"{verb}_to"] = write_who(step.to, self.lists.map.owner) if step and step.to else ""
            filled |= time_filled(verb, step.after if step else None)
        return filled

    def choose(self) -> None:
        events, who = self.lists.events(), self.lists.who()
        nothing = {
            "opens_1": _("anything at all"),
            "closes_1": _("nothing yet"),
            "since": _("the last thing that happened"),
        }
        for name in ("opens_1", "opens_2", "since", "closes_1", "closes_2", "closes_3"):
            self.pick_event(name, events, nothing.get(name, _("nothing else")))
        for name in ("owed_1", "owed_2", "owed_3", "escalate_to", "reassign_to"):
            self.pick_from(name, who, _("nobody yet") if name == "owed_1" else _("nobody"))

    def entries(self, values: Values) -> dict[str, Written]:
        return {
            "opens": self._opens(values),
            "closes": EventPick("happens", events_picked("closes", values, 3), values["closes_party"]).phrase,
            "owed_by": ", else ".join(each for n in range(1, CHAIN + 1) if (each := values[f"owed_{n}"])),
            "within": time_said("within", values),
            "if_forgotten": self._steps(values),
            "so_that": " ".join(values["so_that"].split()),
        }

    def _opens(self, values: Values) -> str:
        picked, lasting = events_picked("opens", values, ROOM["opens"]), time_said("lasting", values)
        mode = values["mode"] or "happens"
        if mode == "happens" or not lasting:
            return EventPick("happens", picked, values["opens_party"]).phrase
        return EventPick(mode, picked, values["opens_party"], parse_within(lasting), values["since"]).phrase

    def _steps(self, values: Values) -> list[Written]:
        steps: list[str] = [f"remind at {write_percent(values['remind'] / 100)}"] if values["remind"] else []
        for verb in ("escalate", "reassign"):
            after = time_said(verb, values)
            if values[f"{verb}_to"]:
                steps.append(f"{verb} to {values[f'{verb}_to']}" + (f" after {after}" if after else ""))
        return [*steps, *(self._written(step) for step in self.others)]

    def _written(self, step: IfForgotten) -> str:
        return write_forgotten(step, self.lists.map.owner)


def _happening(behavior: Behavior) -> EventPick:
    """What closes it; a silence, which no list offers, stays as it is written."""
    closes = behavior.closes
    return EventPick(any_of=(closes.phrase,)) if closes.lasting else pick(closes)

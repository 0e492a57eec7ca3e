"""The small form of each element of a draft: what stands there, in pickers, and what it says in the words of the YAML.

A form compares what it was filled with and what came back, both in those words: only what differs is changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baton.map.elements import FIELD_TYPES, NOWHERE, PAGES, Cadence, Decision, Desk, Field, Handoff, Stage, page_meant
from baton.map.phrases import WEEKDAYS, write_cadence, write_percent, write_person
from baton.map.picking import EventPick, pick
from baton.map.schema import OperatingMap
from baton.map.writing import Written
from baton.web.map.choices import Lists, grouped_with_current, with_current
from baton.web.map.form_values import Values, events_filled, events_picked, split_lines, time_filled, time_said, units
from baton.web.map.wording import HOLDS

PROOFS = {"weight": _("the forecast"), "handoff": _("handoffs"), "commission": _("commission")}
PARTY = [("", _("anybody")), ("customer", _("the customer")), ("same customer", _("the same customer"))]


class ElementForm(forms.Form):
    """What can be said of one element. `more` is what is seldom said."""

    more: tuple[str, ...] = ()

    def __init__(self, data: Any, element: Any, lists: Lists) -> None:
        self.element, self.lists = element, lists
        super().__init__(data, initial=self.filled(), prefix="e")
        self.choose()

    def filled(self) -> dict[str, Any]:
        """What stands in the draft, as the fields of this form."""
        return {}

    def choose(self) -> None:
        """Give the pickers their choices."""

    def entries(self, values: Values) -> dict[str, Written]:
        """What these values say in the words of the YAML; "" for what is left out."""
        return {}

    def changed_entries(self) -> dict[str, Written]:
        """What was changed, in the words of the YAML."""
        was, now = self.entries(self.initial), self.entries(self.cleaned_data)
        return {name: value for name, value in now.items() if value != was[name]}

    def folded(self) -> tuple[str, ...]:
        """What is folded away."""
        return self.more

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name not in self.folded()]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name in self.folded()]

    def pick_from(self, name: str, choices: list[Any], none: Any = None) -> None:
        """Let one field be picked from these, and from what stands there now."""
        field: Any = self.fields[name]
        value = self.initial.get(name) or ""
        field.choices = [
            *([("", none)] if none is not None else []),
            *with_current(choices, value if isinstance(value, list) else [value]),
        ]

    def pick_event(self, name: str, choices: list[Any], none: Any = None) -> None:
        field: Any = self.fields[name]
        known = grouped_with_current(choices, [self.initial.get(name) or ""], self.lists)
        field.choices = [*([("", none)] if none is not None else []), *known]


class Percent(forms.NumberInput):
    """A share without the zeros that nobody writes."""

    def format_value(self, value: Any) -> str | None:
        return f"{value:g}" if isinstance(value, float) else super().format_value(value)


def several(label: Any, *, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False, label=label, help_text=help_text, widget=forms.CheckboxSelectMultiple
    )


def one_of(label: Any, *, required: bool = False, help_text: Any = "", choices: Any = ()) -> forms.ChoiceField:
    return forms.ChoiceField(required=required, label=label, help_text=help_text, choices=choices)


def lines(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(required=False, label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


class DeskForm(ElementForm):
    lead = one_of(_("Who leads it"), required=True)
    members = several(_("Who else sits there"))
    capture = forms.CharField(
        required=False, max_length=60, label=_("Mail to"), help_text=_("The part before the @, like “hello”.")
    )
    opens_deals = forms.BooleanField(required=False, label=_("What comes there opens a deal by itself"))
    more = ("capture", "opens_deals")
    element: Desk

    def filled(self) -> dict[str, Any]:
        desk, owner = self.element, self.lists.map.owner
        return {
            "lead": write_person(desk.lead, owner),
            "members": [write_person(each, owner) for each in desk.members if each != desk.lead],
            "capture": desk.capture,
            "opens_deals": desk.opens_deals,
        }

    def choose(self) -> None:
        self.pick_from("lead", self.lists.people(), _("nobody yet"))
        self.pick_from("members", [each for each in self.lists.people() if each[0] != self.initial["lead"]])

    def entries(self, values: Values) -> dict[str, Written]:
        capture = values["capture"].strip().removesuffix("@")
        return {
            "lead": values["lead"],
            "members": [
                each for each in _in_order(values["members"], self.initial["members"]) if each != values["lead"]
            ],
            "capture": f"{capture}@" if capture else "",
            "opens_deals": "yes" if values["opens_deals"] else "",
        }


class StageForm(ElementForm):
    desk = one_of(_("At which desk"), required=True)
    shown_1 = one_of(_("What shows it"), help_text=_("Without this it is only said."))
    shown_2 = one_of(_("or"))
    shown_party = one_of(_("From or to"), choices=PARTY)
    weight = forms.FloatField(
        required=False, min_value=0, max_value=100, label=_("Counts in the forecast, in %"),
        widget=Percent(attrs={"step": "any"}),
    )  # fmt: skip
    closes = one_of(_("With it the deal is"), choices=[("", _("still open")), ("won", _("won")), ("lost", _("lost"))])
    opens = one_of(_("Opens a linked deal at"))
    proof_for = forms.MultipleChoiceField(
        required=False,
        label=_("Must be shown for"),
        choices=list(PROOFS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    more = ("shown_2", "shown_party", "closes", "opens", "proof_for")
    element: Stage

    def filled(self) -> dict[str, Any]:
        stage, shown = self.element, pick(self.element.entered_by)
        return {
            "desk": stage.desk,
            **events_filled("shown", shown, 2),
            "shown_party": shown.party,
            "weight": None if stage.weight is None else float(f"{stage.weight * 100:.4f}"),
            "closes": stage.closes or "",
            "opens": stage.opens,
            "proof_for": list(stage.proof_for),
        }

    def choose(self) -> None:
        self.pick_from("desk", self.lists.desks(), _("none yet"))
        self.pick_from("opens", self.lists.desks(), _("no desk"))
        for name, none in (("shown_1", _("nothing yet")), ("shown_2", _("nothing else"))):
            self.pick_event(name, self.lists.events(proving=True), none)

    def entries(self, values: Values) -> dict[str, Written]:
        picked = events_picked("shown", values, 2)
        proofs = [each for each in PROOFS if each in values["proof_for"]]
        return {
            "desk": values["desk"],
            "entered_by": EventPick("happens", picked, values["shown_party"]).phrase,
            "weight": "" if values["weight"] is None else write_percent(values["weight"] / 100),
            "closes": values["closes"],
            "opens": f"linked deal at {values['opens']}" if values["opens"] else "",
            "proof_for": "" if len(proofs) == len(PROOFS) else [*proofs] or "nothing",
        }


class FieldForm(ElementForm):
    breaks = forms.CharField(
        required=False,
        max_length=400,
        label=_("What breaks when it is wrong"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    type = one_of(_("What it holds"), choices=[(each, HOLDS[each]) for each in FIELD_TYPES])
    choices = lines(_("What can be chosen"), _("One a line; only where it holds a choice."))
    caught_at = one_of(_("Caught at"))
    handoffs = several(_("Handoffs that carry it"))
    decisions = several(_("Decisions that read it"))
    fresh_for = forms.IntegerField(required=False, min_value=1, max_value=9999, label=_("Stays fresh for, in days"))
    heard_as = lines(_("Words that it goes by in mail"), _("One a line."))
    on = one_of(
        _("It belongs to"),
        choices=[("deal", _("the deal")), ("contact", _("the contact")), ("company", _("the company"))],
    )
    more = ("choices", "fresh_for", "heard_as", "on")
    element: Field

    def filled(self) -> dict[str, Any]:
        field, drawn = self.element, self.lists.map
        return {
            "breaks": field.breaks,
            "type": field.type,
            "choices": "\n".join(field.choices),
            "caught_at": field.caught_at,
            "handoffs": [each.key for each in drawn.handoffs.values() if field.key in each.carries],
            "decisions": [each.key for each in drawn.decisions.values() if field.key in each.reads],
            "fresh_for": field.fresh_for,
            "heard_as": "\n".join(field.heard_as),
            "on": field.on,
        }

    def choose(self) -> None:
        self.pick_from("caught_at", self.lists.stages(), _("nowhere in particular"))
        self.pick_from("handoffs", self.lists.handoffs())
        self.pick_from("decisions", self.lists.decisions())

    def entries(self, values: Values) -> dict[str, Written]:
        return {
            "type": values["type"],
            "on": "" if values["on"] == "deal" else values["on"],
            "choices": split_lines(values["choices"]),
            "caught_at": values["caught_at"],
            "breaks": " ".join(values["breaks"].split()),
            "fresh_for": f"{values['fresh_for']} days" if values["fresh_for"] else "",
            "heard_as": split_lines(values["heard_as"]),
        }


class HandoffForm(ElementForm):
    from_desk = one_of(_("Who passes on"), required=True)
    to_desk = one_of(_("Who accepts"), required=True)
    at = one_of(_("Leaves from"), required=True)
    accept_amount = forms.IntegerField(required=False, min_value=1, max_value=9999, label=_("Is answered within"))
    accept_unit = one_of(_("of"), choices=units())
    exceptions = lines(_("Exceptions that are expected"), _("One a line."))
    more = ("exceptions",)
    element: Handoff

    def filled(self) -> dict[str, Any]:
        handoff = self.element
        return {
            "from_desk": handoff.from_desk,
            "to_desk": handoff.to_desk,
            "at": handoff.at,
            **time_filled("accept", handoff.accept_within),
            "exceptions": "\n".join(handoff.exceptions),
        }

    def choose(self) -> None:
        for name in ("from_desk", "to_desk"):
            self.pick_from(name, self.lists.desks(), _("none yet"))
        self.pick_from("at", self.lists.stages(), _("none yet"))

    def entries(self, values: Values) -> dict[str, Written]:
        return {
            "from": values["from_desk"],
            "to": values["to_desk"],
            "at": values["at"],
            "accept_within": time_said("accept", values),
            "exceptions": split_lines(values["exceptions"]),
        }


class DecisionForm(ElementForm):
    who = several(_("Who decides"))
    every = one_of(
        _("How often"),
        choices=[
            ("day", _("every day")),
            ("week", _("every week")),
            ("month", _("every month")),
            ("quarter", _("every quarter")),
        ],
    )
    weekday = one_of(_("On"))
    day = forms.IntegerField(required=False, min_value=1, max_value=31, label=_("On day"))
    at = forms.TimeField(required=False, label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    reads = several(_("What it rests on"))
    page = one_of(_("Where it is taken"))
    more = ("day", "page")
    element: Decision

    def filled(self) -> dict[str, Any]:
        decision, every = self.element, self.element.every
        weekly = every.every == "week" and every.day is not None
        return {
            "who": [write_person(each, self.lists.map.owner) for each in decision.who],
            "every": every.every,
            "weekday": WEEKDAYS[every.day or 0] if weekly else "",
            "day": every.day if every.every != "week" else None,
            "at": every.at,
            "reads": list(decision.reads),
            "page": decision.page or NOWHERE,
        }

    def choose(self) -> None:
        self.pick_from("who", self.lists.people())
        self.pick_from("reads", self.lists.facts())
        days = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
        self.pick_from("weekday", list(zip(WEEKDAYS, days, strict=True)), _("any day"))
        pages = {
            "review": _("Review"),
            "forecast": _("Forecast"),
            "requests": _("Requests"),
            NOWHERE: _("outside Baton"),
        }
        self.pick_from("page", [(each, pages[each]) for each in (*PAGES, NOWHERE)])

    def entries(self, values: Values) -> dict[str, Written]:
        every = values["every"] or "week"
        day = values["day"] if every in ("month", "quarter") else None
        if every == "week" and values["weekday"]:
            day = WEEKDAYS.index(values["weekday"])
        usual = page_meant(self.element.key) or NOWHERE
        return {
            "who": [*_in_order(values["who"], self.initial["who"])],
            "every": write_cadence(Cadence(every, day, values["at"])),
            "reads": [*_in_order(values["reads"], self.initial["reads"])],
            "page": "" if values["page"] == usual else values["page"],
        }


def _in_order(picked: Iterable[str], before: list[str]) -> list[str]:
    """What stays keeps its order; what is new comes after it."""
    now = list(picked)
    return [each for each in before if each in now] + [each for each in now if each not in before]


class WholeForm(ElementForm):
    """The map itself."""

    business = forms.CharField(max_length=200, label=_("The business"))
    purpose = forms.CharField(
        max_length=400, label=_("What it wants from the map"), widget=forms.Textarea(attrs={"rows": 2})
    )
    deputy = one_of(_("The owner’s deputy"))
    review = forms.DateField(
        required=False,
        label=_("To be looked at again by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    element: OperatingMap

    def filled(self) -> dict[str, Any]:
        drawn = self.element
        return {
            "business": drawn.business,
            "purpose": drawn.purpose,
            "deputy": write_person(drawn.deputy, drawn.owner) if drawn.deputy else "",
            "review": drawn.review,
        }

    def choose(self) -> None:
        self.pick_from("deputy", self.lists.people(), _("nobody"))

    def entries(self, values: Values) -> dict[str, Written]:
        return {
            "business": " ".join(values["business"].split()),
            "purpose": " ".join(values["purpose"].split()),
            "deputy": values["deputy"],
            "review": values["review"].isoformat() if values["review"] else "",
        }

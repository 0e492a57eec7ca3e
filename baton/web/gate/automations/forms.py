"""The form of an automation: what can be picked for each part, and the entries of the map that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.gate.automations.telling import SOURCES, field_name
from baton.map.automations import SENDER, Automation
from baton.map.catalog import EVENTS
from baton.map.elements import BUILT_IN_FIELDS
from baton.map.events import phrases
from baton.map.phrases import ROLES
from baton.map.schema import OperatingMap
from baton.map.writing import Written

CONDITIONS, RELIANCES = 3, 4
TESTS = ("is", "is not", "over", "under", "known", "missing")
TEST_LABELS = {
    "is": gettext_lazy("is"),
    "is not": gettext_lazy("is not"),
    "over": gettext_lazy("is over"),
    "under": gettext_lazy("is under"),
    "known": gettext_lazy("is known"),
    "missing": gettext_lazy("is missing"),
}
UNITS = {
    "working hours": gettext_lazy("working hours"),
    "working days": gettext_lazy("working days"),
    "days": gettext_lazy("days"),
}
NOTHING = ("", "–")
PARTIES = ("deal owner", "desk lead", "manager", "owner")
NOT_RELIED = {"desk", "owner"}
Choices = list[tuple[str, Any]]


class BuildForm(forms.Form):
    """An automation as it is picked together. Each part that is left empty isn't there."""

    name = forms.CharField(max_length=80, label=gettext_lazy("Name"))
    when = forms.ChoiceField(label=gettext_lazy("When"))
    said = forms.CharField(max_length=160, required=False, label=gettext_lazy("Or in words of the map"))
    amount = forms.IntegerField(min_value=1, max_value=999, required=False, label=gettext_lazy("How long"))
    unit = forms.ChoiceField(required=False, label=gettext_lazy("In"), choices=[*UNITS.items()])
    way = forms.ChoiceField(required=False, label=gettext_lazy("It acts"))
    unanswered = forms.BooleanField(required=False, label=gettext_lazy("Nobody has written back since"))
    send_subject = forms.CharField(max_length=200, required=False, label=gettext_lazy("Subject"))
    send_text = forms.CharField(
        max_length=4000, required=False, label=gettext_lazy("Message"), widget=forms.Textarea(attrs={"rows": 6})
    )
    step = forms.CharField(max_length=300, required=False, label=gettext_lazy("What is to be done"))
    step_within = forms.CharField(max_length=40, required=False, label=gettext_lazy("Within"))
    step_by = forms.ChoiceField(required=False, label=gettext_lazy("By whom"))
    assign = forms.ChoiceField(required=False, label=gettext_lazy("The deal goes to"))
    duty = forms.CharField(max_length=400, required=False, label=gettext_lazy("What is owed"))
    duty_of = forms.ChoiceField(required=False, label=gettext_lazy("Who owes it"))
    handoff = forms.ChoiceField(required=False, label=gettext_lazy("Handoff"))
    confirm = forms.ChoiceField(required=False, label=gettext_lazy("Field to confirm"))
    call = forms.CharField(max_length=80, required=False, label=gettext_lazy("Name of the webhook"))
    tell = forms.CharField(max_length=400, required=False, label=gettext_lazy("What they are told"))
    tell_whom = forms.ChoiceField(required=False, label=gettext_lazy("Who is told"))
    limit = forms.IntegerField(min_value=1, max_value=500, label=gettext_lazy("At most so often a day"))
    held_by = forms.ChoiceField(required=False, label=gettext_lazy("By hand, this is"))
    so_that = forms.CharField(max_length=200, label=gettext_lazy("So that"))

    def __init__(self, *args: Any, drawn: OperatingMap, **more: Any) -> None:
        super().__init__(*args, **more)
        self.drawn = drawn
        fields, people = _fields(drawn), _people(drawn)
        for number in range(CONDITIONS):
            self._pick(f"if_field_{number}", [NOTHING, ("status", _("Status")), *fields], _("What must be so"))
            self._pick(f"if_test_{number}", [(one, TEST_LABELS[one]) for one in TESTS], _("How"))
            self.fields[f"if_value_{number}"] = forms.CharField(max_length=120, required=False, label=_("Value"))
        for number in range(RELIANCES):
            relied = [NOTHING, (SENDER, _("Sender")), *(one for one in fields if one[0] not in NOT_RELIED)]
            self._pick(f"on_field_{number}", relied, _("Fact"))
            days = forms.IntegerField(min_value=1, max_value=3650, required=False, label=_("At most so many days old"))
            self.fields[f"on_days_{number}"] = days
            self._pick(f"on_sure_{number}", _sure(), _("How sure"))
            self._pick(f"on_whom_{number}", [NOTHING, *people], _("Said by"))
        self._choose(fields, people)

    def _pick(self, name: str, choices: Choices, label: str) -> None:
        self.fields[name] = forms.ChoiceField(choices=choices, required=False, label=label)

    def _choose(self, fields: Choices, people: Choices) -> None:
        drawn = self.drawn
        dates = [(f"before {one.key}", _("before %(field)s") % {"field": one.name}) for one in _dates(drawn)]
        later = [("", _("at once")), ("later", _("later")), ("before its time", _("before its time")), *dates]
        chosen: Mapping[str, Choices] = {
            "when": [*_events(drawn), ("", _("as written below"))],
            "way": later,
            "step_by": [NOTHING, *people],
            "assign": [NOTHING, *people],
            "duty_of": [NOTHING, *people],
            "tell_whom": [NOTHING, *people],
            "handoff": [NOTHING, *((one.key, one.name) for one in drawn.handoffs.values())],
            "confirm": [NOTHING, *(one for one in fields if "." not in one[0])],
            "held_by": [NOTHING, *((one.key, one.name) for one in drawn.behaviors.values())],
        }
        for name, choices in chosen.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.required = False

    def clean(self) -> dict[str, Any]:
        """Ask for what sets it off, and for something that it does."""
        told = super().clean() or {}
        if not (told.get("when") or told.get("said")):
            self.add_error("when", _("Say what sets it off."))
        if not any(told.get(name) for name in DOES):
            self.add_error(None, _("Say what it does: fill in one of the parts below “It does”."))
        return told

    def entries(self, key: str) -> dict[str, Written]:
        """Return it as the entries of the map, each part that is empty as nothing."""
        told = self.cleaned_data
        when = told["said"] or told["when"]
        acts = f"{told['amount']} {told['unit']} {told['way']}" if told["way"] and told["amount"] else ""
        name = "" if told["name"] == key.replace("-", " ").capitalize() else told["name"]
        return {
            "name": name,
            "when": when,
            "acts": acts,
            "if": [*_conditions(told)],
            "do": _deeds(told),
            "relies_on": dict(_reliances(told)),
            "at_most": f"{told['limit']} a day",
            "held_by": told["held_by"],
            "so_that": told["so_that"],
        }

    @staticmethod
    def initial_of(each: Automation, written: Mapping[str, Any], drawn: OperatingMap) -> dict[str, Any]:
        """Return what the form holds for an automation that is there."""
        do, phrase = written["do"], each.when.phrase
        listed = phrase in dict(_events(drawn))
        found: dict[str, Any] = {
            "name": each.name, "when": phrase if listed else "", "said": "" if listed else phrase,
            "held_by": each.held_by,
            "limit": each.at_most, "so_that": each.so_that, "assign": do.get("assign", ""),
            "handoff": do.get("handoff", ""), "confirm": do.get("confirm", ""), "call": do.get("call", ""),
        }  # fmt: skip
        for deed, parts in GROUPED:
            found |= {name: do.get(deed, {}).get(part, "") for name, part in parts.items()}
        if each.acts:
            amount, _space, unit = str(each.acts.span).partition(" ")
            way = f"before {each.acts.field}" if each.acts.field else each.acts.way
            found |= {"amount": amount, "unit": unit if unit.endswith("s") else f"{unit}s", "way": way}
        return found | dict(_initial_conditions(each)) | dict(_initial_reliances(each, written))


DOES = ("send_text", "step", "assign", "duty", "handoff", "confirm", "call", "tell")
GROUPED: tuple[tuple[str, dict[str, str]], ...] = (
    ("send", {"send_subject": "subject", "send_text": "text"}),
    ("next_step", {"step": "what", "step_within": "within", "step_by": "by"}),
    ("duty", {"duty": "what", "duty_of": "owed_by"}),
    ("tell", {"tell": "what", "tell_whom": "who"}),
)


def _deeds(told: Mapping[str, Any]) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for deed, parts in GROUPED:
        first = next(name for name, part in parts.items() if part in {"text", "what"})
        if told[first]:
            found[deed] = {part: _lines(told[name]) for name, part in parts.items() if told[name]}
    return found | {name: told[name] for name in ("assign", "handoff", "confirm", "call") if told[name]}


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _conditions(told: Mapping[str, Any]) -> Iterator[str]:
    for number in range(CONDITIONS):
        field, test, value = (told[f"if_{part}_{number}"] for part in ("field", "test", "value"))
        if field:
            yield f"{field} {test}" if test in {"known", "missing"} else f"{field} {test} {value}"
    if told["unanswered"]:
        yield "unanswered"


def _reliances(told: Mapping[str, Any]) -> Iterator[tuple[str, Written]]:
    for number in range(RELIANCES):
        field, days, sure, whom = (told[f"on_{part}_{number}"] for part in ("field", "days", "sure", "whom"))
        if field:
            parts = {"fresh_for": f"{days} days" if days else "", "sure": sure or "confirmed", "said_by": whom}
            yield field, {name: part for name, part in parts.items() if part}


def _initial_conditions(each: Automation) -> Iterator[tuple[str, Any]]:
    yield "unanswered", any(one.test == "unanswered" for one in each.conditions)
    for number, one in enumerate(one for one in each.conditions if one.field):
        yield from ((f"if_{part}_{number}", getattr(one, part)) for part in ("field", "test", "value"))


def _initial_reliances(each: Automation, written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for number, one in enumerate(each.relies_on):
        told = written["relies_on"][one.field]
        yield f"on_field_{number}", one.field
        yield f"on_days_{number}", one.fresh_for
        yield f"on_sure_{number}", " or ".join(one.sure)
        yield f"on_whom_{number}", told.get("said_by", "")


def _events(drawn: OperatingMap) -> Iterator[tuple[str, Any]]:
    """Yield every phrase that can set something off, those of this map's own stages and fields among them."""
    sentences = {event.phrase: event.sentence for event in EVENTS.values()}
    for phrase in phrases():
        if not phrase.startswith("nothing"):
            yield phrase, sentences.get(phrase, phrase)
    for stage in drawn.stages.values():
        yield f"stage entered {stage.key}", _("a deal entered the stage %(stage)s") % {"stage": stage.name}
    for field in drawn.fields.values():
        yield f"fact confirmed {field.key}", _("%(field)s was confirmed") % {"field": field.name}
    quiet = {one.phrase for each in drawn.behaviors.values() for one in each.opens.each if one.kind == "quiet"}
    yield from ((phrase, phrase) for phrase in sorted(quiet))


def _fields(drawn: OperatingMap) -> Choices:
    found: list[tuple[str, Any]] = [(one.key, one.name) for one in drawn.fields.values() if one.on == "deal"]
    built_in = ((key, field_name(key, drawn)) for key in BUILT_IN_FIELDS if not key.startswith("company."))
    return [*built_in, *found]


def _dates(drawn: OperatingMap) -> Iterable[Any]:
    return [one for one in drawn.fields.values() if one.type == "date" and one.on == "deal"]


def _people(drawn: OperatingMap) -> Choices:
    leads = [(f"lead of {desk.key}", _("lead of %(desk)s") % {"desk": desk.name}) for desk in drawn.desks.values()]
    turns = [(f"{desk.key} in turn", _("%(desk)s in turn") % {"desk": desk.name}) for desk in drawn.desks.values()]
    return [*((role, ROLES[role]) for role in PARTIES), *leads, *turns]


def _sure() -> Choices:
    said = [(kind, _("said by %(source)s") % {"source": name}) for kind, name in SOURCES.items()]
    both = ("person or message", _("said by a colleague or in a message"))
    return [("", _("confirmed")), both, *said]


def pickers(form: BuildForm) -> dict[str, Any]:
    """Return the rows of the form that repeat."""
    conditions = [[form[f"if_{part}_{n}"] for part in ("field", "test", "value")] for n in range(CONDITIONS)]
    relied = [[form[f"on_{part}_{n}"] for part in ("field", "days", "sure", "whom")] for n in range(RELIANCES)]
    return {"conditions": conditions, "relied": relied}

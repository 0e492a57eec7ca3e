"""The one registry of names that deals may be filtered and sorted by. A name that isn't here reaches no query.

Names are those of the map's fields and of what every business has; each leads to an expression made here, never from
what a request says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal, FieldIndex
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.map.elements import BUILT_IN_FIELDS, Field, FieldType
from baton.map.schema import OperatingMap
from baton.members.models import Member

Type = Literal["text", "money", "number", "date", "moment", "yes/no", "choice", "member", "reference"]
Column = Literal["text", "number", "moment"]

OPERATORS: dict[Type, tuple[str, ...]] = {
    "text": ("has", "begins", "is", "empty", "filled"),
    "money": ("from", "to", "is", "empty", "filled"),
    "number": ("from", "to", "is", "empty", "filled"),
    "date": ("from", "to", "is", "empty", "filled"),
    "moment": ("from", "to", "empty", "filled"),
    "yes/no": ("is",),
    "choice": ("any", "none", "empty", "filled"),
    "member": ("any", "none", "empty", "filled"),
    "reference": ("any", "empty", "filled"),
}
"""What may be asked of each type, in words of the address: `amount.from=12k`, `owner.any=…`, `scope.empty=`."""

_TYPES: dict[FieldType, tuple[Type, Column]] = {
    "text": ("text", "text"),
    "long text": ("text", "text"),
    "number": ("number", "number"),
    "money": ("money", "number"),
    "date": ("date", "moment"),
    "time": ("text", "text"),
    "yes/no": ("yes/no", "number"),
    "choice": ("choice", "text"),
    "contact": ("text", "text"),
    "company": ("text", "text"),
    "member": ("text", "text"),
    "file": ("text", "text"),
    "hours": ("text", "text"),
    "items": ("text", "text"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A name to filter, sort and show by.

    `column` is a column of the deal, or of the typed index where `field` is one of the map's own. `choices` are
    (value, label) in the order of the map; a list sorts by that order.
    """

    name: str
    label: str
    type: Type
    column: str
    field: Field | None = None
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        return OPERATORS[self.type]

    def ordered(self, asked: QuerySet[Deal], *, descending: bool) -> tuple[QuerySet[Any], QuerySet[Any] | None]:
        """Return the deals that have a value as rows of (id, sort key), in order, and the ids of those that have none.

        The second is None where every deal has a value.
        """
        way = "-" if descending else ""
        if self.field:
            return self._ordered_by_index(asked, way)
        rows = asked.annotate(sort_key=self.key()).order_by(f"{way}sort_key", f"{way}pk").values_list("pk", "sort_key")
        if self.type == "choice" or not Deal._meta.get_field(self.column).null:
            return rows, None
        missing = {f"{self.column}__isnull": True}
        return rows.exclude(**missing), asked.filter(**missing).order_by(f"{way}pk").values_list("pk")

    def _ordered_by_index(self, asked: QuerySet[Deal], way: str) -> tuple[QuerySet[Any], QuerySet[Any]]:
        """The map's own fields are walked in the order of their typed index, which knows nothing of who sees what."""
        there = {"text__gt": ""} if self.column == "text" else {f"{self.column}__isnull": False}
        filled = FieldIndex.objects.filter(field=self.name, **there)
        rows = filled.filter(Exists(asked.filter(pk=OuterRef("record_id"))))
        rows = rows.annotate(sort_key=F(self.column)).order_by(f"{way}{self.column}", f"{way}record_id")
        empty = asked.exclude(pk__in=filled.values("record_id"))
        return rows.values_list("record_id", "sort_key"), empty.order_by(f"{way}pk").values_list("pk")

    def key(self) -> Combinable:
        """Return the expression that deals are put in order by."""
        if self.field:
            return Subquery(
                FieldIndex.objects.filter(record_id=OuterRef("pk"), field=self.name).values(self.column)[:1]
            )
        if self.type == "choice":
            cases = [When(**{self.column: value}, then=Value(place)) for place, (value, _l) in enumerate(self.choices)]
            return Case(*cases, default=Value(len(cases)), output_field=IntegerField())
        if self.column == "owner":
            return _place_by_name()
        return F(_SORTED_AS.get(self.column, self.column))

    @property
    def key_field(self) -> Any:
        """The type of the sort key, for reading a bookmark of a page back."""
        if self.field:
            return FieldIndex._meta.get_field(self.column)
        if self.type == "choice" or self.column == "owner":
            return BigIntegerField()
        if self.column in _SORTED_AS:
            return CharField()
        return Deal._meta.get_field(self.column)

    def holds(self, **lookups: Any) -> Q:
        """Return the condition that the column holds, for lookups named here: `holds(gte=12)`."""
        if self.field is None:
            return Q(**{f"{_FOLDED.get(self.column, self.column)}__{name}": value for name, value in lookups.items()})
        asked = {f"{self.column}__{name}": value for name, value in lookups.items()}
        return Q(pk__in=FieldIndex.objects.filter(field=self.name, **asked).values("record_id"))

    def is_filled(self) -> Q:
        """Return the condition that there is a value."""
        if self.field:
            there = Q(number__isnull=False) | Q(moment__isnull=False) | ~Q(text="")
            return Q(Exists(FieldIndex.objects.filter(there, record_id=OuterRef("pk"), field=self.name)))
        column = Deal._meta.get_field(self.column)
        if column.null:
            return Q(**{f"{self.column}__isnull": False})
        return ~Q(**{self.column: ""}) if isinstance(column, CharField) else Q(pk__isnull=False)


def _place_by_name() -> Case:
    """Return the place of a deal's owner among the members by name: no join, and few members."""
    members = sorted(Member.objects.values_list("pk", "name"), key=lambda one: (folded(one[1]), one[0]))
    cases = [When(owner=pk, then=Value(place)) for place, (pk, _name) in enumerate(members)]
    return Case(*cases, default=Value(len(cases)), output_field=IntegerField())


_FOLDED = {"title": "title_folded"}
_SORTED_AS = {
    "title": "title_folded",
    "company": "company__name_folded",
    "contact": "contact__name_folded",
}
"""Sorting by whose a deal is crosses into companies and contacts, whom every member sees; it shows nothing of them."""

_COLUMNS: tuple[tuple[str, Type], ...] = (
    ("title", "text"),
    ("company", "reference"),
    ("contact", "reference"),
    ("stage", "choice"),
    ("desk", "choice"),
    ("owner", "member"),
    ("amount", "money"),
    ("close_date", "date"),
    ("service", "text"),
    ("source", "text"),
)
_OWN = (
    ("status", gettext_lazy("Status"), "choice", "status"),
    ("shown", gettext_lazy("Stage is shown"), "yes/no", "shown"),
    ("next_step", gettext_lazy("Next step"), "text", "next_step"),
    ("next_step_at", gettext_lazy("Next step due"), "moment", "next_step_at"),
    ("stage_since", gettext_lazy("In this stage since"), "moment", "stage_since"),
    ("last_heard_at", gettext_lazy("Last heard"), "moment", "last_heard_at"),
    ("recorded_at", gettext_lazy("Opened"), "moment", "recorded_at"),
    ("category", gettext_lazy("Category"), "text", "category"),
)


def registry() -> dict[str, Listed]:
    """Return everything that may be filtered and sorted by under the map in force, by name."""
    operating_map, language = current_map(), get_language() or ""
    known = _made.get(language)
    if known is None or known[0] is not operating_map:
        known = _made[language] = (operating_map, _for_map(operating_map))
    return known[1]


_made: dict[str, tuple[OperatingMap, dict[str, Listed]]] = {}
"""The last registry made for each language, with the map that it was made for."""


def listed(name: str) -> Listed:
    """Return what goes by this name; raises `Refusal` for any other."""
    found = registry().get(name)
    if found is None:
        raise Refusal(_("There is nothing called “%(name)s” to filter or sort by.") % {"name": name[:60]})
    return found


def _for_map(operating_map: OperatingMap) -> dict[str, Listed]:
    found = [
        Listed(name, str(BUILT_IN_FIELDS[name].name), kind, name, choices=_choices(name, operating_map))
        for name, kind in _COLUMNS
    ]
    found += [
        Listed(name, str(label), kind, column, choices=_choices(name, operating_map))
        for name, label, kind, column in _OWN
    ]
    found += [_of_field(field) for field in operating_map.fields_on("deal")]
    return {one.name: one for one in found}


def _choices(name: str, operating_map: OperatingMap) -> tuple[tuple[str, str], ...]:
    if name == "stage":
        return tuple((stage.id, stage.name) for stage in operating_map.stages.values())
    if name == "desk":
        return tuple((desk.id, desk.name) for desk in operating_map.desks.values())
    if name == "status":
        return tuple((value, str(label)) for value, label in Deal.Status.choices if value != "void")
    return ()


def _of_field(field: Field) -> Listed:
    kind, column = _TYPES[field.type]
    choices = tuple((choice, choice) for choice in field.choices)
    return Listed(field.id, field.name, kind, column, field, choices)

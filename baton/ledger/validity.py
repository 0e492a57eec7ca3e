"""What the map can hold: a field that exists, of the type it says. Anything else is refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import UnionType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.clock import unstamp
from baton.kernel.verdict import Refusal
from baton.ledger.entries import runs
from baton.ledger.items import are_items
from baton.ledger.kinds import kind_named
from baton.map.current import map_version_numbered

if TYPE_CHECKING:
    from baton.ledger.entries import Entry, Key
    from baton.ledger.recording import Batch
    from baton.map.elements import Field
    from baton.map.schema import OperatingMap

MOST = 10**15
"""Of any number; minor units, if it is money."""
LEDGER_FIELDS = {"conflict_check", "quiet", "stale", "promise", "asked", "side_channel", "numbers"}
"""Fields of a deal that are neither columns nor the map's own."""


def refuse_invalid(entries: list[Entry], batch: Batch) -> None:
    """Raise `Refusal` for the first entry that the author may not write or the map can't hold."""
    operating_map = map_version_numbered(batch.map_version)
    permitted: set[Key] = set()
    rules: dict[tuple[str, str], Rule] = {}
    for key, theirs in runs(entries):
        row = None if key in batch.new else batch.rows[key]
        for entry in theirs:
            if entry.field in ASKED_EACH_TIME or key not in permitted:
                kind_named(entry.kind).permit(batch.by, row, entry).or_refuse()
                permitted.add(key)
            if entry.status != "dismissed":
                _refuse_wrong(entry, operating_map, rules)
            if entry.status == "confirmed" and entry.value:
                _refuse_far(entry, rules, batch.at)


ASKED_EACH_TIME = {"deal", "filed", "shows", "audience", "merged_into"}
"""Fields whose value decides whether they may be written; for any other, a record is asked about once."""


def _refuse_wrong(entry: Entry, operating_map: OperatingMap, rules: dict[tuple[str, str], Rule]) -> None:
    """Refuse a field that isn't known, or a value that it can't hold. What is asked of a field is looked up once."""
    named = entry.kind, entry.field
    rule = rules.get(named)
    if rule is None:
        rule = rules[named] = _rule(entry, operating_map)
    check, field = rule
    if check is None or entry.value is None:
        return
    problem = check(entry.value, operating_map, field)
    if problem:
        raise Refusal(problem)


FAR, FARTHEST = timedelta(days=20 * 365.25), timedelta(days=100 * 365.25)
"""From now: farther, a deal's own dates are slips of the hand; a lease or a warranty may run longer."""
MOMENTS = {("deal", "next_step"): "at", ("promise", "due_at"): "", ("deal", "close_date"): ""}


def _refuse_far(entry: Entry, rules: dict[tuple[str, str], Rule], at: datetime) -> None:
    """Refuse a year that nobody means, such as 9999. What was only read out of a message is asked about first."""
    named = entry.kind, entry.field
    part = MOMENTS.get(named)
    field = rules[named][1] if part is None and named in rules else None
    if part is None and (field is None or field.type != "date"):
        return
    told = entry.value.get(part) if part else entry.value
    latest = (at + (FAR if part is not None else FARTHEST)).date()
    if isinstance(told, str) and told[:10] > latest.isoformat():
        said = _("%(day)s is more than %(years)d years away. Write the year that is meant.")
        raise Refusal(said % {"day": told[:10], "years": 20 if part is not None else 100})


def _rule(entry: Entry, operating_map: OperatingMap) -> Rule:
    kind, field = kind_named(entry.kind), _map_field(entry, operating_map)
    known = entry.field in kind.landings or entry.field in LEDGER_FIELDS
    if not known and (not kind.open_fields or field is None):
        raise Refusal(_("The map has no field “%(field)s” for this.") % {"field": entry.field})
    return _CHECKS.get((entry.kind, entry.field)) or (_TYPES.get(field.type) if field else None), field


def _map_field(entry: Entry, operating_map: OperatingMap) -> Field | None:
    field = operating_map.fields.get(entry.field)
    return field if field and field.on == entry.kind else None


Check = Callable[[Any, "OperatingMap", "Field | None"], str]
Rule = tuple[Check | None, "Field | None"]


def _is_stage(value: Any, operating_map: OperatingMap, _field: Field | None) -> str:
    return (
        ""
        if isinstance(value, str) and value in operating_map.stages
        else _("The map has no stage “%(stage)s”.") % {"stage": value}
    )


def _is_desk(value: Any, operating_map: OperatingMap, _field: Field | None) -> str:
    return "" if not value or value in operating_map.desks else _("The map has no desk “%(desk)s”.") % {"desk": value}


def _is_money(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    good = isinstance(value, dict) and _is_within(value.get("minor"), int) and _is_currency(value.get("currency"))
    return "" if good else _("That is not an amount of money. Write it like 12,500 or 12.5k.")


def _is_within(value: Any, kind: type | UnionType) -> bool:
    """Say whether it is a number that every column holds: no yes or no, nor one that isn't finite."""
    return isinstance(value, kind) and not isinstance(value, bool) and abs(value) < MOST


def _is_currency(value: Any) -> bool:
    return not value or (isinstance(value, str) and bool(re.fullmatch("[A-Z]{3}", value)))


def _is_day(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    """Days are compared as text, so there is one way to write each."""
    good = _reads(date.fromisoformat, value) and bool(re.fullmatch(r"[1-9]\d{3}-\d\d-\d\d", value))
    return "" if good else _("That is not a date. Write it like 1 December 2026.")


def _is_moment(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    return "" if _reads(unstamp, value) else _("That is not a time. Write it like 1 December 2026 14:00.")


def _is_text(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    good = isinstance(value, str) and len(value) <= 20_000
    return "" if good else _("That is not a text, or longer than 20,000 characters.")


def _is_title(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    good = isinstance(value, str) and 0 < len(value.strip()) <= 300
    return "" if good else _("Give it a name of up to 300 characters.")


def _is_number(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    return "" if _is_within(value, int | float) else _("That is not a number.")


def _is_yes_or_no(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    return "" if isinstance(value, bool) else _("Say yes or no.")


def _is_choice(value: Any, _map: OperatingMap, field: Field | None) -> str:
    choices = field.choices if field else ()
    return "" if value in choices else _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}


def _is_person(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    told = [value.get("name"), value.get("id")] if isinstance(value, dict) else [value]
    good = any(told) and all(isinstance(one, str) and len(one) <= 20_000 for one in told if one)
    good = good or value == ""
    return "" if good else _("Say who: a name, or somebody Baton knows.")


def _is_status(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    return "" if value in {"open", "won", "lost", "done", "void"} else _("A deal is open, won, lost or done.")


def _is_commitment(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    good = isinstance(value, dict) and bool(value.get("what")) and value.get("who") in {"us", "them", "asked"}
    return "" if good else _("Say what was promised or asked, and by whom.")


def _are_items(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    return "" if are_items(value) else _("That is not a list of items, each proposed, approved or rejected.")


def _is_reference(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    return "" if _reads(UUID, value) else _("That record isn’t known.")


def _is_list(value: Any, _map: OperatingMap, _field: Field | None) -> str:
    good = isinstance(value, list) and len(value) <= 50 and all(isinstance(part, str) for part in value)
    return "" if good else _("That is not a list of addresses.")


def _reads(read: Callable[[str], Any], value: Any) -> bool:
    try:
        read(value)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


_TYPES: dict[str, Check] = {
    "text": _is_text,
    "long text": _is_text,
    "hours": _is_text,
    "items": _are_items,
    "time": _is_text,
    "number": _is_number,
    "money": _is_money,
    "date": _is_day,
    "yes/no": _is_yes_or_no,
    "choice": _is_choice,
    "contact": _is_person,
    "company": _is_person,
    "member": _is_person,
}
_CHECKS: dict[tuple[str, str], Check] = {
    ("deal", "promise"): _is_commitment,
    ("deal", "asked"): _is_commitment,
    ("deal", "stage"): _is_stage,
    ("deal", "desk"): _is_desk,
    ("deal", "offered_to"): _is_desk,
    ("deal", "amount"): _is_money,
    ("deal", "close_date"): _is_day,
    ("deal", "status"): _is_status,
    ("deal", "title"): _is_title,
    ("deal", "service"): _is_text,
    ("deal", "source"): _is_text,
    ("deal", "lost_reason"): _is_text,
    ("contact", "job"): _is_text,
    ("deal", "owner"): _is_reference,
    ("deal", "company"): _is_reference,
    ("deal", "contact"): _is_reference,
    ("company", "name"): _is_title,
    ("contact", "name"): _is_title,
    ("contact", "emails"): _is_list,
    ("contact", "phones"): _is_list,
    ("company", "domains"): _is_list,
    ("company", "emails"): _is_list,
    ("company", "phones"): _is_list,
    ("contact", "merged_into"): _is_reference,
    ("company", "merged_into"): _is_reference,
}

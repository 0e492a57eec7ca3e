"""Why two records may be one, in the words of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from baton.map.current import current_map


def reasons(told: Iterable[Sequence[str]]) -> list[str]:
    """Return what speaks for it, then what speaks against it, a few words each."""
    found = [_REASONS[code](detail) for code, detail in told if code in _REASONS]
    against = [_AGAINST[code](detail) for code, detail in told if code in _AGAINST]
    return [*dict.fromkeys(found), *dict.fromkeys(against)]


def _field(key: str) -> str:
    of_the_map = current_map().fields.get(key)
    return of_the_map.name if of_the_map else key


_REASONS = {
    "name": lambda detail: _("the same name"),
    "similar name": lambda detail: _("a similar name"),
    "same address": lambda detail: _("the same address %(address)s") % {"address": detail},
    "similar address": lambda detail: _("a similar address"),
    "same number": lambda detail: _("the same phone number"),
    "same domain": lambda detail: _("the same mail domain %(domain)s") % {"domain": detail},
    "same company": lambda detail: _("the same company"),
    "same field": lambda detail: _("the same in %(field)s") % {"field": _field(detail)},
    "similar field": lambda detail: _("nearly the same in %(field)s") % {"field": _field(detail)},
}
_AGAINST = {
    "other company": lambda detail: _("but another company"),
    "other field": lambda detail: _("but other in %(field)s") % {"field": _field(detail)},
    "father and son": lambda detail: _("but one is junior, one senior"),
}

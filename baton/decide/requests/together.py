"""What labels say together: one meaning, or why they contradict each other or keep a cell empty. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.decide.requests.periods import Span
from baton.decide.requests.words import Reading

UNKEPT_SAYS = {
    "target": gettext_lazy("“%(label)s”: Baton keeps no targets, budgets or plans."),
    "cost": gettext_lazy("“%(label)s”: costs, margins and profit stand in the books, not in Baton."),
    "headcount": gettext_lazy("“%(label)s”: Baton keeps no headcount."),
    "cash": gettext_lazy("“%(label)s”: cash and balances stand in the books, not in Baton."),
    "variance": gettext_lazy("“%(label)s” is a difference to something that Baton doesn’t keep."),
    "prior": gettext_lazy("“%(label)s” compares with something that Baton doesn’t keep."),
}


def problem(one: Reading) -> str:
    """Return why a label keeps a cell empty, or nothing."""
    if one.unplaced:
        return _("“%(label)s” counts months, and the sheet doesn’t say from when.") % {"label": one.text}
    if one.unkept:
        return UNKEPT_SAYS.get(one.unkept, _("Somebody said that this isn’t to be filled.")) % {"label": one.text}
    if not one.says and one.field:
        return ""
    if one.left:
        return _("Baton keeps nothing called “%(label)s”.") % {"label": one.text}
    return ""


def unsure(one: Reading) -> str:
    return _("“%(label)s” may mean more than one thing. Say which, and it is filled from then on.") % {
        "label": one.text
    }


def merged(readings: Sequence[Reading]) -> tuple[Reading, str]:
    """Return what labels say together, or why they contradict each other."""
    made = Reading(" / ".join(one.text for one in readings), sure=min((one.sure for one in readings), default=0.0))
    for one in readings:
        for name in ("base", "status", "currency"):
            new, old = getattr(one, name), getattr(made, name)
            if new and old and new != old:
                return made, _("Its labels ask for two different things.")
            setattr(made, name, old or new)
        for kind, value in one.about.items():
            if made.about.setdefault(kind, value) != value:
                return made, _("Its labels name two different people or things.")
        made.total |= one.total
        made.unit = one.unit if made.unit == 1 else made.unit
        if one.span and made.span and not _fits(made, one.span):
            return made, _("Its labels name two different times.")
        made.span = made.span or one.span
    return made, ""


def _fits(made: Reading, span: Span) -> bool:
    """Whether two spans are one: a year over a month gives it its year."""
    old = made.span
    if old is None or old == span:
        return True
    small, large = (old, span) if old.kind != "year" else (span, old)
    if large.kind != "year" or small.kind == "year" or (small.year and large.year and small.year != large.year):
        return False
    made.span = replace(small, year=large.year or small.year)
    return True


def is_bare_total(one: Reading) -> bool:
    """Whether a label says “total” and nothing else: of what, the others say."""
    return one.understood and one.total and not (one.base or one.status or one.span or one.about)

"""The rows of the list as HTML: a page has some four hundred cells, so they are drawn here and not in a template."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from baton.decide.deals import Cell, Line
from baton.decide.registry import Listed, registry
from baton.web import marks
from baton.web.addresses import address

EDITED = ("owner", "amount", "close_date", "next_step", "next_step_at", "service", "source", "category")
"""Columns of every business that are edited in place; so are the map's own fields. A stage is moved, not edited."""


def is_edited(one: Listed) -> bool:
    """Say whether a column is edited in place."""
    return bool(one.field) or one.name in EDITED


def edited() -> set[str]:
    """Return the names of all columns that are edited in place."""
    return {one.name for one in registry().values() if is_edited(one)}


def rows_html(lines: Iterable[Line]) -> list[SafeString]:
    """Return the rows of the table, each with a box to choose it by."""
    names = edited()
    return [_row(line, names) for line in lines]


def _row(line: Line, names: Collection[str]) -> SafeString:
    does = escape(_("Choose %(title)s") % {"title": line.title})
    box = f'<input class="box" type="checkbox" name="deal" value="{line.id}" data-key="X" aria-label="{does}">'
    cells = "".join(cell_html(line.id, line.title, line.shown, one, names) for one in line.cells)
    return mark_safe(f"<tr data-row><td>{box}</td>{cells}</tr>")  # noqa: S308 - each part is escaped


def cell_html(deal: UUID, title: str, shown: bool, cell: Cell, names: Collection[str]) -> SafeString:
    """Return one cell; those whose columns are in `names` are links to their input."""
    number = ' class="num"' if cell.name == "amount" else ""
    inside = _inside(deal, title, cell, names) + (_proof(shown) if cell.name == "stage" else "")
    return mark_safe(f'<td id="cell-{deal}-{cell.name}"{number}>{inside}</td>')  # noqa: S308 - each part is escaped


def _inside(deal: UUID, title: str, cell: Cell, names: Collection[str]) -> str:
    if cell.name == "title":
        return f'<a href="{address("deal", deal)}" data-open>{escape(cell.text)}</a>'
    if cell.name not in names:
        return escape(cell.text)
    href = address("deals-cell", deal, cell.name)
    text = escape(cell.text) if cell.text else _nothing()
    does = escape(_(", change it for %(title)s") % {"title": title})
    return (
        f'<a class="cell-edit" href="{href}" hx-get="{href}" hx-target="closest td" hx-swap="outerHTML" data-key="E">'
        f'{text}<span class="unseen">{does}</span></a>'
    )


def _nothing() -> str:
    return f'<span aria-hidden="true">·</span><span class="unseen">{escape(_("nothing yet"))}</span>'


def _proof(shown: bool) -> str:
    """Say whether something shows the stage."""
    mark = marks.evidence("shown", _("shown")) if shown else marks.evidence("said", _("said, not shown"))
    return f'<span class="cell-sub">{mark}</span>'

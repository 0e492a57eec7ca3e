"""Marks of report programs in a template (`{{item.Company}}`, `<<sum>>`): why each stays, and what would fill it.

Their programs put rows into a sheet, one for each record. Baton puts none in: formulas, formats, charts and names
below would have to move with them, and nothing else in a file is changed. So it says which rows, how many, and what
to do.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.decide.requests.grid import is_repeated, marked_name
from baton.decide.requests.periods import EPOCH
from baton.decide.requests.words import Names, read_label
from baton.decide.requests.workbook.book import Sheet
from baton.decide.requests.workbook.places import Area, Place, column_letters, ref, within

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Repeated:
    """What a program would repeat: the rows, how the template calls them, and the first cell that stands below."""

    rows: Area
    name: str
    below: Place | None


def why_marked(text: str, at: Place, sheet: Sheet, needed: int) -> str:
    """Return why a mark stays; `needed` is how many rows a list of deals would take."""
    told = {"text": text[:LONGEST], "name": marked_name(text)}
    if not told["name"]:
        return _("“%(text)s” is a command to another program. Put a formula or a label in its place.") % told
    one = read_label(told["name"], Names({}), EPOCH)
    if not (one.field or one.understood):
        return _("“%(text)s” is a mark of another program’s, and Baton keeps nothing called “%(name)s”.") % told
    if not is_repeated(text):
        return (
            _("“%(text)s” is a mark of another program’s for one record, and the sheet names none: put a deal’s name "
              "beside it.")
            % told
        )  # fmt: skip
    return _why_repeated(told, repeated(at, sheet), needed)


def _why_repeated(told: dict[str, str], one: Repeated, needed: int) -> str:
    said = told | {"rows": _rows(one), "count": needed}
    if one.below is None:
        return (
            _("“%(text)s”: its program repeats %(rows)s for each record. Baton does so under headers of deals: deal or "
              "company, stage, amount, close date.")
            % said
        )  # fmt: skip
    said |= {"below": ref(one.below)}
    return (
        ngettext(
            "“%(text)s”: its program repeats %(rows)s for each record. %(count)d row would be needed here, and Baton "
            "puts none in: what stands from %(below)s on would move. Leave it empty under the headers.",
            "“%(text)s”: its program repeats %(rows)s for each record. %(count)d rows would be needed here, and Baton "
            "puts none in: what stands from %(below)s on would move. Leave so many empty under the headers.",
            needed,
        )
        % said
    )


def _rows(one: Repeated) -> str:
    top, left, bottom, right = one.rows
    if one.name:
        corners = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
        return _("“%(name)s” (%(corners)s)") % {"name": one.name, "corners": corners}
    return _("row %(row)d") % {"row": top}


def repeated(at: Place, sheet: Sheet) -> Repeated:
    """Return what the program of a mark would repeat: the smallest named range that begins there, else the row."""
    held = [(area, name) for name, area in sheet.names.items() if within(at, area) and area[0] == at[0]]
    rows, name = min(held, key=lambda one: _size(one[0]), default=((at[0], at[1], at[0], at[1]), ""))
    full = (place for place, cell in sheet.cells.items() if cell.value is not None or cell.formula)
    return Repeated(rows, name, min((place for place in full if place[0] > at[0]), default=None))


def _size(area: Area) -> int:
    return (area[2] - area[0] + 1) * (area[3] - area[1] + 1)

"""Pages by cursor, and partial answers. A cursor is opaque, names the last row, and stays good whatever is added."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baton.gate.api.operations import Call, Parameter
from baton.gate.api.problems import wrong
from baton.gate.api.shapes import text
from baton.kernel.clock import stamp, unstamp

MOST, USUAL = 100, 50
LIMIT = Parameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "How many at most.", example=20
)
CURSOR = Parameter("cursor", text(1000), "`next` of the page before; leave it out for the first.")
FIELDS = Parameter("fields", text(1000), "Only these members, with commas between: `id,title,amount`.", example="id")
PAGE = (LIMIT, CURSOR)


def sealed(bookmark: str) -> str:
    """Return a cursor that holds a bookmark; nothing where there is no further page."""
    return base64.urlsafe_b64encode(bookmark.encode()).decode().rstrip("=") if bookmark else ""


def opened(call: Call) -> str:
    """Return the bookmark of the cursor that was sent; what is none is refused where it is read."""
    sent = call.one("cursor")
    try:
        return base64.b64decode(sent + "=" * (-len(sent) % 4), b"-_", validate=True).decode() if sent else ""
    except ValueError as broken:
        raise lost() from broken


def lost() -> Exception:
    """Return what is said of a cursor that leads nowhere."""
    return wrong(_("That page can’t be found any more. Start the list again."), "cursor")


def limit_of(call: Call) -> int:
    return int(call.one("limit", str(USUAL)))


def page(items: list[Any], bookmark: str) -> dict[str, Any]:
    """Return one page of a list."""
    return {"items": items, "next": sealed(bookmark) or None}


def walked(call: Call, rows: QuerySet[Any], by: str, draw: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    """Return a page of rows in the order of one moment and their id; with a minus the latest first."""
    column, descending = by.removeprefix("-"), by.startswith("-")
    bookmark, size = opened(call), limit_of(call)
    if bookmark:
        rows = rows.filter(_beyond(column, bookmark, "lt" if descending else "gt"))
    way = "-" if descending else ""
    found = list(rows.order_by(f"{way}{column}", f"{way}pk")[: size + 1])
    last = _bookmark(found[size - 1], column) if len(found) > size else ""
    return page(draw(found[:size]), last)


def _bookmark(row: Any, column: str) -> str:
    return json.dumps([stamp(getattr(row, column)), str(row.pk)])


def _beyond(column: str, bookmark: str, further: str) -> Q:
    try:
        moment, pk = json.loads(bookmark)
        at, last = unstamp(moment), UUID(pk)
        written = stamp(at)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as broken:
        raise lost() from broken
    if written != moment:  # no cursor of ours, and perhaps no moment that a database holds
        raise lost()
    return Q(**{f"{column}__{further}": at}) | Q(**{column: at, f"pk__{further}": last})


def wanted(call: Call, names: Iterable[str]) -> set[str] | None:
    """Return the members that were asked for; None for all. Raises 422 for one that there isn't."""
    asked = [one for one in call.one("fields").split(",") if one]
    known = set(names)
    for one in asked:
        if one not in known:
            raise wrong(_("There is no “%(name)s” here.") % {"name": one[:60]}, "fields")
    return set(asked) or None


def only(asked: set[str] | None, made: dict[str, Any]) -> dict[str, Any]:
    """Return the members that were asked for."""
    return made if asked is None else {name: value for name, value in made.items() if name in asked}


def moment(at: datetime | None) -> str | None:
    """Write a moment."""
    return stamp(at) if at else None


def key(one: UUID | None) -> str | None:
    """Write an id."""
    return str(one) if one else None

"""How a sheet is read: as it was the last time, else as its headers say; and its file, kept as it came."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from baton.capture.ingesting import Incoming, ingest_many, raws_of
from baton.capture.models import Connection, Delivery
from baton.capture.untrusted import Unreadable, parse_untrusted
from baton.channels.sheets.adapter import READ_SHEET, SECONDS, SHEETS
from baton.channels.sheets.columns import KINDS, Kind, fingerprint, guessed_kind, matched
from baton.channels.sheets.lexicon import Lexicon, own_fields
from baton.channels.sheets.models import Sheet
from baton.channels.sheets.reading import Table
from baton.channels.sheets.rows import RowReader
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map.current import current_map
from baton.members.models import Member

CALLER = "capture"
AMERICAN = {f"America/{city}" for city in ("New_York", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage")}
MONTH_FIRST = {"US", "PH", "FM", "PW"}


def keep(raw: bytes, *, by: Member, at: datetime) -> str:
    """Keep a file as it came, once, and return its digest: the same bytes dropped again are the same delivery."""
    digest = hashlib.sha256(raw).hexdigest()
    key = f"{by.pk}:{digest}"
    [taken] = ingest_many([Incoming(SHEETS, key, raw, as_member=by, live=False)], at=at)
    Delivery.objects.unscoped(CALLER).filter(pk=taken.delivery.pk).update(state=Delivery.State.READ, due_at=None)
    return digest


def raw_of(digest: str, by: Member) -> bytes:
    """Return the bytes of a kept file."""
    row = Delivery.objects.unscoped(CALLER).filter(channel=SHEETS, key=f"{by.pk}:{digest}").first()
    if row is None:
        raise Refusal(_("The file is no longer here. Drop it again."))
    return raws_of([row])[row.pk]


def read(raw: bytes, which: int = -1) -> Table:
    """Read a sheet in the limited child. Raises `Refusal` with what is wrong with it."""
    try:
        return parse_untrusted(READ_SHEET, raw, seconds=SECONDS, which=which)
    except Unreadable as why:
        raise Refusal(str(why)) from why


def known_sheet(
    table: Table, *, kind: str = "", by: Member, at: datetime, connection: Connection | None = None
) -> Sheet:
    """Return the sheet with these headers, as it was read last; the first time it is matched by its headers."""
    print_ = fingerprint(table.heads)
    there = Sheet.objects.filter(connection=connection)
    if connection is None:
        there = there.filter(fingerprint=print_, **({"kind": kind} if kind else {}))
    sheet = there.order_by("-used_at").first()
    if sheet is not None and sheet.fingerprint == print_:
        return sheet
    chosen = _kind(kind, sheet, table)
    columns = {str(column): name for column, name in matched(table.heads, chosen, own_fields(chosen)).items()}
    if sheet is None:
        sheet = Sheet(connection=connection)
    sheet.fingerprint, sheet.kind, sheet.heads, sheet.columns = print_, chosen, table.heads, columns
    sheet.chosen_by, sheet.used_at = by, at
    with writing():
        sheet.save()
    return sheet


def _kind(kind: str, sheet: Sheet | None, table: Table) -> Kind:
    wanted = kind or (sheet.kind if sheet else "")
    return next((one for one in KINDS if one == wanted), None) or guessed_kind(table.heads)


def reader_for(sheet: Sheet, table: Table) -> RowReader:
    """Return what reads the rows of this sheet under the map in force."""
    lexicon = Lexicon.today(sheet.words)
    columns = {int(column): name for column, name in sheet.columns.items()}
    return RowReader(kind_of(sheet), columns, lexicon, table.seen, sheet.settings.get("order") or usual_order())


def kind_of(sheet: Sheet) -> Kind:
    """Return the kind of a sheet."""
    return next(one for one in KINDS if one == sheet.kind)


def usual_order() -> str:
    """Return whether the day or the month comes first where the business is, for dates that don't give it away."""
    hours = current_map().hours
    return "md" if str(hours.tz) in AMERICAN or hours.holidays in MONTH_FIRST else "dm"

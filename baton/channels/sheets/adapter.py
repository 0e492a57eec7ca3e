"""Spreadsheets as a channel: which function reads one in the limited child, and what may come back from it."""

from __future__ import annotations

from baton.capture.channels import Channel, register
from baton.capture.untrusted import allow

SHEETS = "sheets"
SECONDS = 90.0
"""Two hundred thousand rows take about ten on two busy cores."""
READ_SHEET = allow("baton.channels.sheets.reading.read_sheet", answers=["baton.channels.sheets.reading.Table"])


def register_sheets() -> None:
    """Let capture run imports of sheets; called once at start."""
    from baton.channels.sheets.importing import bring_in

    register(Channel(SHEETS, bring_in=bring_in))

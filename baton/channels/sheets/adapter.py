"""Spreadsheets as a channel: which function reads one in the limited child, how one is imported, and heard again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.capture.channels import Channel, Line, register
from baton.capture.untrusted import allow

SHEETS = "sheets"
SECONDS = 90.0
"""Two hundred thousand rows take about ten on two busy cores."""
READ_SHEET = allow("baton.channels.sheets.reading.read_sheet", answers=["baton.channels.sheets.reading.Table"])


def register_sheets() -> None:
    """Let capture run imports of sheets, and read again those that lie at an address; called once at start."""
    from baton.channels.sheets import importing, listening

    line = Line(
        title=_("Sheets"),
        sentence=_("A spreadsheet at an address, read every hour: what changed in it comes in as said."),
        form="baton.channels.sheets.settings.SheetForm",
        test=listening.test,
        own=True,
        shared=True,
        hear=listening.hear,
        every=listening.EVERY,
        icon="file-spreadsheet",
    )
    register(Channel(SHEETS, bring_in=importing.bring_in, line=line))

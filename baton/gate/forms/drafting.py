"""What becomes of an enquiry: a deal as the map says, its source a fact; with signs of spam a place in Inbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from baton.capture.arrival import Arrival
from baton.capture.drafting import Draft, Sorter
from baton.capture.models import Delivery
from baton.gate.forms.adapter import FORM
from baton.gate.forms.reading import source_of
from baton.ledger.entries import Entry


def draft(sorter: Sorter, delivery: Delivery, read: Any) -> Draft:
    """Return what becomes of one enquiry."""
    suspect = delivery.evidence.get("suspect", "")
    if suspect:
        return _for_inbox(sorter, delivery, read, suspect)
    made = sorter.draft(delivery, read)
    if isinstance(read, Arrival):
        made.entries = [told for entry in made.entries for told in _told(entry, read, delivery)]
    return made


def _for_inbox(sorter: Sorter, delivery: Delivery, read: Any, suspect: str) -> Draft:
    """Nothing is opened, filed or read out of it before a person had a look."""
    desk, delivery.desk, recipient, delivery.recipient = delivery.desk, delivery.desk, delivery.recipient, ""
    made = sorter.draft(delivery, read)
    delivery.desk, delivery.recipient = desk, recipient
    if made.interaction is not None:
        made.interaction.filed = None
        made.interaction.unfiled_because = _("It may be spam. %(why)s") % {"why": suspect}
        made.entries, made.keys = [], []
        sorter.placed[:] = [placed for placed in sorter.placed if placed[0] is not made]
    return made


def _told(entry: Entry, read: Arrival, delivery: Delivery) -> list[Entry]:
    """Say with the deal how the visitor came, with the contact their telephone, in the enquiry's own words."""
    if entry.kind == "deal" and entry.field == "source":
        return [
            replace(entry, value=source_of(read.parts, delivery.recipient)[:120], words=_evidence(read), reader=FORM)
        ]
    if entry.kind == "contact" and entry.field == "emails" and read.parts.get("phone"):
        return [entry, replace(entry, field="phones", value=[read.parts["phone"]], key=None)]
    return [entry]


def _evidence(read: Arrival) -> str:
    """Return what the visitor's browser told of where they came from, letter for letter."""
    came = read.parts.get("came_from") or {}
    said = [came.get("referrer", ""), urlencode(came.get("campaign") or {}), came.get("page", "")]
    return " ".join(filter(None, said))[:400]

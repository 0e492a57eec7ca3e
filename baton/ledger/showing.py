"""What an interaction can be the evidence of. Pure: no channel and no person can make it show more.

A person who reads a message may say that it holds a yes, a booking, a quote. Whether a message of its kind can
show that at all is decided here, from what was captured: its direction, its files, how its sender was known.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from baton.kernel.verdict import Verdict
from baton.ledger.happenings import MEETING, TRUSTED_OUT
from baton.ledger.models import Interaction

WRITTEN = {"email", "text", "chat", "document"}


def may_show(interaction: Interaction, kind: str) -> Verdict:
    """Return whether this interaction can show such a happening (`approval`, `document.out`), and why not."""
    if interaction.automatic:
        return Verdict.refuse(_("That was sent automatically, so it shows nothing."))
    rule = _RULES.get(kind)
    if rule is None:
        return Verdict.refuse(_("Baton finds this by itself; nobody can say that a message shows it."))
    return rule(interaction)


def _approval(interaction: Interaction) -> Verdict:
    if interaction.direction == "in" and interaction.kind in WRITTEN:
        return Verdict.allow()
    return Verdict.refuse(
        _("A yes in writing is something the customer wrote: an email, a text, a chat or a document.")
    )


def _document_in(interaction: Interaction) -> Verdict:
    if interaction.direction == "in" and _has_document(interaction):
        return Verdict.allow()
    return Verdict.refuse(_("No document came in with this."))


def _document_out(interaction: Interaction) -> Verdict:
    if not _ours(interaction):
        return Verdict.refuse(_("Only what went out from us, and can be shown to come from us, is a document sent."))
    if not _has_document(interaction):
        return Verdict.refuse(_("No document went out with this."))
    return Verdict.allow()


def _meeting_held(interaction: Interaction) -> Verdict:
    if interaction.kind == MEETING and not {"planned", "cancelled"} & interaction.parts.keys():
        return Verdict.allow()
    return Verdict.refuse(_("Only a meeting that took place shows that one was held."))


def _meeting_planned(interaction: Interaction) -> Verdict:
    if interaction.kind == MEETING or _agreed_in_writing(interaction):
        return Verdict.allow()
    return Verdict.refuse(_("A calendar entry or a message in writing shows that a meeting is planned."))


def _start_booked(interaction: Interaction) -> Verdict:
    if interaction.kind == MEETING or _agreed_in_writing(interaction):
        return Verdict.allow()
    return Verdict.refuse(_("A calendar entry or a message in writing shows that a start is booked."))


def _work_done(interaction: Interaction) -> Verdict:
    if _has_document(interaction) or (interaction.direction == "in" and interaction.kind in WRITTEN):
        return Verdict.allow()
    return Verdict.refuse(_("A job sheet, or the customer’s own words, show that the work is done."))


def _payment_in(interaction: Interaction) -> Verdict:
    if interaction.direction != "out" and _has_document(interaction):
        return Verdict.allow()
    return Verdict.refuse(_("A statement or a remittance with its document shows a payment."))


def _agreed_in_writing(interaction: Interaction) -> bool:
    return interaction.kind in WRITTEN and (interaction.direction == "in" or _ours(interaction))


def _ours(interaction: Interaction) -> bool:
    return interaction.direction == "out" and interaction.trust in TRUSTED_OUT


def _has_document(interaction: Interaction) -> bool:
    return interaction.files_count > 0


_RULES: dict[str, Callable[[Interaction], Verdict]] = {
    "approval": _approval,
    "document.in": _document_in,
    "document.out": _document_out,
    "meeting.held": _meeting_held,
    "meeting.planned": _meeting_planned,
    "start.booked": _start_booked,
    "work.done": _work_done,
    "payment.in": _payment_in,
}

"""Evidence that a person picks: which message shows the event that a duty waits for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Interaction
from baton.ledger.recording import record
from baton.ledger.showing import may_show
from baton.members.models import Member
from baton.work.looking import deal_seen_by

Closer = tuple[str, str]
LOOKED_AT = 200


def could_show(deal: Deal, closers: Iterable[Closer], *, by: Member, limit: int = 20) -> list[Interaction]:
    """Return the interactions on a deal that could show one of these events, newest first."""
    wanted = list(closers)
    rows = Interaction.objects.visible_to(by).filter(deal=deal.pk, readable=True, automatic="")
    newest = rows.order_by("-happened_at", "-id")[:LOOKED_AT]
    return [row for row in newest if any(may_show(row, kind).answer == "allow" for kind, _detail in wanted)][:limit]


def show_event(
    deal: Deal, closers: Iterable[Closer], *, evidence: UUID, by: Member, at: datetime, channel: str = "screen"
) -> Interaction:
    """Say that an interaction shows one of these events (kind and detail). Refuses what can't show any of them."""
    seen = deal_seen_by(by, deal.pk)
    picked = Interaction.objects.visible_to(by).filter(pk=evidence, deal=seen.pk, readable=True).first()
    if picked is None:
        raise Refusal(_("That message isn’t on this deal, or you can’t read it."))
    kind, detail = _shown(picked, list(closers))
    entry = Entry("interaction", picked.pk, "shows", {"kind": kind, "detail": detail})
    return record([entry], by=Author(by, channel), at=at).row("interaction", picked.pk)


def _shown(picked: Interaction, closers: list[Closer]) -> Closer:
    because = _("Nothing that this waits for can be shown by a message.")
    for kind, detail in closers:
        verdict = may_show(picked, kind)
        if verdict.answer == "allow":
            return kind, detail
        because = verdict.because
    raise Refusal(because)

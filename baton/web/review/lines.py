"""A decision said in one line; and a deal that wasn't in Baton, captured on the spot."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.channels.quick.chips import Chip
from baton.channels.quick.drafts import Line, Source
from baton.channels.quick.saving import save
from baton.decide.review import deciding, reviews
from baton.decide.review.capturing import begin_deal
from baton.decide.review.models import Review
from baton.kernel.clock import now
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.quick.reading import chips_of
from baton.web.quick.rows import chips_from
from baton.web.review.meeting import address
from baton.web.review.page import review_of


@require_POST
def lines(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record what was said of the deal that is talked about; without one, begin the deal that the line names."""
    review, member = review_of(request, pk), request.user
    assert isinstance(member, Member)
    text = request.POST.get("line", "").strip()[:2000]
    if not text:
        raise Refusal(_("Say it in a few words."))
    wanted = request.POST.get("deal", "")
    return _said(request, review, member, text, UUID(wanted)) if wanted else _captured(request, review, member, text)


def _said(request: HttpRequest, review: Review, member: Member, text: str, deal_id: UUID) -> HttpResponse:
    deal = deciding.deal_in(review, deal_id, member)
    decided_by = deciding.who_decided(review, request.POST.get("decided_by", ""), member)
    source = Source(deciding.CHANNEL, review.pk, deciding.parts_of(review, deal, decided_by))
    line = Line(
        text, _chips(request, text, member, deal), _key(request), now(), deal=deal.pk, kind="note", said_in=source
    )
    saved = save(line, by=member, at=now())
    if not saved.already:
        reviews.talked_about(review, deal.pk, at=now(), decided=1)
    if saved.left_out:
        messages.add_message(
            request, messages.INFO, _("Kept as a note. %(why)s") % {"why": saved.left_out}, extra_tags="faded"
        )
    return redirect(address(review, deal.pk))


def _captured(request: HttpRequest, review: Review, member: Member, text: str) -> HttpResponse:
    """A deal that isn't in Baton can't be talked about, so it is begun here, marked, and counted."""
    reviews.refuse_stranger(review, member)
    chips = chips_of(text, member=member, deal=None, at=now())
    known = next((chip for chip in chips if chip.kind == "deal" and "id" in chip.value), None)
    if known:
        sentence = _("%(deal)s is in Baton already.") % {"deal": known.label}
        messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
        return redirect(address(review, UUID(known.value["id"])))
    deal = begin_deal(review, text, by=member, at=now())
    source = Source(deciding.CHANNEL, review.pk, {"decision": review.decision, "side_channel_deal": True})
    chips = chips_of(text, member=member, deal=deal, at=now())
    save(Line(text, chips, _key(request), now(), deal=deal.pk, kind="note", said_in=source), by=member, at=now())
    sentence = _("%(deal)s wasn’t in Baton. Now it is, marked as a deal that was talked about beside it.")
    messages.add_message(request, messages.INFO, sentence % {"deal": deal.title}, extra_tags="faded")
    return redirect(address(review, deal.pk))


def _chips(request: HttpRequest, text: str, member: Member, deal: Deal) -> tuple[Chip, ...]:
    if request.POST.get("read_of", "").strip() == text:
        return chips_from(request.POST, current_map())
    return chips_of(text, member=member, deal=deal, at=now())


def _key(request: HttpRequest) -> str:
    return request.POST.get("key", "")[:100] or str(uuid7())

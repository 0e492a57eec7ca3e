"""What a person does with a message that waits: file it, open a deal from it, keep it aside, leave its sender out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.capture import inbox as waiting_room
from baton.capture.models import Delivery
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.models import Company, Contact, Deal, Interaction
from baton.ledger.recording import Batch
from baton.members.models import Member
from baton.web.inbox.page import next_after
from baton.web.notices import linked
from baton.web.redirects import onward

MODELS: dict[str, Any] = {"deal": Deal, "contact": Contact, "company": Company}


def _asked(request: HttpRequest, pk: UUID) -> tuple[Interaction, Member]:
    assert isinstance(request.user, Member)
    row = Interaction.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row, request.user


@require_POST
def inbox_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """File the message, and the rest of its conversation, where the person says; `new` opens a deal from it."""
    row, member = _asked(request, pk)
    chosen = request.POST.get("place", "")
    if chosen == "new":
        return _opened(request, row, member)
    kind, _colon, key = chosen.partition(":")
    place = _place(kind, key, member)
    waiting_room.file(row, by=member, at=now(), **{kind: place})
    _tell(request, linked(_("Filed with %s."), reverse(kind, args=[place.pk]), place))
    return redirect(onward(request) or next_after(pk, member))


def _place(kind: str, key: str, member: Member) -> Any:
    model = MODELS.get(kind)
    try:
        found = model.objects.visible_to(member).filter(pk=UUID(key)).first() if model else None
    except ValueError:
        found = None
    if found is None:
        raise Refusal(_("Choose where it belongs: a deal, a contact, a company, or a new deal."))
    return found


@require_POST
def inbox_deal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a deal from the message: contact, company and deal at the desk where enquiries begin."""
    row, member = _asked(request, pk)
    return _opened(request, row, member)


def _opened(request: HttpRequest, row: Interaction, member: Member) -> HttpResponse:
    batch = waiting_room.open_deal(row, by=member, at=now(), title=request.POST.get("title", "").strip())
    deal = _deal_of(batch)
    _tell(request, linked(_("Opened %s."), reverse("deal", args=[deal.pk]), deal))
    return redirect(next_after(row.pk, member))


def _deal_of(batch: Batch) -> Any:
    return next(row for (kind, _id), row in batch.rows.items() if kind == "deal")


@require_POST
def inbox_conflict_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that somebody checked for conflicts of interest, and what came of it."""
    row, member = _asked(request, pk)
    cleared = request.POST.get("outcome") == "cleared"
    because = request.POST.get("because", "").strip()
    waiting_room.record_conflict_check(row, cleared=cleared, because=because, by=member, at=now())
    _tell(
        request, _("No conflict: a deal may open.") if cleared else _("A conflict is recorded; no deal opens from it.")
    )
    return redirect(f"/inbox/?m={row.pk}")


@require_POST
def inbox_set_aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the message without filing it; posted with `back`, put it into Inbox again."""
    row, member = _asked(request, pk)
    if request.POST.get("back"):
        waiting_room.bring_back(row, by=member, at=now())
        return redirect(f"/inbox/?m={row.pk}")
    waiting_room.set_aside(row, by=member, at=now())
    onward = next_after(pk, member)
    return redirect(f"{onward}{'&' if '?' in onward else '?'}kept={row.pk}")


@require_POST
def delivery_putting_away(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take what couldn't be read out of Inbox. Its raw bytes stay."""
    assert isinstance(request.user, Member)
    delivery = Delivery.objects.visible_to(request.user).parked().filter(pk=pk).first()
    if delivery is None:
        raise Http404
    waiting_room.put_away(delivery)
    _tell(request, _("Put away. It stays as it came."))
    return redirect("inbox")


@require_POST
def inbox_silence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave out for good what this sender writes to the member's mailbox, and set this message aside."""
    row, member = _asked(request, pk)
    sender = _other_side(row)
    waiting_room.never_record(sender, by=member, at=now())
    waiting_room.set_aside(row, by=member, at=now())
    _tell(request, _("Nothing more from %(sender)s is recorded.") % {"sender": sender})
    return redirect(next_after(pk, member))


def _other_side(row: Interaction) -> str:
    """Return whose mail it is that isn't wanted: of a message that was sent, whom it went to."""
    to = [one.get("address", "") for one in row.parts.get("to", [])]
    return next(filter(None, to), "") if row.direction == "out" else row.from_address


def _tell(request: HttpRequest, sentence: str) -> None:
    notices.add_message(request, notices.INFO, sentence, extra_tags="hand")

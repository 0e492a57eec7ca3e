"""What is on its way from a deal: waiting with its undo, not sent, perhaps sent; and what can be done about each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.capture import outbox
from baton.capture.models import Outgoing
from baton.kernel import words
from baton.kernel.clock import now
from baton.members.models import Member
from baton.web.deal.answers import changed
from baton.web.deal.seen import DealSeen, see

SOON = timedelta(minutes=2)
SHOWN_FOR = timedelta(days=14)
State = Outgoing.State


@dataclass(slots=True)
class Leaving:
    """One mail on its way. `acts` are (address, label, kind); `anew` is where what was typed is given back."""

    subject: str
    to: str
    state: str
    sentence: str
    tone: str
    acts: list[tuple[str, str, str]] = field(default_factory=list)
    anew: str = ""
    soon: bool = False


def outgoing_of(seen: DealSeen) -> list[Leaving]:
    """Return what this member sent from the deal and isn't there yet, newest first."""
    rows = Outgoing.objects.visible_to(seen.member).filter(deal=seen.deal.pk, asked_at__gte=seen.now - SHOWN_FOR)
    return [_leaving(row, seen) for row in rows.exclude(state=State.SENT).order_by("-asked_at")[:10]]


def _leaving(row: Outgoing, seen: DealSeen) -> Leaving:
    told = Leaving(str(row.body.get("subject", "")), row.to, row.state, _sentence(row, seen), _tone(row))
    told.soon = row.state == State.WAITING and row.due_at is not None and row.due_at < seen.now + SOON
    if row.state == State.WAITING:
        told.acts = [(reverse("outgoing-withdrawal", args=[row.pk]), _("Take it back"), "")]
        return told
    if row.state in {State.FAILED, State.UNSURE}:
        told.acts = [(reverse("outgoing-repeat", args=[row.pk]), _("Send again"), "")]
    if "typed" in row.body:
        told.anew = f"{reverse('deal-email', args=[seen.deal.pk])}?again={row.pk}"
    told.acts.append((reverse("outgoing-removal", args=[row.pk]), _("Leave it"), "plain"))
    return told


def _sentence(row: Outgoing, seen: DealSeen) -> str:
    if row.state == State.WAITING:
        when = words.when(row.due_at, seen.now) if row.due_at else ""
        if row.last_error:
            return _("Not sent yet, tried again %(when)s: %(why)s") % {"when": when, "why": row.last_error}
        return _("Goes out %(when)s.") % {"when": when}
    if row.state == State.UNSURE:
        told = {"why": row.because}
        return _("Perhaps sent. %(why)s Look whether it is in your Sent folder before you send it again.") % told
    if row.state == State.TAKEN_BACK:
        return _("Taken back. What you typed is kept.")
    return _("Not sent. %(why)s") % {"why": row.because}


def _tone(row: Outgoing) -> str:
    return {State.FAILED: "late", State.UNSURE: "faded", State.TAKEN_BACK: "faded"}.get(State(row.state), "hand")


@require_safe
def deal_outgoing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer whoever waits on the page: nothing while it is still on its way, the page's parts once it has gone."""
    seen = see(request, pk)
    if any(one.soon for one in outgoing_of(seen)):
        return HttpResponse(status=204)
    from baton.web.deal.page import deal_context

    return render(request, "baton/deal/changed.html", deal_context(request, pk) | {"said": False})


@require_POST
def outgoing_withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what hasn't gone out yet; what was typed is kept."""
    row = _own(request, pk)
    outbox.take_back(row)
    messages.add_message(request, messages.INFO, _("Taken back. Nothing was sent."), extra_tags="hand")
    return changed(request, _deal_of(row))


@require_POST
def outgoing_repeat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send once more what failed, or may have."""
    row = _own(request, pk)
    outbox.send_again(row, now())
    messages.add_message(request, messages.INFO, _("It is sent once more."), extra_tags="hand")
    return changed(request, _deal_of(row))


@require_POST
def outgoing_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Drop what didn't go out and no longer has to."""
    row = _own(request, pk)
    outbox.forget(row)
    return changed(request, _deal_of(row))


def _own(request: HttpRequest, pk: UUID) -> Outgoing:
    assert isinstance(request.user, Member)
    row = Outgoing.objects.visible_to(request.user).filter(pk=pk, deal__isnull=False).first()
    if row is None:
        raise Http404
    return row


def _deal_of(row: Outgoing) -> UUID:
    assert row.deal_id is not None
    return row.deal_id

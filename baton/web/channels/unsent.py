"""What didn't go out, on the page of the channels: why, in plain words, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from baton.capture import unsent
from baton.capture.channels import line_of
from baton.capture.models import Outgoing
from baton.kernel.clock import now
from baton.ledger.models import Deal
from baton.members.models import Member
from baton.web import words

State = Outgoing.State
MOST = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One of them as the page shows it. `deal` is where it was written, `again` whether it can be sent once more."""

    pk: UUID
    what: str
    state: str
    tone: str
    sentence: str
    deal: Any
    again: bool


def rows_of(member: Member, at: datetime) -> list[Row]:
    """Return what didn't go out, newest first, up to fifty."""
    found = list(unsent.unsent(member)[:MOST])
    deals = Deal.objects.visible_to(member).in_bulk([one.deal_id for one in found if one.deal_id])
    return [_row(one, deals.get(one.deal_id), at) for one in found]


def _row(one: Outgoing, deal: Deal | None, at: datetime) -> Row:
    state = {State.WAITING: _("Tried again"), State.UNSURE: _("Perhaps sent")}.get(State(one.state), _("Not sent"))
    tone = "late" if one.state == State.FAILED else "faded"
    return Row(one.pk, _what(one), state, tone, _sentence(one, at), deal, one.state != State.WAITING)


def _what(one: Outgoing) -> str:
    line = line_of(one.channel)
    name = str(line.title) if line else one.channel
    if one.member_id is None:
        return _("Baton’s own message to %(to)s (%(channel)s)") % {"to": one.to, "channel": name}
    subject = str(one.body.get("subject") or name)
    return _("%(subject)s, to %(to)s") % {"subject": subject, "to": one.to}


def _sentence(one: Outgoing, at: datetime) -> str:
    asked = words.when(one.asked_at, at)
    if one.state == State.WAITING:
        told = {"asked": asked, "when": words.when(one.due_at, at) if one.due_at else "", "why": one.last_error}
        return _("Written %(asked)s, tried again %(when)s: %(why)s") % told
    if one.state == State.UNSURE:
        said = _("Written %(asked)s. %(why)s Look whether it arrived before you send it again.")
        return said % {"asked": asked, "why": one.because}
    return _("Written %(asked)s. %(why)s") % {"asked": asked, "why": one.because}


def said_of(member: Member) -> str:
    """Return the sentence that tells a sender of it wherever they begin their day; nothing where all went out."""
    count = unsent.stuck(member)[: MOST + 1].count()
    if not count:
        return ""
    return ngettext("%(count)d message didn’t go out.", "%(count)d messages didn’t go out.", count) % {"count": count}


@require_POST
def unsent_repeat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send it once more."""
    unsent.send_again(_own(request, pk), now())
    messages.add_message(request, messages.INFO, _("It is sent once more."), extra_tags="hand")
    return redirect("channels")


@require_POST
def unsent_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let it go."""
    unsent.let_go(_own(request, pk))
    messages.add_message(request, messages.INFO, _("Let go. It isn’t sent."), extra_tags="faded")
    return redirect("channels")


def _own(request: HttpRequest, pk: UUID) -> Outgoing:
    assert isinstance(request.user, Member)
    row = unsent.seen(request.user, pk)
    if row is None:
        raise Http404
    return row

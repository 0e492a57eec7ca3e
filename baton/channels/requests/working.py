"""One step of the loop that answers requests: claim what is due, answer it, write back to a mail or a chat."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DatabaseError
from django.db.models import Q

from baton.channels.letters.posting import can_post
from baton.channels.requests import chatting
from baton.channels.requests.replying import reply
from baton.decide.requests import keeping
from baton.decide.requests.models import Request
from baton.kernel.claims import claim
from baton.work.reader import as_read_by

log = logging.getLogger(__name__)
AT_ONCE = 2
MOST_TRIES = 6
WAITED_FOR = Q(state=Request.State.WAITING) | Q(channel__in=Request.WRITTEN, sent_at__isnull=True)


def answer_due(at: datetime) -> int:
    """Answer the requests that are due, and once nobody waits write a receipt; return how many there were."""
    rows = Request.objects.select_related("asked_by", "template")
    taken = claim(rows.filter(WAITED_FOR), limit=AT_ONCE, at=at) or claim(rows, limit=1, at=at)
    for request in taken:
        try:
            _work_on(request, at)
        except (OSError, DatabaseError, ValueError, KeyError, TypeError) as why:
            log.exception("request %s could not be answered", request.pk)
            _put_off(request, why, at)
    return len(taken)


def _work_on(request: Request, at: datetime) -> None:
    if request.state == Request.State.WAITING:
        with as_read_by(request.asked_by):
            keeping.answer(request, at)
    if request.sent_at is None:
        _write_back(request, at)
    if not request.noted:
        keeping.note_what_was_used(request)
    request.due_at = None
    request.save(update_fields=["due_at"])


def _write_back(request: Request, at: datetime) -> None:
    if request.channel == Request.Channel.CHAT:
        chatting.reply(request, at)
    elif request.channel == Request.Channel.EMAIL and can_post():
        reply(request, at)


def _put_off(request: Request, why: Exception, at: datetime) -> None:
    if request.tries < MOST_TRIES:
        request.put_off(f"{type(why).__name__}: {why}", at)
        return
    request.state, request.because, request.due_at = Request.State.REFUSED, f"{type(why).__name__}: {why}"[:400], None
    request.save(update_fields=["state", "because", "due_at"])

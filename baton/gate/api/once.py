"""A request that is sent twice is done once (draft-ietf-httpapi-idempotency-key-header-07).

The answer is kept in the transaction that did the work, so that there is never the one without the other. What is
refused wrote nothing and is kept for nobody: the same request may be sent again once its cause is mended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from baton.gate.api.models import Answered
from baton.gate.api.problems import Problem
from baton.kernel.writer import writing

KEPT_FOR = timedelta(days=2)
FORGOTTEN_AT_ONCE = 50
ENDS_WELL = range(200, 300)


class Refused(Exception):
    """Carries an answer out of a transaction that must not be kept."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


def once(program: str, key: str, asked: bytes, at: datetime, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run what was asked, or give the answer that it had before. The same key for something else is refused."""
    digest = hashlib.sha256(asked).hexdigest()
    try:
        with writing():
            kept = _reserved(program, key, digest, at)
            if kept.status:
                return _again(kept, digest)
            answer = run()
            if answer.status_code not in ENDS_WELL:
                raise Refused(answer)
            kept.status, kept.body = answer.status_code, answer.content.decode()
            kept.location = answer.headers.get("Location", "")
            kept.save(update_fields=["status", "body", "location"])
            return answer
    except Refused as refused:
        return refused.answer


def _reserved(program: str, key: str, digest: str, at: datetime) -> Answered:
    """Take the key for this request; whoever comes with it meanwhile waits, and finds the answer."""
    there = Answered.objects.filter(program=program, key=key, made_at__gt=at - KEPT_FOR).first()
    if there:
        return there
    old = Answered.objects.filter(made_at__lte=at - KEPT_FOR).order_by("made_at")
    Answered.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])).delete()
    Answered.objects.filter(program=program, key=key, made_at__lte=at - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return Answered.objects.create(program=program, key=key, digest=digest, made_at=at)
    except IntegrityError:
        return Answered.objects.get(program=program, key=key)


def _again(kept: Answered, digest: str) -> HttpResponse:
    if kept.digest != digest:
        sentence = _("This Idempotency-Key was used for another request. Use a new one for each.")
        return Problem(422, sentence).answer()
    told = {"Idempotency-Replayed": "true"} | ({"Location": kept.location} if kept.location else {})
    return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=told)

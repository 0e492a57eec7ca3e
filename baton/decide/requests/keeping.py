"""The verbs of requests: asked, answered, corrected, opened. A request is kept before anything of it is read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import store
from baton.capture.untrusted import Unreadable
from baton.decide.requests.answering import Answer, answer_book, read_template
from baton.decide.requests.asked import answer_question
from baton.decide.requests.asking import ask_owners
from baton.decide.requests.deadlines import deadline_in
from baton.decide.requests.figures import Deals
from baton.decide.requests.fingerprint import fingerprint_of
from baton.decide.requests.knowing import names_in
from baton.decide.requests.models import Request, RequestTemplate
from baton.decide.requests.outcomes import outcome_of, outcome_of_question
from baton.decide.requests.trust import Behind
from baton.kernel.claims import LEASE, ring
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.uses import note_uses

log = logging.getLogger(__name__)
BELL = "requests"
MOST_BYTES = 25_000_000
AT_ONCE = 500


def is_on() -> bool:
    """Whether the map has a decision that is taken from requests; without one there is no page of them."""
    return bool(current_map().decisions_on("requests"))


def refuse_unless_on() -> None:
    """Raise `Refusal` with how the page comes to be there."""
    if not is_on():
        raise Refusal(
            _(
                "Nobody here decides by reports that are asked for: no decision of the map is taken on this page. "
                "Whoever owns the map can add one (page: requests)."
            )
        )


def ask(
    *,
    by: Member,
    at: datetime,
    raw: bytes = b"",
    file_name: str = "",
    words: str = "",
    subject: str = "",
    channel: str = Request.Channel.SCREEN,
    key: str = "",
    mail: Mapping[str, Any] | None = None,
    said: str = "",
    now: bool = False,
) -> Request:
    """Keep a request, once for its key. The loop answers it; with `now` whoever asked waits and calls `answer`.

    `said` is all that was written with it: what deadline it names is read from there. Raises `Refusal`.
    """
    if len(raw) > MOST_BYTES:
        raise Refusal(_("The file is larger than 25 MB: more than a template to fill."))
    if not raw and not words.strip():
        raise Refusal(_("Choose a spreadsheet, or ask in one line."))
    digest = store.put(raw) if raw else ""
    made = Request(key=key or str(uuid7()), asked_by=by, channel=channel, subject=subject[:300], asked_at=at)
    made.words, made.file_name, made.raw = words.strip()[:2000], PurePath(file_name).name[:200], digest
    made.mail, made.due_at = dict(mail or {}), at + LEASE if now else at
    made.wanted_by = deadline_in(said or words, at, current_map().hours)
    with writing():
        known = Request.objects.filter(key=made.key).first()
        if known is None:
            made.save()
            ring(BELL)
    return known or made


def answer(request: Request, at: datetime) -> Request:
    """Answer a request, and keep with what. What can't be answered says why, and is done with."""
    try:
        if request.raw:
            _fill(request, at)
        else:
            _say(request, at)
    except (Unreadable, Refusal) as why:
        request.state, request.because = Request.State.REFUSED, str(why)[:400]
        request.answered_at = at
    request.due_at, request.last_error = (request.due_at or at) if is_left(request) else None, ""
    with writing():
        request.save()
        ring(BELL)
    return request


def _say(request: Request, at: datetime) -> None:
    deals = Deals(request.asked_by, at)
    said = answer_question(request.words, deals)
    behind = Behind(deals, (part for line in said.lines for part in line.figure.parts))
    outcome = outcome_of_question(said, deals, behind)
    before = facts_behind(request)
    request.because = said.sentence[:400]
    request.cells = sum(line.figure.value is not None for line in said.lines)
    _finish(request, outcome, set(), at, before)


def _fill(request: Request, at: datetime) -> None:
    raw = store.get(request.raw)
    book = read_template(raw)
    template = _template(request, book, at)
    found = answer_book(
        raw, book, member=request.asked_by, at=at, answers=template.answers, said=request.subject, keep=template.keep
    )
    template.name = request.file_name or template.name
    request.template = template
    _keep_file(request, found)
    asked = ask_owners(
        found.filled, found.deals, found.behind, by=request.asked_by, called=request.title, at=at, channel="screen"
    )
    before = facts_behind(request)
    request.cells, request.left = len(found.filled), sum(one.state != "kept" for one in found.left)
    request.because = ""
    _finish(request, outcome_of(found), asked, at, before)
    if not found.filled:
        request.state = Request.State.OPEN


def _template(request: Request, book: Any, at: datetime) -> RequestTemplate:
    deals = Deals.none(request.asked_by, at)
    texts = [cell.value for sheet in book.sheets for cell in sheet.cells.values() if isinstance(cell.value, str)]
    fingerprint = fingerprint_of(book, names_in(deals, texts), deals.today)
    values = {"name": request.file_name or request.title, "first_at": at}
    return RequestTemplate.objects.get_or_create(fingerprint=fingerprint, defaults=values)[0]


def _keep_file(request: Request, found: Answer) -> None:
    if found.file is None:
        request.filled, request.filled_name = "", ""
        return
    request.filled = store.put(found.file.content)
    stem = PurePath(request.file_name or "request").stem
    request.filled_name = f"{stem} (Baton).{found.file.kind}"[:200]


def _finish(request: Request, outcome: dict[str, Any], asked: set[UUID], at: datetime, before: set[UUID]) -> None:
    request.tell(outcome | ({"rested_before": sorted(map(str, before))} if before else {}))
    people = {one["owner"] for one in outcome["deals"]}
    people |= {fact[1] for one in outcome["deals"] for fact in one["facts"].values()}
    told = {str(pk) for pk in asked}
    request.spared = len(people - told - {"", str(request.asked_by_id)})
    request.asked = len(told)
    request.state, request.answered_at = Request.State.ANSWERED, at
    request.noted = not request.cells


def is_left(request: Request) -> bool:
    """Whether there is something left to do for an answered request: to write back, or to note what was used."""
    return not request.noted or (request.channel in Request.WRITTEN and request.sent_at is None)


def note_what_was_used(request: Request) -> None:
    """Keep that the facts behind an answer were used, for those who entered them; after the answer went out."""
    at = request.answered_at or request.asked_at
    _note_uses(request, sorted(facts_behind(request)), at)
    request.noted = True
    with writing():
        request.save(update_fields=["noted"])


def facts_behind(request: Request) -> set[UUID]:
    """Return the facts that an answer rests on, and those that an earlier answer to the same request rested on."""
    told = request.told
    now = {fact[0] for one in told.get("deals", ()) for fact in one["facts"].values()} if request.cells else set()
    return {UUID(one) for one in [*now, *told.get("rested_before", ())] if one}


def _note_uses(request: Request, facts: list[UUID], at: datetime) -> None:
    for first in range(0, len(facts), AT_ONCE):
        some = facts[first : first + AT_ONCE]
        note_uses("request", request.pk, request.title, some, by=request.asked_by, at=at)


def correct(
    request: Request, labels: Mapping[str, Mapping[str, Any]], *, keep: bool, by: Member, at: datetime
) -> Request:
    """Take what a person said labels mean, remember it with the template, and answer anew.

    Raises `Refusal` for who may only read, and where there is no template.
    """
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    template = request.template
    if template is None:
        raise Refusal(_("There is no template here whose labels could mean something else."))
    with writing():
        template.answers = {key: dict(told) for key, told in {**template.answers, **labels}.items() if told}
        template.keep, template.answered_by = keep, by
        template.save(update_fields=["answers", "keep", "answered_by"])
    return answer(request, at)


def opened(request: Request, *, by: Member, at: datetime) -> None:
    """Note that the asker looked at the live page: they are signed in, and nothing else tells."""
    if by.pk == request.asked_by_id and request.opened_at is None and request.state != Request.State.WAITING:
        request.opened_at = at
        with writing():
            Request.objects.filter(pk=request.pk, opened_at__isnull=True).update(opened_at=at)

"""Reading what came in: claim a batch of deliveries, parse them in the limited child, file and record them together.

The deliveries change in the same transaction that records what they say, so a crash anywhere leaves them as they
were, and nothing is lost or doubled. What can't be parsed is parked with its reason, and what fails is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from baton.capture import store
from baton.capture.arrival import Arrival, Notice
from baton.capture.channels import Channel, channel_named
from baton.capture.drafting import Draft, Sorter
from baton.capture.enclosing import enclose
from baton.capture.fetching import want
from baton.capture.ingesting import BELL, raws_of
from baton.capture.known import look_up
from baton.capture.models import Delivery
from baton.capture.ourselves import Ourselves
from baton.capture.undecided import let_go
from baton.capture.untrusted import Unreadable, parse_many
from baton.kernel.claims import claim, ring
from baton.kernel.rows import insert_rows, update_rows, upsert_rows
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author
from baton.ledger.holding import hold
from baton.ledger.recording import record

log = logging.getLogger(__name__)
CALLER = "capture"
BATCH = 20
"""How many are recorded in one transaction, which other writers wait for."""
AHEAD = 3
"""How many batches are claimed at a time; a lease is far longer than they take."""
MOST_TRIES = 8
Read = Arrival | Notice | Unreadable
Outcomes = dict[UUID, str]


@dataclass(frozen=True, slots=True)
class Aside:
    """What is no interaction with a customer but meant for Baton itself: an answer to a mail of its own, a question.

    `concerns(delivery, arrival)` tells, asking the database only where the words leave it open;
    `take(delivery, arrival, at)` acts on it, in the transaction that settles the delivery, and returns what became of
    it: a sentence, and whether to park it.
    """

    concerns: Callable[[Delivery, Arrival], bool]
    take: Callable[[Delivery, Arrival, datetime], tuple[str, bool]]


_asides: list[Aside] = []


def take_aside(aside: Aside) -> None:
    """Have live mail looked at before it is recorded; what concerns this aside never becomes an interaction."""
    if aside not in _asides:
        _asides.append(aside)


def read_waiting(at: datetime, *, limit: int = AHEAD * BATCH) -> int:
    """Claim deliveries that are due and read them; return how many. One step of the loop named `capture`."""
    taken = claim(Delivery.objects.unscoped(CALLER).select_related("as_member"), limit=limit, at=at)
    if len(taken) > BATCH:
        _process_beside(taken, at=at)
    elif taken:
        process(taken, at=at)
    if len(taken) == limit:
        ring(BELL)
    return len(taken)


def _process_beside(deliveries: Sequence[Delivery], *, at: datetime) -> None:
    """Record one batch while the next is being parsed, for mail that pours in."""
    with ThreadPoolExecutor(1, "baton-reading") as beside:

        def begin(start: int) -> tuple[Future[list[tuple[Delivery, Read]]], Ourselves]:
            some, us = deliveries[start : start + BATCH], Ourselves.today()
            return beside.submit(parsing(some, raws_of(some), us, at=at)), us

        parsed, us = begin(0)
        for start in range(BATCH, len(deliveries), BATCH):
            following = begin(start)
            _take_in(parsed.result(), us, at=at)
            parsed, us = following
        _take_in(parsed.result(), us, at=at)


def process(deliveries: Sequence[Delivery], *, at: datetime) -> Outcomes:
    """Read, file and record these deliveries, and return delivery id → its state afterwards."""
    us = Ourselves.today()
    return _take_in(parsing(deliveries, raws_of(deliveries), us, at=at)(), us, at=at)


def _take_in(read: list[tuple[Delivery, Read]], us: Ourselves, *, at: datetime) -> Outcomes:
    """Give what is meant for Baton itself to whom it concerns, record the rest, and have its channels go on."""
    outcomes = record_all([pair for pair in read if not _was_aside(*pair, at)], us, at=at)
    _go_on([one for one, _read in read if one.live and outcomes.get(one.pk) == Delivery.State.READ], at)
    return outcomes


def _was_aside(delivery: Delivery, read: Read, at: datetime) -> bool:
    """Say whether it was meant for Baton itself; then it was taken, once."""
    if not isinstance(read, Arrival) or not delivery.live:
        return False
    aside = next((one for one in _asides if one.concerns(delivery, read)), None)
    if aside is None:
        return False
    with writing():
        if delivery.pk in _still_waiting([delivery]):
            because, parks = aside.take(delivery, read, at)
            delivery.state = Delivery.State.PARKED if parks else Delivery.State.READ
            delivery.because, delivery.due_at = because[:400], None
            delivery.save(update_fields=["state", "because", "due_at", "as_member"])
    return True


def _go_on(deliveries: list[Delivery], at: datetime) -> None:
    """Let their channels do what follows from a message that is recorded; nothing is lost where that fails."""
    for delivery in deliveries:
        then = channel_named(delivery.channel).then
        if then is None:
            continue
        try:
            then(delivery, at)
        except (Refusal, DatabaseError, ValueError, KeyError, TypeError):
            log.exception("what follows from delivery %s failed", delivery.pk)


def parsing(
    deliveries: Sequence[Delivery], raws: Mapping[UUID, bytes], us: Ourselves, *, at: datetime
) -> Callable[[], list[tuple[Delivery, Read]]]:
    """Return the parsing of these deliveries as a call that asks the database nothing, so that it may run beside.

    It parses raw bytes in the limited child, and puts the files found in them on disk. Not for inside a transaction.
    """

    def parsed() -> list[tuple[Delivery, Read]]:
        found: list[tuple[Delivery, Read]] = []
        for name, group in groupby(deliveries, key=lambda one: one.channel):
            there = list(group)
            found += zip(
                there, read_raws(channel_named(name), [raws.get(d.pk, b"") for d in there], us, at), strict=True
            )
        _keep_files([read for _delivery, read in found if isinstance(read, Arrival)])
        return found

    return parsed


def read_raws(channel: Channel, raws: list[bytes], us: Ourselves, at: datetime) -> list[Read]:
    """Parse raw bytes in the limited child, and keep nothing of them."""
    return parse_many(
        channel.reader,
        raws,
        seconds=channel.seconds,
        ours=sorted({*us.members, *us.numbers}),
        our_domains=sorted(us.domains),
        zone=us.map.hours.zone,
        currency=us.map.currency,
        at=at,
    )


def _keep_files(arrivals: Iterable[Arrival]) -> None:
    store.put_many({file.sha256: file.content for one in arrivals for file in one.files}.values())


def record_all(read: list[tuple[Delivery, Read]], us: Ourselves, *, at: datetime) -> Outcomes:
    """Record a parsed batch, live mail and back-fill apart. What fails together is tried one by one."""
    outcomes: Outcomes = {}
    for live in (True, False):
        some = [pair for pair in read if pair[0].live is live]
        if some:
            outcomes |= _together_or_apart(some, us, live, at)
    return outcomes


def _together_or_apart(read: list[tuple[Delivery, Read]], us: Ourselves, live: bool, at: datetime) -> Outcomes:
    try:
        return record_together(read, us, live, at)
    except (Refusal, DatabaseError, ValueError, KeyError, TypeError) as why:
        if len(read) == 1:
            return _put_off(read[0][0], why, at)
        log.warning("a batch of %s failed (%s); trying each alone", len(read), why)
    outcomes: Outcomes = {}
    for pair in read:
        outcomes |= _together_or_apart([pair], us, live, at)
    return outcomes


def _put_off(delivery: Delivery, why: Exception, at: datetime) -> Outcomes:
    """Have it tried again later; after many tries it is parked with what went wrong, where a person sees it."""
    log.error("delivery %s could not be recorded: %s", delivery.pk, why, exc_info=why)
    if isinstance(why, Refusal) or delivery.tries >= MOST_TRIES:
        park(delivery, _("It couldn’t be recorded: %(why)s") % {"why": why})
        return {delivery.pk: delivery.state}
    delivery.put_off(f"{type(why).__name__}: {why}", at)
    return {delivery.pk: delivery.state}


def park(delivery: Delivery, because: str) -> None:
    """Keep it raw only, and say why."""
    delivery.state, delivery.because, delivery.due_at = Delivery.State.PARKED, because[:400], None
    delivery.save(update_fields=["state", "because", "due_at"])


def record_together(
    read: list[tuple[Delivery, Read]],
    us: Ourselves,
    live: bool,
    at: datetime,
    *,
    step: Callable[[str], None] = lambda name: None,
) -> Outcomes:
    """Record one batch in one transaction, and settle its deliveries in the same one.

    `step` is told where it stands, for tests that stop it there.
    """
    with writing():
        waiting = _still_waiting([delivery for delivery, _read in read])
        arrivals = [one for _d, one in read if isinstance(one, Arrival)]
        known = look_up(arrivals, [one for _d, one in read if isinstance(one, Notice)])
        sorter = Sorter(us, known, live, at)
        sorter.look_up([delivery for delivery, _one in read])
        inorder = sorted(read, key=lambda pair: isinstance(pair[1], Notice))
        drafts = [_draft(sorter, delivery, one) for delivery, one in inorder if delivery.pk in waiting]
        sorter.suggest()
        step("filed")
        record(
            [entry for draft in drafts for entry in draft.entries],
            by=Author(None, drafts[0].delivery.channel if live else "import") if drafts else Author.baton(),
            at=at,
            interactions=[draft.interaction for draft in drafts if draft.interaction],
            read=known.rows,
        )
        step("recorded")
        _hold(drafts)
        _keep_keys(drafts)
        _want_files(drafts, at)
        enclose([(draft.delivery, draft.interaction, draft.enclosed) for draft in drafts], live, at)
        _settle(drafts)
        step("settled")
    return {delivery.pk: delivery.state for delivery, _one in read}


def _draft(sorter: Sorter, delivery: Delivery, read: Read) -> Draft:
    own = channel_named(delivery.channel).draft
    return own(sorter, delivery, read) if own else sorter.draft(delivery, read)


def _still_waiting(deliveries: list[Delivery]) -> set[UUID]:
    """Lock the deliveries and leave out those that somebody else has read meanwhile."""
    rows = Delivery.objects.unscoped(CALLER).filter(pk__in=[one.pk for one in deliveries]).order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    now = dict(rows.values_list("pk", "state"))
    for one in deliveries:
        one.state = now[one.pk]
    return {pk for pk, state in now.items() if state == Delivery.State.WAITING}


def _hold(drafts: list[Draft]) -> None:
    """Whoever's channel brought a message that was known already holds it too."""
    hold((draft.known, member.pk) for draft in drafts if draft.known for member in draft.holders)


def _keep_keys(drafts: list[Draft]) -> None:
    """The first message of an id leads the way; of a topic the last one, so that it stays fresh."""
    keys = [key for draft in drafts for key in draft.keys]
    topics = {key.digest: key for key in keys if key.topic}
    insert_rows([key for key in keys if not key.topic], ignore_conflicts=True)
    written = ["thread", "interaction", "happened_at", "answers"]
    upsert_rows(list(topics.values()), key=["digest"], names=written)


def _want_files(drafts: list[Draft], at: datetime) -> None:
    want(
        (
            (draft.delivery, draft.interaction.id if draft.interaction else draft.known, file)
            for draft in drafts
            for file in draft.wanted
        ),
        at,
    )


def _settle(drafts: list[Draft]) -> None:
    rows = [draft.delivery for draft in drafts]
    gone = [name for draft in drafts if draft.left for name in (draft.delivery.raw_id, *draft.files)]
    for draft in drafts:
        draft.settle()
    update_rows(rows, ["state", "because", "interaction", "sender", "raw", "due_at", "last_error"])
    let_go(filter(None, gone))

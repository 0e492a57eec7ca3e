"""What happened on a deal, newest first: messages, calls and notes, and the changes that mattered.

One screenful at a time, by a key (when, id) and not by a page number, so that the thousandth entry costs what the
first does. Everything beside the entries (texts, what was read from them, names) is fetched once for a screenful.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.kernel import words
from baton.kernel.clock import stamp, unstamp
from baton.kernel.verdict import Refusal
from baton.ledger.models import Fact, File, Interaction, InteractionText
from baton.web.deal.readings import Reading, readings_in
from baton.web.deal.seen import DealSeen
from baton.web.deal.telling import change_in_words, head_of, papers_in, told_since, who_said
from baton.work.models import ExceptionCase

SCREENFUL = 25
MOST_WORDS = 700
"""Characters of a message that stand on the page; the whole is a click away."""
MINUTE = timedelta(minutes=1)
TURNS = ("stage", "status", "owner", "desk")
"""Changes that stand among what happened; all others are under Changes."""
ICONS = {
    "email": "mail",
    "call": "phone",
    "text": "message-square",
    "chat": "message-circle",
    "form": "file-text",
    "meeting": "users",
    "note": "pencil",
    "document": "file-text",
}
TABS = ("everything", "customer", "changes", "files")


@dataclass
class TimelineEntry:
    """One thing that happened, as the page shows it. `lag` is in minutes, None for what came in as history."""

    id: str
    key: tuple[datetime, str]
    icon: str
    head: str
    at: str
    lag: float | None = None
    said: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)
    text: str = ""
    href: str = ""
    more: bool = False
    by: str = ""
    audience: str = "full"
    share: str = ""
    answer: str = ""
    papers: list[tuple[str, str]] = field(default_factory=list)
    reads: list[Reading] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    since: str = ""

    @property
    def waiting(self) -> list[Reading]:
        """Return what was read and nobody has answered yet."""
        return [reading for reading in self.reads if reading.trust == "suggested"]


@dataclass(frozen=True)
class Timeline:
    """One screenful: the days with their entries, the tabs with their counts, and where the next screenful begins."""

    tab: str
    tabs: list[dict[str, Any]]
    days: list[tuple[str, list[TimelineEntry]]]
    more: str
    first: bool


def timeline_of(seen: DealSeen, tab: str = "everything", before: str = "") -> Timeline:
    """Return a screenful of one tab; `before` is the key at which the last one ended."""
    tab = tab if tab in TABS else TABS[0]
    cursor = _cursor(before)
    entries = _READERS[tab](seen, cursor)
    shown, rest = entries[:SCREENFUL], entries[SCREENFUL:]
    more = _address(seen, tab, shown[-1].key) if rest else ""
    return Timeline(tab, [] if cursor else _tabs(seen, tab), _by_day(shown, seen.now), more, cursor is None)


def _cursor(text: str) -> tuple[datetime, str] | None:
    if not text:
        return None
    moment, _bar, identity = text.partition("|")
    try:
        return unstamp(moment), str(UUID(identity))
    except ValueError as wrong:
        raise Refusal(_("This page is from elsewhere. Open the deal again.")) from wrong


def _address(seen: DealSeen, tab: str, key: tuple[datetime, str] | None = None) -> str:
    asked = {"tab": tab} | ({"before": f"{stamp(key[0])}|{key[1]}"} if key else {})
    return f"{reverse('deal-timeline', args=[seen.deal.pk])}?{urlencode(asked)}"


def _tabs(seen: DealSeen, current: str) -> list[dict[str, Any]]:
    happened = interactions_on(seen).aggregate(all=Count("pk"), customer=Count("pk", filter=WITH_CUSTOMER))
    counts = {
        "everything": happened["all"] + sum(_turns(seen, *one) for one in seen.changes) + len(seen.cases),
        "customer": happened["customer"],
        "changes": len(seen.changes),
        "files": _files(seen).count(),
    }
    labels = {
        "everything": _("Everything"),
        "customer": _("With the customer"),
        "changes": _("Changes"),
        "files": _("Files"),
    }
    return [
        {"label": labels[tab], "count": counts[tab], "href": _address(seen, tab), "current": tab == current}
        for tab in TABS
    ]


WITH_CUSTOMER = Q(direction__in=("in", "out")) | Q(kind="meeting")


def interactions_on(seen: DealSeen) -> QuerySet[Interaction]:
    """Return what happened on this deal, as far as the member may know of it."""
    return Interaction.objects.visible_to(seen.member).filter(deal=seen.deal.pk)


AT_FIRST = ("owner", "desk", "status")


def _is_turn(seen: DealSeen) -> Q:
    """Changes that stand among what happened; whose it was when it was opened goes without saying."""
    return Q(field__in=TURNS) & ~Q(recorded_at=seen.deal.recorded_at, field__in=AT_FIRST)


def _turns(seen: DealSeen, field: str, _value: Any, recorded_at: datetime) -> bool:
    """Say the same of one change that is at hand."""
    return field in TURNS and not (recorded_at == seen.deal.recorded_at and field in AT_FIRST)


def _changes(seen: DealSeen) -> QuerySet[Fact]:
    return seen.facts.filter(status="confirmed")


def _files(seen: DealSeen) -> QuerySet[File]:
    return File.objects.visible_to(seen.member).filter(interaction__in=interactions_on(seen).values("pk"), inline=False)


def _screenful(rows: QuerySet[Any], moment: str, cursor: tuple[datetime, str] | None) -> list[Any]:
    """Return the next rows and one more, newest first."""
    if cursor:
        rows = rows.filter(Q(**{f"{moment}__lt": cursor[0]}) | Q(**{moment: cursor[0]}, pk__lt=cursor[1]))
    return list(rows.order_by(f"-{moment}", "-pk")[: SCREENFUL + 1])


def _everything(seen: DealSeen, cursor: tuple[datetime, str] | None) -> list[TimelineEntry]:
    happened = _screenful(interactions_on(seen), "happened_at", cursor)
    turns = _screenful(_changes(seen).filter(_is_turn(seen)), "happened_at", cursor)
    cases = [one for one in seen.cases if cursor is None or (one.recorded_at, str(one.pk)) < cursor][: SCREENFUL + 1]
    entries = [*interaction_entries(seen, happened), *_change_entries(seen, turns), *_case_entries(seen, cases)]
    return sorted(entries, key=lambda entry: entry.key, reverse=True)


def _customer(seen: DealSeen, cursor: tuple[datetime, str] | None) -> list[TimelineEntry]:
    return interaction_entries(seen, _screenful(interactions_on(seen).filter(WITH_CUSTOMER), "happened_at", cursor))


def _changed(seen: DealSeen, cursor: tuple[datetime, str] | None) -> list[TimelineEntry]:
    return list(_change_entries(seen, _screenful(_changes(seen), "happened_at", cursor)))


def _filed(seen: DealSeen, cursor: tuple[datetime, str] | None) -> list[TimelineEntry]:
    """Files stand by the day of what brought them; there are few enough to sort them here."""
    files = list(_files(seen))
    brought = {row.pk: row for row in interactions_on(seen).filter(pk__in={file.interaction_id for file in files})}
    entries = [_file_entry(seen, file, brought[file.interaction_id]) for file in files]
    ordered = sorted(entries, key=lambda entry: entry.key, reverse=True)
    return [entry for entry in ordered if cursor is None or entry.key < cursor][: SCREENFUL + 1]


_READERS = {"everything": _everything, "customer": _customer, "changes": _changed, "files": _filed}


def interaction_entries(seen: DealSeen, rows: list[Interaction]) -> list[TimelineEntry]:
    """Return the entries of these interactions, with their words, readings, files and names each in one query."""
    ids = [row.pk for row in rows]
    texts = {text.pk: text for text in InteractionText.objects.of_seen(rows)}
    contacts = seen.contacts_named(row.contact_id for row in rows)
    reads = readings_in(seen, ids, contacts)
    files = _files_of(rows)
    return [_interaction_entry(seen, row, texts.get(row.pk), reads, files, contacts) for row in rows]


def _files_of(rows: list[Interaction]) -> dict[UUID, list[File]]:
    found: dict[UUID, list[File]] = defaultdict(list)
    for file in File.objects.of_seen(rows).filter(inline=False).order_by("name", "pk"):
        found[file.interaction_id].append(file)
    return found


def _interaction_entry(
    seen: DealSeen,
    row: Interaction,
    text: InteractionText | None,
    reads: dict[UUID, list[Reading]],
    files: dict[UUID, list[File]],
    contacts: dict[UUID, Any],
) -> TimelineEntry:
    own = text.own.strip() if text else ""
    entry = TimelineEntry(
        id=f"i-{row.pk}",
        key=(row.happened_at, str(row.pk)),
        icon=ICONS.get(row.kind, "info"),
        head=head_of(seen, row, contacts.get(row.contact_id)),
        at=_clock(row),
        lag=_lag(row),
        href=reverse("message", args=[row.pk]) if row.readable else "",
        more=len(own) > MOST_WORDS,
        audience=row.audience if row.readable or row.audience == "private" else "subject",
        answer=_answer(row),
        papers=papers_in(row) if row.readable else [],
        share=reverse("message-audience", args=[row.pk]) if row.held and row.audience != "full" else "",
        reads=reads.get(row.pk, []),
        files=files.get(row.pk, []),
    )
    _put_words(entry, row, text.own if text else "", row.direction == "in")
    entry.since = told_since(row) if row.readable else ""
    return entry


def _answer(row: Interaction) -> str:
    """Return where a customer's mail is answered; a machine's is not."""
    if row.kind != "email" or row.direction != "in" or not row.readable or row.automatic or row.deal_id is None:
        return ""
    return f"{reverse('deal-email', args=[row.deal_id])}?answer={row.pk}"


def _put_words(entry: TimelineEntry, row: Interaction, own: str, theirs: bool) -> None:
    """Their words are set as sent, with what was read from them marked; ours are the record."""
    shown = own[:MOST_WORDS].rstrip() + ("…" if len(own) > MOST_WORDS else "")
    if not shown.strip():
        entry.text = row.subject
    elif theirs:
        entry.said, entry.spans = shown, [reading.span for reading in entry.reads if reading.span]
    else:
        entry.text = shown


def _clock(row: Interaction) -> str:
    minutes = _(", %(count)d min") % {"count": row.minutes} if row.minutes else ""
    return words.clocktime(row.happened_at) + minutes


def _lag(row: Interaction) -> float | None:
    """Return the minutes from the event to its record; history that was imported tells nothing about capture."""
    return max(0.0, (row.recorded_at - row.happened_at) / MINUTE) if row.live else None


def _change_entries(seen: DealSeen, facts: Iterable[Fact]) -> Iterator[TimelineEntry]:
    for fact in facts:
        yield TimelineEntry(
            id=f"f-{fact.pk}",
            key=(fact.happened_at, str(fact.pk)),
            icon="flag" if fact.field in TURNS else "pencil",
            head=change_in_words(seen, fact),
            at=words.clocktime(fact.happened_at),
            by=who_said(seen, fact),
            text=fact.because,
            href=reverse("deal-history", args=[seen.deal.pk, fact.field]),
        )


def _case_entries(seen: DealSeen, cases: Iterable[ExceptionCase]) -> Iterator[TimelineEntry]:
    """Exceptions stand among what happened: category, who decided, and why."""
    for case in cases:
        told = {"category": case.category, "name": seen.name_of(case.decided_by_id)}
        yield TimelineEntry(
            id=f"x-{case.pk}",
            key=(case.recorded_at, str(case.pk)),
            icon="scale",
            head=_("Exception: %(what)s") % {"what": case.what},
            at=words.clocktime(case.recorded_at),
            text=_("%(category)s. Decided by %(name)s") % told + (f": {case.reason}" if case.reason else ""),
        )


def _file_entry(seen: DealSeen, file: File, row: Interaction) -> TimelineEntry:
    return TimelineEntry(
        id=f"a-{file.pk}",
        key=(row.happened_at, str(file.pk)),
        icon="paperclip",
        head=file.name,
        at=words.clocktime(row.happened_at),
        text=head_of(seen, row),
        href=reverse("file", args=[file.pk]),
    )


def _by_day(entries: list[TimelineEntry], now: datetime) -> list[tuple[str, list[TimelineEntry]]]:
    days: list[tuple[str, list[TimelineEntry]]] = []
    for entry in entries:
        name = _day(entry.key[0], now)
        if not days or days[-1][0] != name:
            days.append((name, []))
        days[-1][1].append(entry)
    return days


def _day(moment: datetime, now: datetime) -> str:
    if words.day(moment, now) == words.day(now, now):
        return _("Today")
    return words.long_day(moment) if moment.year == now.year else words.day(moment, now)

"""A duty as a row of the page: what, because, for whom, by when, their words, and what settles it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from baton.kernel import words
from baton.members.models import Member
from baton.web.addresses import address
from baton.web.today.acts import Act, acts_of, deferring
from baton.web.words import ended
from baton.work.beside import end_of_week
from baton.work.readings import Waiting, waiting_on
from baton.work.today import Owed

MOST_SEGMENTS = 40


@dataclass(slots=True)
class Row:
    """What the row of one duty shows. `note` says what just happened to it, `undo` where that is undone."""

    pk: UUID
    id: str
    what: str
    href: str
    because: str
    subject: str
    who: str
    who_note: str
    due: str
    state: str
    share: float
    quote: str
    spans: list[tuple[int, int]]
    packet: tuple[str, ...]
    question: bool
    values: list[Waiting]
    acts: list[Act]
    deferring: SafeString | str
    owed_by: str = ""
    came_up: bool = False
    done: bool = False
    note: str = ""
    undo: Act | None = None
    group: str = ""
    who_as: str = ""
    gaps: list[Waiting] = field(default_factory=list)

    @property
    def buttons(self) -> SafeString:
        """Return the acts as they stand in the row."""
        return mark_safe("".join(act.html for act in self.acts))  # noqa: S308 - each is escaped

    @property
    def confirmation(self) -> str:
        return address("duty-confirmation", self.pk)

    @property
    def answer(self) -> str:
        return address("duty-answer", self.pk)

    @property
    def confirm_label(self) -> str:
        """Return what the one button beside the values says; nothing where each is confirmed already."""
        waiting = [one for one in self.values if one.trust != "confirmed"]
        if not waiting:
            return _("Still so") if self.values else ""
        if waiting[0].trust == "stale":
            return _("Still so")
        all_of_them = _("Confirm all %(count)d") % {"count": len(waiting)}
        return {1: _("Confirm"), 2: _("Confirm both")}.get(len(waiting), all_of_them)


def rows_of(owed: Iterable[Owed], member: Member, at: datetime, *, whose: bool = False) -> list[Row]:
    """Return the rows; with `whose`, each says who owes it (a desk's page)."""
    duties = list(owed)
    waiting = waiting_on(duties, member, at)
    return _one_main([_row(one, waiting[one.id], member, at, whose=whose) for one in duties])


def _one_main(rows: list[Row]) -> list[Row]:
    """Leave the main button to the first row that has one: a page has one thing to do next."""
    first = next((row for row in rows if any(act.kind == "main" for act in row.acts)), None)
    for row in rows:
        if row is not first:
            row.acts = [replace(act, kind="") if act.kind == "main" else act for act in row.acts]
    return rows


def _row(owed: Owed, waiting: list[Waiting], member: Member, at: datetime, *, whose: bool) -> Row:
    values = [one for one in waiting if one.trust != "missing"]
    may = member.may_write
    return Row(
        pk=owed.id,
        id=f"d-{owed.id}",
        what=owed.what,
        href=place_of(owed),
        because=ended(owed.because),
        subject=_subject(owed),
        who=member.name if owed.for_whom == _("you") else owed.for_whom,
        who_as=_("You") if owed.for_whom == _("you") else "",
        who_note=owed.for_why,
        due=owed.due,
        state=owed.state,
        share=round(owed.left, 2),
        quote=owed.quote if owed.opener == "interaction.in" else "",
        spans=spans_in(owed.quote, [one.said for one in waiting]),
        packet=owed.packet[:MOST_SEGMENTS],
        question=may and "answer" in owed.actions and owed.record_kind == "question",
        values=values,
        gaps=[one for one in waiting if one.trust == "missing"] if may else [],
        acts=acts_of(owed) if may else [],
        deferring=deferring(owed, _why(owed)) if may else "",
        owed_by=owed.owed_by_name if whose or owed.came_up else "",
        came_up=owed.came_up,
        group=group_of(owed, at),
        note=_("Put off until %(when)s.") % {"when": words.when(owed.later_until, at)} if owed.later_until else "",
    )


def place_of(owed: Owed) -> str:
    """Return where the row's link leads: the handoff, the deal, else the message that opened it."""
    if owed.record_kind == "handoff":
        return address("handoff", owed.record_id)
    if owed.deal_id:
        return address("deal", owed.deal_id)
    if owed.record_kind == "lapse":
        return f"{address('map-behaviors')}#lapse-{owed.record_id}"
    return address("message", owed.interaction_id) if owed.interaction_id else reverse("today")


def _subject(owed: Owed) -> str:
    named = owed.deal if owed.deal and owed.deal not in owed.what else ""
    worth = words.money(owed.amount.minor, owed.amount.currency) if owed.amount else ""
    return ", ".join(part for part in (named, worth) if part)


def _why(owed: Owed) -> str:
    if owed.state in {"today", "soon"}:
        return _("Why %(time)s?") % {"time": words.clocktime(owed.due_at)}
    return _("Why?")


def spans_in(text: str, found: Iterable[str]) -> list[tuple[int, int]]:
    """Return where the words that were read stand in a text whose line breaks were folded."""
    spans = []
    for said in found:
        piece = " ".join(said.split())
        begin = text.find(piece) if piece else -1
        if begin >= 0:
            spans.append((begin, begin + len(piece)))
    return sorted(spans)


def group_of(owed: Owed, at: datetime) -> str:
    """Return under which heading a row stands: late, today, this week, later."""
    if owed.state == "late":
        return "late"
    if timezone.localtime(owed.due_at).date() == timezone.localtime(at).date():
        return "today"
    return "week" if owed.due_at < end_of_week(at) else "later"

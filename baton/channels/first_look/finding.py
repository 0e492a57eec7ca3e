"""What is true already, found in the headings of some weeks of mail. Pure.

A conversation is what refers to itself, or has the same subject with the same customer. Times between a question and
its answer are working hours; what waits is a customer's last word that nobody on our side followed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from baton.capture.grammar.companies import is_free_mail
from baton.channels.first_look.glancing import Note
from baton.channels.first_look.ourselves import Us, desk_of, us_in
from baton.channels.first_look.trades import trades_in
from baton.members.hours import WorkingHours

BACK = timedelta(days=90)
STILL_WAITED_FOR = timedelta(days=60)
LIVE = timedelta(days=7)
"""Mail that ends longer ago than this is an old mailbox: its last day is taken for today."""
MOST_CASES = 40
MOST_NAMED = 8
NEWS = 4
"""So many subjects of one sender, none of them answered, are news that somebody takes."""
PAPERS = ("quote", "order", "contract", "invoice", "report", "meeting")


@dataclass(frozen=True, slots=True)
class Case:
    """One message that something was found in. `hours` are working hours, `by` is who of us did something with it."""

    who: str
    subject: str
    at: str
    hours: float | None = None
    by: str = ""


@dataclass(slots=True)
class Papers:
    """How many of one kind of paper, or meetings, went out and came in, and who of us sent most of them."""

    sent: int = 0
    received: int = 0
    by: dict[str, int] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)


@dataclass(slots=True)
class Passing:
    """Mail that one of us passed on to another, or that another answered."""

    giver: str
    taker: str
    count: int
    cases: list[Case]


@dataclass(slots=True)
class Findings:
    """What a first look found. Names and subjects in it are the member's own to read; `as_data` is how it is kept."""

    read: int = 0
    since: str = ""
    until: str = ""
    box: str = ""
    domains: list[str] = field(default_factory=list)
    is_old: bool = False
    enquiries: int = 0
    waiting: list[Case] = field(default_factory=list)
    waiting_count: int = 0
    answers: list[Case] = field(default_factory=list)
    answers_count: int = 0
    median_hours: float | None = None
    p80_hours: float | None = None
    circles: list[dict[str, Any]] = field(default_factory=list)
    passings: list[Passing] = field(default_factory=list)
    papers: dict[str, Papers] = field(default_factory=dict)
    shared: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    trades: dict[str, dict[str, int]] = field(default_factory=dict)
    owed: dict[str, list[int]] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Findings:
        """Read what `as_data` wrote."""
        found = cls(**data)
        found.waiting = [Case(**each) for each in data.get("waiting", [])]
        found.answers = [Case(**each) for each in data.get("answers", [])]
        found.passings = [Passing(**_with_cases(each)) for each in data.get("passings", [])]
        found.papers = {kind: _papers(each) for kind, each in data.get("papers", {}).items()}
        return found


def _with_cases(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"cases": [Case(**each) for each in data["cases"]]}


def _papers(data: dict[str, Any]) -> Papers:
    return Papers(**_with_cases(data))


def find(notes: Sequence[Note], *, mine: str, hours: WorkingHours, at: datetime) -> Findings:
    """Say what is true of the last 90 days of these messages; `mine` is the address of whoever brought them."""
    dated = sorted((note for note in notes if note.at and note.at <= at), key=lambda note: (note.at, note.own_id))
    newest = dated[-1].at if dated and dated[-1].at else at
    until = at if at - newest <= LIVE else newest
    kept = [note for note in dated if note.at and note.at >= until - BACK]
    us = us_in(kept, mine)
    found = Findings(len(kept), (until - BACK).isoformat(), until.isoformat(), us.box, sorted(us.domains))
    found.is_old = until != at
    deaf = _broadcasters(kept, us)
    talks = _conversations([note for note in kept if not note.is_machine and note.sender.email not in deaf], us)
    _answering(found, talks, us, hours, until)
    _passing(found, talks, us)
    _papers_found(found, kept, us)
    _people(found, kept, us)
    found.trades = trades_in(note.subject for note in kept if not note.is_machine)
    return found


def _broadcasters(notes: Iterable[Note], us: Us) -> set[str]:
    """Return who writes again and again about something else, and whom none of us ever wrote to: news, no questions."""
    topics: dict[str, set[str]] = defaultdict(set)
    written_to: set[str] = set()
    for note in notes:
        if us.includes(note.sender.email):
            written_to |= {each.email for each in (*note.to, *note.cc)}
        elif not note.is_reply:
            topics[note.sender.email].add(note.stem)
    return {sender for sender, about in topics.items() if len(about) >= NEWS and sender not in written_to}


# Conversations


def _conversations(notes: Iterable[Note], us: Us) -> list[list[Note]]:
    """Return the messages by conversation, each in the order of time."""
    of_id: dict[str, int] = {}
    of_topic: dict[tuple[str, str], int] = {}
    talks: list[list[Note]] = []
    for note in notes:
        topics = [(note.stem, each.email) for each in us.outside((note.sender, *note.to, *note.cc)) if note.stem]
        place = next((of_id[each] for each in note.answers if each in of_id), None)
        if place is None and note.is_reply:
            place = next((of_topic[each] for each in topics if each in of_topic), None)
        if place is None:
            place = len(talks)
            talks.append([])
        talks[place].append(note)
        of_topic.update(dict.fromkeys(topics, place))
        of_id.update(dict.fromkeys([note.own_id, *note.answers] if note.own_id else note.answers, place))
    return talks


def _is_in(note: Note, us: Us) -> bool:
    """Whether somebody outside wrote to one of us; who was only copied isn't asked."""
    return bool(us.outside([note.sender])) and (bool(us.inside(note.to)) or not us.inside(note.cc))


def _is_out(note: Note, us: Us) -> bool:
    return us.includes(note.sender.email) and bool(us.outside((*note.to, *note.cc)))


def _answering(found: Findings, talks: list[list[Note]], us: Us, hours: WorkingHours, until: datetime) -> None:
    """Find how long a customer's question waited for our answer, and whose last word was never followed."""
    times: list[Case] = []
    waiting: list[tuple[datetime, Case]] = []
    owed: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for talk in talks:
        asked: Note | None = None
        for note in talk:
            if _is_in(note, us) and not note.is_thanks:
                found.enquiries += note is talk[0]
                asked = asked or note
            elif _is_out(note, us) and asked and asked.at and note.at:
                taken = hours.between(asked.at, note.at) / 60
                times.append(_case(asked, us, round(taken, 1), note.sender.name or note.sender.email))
                owed[note.sender.email][0] += 1
                owed[note.sender.email][1] += taken > WORKING_DAY
                asked = None
        if asked and asked.at and until - asked.at <= STILL_WAITED_FOR:
            waiting.append((asked.at, _case(asked, us, round(hours.between(asked.at, until) / 60, 1))))
            for each in us.inside(asked.to)[:1]:
                owed[each.email][0] += 1
                owed[each.email][1] += 1
    longest: dict[str, Case] = {}
    for _at, case in sorted(waiting, key=lambda each: each[0]):
        longest.setdefault(case.who, case)
    taken_hours = sorted(case.hours or 0.0 for case in times)
    found.answers_count, found.waiting_count = len(times), len(longest)
    found.waiting = list(longest.values())[:MOST_CASES]
    found.answers = sorted(times, key=lambda case: -(case.hours or 0.0))[:MOST_CASES]
    found.median_hours, found.p80_hours = _reached(taken_hours, 0.5), _reached(taken_hours, 0.8)
    found.owed = dict(owed)


WORKING_DAY = 8.0
"""Working hours after which an answer counts as late here, before any behavior says its own."""


def _case(note: Note, us: Us, hours: float | None = None, by: str = "") -> Case:
    outside = us.outside((note.sender, *note.to, *note.cc))
    who = outside[0] if outside else note.sender
    return Case(who.name or who.email, note.subject, note.at.isoformat() if note.at else "", hours, by)


def _reached(values: list[float], share: float) -> float | None:
    """Return the value that this share of the sorted values doesn't pass."""
    return values[max(int(-(-len(values) * share // 1)) - 1, 0)] if values else None


# Who with whom, who passes to whom


def _passing(found: Findings, talks: list[list[Note]], us: Us) -> None:
    """Find where a customer's mail changes hands: passed on among us, or answered by another than it was sent to."""
    counted: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for talk in talks:
        pairs: dict[tuple[str, str], Note] = {}
        asked: Note | None = None
        for note in talk:
            inside = us.inside(note.to)
            if _is_in(note, us):
                asked = note
            elif asked and us.includes(note.sender.email) and not us.outside((*note.to, *note.cc)):
                pairs.update({(note.sender.email, each.email): asked for each in inside[:1]})
            elif asked and _is_out(note, us):
                first = us.inside(asked.to)[:1]
                passed = [taker for _giver, taker in pairs]
                if first and first[0].email != note.sender.email and note.sender.email not in passed:
                    pairs[(first[0].email, note.sender.email)] = asked
        for pair, note in pairs.items():
            if pair[0] != pair[1]:
                counted[pair].append(_case(note, us))
    most = sorted(counted.items(), key=lambda each: (-len(each[1]), each[0]))
    found.passings = [Passing(*pair, len(cases), cases[:MOST_NAMED]) for pair, cases in most[:MOST_NAMED]]


def _people(found: Findings, notes: list[Note], us: Us) -> None:
    """Count who of us writes, which addresses several of us read, and who writes with whom."""
    sent, received, names = Counter[str](), Counter[str](), dict[str, str]()
    circles: Counter[tuple[str, str]] = Counter()
    for note in notes:
        if note.is_machine:
            continue
        outside = us.outside((note.sender, *note.to, *note.cc))
        for each in us.inside((note.sender, *note.to, *note.cc)):
            names[each.email] = names.get(each.email) or each.name
            sent[each.email] += each == note.sender
            received[each.email] += each != note.sender
            circles.update({(each.email, _side(one.email)) for one in outside})
    ours = sorted(names, key=lambda email: (-sent[email] - received[email], email))
    found.shared = [{"email": each, "desk": desk_of(each), "count": received[each]} for each in ours if desk_of(each)]
    found.people = [
        {"email": each, "name": names[each], "sent": sent[each], "received": received[each]}
        for each in ours
        if not desk_of(each)
    ][:MOST_CASES]
    found.circles = [
        {"ours": names.get(pair[0]) or pair[0], "theirs": pair[1], "count": count}
        for pair, count in sorted(circles.items(), key=lambda each: (-each[1], each[0]))[:MOST_NAMED]
    ]


def _side(email: str) -> str:
    """A company by its domain, a private person by their address."""
    domain = email.rpartition("@")[2]
    return email if is_free_mail(domain) else domain


def _papers_found(found: Findings, notes: list[Note], us: Us) -> None:
    for note in notes:
        for kind in note.about:
            papers = found.papers.setdefault(kind, Papers())
            if _is_out(note, us):
                papers.sent += 1
                papers.by[note.sender.email] = papers.by.get(note.sender.email, 0) + 1
            elif us.outside([note.sender]):
                papers.received += 1
            else:
                continue
            papers.cases = [*papers.cases, _case(note, us)][:MOST_CASES]

"""Answers to letters: whose they are, what they say, what is done, and what is written back.

Only an answer with the token of a letter, from the address that the letter went to, counts. What a machine wrote is
never answered, and nobody gets more answers than a person would write (RFC 3834).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from baton.capture.addresses import also_take
from baton.capture.arrival import Arrival
from baton.capture.models import Delivery
from baton.capture.reading import Aside, take_aside
from baton.channels.letters import tokens
from baton.channels.letters.deeds import Said, Unsure, do, why_not
from baton.channels.letters.models import MemberLetter
from baton.channels.letters.notices import follow
from baton.channels.letters.posting import Going, Item, Page, can_post, post
from baton.channels.letters.statements import Statement, statements_in
from baton.channels.letters.telling import hint, item_of, owed_by_ids
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.recording import register_reducer
from baton.work.models import Duty
from baton.work.reader import as_read_by
from baton.work.today import Owed

NOTICES_REDUCER = 130
MOST_ANSWERS = 20
MOST_OPENED = 5
ANSWERS_WITHIN = timedelta(minutes=120)
Outcome = tuple[str, bool]


def register_letters() -> None:
    """Take mail to the addresses of letters aside, and note what notices follow from; called once at start."""
    also_take(tokens.is_answered_at)
    take_aside(Aside(concerns, take))
    register_reducer(NOTICES_REDUCER, follow)


def concerns(delivery: Delivery, arrival: Arrival) -> bool:
    """Whether a mail went to what looks like the address of a letter."""
    return bool(_tokens(delivery, arrival))


def _tokens(delivery: Delivery, arrival: Arrival) -> list[str]:
    return tokens.tokens_in([delivery.recipient, *(party.address for party in arrival.parties)])


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one statement: in words, and whether it was done."""

    what: str
    text: str
    done: bool
    owed: Owed | None = None


def take(delivery: Delivery, arrival: Arrival, at: datetime) -> Outcome:
    """Act on an answer, and write back; return what became of it and whether it is parked."""
    letter = tokens.letter_with(_tokens(delivery, arrival), at)
    if letter is None:
        return _("It answers a letter that isn’t known, or is older than a month."), True
    delivery.as_member = letter.member
    refused = _refused(letter, delivery, arrival, at)
    if refused:
        return refused
    key = f"answer:{arrival.fingerprint}"
    if MemberLetter.objects.filter(key=key).exists():
        return _("This answer was here before."), False
    with as_read_by(letter.member):
        results = _results(letter, delivery, arrival, at)
        if results and can_post():
            _write_back(letter, key, results, arrival, at)
    done = sum(one.done for one in results)
    return _("An answer to “%(subject)s”: %(done)d done.") % {"subject": letter.subject, "done": done}, False


def _refused(letter: MemberLetter, delivery: Delivery, arrival: Arrival, at: datetime) -> Outcome | None:
    if arrival.claimed.lower() != letter.sent_to or not letter.member.is_active:
        told = {"to": letter.sent_to, "sender": arrival.claimed or _("nobody")}
        return _("It answers a letter to %(to)s, but comes from %(sender)s: it doesn’t count.") % told, True
    if arrival.machine or (delivery.evidence.get("via") == "smtp" and not delivery.evidence.get("mail_from")):
        return _("A machine wrote it: it is neither acted on nor answered."), False
    lately = MemberLetter.objects.filter(member=letter.member, kind=MemberLetter.Kind.ANSWER)
    if lately.filter(made_at__gt=at - ANSWERS_WITHIN).count() >= MOST_ANSWERS:
        return _("More than %(most)d answers in two hours: held back.") % {"most": MOST_ANSWERS}, True
    return None


# What it says


def _results(letter: MemberLetter, delivery: Delivery, arrival: Arrival, at: datetime) -> list[Result]:
    listed = owed_by_ids(letter.duties, letter.member, at)
    names = [(owed.deal or owed.what) if owed else "" for owed in listed]
    people = [letter.member.name, letter.member.email.partition("@")[0], "Baton"]
    found = statements_in(arrival.text, names, people)
    said_at = min(arrival.sent_at or delivery.received_at, delivery.received_at)
    return [
        _result(one, listed, _said(one, letter, arrival, f"{arrival.fingerprint}:{place}", said_at, at))
        for place, one in enumerate(found)
    ]


def _said(
    one: Statement, letter: MemberLetter, arrival: Arrival, key: str, said_at: datetime, at: datetime
) -> dict[str, object]:
    told = {"text": one.text, "member": letter.member, "at": at, "said_at": said_at, "key": key}
    return told | {"language": arrival.language}


def _result(one: Statement, listed: Sequence[Owed | None], said: dict[str, object]) -> Result:
    if one.place is None:
        return Result(f"“{one.text}”", _("Which one? Begin the line with its number."), done=False)
    owed = listed[one.place]
    if owed is None:
        return Result(f"“{one.text}”", _("That was settled meanwhile, or is no longer yours."), done=False)
    named = f"{owed.what} ({owed.deal})" if owed.deal and owed.deal not in owed.what else owed.what
    try:
        with writing():
            return Result(named, do(Said(owed=owed, **said)), done=True, owed=owed)  # type: ignore[arg-type]
    except (Unsure, Refusal) as why:
        return Result(named, f"“{one.text[:200]}”: {why_not(why)}", done=False, owed=owed)


# What is written back


def _write_back(letter: MemberLetter, key: str, results: list[Result], arrival: Arrival, at: datetime) -> None:
    """Say what was understood and what wasn't; what wasn't can be answered again, and so can what is still open."""
    asked = _asked_on(letter, results, at)
    answer = MemberLetter(key=key, kind=MemberLetter.Kind.ANSWER, member=letter.member, made_at=at)
    answer.duties = [str(one.id) for one in asked]
    message_id = str(arrival.parts.get("message_id", ""))
    going = Going(message_id, [letter.message_id], "auto-replied")
    post(answer, _page(letter, results, asked), at, going)


def _asked_on(letter: MemberLetter, results: list[Result], at: datetime) -> list[Owed]:
    """Ask on about what wasn't clear (about all where nobody knows which was meant), and about what doing it opened."""
    unclear = {one.owed.id for one in results if one.owed and not one.done}
    unknown = any(one.owed is None for one in results)
    still = [owed for owed in owed_by_ids(letter.duties, letter.member, at) if owed is not None]
    asked = [owed for owed in still if unknown or owed.id in unclear]
    touched = {one.owed.deal_id for one in results if one.done and one.owed and one.owed.deal_id}
    opened = Duty.objects.of_member(letter.member).open().filter(deal__in=touched, started_at__gte=letter.made_at)
    ids = [str(row.pk) for row in opened.in_order()[:MOST_OPENED]]
    known = {owed.id for owed in still}
    return asked + [owed for owed in owed_by_ids(ids, letter.member, at) if owed and owed.id not in known]


def _page(letter: MemberLetter, results: list[Result], asked: list[Owed]) -> Page:
    done = [Item(one.what, one.text) for one in results if one.done]
    unclear = [Item(one.what, one.text) for one in results if not one.done]
    groups = [(name, items) for name, items in ((_("Done"), done), (_("Not done"), unclear)) if items]
    if asked:
        items = [item_of(one, number if len(asked) > 1 else None) for number, one in enumerate(asked, 1)]
        groups.append((_("Still open"), items))
    subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
    lead = _("Nothing was changed by this.") if not done else _("Understood, and done.")
    lead = _("Not all of it was clear.") if done and unclear else lead
    return Page(subject, lead, groups, hint(len(asked)) if asked else "")

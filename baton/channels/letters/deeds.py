"""What a statement does: the same verbs as on Today, when it is sure; else it raises `Unsure` with what would help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.capture.promising import due_moment
from baton.channels.quick.chips import Chip, written_day
from baton.channels.quick.drafts import Line
from baton.channels.quick.known import LedgerDirectory
from baton.channels.quick.line import read_line
from baton.channels.quick.saving import kept_as_note, save
from baton.kernel import words
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.members.models import Member
from baton.work import exceptions, handoffs, passing_on, promises, questions
from baton.work.models import Duty, ExceptionCase, Handoff, Promise, Question
from baton.work.reader import zone_of
from baton.work.today import Owed

MAIL = "email"
SURE = 0.6
LANGUAGES = ("en", "de", "hr")
_YES = re.compile(
    r"(?:i )?(?:accept(?:ed)?|yes|ok(?:ay)?|taken|angenommen|nehme ich|ja|prihvaceno|prihvacam|preuzeto|da)[.! ]*", re.I
)
_SEEN = re.compile(
    r"(?:noted|seen|ok(?:ay)?|fine|looked at(?: it)?|gesehen|notiert|zur kenntnis genommen|in ordnung"
    r"|videno|u redu)[.! ]*",
    re.I,
)


class Unsure(Exception):
    """It could mean several things, or nothing that can be done by mail; the text is the sentence for people."""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement with everything that is needed to act on it. `key` is the same however often it arrives.

    `channel` is what it came by: mail, or the answer in a notification.
    """

    text: str
    owed: Owed
    member: Member
    at: datetime
    said_at: datetime
    key: str
    language: str = ""
    channel: str = MAIL


def do(said: Said) -> str:
    """Do what a statement says and return it in words. Raises `Unsure`, or the verb's own `Refusal`."""
    by_subject = _BY_SUBJECT.get(said.owed.opener) or _BY_SUBJECT.get(said.owed.record_kind)
    done = by_subject(said) if by_subject else None
    return done or _on_deal(said)


# By what the duty is about


def _answer(said: Said) -> str | None:
    if _outcome(_chips(said)) in {"done", "won"}:
        raise Unsure(_("The question is still open: write the answer itself."))
    question = Question.objects.visible_to(said.member).get(pk=said.owed.record_id)
    questions.answer(question, said.text, by=said.member, at=said.at, channel=said.channel)
    return _("Answered: “%(text)s”.") % {"text": said.text[:200]}


def _accept(said: Said) -> str | None:
    if not _YES.fullmatch(folded(said.text)):
        raise Unsure(_("Answer “accepted”, or open it to return it with what is missing."))
    handoff = Handoff.objects.visible_to(said.member).get(pk=said.owed.record_id)
    handoffs.accept(handoff, by=said.member, at=said.at, channel=said.channel)
    return _("Accepted. The deal is yours.")


def _promise(said: Said) -> str | None:
    chips = _chips(said)
    promise = Promise.objects.visible_to(said.member).get(pk=said.owed.record_id)
    moved = next((chip for chip in chips if chip.kind == "move"), None)
    if moved:
        due = due_moment(moved.value["to"], current_map().hours)
        promises.move(promise, due, by=said.member, at=said.at, because=said.text[:400], channel=said.channel)
        return _("A new date was agreed: %(day)s.") % {"day": written_day(moved.value["to"])}
    if _outcome(chips) == "done":
        promises.keep(promise, by=said.member, at=said.at, channel=said.channel)
        return _("Kept.")
    return None


def _change(said: Said) -> str | None:
    if not _SEEN.fullmatch(folded(said.text)):
        raise Unsure(_("Answer “noted”, or open it to object."))
    handoff = Handoff.objects.visible_to(said.member).get(pk=said.owed.record_id)
    handoffs.note_change(handoff, said.owed.item, by=said.member, at=said.at, channel=said.channel)
    return _("Noted.")


def _review(said: Said) -> str | None:
    if not _SEEN.fullmatch(folded(said.text)):
        return None
    case = ExceptionCase.objects.visible_to(said.member).get(pk=said.owed.record_id)
    exceptions.review(case, by=said.member, at=said.at, channel=said.channel)
    return _("Looked at.")


_BY_SUBJECT: dict[str, Any] = {
    "question.asked": _answer,
    "handoff.offered": _accept,
    "packet.changed": _change,
    "promise": _promise,
    "exception": _review,
}


# By what the line says of the deal


def _on_deal(said: Said) -> str:
    chips = _chips(said)
    _refuse_unclear(said, chips)
    moved = next((chip for chip in chips if chip.kind == "move"), None)
    if moved and said.owed.opener != "next_step.set":
        return _later(said, moved)
    _refuse_done_without_deed(said, chips)
    saved = save(Line(said.text, chips, said.key, said.said_at, deal=said.owed.deal_id), by=said.member, at=said.at)
    if saved.left_out:
        return _("Kept as a note, because: %(why)s") % {"why": saved.left_out}
    return _("%(what)s.") % {"what": "; ".join(saved.recorded) or _("Recorded")}


def _later(said: Said, moved: Chip) -> str:
    """What can't be moved itself is put off: it stays due when it is due."""
    duty = Duty.objects.visible_to(said.member).get(pk=said.owed.id)
    until = due_moment(moved.value["to"], current_map().hours)
    if "T" not in moved.value["to"]:
        until = (
            current_map().hours.spans_on(until.date())[0][0] if current_map().hours.spans_on(until.date()) else until
        )
    passing_on.put_off(duty, until=until, by=said.member, at=said.at)
    return _("Put off until %(when)s. It stays due when it is due.") % {"when": words.when(until, said.at)}


def _refuse_unclear(said: Said, chips: tuple[Chip, ...]) -> None:
    if said.owed.deal_id is None:
        raise Unsure(_("It belongs to no deal yet, so it can only be settled in Baton."))
    understood = [chip for chip in chips if chip.kind != "note"]
    if not understood:
        raise Unsure(_("I didn’t understand it."))
    unclear = [chip for chip in understood if chip.confidence < SURE or _is_new(chip)]
    unclear += [one for one in kept_as_note(chips, said.text, True, current_map()) if one.kind != "note"]
    if unclear:
        told = ", ".join(dict.fromkeys(chip.label for chip in unclear))
        raise Unsure(_("I’m not sure of: %(what)s.") % {"what": told})


def _is_new(chip: Chip) -> bool:
    """A person or a firm that nobody knows yet isn't begun by mail."""
    return chip.kind in {"contact", "company", "deal"} and "new" in chip.value


def _refuse_done_without_deed(said: Said, chips: tuple[Chip, ...]) -> None:
    """“Done” closes a next step; anything else closes when what closes it has happened."""
    if _outcome(chips) == "done" and said.owed.opener != "next_step.set":
        raise Unsure(_("It closes when it has happened: say how, as in “called Dana, she is fine with it”."))


def _outcome(chips: tuple[Chip, ...]) -> str:
    return next((chip.value["outcome"] for chip in chips if chip.kind == "outcome"), "")


def _chips(said: Said) -> tuple[Chip, ...]:
    """Read the line as the quick line would, in the language in which most of it is understood."""
    deal = Deal.objects.visible_to(said.member).filter(pk=said.owed.deal_id).first() if said.owed.deal_id else None
    mine = (said.member.language or said.language)[:2]
    for language in dict.fromkeys([*([mine] if mine else []), *LANGUAGES]):
        chips = _read(said, deal, language)
        if any(chip.kind != "note" for chip in chips):
            return chips
    return chips


def _read(said: Said, deal: Deal | None, language: str) -> tuple[Chip, ...]:
    line = read_line(
        said.text,
        now=said.said_at,
        zone=str(zone_of(said.member)),
        language=language,
        currency=deal.currency if deal else current_map().currency,
        known=LedgerDirectory(said.member, deal),
    )
    return tuple(chip for chip in line.chips if chip.kind != "deal" or deal is None)


def why_not(error: Exception) -> str:
    """Return the sentence of what kept a statement from being done."""
    return error.sentence if isinstance(error, Refusal) else str(error)

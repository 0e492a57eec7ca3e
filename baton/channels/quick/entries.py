"""What the chips of a line say of its deal, as entries: a promise, an exception, an amount, a step, an outcome."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture.promising import due_moment, promise_values
from baton.channels.quick.chips import Chip
from baton.channels.quick.drafts import QUICK, Draft
from baton.channels.quick.meant import about, field_meant
from baton.kernel.clock import stamp
from baton.kernel.ids import derived
from baton.ledger.models import Contact
from baton.work.moves import status_at


def _promise(draft: Draft, chip: Chip) -> None:
    who = chip.value.get("who", "us") if chip.kind == "promise" else "asked"
    due = chip.value.get("due") or chip.value.get("by")
    value = {
        "what": chip.value["what"][:400],
        "who": who,
        "due_at": stamp(due_moment(due, draft.map.hours)) if due else None,
    }
    assert draft.deal is not None
    promised_by = draft.by.pk if who == "us" else None
    told = promise_values(value, draft.deal.pk, draft.contact, promised_by, draft.interaction)
    draft.tell("promise", derived(QUICK, draft.print, chip.kind, *chip.span), chip, **told)
    draft.recorded.append(chip.label)


def _exception(draft: Draft, chip: Chip) -> None:
    assert draft.deal is not None
    told = {"deal": str(draft.deal.pk), "category": str(chip.value.get("category") or "other")[:120]}
    told |= {"what": chip.value["what"][:400], "reason": draft.line.text[:1000], "decided_by": str(draft.by.pk)}
    draft.tell("exception", derived(QUICK, draft.print, "exception", *chip.span), chip, **told)
    draft.recorded.append(chip.label)


def _amount(draft: Draft, chip: Chip) -> None:
    assert draft.deal is not None
    amount = {"minor": chip.value["minor"], "currency": chip.value["currency"]}
    draft.tell("deal", draft.deal.pk, chip, amount=amount)
    _settle(draft, "amount")
    draft.recorded.append(chip.label)


def _next_step(draft: Draft, chip: Chip) -> None:
    assert draft.deal is not None
    at = chip.value.get("at")
    step = {
        "what": chip.value["what"][:400],
        "at": stamp(due_moment(at, draft.map.hours)) if at else None,
        "by": str(draft.by.pk),
    }
    done = any(one.kind == "outcome" and one.value["outcome"] == "done" for one in draft.line.chips)
    step |= {"after": "done"} if done and draft.deal.next_step else {}
    draft.tell("deal", draft.deal.pk, chip, next_step=step)
    draft.recorded.append(chip.label)


def _move(draft: Draft, chip: Chip) -> None:
    """`moved to Friday` is about the next step: the same thing, on another day."""
    assert draft.deal is not None
    what = draft.deal.next_step or draft.line.text[:400]
    by = draft.deal.next_step_by_id or draft.by.pk
    step = {"what": what, "at": stamp(due_moment(chip.value["to"], draft.map.hours)), "by": str(by)}
    draft.tell("deal", draft.deal.pk, chip, next_step=step)
    draft.recorded.append(chip.label)


def _outcome(draft: Draft, chip: Chip) -> None:
    assert draft.deal is not None
    outcome, because = chip.value["outcome"], chip.value.get("because") or ""
    if outcome == "lost":
        draft.tell("deal", draft.deal.pk, chip, status="lost", lost_reason=(because or draft.line.text)[:300])
    elif outcome == "won":
        _won(draft, chip)
    elif draft.deal.next_step and not any(one.kind in {"next_step", "move"} for one in draft.line.chips):
        draft.tell("deal", draft.deal.pk, chip, next_step=None)
    draft.recorded.append(chip.label)


def _won(draft: Draft, chip: Chip) -> None:
    """Won by word alone: the deal is moved to the stage that wins, which stays said until something shows it."""
    assert draft.deal is not None
    stage = next((one for one in draft.map.stages.values() if one.closes == "won"), None)
    here = draft.deal.stage
    if stage and here in draft.map.stages and draft.map.is_before(here, stage.id):
        draft.tell("deal", draft.deal.pk, chip, stage=stage.id, status=status_at(stage, draft.map))
    else:
        draft.tell("deal", draft.deal.pk, chip, status="won")


def _date(draft: Draft, chip: Chip) -> None:
    """A day with words before it (`start 1 Dec`) is the value of the field that goes by those words."""
    value = (chip.value.get("date") or chip.value.get("at", ""))[:10]
    _field(draft, chip, "date", about(chip, draft.line.text), value)


def _hours(draft: Draft, chip: Chip) -> None:
    after, before = chip.value.get("after"), chip.value.get("before")
    text = f"{after}–{before}" if after and before else f"after {after}" if after else f"before {before}"
    _field(draft, chip, "hours", "", text)


def _field(draft: Draft, chip: Chip, kind: str, words: str, value: str) -> None:
    assert draft.deal is not None
    key = field_meant(draft.map, kind, words)
    if key and value:
        draft.tell("deal", draft.deal.pk, chip, **{key: value})
        _settle(draft, key)
        draft.recorded.append(chip.label)


def _settle(draft: Draft, key: str) -> None:
    """A value said outright answers the suggestion that waited for the same field."""
    assert draft.deal is not None
    waiting = draft.deal.values.get(key, {}).get("s", [])
    if waiting:
        draft.entries[-1].settles = UUID(waiting[-1])


def _address(name: str) -> Callable[[Draft, Chip], None]:
    def write(draft: Draft, chip: Chip) -> None:
        if draft.contact is None:
            return
        known = Contact.objects.visible_to(draft.by).filter(pk=draft.contact).first()
        there = list((known.values.get(name) or {}).get("v") or []) if known else []
        if chip.value not in there:
            draft.tell("contact", draft.contact, chip, **{name: [*there, chip.value]})
            draft.recorded.append(chip.label)

    return write


def _mention(draft: Draft, chip: Chip) -> None:
    """`@priya` on a deal asks Priya: the line is the question."""
    if draft.deal is None or chip.value.get("id") == str(draft.by.pk):
        return
    told = {
        "deal": str(draft.deal.pk),
        "text": draft.line.text[:1000],
        "about_field": "",
        "asked_by": str(draft.by.pk),
        "asked_of": chip.value["id"],
    }
    draft.tell("question", derived(QUICK, draft.print, "question", chip.value["id"]), chip, **told)
    draft.recorded.append(_("asks %(name)s") % {"name": chip.label})


WRITERS: dict[str, Callable[[Draft, Chip], None]] = {
    "promise": _promise,
    "ask": _promise,
    "exception": _exception,
    "amount": _amount,
    "next_step": _next_step,
    "move": _move,
    "outcome": _outcome,
    "date": _date,
    "hours": _hours,
    "phone": _address("phones"),
    "email": _address("emails"),
    "member": _mention,
}

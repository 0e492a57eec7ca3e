"""A quick line becomes record: the interaction, and what it says of the deal, in one `record()`.

Exactly once, whatever a phone without a line sends again: all identifiers follow from the member, the client's own
key and the line. Saving always works: what can't be recorded as it was read is kept as the note that it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture.promising import due_moment, promise_values
from baton.channels.quick.chips import Chip
from baton.kernel.clock import stamp
from baton.kernel.ids import derived
from baton.kernel.verdict import Conflict, Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry, NewInteraction
from baton.ledger.models import Contact, Deal, Interaction
from baton.ledger.recording import record
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.looking import deal_seen_by
from baton.work.moves import status_at

QUICK = "quick"
NEEDS_A_DEAL = {"promise", "ask", "exception", "amount", "next_step", "outcome", "move", "date", "hours"}
PEOPLE = {"interaction", "contact", "company", "deal", "member", "note"}
LOGGED = {"call", "meeting", "text", "chat", "email"}
Described = tuple[str, str, int, str, bool, str]


@dataclass(frozen=True, slots=True)
class Line:
    """What a member wants recorded: the line as typed, the chips that they left ticked, and where it belongs.

    `key` is the client's own; `typed_at` when it was typed, which may be long before it arrives. `deal` is the page's
    own, `kind` what the button said that it was ("call"), `files` those already in the file store.
    """

    text: str
    chips: tuple[Chip, ...]
    key: str
    typed_at: datetime
    deal: UUID | None = None
    kind: str = ""
    files: tuple[Described, ...] = ()
    said_in: Source | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line was said that stands in no page's own place: a review. Its interactions are one thread."""

    channel: str
    thread: UUID
    parts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """What was recorded. `already` says that this line was here before; `left_out` why something stayed a note only."""

    interaction: UUID
    deal: UUID | None = None
    recorded: tuple[str, ...] = ()
    already: bool = False
    left_out: str = ""


@dataclass(slots=True)
class _Draft:
    """The line on its way into the ledger."""

    line: Line
    by: Member
    at: datetime
    map: OperatingMap
    print: str
    deal: Deal | None = None
    contact: UUID | None = None
    company: UUID | None = None
    entries: list[Entry] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)

    @property
    def interaction(self) -> UUID:
        return derived(QUICK, self.print)

    @property
    def channel(self) -> str:
        return self.line.said_in.channel if self.line.said_in else QUICK

    @property
    def happened_at(self) -> datetime:
        told = next((chip.value["happened_at"] for chip in self.line.chips if chip.kind == "interaction"), "")
        moment = datetime.fromisoformat(told) if told else self.line.typed_at
        return min(moment, self.line.typed_at, self.at)

    def tell(self, kind: str, record_id: UUID, chip: Chip | None = None, **values: Any) -> None:
        """Add one entry for each value, with the words of the line that it was read from."""
        for name, value in values.items():
            self.entries.append(
                Entry(
                    kind,
                    record_id,
                    name,
                    value,
                    happened_at=self.happened_at if kind == "deal" and name in FACTS_THEN else None,
                    interaction_id=self.interaction,
                    words=self.line.text[slice(*chip.span)][:1000] if chip else "",
                    span=chip.span if chip else None,
                    reader="quick:1" if chip else "",
                    confidence=chip.confidence if chip else None,
                    key=f"{QUICK}:{self.print[:40]}:{len(self.entries)}",
                )
            )


FACTS_THEN = {"amount", "close_date"}
"""What was so when it was said; that a step was set or a deal was won is so from now on."""


def save(line: Line, *, by: Member, at: datetime) -> Saved:
    """Record a line. Refuses only who may not write, and a deal that they can't see."""
    draft = _Draft(line, by, at, current_map(), print_of(line, by))
    known = Interaction.objects.visible_to(by).filter(fingerprint=draft.print).first()
    if known is not None:
        return Saved(known.pk, known.deal_id, already=True)
    try:
        return _record(draft)
    except Conflict:
        raise
    except Refusal as why:
        return _note_only(draft, why)


def print_of(line: Line, by: Member) -> str:
    """Return what tells this line from all others: the same member, key and words are the same line."""
    return hashlib.sha256("\x1f".join((QUICK, str(by.pk), line.key, line.text)).encode()).hexdigest()


def _note_only(draft: _Draft, why: Refusal) -> Saved:
    """Keep the line where something in it couldn't be recorded as read; who may not write at all is refused."""
    if not draft.by.may_write or (draft.line.deal and not _sees(draft.by, draft.line.deal)):
        raise why
    deal = next((chip for chip in draft.line.chips if chip.kind == "deal" and "id" in chip.value), None)
    plain = replace(draft.line, chips=(deal,) if deal and _sees(draft.by, deal.value["id"]) else ())
    saved = _record(_Draft(plain, draft.by, draft.at, draft.map, draft.print))
    return replace(saved, left_out=why.sentence)


def _sees(member: Member, deal: UUID | str) -> bool:
    return Deal.objects.visible_to(member).filter(pk=deal).exists()


def _record(draft: _Draft) -> Saved:
    _place(draft)
    begun = len(draft.entries)
    new = _interaction(draft)
    for chip in draft.line.chips:
        writer = _WRITERS.get(chip.kind)
        if writer and (draft.deal is not None or chip.kind not in NEEDS_A_DEAL):
            writer(draft, chip)
    _write(draft, begun, new)
    return Saved(new.id, draft.deal.pk if draft.deal else None, tuple(draft.recorded))


def _write(draft: _Draft, begun: int, new: NewInteraction) -> None:
    """Record all of it in one transaction; whom it is about comes first, since only what is there can be worked on."""
    author = Author(draft.by, draft.channel)
    with writing():
        record(draft.entries[:begun], interactions=[new], by=author, at=draft.at)
        record(draft.entries[begun:], by=author, at=draft.at)


# Whom it is about


def _place(draft: _Draft) -> None:
    """Find the contact, the company and the deal, or begin those that are new."""
    named = {chip.kind: chip for chip in draft.line.chips if chip.kind in {"contact", "company", "deal"}}
    if draft.line.deal or "id" in _value(named, "deal"):
        draft.deal = deal_seen_by(draft.by, draft.line.deal or UUID(named["deal"].value["id"]))
        draft.contact, draft.company = draft.deal.contact_id, draft.deal.company_id
    draft.company = _customer(draft, "company", named.get("company")) or draft.company
    draft.contact = _customer(draft, "contact", named.get("contact")) or draft.contact
    if draft.company is None and draft.contact and "id" in _value(named, "contact"):
        known = Contact.objects.visible_to(draft.by).filter(pk=draft.contact).first()
        draft.company = known.company_id if known else None
    if draft.deal is None and "new" in _value(named, "deal"):
        _open_deal(draft, named["deal"])


def _value(named: dict[str, Chip], kind: str) -> dict[str, Any]:
    return named[kind].value if kind in named else {}


def _customer(draft: _Draft, kind: str, chip: Chip | None) -> UUID | None:
    if chip is None:
        return None
    if "id" in chip.value:
        return UUID(chip.value["id"])
    key = derived(QUICK, draft.print, kind)
    name = " ".join(str(chip.value["new"]).split())[:300]
    draft.tell(kind, key, chip, name=name)
    if kind == "contact" and draft.company:
        draft.tell(kind, key, chip, company=str(draft.company))
    draft.recorded.append(_("new: %(name)s") % {"name": name})
    return key


def _open_deal(draft: _Draft, chip: Chip) -> None:
    if draft.map.conflict_check:
        raise Refusal(_("Check for conflicts of interest first: the map opens no deal before the check is recorded."))
    stage = draft.map.first_stage
    title = " ".join(str(chip.value["new"]).split())[:300]
    deal = Deal(id=derived(QUICK, draft.print, "deal"), title=title, stage=stage.id, desk=stage.desk)
    deal.contact_id, deal.company_id, deal.status = draft.contact, draft.company, "open"
    deal.currency = draft.map.currency
    told = {"title": title, "stage": stage.id, "desk": stage.desk, "owner": str(draft.by.pk)}
    told |= {"contact": str(draft.contact)} if draft.contact else {}
    told |= {"company": str(draft.company)} if draft.company else {}
    draft.tell("deal", deal.pk, chip, **told)
    draft.recorded.append(_("deal: %(title)s") % {"title": title})
    draft.deal = deal


def _interaction(draft: _Draft) -> NewInteraction:
    told = next((chip.value for chip in draft.line.chips if chip.kind == "interaction"), {})
    kind = draft.line.kind or told.get("kind") or "note"
    outwards = told.get("direction") or ("out" if kind in LOGGED else "internal")
    filed = _filed(draft)
    return NewInteraction(
        kind,
        outwards if kind != "note" else "internal",
        draft.channel,
        draft.happened_at,
        subject=draft.line.text.strip().splitlines()[0][:120] if draft.line.text.strip() else "",
        text=draft.line.text,
        from_name=draft.by.name,
        from_address=draft.by.email,
        author=draft.by,
        fingerprint=draft.print,
        trust="said" if kind == "email" else "own",
        holders=() if filed else (draft.by.pk,),
        files=draft.line.files,
        filed=filed,
        unfiled_because="" if filed else _("The line doesn’t say whom it is about."),
        thread=draft.line.said_in.thread if draft.line.said_in else None,
        parts=draft.line.said_in.parts if draft.line.said_in else {},
        id=draft.interaction,
    )


def _filed(draft: _Draft) -> dict[str, Any] | None:
    if not (draft.deal or draft.contact or draft.company):
        return None
    return {
        "deal": str(draft.deal.pk) if draft.deal else None,
        "contact": str(draft.contact) if draft.contact else None,
        "company": str(draft.company) if draft.company else None,
        "audience": "full",
        "because": _("Typed by %(name)s.") % {"name": draft.by.name},
    }


# What it says


def _promise(draft: _Draft, chip: Chip) -> None:
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


def _exception(draft: _Draft, chip: Chip) -> None:
    assert draft.deal is not None
    told = {"deal": str(draft.deal.pk), "category": str(chip.value.get("category") or "other")[:120]}
    told |= {"what": chip.value["what"][:400], "reason": draft.line.text[:1000], "decided_by": str(draft.by.pk)}
    draft.tell("exception", derived(QUICK, draft.print, "exception", *chip.span), chip, **told)
    draft.recorded.append(chip.label)


def _amount(draft: _Draft, chip: Chip) -> None:
    assert draft.deal is not None
    amount = {"minor": chip.value["minor"], "currency": chip.value["currency"]}
    draft.tell("deal", draft.deal.pk, chip, amount=amount)
    _settle(draft, "amount")
    draft.recorded.append(chip.label)


def _next_step(draft: _Draft, chip: Chip) -> None:
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


def _move(draft: _Draft, chip: Chip) -> None:
    """`moved to Friday` is about the next step: the same thing, on another day."""
    assert draft.deal is not None
    what = draft.deal.next_step or draft.line.text[:400]
    by = draft.deal.next_step_by_id or draft.by.pk
    step = {"what": what, "at": stamp(due_moment(chip.value["to"], draft.map.hours)), "by": str(by)}
    draft.tell("deal", draft.deal.pk, chip, next_step=step)
    draft.recorded.append(chip.label)


def _outcome(draft: _Draft, chip: Chip) -> None:
    assert draft.deal is not None
    outcome, because = chip.value["outcome"], chip.value.get("because") or ""
    if outcome == "lost":
        draft.tell("deal", draft.deal.pk, chip, status="lost", lost_reason=(because or draft.line.text)[:300])
    elif outcome == "won":
        _won(draft, chip)
    elif draft.deal.next_step and not any(one.kind in {"next_step", "move"} for one in draft.line.chips):
        draft.tell("deal", draft.deal.pk, chip, next_step=None)
    draft.recorded.append(chip.label)


def _won(draft: _Draft, chip: Chip) -> None:
    """Won by word alone: the deal is moved to the stage that wins, which stays said until something shows it."""
    assert draft.deal is not None
    stage = next((one for one in draft.map.stages.values() if one.closes == "won"), None)
    here = draft.deal.stage
    if stage and here in draft.map.stages and draft.map.is_before(here, stage.id):
        draft.tell("deal", draft.deal.pk, chip, stage=stage.id, status=status_at(stage, draft.map))
    else:
        draft.tell("deal", draft.deal.pk, chip, status="won")


def _date(draft: _Draft, chip: Chip) -> None:
    """A day with words before it (`start 1 Dec`) is the value of the field that goes by those words."""
    value = (chip.value.get("date") or chip.value.get("at", ""))[:10]
    _field(draft, chip, "date", about(chip, draft.line.text), value)


def _hours(draft: _Draft, chip: Chip) -> None:
    after, before = chip.value.get("after"), chip.value.get("before")
    text = f"{after}–{before}" if after and before else f"after {after}" if after else f"before {before}"
    _field(draft, chip, "hours", "", text)


def _field(draft: _Draft, chip: Chip, kind: str, words: str, value: str) -> None:
    assert draft.deal is not None
    key = field_meant(draft.map, kind, words)
    if key and value:
        draft.tell("deal", draft.deal.pk, chip, **{key: value})
        _settle(draft, key)
        draft.recorded.append(chip.label)


def field_meant(operating_map: OperatingMap, kind: str, words: str) -> str:
    """Return the field of deals of this type that goes by these words; without words, the only one of its type."""
    fields = [one for one in operating_map.fields_on("deal") if one.type == kind]
    if not words:
        return fields[0].id if len(fields) == 1 and kind != "date" else ""
    said = set(folded(words).split())
    named = [one for one in fields if said & _names(one)]
    if named:
        return str(named[0].id)
    return "close_date" if kind == "date" and _is_closing(said) else ""


CLOSING = {"close", "closes", "closing", "abschluss", "schliesst", "zatvara", "zatvaranje", "zakljucenje"}


def _is_closing(said: set[str]) -> bool:
    """Whether the words say that the deal closes, and not that something else does (`their office closes`)."""
    left = said - {"date", "deal", "the", "it", "this", "now", "should", "will", "on", "by", "in", "am"}
    return bool(left) and left <= CLOSING


def _names(one: Any) -> set[str]:
    """Return the words that tell a field from the others: its name and what it is heard as."""
    words = {word for heard in one.heard_as for word in folded(heard).split()} | set(folded(one.name).split())
    return words - {"date", "day", "the", "of", "and", "hours"}


def _settle(draft: _Draft, key: str) -> None:
    """A value said outright answers the suggestion that waited for the same field."""
    assert draft.deal is not None
    waiting = draft.deal.values.get(key, {}).get("s", [])
    if waiting:
        draft.entries[-1].settles = UUID(waiting[-1])


def _address(name: str) -> Callable[[_Draft, Chip], None]:
    def write(draft: _Draft, chip: Chip) -> None:
        if draft.contact is None:
            return
        known = Contact.objects.visible_to(draft.by).filter(pk=draft.contact).first()
        there = list((known.values.get(name) or {}).get("v") or []) if known else []
        if chip.value not in there:
            draft.tell("contact", draft.contact, chip, **{name: [*there, chip.value]})
            draft.recorded.append(chip.label)

    return write


def _mention(draft: _Draft, chip: Chip) -> None:
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


_WRITERS: dict[str, Callable[[_Draft, Chip], None]] = {
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


def kept_as_note(chips: tuple[Chip, ...], text: str, deal: bool, operating_map: OperatingMap) -> Iterator[Chip]:
    """Yield the chips that become no entry of their own: they stay in the line, which is kept whole."""
    for chip in chips:
        recorded = chip.kind in PEOPLE or (chip.kind in _WRITERS and (deal or chip.kind not in NEEDS_A_DEAL))
        if chip.kind in {"date", "hours"}:
            recorded = recorded and bool(field_meant(operating_map, chip.kind, about(chip, text)))
        if not recorded:
            yield chip


def about(chip: Chip, text: str) -> str:
    """Return the words that say which day is meant: those read with it, else the stretch of the line itself."""
    return "" if chip.kind != "date" else chip.value.get("about") or text[slice(*chip.span)]

"""Records that are clean, and the same with one thing wrong, for every automation of the ready map."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from baton.capture.models import Twins
from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.ledger.entries import Author, Entry, NewInteraction
from baton.ledger.models import Contact, Deal
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.map.ready import ready_map
from tests.cast import HOUR, MONDAY, Cast
from tests.gate.automations.scene import LONG_AGO, redraw, switch_on

DAY = timedelta(days=1)
OLD = MONDAY - 120 * DAY
BEFORE = MONDAY - 10 * DAY
DATE = {
    "start_date": (MONDAY + 4 * DAY).date().isoformat(),
    "renewal_date": (MONDAY + 91 * DAY).date().isoformat(),
}
VALUES: dict[str, Any] = {
    "scope": [{"what": "Windows", "state": "approved"}],
    "working_hours": "after 18:00",
    "site_access": "Barrier code 4711",
    "key_holder": "Colin Hart",
    "amount": {"minor": 1_250_000, "currency": "EUR"},
} | {"start_date": DATE["start_date"]}
OTHER: dict[str, Any] = {
    "amount": {"minor": 990_000, "currency": "EUR"},
    "start_date": date(2027, 1, 11).isoformat(),
    "renewal_date": date(2029, 1, 11).isoformat(),
    "working_hours": "before 07:00",
    "key_holder": "Somebody else",
    "site_access": "The back door",
}


@dataclass(frozen=True, slots=True)
class Dirt:
    """One thing that is wrong with one fact, and the automation that stands on it."""

    automation: str
    kind: str
    field: str


def _dirts() -> Iterator[Dirt]:
    for one in ("acknowledge-enquiry", "chase-quote", "remind-of-visit", "ask-for-review", "tell-who-comes"):
        yield Dirt(one, "unconfirmed", "contact.email")
        yield Dirt(one, "contradictory", "contact.email")
        yield Dirt(one, "duplicated", "contact")
    yield Dirt("acknowledge-enquiry", "spoofed", "sender")
    yield Dirt("acknowledge-enquiry", "stranger", "sender")
    yield from (Dirt("chase-quote", kind, "amount") for kind in ("stale", "unconfirmed", "contradictory"))
    yield from (Dirt("tell-who-comes", kind, "start_date") for kind in ("stale", "contradictory"))
    yield from (Dirt("tell-who-comes", kind, "working_hours") for kind in ("stale", "unconfirmed", "contradictory"))
    yield Dirt("open-renewal", "contradictory", "renewal_date")
    yield Dirt("open-renewal", "duplicated", "company")
    for field in ("start_date", "working_hours", "site_access", "key_holder"):
        yield from (Dirt("hand-over", kind, field) for kind in ("stale", "unconfirmed", "contradictory"))


DIRTS = list(_dirts())
READY = sorted({dirt.automation for dirt in DIRTS})


def ready_firm() -> Cast:
    """Return the cast with the ready map of a facilities firm, every automation switched on, none limited to 50."""
    cast = Cast()
    text = ready_map("facilities", cast.tomas.email, "Lime & Co", "Europe/London")
    head, mark, tail = text.partition("\nautomations:")
    redraw(head + mark + re.sub(r"\n    so_that", "\n    at_most: 500 a day\n    so_that", tail), LONG_AGO)
    for key in current_map().automations:
        switch_on(cast, key)
    return cast


def planted(count: int) -> list[Dirt]:
    """Return so many kinds of dirt, each as often as the others."""
    return list(islice(cycle(DIRTS), count))


class Planting:
    """Records of one firm, one for each case: a customer and a deal of its own, clean but for what is asked."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.number = cast, 0

    def deal(self, automation: str, dirt: Dirt | None = None) -> Deal:
        """Make a deal that sets this automation off, and set it off."""
        self.number += 1
        self.dirt = dirt
        company = self.cast.company(f"Firm {self.number}", f"firm{self.number}.example")
        contact = self._contact(company)
        told = {"contact": str(contact.pk), "company": str(company.pk), "owner": str(self.cast.tomas.pk)}
        deal = self.cast.deal(f"Job {self.number}", at=OLD, desk="sales", **told)
        self._twice(contact, company)
        _SETTINGS[automation](self, deal)
        return deal

    def _contact(self, company: Any) -> Any:
        key, email = uuid7(), f"c{self.number}@firm{self.number}.example"
        self.cast.tell("contact", key, name=f"Customer {self.number}", company=str(company.pk), at=OLD)
        is_wrong = self.dirt is not None and self.dirt.field == "contact.email"
        status = "suggested" if is_wrong and self.dirt.kind == "unconfirmed" else "confirmed"
        self.say("contact", key, "emails", [email], OLD, status)
        if is_wrong and self.dirt.kind == "contradictory":
            self.say("contact", key, "emails", ["new@elsewhere.example"], BEFORE, "suggested")
        return Contact.objects.unscoped("tests").get(pk=key)

    def _twice(self, contact: Any, company: Any) -> None:
        if self.dirt is None or self.dirt.kind != "duplicated":
            return
        row = contact if self.dirt.field == "contact" else company
        other = self.cast.contact("Twin", f"twin{self.number}@twin.example")
        Twins.objects.create(kind=self.dirt.field, one=row.pk, other=other.pk, likely=0.9, found_at=BEFORE)

    def say(self, kind: str, key: Any, field: str, value: Any, at: Any, status: str = "confirmed") -> None:
        by = Author(self.cast.tomas) if status == "confirmed" else Author(None, "email")
        record([Entry(kind, key, field, value, status=status, happened_at=at)], by=by, at=at)

    def fact(self, deal: Deal, field: str, value: Any, at: Any = BEFORE) -> None:
        """Say a fact of the deal as the case wants it."""
        kind = self.dirt.kind if self.dirt and self.dirt.field == field else ""
        when = {"stale": OLD}.get(kind, at)
        self.say("deal", deal.pk, field, value, when, "suggested" if kind == "unconfirmed" else "confirmed")
        if kind == "contradictory":
            self.say("deal", deal.pk, field, OTHER[field], when + HOUR, "suggested")

    def message(self, deal: Deal, direction: str = "in", at: Any = BEFORE, **more: Any) -> NewInteraction:
        filed = {"deal": str(deal.pk), "contact": str(deal.contact_id), "company": None, "audience": "full"}
        sender = f"c{self.number}@firm{self.number}.example" if direction == "in" else self.cast.tomas.email
        told = {"subject": "About it", "text": "…", "from_address": sender, "filed": filed} | more
        one = NewInteraction("email", direction, "email", at, **told)
        record(interactions=[one], by=Author(None, "email"), at=at)
        return one

    def shows(self, deal: Deal, kind: str, at: Any = BEFORE) -> None:
        one = self.message(deal, at=at)
        record([Entry("interaction", one.id, "shows", {"kind": kind, "detail": ""})], by=self.author, at=at)

    @property
    def author(self) -> Author:
        return Author(self.cast.tomas)

    def stage(self, deal: Deal, stage: str, status: str = "open", at: Any = BEFORE) -> None:
        self.say("deal", deal.pk, "stage", stage, at)
        self.say("deal", deal.pk, "status", status, at)


def _enquiry(planting: Planting, deal: Deal) -> None:
    kind = planting.dirt.kind if planting.dirt else ""
    more: dict[str, Any] = {"parts": {"doubtful": "failed"}} if kind == "spoofed" else {}
    more |= {"from_address": "someone@else.example"} if kind == "stranger" else {}
    if planting.dirt and planting.dirt.field == "contact.email" and planting.dirt.kind == "unconfirmed":
        more |= {"trust": "signed"}
    planting.message(deal, at=MONDAY, **more)


def _quote(planting: Planting, deal: Deal) -> None:
    sent = {"documents": [{"kind": "quote", "number": f"Q-{planting.number}"}]}
    planting.message(deal, "out", BEFORE, trust="own", parts=sent)
    planting.stage(deal, "quoted")
    planting.fact(deal, "amount", VALUES["amount"], BEFORE)
    told = {"of": "10 days", "since": stamp(BEFORE)}
    record([Entry("deal", deal.pk, "quiet", told)], by=Author.baton(), at=MONDAY)


def _visit(planting: Planting, deal: Deal) -> None:
    starts = MONDAY + DAY + HOUR / 2
    filed = {"deal": str(deal.pk), "contact": str(deal.contact_id), "company": None, "audience": "full"}
    one = NewInteraction("meeting", "internal", "calendar", MONDAY, subject="Visit", filed=filed, trust="own")
    one.parts = {"calendar": "REQUEST"}
    news = {"kind": "meeting.planned", "of": "", "starts": starts.isoformat(), "ends": (starts + HOUR).isoformat()}
    plan = {"uid": str(one.id), "organizer": None, "parts": {}, "answers": {}, "proposed": {}}
    told = {"plan": plan, "news": [news]}
    record([Entry("interaction", one.id, "plan", told)], interactions=[one], by=Author(None, "calendar"), at=MONDAY)


def _review(planting: Planting, deal: Deal) -> None:
    planting.stage(deal, "live", "won")
    planting.shows(deal, "work.done", MONDAY)


def _renewal(planting: Planting, deal: Deal) -> None:
    planting.stage(deal, "live", "won")
    planting.fact(deal, "renewal_date", DATE["renewal_date"], MONDAY)


def _start(planting: Planting, deal: Deal) -> None:
    planting.stage(deal, "booked", "won")
    planting.fact(deal, "working_hours", VALUES["working_hours"])
    planting.fact(deal, "start_date", DATE["start_date"])


def _agreed(planting: Planting, deal: Deal) -> None:
    for field in ("scope", "working_hours", "site_access", "key_holder", "start_date"):
        planting.fact(deal, field, VALUES[field])
    planting.shows(deal, "approval")
    planting.stage(deal, "agreed", "won", MONDAY)


_SETTINGS: dict[str, Callable[[Planting, Deal], None]] = {
    "acknowledge-enquiry": _enquiry,
    "chase-quote": _quote,
    "remind-of-visit": _visit,
    "ask-for-review": _review,
    "open-renewal": _renewal,
    "tell-who-comes": _start,
    "hand-over": _agreed,
}

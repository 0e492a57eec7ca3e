"""The cast: a small site-services firm, its map, its customers, and a Monday to act on.

Nothing happens to them until a test says so. Times are named; none is asked of the clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from baton.kernel.ids import uuid7
from baton.ledger.entries import Author, NewInteraction, said
from baton.ledger.models import Company, Contact, Deal, Interaction
from baton.ledger.recording import Batch, record
from baton.map.current import forget_parsed
from baton.map.publishing import publish
from baton.members.models import DeskSeat, Member, Role
from baton.work.behaviors import in_force

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""Monday 16 November 2026, 09:00 in London."""
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

FIRM = """\
business: Lime & Co
purpose: Every promise is kept by whoever has the deal next.
owner: tomas@lime.example
hours: {zone: Europe/London, mon-fri: 09:00-17:00}
currency: GBP

desks:
  intake: {lead: mia, capture: hello, opens_deals: yes}
  sales: {lead: ana, members: [bram]}
  operations: {lead: ben}

stages:
  enquiry: {desk: intake, entered_by: interaction in}
  visited: {desk: sales, entered_by: meeting held}
  quoted: {desk: sales, entered_by: document out quote, weight: 40%}
  agreed: {desk: sales, entered_by: approval in writing, weight: 100%, closes: won}
  mobilising: {desk: operations, entered_by: start booked}

fields:
  scope:
    type: long text
    caught_at: visited
    needed_by: [handoff sales-operations]
    breaks: The crew brings the wrong machines.
  start_date:
    type: date
    caught_at: agreed
    needed_by: [handoff sales-operations]
    breaks: The crew is booked for the wrong week.
  key_holder:
    type: contact
    caught_at: visited
    needed_by: [handoff sales-operations]
    breaks: The first crew stands outside.
    fresh_for: 90 days
  need:
    type: text
    caught_at: enquiry
    needed_by: [handoff intake-sales]
    breaks: Sales rings to ask what it was about.

handoffs:
  intake-sales:
    from: intake
    to: sales
    at: enquiry
    carries: [need, contact]
    accept_within: 4 working hours
  sales-operations:
    from: sales
    to: operations
    at: agreed
    carries: [scope, start_date, key_holder, amount]
    accept_within: 4 working hours
    exceptions: [price agreed by phone]

behaviors:
  answer-enquiry:
    opens: interaction in from customer
    closes: interaction out to same customer
    owed_by: deal owner, else desk lead
    within: 2 working hours
    if_forgotten: [remind at 75%, escalate to desk lead]
    so_that: nobody waits until tomorrow
  set-next-step:
    opens: next step missing
    closes: next step set
    owed_by: deal owner, else desk lead
    within: 1 working day
    so_that: no open deal stands still

decisions:
  monday-review: {who: [tomas, ana, ben], every: Monday 10:00, reads: [amount, close_date, stage, next_step]}
"""


class Cast:
    """The members, by first name, and short words for what tests do over and over."""

    def __init__(self, visibility: str = "everyone") -> None:
        forget_parsed()
        in_force.cache_clear()
        text = (
            FIRM if visibility == "everyone" else FIRM + "\nvisibility: own desk, own deals; leaders see their desk\n"
        )
        self.tomas = self._member("Tomas Okafor", Role.OWNER)
        self.mia = self._member("Mia Lind", Role.MEMBER, "intake")
        self.ana = self._member("Ana Horvat", Role.MEMBER, "sales")
        self.bram = self._member("Bram Castell", Role.MEMBER, "sales")
        self.ben = self._member("Ben Raman", Role.MEMBER, "operations")
        self.rita = self._member("Rita Only", Role.READ_ONLY)
        publish(text, by=None, at=MONDAY - timedelta(days=365))

    def _member(self, name: str, role: str, desk: str = "") -> Member:
        member = Member.objects.create_user(f"{name.split(maxsplit=1)[0].lower()}@lime.example", name=name, role=role)
        if desk:
            DeskSeat.objects.create(member=member, desk=desk)
        return member

    def company(self, name: str = "Marlowe", domain: str = "marlowe.example") -> Company:
        key = uuid7()
        self.tell("company", key, name=name, domains=[domain])
        return Company.objects.unscoped("tests").get(pk=key)

    def contact(self, name: str = "Dana Whitlock", email: str = "dana@marlowe.example", company: Any = None) -> Contact:
        key = uuid7()
        values = {"name": name, "emails": [email]} | ({"company": str(company.pk)} if company else {})
        self.tell("contact", key, **values)
        return Contact.objects.unscoped("tests").get(pk=key)

    def deal(self, title: str = "Quayside Tower", stage: str = "enquiry", at: datetime = MONDAY, **values: Any) -> Deal:
        """Open a deal with its owner Ana at Sales unless told."""
        key = uuid7()
        told = {"stage": stage, "desk": "sales", "owner": str(self.ana.pk)} | values
        told = {name: str(v.pk) if hasattr(v, "pk") else v for name, v in told.items()}
        self.tell("deal", key, at=at, title=title, **told)
        return Deal.objects.unscoped("tests").get(pk=key)

    def tell(self, kind: str, key: UUID, *, by: Member | None = None, at: datetime = MONDAY, **values: Any) -> Batch:
        return record(said(kind, key, **values), by=Author(by or self.tomas), at=at)

    def mail(
        self,
        deal: Deal | None,
        direction: str = "in",
        at: datetime = MONDAY,
        *,
        received: datetime | None = None,
        text: str = "Could we start on 1 December?",
        **more: Any,
    ) -> Interaction:
        """Record an email on a deal, live, with its contact; `at` is its own date, `received` when it came."""
        filed = None
        if deal:
            filed = {
                "deal": str(deal.pk),
                "contact": str(deal.contact_id) if deal.contact_id else None,
                "audience": "full",
            }
            filed["company"] = str(deal.company_id) if deal.company_id else None
        one = NewInteraction(
            "email", direction, "email", at, subject="Start", text=text, trust="own", filed=filed, **more
        )
        record(interactions=[one], by=Author(None, "email"), at=received or at)
        return Interaction.objects.unscoped("tests").get(pk=one.id)


def fresh(row: Any) -> Any:
    """Return the row as it stands in the database now."""
    return type(row).objects.unscoped("tests").get(pk=row.pk)

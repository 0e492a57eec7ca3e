"""A firm with automations that are switched on, and the words for what happens to them."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

from baton.capture.ingesting import kept_raw
from baton.capture.models import Outgoing
from baton.gate.automations import switching
from baton.gate.automations.acting import act_due
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.needing import rule_of
from baton.ledger.entries import Author, NewInteraction, said
from baton.ledger.recording import record
from baton.map.current import current_map, forget_parsed
from baton.map.publishing import publish
from baton.work.behaviors import in_force
from tests.cast import FIRM, MINUTE, MONDAY, Cast

ACKNOWLEDGE = """
automations:
  acknowledge:
    name: Acknowledge an enquiry
    when: interaction in from customer
    if: [stage is enquiry, unanswered]
    do:
      send:
        subject: Thank you
        text: |
          Dear {first_name},

          {owner} looks at it.
    so_that: nobody wonders
"""
LONG_AGO = MONDAY - timedelta(days=200)


def firm(automations: str = ACKNOWLEDGE, *, on: bool = True) -> Cast:
    """Return the cast with these automations in their map, switched on by its owner for a reason."""
    cast = Cast()
    redraw(FIRM + automations, LONG_AGO)
    if on:
        for key in current_map().automations:
            switch_on(cast, key)
    return cast


def redraw(text: str, at: datetime) -> None:
    publish(text, by=None, at=at)
    forget_parsed()
    in_force.cache_clear()


def switch_on(cast: Cast, key: str, at: datetime = LONG_AGO) -> None:
    each = current_map().automations[key]
    switching.switch_on(key, by=cast.tomas, at=at, rule=rule_of(each, current_map()), because="a test")


def enquiry(cast: Cast, **more: Any) -> Any:
    """Return a deal at its first stage with a contact whose address was confirmed."""
    contact = cast.contact(company=cast.company())
    return cast.deal(contact=contact, company=str(contact.company_id), **more)


def wrote(deal: Any, at: datetime = MONDAY, sender: str = "dana@marlowe.example", **more: Any) -> Any:
    """Record a mail from outside, of which nothing is proven, on a deal with its contact."""
    filed = {"deal": str(deal.pk), "contact": str(deal.contact_id), "audience": "full", "company": None}
    told = {"subject": "Windows", "text": "Could you come?", "from_address": sender, "filed": filed} | more
    one = NewInteraction("email", "in", "email", at, **told)
    record(interactions=[one], by=Author(None, "email"), at=at)
    return one


def act(at: datetime = MONDAY + MINUTE) -> list[AutomationRun]:
    """Let automations act until nothing is due; return every run, the oldest first."""
    while act_due(lambda: at):
        pass
    return runs()


def runs() -> list[AutomationRun]:
    return list(AutomationRun.objects.unscoped("tests").order_by("made_at", "automation", "id"))


def states() -> list[str]:
    return [run.state for run in runs()]


def outbox() -> list[Outgoing]:
    return list(Outgoing.objects.unscoped("tests").order_by("asked_at", "id"))


def mail_of(row: Outgoing) -> Any:
    return message_from_bytes(kept_raw(str(row.raw_id)), policy=policy.default)


def tell(deal: Any, at: datetime = MONDAY, *, by: Any = None, channel: str = "screen", **values: Any) -> Any:
    return record(said("deal", deal.pk, **values), by=Author(by, channel), at=at)

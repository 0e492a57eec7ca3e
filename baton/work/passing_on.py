"""What may be done with a duty short of settling it: pass it on, put it off, and take either back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.models import Duty
from baton.work.owing import Absences
from baton.work.seats import may_act_for

CALLER = "work.duties"


def pass_on(duty: Duty, *, to: Member, by: Member, at: datetime, because: str = "", channel: str = "screen") -> Duty:
    """Give a duty to a colleague. Whoever owes it may, and the lead of its desk, a manager or the owner."""
    current = _open_duty(duty, by)
    if current.owed_by_id != by.pk and current.escalated_to_id != by.pk:
        may_act_for(by, current.desk, current_map()).or_refuse()
    if not to.may_write:
        raise Refusal(_("%(name)s can’t act on it: their role is read only, or they left.") % {"name": to.name})
    if to.pk in Absences().at(None):
        raise Refusal(_("%(name)s is away. Choose somebody who is there.") % {"name": to.name})
    if current.deal_id and not Deal.objects.visible_to(to).filter(pk=current.deal_id).exists():
        raise Refusal(_("%(name)s can’t see this deal, so they couldn’t act on it.") % {"name": to.name})
    entry = Entry("duty", current.pk, "passed_to", str(to.pk), because=because.strip())
    return record([entry], by=Author(by, channel), at=at).row("duty", current.pk)


def put_off(duty: Duty, *, until: datetime, by: Member, at: datetime, channel: str = "screen") -> Duty:
    """Take a duty out of sight until a moment. It stays due when it is due, and is chased as before."""
    current = _open_duty(duty, by)
    if by.pk not in {current.owed_by_id, current.escalated_to_id}:
        raise Refusal(_("Only whoever owes it can put it off."))
    if until <= at:
        raise Refusal(_("Choose a time that is still to come."))
    entry = Entry("duty", current.pk, "later_until", stamp(until))
    return record([entry], by=Author(by, channel), at=at).row("duty", current.pk)


def take_back(duty: Duty, *, by: Member, at: datetime, channel: str = "screen") -> Duty:
    """Undo passing a duty on: whoever gave it away owes it again, as long as it is open and lies where they put it."""
    current = _open_duty(duty, by)
    given = Fact.objects.unscoped(CALLER).of("duty", current.pk).filter(field="passed_to").order_by("-seq").first()
    if given is None or given.said_by_id != by.pk or current.passed_to_id != current.owed_by_id:
        raise Refusal(_("Only whoever passed it on can take it back."))
    return record(said("duty", current.pk, passed_to=str(by.pk)), by=Author(by, channel), at=at).row("duty", current.pk)


def bring_back(duty: Duty, *, by: Member, at: datetime, channel: str = "screen") -> Duty:
    """Undo putting a duty off: it is in sight again."""
    current = _open_duty(duty, by)
    if by.pk not in {current.owed_by_id, current.escalated_to_id}:
        raise Refusal(_("Only whoever owes it can bring it back."))
    return record(said("duty", current.pk, later_until=None), by=Author(by, channel), at=at).row("duty", current.pk)


def _open_duty(duty: Duty, by: Member) -> Duty:
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    current = Duty.objects.visible_to(by).filter(pk=duty.pk).first()
    if current is None:
        raise Refusal(_("There is no such duty among those you can see."))
    if current.state != Duty.State.OPEN:
        raise Refusal(_("That is settled already."))
    return current

"""The draft of a map from what was found: the nearest ready map, and for each thing proposed the reason. Pure.

Everything is a proposal that a page shows with its reason; nothing is decided by what stands in a mailbox.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.channels.first_look.finding import Findings
from baton.channels.first_look.trades import nearest_trade
from baton.map.ready import READY
from baton.map.schema import OperatingMap, Stage

STEPS = (1, 2, 4, 8)
"""Working hours that a behavior may give; a day of work is the longest."""
ENOUGH = 5
"""From so many answers on, a typical time says something."""


@dataclass(slots=True)
class Proposal:
    """What is proposed and why. `within` is the time to answer, `leads` desk → (address, reason)."""

    trade: str
    trade_because: str
    within: str = ""
    within_because: str = ""
    captures: dict[str, str] = field(default_factory=dict)
    leads: dict[str, tuple[str, str]] = field(default_factory=dict)
    flow: dict[str, str] = field(default_factory=dict)


def propose(found: Findings) -> Proposal:
    """Return what the mail speaks for."""
    trade = nearest_trade(found.trades)
    proposal = Proposal(trade or READY[0], _trade_because(found, trade))
    proposal.within, proposal.within_because = _within(found)
    proposal.captures = {
        each["desk"]: each["email"].partition("@")[0] for each in reversed(found.shared) if each["desk"]
    }
    proposal.leads = _leads(found)
    proposal.flow = _flow(found)
    return proposal


def _trade_because(found: Findings, trade: str) -> str:
    if trade:
        words = ", ".join(f"“{word}” ({count})" for word, count in list(found.trades[trade].items())[:3])
        return _("The nearest ready map, since headings of your mail speak of {words}.").format(words=words)
    if found.read:
        return _("No word in your mail speaks for one of them more than for the others. Choose the nearest.")
    return _("No mail was read, so nothing speaks for one of them. Choose the nearest.")


def _within(found: Findings) -> tuple[str, str]:
    """Propose the time that 8 of 10 answers keep today: a behavior that is missed from the first day is no behavior."""
    if found.p80_hours is None or found.answers_count < ENOUGH:
        return "", ""
    step = next((hours for hours in STEPS if found.p80_hours <= hours), 0)
    if not step:
        said = _("8 of 10 customers hear from you within {hours} working hours today; one working day would be better.")
        return "1 working day", said.format(hours=_rounded(found.p80_hours))
    within = f"{step} working hour" if step == 1 else f"{step} working hours"
    said = _("8 of 10 customers hear from you within {hours} working hours today, so this is kept from the first day.")
    return within, said.format(hours=_rounded(found.p80_hours))


def _rounded(hours: float) -> str:
    return f"{hours:.0f}" if hours >= 10 else f"{hours:.1f}".removesuffix(".0")


def _leads(found: Findings) -> dict[str, tuple[str, str]]:
    """Propose who leads a desk by what they do in the mail: send quotes, send invoices, are passed work."""
    leads: dict[str, tuple[str, str]] = {}
    own = {each["email"] for each in found.people}
    for desk, kind, said in (
        ("sales", "quote", _("sent {count} of the quotes")),
        ("billing", "invoice", _("sent {count} of the invoices")),
    ):
        most = next((one for one in _senders(found, kind) if one[0] in own), None)
        if most:
            leads[desk] = (most[0], said.format(count=most[1]))
    taker = next((each for each in found.passings if each.taker in own and each.taker not in _named(leads)), None)
    if taker:
        said = ngettext("was passed {count} customer’s mail", "was passed the mail of {count} customers", taker.count)
        leads["operations"] = (taker.taker, said.format(count=taker.count))
    giver = next((each for each in found.passings if each.giver in own), None)
    if giver:
        said = ngettext("passed {count} customer’s mail on", "passed the mail of {count} customers on", giver.count)
        leads.setdefault("intake", (giver.giver, said.format(count=giver.count)))
    return leads


def _named(leads: dict[str, tuple[str, str]]) -> set[str]:
    return {email for email, _because in leads.values()}


def _senders(found: Findings, kind: str) -> list[tuple[str, int]]:
    papers = found.papers.get(kind)
    return sorted(papers.by.items(), key=lambda each: (-each[1], each[0])) if papers else []


def _flow(found: Findings) -> dict[str, str]:
    """Answer how work flows now, as far as the mail tells; people put it right in their own words."""
    if not found.read:
        return {}
    begin = [each["email"] for each in found.shared[:3]] or [found.box]
    told = {"facts_begin": _("In mail to {addresses}.").format(addresses=", ".join(begin))}
    if found.passings:
        first = found.passings[0]
        told["needed_next"] = _("{giver} passes mail of customers on to {taker}.").format(
            giver=first.giver, taker=first.taker
        )
        told["breaks_at"] = ngettext(
            "Where mail is passed on as it is: {count} time in 90 days.",
            "Where mail is passed on as it is: {count} times in 90 days.",
            sum(each.count for each in found.passings),
        ).format(count=sum(each.count for each in found.passings))
    quotes = found.papers.get("quote")
    if quotes and quotes.sent:
        said = ngettext("Quotes: {count} was sent.", "Quotes: {count} were sent.", quotes.sent)
        told["decided_from"] = said.format(count=quotes.sent)
    return told


def stage_because(stage: Stage, found: Findings) -> str:
    """Return what in the mail speaks for a stage; says so where nothing does."""
    for one in stage.entered_by.each:
        said = _evidence(one.kind, one.detail, found)
        if said:
            return said
    return _("the ready map has it; nothing in the mail shows it yet") if found.read else ""


def _evidence(kind: str, detail: str, found: Findings) -> str:
    """Return what shows such an event in the mail, empty where nothing does."""
    if kind == "interaction.in" and (count := found.enquiries):
        said = ngettext(
            "{count} conversation was begun by a customer", "{count} conversations were begun by customers", count
        )
    elif kind == "meeting.held" and (count := _papers_of(found, "meeting")):
        said = ngettext("{count} message speaks of a visit", "{count} messages speak of visits", count)
    elif kind == "document.out" and (count := _papers_of(found, detail, received=False)):
        said = ngettext("{count} was sent", "{count} were sent", count)
    elif kind in ("approval", "document.in") and (count := _papers_of(found, "order", sent=False)):
        said = ngettext("{count} order came in", "{count} orders came in", count)
    else:
        return ""
    return said.format(count=count)


def _papers_of(found: Findings, kind: str, *, sent: bool = True, received: bool = True) -> int:
    papers = found.papers.get(kind)
    return papers.sent * sent + papers.received * received if papers else 0


def reasons_for(drawn: OperatingMap, found: Findings) -> dict[str, str]:
    """Return stage → what speaks for it."""
    return {key: stage_because(stage, found) for key, stage in drawn.stages.items()}

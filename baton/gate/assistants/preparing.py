"""Tools that prepare something: each checks what it is given, and says what it would do. Doing it is up to a person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.decide.requests.keeping import refuse_unless_on
from baton.gate.access.acting import Acting
from baton.gate.access.scopes import MESSAGES
from baton.gate.assistants.tools import Arguments, Deed, Tool, as_id, identifier, text
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal, Interaction, InteractionText
from baton.map.current import current_map
from baton.work.handoffs import next_for
from baton.work.looking import deal_seen_by
from baton.work.next_steps import step
from baton.work.packets import packet_of

FACTS, NEXT_STEP, REPLY, HANDOFF, REQUEST = "facts", "next_step", "reply", "handoff", "request"
OWN_FIELDS = ("amount", "close_date", "service")
"""Fields of every business that may be proposed besides the map's own. Never who owns it, where it stands, whether
it is won, or what a rule follows from."""
MOST_FACTS = 20
LONGEST_WORDS, LONGEST_REPLY = 400, 10_000


def propose_facts(acting: Acting, told: Arguments, at: datetime) -> Deed:
    """Propose values of a deal, each with why."""
    deal = _deal(acting, told)
    facts = [_fact(acting, deal, one) for one in told["facts"]]
    names = ", ".join(fact["name"] for fact in facts)
    said = _("%(names)s on %(deal)s") % {"names": names, "deal": deal.title}
    return Deed(said, {"do": FACTS, "deal": str(deal.pk), "facts": facts}, deal.pk, suggests=True)


def _fact(acting: Acting, deal: Deal, told: dict[str, Any]) -> dict[str, Any]:
    operating_map = current_map()
    known = operating_map.fields.get(told["field"]) or operating_map.field_by_id(told["field"])
    if known is None or (known.id not in OWN_FIELDS and known.key not in operating_map.fields):
        raise Refusal(_("“%(field)s” is no field of a deal that can be proposed.") % {"field": told["field"]})
    made = {"field": known.id, "name": str(known.name), "value": told["value"], "because": told.get("because", "")}
    return made | _evidence(acting, deal, told)


def _evidence(acting: Acting, deal: Deal, told: dict[str, Any]) -> dict[str, Any]:
    """Words of a message count as evidence only where they stand in it, letter for letter, and on this deal."""
    if "message" not in told:
        return {}
    acting.may(MESSAGES)
    key, words = as_id(told["message"], "message"), told.get("words", "")
    row = Interaction.objects.visible_to(acting.member).filter(pk=key, deal=deal.pk).first()
    text_of = InteractionText.objects.visible_to(acting.member).filter(pk=key).first()
    start = text_of.own.find(words) if text_of and words else -1
    if row is None or start < 0:
        raise Refusal(_("Those words don’t stand in that message of this deal."))
    return {"message": str(key), "words": words, "span": [start, start + len(words)]}


def propose_next_step(acting: Acting, told: Arguments, at: datetime) -> Deed:
    """Propose the one next thing to do."""
    deal = _deal(acting, told)
    due = _moment(told["at"]) if "at" in told else None
    value = step(told["what"], due, acting.member)
    said = _("Next on %(deal)s: %(what)s") % {"deal": deal.title, "what": told["what"]}
    return Deed(said, {"do": NEXT_STEP, "deal": str(deal.pk), "value": value}, deal.pk, suggests=True)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as why:
        raise Refusal(_("Write the time as 2026-12-01T09:00:00+00:00.")) from why
    if at.tzinfo is None:
        raise Refusal(_("The time has to say its zone: 2026-12-01T09:00:00+00:00."))
    if not 1900 <= at.year < 2200:
        raise Refusal(_("Write the time as 2026-12-01T09:00:00+00:00."))
    return at.astimezone(UTC)


def draft_reply(acting: Acting, told: Arguments, at: datetime) -> Deed:
    """Keep words for an answer. Nothing is sent, and there is no tool that would."""
    key = as_id(told["message"], "message")
    row = Interaction.objects.visible_to(acting.member).filter(pk=key).first()
    if row is None:
        raise Refusal(_("There is no such message among those you can see."))
    deal_seen_by(acting.member, row.deal_id) if row.deal_id else None
    said = _("An answer to %(name)s") % {"name": row.from_name or row.from_address or row.subject}
    return Deed(said, {"do": REPLY, "message": str(key), "text": told["text"]}, row.deal_id)


def prepare_handoff(acting: Acting, told: Arguments, at: datetime) -> Deed:
    """Say what the next desk needs of a deal and what is missing, and lay the handoff ready to be offered."""
    deal = _deal(acting, told)
    handoff = next_for(deal, current_map())
    if handoff is None:
        raise Refusal(_("The map has no handoff from where this deal lies."))
    packet = packet_of(deal, handoff, member=acting.member, at=at)
    to = current_map().desks[handoff.to_desk].name
    said = _("Offer %(deal)s to %(desk)s: %(there)s") % {"deal": deal.title, "desk": to, "there": packet.sentence}
    what = {"do": HANDOFF, "deal": str(deal.pk), "to": handoff.id, "note": told.get("note", "")}
    what["missing"] = [{"field": one.key, "name": str(one.name), "breaks": str(one.breaks)} for one in packet.missing]
    return Deed(said, what, deal.pk)


def fill_request(acting: Acting, told: Arguments, at: datetime) -> Deed:
    """Lay a request for figures ready; Baton answers it from its own facts once the person asks it."""
    refuse_unless_on()
    return Deed(_("Ask Baton: %(words)s") % {"words": told["words"]}, {"do": REQUEST, "words": told["words"]})


def _deal(acting: Acting, told: Arguments) -> Deal:
    return deal_seen_by(acting.member, as_id(told["deal"], "deal"))


def result_of(deed: Deed) -> dict[str, Any]:
    """Return what the program is told of its deed: what the next desk lacks is for it to know as well."""
    missing = deed.what.get("missing")
    return {"missing": missing} if missing is not None else {}


FACT = {
    "type": "object",
    "properties": {
        "field": text("The field’s key on the map, or amount, close_date, service.", 60),
        "value": {
            "description": "Text; a date as 2026-12-01; a sum as an object of minor (pence) and currency; a yes or no.",
        },
        "because": text("Why, in a sentence.", LONGEST_WORDS),
        "message": identifier("The message of this deal that says so."),
        "words": text("Its words, letter for letter.", LONGEST_WORDS),
    },
    "required": ["field", "value"],
    "additionalProperties": False,
}
PREPARING = (
    Tool(
        "draft_reply",
        gettext_lazy("Draft a reply"),
        "Write an answer to a message for its person, who reads, changes and sends it, or doesn’t. Sends nothing.",
        {"message": identifier("The message that is answered."), "text": text("The answer.", LONGEST_REPLY)},
        ("message", "text"),
        prepares=draft_reply,
    ),
    Tool(
        "propose_facts",
        gettext_lazy("Propose facts"),
        "Propose values of a deal’s fields. They are suggestions until a person confirms them.",
        {
            "deal": identifier("The deal."),
            "facts": {"type": "array", "items": FACT, "minItems": 1, "maxItems": MOST_FACTS, "description": "Values."},
        },
        ("deal", "facts"),
        prepares=propose_facts,
    ),
    Tool(
        "propose_next_step",
        gettext_lazy("Propose a next step"),
        "Propose the one next thing to do on a deal. It is a suggestion until a person confirms it.",
        {
            "deal": identifier("The deal."),
            "what": text("What is to be done.", 200),
            "at": text("By when, with its zone: 2026-12-01T09:00:00+00:00.", 40),
        },
        ("deal", "what"),
        prepares=propose_next_step,
    ),
    Tool(
        "prepare_handoff",
        gettext_lazy("Prepare a handoff"),
        "Say what the next desk needs of a deal and lacks, and lay the handoff ready; a person offers it.",
        {"deal": identifier("The deal."), "note": text("A note to the next desk.", 1000)},
        ("deal",),
        prepares=prepare_handoff,
    ),
    Tool(
        "fill_request",
        gettext_lazy("Fill a request"),
        "Lay a request for figures ready, in one line; Baton answers it from its own facts once the person asks it.",
        {"words": text("What is wanted: “what will close in December?”", 300)},
        ("words",),
        prepares=fill_request,
    ),
)

"""Where a value comes from: how far it can be relied on, who said so, from which words, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.kernel import words
from baton.ledger.entries import PROGRAM
from baton.ledger.models import Fact, Interaction, InteractionText
from baton.ledger.trust import trust_of
from baton.map.elements import Field
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.telling import head_of, who_said
from baton.web.pages import page
from baton.work.flags import open_flags
from baton.work.models import Use

MINUTE = timedelta(minutes=1)
AROUND = 160
"""Characters of the message shown on each side of the words that were read."""
STATES = {
    "confirmed": gettext_lazy("Confirmed."),
    "suggested": gettext_lazy("Suggested. Nobody has confirmed it."),
    "stale": gettext_lazy("Confirmed, but old: ask again."),
    "missing": gettext_lazy("Nobody has said."),
}


@dataclass(frozen=True)
class Quote:
    """The words that a value was read from, with the stretch that says it, and where they stand."""

    text: str
    spans: list[tuple[int, int]]
    cite: str
    href: str


def deal_field(request: HttpRequest, pk: UUID, field: str) -> HttpResponse:
    """Show where the current value of a field of this deal comes from; the newest suggestion while nobody said."""
    seen = see(request, pk)
    if seen.field(field) is None:
        raise Http404
    kept = seen.deal.values.get(field, {})
    facts = _facts(seen, field)
    waiting = [fact for fact in facts if str(fact.pk) in kept.get("s", [])]
    current = next((fact for fact in facts if str(fact.pk) == kept.get("f")), None)
    shown = current or (waiting[0] if waiting else None)
    return _shown(request, seen, field, shown, facts, waiting)


def shown_fact(request: HttpRequest, seen: DealSeen, fact: Fact) -> HttpResponse:
    """Show one fact of the deal where it stands in a message, whatever is the current value."""
    facts = _facts(seen, fact.field)
    waiting = str(fact.pk) in seen.deal.values.get(fact.field, {}).get("s", [])
    return _shown(request, seen, fact.field, fact, facts, [fact] if waiting else [])


def deal_history(request: HttpRequest, pk: UUID, field: str) -> HttpResponse:
    """Show every value that a field ever had: who said it, when, from what."""
    seen = see(request, pk)
    if seen.field(field) is None and field not in seen.deal.values:
        raise Http404
    facts = _facts(seen, field)
    context = {
        "seen": seen,
        "deal": seen.deal,
        "name": _name(seen, field),
        "rows": [_past(seen, fact, _sources(seen, facts)) for fact in facts],
        "now": seen.now,
    }
    return render(request, page("deal/history", request, part="rows"), context)


def _facts(seen: DealSeen, field: str) -> list[Fact]:
    rows = seen.facts.filter(field=field)
    return list(rows.order_by("-happened_at", "-recorded_at", "-pk"))


def _name(seen: DealSeen, field: str) -> str:
    known = seen.field(field)
    return str(known.name) if known else field.replace("_", " ").capitalize()


def _shown(
    request: HttpRequest, seen: DealSeen, field: str, shown: Fact | None, facts: list[Fact], waiting: list[Fact]
) -> HttpResponse:
    known = seen.field(field)
    is_waiting = shown is not None and shown in waiting
    trust = "suggested" if is_waiting else trust_of(seen.deal.values.get(field), known, seen.now).state
    before = [fact for fact in facts if fact.status == "confirmed" and fact is not shown]
    context = {
        "seen": seen,
        "deal": seen.deal,
        "field": field,
        "name": _name(seen, field),
        "value": seen.words(field, shown.value) if shown else "",
        "trust": trust,
        "state": STATES[trust],
        "quote": quote_of(seen, shown) if shown else None,
        "who": _who(seen, shown),
        "lag": lag_of(shown),
        "before": _before(seen, before),
        "more_before": max(0, len(before) - 1),
        "fresh": _fresh(known),
        "needed": needed_by(seen, field),
        "used": used_in(seen, shown),
        "flags": flags_on(seen, shown),
        "flag": _flag_address(seen, field, shown),
        "breaks": known.breaks if known else "",
        "suggestion": waiting[0] if waiting else None,
        "suggested": seen.words(field, waiting[0].value) if waiting and shown is not waiting[0] else "",
        "history": reverse("deal-history", args=[seen.deal.pk, field]),
        "correct": reverse("deal-field-value", args=[seen.deal.pk, field]),
        "changeable": seen.may_write and field not in DERIVED,
        "now": seen.now,
    }
    return render(request, page("deal/source", request, part="source"), context)


def used_in(seen: DealSeen, fact: Fact | None) -> list[str]:
    """Say which decisions used a value, newest first: who took it, where, when."""
    if fact is None:
        return []
    rows = Use.objects.visible_to(seen.member).filter(fact=fact.pk).order_by("-used_at", "pk")[:MOST_USES]
    return [_used(seen, row) for row in rows]


def _used(seen: DealSeen, row: Use) -> str:
    where = row.called or str(USED_IN.get(row.used_in, row.used_in))
    told = {"where": where, "who": seen.name_of(row.used_by_id), "when": words.day(row.used_at, seen.now)}
    return _("%(where)s, %(who)s, %(when)s") % told


MOST_USES = 3
USED_IN = {
    "handoff": gettext_lazy("accepted in a handoff"),
    "review": gettext_lazy("a review"),
    "forecast": gettext_lazy("a forecast"),
    "request": gettext_lazy("a request"),
    "commission": gettext_lazy("a commission statement"),
}


def flags_on(seen: DealSeen, fact: Fact | None) -> list[str]:
    """Say who called a value wrong and hasn't been answered, and who owes the answer."""
    if fact is None:
        return []
    rows = open_flags(seen.deal, seen.member).filter(flagged=fact.pk)
    told = [(seen.name_of(row.asked_by_id), seen.name_of(row.asked_of_id), row.text) for row in rows]
    return [_("%(who)s: “%(text)s” %(of)s answers.") % {"who": who, "of": of, "text": text} for who, of, text in told]


def _flag_address(seen: DealSeen, field: str, fact: Fact | None) -> str:
    """Return where the value is called wrong; nowhere for who said it themselves, and for what nobody said."""
    kept = seen.deal.values.get(field, {})
    if fact is None or str(fact.pk) != kept.get("f") or fact.said_by_id == seen.member.pk:
        return ""
    return reverse("deal-flag", args=[seen.deal.pk, field])


DERIVED = {"stage", "desk", "owner", "status", "offered_to", "next_step", "opened_from", "lost_reason"}
"""Fields that have a form of their own: they move, end or pass on the deal."""


def _who(seen: DealSeen, fact: Fact | None) -> str:
    if fact is None:
        return ""
    told = {"who": who_said(seen, fact), "when": words.when(fact.recorded_at, seen.now)}
    if fact.reader.startswith(PROGRAM):
        told["name"] = fact.reader.removeprefix(PROGRAM)
        return _("by %(who)s through the program “%(name)s”, %(when)s") % told
    return _("by %(who)s, %(when)s") % told


def lag_of(fact: Fact | None) -> float | None:
    """Return the minutes between what happened and its record."""
    return None if fact is None else max(0.0, (fact.recorded_at - fact.happened_at) / MINUTE)


def _before(seen: DealSeen, facts: list[Fact]) -> str:
    if not facts:
        return ""
    last = facts[0]
    told = (seen.words(last.field, last.value) or _("nothing"), who_said(seen, last))
    return ", ".join([*told, words.day(last.happened_at, seen.now)])


def _fresh(field: Field | None) -> str:
    if field is None or field.fresh_for is None:
        return _("as long as nobody changes it")
    return ngettext("%(count)d day", "%(count)d days", field.fresh_for) % {"count": field.fresh_for}


def needed_by(seen: DealSeen, field: str) -> str:
    """Say who needs a field: the desks that its handoffs go to, and the decisions that read it."""
    named = []
    for consumer in seen.map.consumers_of(field):
        if consumer.kind == "handoff" and (handoff := seen.map.handoffs.get(consumer.key)):
            named.append(seen.map.desks[handoff.to_desk].name)
        elif consumer.kind == "decision" and (decision := seen.map.decisions.get(consumer.key)):
            named.append(decision.name)
        elif consumer.kind == "stage" and (stage := seen.map.stages.get(consumer.key)):
            named.append(_("the stage %(stage)s") % {"stage": stage.name})
    return ", ".join(dict.fromkeys(named))


def quote_of(seen: DealSeen, fact: Fact) -> Quote | None:
    """Return the words a fact was read from, where the member may read them."""
    if fact.interaction_id is None:
        return None
    row = Interaction.objects.visible_to(seen.member).filter(pk=fact.interaction_id, readable=True).first()
    if row is None:
        return None
    text = InteractionText.objects.visible_to(seen.member).filter(pk=row.pk).first()
    contact = seen.contacts_named([row.contact_id]).get(row.contact_id) if row.contact_id else None
    cite = f"{head_of(seen, row, contact)}, {words.day(row.happened_at, seen.now)} {words.clocktime(row.happened_at)}"
    stretch, spans = _stretch(text.own if text else "", fact)
    return Quote(stretch, spans, cite, reverse("message", args=[row.pk]))


def _stretch(own: str, fact: Fact) -> tuple[str, list[tuple[int, int]]]:
    """Return the sentence around what was read, and where in it that stands."""
    if fact.span_start is None or fact.span_end is None or fact.span_end > len(own):
        return fact.words or own[: 2 * AROUND], []
    begin = max(own.rfind(mark, 0, fact.span_start) + len(mark) for mark in (". ", "? ", "! ", "\n"))
    begin = max(begin if begin > 1 else 0, fact.span_start - AROUND)
    ends = [own.find(mark, fact.span_end) for mark in (". ", "? ", "! ", "\n")]
    end = min([place + 1 for place in ends if place >= 0] + [len(own), fact.span_end + AROUND])
    stretch = own[begin:end].rstrip()
    return stretch, [(fact.span_start - begin, min(fact.span_end - begin, len(stretch)))]


def _sources(seen: DealSeen, facts: list[Fact]) -> dict[UUID, Interaction]:
    ids = {fact.interaction_id for fact in facts if fact.interaction_id}
    return {row.pk: row for row in Interaction.objects.visible_to(seen.member).filter(pk__in=ids)} if ids else {}


def _past(seen: DealSeen, fact: Fact, sources: dict[UUID, Interaction]) -> dict[str, Any]:
    source = sources.get(fact.interaction_id) if fact.interaction_id else None
    is_current = seen.deal.values.get(fact.field, {}).get("f") == str(fact.pk)
    settled = str(fact.pk) not in seen.deal.values.get(fact.field, {}).get("s", [])
    trust = {"confirmed": "confirmed", "dismissed": "missing"}.get(fact.status, "suggested")
    return {
        "pk": fact.pk,
        "text": seen.words(fact.field, fact.value) or _("nothing"),
        "trust": trust,
        "state": _state(fact, is_current, settled),
        "who": who_said(seen, fact),
        "channel": channel_name(fact.channel, fact.reader),
        "at": words.when(fact.happened_at, seen.now),
        "lag": lag_of(fact),
        "because": fact.because,
        "words": fact.words,
        "source": head_of(seen, source) if source else "",
        "href": reverse("message", args=[source.pk]) if source and source.readable else "",
    }


def _state(fact: Fact, is_current: bool, settled: bool) -> str:
    if is_current:
        return _("now")
    if fact.status == "dismissed":
        return _("not so")
    if fact.status == "suggested":
        return _("suggested, answered") if settled else _("suggested, waiting")
    return _("confirmed")


def channel_name(channel: str, reader: str = "") -> str:
    """Say how a fact came in; through which program, where one recorded it for somebody."""
    if reader.startswith(PROGRAM):
        return _("by the program “%(name)s”") % {"name": reader.removeprefix(PROGRAM)}
    known = {
        "screen": _("on this page"),
        "quick": _("in a line"),
        "email": _("from mail"),
        "import": _("imported"),
        "review": _("in a review"),
        "api": _("by a program"),
        "assistant": _("through an assistant"),
        "baton": _("by a rule of the map"),
    }
    return known.get(channel, channel)

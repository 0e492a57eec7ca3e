"""The cards of the board as HTML: a board has up to twenty a stage, so they are drawn here and not in a template.

Where a card can be moved to is one menu of the page (`#move`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.decide.pipeline import Card
from baton.kernel import words
from baton.map.catalog import EVENTS
from baton.web import marks
from baton.web.addresses import address

STILL_AFTER = 14
"""Days without anything after which a card says that it stopped moving."""
LONGEST_STEP = 60


def cards_html(cards: Iterable[Card], at: datetime) -> SafeString:
    """Return the cards of one lane."""
    return mark_safe("".join(_card(card, at) for card in cards))  # noqa: S308 - each part is escaped


def _card(card: Card, at: datetime) -> str:
    still = " data-still" if card.still >= STILL_AFTER else ""
    return (
        f'<li data-card data-row data-move="{address("board-move", card.id)}" data-version="{card.version}">'
        f'<article class="card"{still}>{_head(card)}{_worth(card)}{_next(card, at)}{_foot(card)}{_menu(card)}'
        "</article></li>\n"
    )


def _head(card: Card) -> str:
    disc = marks.disc(card.owner, True) if card.owner else ""
    title = f'<a href="{address("deal", card.id)}" data-open>{escape(card.title)}</a>'
    return f'{disc}<div><h3>{title}</h3><p class="sub">{escape(card.company or card.contact)}</p></div>'


def _worth(card: Card) -> str:
    amount = words.money(card.amount.minor, card.amount.currency) if card.amount else ""
    if card.shown:
        mark = marks.evidence("shown", str(EVENTS[card.proof].label) if card.proof in EVENTS else _("shown"))
    else:
        mark = marks.evidence("said", _("said, not shown"))
    return f'<p class="line" data-ends><b>{escape(amount)}</b>{mark}</p>'


def _next(card: Card, at: datetime) -> str:
    if not card.next_step:
        inside = f"{marks.icon('circle-alert', 's')}<span>{escape(_('No next step'))}</span>"
        return f'<p class="card-next" data-due="none">{inside}</p>'
    what = Truncator(card.next_step).chars(LONGEST_STEP)
    by = f", {words.when(card.next_step_at, at)}" if card.next_step_at else ""
    inside = f"{marks.icon('arrow-right', 's')}<span>{escape(what + by)}</span>"
    return f'<p class="card-next" data-due="{_due(card, at)}">{inside}</p>'


def _due(card: Card, at: datetime) -> str:
    if card.next_step_at is None or card.next_step_at.date() > at.date():
        return "later"
    return "late" if card.next_step_at < at else "today"


def _foot(card: Card) -> str:
    segments = [item.get("has", "there") for item in card.handoff.packet] if card.handoff else []
    packet = marks.baton(segments, "s") if segments else ""
    if card.still < STILL_AFTER:
        return f'<p class="card-foot">{packet}</p>' if packet else ""
    still = ngettext("Still for %(days)d day", "Still for %(days)d days", card.still) % {"days": card.still}
    return f'<p class="card-foot">{packet}<span class="faint">{escape(still)}</span></p>'


def _menu(card: Card) -> str:
    label = escape(_("Move %(title)s to…") % {"title": card.title})
    return (
        '<div class="card-menu"><button class="button" type="button" data-icon data-size="s" data-key="M" '
        f'popovertarget="move" aria-label="{label}">{marks.icon("ellipsis")}</button></div>'
    )

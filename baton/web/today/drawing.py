"""A duty's row as HTML: a page of fifty is drawn for each member each time, so it is drawn here and not in a template.

Buttons post through the page's one form, `act`; what asks something first is a link.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from baton.web import marks
from baton.web.today.rows import Row
from baton.work.readings import Waiting

APART = ' data-gap="l"'


def row_html(row: Row, token: str) -> SafeString:
    """Return the row. `token` is the hidden input that every form of its own carries."""
    parts = [_note(row), _whose(row), _quote(row)]
    if row.values and not row.done:
        parts.append(_values(row, token))
    parts += [_gap(row, gap, token) for gap in row.gaps]
    if row.question:
        parts.append(_question(row, token))
    if not row.done:
        parts.append(_acts(row))
    return marks.duty(row, f'<div class="stack" data-gap="s">{"".join(parts)}</div>')


def _note(row: Row) -> str:
    undo = row.undo.html if row.undo else ""
    return f'<p class="line"><span class="soft">{escape(row.note)}</span>{undo}</p>' if row.note else ""


def _whose(row: Row) -> str:
    if not row.owed_by:
        return ""
    said = _("%(name)s owes it; it came up to you because its time ran out.") if row.came_up else _("%(name)s owes it")
    return f'<p class="faint">{escape(said % {"name": row.owed_by})}</p>'


def _quote(row: Row) -> str:
    return f'<blockquote class="said">{marks.quoted(row.quote, row.spans)}</blockquote>' if row.quote else ""


def _values(row: Row, token: str) -> str:
    there = " ".join(_value(one) for one in row.values)
    label = row.confirm_label
    button = _button(f"{marks.icon('check')} {escape(label)} {marks.key('Y')}", ' data-key="Y"') if label else ""
    return f"{_form(row.confirmation, token, APART)}{there} {button}</form>"


def _value(one: Waiting) -> str:
    name, told = ("fact", one.fact) if one.fact else ("field", one.field)
    value = marks.value(one.text, one.trust, one.age)
    hidden = f'<input type="hidden" name="{name}" value="{escape(told)}">'
    return f'<span class="line"><span class="soft">{escape(one.name)}</span> {value}{hidden}</span>'


def _gap(row: Row, gap: Waiting, token: str) -> str:
    field, nobody, does = escape(gap.field), escape(_("Nobody has said")), escape(_("Record it"))
    return (
        f'{_form(row.confirmation, token)}<input type="hidden" name="field" value="{field}">'
        f'<label class="soft" for="{row.id}-{field}">{escape(gap.name)}</label>'
        f'<input class="input" id="{row.id}-{field}" name="value" required placeholder="{nobody}">'
        f"{_button(does)}</form>"
    )


def _question(row: Row, token: str) -> str:
    yours = escape(_("Your answer"))
    return (
        f'{_form(row.answer, token)}<label class="unseen" for="{row.id}-answer">{yours}</label>'
        f'<input class="input" id="{row.id}-answer" name="text" required maxlength="2000" data-key="R"'
        f' placeholder="{yours}">{_button(escape(_("Answer")))}</form>'
    )


def _acts(row: Row) -> str:
    strip = _strip(row.packet, get_language()) if row.packet else ""
    return f'<div class="actions">{strip}{row.buttons}<span class="actions duty-more">{row.deferring}</span></div>'


@lru_cache(maxsize=500)
def _strip(packet: tuple[str, ...], language: str | None) -> SafeString:
    return marks.baton(packet, "s")


def _form(address: str, token: str, more: str = "") -> str:
    return f'<form class="line"{more} method="post" action="{address}" hx-post="{address}">{token}'


def _button(inside: str, more: str = "") -> str:
    return f'<button class="button" type="submit" data-size="s"{more}>{inside}</button>'


def token_input(token: object) -> SafeString:
    """Return the hidden input that carries the CSRF token, as `{% csrf_token %}` writes it."""
    return mark_safe(f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">')  # noqa: S308 - escaped

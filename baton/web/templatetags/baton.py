"""What templates say to draw the language of Baton. Every template has these at hand without loading them.

Marks and words come from `baton.web.marks` and `baton.web.words`; what has a shape of its own is a template in
`templates/baton/parts/`, and takes what stands between `{% notice %}` and `{% endnotice %}` as its content.
docs/developers/screens.md lists them all.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from baton.kernel.money import Money
from baton.web import marks, words
from baton.web.addresses import address
from baton.web.today.drawing import row_html, token_input

register = template.Library()

PARTS = "baton/parts/"

register.simple_tag(marks.icon, name="icon")
register.simple_tag(marks.trust, name="trust")
register.simple_tag(marks.clock, name="clock")
register.simple_tag(marks.disc, name="disc")
register.simple_tag(marks.member, name="member_disc")
register.simple_tag(marks.evidence, name="evidence")
register.simple_tag(marks.chip, name="chip")
register.simple_tag(marks.key, name="key")
register.simple_tag(marks.baton, name="baton_strip")


class AddressNode(URLNode):
    """Django's `{% url %}`, which looks an address up anew for each row; most differ in an id alone."""

    def render(self, context: Context) -> str:
        if self.kwargs or self.asvar:
            return super().render(context)
        return address(self.view_name.resolve(context), *(arg.resolve(context) for arg in self.args))


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """Return the address of this name. Addresses are quoted where they are made."""
    node = parse_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


@register.simple_tag(name="value")
def draw_value(text: object, trust: str, age: str = "", href: str = "", moon: bool = True) -> SafeString:
    """Write one fact with its trust (confirmed, suggested, stale, missing), one click from where it came from."""
    return marks.value(text, trust, age, href, moon)


@register.simple_tag(name="lag")
def draw_lag(minutes: float | None, text: str = "") -> SafeString | str:
    """Draw the minutes between event and record; nothing where they aren't known."""
    return "" if minutes is None else marks.lag(minutes, text)


@register.simple_tag
def keyhint(key: str, does: str) -> SafeString:
    """Write one hint of the key bar: the key and what it does."""
    return format_html("<span>{} {}</span>", marks.key(key), does)


@register.inclusion_tag(PARTS + "rail.html")
def rail(desks: Sequence[Any]) -> dict[str, object]:
    """Draw the stages of a deal with their evidence, under their desks, and the baton of each handoff between."""
    return {"desks": desks}


@register.inclusion_tag(PARTS + "section_head.html")
def section_head(
    title: str, count: object = "", note: object = "", id: str = "", pad: bool = True
) -> dict[str, object]:
    """Head a section: its title, how many it holds, and a note at the end of the line."""
    return {"title": title, "count": count, "note": note, "id": id, "pad": pad}


@register.inclusion_tag(PARTS + "tabs.html")
def tabs(items: Iterable[Any], label: str, target: str = "", pad: bool = True) -> dict[str, object]:
    """Offer saved views, or ways to see one thing. Each item: label, href, and maybe count, current."""
    return {"items": items, "label": label, "target": target, "pad": pad}


@register.inclusion_tag(PARTS + "switch.html")
def switch(items: Iterable[Any], label: str, target: str = "") -> dict[str, object]:
    """Offer two or three ways to see the page. Each item: label, href, and maybe count, icon, current, key."""
    return {"items": items, "label": label, "target": target}


@register.inclusion_tag(PARTS + "more.html")
def more(href: str, label: str, tag: str = "div", pad: bool = True) -> dict[str, object]:
    """Offer the next rows of a list; the answer takes the place of the button. In an `<ol>`, `tag` is li."""
    return {"href": href, "label": label, "tag": tag, "pad": pad}


@register.inclusion_tag(PARTS + "dialog_head.html")
def dialog_head(title: object, because: object = "", note: object = "", id: str = "dialog-title") -> dict[str, object]:
    """Head a dialog: what it is about, why, and a way out."""
    return {"title": title, "because": because, "note": note, "id": id}


@register.inclusion_tag(PARTS + "receipt.html")
def receipt(title: str, period: str, lines: Iterable[Any], entries: str, uses: str) -> dict[str, object]:
    """Show which decisions used a person's entries. Each line: when, text."""
    return {"title": title, "period": period, "lines": lines, "entries": entries, "uses": uses}


@register.inclusion_tag(PARTS + "act.html", takes_context=True)
def act(
    context: template.Context,
    href: str,
    label: str,
    key: str = "",
    icon: str = "",
    kind: str = "",
    size: str = "s",
    target: str = "",
    swap: str = "",
    why_not: str = "",
    **values: object,
) -> dict[str, object]:
    """Offer one thing to do: a form with a single button that posts `values` to `href`.

    With `target` htmx swaps the answer there (`swap` outerHTML unless told); without, the page is loaded anew.
    `why_not` says why it isn't possible yet, and switches the button off.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "href": href,
        "label": label,
        "key": key,
        "icon": icon,
        "kind": kind,
        "size": size,
        "target": target,
        "swap": swap or "outerHTML",
        "why_not": why_not,
        "values": values,
    }


@register.inclusion_tag(PARTS + "quick_line.html")
def quick_line(
    action: str, target: str, value: str = "", id: str = "quick-line", placeholder: str = ""
) -> dict[str, object]:
    """Offer the one line in; as it is typed, how Baton reads it is put into `target`."""
    return {"action": action, "target": target, "value": value, "id": id, "placeholder": placeholder}


@register.inclusion_tag(PARTS + "field.html")
def field(bound: BoundField, label: str = "", why: str = "") -> dict[str, object]:
    """Show a form's field: label above, who reads it and what breaks below, and what to do about an error."""
    errors = [str(error) for error in bound.errors]
    attrs = {"class": "box" if isinstance(bound.field.widget, CheckboxInput) else "input"}
    if errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{bound.id_for_label}-error"}
    elif why or bound.help_text:
        attrs |= {"aria-describedby": f"{bound.id_for_label}-why"}
    return {
        "control": bound.as_widget(attrs=attrs),
        "tick": isinstance(bound.field.widget, CheckboxInput),
        "id": bound.id_for_label,
        "label": label or bound.label,
        "why": why or bound.help_text,
        "errors": errors,
    }


@register.simple_block_tag(end_name="endcontrol")
def control(content: SafeString, label: str, id: str, why: str = "", error: str = "") -> SafeString:
    """Show a control of the page's own as a field. Name `id`-error or `id`-why in its aria-describedby."""
    errors = [error] if error else []
    return _part("field", control=content, tick=False, id=id, label=label, why=why, errors=errors)


@register.simple_block_tag(end_name="endnotice")
def notice(content: SafeString, tone: str = "", icon: str = "info", label: str = "") -> SafeString:
    """Say what is so, why, and what can be done. Tone: hand, pencil, faded or late."""
    return _part("notice", content=content, tone=tone, icon=icon, label=label)


@register.simple_block_tag(end_name="endnothing")
def nothing(content: SafeString, title: str) -> SafeString:
    """Say that there is nothing, and how Baton knows."""
    return _part("nothing", content=content, title=title)


@register.simple_block_tag(end_name="endduty")
def duty(content: SafeString, row: Any) -> SafeString:
    """Show one duty as a row; what settles it is the content."""
    return marks.duty(row, content)


@register.simple_tag(takes_context=True)
def todays_row(context: Context, row: Any) -> SafeString:
    """Show one duty of Today with what is known, what is asked and what can be done; every form carries the token."""
    return row_html(row, token_input(context.get("csrf_token", "")))


@register.simple_block_tag(end_name="endpacket_row")
def packet_row(content: SafeString, item: Any) -> SafeString:
    """Show one item of a packet; the action that fills or confirms it is the content."""
    has = marks.has(item)
    trust = {marks.THERE: "confirmed", "later": ""}.get(has, has)
    return _part("packet_row", content=content, item=item, has=has, trust=trust)


@register.simple_block_tag(end_name="endevent")
def event(content: SafeString, entry: Any) -> SafeString:
    """Show one thing that happened; what was read from it is the content."""
    return _part("event", content=content, entry=entry)


@register.simple_block_tag(end_name="endmenu")
def menu(
    content: SafeString, id: str, label: str, icon: str = "ellipsis", text: str = "", size: str = ""
) -> SafeString:
    """Offer a menu: a button (an icon, or with `text` words) that opens the links and buttons of the content."""
    return _part("menu", content=content, id=id, label=label, icon=icon, text=text, size=size)


@register.simple_block_tag(end_name="endfigure")
def figure(content: SafeString, name: str, note: object = "") -> SafeString:
    """Show one figure of a `<dl class="figures">`: its name, itself, and a note after it."""
    note = format_html(" <small>{}</small>", note) if note else ""
    return format_html("<div><dt>{}</dt><dd>{}{}</dd></div>", name, content, note)


@register.simple_block_tag(end_name="endpanel")
def panel(content: SafeString, title: str, note: object = "", id: str = "") -> SafeString:
    """Show a part of an aside: its head and its content, with air and one hairline."""
    return _part("panel", content=content, title=title, note=note, id=id)


@register.simple_tag
def quote(text: str, spans: Iterable[tuple[int, int]] = (), cite: str = "", href: str = "") -> SafeString:
    """Show what a customer wrote or said, as sent, with what was read from it marked, and where it stands."""
    return _part("quote", words=marks.quoted(text, spans or ()), cite=cite, href=href)


@register.simple_tag(name="said")
def draw_said(text: str, spans: Iterable[tuple[int, int]] = ()) -> SafeString:
    """Return a customer's words like the filter does; as a tag it takes spans that may not be there."""
    return marks.quoted(text, spans or ())


@register.filter
def said(text: str, spans: Iterable[tuple[int, int]] = ()) -> SafeString:
    """Return a customer's words between quotation marks, with what was read from them marked."""
    return marks.quoted(text, spans)


@register.filter
def ended(text: str) -> str:
    """Return words as a sentence: with a full stop, unless they end with a mark of their own."""
    return words.ended(text)


@register.filter
def money(amount: Money | int | None, currency: str = "") -> str:
    """Write a sum: `amount|money` of a Money, `minor|money:currency` of minor units; nothing where there is none."""
    if amount is None:
        return ""
    return words.money(amount.minor, amount.currency) if isinstance(amount, Money) else words.money(amount, currency)


@register.filter
def day(value: date | datetime | None, today: date | datetime | None = None) -> str:
    """Write a day, "Fri 13 Nov"; with its year where `today` is given and lies in another one."""
    return words.day(value, today) if value else ""


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Write a day in full, "Monday 16 November"."""
    return words.long_day(value) if value else ""


@register.filter
def clocktime(value: datetime | None) -> str:
    """Write the time of day, "16:42"."""
    return words.clocktime(value) if value else ""


@register.filter
def when(value: datetime | None, now: datetime) -> str:
    """Write a moment as seen from `now`, "12 min ago", "Fri 16:42"."""
    return words.when(value, now) if value else ""


@register.filter
def due(value: datetime | date | None, now: datetime) -> str:
    """Write by when something is owed, "by 11:12", "since Fri 17:30"."""
    return words.due(value, now) if value else ""


@register.filter
def initials(name: str) -> str:
    """Return the letters of a person's disc."""
    return words.initials(name)


def _part(name: str, **context: object) -> SafeString:
    return render_to_string(f"{PARTS}{name}.html", context)

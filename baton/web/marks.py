"""The marks of the visual language as HTML: small, drawn often, and therefore drawn here and not in templates.

Those that say nothing but what they are given are remembered: a page draws hundreds, and most are the same.

Everything that is passed in is text and is escaped. A list that stands for a packet may hold plain states ("there",
"suggested", "stale", "missing", "later") or anything with `has` and `name` (an object's or a dictionary's).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from baton.web import words

THERE = "there"
SEGMENT_ICONS = {"suggested": "circle-help", "stale": "clock", "missing": "x", "later": "ellipsis"}
EVIDENCE_ICONS = {"shown": "check", "said": "circle-help"}


remembered = lru_cache(maxsize=4096)


@lru_cache
def sprite() -> str:
    """Return the address of the icon sprite."""
    return static("icons.svg")


@remembered
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw one icon. With a `label` it speaks for itself; without, the text beside it does."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    scale = format_html(' data-size="{}"', size) if size else ""
    return format_html('<svg class="icon"{} {}><use href="{}#i-{}"/></svg>', scale, spoken, sprite(), name)


def trust_words(trust: str) -> str:
    """Return the word for how far a value can be relied on."""
    return {
        "confirmed": gettext("confirmed"),
        "suggested": gettext("suggested"),
        "stale": gettext("stale"),
        "missing": gettext("missing"),
    }[trust]


def trust(state: str) -> SafeString:
    """Draw the moon of a trust state. The word beside it is the caller's."""
    return format_html(
        '<svg class="trust" data-trust="{0}" aria-hidden="true"><use href="{1}#trust-{0}"/></svg>', state, sprite()
    )


def value(text: object, state: str, age: str = "", href: str = "", moon: bool = True) -> SafeString:
    """Write one fact with its trust. With `href` one click shows where it came from, beside it where htmx runs.

    Leave the moon out where the row already starts with it (a packet).
    """
    inside = format_html(
        '<span class="value-text">{}</span>{}<span class="unseen"> {}</span>{}',
        text,
        trust(state) if moon else "",
        trust_words(state),
        format_html('<span class="value-age">{}</span>', age) if age else "",
    )
    if not href:
        return format_html('<span class="value" data-trust="{}">{}</span>', state, inside)
    return format_html(
        '<a class="value" data-trust="{}" href="{}" hx-get="{}" hx-target="#source" data-source>{}</a>',
        state,
        href,
        href,
        inside,
    )


def baton(segments: Sequence[object], size: str = "", label: str = "") -> SafeString:
    """Draw the baton of a packet: one segment an item, in packet order. Size `l` is a list, read item by item."""
    scale = format_html(' data-size="{}"', size) if size else ""
    said = label or packet_words(segments)
    if size == "l":
        return format_html(
            '<ol class="baton" data-size="l" aria-label="{}">{}</ol>', said, _join(_item(s) for s in segments)
        )
    return format_html(
        '<span class="baton"{} role="img" aria-label="{}">{}</span>', scale, said, _join(_segment(s) for s in segments)
    )


def packet_words(segments: Sequence[object]) -> str:
    """Say a packet in a sentence: "Packet: 6 of 8 there"."""
    there = sum(has(segment) == THERE for segment in segments)
    return gettext("Packet: %(there)d of %(all)d there") % {"there": there, "all": len(segments)}


def has(segment: object) -> str:
    """Return the state of a packet item, "there" when nothing else is said."""
    return (segment if isinstance(segment, str) else str(_of(segment, "has") or "")) or THERE


def clock(state: str, share: float | str | None = None) -> SafeString:
    """Draw the working time left, `share` from 0 to 1, as a ring, whole when not told; late is a disc with a mark."""
    if state == "late":
        return LATE_CLOCK
    left = 100 if share in (None, "") else min(100, max(0, round(float(share) * 100)))
    return format_html(RING, left)


LATE_CLOCK = mark_safe(
    '<svg class="clock" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="8.5" fill="currentColor"/>'
    '<path d="M9 4.6v5.2M9 12.4v.9" stroke="var(--surface)" stroke-width="2" stroke-linecap="round"/></svg>'
)
RING = (
    '<svg class="clock" viewBox="0 0 18 18" aria-hidden="true">'
    '<circle class="clock-track" cx="9" cy="9" r="7" fill="none" stroke-width="2"/>'
    '<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2.5" pathLength="100"'
    ' stroke-dasharray="{} 100" transform="rotate(-90 9 9)"/></svg>'
)


@remembered
def disc(name: str, spoken: bool = False) -> SafeString:
    """Draw a person's disc; `spoken` adds the name for those who hear the page, where it isn't written beside it."""
    unseen = format_html('<span class="unseen">{}</span>', name) if spoken else ""
    return format_html(
        '<span class="disc" title="{}" aria-hidden="true">{}</span>{}', name, words.initials(name), unseen
    )


@remembered
def member(name: str, shown_as: str = "") -> SafeString:
    """Write a person: disc and name, `shown_as` where the page calls them otherwise ("You")."""
    return format_html('<span class="member">{}{}</span>', disc(name), shown_as or name)


def duty(row: object, content: str) -> SafeString:
    """Draw one duty as a row of a list; what settles it is the content.

    `row` has id, what, href, because, subject (bold after it), who, who_as ("You"), who_note, due ("by 11:12"), state
    (late, soon, today, later, none), share (0 to 1 of the working time left) and done.
    """
    told = {name: escape(str(_of(row, name) or "")) for name in DUTY}
    who = member(str(_of(row, "who")), str(_of(row, "who_as") or "")) if told["who"] else ""
    note = f"<br><span>{told['who_note']}</span>" if told["who_note"] else ""
    subject = f" <b>{told['subject']}</b>" if told["subject"] else ""
    act = f'<div class="duty-act">{content}</div>' if content.strip() else ""
    done = " data-done" if _of(row, "done") else ""
    return mark_safe(  # noqa: S308 - each part is escaped
        f'<li class="duty" id="{told["id"]}" data-row data-due="{told["state"]}" tabindex="-1"{done}>'
        f"{clock(told['state'], _of(row, 'share'))}"
        f'<div><p class="duty-what"><a href="{told["href"]}" data-open>{told["what"]}</a></p>'
        f'<p class="duty-because">{told["because"]}{subject}</p></div>'
        f'<p class="duty-for">{who}{note}</p><p class="duty-due">{told["due"]}</p>{act}</li>\n'
    )


DUTY = ("id", "what", "href", "because", "subject", "who", "who_note", "due", "state")


def lag(minutes: float, text: str = "") -> SafeString:
    """Draw how long after its event a record came, in words unless told which (a time, in a list)."""
    said, kind = words.lag(minutes)
    title = gettext("From the event to its record: %(lag)s") % {"lag": said}
    return format_html('<span class="lag" data-lag="{}" title="{}">{}</span>', kind, title, text or said)


@remembered
def evidence(state: str, text: str) -> SafeString:
    """Write the evidence of a stage in two words, for a card or a table: "quote sent", "said, not shown"."""
    mark = icon(EVIDENCE_ICONS[state]) if state in EVIDENCE_ICONS else ""
    return format_html('<span class="evidence" data-evidence="{}">{}{}</span>', state, mark, text)


def chip(text: object, tone: str = "", icon_name: str = "", href: str = "") -> SafeString:
    """Write a chip: a parsed thing, a filter, a file. Tone: hand, pencil, faded or late. Never a value."""
    colour = format_html(' data-tone="{}"', tone) if tone else ""
    inside = format_html("{} {}", icon(icon_name), text) if icon_name else conditional_escape(text)
    if href:
        return format_html('<a class="chip"{} href="{}">{}</a>', colour, href, inside)
    return format_html('<span class="chip"{}>{}</span>', colour, inside)


@remembered
def key(name: str) -> SafeString:
    """Draw a key. "Mod+K" is the command key on a Mac and Ctrl elsewhere, which the style sheet knows."""
    if name.startswith("Mod+"):
        return format_html('<kbd data-mod aria-hidden="true">{}</kbd>', name.removeprefix("Mod+"))
    return format_html('<kbd aria-hidden="true">{}</kbd>', name)


def said(text: str, spans: Iterable[tuple[int, int]] = ()) -> SafeString:
    """Return a customer's words with what Baton read out of them marked.

    `spans` are (start, end) in characters of `text`; those that overlap become one, those outside are cut.
    """
    pieces, at = [], 0
    for start, end in _merged(spans, len(text)):
        pieces += [conditional_escape(text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return mark_safe("".join([*pieces, conditional_escape(text[at:])]))  # noqa: S308 - each piece is escaped above


def quoted(text: str, spans: Iterable[tuple[int, int]] = ()) -> SafeString:
    """Return a customer's words between quotation marks, with what was read from them marked."""
    opening, closing = pgettext("quotation marks around what somebody said", "“ ”").split()
    return format_html("{}{}{}", opening, said(text, spans), closing)


def _merged(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, a), min(length, b)) for a, b in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _segment(segment: object) -> SafeString:
    state = has(segment)
    return mark_safe("<i></i>") if state == THERE else format_html('<i data-has="{}"></i>', state)


def _item(segment: object) -> SafeString:
    state = has(segment)
    name = gettext("%(item)s: %(state)s") % {"item": _of(segment, "name") or "", "state": packet_state(state)}
    kind = "" if state == THERE else format_html(' data-has="{}"', state)
    mark = icon(SEGMENT_ICONS.get(state, "check"))
    return format_html('<li{} title="{}">{}<span class="unseen">{}</span></li>', kind, name, mark, name)


def packet_state(state: str) -> str:
    """Return the word for what a packet holds of an item."""
    if state == THERE:
        return gettext("there")
    return gettext("not asked yet") if state == "later" else trust_words(state)


def _of(thing: object, name: str) -> object:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


def _join(pieces: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))

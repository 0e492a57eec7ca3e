"""What can be done about a duty in its row: buttons, links and short forms, the likeliest first, with their keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from baton.web import marks
from baton.web.addresses import address
from baton.work.today import Owed

How = Literal["post", "dialog", "link"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do. A `post` settles at once, a `dialog` asks something first, a `link` leads elsewhere."""

    label: str
    href: str
    how: How = "post"
    key: str = ""
    icon: str = ""
    kind: str = ""
    name: str = ""
    value: str = ""

    @property
    def html(self) -> SafeString:
        """Return the button. Drawn often, and therefore here: a page of fifty duties has some three hundred."""
        opening, attributes, closing = HTML[self.how]
        href = escape(self.href)
        inside = f"{_icon(self.icon)}{escape(self.label)}{_key(self.key)}"
        told = attributes.format(href=href, name=escape(self.name), value=escape(self.value))
        marked = f"{_attribute('data-kind', self.kind)}{_attribute('data-key', self.key)}"
        return mark_safe(f'{opening} {told} data-size="s"{marked}>{inside}{closing}')  # noqa: S308 - each part is escaped


@lru_cache
def _icon(name: str) -> str:
    return f"{marks.icon(name)} " if name else ""


@lru_cache
def _key(name: str) -> str:
    return f" {marks.key(name)}" if name else ""


@lru_cache
def _attribute(name: str, value: str) -> str:
    return format_html(' {}="{}"', name, value) if value else ""


HTML: dict[How, tuple[str, str, str]] = {
    "post": (
        '<button class="button" type="submit" form="act"',
        'formaction="{href}" hx-post="{href}" name="{name}" value="{value}"',
        "</button>",
    ),
    "dialog": ('<a class="button"', 'href="{href}" hx-get="{href}" hx-target="#dialog" hx-swap="innerHTML"', "</a>"),
    "link": ('<a class="button"', 'href="{href}"', "</a>"),
}
"""How it is offered → what opens its tag, what names its address, what closes its tag."""


ANY = UUID(int=0)
"""Stands where the id of a duty will be in buttons that all duties share."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call or a meeting, in one press: what is recorded, and in which words."""

    key: str
    label: str
    kind: str
    direction: str
    text: str
    cancelled: bool = False


OUTCOMES = {
    one.key: one
    for one in (
        Outcome("met", gettext_lazy("We met"), "meeting", "internal", gettext_lazy("We met as planned.")),
        Outcome("no", gettext_lazy("We met, not for us"), "meeting", "internal", gettext_lazy("We met. Not for us.")),
        Outcome("off", gettext_lazy("Didn’t happen"), "meeting", "internal", gettext_lazy("It didn’t happen."), True),
        Outcome("spoke", gettext_lazy("Spoke to them"), "call", "out", gettext_lazy("Spoke on the phone.")),
        Outcome("message", gettext_lazy("Left a message"), "call", "out", gettext_lazy("Called and left a message.")),
        Outcome("wrote", gettext_lazy("Sent a text"), "text", "out", gettext_lazy("Sent a text.")),
        Outcome("rang", gettext_lazy("They called"), "call", "in", gettext_lazy("They called.")),
    )
}
"""What can be said with 1 to 5. Each is what it says it is: nothing here stands for something that wasn't done."""


def outcomes_of(owed: Owed) -> list[Outcome]:
    """Return the outcomes that settle this duty, at most five."""
    return [one for one in OUTCOMES.values() if any(_settles(one, *closer) for closer in owed.closers)][:5]


def _settles(outcome: Outcome, kind: str, detail: str) -> bool:
    if outcome.kind == "meeting":
        return kind == ("meeting.cancelled" if outcome.cancelled else "meeting.held")
    return kind == f"interaction.{outcome.direction}" and detail in {"", outcome.kind}


def acts_of(owed: Owed) -> list[Act]:
    """Return what settles a duty, each with a key that nothing else in its row has."""
    found = [act for name in owed.actions if name in ACTS for act in ACTS[name](owed)]
    return _keys_once(dict.fromkeys(found))


def _keys_once(acts: dict[Act, None]) -> list[Act]:
    taken: set[str] = set()
    kept = []
    for act in acts:
        kept.append(replace(act, key="") if act.key in taken else act)
        taken.add(act.key)
    return kept


def deferring(owed: Owed, why: str) -> SafeString:
    """Return what can be done with every duty: say what happened, later, pass on; and why it is owed."""
    told = _deferring(get_language() or "", bool(owed.later_until)).replace(str(ANY), str(owed.id))
    return mark_safe(told.replace(WHY, escape(why)))  # noqa: S308 - made of escaped parts


WHY = "%why%"


@lru_cache
def _deferring(language: str, put_off: bool) -> str:
    """Return the same for a duty without an id and without a reason; all duties of a language share it."""
    acts = [
        Act(_("Say what happened"), address("duty-record", ANY), "dialog", "N", kind="plain"),
        Act(_("Later"), address("duty-later", ANY), "dialog", "S", kind="plain"),
        Act(_("Pass on"), address("duty-colleague", ANY), "dialog", "O", kind="plain"),
    ]
    back = Act(_("Bring it back"), address("duty-later", ANY), kind="plain", name="until", value="now")
    why = address("duty-reason", ANY)
    link = f'<a class="textlink" href="{why}" hx-get="{why}" hx-target="#source" hx-swap="innerHTML" data-end>{WHY}</a>'
    return "".join([*(act.html for act in ([back] if put_off else acts)), link])


def _at(name: str, owed: Owed) -> str:
    return address(name, owed.id)


def _on_deal(name: str, label: str, key: str = "", icon: str = "") -> Callable[[Owed], list[Act]]:
    """Return the maker of an act that the deal's own page answers."""

    def make(owed: Owed) -> list[Act]:
        return [Act(str(label), address(name, owed.deal_id), "dialog", key, icon)] if owed.deal_id else []

    return make


def _reply(owed: Owed) -> list[Act]:
    acts = [_write(owed)] if owed.email else []
    if owed.phone:
        acts.append(Act(_("Call"), f"tel:{_digits(owed.phone)}", "link", "P", "phone"))
    if owed.interaction_kind == "call":
        acts.reverse()
    return [replace(act, kind="main" if place == 0 else "") for place, act in enumerate(acts)]


def _write(owed: Owed) -> Act:
    """Write from the deal, which says so where Baton can't send; else in the member's own mail program."""
    if owed.deal_id:
        answers = f"?answer={owed.interaction_id}" if owed.interaction_id and owed.interaction_kind == "email" else ""
        return Act(_("Reply"), address("deal-email", owed.deal_id) + answers, "dialog", "R", "reply")
    return Act(_("Reply"), mail_to(owed.email, owed.subject_line), "link", "R", "reply")


def mail_to(address: str, subject: str) -> str:
    """Return a link that opens the member's own mail program."""
    subject = subject if subject.lower().startswith(("re:", "aw:", "odg:")) else f"Re: {subject}" if subject else ""
    return f"mailto:{quote(address, safe='@')}" + (f"?subject={quote(subject)}" if subject else "")


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign in "+0123456789")


def _log(owed: Owed) -> list[Act]:
    href = _at("duty-record", owed)
    quick = [] if "reply" in owed.actions and owed.opener == "interaction.in" else outcomes_of(owed)
    return [
        Act(str(one.label), href, key=str(place), name="outcome", value=one.key) for place, one in enumerate(quick, 1)
    ]


def _done_and_next(owed: Owed) -> list[Act]:
    return [Act(_("Done, and next?"), _at("duty-next-step", owed), "dialog", "D", "check")]


def _set_next_step(owed: Owed) -> list[Act]:
    return [Act(_("Set the next step"), _at("duty-next-step", owed), "dialog", "D", "arrow-right")]


def _keep(owed: Owed) -> list[Act]:
    return [Act(_("Kept"), _at("duty-promise", owed), key="Y", icon="check", name="outcome", value="kept")]


def _new_date(owed: Owed) -> list[Act]:
    if owed.record_kind != "promise":
        return [Act(_("New date"), _at("duty-date", owed), "dialog", kind="plain")]
    return [Act(_("Agree a new date"), _at("duty-promise", owed), "dialog", kind="plain")]


def _accept(owed: Owed) -> list[Act]:
    if any(has != "there" for has in owed.packet):
        return []
    return [Act(_("Accept"), _at("duty-acceptance", owed), key="A", icon="check", kind="main")]


def _send_back(owed: Owed) -> list[Act]:
    gaps = any(has != "there" for has in owed.packet)
    label = _("Return what’s missing") if gaps else _("Return")
    href = address("handoff-return", owed.record_id)
    return [Act(label, href, "dialog", "R", kind="" if gaps else "plain")]


def _packet(owed: Owed) -> list[Act]:
    return [Act(_("Open the packet"), address("handoff", owed.record_id), "link", kind="plain")]


def _hand_over(owed: Owed) -> list[Act]:
    if owed.deal_id is None:
        return []
    href = address("deal-handoff", owed.deal_id)
    return [Act(_("Hand over"), href, "dialog", "H", "arrow-left-right")]


def _note(owed: Owed) -> list[Act]:
    return [Act(_("Noted"), _at("duty-change", owed), key="Y", icon="check", name="answer", value="noted")]


def _object(owed: Owed) -> list[Act]:
    return [Act(_("Object"), _at("duty-change", owed), "dialog", kind="plain")]


def _review(owed: Owed) -> list[Act]:
    return [Act(_("Looked at it"), _at("duty-review", owed), key="Y", icon="check")]


def _show(owed: Owed) -> list[Act]:
    return [Act(_("Show what happened"), _at("duty-evidence", owed), "dialog", "E")] if owed.deal_id else []


def _mend(owed: Owed) -> list[Act]:
    return [Act(_("Look at the cases"), f"{address('map-behaviors')}#lapse-{owed.record_id}", "link", "E")]


ACTS: dict[str, Callable[[Owed], list[Act]]] = {
    "reply": _reply,
    "log": _log,
    "done_and_next": _done_and_next,
    "set_next_step": _set_next_step,
    "move_step": _new_date,
    "keep": _keep,
    "move": _new_date,
    "accept": _accept,
    "return": _send_back,
    "start_already": _packet,
    "hand_over": _hand_over,
    "note": _note,
    "object": _object,
    "review": _review,
    "show": _show,
    "mend": _mend,
    "move_stage": _on_deal("deal-stage", gettext_lazy("Move the deal"), icon="arrow-right"),
    "ask": _on_deal("deal-questions", gettext_lazy("Ask a colleague")),
    "promise": _on_deal("deal-promises", gettext_lazy("Promise something")),
    "except": _on_deal("deal-exceptions", gettext_lazy("Record an exception")),
}
"""Name of an action (`work/today.py`) → what stands in the row for it. `confirm` and `answer` are forms of the row."""

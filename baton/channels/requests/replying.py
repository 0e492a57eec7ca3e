"""The answer to a request by mail: first the live page with the same figures, then the file, and why cells stay."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.capture import store
from baton.channels.email.composing import Enclosed
from baton.channels.letters.models import MemberLetter
from baton.channels.letters.posting import Going, Item, Page, link, post
from baton.decide.requests.models import Request
from baton.decide.requests.proposing import TWICE
from baton.kernel.writer import writing
from baton.work.reader import as_read_by

MOST_REASONS = 12
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    "csv": "text/csv",
}


def reply(request: Request, at: datetime) -> None:
    """Put the answer to a request into the outbox, once: to the member's own address and to no other."""
    key = f"request:{request.pk}"
    with writing():
        if not MemberLetter.objects.filter(key=key).exists():
            letter = MemberLetter(key=key, kind=MemberLetter.Kind.ANSWER, member=request.asked_by, made_at=at)
            with as_read_by(request.asked_by):
                post(letter, _page(request), at, _going(request), _files(request))
        request.sent_at = at
        request.save(update_fields=["sent_at"])


def _going(request: Request) -> Going:
    answers = str(request.mail.get("message_id", ""))
    return Going(answers, [answers] if answers else [], "auto-replied")


def _files(request: Request) -> list[Enclosed]:
    if not request.filled:
        return []
    kind = request.filled_name.rpartition(".")[2]
    return [Enclosed(request.filled_name, TYPES.get(kind, "application/octet-stream"), store.get(request.filled))]


def _page(request: Request) -> Page:
    subject = request.mail.get("subject") or request.title
    subject = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    words = _("The same figures, live, each with its deals and who entered them")
    live = Item(words, href=link(f"/requests/{request.pk}/"))
    groups = [("", [live])] if live.href and request.state != Request.State.REFUSED else []
    groups += _lines(request) + _reasons(request) + _notes(request) + _again(request)
    return Page(subject, lead(request), groups)


def lead(request: Request) -> str:
    """Return the first sentence of the answer."""
    if request.state == Request.State.REFUSED or not request.raw:
        return request.because
    if not request.filled:
        return _("No cell of “%(name)s” could be filled; below is why.") % {"name": request.file_name}
    filled = ngettext("%(count)d cell is filled", "%(count)d cells are filled", request.cells) % {
        "count": request.cells
    }
    left = ngettext("%(count)d stays empty", "%(count)d stay empty", request.left) % {"count": request.left}
    return f"{filled}; {left}." if request.left else f"{filled}."


def _lines(request: Request) -> list[tuple[str, list[Item]]]:
    items = [Item(line["what"], because=line["text"]) for line in request.told.get("lines", [])]
    return [(_("In figures"), items)] if items else []


def _reasons(request: Request) -> list[tuple[str, list[Item]]]:
    found = request.told.get("reasons", [])
    items = [
        Item(one["why"], because=_("%(sheet)s, from %(first)s: %(count)d cells") % {**one, "count": one["cells"]})
        for one in found[:MOST_REASONS]
    ]
    if len(found) > MOST_REASONS:
        items.append(Item(_("and %(count)d more reasons, on the page") % {"count": len(found) - MOST_REASONS}))
    return [(_("What stays empty, and why"), items)] if items else []


def _notes(request: Request) -> list[tuple[str, list[Item]]]:
    items = [Item(note) for note in request.told.get("notes", [])]
    sheets = request.told.get("filled", {}).values()
    unsure = sum(one["trust"] != "confirmed" for cells in sheets for one in cells.values())
    if unsure:
        words = ngettext(
            "%(count)d cell rests on a value that is stale, suggested or missing: the sheet of sources says which.",
            "%(count)d cells rest on values that are stale, suggested or missing: the sheet of sources says which.",
            unsure,
        )
        asked = ngettext("%(n)d owner has been asked.", "%(n)d owners have been asked.", request.asked)
        because = asked % {"n": request.asked} if request.asked else ""
        items.append(Item(words % {"count": unsure}, because=because))
    return [(_("To know"), items)] if items else []


def _again(request: Request) -> list[tuple[str, list[Item]]]:
    """A template that came before needn't be sent round: the page says how it becomes a decision."""
    times = request.template.requests.count() if request.template else 0
    if times < TWICE or request.template is None or request.template.declined_at:
        return []
    words = _("This template has come %(times)d times. As a decision of the map it stands ready when you want it.")
    return [("", [Item(words % {"times": times}, href=link("/requests/"))])]

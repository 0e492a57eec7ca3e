"""The page of what is connected: how each is, in plain words, and what can be connected."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.capture import connections
from baton.capture.channels import Channel, Line, connectable, line_of
from baton.capture.models import Connection
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.web import words
from baton.web.channels.keeping import OWN, SHARED, Asked, keep, send_elsewhere
from baton.web.channels.unsent import rows_of
from baton.web.members.origin import absolute, origin

TONES = {Connection.State.ON: "hand", Connection.State.BROKEN: "late", Connection.State.OFF: "faded"}


@dataclass(slots=True)
class Row:
    """One connection as the page shows it."""

    connection: Connection
    state: str
    tone: str
    lines: list[str]
    may_change: bool


@dataclass(slots=True)
class Shown:
    """One channel with its connections, and for whom one more can be made."""

    channel: Channel
    line: Line
    rows: list[Row] = field(default_factory=list)
    for_whom: list[tuple[str, str]] = field(default_factory=list)


@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """Show what is connected and how it is."""
    member, at = _member(request), now()
    there = list(Connection.objects.visible_to(member).select_related("member").order_by("made_at"))
    shown = [_shown(channel, line, there, member, at) for channel in connectable() if (line := channel.line)]
    context = {"shown": shown, "answer": _answer(there), "unsent": rows_of(member, at)}
    return render(request, "baton/channels/page.html", context)


def _answer(there: list[Connection]) -> str:
    broken = [one.name for one in there if one.state == Connection.State.BROKEN]
    if broken:
        return _("Not connected: %(names)s.") % {"names": ", ".join(broken)}
    if there:
        count = len(there)
        return ngettext("%(count)d connection, and it works.", "%(count)d connections, and all work.", count) % {
            "count": count
        }
    return _("Nothing is connected yet. Forwarding and copies to your capture address work without it.")


def _shown(channel: Channel, line: Line, there: list[Connection], member: Member, at: datetime) -> Shown:
    rows = [_row(one, member, at) for one in there if one.channel == channel.name]
    asked = [(OWN, _("Connect yours"), member, line.own), (SHARED, _("Connect for the business"), None, line.shared)]
    for_whom = [
        (key, label)
        for key, label, of, possible in asked
        if possible and connections.may_change(member, of).answer == "allow"
    ]
    return Shown(channel, line, rows, for_whom)


def _row(one: Connection, member: Member, at: datetime) -> Row:
    lines = [_heard(one, at), *_counted(one)]
    if one.because:
        lines.insert(0, one.because)
    state = str(Connection.State(one.state).label)
    may = connections.may_change(member, one.member).answer == "allow"
    return Row(one, state, TONES[Connection.State(one.state)], lines, may)


def _heard(one: Connection, at: datetime) -> str:
    if one.heard_at is None:
        return _("Nothing heard yet.")
    return _("Last heard %(when)s.") % {"when": words.when(one.heard_at, at)}


def _counted(one: Connection) -> list[str]:
    """Say what was kept, and why something was left where it is."""
    kept = ngettext("%(count)d kept.", "%(count)d kept.", one.kept) % {"count": one.kept}
    left = [
        _("%(count)d left where they are: %(why)s.") % {"count": n, "why": _(why)} for why, n in one.passed_over.items()
    ]
    return [kept, *left] if one.kept or left else []


@require_http_methods(["GET", "POST"])
def connection_new(request: HttpRequest, channel: str, whose: str) -> HttpResponse:
    """Connect one more: it is tried before it is kept."""
    member, line = _member(request), _line(channel)
    if whose not in (OWN, SHARED):
        raise Http404
    of = member if whose == OWN else None
    connections.may_change(member, of).or_refuse()
    form = _form(line, request, whose=whose)
    if request.method == "POST" and form.is_valid():
        kept = _kept(request, line, form, Asked.of(form, channel, whose))
        if kept:
            return kept
    return _asked(request, line, form, None)


@require_http_methods(["GET", "POST"])
def connection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one connection, or keep other settings once they work."""
    member, one = _member(request), _connection(request, pk)
    connections.may_change(member, one.member).or_refuse()
    line = _line(one.channel)
    form = _form(line, request, one)
    if request.method == "POST" and form.is_valid():
        kept = _kept(request, line, form, Asked.of(form, one.channel, OWN if one.member else SHARED, str(one.pk)))
        if kept:
            return kept
    return _asked(request, line, form, one)


def _kept(request: HttpRequest, line: Line, form: Form, asked: Asked) -> HttpResponse | None:
    """Keep it, or have its owner sign in first; what doesn't work is said in the form, and None returned."""
    try:
        return send_elsewhere(request, line, asked) or keep(request, asked)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None


@require_POST
def connection_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Switch it off, or on again."""
    connections.switch(_connection(request, pk), on=request.POST.get("on") == "yes", by=_member(request), at=now())
    return redirect("channels")


@require_POST
def connection_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget it and its credentials; what it brought stays."""
    one = _connection(request, pk)
    connections.part_with(one, by=_member(request))
    said = _("%(name)s is no longer connected. What it brought stays.") % {"name": one}
    messages.add_message(request, messages.INFO, said, extra_tags="faded")
    return redirect("channels")


def _asked(request: HttpRequest, line: Line, form: Form, one: Connection | None) -> HttpResponse:
    address = absolute(request, reverse("hook", args=[one.pk])) if one and line.called else ""
    row = _row(one, _member(request), now()) if one else None
    context = {"line": line, "form": form, "connection": one, "row": row, "address": address}
    context["origin"] = origin(request)
    return render(request, "baton/channels/connection.html", context, status=422 if form.errors else 200)


def _form(line: Line, request: HttpRequest, one: Connection | None = None, whose: str = "") -> Form:
    """Return the channel's form. A form that knows a connection asks for no secret that is there already.

    What the address says is filled in, so that a link may lead to a certain kind of connection.
    """
    whose = whose or (OWN if one and one.member_id else SHARED)
    told = request.GET.dict() | _known(one) | {"whose": whose}
    form = import_string(line.form)(request.POST if request.method == "POST" else None, initial=told)
    for each in form.fields.values():
        if one and one.secret and getattr(each.widget, "input_type", "") == "password":
            each.required = False
            each.help_text = _("Kept, and never shown. Leave it empty to keep it.")
    return form


def _known(one: Connection | None) -> dict[str, object]:
    return {**one.settings, "desk": one.desk} if one else {}


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _line(channel: str) -> Line:
    line = line_of(channel)
    if line is None:
        raise Http404
    return line


def _connection(request: HttpRequest, pk: UUID) -> Connection:
    one = Connection.objects.visible_to(_member(request)).filter(pk=pk).select_related("member").first()
    if one is None:
        raise Http404
    if line_of(one.channel) is None:
        raise Refusal(_("This kind of connection is no longer here."))
    return one

"""The message itself, a click away: the words as sent, its HTML in a frame that loads nothing, its source."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from baton.capture.sources import raw_for
from baton.capture.untrusted import Unreadable, parse_untrusted
from baton.channels.email import CLEAN_HTML, READ_MAIL
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, said
from baton.ledger.models import Company, Contact, Deal, Fact, File, Interaction, InteractionText
from baton.ledger.recording import record
from baton.members.models import Member
from baton.web.deal.answers import changed
from baton.web.notices import way_back
from baton.web.pages import page

FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""What a foreign message may do: be looked at. Its pictures come inside it, its links open apart from Baton."""
MOST_INLINE_BYTES = 3_000_000
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def readable_message(request: HttpRequest, pk: UUID) -> Interaction:
    """Return an interaction that whoever asks may read; any other isn't there."""
    assert isinstance(request.user, Member)
    row = Interaction.objects.visible_to(request.user).filter(pk=pk, readable=True).first()
    if row is None:
        raise Http404
    return row


def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one message as it came."""
    row = readable_message(request, pk)
    assert isinstance(request.user, Member)
    text = InteractionText.objects.visible_to(request.user).filter(pk=row.pk).first()
    facts = Fact.objects.visible_to(request.user).filter(interaction=row.pk, span_start__isnull=False)
    context = {
        "message": row,
        "text": text,
        "spans": [(start, end) for start, end in facts.values_list("span_start", "span_end") if end],
        "sender": f"{row.from_name} <{row.from_address}>" if row.from_name else row.from_address,
        "to": _people(row.parts.get("to")),
        "cc": _people(row.parts.get("cc")),
        "files": File.objects.visible_to(request.user).filter(interaction=row.pk, inline=False).order_by("name"),
        "filed": _filed(row, request.user),
        "is_mail": row.channel == "email",
        "answers": _answers(row) if request.user.may_write else [],
        "now": now(),
        "back": way_back(request) or (reverse("deal", args=[row.deal_id]) if row.deal_id else "/"),
    }
    return render(request, page("deal/message", request, part="dialog"), context)


def _answers(row: Interaction) -> list[dict[str, str]]:
    """Return the ways in which one goes on from a mail that is filed on a deal."""
    if row.kind != "email" or row.deal_id is None:
        return []
    address = f"{reverse('deal-email', args=[row.deal_id])}?answer={row.pk}"
    ways = [
        ("", "reply", _("Reply")),
        ("&how=all", "users", _("Reply to all")),
        ("&how=forward", "arrow-up-right", _("Forward")),
    ]
    return [{"href": address + how, "icon": icon, "label": label} for how, icon, label in ways]


def _people(parties: Any) -> str:
    rows = parties if isinstance(parties, list) else []
    return ", ".join(_party(one) for one in rows)


def _party(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    return f"{one['name']} <{one['address']}>" if one.get("name") else str(one.get("address", ""))


def _filed(row: Interaction, member: Member) -> list[dict[str, str]]:
    """Return where the message is filed, as far as the member sees it."""
    found = []
    for model, name in ((Deal, "deal"), (Contact, "contact"), (Company, "company")):
        key = getattr(row, f"{name}_id")
        known = model.objects.visible_to(member).filter(pk=key).first() if key else None
        if known:
            found.append({"name": str(known), "href": reverse(name, args=[known.pk])})
    return found


@xframe_options_sameorigin
def message_frame(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with a message's HTML, cleaned, under a policy of its own: no script, nothing loaded, nothing sent."""
    html, blocked = _html_of(_raw(request, pk))
    context = {"html": html, "blocked": blocked}
    answer = render(request, "baton/deal/frame.html", context)
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _raw(request: HttpRequest, pk: UUID) -> bytes:
    """Return the bytes as they came, for whoever may read the message; else there are none."""
    assert isinstance(request.user, Member)
    raw = raw_for(readable_message(request, pk), request.user)
    if raw is None:
        raise Http404
    return raw


def _html_of(raw: bytes) -> tuple[str, int]:
    """Return the cleaned HTML and how many remote pictures were left out; both are worked out in the limited child."""
    try:
        mail = parse_untrusted(READ_MAIL, raw)
        clean = parse_untrusted(CLEAN_HTML, mail.html or "", cid_urls=_pictures(mail.attachments))
    except Unreadable as why:
        raise Refusal(_("Baton can’t show this message’s own form: %(why)s") % {"why": why}) from why
    return clean.html, clean.blocked_images


def _pictures(attachments: Any) -> dict[str, str]:
    """Return Content-ID → the picture itself, as a `data:` address, up to a few megabytes."""
    found, left = {}, MOST_INLINE_BYTES
    for one in attachments:
        if one.content_id and one.content_type in PICTURES and len(one.content) <= left:
            left -= len(one.content)
            written = base64.b64encode(one.content).decode()
            found[one.content_id.strip("<>")] = f"data:{one.content_type};base64,{written}"
    return found


def message_source(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the bytes as they came, to be saved and never shown."""
    answer = HttpResponse(_raw(request, pk), content_type="text/plain; charset=us-ascii")
    answer.headers["Content-Disposition"] = f'attachment; filename="{pk}.eml"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


class AudienceForm(forms.Form):
    """Who, besides those who hold it, sees a message."""

    audience = forms.ChoiceField(choices=[("full", ""), ("subject", ""), ("private", "")])


@require_POST
def message_audience(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let those on the deal see a message, or no longer. Only who holds it can say so."""
    row = readable_message(request, pk)
    if not row.held:
        raise Refusal(_("Only whose mailbox brought it can share it."))
    form = AudienceForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Say who may read it."))
    assert isinstance(request.user, Member)
    record(said("interaction", row.pk, audience=form.cleaned_data["audience"]), by=Author(request.user), at=now())
    notices.add_message(request, notices.INFO, _("Everyone on the deal can read it now."), extra_tags="hand")
    return changed(request, row.deal_id) if row.deal_id else redirect(way_back(request) or "/")

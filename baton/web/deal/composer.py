"""Writing on a deal: one line that Baton reads, or an email that it sends."""

from __future__ import annotations

import os
from email.utils import formataddr, make_msgid
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage, get_connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.capture.ingesting import ingest
from baton.capture.models import Delivery
from baton.capture.reading import process
from baton.capture.trust import MAILBOX
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, said
from baton.ledger.models import Interaction
from baton.ledger.recording import record
from baton.web.deal.answers import asked, changed, told
from baton.web.deal.files import taken_in
from baton.web.deal.seen import DealSeen, see
from baton.work import notes

SMTP = "baton.kernel.mailing.CheckedBackend"


class EmailForm(forms.Form):
    """To whom, about what, and the words. Files are sent along."""

    to = forms.EmailField(label=gettext_lazy("To"))
    subject = forms.CharField(max_length=300, label=gettext_lazy("Subject"))
    text = forms.CharField(
        max_length=50_000, label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 8, "autofocus": True})
    )


def can_send() -> bool:
    """Whether somebody told Baton of a mail server to send through."""
    return settings.EMAIL_BACKEND != SMTP or bool(os.environ.get("BATON_SMTP_HOST"))


@require_http_methods(["GET", "POST"])
def deal_email(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an email from the deal. Without a mail server it is kept as a note, and goes out from elsewhere."""
    seen = see(request, pk)
    form = EmailForm(request.POST or None, initial=_start(seen, request.GET.get("about", "")))
    if request.method == "GET":
        submit = _("Send") if can_send() else _("Keep as a note")
        title = _("Email to %(name)s") % {"name": seen.contact.name} if seen.contact else _("Email")
        return asked(
            request, seen, form, title=title, because=_because(), submit=submit, template="deal/email", sends=can_send()
        )
    typed = told(form)
    uploads = request.FILES.getlist("file")
    if can_send():
        _send(seen, typed, uploads)
    else:
        _keep(request, seen, typed, uploads)
    return changed(request, pk)


def _start(seen: DealSeen, about: str) -> dict[str, str]:
    field = seen.field(about) if about else None
    text = _("Could you tell us: %(field)s?") % {"field": str(field.name).lower()} if field else ""
    address = seen.contact.email if seen.contact else ""
    return {"to": address, "subject": seen.deal.title, "text": text}


def _because() -> str:
    if can_send():
        return _("It is recorded here as it is sent. A quote that you attach says its amount by itself.")
    return _("No mail server is set up to send with: send it from your own mail, with a copy to your capture address.")


def _send(seen: DealSeen, typed: dict[str, Any], uploads: list[Any]) -> None:
    """Send first, then take the very bytes that were sent through the same door as all mail."""
    files = [(upload.name, upload.read(), upload.content_type or "application/octet-stream") for upload in uploads]
    mail = _message(seen, typed, files)
    raw = mail.message().as_bytes()
    try:
        get_connection().send_messages([mail])
    except (SMTPException, OSError) as why:
        raise Refusal(
            _("It was not sent: %(why)s. Nothing was recorded; your text is kept here.") % {"why": why}
        ) from why
    key = f"sent:{mail.extra_headers['Message-ID']}"
    delivery = ingest("email", key, raw, at=seen.now, as_member=seen.member, evidence=MAILBOX)
    process([delivery], at=seen.now)
    _file_here(seen, delivery)


def _message(seen: DealSeen, typed: dict[str, Any], files: list[tuple[str, bytes, str]]) -> EmailMessage:
    sender = formataddr((seen.member.name, seen.member.email))
    mail = EmailMessage(typed["subject"], typed["text"], sender, [typed["to"]])
    mail.extra_headers["Message-ID"] = make_msgid(domain=seen.member.email.rpartition("@")[2])
    for name, content, content_type in files:
        mail.attach(name, content, content_type)
    return mail


def _file_here(seen: DealSeen, delivery: Delivery) -> None:
    """What is written on a deal belongs to it, whatever the rules of filing would have chosen."""
    row = Interaction.objects.visible_to(seen.member).filter(deliveries=delivery.pk).first()
    if row is not None and (row.deal_id != seen.deal.pk or row.audience != "full"):
        record(said("interaction", row.pk, filed=notes.filed_on(seen.deal)), by=Author(seen.member), at=seen.now)


def _keep(request: HttpRequest, seen: DealSeen, typed: dict[str, Any], uploads: list[Any]) -> None:
    text = _("Written to %(to)s from elsewhere: %(subject)s") % typed + f"\n\n{typed['text']}"
    notes.log(seen.deal, "note", text, by=seen.member, at=seen.now, files=taken_in(uploads))
    sentence = _("Kept as a note: it counts as sent once a copy of the mail itself arrives.")
    messages.add_message(request, messages.INFO, sentence, extra_tags="faded")

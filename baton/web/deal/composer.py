"""Writing an email on a deal: new, a reply, a reply to all or a forward, from a template, now or at a later moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.capture import outbox
from baton.capture.models import Outgoing
from baton.channels.email.continuing import REPLY, WAYS, Continued, continued
from baton.channels.email.merging import merged, places_of, unfilled, what_is_missing
from baton.channels.email.models import MailTemplate
from baton.channels.email.sending import can_send
from baton.channels.email.writing import Described, Typed, addresses, as_line, put_on_its_way
from baton.kernel import words
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.models import File, Interaction
from baton.web.deal.answers import asked, changed, told
from baton.web.deal.files import taken_in
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.typed import Moment
from baton.work import notes

MOST_OFFERED = 12
"""How many of the deal's latest files are offered to be sent along."""


class EmailForm(forms.Form):
    """To whom, about what, the words, and when. Files are sent along."""

    to = forms.CharField(max_length=3000, label=gettext_lazy("To"))
    cc = forms.CharField(max_length=3000, required=False, label=gettext_lazy("Copy to"))
    subject = forms.CharField(max_length=300, label=gettext_lazy("Subject"))
    text = forms.CharField(
        max_length=50_000,
        required=False,
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 8, "autofocus": True}),
    )
    quote = forms.BooleanField(required=False, label=gettext_lazy("With what they wrote below it"))
    when = Moment(
        required=False,
        label=gettext_lazy("Send later"),
        help_text=gettext_lazy("“tomorrow 8:00”, “Mon 9:15”. Empty, it goes out in ten seconds."),
    )
    answer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    how = forms.ChoiceField(choices=[(way, way) for way in WAYS], required=False, widget=forms.HiddenInput)
    again = forms.UUIDField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)


@dataclass
class Start:
    """What the form begins with: what is typed for the member already, and which files are there to go along."""

    initial: dict[str, Any] = field(default_factory=dict)
    going_on: Continued | None = None
    files: list[Described] = field(default_factory=list)
    ticked: set[str] = field(default_factory=set)


@require_http_methods(["GET", "POST"])
def deal_email(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write an email on the deal. Without a mail server it is kept as a note, and goes out from elsewhere."""
    seen = see(request, pk)
    sends = can_send(seen.member)
    if request.method == "GET":
        return _ask(request, seen, _start(seen, request.GET), sends=sends)
    form = EmailForm(request.POST)
    typed = _filled(seen, told(form))
    if not sends:
        return _keep(request, seen, typed)
    sent = put_on_its_way(seen.deal, _typed(request, seen, typed), by=seen.member, at=seen.now)
    _drop(seen, typed["again"])
    messages.add_message(request, messages.INFO, _said(sent, seen), extra_tags="hand")
    return changed(request, pk)


def _ask(request: HttpRequest, seen: DealSeen, start: Start, *, sends: bool) -> HttpResponse:
    form = EmailForm(initial=start.initial)
    if start.going_on is None or not start.going_on.below:
        del form.fields["quote"]
    named = _("Email to %(name)s") % {"name": seen.contact.name} if seen.contact else _("Email")
    return asked(
        request,
        seen,
        form,
        title=start.initial["subject"] if start.going_on else named,
        because=_because(sends=sends),
        submit=_("Send") if sends else _("Keep as a note"),
        template="deal/email",
        sends=sends,
        start=start,
        signature=seen.member.signature,
        templates=MailTemplate.objects.of(seen.member),
        query=_query(start),
    )


def _query(start: Start) -> str:
    """Return what the address of the form keeps when a template is taken."""
    answer, how = start.initial.get("answer"), start.initial.get("how")
    return f"answer={answer}&how={how}&" if answer else ""


def _because(*, sends: bool) -> str:
    if sends:
        return _("It is recorded here as it is sent. A quote that you attach says its amount by itself.")
    return _("No mail server is set up to send with: send it from your own mail, with a copy to your capture address.")


# What it begins with


def _start(seen: DealSeen, asked_for: Any) -> Start:
    again = _own_outgoing(seen, asked_for.get("again"))
    if again is not None:
        return _again(seen, again)
    start = Start(_fresh(seen, asked_for.get("about", "")) | {"key": str(uuid7()), "how": "", "quote": True})
    start.going_on = _going_on(seen, asked_for.get("answer"), asked_for.get("how") or REPLY)
    if start.going_on:
        start.initial |= _answering(start.going_on, asked_for["answer"])
    _take_template(seen, start, asked_for.get("template"))
    _offer_files(seen, start)
    return start


def _fresh(seen: DealSeen, about: str) -> dict[str, str]:
    known = seen.field(about) if about else None
    text = _("Could you tell us: %(field)s?") % {"field": str(known.name).lower()} if known else ""
    to = as_line([(seen.contact.name, seen.contact.email)]) if seen.contact and seen.contact.email else ""
    return {"to": to, "subject": seen.deal.title, "text": text}


def _answering(going_on: Continued, answer: str) -> dict[str, str]:
    told = {"to": as_line(going_on.to), "cc": as_line(going_on.cc), "subject": going_on.subject}
    return told | {"answer": answer, "how": going_on.how}


def _going_on(seen: DealSeen, answer: Any, how: str) -> Continued | None:
    if not answer or how not in WAYS:
        return None
    rows = Interaction.objects.visible_to(seen.member).filter(pk=_id(answer), deal=seen.deal.pk, readable=True)
    row = rows.first()
    if row is None:
        raise Http404
    return continued(row, how, seen.member)


def _id(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as wrong:
        raise Http404 from wrong


def _take_template(seen: DealSeen, start: Start, template: Any) -> None:
    row = MailTemplate.objects.of(seen.member).filter(pk=_id(template)).first() if template else None
    if row is None:
        return
    places = _places(seen)
    start.initial["text"] = merged(row.text, places)
    if row.subject and start.going_on is None:
        start.initial["subject"] = merged(row.subject, places)


def _places(seen: DealSeen) -> dict[str, str]:
    return places_of(seen.deal, seen.contact, seen.company, seen.member, seen.map)


def _again(seen: DealSeen, row: Outgoing) -> Start:
    """What was typed into a mail that didn't go out, ready to be sent as a new one."""
    typed = row.body.get("typed", {})
    initial = {name: typed.get(name, "") for name in ("to", "cc", "subject", "text", "answer", "how", "quote")}
    start = Start(initial | {"key": str(uuid7()), "again": row.pk})
    start.going_on = _going_on(seen, initial["answer"], initial["how"])
    start.files = [(*one,) for one in typed.get("files", [])]
    start.ticked = {one[3] for one in start.files}
    return start


def _own_outgoing(seen: DealSeen, pk: Any) -> Outgoing | None:
    return Outgoing.objects.visible_to(seen.member).filter(pk=_id(pk), deal=seen.deal.pk).first() if pk else None


def _offer_files(seen: DealSeen, start: Start) -> None:
    """The files of what is forwarded are ticked; the deal's own can be added."""
    along = [_described(file) for file in start.going_on.files] if start.going_on else []
    on_deal = File.objects.visible_to(seen.member).filter(interaction__in=_on_deal(seen), inline=False)
    offered = [_described(file) for file in on_deal.order_by("-pk")[:MOST_OFFERED]]
    start.ticked = {one[3] for one in along}
    start.files = list({one[3]: one for one in (*along, *offered)}.values())


def _on_deal(seen: DealSeen) -> Any:
    return Interaction.objects.visible_to(seen.member).filter(deal=seen.deal.pk, readable=True).values("pk")


def _described(file: File) -> Described:
    return (file.name, file.content_type, file.size, file.sha256, False, "")


# What it becomes


def _filled(seen: DealSeen, typed: dict[str, Any]) -> dict[str, Any]:
    """Fill the places that were typed or left; what nobody has said keeps the mail from going out."""
    if not typed["text"].strip() and typed["how"] != "forward":
        raise Refusal(_("Write something."))
    places = _places(seen)
    typed |= {name: merged(typed[name], places) for name in ("subject", "text")}
    missing = unfilled(f"{typed['subject']}\n{typed['text']}", places)
    if missing:
        raise Refusal(what_is_missing(missing))
    return typed


def _typed(request: HttpRequest, seen: DealSeen, typed: dict[str, Any]) -> Typed:
    going_on = _going_on(seen, typed["answer"], typed["how"] or REPLY)
    files = (*_ticked(request, seen, going_on, typed["again"]), *taken_in(request.FILES.getlist("file")))
    kept = {name: typed[name] for name in ("to", "cc", "subject", "text", "how", "quote")}
    kept |= {"answer": str(typed["answer"] or ""), "files": [list(one) for one in files]}
    return Typed(
        addresses(typed["to"]),
        addresses(typed["cc"]),
        typed["subject"],
        typed["text"],
        typed["key"] or str(uuid7()),
        files=files,
        going_on=going_on,
        quote=typed["quote"] or typed["how"] == "forward",
        send_at=typed["when"],
        typed=kept,
    )


def _ticked(request: HttpRequest, seen: DealSeen, going_on: Continued | None, again: Any) -> list[Described]:
    """The files that were ticked, of those that this member may send: nobody gets at others by knowing a digest."""
    wanted = set(request.POST.getlist("keep"))
    if not wanted:
        return []
    rows = File.objects.visible_to(seen.member).filter(interaction__in=_on_deal(seen), sha256__in=wanted)
    found = {one.sha256: _described(one) for one in (*rows, *(going_on.files if going_on else ()))}
    before = _own_outgoing(seen, again)
    found |= {one[3]: (*one,) for one in (before.body.get("typed", {}).get("files", []) if before else [])}
    return [one for sha, one in found.items() if sha in wanted]


def _drop(seen: DealSeen, again: Any) -> None:
    before = _own_outgoing(seen, again)
    if before is not None:
        outbox.forget(before)


def _said(sent: Outgoing, seen: DealSeen) -> str:
    due = sent.due_at or seen.now
    if (due - seen.now).total_seconds() > 60:
        return _("It goes out %(when)s. Until then it can be taken back.") % {"when": words.when(due, seen.now)}
    return _("It goes out in a few seconds. Until then it can be taken back here.")


def _keep(request: HttpRequest, seen: DealSeen, typed: dict[str, Any]) -> HttpResponse:
    text = _("Written to %(to)s from elsewhere: %(subject)s") % typed + f"\n\n{typed['text']}"
    notes.log(seen.deal, "note", text, by=seen.member, at=seen.now, files=taken_in(request.FILES.getlist("file")))
    sentence = _("Kept as a note: it counts as sent once a copy of the mail itself arrives.")
    messages.add_message(request, messages.INFO, sentence, extra_tags="faded")
    return changed(request, seen.deal.pk)

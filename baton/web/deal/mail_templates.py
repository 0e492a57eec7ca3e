"""Mails that are written often: kept under a name, for oneself or for everybody, with places that a deal fills."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from baton.channels.email.models import MailTemplate
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.pages import sent

FIXED = ("name", "first_name", "company", "deal", "amount", "close_date", "me", "my_first_name", "business")


class TemplateForm(forms.ModelForm):
    """A name, what it is about, and the words."""

    class Meta:
        model = MailTemplate
        fields = ("name", "subject", "text", "shared")
        labels = {
            "name": gettext_lazy("Name"),
            "subject": gettext_lazy("Subject"),
            "text": gettext_lazy("Text"),
            "shared": gettext_lazy("For everybody"),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}


@require_http_methods(["GET", "POST"])
def mail_templates(request: HttpRequest) -> HttpResponse:
    """Show the templates, and keep a new one."""
    member = _member(request)
    form = TemplateForm(sent(request), instance=MailTemplate(owner=member, saved_at=now()))
    if request.method == "POST" and form.is_valid():
        return _kept(request, form)
    return _page(request, form, None)


@require_http_methods(["GET", "POST"])
def mail_template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one's own template, and keep it changed."""
    row = _own(request, pk)
    form = TemplateForm(sent(request), instance=row)
    if request.method == "POST" and form.is_valid():
        return _kept(request, form)
    return _page(request, form, row)


@require_POST
def mail_template_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one's own template; what was sent from it stays as it was sent."""
    _own(request, pk).delete()
    return redirect("mail-templates")


def _kept(request: HttpRequest, form: TemplateForm) -> HttpResponse:
    form.instance.saved_at = now()
    try:
        with writing():
            form.save()
    except IntegrityError as why:
        raise Refusal(_("You have a template of that name already.")) from why
    messages.add_message(request, messages.INFO, _("The template is kept."), extra_tags="hand")
    return redirect("mail-templates")


def _page(request: HttpRequest, form: TemplateForm, row: MailTemplate | None) -> HttpResponse:
    member = _member(request)
    fields = [one.key for one in current_map().fields_on("deal")]
    context: dict[str, Any] = {
        "templates": MailTemplate.objects.of(member).select_related("owner"),
        "form": form,
        "row": row,
        "member": member,
        "places": ["{" + name + "}" for name in dict.fromkeys((*FIXED, *fields))],
    }
    return render(request, "baton/deal/mail_templates.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest, pk: UUID) -> MailTemplate:
    row = MailTemplate.objects.filter(owner=_member(request), pk=pk).first()
    if row is None:
        raise Http404
    return row


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user

"""Changing what is known of a contact or a company. A newer change by somebody else is never overwritten."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from baton.capture.grammar import is_free_mail
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, said
from baton.ledger.models import Company, Contact
from baton.ledger.recording import record
from baton.ledger.text import folded
from baton.members.models import Member
from baton.web.deal.answers import told
from baton.web.pages import page, sent


class DetailsForm(forms.Form):
    """What every contact and company has; several addresses stand one on a line."""

    name = forms.CharField(max_length=300, label=_("Name"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class ContactForm(DetailsForm):
    """A person."""

    job = forms.CharField(max_length=200, required=False, label=_("What they do"))
    company = forms.CharField(max_length=300, required=False, label=_("Company"))
    emails = forms.CharField(required=False, label=_("Email addresses"), widget=forms.Textarea(attrs={"rows": 2}))
    phones = forms.CharField(required=False, label=_("Phone numbers"), widget=forms.Textarea(attrs={"rows": 2}))


class CompanyForm(DetailsForm):
    """An organisation."""

    domains = forms.CharField(required=False, label=_("Mail domains"), widget=forms.Textarea(attrs={"rows": 2}))
    emails = forms.CharField(required=False, label=_("Email addresses"), widget=forms.Textarea(attrs={"rows": 2}))
    phones = forms.CharField(required=False, label=_("Phone numbers"), widget=forms.Textarea(attrs={"rows": 2}))


@require_http_methods(["GET", "POST"])
def contact_details(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a contact."""
    row, member = _seen(Contact, request, pk)
    company = Company.objects.visible_to(member).filter(pk=row.company_id).first() if row.company_id else None
    known = {"name": row.name, "job": row.job, "company": company.name if company else "", "version": row.version}
    known |= {name: "\n".join(_now(row, name)) for name in ("emails", "phones")}
    form = ContactForm(sent(request), initial=known)
    if request.method == "GET":
        return _shown(request, form, "contact", row)
    typed = told(form)
    values = {
        "name": typed["name"],
        "job": typed["job"],
        "emails": _lines(typed["emails"].lower()),
        "phones": _lines(typed["phones"]),
    }
    if typed["company"] != known["company"]:
        values["company"] = _company(typed["company"], member)
    _record("contact", row, values, typed["version"], member)
    return redirect("contact", pk=pk)


@require_http_methods(["GET", "POST"])
def company_details(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a company."""
    row, member = _seen(Company, request, pk)
    known = {"name": row.name, "version": row.version}
    known |= {name: "\n".join(_now(row, name)) for name in ("domains", "emails", "phones")}
    form = CompanyForm(sent(request), initial=known)
    if request.method == "GET":
        return _shown(request, form, "company", row)
    typed = told(form)
    values = {"name": typed["name"], "domains": _domains(typed["domains"]), "emails": _lines(typed["emails"].lower())}
    values["phones"] = _lines(typed["phones"])
    _record("company", row, values, typed["version"], member)
    return redirect("company", pk=pk)


def _seen(model: Any, request: HttpRequest, pk: UUID) -> tuple[Any, Member]:
    assert isinstance(request.user, Member)
    row = model.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row, request.user


def _shown(request: HttpRequest, form: DetailsForm, kind: str, row: Any) -> HttpResponse:
    return render(request, page("customers/details", request, part="dialog"), {"form": form, "kind": kind, "row": row})


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.replace(",", "\n").splitlines() if line.strip()))


def _domains(text: str) -> list[str]:
    """Return the domains, as they stand in addresses; one where anybody can have an address names no company."""
    found = [line.rpartition("@")[2].removeprefix("www.") for line in _lines(text.lower())]
    free = next((domain for domain in found if is_free_mail(domain)), None)
    if free:
        raise Refusal(_("Anybody can have an address at %(domain)s, so it names no company.") % {"domain": free})
    return found


def _company(name: str, member: Member) -> str | None:
    """Return the id of the company by that name; none is made here, so that no twin is."""
    if not name.strip():
        return None
    found = Company.objects.visible_to(member).filter(name_folded=folded(name)).values_list("pk", flat=True).first()
    if found is None:
        raise Refusal(_("No company goes by the name “%(name)s”.") % {"name": name})
    return str(found)


def _record(kind: str, row: Any, values: dict[str, Any], version: int, member: Member) -> None:
    """Record what changed, and nothing else: a fact nobody changed is no news."""
    changed = {name: value for name, value in values.items() if value != _now(row, name)}
    if changed:
        record(said(kind, row.pk, **changed), by=Author(member), at=now(), expected={row.pk: version})


def _now(row: Any, name: str) -> Any:
    kept = row.values.get(name, {}).get("v")
    return kept if kept is not None else ([] if name in {"emails", "phones", "domains"} else "")

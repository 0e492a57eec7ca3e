"""Address books in and out: a page to drop one on, and what one sees as a .vcf file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.capture.grammar import split_person_name
from baton.capture.models import ImportJob
from baton.channels.contacts import importing
from baton.channels.contacts.card import Card, Labelled
from baton.channels.contacts.writing import VERSIONS, written
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.models import Company, Contact
from baton.ledger.queries import contacts_list
from baton.members.models import Member
from baton.web.inbox.imports import kept, named

SHOWN = 20
STEP = 500


def contacts_imports(request: HttpRequest) -> HttpResponse:
    """Show the member's address books; a POST with files begins an import."""
    assert isinstance(request.user, Member)
    if request.method == "POST":
        return redirect("import", pk=_begin(request, request.user).pk)
    jobs = ImportJob.objects.filter(by=request.user, channel="contacts").order_by("-started_at")[:SHOWN]
    return render(request, "baton/customers/imports.html", {"jobs": jobs, "now": now()})


def _begin(request: HttpRequest, member: Member) -> ImportJob:
    files = request.FILES.getlist("files")
    if not files:
        raise Refusal(_("Choose an address book first: a .vcf file, or a .csv file from Google or Outlook."))
    return named(importing.start([str(kept(files, importing.TAKEN))], by=member, at=now(), waiting=True), files)


@require_GET
def contact_card(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """Hand out one contact as a vCard."""
    assert isinstance(request.user, Member)
    row = Contact.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    company = Company.objects.visible_to(request.user).filter(pk=row.company_id).first() if row.company_id else None
    return _as_file([written([_card(row, company.name if company else "")], _version(request))], f"{row.name}.vcf")


@require_GET
def contacts_cards(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the contacts of the list that was asked for, all of them that the member sees, as vCards."""
    assert isinstance(request.user, Member)
    words = request.GET.get("q", "")[:200]
    return _as_file(_all_cards(request.user, words, _version(request)), "contacts.vcf")


def _all_cards(member: Member, words: str, version: str) -> Iterator[bytes]:
    after, begun = "", False
    while after or not begun:
        found, begun = contacts_list(member, words=words, after=after, size=STEP, whole=True), True
        yield written([_card(line.row, line.company) for line in found.lines], version)
        after = found.after


def _version(request: HttpRequest) -> str:
    asked = request.GET.get("version", "3.0")
    return asked if asked in VERSIONS else "3.0"


def _card(row: Any, company: str) -> Card:
    given, family = split_person_name(row.name)
    emails, phones = (row.values.get(name, {}).get("v") or [] for name in ("emails", "phones"))
    return Card(
        name=row.name,
        given=given,
        family=family,
        organisation=company,
        job=row.job,
        emails=tuple(Labelled(one, "work") for one in emails),
        phones=tuple(Labelled(one) for one in phones),
        uid=f"urn:uuid:{row.pk}",
    )


def _as_file(pieces: Any, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(pieces, content_type="text/vcard; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer

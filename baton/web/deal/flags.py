"""Calling a value wrong, where it stands; who answers for it owes the answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.web.deal.seen import see
from baton.web.deal.sources import deal_field
from baton.web.members.door import ones_own
from baton.web.pages import wants_part
from baton.work.flags import flag


@ones_own
@require_POST
def deal_flag(request: HttpRequest, pk: UUID, field: str) -> HttpResponse:
    """Flag the current value of a field of this deal as wrong; one click, with or without words.

    Read-only members too: whoever reads a value may say that it is wrong.
    """
    seen = see(request, pk)
    if seen.field(field) is None:
        raise Http404
    asked = flag(seen.deal, field, by=seen.member, at=seen.now, words=request.POST.get("words", ""))
    if wants_part(request):
        return deal_field(request, pk, field)
    name = seen.name_of(asked.asked_of_id)
    sentence = _("%(name)s answers for it, and has been asked.") % {"name": name}
    messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
    return redirect(reverse("deal", args=[pk]))

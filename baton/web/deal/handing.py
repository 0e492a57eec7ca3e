"""Handing a deal to the next desk: what they asked for, what is missing, and which suggestions sending confirms."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.map.elements import Handoff
from baton.web.deal.answers import asked, changed, told
from baton.web.deal.aside import packet_note, packet_rows
from baton.web.deal.seen import DealSeen, see
from baton.web.pages import sent
from baton.work import handoffs
from baton.work.packets import Packet, packet_of


class HandoffForm(forms.Form):
    """A word to the next desk, and the suggestions left ticked."""

    note = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("A word to them"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )
    confirming = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def deal_handoff(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer the deal to the next desk."""
    seen = see(request, pk)
    wanted = handoffs.next_for(seen.deal, seen.map)
    if wanted is None:
        raise Http404
    packet = packet_of(seen.deal, wanted, member=seen.member, at=seen.now, operating_map=seen.map)
    form = _form(seen, packet, sent(request))
    if request.method == "GET":
        return _asked(request, seen, wanted, packet, form)
    typed = told(form)
    confirming = [UUID(one) for one in typed["confirming"]]
    handoffs.offer(
        seen.deal,
        to=wanted.id,
        by=seen.member,
        at=seen.now,
        note=typed["note"],
        confirming=confirming,
        expected=typed["version"],
    )
    desk = seen.map.desks[wanted.to_desk].name
    messages.add_message(request, messages.INFO, _("Offered to %(desk)s.") % {"desk": desk}, extra_tags="hand")
    return changed(request, pk)


def _form(seen: DealSeen, packet: Packet, data: object) -> HandoffForm:
    form = HandoffForm(data, initial={"version": seen.deal.version})
    form.fields["confirming"].choices = [
        (str(item.suggestions[-1]), f"{item.name}: {item.suggested}") for item in packet.items if item.suggestions
    ]
    return form


def _asked(request: HttpRequest, seen: DealSeen, wanted: Handoff, packet: Packet, form: HandoffForm) -> HttpResponse:
    desk = seen.map.desks[wanted.to_desk].name
    missing = len([item for item in packet.items if item.has in {"missing", "stale"}])
    because = packet_note(packet) + (_(". What is missing can come back as a question.") if missing else "")
    return asked(
        request,
        seen,
        form,
        title=_("Hand to %(desk)s") % {"desk": desk},
        because=because,
        submit=_("Hand over"),
        template="deal/handoff",
        packet=packet,
        rows=packet_rows(seen, packet),
    )

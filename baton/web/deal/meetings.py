"""Meetings on a deal: those planned and the last ones, with who answered what; booked, moved and called off here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.channels.calendar import booking
from baton.channels.calendar.booking import Wanted
from baton.channels.calendar.invited import uninvited
from baton.channels.email.sending import can_send
from baton.channels.email.writing import addresses, as_line
from baton.kernel import words
from baton.kernel.ids import uuid7
from baton.ledger.models import Interaction, InteractionText
from baton.web.deal.answers import asked, changed, told
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.typed import Moment
from baton.work.meeting_plans import main_of, people_of
from baton.work.meetings import plan_of
from baton.work.models import Duty, Meeting

MOST_SHOWN = 6
SHOWN_FOR = timedelta(days=14)
ANSWERS = {
    "yes": ("check", gettext_lazy("comes")),
    "no": ("x", gettext_lazy("doesn’t come")),
    "perhaps": ("circle-help", gettext_lazy("perhaps")),
    "delegated": ("user-check", gettext_lazy("sends somebody else")),
    "": ("clock", gettext_lazy("hasn’t answered")),
}
"""What somebody answered → an icon and the words."""
LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 480)


class MeetingForm(forms.Form):
    """What it is, when and how long, where, with whom, and a few words for them."""

    subject = forms.CharField(
        max_length=300, label=gettext_lazy("What it is about"), widget=forms.TextInput(attrs={"autofocus": True})
    )
    starts = Moment(label=gettext_lazy("When"), help_text=gettext_lazy("“Thu 14:00”, “1 December 9:30”"))
    minutes = forms.TypedChoiceField(coerce=int, label=gettext_lazy("How long"), choices=())
    place = forms.CharField(max_length=300, required=False, label=gettext_lazy("Where"))
    people = forms.CharField(max_length=3000, label=gettext_lazy("With whom"))
    text = forms.CharField(
        max_length=5000, required=False, label=gettext_lazy("For them"), widget=forms.Textarea(attrs={"rows": 3})
    )
    key = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lasts: int = 60, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = [
            (one, _("%(count)d min") % {"count": one}) for one in sorted({*LENGTHS, lasts})
        ]


@dataclass
class MeetingRow:
    """One time at which we meet, as the page shows it. `outcome` is where it is said what came of it."""

    pk: UUID
    subject: str
    note: str
    state: str
    people: list[tuple[str, str, str]] = field(default_factory=list)
    doubt: str = ""
    mine: bool = False
    outcome: str = ""


def meetings_of(seen: DealSeen) -> list[MeetingRow]:
    """Return what is planned on this deal, the next first, then what was lately."""
    on_deal = Interaction.objects.visible_to(seen.member).filter(deal=seen.deal.pk, kind="meeting", readable=True)
    about = {row.pk: row for row in on_deal.filter(values__has_key="plan")}
    rows = Meeting.objects.visible_to(seen.member).filter(interaction__in=list(about))
    coming = list(rows.filter(ends_at__gte=seen.now).order_by("starts_at")[:MOST_SHOWN])
    lately = rows.filter(ends_at__lt=seen.now, starts_at__gte=seen.now - SHOWN_FOR).order_by("-starts_at")
    owed, uninvited_because = _owed(seen, about), uninvited(about.values())
    return [
        _row(seen, one, about[one.interaction_id], owed, uninvited_because.get(one.interaction_id, ""))
        for one in (*coming, *lately[:MOST_SHOWN])
    ]


def _owed(seen: DealSeen, about: dict[UUID, Interaction]) -> dict[str, UUID]:
    """Return meeting → the duty to say what came of it."""
    rows = Duty.objects.visible_to(seen.member).filter(deal=seen.deal.pk, state="open", subject_id__in=list(about))
    return {scope: pk for scope, pk in rows.values_list("scope", "pk") if scope.startswith("meeting:")}


def _row(seen: DealSeen, one: Meeting, about: Interaction, owed: dict[str, UUID], why_not: str) -> MeetingRow:
    plan = plan_of(about)
    assert plan is not None
    duty = owed.get(f"meeting:{one.interaction_id}:{one.of}")
    over = one.ends_at < seen.now
    row = MeetingRow(about.pk, one.subject, _note(one, seen.now), "off" if one.cancelled else "over" if over else "on")
    row.people = [_answered(person, why_not) for person in people_of(plan, one.of) if not _is_us(seen, person)]
    row.doubt = _doubt(about)
    row.mine = booking.may_change(about, seen.member) and not over and not one.of
    row.outcome = reverse("duty-record", args=[duty]) if duty and not one.cancelled else ""
    return row


def _note(one: Meeting, now: datetime) -> str:
    if one.all_day:
        when = words.day(one.starts_at, now)
    else:
        when = f"{words.day(one.starts_at, now)}, {words.clocktime(one.starts_at)}–{words.clocktime(one.ends_at)}"
    return ", ".join(part for part in (when, one.place) if part)


def _is_us(seen: DealSeen, person: dict[str, Any]) -> bool:
    return any(member.email.lower() == person["address"] for member in seen.members.values())


def _answered(person: dict[str, Any], why_not: str) -> tuple[str, str, str]:
    """Return an icon, who it is, and what they answered; who hasn't may not have been asked."""
    answered = person["answer"] if person["answer"] in ANSWERS else ""
    icon, answer = ("mail", why_not) if why_not and not answered else ANSWERS[answered]
    proposes = person["proposes"]
    more = [str(answer)]
    if proposes:
        starts = datetime.fromisoformat(proposes["starts"])
        more = [_("proposes %(day)s, %(time)s") % {"day": words.day(starts), "time": words.clocktime(starts)}]
    if person["comment"]:
        more.append(f"“{person['comment'][:200]}”")
    return icon, person["name"] or person["address"], ", ".join(more)


def _doubt(about: Interaction) -> str:
    """Say what somebody claimed of it that isn't believed."""
    kept = about.values.get("doubted")
    return str(kept["v"]["because"]) if kept and "v" in kept else ""


@require_http_methods(["GET", "POST"])
def deal_meetings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Book a meeting on the deal: it stands at once, and goes out as an invitation."""
    seen = see(request, pk)
    sends = can_send(seen.member)
    if request.method == "GET":
        form = MeetingForm(initial=_fresh(seen))
        because = _because(sends=sends)
        return asked(
            request, seen, form, title=_("Book a meeting"), because=because, submit=_("Invite") if sends else _("Save")
        )
    typed = told(MeetingForm(request.POST))
    booking.book(seen.deal, _wanted(typed), by=seen.member, at=seen.now, key=typed["key"] or str(uuid7()))
    messages.add_message(request, messages.INFO, _said(sends=sends), extra_tags="hand")
    return changed(request, pk)


def _fresh(seen: DealSeen) -> dict[str, Any]:
    to = as_line([(seen.contact.name, seen.contact.email)]) if seen.contact and seen.contact.email else ""
    return {"people": to, "minutes": 60, "key": str(uuid7())}


def _because(*, sends: bool) -> str:
    if sends:
        return _("They get an invitation in your name, and their answers stand here.")
    return _("No mail server is set up to send with, so nobody is invited: it stands here alone.")


def _said(*, sends: bool) -> str:
    return _("Booked. The invitation goes out in a few seconds.") if sends else _("Booked. Nobody was invited by mail.")


def _wanted(typed: dict[str, Any]) -> Wanted:
    starts = typed["starts"]
    ends = starts + timedelta(minutes=typed["minutes"])
    return Wanted(typed["subject"], starts, ends, addresses(typed["people"]), typed["place"], typed["text"])


@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move a meeting that one invited to, or say it differently; whoever was invited is told."""
    row, seen = _meeting(request, pk)
    plan = plan_of(row)
    assert plan is not None
    now = main_of(plan)
    starts, ends = datetime.fromisoformat(now["starts"]), datetime.fromisoformat(now["ends"])
    lasts = int((ends - starts) / timedelta(minutes=1))
    if request.method == "GET":
        initial = {"subject": now["subject"], "place": now["place"], "minutes": lasts, "text": _text_of(row, seen)}
        initial |= {"starts": f"{words.day(starts, seen.now)} {words.clocktime(starts)}"}
        initial |= {"people": as_line([(one["name"], one["address"]) for one in now["people"]])}
        form = MeetingForm(initial=initial, lasts=lasts)
        because = _("Whoever is invited is told, and asked anew.")
        return asked(request, seen, form, title=_("Change the meeting"), because=because, submit=_("Save"))
    booking.change(row, _wanted(told(MeetingForm(request.POST, lasts=lasts))), by=seen.member, at=seen.now)
    return changed(request, seen.deal.pk)


def _text_of(row: Interaction, seen: DealSeen) -> str:
    text = InteractionText.objects.visible_to(seen.member).filter(interaction=row.pk).first()
    return text.own if text else ""


@require_http_methods(["GET", "POST"])
def meeting_cancellation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call a meeting off; whoever was invited is told."""
    row, seen = _meeting(request, pk)
    if request.method == "GET":
        because = _("Whoever is invited is told that it doesn’t take place.")
        title = _("Call off “%(subject)s”?") % {"subject": row.subject}
        return asked(request, seen, forms.Form(), title=title, because=because, submit=_("Call it off"), kind="stop")
    booking.call_off(row, by=seen.member, at=seen.now)
    return changed(request, seen.deal.pk)


def _meeting(request: HttpRequest, pk: UUID) -> tuple[Interaction, DealSeen]:
    rows = Interaction.objects.visible_to(request.user).filter(pk=pk, kind="meeting", readable=True)
    row = rows.exclude(deal=None).first()
    if row is None or plan_of(row) is None:
        raise Http404
    assert row.deal_id is not None
    return row, see(request, row.deal_id)

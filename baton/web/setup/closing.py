"""The last pages: stages and fields, what everybody says to them, and publishing the first map."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.channels.first_look import looking
from baton.channels.first_look.drafting import reasons_for
from baton.channels.letters import parts
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map import agreeing, founding
from baton.map.composing import can_do_without, can_go_without
from baton.map.current import is_published
from baton.map.drafts import draft_of, keep_draft
from baton.map.drawing import draw
from baton.map.models import MapDraft
from baton.map.publishing import may_publish
from baton.map.schema import OperatingMap
from baton.map.settled import by_id
from baton.members import invitations
from baton.members.models import Invitation, Member, Role
from baton.web.map.agreement import agreement_told
from baton.web.map.drawing import drawing_told
from baton.web.map.telling import field_told
from baton.web.members import mail
from baton.web.members.origin import absolute, is_here_only
from baton.web.setup.conversation import Conversation
from baton.web.setup.guarding import setting_up, shown


@setting_up("map")
def founding_map(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Show the map with its reasons, leave out what isn't needed, and publish it where nobody else is to be asked."""
    why = ""
    if request.method == "POST":
        talk.keep("map", _left_out(request, talk.drawn(map={})))
        if "again" not in request.POST:
            if talk.others:
                return redirect("setup-people")
            try:
                return _published(request, talk)
            except Refusal as refused:
                why = refused.sentence
    drawn, whole = talk.drawn(), talk.drawn(map={})
    reasons = reasons_for(whole, talk.found)
    settled = by_id(drawn)
    return shown(
        request, talk, "map", part="drawn", why=why,
        drawing=drawing_told(draw(settled), talk.names),
        stages=[_stage(each, whole, drawn, reasons) for each in whole.stages.values()],
        handoffs=[(each, settled.packet(each)) for each in settled.handoffs.values()],
        automations=list(settled.automations.values()),
        fields=[_field(each, whole, drawn) for each in whole.fields.values()],
        others=talk.others,
    )  # fmt: skip


def _left_out(request: HttpRequest, whole: OperatingMap) -> dict[str, list[str]]:
    """A stage or field that can be left out is, where its box isn't ticked."""
    stages, fields = request.POST.getlist("stages"), request.POST.getlist("fields")
    return {
        "no_stages": [k for k, each in whole.stages.items() if can_go_without(whole, each) and k not in stages],
        "no_fields": [k for k, each in whole.fields.items() if can_do_without(whole, each) and k not in fields],
    }


def _stage(stage: Any, whole: OperatingMap, drawn: OperatingMap, reasons: dict[str, str]) -> dict[str, Any]:
    return {
        "at": stage,
        "desk": whole.desks[stage.desk].name,
        "because": reasons[stage.key],
        "optional": can_go_without(whole, stage),
        "kept": stage.key in drawn.stages,
    }


def _field(field: Any, whole: OperatingMap, drawn: OperatingMap) -> dict[str, Any]:
    optional = can_do_without(whole, field)
    return field_told(field, whole) | {"optional": optional, "kept": field.key in drawn.fields}


@setting_up("people")
def people(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Show whom the draft concerns and what they say; ask them; publish once nothing is left unanswered."""
    if not talk.others:
        return redirect("setup-map")
    return _people(request, talk)


def _people(request: HttpRequest, talk: Conversation, why: str = "", links: Any = ()) -> HttpResponse:
    draft = draft_of(talk.member)
    told = agreement_told(draft, talk.member) if draft else None
    members = set(Member.objects.filter(is_active=True).values_list("email", flat=True))
    coming = [one for one in talk.others if one["email"] not in members]
    return shown(
        request, talk, "people", why=why, links=links, agreement=told, coming=coming,
        publishing=may_publish(talk.member, talk.drawn()), can_send=mail.can_send(),
        current=draft is not None and draft.text == talk.text(), here_only=is_here_only(request),
    )  # fmt: skip


@setting_up("people")
def people_asking(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Keep the draft, invite who isn't here yet, and ask everybody for their part."""
    if request.method != "POST":
        return redirect("setup-people")
    draft = _drafted(talk)
    links = _invite(request, talk)
    members = agreeing.others(talk.member)
    counts = _counts(talk, members)
    news = agreeing.ask(draft, members, by=talk.member, at=now(), counts=counts)
    parts.tell(parts.ASKED, news, now())
    return _people(request, talk, links=links)


def _drafted(talk: Conversation) -> MapDraft:
    kept, text = draft_of(talk.member), talk.text()
    seen = kept.changed_at if kept else None
    return keep_draft(text, by=talk.member, at=now(), based_on=0, note=_("The first map"), seen=seen)


def _counts(talk: Conversation, members: list[Member]) -> dict[Any, dict[str, list[int]]]:
    """Count for each what the mail that was read would have opened for them: answers to customers."""
    answering = [each.id for each in talk.drawn().behaviors.values() if each.opens.matches("interaction.in", "")][:1]
    owed = talk.found.owed
    return {
        member.pk: {behavior: owed[member.email.lower()] for behavior in answering}
        for member in members
        if member.email.lower() in owed
    }


def _invite(request: HttpRequest, talk: Conversation) -> list[tuple[str, str]]:
    """Invite everybody who was named and neither is here nor on their way; return links to pass on by hand."""
    here = set(Member.objects.values_list("email", flat=True))
    waiting = set(Invitation.objects.waiting().filter(expires_at__gt=now()).values_list("email", flat=True))
    links = []
    for one in talk.others:
        if one["email"] in here or (one["email"] in waiting and mail.can_send()):
            continue
        role = Role.OWNER if one["email"] == talk.owner_email else Role.MEMBER
        invited, secret = invitations.invite(one["email"], by=talk.member, at=now(), role=role, name=one["name"])
        link = absolute(request, reverse("invitation", args=[secret]))
        if mail.can_send():
            subject = _("%(name)s invites you to Baton") % {"name": talk.member}
            text = _("%(name)s is setting Baton up, and asks what you say to your part in it.\n\n%(link)s\n")
            mail.send(mail.write(invited.email, subject, text % {"name": talk.member, "link": link}))
        else:
            links.append((invited.name or invited.email, link))
    return links


@require_POST
@setting_up("people")
def publication(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Publish the first map, unless somebody's objection waits for an answer."""
    try:
        draft = _drafted(talk)
        if "anyway" not in request.POST and talk.others:
            _refuse_silence(talk, draft)
        return _published(request, talk)
    except Refusal as why:
        return _people(request, talk, why=why.sentence)


def _refuse_silence(talk: Conversation, draft: MapDraft) -> None:
    """Who said nothing yet hasn't agreed: going on without them is a decision, and said so."""
    said = set(draft.agreements.exclude(says="").values_list("member__email", flat=True))
    silent = [one["name"] or one["email"] for one in talk.everybody if one["email"] not in {*said, talk.member.email}]
    if silent:
        told = {"names": ", ".join(silent)}
        raise Refusal(_("Not everybody said something yet: %(names)s. Wait for them, or publish without.") % told)


def _published(request: HttpRequest, talk: Conversation) -> HttpResponse:
    founding.publish_first(talk.text(), by=talk.member, at=now())
    assert is_published()
    looking.forget(talk.row.begun_by)
    messages.add_message(
        request, messages.SUCCESS, _("The map is in force. What you answered stands on it as its charter."),
        extra_tags="hand",
    )  # fmt: skip
    return redirect("map-charter")

"""The first pages: who sets Baton up, and what is true already, read from their mail before the first question."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from baton.channels.first_look import looking
from baton.channels.first_look.trades import nearest_trade
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map import agreeing, founding
from baton.map.current import is_published
from baton.members.models import Member
from baton.members.setup import is_empty
from baton.web.inbox.imports import TAKEN, kept
from baton.web.pages import sent
from baton.web.setup.asking import READY_NAMES
from baton.web.setup.conversation import PAGES, Conversation
from baton.web.setup.forms import BeginForm, MailboxForm
from baton.web.setup.guarding import METHODS, conversation, setting_up, shown


@sensitive_variables()
@sensitive_post_parameters("password")
@login_not_required
@never_cache
@require_http_methods(METHODS)
def begin(request: HttpRequest) -> HttpResponse:
    """Lead whoever comes to where the set-up stands: strangers begin it, its members go on, the others wait."""
    if settings.BATON_DEMO:
        raise Http404
    if isinstance(request.user, Member):
        return _go_on(request, request.user)
    if not is_empty():
        return redirect(settings.LOGIN_URL)
    form = BeginForm(sent(request))
    if not form.is_valid():
        return render(request, "baton/setup/begin.html", {"form": form}, status=422 if form.errors else 200)
    given = dict(form.cleaned_data)
    zone = given.pop("zone")
    language = get_language() if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) else ""
    try:
        member = founding.begin(**given, at=now(), language=language or "")
    except Refusal as why:
        return render(request, "baton/setup/begin.html", {"form": form, "why": why.sentence}, status=422)
    founding.answer("place", {"zone": zone})
    return perform_login(request, Login(user=member))


def _go_on(request: HttpRequest, member: Member) -> HttpResponse:
    if is_published():
        return redirect("today")
    talk = conversation(request) or _begun_anew(member)
    if talk is None or not talk.may_go_on:
        return _waiting(request, member)
    return redirect(PAGES[talk.first_unanswered() or talk.pages[-1]][0])


def _begun_anew(member: Member) -> Conversation | None:
    """An owner who finds no set-up under way begins one; there are members, and no map."""
    if member.sees_everything:
        founding.begin_anew(member, at=now())
    return Conversation.of(member)


def _waiting(request: HttpRequest, member: Member) -> HttpResponse:
    """Lead an invited member to their part, once there is a draft; until then say who is at it."""
    row = founding.set_up()
    draft = founding.first_draft()
    if draft is None:
        return render(request, "baton/setup/waiting.html", {"by": row.begun_by if row else None})
    if member.may_write:
        agreeing.ask(draft, [member], by=draft.changed_by, at=now())
    return redirect("map-part", pk=draft.pk)


# What is true already


@setting_up("mail")
def mail(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Take mail to look at, show how far the look is, and what it found."""
    if request.method == "POST":
        files = request.FILES.getlist("files")
        if not files:
            return _offered(request, talk, why=_("Choose something first: an .mbox, .eml files, or a .zip of those."))
        what = ", ".join(str(file.name) for file in files)
        looking.begin_files([str(kept(files, TAKEN))], what, by=talk.member, at=now())
        return redirect("setup-mail")
    if talk.look is None:
        return _offered(request, talk)
    if talk.look.is_running:
        return shown(request, talk, "mail", part="progress", look=talk.look)
    found = talk.found
    papers = [{"label": PAPERS[kind], "at": found.papers[kind]} for kind in PAPERS if kind in found.papers]
    return shown(
        request,
        talk,
        "mail",
        part="progress",
        look=talk.look,
        found=found,
        trade=talk.proposal,
        papers=papers,
        trade_name=READY_NAMES[talk.proposal.trade] if nearest_trade(found.trades) else "",
    )


PAPERS = {
    "quote": gettext_lazy("Quotes"),
    "order": gettext_lazy("Orders"),
    "contract": gettext_lazy("Contracts"),
    "invoice": gettext_lazy("Invoices"),
    "report": gettext_lazy("Reports"),
    "meeting": gettext_lazy("Meetings and visits"),
}


def _offered(request: HttpRequest, talk: Conversation, why: str = "", mailbox: MailboxForm | None = None):
    form = mailbox or MailboxForm(initial={"address": talk.member.email})
    return shown(request, talk, "mail", mailbox=form, why=why, typed=mailbox is not None)


@sensitive_variables()
@sensitive_post_parameters("password")
@setting_up("mail")
def mailbox(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Look through the headings of a mailbox; where it can't be opened, say why."""
    form = MailboxForm(sent(request))
    if not form.is_valid():
        return _offered(request, talk, mailbox=form, why=_("Something is missing below.") if form.errors else "")
    secret = {"password": form.cleaned_data["password"]}
    try:
        looking.begin_mailbox(form.settings(), secret, by=talk.member, at=now())
    except Refusal as why:
        return _offered(request, talk, mailbox=form, why=why.sentence)
    return redirect("setup-mail")


@setting_up("mail")
def mail_stop(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Stop after the messages at hand, and tell what was found in them."""
    if request.method == "POST" and talk.look:
        looking.stop(talk.look, at=now())
    return redirect("setup-mail")


@setting_up("mail")
def mail_removal(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Forget what was found."""
    if request.method == "POST":
        looking.forget(talk.member)
    return redirect("setup-mail")


@setting_up("mail")
def mail_passing(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """Go on without mail, or with what was found in it."""
    if request.method == "POST":
        talk.keep("mail", {"read": talk.look.read if talk.look else 0})
        return redirect("setup-decisions")
    return redirect("setup-mail")

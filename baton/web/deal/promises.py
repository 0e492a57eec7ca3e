"""Promises on a deal: made, kept, moved, broken, let go; and what a customer asked, taken on as one."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.web.deal.answers import Once, asked, changed, told
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.typed import Moment
from baton.web.pages import sent
from baton.work import promises
from baton.work.models import Promise

WHO = (
    ("us", gettext_lazy("We promise")),
    ("asked", gettext_lazy("They asked us, nobody promised it")),
    ("them", gettext_lazy("They promise")),
)


class PromiseForm(Once):
    """What, by when, and who to whom."""

    what = forms.CharField(
        max_length=400, label=gettext_lazy("What"), widget=forms.TextInput(attrs={"autofocus": True})
    )
    due = Moment(required=False, label=gettext_lazy("By when"), help_text=gettext_lazy("“Fri”, “next Tue 14:00”"))
    who = forms.ChoiceField(choices=WHO, label=gettext_lazy("Who"))


@require_http_methods(["GET", "POST"])
def deal_promises(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a promise."""
    seen = see(request, pk)
    form = PromiseForm(sent(request), initial={"who": "us"})
    if request.method == "GET":
        return asked(request, seen, form, title=_("A promise"), submit=_("Record it"))
    typed = told(form)
    promises.make(
        seen.deal, typed["what"], by=seen.member, at=seen.now, due_at=typed["due"], who=typed["who"], key=typed["key"]
    )
    return changed(request, pk)


def _promise(request: HttpRequest, pk: UUID) -> tuple[Promise, DealSeen]:
    assert isinstance(request.user, Member)
    promise = Promise.objects.visible_to(request.user).filter(pk=pk).first()
    if promise is None:
        raise Http404
    return promise, see(request, promise.deal_id)


class SettledForm(forms.Form):
    """How a promise ended, or its new time."""

    outcome = forms.ChoiceField(
        choices=(
            ("kept", gettext_lazy("Kept")),
            ("moved", gettext_lazy("A new date was agreed")),
            ("broken", gettext_lazy("Not kept")),
            ("released", gettext_lazy("They no longer want it")),
        ),
        label=gettext_lazy("What became of it"),
    )
    due = Moment(required=False, label=gettext_lazy("New date"))
    because = forms.CharField(required=False, max_length=400, label=gettext_lazy("Why, or who agreed"))


@require_http_methods(["GET", "POST"])
def promise_outcome(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what became of a promise."""
    promise, seen = _promise(request, pk)
    form = SettledForm(sent(request), initial={"outcome": "kept"})
    if request.method == "GET":
        return asked(request, seen, form, title=promise.what, submit=_("Save"))
    typed = told(form)
    _settle(promise, typed, seen)
    return changed(request, promise.deal_id)


def _settle(promise: Promise, typed: dict[str, object], seen: DealSeen) -> None:
    by, at, because = seen.member, seen.now, str(typed.get("because") or "")
    match typed["outcome"]:
        case "kept":
            promises.keep(promise, by=by, at=at)
        case "broken":
            promises.break_(promise, because=because, by=by, at=at)
        case "released":
            promises.release(promise, because=because, by=by, at=at)
        case _moved:
            if not typed["due"]:
                raise Refusal(_("Say the new date."))
            promises.move(promise, typed["due"], by=by, at=at, because=because)  # type: ignore[arg-type]


class TakenOnForm(forms.Form):
    """By when we do what they asked."""

    due = Moment(required=False, label=gettext_lazy("By when"), help_text=gettext_lazy("“Fri”, “next Tue 14:00”"))


@require_http_methods(["GET", "POST"])
def promise_taken_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Promise what a customer asked of us."""
    promise, seen = _promise(request, pk)
    form = TakenOnForm(sent(request))
    if request.method == "GET":
        because = _("From now on it is owed: %(what)s.") % {"what": promise.what}
        return asked(request, seen, form, title=_("Promise it"), because=because, submit=_("Promise"))
    promises.take_on(promise, by=seen.member, at=seen.now, due_at=told(form)["due"])
    return changed(request, promise.deal_id)

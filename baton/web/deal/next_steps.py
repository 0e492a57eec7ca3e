"""Done, what's next: what came of the step and the next one, in one form."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.web.deal.answers import asked, changed, told
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.typed import Moment
from baton.web.pages import sent
from baton.work import next_steps

HAPPENED = (
    ("note", gettext_lazy("Note")),
    ("call", gettext_lazy("Call")),
    ("meeting", gettext_lazy("Meeting")),
    ("text", gettext_lazy("Text")),
)


class NextStepForm(forms.Form):
    """What came of it is left out where there is no step to be done with."""

    outcome = forms.CharField(
        required=False,
        max_length=5000,
        label=gettext_lazy("What came of it"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )
    kind = forms.ChoiceField(choices=HAPPENED, required=False, label=gettext_lazy("It was a"))
    what = forms.CharField(max_length=400, label=gettext_lazy("What’s next"), required=False)
    due = Moment(required=False, label=gettext_lazy("By when"))
    by = forms.ChoiceField(label=gettext_lazy("Who"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


def _form(seen: DealSeen, data: object = None) -> NextStepForm:
    form = NextStepForm(data, initial={"by": str(seen.member.pk), "kind": "note", "version": seen.deal.version})
    form.fields["by"].choices = [(str(one.pk), one.name) for one in seen.colleagues]
    form.fields["due"].help_text = _("“Fri”, “next Tue 14:00”. Without a time it is the end of that day.")
    if not seen.deal.next_step:
        for name in ("outcome", "kind"):
            form.fields[name].widget = form.fields[name].hidden_widget()
        form.fields["what"].widget.attrs["autofocus"] = True
    return form


@require_http_methods(["GET", "POST"])
def deal_next_step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the step is done and what comes next; or set the first one."""
    seen = see(request, pk)
    form = _form(seen, sent(request))
    if request.method == "GET":
        title = _("Done, what’s next?") if seen.deal.next_step else _("What’s next?")
        return asked(request, seen, form, title=title, because=seen.deal.next_step, submit=_("Save"))
    typed = told(form)
    colleague = seen.members.get(UUID(typed["by"]))
    if colleague is None:
        raise Refusal(_("Nobody of that name works here."))
    _save(seen, typed, colleague)
    return changed(request, pk)


def _save(seen: DealSeen, typed: dict[str, object], colleague: Member) -> None:
    told_next = {"by": seen.member, "at": seen.now, "expected": typed["version"]}
    if not seen.deal.next_step:
        next_steps.set_next(seen.deal, str(typed["what"]), due=typed["due"], owed_by=colleague, **told_next)
        return
    next_steps.done_and_next(
        seen.deal,
        outcome=str(typed["outcome"]).strip(),
        kind=str(typed["kind"] or "note"),
        next_what=str(typed["what"]),
        next_due=typed["due"],
        next_by=colleague,
        **told_next,
    )

"""Questions to a colleague: asked on the deal, answered as a fact or a note there."""

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
from baton.web.deal.typed import typed_value
from baton.web.pages import sent
from baton.work import questions
from baton.work.models import Question


class QuestionForm(Once):
    """What, and whom; perhaps about one field, whose value the answer becomes."""

    text = forms.CharField(
        max_length=1000,
        label=gettext_lazy("Question"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )
    of = forms.ChoiceField(label=gettext_lazy("To"))
    about = forms.CharField(required=False, widget=forms.HiddenInput)


def _form(seen: DealSeen, about: str, data: object = None) -> QuestionForm:
    field = seen.field(about) if about else None
    text = _("What do we know about %(field)s?") % {"field": str(field.name).lower()} if field else ""
    form = QuestionForm(data, initial={"about": about, "text": text})
    others = [one for one in seen.colleagues if one != seen.member]
    form.fields["of"].choices = [(str(one.pk), one.name) for one in others]
    return form


@require_http_methods(["GET", "POST"])
def deal_questions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask a colleague; it becomes their duty."""
    seen = see(request, pk)
    form = _form(seen, request.GET.get("about", ""), sent(request))
    if request.method == "GET":
        because = _("It is on their Today until they answer; the answer stands here.")
        return asked(request, seen, form, title=_("Ask a colleague"), because=because, submit=_("Ask"))
    typed = told(form)
    colleague = seen.members.get(UUID(typed["of"]))
    if colleague is None:
        raise Refusal(_("Nobody of that name works here."))
    about = typed["about"] if seen.field(typed["about"]) else ""
    questions.ask(
        seen.deal, typed["text"], of=colleague, by=seen.member, at=seen.now, about_field=about, key=typed["key"]
    )
    return changed(request, pk)


class AnswerForm(forms.Form):
    """The answer, in words or as the field's value."""

    text = forms.CharField(
        max_length=2000, label=gettext_lazy("Answer"), widget=forms.Textarea(attrs={"rows": 2, "autofocus": True})
    )


@require_http_methods(["GET", "POST"])
def question_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a question; about a field, the answer becomes its value."""
    assert isinstance(request.user, Member)
    question = Question.objects.visible_to(request.user).filter(pk=pk).first()
    if question is None:
        raise Http404
    seen = see(request, question.deal_id)
    form = AnswerForm(sent(request))
    if request.method == "GET":
        asker = seen.name_of(question.asked_by_id)
        because = _("%(name)s asks on %(deal)s.") % {"name": asker, "deal": seen.deal.title}
        return asked(request, seen, form, title=question.text, because=because, submit=_("Answer"))
    text = told(form)["text"]
    field = seen.field(question.about_field) if question.about_field else None
    value = typed_value(text, field, seen) if field and field.type not in questions.IN_WORDS else None
    questions.answer(question, text, by=seen.member, at=seen.now, value=value)
    return changed(request, question.deal_id)

"""Addresses of the deal and of what lies on it; they are nouns."""

from django.urls import path

from baton.web.deal import (
    composer,
    endings,
    exceptions,
    facts,
    fields,
    files,
    handing,
    messages,
    moves,
    next_steps,
    page,
    promises,
    questions,
    sources,
)

DEAL = "deals/<uuid:pk>/"

urlpatterns = [
    path(DEAL, page.deal, name="deal"),
    path(DEAL + "timeline/", page.deal_timeline, name="deal-timeline"),
    path(DEAL + "stage/", moves.deal_stage, name="deal-stage"),
    path(DEAL + "next-step/", next_steps.deal_next_step, name="deal-next-step"),
    path(DEAL + "handoff/", handing.deal_handoff, name="deal-handoff"),
    path(DEAL + "promises/", promises.deal_promises, name="deal-promises"),
    path(DEAL + "questions/", questions.deal_questions, name="deal-questions"),
    path(DEAL + "exceptions/", exceptions.deal_exceptions, name="deal-exceptions"),
    path(DEAL + "email/", composer.deal_email, name="deal-email"),
    path(DEAL + "confirmations/", facts.deal_confirmations, name="deal-confirmations"),
    path(DEAL + "title/", endings.deal_title, name="deal-title"),
    path(DEAL + "owner/", endings.deal_owner, name="deal-owner"),
    path(DEAL + "loss/", endings.deal_loss, name="deal-loss"),
    path(DEAL + "finish/", endings.deal_finish, name="deal-finish"),
    path(DEAL + "reopening/", endings.deal_reopening, name="deal-reopening"),
    path(DEAL + "linked/", endings.deal_linked, name="deal-linked"),
    path(DEAL + "fields/<str:field>/", sources.deal_field, name="deal-field"),
    path(DEAL + "fields/<str:field>/value/", fields.deal_field_value, name="deal-field-value"),
    path(DEAL + "fields/<str:field>/history/", sources.deal_history, name="deal-history"),
    path("facts/<uuid:pk>/", facts.fact, name="fact"),
    path("facts/<uuid:pk>/confirmation/", facts.fact_confirmation, name="fact-confirmation"),
    path("facts/<uuid:pk>/dismissal/", facts.fact_dismissal, name="fact-dismissal"),
    path("promises/<uuid:pk>/outcome/", promises.promise_outcome, name="promise-outcome"),
    path("promises/<uuid:pk>/taken-on/", promises.promise_taken_on, name="promise-taken-on"),
    path("questions/<uuid:pk>/answer/", questions.question_answer, name="question-answer"),
    path("exceptions/<uuid:pk>/review/", exceptions.exception_review, name="exception-review"),
    path("messages/<uuid:pk>/", messages.message, name="message"),
    path("messages/<uuid:pk>/frame/", messages.message_frame, name="message-frame"),
    path("messages/<uuid:pk>/source/", messages.message_source, name="message-source"),
    path("messages/<uuid:pk>/audience/", messages.message_audience, name="message-audience"),
    path("files/<uuid:pk>/", files.file, name="file"),
]

"""Addresses of handoffs; they are nouns. Offering one is the deal's (`deal-handoff`)."""

from django.urls import path

from baton.web.handoffs import answers, crew, page

HANDOFF = "handoffs/<uuid:pk>/"

urlpatterns = [
    path("handoffs/", page.handoffs, name="handoffs"),
    path(HANDOFF, page.handoff, name="handoff"),
    path(HANDOFF + "acceptance/", answers.handoff_acceptance, name="handoff-acceptance"),
    path(HANDOFF + "return/", answers.handoff_return, name="handoff-return"),
    path(HANDOFF + "start/", answers.handoff_start, name="handoff-start"),
    path(HANDOFF + "exception/", answers.handoff_exception, name="handoff-exception"),
    path(HANDOFF + "withdrawal/", answers.handoff_withdrawal, name="handoff-withdrawal"),
    path(HANDOFF + "note/", answers.handoff_note, name="handoff-note"),
    path(HANDOFF + "objection/", answers.handoff_objection, name="handoff-objection"),
    path(HANDOFF + "question/", answers.handoff_question, name="handoff-question"),
    path(HANDOFF + "confirmation/", answers.handoff_confirmation, name="handoff-confirmation"),
    path(HANDOFF + "crew/", crew.handoff_crew, name="handoff-crew"),
    path(HANDOFF + "crew/<uuid:address>/ending/", crew.crew_ending, name="crew-ending"),
    path("crew/<str:token>/", crew.crew_packet, name="crew-packet"),
    path("crew/<str:token>/files/<uuid:pk>/", crew.crew_file, name="crew-file"),
]

"""Addresses of the owner's desk; they are nouns."""

from django.urls import path

from baton.web.owner import page

urlpatterns = [
    path("owner/", page.owner, name="owner"),
    path("owner/decisions/", page.decisions, name="owner-decisions"),
    path("owner/drafts/", page.drafts, name="owner-drafts"),
    path("owner/questions/", page.questions, name="owner-questions"),
]

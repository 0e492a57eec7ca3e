"""Addresses of requests; they are nouns."""

from django.urls import path

from baton.web.requests import decisions, meaning, page

ONE = "requests/<uuid:pk>/"

urlpatterns = [
    path("requests/", page.requests, name="requests"),
    path(ONE, page.request, name="request"),
    path(ONE + "file/", page.file, name="request-file"),
    path(ONE + "answer/", page.answer, name="request-answer"),
    path(ONE + "meaning/", meaning.meaning, name="request-meaning"),
    path("requests/templates/<uuid:pk>/decision/", decisions.decision, name="request-decision"),
]

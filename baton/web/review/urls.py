"""Addresses of reviews; they are nouns."""

from django.urls import path

from baton.web.review import deciding, lines, page

ONE = "reviews/<uuid:pk>/"

urlpatterns = [
    path("review/", page.review, name="review"),
    path(ONE, page.meeting, name="review-meeting"),
    path(ONE + "decisions/", deciding.decisions, name="review-decisions"),
    path(ONE + "lines/", lines.lines, name="review-lines"),
    path(ONE + "end/", page.review_end, name="review-end"),
]

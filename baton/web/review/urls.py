"""Addresses of reviews; they are nouns."""

from django.urls import path

from baton.web.review import answers, deciding, lines, minutes, page, use

ONE = "reviews/<uuid:pk>/"

urlpatterns = [
    path("review/", page.review, name="review"),
    path("use/", use.use, name="use"),
    path("answers/", answers.answers, name="answers"),
    path(ONE, page.meeting, name="review-meeting"),
    path(ONE + "decisions/", deciding.decisions, name="review-decisions"),
    path(ONE + "lines/", lines.lines, name="review-lines"),
    path(ONE + "minutes/", minutes.review_minutes, name="review-minutes"),
    path(ONE + "end/", page.review_end, name="review-end"),
]

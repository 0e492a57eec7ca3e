"""Addresses of commission and of numbers; they are nouns."""

from django.urls import path

from baton.web.commission import numbers, page

STATEMENT = "commission/<uuid:pk>/<str:period>/"

urlpatterns = [
    path("commission/", page.commission, name="commission"),
    path(STATEMENT, page.statement, name="statement"),
    path(STATEMENT + "closing/", page.statement_closing, name="statement-closing"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("deals/<uuid:pk>/numbers/", numbers.deal_numbers, name="deal-numbers"),
]

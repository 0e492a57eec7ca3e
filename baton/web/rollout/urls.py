"""Addresses of starting with Baton; they are nouns."""

from django.urls import path

from baton.web.rollout import desks, page, sheet, weeks, welcome

urlpatterns = [
    path("what-we-use/", welcome.what_we_use, name="what-we-use"),
    path("first-day/", welcome.guided, name="first-day"),
    path("protocols/", desks.protocols, name="protocols"),
    path("protocols/<str:role>/", desks.protocol, name="protocol"),
    path("first-weeks/", weeks.first_weeks, name="first-weeks"),
    path("rollout/", page.rollout, name="rollout"),
    path("rollout/days/", page.days, name="rollout-days"),
    path("rollout/sheet/", sheet.copy, name="rollout-sheet"),
    path("rollout/sheet/comparison/", sheet.comparison, name="rollout-sheet-comparison"),
    path("rollout/sheet/entry/", sheet.entry, name="rollout-sheet-entry"),
]

"""Addresses of the guides."""

from django.urls import path

from baton.web.guides import page

urlpatterns = [
    path("guides/", page.guides, name="guides"),
    path("guides/<slug:name>/", page.one, name="guide"),
]

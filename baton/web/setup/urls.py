"""Addresses of the first set-up; there are none once somebody is a member."""

from django.urls import path

from baton.web.setup import pages

urlpatterns = [
    path("setup/", pages.purpose, name="setup"),
    path("setup/owner/", pages.owner, name="setup-owner"),
    path("setup/behaviors/", pages.behaviors, name="setup-behaviors"),
    path("setup/map/", pages.founding, name="setup-map"),
]

"""Baton's addresses, and pages that say nothing for those of the frame that this build doesn't have."""

from django.http import HttpResponse
from django.urls import NoReverseMatch, include, path, reverse

NAMED = ["today", "inbox", "deals", "handoffs", "contacts", "companies", "map", "people", "search", "settings"]


def nothing(request):
    return HttpResponse("")


def _missing():
    for name in NAMED:
        try:
            reverse(name, urlconf="config.urls")
        except NoReverseMatch:
            yield path(f"{name}/", nothing, name=name)


urlpatterns = [path("", include("config.urls")), *_missing()]
handler404 = "baton.web.errors.not_found"

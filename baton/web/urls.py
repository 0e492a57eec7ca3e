"""Addresses of the screens; they are nouns."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("baton.web.members.urls")),
]

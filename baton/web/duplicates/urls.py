"""Addresses of duplicates; they are nouns."""

from django.urls import path

from baton.web.duplicates import page

urlpatterns = [
    path("duplicates/", page.duplicates, name="duplicates"),
    path("duplicates/<uuid:pk>/", page.duplicate, name="duplicate"),
    path("duplicates/<uuid:pk>/merge/", page.duplicate_merge, name="duplicate-merge"),
    path("duplicates/<uuid:pk>/difference/", page.duplicate_difference, name="duplicate-difference"),
    path("<str:kind>/<uuid:pk>/separation/", page.separation, name="separation"),
]

"""Addresses of the quick line."""

from django.urls import path

from baton.web.quick import page

urlpatterns = [
    path("quick/", page.quick, name="quick"),
    path("quick/reading/", page.quick_reading, name="quick-reading"),
]

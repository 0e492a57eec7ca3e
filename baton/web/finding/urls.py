"""The address of search."""

from django.urls import path

from baton.web.finding import page

urlpatterns = [path("search/", page.search, name="search")]

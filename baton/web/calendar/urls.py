"""Addresses of the private feed; they are nouns."""

from django.urls import path

from baton.web.calendar import feed

urlpatterns = [
    path("calendar/", feed.calendar, name="calendar"),
    path("calendar/removal/", feed.calendar_removal, name="calendar-removal"),
    path("feeds/calendar/<str:token>.ics", feed.calendar_feed, name="calendar-feed"),
]

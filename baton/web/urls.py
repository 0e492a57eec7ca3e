"""Addresses of the screens; they are nouns."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("baton.web.members.urls")),
    path("", include("baton.web.deal.urls")),
    path("", include("baton.web.quick.urls")),
    path("", include("baton.web.map.urls")),
    path("", include("baton.web.setup.urls")),
    path("", include("baton.web.today.urls")),
    path("", include("baton.web.handoffs.urls")),
    path("", include("baton.web.inbox.urls")),
    path("", include("baton.web.pipeline.urls")),
    path("", include("baton.web.customers.urls")),
    path("", include("baton.web.duplicates.urls")),
    path("", include("baton.web.finding.urls")),
    path("", include("baton.web.channels.urls")),
    path("", include("baton.web.calendar.urls")),
    path("", include("baton.web.sheets.urls")),
    path("", include("baton.web.phone.urls")),
    path("", include("baton.web.pocket.urls")),
    path("", include("baton.web.review.urls")),
    path("", include("baton.web.forecast.urls")),
    path("", include("baton.web.requests.urls")),
    path("", include("baton.web.commission.urls")),
    path("", include("baton.web.mirror.urls")),
    path("", include("baton.web.owner.urls")),
    path("", include("baton.web.gate.automations.urls")),
    path("", include("baton.web.guides.urls")),
    path("", include("baton.web.gate.urls")),
    path("", include("baton.web.rollout.urls")),
]

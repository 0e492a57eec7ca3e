"""Addresses of what is connected; they are nouns. The other side calls at `hooks/`."""

from django.urls import path

from baton.web.channels import guides, hooks, keeping, page, sight, unsent

ONE = "connections/<uuid:pk>/"

urlpatterns = [
    path("channels/", page.channels, name="channels"),
    path("channels/<slug:channel>/<slug:whose>/connection/", page.connection_new, name="connection-new"),
    path("connections/signed-in/", keeping.connection_signed_in, name="connection-signed-in"),
    path("channels/forwarding/", guides.forwarding, name="forwarding"),
    path("who-sees-what/never/", sight.never_recorded, name="never-recorded"),
    path(ONE, page.connection, name="connection"),
    path(ONE + "state/", page.connection_state, name="connection-state"),
    path(ONE + "removal/", page.connection_removal, name="connection-removal"),
    path("unsent/<uuid:pk>/repeat/", unsent.unsent_repeat, name="unsent-repeat"),
    path("unsent/<uuid:pk>/removal/", unsent.unsent_removal, name="unsent-removal"),
    path("hooks/<uuid:pk>/", hooks.hook, name="hook"),
]

"""Addresses at which programs ask to be let in. The page on which a member consents is a screen of `web/gate`."""

from django.urls import path

from baton.gate.access import doors

WELL_KNOWN = ".well-known/"

urlpatterns = [
    path(WELL_KNOWN + "oauth-authorization-server", doors.server_metadata, name="oauth-server"),
    path(WELL_KNOWN + "oauth-authorization-server/<path:place>", doors.server_metadata, name="oauth-server-at"),
    path(WELL_KNOWN + "oauth-protected-resource", doors.resource_metadata, name="oauth-resource"),
    path(WELL_KNOWN + "oauth-protected-resource/<path:place>", doors.resource_metadata, name="oauth-resource-at"),
    path("oauth/registration/", doors.registration, name="oauth-registration"),
    path("oauth/token/", doors.token, name="oauth-token"),
    path("oauth/revocation/", doors.revocation, name="oauth-revocation"),
]

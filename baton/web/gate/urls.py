"""Addresses of the gate's screens; they are nouns."""

from django.urls import path

from baton.web.gate import consent, programs

urlpatterns = [
    path("settings/programs/", programs.programs, name="programs"),
    path("settings/programs/tokens/", programs.token_making, name="program-tokens"),
    path("settings/programs/tokens/<uuid:pk>/removal/", programs.token_removal, name="program-token-removal"),
    path("settings/programs/<int:pk>/removal/", programs.program_removal, name="program-removal"),
    path("oauth/authorization/", consent.authorization, name="oauth-authorization"),
]

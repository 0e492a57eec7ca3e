"""Addresses of the gate's screens; they are nouns."""

from django.urls import path

from baton.web.gate import assistants, consent, enquiries, programs, webhooks

HOOK = "webhooks/<uuid:pk>/"

urlpatterns = [
    path("settings/programs/", programs.programs, name="programs"),
    path("settings/programs/tokens/", programs.token_making, name="program-tokens"),
    path("settings/programs/tokens/<uuid:pk>/removal/", programs.token_removal, name="program-token-removal"),
    path("settings/programs/<int:pk>/removal/", programs.program_removal, name="program-removal"),
    path("oauth/authorization/", consent.authorization, name="oauth-authorization"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.webhook_new, name="webhook-new"),
    path(HOOK, webhooks.webhook, name="webhook"),
    path(HOOK + "state/", webhooks.webhook_state, name="webhook-state"),
    path(HOOK + "secret/", webhooks.webhook_secret, name="webhook-secret"),
    path(HOOK + "removal/", webhooks.webhook_removal, name="webhook-removal"),
    path(HOOK + "messages/<int:number>/repeat/", webhooks.webhook_repeat, name="webhook-repeat"),
    path("forms/<uuid:pk>/", enquiries.website_form, name="website-form"),
    path("assistants/", assistants.assistants, name="assistants"),
    path("assistants/<uuid:pk>/deed/", assistants.assistant_deed, name="assistant-deed"),
    path("assistants/<uuid:pk>/removal/", assistants.assistant_removal, name="assistant-removal"),
    path("forms/form.js", enquiries.website_form_script, name="website-form-script"),
]

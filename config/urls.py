"""Every address of Baton. Addresses are nouns."""

from django.urls import include, path

urlpatterns = [
    path("", include("baton.gate.access.urls")),
    path("", include("baton.gate.assistants.urls")),
    path("", include("baton.gate.api.urls")),
    path("", include("baton.web.urls")),
]

handler400 = "baton.web.errors.bad_request"
handler403 = "baton.web.errors.forbidden"
handler404 = "baton.web.errors.not_found"
handler500 = "baton.web.errors.failed"

"""Addresses of the Inbox, of what can be done about a message in it, and of imports; they are nouns."""

from django.urls import path

from baton.web.inbox import imports, page, placing

MESSAGE = "inbox/<uuid:pk>/"

urlpatterns = [
    path("inbox/", page.inbox, name="inbox"),
    path(MESSAGE + "place/", placing.inbox_place, name="inbox-place"),
    path(MESSAGE + "deal/", placing.inbox_deal, name="inbox-deal"),
    path(MESSAGE + "conflict-check/", placing.inbox_conflict_check, name="inbox-conflict-check"),
    path(MESSAGE + "set-aside/", placing.inbox_set_aside, name="inbox-set-aside"),
    path(MESSAGE + "silence/", placing.inbox_silence, name="inbox-silence"),
    path("inbox/places/", page.inbox_places, name="inbox-places"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<uuid:pk>/", imports.import_progress, name="import"),
    path("imports/<uuid:pk>/stop/", imports.import_stop, name="import-stop"),
    path("imports/<uuid:pk>/resumption/", imports.import_resumption, name="import-resumption"),
    path("deliveries/<uuid:pk>/putting-away/", placing.delivery_putting_away, name="delivery-putting-away"),
    path("deliveries/<uuid:pk>/source/", page.delivery_source, name="delivery-source"),
]

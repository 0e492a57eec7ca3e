"""The one address of the API; what lies below it is found by its operations."""

from django.urls import path

from baton.gate.api.door import api

urlpatterns = [path("api/v1/<path:rest>", api, name="api")]

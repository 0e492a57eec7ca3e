"""The address at which assistants ask."""

from django.urls import path

from baton.gate.assistants import door

urlpatterns = [path("mcp", door.mcp, name="mcp")]

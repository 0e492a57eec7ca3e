"""Addresses of automations; they are nouns."""

from django.urls import path

from baton.web.gate.automations import building, one, overview, runs

urlpatterns = [
    path("automations/", overview.automations, name="automations"),
    path("automations/switch/", overview.switch, name="automations-switch"),
    path("automations/new/", building.new, name="automation-new"),
    path("automations/runs/<uuid:pk>/", runs.run, name="automation-run"),
    path("automations/runs/<uuid:pk>/settlement/", runs.settlement, name="automation-settlement"),
    path("automations/runs/<uuid:pk>/undoing/", runs.undoing, name="automation-undoing"),
    path("automations/<slug:key>/", one.automation, name="automation"),
    path("automations/<slug:key>/definition/", building.definition, name="automation-definition"),
    path("automations/<slug:key>/rehearsal/", one.rehearsal, name="automation-rehearsal"),
    path("automations/<slug:key>/switch/", one.switch, name="automation-switch"),
]

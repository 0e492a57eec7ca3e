"""Addresses of the map."""

from django.urls import path

from baton.web.map import agreement, drafts, editing, lapses, page, versions

urlpatterns = [
    path("map/", page.flow, name="map"),
    path("map/behaviors/", page.behaviors, name="map-behaviors"),
    path("map/behaviors/lapses/<uuid:pk>/decision/", lapses.lapse_decision, name="map-lapse-decision"),
    path("map/fields/", page.fields, name="map-fields"),
    path("map/decisions/", page.decisions, name="map-decisions"),
    path("map/charter/", page.charter, name="map-charter"),
    path("map/goals/", page.goals, name="map-goals"),
    path("map/versions/", versions.versions, name="map-versions"),
    path("map/versions/<int:number>/", versions.version, name="map-version"),
    path("map/versions/<int:number>/file/", versions.version_file, name="map-file"),
    path("map/draft/", drafts.draft, name="map-draft"),
    path("map/draft/problems/", drafts.problems, name="map-draft-problems"),
    path("map/draft/rehearsal/", drafts.rehearsal, name="map-draft-rehearsal"),
    path("map/draft/publication/", drafts.publication, name="map-draft-publication"),
    path("map/draft/removal/", drafts.removal, name="map-draft-removal"),
    path("map/drafts/<uuid:pk>/part/", agreement.part, name="map-part"),
    path("map/drafts/<uuid:pk>/asking/", agreement.asking, name="map-asking"),
    path("map/objections/<uuid:pk>/answer/", agreement.objection_answer, name="map-objection-answer"),
    path("map/draft/drawing/", editing.drawing, name="map-drawing"),
    path("map/draft/whole/", editing.whole, name="map-whole"),
    path("map/draft/elements/", editing.elements, name="map-elements"),
    path("map/draft/elements/<slug:group>/<slug:key>/", editing.element, name="map-element"),
    path("map/draft/elements/<slug:group>/<slug:key>/name/", editing.name, name="map-element-name"),
    path("map/draft/elements/<slug:group>/<slug:key>/word/", editing.word, name="map-element-word"),
    path("map/draft/elements/<slug:group>/<slug:key>/place/", editing.place, name="map-element-place"),
    path("map/draft/elements/<slug:group>/<slug:key>/removal/", editing.removal, name="map-element-removal"),
    path("map/draft/behaviors/<slug:key>/sentence/", editing.sentence, name="map-sentence"),
    path("map/draft/packets/<slug:key>/items/", editing.items, name="map-items"),
    path("map/draft/packets/<slug:key>/items/<str:item>/removal/", editing.item_removal, name="map-item-removal"),
    path("map/draft/undone/", editing.undone, name="map-undone"),
    path("map/draft/redone/", editing.redone, name="map-redone"),
    path("map/drafts/<uuid:pk>/", drafts.proposal, name="map-proposal"),
]

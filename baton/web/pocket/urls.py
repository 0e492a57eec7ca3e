"""Addresses of the installed app and of what is shared to it; they are nouns."""

from django.urls import path

from baton.web.pocket import app, sharing

urlpatterns = [
    path("app.webmanifest", app.manifest, name="app-manifest"),
    path("app-icons/<int:size>.png", app.app_icon, name="app-icon"),
    path("worker.js", app.service_worker, name="service-worker"),
    path("offline/", app.offline, name="offline"),
    path("share/", sharing.share, name="share"),
    path("share/<slug:key>/", sharing.shared, name="shared"),
]

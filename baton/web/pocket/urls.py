"""Addresses of the installed app and of what is shared to it; they are nouns."""

from django.urls import path

from baton.web.pocket import app, pushing, settings, sharing, shortcut

urlpatterns = [
    path("app.webmanifest", app.manifest, name="app-manifest"),
    path("app-icons/<int:size>.png", app.app_icon, name="app-icon"),
    path("worker.js", app.service_worker, name="service-worker"),
    path("offline/", app.offline, name="offline"),
    path("share/", sharing.share, name="share"),
    path("share/<slug:key>/", sharing.shared, name="shared"),
    path("pocket/", shortcut.pocket, name="pocket"),
    path("push/answers/", pushing.push_answers, name="push-answers"),
    path("settings/app/", settings.app_settings, name="app-settings"),
    path("settings/app/devices/", settings.app_devices, name="app-devices"),
    path("settings/app/devices/<uuid:pk>/", settings.app_device, name="app-device"),
    path("settings/app/devices/<uuid:pk>/removal/", settings.app_device_removal, name="app-device-removal"),
    path("settings/app/secrets/", settings.app_secrets, name="app-secrets"),
    path("settings/app/secrets/<uuid:pk>/removal/", settings.app_secret_removal, name="app-secret-removal"),
]

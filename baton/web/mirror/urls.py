"""Addresses of the mirror; they are nouns."""

from django.urls import path

from baton.web.mirror import page

urlpatterns = [
    path("mirror/", page.mirror_page, name="mirror"),
    path("mirror/failures/", page.failures_page, name="failures"),
    path("mirror/people/<uuid:pk>/", page.own_figures, name="own-figures"),
    path("mirror/findings/<path:key>/", page.finding, name="finding"),
]

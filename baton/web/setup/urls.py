"""Addresses of the first set-up; they lead elsewhere once a map is published."""

from django.urls import path

from baton.web.setup import asking, beginning, closing

urlpatterns = [
    path("setup/", beginning.begin, name="setup"),
    path("setup/mail/", beginning.mail, name="setup-mail"),
    path("setup/mail/mailbox/", beginning.mailbox, name="setup-mailbox"),
    path("setup/mail/stop/", beginning.mail_stop, name="setup-mail-stop"),
    path("setup/mail/removal/", beginning.mail_removal, name="setup-mail-removal"),
    path("setup/mail/passing/", beginning.mail_passing, name="setup-mail-passing"),
    path("setup/decisions/", asking.decisions, name="setup-decisions"),
    path("setup/owner/", asking.owner, name="setup-owner"),
    path("setup/behaviors/", asking.behaviors, name="setup-behaviors"),
    path("setup/flow/", asking.flow, name="setup-flow"),
    path("setup/goals/", asking.goals, name="setup-goals"),
    path("setup/map/", closing.founding_map, name="setup-map"),
    path("setup/people/", closing.people, name="setup-people"),
    path("setup/people/asking/", closing.people_asking, name="setup-people-asking"),
    path("setup/publication/", closing.publication, name="setup-publication"),
]

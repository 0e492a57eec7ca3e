"""Saving a way to look at the deals, for oneself or for everybody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from baton.decide.models import SavedView
from baton.decide.views import View
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import Member

LONGEST_NAME = 80
MOST = 100


def save_view(name: str, view: View, *, by: Member, at: datetime, shared: bool = False) -> SavedView:
    """Keep a view under a name; a name that the member used before is overwritten. Raises `Refusal`."""
    name = _named(name)
    _may_share(by, shared)
    with writing():
        if SavedView.objects.filter(owner=by).exclude(name=name).count() >= MOST:
            raise Refusal(_("You have kept %(most)s views. Delete one that you no longer use.") % {"most": MOST})
        kept = {"definition": view.as_data(), "shared": shared, "saved_at": at}
        return SavedView.objects.update_or_create(owner=by, name=name, defaults=kept)[0]


def rename_view(pk: UUID, name: str, *, by: Member) -> SavedView:
    """Give one's own view another name. Raises `Refusal` where one has that name already."""
    view = _own(pk, by)
    view.name = _named(name)
    try:
        with writing():
            view.save(update_fields=["name"])
    except IntegrityError as taken:
        raise Refusal(_("You have a view with that name already.")) from taken
    return view


def share_view(pk: UUID, *, by: Member, shared: bool) -> SavedView:
    """Show one's own view to everybody, or to oneself alone again."""
    _may_share(by, shared)
    view = _own(pk, by)
    view.shared = shared
    with writing():
        view.save(update_fields=["shared"])
    return view


def delete_view(pk: UUID, *, by: Member) -> None:
    """Delete one's own view."""
    with writing():
        _own(pk, by).delete()


def views_of(member: Member) -> list[SavedView]:
    """Return the member's views and the shared ones, by name."""
    return list(SavedView.objects.of(member)[: MOST * 2])


def opened(pk: UUID, *, by: Member) -> View:
    """Return the view that was saved. Raises `Refusal` where it isn't seen, or the map holds it no more."""
    kept = SavedView.objects.of(by).filter(pk=pk).first()
    if kept is None:
        raise Refusal(_("There is no such view among yours and the shared ones."))
    return View.from_data(kept.definition)


def _own(pk: UUID, by: Member) -> SavedView:
    view = SavedView.objects.filter(owner=by, pk=pk).first()
    if view is None:
        raise Refusal(_("Only whoever saved a view can change it."))
    return view


def _may_share(by: Member, shared: bool) -> None:
    if shared and not by.may_write:
        raise Refusal(_("Your role is read only: you can keep views for yourself, and share none."))


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refusal(_("Give the view a name of up to %(most)s characters.") % {"most": LONGEST_NAME})
    return name

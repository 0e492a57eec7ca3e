"""What stands around every screen, for `base.html`: asked of the database only where a template draws it."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from baton.capture.health import waiting_since
from baton.capture.inbox import waiting
from baton.kernel.clock import now
from baton.kernel.ids import uuid7
from baton.ledger.models import Deal
from baton.map.current import current_map, current_version
from baton.map.schema import OperatingMap
from baton.members.models import DeskSeat, Member
from baton.web import words
from baton.work.models import Duty, Handoff

SECTIONS = {
    "": "today",
    "inbox": "inbox",
    "deals": "deals",
    "handoffs": "handoffs",
    "contacts": "contacts",
    "companies": "companies",
    "duplicates": "contacts",
    "answers": "review",
    "use": "review",
    "review": "review",
    "reviews": "review",
    "commission": "commission",
    "numbers": "commission",
    "map": "map",
    "people": "people",
    "forecast": "forecast",
    "requests": "requests",
    "mirror": "mirror",
    "owner": "mirror",
    "rollout": "mirror",
    "first-weeks": "people",
    "protocols": "map",
}
"""First part of an address → the entry of the side that it belongs to."""
ON_A_DEAL = re.compile(r"/deals/([0-9a-f-]{36})/")
COUNTED = 100
"""What waits in Inbox is counted up to here: more is not a number that anybody acts on."""


class Frame:
    """The frame of one request. Everything in it is looked up when it is first drawn, and once."""

    def __init__(self, member: Member, path: str, at: datetime) -> None:
        self._member = member
        self._path = path
        self._at = at

    @cached_property
    def business(self) -> str:
        return self._map.business if self._map else ""

    @cached_property
    def member(self) -> dict[str, str]:
        """Return who is signed in, by id and name, and the desk at which they sit first."""
        names = [self._map.desks[desk].name for desk in self._desks] if self._map else []
        return {"id": str(self._member.pk), "name": self._member.name, "desk": names[0] if names else ""}

    @cached_property
    def owed(self) -> tuple[int, int]:
        """Return how many duties this member owes, and how many are late. Today counts them too, and tells us."""
        rows = Duty.objects.of_member(self._member).open().in_sight(self._at)
        found = rows.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=self._at)))
        return found["all"], found["late"]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return what waits for this member: duties (and the late ones), Inbox, their open deals, their handoffs."""
        return {
            "today": self.owed[0],
            "today_late": self.owed[1],
            "inbox": waiting(self._member)[:COUNTED].count(),
            "deals": Deal.objects.visible_to(self._member).open().filter(owner=self._member).count(),
            "handoffs": self._waiting().count() if self._desks else 0,
        }

    @cached_property
    def health(self) -> dict[str, str]:
        """Return whether what comes in is being read, in a sentence with its tone."""
        since = waiting_since(self._at)
        if since is None:
            return {"tone": "hand", "sentence": _("All that came in has been read.")}
        waiting = _("Mail has been waiting to be read since %(when)s.") % {"when": words.when(since, self._at)}
        return {"tone": "late", "sentence": waiting}

    @cached_property
    def capture_key(self) -> str:
        """Return the key under which the line typed on this page is recorded once."""
        return str(uuid7())

    @property
    def deal(self) -> str:
        """Return the id of the deal whose page this is, empty elsewhere: a line typed here is about it."""
        found = ON_A_DEAL.match(self._path)
        return found[1] if found else ""

    @cached_property
    def decides(self) -> set[str]:
        """Return the pages that a decision of the map is taken on; the others are off and not in the menu."""
        if self._map is None:
            return set()
        pages: set[str] = {one.page for one in self._map.decisions.values() if one.page}
        return pages | ({"commission"} if self._map.commission else set())

    @property
    def section(self) -> str:
        """Return which entry of the side this page belongs to."""
        return SECTIONS.get(self._path.strip("/").partition("/")[0], "")

    @property
    def reads_only(self) -> bool:
        """Return whether this member writes nothing: what would only be refused isn't offered."""
        return not self._member.may_write

    @property
    def practice(self) -> bool:
        """Return whether this is the practice business, which every page of it says."""
        return settings.BATON_PRACTICE

    @property
    def keys(self) -> bool:
        """Return whether single letters are keys for this member."""
        return self._member.single_keys

    def _waiting(self) -> QuerySet[Handoff]:
        return Handoff.objects.visible_to(self._member).waiting().to_desks(self._desks)

    @cached_property
    def _desks(self) -> list[str]:
        known = self._map.desks if self._map else {}
        seats = DeskSeat.objects.filter(member=self._member).order_by("pk").values_list("desk", flat=True)
        return [desk for desk in seats if desk in known]

    @cached_property
    def _map(self) -> OperatingMap | None:
        return current_map() if current_version() else None


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template its `frame`, which strangers have none of, and the name of the business for other pages."""
    business = {"business": SimpleLazyObject(business_name)}
    member = getattr(request, "user", None)
    if not isinstance(member, Member):
        return business
    return business | {"frame": frame_of(request, member)}


def frame_of(request: HttpRequest, member: Member) -> Frame:
    """Return the frame of this request, the same however often it is asked for."""
    return vars(request).setdefault("baton_frame", Frame(member, request.path, now()))


def business_name() -> str:
    """Return how the business calls itself, empty while it has no map."""
    return current_map().business if current_version() else ""

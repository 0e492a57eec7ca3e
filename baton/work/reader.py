"""How a member reads: in which language, and in which time zone."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation

from baton.map.current import current_map, current_version
from baton.members.models import Member


def zone_of(member: Member) -> ZoneInfo:
    """Return the time zone in which a member reads times: their own, else that of the business."""
    if member.zone:
        return ZoneInfo(member.zone)
    return ZoneInfo(current_map().hours.zone) if current_version() else ZoneInfo("UTC")


@contextmanager
def as_read_by(member: Member) -> Generator[None]:
    """Write what stands in the block in the language and the time zone of whoever will read it."""
    with ExitStack() as around:
        around.enter_context(timezone.override(zone_of(member)))
        around.enter_context(translation.override(member.language or settings.LANGUAGE_CODE))
        yield

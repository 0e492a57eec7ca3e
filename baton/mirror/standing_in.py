"""Who answers for the map now: its owner, and whoever stands in for them while they are away or gone."""

from __future__ import annotations

from datetime import datetime

from baton.map.current import current_map
from baton.members.models import Member
from baton.work.absence import until_when


def who_answers(at: datetime) -> list[Member]:
    """Return the owner of the map; their deputy where the owner is away, may only read, or has left."""
    operating_map = current_map()
    named = [address.lower() for address in (operating_map.owner, operating_map.deputy) if address]
    people = {member.email.lower(): member for member in Member.objects.filter(email__in=named, is_active=True)}
    away = until_when({member.pk for member in people.values()}, at)
    there = [people[address] for address in named if address in people and people[address].pk not in away]
    return there[:1]

"""Around the records: who acts, who works here, the map in force, and this description of it all."""

from __future__ import annotations

from typing import Any

from baton.gate.api.operations import Call, operation
from baton.gate.api.paging import moment
from baton.map.current import current_map, current_version
from baton.map.models import MapVersion
from baton.members.models import DeskSeat, Member


@operation("GET", "/me", gives="Me", group="Around")
def get_me(call: Call) -> dict[str, Any]:
    """Say for whom the program acts, and what it may."""
    return {
        "member": _member(call.member, [seat.desk for seat in DeskSeat.objects.filter(member=call.member)]),
        "scopes": sorted(call.acting.scopes),
        "program": call.acting.client.name,
    }


@operation("GET", "/members", gives="MemberPage", group="Around")
def list_members(call: Call) -> dict[str, Any]:
    """List who works here, and who left."""
    seats: dict[Any, list[str]] = {}
    for member, desk in DeskSeat.objects.order_by("desk").values_list("member", "desk"):
        seats.setdefault(member, []).append(desk)
    found = [_member(one, seats.get(one.pk, [])) for one in Member.objects.order_by("name", "pk")]
    return {"items": found, "next": None}


def _member(one: Member, desks: list[str]) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "name": one.name,
        "email": one.email,
        "role": one.role,
        "active": one.is_active,
        "desks": desks,
    }


@operation("GET", "/map", gives="Map", group="Around")
def get_map(call: Call) -> dict[str, Any]:
    """Read the operating map in force."""
    drawn, version = current_map(), MapVersion.objects.get(number=current_version())
    elements = ("desks", "stages", "fields", "handoffs", "behaviors", "decisions")
    return {
        "version": version.number,
        "published_at": moment(version.published_at),
        "business": drawn.business,
        "purpose": drawn.purpose,
        "owner": drawn.owner,
        "currency": drawn.currency,
        "zone": drawn.hours.zone,
        **{name: [_element(one) for one in getattr(drawn, name).values()] for name in elements},
        "yaml": version.text,
    }


MORE = ("desk", "lead", "type", "on", "breaks", "fresh_for", "weight", "closes", "from_desk", "to_desk", "at")


def _element(one: Any) -> dict[str, Any]:
    """An element by its permanent id, which is what other answers name it by."""
    known = {name: getattr(one, name, None) for name in MORE}
    more: dict[str, Any] = {
        name: value for name, value in known.items() if value and isinstance(value, str | int | float)
    }
    more |= {name: list(getattr(one, name)) for name in ("choices", "carries") if getattr(one, name, None)}
    return {"id": one.id, "key": one.key, "name": str(one.name), **more}


@operation("GET", "/openapi.json", gives="Description", group="Around")
def get_description(call: Call) -> dict[str, Any]:
    """Describe this API, with the fields of your own map, as OpenAPI 3.1."""
    from baton.gate.api.description import described

    return described()

"""The people of the demonstration: the members of Harbour & Lime, and the customers who write to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from baton.management.demonstration.script import read
from baton.members.models import Member, Role

OURS = "harbourlime.example"
DESKS = {"hello": "intake", "sales": "sales", "jobs": "operations", "billing": "billing"}
"""What stands before the @ of a desk's capture address → the desk."""

MEMBERS = (
    ("tomas", "Tomas Okafor", Role.OWNER),
    ("carla", "Carla Brandt", Role.MANAGER),
    ("ingrid", "Ingrid Vale", Role.MANAGER),
    ("mairead", "Mairead Quinn", Role.MEMBER),
    ("nell", "Nell Harrow", Role.MEMBER),
    ("bram", "Bram Castellanos", Role.MEMBER),
    ("priya", "Priya Raman", Role.MEMBER),
    ("joss", "Joss Tindall", Role.MEMBER),
    ("wes", "Wes Adeyemi", Role.MEMBER),
    ("vera", "Vera Marchetti", Role.READ_ONLY),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes: by which key the story calls them, their name and address, and how they sign."""

    key: str
    name: str
    address: str
    signature: str = ""
    company: str = ""
    html: bool = False


def hire() -> dict[str, Member]:
    """Make the members, who sign in with one click and have no password; return first name → member."""
    return {
        key: Member.objects.create_user(f"{key}@{OURS}", name=name, role=role, zone="Europe/London")
        for key, name, role in MEMBERS
    }


@cache
def everybody() -> dict[str, Person]:
    """Return key → whoever can write or be written to: members, desks and customers."""
    ours = {key: Person(key, name, f"{key}@{OURS}", name.split()[0]) for key, name, _role in MEMBERS}
    desks = {key: Person(key, "", f"{key}@{OURS}") for key in DESKS}
    return ours | desks | {key: _customer(key, told) for key, told in read("customers.yaml").items()}


def _customer(key: str, told: dict[str, Any]) -> Person:
    return Person(
        key,
        told["name"],
        told["address"],
        told.get("signature", told["name"].partition(" ")[0]).strip(),
        told.get("company", ""),
        told.get("html", False),
    )

"""Twelve people at five desks: the demonstration's firm, with three more at Sales and Operations."""

from __future__ import annotations

from datetime import datetime

from baton.map.publishing import publish
from baton.map.ready import demonstration_map
from baton.members.models import Member, Role

DOMAIN = "harbourlime.example"
PEOPLE = {
    "tomas": ("Tomas Okafor", Role.OWNER),
    "ingrid": ("Ingrid Solberg", Role.MANAGER),
    "mairead": ("Mairead Byrne", Role.MEMBER),
    "nell": ("Nell Castell", Role.MEMBER),
    "bram": ("Bram Visser", Role.MEMBER),
    "dario": ("Dario Kovačević", Role.MEMBER),
    "lena": ("Lena Groß", Role.MEMBER),
    "priya": ("Priya Raman", Role.MEMBER),
    "joss": ("Joss Whitlock", Role.MEMBER),
    "omar": ("Omar Haddad", Role.MEMBER),
    "wes": ("Wes Abernathy", Role.MEMBER),
    "carla": ("Carla Horvat", Role.MEMBER),
}
AT_DESK = {
    "intake": ("mairead",),
    "sales": ("nell", "bram", "dario", "lena"),
    "operations": ("priya", "joss", "omar"),
    "billing": ("wes",),
    "accounts": ("carla",),
}
BUSY = ("bram", "nell", "dario")
"""Who have 250 duties open each."""


def employ(at: datetime) -> None:
    """Make the members and publish their map."""
    for first, (name, role) in PEOPLE.items():
        Member.objects.create_user(f"{first}@{DOMAIN}", name=name, role=role)
    text = demonstration_map().replace("members: [bram]", "members: [bram, dario, lena]")
    publish(text.replace("members: [joss]", "members: [joss, omar]"), by=None, at=at, note="The reference business")


def members() -> dict[str, Member]:
    """Return first name → member."""
    return {member.email.partition("@")[0]: member for member in Member.objects.all()}

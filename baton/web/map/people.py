"""The people of the map by the names that colleagues know them by."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from baton.map.elements import Who
from baton.map.phrases import ROLES
from baton.map.schema import OperatingMap
from baton.members.models import Member


class Names:
    """Address → name, looked up once; an address that nobody signs in with stays an address."""

    def __init__(self, **known: str) -> None:
        self._names = dict(Member.objects.values_list("email", "name")) | known

    def of(self, email: str) -> str:
        return self._names.get(email.lower()) or email

    def short(self, email: str) -> str:
        return self.of(email).split(" ")[0]

    def listed(self, emails: Iterable[str]) -> str:
        return ", ".join(dict.fromkeys(map(self.short, emails)))

    def who(self, who: Who, drawn: OperatingMap) -> str:
        """One person by part played, in words."""
        if who.role == "member":
            return self.of(who.name)
        if who.role == "lead of":
            desk = drawn.desks.get(who.name)
            return f"{ROLES['desk lead']}, {desk.name}" if desk else who.name
        if who.role == "in turn":
            desk = drawn.desks.get(who.name)
            return _("somebody at {desk}, in turn").format(desk=desk.name if desk else _("the desk"))
        return ROLES[who.role]

"""Whether the map decides anything by a forecast, and who does. Without such a decision there is no forecast page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.map.schema import Decision, OperatingMap
from baton.members.models import Member


def deciding(operating_map: OperatingMap) -> list[Decision]:
    """Return the decisions of the map that are taken by the forecast."""
    return operating_map.decisions_on("forecast")


def is_on(operating_map: OperatingMap | None = None) -> bool:
    """Whether the map names a decision that needs a forecast."""
    return bool(deciding(operating_map or current_map()))


def refuse_unless_on() -> None:
    """Raise `Refusal` with how the forecast comes to be there."""
    if not is_on():
        raise Refusal(
            _(
                "The map names no decision that is taken by a forecast, so there is none, and nobody has to keep "
                "figures for it. Whoever owns the map can add such a decision."
            )
        )


def decides(member: Member) -> bool:
    """Whether the map has this member decide by the forecast, or they own the map or stand in for its owner."""
    operating_map = current_map()
    return member.email.lower() in _named(operating_map)


def _named(operating_map: OperatingMap) -> set[str]:
    named: Iterable[str] = (who for one in deciding(operating_map) for who in one.who)
    return {who.lower() for who in [*named, operating_map.owner, operating_map.deputy] if who}

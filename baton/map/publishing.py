"""Publishing a map: the owner's act, which adds a version and never changes one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map.current import current_map, current_version
from baton.map.models import MapVersion
from baton.map.reading import read_map
from baton.members.models import Member


def publish(text: str, *, by: Member | None, at: datetime, note: str = "") -> MapVersion:
    """Add `text` as the version in force. `by` is None only for the operator's command line.

    Raises `Refusal` when somebody other than the owner asks, or the map has problems.
    """
    operating_map, problems = read_map(text)
    if operating_map is None or problems:
        raise Refusal("\n".join(str(problem) for problem in problems))
    with writing():
        number = current_version()
        if number and by is not None and by.email.lower() not in _publishers():
            raise Refusal(_("Only the owner of the map publishes it."))
        return MapVersion.objects.create(number=number + 1, text=text, published_at=at, published_by=by, note=note)


def _publishers() -> set[str]:
    operating_map = current_map()
    return {operating_map.owner.lower()}

"""The demonstration: Harbour & Lime Site Services, five months of whose work are played through the real verbs.

What customers wrote goes in as raw mail through the one door for everything that comes in; what members did goes
through the verbs of the work, each at its simulated moment, in the order in which it happened. The story stands in
`story/`, told relative to the moment of loading, so that there is always something due today.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings

from baton.kernel.clock import now
from baton.kernel.writer import writing
from baton.management.demonstration.calendar import Calendar
from baton.management.demonstration.happening import Happening, happening
from baton.management.demonstration.people import MEMBERS, OURS, hire
from baton.management.demonstration.rounds import rounds
from baton.management.demonstration.scene import Scene
from baton.management.demonstration.script import read
from baton.management.demonstration.telling import tell
from baton.map.current import current_map, one_version
from baton.map.publishing import publish
from baton.map.ready import demonstration_map
from baton.members.models import Member
from baton.members.setup import is_empty

Say = Callable[[str], object]
OPEN_DEALS = (
    "quayside.yaml",
    "sales.yaml",
    "operations.yaml",
    "intake.yaml",
    "inbox.yaml",
    "forecast.yaml",
    "review.yaml",
)
BEGINS = -112
"""The working day before which nothing happened but the map."""
KEYS = "heard_as: [keys, key-holder, lets you in]"
KEYS_GO_STALE = f"fresh_for: 90 days\n    {KEYS}"
"""What the second version of the map added."""


def load_if_empty(say: Say) -> None:
    """Fill an empty data folder with the demonstration business, saying in plain words how far it is.

    Where there is a business already it is left as it is.
    """
    if is_empty():
        load(now(), say)
    if _is_the_demonstration():
        _mark()


def load(at: datetime, say: Say = lambda line: None, *, whole: bool = True) -> None:
    """Play the story up to a moment, all or nothing; not `whole` leaves out what ended before."""
    begun = monotonic()
    say("Filling the demonstration: five months at Harbour & Lime Site Services.")
    with writing():
        scene = _scene(at)
        with one_version():
            tell(_story(scene.calendar, whole), scene, say)
    say(f"The demonstration is ready after {monotonic() - begun:.0f} seconds.")


def _scene(at: datetime) -> Scene:
    """Hire everybody and publish the map, before anything else happens."""
    members, text = hire(), demonstration_map()
    owner = members["tomas"]
    publish(text.replace(KEYS_GO_STALE, KEYS), by=owner, at=at - timedelta(days=250), note="The first map")
    calendar = Calendar(at, current_map().hours)
    note = "Key-holders are asked for again after 90 days"
    publish(text, by=owner, at=calendar.moment(f"{BEGINS - 4} 16:00"), note=note)
    Member.objects.update(joined_at=calendar.moment(f"{BEGINS - 5} 09:00"))
    return Scene(calendar, members)


def _story(calendar: Calendar, whole: bool) -> list[Happening]:
    told = [(on, line) for name in OPEN_DEALS for on, lines in read(name).items() for line in lines]
    return [*rounds(calendar, whole), *(happening(line, calendar, on) for on, line in told)]


def _is_the_demonstration() -> bool:
    """Whether this is the demonstration and nothing else: its people are there, and none of them has a password."""
    there = {member.email: member for member in Member.objects.all()}
    known = [there.get(f"{key}@{OURS}") for key, _name, _role in MEMBERS]
    return all(member and not member.has_usable_password() for member in known)


def _mark() -> None:
    """Let people sign in with one click, now and after the next start."""
    (Path(settings.DATA_DIR) / "demo").touch()
    settings.BATON_DEMO = True

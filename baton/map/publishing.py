"""Publishing a map: the owner's act, which adds a version and never changes one.

Rooms above say with `register_before_publish` why a map can't follow the one in force, and with
`register_after_publish` what follows from it, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from baton.kernel.verdict import Conflict, Refusal, Verdict
from baton.kernel.writer import writing
from baton.map.agreeing import may_be_published
from baton.map.current import PUBLISHING, current_version, map_version_numbered
from baton.map.diff import compare
from baton.map.marked import Problem
from baton.map.models import MapDraft, MapVersion
from baton.map.reading import read_map
from baton.map.schema import OperatingMap
from baton.map.seating import seat_everybody
from baton.map.settled import by_id
from baton.members.models import Member, Role

Objecting = Callable[[OperatingMap, OperatingMap], list[Problem]]
Following = Callable[[OperatingMap, OperatingMap, MapVersion], None]
Earliest = Callable[[], datetime | None]
_objecting: list[tuple[int, str, Objecting]] = []
_following: list[tuple[int, str, Following]] = []
_earliest: dict[str, Earliest] = {}
TOLD = 5
"""How many changes a conflict names; all of them stand on the page of versions."""


def register_before_publish(order: int, objecting: Objecting) -> None:
    """Ask `objecting(old, new)` for problems before a map comes into force; one problem refuses it."""
    _register(_objecting, order, objecting)


def register_after_publish(order: int, following: Following) -> None:
    """Call `following(old, new, version)` when a later version comes into force, in the order of the numbers.

    Both maps are keyed by permanent ids. Nothing of `current_map()` may be asked: the version isn't committed yet.
    """
    _register(_following, order, following)


def register_earliest(earliest: Earliest) -> None:
    """Have versions published after `earliest()`, so that recorded time never runs back, whatever the clock does."""
    _earliest[earliest.__module__] = earliest


def _register(hooks: list, order: int, hook: Callable) -> None:
    name = f"{hook.__module__}.{hook.__qualname__}"
    hooks[:] = sorted([h for h in hooks if h[1] != name] + [(order, name, hook)], key=lambda h: h[:2])


def publish(text: str, *, by: Member | None, at: datetime, note: str = "", based_on: int | None = None) -> MapVersion:
    """Add `text` as the version in force. `by` is None only for the operator's command line.

    `based_on` is the version that the draft was written against; a newer one raises `Conflict` that says what changed
    meanwhile. Raises `Refusal` when somebody other than the owner asks, or when the map has problems or can't follow
    the one in force.
    """
    new = by_id(_read(text))
    with writing():
        _wait_for_writers()
        return _publish(text, new, by, at, note, based_on)


def _publish(
    text: str, new: OperatingMap, by: Member | None, at: datetime, note: str, based_on: int | None
) -> MapVersion:
    number = current_version()
    old = map_version_numbered(number) if number else None
    may_publish(by, old or new).or_refuse()
    for draft in MapDraft.objects.filter(text=text):
        may_be_published(draft).or_refuse()
    if old:
        _refuse_older(number, based_on)
        _refuse_strange_owner(by, old, new)
        refuse_problems(objections_to(old, new))
    version = MapVersion.objects.create(
        number=number + 1, text=text, published_at=_moment(at, number), published_by=by, note=note[:400]
    )
    seat_everybody(old, new)
    _pass_ownership(old, new)
    for _order, _name, follow in _following if old else []:
        follow(old, new, version)
    return version


def may_publish(member: Member | None, operating_map: OperatingMap) -> Verdict:
    """Only the owner of the map publishes, and the operator of the machine; a deputy stands in for everything else."""
    if member is None:
        return Verdict.allow(_("the operator’s command line"))
    if member.is_active and member.email.lower() == operating_map.owner.lower():
        return Verdict.allow()
    return Verdict.refuse(
        _("Only the owner of the map publishes it, and that is {owner}.").format(owner=operating_map.owner)
    )


def objections_to(old: OperatingMap, new: OperatingMap) -> list[Problem]:
    """Say why the new map can't follow the old one yet, in the words of the rooms that keep the work."""
    return [problem for _order, _name, objecting in _objecting for problem in objecting(old, new)]


def refuse_problems(problems: list[Problem]) -> None:
    """Raise the `Refusal` that names each problem in a line of its own."""
    if problems:
        raise Refusal("\n".join(str(problem) for problem in problems))


def _read(text: str) -> OperatingMap:
    operating_map, problems = read_map(text)
    refuse_problems(problems)
    assert operating_map is not None
    return operating_map


def _wait_for_writers() -> None:
    """Let what is being recorded under the old map be committed first, and hold back what comes (PostgreSQL)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING])


def _refuse_older(number: int, based_on: int | None) -> None:
    if based_on is None or based_on == number:
        return
    was = map_version_numbered(based_on or number)
    changes = [change.what for change in compare(was, map_version_numbered(number))]
    said = _(
        "Version {number} was published while this draft stood on version {based_on}. Meanwhile: {changes}."
    ).format(number=number, based_on=based_on, changes="; ".join(changes[:TOLD]) or _("nothing that reads differently"))
    raise Conflict(f"{said} {_('Take that over into the draft, then publish it.')}")


def _refuse_strange_owner(by: Member | None, old: OperatingMap, new: OperatingMap) -> None:
    """A map given to an address that nobody signs in with could never be published again."""
    if by is None or old.owner == new.owner or Member.objects.filter(email__iexact=new.owner, is_active=True).exists():
        return
    raise Refusal(
        _("{owner} isn’t a member here yet, so nobody could publish the map after you. Invite them first.").format(
            owner=new.owner
        )
    )


def _pass_ownership(old: OperatingMap | None, new: OperatingMap) -> None:
    """Whoever the map names is its owner in the list of people too; who owned it before stays a manager."""
    if old is None or old.owner == new.owner:
        return
    if Member.objects.filter(email__iexact=new.owner).update(role=Role.OWNER):
        Member.objects.filter(email__iexact=old.owner, role=Role.OWNER).update(role=Role.MANAGER)


def _moment(at: datetime, number: int) -> datetime:
    known = [earliest() for earliest in _earliest.values()]
    if number:
        known.append(MapVersion.objects.values_list("published_at", flat=True).get(number=number))
    latest = max((moment for moment in known if moment), default=None)
    return at if latest is None or at > latest else latest + timedelta(microseconds=1)

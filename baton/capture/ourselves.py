"""Who is one of us among the people of a message, and which way it therefore went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from baton.capture.addresses import capture_domain, local_part, our_domains
from baton.capture.arrival import Arrival, Party
from baton.capture.models import Connection
from baton.capture.numbers import numbers_of_business, numbers_of_members
from baton.kernel.phones import is_number
from baton.map.current import current_map
from baton.map.elements import Desk
from baton.map.schema import OperatingMap
from baton.members.models import DeskSeat, Member

CALLER = "capture"
MAILBOX = "mailbox"
"""The channel of connected mailboxes."""


@dataclass(slots=True)
class Ourselves:
    """The members by address, the domains and numbers that only we have, and the desks with those who sit there.

    `shared` are the addresses that the business reads together; a member's connected mailbox is theirs as well.
    """

    map: OperatingMap
    members: dict[str, Member]
    domains: set[str]
    accepted: set[str]
    seats: dict[str, list[Member]]
    shared: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)

    @classmethod
    def today(cls) -> Ourselves:
        """Look everybody up, in four queries."""
        members = {member.email.lower(): member for member in Member.objects.filter(is_active=True)}
        by_id = {member.pk: member for member in members.values()}
        domains = our_domains(members)
        mailboxes = _connected_addresses()
        members = {address: by_id[of] for address, of in mailboxes.items() if of in by_id} | members
        seats: dict[str, list[Member]] = {}
        for seat in DeskSeat.objects.select_related("member").order_by("pk"):
            seats.setdefault(seat.desk, []).append(seat.member)
        shared = {address for address, of in mailboxes.items() if of is None}
        members |= numbers_of_members()
        accepted = domains | {capture_domain(), "localhost"}
        return cls(current_map(), members, domains, accepted, seats, shared, numbers_of_business())

    def also(self, addresses: Sequence[str]) -> Ourselves:
        """Return the same, with addresses that are ours as well."""
        return replace(self, numbers=self.numbers | set(addresses)) if addresses else self

    def is_ours(self, party: Party) -> bool:
        """Whether this is a member, a colleague at one of our domains, or an address that captures."""
        if not party.address:
            return False
        if is_number(party.address):
            return party.address in self.members or party.address in self.numbers
        return (
            party.address in self.members
            or party.address in self.shared
            or party.domain in self.domains
            or party.domain == capture_domain()
        )

    def is_outside(self, party: Party) -> bool:
        """Whether this is somebody with an address who isn't one of us."""
        return bool(party.address) and not self.is_ours(party)

    def desk(self, desk_id: str) -> Desk | None:
        return self.map.desks.get(desk_id)

    def holders_at(self, desk_id: str) -> list[Member]:
        """Return who sits at a desk, by the seats that were given and by the map."""
        desk = self.desk(desk_id)
        named = [self.members[email] for email in (desk.members if desk else ()) if email in self.members]
        return list({member.pk: member for member in [*self.seats.get(desk_id, []), *named]}.values())

    def captures(self, party: Party) -> bool:
        """Whether mail to this address only comes into Baton: a secret address, or a desk's."""
        if party.domain not in self.accepted or party.address in self.members:
            return False
        local = party.address.partition("@")[0]
        desks = {local_part(desk) for desk in self.map.desks.values() if desk.capture}
        return party.domain == capture_domain() or local.partition("+")[0] in desks


def _connected_addresses() -> dict[str, UUID | None]:
    """Return the address of each connected mailbox with the member it belongs to, None where it is shared."""
    rows = Connection.objects.unscoped(CALLER).of(MAILBOX).values_list("settings", "member")
    return {str(told.get("address", "")).lower(): member for told, member in rows if told.get("address")}


@dataclass(slots=True)
class Course:
    """Which way a message went, with whom on the customer's side (None among ourselves), and who of us wrote it.

    `others` are the rest of the customer's side. `in_copy` says that none of us was addressed, only copied.
    """

    direction: str
    with_whom: Party | None
    writer: Member | None = None
    others: tuple[Party, ...] = ()
    in_copy: bool = False


def course_of(arrival: Arrival, us: Ourselves) -> Course:
    """Tell the direction and the counterpart from the people of a message."""
    us = us.also(arrival.ours)
    sender = arrival.sender or Party("", "")
    if arrival.kind == "meeting":
        return _together(arrival, sender, us)
    if arrival.machine == "bounce":
        return Course("in", _failed(arrival, us) or sender)
    if us.is_outside(sender) or (not sender.address and sender.name):
        return Course("in", _who_asks(arrival, sender, us), in_copy=_is_in_copy(arrival, us))
    asking = next((party for party in arrival.reply_to if us.is_outside(party)), None)
    if asking and not any(us.is_outside(party) for party in arrival.to):
        return Course("in", asking, in_copy=_is_in_copy(arrival, us))
    return _ours(arrival, sender, us)


def _together(arrival: Arrival, sender: Party, us: Ourselves) -> Course:
    """Whoever invites goes first among the customer's people, then those who are invited."""
    outside = [party for party in (sender, *arrival.parties) if us.is_outside(party)]
    if not outside:
        return Course("internal", None, us.members.get(sender.address))
    direction = "in" if us.is_outside(sender) or not sender.address else "out"
    return Course(direction, outside[0], us.members.get(sender.address), tuple(outside[1:]))


def _who_asks(arrival: Arrival, sender: Party, us: Ourselves) -> Party:
    """Where answers should go is who asks: a web form writes from its own address on behalf of somebody."""
    wanted = next((party for party in arrival.reply_to if us.is_outside(party)), None)
    return Party(wanted.name or sender.name, wanted.address) if wanted else sender


def _failed(arrival: Arrival, us: Ourselves) -> Party | None:
    outside = (Party("", address) for address in arrival.failed_for)
    return next((party for party in outside if us.is_outside(party)), None)


def _ours(arrival: Arrival, sender: Party, us: Ourselves) -> Course:
    writer = us.members.get(sender.address)
    outside = [party for party in arrival.parties if us.is_outside(party)]
    if not outside:
        return Course("internal", None, writer)
    return Course("out", outside[0], writer, tuple(outside[1:]))


def _is_in_copy(arrival: Arrival, us: Ourselves) -> bool:
    """Copied, and not addressed. Where none of us is named at all it came by BCC or a forwarding address: addressed."""
    return _any_of_us(arrival.cc, us) and not _any_of_us(arrival.to, us)


def _any_of_us(parties: Iterable[Party], us: Ourselves) -> bool:
    return any(us.is_ours(party) or us.captures(party) for party in parties)


def passed_on_to_us(arrival: Arrival, us: Ourselves) -> bool:
    """Whether a member forwarded somebody else's mail to nobody but a capture address: the original is what counts."""
    return (
        arrival.passed_on is not None
        and arrival.sender is not None
        and us.is_ours(arrival.sender)
        and bool(arrival.parties)
        and all(us.captures(party) for party in arrival.parties)
    )

"""Through whose eyes a command looks: the member named, else the owner of the map."""

from django.core.management.base import CommandError

from baton.map.current import current_map
from baton.members.models import Member


def whose(email: str | None) -> Member:
    """Return the member of this address, the owner of the map without one. Raises `CommandError`."""
    wanted = email or current_map().owner
    member = Member.objects.filter(email__iexact=wanted, is_active=True).first()
    if member is None:
        raise CommandError(f"No member has the address {wanted}.")
    return member

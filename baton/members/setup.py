"""Whether there is a business here at all. Setting one up is `baton.map.founding`, which also needs a map."""

from baton.members.models import Member


def is_empty() -> bool:
    """Whether nobody was ever a member: only then may a business be founded here, and never again after."""
    return not Member.objects.exists()

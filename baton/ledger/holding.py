"""Who holds an interaction: the members whose own channel brought it. They may always read it, and find it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from baton.kernel.writer import writing
from baton.ledger.models import Holder, Interaction
from baton.ledger.search.keeping import rescoped, write

CALLER = "ledger.recording"


def hold(pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Let members hold interactions that are recorded already: (interaction, member), because their copy came too."""
    wanted = set(pairs)
    if not wanted:
        return
    with writing():
        there = Holder.objects.filter(interaction__in={interaction for interaction, _member in wanted})
        fresh = wanted - set(there.values_list("interaction_id", "member_id"))
        Holder.objects.bulk_create(
            [Holder(interaction_id=one, member_id=member) for one, member in sorted(fresh)], ignore_conflicts=True
        )
        rows = Interaction.objects.unscoped(CALLER).filter(pk__in={interaction for interaction, _member in fresh})
        write(rescoped(list(rows)), new=set())

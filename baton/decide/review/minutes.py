"""Minutes: what was decided, on which deal, by whom; each reader sees what they may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from baton.decide.review.deciding import CHANNEL
from baton.decide.review.models import Review, Talk
from baton.ledger.models import Deal, Interaction, InteractionText
from baton.members.models import Member
from baton.work.models import Use


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was decided. `by` is who decided, `used` whose entries it rests on: name → how many."""

    interaction: UUID
    at: datetime
    deal: UUID
    title: str
    text: str
    by: str
    used: dict[str, int]


@dataclass(slots=True)
class Minutes:
    """What a review came to. `used` is whose entries were used, name → how many; `captured` deals weren't in Baton."""

    lines: list[Line] = field(default_factory=list)
    talked: int = 0
    captured: list[str] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)

    @property
    def decided_on(self) -> set[UUID]:
        return {line.deal for line in self.lines}

    @property
    def entries(self) -> int:
        """How many entries were used."""
        return sum(self.used.values())


def minutes_of(review: Review, member: Member) -> Minutes:
    """Return the minutes as this member may read them, in the order in which it was decided."""
    seen = Interaction.objects.visible_to(member).filter(thread=review.pk, channel=CHANNEL, readable=True)
    rows = list(seen.exclude(deal=None).order_by("happened_at", "id"))
    ids = [row.pk for row in rows]
    texts = dict(InteractionText.objects.visible_to(member).filter(pk__in=ids).values_list("pk", "own"))
    talks = list(Talk.objects.filter(review=review))
    deals = {row.deal_id for row in rows} | {talk.deal_id for talk in talks}
    titles = dict(Deal.objects.visible_to(member).filter(pk__in=deals).values_list("pk", "title"))
    names = dict(Member.objects.values_list("pk", "name"))
    used = _used(member, ids, names)
    lines = [_line(row, titles, texts, names, used) for row in rows if row.deal_id in titles]
    captured = [titles[talk.deal_id] for talk in talks if talk.side_channel and talk.deal_id in titles]
    talked = sum(talk.deal_id in titles for talk in talks)
    return Minutes(lines, talked, captured, dict(sum((Counter(line.used) for line in lines), Counter())))


def _used(member: Member, ids: list[UUID], names: dict[UUID, str]) -> dict[UUID, dict[str, int]]:
    rows = Use.objects.visible_to(member).filter(used_in=CHANNEL, used_in_id__in=ids, said_by__isnull=False)
    found: dict[UUID, dict[str, int]] = {}
    for row in rows.values("used_in_id", "said_by").annotate(entries=Count("pk")).order_by("used_in_id", "said_by"):
        found.setdefault(row["used_in_id"], {})[names[row["said_by"]]] = row["entries"]
    return found


def _line(
    row: Interaction,
    titles: dict[UUID, str],
    texts: dict[UUID, str],
    names: dict[UUID, str],
    used: dict[UUID, dict[str, int]],
) -> Line:
    decided_by = row.parts.get("decided_by")
    by = names.get(UUID(decided_by), "") if decided_by else ""
    text = texts.get(row.pk, row.subject)
    return Line(row.pk, row.happened_at, row.deal_id, titles[row.deal_id], text, by, used.get(row.pk, {}))

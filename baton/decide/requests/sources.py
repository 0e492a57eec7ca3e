"""The sheet of sources: each filled cell with the deals and facts behind it, and each that stayed empty with why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.decide.requests.figures import CONFIRMED, MISSING, STALE, SUGGESTED, Deals, Part
from baton.decide.requests.trust import Kept
from baton.decide.requests.workbook.places import ref
from baton.kernel.money import Money
from baton.map.elements import BUILT_IN_FIELDS
from baton.members.models import Member
from baton.work.wording import value_text

if TYPE_CHECKING:
    from baton.decide.requests.answering import Answer, FilledCell

MOST_ROWS = 5_000
TRUSTS = {
    CONFIRMED: gettext_lazy("confirmed"),
    STALE: gettext_lazy("stale"),
    SUGGESTED: gettext_lazy("only suggested"),
    MISSING: gettext_lazy("not known"),
}


def source_rows(answer: Answer) -> list[list[Any]]:
    """Return the rows of the sheet, its headers first."""
    heads = [
        _("Sheet"), _("Cell"), _("Value"), _("What it is"), _("Adds"), _("Deal"), _("Rests on"), _("Which says"),
        _("Said by"), _("When"), _("How sure"), _("Page"),
    ]  # fmt: skip
    rows = list(islice(_rows(answer), MOST_ROWS))
    more = sum(len(part.rests_on) for one in answer.filled for part in one.figure.parts) - len(rows)
    if len(rows) == MOST_ROWS and more > 0:
        told = ngettext("and %(count)d more row", "and %(count)d more rows", more)
        rows = [
            *rows[:MOST_ROWS],
            ["", "", told % {"count": more}, _("The page of the request has them all.")],
        ]
    return [heads, *rows, *_left(answer)]


def _rows(answer: Answer) -> Iterator[list[Any]]:
    members = {str(pk): name for pk, name in Member.objects.values_list("pk", "name")}
    for one in answer.filled:
        head = [one.sheet, ref(one.at), shown(one), one.meaning]
        notes = "; ".join(one.figure.remarks)
        if not one.figure.parts or notes:
            yield [*head, "", "", notes or _("no deal"), "", "", "", str(TRUSTS[one.trust])]
        for part in one.figure.parts:
            for kept in answer.behind.of(part):
                yield [*head, *_source(answer, one, part, kept, members)]


def _source(answer: Answer, one: FilledCell, part: Part, kept: Kept, members: dict[str, str]) -> list[Any]:
    line = answer.deals.by_id[part.deal]
    adds = float(Money(part.adds, one.figure.currency).major) if one.figure.shows == "money" else part.adds
    field = BUILT_IN_FIELDS.get(kept.field)
    said_at = kept.said_at.astimezone(answer.deals.map.hours.tz).date().isoformat() if kept.said_at else ""
    by = members.get(kept.said_by, "") or kept.channel
    name = str(field.name) if field else kept.field
    return [
        adds, line.title, name, in_words(answer.deals, kept, members), by, said_at, str(TRUSTS[kept.trust]),
        deal_link(part.deal),
    ]  # fmt: skip


def deal_link(deal: UUID) -> str:
    """Return the page of a deal, nothing where nobody said at which address people use Baton."""
    return f"{settings.BATON_URL.rstrip('/')}/deals/{deal}/" if settings.BATON_URL else ""


def in_words(deals: Deals, kept: Kept, members: dict[str, str]) -> str:
    """Return what a field says, as people read it."""
    value = kept.value
    if value in (None, ""):
        return _("nothing")
    if kept.field == "owner":
        return members.get(str(value), str(value))
    stage = deals.map.stages.get(str(value)) if kept.field == "stage" else None
    field = deals.map.field(kept.field)
    return stage.name if stage else value_text(value, field.type if field else "text", deals.map.currency)


def shown(one: FilledCell) -> str | float:
    """Return a value as the sheet of sources shows it."""
    value = one.figure.value
    return value.isoformat() if isinstance(value, date) else value if value is not None else ""


def _left(answer: Answer) -> Iterator[list[Any]]:
    """Say once for each reason which cells stayed as they were."""
    reasons = Counter((one.sheet, one.why) for one in answer.left if one.state != "kept")
    first = {(one.sheet, one.why): ref(one.at) for one in reversed(answer.left)}
    if reasons:
        yield []
        yield [_("Left empty")]
    for (sheet, why), count in reasons.items():
        more = ngettext("%(count)d cell", "%(count)d cells", count) % {"count": count}
        yield [sheet, first[sheet, why], more, why]

"""What a finding rests on: the handoffs, deals, messages and duties behind it, newest first, of what one may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from baton.capture.models import Twins
from baton.kernel.verdict import Refusal
from baton.ledger.models import Company, Contact, Deal, DealState, Fact, Interaction
from baton.mirror.clear import channel_name
from baton.mirror.counting import SHOWN_WITHIN, TYPED, seats
from baton.mirror.days import begin
from baton.mirror.findings import Glass, in_days, lasting
from baton.mirror.owned import ownerless_deals
from baton.mirror.passing import BACK_FILL, LOST, OPEN, WON, outcomes, spans_of, stays
from baton.mirror.sight import CALLER
from baton.work.models import Duty, ExceptionCase, Handoff, Use

MOST = 60
Opens = Literal["deal", "handoff", "message", "contact", "company", "twins", "inbox", "map"]


@dataclass(slots=True)
class Case:
    """One case: what opens, by which id, what it says, when that was, whether it is one of those that fell short.

    `interaction` is the message that shows it, where one does.
    """

    opens: Opens
    id: UUID | str
    what: str
    note: str = ""
    at: datetime | None = None
    short: bool = True
    interaction: UUID | None = None


def cases(glass: Glass, key: str) -> list[Case]:
    """Return the newest cases of a finding, those that fell short first. Raises `Refusal` for a key of none."""
    head, _slash, rest = key.partition("/")
    found = _OPENED.get(head)
    if found is None:
        raise Refusal(_("The mirror has no such finding."))
    return found(glass, [part for part in rest.split("/") if part])


def _within(glass: Glass, column: str) -> dict[str, datetime]:
    return {f"{column}__gte": begin(glass.since, glass.map), f"{column}__lt": begin(glass.until, glass.map)}


def _titles(glass: Glass, ids: Any) -> dict[UUID, str]:
    rows = Deal.objects.visible_to(glass.member).filter(pk__in={one for one in ids if one})
    return dict(rows.values_list("pk", "title"))


def _handoffs(glass: Glass, of: list[str]) -> list[Case]:
    rows = Handoff.objects.visible_to(glass.member).between_people().filter(**_within(glass, "decided_at"))
    rows = rows.filter(handoff=of[0], state__in=["accepted", "returned"]).order_by("-decided_at")
    if len(of) > 1:
        rows = rows.exclude(missing=[], owed=[])
    found = [row for row in rows[: MOST * 4] if len(of) < 2 or of[1] in _named([*row.missing, *row.owed])]
    titles = _titles(glass, (row.deal_id for row in found))
    told = [_handoff(glass, row, titles.get(row.deal_id, "")) for row in found]
    return sorted(told, key=lambda one: not one.short)[:MOST]


def _named(items: list[Any]) -> set[str]:
    return {one if isinstance(one, str) else str(one.get("item", "")) for one in items}


def _handoff(glass: Glass, row: Handoff, title: str) -> Case:
    lacked = ", ".join(glass.item(one) for one in sorted(_named([*row.missing, *row.owed])))
    short = row.state == "returned" or bool(row.owed)
    if row.state == "returned":
        note = _("came back: %(items)s") % {"items": lacked} if lacked else _("came back")
    else:
        note = _("begun without %(items)s") % {"items": lacked} if lacked else _("accepted as it was")
    return Case("handoff", row.pk, title, note, row.decided_at, short)


def _stages(glass: Glass, of: list[str]) -> list[Case]:
    rows = _entered(glass)
    return _moved(glass, rows.filter(stage=of[-1]) if of else rows)


def _moved(glass: Glass, rows: Any) -> list[Case]:
    found = [row for row in rows[: MOST * 6] if row["was"] != row["stage"]]
    titles = _titles(glass, (row["deal"] for row in found))
    told = [
        Case(
            "deal",
            row["deal"],
            titles.get(row["deal"], ""),
            f"{glass.stage(row['stage'])}: " + (_("shown") if row["proved"] else _("only said")),
            row["began_at"],
            not row["proved"],
        )
        for row in found
    ]
    return sorted(told, key=lambda one: not one.short)[:MOST]


def _entered(glass: Glass) -> Any:
    states = spans_of("deal_id")
    shown = states.filter(
        stage=OuterRef("stage"), shown=True, began_at__gte=OuterRef("began_at"),
        began_at__lt=OuterRef("began_at") + SHOWN_WITHIN,
    )  # fmt: skip
    before = states.filter(ended_at=OuterRef("began_at")).values("stage")[:1]
    rows = DealState.objects.visible_to(glass.member).filter(**_within(glass, "began_at")).exclude(status="lost")
    rows = rows.annotate(was=Subquery(before), proved=Exists(shown)).filter(stage_since__gte=F("began_at") - BACK_FILL)
    return rows.order_by("-began_at").values("deal", "stage", "was", "proved", "began_at", "status")


def _drift(glass: Glass, of: list[str]) -> list[Case]:
    match of:
        case ["stage", stage]:
            return _stages(glass, [stage])
        case ["stage", stage, "stay"]:
            return _stays(glass, stage)
        case ["stage", stage, "outcome"]:
            return _outcomes(glass, stage)
        case ["field", name]:
            return _values(glass, name)
    raise Refusal(_("The mirror has no such finding."))


def _stays(glass: Glass, stage: str) -> list[Case]:
    """The newest deals that left a stage, those that had stood there the longest first."""
    spans = DealState.objects.visible_to(glass.member).filter(stage=stage, **_within(glass, "ended_at"))
    found = sorted(islice(stays(spans.order_by("-ended_at")), MOST), key=lambda one: -one.days)
    titles = _titles(glass, (one.deal for one in found))
    middle = found[len(found) // 2].days if found else 0
    return [
        Case(
            "deal",
            one.deal,
            titles.get(one.deal, ""),
            _("stood here for %(lasting)s") % {"lasting": in_days(one.days)},
            one.at,
            one.days > middle,
        )
        for one in found
    ]


def _outcomes(glass: Glass, stage: str) -> list[Case]:
    """The newest deals that were decided after they had stood at a stage; the lost ones first."""
    spans = DealState.objects.visible_to(glass.member)
    decided = spans.filter(status__in=[*WON, LOST], **_within(glass, "began_at"))
    decided = decided.filter(Exists(spans_of("deal_id").filter(ended_at=OuterRef("began_at"), status=OPEN)))
    newest = list(decided.order_by("-began_at").values_list("deal", flat=True)[: MOST * 3])
    of_those = outcomes(spans.filter(deal__in=newest), begin(glass.since, glass.map))
    found = sorted((one for one in of_those if one.stage == stage), key=lambda one: one.at, reverse=True)[:MOST]
    titles = _titles(glass, (one.deal for one in found))
    told = [
        Case("deal", one.deal, titles.get(one.deal, ""), _("Won") if one.won else _("Lost"), one.at, not one.won)
        for one in found
    ]
    return sorted(told, key=lambda one: not one.short)


def _values(glass: Glass, name: str) -> list[Case]:
    """What was typed into a field, with the deal it is on."""
    deals = Deal.objects.visible_to(glass.member).filter(pk=OuterRef("record_id"))
    rows = Fact.objects.unscoped(CALLER).filter(Exists(deals), said_by__in=list(glass.names), field=name)
    rows = rows.filter(status="confirmed", channel__in=TYPED, **_within(glass, "recorded_at")).order_by("-recorded_at")
    found = list(rows[:MOST])
    titles = _titles(glass, (row.record_id for row in found))
    return [
        Case(
            "deal",
            row.record_id,
            titles.get(row.record_id, ""),
            _quoted(row.value),
            row.recorded_at,
            interaction=row.interaction_id,
        )
        for row in found
    ]


def _quoted(value: Any) -> str:
    text = str(value.get("name") or value.get("what") or "") if isinstance(value, dict) else str(value)
    return f"“{text[:120]}”"


def _exceptions(glass: Glass, of: list[str]) -> list[Case]:
    rows = ExceptionCase.objects.visible_to(glass.member).filter(category="/".join(of), **_within(glass, "recorded_at"))
    found = list(rows.order_by("-recorded_at")[:MOST])
    titles = _titles(glass, (row.deal_id for row in found))
    return [
        Case(
            "deal",
            row.deal_id,
            titles.get(row.deal_id, ""),
            row.what + (f": {row.reason}" if row.reason else ""),
            row.recorded_at,
        )
        for row in found
    ]


def _messages(glass: Glass, rows: Any) -> list[Case]:
    found = list(rows.order_by("-recorded_at")[:MOST])
    titles = _titles(glass, (row.deal_id for row in found))
    told = [_message(row, titles.get(row.deal_id, "")) for row in found]
    return sorted(told, key=lambda one: not one.short)


def _message(row: Interaction, title: str) -> Case:
    minutes = (max(row.recorded_at, row.filed_at or row.recorded_at) - row.happened_at).total_seconds() / 60
    who = row.from_name or row.from_address
    what = " · ".join(
        filter(None, [channel_name(row.kind, row.channel), str(row) if row.readable else "", title or who])
    )  # type: ignore[attr-defined]
    note = _("could be used %(lasting)s after it happened") % {"lasting": lasting(max(1, round(minutes)))}
    return Case("message", row.pk, what, note, row.happened_at, minutes > 24 * 60, row.pk)


def _recorded(glass: Glass) -> Any:
    rows = Interaction.objects.visible_to(glass.member).exclude(audience="private")
    return rows.filter(live=True, automatic="", **_within(glass, "recorded_at"))


def _lags(glass: Glass, of: list[str]) -> list[Case]:
    rows = _recorded(glass).filter(kind=of[0], channel=of[1]).exclude(deal__isnull=True, contact__isnull=True)
    return _messages(glass, rows)


def _typed(glass: Glass, of: list[str]) -> list[Case]:
    return _messages(glass, _recorded(glass).filter(channel__in=TYPED).exclude(deal__isnull=True, contact__isnull=True))


def _dealless(glass: Glass, of: list[str]) -> list[Case]:
    rows = _recorded(glass).filter(deal__isnull=True, contact__isnull=False, direction__in=["in", "out"])
    return _messages(glass, rows.exclude(kind="note"))


def _sheets(glass: Glass, of: list[str]) -> list[Case]:
    rows = Interaction.objects.visible_to(glass.member).exclude(audience="private").filter(direction="internal")
    return _messages(glass, rows.filter(parts__has_key="side_channel", **_within(glass, "recorded_at")))


def _duties(glass: Glass, of: list[str]) -> list[Case]:
    rows = Duty.objects.visible_to(glass.member).filter(**_within(glass, "due_at")).exclude(state="withdrawn")
    return _missed(glass, rows.filter(behavior=of[0]) if of else rows)


def _missed(glass: Glass, rows: Any) -> list[Case]:
    missed = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=F("due_at")))
    found = list(missed.order_by("-due_at")[:MOST])
    titles = _titles(glass, (row.deal_id for row in found))
    return [_duty(glass, row, titles.get(row.deal_id, "")) for row in found]


def _duty(glass: Glass, row: Duty, title: str) -> Case:
    done = _("done, but late") if row.closed_at else _("not done yet")
    if row.deal_id:
        return Case("deal", row.deal_id, title, f"{glass.behavior(row.behavior)}: {done}", row.due_at)
    return Case("contact", row.contact_id or "", glass.behavior(row.behavior), done, row.due_at)


def _twins(glass: Glass, of: list[str]) -> list[Case]:
    rows = list(Twins.objects.filter(state=Twins.State.OPEN, kind=of[0]).order_by("-likely", "id")[:MOST])
    model = Contact if of[0] == "contact" else Company
    ids = {one for row in rows for one in (row.one, row.other)}
    names = dict(model.objects.visible_to(glass.member).filter(pk__in=ids).values_list("pk", "name"))
    told = [(row, names.get(row.one), names.get(row.other)) for row in rows]
    return [Case("twins", row.pk, f"{one}, {other}", "", row.found_at) for row, one, other in told if one and other]


def _already_won(glass: Glass, of: list[str]) -> list[Case]:
    rows = [row for row in _entered(glass).filter(status__in=WON)[: MOST * 4] if row["was"] is None][:MOST]
    titles = _titles(glass, (row["deal"] for row in rows))
    return [
        Case("deal", row["deal"], titles.get(row["deal"], ""), _("won when it was first seen"), row["began_at"])
        for row in rows
    ]


def _unowned(glass: Glass, of: list[str]) -> list[Case]:
    if of[:1] == ["duty"]:
        rows = Duty.objects.visible_to(glass.member).open().filter(owed_by__isnull=True).order_by("due_at")
        found = list(rows[:MOST])
        titles = _titles(glass, (row.deal_id for row in found))
        return [_duty(glass, row, titles.get(row.deal_id, "")) for row in found]
    deals = Deal.objects.visible_to(glass.member).under_way().filter(ownerless_deals()).order_by("-touched_at")
    return [Case("deal", row.pk, row.title, _("nobody answers for it"), row.stage_since) for row in deals[:MOST]]


def _decisions(glass: Glass, of: list[str]) -> list[Case]:
    rows = Use.objects.visible_to(glass.member).exclude(used_in="handoff").filter(**_within(glass, "used_at"))
    seen: dict[UUID, Use] = {}
    for row in rows.order_by("-used_at")[: MOST * 10]:
        seen.setdefault(row.used_in_id, row)
    found = list(seen.values())[:MOST]
    titles = _titles(glass, (row.deal_id for row in found))
    told = [
        Case(
            "deal",
            row.deal_id or "",
            titles.get(row.deal_id, ""),
            row.called or _(row.used_in),
            row.used_at,
            short=False,
        )
        for row in found
        if row.deal_id
    ]
    return [*_sheets(glass, of), *told]


def _tax(glass: Glass, of: list[str]) -> list[Case]:
    return _values(glass, of[0])


def _map(glass: Glass, of: list[str]) -> list[Case]:
    repeated = glass.now.by("exception").most_common()
    return [case for reason, count in repeated if count > 1 for case in _exceptions(glass, reason.split("/"))][:MOST]


def _signs(glass: Glass, of: list[str]) -> list[Case]:
    """The cases of a sign, of the desk or the handoff that it speaks of."""
    name, where = of[0], "/".join(of[1:])
    if name == "returned":
        return _handoffs(glass, [where])
    if name == "elsewhere":
        return _decisions(glass, [])
    if name == "late":
        rows = Duty.objects.visible_to(glass.member).filter(desk=where, **_within(glass, "due_at"))
        return _missed(glass, rows.exclude(state="withdrawn"))
    if name == "unshown":
        return _moved(glass, _entered(glass).filter(desk=where))
    seated = [pk for pk, desk in seats().items() if desk == where]
    return _messages(glass, _recorded(glass).filter(channel__in=TYPED, author__in=seated))


_OPENED: dict[str, Callable[[Glass, list[str]], list[Case]]] = {
    "handoff": _handoffs,
    "missing": _handoffs,
    "stage": _stages,
    "exception": _exceptions,
    "lag": _lags,
    "captured": _typed,
    "duty": _duties,
    "drift": _drift,
    "twins": _twins,
    "already-won": _already_won,
    "dealless": _dealless,
    "sheets": _sheets,
    "book": _dealless,
    "unowned": _unowned,
    "decisions": _decisions,
    "tax": _tax,
    "map-age": _map,
    "sign": _signs,
}

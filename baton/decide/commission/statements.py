"""Statements: what a member earned in a period, traced to its deals; closed periods stay closed.

What changes after a period was closed (an amount corrected, a deal lost after all, evidence that came late) is a line
of its own in the next one that is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.commission.earning import Earned, Occasion, earned_by
from baton.decide.commission.models import Statement, StatementLine
from baton.decide.commission.occasions import CALLER, occasions_of
from baton.decide.commission.periods import PayPeriod, before, period_at, period_named
from baton.kernel.money import Money
from baton.kernel.verdict import Refusal
from baton.kernel.words import money
from baton.kernel.writer import writing
from baton.ledger.models import Deal
from baton.map.commission import CommissionRule
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.uses import facts_read, note_uses

RESTS_ON = ("amount", "stage", "service", "owner")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is shown. `corrects` is the earlier period that it corrects, empty for what was earned in this."""

    key: str
    rule: str
    deal: UUID
    at: datetime
    base: Money
    amount: Money
    how: str
    because: str = ""
    source: UUID | None = None
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement: open (worked out now) or closed (as it was paid)."""

    member: Member
    period: PayPeriod
    lines: list[Line]
    closed: Statement | None = None

    @property
    def totals(self) -> list[Money]:
        """Return what is paid, by currency."""
        return _summed(line.amount for line in self.lines)

    @property
    def base(self) -> list[Money]:
        """Return the sums that counted, by currency: what a target is held against."""
        return _summed(line.base for line in self.lines if line.amount.minor and not line.corrects)


def _summed(monies: Iterable[Money]) -> list[Money]:
    sums: dict[str, int] = defaultdict(int)
    for one in monies:
        sums[one.currency] += one.minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items()) if minor]


def rules_of(member: Member) -> list[CommissionRule]:
    """Return the rules by which a member earns, their own or a share."""
    email = member.email.lower()
    rules = current_map().commission.values()
    return [rule for rule in rules if email in rule.who or email in {who for who, _share in rule.split}]


def paid_members() -> list[Member]:
    """Return the members who earn anything by the map, by name."""
    rules = current_map().commission.values()
    emails = {who for rule in rules for who in [*rule.who, *(who for who, _share in rule.split)]}
    return [one for one in Member.objects.order_by("name") if one.email.lower() in emails]


def may_see(member: Member, of: Member) -> bool:
    """Whether a member may see somebody’s statement: their own, and everybody’s for who leads the business."""
    return member == of or member.sees_everything


def periods_of(member: Member, at: datetime, most: int = 6) -> list[PayPeriod]:
    """Return the member’s newest periods, the running one first."""
    found: list[PayPeriod] = []
    today = at.astimezone(current_map().hours.tz).date()
    for every in dict.fromkeys(rule.every for rule in rules_of(member)):
        period = period_at(today, every)
        for _step in range(most if every == "month" else max(2, most // 3)):
            found.append(period)
            period = before(period)
    return found


def statement_of(member: Member, key: str) -> Shown:
    """Return a member’s statement: as it was closed, else as it stands now. Raises `Refusal` for no period."""
    period = period_named(key)
    closed = Statement.objects.filter(member=member, period=key).select_related("closed_by").first()
    if closed:
        rows = closed.lines.order_by("earned_in", "happened_at", "key")
        return Shown(member, period, [_kept(row, key) for row in rows], closed)
    lines = [_line(one) for one in _earned(member, period)]
    return Shown(member, period, [*lines, *_corrections(member, period)])


def _kept(row: StatementLine, key: str) -> Line:
    corrects = row.earned_in if row.earned_in != key else ""
    base, amount = Money(row.base, row.currency), Money(row.amount, row.currency)
    return Line(
        row.key, row.rule, row.deal_id, row.happened_at, base, amount, row.how, row.because, row.source, corrects
    )


def _earned(member: Member, period: PayPeriod) -> list[Earned]:
    operating_map = current_map()
    begins, ends = period.moments(operating_map.hours.tz)
    rules = [rule for rule in rules_of(member) if rule.every == period.every]
    found: dict[str, list[Occasion]] = {}
    for rule in rules:
        found.setdefault(rule.paid_on, occasions_of(rule.paid_on, begins, ends))
    email, currency = member.email.lower(), operating_map.currency
    return [one for rule in rules for one in _once(earned_by(email, rule, _first(found[rule.paid_on]), currency))]


def _first(occasions: list[Occasion]) -> list[Occasion]:
    """An occasion that several messages tell of is paid once, when it was told first."""
    return list({one.key: one for one in reversed(occasions)}.values())


def _once(earned: list[Earned]) -> list[Earned]:
    return list({one.key: one for one in earned}.values())


def _line(one: Earned) -> Line:
    told = one.occasion
    base, amount = Money(told.base, told.currency), Money(one.amount, told.currency)
    return Line(one.key, one.rule.name, told.deal, told.at, base, amount, one.how, told.because, told.source)


# What changed in periods that are closed


def _corrections(member: Member, period: PayPeriod) -> list[Line]:
    """Return what closed periods would pay otherwise now, in the first open one after them."""
    closed = [one for one in Statement.objects.filter(member=member) if _is_before(one.period, period)]
    if not closed or _opens_later(member, period, {one.period for one in closed}):
        return []
    rows = StatementLine.objects.filter(statement__member=member)
    paid: dict[tuple[str, str], list[StatementLine]] = defaultdict(list)
    for row in rows.order_by("happened_at"):
        paid[row.earned_in, row.key].append(row)
    lines = []
    for one in sorted(closed, key=lambda each: each.period):
        now = {line.key: line for line in map(_line, _earned(member, period_named(one.period)))}
        before_it = {key: rows for (earned_in, key), rows in paid.items() if earned_in == one.period}
        lines += [_difference(one.period, before_it.get(key, []), now.get(key)) for key in {**now, **before_it}]
    return sorted((line for line in lines if line), key=lambda line: (line.corrects, line.at, line.key))


def _is_before(key: str, period: PayPeriod) -> bool:
    other = period_named(key)
    return other.every == period.every and other.last < period.first


def _opens_later(member: Member, period: PayPeriod, closed: set[str]) -> bool:
    """Whether an earlier period, after those closed, is open still: what changed belongs there."""
    return before(period).key not in closed and any(_is_before(key, before(period)) for key in closed)


def _difference(key: str, rows: list[StatementLine], now: Line | None) -> Line | None:
    paid = sum(row.amount for row in rows)
    amount, currency = (now.amount.minor, now.amount.currency) if now else (0, rows[0].currency)
    if amount == paid:
        return None
    last = rows[-1] if rows else None
    base = now.base if now else Money(0, currency)
    return Line(
        now.key if now else last.key,  # type: ignore[union-attr]
        now.rule if now else last.rule,  # type: ignore[union-attr]
        now.deal if now else last.deal_id,  # type: ignore[union-attr]
        now.at if now else last.happened_at,  # type: ignore[union-attr]
        base,
        Money(amount - paid, currency),
        now.how if now else last.how,  # type: ignore[union-attr]
        _why(now, last, paid),
        now.source if now else last.source,  # type: ignore[union-attr]
        key,
    )


def _why(now: Line | None, last: StatementLine | None, paid: int) -> str:
    if now is None:
        return _("It is no longer one that is paid on.")
    if last is None:
        return _("It became known after the period was closed.")
    if now.because:
        return now.because
    if paid == 0 and last.because:
        return _("What was missing is there now.")
    if now.base.minor != last.base:
        told = {"was": money(last.base, last.currency), "now": money(now.base.minor, now.base.currency)}
        return _("Its amount was %(was)s, is %(now)s.") % told
    return _("What the period came to changed, and with it the rate.")


# Closing


def close(member: Member, key: str, *, by: Member, at: datetime) -> Statement:
    """Close a period that is over: its lines are kept as they are now, for good. Raises `Refusal`."""
    if not (by.sees_everything and by.may_write):
        raise Refusal(_("The owner or a manager closes a period."))
    with writing():
        shown = statement_of(member, key)
        _refuse_closing(shown, at)
        statement = Statement.objects.create(member=member, period=key, closed_at=at, closed_by=by)
        StatementLine.objects.bulk_create([_to_keep(statement, line) for line in shown.lines])
        _note_uses(statement, shown, by, at)
    return statement


def _refuse_closing(shown: Shown, at: datetime) -> None:
    if shown.closed:
        raise Refusal(_("This period is closed. What changed since stands in the next one."))
    if not shown.period.has_ended(at, current_map().hours.tz):
        raise Refusal(_("This period isn’t over yet."))
    earlier = before(shown.period)
    has_any = Statement.objects.filter(member=shown.member).exists()
    open_before = not Statement.objects.filter(member=shown.member, period=earlier.key).exists()
    if open_before and has_any and _earned(shown.member, earlier):
        raise Refusal(_("Close %(period)s first.") % {"period": earlier.key})


def _to_keep(statement: Statement, line: Line) -> StatementLine:
    return StatementLine(
        statement=statement,
        key=line.key,
        earned_in=line.corrects or statement.period,
        rule=line.rule[:60],
        deal_id=line.deal,
        happened_at=line.at,
        base=line.base.minor,
        amount=line.amount.minor,
        currency=line.amount.currency,
        how=line.how[:200],
        because=line.because[:400],
        source=line.source,
    )


def _note_uses(statement: Statement, shown: Shown, by: Member, at: datetime) -> None:
    """What was paid on was used: whoever entered it sees so."""
    ids = {line.deal for line in shown.lines if line.amount.minor}
    deals = Deal.objects.unscoped(CALLER).filter(pk__in=ids)
    facts = [fact for deal in deals for fact in facts_read(deal, RESTS_ON)]
    note_uses("commission", statement.pk, called(shown), facts, by=by, at=at)


def called(shown: Shown) -> str:
    """Return how a statement is named to people."""
    return _("Commission of %(name)s for %(period)s") % {"name": shown.member.short_name, "period": shown.period.key}

"""What comes of an occasion by a rule of the map: rate, tiers, split. Pure; whole minor units, rounded half-even."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.money import digits, round_half_even
from baton.map.commission import CommissionRule
from baton.map.phrases import write_percent


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that a rule is paid on: a deal was won, an invoice went out, one was paid.

    `key` is the same however often it is looked for. `owner` is the address of who had the deal then. `base` is in
    minor units; `counts` says whether it is proven, `because` why not.
    """

    key: str
    deal: UUID
    at: datetime
    owner: str
    service: str
    base: int
    currency: str
    counts: bool = True
    because: str = ""
    source: UUID | None = None


@dataclass(frozen=True, slots=True)
class Earned:
    """One line of a statement before it is closed: `amount` of `base`, `how` says by which rates and shares."""

    rule: CommissionRule
    occasion: Occasion
    amount: int
    how: str

    @property
    def key(self) -> str:
        return f"{self.rule.id}:{self.occasion.key}"


def earned_by(email: str, rule: CommissionRule, occasions: Iterable[Occasion], currency: str) -> list[Earned]:
    """Return what somebody earns by a rule, in the order in which it happened.

    `occasions` are those of one period. Tiers count each owner's own sum in the business's `currency`.
    """
    found = []
    for occasion, whole, rates in _owners_earn(rule, occasions, currency):
        share = _share(email, occasion.owner, rule)
        if share is not None:
            amount = round_half_even(whole * share) if occasion.counts else 0
            found.append(Earned(rule, occasion, amount, _how(rates, share)))
    return found


def _share(email: str, owner: str, rule: CommissionRule) -> Decimal | None:
    """The owner has what the others leave; None for who has no share of it."""
    shares = {who: Decimal(str(share)) for who, share in rule.split}
    if email == owner:
        return 1 - sum((share for who, share in shares.items() if who != owner), Decimal(0))
    return shares.get(email)


def _owners_earn(
    rule: CommissionRule, occasions: Iterable[Occasion], currency: str
) -> Iterator[tuple[Occasion, Decimal, list[float]]]:
    """Yield what each occasion earns altogether, exactly, and by which rates."""
    reached: dict[str, int] = defaultdict(int)
    for one in sorted(occasions, key=lambda each: (each.at, each.key)):
        if one.owner not in rule.who or not rule.covers(one.service):
            continue
        begun = reached[one.owner] if one.currency == currency else 0
        parts = (
            list(_parts(rule, begun, one.base, one.currency)) if one.currency == currency else [(one.base, rule.rate)]
        )
        reached[one.owner] += one.base if one.currency == currency and one.counts else 0
        yield one, sum((base * Decimal(str(rate)) for base, rate in parts), Decimal(0)), [rate for _b, rate in parts]


def _parts(rule: CommissionRule, begun: int, base: int, currency: str) -> Iterator[tuple[int, float]]:
    """Yield the parts of a base that fall into the tiers, given what was reached before."""
    scale = 10 ** digits(currency)
    edges = [(0, rule.rate), *((tier.begins * scale, tier.rate) for tier in rule.tiers)]
    for (begins, rate), (ends, _rate) in zip(edges, [*edges[1:], (None, 0.0)], strict=True):
        low, high = max(begins, begun), begun + base if ends is None else min(ends, begun + base)
        if high > low or (base <= 0 and begins <= begun and (ends is None or begun < ends)):
            yield (high - low if base > 0 else base), rate


def _how(rates: list[float], share: Decimal) -> str:
    told = " + ".join(write_percent(rate) for rate in dict.fromkeys(rates))
    return told if share == 1 else _("%(share)s of %(rate)s") % {"share": write_percent(float(share)), "rate": told}

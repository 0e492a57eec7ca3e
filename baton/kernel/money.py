"""Money: whole minor units with their currency. No floats anywhere."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

ZERO_DIGITS = {"JPY", "KRW", "ISK", "HUF", "CLP"}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (pence, cents) of one currency (ISO 4217)."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} can't be added without a rate")
        return Money(self.minor + other.minor, self.currency)

    def weighted(self, weight: Decimal) -> "Money":
        """Return this amount times a weight between 0 and 1, rounded half-even to a whole minor unit."""
        return Money(round_half_even(self.minor * weight), self.currency)

    @property
    def major(self) -> Decimal:
        """Return the amount in pounds, euros and so on."""
        return Decimal(self.minor).scaleb(-digits(self.currency))


def digits(currency: str) -> int:
    """Return how many decimal places a currency has (ISO 4217); two unless listed."""
    return 0 if currency in ZERO_DIGITS else 2


def from_major(amount: Decimal | int | str, currency: str) -> Money:
    """Return the money for an amount in major units, rounded half-even."""
    return Money(round_half_even(Decimal(amount).scaleb(digits(currency))), currency)


def round_half_even(amount: Decimal) -> int:
    """Round to a whole number, a half to the even neighbor."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))

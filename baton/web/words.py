"""Times, sums and names in words: the kernel's, under the name by which screens know them."""

from baton.kernel.words import clocktime, day, due, initials, lag, locale, long_day, money, month, when

__all__ = ["clocktime", "day", "due", "initials", "lag", "locale", "long_day", "money", "month", "when"]


def ended(text: str) -> str:
    """Return words as a sentence: with a full stop, unless they end with a mark of their own."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."

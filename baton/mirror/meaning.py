"""What kind of thing a typed value is, so that a field that is used for several things can be told. Pure."""

from __future__ import annotations

import re
from typing import Any

from baton.map.elements import Field

PATTERNS = (
    ("address", re.compile(r"^\S+@\S+\.\S+$")),
    ("link", re.compile(r"^(https?://|www\.)\S+$", re.IGNORECASE)),
    ("date", re.compile(r"^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}$|^\d{1,2}\.? ?[a-zA-Zčćžšđäöü]{3,9}\.?( \d{2,4})?$")),
    ("money", re.compile(r"^([£$€]|GBP|EUR|USD) ?[\d.,]+k?$|^[\d.,]+ ?([£$€]|GBP|EUR|USD)$")),
    ("time", re.compile(r"^\d{1,2}:\d{2}([-–]\d{1,2}:\d{2})?$")),
    ("telephone", re.compile(r"^\+?[\d /()-]{8,20}$")),
    ("number", re.compile(r"^[\d.,]+ ?%?$")),
)
NOTHING = {"-", "--", "?", "x", "n/a", "na", "tbc", "tbd", "tba", "none", "nil", "unknown", "k.a.", "nepoznato", "test"}
READ_AS_TEXT = ("text", "long text", "choice")


def kind_of(value: Any, field: Field | None) -> str:
    """Return what kind of thing a value is: “nothing” for what fills the box, “outside” for what it can’t mean.

    Values of typed fields can only be what they are, and are “as meant”.
    """
    if field is None or field.type not in READ_AS_TEXT or not isinstance(value, str):
        return "as meant"
    text = value.strip()
    if text.casefold() in NOTHING:
        return "nothing"
    if field.choices:
        return "as meant" if text in field.choices else "outside"
    for name, pattern in PATTERNS:
        if pattern.match(text):
            return name
    return "words"

"""Credentials: encrypted where they are kept, opened only by whoever is about to use them, never shown again.

A `SealedField` takes a dictionary of texts and gives back a `Sealed`, which prints as dots, compares with nothing and
can't be put into JSON. The keys are the operator's (`settings.SEAL_KEYS`, newest first, so that they can be changed).
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal


class Sealed:
    """Credentials at rest. `opened()` is the only way to their words."""

    __slots__ = ("_packed",)

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    @classmethod
    def of(cls, words: dict[str, str]) -> Sealed:
        """Seal these words."""
        return cls(_keys().encrypt(json.dumps(words).encode()))

    def opened(self) -> dict[str, str]:
        """Return the words, to be used at once and kept nowhere.

        Raises `Refusal` where this Baton has no key for them, as after restoring without its keys.
        """
        try:
            return json.loads(_keys().decrypt(self._packed))
        except InvalidToken as why:
            raise Refusal(_("The key that opens these credentials isn’t here: enter them again.")) from why

    def carried(self) -> str:
        """Return the sealed words as text, to be carried in a session while somebody signs in elsewhere."""
        return self._packed.decode()

    @classmethod
    def from_carried(cls, text: str) -> Sealed:
        """Take back what was carried."""
        return cls(text.encode())

    def __repr__(self) -> str:
        return "•••"

    def __reduce__(self) -> Any:
        raise TypeError("credentials are not handed on")


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SEAL_KEYS])


class SealedField(models.BinaryField):
    """A column of credentials, written as a `Sealed` and read as one."""

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        return value._packed if isinstance(value, Sealed) else None

    def value_to_string(self, obj: Any) -> str:
        return ""

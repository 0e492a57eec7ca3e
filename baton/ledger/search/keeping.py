"""Keeps the index in line with what a batch recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baton.ledger.recording import Batch


def keep(batch: Batch) -> None:
    """Index the records and interactions that this batch made or changed."""

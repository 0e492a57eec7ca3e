"""What the model answered, strictly: a list of words with what they are about, and nothing else. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from baton.capture.pointing import MOST_WORDS, Pointed

MOST_POINTED = 30
FENCE = re.compile(r"\A\s*```(?:json)?\s*|\s*```\s*\Z")


class NotUnderstood(ValueError):
    """The answer isn't of the form that was asked for."""


def pointed_at(content: str, kinds: Collection[str]) -> list[Pointed]:
    """Return what an answer points at. Raises `NotUnderstood`; single entries that don't fit fall away."""
    try:
        told = json.loads(FENCE.sub("", content))
    except (ValueError, RecursionError) as why:
        raise NotUnderstood from why
    found = told.get("found") if isinstance(told, dict) else None
    if not isinstance(found, list):
        raise NotUnderstood
    return [pointed for each in found[:MOST_POINTED] if (pointed := _pointed(each, kinds))]


def _pointed(each: object, kinds: Collection[str]) -> Pointed | None:
    if not isinstance(each, dict):
        return None
    about, words = each.get("about"), each.get("words")
    if not isinstance(about, str) or about not in kinds or not isinstance(words, str):
        return None
    return Pointed(about, words) if 0 < len(words.strip()) <= MOST_WORDS else None

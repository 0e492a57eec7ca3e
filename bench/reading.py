"""How well promises, next steps, asks and dates are read, without a model, in messages that a person has labeled."""

from __future__ import annotations

from bench.figures import Figure
from bench.labels import Score, scores
from bench.places import SHARED

GOALS = {"promise": (0.9, 0.6), "next_step": (0.9, 0.6), "ask": (0.55, 0.55), "date": (0.8, 0.8)}
"""Least precision and recall wanted; of asks and dates only that they get no worse."""
NAMES = {"promise": "Promises", "next_step": "Next steps", "ask": "Asks", "date": "Dates"}


def figures() -> list[Figure]:
    """Return the precision and the recall of each kind over the held-out messages, in percent."""
    found = scores(SHARED / "data", "held-out")
    rows = []
    for kind, score in found.kinds.items():
        precision, recall = GOALS[kind]
        rows.append(
            _row(f"{kind}-precision", f"{NAMES[kind]} read, precision", precision, score.precision, _told(score))
        )
        rows.append(_row(f"{kind}-recall", f"{NAMES[kind]} read, recall", recall, score.recall, ""))
    rows[0].note += f"; {found.messages} messages, {found.took_ms:.2f} ms each"
    return rows


def _row(key: str, what: str, goal: float, share: float, note: str) -> Figure:
    return Figure(key, what, goal * 100, "%", share * 100, share * 100, more_is_better=True, note=note)


def _told(score: Score) -> str:
    days = f", day right in {score.right_day} of {score.dated}" if score.dated else ""
    return (
        f"{score.right} right, {score.wrong} wrong, {score.missed} missed, {score.unsure} where readers differ "
        f"(strict {score.strict_precision:.0%}){days}"
    )

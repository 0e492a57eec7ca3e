"""What people found in messages, read from `tests/capture/labels`, against what the grammar finds in them."""

from __future__ import annotations

import csv
import re
import tarfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from baton.capture.grammar import Reading, read_text
from baton.capture.hearing import LEAST_SURE
from baton.channels.email.reading import read_mail
from bench.places import ROOT

LABELS = ROOT / "tests" / "capture" / "labels" / "enron.tsv"
ZONE, CURRENCY = "America/Chicago", "USD"
KINDS = ("promise", "next_step", "ask", "date")


@dataclass(frozen=True, slots=True)
class Label:
    """One thing that a person found: where it stands, which day it means, and whether two readers would differ."""

    kind: str
    start: int
    end: int
    first: str = ""
    last: str = ""
    unsure: bool = False

    def fits(self, reading: Reading) -> bool:
        """Whether a reading of the same kind stands on the same words."""
        return self.start < reading.end and reading.start < self.end

    def means(self, reading: Reading) -> bool:
        """Whether the reading has the day that is meant; one within the stretch where a stretch of days is."""
        value = reading.value
        days = [str(value.get(name) or "")[:10] for name in ("at", "date", "until", "due", "by")]
        return any(self.first <= day <= self.last for day in days if day)


@dataclass(slots=True)
class Score:
    """How the readings of one kind compare with the labels: counts of labels and of readings."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    unsure: int = 0
    dated: int = 0
    right_day: int = 0

    @property
    def precision(self) -> float:
        """Share of what was read that a person found too, from 0 to 1; what is unsure counts neither way."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def strict_precision(self) -> float:
        """The same, with everything that two readers would differ about counted as wrong."""
        return self.right / max(1, self.right + self.wrong + self.unsure)

    @property
    def recall(self) -> float:
        """Share of what a person found that was read, from 0 to 1."""
        return self.right / max(1, self.right + self.missed)


@dataclass(slots=True)
class Scores:
    """The scores of one part of the labeled messages, by kind, and the milliseconds that reading one took."""

    messages: int = 0
    took_ms: float = 0.0
    kinds: dict[str, Score] = field(default_factory=lambda: {kind: Score() for kind in KINDS})


def scores(data: Path, part: str) -> Scores:
    """Read every labeled message of `part` as its reader would, and compare. `data` is the folder of the real data."""
    found, spent = Scores(), 0.0
    for text, written_at, labels in labeled(data, part):
        began = time.process_time()
        readings = read_text(text, written_at=written_at, zone=ZONE, language="en", from_us=False, currency=CURRENCY)
        spent += time.process_time() - began
        found.messages += 1
        for kind, score in found.kinds.items():
            sure = [each for each in readings if each.kind == kind and each.confidence >= LEAST_SURE]
            _compare(score, sure, [label for label in labels if label.kind == kind])
    found.took_ms = spent * 1000 / max(1, found.messages)
    return found


def _compare(score: Score, readings: list[Reading], labels: list[Label]) -> None:
    left = sorted(labels, key=lambda label: label.unsure)
    for reading in readings:
        label = next((each for each in left if each.fits(reading)), None)
        if label is None:
            score.wrong += 1
            continue
        left.remove(label)
        score.unsure += label.unsure
        score.right += not label.unsure
        if label.first and not label.unsure:
            score.dated += 1
            score.right_day += label.means(reading)
    score.missed += sum(not label.unsure for label in left)


def labeled(data: Path, part: str) -> Iterator[tuple[str, datetime, list[Label]]]:
    """Yield the own text of each labeled message of `part`, when it was written, and what a person found in it."""
    rows = _rows(part)
    for member, raw in members_of(data, set(rows)):
        mail = read_mail(raw)
        labels = [label for row in rows[member] if (label := _label(mail.own_text, row))]
        yield mail.own_text, mail.date or datetime(2001, 1, 1, tzinfo=UTC), labels


def _rows(part: str) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with LABELS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["part"] == part:
                rows[row["message"]].append(row)
    return rows


def members_of(data: Path, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the raw messages of these names, `mailbox/folder/number_`, from the archives of the real data."""
    folder = data / "email" / "enron"
    for box in sorted({name.partition("/")[0] for name in wanted}):
        archive = next(folder.glob(f"{box}*.tar.xz"))
        with tarfile.open(archive) as members:
            for member in members:
                content = members.extractfile(member) if member.name in wanted else None
                if content is not None:
                    yield member.name, content.read()


def _label(text: str, row: dict[str, str]) -> Label | None:
    if row["kind"] == "-":
        return None
    place = re.search(r"\s+".join(map(re.escape, row["words"].split())), text)
    if place is None:
        raise ValueError(f"{row['message']} has no “{row['words']}”")
    first, _sep, last = row["day"].partition("..")
    return Label(row["kind"].rstrip("?"), *place.span(), first, last or first, row["kind"].endswith("?"))

"""Scoring the forecast on the Maven set, in a process whose environment names an empty place: `… FILE`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import django

from bench.places import SHARED


def main(answer: Path) -> None:
    """Import, score, and write the rows down."""
    django.setup()
    from bench import maven

    answer.write_text(json.dumps([asdict(row) for row in maven.figures(SHARED)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

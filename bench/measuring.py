"""Measuring one database, in the process whose environment names it: `python -m bench.measuring ASKED KEYS FILE`."""

from __future__ import annotations

import json
import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path

import django

from bench.figures import Figure


def main(asked: int, keys: list[str], answer: Path) -> None:
    """Measure what is asked for, and write the figures down as they come."""
    django.setup()
    from bench import (
        arriving,
        deciding,
        drills,
        filing,
        forecast,
        hooks,
        mail,
        mirrors,
        pages,
        phone,
        programs,
        reading,
        rehearsing,
        sheets,
        twins,
        webhooks,
        writes,
    )
    from bench.places import Place
    from bench.scene import opened

    place = Place(Path(os.environ["BATON_DATA"]), os.environ.get("DATABASE_URL", ""))
    rows = {**pages.PAGES, **writes.IDLE, **phone.PHONE, **hooks.HOOKS, **forecast.FORECAST, **deciding.DECIDING}
    rows |= mirrors.MIRRORS | programs.PROGRAMS
    rows["request"] = drills.dropped
    found = []

    def note(row: Figure) -> None:
        found.append(asdict(row))
        answer.write_text(json.dumps(found))
        print(f"  {row}", flush=True)

    with opened(place, asked) as scene:
        for key in [key for key in keys if key in rows]:
            try:
                row = rows[key](scene)
                row.worked = scene.worked or None
                note(row)
            except RuntimeError:
                traceback.print_exc()
        print(f"  the web process holds {scene.process.memory()[0]:.0f} MB", flush=True)
    others = {
        "pouring": lambda: writes.while_mail_pours_in(place, asked),
        "mail": lambda: [mail.whole_path(asked)],
        "smtp": lambda: [arriving.by_smtp(place, asked)],
        "imap": lambda: [arriving.by_imap(place, asked)],
        "webhooks": lambda: [webhooks.delivering(place, asked)],
        "drill": lambda: [drills.by_mail(place, asked)],
        "reading": reading.figures,
        "filing": filing.figures,
        "twins": twins.figures,
        "rehearse": rehearsing.rehearsals,
        "publishing": lambda: [rehearsing.publishing(asked)],
        "sheet": lambda: [sheets.contacts(asked), *sheets.memory()],
    }
    for key in [key for key in others if key in keys]:
        for row in others[key]():
            note(row)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2].split(","), Path(sys.argv[3]))

"""The index on SQLite: FTS5 that holds tokens and no texts, walked backwards by place.

Every beginning of every word is a token of its own. FTS5 walks the list of one token lazily from its newest end, while
for a prefix query it first merges the lists of all words, which takes 200 ms for “inter” in a million mails; its own
prefix lists are larger. `detail=none` and `content=''` keep it small. https://www.sqlite.org/fts5.html
Contentless tables take a deletion only with the exact tokens, which is why entries keep those that may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from baton.ledger.search.asking import Alternative, Ask, Found

TABLE = "baton_searchindex"


def install(cursor: Any) -> None:
    """Make the index unless it is there."""
    cursor.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5("
        "tokens, content='', columnsize=0, detail=none, tokenize='ascii')"
    )


def empty(cursor: Any) -> None:
    """Forget everything."""
    cursor.execute(f"INSERT INTO {TABLE}({TABLE}) VALUES ('delete-all')")  # noqa: S608


def add(cursor: Any, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Index new places. In the order of places, because every step back makes FTS5 write what it has gathered."""
    written = [(place, beginnings(tokens)) for place, tokens in sorted(rows, key=lambda row: row[0])]
    cursor.executemany(f"INSERT INTO {TABLE}(rowid, tokens) VALUES (%s, %s)", written)  # noqa: S608


def swap(cursor: Any, rows: Iterable[tuple[int, Iterable[str], Iterable[str]]]) -> None:
    """Replace the changing tokens of known places; the spaces of old and new may not hold any that stay."""
    for place, old, new in sorted(rows, key=lambda row: row[0]):
        gone = ["delete", place, beginnings(old)]
        cursor.execute(f"INSERT INTO {TABLE}({TABLE}, rowid, tokens) VALUES (%s, %s, %s)", gone)  # noqa: S608
        cursor.execute(f"INSERT INTO {TABLE}(rowid, tokens) VALUES (%s, %s)", [place, beginnings(new)])  # noqa: S608


def beginnings(tokens: Iterable[str]) -> str:
    """Return every beginning of these tokens, from the letter of the space and two more; scopes stay whole."""
    written = {token[:end] for token in tokens if token[0] != "0" for end in range(3, len(token) + 1)}
    written.update(token for token in tokens if token[0] == "0")
    return " ".join(written)


def walk(cursor: Any, ask: Ask, before: int, most: int) -> list[Found]:
    """Return the newest entries below a place that answer."""
    narrowed = f"AND ({ask.narrowed})" if ask.narrowed else ""
    cursor.execute(
        f"SELECT e.place, e.kind, e.record_id FROM {TABLE} AS i CROSS JOIN baton_searchentry AS e "  # noqa: S608
        f"WHERE i.{TABLE} MATCH %s AND i.rowid < %s AND e.place = i.rowid {narrowed} "
        "ORDER BY i.rowid DESC LIMIT %s",
        [match(ask), before, *ask.values, most],
    )
    return [Found(place, kind, UUID(str(record_id))) for place, kind, record_id in cursor.fetchall()]


def match(ask: Ask) -> str:
    """Return the FTS5 expression. Tokens are letters and digits alone, so that quoting them is safe."""
    return " OR ".join(f"({_alternative(one)})" for one in ask.alternatives)


def _alternative(one: Alternative) -> str:
    parts = [f'"{beginning}"' for beginning in one.beginnings]
    parts += ["(" + " OR ".join(f'"{token}"' for token in group) + ")" for group in one.any_of]
    return " AND ".join(parts)


def tidy(cursor: Any, pages: int) -> bool:
    """Merge a few pages, so that deleted words leave the file. Return whether there may be more to do.

    A whole `optimize` holds the write lock for 13 s on a million rows; steps of 500 pages take milliseconds.
    """
    before = cursor.connection.total_changes
    cursor.execute(f"INSERT INTO {TABLE}({TABLE}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608
    return cursor.connection.total_changes - before >= 2

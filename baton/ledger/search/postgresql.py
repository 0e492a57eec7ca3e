"""The index on PostgreSQL: a GIN index over tokens that carry their era, asked era by era from the newest.

GIN gives matches in no order and all of them, which for “re” among a million mails takes a second. A token that
carries its era (six days: a few thousand records of a busy firm) makes every list short, and a lateral join asks one
era after the other until there are enough. https://www.postgresql.org/docs/15/gin.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from baton.ledger.search.asking import Alternative, Ask, Found
from baton.ledger.search.places import FARTHEST, ROOM

TABLE = "baton_searchindex"
ERA = ROOM + 19
"""Bits of a place below its era: 2**19 seconds."""
FIRST_ERA = (FARTHEST << ROOM) >> ERA
SHORT = range(3, 8)
"""Lengths of the beginnings (with the letter of the space) that have lists of their own; longer ones are gathered."""


def install(cursor: Any) -> None:
    """Make the index unless it is there. Long rows keep their tokens out of line, so that a match costs little."""
    cursor.execute(
        f"CREATE TABLE IF NOT EXISTS {TABLE} (place bigint PRIMARY KEY, tokens tsvector NOT NULL) "
        "WITH (toast_tuple_target = 128)"
    )
    cursor.execute(f"CREATE INDEX IF NOT EXISTS {TABLE}_tokens ON {TABLE} USING gin (tokens) WITH (fastupdate = off)")


def empty(cursor: Any) -> None:
    """Forget everything."""
    cursor.execute(f"TRUNCATE {TABLE}")


def add(cursor: Any, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Index new places."""
    written = [(place, vector(place, tokens)) for place, tokens in rows]
    cursor.execute(
        f"INSERT INTO {TABLE} SELECT place, tokens::tsvector "  # noqa: S608
        "FROM unnest(%s::bigint[], %s::text[]) AS new (place, tokens)",
        [[place for place, _ in written], [tokens for _, tokens in written]],
    )


def swap(cursor: Any, rows: Iterable[tuple[int, Iterable[str], Iterable[str]]]) -> None:
    """Replace the changing tokens of known places; the spaces of old and new may not hold any that stay."""
    for place, old, new in sorted(rows, key=lambda row: row[0]):
        cursor.execute(
            f"UPDATE {TABLE} SET tokens = ts_delete(tokens, %s::text[]) || %s::tsvector WHERE place = %s",  # noqa: S608
            [list(_lexemes(place, old)), vector(place, new), place],
        )


def vector(place: int, tokens: Iterable[str]) -> str:
    """Return the tokens as PostgreSQL reads a vector."""
    return " ".join(f"'{lexeme}'" for lexeme in _lexemes(place, tokens))


def _lexemes(place: int, tokens: Iterable[str]) -> set[str]:
    era = f"{(place >> ERA) + FIRST_ERA:06d}"
    tokens = list(tokens)
    beginnings = {token[:end] for token in tokens if token[0] != "0" for end in SHORT}
    return {era + token for token in beginnings.union(tokens)}


WALK = f"""
WITH RECURSIVE era (number) AS (
    SELECT max(place) >> {ERA} FROM {TABLE} WHERE place < %s
    UNION ALL
    SELECT (SELECT max(place) >> {ERA} FROM {TABLE} WHERE place < era.number << {ERA}) FROM era
    WHERE era.number IS NOT NULL
)
SELECT found.place, found.kind, found.record_id FROM era CROSS JOIN LATERAL (
    SELECT e.place, e.kind, e.record_id FROM (
        SELECT matched.place FROM (
            SELECT place FROM {TABLE}
            WHERE tokens @@ replace(%s, '@', lpad((era.number + {FIRST_ERA})::text, 6, '0'))::tsquery OFFSET 0
        ) AS matched WHERE matched.place < %s ORDER BY matched.place DESC
    ) AS i CROSS JOIN LATERAL (SELECT * FROM baton_searchentry AS s WHERE s.place = i.place OFFSET 0) AS e
    WHERE NARROWED LIMIT %s
) AS found LIMIT %s
"""  # noqa: S608
"""`OFFSET 0` keeps the planner from ways that it takes to be cheap: walking the primary key and testing every row, or
joining with all entries at once."""


def walk(cursor: Any, ask: Ask, before: int, most: int) -> list[Found]:
    """Return the newest entries below a place that answer."""
    asked = WALK.replace("NARROWED", f"({ask.narrowed})" if ask.narrowed else "true")
    cursor.execute(asked, [before, match(ask), before, *ask.values, most, most])
    return [Found(place, kind, UUID(str(record_id))) for place, kind, record_id in cursor.fetchall()]


def match(ask: Ask) -> str:
    """Return the query with @ for the era. Tokens are letters and digits alone, so that quoting them is safe."""
    return " | ".join(f"({_alternative(one)})" for one in ask.alternatives)


def _alternative(one: Alternative) -> str:
    parts = [f"'@{beginning}'" + ("" if len(beginning) in SHORT else ":*") for beginning in one.beginnings]
    parts += ["(" + " | ".join(f"'@{token}'" for token in group) + ")" for group in one.any_of]
    return " & ".join(parts)


def tidy(cursor: Any, pages: int) -> bool:
    """Nothing to do: vacuum takes care of what was deleted."""
    return False

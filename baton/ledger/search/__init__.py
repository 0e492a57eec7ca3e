"""Search over everything, newest first: an own thin layer over FTS5 on SQLite and GIN on PostgreSQL.

`keep` indexes what a batch recorded, `find` looks for it through a member's eyes. The index holds folded words and no
texts; who may find a record stands in it as words too (`tokens.py`), so that walking meets little else, and every
result is read through `visible_to` before it is shown.
"""

from baton.ledger.search.excerpts import Piece, marked
from baton.ledger.search.finding import Hit, find, found_ids
from baton.ledger.search.keeping import keep
from baton.ledger.search.rebuilding import index_again, rebuild, tidy
from baton.ledger.search.sources import Shown, Source, register, sources

__all__ = [
    "Hit",
    "Piece",
    "Shown",
    "Source",
    "find",
    "found_ids",
    "index_again",
    "keep",
    "marked",
    "rebuild",
    "register",
    "sources",
    "tidy",
]

"""Search over everything, newest first: an own thin layer over FTS5 on SQLite and tsvector on PostgreSQL."""

from baton.ledger.search.keeping import keep

__all__ = ["keep"]

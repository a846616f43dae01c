"""The database: the only room that opens DuckDB. Knows tables of forms and facts of reporting; no rubric, no score."""

from scoring.store.database import Store

__all__ = ["Store"]

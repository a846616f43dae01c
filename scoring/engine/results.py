"""The result tables of one run: scores are there, what explains them is worked out when it is first asked for.

Knows queries and one cursor with its temporary tables; knows no rubric.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock

import pyarrow as pa

from scoring.sql.text import Query, identifier
from scoring.store.database import Cursor, arrow


class Results(Mapping[str, pa.Table]):
    """Tables by name, each read once and whole. The cursor belongs to it from now on."""

    def __init__(self, cursor: Cursor, reads: Mapping[str, str], details: Iterable[Query]) -> None:
        """`reads`: the SELECT of each table. `details`: queries not run yet, each after those it looks at."""
        self._cursor, self._reads = cursor, dict(reads)
        self._waiting = {query.name: query for query in details}
        self._tables: dict[str, pa.Table] = {}
        self._lock = Lock()

    def __getitem__(self, name: str) -> pa.Table:
        with self._lock:
            if name not in self._tables:
                select = self._reads[name]
                self._run(select)
                self._tables[name] = arrow(self._cursor, select)
            return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._reads)

    def __len__(self) -> int:
        return len(self._reads)

    def _run(self, select: str) -> None:
        """What the text looks at and is not there yet, in the order of the plan."""
        wanted = self._looked_at(select)
        for query in reversed(self._waiting.values()):  # a query looks at earlier ones only
            if query.name in wanted:
                wanted |= self._looked_at(query.bare)
        for name in [name for name in self._waiting if name in wanted]:
            run(self._cursor, [self._waiting.pop(name)])

    def _looked_at(self, text: str) -> set[str]:
        """Names of waiting queries that stand in it; a column of the same name brings a query too many, never too few."""
        return self._waiting.keys() & set(re.findall(r"\w+", text))


def run(cursor: Cursor, queries: Iterable[Query]) -> None:
    """Each query makes one temporary table of this cursor."""
    for query in queries:
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(query.name)} AS\n{query.bare}")


def bring(cursor: Cursor, name: str, table: pa.Table, columns: str = "*") -> None:
    """Rows from elsewhere as a temporary table of this cursor. `columns`: what of them is selected."""
    cursor.register("incoming_rows", table)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {columns} FROM incoming_rows")
    cursor.unregister("incoming_rows")

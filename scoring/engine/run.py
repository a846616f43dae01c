"""Runs a plan on a store and reads the result tables. The only place where compiled SQL meets the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

import pyarrow as pa

from scoring.engine.assessment import Assessment
from scoring.engine.plan import DETAILS, RESULTS, make_plan
from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.rubric.parts import at_work
from scoring.sql.text import Query, identifier
from scoring.store import Store
from scoring.store.database import Cursor, arrow

NO_PREVIOUS = pa.table(
    {
        "unit": pa.array([], pa.string()),
        "place": pa.array([], pa.int64()),
        "total": pa.array([], pa.decimal128(38, 2)),
    }
)


def assess(store: Store, rubric: Rubric, period: Period, as_of: date, previous: Assessment | None = None) -> Assessment:
    """Measures, scores, details; read whole. Raises nothing for odd data: absence is a state in the tables."""
    rubric = at_work(rubric, period, as_of)
    share = _elapsed(store, period, as_of)
    plan = make_plan(rubric, period, as_of, share)
    with store.cursor() as cursor:
        register_previous(cursor, previous)
        run(cursor, plan.queries)
        tables = {name: arrow(cursor, f"SELECT * FROM {identifier(name)}") for name in (*RESULTS, *DETAILS)}
        tables["due"] = arrow(
            cursor, "SELECT * EXCLUDE (win) FROM due WHERE win = 'this' ORDER BY form, unit, deadline"
        )
    return Assessment(rubric, period, as_of, plan, tables, store.version, previous)


def run(cursor: Cursor, queries: Iterable[Query]) -> None:
    """Each query makes one temporary table of this cursor."""
    for query in queries:
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(query.name)} AS\n{query.bare}")


def register_previous(cursor: Cursor, previous: Assessment | None) -> None:
    table = previous.tables["ranking"].select(["unit", "place", "total"]) if previous is not None else NO_PREVIOUS
    cursor.register("incoming_previous", table)
    cursor.execute("CREATE OR REPLACE TEMP TABLE previous_ranking AS SELECT * FROM incoming_previous")
    cursor.unregister("incoming_previous")


def _elapsed(store: Store, period: Period, as_of: date) -> Fraction | None:
    """Working days of the period that have passed by `as_of`; None when the period is over."""
    if as_of >= period.end:
        return None
    sql = "SELECT count_if(works AND day <= ?)::BIGINT, count_if(works)::BIGINT FROM calendar_day WHERE day BETWEEN ? AND ?"
    row = store.fetch(sql, [as_of, period.start, period.end]).to_pylist()[0]
    done, total = list(row.values())
    return Fraction(done, total) if total else None

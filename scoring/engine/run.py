"""Runs a plan on a store: facts and scores at once, explanations when they are asked for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pyarrow as pa

from scoring.engine.assessment import Assessment
from scoring.engine.plan import DETAILS, RESULTS, make_plan
from scoring.engine.results import Results, bring, run
from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.rubric.parts import at_work
from scoring.sql.text import identifier
from scoring.store import Store
from scoring.store.database import Cursor

NO_PREVIOUS = pa.table(
    {
        "unit": pa.array([], pa.string()),
        "place": pa.array([], pa.int64()),
        "total": pa.array([], pa.decimal128(38, 2)),
    }
)


def assess(store: Store, rubric: Rubric, period: Period, as_of: date, previous: Assessment | None = None) -> Assessment:
    """Measures and scores; details follow when they are looked at. Raises nothing for odd data: absence is a state in the tables."""
    rubric = at_work(rubric, period, as_of)
    share = _elapsed(store, period, as_of)
    plan = make_plan(rubric, period, as_of, share)
    reads = {name: f"SELECT * FROM {identifier(name)}" for name in (*RESULTS, *DETAILS)}
    reads["due"] = "SELECT * EXCLUDE (win) FROM due WHERE win = 'this' ORDER BY form, unit, deadline"
    cursor = store.new_cursor()
    register_previous(cursor, previous)
    run(cursor, [*plan.measures, *plan.states, *plan.scores])
    results = Results(cursor, reads, plan.details)
    return Assessment(rubric, period, as_of, plan, results, store.version, previous)


def register_previous(cursor: Cursor, previous: Assessment | None) -> None:
    table = previous.tables["ranking"].select(["unit", "place", "total"]) if previous is not None else NO_PREVIOUS
    bring(cursor, "previous_ranking", table)


def _elapsed(store: Store, period: Period, as_of: date) -> Fraction | None:
    """Working days of the period that have passed by `as_of`; None when the period is over."""
    if as_of >= period.end:
        return None
    sql = "SELECT count_if(works AND day <= ?)::BIGINT, count_if(works)::BIGINT FROM calendar_day WHERE day BETWEEN ? AND ?"
    row = store.fetch(sql, [as_of, period.start, period.end]).to_pylist()[0]
    done, total = list(row.values())
    return Fraction(done, total) if total else None

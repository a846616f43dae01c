"""Scores drafts of a rubric one after another from facts that are computed once. Gives rankings, explains nothing.

A draft may change points, weights, thresholds and limits; its measures are those of the rubric it comes from. The
queries are those of an official run, but what is known for every unit gets no range, and the steps after the
points are one statement: nothing in between is kept. Both ways give the same ranking (a test holds them together).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import pyarrow as pa

from scoring.engine.assessment import Assessment
from scoring.engine.measures import compile_measures
from scoring.engine.placed import placed
from scoring.engine.plan import compile_scores, compile_states, used_measures
from scoring.engine.points import points_column, points_columns, points_source, points_table
from scoring.engine.run import register_previous, run
from scoring.engine.standing import open_items_sql
from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.rubric.parts import at_work
from scoring.sql.text import Query, identifier
from scoring.store import Store
from scoring.store.database import Cursor, arrow


class Kept:
    """The facts of one run, kept in a cursor of its own. Make it with `keep`."""

    def __init__(self, cursor: Cursor, rubric: Rubric, period: Period, as_of: date) -> None:
        self._cursor, self._period, self._as_of = cursor, period, as_of
        rubric = at_work(rubric, period, as_of)
        self._measures = tuple(compile_measures(rubric, period, as_of, used_measures(rubric)))
        self._facts = frozenset(measure.code for measure in used_measures(rubric))
        self._states: tuple[Query, ...] = ()
        self._opened: dict[str, frozenset[str]] = {}
        self._points = {points_table(group): group for group in rubric.groups}
        self._columns: dict[str, dict[str, str]] = {}
        run(cursor, self._measures)

    def ranking(self, draft: Rubric) -> pa.Table:
        """Table `ranking` of the draft. Raises ValueError where it looks at a figure that was not computed."""
        draft = at_work(draft, self._period, self._as_of)
        unknown = {measure.code for measure in used_measures(draft)} - self._facts
        if unknown:
            raise ValueError(f"改动用到了原来没有算的数据项：{'、'.join(sorted(unknown))}")
        self._bring_states(draft)
        scores = compile_scores(draft, self._opened)
        rest: list[Query] = []
        for query in scores:
            group = self._points.get(query.name)
            if group is not None:
                self._bring_points(draft, group, query)
            elif query.name.endswith("__range"):
                run(self._cursor, [query])
            else:
                rest.append(query)
        run(self._cursor, [Query("ranking", "排名", in_one(rest))])
        return arrow(self._cursor, "SELECT * FROM ranking")

    def _bring_points(self, draft: Rubric, group: str, whole: Query) -> None:
        """Only the indicators whose formula is another than last time."""
        wanted, known = points_columns(draft, group, self._opened[group]), self._columns.get(group, {})
        if wanted.keys() != known.keys():
            run(self._cursor, [whole])
        elif changed := {code: sql for code, sql in wanted.items() if sql != known[code]}:
            columns = ", ".join(f"{sql} AS {points_column(code)}" for code, sql in changed.items())
            before = f"{identifier(whole.name)} p JOIN {points_source(draft, group)} USING (unit)"
            run(self._cursor, [Query(whole.name, "改动的指标", f"SELECT p.* REPLACE ({columns}) FROM {before}")])
        self._columns[group] = wanted

    def _bring_states(self, draft: Rubric) -> None:
        """States depend on what the rules look at; other weights seldom change their text."""
        states = compile_states(draft)
        if [query.bare for query in states] == [query.bare for query in self._states]:
            return
        run(self._cursor, states)
        self._states, self._columns = states, {}
        for group in draft.groups:
            row = self._cursor.execute(open_items_sql(draft, group)).fetchone() or ()
            codes = [one.indicator.code for one in placed(draft, group)]
            self._opened[group] = frozenset(code for code, is_open in zip(codes, row, strict=False) if is_open)


@contextmanager
def keep(
    store: Store, rubric: Rubric, period: Period, as_of: date, previous: Assessment | None = None
) -> Iterator[Kept]:
    """Compute the facts of a rubric once. They are those of the store as it is now."""
    with store.cursor() as cursor:
        register_previous(cursor, previous)
        yield Kept(cursor, rubric, period, as_of)


def in_one(queries: Sequence[Query]) -> str:
    """The queries as one SELECT, that of the last; those before it are its WITH, in order."""
    *before, last = queries
    steps = [f"{identifier(query.name)} AS MATERIALIZED (\n{query.bare}\n)" for query in before]
    own = last.bare
    if own.startswith("WITH "):
        return "WITH " + ",\n".join([*steps, own.removeprefix("WITH ")])
    return f"WITH {', '.join(steps)}\n{own}" if steps else own

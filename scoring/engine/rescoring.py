"""Scores drafts of a rubric one after another from facts that are computed once. Gives rankings, explains nothing.

A draft may change points, weights, thresholds and limits; its measures are those of the rubric it comes from. The rules
are compiled as for an official run. Only items that changed are reckoned anew (`draft_items`), and the steps after them
are one prepared statement, whose text another weight leaves as it is. Both ways give the same ranking (a test holds them
together).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count
from threading import Lock
from typing import Any

import pyarrow as pa

from scoring.engine.amounts import item_decimals
from scoring.engine.assessment import Assessment
from scoring.engine.consequences import compile_consequences
from scoring.engine.draft_items import cells, column, create_wide, looks_around, points_sql, sums, update, wide_table
from scoring.engine.extras import compile_extras
from scoring.engine.landings import compile_landings, lands_elsewhere
from scoring.engine.levels import has_levels
from scoring.engine.measures import compile_measures
from scoring.engine.placed import Placed, placed
from scoring.engine.places import compile_places
from scoring.engine.plan import compile_states, used_measures
from scoring.engine.results import bring, run
from scoring.engine.run import register_previous
from scoring.engine.sections import compile_nodes, marks
from scoring.engine.shown import ranking
from scoring.engine.standing import open_items_sql, state_sql
from scoring.engine.totals import compile_totals
from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.rubric.parts import at_work
from scoring.sql.text import Query, identifier, literal, values_table
from scoring.store import Store
from scoring.store.database import Cursor, arrow

_REMEMBERED = 8  # texts
_MARKS = {
    "s": "CREATE TEMP TABLE marks_s (grp VARCHAR, section VARCHAR, position BIGINT, full_marks HUGEINT, surplus HUGEINT)",
    "g": "CREATE TEMP TABLE marks_g (grp VARCHAR, full_marks HUGEINT, reach HUGEINT)",
}
_KEYS = {"s": ("grp", "section", "position"), "g": ("grp",)}
_LIGHT = frozenset({"full_marks", "at_most", "rules"})  # what of an item may change without looking at the others
_Items = dict[tuple[str, str], Placed]
Targets = Mapping[str, Decimal]
NO_TARGETS: Targets = {}


@dataclass(frozen=True)
class Scored:
    """What a draft comes to. `ranking`: rows as in an official run, with `consequences`: numbers of the clauses that take hold
    of the unit, and whether each is settled. `points`: by unit and indicator the least and most, None without limit."""

    ranking: list[dict[str, Any]]
    points: dict[str, dict[str, tuple[Decimal | None, Decimal | None]]]


class Kept:
    """The facts of one run, kept in a cursor of its own. Make it with `keep`."""

    def __init__(self, source: Cursor, rubric: Rubric, period: Period, as_of: date) -> None:
        self._period, self._as_of = period, as_of
        rubric = at_work(rubric, period, as_of)
        self._facts = frozenset(measure.code for measure in used_measures(rubric))
        self._opened: dict[str, frozenset[str]] = {}
        self._items: _Items = {}
        self._targets: Targets = NO_TARGETS
        self._has_issued = False
        self._frame: object = None
        self._prepared: dict[str, str] = {}  # by text
        self._numbers = count(1)
        self._marks: dict[str, list[tuple[Any, ...]]] = {}
        self._rest: tuple[object, list[Query]] | None = None
        self._followed: tuple[object, list[Query]] | None = None
        self._lock = Lock()
        run(source, compile_measures(rubric, period, as_of, used_measures(rubric)))
        self._store = Store.bare(optimised=False)
        self._cursor = self._store.new_cursor()
        for name in ("assessed", "facts", "previous_ranking"):
            self._bring_table(name, arrow(source, f"SELECT * FROM {name}"))
        for statement in _MARKS.values():
            self._cursor.execute(statement)

    def close(self) -> None:
        self._store.close()

    def _bring_table(self, name: str, table: pa.Table) -> None:
        states = [column for column in table.column_names if column.endswith("__state")]
        typed = ", ".join(f"{identifier(column)}::state AS {identifier(column)}" for column in states)
        bring(self._cursor, name, table, f"* REPLACE ({typed})" if typed else "*")

    def ranking(self, draft: Rubric, targets: Targets = NO_TARGETS) -> pa.Table:
        """Table `ranking` of the draft. `targets`: figures of which more or less is taken, in percent of what there is,
        rounded half up to the figure's last digit. Raises ValueError where it looks at a figure that was not computed."""
        with self._lock:
            self._bring_targets(targets)
            return self._run(in_one(self._bring_draft(draft)))

    def scored(self, draft: Rubric, targets: Targets = NO_TARGETS) -> Scored:
        """Ranking, consequences and the points of every item. Raises as `ranking`."""
        with self._lock:
            self._bring_targets(targets)
            queries = self._bring_draft(draft)
            ranked = self._run(in_one([*queries, *self._consequences(draft)]))
            unit = Decimal(1).scaleb(-item_decimals(draft))
            points: dict[str, dict[str, tuple[Decimal | None, Decimal | None]]] = {}
            for group in draft.groups:
                select, columns = points_sql(draft, group, self._opened[group])
                for row in self._run(select).to_pylist():
                    cells = {name: None if cell is None else cell * unit for name, cell in row.items() if name != "unit"}
                    points[row["unit"]] = {code: (cells[low], cells[high]) for code, low, high in columns}
            return Scored(ranked.to_pylist(), points)

    def _bring_targets(self, targets: Targets) -> None:
        """Other facts: every item is reckoned anew. Those that were issued stay beside them."""
        if targets == self._targets:
            return
        if not self._targets and not self._has_issued:
            self._cursor.execute("CREATE TEMP TABLE issued AS SELECT * FROM facts")
            self._has_issued = True
        for code in {**self._targets, **targets}:
            if code not in self._facts:
                raise ValueError(f"没有算过数据项：{code}")
            share = Fraction(targets.get(code, Decimal(100))) / 100
            name, (over, under) = identifier(code.replace(".", "__")), share.as_integer_ratio()
            half_up = f"((2 * i.{name}::HUGEINT * {over} + {under}) // {2 * under})::BIGINT"
            self._cursor.execute(f"UPDATE facts SET {name} = {half_up} FROM issued i WHERE i.unit = facts.unit")
        self._targets, self._frame = dict(targets), None

    def _bring_draft(self, draft: Rubric) -> list[Query]:
        """What changed is reckoned anew. The queries from the items to the ranking."""
        draft = at_work(draft, self._period, self._as_of)
        frame, before = _frame(draft), self._frame
        self._frame = None  # until all is there
        items = {(group, one.indicator.code): one for group in draft.groups for one in placed(draft, group)}
        changed = self._changed(items) if frame == before else None
        if changed is None:
            self._bring_all(draft)
        else:
            items = {**self._items, **changed}
            for group in draft.groups:  # what was worked out about the others holds
                draft.worked_out[f"placed {group}"] = [items[group, one.indicator.code] for one in placed(draft, group)]
            self._bring(changed)
        self._items = items
        self._bring_marks(draft)
        queries = self._after_items(draft)
        self._frame = frame
        return queries

    def _after_items(self, draft: Rubric) -> list[Query]:
        """Other full marks leave them as they are."""
        spec, lands = draft.spec, lands_elsewhere(draft)
        landings = compile_landings(draft, self._opened, _ends_of) if lands else []
        levels = spec.sections if has_levels(draft) else ()  # their weights stand in the text
        texts = [query.bare for query in landings]
        rest = (_frame(draft), levels, spec.adjustments, spec.grades, spec.total, spec.places, texts, dict(self._opened))
        if self._rest is None or self._rest[0] != rest:
            found = [*(sums(draft, group, self._opened[group]) for group in draft.groups), *landings]
            found += compile_nodes(draft, _given)
            found += [compile_extras(draft, group) for group in draft.groups]
            self._rest = rest, [*found, *compile_totals(draft), compile_places(draft), ranking(draft)]
        return self._rest[1]

    def _consequences(self, draft: Rubric) -> list[Query]:
        """The consequences, and the ranking with them."""
        if self._followed is None or self._followed[0] is not draft.spec.consequences:
            listed = """SELECT r.*, coalesce(c.hits, []) AS consequences
FROM ranking r LEFT JOIN (
    SELECT unit, list({'number': number, 'settled': settled} ORDER BY number) AS hits FROM consequence GROUP BY unit
) c USING (unit)
JOIN assessed a USING (unit)
ORDER BY r."group", r.place NULLS LAST, r.total_high DESC, a.position"""
            queries = [compile_consequences(draft), Query("consequences", "名次及结果运用", listed)]
            self._followed = draft.spec.consequences, queries
        return self._followed[1]

    def _run(self, text: str) -> pa.Table:
        """A text that was run before is not read and planned again."""
        if text not in self._prepared:
            if len(self._prepared) == _REMEMBERED:
                self._cursor.execute(f"DEALLOCATE {self._prepared.pop(next(iter(self._prepared)))}")
            name = f"step_{next(self._numbers)}"
            self._cursor.execute(f"PREPARE {name} AS {text}")
            self._prepared[text] = name
        return arrow(self._cursor, f"EXECUTE {self._prepared[text]}")

    def _bring_marks(self, draft: Rubric) -> None:
        for name, (columns, rows) in marks(draft).items():
            known = self._marks.get(name, [])
            keys = len(_KEYS[name])
            if [row[:keys] for row in known] != [row[:keys] for row in rows]:
                self._cursor.execute(f"DELETE FROM marks_{name}")
                self._cursor.execute(f"INSERT INTO marks_{name} {values_table(name, columns, rows)}")
            else:
                for row in (row for row, before in zip(rows, known, strict=True) if row != before):
                    told = [f"{column} = {_number(cell)}" for column, cell in zip(columns[keys:], row[keys:], strict=True)]
                    where = [f"{column} = {literal(str(cell))}" for column, cell in zip(columns[:keys], row[:keys], strict=True)]
                    self._cursor.execute(f"UPDATE marks_{name} SET {', '.join(told)} WHERE {' AND '.join(where)}")
            self._marks[name] = rows

    def _changed(self, items: _Items) -> _Items | None:
        """Items that are others than last time; None where more than their points is."""
        if items.keys() != self._items.keys():
            return None
        changed = {key: one for key, one in items.items() if one.indicator != self._items[key].indicator}
        for key, one in changed.items():
            before = self._items[key]
            spread = any(_is_spread(other) for other in items.values() if other.section.code == one.section.code)
            around = looks_around(one, key[1] in self._opened[key[0]])
            if spread or around or not _lightly(before, one) or state_sql(before) != state_sql(one):
                return None
        return changed

    def _bring_all(self, draft: Rubric) -> None:
        unknown = {measure.code for measure in used_measures(draft)} - self._facts
        if unknown:
            raise ValueError(f"改动用到了原来没有算的数据项：{'、'.join(sorted(unknown))}")
        run(self._cursor, compile_states(draft))
        for group in draft.groups:
            row = self._cursor.execute(open_items_sql(draft, group)).fetchone() or ()
            codes = [one.indicator.code for one in placed(draft, group)]
            self._opened[group] = frozenset(code for code, is_open in zip(codes, row, strict=False) if is_open)
            self._cursor.execute(create_wide(draft, group, self._opened[group]))

    def _bring(self, changed: _Items) -> None:
        found: dict[str, list[Placed]] = {}
        for (group, code), one in changed.items():
            is_open = code in self._opened[group]
            if cells(one, is_open) != cells(self._items[group, code], is_open):  # in another group it may be as it was
                found.setdefault(group, []).append(one)
        for group, items in found.items():
            for statement in update(items, self._opened[group]):
                self._cursor.execute(statement)


@contextmanager
def keep(
    store: Store, rubric: Rubric, period: Period, as_of: date, previous: Assessment | None = None
) -> Iterator[Kept]:
    """Compute the facts of a rubric once. They are those of the store as it is now."""
    with store.cursor() as cursor:
        register_previous(cursor, previous)
        kept = Kept(cursor, rubric, period, as_of)
    try:
        yield kept
    finally:
        kept.close()


def _frame(draft: Rubric) -> object:
    """What the rows of an item depend on besides the item itself."""
    spec = draft.spec
    shape = [(node.level, node.section.code, node.section.takes) for node in draft.nodes()]
    return spec.groups, spec.missing, spec.rounding, spec.measures, shape


def _given(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Full marks stand in a table (`_bring_marks`)."""
    return f"SELECT * FROM marks_{name}"


def _is_spread(one: Placed) -> bool:
    policy = one.indicator.not_applicable
    return policy is not None and policy.then == "spread"


def _lightly(before: Placed, after: Placed) -> bool:
    """Whether only what it is worth has changed: the same groups, the same figures looked at."""
    fields = set(type(after.indicator).model_fields) - _LIGHT
    same = all(getattr(before.indicator, name) == getattr(after.indicator, name) for name in fields)
    return same and set(after.everything) <= set(before.everything) and before.indicator.calls == after.indicator.calls


def _ends_of(one: Placed) -> str:
    """The least and most of an item, from the wide table."""
    ends = ", ".join(column(one.indicator.code, end) for end in ("low", "high"))
    return f"(SELECT unit, {ends} FROM {identifier(wide_table(one.group))})"


def _number(cell: Any) -> str:
    return "NULL" if cell is None else str(cell)


def in_one(queries: Sequence[Query]) -> str:
    """The queries as one SELECT, that of the last; those before it are its WITH, in order."""
    *before, last = queries
    steps = [f"{identifier(query.name)} AS MATERIALIZED (\n{query.bare}\n)" for query in before]
    own = last.bare
    if own.startswith("WITH "):
        return "WITH " + ",\n".join([*steps, own.removeprefix("WITH ")])
    return f"WITH {', '.join(steps)}\n{own}" if steps else own

"""Scores a unit over some of its members only, for thousands of such choices in one run of the compiled steps.

For a rubric whose groups take `facts: members`. Each choice becomes an imaginary unit of its own that stands over the
members chosen (`membership.Imagined`), so one pass over every form serves them all. Without a member means: none of its
rows, of what was due from it and of what the office registers for it; the rows of the scored unit itself stay. Knows no
game and no share; adds nothing up that the engine does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyarrow as pa

from scoring.engine.amounts import SCALE, item_decimals
from scoring.engine.landings import lands_elsewhere
from scoring.engine.measures import compile_measures
from scoring.engine.membership import TABLE, Imagined
from scoring.engine.placed import placed, rescales
from scoring.engine.plan import compile_scores, compile_states, used_measures
from scoring.engine.points import points_table
from scoring.engine.results import bring, run
from scoring.engine.run import register_previous
from scoring.engine.shown import shown_tables
from scoring.engine.standing import open_items_sql, standing_table
from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.rubric.parts import at_work
from scoring.sql.text import Query, identifier, literal
from scoring.store import Store
from scoring.store.database import Cursor, arrow, table_of
from scoring.units import Unit, Who

Members = frozenset[str]
UNIT = 10**SCALE  # whole numbers here are points in units of 10^-12
_KIND = "imagined"
_DUE = ("due", "due_count")  # steps that count reports, one row after another
_BATCH = 4096  # imaginary units in one run: what its tables may hold


class Entangled(ValueError):
    """The rubric compares units with each other: who is left out changes what the others are compared with."""


@dataclass(frozen=True)
class Outcome:
    """What one choice comes to, in 10^-12 points; None: not known. `left_out`: items that do not apply and are scaled away.

    `points`: by item at work. `landed`: by item, what it loses elsewhere (0 or less). `added`: by adjustment, signed.
    """

    total: int | None
    points: dict[str, int | None]
    left_out: frozenset[str]
    landed: dict[str, int | None]
    added: dict[str, int | None]


def outcomes(
    store: Store, rubric: Rubric, period: Period, as_of: date, unit: str, choices: Sequence[Members]
) -> Iterator[Outcome]:
    """In the order of the choices. Raises Entangled."""
    group = rubric.group_of(unit)
    assert group is not None
    imagined = at_work(_imagined(rubric, group), period, as_of)
    measures = compile_measures(imagined, period, as_of, used_measures(imagined))
    for first in range(0, len(choices), _BATCH):
        some = choices[first : first + _BATCH]
        with store.cursor() as cursor:
            _bring_due(cursor, unit, frozenset().union(*some), measures)
            _bring(cursor, unit, some)
            run(cursor, [query for query in measures if query.name not in _DUE])
            yield from _scored(cursor, imagined, group, len(some))


def _imagined(rubric: Rubric, group: str) -> Rubric:
    """The same 办法 for its one group, whose units are imaginary."""
    register = rubric.register
    placeholder = Unit(code=_KIND, title="设想", kind=_KIND)
    units = Imagined({**register.kinds, _KIND: "设想"}, (*register.units, placeholder))
    own = rubric.spec.groups[group].model_copy(update={"units": Who(kinds=(_KIND,))})
    spec = rubric.spec.model_copy(update={"groups": {group: own}, "consequences": ()})
    return Rubric(spec, rubric.document, rubric.forms, units, rubric.measures)


def _bring_due(cursor: Cursor, unit: str, members: Members, measures: Sequence[Query]) -> None:
    """What was due from each member and came, counted once: the counts of a choice are their sums."""
    everybody = [unit, *sorted(members)]
    _bring_units(cursor, everybody, [(one, one, True) for one in everybody])
    run(cursor, [query for query in measures if query.name in ("assessed", *_DUE)])


def _bring(cursor: Cursor, unit: str, choices: Sequence[Members]) -> None:
    """Imaginary units and their members, in place of the register's, for this cursor alone."""
    codes = [_code(number) for number in range(len(choices))]
    cursor.execute(f"CREATE TEMP TYPE unit_code AS ENUM ({', '.join(literal(code) for code in codes)})")
    pairs = [(one, code, one == unit) for code, some in zip(codes, choices, strict=True) for one in (unit, *sorted(some))]
    _bring_units(cursor, codes, pairs)
    register_previous(cursor, None)
    described = cursor.execute("SELECT * FROM due_count LIMIT 0").description
    counts = [name for name, *_ in described or () if name not in ("win", "form", "unit")]
    sums = ", ".join(f"sum(c.{identifier(name)})::BIGINT AS {identifier(name)}" for name in counts)
    joined = f"FROM due_count c JOIN {TABLE} m ON m.fact_unit = c.unit GROUP BY c.win, c.form, m.unit"
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE due_count AS SELECT c.win, c.form, m.unit, {sums} {joined}")


def _bring_units(cursor: Cursor, codes: Sequence[str], pairs: Sequence[tuple[str, str, bool]]) -> None:
    text, whole = pa.string(), pa.int64()
    listed = [(code, number, _KIND) for number, code in enumerate(codes)]
    bring(cursor, "unit", table_of([("unit", text), ("position", whole), ("kind", text)], listed))
    bring(cursor, TABLE, table_of([("fact_unit", text), ("unit", text), ("own", pa.bool_())], pairs))


def _code(number: int) -> str:
    return f"s{number:06d}"


def _scored(cursor: Cursor, rubric: Rubric, group: str, count: int) -> list[Outcome]:
    states = compile_states(rubric)
    run(cursor, states)
    row = cursor.execute(open_items_sql(rubric, group)).fetchone() or ()
    items = placed(rubric, group)
    opened = frozenset(one.indicator.code for one, is_open in zip(items, row, strict=False) if is_open)
    scores = compile_scores(rubric, {group: opened})
    cut = [query.name for query in scores].index("settled") + 1
    _alone([*states, *scores[:cut]])
    run(cursor, scores[:cut])
    run(cursor, [query for query in shown_tables(rubric) if query.name == "adjustment"])
    found = [Outcome(None, {}, frozenset(), {}, {}) for _ in range(count)]
    for row in arrow(cursor, "SELECT unit, total FROM settled").to_pylist():
        found[_number(row)] = Outcome(_whole(row["total"]), {}, frozenset(), {}, {})
    _read_items(cursor, rubric, group, opened, found)
    if lands_elsewhere(rubric):
        for row in arrow(cursor, "SELECT unit, indicator, points_low, points_high FROM landed").to_pylist():
            _add(found[_number(row)].landed, row["indicator"], _known(row["points_low"], row["points_high"]))
    sums = "SELECT unit, adjustment, points FROM adjustment WHERE kind IN ('bonus', 'penalty', 'veto')"
    for row in arrow(cursor, sums).to_pylist():
        points = None if row["points"] is None else int(row["points"].scaleb(SCALE))
        _add(found[_number(row)].added, row["adjustment"], points)
    return found


def _alone(queries: Sequence[Query]) -> None:
    """Units that exist beside each other only in thought must not be compared."""
    for query in queries:
        if " OVER (" in query.bare and query.name.endswith(("__standing", "__points", "__range", "__compared")):
            raise Entangled("有的指标按组内比较计分，少了一个单位，比较的对象也变了，不能这样推算")


def _read_items(cursor: Cursor, rubric: Rubric, group: str, opened: frozenset[str], found: list[Outcome]) -> None:
    """Points of every item, and which are left out."""
    tables = [standing_table(group), points_table(group), *([f"{group}__range"] if opened else [])]
    joined = " JOIN ".join([identifier(tables[0]), *(f"{identifier(table)} USING (unit)" for table in tables[1:])])
    step = 10 ** (SCALE - item_decimals(rubric))
    columns = {name: column.to_pylist() for name, column in _columns(arrow(cursor, f"SELECT * FROM {joined}"))}
    at = [int(code[1:]) for code in columns["unit"]]
    left: list[set[str]] = [set() for _ in found]
    for one in placed(rubric, group):
        code = one.indicator.code
        low, high = (columns[f"{code}__{end}"] for end in (("low", "high") if code in opened else ("points", "points")))
        for number, least, most in zip(at, low, high, strict=True):
            found[number].points[code] = None if least is None or least != most else int(least) * step
        if rescales(one):
            for number, state in zip(at, columns[f"{code}__standing"], strict=True):
                if state == "not_applicable":
                    left[number].add(code)
    for number, codes in enumerate(left):
        if codes:
            one_ = found[number]
            found[number] = Outcome(one_.total, one_.points, frozenset(codes), one_.landed, one_.added)


def _columns(table: pa.Table) -> Iterator[tuple[str, pa.ChunkedArray]]:
    return zip(table.column_names, table.columns, strict=True)


def _number(row: dict[str, str]) -> int:
    return int(row["unit"][1:])


def _whole(amount: Decimal | int | None) -> int | None:
    return None if amount is None else int(amount)


def _known(low: Decimal | int | None, high: Decimal | int | None) -> int | None:
    return None if low is None or low != high else int(low)


def _add(sums: dict[str, int | None], code: str, amount: int | None) -> None:
    before = sums.get(code, 0)
    sums[code] = None if before is None or amount is None else before + amount

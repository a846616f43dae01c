"""Scores made-up units: from figures that somebody wrote down to tables, by the compiled steps that score real ones.

Knows the table of facts and the phases of a plan, not where figures come from and not what should come out. Groups
never touch each other and are run one by one, with no more steps than asked for. Units of several families go through
one run together; what is decided among the units of a group (grades with a quota, places) is decided within a family.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pyarrow as pa

from scoring.engine.amounts import shown
from scoring.engine.earned import compile_earned
from scoring.engine.landings import compile_landings, lands_elsewhere
from scoring.engine.placed import placed
from scoring.engine.plan import compile_scores, compile_states, used_measures
from scoring.engine.points import compile_points
from scoring.engine.run import register_previous, run
from scoring.engine.shown import shown_tables
from scoring.expressions.rows import Aggregate
from scoring.rubric import Measure, Rubric, Section
from scoring.rubric.samples import Said
from scoring.rubric.settings import aggregate_of
from scoring.sql.text import Query, identifier
from scoring.store import Store
from scoring.store.database import Cursor, arrow, table_of

Figures = Mapping[str, Said]
Tables = dict[str, list[dict[str, Any]]]
SETTLED = "settled"  # up to here a unit is reckoned by itself, from here on among the units of its group
UNSAID = Said("", "pending")


@dataclass(frozen=True)
class MadeUp:
    """One unit. `family`: those of one family are each other's whole group. `wanted`: codes of indicators, sections
    and adjustments, or total, grade, place."""

    name: str
    family: str
    group: str
    figures: Figures
    wanted: frozenset[str]


def score(rubric: Rubric, units: Sequence[MadeUp]) -> Tables:
    """Rows of indicator_score, landing, node_score, adjustment and ranking, as far as they are wanted."""
    found: Tables = defaultdict(list)
    by_group: dict[str, list[MadeUp]] = defaultdict(list)
    for unit in units:
        by_group[unit.group].append(unit)
    store = Store.bare()
    try:
        with store.cursor() as cursor:
            register_previous(cursor, None)
            for code, inside in by_group.items():
                for name, rows in _group(rubric, code, inside, cursor):
                    found[name] += rows
    finally:
        store.close()
    return found


def _group(rubric: Rubric, code: str, units: Sequence[MadeUp], cursor: Cursor) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The tables of one group."""
    wanted = frozenset(key for unit in units for key in unit.wanted)
    items = wanted & rubric.indicators.keys()
    own = narrowed(rubric, code, None if wanted - items else items)
    alone, together = _steps(own, code, wanted, items == wanted)
    measures = used_measures(own)
    families = dict.fromkeys(unit.family for unit in units) if _sees_others(alone) else {None: None}
    for family in families:
        inside = [unit for unit in units if family in (None, unit.family)]
        _bring_facts(cursor, own, measures, inside)
        run(cursor, alone)
        if together:
            cursor.execute(_BY_FAMILY)
            run(cursor, together)
        for name, select in _reads(own, wanted, bool(together)).items():
            yield name, arrow(cursor, select).to_pylist()


def narrowed(rubric: Rubric, group: str, items: frozenset[str] | None) -> Rubric:
    """The rubric of one group; with `items` no more of it than the sections they stand in."""
    chosen: dict[str, Any] = {"groups": {group: rubric.spec.groups[group]}}
    inside = placed(rubric, group)
    if items is not None:
        kept = {one.section.code for one in inside if one.indicator.code in items}
        chosen |= {"sections": _only(rubric.spec.sections, kept), "adjustments": (), "grades": ()}
        inside = [one for one in inside if one.section.code in kept]
    spec = rubric.spec.model_copy(update=chosen)
    worked_out = {f"placed {group}": inside}  # what was compiled to prove the widths is not compiled again
    return Rubric(spec, rubric.document, rubric.forms, rubric.register, rubric.measures, (), worked_out)


def _only(sections: Iterable[Section], kept: Collection[str]) -> tuple[Section, ...]:
    """Items are reckoned beside those of their section, never beside others."""
    return tuple(
        section.model_copy(
            update={
                "indicators": section.indicators if section.code in kept else (),
                "sections": _only(section.sections, kept),
            }
        )
        for section in sections
    )


def _steps(rubric: Rubric, group: str, wanted: frozenset[str], items_only: bool) -> tuple[list[Query], list[Query]]:
    """(by which units are reckoned by themselves, by which they are placed among others)."""
    if items_only:
        landings = compile_landings(rubric) if lands_elsewhere(rubric) else []
        return [*compile_states(rubric), *compile_points(rubric, group), *landings, *compile_earned(rubric)], []
    scores = compile_scores(rubric)
    cut = [query.name for query in scores].index(SETTLED) + 1
    last = [query for query in shown_tables(rubric) if query.name in ("node_score", "adjustment") and _is_wanted(rubric, query.name, wanted)]
    return [*compile_states(rubric), *scores[:cut], *compile_earned(rubric)], [*scores[cut:], *last]


def _is_wanted(rubric: Rubric, table: str, wanted: frozenset[str]) -> bool:
    if table == "adjustment":
        return any(one.code in wanted for one in rubric.spec.adjustments)
    return any(node.section.code in wanted for node in rubric.nodes())


def _sees_others(queries: Iterable[Query]) -> bool:
    """Whether a unit's own points may depend on other units: whatever looks at several rows does so in a window."""
    return any(" OVER (" in query.bare for query in queries)


_BY_FAMILY = f"""CREATE OR REPLACE TEMP TABLE {SETTLED} AS
SELECT s.* REPLACE (a.family AS grp) FROM {SETTLED} s JOIN assessed a USING (unit)"""


def _reads(rubric: Rubric, wanted: frozenset[str], whole: bool) -> dict[str, str]:
    """What to read of what was run, by the name of the result table."""
    found = {
        "indicator_score": f"SELECT unit, indicator, state, left_out, {shown('points_low')} AS points_low, "
        f"{shown('points_high')} AS points_high FROM earned"
    }
    if lands_elsewhere(rubric):
        found["landing"] = (
            f"SELECT unit, indicator, node, {shown('points_low')} AS points_low, {shown('points_high')} AS points_high "
            "FROM landed"
        )
    if whole:
        found["ranking"] = "SELECT * FROM ranking"
        found |= {name: f"SELECT * FROM {name}" for name in ("node_score", "adjustment") if _is_wanted(rubric, name, wanted)}
    return found


# --- facts ----------------------------------------------------------------------------------------------


def _bring_facts(cursor: Cursor, rubric: Rubric, measures: Sequence[Measure], units: Sequence[MadeUp]) -> None:
    """The tables `assessed` and `facts`, as the measures of real units leave them."""
    text, whole = pa.string(), pa.int64()
    heads: list[tuple[str, pa.DataType]] = [("unit", text), ("grp", text)]
    told = ["unit", "grp"]
    rows: list[list[object]] = [[unit.name, unit.group] for unit in units]
    for measure in measures:
        found = aggregate_of(measure, rubric.forms) if measure.schedule_item is None else Aggregate("")
        cells = [_cells(found, unit.figures.get(measure.code, UNSAID)) for unit in units]
        names = [measure.column, f"{measure.column}__state"]
        heads += [(names[0], whole), (names[1], text)]
        told += [identifier(names[0]), f"{identifier(names[1])}::state AS {identifier(names[1])}"]
        if found.divisor is not None:
            heads.append((f"{measure.column}__rows", whole))
            told.append(identifier(f"{measure.column}__rows"))
        for row, cell in zip(rows, cells, strict=True):
            row += cell
    assessed = [(unit.name, unit.group, position, unit.family) for position, unit in enumerate(units)]
    columns = [("unit", text), ("grp", text), ("position", whole), ("family", text)]
    _bring(cursor, "assessed", "*", table_of(columns, assessed))
    _bring(cursor, "facts", ", ".join(told), table_of(heads, rows))


def _bring(cursor: Cursor, name: str, columns: str, table: pa.Table) -> None:
    cursor.register("incoming_rows", table)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {columns} FROM incoming_rows")
    cursor.unregister("incoming_rows")


def _cells(found: Aggregate, said: Said) -> list[object]:
    """Value in the smallest unit, state, and rows of a mean; what does not apply is 0, what is not there NULL."""
    empty = 0 if said.state == "not_applicable" else None
    if found.divisor is None:
        return [empty if said.value is None else int(said.value * found.scale), said.state]
    if said.value is None:
        return [empty, said.state, None]
    total = Fraction(said.value) * found.scale  # over so many rows that it is whole
    return [total.numerator, said.state, total.denominator]

"""Scores made-up units: from figures that somebody wrote down to tables, by the compiled steps that score real ones.

Knows the table of facts and the phases of a plan, not where figures come from and not what should come out. Groups
never touch each other and are run one by one, with no more steps than asked for. Units of several families go through
one run together; what is decided among the units of a group (grades with a quota, places) is decided within a family.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pyarrow as pa

from scoring.engine.amounts import item_decimals, shown
from scoring.engine.landings import compile_landings, lands_elsewhere
from scoring.engine.placed import Opened, Placed, placed, rescales
from scoring.engine.plan import compile_scores, compile_states, used_measures
from scoring.engine.points import compile_points, points_table
from scoring.engine.results import bring, run
from scoring.engine.run import register_previous
from scoring.engine.sections import compile_sections
from scoring.engine.shown import shown_tables
from scoring.engine.spread import spread_items
from scoring.engine.standing import open_items_sql, standing_table
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
    with _empty().cursor() as cursor:
        register_previous(cursor, None)
        for code, inside in by_group.items():
            below = {*rubric.indicators, *(node.section.code for node in rubric.nodes())}
            whole = {unit.family for unit in inside if unit.wanted - below}  # who asks for more than items and sections
            for one in (True, False):
                batch = [unit for unit in inside if (unit.family in whole) is one]
                if batch:
                    _add(found, _scored(_Steps(rubric, code, batch, one), cursor))
    return found


@cache
def _empty() -> Store:
    """One for the process; each piece of work has its own cursor on it."""
    return Store.bare()


def _add(found: Tables, more: Tables) -> None:
    for name, rows in more.items():
        found[name] += rows


def _scored(steps: _Steps, cursor: Cursor) -> Tables:
    """All units in one go; family by family where a unit's own points may depend on other units."""
    found = steps.run(steps.units, cursor)
    families = dict.fromkeys(unit.family for unit in steps.units)
    if len(families) > 1 and steps.sees_others:
        found = defaultdict(list)
        for family in families:
            _add(found, steps.run([unit for unit in steps.units if unit.family == family], cursor))
    return found


class _Steps:
    """The steps of one group that its units need: `whole` up to the places, or up to items and sections."""

    def __init__(self, rubric: Rubric, group: str, units: Sequence[MadeUp], whole: bool) -> None:
        self.group, self.units, self._whole = group, units, whole
        self._wanted = frozenset(key for unit in units for key in unit.wanted)
        self._rubric = rubric_of(rubric, group) if whole else narrowed(rubric, group, self._wanted)
        self._measures = used_measures(self._rubric)
        self._states = compile_states(self._rubric)
        self.sees_others = False

    def run(self, units: Sequence[MadeUp], cursor: Cursor) -> Tables:
        _bring_facts(cursor, self._rubric, self._measures, units)
        run(cursor, self._states)
        row = cursor.execute(open_items_sql(self._rubric, self.group)).fetchone() or ()
        items = [one.indicator.code for one in placed(self._rubric, self.group)]
        opened = {self.group: frozenset(code for code, is_open in zip(items, row, strict=False) if is_open)}
        alone, together = self._scores(opened)
        run(cursor, alone)
        if together:
            cursor.execute(_BY_FAMILY)
            run(cursor, together)
        self.sees_others = any(" OVER (" in query.bare for query in (*self._states, *alone))
        found = {name: arrow(cursor, sql).to_pylist() for name, sql in self._reads([*alone, *together]).items()}
        return {**found, "indicator_score": self._items(opened[self.group], cursor)}

    def _scores(self, opened: Opened) -> tuple[list[Query], list[Query]]:
        """(by which units are reckoned by themselves, by which they are placed among others)."""
        rubric = self._rubric
        if not self._whole:
            landings = compile_landings(rubric, opened) if lands_elsewhere(rubric) else []
            sections = compile_sections(rubric, opened) if self._is_wanted("node_score") else []
            return [*compile_points(rubric, self.group, opened[self.group]), *landings, *sections, *self._shown("node_score")], []
        scores = list(compile_scores(rubric, opened))
        cut = [query.name for query in scores].index(SETTLED) + 1
        return [*scores[:cut], *self._shown("node_score")], [*scores[cut:], *self._shown("adjustment")]

    def _shown(self, name: str) -> list[Query]:
        return [query for query in shown_tables(self._rubric) if query.name == name and self._is_wanted(name)]

    def _is_wanted(self, table: str) -> bool:
        if table == "adjustment":
            return any(one.code in self._wanted for one in self._rubric.spec.adjustments)
        return any(node.section.code in self._wanted for node in self._rubric.nodes())

    def _reads(self, made: Iterable[Query]) -> dict[str, str]:
        """What to read of what was run, by the name of the result table."""
        names = {query.name for query in made}
        found: dict[str, str] = {name: f"SELECT * FROM {name}" for name in ("node_score", "adjustment", "ranking") if name in names}
        if "landed" in names:
            ends = f"{shown('points_low')} AS points_low, {shown('points_high')} AS points_high"
            found["landing"] = f"SELECT unit, indicator, node, {ends} FROM landed"
        return found

    def _items(self, opened: Collection[str], cursor: Cursor) -> list[dict[str, Any]]:
        """State and points of every item, below one another."""
        tables = [standing_table(self.group), points_table(self.group), *([f"{self.group}__range"] if opened else [])]
        joined = " JOIN ".join([identifier(tables[0]), *(f"{identifier(table)} USING (unit)" for table in tables[1:])])
        unit = -item_decimals(self._rubric)
        rows = []
        for row in arrow(cursor, f"SELECT * FROM {joined}").to_pylist():
            for one in placed(self._rubric, self.group):
                code = one.indicator.code
                state = row[f"{code}__standing"]
                ends = ("low", "high") if code in opened else ("points", "points")
                low, high = (None if row[f"{code}__{end}"] is None else Decimal(row[f"{code}__{end}"]).scaleb(unit) for end in ends)
                rows.append({
                    "unit": row["unit"], "indicator": code, "state": state, "points_low": low, "points_high": high,
                    "left_out": state == "not_applicable" and rescales(one),
                })  # fmt: skip
        return rows


# What is decided among the units of a group is decided among those of a family.
_BY_FAMILY = f"""CREATE OR REPLACE TEMP TABLE {SETTLED} AS
SELECT s.* REPLACE (a.family AS grp) FROM {SETTLED} s JOIN assessed a USING (unit)"""


def rubric_of(rubric: Rubric, group: str) -> Rubric:
    """The rubric of one group alone. What was compiled to prove its widths is not compiled again."""
    return _changed(rubric, group, placed(rubric, group), {})


def narrowed(rubric: Rubric, group: str, wanted: Collection[str]) -> Rubric:
    """No more of it than the items and sections of these codes, for their own points."""
    kept = frozenset(_kept(rubric, group, wanted))
    inside = [one for one in placed(rubric, group) if one.indicator.code in kept]
    sections = _only(rubric.spec.sections, kept)
    return _changed(rubric, group, inside, {"sections": sections, "adjustments": (), "grades": (), "consequences": ()})


def _kept(rubric: Rubric, group: str, wanted: Collection[str]) -> Iterator[str]:
    """The items named, all below a section named, and all of a section whose items share their full marks."""
    for node in rubric.nodes(group):
        named = any(section.code in wanted for section in (*node.above, node.section))
        own = [one for one in placed(rubric, group) if one.section.code == node.section.code]
        share = any(spread_items(one) for one in own) and any(one.indicator.code in wanted for one in own)
        yield from (one.indicator.code for one in own if named or share or one.indicator.code in wanted)


def _only(sections: Iterable[Section], kept: Collection[str]) -> tuple[Section, ...]:
    return tuple(
        section.model_copy(
            update={
                "indicators": tuple(one for one in section.indicators if one.code in kept),
                "sections": _only(section.sections, kept),
            }
        )
        for section in sections
    )


def _changed(rubric: Rubric, group: str, inside: list[Placed], chosen: dict[str, Any]) -> Rubric:
    spec = rubric.spec.model_copy(update={"groups": {group: rubric.spec.groups[group]}, **chosen})
    worked_out = {f"placed {group}": inside}
    return Rubric(spec, rubric.document, rubric.forms, rubric.register, rubric.measures, (), worked_out)


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
    bring(cursor, "assessed", table_of(columns, assessed))
    bring(cursor, "facts", table_of(heads, rows), ", ".join(told))


def _cells(found: Aggregate, said: Said) -> list[object]:
    """Value in the smallest unit, state, and rows of a mean; what does not apply is 0, what is not there NULL."""
    empty = 0 if said.state == "not_applicable" else None
    if found.divisor is None:
        return [empty if said.value is None else int(said.value * found.scale), said.state]
    if said.value is None:
        return [empty, said.state, None]
    total = Fraction(said.value) * found.scale  # over so many rows that it is whole
    return [total.numerator, said.state, total.denominator]

"""Points of items in one wide table per group, for drafts: what an item gives can be reckoned anew where it stands.

The same points and ranges as in the tables of an official run (`points`), in the same units, beside the facts and states
they come from; so an item is changed by an UPDATE, and the sums of sections are a text without a single weight. Text only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scoring.engine.amounts import SCALE, item_decimals
from scoring.engine.compared import facts_of
from scoring.engine.placed import Placed, counts_where_absent, placed, standing
from scoring.engine.points import item_ends, points_column, whole
from scoring.engine.sections import piles, settled_sql
from scoring.engine.standing import standing_table
from scoring.rubric import Rubric
from scoring.sql.text import Query, identifier, literal

Cells = tuple[tuple[str, str], ...]  # columns and the SQL of each
Opened = Collection[str]  # indicators that some unit has in a state other than value


def wide_table(group: str) -> str:
    return f"{group}__wide"


def create_wide(rubric: Rubric, group: str, opened: Opened) -> str:
    """One row per unit: facts, states, then the cells of every item, each step beside the one before."""
    steps = list(zip(*(cells(one, one.indicator.code in opened) for one in placed(rubric, group)), strict=True))
    source = f"SELECT * FROM {facts_of(rubric, group)} JOIN {identifier(standing_table(group))} USING (unit) WHERE grp = {literal(group)}"
    for step in steps:
        added = ",\n".join(f"({sql}) AS {column}" for found in step for column, sql in found)
        if added:
            source = f"SELECT *,\n{added}\nFROM (\n{source}\n)"
    return f"CREATE OR REPLACE TEMP TABLE {identifier(wide_table(group))} AS\n{source}"


def update(items: Sequence[Placed], opened: Opened) -> list[str]:
    """The statements that reckon some items of a group anew: a step for all of them, then the next."""
    table = identifier(wide_table(items[0].group))
    steps = zip(*(cells(one, one.indicator.code in opened) for one in items), strict=True)
    listed = [[f"{column} = ({sql})" for found in step for column, sql in found] for step in steps]
    return [f"UPDATE {table} SET " + ",\n".join(step) for step in listed if step]


def looks_around(one: Placed, is_open: bool) -> bool:
    """Whether its cells look at other rows, which an UPDATE cannot."""
    return any(" OVER (" in sql for found in cells(one, is_open) for _, sql in found)


def cells(one: Placed, is_open: bool) -> tuple[Cells, Cells, Cells]:
    """Points; least, most and full marks left out; whether it is settled. An item that is known for all has points only."""
    found: tuple[Cells, Cells, Cells] | None = one.compiled.get(("cells", is_open))
    if found is None:
        one.compiled["cells", is_open] = found = _cells(one, is_open)
    return found


def _cells(one: Placed, is_open: bool) -> tuple[Cells, Cells, Cells]:
    code, scale = one.indicator.code, item_decimals(one.rubric)
    size = whole(scale)
    points, low, high = item_ends(one, scale, is_open)
    own = points_column(code)
    if not is_open:
        return ((own, f"({points})::{size}"),), (), ()
    known = f"{standing(code)} = 'value'"
    ends = [column(code, end) for end in ("low", "high")]
    settled, left_out, _ = settled_sql(one, *ends)
    return (
        ((own, f"CASE WHEN {known} THEN\n{points}\nEND::{size}"),),
        (
            *((end, f"CASE WHEN {known} THEN {own} ELSE\n{sql}\nEND::{size}") for end, sql in zip(ends, (low, high), strict=True)),
            (column(code, "left_out"), f"({left_out or 0})::HUGEINT"),
        ),
        ((column(code, "counted"), f"coalesce(({settled})::INT, 0)"),),
    )


def column(indicator: str, end: str) -> str:
    return identifier(f"{indicator}__{end}")


def sums(rubric: Rubric, group: str, opened: Opened) -> Query:
    """Σ items of each section in 10^-12 points, as `sections` gives it."""
    step = 10 ** (SCALE - item_decimals(rubric))
    pieces, wide = [], []
    names = ("low", "high", "left_out", "counted", "countable")
    for section, _, own in piles(rubric, group):
        heads = [identifier(f"{section}__sum_{name}") for name in names]
        wide += [f"{sql} AS {head}" for sql, head in zip(_of_section(own, opened), heads, strict=True)]
        pieces.append(f"({', '.join(heads)}) AS {literal(section)}")
    listed = ",\n    ".join(wide)
    select = f"""SELECT unit, {literal(group)} AS grp, section, low * {step} AS low, high * {step} AS high, left_out, counted, countable
FROM (
    SELECT unit, {listed}
    FROM {identifier(wide_table(group))}
) UNPIVOT INCLUDE NULLS (({", ".join(names)}) FOR section IN ({", ".join(pieces)}))"""
    return Query(f"{group}__sum", "每个单位每个一级指标一行：指标得分之和（单位 10⁻¹² 分）", select, "score")


def _of_section(own: list[Placed], opened: Opened) -> tuple[str, str, str, str, str]:
    """SQL of Σ low, Σ high, Σ left out, items settled, items that count."""
    open_items = [one for one in own if one.indicator.code in opened]
    fixed = len(own) - len(open_items)
    codes = [one.indicator.code for one in open_items]
    gone = [f"({standing(one.indicator.code)} = 'not_applicable')::INT" for one in open_items if not counts_where_absent(one)]

    def added(end: str) -> str:
        terms = [column(one.indicator.code, end) if one in open_items else points_column(one.indicator.code) for one in own]
        return " + ".join([f"{terms[0]}::HUGEINT", *terms[1:]])

    return (
        added("low"),
        added("high"),
        " + ".join(["0::HUGEINT", *(column(code, "left_out") for code in codes)]),
        " + ".join([str(fixed), *(column(code, "counted") for code in codes)]),
        " - ".join([str(len(own)), *gone]),
    )


def points_sql(rubric: Rubric, group: str, opened: Opened) -> tuple[str, list[tuple[str, str, str]]]:
    """(SELECT of one row per unit; indicator, column of its least and column of its most), in units of 10^-decimals.

    NULL is an end without limit.
    """
    found = []
    for one in placed(rubric, group):
        code = one.indicator.code
        low, high = ("low", "high") if code in opened else ("points", "points")
        found.append((code, f"{code}__{low}", f"{code}__{high}"))
    listed = ", ".join(identifier(name) for name in dict.fromkeys(name for _, *names in found for name in names))
    return f"SELECT unit, {listed} FROM {identifier(wide_table(group))}", found

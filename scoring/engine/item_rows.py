"""Points of items below one another, for drafts: one row per unit and item, as the sums of sections take them.

The same points and ranges as the wide tables of an official run (`points`), in the same units; only the layout differs,
so that one item can be replaced without touching the others. Text only.
"""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.amounts import SCALE, item_decimals, units_of
from scoring.engine.compared import facts_of
from scoring.engine.levels import alone
from scoring.engine.placed import Placed, counts_where_absent, rescales, standing
from scoring.engine.points import item_ends, points_column, whole
from scoring.engine.spread import by_variant
from scoring.engine.standing import standing_table
from scoring.rubric import Rubric
from scoring.sql.text import Query, identifier, literal

TABLE = "item"
CREATE = """CREATE OR REPLACE TEMP TABLE item (
    unit VARCHAR, grp VARCHAR, section VARCHAR, item VARCHAR, low HUGEINT, high HUGEINT, left_out HUGEINT,
    counted BIGINT, countable BIGINT
)"""


def item_rows(one: Placed, is_open: bool) -> str:
    """SELECT of the rows of one item in one group. `is_open`: some unit has it in a state other than value."""
    code, group = one.indicator.code, one.group
    own = one.section.code if one.section.takes == "sum" else alone(one.section, code)
    head = f"unit, {literal(group)} AS grp, {literal(own)} AS section, {literal(code)} AS item"
    source = f"{facts_of(one.rubric, group)} JOIN {identifier(standing_table(group))} USING (unit)\nWHERE grp = {literal(group)}"
    points, low, high = item_ends(one, item_decimals(one.rubric), is_open)
    size = whole(item_decimals(one.rubric))
    if not is_open:
        return f"SELECT {head}, ({points})::{size} AS low, low AS high, 0 AS left_out, 1 AS counted, 1 AS countable\nFROM {source}"
    absent = f"{standing(code)} = 'not_applicable'"
    left_out, countable, settled = "0", "1", "low = high"
    if not counts_where_absent(one):
        if rescales(one):
            full = by_variant(one, lambda way: str(units_of(way.full or Decimal(0))))
            left_out = f"CASE WHEN {absent} THEN {full} ELSE 0 END"
        countable, settled = f"1 - ({absent})::INT", f"low = high AND NOT {absent}"
    known, own_points = f"{standing(code)} = 'value'", points_column(code)
    return (
        "SELECT unit, grp, section, item, low, high, left_out, counted, countable FROM (\n"
        f"SELECT {head}, (CASE WHEN {known} THEN\n{points}\nEND)::{size} AS {own_points},\n"
        f"    CASE WHEN {known} THEN {own_points} ELSE\n{low}\n    END::{size} AS low,\n"
        f"    CASE WHEN {known} THEN {own_points} ELSE\n{high}\n    END::{size} AS high,\n"
        f"    {left_out} AS left_out, coalesce(({settled})::INT, 0) AS counted, {countable} AS countable\n"
        f"FROM {source}\n)"
    )


def sums(rubric: Rubric, group: str) -> Query:
    """Σ items of each section in 10^-12 points, as `sections` gives it from the wide tables."""
    step = 10 ** (SCALE - item_decimals(rubric))
    told = ", ".join(
        f"(CASE WHEN count(*) = count({end}) THEN sum({end}) END * {step})::HUGEINT AS {end}" for end in ("low", "high")
    )
    select = f"""SELECT unit, grp, section, {told}, sum(left_out)::HUGEINT AS left_out,
    sum(counted)::BIGINT AS counted, sum(countable)::BIGINT AS countable
FROM item WHERE grp = {literal(group)} GROUP BY unit, grp, section"""
    return Query(f"{group}__sum", "每个单位每个一级指标一行：指标得分之和（单位 10⁻¹² 分）", select, "score")

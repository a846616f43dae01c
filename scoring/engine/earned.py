"""Compiles the long table of indicator points, one row per unit and indicator: for explanation and the pages."""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.amounts import SCALE, item_decimals, units_of
from scoring.engine.placed import Placed, placed, rescales
from scoring.engine.spread import by_variant, variants
from scoring.engine.standing import standing_table
from scoring.rubric import Rubric
from scoring.sql.text import Query, identifier, indent, literal, values_table


def compile_earned(rubric: Rubric) -> list[Query]:
    """Per group, then all groups together."""
    union = "\nUNION ALL\n".join(f"SELECT * FROM {identifier(group + '__earned')}" for group in rubric.groups)
    own = [_earned(rubric, group) for group in rubric.groups]
    return [*own, Query("earned", "每个单位每个指标一行（单位 10⁻¹² 分）", union, "detail")]


def _full(one: Placed) -> str:
    return "NULL" if one.full is None else by_variant(one, lambda way: str(units_of(way.full or Decimal(0))))


def _earned(rubric: Rubric, group: str) -> Query:
    """All indicators below one another, in 10^-12 points."""
    inside = placed(rubric, group)
    step = 10 ** (SCALE - item_decimals(rubric))
    facts = [
        (
            one.indicator.code,
            one.section.code,
            position,
            units_of(one.full) if one.full is not None else None,
            rescales(one),
        )
        for position, one in enumerate(inside)
    ]
    listed = values_table("i", ["indicator", "section", "position", "full_marks", "rescales"], facts)
    pieces = []
    raised = [one for one in inside if variants(one)]  # their full marks depend on which neighbours apply
    for one in inside:
        code = one.indicator.code
        heads = [identifier(f"{code}{end}") for end in ("__standing", "__low", "__high")]
        heads += [identifier(f"{code}__full")] if raised else []
        pieces.append(f"({', '.join(heads)}) AS {literal(code)}")
    fulls = "".join(f",\n        ({_full(one)})::HUGEINT AS {identifier(one.indicator.code + '__full')}"
                    for one in inside if raised)  # fmt: skip
    own_full, further = ("own_full", ", own_full") if raised else ("l.full_marks", "")
    states, ends = identifier(standing_table(group)), identifier(group + "__range")
    unit = f"::HUGEINT * {step}" if step > 1 else ""
    select = f"""WITH listed AS (
{indent(listed)}
), wide AS (
    SELECT *{fulls} FROM {states} JOIN {ends} USING (unit)
)
SELECT e.unit, {literal(group)} AS grp, l.section, e.indicator, l.position, e.state,
    CASE WHEN e.low = e.high THEN e.low{unit} END AS points, e.low{unit} AS points_low, e.high{unit} AS points_high,
    {own_full} AS full_marks, e.state = 'not_applicable' AND l.rescales AS left_out
FROM wide UNPIVOT INCLUDE NULLS ((state, low, high{further}) FOR indicator IN (
    {("," + chr(10) + "    ").join(pieces)}
)) e JOIN listed l USING (indicator)"""
    codes = tuple(one.indicator.code for one in inside)
    told = f"{rubric.groups[group].title}每个单位每个指标一行（单位 10⁻¹² 分）"
    return Query(f"{group}__earned", told, select, "detail", codes)

"""Compiles sections and the base: Σ items + losses that land on the section, its limits, rescaling. All in SQL."""

from __future__ import annotations

from scoring.engine.amounts import rounding_sql, units_of
from scoring.rubric import Rubric
from scoring.sql.text import Query, identifier, values_table


def compile_sections(rubric: Rubric) -> list[Query]:
    """From earned points to each unit's 基础得分, for all groups together."""
    earned = "\nUNION ALL\n".join(f"SELECT * FROM {identifier(group + '__earned')}" for group in rubric.groups)
    landed = "\nUNION ALL\n".join(f"SELECT * FROM {identifier(group + '__landing')}" for group in rubric.groups)
    return [
        Query("earned", "每个单位每个指标一行", earned),
        Query("landed", "扣到别处的失分，每笔一行；下端为空表示没有底", landed),
        _nodes(rubric),
        _bases(rubric),
    ]


def _section_rows(rubric: Rubric) -> str:
    rows = []
    for group in rubric.groups:
        for position, section in enumerate(rubric.sections(group)):
            full = section.full(group)
            rows.append((group, section.code, position, units_of(full) if full is not None else None))
    return values_table("s", ["grp", "section", "position", "full_marks"], rows)


def _nodes(rubric: Rubric) -> Query:
    """Section = Σ items + landings, rounded, within [0, full marks]. (least() leaves a NULL limit aside.)"""

    def limited(side: str) -> str:
        return f"least(full_marks, {rounding_sql(f'greatest(0, {side})', rubric.spec.rounding.section)})"

    select = f"""WITH listed AS (
{_section_rows(rubric)}
), items AS (
    SELECT unit, grp, section, sum(points_low)::HUGEINT AS low,
        -- an item without an upper end leaves the section without one
        CASE WHEN count(*) = count(points_high) THEN sum(points_high)::HUGEINT END AS high,
        sum(CASE WHEN left_out THEN full_marks ELSE 0 END)::HUGEINT AS left_out
    FROM earned GROUP BY ALL
), losses AS (
    SELECT unit, node, CASE WHEN count(*) = count(points_low) THEN sum(points_low)::HUGEINT END AS low,
        sum(points_high)::HUGEINT AS high
    FROM landed GROUP BY ALL
), summed AS (
    SELECT i.unit, i.grp, i.section, l.position, l.full_marks, i.left_out,
        CASE WHEN x.unit IS NULL THEN i.low ELSE i.low + x.low END AS sum_low, i.high + coalesce(x.high, 0) AS sum_high
    FROM items i JOIN listed l USING (grp, section) LEFT JOIN losses x ON x.unit = i.unit AND x.node = i.section
)
SELECT *, CASE WHEN sum_low IS NULL THEN 0 ELSE ({limited("sum_low")})::HUGEINT END AS low,
    CASE WHEN sum_high IS NULL THEN full_marks ELSE ({limited("sum_high")})::HUGEINT END AS high
FROM summed"""
    return Query("node", "每个单位每个一级指标一行（单位 10⁻¹² 分）", select)


def _bases(rubric: Rubric) -> Query:
    """基础得分 = Σ sections, rescaled for what does not apply: Σ × 满分 ÷（满分 − 不适用）."""
    rows = [(group, units_of(one.full_marks)) for group, one in rubric.groups.items()]

    def rescaled(side: str) -> str:
        text = f"half_up({side}::HUGEINT * g.full_marks, (g.full_marks - left_out)::HUGEINT)::HUGEINT"
        return f"CASE WHEN left_out = 0 THEN {side} WHEN left_out < g.full_marks THEN {text} END"

    select = f"""WITH groups AS (
{values_table("g", ["grp", "full_marks"], rows)}
), summed AS (
    SELECT unit, grp, sum(low)::HUGEINT AS low,
        CASE WHEN count(*) = count(high) THEN sum(high)::HUGEINT END AS high,
        sum(left_out)::HUGEINT AS left_out
    FROM node GROUP BY ALL
)
SELECT s.unit, s.grp, g.full_marks, s.left_out, s.low AS sum_low, s.high AS sum_high,
    {rescaled("s.low")} AS low,
    {rescaled("s.high")} AS high
FROM summed s JOIN groups g USING (grp)"""
    return Query("base", "每个单位一行：基础得分（合理缺项已折算）", select)

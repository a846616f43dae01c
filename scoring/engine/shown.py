"""Compiles the result tables as people read them: DECIMAL points, no whole numbers in hidden units."""

from __future__ import annotations

from scoring.engine.amounts import SCALE, decimals_of, shown
from scoring.engine.extras import extra_rows
from scoring.engine.levels import has_levels
from scoring.rubric import Rubric
from scoring.sql.text import Query, values_table


def shown_tables(rubric: Rubric) -> list[Query]:
    """node_score, unit_score, landing, adjustment."""
    total, section = decimals_of(rubric, "total"), decimals_of(rubric, "section")
    grades = _titles(rubric)
    full, own, level, given = "full_marks", "", "0", ""
    if has_levels(rubric):
        full, own, level, given = "stated", " WHERE NOT hidden", "level", "given_"
    given_decimals = SCALE if given else section
    node = f"""SELECT grp AS "group", unit, section, CASE WHEN low = high THEN {shown("low", section)} END AS points,
    {shown("low", section)} AS points_low, {shown("high", section)} AS points_high, {shown(f"node.{full}")} AS full_marks,
    {shown("left_out")} AS left_out, {level} AS level, {shown(f"{given}low", given_decimals)} AS given_low, {shown(f"{given}high", given_decimals)} AS given_high
FROM node JOIN assessed USING (unit, grp){own} ORDER BY grp, assessed.position, node.position"""
    score = f"""WITH titles AS (
{grades}
)
SELECT g.grp AS "group", g.unit, {shown("b.low")} AS base_low, {shown("b.high")} AS base_high,
    {shown("g.total", total)} AS total, {shown("g.total_low", total)} AS total_low,
    {shown("g.total_high", total)} AS total_high, g.counted, g.countable,
    CASE WHEN g.stopped THEN 'stopped' WHEN g.complete THEN 'complete' WHEN g.countable = 0 THEN 'not_applicable' ELSE 'pending' END AS state, t.grade,
    g.by_quota, {shown("g.full_marks")} AS full_marks
FROM graded g JOIN base b USING (unit) LEFT JOIN titles t USING (grade_rank)"""
    landing = f"""SELECT grp AS "group", unit, indicator, node,
    CASE WHEN points_low = points_high THEN {shown("points_low")} END AS points,
    {shown("points_low")} AS points_low, {shown("points_high")} AS points_high
FROM landed WHERE points_low IS DISTINCT FROM 0 OR points_high <> 0"""
    return [
        Query("node_score", "每个单位每个一级指标一行", node, "detail"),
        Query("unit_score", "每个单位一行：总分、等次、已计项数", score, "detail"),
        Query("landing", "扣到一级指标或总分的失分，每笔一行", landing, "detail"),
        _adjustments(rubric),
    ]


def ranking(rubric: Rubric) -> Query:
    """Places with totals and grades as people read them: the last step of scoring."""
    total = decimals_of(rubric, "total")
    grades = _titles(rubric)
    select = f"""WITH titles AS (
{grades}
)
SELECT p.grp AS "group", p.unit, p.place, p.tied, {shown("p.total", total)} AS total,
    {shown("p.total_low", total)} AS total_low, {shown("p.total_high", total)} AS total_high,
    t.grade, p.by_quota, p.quota_open, p.unranked, p.no_awards, p.provisional, p.best_place, p.worst_place, {shown("p.to_next", total)} AS to_next,
    p.counted, p.countable,
    CASE WHEN p.stopped THEN 'stopped' WHEN p.complete THEN 'complete' WHEN p.countable = 0 THEN 'not_applicable' ELSE 'pending' END AS state,
    v.place AS previous_place, v.total AS previous_total
FROM placed p JOIN assessed a USING (unit) LEFT JOIN titles t USING (grade_rank)
LEFT JOIN previous_ranking v ON v.unit = p.unit
ORDER BY p.grp, p.place NULLS LAST, p.total_high DESC, a.position"""
    return Query("ranking", "每个单位一行：名次、与上一名的差距、上年名次", select)


def _titles(rubric: Rubric) -> str:
    return values_table("t", ["grade_rank", "grade"], [(i, g.title) for i, g in enumerate(rubric.spec.grades)])


def _adjustments(rubric: Rubric) -> Query:
    """Everything between Σ items and the total, so that Σ items + landings + adjustments = total at each end."""
    levels = """
    -- what is put together otherwise than as a sum, or scaled up within a section; and what the section above does not get
    SELECT unit, grp, 'section_takes' AS kind, section AS adjustment, 0 AS step, whole_low - raw_low AS low,
        whole_high - raw_high AS high, 0::HUGEINT AS withheld
    FROM node WHERE NOT hidden AND (whole_low IS DISTINCT FROM raw_low OR whole_high IS DISTINCT FROM raw_high)
    UNION ALL
    SELECT unit, grp, 'section_weight', section, 1, given_low - low, given_high - high, 0
    FROM node WHERE NOT hidden AND (given_low IS DISTINCT FROM low OR given_high IS DISTINCT FROM high)
    UNION ALL""" if has_levels(rubric) else ""  # fmt: skip
    select = f"""WITH extra AS (
    {extra_rows(rubric)}
), steps AS ({levels}
    -- a section held within its limits, or rounded
    SELECT unit, grp, 'section_limit' AS kind, section AS adjustment, 1 AS step, low - sum_low AS low,
        high - sum_high AS high, 0::HUGEINT AS withheld
    FROM node WHERE low IS DISTINCT FROM sum_low OR high IS DISTINCT FROM sum_high
    UNION ALL
    SELECT unit, grp, 'rescale', 'rescale', 2, low - sum_low, high - sum_high, 0 FROM base WHERE left_out > 0
    UNION ALL
    SELECT unit, grp, kind, adjustment, 3 + position, low, high, withheld FROM extra
    WHERE kind <> 'veto' AND (low IS DISTINCT FROM 0 OR high IS DISTINCT FROM 0 OR withheld <> 0)
    UNION ALL
    SELECT unit, grp, 'total_limit', 'total_limit', 900, within_low - added_low, within_high - added_high, 0
    FROM before_veto WHERE within_low IS DISTINCT FROM added_low OR within_high IS DISTINCT FROM added_high
    UNION ALL
    SELECT unit, grp, 'rounding', 'rounding', 901, rounded_low - within_low, rounded_high - within_high, 0
    FROM before_veto WHERE rounded_low <> within_low OR rounded_high <> within_high
    UNION ALL
    -- the first veto of a unit carries what all of them take away
    SELECT x.unit, x.grp, 'veto', x.adjustment, 902 + x.position,
        CASE WHEN x.adjustment = first_one THEN g.total_low - g.rounded_low ELSE 0 END,
        CASE WHEN x.adjustment = first_one THEN g.total_high - g.rounded_high ELSE 0 END, 0
    FROM (SELECT *, first(adjustment ORDER BY position) OVER (PARTITION BY unit) AS first_one
          FROM extra WHERE kind = 'veto' AND holds IS DISTINCT FROM FALSE) x
    JOIN settled g USING (unit)
)
SELECT s.grp AS "group", s.unit, s.adjustment, s.kind, s.step,
    CASE WHEN s.low = s.high THEN {shown("s.low")} END AS points, {shown("s.low")} AS points_low,
    {shown("s.high")} AS points_high, {shown("s.withheld")} AS withheld, h.holds
FROM steps s LEFT JOIN extra h ON h.unit = s.unit AND h.adjustment = s.adjustment AND s.kind = 'veto'
ORDER BY s.grp, s.unit, s.step"""
    return Query("adjustment", "每个单位每次加减一行，使 指标得分 + 落到别处的失分 + 加减 = 总分", select, "detail")

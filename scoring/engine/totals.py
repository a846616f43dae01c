"""Compiles totals and grades: base + bonus − penalty − losses, limits, rounding, veto, grade, quota. All in SQL.

Amounts are whole numbers in 10^-12 points. Each has a lower and an upper end, equal where everything is known;
NULL is an end without limit.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.engine.amounts import rounding_sql, units_of
from scoring.engine.extras import extra_rows
from scoring.engine.landings import lands_elsewhere
from scoring.rubric import Rubric
from scoring.rubric.model import Grade, Veto
from scoring.sql.exact import Quantity
from scoring.sql.text import Query, values_table


def compile_totals(rubric: Rubric) -> list[Query]:
    """From the base to total and grade of each unit."""
    return [_before_veto(rubric), _settled(rubric), *_quotas(rubric)]


def _before_veto(rubric: Rubric) -> Query:
    """base + bonus − penalty − losses that land on the total, within the rubric's limits, rounded."""
    limits = rubric.spec.total
    least = units_of(limits.at_least) if limits.at_least is not None else None
    most = units_of(limits.at_most) if limits.at_most is not None else None

    def within(side: str, end: int | None) -> str:
        text = side
        if most is not None:
            text = f"least({most}, {text})"
        if least is not None:
            text = f"greatest({least}, {text})"
        return f"CASE WHEN {side} IS NULL THEN {end if end is not None else 'NULL'} ELSE {text} END"

    losses = joined = ""
    added = ("", "")
    if lands_elsewhere(rubric):
        losses = """losses AS (
    SELECT unit, CASE WHEN count(*) = count(points_low) THEN sum(points_low)::HUGEINT END AS low,
        sum(points_high)::HUGEINT AS high
    FROM landed WHERE node = 'total' GROUP BY unit
), """
        joined = " LEFT JOIN losses l USING (unit)"
        added = (" + CASE WHEN l.unit IS NULL THEN 0 ELSE l.low END", " + coalesce(l.high, 0)")
    select = f"""WITH extra AS (
    {extra_rows(rubric)}
), extras AS (
    SELECT unit, CASE WHEN count(*) = count(low) THEN sum(low)::HUGEINT END AS low,
        CASE WHEN count(*) = count(high) THEN sum(high)::HUGEINT END AS high
    FROM extra GROUP BY unit
), {losses}summed AS (
    SELECT b.*, b.low + CASE WHEN x.unit IS NULL THEN 0 ELSE x.low END{added[0]} AS added_low,
        b.high + CASE WHEN x.unit IS NULL THEN 0 ELSE x.high END{added[1]} AS added_high
    FROM base b LEFT JOIN extras x USING (unit){joined}
), limited AS (
    SELECT *, ({within("added_low", least)})::HUGEINT AS within_low, ({within("added_high", most)})::HUGEINT AS within_high
    FROM summed
)
SELECT *, ({rounding_sql("within_low", rubric.spec.rounding.total)})::HUGEINT AS rounded_low,
    ({rounding_sql("within_high", rubric.spec.rounding.total)})::HUGEINT AS rounded_high
FROM limited"""
    return Query("before_veto", "每个单位一行：否决之前的总分", select)


def _settled(rubric: Rubric) -> Query:
    """The total after vetoes, what places are decided by, and the grade by score (before quota)."""
    steps, joins = [], []
    forced, undecided, counted = "NULL::INTEGER", "FALSE", "b.counted"
    low, high = "b.rounded_low", "b.rounded_high"
    vetoes = [one for one in rubric.spec.adjustments if isinstance(one, Veto)]
    if vetoes:
        steps += _vetoes(rubric, vetoes)
        joins.append(" LEFT JOIN vetoes v USING (unit)")
        forced, undecided = "v.forced_rank", "coalesce(v.undecided, FALSE)"
        low = "CASE WHEN v.top_if_possible < b.rounded_low THEN v.top_if_possible ELSE b.rounded_low END"
        high = "least(v.top_if_true, b.rounded_high)"  # least() leaves a NULL aside: no veto, or no limit
    if lands_elsewhere(rubric):
        steps.append("""open_losses AS (
    -- a loss that lands elsewhere and is not known yet leaves its item uncounted
    SELECT unit, count(DISTINCT indicator) AS items
    FROM landed WHERE item_known AND points_low IS DISTINCT FROM points_high GROUP BY unit
)""")
        joins.append(" LEFT JOIN open_losses o USING (unit)")
        counted = "b.counted - coalesce(o.items, 0)"
    steps.append(f"""ends AS (
    SELECT b.* EXCLUDE (counted), {forced} AS forced_rank, {undecided} AS veto_undecided, {counted} AS counted,
        {low} AS total_low,
        {high} AS total_high
    FROM before_veto b{"".join(joins)}
)""")
    steps.append(f"""decided AS (
    SELECT *, coalesce(total_low = total_high, FALSE) AND NOT veto_undecided AS complete,
        {_key(rubric, "low")} AS key_low, {_key(rubric, "high")} AS key_high
    FROM ends
)""")
    select = f"""WITH {", ".join(steps)}
SELECT *, CASE WHEN complete THEN total_low END AS total,
    CASE WHEN complete THEN {_grade_rank(rubric)} END AS grade_rank, FALSE AS by_quota, FALSE AS quota_open
FROM decided"""
    return Query("settled", "每个单位一行：总分（或范围）和按分数线的等次", select)


def _vetoes(rubric: Rubric, vetoes: Sequence[Veto]) -> list[str]:
    """CTEs that give each unit the hardest limits of the vetoes that hold, or may hold."""
    titles = [grade.title for grade in rubric.spec.grades]
    effects = [
        (
            one.code,
            units_of(one.effect.score_at_most) if one.effect.score_at_most is not None else None,
            titles.index(one.effect.grade) if one.effect.grade is not None else None,
        )
        for one in vetoes
    ]
    return [
        f"extra AS (\n    {extra_rows(rubric)}\n)",
        f"effect AS (\n{values_table('v', ['adjustment', 'score_at_most', 'grade_rank'], effects)}\n)",
        """vetoes AS (
    SELECT x.unit,
        min(CASE WHEN x.holds THEN e.score_at_most END) AS top_if_true,
        min(CASE WHEN x.holds IS DISTINCT FROM FALSE THEN e.score_at_most END) AS top_if_possible,
        max(CASE WHEN x.holds THEN e.grade_rank END) AS forced_rank,
        bool_or(x.holds IS NULL) AS undecided
    FROM extra x JOIN effect e USING (adjustment)
    GROUP BY x.unit
)""",
    ]


def _key(rubric: Rubric, side: str) -> str:
    """What places are decided by: the rounded total, or the total before its rounding."""
    if rubric.spec.rounding.places_by == "rounded":
        return f"total_{side}"
    return f"CASE WHEN total_{side} < rounded_{side} THEN total_{side} ELSE within_{side} END"


def _grade_rank(rubric: Rubric) -> str:
    if not rubric.spec.grades:
        return "NULL::INTEGER"
    cases = [
        f"WHEN total_low >= {units_of(grade.at_least)} THEN {rank}"
        for rank, grade in enumerate(rubric.spec.grades)
        if grade.at_least is not None
    ]
    by_score = f"CASE {' '.join(cases)} ELSE {len(rubric.spec.grades) - 1} END" if cases else "0"
    return f"greatest({by_score}, coalesce(forced_rank, 0))"


def _quotas(rubric: Rubric) -> list[Query]:
    """Grades with a quota, from the best down; surplus takes the next grade. Not while a unit is undecided."""
    limited = [(rank, grade) for rank, grade in enumerate(rubric.spec.grades) if grade.quota is not None]
    if not limited:
        return [Query("graded", "每个单位一行：等次取定（没有名额限制）", "SELECT * FROM settled")]
    queries: list[Query] = []
    source = "settled"
    for rank, grade in limited:
        name = f"grade__{rank + 1}" if rank != limited[-1][0] else "graded"
        queries.append(Query(name, f"每个单位一行：“{grade.title}”按名额取定", _quota(grade, rank, source)))
        source = name
    return queries


def _quota(grade: Grade, rank: int, source: str) -> str:
    assert grade.quota is not None
    places = Quantity.atom("ranked", 0, 10**6) * Quantity.constant(grade.quota.share)
    number = {
        "down": f"({places.num.sql()}) // ({places.den.sql()})",
        "up": places.ceiling(),
        "half_up": places.rounded(0),
    }[grade.quota.round]
    counted = "count(*)" if grade.quota.tie == "out" else "rank()"  # with peers, or without
    return f"""WITH sizes AS (
    SELECT grp, count(*) AS ranked, count_if(NOT complete) AS undecided FROM {source} WHERE countable > 0 GROUP BY grp
), ordered AS (
    SELECT unit, grp, {counted} OVER (PARTITION BY grp ORDER BY key_low DESC) AS position
    FROM {source} WHERE grade_rank = {rank}
), outside AS (
    -- while units are undecided nobody loses a grade by quota; who may still lose it is marked
    SELECT o.unit, z.undecided FROM ordered o JOIN sizes z USING (grp) WHERE o.position + z.undecided > {number}
)
SELECT s.* EXCLUDE (grade_rank, by_quota, quota_open),
    CASE WHEN x.undecided = 0 THEN {rank + 1} ELSE s.grade_rank END AS grade_rank,
    s.by_quota OR coalesce(x.undecided = 0, FALSE) AS by_quota, s.quota_open OR coalesce(x.undecided > 0, FALSE) AS quota_open
FROM {source} s LEFT JOIN outside x USING (unit)"""

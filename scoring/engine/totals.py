"""Compiles totals and grades: base + bonus − penalty − losses, limits, rounding, veto, grade, quota. All in SQL.

Amounts are whole numbers in 10^-12 points. Each has a lower and an upper end, equal where everything is known;
NULL is an end without limit.
"""

from __future__ import annotations

from scoring.engine.amounts import rounding_sql, units_of
from scoring.engine.extras import extra_rows
from scoring.engine.landings import lands_elsewhere
from scoring.engine.places import tie_breakers
from scoring.engine.vetoes import VetoSteps, grade_by_score, line_of, lowered, veto_steps
from scoring.expressions.figures import condition
from scoring.rubric import Rubric
from scoring.rubric.settings import Names
from scoring.sql.exact import Quantity
from scoring.sql.text import Query, literal


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
    veto, conditions = veto_steps(rubric), _conditions(rubric)
    steps, joins, counted = [*veto.steps], veto.join, "b.counted"
    if lands_elsewhere(rubric):
        steps.append("""open_losses AS (
    -- a loss that lands elsewhere and is not known yet leaves its item uncounted
    SELECT unit, count(DISTINCT indicator) AS items
    FROM landed WHERE item_known AND points_low IS DISTINCT FROM points_high GROUP BY unit
)""")
        joins += " LEFT JOIN open_losses o USING (unit)"
        counted = "b.counted - coalesce(o.items, 0)"
    steps.append(f"""ends AS (
    SELECT b.* EXCLUDE (counted), {veto.columns}, {counted} AS counted,
        {veto.low} AS total_low,
        {veto.high} AS total_high
    FROM before_veto b{joins}
)""")
    if veto.lowers:
        steps.append(f"""lowered AS (
    SELECT * EXCLUDE (total_low, total_high), {lowered(rubric, "low")} AS total_low, {lowered(rubric, "high")} AS total_high
    FROM ends
)""")
    steps.append(f"""decided AS (
    SELECT *, coalesce(total_low = total_high, FALSE) AND NOT veto_undecided AND NOT stopped AS complete,
        {_key(rubric, "low")} AS key_low, {_key(rubric, "high")} AS key_high
    FROM {"lowered" if veto.lowers else "ends"}
)""")
    source = "decided"
    if conditions:
        steps.append(f"fulfils AS (\n{conditions}\n)")
        source = "decided JOIN fulfils USING (unit)"
    steps.append(f"""scored AS (
    SELECT *, {_rank_by_score(rubric)} AS rank_by_score FROM {source}
)""")
    known = "complete OR stopped" if veto.join else "complete"
    select = f"""WITH {", ".join(steps)}
SELECT * EXCLUDE (rank_by_score), CASE WHEN complete THEN total_low END AS total,
    CASE WHEN {known} THEN {_grade_rank(rubric, veto)} END AS grade_rank, FALSE AS by_quota, FALSE AS quota_open
FROM scored"""
    return Query("settled", "每个单位一行：总分（或范围）和按分数线的等次", select)


def _conditions(rubric: Rubric) -> str:
    """SELECT of what each unit fulfils of the grades' side conditions, by number of the grade; empty where none has any."""
    grades = rubric.spec.grades
    if not any(grade.only_if is not None for grade in grades):
        return ""
    pieces = []
    for group in rubric.groups:
        names = Names(rubric.measures, rubric.forms, group)
        tests = [condition(one.only_if.tree, names.figure) if one.only_if is not None else "TRUE" for one in grades]
        listed = ", ".join(f"({test})" for test in tests)
        pieces.append(f"    SELECT unit, [{listed}]::BOOLEAN[] AS ok FROM facts WHERE grp = {literal(group)}")
    return "\n    UNION ALL\n".join(pieces)


def _key(rubric: Rubric, side: str) -> str:
    """What places are decided by: the rounded total, or the total before its rounding."""
    if rubric.spec.rounding.places_by == "rounded":
        return f"total_{side}"
    return f"CASE WHEN total_{side} = rounded_{side} THEN within_{side} ELSE total_{side} END"


def _rank_by_score(rubric: Rubric) -> str:
    """The best grade whose limit and side condition are met; NULL where a condition is undecided."""
    grades = rubric.spec.grades
    if not grades:
        return "NULL::INTEGER"
    cases = []
    for rank, grade in enumerate(grades):
        if grade.at_least is None:
            continue
        reached = f"total_low >= {line_of(grade)}"
        if grade.only_if is None:
            cases.append(f"WHEN {reached} THEN {rank}")
        else:
            cases += [f"WHEN {reached} AND ok[{rank + 1}] THEN {rank}", f"WHEN {reached} AND ok[{rank + 1}] IS NULL THEN NULL"]
    return f"CASE {' '.join(cases)} ELSE {len(grades) - 1} END" if cases else str(len(grades) - 1)


def _grade_rank(rubric: Rubric, veto: VetoSteps) -> str:
    """The grade after vetoes. (least and greatest would leave a NULL aside.)"""
    last = len(rubric.spec.grades) - 1
    if not veto.join or last < 0:
        return "rank_by_score"
    before = f"CASE WHEN down > 0 THEN {grade_by_score(rubric, 'rounded_low')} + down ELSE 0 END"
    lowered = f"least({last}, greatest(rank_by_score, {before}, coalesce(forced_rank, 0)))"
    lowered = _from(rubric, lowered)
    return f"CASE WHEN stopped THEN greatest({last}, coalesce(forced_rank, 0)) WHEN rank_by_score IS NOT NULL THEN {lowered} END"


def _from(rubric: Rubric, rank: str) -> str:
    """The grade of that number, or the next lower one whose side condition the unit fulfils; NULL where that is open."""
    grades = rubric.spec.grades
    if all(grade.only_if is None for grade in grades):
        return rank
    cases = []
    for number, grade in enumerate(grades[:-1]):
        here = f"WHEN {rank} <= {number}"
        if grade.only_if is None:
            cases.append(f"{here} THEN {number}")
        else:
            cases += [f"{here} AND ok[{number + 1}] THEN {number}", f"{here} AND ok[{number + 1}] IS NULL THEN NULL"]
    return f"CASE {' '.join(cases)} ELSE {len(grades) - 1} END"


def _quotas(rubric: Rubric) -> list[Query]:
    """Grades with a quota, from the best down; surplus takes the next grade. Not while a unit is undecided."""
    limited = [(rank, grade) for rank, grade in enumerate(rubric.spec.grades) if grade.quota is not None]
    if not limited:
        return [Query("graded", "每个单位一行：等次取定（没有名额限制）", "SELECT * FROM settled")]
    queries: list[Query] = []
    source = "settled"
    for rank, grade in limited:
        name = f"grade__{rank + 1}" if rank != limited[-1][0] else "graded"
        queries.append(Query(name, f"每个单位一行：“{grade.title}”按名额取定", _quota(rubric, rank, source)))
        source = name
    return queries


def _quota(rubric: Rubric, rank: int, source: str) -> str:
    grade = rubric.spec.grades[rank]
    assert grade.quota is not None
    if grade.quota.share is None:
        return _limited_to(rubric, rank, source, str(grade.quota.units))
    places = Quantity.atom("ranked", 0, 10**6) * Quantity.constant(grade.quota.share)
    number = {
        "down": f"({places.num.sql()}) // ({places.den.sql()})",
        "up": places.ceiling(),
        "half_up": places.rounded(0),
    }[grade.quota.round]
    return _limited_to(rubric, rank, source, number)


def _limited_to(rubric: Rubric, rank: int, source: str, number: str) -> str:
    """At most `number` (SQL) units of a group keep the grade; ties are those of the places."""
    quota = rubric.spec.grades[rank].quota
    assert quota is not None
    counted = "count(*)" if quota.tie == "out" else "rank()"  # with peers, or without
    joins, order = tie_breakers(rubric)
    return f"""WITH sizes AS (
    SELECT grp, count(*) AS ranked, count_if(NOT complete) AS undecided FROM {source} WHERE countable > 0 AND NOT unranked GROUP BY grp
), ordered AS (
    SELECT g.unit, g.grp, {counted} OVER (PARTITION BY g.grp ORDER BY {order}) AS position
    FROM {source} g{joins} WHERE g.grade_rank = {rank} AND NOT g.unranked
), outside AS (
    -- while units are undecided nobody loses a grade by quota; who may still lose it is marked
    SELECT o.unit, z.undecided FROM ordered o JOIN sizes z USING (grp) WHERE o.position + z.undecided > {number}
)
SELECT s.* EXCLUDE (grade_rank, by_quota, quota_open),
    CASE WHEN x.undecided = 0 THEN {_from(rubric, str(rank + 1))} ELSE s.grade_rank END AS grade_rank,
    s.by_quota OR coalesce(x.undecided = 0, FALSE) AS by_quota, s.quota_open OR coalesce(x.undecided > 0, FALSE) AS quota_open
FROM {source} s LEFT JOIN outside x USING (unit)"""

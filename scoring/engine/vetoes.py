"""Compiles what vetoes do to a unit: its score, its grade, whether it is ranked, whether it may be commended.

A veto that may hold (its condition undecided) counts for the lower end of the total only. Order, as the clauses
have it: points lost, score forced, score limited, then grade; a grade lowered may take the score with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.engine.amounts import SCALE, units_of
from scoring.engine.extras import extra_rows
from scoring.rubric import Rubric
from scoring.rubric.model import Grade, Veto
from scoring.sql.text import literal, values_table


@dataclass(frozen=True)
class VetoSteps:
    """CTEs, the join and the columns that the totals take from them."""

    steps: tuple[str, ...] = ()
    join: str = ""
    low: str = "b.rounded_low"
    high: str = "b.rounded_high"
    columns: str = (
        "NULL::INTEGER AS forced_rank, 0 AS down, 0 AS down_possible, FALSE AS down_caps, FALSE AS veto_undecided, "
        "FALSE AS stopped, FALSE AS unranked, FALSE AS no_awards"
    )
    lowers: bool = False


def veto_steps(rubric: Rubric) -> VetoSteps:
    """What the totals need to know of the vetoes of a rubric."""
    vetoes = [one for one in rubric.spec.adjustments if isinstance(one, Veto)]
    if not vetoes:
        return VetoSteps()
    steps = (f"extra AS (\n    {extra_rows(rubric)}\n)", f"effect AS (\n{_effects(rubric, vetoes)}\n)", _VETOES)
    columns = (
        "v.forced_rank, coalesce(v.down, 0) AS down, coalesce(v.down_possible, 0) AS down_possible, "
        "coalesce(v.down_caps, FALSE) AS down_caps, coalesce(v.undecided, FALSE) AS veto_undecided, "
        "coalesce(v.stopped, FALSE) AS stopped, coalesce(v.unranked, FALSE) AS unranked, "
        "coalesce(v.no_awards, FALSE) AS no_awards"
    )
    low, high = _ends(rubric, vetoes)
    lowers = any(one.effect.grade_down for one in vetoes)
    return VetoSteps(steps, " LEFT JOIN vetoes v USING (unit)", low, high, columns, lowers)


def _effects(rubric: Rubric, vetoes: Sequence[Veto]) -> str:
    titles = [grade.title for grade in rubric.spec.grades]
    names = ["adjustment", "lose", "score", "score_at_most", "grade_rank", "grade_down", "caps", "stops", "unranks",
             "bars_awards", "decides"]  # fmt: skip
    rows = []
    for one in vetoes:
        effect = one.effect
        rows.append((
            one.code,
            units_of(effect.lose) if effect.lose is not None else None,
            units_of(effect.score) if effect.score is not None else None,
            units_of(effect.score_at_most) if effect.score_at_most is not None else None,
            titles.index(effect.grade) if effect.grade is not None else None,
            effect.grade_down,
            effect.within_grade,
            effect.stop,
            effect.unranked or effect.stop,
            effect.no_awards,
            effect.touches_score,
        ))  # fmt: skip
    return values_table("v", names, rows)


_VETOES = """vetoes AS (
    SELECT x.unit,
        sum(CASE WHEN x.holds THEN e.lose END)::HUGEINT AS lose_if_true,
        sum(CASE WHEN x.holds IS DISTINCT FROM FALSE THEN e.lose END)::HUGEINT AS lose_if_possible,
        min(CASE WHEN x.holds THEN e.score END) AS score_if_true,
        min(CASE WHEN x.holds IS DISTINCT FROM FALSE THEN e.score END) AS score_if_possible,
        min(CASE WHEN x.holds THEN e.score_at_most END) AS top_if_true,
        min(CASE WHEN x.holds IS DISTINCT FROM FALSE THEN e.score_at_most END) AS top_if_possible,
        max(CASE WHEN x.holds THEN e.grade_rank END) AS forced_rank,
        sum(CASE WHEN x.holds THEN e.grade_down ELSE 0 END)::BIGINT AS down,
        sum(CASE WHEN x.holds IS DISTINCT FROM FALSE THEN e.grade_down ELSE 0 END)::BIGINT AS down_possible,
        bool_or(x.holds IS DISTINCT FROM FALSE AND e.caps) AS down_caps,
        bool_or(x.holds IS NULL AND e.decides) AS undecided,
        bool_or(x.holds IS TRUE AND e.stops) AS stopped,
        bool_or(x.holds IS TRUE AND e.unranks) AS unranked,
        bool_or(x.holds IS TRUE AND e.bars_awards) AS no_awards
    FROM extra x JOIN effect e USING (adjustment)
    GROUP BY x.unit
)"""


def _ends(rubric: Rubric, vetoes: Sequence[Veto]) -> tuple[str, str]:
    """SQL of both ends of the total after lost points, forced and limited scores; steps nobody asks for are left out."""
    low, high = "b.rounded_low", "b.rounded_high"
    floor = rubric.spec.total.at_least
    if any(one.effect.lose is not None for one in vetoes):
        low, high = f"{low} - coalesce(v.lose_if_possible, 0)", f"{high} - coalesce(v.lose_if_true, 0)"
        if floor is not None:
            low, high = (f"CASE WHEN {end} < {units_of(floor)} THEN {units_of(floor)} ELSE {end} END" for end in (low, high))
    if any(one.effect.score is not None for one in vetoes):
        low = (
            f"CASE WHEN v.score_if_true IS NOT NULL THEN v.score_if_true "
            f"WHEN v.score_if_possible < {low} THEN v.score_if_possible ELSE {low} END"
        )
        high = (
            f"CASE WHEN v.score_if_true IS NOT NULL THEN v.score_if_true "
            f"WHEN v.score_if_possible > {high} THEN v.score_if_possible ELSE {high} END"
        )
    if any(one.effect.score_at_most is not None for one in vetoes):
        low = f"CASE WHEN v.top_if_possible < {low} THEN v.top_if_possible ELSE {low} END"
        high = f"least(v.top_if_true, {high})"  # least() leaves a NULL aside: no veto, or no limit
    return low, high


def lowered(rubric: Rubric, side: str) -> str:
    """SQL of one end of the total where a grade lowered limits the score to the top of the lower grade.

    Lower than the grade that the score had before the veto: an event that costs points too lowers it once (D82.2).
    """
    decimals = rubric.spec.rounding.total
    unit = 10 ** (SCALE - (decimals if decimals is not None else SCALE))
    down = "down_possible" if side == "low" else "down"
    by_score, total = grade_by_score(rubric, f"rounded_{side}"), f"total_{side}"
    tops = [
        f"WHEN {rank + 1} THEN {line_of(grade, -unit)}"
        for rank, grade in enumerate(rubric.spec.grades)
        if grade.at_least is not None
    ]
    last = len(rubric.spec.grades) - 1
    cap = f"CASE least({last}, {by_score} + {down}) {' '.join(tops)} END"
    return f"CASE WHEN down_caps AND {down} > 0 THEN least({total}, {cap}) ELSE {total} END"


def line_of(grade: Grade, shift: int = 0) -> str:
    """SQL of the total from which a grade is given (and so many units more), which may differ by group."""
    assert grade.at_least is not None
    if grade.at_least.default is not None:
        return str(units_of(grade.at_least.default) + shift)
    cases = " ".join(f"WHEN {literal(code)} THEN {units_of(line) + shift}" for code, line in grade.at_least.by_group)
    return f"CASE grp {cases} END"


def grade_by_score(rubric: Rubric, total: str) -> str:
    """SQL of the number of the grade that a total has by the limits alone; 0 is the best."""
    cases = [
        f"WHEN {total} >= {line_of(grade)} THEN {rank}"
        for rank, grade in enumerate(rubric.spec.grades)
        if grade.at_least is not None
    ]
    return f"CASE {' '.join(cases)} ELSE {len(rubric.spec.grades) - 1} END" if cases else "0"

"""What stands between the base and the place: bonuses with their gates, penalties, vetoes, grades. Reads, adds nothing up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal

from scoring.expressions import Expr, names
from scoring.expressions.parse import Arithmetic, Compare, Logic, Name, Negative, Not, Number, walk
from scoring.insight.robustness.model import BestGrade, Bonus, Held, NotStudied, Rules
from scoring.insight.robustness.tree import Tree
from scoring.rubric import Rubric
from scoring.rubric.model import Bonus as BonusClause
from scoring.rubric.model import Grade, Quota, Veto
from scoring.sql.exact import half_up

Row = dict[str, Any]
_GATE_NODES = (Arithmetic, Compare, Logic, Name, Negative, Not, Number)


def bonuses_of(rubric: Rubric, group: str, rows: Iterable[Row]) -> tuple[Bonus, ...]:
    """What the unit gets, or would get if the gate were open."""
    clauses = {one.code: one for one in rubric.adjustments(group) if isinstance(one, BonusClause)}
    return tuple(_bonuses(clauses, rows))


def _bonuses(clauses: dict[str, BonusClause], rows: Iterable[Row]) -> Iterator[Bonus]:
    for row in rows:
        if row["kind"] != "bonus":
            continue
        clause = clauses[row["adjustment"]]
        points = Fraction(row["points_low"] or 0) or Fraction(row["withheld"] or 0)
        if clause.gate is None:
            yield Bonus(points, None)
        elif names(clause.gate.tree) == {"base"}:
            yield Bonus(points, _plain_gate(clause))
        elif "base" not in names(clause.gate.tree):
            yield Bonus(Fraction(row["points_low"] or 0), None)  # weights do not touch it
        else:
            told = f"{clause.clause}“{clause.title}”的加分条件把基础得分和别的数据项连在一起"
            raise NotStudied(told, "这样的加分还不能作分值变动的研究")


def _plain_gate(clause: BonusClause) -> Expr:
    assert clause.gate is not None
    if not all(isinstance(node, _GATE_NODES) for node in walk(clause.gate.tree)):
        raise NotStudied(f"{clause.clause}“{clause.title}”的加分条件用了函数", "这样的加分还不能作分值变动的研究")
    return clause.gate.tree


def penalty_of(rows: Iterable[Row]) -> Fraction:
    """Signed, of all penalties together."""
    return sum((Fraction(row["points_low"] or 0) for row in rows if row["kind"] == "penalty"), Fraction(0))


def held_of(rubric: Rubric, codes: Collection[str]) -> Held:
    """What the vetoes that hold do together."""
    effects = [one.effect for one in rubric.spec.adjustments if isinstance(one, Veto) and one.code in codes]
    titles = [grade.title for grade in rubric.spec.grades]
    lost = sum((Fraction(one.lose) for one in effects if one.lose is not None), Fraction(0))
    ranks = [titles.index(one.grade) for one in effects if one.grade is not None]
    return Held(
        lost,
        _least(one.score for one in effects),
        _least(one.score_at_most for one in effects),
        sum(one.grade_down for one in effects),
        any(one.within_grade for one in effects),
        max(ranks, default=0),
    )


def _least(points: Iterable[Decimal | None]) -> Fraction | None:
    return min((Fraction(one) for one in points if one is not None), default=None)


def rules_of(rubric: Rubric, group: str, tree: Tree, ranked: int, is_open: bool) -> Rules:
    """`ranked`: units with a place; `is_open`: others may still get one, so that no quota takes hold."""
    spec = rubric.spec
    return Rules(
        spec.rounding.section,
        spec.rounding.total,
        _fraction(spec.total.at_least),
        _fraction(spec.total.at_most),
        spec.rounding.places_by == "rounded",
        spec.places.ties == "1-1-2",
        tuple(_breaker(tree, code) for code in spec.places.break_by),
        tuple(_line(grade, group) for grade in spec.grades),
        _best(spec.grades, group, ranked, is_open),
        tree.reach,
    )


def _fraction(points: Decimal | None) -> Fraction | None:
    return None if points is None else Fraction(points)


def _breaker(tree: Tree, code: str) -> tuple[Literal["node", "item"], int]:
    if code in tree.node_of:
        return "node", tree.node_of[code]
    if code in tree.whole:
        return "item", tree.whole[code]
    raise NotStudied(f"并列时按“{code}”分先后，而它在“{tree.rubric.groups[tree.group].title}”没有满分", "请核对 places 的 break_by")


def _line(grade: Grade, group: str) -> Fraction | None:
    return None if grade.at_least is None else _fraction(grade.at_least.at(group))


def _best(grades: tuple[Grade, ...], group: str, ranked: int, is_open: bool) -> BestGrade | None:
    if not grades:
        return None
    best = grades[0]
    told = f"“{best.title}”另有条件，只看总分说不准" if best.only_if is not None else ""
    if best.quota is not None and is_open:
        told = told or f"还有单位总分未定，“{best.title}”有名额限制，现在数不出来"
    quota = _places(best.quota, ranked) if best.quota is not None else None
    return BestGrade(best.title, _line(best, group), quota, best.quota.tie if best.quota is not None else "out", told)


def _places(quota: Quota, ranked: int) -> int:
    if quota.share is None:
        return quota.units or 0
    exact = Fraction(quota.share) * ranked
    if quota.round == "half_up":
        return half_up(exact)
    return floor(exact) if quota.round == "down" else ceil(exact)

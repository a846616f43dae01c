"""Totals and places under given weights, exactly: whole numbers of 10^-12 points, in the order of the engine's tables.

The study uses it for draw 0, for weights that somebody states, and where a float lies too close to a tie or a rounding
edge. Points of an item are its earned fraction of the weight and not rounded again: they are counted in 10^-30 points, so
that units which are level under all weights stay level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from scoring.engine.amounts import SCALE
from scoring.expressions import Expr
from scoring.expressions.parse import Arithmetic, Compare, Logic, Name, Negative, Not, Number
from scoring.insight.robustness.linear import Linear, limit_of, reach_of, surplus_of
from scoring.insight.robustness.model import TOTAL, Held, NotStudied, Rules, Shares, Studied
from scoring.sql.exact import half_up

ONE = 10**SCALE
FINE = 10**30
_FINER = FINE // ONE
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True)
class Scored:
    """One unit, in 10^-12 points. `key`: what places are decided by, with the sections that break ties."""

    total: int
    key: tuple[int, ...]


def ranking_of(shares: Shares, weights: Sequence[Fraction]) -> tuple[list[Decimal], list[int]]:
    """Total and place of every unit under these weights. Raises NotStudied for weights that cannot be used."""
    weights = stated(shares, weights)
    found = scored(shares, weights, range(len(shares.units)))
    return [Decimal(one.total).scaleb(-SCALE) for one in found], places_of([one.key for one in found], shares.rules.dense)


def stated(shares: Shares, weights: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The weights as exact numbers, looked over. Raises NotStudied: one each, none negative, not all 0."""
    if len(weights) != len(shares.items):
        raise NotStudied(f"写了 {len(weights)} 个分值，而有 {len(shares.items)} 项", "请每项写一个分值")
    found = tuple(Fraction(one) for one in weights)
    negative = [item.title for item, weight in zip(shares.items, found, strict=True) if weight < 0]
    if negative:
        raise NotStudied(f"分值不能是负数：{'、'.join(negative)}", "不计分的写 0")
    if not any(found):
        raise NotStudied("各项分值都是 0，没有总分可排", "请至少给一项分值")
    return found


def places_of(keys: Sequence[tuple[int, ...]], dense: bool) -> list[int]:
    """Places from the best down; equal keys share one."""
    ordered = sorted(set(keys) if dense else keys, reverse=True)
    first: dict[tuple[int, ...], int] = {}
    for position, key in enumerate(ordered, 1):
        first.setdefault(key, position)
    return [first[key] for key in keys]


def scored(shares: Shares, weights: Sequence[Fraction], units: Iterable[int]) -> list[Scored]:
    """Total and key of some units, by index."""
    sizes = _Sizes(shares, weights)
    return [_scored(shares, sizes, shares.units[unit]) for unit in units]


class _Sizes:
    """What follows from the weights alone: own full marks of items, limits of nodes, what can be reached."""

    def __init__(self, shares: Shares, weights: Sequence[Fraction]) -> None:
        nodes = shares.nodes
        self.weights = weights
        self.own = [weight / nodes[item.node].scale for weight, item in zip(weights, shares.items, strict=True)]

        def at(linear: Linear | None, scale: Fraction) -> Fraction | None:
            return None if linear is None else linear.at(weights) / scale

        limits = [at(limit_of(shares, n), node.scale) for n, node in enumerate(nodes)]
        self.limit = [None if limit is None else half_up(limit * FINE) for limit in limits]
        self.surplus = [at(surplus_of(shares, n), node.scale) or Fraction(0) for n, node in enumerate(nodes)]
        self.reach = reach_of(shares).at(weights)


def _scored(shares: Shares, sizes: _Sizes, unit: Studied) -> Scored:
    rules = shares.rules
    points = [_product(own, earned) if earned else 0 for own, earned in zip(sizes.own, unit.earned, strict=True)]
    nodes = _nodes(shares, sizes, unit, points)
    left = _left(shares, sizes, unit) if any(unit.left) else 0
    base = _coarser(nodes[0])
    if left:
        rest = sizes.reach - left
        if rest <= 0:
            raise NotStudied(f"按这组分值，没有一项适用于{unit.title}", "请给适用于它的指标留一些分值")
        base = half_up(nodes[0] * sizes.reach / rest / _FINER)
    added = base + sum(half_up(one.points * ONE) for one in unit.bonuses if meets(one.gate, Fraction(base, ONE)))
    added += half_up(unit.penalty * ONE) + _coarser(_landed(shares, sizes, unit, TOTAL))
    within = _within(added, rules.at_least, rules.at_most)
    rounded = _rounded(within, rules.total_decimals)
    total = _after_veto(rounded, unit.held, rules)
    key = within if not rules.by_rounded and total == rounded else total
    breakers = (_coarser(nodes[index] if kind == "node" else points[index]) for kind, index in rules.break_by)
    return Scored(total, (key, *breakers))


def _product(own: Fraction, earned: Fraction) -> int:
    """half_up(own × earned × 10^30) without a Fraction in between: it is asked for every unit and item."""
    over, under = own.numerator * earned.numerator * FINE, own.denominator * earned.denominator
    return (2 * over + under) // (2 * under) if over >= 0 else -((under - 2 * over) // (2 * under))


def _coarser(fine: int) -> int:
    """From 10^-30 to 10^-12 points, half up."""
    return half_up(Fraction(fine, _FINER)) if fine % _FINER else fine // _FINER


def _nodes(shares: Shares, sizes: _Sizes, unit: Studied, points: Sequence[int]) -> list[int]:
    """Points of every node, held within its limits, in 10^-30."""
    found = [0] * len(shares.nodes)
    for number in reversed(range(len(shares.nodes))):
        node = shares.nodes[number]
        amount = sum(points[item] for item in node.items) + _landed(shares, sizes, unit, number)
        for below in node.below:
            share = shares.nodes[below].share
            amount += found[below] if share == 1 else half_up(found[below] * share / _FINER) * _FINER
        if number:
            amount = _rounded(max(0, amount), shares.rules.section_decimals, FINE)
            limit = sizes.limit[number]
            amount = amount if limit is None else min(amount, limit)
        found[number] = amount
    return found


def _left(shares: Shares, sizes: _Sizes, unit: Studied) -> Fraction:
    """What does not apply, in points of the base."""
    left = [Fraction(0)] * len(shares.nodes)
    for number in reversed(range(len(shares.nodes))):
        node = shares.nodes[number]
        out = sum((sizes.own[item] * unit.left[item] for item in node.items), Fraction(0))
        out += sum((left[below] * shares.nodes[below].share for below in node.below), Fraction(0))
        left[number] = max(Fraction(0), out - sizes.surplus[number])
    return left[0]


def _landed(shares: Shares, sizes: _Sizes, unit: Studied, node: int) -> int:
    """Losses and points without full marks that are added at a node, in 10^-30 of its own points."""
    if not unit.fixed and not unit.landed:
        return 0
    scale = Fraction(1) if node == TOTAL else shares.nodes[node].scale
    amount = sum((points for where, points in unit.fixed if where == node), Fraction(0))
    amount += sum((sizes.weights[item] * factor for where, item, factor in unit.landed if where == node), Fraction(0))
    return half_up(amount / scale * FINE) if amount else 0


def _within(points: int, least: Fraction | None, most: Fraction | None) -> int:
    if most is not None:
        points = min(half_up(most * ONE), points)
    return points if least is None else max(half_up(least * ONE), points)


def _rounded(points: int, decimals: int | None, one: int = ONE) -> int:
    if decimals is None:
        return points
    step: int = one // 10**decimals
    return half_up(Fraction(points, step)) * step


def _after_veto(rounded: int, held: Held, rules: Rules) -> int:
    total = rounded
    if held.lose:
        total -= half_up(held.lose * ONE)
        total = total if rules.at_least is None else max(total, half_up(rules.at_least * ONE))
    if held.score is not None:
        total = half_up(held.score * ONE)
    if held.score_at_most is not None:
        total = min(total, half_up(held.score_at_most * ONE))
    if held.within_grade and held.down:
        top = top_of_lower(rules, grade_of(rules, Fraction(rounded, ONE)) + held.down)
        total = total if top is None else min(total, half_up(top * ONE))
    return total


def grade_of(rules: Rules, total: Fraction) -> int:
    """Number of the grade by the limits alone; 0 is the best."""
    reached = (rank for rank, line in enumerate(rules.grade_lines) if line is not None and total >= line)
    return next(reached, max(0, len(rules.grade_lines) - 1))


def top_of_lower(rules: Rules, rank: int) -> Fraction | None:
    """The most a total may be in a grade that it was lowered to: one unit below the line of the grade above."""
    decimals = rules.total_decimals if rules.total_decimals is not None else SCALE
    line = rules.grade_lines[min(rank, len(rules.grade_lines) - 1) - 1]
    return None if line is None else line - Fraction(1, 10**decimals)


def meets(gate: Expr | None, base: Any) -> Any:
    """Whether a base meets the condition of a bonus. `base`: a Fraction, or an array of floats."""
    return gate is None or worked_out(gate, base)


def worked_out(tree: Expr, base: Any) -> Any:
    """A condition or a figure over `base` alone."""
    match tree:
        case Number(value):
            return Fraction(value) if isinstance(base, Fraction) else float(value)
        case Name():
            return base
        case Negative(item):
            return -worked_out(item, base)
        case Not(item):
            return worked_out(item, base) == False  # noqa: E712  (an array is turned round element by element)
        case Compare(operator, left, right):
            return _COMPARE[operator](worked_out(left, base), worked_out(right, base))
        case Logic(operator, left, right):
            ends = worked_out(left, base), worked_out(right, base)
            return ends[0] & ends[1] if operator == "and" else ends[0] | ends[1]
        case Arithmetic(operator, left, right):
            a, b = worked_out(left, base), worked_out(right, base)
            return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[operator]()
    raise AssertionError(tree)

"""What a rule of steps says of itself: which way it goes with each figure, its points at the threshold and one step off."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from scoring.expressions import Expr
from scoring.expressions.parse import Arithmetic, Number
from scoring.expressions.trend import SAME, UP, Trend
from scoring.expressions.words import amount, number, run_on
from scoring.rubric.rules.anchors import Anchor, Anchors, gets
from scoring.rubric.rules.deductions import LANDS
from scoring.rubric.rules.kind import Setting
from scoring.rubric.rules.tendency import RISES_AND_FALLS, along

if TYPE_CHECKING:
    from scoring.rubric.rules.steps import Side, Slope, Steps, Stretch

OUT_OF_LIMITS = "界限处的分值在最低、最高分之外，界限两边的方向要看数值"


def trend(rule: Steps, setting: Setting, figure: str) -> Trend:
    distance = setting.trend(rule.subject(), figure) + -setting.trend(rule.start_at(setting), figure)
    return along(_by_distance(rule, setting), distance)


def _by_distance(rule: Steps, setting: Setting) -> Trend:
    """How the points move as the figure rises from far below its threshold to far above."""
    base, (low, high) = rule.base(setting), rule.limits(setting)
    if (low is not None and base < low) or (high is not None and base > high):
        return Trend("none", OUT_OF_LIMITS)
    found = -_away(rule.stretches(setting, "below"))
    return found + _away(rule.stretches(setting, "above"))


def _away(stretches: list[Stretch]) -> Trend:
    """How the points move with the distance on one side."""
    found, reached = SAME, Decimal(0)
    for index, one in enumerate(stretches):
        if one.price:
            found += UP if one.price > 0 else -UP
        if one.slope.from_start and index:  # where it begins it counts the whole distance anew
            before = stretches[index - 1]
            jump = one.given(reached) - (before.before + before.whole)
            if jump:
                found += UP if jump > 0 else -UP
        reached = one.ends if one.ends is not None else reached
    return found if found.way != "none" else Trend("none", RISES_AND_FALLS)


def anchors(rule: Steps, setting: Setting) -> Anchors:
    return Anchors(tuple(_anchors(rule, setting)))


def _anchors(rule: Steps, setting: Setting) -> Iterator[Anchor]:
    start, base = rule.start_at(setting), rule.base(setting)
    low, high = rule.limits(setting)
    yield Anchor((_off(rule, start, Decimal(0)),), base, _note(rule, setting, Decimal(0), base))
    sides: tuple[Side, Side] = ("below", "above")
    for side in sides:
        slopes: tuple[Slope, ...] = getattr(rule, side)
        if not slopes:
            continue
        first = rule.stretches(setting, side)[0]
        if first.ends is not None and first.ends < first.each:
            continue
        points = base + first.price
        points = points if low is None else max(low, points)
        points = points if high is None else min(high, points)
        off = first.each if side == "above" else -first.each
        yield Anchor((_off(rule, start, off),), points, _note(rule, setting, off, points))


def _off(rule: Steps, start: Expr, off: Decimal) -> tuple[Expr, Decimal]:
    """The figure so far from the threshold; from a threshold that is a formula, the difference."""
    if isinstance(start, Number):
        return rule.subject(), start.value + off
    return Arithmetic("-", rule.subject(), start), off


def _note(rule: Steps, setting: Setting, off: Decimal, points: Decimal) -> str:
    start, thing = rule.start_at(setting), rule.thing(setting)
    subject = setting.words(rule.subject())
    if isinstance(start, Number):
        where = run_on(subject, "为", amount(start.value + off, thing), "的")
    elif off == 0:
        where = run_on(subject, "等于", setting.words(start), "的")
    else:
        where = run_on(subject, "比", setting.words(start), "高" if off > 0 else "低", amount(abs(off), thing), "的")
    if rule.lands_on == "item":
        return run_on(where, gets(points, setting.top))
    lost = rule.base(setting) - points
    return run_on(where, f"从{LANDS[rule.lands_on]}扣 {number(lost)} 分" if lost else "不扣分")

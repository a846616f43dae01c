"""What a rule of steps can have wrong in itself: limits that contradict each other, slopes out of order. Reckons nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from scoring.expressions.parse import Number
from scoring.expressions.words import number
from scoring.rubric.rules.kind import Findings, Setting, above_top, of_group
from scoring.source import Loc

if TYPE_CHECKING:
    from scoring.rubric.rules.steps import Slope, Steps


def check(rule: Steps, setting: Setting, findings: Findings) -> None:
    if not rule.below and not rule.above:
        findings.error((), "没有写高于或低于界限时怎样增减", "请写 below 或 above，例如 below: {each: 1, lose: 0.5}")
    if rule.points is None and setting.full is None:
        findings.error((), "没有满分，也没有写 points", "请写明达到界限时得几分")
    tree = rule.start_at(setting)
    for side in ("below", "above"):
        slopes: tuple[Slope, ...] = getattr(rule, side)
        for index, slope in enumerate(slopes):
            last, constant = index == len(slopes) - 1, isinstance(tree, Number)
            _check_slope(rule, (side, index), slope, last, constant, setting, findings)
        if isinstance(tree, Number):
            _check_order(side, slopes, tree.value, setting, findings)
    _check_limits(rule, setting, findings)


def _check_limits(rule: Steps, setting: Setting, findings: Findings) -> None:
    low, high = rule.limits(setting)
    if low is not None and high is not None and low > high:
        findings.error(("least",), f"最低 {number(low)} 分高于最高 {number(high)} 分", "请核对 least 和 most")
    base, lower = rule.base(setting), low if low is not None else Decimal(0)
    if rule.least is not None and high is not None and base < lower <= high:
        findings.error(("least",), f"最低 {number(lower)} 分高于界限处的 {number(base)} 分", "请核对 points 和 least")
    if rule.most is not None and high is not None and lower <= high < base:
        findings.error(("most",), f"最高 {number(high)} 分低于界限处的 {number(base)} 分", "请核对 points 和 most")
    elif high is not None and (above := above_top(setting, max(high, base))) is not None:
        told, fix = above
        loc: Loc = ("most",) if rule.most is not None else ()
        findings.warning(loc, f"最高 {number(max(high, base))} 分{told}", fix)
    if rule.lands_on != "item" and rule.most is not None:
        findings.error(("most",), "扣到别处的规则只扣分，不写 most", "请删去")


def _check_slope(
    rule: Steps, loc: Loc, slope: Slope, last: bool, constant: bool, setting: Setting, findings: Findings
) -> None:
    if (slope.lose is None) == (slope.gain is None):
        findings.error(loc, "每一段写 lose（扣）或 gain（加）中的一个", "例如 {each: 1, lose: 0.5}")
    if slope.gain is not None and rule.lands_on != "item":
        findings.error((*loc, "gain"), "扣到别处的规则只能扣分", "请改为 lose；加分另写一条规则")
    if setting.figure_at(slope.each) <= 0:
        told = f"{of_group(setting, slope.each)} each 须大于 0".strip()
        findings.error((*loc, "each"), told, "例如每 2 个百分点写 each: 2")
    if slope.until is not None and not constant:
        findings.error((*loc, "until"), "界限不是固定数字时不能分段", "请只写一段，或把 start 写成数字")
    if slope.until is None and not last:
        findings.error(loc, "后面还有一段，这一段要写明到哪里为止", "请写 until")


def _check_order(side: str, slopes: tuple[Slope, ...], start: Decimal, setting: Setting, findings: Findings) -> None:
    before = start
    for index, slope in enumerate(slopes):
        if slope.until is None:
            continue
        until = setting.figure_at(slope.until)
        if (until >= before) if side == "below" else (until <= before):
            told = "低于" if side == "below" else "高于"
            whose = of_group(setting, *(one.until for one in slopes))
            problem = f"{whose}这一段的终点须{told}它的起点 {number(before)}"
            findings.error((side, index, "until"), problem, "请按离界限由近到远排列")
        before = until

"""piecewise 折线: points on straight lines between given corners (patterns RATIO, RATIO_GATE, STEP in proportion).

Below the first corner `below` holds (default: the first corner's points), above the last `above`. A jump is
two corners at the same x: the second holds from x on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import Name
from scoring.expressions.words import amount, number, run_on
from scoring.rubric.points import Grouped, PriceField
from scoring.rubric.rules.kind import Branches, Direction, Findings, Part, RuleKind, Scored, Setting
from scoring.source import Exact, Loc, refusal
from scoring.sql.exact import Quantity


def _corner(value: object) -> object:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise refusal("每个点要写成 [指标值, 分值]", "例如 [60, 0]")
    return tuple(value)


Corner = Annotated[tuple[Exact, PriceField], BeforeValidator(_corner)]


class Piecewise(RuleKind):
    """Straight lines through the corners."""

    title_zh: ClassVar[str] = "折线"
    direction: ClassVar[Direction] = "none"  # up or down as the corners say

    kind: Literal["piecewise"]
    of: FormulaField | None = None
    straight: tuple[Corner, ...] = Field(min_length=2)
    below: PriceField | None = None
    above: PriceField | None = None

    def subject(self) -> Expr:
        return self.of.tree if self.of is not None else Name("value")

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        yield ("of",) if self.of is not None else (), self.subject()

    def _corners(self, setting: Setting) -> list[tuple[Decimal, Decimal]]:
        return [(x, setting.price(points)) for x, points in self.straight]

    def _end(self, setting: Setting, given: Grouped | None, corner: Decimal) -> Decimal:
        return setting.price(given) if given is not None else corner

    def scored(self, setting: Setting) -> Scored:
        x = setting.quantity(self.subject())
        corners = self._corners(setting)
        below = self._end(setting, self.below, corners[0][1])
        above = self._end(setting, self.above, corners[-1][1])
        branches: list[tuple[str | None, Quantity]] = []
        first, last = corners[0], corners[-1]
        if first[0] > 0 or x.num.low < 0:
            branches.append((x.compare("<", Quantity.constant(first[0])), Quantity.constant(below)))
        for (x0, y0), (x1, y1) in pairwise(corners):
            if x0 == x1:
                continue
            slope = Quantity.constant(y1 - y0) / Quantity.constant(x1 - x0)
            line = Quantity.constant(y0) + slope * (x - Quantity.constant(x0))
            if y0 == y1:
                line = Quantity.constant(y0)
            line = replace(line, never_negative=min(y0, y1) >= 0)
            branches.append((x.compare("<", Quantity.constant(x1)), line))
        if above != last[1]:
            branches.append((x.compare("=", Quantity.constant(last[0])), Quantity.constant(last[1])))
        branches.append((None, Quantity.constant(above)))
        values = [below, above, *(points for _, points in corners)]
        return Scored(Decimal(0), (_whole_part(setting, self.subject(), x, tuple(branches), values),))

    def check(self, setting: Setting, findings: Findings) -> None:
        xs = [x for x, _ in self.straight]
        for index in range(1, len(xs)):
            if xs[index] < xs[index - 1]:
                findings.error(("straight", index), "折线各点的指标值须由小到大", "请按指标值重新排列")
            if index > 1 and xs[index] == xs[index - 1] == xs[index - 2]:
                findings.error(("straight", index), "同一指标值最多写两个点", "请删去一个")
        if xs[0] == xs[-1]:
            findings.error(("straight",), "折线至少要有两个不同的指标值", "请补上另一个点")
        _check_limits(setting, [points for _, points in self.straight], findings, "straight")

    def words(self, setting: Setting) -> str:
        subject = self.subject()
        thing = setting.thing(subject.code) if isinstance(subject, Name) else ""
        corners = self._corners(setting)
        low, high = corners[0], corners[-1]

        def gives(*where: str, points: Decimal) -> str:
            return run_on(*where, f"得 {number(points)} 分")

        told = [gives(setting.words(subject), "达到", amount(high[0], thing), points=high[1])]
        if len(corners) == 2:
            span = run_on(amount(low[0], thing), "至", amount(high[0], thing), "之间")
            told.append(f"{span}按比例由 {number(low[1])} 分计到 {number(high[1])} 分")
        else:
            points = "、".join(gives(amount(x, thing), points=y) for x, y in corners[:-1])
            told.append(f"{points}，各点之间按比例计算")
        below = self._end(setting, self.below, low[1])
        if low[0] != 0 or below != low[1]:
            told.append(gives("低于", amount(low[0], thing), points=below))
        if self.above is not None:
            told.append(gives("高于", amount(high[0], thing), points=setting.price(self.above)))
        return "；".join(told)


def _whole_part(setting: Setting, tree: Expr, x: Quantity, branches: Branches, values: list[Decimal]) -> Part:
    needs = setting.needs(tree)
    unknown = setting.unknown(needs, x.guards)
    title = setting.words(tree)
    thing = setting.thing("value") if tree == Name("value") else ""
    return Part(title, branches, needs, unknown, min(values), max(values), x, thing, whole=True)


def _check_limits(setting: Setting, prices: list[Grouped], findings: Findings, key: str) -> None:
    full = setting.full
    for index, price in enumerate(prices):
        if price.groups and setting.group not in price.groups:
            findings.error((key, index), f"分值没有写明分组 {setting.group}", "请补上这个组的分值")
        elif full is not None and setting.price(price) > full:
            told = f"分值 {number(setting.price(price))} 高于满分 {number(full)}"
            findings.warning((key, index), told, "超出部分不计；如要超额得分请提高满分")

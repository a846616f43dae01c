"""piecewise 折线: points on straight lines between given corners (patterns RATIO, RATIO_GATE, STEP in proportion).

Below the first corner `below` holds (default: the first corner's points), above the last `above`. A jump is
two corners at the same x: the second holds from x on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import Name
from scoring.expressions.trend import Trend
from scoring.expressions.words import amount, number, run_on
from scoring.rubric.points import Grouped, PriceField, ThresholdField
from scoring.rubric.rules.anchors import Anchor, Anchors, gets
from scoring.rubric.rules.kind import (
    Branches,
    Findings,
    Part,
    RuleKind,
    Scored,
    Setting,
    above_top,
    of_group,
)
from scoring.rubric.rules.tendency import along, shape
from scoring.source import Loc, refusal
from scoring.sql.exact import Quantity


def _corner(value: object) -> object:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise refusal("每个点要写成 [指标值, 分值]", "例如 [60, 0]")
    return tuple(value)


Corners = tuple[Decimal, Decimal]
_Corner = tuple[ThresholdField, PriceField]
Corner = Annotated[_Corner, BeforeValidator(_corner, json_schema_input_type=_Corner)]


class Piecewise(RuleKind):
    """Straight lines through the corners."""

    title_zh: ClassVar[str] = "折线"

    kind: Literal["piecewise"]
    of: FormulaField | None = None
    straight: tuple[Corner, ...] = Field(min_length=2)
    below: PriceField | None = None
    above: PriceField | None = None

    def subject(self) -> Expr:
        return self.of.tree if self.of is not None else Name("value")

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        yield ("of",) if self.of is not None else (), self.subject()

    def _corners(self, setting: Setting) -> list[Corners]:
        return [(setting.figure_at(x), setting.price(points)) for x, points in self.straight]

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
        return Scored(Decimal(0), (whole_part(setting, self.subject(), x, tuple(branches), values),))

    def trend(self, setting: Setting, figure: str) -> Trend:
        points = [y for _, y in self._corners(setting)]
        below, above = self._end(setting, self.below, points[0]), self._end(setting, self.above, points[-1])
        return along(shape([below, *points, above]), setting.trend(self.subject(), figure))

    def anchors(self, setting: Setting) -> Anchors:
        subject, found = setting.words(self.subject()), []
        thing = setting.thing(node.code) if isinstance(node := self.subject(), Name) else ""
        for x, points in dict(self._corners(setting)).items():  # of two at the same x the second holds
            note = run_on(subject, "为", amount(x, thing), "的", gets(points, setting.top))
            found.append(Anchor(((self.subject(), x),), points, note))
        return Anchors(tuple(found))

    def check(self, setting: Setting, findings: Findings) -> None:
        xs = [setting.figure_at(x) for x, _ in self.straight]
        whose = of_group(setting, *(x for x, _ in self.straight))
        for index in range(1, len(xs)):
            if xs[index] < xs[index - 1]:
                findings.error(("straight", index), f"{whose}折线各点的指标值须由小到大", "请按指标值重新排列")
            if index > 1 and xs[index] == xs[index - 1] == xs[index - 2]:
                findings.error(("straight", index), f"{whose}同一指标值最多写两个点", "请删去一个")
        if xs[0] == xs[-1]:
            findings.error(("straight",), f"{whose}折线至少要有两个不同的指标值", "请补上另一个点")
        check_reach(setting, [points for _, points in self.straight], findings, "straight")

    def words(self, setting: Setting) -> str:
        subject = self.subject()
        thing = setting.thing(subject.code) if isinstance(subject, Name) else ""
        corners = self._corners(setting)
        below = self._end(setting, self.below, corners[0][1])
        above = self._end(setting, self.above, corners[-1][1])
        told = _Lines(thing, tuple(corners), below, above).told()
        return run_on(setting.words(subject), told)


@dataclass(frozen=True)
class _Lines:
    """Corners in words, the best end first."""

    thing: str
    corners: tuple[Corners, ...]
    below: Decimal
    above: Decimal

    def told(self) -> str:
        corners, below, above = list(self.corners), self.below, self.above
        while len(corners) > 1 and corners[-1][1] == corners[-2][1] == above:
            corners.pop()  # what is level with the end belongs to it
        while len(corners) > 1 and corners[0][1] == corners[1][1] == below:
            corners.pop(0)
        stretches = [self._stretch(one, two, corners) for one, two in pairwise(corners) if one[0] != two[0]]
        (x0, y0), (x1, y1) = corners[0], corners[-1]
        high = [run_on("达到", self._at(x1), gives(y1))]
        high += [run_on("高于", self._at(x1), gives(above))] if above != y1 else []
        low = [run_on("低于", self._at(x0), gives(below))] if x0 != 0 or below != y0 else []
        if above > below:
            return "；".join([*high, *reversed(stretches), *low])
        if not low or (below == y0 and x0 != 0):  # the best end is the low one
            low = [run_on("不高于" if x0 else "为", self._at(x0), gives(y0))]
        return "；".join([*low, *stretches, *high])

    def _stretch(self, one: Corners, two: Corners, corners: Sequence[Corners]) -> str:
        (x0, y0), (x1, y1) = one, two
        jumps = sum(x == x1 for x, _ in corners) > 1  # at its end another value holds
        span = run_on(self._at(x0), "至", self._at(x1), "之间")
        if jumps:
            span = run_on("达到", self._at(x0), "而不足", self._at(x1), "的")
        if y0 == y1:
            return f"{span}{gives(y0)}"
        return f"{span}按比例由 {number(y0)} 分计到 {number(y1)} 分"

    def _at(self, x: Decimal) -> str:
        return amount(x, self.thing)


def gives(points: Decimal) -> str:
    """得 6 分; 不得分 for none."""
    return f"得 {number(points)} 分" if points else "不得分"


def whole_part(setting: Setting, tree: Expr, x: Quantity, branches: Branches, values: list[Decimal]) -> Part:
    needs = setting.needs(tree)
    unknown = setting.unknown(needs, x.guards)
    title = setting.words(tree)
    thing = setting.thing("value") if tree == Name("value") else ""
    return Part(title, branches, needs, unknown, min(values), max(values), x, thing, whole=True)


def check_reach(setting: Setting, prices: Sequence[Grouped], findings: Findings, key: str) -> None:
    """Points that are more than the item can give."""
    for index, price in enumerate(prices):
        if (above := above_top(setting, setting.price(price))) is not None:
            told, fix = above
            findings.warning((key, index), f"分值 {number(setting.price(price))} {told}", fix)

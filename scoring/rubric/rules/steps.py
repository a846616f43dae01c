"""steps 增减: so many points at a threshold, less (or more) for each step below or above it (patterns STEP, OVER).

Points at the threshold are `points` (full marks unless said). A step is counted in proportion, or only when it is
whole (`whole_steps`). Slopes follow one another: the first runs `until` a figure, the next from there on; a slope
`from_start` counts the whole distance from the threshold once it is reached. The result stays within least and most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import Name
from scoring.expressions.parse import Number as NumberNode
from scoring.expressions.words import amount, number, run_on
from scoring.rubric.points import PriceField
from scoring.rubric.rules.counted import whole_steps
from scoring.rubric.rules.kind import Direction, Findings, Part, RuleKind, Scored, Setting
from scoring.source import Exact, Loc, Spec
from scoring.sql.exact import Quantity


class Slope(Spec):
    """`lose` or `gain` for each `each` of the figure, from where the slope before it ends."""

    each: Exact = Decimal(1)
    lose: PriceField | None = None
    gain: PriceField | None = None
    until: Exact | None = None
    whole_steps: bool = False
    from_start: bool = False


def _slopes(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


Side = Literal["below", "above"]
Slopes = Annotated[tuple[Slope, ...], BeforeValidator(_slopes)]


@dataclass(frozen=True)
class Stretch:
    """A slope at work: where it begins and ends, counted as a distance from the threshold, and its price (signed)."""

    slope: Slope
    begins: Decimal
    ends: Decimal | None
    price: Decimal
    before: Decimal  # points given (signed) by the slopes before it

    @property
    def whole(self) -> Decimal:
        """Points that the stretch gives from its beginning to its end."""
        assert self.ends is not None
        steps = (self.ends - self.begins) / self.slope.each
        return self.price * (steps.to_integral_value(rounding="ROUND_FLOOR") if self.slope.whole_steps else steps)


class Steps(RuleKind):
    """Points at a threshold, and what each step from it costs or brings."""

    title_zh: ClassVar[str] = "增减"
    direction: ClassVar[Direction] = "none"  # up or down as the slopes say

    kind: Literal["steps"]
    of: FormulaField | None = None
    start: FormulaField
    points: PriceField | None = None
    below: Slopes = ()
    above: Slopes = ()
    least: PriceField | None = None
    most: PriceField | None = None

    def subject(self) -> Expr:
        return self.of.tree if self.of is not None else Name("value")

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        yield ("of",) if self.of is not None else (), self.subject()
        yield ("start",), self.start.tree

    def base(self, setting: Setting) -> Decimal:
        return setting.price(self.points) if self.points is not None else setting.full or Decimal(0)

    def limits(self, setting: Setting) -> tuple[Decimal, Decimal | None]:
        """Least and most points. Unsaid: zero, and the points at the threshold unless a slope leads above them."""
        low = setting.price(self.least) if self.least is not None else Decimal(0)
        if self.most is not None:
            return low, setting.price(self.most)
        rises = any(slope.gain is not None for slope in (*self.below, *self.above))
        return low, setting.full if rises else self.base(setting)

    def stretches(self, setting: Setting, side: Side) -> list[Stretch]:
        found: list[Stretch] = []
        start = self.start.tree.value if isinstance(self.start.tree, NumberNode) else None
        begins, before = Decimal(0), Decimal(0)
        for slope in getattr(self, side):
            price = setting.price(slope.gain) if slope.gain is not None else -setting.price(slope.lose)
            ends = abs(slope.until - start) if slope.until is not None and start is not None else None
            if slope.from_start:
                found.append(Stretch(slope, Decimal(0), ends, price, Decimal(0)))
            else:
                found.append(Stretch(slope, begins, ends, price, before))
            if ends is not None:
                before = found[-1].before + found[-1].whole
                begins = ends
        return found

    def scored(self, setting: Setting) -> Scored:
        x, start = setting.quantity(self.subject()), setting.quantity(self.start.tree)
        base, (low, high) = Quantity.constant(self.base(setting)), self.limits(setting)
        branches: list[tuple[str | None, Quantity]] = []
        sides: tuple[tuple[Side, Quantity], ...] = (("below", start - x), ("above", x - start))
        for side, distance in sides:
            start_of_side = len(branches)
            for stretch in reversed(self.stretches(setting, side)):
                inside = distance.compare(">", Quantity.constant(self._reached(stretch, side, setting)))
                steps = (distance - Quantity.constant(stretch.begins)) / Quantity.constant(stretch.slope.each)
                if stretch.slope.whole_steps:
                    steps = whole_steps(steps)
                earned = base + Quantity.constant(stretch.before) + steps * Quantity.constant(stretch.price)
                if stretch.price < 0:
                    branches.append(
                        (f"{inside} AND {earned.compare('<=', Quantity.constant(low))}", Quantity.constant(low))
                    )
                elif high is not None:
                    top = Quantity.constant(high)
                    branches.append((f"{inside} AND {earned.compare('>=', top)}", top))
                if stretch.ends is not None and stretch.slope is getattr(self, side)[-1]:
                    # the last slope ends too: nothing more beyond it
                    beyond = distance.compare(">", Quantity.constant(stretch.ends))
                    branches.insert(start_of_side, (beyond, Quantity.constant(self._held(stretch, setting, low, high))))
                branches.append((inside, earned))
        branches.append((None, base))
        needs = setting.needs(self.subject(), self.start.tree)
        unknown = setting.unknown(needs, (*x.guards, *start.guards))
        title, least = setting.words(self.subject()), min(low, self.base(setting))
        part = Part(title, tuple(branches), needs, unknown, least, high, x, self._thing(setting), whole=True)
        return Scored(Decimal(0), (part,))

    def _held(self, stretch: Stretch, setting: Setting, low: Decimal, high: Decimal | None) -> Decimal:
        """Points at the end of the last slope, within the limits."""
        points = max(low, self.base(setting) + stretch.before + stretch.whole)
        return points if high is None else min(points, high)

    def _reached(self, stretch: Stretch, side: Side, setting: Setting) -> Decimal:
        """The distance at which a stretch begins to hold: where the one before it ends."""
        if not stretch.slope.from_start:
            return stretch.begins
        own = self.stretches(setting, side)
        ends = [other.ends for other in own[: own.index(stretch)] if other.ends is not None]
        return ends[-1] if ends else Decimal(0)

    def _thing(self, setting: Setting) -> str:
        return setting.thing("value") if self.of is None else ""

    def check(self, setting: Setting, findings: Findings) -> None:
        if not self.below and not self.above:
            findings.error(
                (), "没有写高于或低于界限时怎样增减", "请写 below 或 above，例如 below: {each: 1, lose: 0.5}"
            )
        if self.points is None and setting.full is None:
            findings.error((), "没有满分，也没有写 points", "请写明达到界限时得几分")
        constant = isinstance(self.start.tree, NumberNode)
        for side in ("below", "above"):
            slopes: tuple[Slope, ...] = getattr(self, side)
            for index, slope in enumerate(slopes):
                self._check_slope((side, index), slope, index == len(slopes) - 1, constant, findings)
            if constant:
                self._check_order(side, slopes, findings)
        low, high = self.limits(setting)
        if high is not None and low > high:
            findings.error(("least",), f"最低 {number(low)} 分高于最高 {number(high)} 分", "请核对 least 和 most")
        if setting.full is not None and high is not None and high > setting.full:
            told = f"最高 {number(high)} 分超过满分 {number(setting.full)} 分"
            findings.warning(("most",) if self.most is not None else (), told, "超出部分不计；如要超额得分请提高满分")

    def _check_slope(self, loc: Loc, slope: Slope, last: bool, constant: bool, findings: Findings) -> None:
        if (slope.lose is None) == (slope.gain is None):
            findings.error(loc, "每一段写 lose（扣）或 gain（加）中的一个", "例如 {each: 1, lose: 0.5}")
        if slope.each <= 0:
            findings.error((*loc, "each"), "each 须大于 0", "例如每 2 个百分点写 each: 2")
        if slope.until is not None and not constant:
            findings.error((*loc, "until"), "界限不是固定数字时不能分段", "请只写一段，或把 start 写成数字")
        if slope.until is None and not last:
            findings.error(loc, "后面还有一段，这一段要写明到哪里为止", "请写 until")

    def _check_order(self, side: str, slopes: tuple[Slope, ...], findings: Findings) -> None:
        assert isinstance(self.start.tree, NumberNode)
        before = self.start.tree.value
        for index, slope in enumerate(slopes):
            if slope.until is None:
                continue
            if (slope.until >= before) if side == "below" else (slope.until <= before):
                told = "低于" if side == "below" else "高于"
                findings.error(
                    (side, index, "until"), f"这一段的终点须{told}它的起点 {number(before)}", "请按离界限由近到远排列"
                )
            before = slope.until

    def words(self, setting: Setting) -> str:
        thing = self._thing(setting)
        start = setting.words(self.start.tree)
        if isinstance(self.start.tree, NumberNode):
            start = amount(self.start.tree.value, thing)
        verb = "达到" if self.below else "不高于"
        told = [run_on(setting.words(self.subject()), verb, start, "得", f"{number(self.base(setting))} 分")]
        for side, word in (("below", "低"), ("above", "高")):
            told += [self._slope_words(slope, word, thing, setting) for slope in getattr(self, side)]
        low, high = self.limits(setting)
        loses = any(slope.lose is not None for slope in (*self.below, *self.above))
        if loses:
            told.append("扣完为止" if low == 0 else f"最低得 {number(low)} 分")
        if any(slope.gain is not None for slope in (*self.below, *self.above)) and high is not None:
            told.append(f"最高得 {number(high)} 分")
        return "，".join(told)

    def _slope_words(self, slope: Slope, word: str, thing: str, setting: Setting) -> str:
        price = slope.gain if slope.gain is not None else slope.lose
        assert price is not None
        verb = "加" if slope.gain is not None else "扣"
        text = run_on(f"每{word}", amount(slope.each, thing), verb, setting.points_words(price))
        text += "（不足一档不计）" if slope.whole_steps else "（按比例计）"
        if slope.until is not None:
            text = run_on(text, "，到", amount(slope.until, thing), "为止")
        return text + ("（从界限起全部按此计）" if slope.from_start else "")

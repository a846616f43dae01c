"""steps 增减: so many points at a threshold, less (or more) for each step below or above it (patterns STEP, OVER).

Points at the threshold are `points` (full marks unless said). A step is counted in proportion, or only when it is
whole (`whole_steps`). Slopes follow one another: the first runs `until` a figure, the next from there on; a slope
`from_start` counts the whole distance from the threshold once it is reached. The result stays within least and most.

Beside another rule that starts from full marks, and where it lands elsewhere than on its item, it gives what it takes
or adds to the points at the threshold (`shift`), since the full marks are there once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from scoring.expressions import Expr
from scoring.expressions.field import WRITTEN, Formula, FormulaField, formula
from scoring.expressions.parse import Name, Negative
from scoring.expressions.parse import Number as NumberNode
from scoring.expressions.trend import Trend
from scoring.rubric.points import ByGroup, CapField, PriceField, Threshold, ThresholdField, or_by_group, read_by_group
from scoring.rubric.rules import steps_checks, steps_shape, steps_words
from scoring.rubric.rules.anchors import Anchors
from scoring.rubric.rules.counted import whole_steps
from scoring.rubric.rules.kind import (
    Branches,
    Findings,
    Part,
    RuleKind,
    Scored,
    Setting,
)
from scoring.source import Loc, Spec
from scoring.sql.exact import Quantity


class Starts(ByGroup[Formula]):
    """Where counting starts: a number or a formula."""


def _starts(value: Any) -> Any:
    return read_by_group(Starts, "界限", formula, value)


StartField = Annotated[Starts, BeforeValidator(_starts), or_by_group(WRITTEN)]


class Slope(Spec):
    """`lose` or `gain` for each `each` of the figure, from where the slope before it ends."""

    each: ThresholdField = Threshold(Decimal(1))
    lose: PriceField | None = None
    gain: PriceField | None = None
    until: ThresholdField | None = None
    whole_steps: bool = False
    from_start: bool = False


def _slopes(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


Side = Literal["below", "above"]
Slopes = Annotated[tuple[Slope, ...], BeforeValidator(_slopes, json_schema_input_type=Slope | tuple[Slope, ...])]


@dataclass(frozen=True)
class Stretch:
    """A slope at work: where it begins and ends, counted as a distance from the threshold, and its price (signed)."""

    slope: Slope
    each: Decimal
    begins: Decimal
    ends: Decimal | None
    price: Decimal
    before: Fraction  # points given (signed) by the slopes before it; a third of a point is exact too

    @property
    def whole(self) -> Fraction:
        """Points that the stretch gives from its beginning to its end."""
        assert self.ends is not None
        return self.given(self.ends)

    def given(self, distance: Decimal) -> Fraction:
        """Points that the stretch gives from its beginning up to there."""
        steps = Fraction(distance - self.begins) / Fraction(self.each)
        return Fraction(self.price) * (steps // 1 if self.slope.whole_steps else steps)


class Steps(RuleKind):
    """Points at a threshold, and what each step from it costs or brings."""

    title_zh: ClassVar[str] = "增减"

    kind: Literal["steps"]
    of: FormulaField | None = None
    start: StartField
    points: PriceField | None = None
    below: Slopes = ()
    above: Slopes = ()
    least: PriceField | None = None
    most: CapField | None = None
    lands_on: Literal["item", "section", "block", "total"] = "item"

    def subject(self) -> Expr:
        return self.of.tree if self.of is not None else Name("value")

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        yield ("of",) if self.of is not None else (), self.subject()
        if self.start.default is not None:
            yield ("start",), self.start.default.tree
        yield from ((("start", group), written.tree) for group, written in self.start.by_group)

    def start_at(self, setting: Setting) -> Expr:
        """Where counting starts in this group; a map that does not name it gives 0 (checked before)."""
        written = self.start.at(setting.group)
        match written.tree if written is not None else NumberNode(Decimal(0)):
            case Negative(NumberNode(value)):  # −10 is a fixed number too
                return NumberNode(-value)
            case tree:
                return tree

    def base(self, setting: Setting) -> Decimal:
        return setting.price(self.points) if self.points is not None else setting.full or Decimal(0)

    def limits(self, setting: Setting) -> tuple[Decimal | None, Decimal | None]:
        """Least and most points. Unsaid: zero (no end where the loss lands elsewhere), and the points at the threshold
        unless a slope leads above them."""
        low = Decimal(0) if self.lands_on == "item" else None
        if self.least is not None:
            low = setting.price(self.least)
        if self.most is not None:
            return low, setting.cap(self.most)
        rises = any(slope.gain is not None for slope in (*self.below, *self.above))
        return low, setting.top if rises else self.base(setting)

    def stretches(self, setting: Setting, side: Side) -> list[Stretch]:
        found: list[Stretch] = []
        tree = self.start_at(setting)
        start = tree.value if isinstance(tree, NumberNode) else None
        begins, before = Decimal(0), Fraction(0)
        for slope in getattr(self, side):
            price = setting.price(slope.gain) if slope.gain is not None else -setting.price(slope.lose)
            each = setting.figure_at(slope.each)
            ends = abs(setting.figure_at(slope.until) - start) if slope.until is not None and start is not None else None
            if slope.from_start:
                found.append(Stretch(slope, each, Decimal(0), ends, price, Fraction(0)))
            else:
                found.append(Stretch(slope, each, begins, ends, price, before))
            if ends is not None:
                before = found[-1].before + found[-1].whole
                begins = ends
        return found

    def scored(self, setting: Setting) -> Scored:
        return self.shift(setting) if self.lands_on != "item" else Scored(Decimal(0), (self._part(setting),))

    def shift(self, setting: Setting) -> Scored:
        """The same from the points at the threshold on: what is taken, or added, there."""
        base, part = self.base(setting), self._part(setting)
        amount: Branches = tuple((test, points - Quantity.constant(base)) for test, points in part.amount)
        least = part.least - base if part.least is not None else None
        most = part.most - base if part.most is not None else None
        moved = replace(part, amount=amount, least=least, most=most, lands_on=self.lands_on)
        return Scored(base, (moved,))

    def _part(self, setting: Setting) -> Part:
        tree = self.start_at(setting)
        x, start = setting.quantity(self.subject()), setting.quantity(tree)
        base, (low, high) = Quantity.constant(self.base(setting)), self.limits(setting)
        branches: list[tuple[str | None, Quantity]] = []
        sides: tuple[tuple[Side, Quantity], ...] = (("below", start - x), ("above", x - start))
        for side, distance in sides:
            branches += self._side(setting, side, distance)
        branches.append((None, base))
        needs = setting.needs(self.subject(), tree)
        unknown = setting.unknown(needs, (*x.guards, *start.guards))
        least = None if low is None else min(low, self.base(setting))
        most = None if high is None else max(high, self.base(setting))
        title = setting.words(self.subject())
        return Part(title, tuple(branches), needs, unknown, least, most, x, self.thing(setting), whole=True)

    def _side(self, setting: Setting, side: Side, distance: Quantity) -> list[tuple[str | None, Quantity]]:
        """What holds on one side of the threshold, the farthest stretch first."""
        base, (low, high) = Quantity.constant(self.base(setting)), self.limits(setting)
        branches: list[tuple[str | None, Quantity]] = []
        for stretch_ in reversed(self.stretches(setting, side)):
            reached = self._reached(stretch_, side, setting)
            inside = distance.compare(">", Quantity.constant(reached))
            steps = (distance - Quantity.constant(stretch_.begins)) / Quantity.constant(stretch_.each)
            if stretch_.slope.whole_steps:
                steps = whole_steps(steps)
            earned = base + Quantity.constant(stretch_.before) + steps * Quantity.constant(stretch_.price)
            for operator, limit in self._met(stretch_, reached, setting):
                end = Quantity.constant(limit)
                branches.append((f"{inside} AND {earned.compare(operator, end)}", end))
            if stretch_.ends is not None and stretch_.slope is getattr(self, side)[-1]:
                # the last slope ends too: nothing more beyond it
                beyond = distance.compare(">", Quantity.constant(stretch_.ends))
                branches.insert(0, (beyond, Quantity.constant(self._held(stretch_, setting, low, high))))
            branches.append((inside, earned))
        return branches

    def _met(self, stretch: Stretch, reached: Decimal, setting: Setting) -> Iterator[tuple[str, Decimal]]:
        """The limits that a stretch meets: the one it leads to, and one that was passed where it begins."""
        low, high = self.limits(setting)
        begins = Fraction(self.base(setting)) + stretch.before + stretch.given(reached)
        if low is not None and (stretch.price < 0 or begins < Fraction(low)):
            yield "<=", low
        if high is not None and (stretch.price >= 0 or begins > Fraction(high)):
            yield ">=", high

    def _held(self, last: Stretch, setting: Setting, low: Decimal | None, high: Decimal | None) -> Fraction:
        """Points at the end of the last slope, within the limits."""
        points = Fraction(self.base(setting)) + last.before + last.whole
        points = points if low is None else max(Fraction(low), points)
        return points if high is None else min(points, Fraction(high))

    def _reached(self, stretch: Stretch, side: Side, setting: Setting) -> Decimal:
        """The distance at which a stretch begins to hold: where the one before it ends."""
        if not stretch.slope.from_start:
            return stretch.begins
        own = self.stretches(setting, side)
        ends = [other.ends for other in own[: own.index(stretch)] if other.ends is not None]
        return ends[-1] if ends else Decimal(0)

    def thing(self, setting: Setting) -> str:
        """The unit of measure of the figure that is counted from."""
        subject = self.subject()
        return setting.thing(subject.code) if isinstance(subject, Name) else ""

    def trend(self, setting: Setting, figure: str) -> Trend:
        return steps_shape.trend(self, setting, figure)

    def anchors(self, setting: Setting) -> Anchors:
        return steps_shape.anchors(self, setting)

    def check(self, setting: Setting, findings: Findings) -> None:
        steps_checks.check(self, setting, findings)

    def words(self, setting: Setting) -> str:
        return steps_words.told(self, setting)

    def words_of_shift(self, setting: Setting) -> str:
        """The same without the points at the threshold, which another rule tells."""
        return steps_words.told(self, setting, shift=True)

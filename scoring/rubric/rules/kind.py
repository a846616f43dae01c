"""What every kind of rule answers to. Knows expressions and exact SQL; knows no unit, no data, no database.

A rule of an indicator is `start` plus the sum of its parts. A part is known or not for one unit; a rule says
what each part can be at least and at most, so that an indicator with an unknown part has a range.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from scoring.expressions import Expr, ExpressionError, names
from scoring.expressions.figures import Lookup, condition, quantity
from scoring.expressions.parse import Name, rebuilt
from scoring.expressions.trend import Trend, trend
from scoring.expressions.words import number, words
from scoring.rubric.points import Grouped, NoLimit, Threshold
from scoring.rubric.rules.anchors import Anchors
from scoring.rubric.rules.tendency import Tendency
from scoring.source import Loc, Spec
from scoring.sql.exact import Atom, Quantity, Term, common_denominator

Bounds = tuple[Decimal | None, Decimal | None]
Branches = tuple[tuple[str | None, Quantity], ...]


@dataclass(frozen=True)
class Setting:
    """What a rule may ask about the place it stands in: group, full marks, and what names mean there."""

    group: str
    full: Decimal | None
    indicator: str
    lookup: Lookup
    title: Callable[[str], str]
    thing: Callable[[str], str]  # unit of measure of a name: 件, 次, %
    state: Callable[[str], str]  # SQL of the state column of a measure
    measures_of: Callable[[str], tuple[str, ...]]  # measures behind a name (value, actual … or itself)
    column: Callable[[str], str]  # SQL of the column of a measure: NULL where the figure is not there
    meant: Callable[[str], Expr | None]  # what value, actual … stand for; None for a name of its own
    top: Decimal | None = None  # the most the item can give: its full marks, or more where it says so
    value: Expr | None = None  # what 指标值 is, where it has no title of its own

    def partly(self, needs: tuple[str, ...]) -> str:
        """SQL: one of the figures does not apply to the unit. Its column holds 0, which no condition may look at."""
        return " OR ".join(f"{self.state(code)} = 'not_applicable'" for code in needs) or "FALSE"

    def sure(self, tree: Expr) -> str:
        """The condition, undecided (NULL) where it rests on a figure that does not apply."""
        return f"CASE WHEN NOT ({self.partly(self.needs(tree))}) THEN {self.condition(tree)} END"

    def unknown(self, needs: tuple[str, ...], guards: tuple[Term, ...] = ()) -> str:
        """SQL: a figure is not there, or a divisor is 0."""
        tests = [f"{self.column(code)} IS NULL" for code in needs]
        tests += [f"{guard.sql()} = 0" for guard in guards]
        return " OR ".join(dict.fromkeys(tests)) or "FALSE"

    def price(self, grouped: Grouped) -> Decimal:
        """Points here; a map that does not name this group gives 0."""
        points = grouped.at(self.group)
        return points.of(self.full) if points is not None else Decimal(0)

    def plain(self, tree: Expr) -> Expr:
        """The expression that `value` stands for, where it is a formula without a title."""
        return self.value if tree == Name("value") and self.value is not None else tree

    def spelt_out(self, tree: Expr) -> Expr:
        """The expression over measures alone."""

        def change(node: Expr) -> Expr:
            own = self.meant(node.code) if isinstance(node, Name) else None
            return node if own is None else self.spelt_out(own)

        return rebuilt(tree, change)

    def sign(self, tree: Expr) -> int:
        """1: never negative, -1: never positive, 0: either, or not to be told."""
        try:
            found = self.quantity(tree)
        except ExpressionError:  # spelt out it may be too wide to be reckoned
            return 0
        return 1 if found.num.low >= 0 else -1 if found.num.high <= 0 else 0

    def least_step(self, tree: Expr) -> Decimal:
        """How much the figure can differ at least; of a ratio, which can differ by anything, one hundredth."""
        den = self.quantity(tree).den
        return 1 / Decimal(den.constant) if den.is_constant and 10**12 % den.constant == 0 else Decimal("0.01")

    def trend(self, tree: Expr, figure: str) -> Trend:
        """How the expression, or how readily the condition holds, moves with a measure."""
        return trend(self.spelt_out(tree), figure, self.sign)

    def cap(self, written: Grouped | NoLimit | None) -> Decimal | None:
        """Points here; None where nothing is written, or that there is no limit."""
        return self.price(written) if isinstance(written, Grouped) else None

    def figure_at(self, threshold: Threshold) -> Decimal:
        """The figure that holds here; a map that does not name this group gives 0 (checked before)."""
        return threshold.at(self.group) or Decimal(0)

    def points_words(self, grouped: Grouped) -> str:
        return f"{number(self.price(grouped))} 分"

    def condition(self, tree: Expr) -> str:
        return condition(tree, self.lookup)

    def quantity(self, tree: Expr) -> Quantity:
        return quantity(tree, self.lookup)

    def words(self, tree: Expr) -> str:
        return words(tree, self.title, self.thing)

    def needs(self, *trees: Expr) -> tuple[str, ...]:
        """Measures that the expressions depend on."""
        found: dict[str, None] = {}
        for tree in trees:
            for name in sorted(names(tree)):
                found.update(dict.fromkeys(self.measures_of(name)))
        return tuple(found)


@dataclass(frozen=True)
class Part:
    """One part of a rule for one unit: its points (signed), when it is unknown, and what it can be then.

    An unknown count is taken to be no less than 0.
    """

    title: str
    amount: Branches
    needs: tuple[str, ...]
    unknown: str  # SQL, true when this part is undecided
    least: Decimal | None
    most: Decimal | None
    shown: Quantity | None = None  # the figure it looks at, for explanations
    thing: str = ""
    whole: bool = False  # needs every figure: one that does not apply makes the part not apply
    lands_on: str = "item"
    signed: bool = False  # its figure may be negative, so that least and most (for an unknown one) do not hold

    @property
    def counts(self) -> bool:
        """Whether it can give or take points; the others only tell whether a condition is met."""
        return not (self.least == self.most == 0)


@dataclass(frozen=True)
class Scored:
    """A rule at work in one setting."""

    start: Decimal
    parts: tuple[Part, ...]
    cap: Decimal | None = None  # on the sum of the parts
    gate: str | None = None  # SQL condition without which the parts count 0
    gate_needs: tuple[str, ...] = ()


Report = Callable[[Loc, str, str], None]


@dataclass
class Findings:
    """Collects what a rule finds wrong with itself; places are relative to the rule."""

    problems: list[tuple[Loc, str, str, bool]] = field(default_factory=list)

    def error(self, loc: Loc, problem: str, fix: str = "") -> None:
        self.problems.append((loc, problem, fix, False))

    def warning(self, loc: Loc, problem: str, fix: str = "") -> None:
        self.problems.append((loc, problem, fix, True))


class RuleKind(Spec):
    """Base of all kinds. Bounds, tendencies and anchors tell of a rule by itself; nothing that scores asks for them."""

    title_zh: ClassVar[str]

    @abstractmethod
    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        """Every expression in the rule with its place, for name checks."""

    @abstractmethod
    def scored(self, setting: Setting) -> Scored:
        """The rule as exact SQL."""

    @abstractmethod
    def words(self, setting: Setting) -> str:
        """The rule as a Chinese sentence without full stop."""

    @abstractmethod
    def trend(self, setting: Setting, figure: str) -> Trend:
        """How the points move with one measure."""

    @abstractmethod
    def anchors(self, setting: Setting) -> Anchors:
        """Points that the text says outright."""

    def bounds(self, setting: Setting) -> Bounds:
        """The least and the most it can come to (None: no end), wherever it lands and before what limits its item."""
        scored = self.scored(setting)
        ends = [(None, None) if part.signed else (part.least, part.most) for part in scored.parts if part.counts]
        low, high = (_sum([end[side] for end in ends]) for side in (0, 1))
        if scored.cap is not None:
            high = scored.cap if high is None else min(high, scored.cap)
        if scored.gate is not None:  # shut, nothing counts
            low = None if low is None else min(low, Decimal(0))
            high = None if high is None else max(high, Decimal(0))
        return (None if low is None else scored.start + low), (None if high is None else scored.start + high)

    def figures(self, setting: Setting) -> tuple[str, ...]:
        """The measures it looks at."""
        return setting.needs(*(tree for _, tree in self.trees()))

    def tendencies(self, setting: Setting) -> tuple[Tendency, ...]:
        """For each measure it looks at: more of it never lowers the points, never raises them, or neither, and why."""
        return tuple(Tendency.of(figure, self.trend(setting, figure)) for figure in self.figures(setting))

    def forms(self) -> Iterator[tuple[Loc, str]]:
        """Forms named directly."""
        return iter(())

    def check(self, setting: Setting, findings: Findings) -> None:
        """Whatever types cannot say: order of bands, limits, reach."""


def _sum(ends: list[Decimal | None]) -> Decimal | None:
    known = [end for end in ends if end is not None]
    return sum(known, Decimal(0)) if len(known) == len(ends) else None


def of_group(setting: Setting, *limits: Threshold | None) -> str:
    """How a message begins about limits that differ by group."""
    by_group = any(limit is not None and limit.groups for limit in limits)
    return f"分组 {setting.group} 的" if by_group else ""


def above_top(setting: Setting, points: Decimal) -> tuple[str, str] | None:
    """What is wrong with points above the most the item can give, and the fix."""
    if setting.top is None or points <= setting.top:
        return None
    if setting.full is not None and setting.top == setting.full:
        return f"高于满分 {number(setting.full)} 分", "超出部分不计；确可超过满分的，请在指标里写 at_most"
    return f"高于本项最高 {number(setting.top)} 分", "超出部分不计；请核对 at_most"


def rounded(branches: Branches, decimals: int) -> str:
    """SQL of the branches, each rounded half up to an integer in 10^-decimals."""
    if len(branches) == 1:
        return branches[0][1].rounded(decimals)
    lines = [
        f"WHEN {test} THEN {amount.rounded(decimals)}" if test else f"ELSE {amount.rounded(decimals)}"
        for test, amount in branches
    ]
    return "CASE " + "\n     ".join(lines) + " END"


def unified(branches: Branches) -> Quantity:
    """The branches as one quantity over a common denominator."""
    if len(branches) == 1:
        return branches[0][1]
    den, nums = common_denominator([amount for _, amount in branches])
    bits = max(num.bits for num in nums)
    lines = [
        f"WHEN {test} THEN {num.sql(bits)}" if test else f"ELSE {num.sql(bits)}"
        for (test, _), num in zip(branches, nums, strict=True)
    ]
    low, high = min(num.low for num in nums), max(num.high for num in nums)
    if low == high:
        return Quantity(Term.of(low), den)
    return Quantity(Term.of(Atom("CASE " + " ".join(lines) + " END", low, high, bits)), den)


def constant(value: Decimal | int) -> Branches:
    return ((None, Quantity.constant(value)),)


def told(test: str) -> Quantity:
    """1 where a condition holds, 0 where it does not, NULL where it is undecided."""
    return Quantity(Term.of(Atom(f"CASE WHEN {test} THEN 1 WHEN NOT ({test}) THEN 0 END", 0, 1, 32)), Term.of(1))


def replaced(test: str, value: Decimal, branches: Branches) -> Quantity:
    """The branches, or the value where the test holds; there no divisor is looked at."""
    amount, fixed = unified(branches), Quantity.constant(value)
    if amount.den.is_constant:
        return unified(((test, fixed), *branches))
    num, den = _chosen(test, fixed.num, amount.num), _chosen(test, fixed.den, amount.den)
    return Quantity(num, den)


def _chosen(test: str, first: Term, second: Term) -> Term:
    bits = max(first.bits, second.bits)
    sql = f"CASE WHEN {test} THEN {first.sql(bits)} ELSE {second.sql(bits)} END"
    return Term.of(Atom(sql, min(first.low, second.low), max(first.high, second.high), bits))

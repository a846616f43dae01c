"""What the linter looks at: a clause in one group, what a figure can be, what the author has said. Finds nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from scoring.expressions import Expr
from scoring.expressions.figures import Figure, quantity
from scoring.expressions.parse import Call, Name
from scoring.expressions.words import amount, each_of, run_on
from scoring.forms import Forms
from scoring.rubric.items import located
from scoring.rubric.model import Bonus, Indicator, Measure, Penalty, RubricSpec, Section, Veto
from scoring.rubric.rules import Awards, Deductions
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.kind import RuleKind, Setting
from scoring.rubric.settings import Names
from scoring.rubric.structure import worth
from scoring.source import Document, Loc
from scoring.sql.exact import Quantity, Term
from scoring.units import Register

Kind = TypeVar("Kind", bound=RuleKind)
_ONE_ROW = frozenset(["only", "latest", "min", "max", "avg"])


@dataclass(frozen=True)
class Doubt:
    """One thing that can be read in two ways: where, what is unsaid, and a wording that would say it."""

    loc: Loc
    unsaid: str
    wording: str


Doubts = Iterator[Doubt]


@dataclass(frozen=True)
class Reading:
    """A rubric without errors."""

    spec: RubricSpec
    document: Document
    forms: Forms
    register: Register
    measures: dict[str, Measure]

    def indicators(self) -> Iterator[tuple[Loc, Section, Indicator]]:
        return located(self.spec.sections)

    def items(self) -> Iterator[list[Item]]:
        """Each indicator, in every group that has it."""
        for loc, section, one in self.indicators():
            head = f"{one.clause}“{one.title}”"
            yield [Item(self, loc, group, head, one, section) for group in self.spec.groups if one.in_group(group)]

    def extras(self) -> Iterator[list[Extra]]:
        """Each adjustment, in every group that has it."""
        for index, one in enumerate(self.spec.adjustments):
            groups = [group for group in self.spec.groups if not one.groups or group in one.groups]
            head = f"{one.clause}“{one.title}”"
            yield [Extra(self, ("adjustments", index), group, head, one) for group in groups]

    def most_base(self, group: str) -> Decimal | None:
        """The best 基础得分 of a group; None where it has no limit."""
        total = Decimal(0)
        for section in self.spec.sections:
            if section.in_group(group):
                full = worth(section, group)
                if full is None:
                    return None
                total += full * section.share_of(group)
        return max(total, self.spec.groups[group].full_marks)  # what does not apply is scaled up to the group's

    def most_total(self, group: str) -> Decimal | None:
        """The best total, with every bonus; None where it has no limit."""
        total = self.most_base(group)
        for extra in (extra for extras in self.extras() for extra in extras):
            if isinstance(extra.one, Bonus) and extra.group == group and total is not None:
                pool = extra.setting.cap(extra.one.pool)
                total = total + pool if pool is not None else None
        limit = self.spec.total.at_most
        return limit if total is None else total if limit is None else min(total, limit)


@dataclass(frozen=True)
class Spot:
    """A clause as it stands in one group."""

    reading: Reading
    loc: Loc
    group: str
    head: str  # how a message begins: 第五条（二）“群众满意度”

    @cached_property
    def names(self) -> Names:
        return Names(self.reading.measures, self.reading.forms, self.group)

    @cached_property
    def setting(self) -> Setting:
        return self.names.setting(self.reading.spec.groups[self.group].full_marks)

    def counted(self) -> Iterator[tuple[Loc, CountedPart, str, RuleKind | Bonus | Penalty]]:
        """Counted parts with the word for what they do, and the rule or the adjustment they belong to."""
        yield from ()

    def figure(self, tree: Expr) -> Quantity:
        return quantity(tree, self.names.figure)

    def span(self, tree: Expr) -> Span:
        """What the figure can be; for a measure that is one cell, what its column may hold."""
        found = Span.of(self.figure(tree))
        measure = self.reading.measures.get(self.code(tree))
        if measure is None or measure.each is not None or not isinstance(measure.value, Call):
            return found
        if measure.value.function not in _ONE_ROW:
            return found
        (cell,) = measure.value.arguments
        column = self.reading.forms[measure.form].by_code.get(cell.code) if isinstance(cell, Name) else None
        if column is None:
            return found
        low = Fraction(column.at_least) if column.at_least is not None else found.low
        return Span(low, Fraction(column.at_most) if column.at_most is not None else found.high, found.grain)

    def code(self, tree: Expr) -> str:
        """The measure that a name stands for; empty where it is a formula."""
        return tree.code if isinstance(tree, Name) else ""


@dataclass(frozen=True)
class Item(Spot):
    """An indicator."""

    one: Indicator
    section: Section

    @property
    def full(self) -> Decimal | None:
        return self.one.full(self.group)

    @cached_property
    def names(self) -> Names:
        spec = self.reading.spec
        return Names(self.reading.measures, self.reading.forms, self.group, self.one, spec.rounding.rate)

    @cached_property
    def setting(self) -> Setting:
        return self.names.setting(self.full)

    def rules(self, kind: type[Kind]) -> Iterator[tuple[Loc, Kind]]:
        for index, rule in enumerate(self.one.rules):
            if isinstance(rule, kind):
                yield (*self.loc, "rules", index), rule

    def counted(self) -> Iterator[tuple[Loc, CountedPart, str, RuleKind | Bonus | Penalty]]:
        for kind, verb in ((Deductions, "扣"), (Awards, "得")):
            for loc, rule in self.rules(kind):
                assert isinstance(rule, (Deductions, Awards))
                for index, part in enumerate(rule.parts):
                    yield (*loc, "parts", index), part, verb, rule

    def code(self, tree: Expr) -> str:
        name = super().code(tree)
        if name == "value" and self.one.value is None:
            name = "actual"
        return {"actual": self.one.actual, "target": self.one.target}.get(name, name) or ""

    def said(self, *words: str) -> bool:
        """Whether the author's note or assumption has one of the words: what a rule has no key for is said there."""
        told = f"{self.one.note or ''} {self.one.assumption or ''}"
        return any(word in told for word in words)


@dataclass(frozen=True)
class Extra(Spot):
    """An adjustment."""

    one: Bonus | Penalty | Veto

    @cached_property
    def names(self) -> Names:
        most = self.reading.most_base(self.group)
        base = Quantity.atom("base", 0, int(most * 10**12) if most is not None else 10**15, 10**12)
        extra = (("base", Figure(base), "基础得分"),)
        return Names(self.reading.measures, self.reading.forms, self.group, extra=extra)

    def counted(self) -> Iterator[tuple[Loc, CountedPart, str, RuleKind | Bonus | Penalty]]:
        if not isinstance(self.one, Veto):
            verb = "加" if isinstance(self.one, Bonus) else "扣"
            for index, part in enumerate(self.one.parts):
                yield (*self.loc, "parts", index), part, verb, self.one


@dataclass(frozen=True)
class Span:
    """From low to high, a multiple of 1/grain (None: any fraction)."""

    low: Fraction
    high: Fraction
    grain: int | None

    @staticmethod
    def of(figure: Quantity) -> Span:
        num, den = figure.num, figure.den
        if den.is_constant:
            return Span(Fraction(num.low, den.constant), Fraction(num.high, den.constant), den.constant)
        least = max(den.low, 1)
        return Span(Fraction(min(num.low, 0), least), Fraction(max(num.high, 0), least), None)

    def falls_between(self, step: Decimal | Fraction) -> bool:
        """Whether the figure can be something else than a multiple of the step."""
        return self.grain is None or Fraction(1, self.grain) % Fraction(step) != 0


def points(value: Decimal) -> str:
    """Points in words; what is no short decimal (a point on a line) is rounded to two."""
    short = value.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return amount(short if short == value else value.quantize(Decimal("0.01"), ROUND_HALF_UP), "分")


def part_title(part: CountedPart, spot: Spot) -> str:
    return part.told(spot.setting)


def per_step(part: CountedPart, verb: str, spot: Spot) -> str:
    """漏录每 2 件扣 0.5 分, without what is said of caps and of a step that is not whole."""
    assert part.measure is not None and part.each is not None
    step = each_of(part.per, part.thing(spot.setting), spot.figure(part.measure.tree).den == Term.of(1))
    return run_on(part_title(part, spot), "每", step, verb, spot.setting.points_words(part.each))

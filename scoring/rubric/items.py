"""A 考核指标 and the 一级指标 it stands in, sections to any depth, as typed data. What they mean together is in checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr

from scoring.expressions.field import FormulaField
from scoring.expressions.parse import GROUP_FUNCTIONS, Call, walk
from scoring.rubric.each import Part
from scoring.rubric.points import CapField, FullMarksField, Grouped, NoLimit, Points, PriceField, WeightField
from scoring.rubric.rules import Rule
from scoring.source import Code, Loc, Share, Spec, Text, Whole, misread, share

Absent = Literal["pending", "no_points"]
Takes = Literal["sum", "lowest", "highest", "average"]


class Flag(Spec):
    """When an indicator is a 短板."""

    when: FormulaField
    label: Text
    by: Literal["period_end"] | None = None
    pace: Literal["elapsed_workdays"] | None = None
    gap: FormulaField | None = None
    gap_unit: Text | None = None
    common_problem: Whole | None = None
    weak_point: Whole | None = None


def _na_then(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"share"}:
        return share(value["share"])
    if value in ("rescale", "spread", "full_marks", "no_points", "average"):
        return value
    raise misread(value, "不适用的处理{0}读不懂", "只能是 rescale、spread、full_marks、no_points、average 或 {share: 60%}")


class FixedShare(Spec):
    """`{share: 60%}` as written."""

    share: Share


Otherwise = Literal["rescale", "spread", "full_marks", "no_points", "average"]


class NotApplicable(Spec):
    """What happens when the item does not apply: the total is scaled up (rescale), its full marks are spread evenly over
    the other items of the section, full marks, no points, the average of the units of the group to which it applies and
    whose points are known, or a fixed share of its full marks."""

    when: FormulaField | None = None
    then: Annotated[Otherwise | Decimal, BeforeValidator(_na_then, json_schema_input_type=Otherwise | FixedShare)]
    reason: Text


class Void(Spec):
    """An event that ends the reckoning of the item: `leaves` points remain, whatever else is so (D02.3, D84.1)."""

    when: FormulaField
    leaves: PriceField = Grouped(Points(Decimal(0)))
    reason: Text


class BaseZero(Spec):
    """What happens when the divisor of `value` is 0. Unsaid, the indicator is 暂缺 with that reason."""

    then: Literal["no_points", "full_marks", "not_applicable"]


class Indicator(Spec):
    """A 考核指标."""

    code: Code
    title: Text
    clause: Text
    full_marks: FullMarksField | None = None
    at_most: CapField | None = None  # the item's points may go up to it, above its full marks
    groups: tuple[Code, ...] = ()
    actual: Text | None = None
    target: Text | None = None
    value: FormulaField | None = None
    measured_in: Text | None = None
    rules: tuple[Rule, ...] = Field(min_length=1)
    flag: Flag | None = None
    remedy: Text | None = None
    not_applicable: NotApplicable | None = None
    void: Void | None = None
    base_zero: BaseZero | None = None
    missing: Absent | None = None
    source: Text | None = None
    assumption: Text | None = None  # what the text leaves open and we chose
    note: Text | None = None

    _origin: str = PrivateAttr("")
    _names: dict[str, str] = PrivateAttr(default_factory=dict)

    def in_part(self, origin: str, names: dict[str, str]) -> Indicator:
        """This copy scores one part of the period: what it is called in the text, and the figures of that part."""
        self._origin, self._names = origin, names
        return self

    @property
    def origin(self) -> str:
        """Its code in the text; its own code where it is not scored part by part."""
        return self._origin or self.code

    @property
    def renamed(self) -> dict[str, str]:
        """The figures of its part of the period, by the code they have in the text."""
        return self._names

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Functions over the group that are written anywhere in it, in order, each once."""
        trees = [one.tree for one in (self.value, self.flag and self.flag.when, self.flag and self.flag.gap) if one]
        if self.not_applicable is not None and self.not_applicable.when is not None:
            trees.append(self.not_applicable.when.tree)
        trees += [self.void.when.tree] if self.void is not None else []
        trees += [tree for rule in self.rules for _, tree in rule.trees()]
        nodes = (node for tree in trees for node in walk(tree))
        return tuple(dict.fromkeys(n for n in nodes if isinstance(n, Call) and n.function in GROUP_FUNCTIONS))

    def in_group(self, group: str) -> bool:
        if self.groups and group not in self.groups:
            return False
        return self.full_marks is None or not self.full_marks.groups or group in self.full_marks.groups

    def full(self, group: str) -> Decimal | None:
        points = self.full_marks.at(group) if self.full_marks is not None else None
        return points.amount if points is not None else None

    def top(self, group: str, raised: Decimal = Decimal(0)) -> Decimal | None:
        """The most the item can give: its full marks (raised by so many points) unless it says more. None: no limit."""
        full = self.full(group)
        full = full + raised if full is not None else None
        if isinstance(self.at_most, NoLimit):
            return None
        points = self.at_most.at(group) if self.at_most is not None else None
        if points is None:
            return full
        return points.of(full) if points.of_full else points.amount + raised


class Section(Spec):
    """A 一级指标, or a part of one: indicators and further sections below it.

    Its score is the sum of what is below it (`takes`: or the lowest, highest, average of them), within its full marks;
    the section above gets that score times `weight`. With `each` the section is scored once for every month, quarter
    or half-year by itself and takes their mean, weighted by `part_weights` (D68.2), each part by itself or from the
    beginning of the period on (`cumulative`); figures named in `whole_period` stay those of the whole period.
    """

    code: Code
    title: Text
    clause: Text | None = None
    full_marks: FullMarksField | None = None
    weight: WeightField | None = None
    takes: Takes = "sum"
    rescale_within: bool = False
    each: Part | None = None
    part_weights: tuple[Share, ...] = ()
    cumulative: bool = False
    whole_period: tuple[Text, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    sections: tuple[Section, ...] = ()
    assumption: Text | None = None

    def full(self, group: str) -> Decimal | None:
        points = self.full_marks.at(group) if self.full_marks is not None else None
        return points.amount if points is not None else None

    def share_of(self, group: str) -> Decimal:
        """What its score is multiplied with in the section above, or in the total."""
        points = self.weight.at(group) if self.weight is not None else None
        return points.amount if points is not None else Decimal(1)

    def in_group(self, group: str) -> bool:
        """Whether any indicator below it is the group's."""
        return any(node.section.indicators_of(group) for node in nodes([self]))

    def indicators_of(self, group: str) -> list[Indicator]:
        """Its own indicators, not those of the sections below."""
        return [one for one in self.indicators if one.in_group(group)]


@dataclass(frozen=True)
class Node:
    """A section where it stands: its place in the file, and the sections above it, the highest first."""

    section: Section
    loc: Loc
    above: tuple[Section, ...] = ()

    @property
    def level(self) -> int:
        return len(self.above)

    @property
    def parent(self) -> Section | None:
        return self.above[-1] if self.above else None


def nodes(sections: Iterable[Section], loc: Loc = ("sections",), above: tuple[Section, ...] = ()) -> Iterator[Node]:
    """All sections in the order of the text, each before those below it."""
    for index, section in enumerate(sections):
        own: Loc = (*loc, index)
        yield Node(section, own, above)
        yield from nodes(section.sections, (*own, "sections"), (*above, section))


def located(sections: Iterable[Section]) -> Iterator[tuple[Loc, Section, Indicator]]:
    """All indicators in the order of the text, with their place in the file and their section."""
    for node in nodes(sections):
        for index, indicator in enumerate(node.section.indicators):
            yield (*node.loc, "indicators", index), node.section, indicator

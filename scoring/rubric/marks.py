"""Full marks of a group as a tree: group, sections, indicators, each with the place where it is written. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from scoring.rubric.items import Indicator, Section
from scoring.rubric.model import Rubric
from scoring.rubric.points import Grouped
from scoring.rubric.structure import worth
from scoring.source import Loc

_ZERO = Decimal(0)


@dataclass
class Node:
    """A group, section or indicator with full marks. `loc`: where they are written; None where they follow from below.

    `adds_up`: what is below is simply added; not so with weights, or where the lowest, highest or average is taken.
    """

    title: str
    loc: Loc | None
    value: Decimal
    below: list[Node] = field(default_factory=list)
    adds_up: bool = True
    indicator: Indicator | None = None
    group: str = ""
    new: Decimal = _ZERO

    @property
    def difference(self) -> Decimal:
        """What the heading says more than there is below it."""
        return self.value - sum((one.value for one in self.below), _ZERO) if self.below else _ZERO

    def leaves(self) -> Iterator[Node]:
        if self.indicator is not None:
            yield self
        for one in self.below:
            yield from one.leaves()


def tree(rubric: Rubric, code: str) -> Node:
    group = rubric.groups[code]
    root = Node(group.title, ("groups", code, "full_marks"), group.full_marks, group=code)
    for index, section in enumerate(rubric.spec.sections):
        root.below += _section(section, ("sections", index), code)
    root.adds_up = all(section.share_of(code) == 1 for section in rubric.spec.sections if section.in_group(code))
    _start(root)
    return root


def _section(one: Section, loc: Loc, group: str) -> Iterator[Node]:
    value = worth(one, group)
    if not one.in_group(group) or value is None:
        return
    node = Node(one.title, _place(one.full_marks, (*loc, "full_marks"), group), value, group=group)
    node.adds_up = one.takes == "sum" and all(inner.share_of(group) == 1 for inner in one.sections)
    for index, inner in enumerate(one.indicators):
        full = inner.full(group) if inner.in_group(group) else None
        if full is not None:
            own = _place(inner.full_marks, (*loc, "indicators", index, "full_marks"), group)
            node.below.append(Node(inner.title, own, full, indicator=inner, group=group))
    for index, section in enumerate(one.sections):
        node.below += _section(section, (*loc, "sections", index), group)
    yield node


def _place(written: Grouped | None, loc: Loc, group: str) -> Loc | None:
    if written is None or written.at(group) is None:
        return None
    return (*loc, group) if written.groups else loc


def _start(node: Node) -> None:
    node.new = node.value
    for one in node.below:
        _start(one)


def largest_remainder(weights: Sequence[Decimal], total: Decimal, decimals: int) -> list[Decimal]:
    """`total` in proportion to the weights, in whole units of the last decimal (Hamilton's method, as for seats).

    The parts sum to the total exactly: where it has more decimals than asked for, the parts have them too. Equal
    remainders: the earlier is served first. `weights`: none negative, not all 0; `total`: not negative.
    """
    unit = Decimal(1).scaleb(-max(decimals, decimals_of(total)))
    whole = sum(weights, _ZERO)
    exact = [Fraction(weight) * Fraction(total) / Fraction(whole) / Fraction(unit) for weight in weights]
    units = [share // 1 for share in exact]
    left = int(total / unit) - sum(units)
    order = sorted(range(len(exact)), key=lambda at: (units[at] - exact[at], at))
    for at in order[:left]:
        units[at] += 1
    return [Decimal(count) * unit for count in units]


def decimals_of(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0

"""What a distance of two units is made of (差距): sides, parts, sums. Values and their arithmetic, exact; reads no table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from scoring.engine.summed import KINDS
from scoring.insight.briefing.heat import Problem
from scoring.insight.summands import EXACT, NOTHING, Ends
from scoring.rubric import Rubric

Row = dict[str, Any]
ADJUSTED, REST = "gap__adjusted", "gap__rest"  # headings that are no section: no code holds two underscores
HEADINGS = {ADJUSTED: "加分、扣分和否决", REST: "不适用、折算、封顶和舍入"}


@dataclass(frozen=True)
class Side:
    """One of the two units; `row` is that of the ranking. `worth`: full marks of the items that apply to it; `earned`: its
    points in them, None while one is open."""

    unit: str
    title: str
    row: Row
    worth: Decimal
    earned: Decimal | None


@dataclass(frozen=True)
class Part:
    """One summand of the totals. `kind`: indicator, landing (its loss, taken off elsewhere), bonus, penalty, veto, or a
    step of the sum. `section`: code of the first level, or a heading of HEADINGS.

    `applies`: to both; what does not apply to one of them is given back by rescaling, and is in no one's power.
    `middle`: points of the unit in the middle; None for what is not split. `losing`: units that lose points here, of how
    many that it applies to and that have points; None where it has no full marks. `problem`: the 共性问题 of the group it belongs to.
    """

    kind: str
    code: str
    clause: str
    title: str
    section: str
    ahead: Ends
    behind: Ends
    applies: tuple[bool, bool] = (True, True)
    middle: Decimal | None = None
    losing: tuple[int, int] | None = None
    problem: str = ""

    @property
    def is_step(self) -> bool:
        return self.kind in KINDS

    @property
    def ends(self) -> Ends:
        """What it adds to the distance, at least and at most."""
        return Ends(minus(self.ahead.low, self.behind.high), minus(self.ahead.high, self.behind.low))

    @property
    def difference(self) -> Decimal | None:
        """None where one side is not known."""
        return minus(self.ahead.known, self.behind.known)

    @property
    def common(self) -> Decimal | None:
        """What the unit in the middle lacks as well; signed like the difference."""
        return None if (at := self._held) is None else minus(self.ahead.known, at)

    @property
    def single(self) -> Decimal | None:
        """What only the unit behind lacks."""
        return None if (at := self._held) is None else minus(at, self.behind.known)

    @property
    def _held(self) -> Decimal | None:
        """The middle, held between the two."""
        ends = self.ahead.known, self.behind.known
        if self.middle is None or ends[0] is None or ends[1] is None:
            return None
        return min(max(self.middle, min(ends[0], ends[1])), max(ends[0], ends[1]))


@dataclass(frozen=True)
class Sum:
    """Parts under one heading, or all of them. `open`: parts not known on one side, which the sums leave out."""

    code: str
    title: str
    parts: tuple[Part, ...]

    @property
    def ends(self) -> Ends:
        """At least and at most; None is an end without limit."""
        every = [part.ends for part in self.parts]
        return Ends(added(one.low for one in every), added(one.high for one in every))

    @property
    def difference(self) -> Decimal | None:
        return added(part.difference for part in self.parts)

    @property
    def open(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.difference is None)

    @property
    def known(self) -> Decimal:
        """Of the parts that are known."""
        return added(part.difference or NOTHING for part in self.parts) or NOTHING

    @property
    def common(self) -> Decimal:
        return added(part.common or NOTHING for part in self.parts) or NOTHING

    @property
    def single(self) -> Decimal:
        return added(part.single or NOTHING for part in self.parts) or NOTHING

    @property
    def rest(self) -> Decimal:
        """What of the known parts is neither: steps of the sum, and what does not apply to one of the two."""
        return EXACT.subtract(self.known, EXACT.add(self.common, self.single))


@dataclass(frozen=True)
class Gap:
    """The distance of two units of one group; `parts` in the order of the text. `common`: 共性问题 of the group, whether or
    not they make a distance here."""

    rubric: Rubric
    group: str
    ahead: Side
    behind: Side
    parts: tuple[Part, ...]
    common: tuple[Problem, ...] = ()

    @property
    def ends(self) -> Ends:
        """The distance, at least and at most: of the totals, which may know more than the sum of the parts."""
        ahead, behind = self.ahead.row, self.behind.row
        return Ends(minus(ahead["total_low"], behind["total_high"]), minus(ahead["total_high"], behind["total_low"]))

    @property
    def difference(self) -> Decimal | None:
        """None while one of the totals is open."""
        return minus(self.ahead.row["total"], self.behind.row["total"])

    @cached_property
    def whole(self) -> Sum:
        return Sum("", "总分", self.parts)

    @cached_property
    def sections(self) -> tuple[Sum, ...]:
        """In the order of the text, the headings that are no section last."""
        order = [section.code for section in self.rubric.sections(self.group)]
        titles = {code: self.rubric.path(code) for code in order} | HEADINGS
        found = (Sum(code, titles[code], tuple(one for one in self.parts if one.section == code)) for code in titles)
        return tuple(one for one in found if one.parts)


def minus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """None where one is not known."""
    return None if one is None or other is None else EXACT.subtract(one, other)


def added(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None where one is not known."""
    total = NOTHING
    for amount in amounts:
        if amount is None:
            return None
        total = EXACT.add(total, amount)
    return total

"""What the robustness study looks at: one group's items, weights and earned fractions. Plain values, reckons nothing.

Weights are points in the total: full marks times the weights of the sections above. Everything is exact (Fraction).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from scoring.expressions import Expr

TOTAL = -1  # stands for the total where a node is named


class NotStudied(ValueError):
    """It cannot be studied. `problem` and `fix` are in Chinese."""

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(f"{problem}。{fix}。" if fix else f"{problem}。")
        self.problem, self.fix = problem, fix


@dataclass(frozen=True)
class Item:
    """What has a weight: an indicator, or (`whole`) a section that is not a plain sum and is moved as one.

    `section`: the section of the first level it belongs to; `node`: index of the node it is added to; `reach`: the share
    of its weight that can be had (a whole section whose heading is more than what is below it).
    """

    code: str
    title: str
    clause: str
    section: str
    node: int
    weight: Fraction
    whole: bool = False
    reach: Fraction = Fraction(1)


@dataclass(frozen=True)
class Node:
    """A section that adds what is below it; the first of all is the base, where the first level is added.

    `share`: its weight in the node above; `scale`: one point of it is so much in the total. `stated`: its full marks as
    written. They stay `moves` times what is below it; None: as they are written, because something there has none.
    """

    code: str
    title: str
    parent: int | None
    share: Fraction
    scale: Fraction
    items: tuple[int, ...]
    below: tuple[int, ...]
    stated: Fraction | None
    moves: Fraction | None


@dataclass(frozen=True)
class Held:
    """What vetoes that hold do to the unit."""

    lose: Fraction = Fraction(0)
    score: Fraction | None = None
    score_at_most: Fraction | None = None
    down: int = 0  # grades
    within_grade: bool = False
    forced_rank: int = 0

    @property
    def bars_best_grade(self) -> bool:
        return self.down > 0 or self.forced_rank > 0


@dataclass(frozen=True)
class Bonus:
    """So many points where the base meets the gate; always where there is none."""

    points: Fraction
    gate: Expr | None


@dataclass(frozen=True)
class Studied:
    """One unit. Of item i it has weight × `earned[i]`, and weight × `left[i]` does not apply to it.

    `landed`: (node or TOTAL, item, factor): weight × factor is added there, a loss below 0. `fixed`: (node or TOTAL, points
    in the total) that do not move with weights: items without full marks. `place`, `total`: of the exact run.
    """

    code: str
    title: str
    earned: tuple[Fraction, ...]
    left: tuple[Fraction, ...]
    landed: tuple[tuple[int, int, Fraction], ...]
    fixed: tuple[tuple[int, Fraction], ...]
    bonuses: tuple[Bonus, ...]
    penalty: Fraction
    held: Held
    place: int
    total: Decimal
    grade: str | None


@dataclass(frozen=True)
class LeftOut:
    """A unit that is not in weight draws, and why. `low`, `high`: what its total can still be, where it is open."""

    code: str
    title: str
    reason: str
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class BestGrade:
    """The first grade by score, with its quota among ranked units. `open`: why it is not studied; empty where it is."""

    title: str
    at_least: Fraction | None
    quota: int | None = None
    tie: Literal["out", "in"] = "out"
    open: str = ""


@dataclass(frozen=True)
class Rules:
    """How totals, places and the best grade follow from the base. Decimals None: not rounded there."""

    section_decimals: int | None
    total_decimals: int | None
    at_least: Fraction | None
    at_most: Fraction | None
    by_rounded: bool
    dense: bool  # 1-1-2
    break_by: tuple[tuple[Literal["node", "item"], int], ...]
    grade_lines: tuple[Fraction | None, ...]
    best_grade: BestGrade | None
    reach: Fraction | None  # what can be reached, where it does not follow from the weights


@dataclass(frozen=True)
class Shares:
    """One group of one assessment, ready for other weights. Items in the order of the text, nodes each before those below."""

    group: str
    title: str
    period: str
    items: tuple[Item, ...]
    nodes: tuple[Node, ...]
    units: tuple[Studied, ...]
    left_out: tuple[LeftOut, ...]
    rules: Rules
    notes: tuple[str, ...] = ()  # what was carried along without being studied, in Chinese

    @property
    def weights(self) -> tuple[Fraction, ...]:
        """Nominal: as the rubric states them."""
        return tuple(item.weight for item in self.items)

    @property
    def sections(self) -> dict[str, tuple[int, ...]]:
        """Items by section of the first level, in the order of the text."""
        found: dict[str, list[int]] = {}
        for index, item in enumerate(self.items):
            found.setdefault(item.section, []).append(index)
        return {code: tuple(items) for code, items in found.items()}

    def index(self, item: str) -> int:
        """Of an item by its code. Raises NotStudied."""
        for number, one in enumerate(self.items):
            if one.code == item:
                return number
        raise NotStudied(f"“{self.title}”没有可以改分值的指标“{item}”", "请写指标的代码")

    def unit(self, code: str) -> int:
        """Index of a unit by its code. Raises NotStudied with the reason where it is left out."""
        for number, one in enumerate(self.units):
            if one.code == code:
                return number
        told = next((f"{one.title}{one.reason}" for one in self.left_out if one.code == code), None)
        raise NotStudied(told or f"“{self.title}”没有单位“{code}”", "请选择已有总分和名次的单位")

    def section_title(self, code: str) -> str:
        """Of a section of the first level, also where it is one item."""
        titles = {one.code: one.title for one in self.items} | {one.code: one.title for one in self.nodes}
        return titles.get(code, code)

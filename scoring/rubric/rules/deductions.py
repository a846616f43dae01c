"""deductions 扣分: full marks less so much for each thing, cause by cause (pattern DEDUCT).

The losses may come to more than the item is worth; the floor is the item's. `lands_on` says where they are
taken off: the item, its section or the total; then the item keeps its points and a landing row is subtracted.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from scoring.expressions import Expr
from scoring.expressions.trend import SAME, Trend
from scoring.expressions.words import number
from scoring.rubric.points import PriceField
from scoring.rubric.rules.anchors import Anchors, gets
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.counted_anchors import one_by_one
from scoring.rubric.rules.kind import Findings, RuleKind, Scored, Setting
from scoring.source import Loc

LANDS = {"item": "本项", "section": "所在一级指标", "block": "最上一级指标", "total": "总分"}


class Deductions(RuleKind):
    """base − Σ min(cap, n · each)."""

    title_zh: ClassVar[str] = "扣分"

    kind: Literal["deductions"]
    base: PriceField | None = None
    parts: tuple[CountedPart, ...] = Field(min_length=1)
    lands_on: Literal["item", "section", "block", "total"] = "item"  # block: the section of the first level

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        for index, part in enumerate(self.parts):
            yield from part.trees(("parts", index))

    def start(self, setting: Setting) -> Decimal:
        return setting.price(self.base) if self.base is not None else setting.full or Decimal(0)

    def scored(self, setting: Setting) -> Scored:
        return Scored(self.start(setting), tuple(part.part(setting, -1, self.lands_on) for part in self.parts))

    def trend(self, setting: Setting, figure: str) -> Trend:
        loss = SAME
        for part in self.parts:
            loss += part.trend(setting, figure)
        return -loss

    def anchors(self, setting: Setting) -> Anchors:
        start = self.start(setting)

        def told(cost: Decimal) -> str:
            if self.lands_on == "item":
                return gets(start - cost, setting.top)
            return f"从{LANDS[self.lands_on]}扣 {number(cost)} 分" if cost else "不扣分"

        return Anchors(tuple(one_by_one(self.parts, setting, lambda cost: start - cost, told)))

    def check(self, setting: Setting, findings: Findings) -> None:
        if self.base is None and setting.full is None:
            findings.error((), "没有满分的指标不能从满分扣起", "请写 full_marks，或写 base")
        for index, part in enumerate(self.parts):
            part.check(("parts", index), setting, findings)

    def words(self, setting: Setting) -> str:
        told = "；".join(part.words(setting, "扣") for part in self.parts)
        place = "，扣完为止" if self.lands_on == "item" else f"，从{LANDS[self.lands_on]}中扣减"
        return f"{told}{place}"

"""awards 计分: so many points for each thing, with or without a cap, with or without a precondition (pattern AWARD)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.trend import SAME, Trend
from scoring.expressions.words import number, run_on
from scoring.rubric.points import CapField, Grouped
from scoring.rubric.rules.anchors import Anchor, Anchors, gets
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.counted_anchors import one_by_one
from scoring.rubric.rules.kind import Findings, Part, RuleKind, Scored, Setting, constant, told
from scoring.rubric.rules.tendency import gated
from scoring.source import Loc


class Awards(RuleKind):
    """min(cap, Σ n · each), 0 unless `only_if`."""

    title_zh: ClassVar[str] = "计分"

    kind: Literal["awards"]
    parts: tuple[CountedPart, ...] = Field(min_length=1)
    cap: CapField | None = None
    only_if: FormulaField | None = None

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        for index, part in enumerate(self.parts):
            yield from part.trees(("parts", index))
        if self.only_if is not None:
            yield ("only_if",), self.only_if.tree

    def scored(self, setting: Setting) -> Scored:
        gate = setting.sure(self.only_if.tree) if self.only_if is not None else None
        needs = setting.needs(self.only_if.tree) if self.only_if is not None else ()
        cap = setting.cap(self.cap)
        parts = [part.part(setting, 1) for part in self.parts]
        if self.only_if is not None and gate is not None:
            title, none = f"前提“{setting.words(self.only_if.tree)}”", Decimal(0)
            parts.append(Part(title, constant(0), needs, f"({gate}) IS NULL", none, none, told(gate)))
        return Scored(Decimal(0), tuple(parts), cap, gate, needs)

    def trend(self, setting: Setting, figure: str) -> Trend:
        amount = SAME
        for part in self.parts:
            amount += part.trend(setting, figure)
        if self.only_if is None:
            return amount
        never_negative = not any(part.signed(setting) for part in self.parts)
        return gated(amount, setting.trend(self.only_if.tree, figure), never_negative)

    def anchors(self, setting: Setting) -> Anchors:
        cap, only_if = setting.cap(self.cap), self.only_if

        def points(brought: Decimal) -> Decimal:
            return brought if cap is None else min(brought, cap)

        def told_of(brought: Decimal) -> str:
            return gets(points(brought), setting.top)

        if only_if is None:
            return Anchors(tuple(one_by_one(self.parts, setting, points, told_of)))
        found = list(one_by_one(self.parts, setting, points, told_of, ((only_if.tree, True),)))
        note = run_on("不符合前提“", setting.words(only_if.tree), "”的，有多少也不得分")
        shut = [Anchor(((only_if.tree, False), *one.at[1:]), Decimal(0), note) for one in found]
        return Anchors((*found, *shut))

    def check(self, setting: Setting, findings: Findings) -> None:
        for index, part in enumerate(self.parts):
            part.check(("parts", index), setting, findings)
        if self.cap is None and setting.top is None and setting.full is None:
            fix = "如需封顶请写 cap；确实不封顶请写 cap: none"
            findings.warning((), "既没有满分也没有上限，得分可以一直累加", fix)

    def words(self, setting: Setting) -> str:
        text = "；".join(part.words(setting, "得") for part in self.parts)
        if isinstance(self.cap, Grouped):
            text += f"，合计最多得 {setting.points_words(self.cap)}"
        elif setting.top is not None:
            text += "，得满为止" if setting.top == setting.full else f"，最高得 {number(setting.top)} 分"
        elif self.cap is not None or setting.full is not None:
            text += "，不封顶"
        if self.only_if is not None:
            text += run_on("；须", setting.words(self.only_if.tree), "，否则不得分")
        return text

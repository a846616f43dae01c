"""formula 公式: points by a formula over figures, group and full marks, within limits (patterns FORMULA, REL, NORM)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import names
from scoring.expressions.trend import Trend
from scoring.expressions.words import number, run_on
from scoring.rubric.points import CapField, PriceField
from scoring.rubric.rules.anchors import Anchors
from scoring.rubric.rules.kind import Branches, Findings, Part, RuleKind, Scored, Setting, constant, told
from scoring.rubric.rules.tendency import gated
from scoring.source import Loc
from scoring.sql.exact import Quantity


class Formula(RuleKind):
    """`points` as a formula; `full` in it are the full marks. 0 unless `only_if`."""

    title_zh: ClassVar[str] = "公式"

    kind: Literal["formula"]
    points: FormulaField
    least: PriceField | None = None
    most: CapField | None = None
    only_if: FormulaField | None = None

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        yield ("points",), self.points.tree
        if self.only_if is not None:
            yield ("only_if",), self.only_if.tree

    def limits(self, setting: Setting) -> tuple[Decimal, Decimal | None]:
        """Least (0 unless said) and most (what the item can give unless said; none: no limit)."""
        low = setting.price(self.least) if self.least is not None else Decimal(0)
        return low, setting.cap(self.most) if self.most is not None else setting.top

    def scored(self, setting: Setting) -> Scored:
        amount = setting.quantity(self.points.tree)
        low, high = self.limits(setting)
        branches: Branches = ((None, amount),)
        if high is not None:
            top = Quantity.constant(high)
            branches = ((amount.compare(">=", top), top), *branches)
        bottom = Quantity.constant(low)
        branches = ((amount.compare("<=", bottom), bottom), *branches)
        needs = setting.needs(self.points.tree)
        title = setting.words(self.points.tree)
        parts = [
            Part(title, branches, needs, setting.unknown(needs, amount.guards), low, high, amount, "分", whole=True)
        ]
        if self.only_if is None:
            return Scored(Decimal(0), tuple(parts))
        gate, gate_needs = setting.sure(self.only_if.tree), setting.needs(self.only_if.tree)
        premise, none = f"前提“{setting.words(self.only_if.tree)}”", Decimal(0)
        parts.append(Part(premise, constant(0), gate_needs, f"({gate}) IS NULL", none, none, told(gate)))
        return Scored(Decimal(0), tuple(parts), None, gate, gate_needs)

    def trend(self, setting: Setting, figure: str) -> Trend:
        amount = setting.trend(self.points.tree, figure)
        return amount if self.only_if is None else gated(amount, setting.trend(self.only_if.tree, figure), True)

    def anchors(self, setting: Setting) -> Anchors:
        return Anchors((), "得分要按公式算出来，条款里没有写明数值对应的分值")

    def check(self, setting: Setting, findings: Findings) -> None:
        low, high = self.limits(setting)
        if high is not None and low > high:
            findings.error(("least",), f"最低 {number(low)} 分高于最高 {number(high)} 分", "请核对 least 和 most")
        if high is None and self.most is None and setting.full is None:
            findings.warning(
                (), "既没有满分也没有上限，得分可以一直累加", "如需封顶请写 most；确实不封顶请写 most: none"
            )
        if not names(self.points.tree):
            findings.error(("points",), "公式里没有数据项", "请用 value 或数据项的代码，例如 full * value / 100")

    def words(self, setting: Setting) -> str:
        low, high = self.limits(setting)
        text = f"得分 = {setting.words(self.points.tree)}"
        if low != 0:
            text += f"，最低 {number(low)} 分"
        if high is not None:
            text += f"，最高 {number(high)} 分"
        elif self.most is not None or setting.full is not None:
            text += "，不封顶"
        if self.only_if is not None:
            text += run_on("；须", setting.words(self.only_if.tree), "，否则不得分")
        return text

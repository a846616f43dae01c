"""judged 评分: points given, or taken, by the assessors, limited to the item (pattern JUDGE). Not entered yet is 暂缺.

Knows the figure that holds the entry and its limit. Reads no form: who entered it, when and why is in engine/entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import Name
from scoring.expressions.trend import SAME, Trend
from scoring.expressions.words import amount, number, run_on
from scoring.rubric.points import PriceField
from scoring.rubric.rules.anchors import Anchor, Anchors, At, gets
from scoring.rubric.rules.kind import Branches, Findings, Part, RuleKind, Scored, Setting, constant, told
from scoring.source import Code, Loc, Text
from scoring.sql.exact import Quantity

SCORE, LOSS = "考核组评分", "考核组酌情扣分"


class Judged(RuleKind):
    """The entered score, between 0 and `limit`; `as: loss`: taken off what the other rules give, or off full marks.

    `unless_entered: none`: without an entry it is nothing, once the office has closed the register.
    """

    title_zh: ClassVar[str] = "评分"

    kind: Literal["judged"]
    as_: Literal["score", "loss"] = Field(default="score", alias="as")
    limit: PriceField | None = None
    only_if: FormulaField | None = None
    unless_entered: Literal["pending", "none"] = "pending"
    form: Code = "review"
    measure: Text | None = None

    @property
    def is_loss(self) -> bool:
        return self.as_ == "loss"

    def title(self, setting: Setting) -> str:
        """What it is called in explanations: the assessors' entry, or the figure of a report."""
        if self.measure is not None:
            return setting.title(self.measure)
        return LOSS if self.is_loss else SCORE

    def thing(self, setting: Setting) -> str:
        """Unit of measure of what is entered."""
        return "分" if self.measure is None else setting.thing(self.measure)

    def source(self, indicator: str) -> str:
        """The measure that holds the entry."""
        return self.measure or f"{indicator}.judged"

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        if self.measure is not None:
            yield ("measure",), Name(self.measure)
        if self.only_if is not None:
            yield ("only_if",), self.only_if.tree

    def forms(self) -> Iterator[tuple[Loc, str]]:
        if self.measure is None:
            yield ("form",) if "form" in self.model_fields_set else (), self.form

    def most(self, setting: Setting) -> Decimal:
        """The most that can be given or taken."""
        return self.most_in(setting.group, setting.full)

    def most_in(self, group: str, full: Decimal | None) -> Decimal:
        """The same, by the group and its full marks; a map that does not name the group gives 0 (checked before)."""
        if self.limit is None:
            return full or Decimal(0)
        points = self.limit.at(group)
        return points.of(full) if points is not None else Decimal(0)

    def scored(self, setting: Setting) -> Scored:
        """A loss starts from full marks; where another rule gives the points, the start is left out (`Placed`)."""
        start = (setting.full or Decimal(0)) if self.is_loss else Decimal(0)
        if self.only_if is None:
            return Scored(start, (self._entry(setting, None),))
        gate, needs = setting.sure(self.only_if.tree), setting.needs(self.only_if.tree)
        title, none = f"前提“{setting.words(self.only_if.tree)}”", Decimal(0)
        premise = Part(title, constant(0), needs, f"({gate}) IS NULL", none, none, told(gate))
        return Scored(start, (self._entry(setting, gate), premise), None, gate, needs)

    def _entry(self, setting: Setting, gate: str | None) -> Part:
        name = Name(self.source(setting.indicator))
        entered = setting.quantity(name)
        limit = self.most(setting)
        top = Quantity.constant(limit)
        given: Branches = (
            (entered.compare("<", Quantity.constant(0)), Quantity.constant(0)),
            (entered.compare(">", top), top),
            (None, entered),
        )
        low, high = Decimal(0), limit
        if self.is_loss:
            given, low, high = tuple((test, -points) for test, points in given), -limit, Decimal(0)
        needs = setting.needs(name)
        unknown = setting.unknown(needs, entered.guards)
        if gate is not None:  # behind a premise that is not met nobody waits for an entry
            unknown = f"({unknown}) AND ({gate}) IS NOT FALSE"
        return Part(self.title(setting), given, needs, unknown, low, high, entered, self.thing(setting), whole=True)

    def figures(self, setting: Setting) -> tuple[str, ...]:
        gate = (self.only_if.tree,) if self.only_if is not None else ()
        return setting.needs(Name(self.source(setting.indicator)), *gate)

    def trend(self, setting: Setting, figure: str) -> Trend:
        entered = setting.trend(Name(self.source(setting.indicator)), figure) if self.most(setting) else SAME
        if self.only_if is not None and self.most(setting):
            entered += setting.trend(self.only_if.tree, figure)
        return -entered if self.is_loss else entered

    def anchors(self, setting: Setting) -> Anchors:
        """Nothing entered, the limit entered; and the limit where the premise is not met."""
        entry, limit = Name(self.source(setting.indicator)), self.most(setting)
        start, sign = ((setting.full or Decimal(0)), -1) if self.is_loss else (Decimal(0), 1)
        met: tuple[At, ...] = ((self.only_if.tree, True),) if self.only_if is not None else ()
        found = []
        for given in (Decimal(0), limit):
            points = start + sign * given
            note = run_on(self._given(setting, given), f"的{gets(points, setting.top)}")
            found.append(Anchor((*met, (entry, given)), points, note))
        if self.only_if is not None:
            note = run_on("不符合前提“", setting.words(self.only_if.tree), f"”的{gets(start, setting.top)}")
            found.append(Anchor(((self.only_if.tree, False), (entry, limit)), start, note))
        return Anchors(tuple(found))

    def _given(self, setting: Setting, given: Decimal) -> str:
        if self.measure is not None:
            return run_on(self.title(setting), "为", amount(given, self.thing(setting)))
        return f"考核组{'扣' if self.is_loss else '评'} {number(given)} 分"

    def check(self, setting: Setting, findings: Findings) -> None:
        what = "扣分" if self.is_loss else "评分"
        if self.limit is None and setting.full is None:
            findings.error((), f"{what}没有上限", "请写 limit 或 full_marks")
        if setting.full is not None and self.most(setting) > setting.full:
            findings.warning(("limit",), f"{what}上限高于满分", "超出部分不计；请核对 limit")
        if self.measure is not None and self.unless_entered == "none":
            findings.error(
                ("unless_entered",),
                "用 measure 指明数据项时，没有登记怎么办由那张报表定，不写 unless_entered",
                "请删去",
            )

    def words(self, setting: Setting) -> str:
        limit, figure = number(self.most(setting)), f"“{self.title(setting)}”"
        absent = {"none": "", "pending": ""}  # of a report: as the indicator says
        if self.measure is not None:
            text = f"按{figure}扣分，最多扣 {limit} 分" if self.is_loss else f"按{figure}计，最高 {limit} 分"
        elif self.is_loss:
            text = f"由考核组酌情扣分，最多扣 {limit} 分"
            absent = {"none": "；关账后没有登记扣分的不扣", "pending": "；未登记的待定"}
        else:
            text = f"由考核组评分，最高 {limit} 分"
            absent = {"none": "；关账后没有评分的不得分", "pending": "；未评分的暂缺"}
        if self.only_if is not None:
            otherwise = "，否则不扣" if self.is_loss else "，否则不得分"
            text += run_on("；须", setting.words(self.only_if.tree), otherwise)
        return text + absent[self.unless_entered]

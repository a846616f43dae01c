"""timeliness 时限: full marks less so much for each late and each missing report (pattern TIME).

Whether a report came, and when, is a fact of the register of submissions; a report never received is such a
fact too, not a missing figure. A late report costs so much once, or for every day, working day or month it is late
(D36.2): a begun one counts, so a report an hour late is a day late.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from scoring.expressions import Expr
from scoring.expressions.field import Formula
from scoring.expressions.parse import Name
from scoring.expressions.trend import SAME, Trend
from scoring.rubric.points import Grouped, PriceField
from scoring.rubric.rules.anchors import Anchors, gets
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.counted_anchors import one_by_one
from scoring.rubric.rules.kind import Findings, RuleKind, Scored, Setting
from scoring.source import Code, Loc

LATE = {"report": "late", "day": "days_late", "workday": "workdays_late", "month": "months_late"}
BEGUN = {"day": "不足一天按一天计", "workday": "不足一个工作日按一个工作日计", "month": "不足一个月按一个月计"}


class Timeliness(RuleKind):
    """full − late · a − missing · b − early · c."""

    title_zh: ClassVar[str] = "时限"

    kind: Literal["timeliness"]
    form: Code
    late: PriceField
    missing: PriceField
    late_each: Literal["report", "day", "workday", "month"] = "report"
    late_cap: PriceField | None = None
    missing_cap: PriceField | None = None
    early: PriceField | None = None

    def _counted(self, item: str, each: Grouped, cap: Grouped | None, title: str) -> CountedPart:
        code = f"{self.form}.{item}"
        return CountedPart(measure=Formula(code, Name(code)), each=each, cap=cap, title=title)

    def _parts(self) -> tuple[CountedPart, ...]:
        late = self._counted(LATE[self.late_each], self.late, self.late_cap, "迟报")
        missing = self._counted("missing", self.missing, self.missing_cap, "未报")
        early = [self._counted("early", self.early, None, "过早报送")] if self.early is not None else []
        return (late, missing, *early)

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        for part in self._parts():
            yield ("form",), Name(part.code)

    def forms(self) -> Iterator[tuple[Loc, str]]:
        yield ("form",), self.form

    def scored(self, setting: Setting) -> Scored:
        return Scored(setting.full or Decimal(0), tuple(part.part(setting, -1) for part in self._parts()))

    def trend(self, setting: Setting, figure: str) -> Trend:
        loss = SAME
        for part in self._parts():
            loss += part.trend(setting, figure)
        return -loss

    def anchors(self, setting: Setting) -> Anchors:
        full = setting.full or Decimal(0)
        left = one_by_one(self._parts(), setting, lambda cost: full - cost, lambda cost: gets(full - cost, setting.top))
        return Anchors(tuple(left))

    def check(self, setting: Setting, findings: Findings) -> None:
        if setting.full is None:
            findings.error((), "没有满分的指标不能从满分扣起", "请写 full_marks")
        if setting.price(self.missing) < setting.price(self.late):
            findings.warning(("missing",), "未报比迟报扣得还少", "请核对两个分值是否写反")

    def words(self, setting: Setting) -> str:
        late, *others = (part.words(setting, "扣") for part in self._parts())
        late += f"（{BEGUN[self.late_each]}）" if self.late_each in BEGUN else ""
        told = "；".join([late, *others])
        return f"{setting.title(self.form)}：{told}，扣完为止"

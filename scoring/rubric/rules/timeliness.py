"""timeliness 时限: full marks less so much for each late and each missing report (pattern TIME).

Whether a report came, and when, is a fact of the register of submissions; a report never received is such a
fact too, not a missing figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from scoring.expressions import Expr
from scoring.expressions.parse import Name
from scoring.rubric.points import PriceField
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.kind import Direction, Findings, RuleKind, Scored, Setting
from scoring.source import Code, Loc


class Timeliness(RuleKind):
    """full − late · a − missing · b."""

    title_zh: ClassVar[str] = "时限"
    direction: ClassVar[Direction] = "down"

    kind: Literal["timeliness"]
    form: Code
    late: PriceField
    missing: PriceField
    late_cap: PriceField | None = None
    missing_cap: PriceField | None = None

    def _parts(self) -> tuple[CountedPart, CountedPart]:
        late = CountedPart(measure=f"{self.form}.late", each=self.late, cap=self.late_cap, title="迟报")
        missing = CountedPart(measure=f"{self.form}.missing", each=self.missing, cap=self.missing_cap, title="未报")
        return late, missing

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        yield ("form",), Name(f"{self.form}.late")

    def forms(self) -> Iterator[tuple[Loc, str]]:
        yield ("form",), self.form

    def scored(self, setting: Setting) -> Scored:
        return Scored(setting.full or Decimal(0), tuple(part.part(setting, -1) for part in self._parts()))

    def check(self, setting: Setting, findings: Findings) -> None:
        if setting.full is None:
            findings.error((), "没有满分的指标不能从满分扣起", "请写 full_marks")
        if setting.price(self.missing) < setting.price(self.late):
            findings.warning(("missing",), "未报比迟报扣得还少", "请核对两个分值是否写反")

    def words(self, setting: Setting) -> str:
        told = "；".join(part.words(setting, "扣") for part in self._parts())
        return f"{setting.title(self.form)}：{told}，扣完为止"

"""judged 评分: a score entered by the assessors, limited to the item (pattern JUDGE). Not entered yet is 暂缺."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from scoring.expressions import Expr
from scoring.expressions.parse import Name
from scoring.expressions.words import number
from scoring.rubric.points import PriceField
from scoring.rubric.rules.kind import Direction, Findings, Part, RuleKind, Scored, Setting
from scoring.source import Code, Loc, Text
from scoring.sql.exact import Quantity


class Judged(RuleKind):
    """The entered score, between 0 and `limit`."""

    title_zh: ClassVar[str] = "评分"
    direction: ClassVar[Direction] = "up"

    kind: Literal["judged"]
    limit: PriceField | None = None
    form: Code = "review"
    measure: Text | None = None

    def source(self, indicator: str) -> str:
        """The measure that holds the score."""
        return self.measure or f"{indicator}.judged"

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        if self.measure is not None:
            yield ("measure",), Name(self.measure)

    def forms(self) -> Iterator[tuple[Loc, str]]:
        if self.measure is None:
            yield ("form",) if "form" in self.model_fields_set else (), self.form

    def _limit(self, setting: Setting) -> Decimal:
        return setting.price(self.limit) if self.limit is not None else setting.full or Decimal(0)

    def scored(self, setting: Setting) -> Scored:
        name = Name(self.source(setting.indicator))
        score = setting.quantity(name)
        limit = self._limit(setting)
        top = Quantity.constant(limit)
        amount = (
            (score.compare("<", Quantity.constant(0)), Quantity.constant(0)),
            (score.compare(">", top), top),
            (None, score),
        )
        needs = setting.needs(name)
        unknown = setting.unknown(needs, score.guards)
        return Scored(
            Decimal(0), (Part("考核组评分", amount, needs, unknown, Decimal(0), limit, score, "分", whole=True),)
        )

    def check(self, setting: Setting, findings: Findings) -> None:
        if self.limit is None and setting.full is None:
            findings.error((), "评分没有上限", "请写 limit 或 full_marks")
        if setting.full is not None and self._limit(setting) > setting.full:
            findings.warning(("limit",), "评分上限高于满分", "超出部分不计；请核对 limit")

    def words(self, setting: Setting) -> str:
        return f"由考核组评分，最高 {number(self._limit(setting))} 分；未评分的暂缺"

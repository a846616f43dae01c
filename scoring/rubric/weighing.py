"""Weights of rows and counting a thing once: what a measure may say beside value and where (patterns EQUIV, DEDUP).

A row weighs the product of the weights of its columns (`weights`), under the name `weight` in `value` and `where`.
Of the rows with the same `once_by` only the heaviest counts; where all weigh the same, the first. Knows column types
and text, no data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator

from scoring.expressions import Expr, ExpressionError
from scoring.expressions.parse import Logic, Name, rebuilt
from scoring.expressions.rows import RowType
from scoring.expressions.words import number
from scoring.source import refusal
from scoring.sql.text import identifier, literal

WEIGHT = "weight"
MOST_DECIMALS = 6


@dataclass(frozen=True)
class Weights:
    """What one value of a column weighs; `other`: what every other value weighs."""

    by_value: tuple[tuple[str, Decimal], ...]
    other: Decimal = Decimal(0)

    @property
    def decimals(self) -> int:
        exponents = [weight.normalize().as_tuple().exponent for _, weight in (*self.by_value, ("", self.other))]
        return max(0, *(-int(exponent) for exponent in exponents))

    @property
    def most(self) -> Decimal:
        return max(self.other, *(weight for _, weight in self.by_value))


def _weights(value: Any) -> Any:
    if isinstance(value, Weights):
        return value
    if not isinstance(value, dict) or not value:
        raise refusal("权重要写成 值: 权重 的对照表", "例如 {国家级: 3, 省级: 1.5, other: 0}")
    for key, weight in value.items():
        if not isinstance(weight, Decimal) or weight < 0:
            raise refusal(f"“{key}”的权重读不懂", "权重写不小于 0 的半角数字")
    pairs = tuple((str(key), weight) for key, weight in value.items() if key != "other")
    return Weights(pairs, value.get("other", Decimal(0)))


WeightsField = Annotated[Weights, BeforeValidator(_weights)]


@dataclass(frozen=True)
class Weighing:
    """The weights and the once_by of one measure, at work in one form."""

    code: str  # of the measure
    weights: tuple[tuple[str, Weights], ...]
    once_by: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns whose cells it looks at."""
        return tuple(dict.fromkeys([column for column, _ in self.weights] + list(self.once_by)))

    @property
    def weight_column(self) -> str:
        return f"{self.code}__weight"

    @property
    def first_column(self) -> str:
        return f"{self.code}__first"

    def problem(self, types: Mapping[str, RowType]) -> tuple[str, str] | None:
        """What is wrong with it, and the fix."""
        for column in self.columns:
            if column not in types:
                return f"没有列“{column}”", "可用的列：" + "、".join(types)
        if self.weights and WEIGHT in types:
            return "报表里已有一列叫 weight", "请给那一列换个代码"
        for column, weights in self.weights:
            kind = types[column]
            if kind.kind not in ("text", "integer", "boolean"):
                return f"“{kind.title or column}”不能按值给权重", "权重只能按选项、文本、整数或是否列来给"
            for value, _ in weights.by_value:
                if kind.options and value not in kind.options:
                    return f"“{value}”不是“{kind.title}”的选项", "可选：" + "、".join(kind.options)
                if kind.kind == "integer" and not value.lstrip("-").isdigit():
                    return f"“{value}”不是整数", f"“{kind.title}”是整数列"
                if kind.kind == "boolean" and value not in ("是", "否"):
                    return f"“{value}”不是“{kind.title}”的取值", "请写 是 和 否"
        if self.decimals > MOST_DECIMALS:
            return "权重相乘后小数位数过多", f"合计最多 {MOST_DECIMALS} 位小数"
        return None

    @property
    def decimals(self) -> int:
        return sum(weights.decimals for _, weights in self.weights)

    def types(self, types: Mapping[str, RowType]) -> dict[str, RowType]:
        """The columns of the form and those the weighing adds."""
        found = dict(types)
        if self.weights:
            most = Decimal(math.prod(weights.most for _, weights in self.weights))
            found[self.weight_column] = RowType("decimal", self.decimals, (), True, "权重", most)
        if self.once_by:
            found[self.first_column] = RowType("boolean", title="同一事项中最高的一行")
        return found

    def renamed(self, tree: Expr) -> Expr:
        """An expression with `weight` called by its column."""
        return rebuilt(tree, lambda node: Name(self.weight_column) if self.weights and node == Name(WEIGHT) else node)

    def where(self, where: Expr | None) -> Expr | None:
        """The condition of rows that count."""
        own = self.renamed(where) if where is not None else None
        if not self.once_by:
            return own
        first = Name(self.first_column)
        return first if own is None else Logic("and", own, first)

    def weight_sql(self, types: Mapping[str, RowType]) -> str:
        """SQL of the weight of a row, exact."""
        factors = []
        for column, weights in self.weights:
            kind = types[column]
            cases = " ".join(f"WHEN {_key(value, kind)} THEN {literal(weight)}" for value, weight in weights.by_value)
            text = f"CASE {identifier(column)} {cases} ELSE {literal(weights.other)} END"
            factors.append(f"({text})::DECIMAL(9, {weights.decimals})")
        return f"({' * '.join(factors)})::DECIMAL(18, {self.decimals})"

    def first_sql(self, test: str) -> str:
        """SQL that is true for the one row of a thing that counts: the heaviest that fulfils the condition."""
        keys = ", ".join(["row_unit", f"({test}) IS TRUE", *(identifier(column) for column in self.once_by)])
        order = f"{identifier(self.weight_column)} DESC, row_id" if self.weights else "row_id"
        return f"row_number() OVER (PARTITION BY {keys} ORDER BY {order}) = 1"

    def words(self, types: Mapping[str, RowType]) -> str:
        """In Chinese: what weighs how much, what counts once."""
        told = []
        for column, weights in self.weights:
            pairs = [f"{value} {number(weight)}" for value, weight in weights.by_value]
            if weights.other:
                pairs.append(f"其他 {number(weights.other)}")
            told.append(f"按{types[column].title}折算（{'、'.join(pairs)}）")
        if self.once_by:
            keys = "、".join(types[column].title for column in self.once_by)
            told.append(f"同一{keys}只计{'最高的' if self.weights else ''}一次")
        return "，".join(told)


def _key(value: str, kind: RowType) -> str:
    if kind.kind == "boolean":
        return "TRUE" if value == "是" else "FALSE"
    return value if kind.kind == "integer" else literal(value)


def checked(weighing: Weighing, types: Mapping[str, RowType]) -> dict[str, RowType]:
    """Types with the added columns. Raises ExpressionError."""
    problem = weighing.problem(types)
    if problem:
        raise ExpressionError(*problem)
    return weighing.types(types)

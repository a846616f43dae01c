"""Weights of rows and counting a thing once: what a measure may say beside value and where (patterns EQUIV, DEDUP).

A row weighs the product of the weights of its columns and of its condition (`when`), under the name `weight` in
`value` and `where`. Of several conditions the first that fits decides; a row that fits none weighs 1. Where it cannot be
said whether one fits, the weight is not known. Of the rows with the same `once_by` only the heaviest counts; where all
weigh the same, the first. Knows column types and text, no data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from scoring.expressions import Expr, ExpressionError, names
from scoring.expressions.field import Formula, FormulaField
from scoring.expressions.parse import Logic, Name, rebuilt
from scoring.expressions.rows import RowType, condition, dated
from scoring.expressions.words import number, run_on, words
from scoring.source import Exact, Spec, refusal
from scoring.sql.text import identifier, literal

WEIGHT = "weight"
WHEN = "when"  # the key of the conditions among the columns
MOST_DECIMALS = 6


@dataclass(frozen=True)
class Weights:
    """What one value of a column weighs; `other`: what every other value weighs."""

    by_value: tuple[tuple[str, Decimal], ...]
    other: Decimal = Decimal(0)

    @property
    def decimals(self) -> int:
        return _decimals([weight for _, weight in (*self.by_value, ("", self.other))])

    @property
    def most(self) -> Decimal:
        return max(self.other, *(weight for _, weight in self.by_value))


def _decimals(weights: list[Decimal]) -> int:
    return max(0, *(-int(weight.normalize().as_tuple().exponent) for weight in weights))


class WhenWeight(Spec):
    """What a row weighs that fulfils a condition; the last may go without, for every other row."""

    if_: FormulaField | None = Field(default=None, alias="if")
    weight: Exact


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


_ByValue = Annotated[
    Weights,
    BeforeValidator(_weights),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "number", "minimum": 0}, "minProperties": 1}),
]
_ByCondition = Annotated[tuple[WhenWeight, ...], Field(min_length=1)]


def _how(value: Any) -> str:
    return "conditions" if isinstance(value, (list, tuple)) else "values"


WeightsField = Annotated[
    Annotated[_ByValue, Tag("values")] | Annotated[_ByCondition, Tag("conditions")], Discriminator(_how)
]
Written = Mapping[str, Weights | tuple[WhenWeight, ...]]


@dataclass(frozen=True)
class Weighing:
    """The weights and the once_by of one measure, at work in one form."""

    code: str  # of the measure
    weights: tuple[tuple[str, Weights], ...]
    once_by: tuple[str, ...]
    when: tuple[WhenWeight, ...] = ()

    @classmethod
    def of(cls, code: str, written: Written, once_by: tuple[str, ...]) -> Weighing | None:
        """As a measure writes it; None where it says neither. Raises ExpressionError."""
        if not written and not once_by:
            return None
        by_value = tuple((column, one) for column, one in written.items() if isinstance(one, Weights))
        lists = [(column, one) for column, one in written.items() if not isinstance(one, Weights)]
        for column, _ in lists:
            if column != WHEN:
                raise ExpressionError(
                    f"“{column}”的权重写成了列表", f"{{值: 权重}} 的对照表写在列名下，按条件的列表写在 {WHEN} 下"
                )
        return cls(code, by_value, once_by, lists[0][1] if lists else ())

    @property
    def weighs(self) -> bool:
        """Whether rows have a weight, not only a mark."""
        return bool(self.weights or self.when)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns whose cells it cannot do without."""
        return tuple(dict.fromkeys([column for column, _ in self.weights] + list(self.once_by)))

    @property
    def judged(self) -> tuple[str, ...]:
        """Columns its conditions look at: an empty cell matters only where it leaves them undecided."""
        return tuple(dict.fromkeys(name for tree in self.conditions for name in sorted(names(tree))))

    @property
    def conditions(self) -> tuple[Expr, ...]:
        return tuple(one.if_.tree for one in self.when if one.if_ is not None)

    def dated(self, types: Mapping[str, RowType], start: date) -> Weighing:
        """With the days without a year in the year from `start` on."""
        if not self.when:
            return self
        found = []
        for one in self.when:
            tree = dated(one.if_.tree, types, start) if one.if_ is not None else None
            found.append(one.model_copy(update={"if_": Formula(one.if_.text, tree)}) if one.if_ and tree else one)
        return replace(self, when=tuple(found))

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
        if self.weighs and WEIGHT in types:
            return "报表里已有一列叫 weight", "请给那一列换个代码"
        if problem := self._conditions_problem():
            return problem
        for column, weights in self.weights:
            kind = types[column]
            if kind.kind not in ("text", "integer", "boolean"):
                return f"“{kind.title or column}”不能按值给权重", "权重只能按选项、文本、整数或是否列来给"
            for value, _ in weights.by_value:
                if kind.options and value not in kind.options:
                    return f"“{value}”不是“{kind.title}”的选项", "可选：" + "、".join(kind.options)
                if kind.kind == "integer" and not value.lstrip("-").isdigit():
                    return f"“{value}”不是整数", f"“{kind.title}”是整数列，请写整数"
                if kind.kind == "boolean" and value not in ("是", "否"):
                    return f"“{value}”不是“{kind.title}”的取值", "请写 是 和 否"
        if self.decimals > MOST_DECIMALS:
            return "权重相乘后小数位数过多", f"合计最多 {MOST_DECIMALS} 位小数"
        return None

    def _conditions_problem(self) -> tuple[str, str] | None:
        for position, one in enumerate(self.when, 1):
            if one.weight < 0:
                return f"权重 {one.weight} 小于 0", "权重写不小于 0 的半角数字"
            if one.if_ is None and position < len(self.when):
                return "没有写 if 的权重后面还有权重，后面的用不上", "不写 if 的放在最后，表示其他"
            if one.if_ is None and len(self.when) == 1:
                return "按条件的权重没有一条写了 if", "例如 when: [{if: again, weight: 2}]"
            if one.if_ is not None and WEIGHT in names(one.if_.tree):
                return "权重的条件里用到了权重自己", "条件只看报表的列"
        return None

    @property
    def decimals(self) -> int:
        return sum(weights.decimals for _, weights in self.weights) + self._when_decimals

    @property
    def _when_decimals(self) -> int:
        return _decimals([one.weight for one in self.when]) if self.when else 0

    def types(self, types: Mapping[str, RowType]) -> dict[str, RowType]:
        """The columns of the form and those the weighing adds."""
        found = dict(types)
        if self.weighs:
            most = Decimal(math.prod(weights.most for _, weights in self.weights))
            most *= max([Decimal(1), *(one.weight for one in self.when)])
            found[self.weight_column] = RowType("decimal", self.decimals, (), True, "权重", most)
        if self.once_by:
            found[self.first_column] = RowType("boolean", title="同一事项中最高的一行")
        return found

    def renamed(self, tree: Expr) -> Expr:
        """An expression with `weight` called by its column."""
        return rebuilt(tree, lambda node: Name(self.weight_column) if self.weighs and node == Name(WEIGHT) else node)

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
        if self.when:
            factors.append(f"({self._when_sql(types)})::DECIMAL(9, {self._when_decimals})")
        return f"({' * '.join(factors)})::DECIMAL(18, {self.decimals})"

    def _when_sql(self, types: Mapping[str, RowType]) -> str:
        cases, rest = [], Decimal(1)
        for one in self.when:
            if one.if_ is None:
                rest = one.weight
                continue
            test = condition(one.if_.tree, types)
            cases.append(f"WHEN {test} THEN {literal(one.weight)} WHEN ({test}) IS NULL THEN NULL")
        return f"CASE {' '.join(cases)} ELSE {literal(rest)} END"

    def undecided_sql(self, types: Mapping[str, RowType]) -> str | None:
        """SQL that is true for a row of which it cannot be said what it weighs."""
        return f"({self._when_sql(types)}) IS NULL" if self.when else None

    def first_sql(self, test: str, then: Sequence[str]) -> str:
        """SQL that is true for the one row of a thing that counts: the heaviest that fulfils the condition. `then`: SQL
        that orders those which weigh the same; what is left differs in nothing that the measure looks at."""
        keys = ", ".join(["row_unit", f"({test}) IS TRUE", *(identifier(column) for column in self.once_by)])
        order = [f"{identifier(self.weight_column)} DESC"] if self.weighs else []
        return f"row_number() OVER (PARTITION BY {keys} ORDER BY {', '.join([*order, *then, 'row_id'])}) = 1"

    def words(self, types: Mapping[str, RowType], of_figures: bool) -> str:
        """In Chinese: what weighs how much, what counts once. `of_figures`: a column is summed and not rows counted."""
        told = []
        for column, weights in self.weights:
            pairs = [f"{value} {number(weight)}" for value, weight in weights.by_value]
            if weights.other:
                pairs.append(f"其他 {number(weights.other)}")
            told.append(f"按{types[column].title}折算（{'、'.join(pairs)}）")
        if self.when:
            told.append(self._when_words(types))
        if self.once_by:
            keys = "、".join(types[column].title for column in self.once_by)
            told.append(f"同一{keys}只计{'最高的' if self.weighs or of_figures else ''}一次")
        return "，".join(told)

    def _when_words(self, types: Mapping[str, RowType]) -> str:
        days = [code for code, kind in types.items() if kind.kind == "date"]

        def told(one: WhenWeight) -> str:
            if one.if_ is None:
                return f"其他按 {number(one.weight)} 倍计"
            test = words(one.if_.tree, lambda name: types[name].title if name in types else name, days=days)
            return run_on(test, f"的按 {number(one.weight)} 倍计")

        return "，".join(told(one) for one in self.when)


def _key(value: str, kind: RowType) -> str:
    if kind.kind == "boolean":
        return "TRUE" if value == "是" else "FALSE"
    return value if kind.kind == "integer" else literal(value)


def checked(weighing: Weighing, types: Mapping[str, RowType]) -> dict[str, RowType]:
    """Types with the added columns. Raises ExpressionError."""
    problem = weighing.problem(types)
    if problem:
        raise ExpressionError(*problem)
    weighing.undecided_sql(types)
    return weighing.types(types)

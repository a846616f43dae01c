"""A figure taken month by month (or by quarter, half-year) and put together: a good month makes up for no bad one.

`value` is taken in each part of the period by itself, under the name `x`; `then` says how the parts become one
figure: sum(least(x, 8)), count(x >= 8), min(x), max(x), avg(x). Parts that are over by the day of the run count (the
running one where none is over yet). A part without a row is 0. Knows expressions and dates, no data.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from scoring.expressions import Expr, ExpressionError
from scoring.expressions.figures import Figure, condition, quantity
from scoring.expressions.parse import Call, Compare, Logic, Name, String, names
from scoring.expressions.rows import Aggregate
from scoring.sql.exact import Atom, Quantity, Term, greatest, least

Part = Literal["month", "quarter", "half_year"]
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half_year": 6}
TITLES: dict[str, str] = {"month": "每月", "quarter": "每季度", "half_year": "每半年"}
Span = tuple[date, date]


@dataclass(frozen=True)
class EachPart:
    """Into which parts the period is cut, and what becomes of the figures of the parts."""

    part: Part
    then: Expr

    def spans(self, start: date, end: date, whole: date) -> list[Span]:
        """The parts of [start, whole] that are over by `end`; the first one where none is."""
        found: list[Span] = []
        first = start
        while first <= whole:
            last = _after(first, MONTHS[self.part])
            found.append((first, last))
            first = date.fromordinal(last.toordinal() + 1)
        return [span for span in found if span[1] <= end] or found[:1]

    def put_together(self, parts: Sequence[Aggregate]) -> Aggregate:
        """One aggregate of those of the parts. Raises ExpressionError."""
        then = self.then
        if (
            not isinstance(then, Call)
            or then.function not in ("count", "sum", "min", "max", "avg")
            or len(then.arguments) != 1
        ):
            raise ExpressionError("then 须是各期数值 x 的汇总", "例如 sum(least(x, 8))、count(x >= 8)、min(x)、avg(x)")
        if names(then) != {"x"}:
            raise ExpressionError("then 里只能用 x（一期的数值）", "例如 sum(least(x, 8))")
        first = parts[0]
        if first.divisor is not None or first.is_truth:
            raise ExpressionError("各期的数值不能是平均或是否", "每期先计数或求和，then 里再求平均")
        if then.function == "count":
            return self._counted(then.arguments[0], parts)
        figures = [self._figure(then.arguments[0], _atom(part, part.sql)) for part in parts]
        nothing = [self._figure(then.arguments[0], _atom(part, "0")) for part in parts]
        if not figures[0].den.is_constant or 10**6 % figures[0].den.constant:
            raise ExpressionError("then 里不能用比率", "比率写在指标的 value 里")
        total, empty = self._joined(then.function, figures), self._joined(then.function, nothing)
        scale = total.den.constant
        found = replace(
            first, sql=f"({total.num.sql()})::BIGINT", scale=scale, low=total.num.low, high=total.num.high,
            empty=f"({empty.num.scaled(scale // empty.den.constant).sql()})::BIGINT", needs_row=False,
        )  # fmt: skip
        return replace(found, divisor=f"{len(parts)}::BIGINT") if then.function == "avg" else found

    @staticmethod
    def _figure(tree: Expr, x: Quantity) -> Quantity:
        return quantity(tree, lambda name: Figure(x))

    @staticmethod
    def _joined(function: str, figures: Sequence[Quantity]) -> Quantity:
        if function == "min":
            return least(figures)
        if function == "max":
            return greatest(figures)
        total = Quantity.constant(0)
        for figure in figures:
            total = total + figure
        return total

    @staticmethod
    def _counted(tree: Expr, parts: Sequence[Aggregate]) -> Aggregate:
        def text(sql: str | None) -> str:
            tests = [condition(tree, lambda name, p=part: Figure(_atom(p, sql or p.sql))) for part in parts]  # type: ignore[misc]
            return " + ".join(f"CASE WHEN {test} THEN 1 ELSE 0 END" for test in tests)

        found = replace(parts[0], sql=f"({text(None)})::BIGINT", scale=1, low=0, high=len(parts), needs_row=False)
        return replace(found, empty=f"({text('0')})::BIGINT")


def _atom(part: Aggregate, sql: str) -> Quantity:
    text = sql if sql == "0" else f"({sql})"
    return Quantity(Term.of(Atom(text, part.low, part.high)), Term.of(part.scale))


_TITLES = {
    "quarter": ("第一季度", "第二季度", "第三季度", "第四季度"),
    "half_year": ("上半年", "下半年"),
}
_LETTERS = {"month": "m", "quarter": "q", "half_year": "h"}


@dataclass(frozen=True)
class YearPart:
    """One month, quarter or half-year of the period, by itself or from the beginning of the period on."""

    part: Part
    number: int  # from 1
    cumulative: bool = False

    @property
    def label(self) -> str:
        """m3, q1, h2; to_q2 where it counts from the beginning."""
        return f"{'to_' if self.cumulative else ''}{_LETTERS[self.part]}{self.number}"

    @staticmethod
    def of(label: str) -> YearPart:
        """The part of a label."""
        own = label.removeprefix("to_")
        part = next(part for part, letter in _LETTERS.items() if letter == own[0])
        return YearPart(part, int(own[1:]), own != label)  # type: ignore[arg-type]

    def span(self, start: date) -> Span:
        """First and last day, in the period that starts then."""
        months = MONTHS[self.part]
        first = start
        for _ in range(self.number - 1):
            first = date.fromordinal(_after(first, months).toordinal() + 1)
        return (start if self.cumulative else first), _after(first, months)

    def title(self, start: date) -> str:
        """3月, 第一季度, 上半年; a year that does not begin in January has 第 1 季度 … by number."""
        own = f"{(start.month + self.number - 2) % 12 + 1}月"
        if self.part != "month":
            own = _TITLES[self.part][self.number - 1]
        return f"截至{own}" if self.cumulative else own


def inside(where: Expr | None, dated_by: str, span: Span) -> Expr:
    """The condition, within one part of the period."""
    ends = Logic(
        "and",
        Compare(">=", Name(dated_by), String(span[0].isoformat())),
        Compare("<=", Name(dated_by), String(span[1].isoformat())),
    )
    return ends if where is None else Logic("and", where, ends)


def _after(first: date, months: int) -> date:
    """The last day of so many months from `first` on."""
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    day = min(first.day, monthrange(year, month)[1])
    return date.fromordinal(date(year, month, day).toordinal() - 1)

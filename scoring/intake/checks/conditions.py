"""Whether a condition holds in each row: true, false, or undecided. Knows the grammar and columns; writes no SQL.

The same meaning as in the database: what rests on a cell without a value is undecided, except `is null`, which is true
of a blank cell; whether a masked cell is blank nobody knows, and 不涉及 is no answer to it.
"""

from __future__ import annotations

import calendar as months_of_the_world
import operator
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from scoring.calendar import WorkCalendar
from scoring.expressions.parse import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    In,
    IsBlank,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    String,
    Truth,
)
from scoring.intake.checks.rows import Rows

Cells = Sequence[Any]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_RECKON: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def chosen(tree: Expr, rows: Rows, calendar: WorkCalendar) -> list[int]:
    """The positions, of those that count, where the condition is surely true."""
    held = truths(tree, rows, calendar)
    return [at for at in rows.chosen if held[at] is True]


def truths(tree: Expr, rows: Rows, calendar: WorkCalendar) -> list[bool | None]:
    """By position: True, False, or None where it is undecided."""
    return list(_Reader(rows, calendar).truth(tree))


class _Reader:
    """Walks the expression once, a whole column at each step."""

    def __init__(self, rows: Rows, calendar: WorkCalendar) -> None:
        self.rows, self.calendar = rows, calendar

    def truth(self, node: Expr) -> Cells:
        match node:
            case Logic(word, left, right):
                join = _both if word == "and" else _either
                return [join(a, b) for a, b in zip(self.truth(left), self.truth(right), strict=True)]
            case Not(item):
                return [None if a is None else not a for a in self.truth(item)]
            case IsBlank(item):
                return self._blank(item)
            case In(item, options):
                return self._among(item, options)
            case Compare():
                return self._compared(node)
        return self.cells(node)

    def cells(self, node: Expr) -> Cells:
        match node:
            case Name(code):
                return self.rows.column(code)
            case Number(value) | String(value) | Truth(value):
                return [value] * self.rows.length
            case Negative(item):
                return [None if a is None else -a for a in self.cells(item)]
            case Arithmetic(sign, left, right):
                return _pairs(_RECKON[sign], self.cells(left), self.cells(right))
            case Call("month", (item,)):
                return [None if day is None else day.month for day in self.cells(item)]
            case Call(function, (first, last)):
                return _pairs(self._span(function), self._dates(first), self._dates(last))
        return self.truth(node)

    def _blank(self, item: Expr) -> Cells:
        if isinstance(item, Name):
            told = {"blank": True, "value": False}
            return [told.get(state) for state in self.rows.state(item.code)]
        return [None if value is None else False for value in self.cells(item)]

    def _among(self, item: Expr, options: tuple[Expr, ...]) -> Cells:
        tests = [self._compared(Compare("=", item, option)) for option in options]
        found = tests[0]
        for test in tests[1:]:
            found = [_either(a, b) for a, b in zip(found, test, strict=True)]
        return found

    def _compared(self, node: Compare) -> Cells:
        if (by_months := self._by_months(node)) is not None:
            return by_months
        dated = self._is_date(node.left) or self._is_date(node.right)
        read = self._dates if dated else self.cells
        return _pairs(_COMPARE[node.operator], read(node.left), read(node.right))

    def _by_months(self, node: Compare) -> Cells | None:
        """`months(a, b) > 3`: b lies after the day that corresponds, as in scoring.expressions.rows."""
        sign, span, limit = node.operator, node.left, node.right
        if isinstance(limit, Call):
            sign, span, limit = _FLIPPED.get(sign, sign), limit, span
        if not isinstance(span, Call) or span.function != "months" or sign not in _FLIPPED:
            return None
        assert isinstance(limit, Number)
        count, (first, last) = int(limit.value), span.arguments
        days = [None if day is None else months_later(day, count) for day in self._dates(first)]
        return _pairs(_COMPARE[sign], self._dates(last), days)

    def _is_date(self, node: Expr) -> bool:
        return isinstance(node, Name) and self.rows.form.row_types[node.code].kind == "date"

    def _dates(self, node: Expr) -> Cells:
        """Text beside a date is a date."""
        if isinstance(node, String):
            return [date.fromisoformat(node.value)] * self.rows.length
        return self.cells(node)

    def _span(self, function: str) -> Callable[[date, date], int | None]:
        if function == "workdays":
            return self._workdays
        if function == "months":
            return _full_months
        return lambda first, last: (last - first).days

    def _workdays(self, first: date, last: date) -> int | None:
        """Undecided for days that the calendar does not reach."""
        known = self.calendar.first <= min(first, last) and max(first, last) <= self.calendar.last
        return self.calendar.between(first, last) if known else None


def _pairs(act: Callable[[Any, Any], Any], left: Cells, right: Cells) -> Cells:
    return [None if a is None or b is None else act(a, b) for a, b in zip(left, right, strict=True)]


def _both(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _either(a: bool | None, b: bool | None) -> bool | None:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def months_later(day: date, count: int) -> date:
    """The day that corresponds; where the month has no such day, its last one."""
    total = day.year * 12 + day.month - 1 + count
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, months_of_the_world.monthrange(year, month)[1]))


def _full_months(first: date, last: date) -> int:
    count = (last.year - first.year) * 12 + last.month - first.month
    return count - (months_later(first, count) > last)

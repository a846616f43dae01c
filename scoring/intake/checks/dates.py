"""Dates of one row: their order, clocks that run between them, the due period they must lie in (V10, V17, V18)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scoring.forms.checks import ClockCheck, OrderCheck
from scoring.intake.checks.context import Context
from scoring.intake.checks.rows import Rows
from scoring.intake.reported import Finding

_WEEKDAYS = "一二三四五六日"


def order(check: OrderCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """Each date not before the last one that is filled in; what is blank or masked is passed over."""
    known: list[date | None] = [None] * rows.length
    names: list[str] = [""] * rows.length
    for code in check.dates:
        days = rows.days(code)
        for at in rows.chosen:
            day = days[at]
            if day is None:
                continue
            before = known[at]
            if before is not None and day < before:
                problem = f"{rows.title(code)} {day} 早于{rows.title(names[at])} {before}"
                yield rows.finding(check, at, code, problem)
            known[at], names[at] = day, code


def clock(check: ClockCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """More than so many days from one date to another. An open end is no finding: the method scores it by its own rule."""
    first, last = rows.days(check.from_), rows.days(check.to)
    number: dict[date, int] = {}
    for at in rows.chosen:
        start, end = first[at], last[at]
        if start is None or end is None or end <= start:
            continue
        if check.workdays:
            if not (context.calendar.first <= start and end <= context.calendar.last):
                continue
            for day in (start, end):
                if day not in number:
                    number[day] = context.calendar.number(day)
            passed, word = number[end] - number[start], "个工作日"
        else:
            passed, word = (end - start).days, "天"
        if passed > check.days:
            problem = f"{rows.title(check.to)}距{rows.title(check.from_)} {passed} {word}，超过 {check.days} {word}"
            found = rows.finding(check, at, check.to, problem, "" if check.graded != "D" else "照录，按办法计分")
            yield found if check.workdays else _numbered(found, "V18")


def _numbered(found: Finding, number: str) -> Finding:
    return Finding(number, found.level, found.problem, found.fix, found.line, found.column, found.letter, found.typed)


def in_period(rows: Rows, context: Context) -> Iterator[Finding]:
    """Rows outside the due period they are reported for; a day off as due day, and coming after it, for the sheet."""
    due = context.due
    if due is None:
        return
    yield from _outside(rows, due.covers_from, due.covers_to)
    late = (context.today - due.due_on).days
    day_off = due.nominal != due.due_on
    moved = f"（{due.nominal} 星期{_WEEKDAYS[due.nominal.weekday()]}休息，" + (
        "顺延）" if due.due_on > due.nominal else "提前）"
    )
    if late > 0:
        problem = f"期限是 {due.due_on}{moved if day_off else ''}，今天 {context.today}，逾期 {late} 天"
        yield rows.told("V10", "D", None, "", problem, "照收；按办法计迟报的，以收到时间为准")
    elif due.nominal < context.today <= due.due_on:
        yield rows.told("V10", "D", None, "", f"期限是 {due.due_on}{moved}，没有逾期", "不用改")


def _outside(rows: Rows, first: date, last: date) -> Iterator[Finding]:
    code = rows.form.dated_by
    days = rows.days(code)
    for at in rows.chosen:
        day = days[at]
        if day is not None and not first <= day <= last:
            problem = f"{rows.title(code)} {day} 不在本期（{first} 至 {last}）内"
            fix = "请核对日期；不属于本期的，请在所属的一期报。改正以前这一行不计入"
            yield rows.told("V10", "A", at, code, problem, fix)

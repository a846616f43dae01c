"""A figure against what the same unit reported before (V06, V07, V09). Knows accepted periods; asks nobody else.

The figure of a period is the sum of the column over its rows that count; one cell without a value, and it is not known.
A finding stands at the cell where the period is one row, else at the sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from scoring.calendar import label_words
from scoring.forms import Form
from scoring.forms.checks import Check, CumulativeCheck, JumpCheck, UsualCheck
from scoring.intake.checks.conditions import chosen
from scoring.intake.checks.context import Context
from scoring.intake.checks.rows import Rows, shown
from scoring.intake.reported import Finding

MONEY = ("元", "万元", "亿元")
MISREAD_UNIT = 1000  # a sum of money so many times that of last time was most likely typed in another unit
LONGEST = timedelta(days=400)


def past(form: Form, context: Context) -> list[tuple[str, Rows]]:
    """Accepted periods before this one, the newest first. Labels of one form sort as their periods do."""
    if context.due is None or not context.unit:
        return []
    own, periods = context.due.label, context.earlier.periods
    return [(label, Rows.accepted(form, periods[label])) for label in sorted(periods, reverse=True) if label < own]


def _looked_at(check: Check, before: Rows, context: Context) -> Rows:
    return before if check.where is None else before.only(chosen(check.where.tree, before, context.calendar))


def _sum(rows: Rows, code: str) -> int | Decimal | None:
    column = rows.numbers(code)
    values = [column[at] for at in rows.chosen]
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _place(rows: Rows) -> int | None:
    return rows.chosen[0] if len(rows.chosen) == 1 else None


def jump(check: JumpCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """Against the last accepted period; a figure of 0 then or now says nothing."""
    periods = past(rows.form, context)
    if not periods:
        return
    label, before = periods[0][0], _looked_at(check, periods[0][1], context)
    for code in check.columns:
        now, then = _sum(rows, code), _sum(before, code)
        if not now or not then or now < 0 or then < 0 or max(now, then) < check.least:
            continue
        if now >= check.times * then:
            far, word = Fraction(now) / Fraction(then), "倍"
        elif then >= check.times * now:
            far, word = Fraction(then) / Fraction(now), "分之一"
        else:
            continue
        problem = f"{rows.said(code, now)}，上次（{label_words(label)}）是 {shown(then)}，约为 {round(far)} {word}"
        money = rows.form.by_code[code].unit in MONEY and far >= MISREAD_UNIT
        fix = "请核对计量单位，是不是元与万元填混了；确实如此的，请写明原因" if money else ""
        yield rows.finding(check, _place(rows), code, problem, fix)


def usual(check: UsualCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """More than k times the largest, or less than 1/k of the smallest, of the last n periods."""
    now = _figure(check, rows)
    found = (_figure(check, _looked_at(check, before, context)) for _, before in past(rows.form, context))
    known = [figure for figure in found if figure is not None][: check.periods]
    if now is None or len(known) < check.needs:
        return
    times, most, least = Fraction(check.times), max(known), min(known)
    if now > times * most and most > 0:
        side = f"超过最大的 {_short(most)} 的 {shown(check.times)} 倍"
    elif now * times < least:
        side = f"不到最小的 {_short(least)} 的 {shown(check.times)} 分之一"
    else:
        return
    what = f"“{rows.title(check.column)}”" + (
        f"与“{rows.title(check.per)}”之比 " if check.per else "平均每行 " if check.per_row else " "
    )
    problem = f"{what}{_short(now)}，{side}（最近 {len(known)} 期）"
    yield rows.finding(check, _place(rows), check.column, problem)


def _figure(check: UsualCheck, rows: Rows) -> Fraction | None:
    """The sum, or the average that is declared."""
    added = _sum(rows, check.column)
    per = _sum(rows, check.per) if check.per is not None else len(rows.chosen) if check.per_row else 1
    return None if added is None or not per else Fraction(added) / Fraction(per)


def _short(value: Fraction) -> str:
    """At most two digits after the point, for people."""
    if value.denominator == 1:
        return str(value.numerator)
    hundredths = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{Decimal(hundredths).scaleb(-2):f}"


def cumulative(check: CumulativeCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """Never less than before in the same year; together with the figure of the period, their sum."""
    due, now = context.due, _sum(rows, check.column)
    if due is None or now is None:
        return
    same_year = [one for one in past(rows.form, context) if one[0][:4] == due.label[:4]]
    label, before = same_year[0] if same_year else ("", None)
    then = _sum(_looked_at(check, before, context), check.column) if before is not None else None
    if then is not None and now < then:
        problem = f"{rows.said(check.column, now)}，少于上次（{label_words(label)}）的 {shown(then)}，累计数不应减少"
        yield rows.finding(check, _place(rows), check.column, problem)
    elif check.period is not None and (own := _sum(rows, check.period)) is not None:
        expected, words = _expected(own, then, label, rows.form, context)
        if own > now:
            problem = f"{rows.said(check.period, own)}，多于{rows.said(check.column, now)}"
            yield rows.finding(check, _place(rows), check.column, problem)
        elif expected is not None and expected != now:
            problem = f"{rows.said(check.column, now)}，{words}，应为 {shown(expected)}"
            yield rows.finding(check, _place(rows), check.column, problem)


def _expected(
    own: int | Decimal, then: int | Decimal | None, label: str, form: Form, context: Context
) -> tuple[int | Decimal | None, str]:
    """What the cumulative figure must be: known only where the period right before, or none of this year, is due."""
    assert context.due is not None
    start = context.due.covers_from
    dues = form.due_periods(start - LONGEST, start - timedelta(1), context.calendar)
    right_before = dues[-1].label if dues else ""
    if right_before[:4] != context.due.label[:4]:
        return own, f"本年第一期，本期是 {shown(own)}"
    if then is not None and label == right_before:
        return then + own, f"上期累计 {shown(then)} 加本期 {shown(own)}"
    return None, ""

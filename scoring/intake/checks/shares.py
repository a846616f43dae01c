"""Reported rates and 同比 against the figures they are made of (V01, V08). Knows one row at a time; nothing is divided.

A printed rate may differ from the exact one by half a unit of its last digit. Over 100 % is asked about, never refused:
the published 105.02 % is a rate like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from scoring.forms.checks import GrowthCheck, RateCheck
from scoring.intake.checks.context import Context
from scoring.intake.checks.rows import Rows, shown
from scoring.intake.reported import Finding

_PRINTED = re.compile(r"[-+]?\d+(?:\.(\d+))?%?\Z", re.ASCII)
Figure = int | Decimal


def rate(check: RateCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """办结率 against 办结 ÷ 受理."""
    told, parts, wholes = rows.numbers(check.column), rows.numbers(check.part), rows.numbers(check.of)
    for at in rows.chosen:
        value, part, whole = told[at], parts[at], wholes[at]
        if value is None or part is None or whole is None:
            continue
        if whole == 0:
            problem = f"{rows.title(check.of)}为 0，“{rows.title(check.column)}”无从算起，却填了 {shown(value)}"
            yield rows.finding(check, at, check.column, problem, "请填“/”")
        elif right := _misprinted(
            rows, check.column, at, value, Fraction(part) * Fraction(check.times) / Fraction(whole)
        ):
            made = f"{rows.said(check.part, part)} ÷ {rows.said(check.of, whole)}"
            problem = f"“{rows.title(check.column)}”填 {shown(value)}，按 {made} 应为 {right}"
            yield rows.finding(check, at, check.column, problem)
        elif value > check.times and check.over != "none":
            whole_rate = "100%" if check.times == 100 else shown(check.times)
            problem = f"“{rows.title(check.column)}”{shown(value)} 超过 {whole_rate}"
            yield rows.finding(check, at, check.column, problem, level=check.over)


def growth(check: GrowthCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """同比 against the same period of last year: the column of the row, or what was accepted then."""
    told, now = rows.numbers(check.column), rows.numbers(check.now)
    bases = rows.numbers(check.base) if check.base is not None else _last_year(check, rows, context)
    open_base = check.base is not None
    for at in rows.chosen:
        value, figure, base = told[at], now[at], bases[at]
        if value is None:
            continue
        if base is None and open_base and rows.state(check.base or "")[at] == "blank":
            problem = f"没有填“{rows.title(check.base or '')}”，“{rows.title(check.column)}”无从算起"
            yield rows.finding(check, at, check.column, problem, "请补上上年同期的数；没有的，同比填“/”")
        elif base == 0:
            problem = f"上年同期为 0，“{rows.title(check.column)}”无从算起，却填了 {shown(value)}"
            yield rows.finding(check, at, check.column, problem, "基数为 0 时同比填“/”，另用文字说明", "A")
        elif base is not None and figure is not None:
            exact = (Fraction(figure) - Fraction(base)) * 100 / Fraction(base)
            if right := _misprinted(rows, check.column, at, value, exact):
                problem = f"“{rows.title(check.column)}”填 {shown(value)}，本期 {shown(figure)}、上年同期 {shown(base)}，应为 {right}"
                yield rows.finding(check, at, check.column, problem)


def _last_year(check: GrowthCheck, rows: Rows, context: Context) -> list[Figure | None]:
    """What was accepted for the same period of last year, where that was one row."""
    none: list[Figure | None] = [None] * rows.length
    if context.due is None or len(rows.chosen) != 1:
        return none
    label = f"{int(context.due.label[:4]) - 1}{context.due.label[4:]}"
    if label in context.earlier.periods:
        before = Rows.accepted(rows.form, context.earlier.periods[label]).numbers(check.now)
        if len(before) == 1:
            none[rows.chosen[0]] = before[0]
    return none


def _misprinted(rows: Rows, code: str, at: int, value: Figure, exact: Fraction) -> str:
    """What should stand there, where the printed figure is further away than its last digit allows; else empty."""
    digits = _digits(rows.typed[code][at] if code in rows.typed else "", value)
    if abs(Fraction(value) - exact) * 2 * 10**digits <= 1:
        return ""
    scaled = abs(exact) * 10**digits
    nearest = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return f"{Decimal(-nearest if exact < 0 else nearest).scaleb(-digits):f}"


def _digits(typed: str, value: Figure) -> int:
    """Digits after the point, as printed; where the cell was not typed as this number, those the number needs."""
    found = _PRINTED.match(typed.strip())
    if found and Decimal(typed.strip().rstrip("%")) == value:
        return len(found.group(1) or "")
    exponent = Decimal(value).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0

"""Figures of one row beside each other: stages, carried-over cases, parts and totals (V02, V03, V04). Divides nothing.

Later stages may exceed earlier ones in good order (批捕 24 of 抓获 16, 办结 439 of 立案 393): that is asked about, never
refused. Parts of a whole may overlap, so nothing says they add up unless the form declares it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from scoring.forms.checks import CarryOverCheck, ChainCheck, SubsetCheck, SumCheck
from scoring.intake.checks.context import Context
from scoring.intake.checks.history import past
from scoring.intake.checks.rows import Rows, shown
from scoring.intake.reported import Finding


def chain(check: ChainCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """Each stage at most the one before; a stage without a figure says nothing about its neighbours."""
    for before, after in pairwise(check.columns):
        earlier, later = rows.numbers(before), rows.numbers(after)
        for at in rows.chosen:
            a, b = earlier[at], later[at]
            if a is not None and b is not None and b > a:
                problem = f"{rows.said(after, b)}，多于{rows.said(before, a)}"
                yield rows.finding(check, at, after, problem)


def subset(check: SubsetCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """Each part at most the whole."""
    wholes = rows.numbers(check.of)
    for code in check.parts:
        parts = rows.numbers(code)
        for at in rows.chosen:
            part, whole = parts[at], wholes[at]
            if part is not None and whole is not None and part > whole:
                problem = f"{rows.said(code, part)}，多于{rows.said(check.of, whole)}，而它是其中的一部分"
                yield rows.finding(check, at, code, problem)


def total(check: SumCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """The parts add up to the total."""
    parts, totals = [rows.numbers(code) for code in check.parts], rows.numbers(check.total)
    for at in rows.chosen:
        told, figures = totals[at], [column[at] for column in parts]
        known = [figure for figure in figures if figure is not None]
        if told is None or len(known) < len(figures):
            continue
        added = sum((Decimal(figure) for figure in known), Decimal(0))
        if abs(added - told) > check.within:
            names = "、".join(rows.title(code) for code in check.parts)
            problem = f"{rows.said(check.total, told)}，与{names}之和 {shown(added)} 不符"
            yield rows.finding(check, at, check.total, problem)


def carry_over(check: CarryOverCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """办结 above 立案 needs something carried over: told in its own columns, or left from what was reported before."""
    filed, closed = rows.numbers(check.filed), rows.numbers(check.closed)
    if check.before is not None and check.left is not None:
        yield from _balance(check, rows)
        return
    stock = _stock(check, rows, context)
    for at in rows.chosen:
        new, done = filed[at], closed[at]
        if new is None or done is None or done <= new + stock:
            continue
        kept = f"加以前各期未结的 {shown(stock)}" if stock else ""
        problem = f"{rows.said(check.closed, done)}，多于{rows.said(check.filed, new)}{kept}"
        yield rows.finding(check, at, check.closed, problem)


def _balance(check: CarryOverCheck, rows: Rows) -> Iterator[Finding]:
    """期初 + 新增 − 办结 = 期末; broken, the row is wrong somewhere (class A whatever the form says)."""
    assert check.before is not None and check.left is not None
    codes = (check.before, check.filed, check.closed, check.left)
    columns = [rows.numbers(code) for code in codes]
    for at in rows.chosen:
        before, new, done, left = (column[at] for column in columns)
        if before is None or new is None or done is None or left is None or before + new - done == left:
            continue
        first, second, third, last = (rows.title(code) for code in codes)
        problem = (
            f"{first} {shown(before)} + {second} {shown(new)} − {third} {shown(done)} = {shown(before + new - done)}，"
            f"与{last} {shown(left)} 不符"
        )
        yield rows.finding(check, at, check.left, problem, level="A")


def _stock(check: CarryOverCheck, rows: Rows, context: Context) -> int:
    """What earlier accepted periods left open at least, where each is one row and its figures are known.

    What was open before the first of them nobody knows; where more was closed than was known to be open, it was at
    least that much, so nothing is left of it then.
    """
    if len(rows.chosen) != 1:
        return 0
    stock = 0
    for _, before in reversed(past(rows.form, context)):
        filed, closed = before.numbers(check.filed), before.numbers(check.closed)
        if len(filed) != 1 or filed[0] is None or closed[0] is None:
            return 0
        stock = max(0, stock + int(filed[0] - closed[0]))
    return stock

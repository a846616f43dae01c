"""Checks on a sheet that was read: what only shows across cells, rows, periods and units. Knows no file and no score.

`run` finds, `apply` writes what was found into the sheet. Which module knows which kind stands in the two tables below.
What is masked, blank or 不涉及 decides nothing: a check that would need it is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import localcontext
from typing import Any

from scoring.forms import checks as kinds
from scoring.intake.checks import amounts, dates, filled, history, keys, names, shares, wording
from scoring.intake.checks.conditions import chosen
from scoring.intake.checks.context import Columns, Context, Earlier, Owners
from scoring.intake.checks.rows import Rows
from scoring.intake.reported import Finding, ReportedSheet

__all__ = ["ALWAYS", "DECLARED", "Columns", "Context", "Earlier", "Owners", "Rows", "apply", "run"]

DECLARED: dict[type[kinds.Check], Callable[[Any, Rows, Context], Iterator[Finding]]] = {
    kinds.RateCheck: shares.rate,
    kinds.GrowthCheck: shares.growth,
    kinds.CarryOverCheck: amounts.carry_over,
    kinds.ChainCheck: amounts.chain,
    kinds.SubsetCheck: amounts.subset,
    kinds.SumCheck: amounts.total,
    kinds.CumulativeCheck: history.cumulative,
    kinds.JumpCheck: history.jump,
    kinds.UsualCheck: history.usual,
    kinds.OrderCheck: dates.order,
    kinds.ClockCheck: dates.clock,
    kinds.NeededWhenCheck: filled.needed_when,
    kinds.AcrossUnitsCheck: keys.across_units,
    kinds.DictionaryCheck: wording.dictionary,
}
"""Those a form declares, by kind."""
ALWAYS: tuple[Callable[[Rows, Context], Iterator[Finding]], ...] = (
    dates.in_period,
    keys.across_periods,
    names.former_names,
    wording.slips,
)
"""Those every form has."""
_DIGITS = 80  # of exact products: three figures of 17 digits each, and room


def run(sheet: ReportedSheet, context: Context) -> list[Finding]:
    """What the checks find, in the order of the sheet: what concerns all of it first. The sheet stays as it is."""
    if sheet.refused:
        return []
    rows = Rows.of(sheet)
    with localcontext() as exact:
        exact.prec = _DIGITS
        found = [finding for check in ALWAYS for finding in check(rows, context)]
        for check in sheet.form.checks:
            looked_at = rows if check.where is None else rows.only(chosen(check.where.tree, rows, context.calendar))
            found += DECLARED[type(check)](check, looked_at, context)
    return sorted(found, key=lambda finding: finding.line or 0)


def apply(sheet: ReportedSheet, findings: Sequence[Finding]) -> None:
    """Writes findings into the sheet: class A sets its row aside, without a line it refuses the whole sheet."""
    sheet.findings += findings
    place = {line: at for at, line in enumerate(sheet.lines)}
    for finding in findings:
        if finding.level != "A":
            continue
        if finding.line is None:
            sheet.refused = True
        elif finding.line in place:
            sheet.aside[place[finding.line]] = True

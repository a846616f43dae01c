"""Columns that must be filled where a condition over their row holds. Knows states of cells; undecided is silent."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.expressions.words import words
from scoring.forms.checks import NeededWhenCheck
from scoring.intake.checks.conditions import chosen
from scoring.intake.checks.context import Context
from scoring.intake.checks.rows import Rows
from scoring.intake.reported import Finding


def needed_when(check: NeededWhenCheck, rows: Rows, context: Context) -> Iterator[Finding]:
    """Blank where it may not be; a masked cell and 不涉及 are answers."""
    states = rows.state(check.column)
    blank = [at for at in rows.chosen if states[at] == "blank"]
    if not blank:
        return
    reason = words(check.when.tree, rows.title)
    for at in chosen(check.when.tree, rows.only(blank), context.calendar):
        problem = f"“{rows.title(check.column)}”没有填，而{reason}"
        yield rows.finding(check, at, check.column, problem, "请补上" if check.graded in "AB" else "")

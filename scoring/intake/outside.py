"""Rows dated after the last period that is assessed, where they look like the rows of that period. Opens no database.

Most such rows are none of our business: a ledger goes on while the year before is scored. They are asked about only
where the last period lacks what they bring. A score of the assessors: when the unit has none for that indicator in the
last period (they judged in January, and the row is dated by the day of judging). A figure of which there is one row a
period (`only`, `latest`): when the unit has no row in the last period. Rows that are counted: when nobody has a row in
it, and as 提示 only, since nothing may have happened. Rows before the first period are never asked about: a file may
hold the years before. What units report against a deadline is told against the register instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from scoring.expressions.parse import Call
from scoring.intake.needed import Needed
from scoring.intake.tables import Sheet
from scoring.issues import Issue
from scoring.rubric import Rubric
from scoring.rubric.judging import COLUMNS, of_assessors
from scoring.rubric.model import Period

Wants = Literal["score", "row", "count"]
ONE_ROW = ("only", "latest")


def rows_after(
    rubrics: Sequence[Rubric], sheets: Mapping[str, Sheet], needed: Needed, periods: Sequence[Period]
) -> Iterator[Issue]:
    """One issue a file. `periods`: those the office wrote down; without any there is no last one."""
    if not periods:
        return
    last = max(periods, key=lambda period: period.end)
    labels = "、".join(period.label for period in sorted(periods, key=lambda period: period.end))
    wants = _wants(rubrics)
    for code, sheet in sheets.items():
        if code in needed and not (sheet.form.kept_by == "unit" and sheet.form.has_schedule):
            yield from _of_sheet(sheet, wants.get(code, "count"), last, labels)


def _wants(rubrics: Sequence[Rubric]) -> dict[str, Wants]:
    """What one row of a form is to a rubric; what is not here is counted."""
    found: dict[str, Wants] = {}
    for rubric in rubrics:
        for measure in rubric.measures.values():
            if isinstance(measure.value, Call) and measure.value.function in ONE_ROW:
                found.setdefault(measure.form, "row")
        for _, indicator in rubric.placed():
            for rule in of_assessors(indicator):
                found[rule.form] = "score"
    return found


def _of_sheet(sheet: Sheet, wants: Wants, last: Period, labels: str) -> Iterator[Issue]:
    days = sheet.values[sheet.form.dated_by]
    by = ["row_unit"] if wants != "count" else []
    by += ["indicator"] if wants == "score" and set(sheet.form.by_code) >= COLUMNS else []
    things = list(zip(*(sheet.values[name] for name in by), strict=True)) if by else [()] * len(sheet)
    inside = {thing for thing, day in zip(things, days, strict=True) if isinstance(day, date) and _in(day, last)}
    late = [at for at, day in enumerate(days) if isinstance(day, date) and day > last.end and things[at] not in inside]
    if not late:
        return
    first = late[0]
    line, shown = sheet.values["source_row"][first], str(sheet.values["source_file"][first])
    assert isinstance(line, int)
    problem = f"{len(late)} 行的日期（如第 {line} 行 {days[first]}）不在任何考核期（{labels}）内，没有计入"
    what = "评" if wants == "score" else "登记"
    fix = f"请核对日期；次年补{what}的，另设“所属考核期”一列作 dated_by"
    title = sheet.form.by_code[sheet.form.dated_by].title
    yield Issue(problem, fix, shown, None, "", "D" if wants == "count" else "B", title, str(days[first]))


def _in(day: date, period: Period) -> bool:
    return period.start <= day <= period.end

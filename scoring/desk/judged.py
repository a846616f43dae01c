"""What the 办法 says about a row of the office before it is entered: the limit of a judged score, one row only.

Knows rubrics and the rows that count; writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from scoring.desk.desk import Desk
from scoring.expressions.parse import Call, walk
from scoring.forms import Form
from scoring.intake.reported import Finding, ReportedSheet
from scoring.rubric import Indicator, Rubric
from scoring.rubric.judging import COLUMNS, of_assessors
from scoring.store.records import Row


@dataclass(frozen=True)
class Task:
    """An indicator that the assessors score for a unit. `most`: the most that can be entered; None: no limit known."""

    indicator: Indicator
    most: Decimal | None
    is_loss: bool


def is_judged(form: Form) -> bool:
    """Whether the assessors enter scores or losses by indicator into it."""
    return set(form.by_code) >= COLUMNS


def tasks(rubric: Rubric, form: Form, unit: str) -> dict[str, Task]:
    """What the assessors enter for a unit, by indicator, in the order of the text."""
    group = rubric.group_of(unit)
    found: dict[str, Task] = {}
    if group is None:
        return found
    for _, indicator in rubric.placed(group):
        for rule in of_assessors(indicator):
            if rule.form == form.code:
                full = indicator.full(group)
                most = rule.most_in(group, full) if rule.limit is not None or full is not None else None
                found[indicator.code] = Task(indicator, most, rule.is_loss)
    return found


def over_limit(desk: Desk, form: Form, unit: str, sheet: ReportedSheet) -> list[Finding]:
    """A judged score above the limit of the 办法, or for an indicator that nobody judges."""
    year = desk.year_of(form, sheet.period)
    if desk.project.rubric is None or desk.project.stopped(year) is not None or not is_judged(form):
        return []
    code, score = str(sheet.values["indicator"][0]), sheet.values["score"][0]
    listed = tasks(desk.project.edition(year), form, unit)
    if code not in listed:
        known = f"可用：{'、'.join(listed)}" if listed else "这个单位没有由考核组评分的指标，请核对单位"
        return [_told("indicator", f"“{code}”不是这个单位由考核组评分的指标", known)]
    one = listed[code]
    if not isinstance(score, Decimal | int):
        return [_told("score", "没有填评分", "请填写分数；还没有评的不用登记")]
    if one.most is not None and score > one.most:
        what = "扣" if one.is_loss else "评"
        told = f"“{one.indicator.title}”（{one.indicator.clause}）最多{what} {one.most.normalize():f} 分，现为 {score}"
        return [_told("score", told, "请核对评分")]
    return []


def _told(column: str, problem: str, fix: str) -> Finding:
    return Finding("录入", "A", problem, fix, 1, column)


def alike(desk: Desk, form: Form, unit: str, sheet: ReportedSheet, key: str) -> Iterator[Row]:
    """Rows of the same assessment period that differ from this one in their date only, where the 办法 can take one alone.

    A figure of one row (`only`, a score) that finds two of them is an error of the data.
    """
    subject = [code for code in form.key if code != form.dated_by]
    if not _takes_one(desk, form):
        return
    year = desk.year_of(form, sheet.period)
    for row in desk.records.fetch("SELECT * FROM counted_row WHERE form = ? AND unit = ?", [form.code, unit]):
        same = all(row["value"].get(code) == str(sheet.values[code][0]) for code in subject)
        if same and (row["row_key"] != key or not key) and desk.year_of(form, row["period"]) == year:
            yield row


def _takes_one(desk: Desk, form: Form) -> bool:
    """Whether a figure of some 办法 is the cell of the one row there is."""
    return any(
        isinstance(node, Call) and node.function == "only"
        for rubric in desk.project.editions.all
        for measure in rubric.measures.values()
        if measure.form == form.code and measure.value is not None
        for node in walk(measure.value)
    )

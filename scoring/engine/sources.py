"""From a measure back to the rows it was counted from: file, row and cells. Reads the store, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scoring.engine.assessment import Assessment
from scoring.engine.measures import Pass
from scoring.expressions import names
from scoring.forms import Form
from scoring.rubric import Measure
from scoring.sql.text import identifier, literal
from scoring.store import Store


@dataclass(frozen=True)
class SourceRow:
    """One submitted row: where it stands and what it says. `*` stands for a masked cell."""

    form: str
    file: str
    row: int
    cells: dict[str, str]


def source_rows(store: Store, assessment: Assessment, unit: str, measure: Measure, limit: int = 200) -> list[SourceRow]:
    """Rows of one unit that the measure counted (for a schedule item: none, see `reports`)."""
    if measure.schedule_item is not None:
        return []
    rubric, period, as_of = assessment.rubric, assessment.period, assessment.as_of
    form = rubric.forms[measure.form]
    one = Pass.of(rubric, period, as_of, measure.form, measure.window, [measure])
    measure = one.measures[0]
    shown = list(form.columns)
    picked = ", ".join(identifier(column.code) for column in shown)
    test = f"({one.where(measure)})"
    seen = names(measure.where) & set(form.bit) if measure.where is not None else set()
    counted = one.aggregates[measure.code]
    bits = sum(form.bit[code] for code in seen | set(counted.value_columns) | set(counted.judged_columns))
    if bits:
        test = f"({test} OR (masked & {bits} <> 0 AND {test} IS NOT FALSE))"
    sql = (
        f"SELECT source_file, source_row, masked, inapplicable, {picked} FROM {one.source}\n"
        f"WHERE row_unit = {literal(unit)} AND {one.rows}\n  AND {test}\nORDER BY source_file, source_row LIMIT {limit}"
    )
    with store.cursor() as cursor:
        if form.derived is not None:
            query = next(query for query in assessment.plan.measures if query.name == form.code)
            cursor.execute(query.sql.replace("CREATE OR REPLACE TABLE", "CREATE OR REPLACE TEMP TABLE", 1))
        found = cursor.execute(sql).fetchall()
    return [
        SourceRow(form.code, row[0], row[1], _cells(form, row[4:], row[2], row[3]))
        for row in found
    ]  # fmt: skip


def uncounted(store: Store, assessment: Assessment, unit: str, measure: Measure, limit: int = 3) -> list[str]:
    """Rows that the office has entered for the unit by now and that do not count, each with the reason: its day, or not
    closed. Rows from before the period are those of the year before, and nothing that is wanting here."""
    rubric, period, as_of = assessment.rubric, assessment.period, assessment.as_of
    form = rubric.forms[measure.form]
    if measure.schedule_item is not None or form.derived is not None or measure.window != "this":
        return []
    one = Pass.of(rubric, period, as_of, measure.form, measure.window, [measure])
    dated = identifier(form.dated_by)
    sql = (
        f"SELECT source_file, source_row, {dated} FROM {one.source}\n"
        f"WHERE row_unit = {literal(unit)} AND ({one.where(one.measures[0])}) AND ({one.rows}) IS NOT TRUE\n"
        f"  AND {dated} BETWEEN {literal(one.start)} AND {literal(as_of)}\n"
        f"ORDER BY source_file, source_row LIMIT {limit}"
    )
    with store.cursor() as cursor:
        found = cursor.execute(sql).fetchall()
    told = []
    for file, row, day in found:
        why = f"登记的日期 {day} 不在 {period.label} 年考核期内"
        why = f"已登记，到 {one.received_by} 还没有关账" if day <= one.end else why
        told.append(f"{form.title}{why}，没有计入（{file} 第 {row} 行）")
    return told


def _cells(form: Form, values: tuple[object, ...], masked: int, inapplicable: int) -> dict[str, str]:
    cells = {}
    for column, value in zip(form.columns, values, strict=True):
        bit = form.bit[column.code]
        if masked & bit:
            text = "*"
        elif inapplicable & bit:
            text = "不涉及"
        elif value is None:
            text = ""
        elif isinstance(value, bool):
            text = "是" if value else "否"
        elif isinstance(value, date):
            text = value.isoformat()
        else:
            text = str(value)
        cells[column.title] = text
    return cells


def reports(assessment: Assessment, unit: str, form: str) -> list[dict[str, object]]:
    """Every due report of a form: period, deadline, when it came, status."""
    return assessment.rows("due", unit=unit, form=form)

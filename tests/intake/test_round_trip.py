"""Template → filled in by another library → read: the same values as in the prepared files, for units of every kind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from scoring.calendar import DuePeriod
from scoring.forms import Column, Form
from scoring.intake import marked
from scoring.intake.grid import Workbook
from scoring.intake.reading import Expected, Reading, read_reports
from scoring.intake.reported import ReportedSheet
from scoring.intake.template_stamp import INSTRUCTIONS, STAMP_SHEET
from scoring.intake.templates import Report, template
from scoring.intake.workbook import read_workbook
from scoring.units import Unit
from tests.demo import demo, raw, title
from tests.intake.workbooks import OFFICE, opened, saved

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")
Typed = dict[str, object]


def dues() -> dict[str, dict[str, DuePeriod]]:
    project = demo()
    assert project.forms and project.calendar
    return {
        form.code: {due.label: due for due in form.due_periods(*YEAR, project.calendar)}
        for form in project.forms.values()
        if form.has_schedule
    }


def meant(text: str, column: Column) -> object:
    """What a cell of a prepared file stands for, typed by the rules of the form and not by our reader."""
    if text in ("", "*", "/"):
        return None
    if column.type == "boolean":
        return text == "是"
    if column.type == "date":
        return date.fromisoformat(text)
    if column.type == "integer":
        return int(text)
    return Decimal(text) if column.type == "decimal" else text


def rows_of(form: Form, unit: Unit | None, due: DuePeriod | None) -> list[dict[str, str]]:
    """The prepared rows of a report, by title; all units where it is a register of the office."""
    day = form.by_code[form.dated_by].title
    start, end = (due.covers_from, due.covers_to) if due else YEAR
    return [
        row
        for row in raw(form.code)
        if (unit is None or row["单位"] == unit.title) and start <= date.fromisoformat(row[day]) <= end
    ]


def type_in(book: openpyxl.Workbook, name: str, form: Form, rows: list[dict[str, str]]) -> None:
    """As somebody would: numbers and dates as such, the rest as text; 零报告 where there is nothing."""
    sheet = book[name]
    heads = {cell.value: cell.column for cell in sheet[5] if cell.value}
    for line, row in enumerate(rows, 6):
        for head, at in heads.items():
            text = row[str(head)]
            column = form.by_title.get(str(head))
            value: object = text or None
            if column is not None and column.type in ("integer", "decimal") and _NUMBER.match(text):
                value = float(text) if "." in text else int(text)
            elif column is not None and column.type == "date" and text:
                value = date.fromisoformat(text)
            sheet.cell(line, at, value)
    if not rows and sheet["I2"].value == "零报告":
        sheet["J2"] = "是"


def typed(sheet: ReportedSheet) -> list[Typed]:
    units = [title(unit) for unit in sheet.units]
    return [
        {"单位": units[at], **{code: values[at] for code, values in sheet.values.items()}} for at in range(len(sheet))
    ]


def filled(unit: Unit | None) -> tuple[bytes, Mapping[tuple[str, str], tuple[Form, list[dict[str, str]]]]]:
    """A workbook of everything a unit (or the office) reports for the year, and the rows that went into it."""
    project = demo()
    assert project.register and project.forms
    kept_by = "unit" if unit else "office"
    reports: list[Report] = []
    for form in project.forms.values():
        if form.derived is None and form.kept_by == kept_by and (unit is None or form.reported_by.includes(unit)):
            reports += (
                [Report(form, due) for due in dues()[form.code].values()] if form.has_schedule else [Report(form)]
            )
    data = template(unit, reports, OFFICE, True, units=project.register.units)
    book = opened(data)
    names = [name for name in book.sheetnames if not name.startswith(("_", INSTRUCTIONS))]
    rows = {}
    for name, one in zip(names, reports, strict=True):
        found = rows_of(one.form, unit, one.due)
        type_in(book, name, one.form, found)
        rows[one.form.code, one.due.label if one.due else ""] = one.form, found
    return saved(book), rows


def read(data: bytes, unit: Unit | None) -> Reading:
    project = demo()
    assert project.register and project.forms
    book = read_workbook(data, "上报.xlsx")
    assert isinstance(book, Workbook), book
    return read_reports(book, Expected(unit.code if unit else None), project.forms, project.register, dues())


@pytest.mark.parametrize("code", ["c01", "z01", "d01", "d04", ""])
def test_what_is_filled_in_is_what_is_read(code: str) -> None:
    """A county, a zone, the host office, the court; and the registers of the office itself."""
    register = demo().register
    assert register is not None
    unit = register.by_code[code] if code else None
    data, put = filled(unit)
    reading = read(data, unit)
    assert reading.stamped
    assert [finding for finding in reading.findings if finding.level != "D"] == []
    got = {(sheet.form.code, sheet.period): sheet for sheet in reading.sheets}
    count: dict[bool, int] = defaultdict(int)
    for key, (form, rows) in put.items():
        if not rows and key not in got:  # empty and not asked for 零报告
            assert not any(due.nil_report == "required" for due in form.due) or unit is None
            continue
        sheet = got.pop(key)
        assert not sheet.refused and not sheet.set_aside, (key, [str(one) for one in sheet.findings])
        assert [one for one in sheet.findings if one.check == "表头"] == []
        assert sheet.nil == (not rows)
        expected = [
            {"单位": row["单位"], **{one.code: meant(row[one.title], one) for one in form.columns}} for row in rows
        ]
        assert typed(sheet) == expected, key
        count[bool(rows)] += 1
    assert not got
    assert count[True] >= 5


@pytest.mark.parametrize("own", [True, False])
def test_a_marked_copy_is_read_as_what_it_was_made_of(own: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its column and its list are not taken for something reported; the stamp says what each sheet is.
    `own`: marked in the reporter's workbook, or written afresh."""
    if not own:
        monkeypatch.setattr(marked, "OWN_AT_MOST", 0)
    register = demo().register
    assert register is not None
    unit = register.by_code["d04"]
    data, _ = filled(unit)
    before = read(data, unit)
    copy = marked.marked_copy(data, "上报.xlsx", before.sheets, sample=True)
    after = read(copy, unit)
    assert after.stamped
    assert len(before.sheets) == len(after.sheets) > 5
    for was, now in zip(before.sheets, after.sheets, strict=True):
        assert (now.form.code, now.period, now.unit, now.nil) == (was.form.code, was.period, was.unit, was.nil)
        assert typed(now) == typed(was)
        assert [one.problem for one in now.findings] == [one.problem for one in was.findings]
    again = opened(marked.marked_copy(copy, "上报.xlsx", after.sheets, sample=True))
    assert again.sheetnames == opened(copy).sheetnames
    assert again[STAMP_SHEET].sheet_state == "veryHidden"

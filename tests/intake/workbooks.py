"""Forms and workbooks for tests of templates and marked copies, opened by a library that is not the one that wrote them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from scoring.calendar import DuePeriod, WorkCalendar
from scoring.forms import Form, load_forms
from scoring.intake.reported import Finding, ReportedSheet
from scoring.intake.templates import Filled, Report, template
from scoring.units import Unit

CALENDAR = WorkCalendar(date(2023, 1, 1), date(2025, 6, 30), {})
COUNTY = Unit(code="c01", title="甲县", kind="county")
OTHERS = (COUNTY, Unit(code="c02", title="乙县", kind="county"), Unit(code="d01", title="某局", kind="department"))
OFFICE = "某市双打办（示例）"
LEDGER = """\
form: ledger
title: 台账
kept_by: unit
dated_by: filed_on
key: [doc_no]
due: {every: quarter, day: 10, on_day_off: next, nil_report: required}
columns:
  - {code: doc_no, title: 文号, type: text, required: true}
  - {code: kind, title: 类别, type: choice, required: true, values: [行政, 刑事]}
  - {code: amount, title: 案值, type: decimal, decimals: 2, unit: 万元, at_least: 0}
  - {code: people, title: 人数, type: integer, unit: 人, at_least: 0, note: 不含协助人员}
  - {code: rate, title: 比率, type: decimal, decimals: 2, unit: "%"}
  - {code: filed_on, title: 立案日期, type: date, required: true}
  - {code: closed_on, title: 办结日期, type: date}
  - {code: secret, title: 不公开, type: boolean}
  - {code: remark, title: 备注, type: text, aliases: [说明]}
"""
WEEKLY = """\
form: weekly
title: 周报
kept_by: unit
dated_by: until
key: [until]
due: {every: week, weekday: 5, by: "15:00", on_day_off: previous}
columns:
  - {code: until, title: 统计截止日, type: date, required: true}
  - {code: people, title: 人次, type: integer, unit: 人次}
"""
REGISTER = """\
form: praise
title: 表扬
kept_by: office
reported_by: {kinds: [county]}
dated_by: on
key: [no]
columns:
  - {code: no, title: 文号, type: text, required: true}
  - {code: on, title: 日期, type: date, required: true}
"""


@cache
def form(text: str) -> Form:
    """A form file, read as any."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "x.yaml").write_text(text, encoding="utf-8")
        forms, issues = load_forms(Path(folder), "config/forms")
    assert forms is not None, [str(issue) for issue in issues]
    return next(iter(forms.values()))


def due(of: Form, label: str) -> DuePeriod:
    """One of its due periods of 2024."""
    return next(one for one in of.due_periods(date(2024, 1, 1), date(2024, 12, 31), CALENDAR) if one.label == label)


def ledger_template(filled: Filled | None = None, text: str = LEDGER, used: Sequence[str] | None = None) -> bytes:
    """The template of the ledger for the first quarter of 2024."""
    one = form(text)
    prefilled = {(one.code, "2024Q1"): filled} if filled else None
    marks = {one.code: set(used)} if used is not None else None
    return template(COUNTY, [Report(one, due(one, "2024Q1"))], OFFICE, True, prefilled, marks)


def opened(data: bytes, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data), data_only=values)


def saved(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def fill(sheet: Worksheet, line: int, *cells: object) -> None:
    """Types one row; text stays text."""
    for at, value in enumerate(cells, 1):
        cell = sheet.cell(line, at, value)
        if isinstance(value, str):
            cell.data_type = "s"


def row(sheet: Worksheet, line: int) -> list[object]:
    return [cell.value for cell in sheet[line]]


def part(data: bytes, name: str) -> bytes:
    """A part of the file as it is packed."""
    with ZipFile(BytesIO(data)) as file:
        return file.read(name)


def formulas(data: bytes) -> list[bytes]:
    """Every formula element in the sheets of a file, read from its XML."""
    with ZipFile(BytesIO(data)) as file:
        sheets = [file.read(name) for name in file.namelist() if name.startswith("xl/worksheets/")]
    return [found for sheet in sheets for found in re.findall(rb"<(?:\w+:)?f[\s/>][^<]*", sheet)]


def style_of(sheet: Worksheet, letter: str) -> ColumnDimension:
    """The format of a whole column; columns alike share one entry of the file."""
    at = column_index_from_string(letter)
    return next(one for one in sheet.column_dimensions.values() if one.min <= at <= one.max)


def rule_of(sheet: Worksheet, cell: str) -> object:
    """The validation that holds for a cell."""
    return next(one for one in sheet.data_validations.dataValidation if cell in one.sqref)


def reported(sheet: str, lines: Sequence[int], findings: Sequence[Finding], head_line: int = 5) -> ReportedSheet:
    """What was read from the ledger, as far as a marked copy looks at it."""
    one = form(LEDGER)
    letters = {column.code: "ABCDEFGHI"[at] for at, column in enumerate(one.columns)}
    wrong = {found.line for found in findings if found.level == "A"}
    return ReportedSheet(
        one, "2024Q1", "c01", sheet, head_line=head_line, letters=letters, lines=list(lines),
        units=["c01"] * len(lines), aside=[line in wrong for line in lines], findings=list(findings),
    )  # fmt: skip

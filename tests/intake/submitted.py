"""A small city for tests of reading: three forms, three units, and files as reporters' programs write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from scoring.calendar import DuePeriod
from scoring.forms import Column, Form, Forms
from scoring.forms.model import Due
from scoring.intake.container import Refused
from scoring.intake.grid import Workbook
from scoring.intake.reading import Expected, Reading, read_reports
from scoring.intake.reported import Finding, ReportedSheet
from scoring.intake.workbook import read_workbook
from scoring.units import Register, Unit, Who

LEDGER = Form(
    "cases", "案件台账", "unit", Who(kinds=("county",)), "filed_on", ("doc_no",),
    (Due(every="quarter", day=10, nil_report="required"),),
    (
        Column(code="doc_no", title="文号", type="text", required=True, aliases=("处罚决定书文号",)),
        Column(code="kind", title="案件类别", type="choice", values=("行政", "刑事（移送）")),
        Column(code="amount", title="案值", type="decimal", decimals=2, unit="万元", at_least=Decimal(0)),
        Column(code="people", title="当事人数", type="integer", unit="人", at_least=Decimal(0)),
        Column(code="filed_on", title="立案日期", type="date", required=True),
        Column(code="open", title="是否公开", type="boolean"),
    ),
    None, "forms/cases.yaml",
)  # fmt: skip
STATS = Form(
    "stats", "行刑统计", "unit", Who(kinds=("county",)), "until", ("until",),
    (Due(every="quarter", day=10, nil_report="required"),),
    (
        Column(code="until", title="统计截止日", type="date", required=True),
        Column(code="caught", title="抓获", type="integer", unit="人", at_least=Decimal(0)),
        Column(code="approved", title="批捕", type="integer", unit="人", at_least=Decimal(0)),
        Column(code="rate", title="办结率", type="decimal", decimals=2, unit="%"),
    ),
    None, "forms/stats.yaml",
)  # fmt: skip
AWARDS = Form(
    "awards", "表彰登记", "office", Who(), "on", ("no",), (),
    (
        Column(code="no", title="登记号", type="text", required=True),
        Column(code="on", title="日期", type="date", required=True),
        Column(code="level", title="级别", type="choice", values=("省级", "国家级")),
    ),
    None, "forms/awards.yaml",
)  # fmt: skip
FORMS = Forms({form.code: form for form in (LEDGER, STATS, AWARDS)})
REGISTER = Register(
    {"county": "县区", "department": "部门"},
    (
        Unit(code="c1", title="甲县", kind="county", aliases=("甲县人民政府",)),
        Unit(code="c2", title="乙县", kind="county"),
        Unit(code="d1", title="丙局", kind="department"),
    ),
)


def _quarter(number: int) -> DuePeriod:
    first, last = date(2024, 3 * number - 2, 1), (date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30))[number - 1]
    due = date(2024, 3 * number + 1, 10)
    return DuePeriod(f"2024Q{number}", first, last, due, due, datetime(due.year, due.month, due.day, 23, 59, 59))


DUES: Mapping[str, Mapping[str, DuePeriod]] = {
    code: {f"2024Q{number}": _quarter(number) for number in (1, 2, 3)} for code in ("cases", "stats")
}
HEAD = ["文号", "案件类别", "案值", "当事人数", "立案日期", "是否公开"]
ROW: list[Any] = ["示1号", "行政", 12.5, 3, date(2024, 7, 3), "是"]
THIRD = Expected("c1", "cases", "2024Q3")
Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, name: str = "案件台账", top: int = 1, left: int = 1, **others: Rows) -> bytes:
    """Written by openpyxl, from the cell in line `top`, column `left` on."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, content in {name: rows, **others}.items():
        sheet = book.create_sheet(title)
        for line, row in enumerate(content, top):
            for at, value in enumerate(row, left):
                if value is not None:
                    sheet.cell(line, at, value)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, old: str, new: str, times: int = 1) -> bytes:
    """A workbook with the text of one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old_zip, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new_zip:
        assert part in old_zip.namelist()
        for entry in old_zip.infolist():
            content = old_zip.read(entry)
            if entry.filename == part:
                text = content.decode("utf-8")
                assert old in text, f"{old} is not in {part}"
                content = text.replace(old, new, times).encode("utf-8")
            new_zip.writestr(entry.filename, content)
    return out.getvalue()


def xls(rows: Rows, name: str = "案件台账", styles: Mapping[tuple[int, int], str] | None = None) -> bytes:
    """Written by xlwt. `styles`: number formats by line and column, from 0."""
    book = xlwt.Workbook()
    sheet = book.add_sheet(name)
    for line, row in enumerate(rows):
        for at, value in enumerate(row):
            told = (styles or {}).get((line, at)) or ("yyyy-mm-dd" if isinstance(value, date) else "")
            if value is not None:
                sheet.write(line, at, value, xlwt.easyxf(num_format_str=told) if told else xlwt.Style.default_style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: Rows, name: str = "案件台账") -> bytes:
    """Written by odfpy, values typed as LibreOffice types them. A cell may be a mapping of attributes, with `text`."""
    book = OpenDocumentSpreadsheet()
    table = Table(name=name)
    for row in rows:
        line = TableRow()
        for value in row:
            line.addElement(_ods_cell(value))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods_cell(value: Any) -> TableCell:
    told: dict[str, Any] = {}
    text = "" if value is None else str(value)
    if isinstance(value, dict):
        told = {key: one for key, one in value.items() if key != "text"}
        text = value.get("text", "")
    elif isinstance(value, bool):
        told = {"valuetype": "boolean", "booleanvalue": str(value).lower()}
    elif isinstance(value, (int, float)):
        told = {"valuetype": "float", "value": repr(value)}
    elif isinstance(value, date):
        told = {"valuetype": "date", "datevalue": value.isoformat()}
    elif value is not None:
        told = {"valuetype": "string"}
    cell = TableCell(**told)
    if text:
        cell.addElement(P(text=text))
    return cell


def csv_bytes(rows: Rows, encoding: str = "utf-8") -> bytes:
    lines = (",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def book(data: bytes, name: str = "报表.xlsx") -> Workbook:
    found = read_workbook(data, name)
    assert isinstance(found, Workbook), found
    return found


def refused(data: bytes, name: str = "报表.xlsx") -> Refused:
    found = read_workbook(data, name)
    assert isinstance(found, Refused), found
    return found


def reading(data: bytes, expected: Expected = THIRD, **more: Any) -> Reading:
    return read_reports(book(data), expected, FORMS, REGISTER, DUES, **more)


def only(data: bytes, expected: Expected = THIRD, **more: Any) -> ReportedSheet:
    """The one sheet of a file."""
    found = reading(data, expected, **more)
    assert len(found.sheets) == 1, found
    return found.sheets[0]


def told(findings: Sequence[Finding], level: str = "ABCD") -> list[tuple[str, str, int | None, str]]:
    """(level, check, line, problem) of the findings."""
    return [(one.level, one.check, one.line, one.problem) for one in findings if one.level in level]


def form_with(form: Form, **changes: Any) -> Forms:
    """All forms, one of them changed."""
    return Forms({**FORMS.by_code, form.code: replace(form, **changes)})

"""A village with records of its own, for tests of the records that kill, fill up and crowd: six counties, two reports a
quarter, one register of the office. Small, so that a test may make many."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import openpyxl

from scoring.access import Actor
from scoring.desk import Desk
from scoring.desk.blanks import blank
from scoring.project import Project, open_project
from scoring.store.records import Records
from tests.kept import kept_folder
from tests.tiny import Tiny
from tests.town import Clock

CLERK = Actor("双打办经办人", "office")
UNITS = {f"c{number}": f"{name}县" for number, name in enumerate("甲乙丙丁戊己", 1)}
QUARTERS = ("2024Q1", "2024Q2", "2024Q3", "2024Q4")
CASES = """\
form: cases
title: 案件台账
kept_by: unit
dated_by: filed_on
key: [doc_no]
due: {every: quarter, day: 10, nil_report: required}
columns:
  - {code: doc_no, title: 文号, type: text, required: true}
  - {code: kind, title: 案件类别, type: choice, required: true, values: [行政, 刑事]}
  - {code: party, title: 当事人, type: text}
  - {code: amount, title: 案值, type: decimal, decimals: 2, unit: 万元, at_least: 0}
  - {code: filed_on, title: 立案日期, type: date, required: true}
"""
STATS = """\
form: stats
title: 行刑统计
kept_by: unit
dated_by: until
key: [until]
due: {every: quarter, day: 10, nil_report: required}
columns:
  - {code: until, title: 统计截止日, type: date, required: true}
  - {code: caught, title: 抓获, type: integer, unit: 人, at_least: 0}
  - {code: approved, title: 批捕, type: integer, unit: 人, at_least: 0}
checks:
  - {kind: chain, columns: [caught, approved], level: C}
"""
AWARDS = """\
form: awards
title: 表扬
kept_by: office
dated_by: issued_on
key: [doc_no]
due: {every: year, day: 10}
columns:
  - {code: doc_no, title: 文号, type: text, required: true}
  - {code: issued_on, title: 印发日期, type: date, required: true}
"""
INDICATORS = """
- {code: a, title: 立案数, clause: 第一条, full_marks: 60, rules: [{kind: awards, parts: [{measure: cases, each: 1}], cap: full}]}
- {code: b, title: 抓获数, clause: 第二条, full_marks: 20, rules: [{kind: awards, parts: [{measure: caught, each: 1}], cap: full}]}
- {code: c, title: 表扬, clause: 第三条, full_marks: 20, rules: [{kind: awards, parts: [{measure: praised, each: 1}], cap: full}]}
"""
MEASURES = """
cases: {title: 立案数, form: cases, value: count(*)}
caught: {title: 抓获数, form: stats, value: sum(caught)}
praised: {title: 表扬数, form: awards, value: count(*)}
"""


@cache
def folder() -> Path:
    """Its configuration, written once per process. Not to be written to."""
    tiny = Tiny(
        indicators=INDICATORS, measures=MEASURES, forms={"cases": CASES, "stats": STATS, "awards": AWARDS},
        units=list(UNITS.values()),
    )  # fmt: skip
    return tiny.write(kept_folder("village"))


@cache
def plain(config: Path) -> Project:
    """As configured, without rows: what a desk needs, read once."""
    return open_project(config)


def reporter(unit: str, name: str = "") -> Actor:
    return Actor(name or UNITS[unit], "reporter", unit)


@dataclass
class Village:
    """A desk on records that are empty at first."""

    database: Path
    records: Records
    clock: Clock
    config: Path = field(default_factory=folder)

    @property
    def project(self) -> Project:
        """As it is published now."""
        return open_project(self.config, database=self.database)

    @property
    def desk(self) -> Desk:
        return Desk(plain(self.config), self.records, self.clock)

    def counts(self) -> dict[str, int]:
        """How much is on record, by table; also the tables that there are."""
        tables = [row["name"] for row in self.records.fetch("SELECT table_name AS name FROM duckdb_tables() ORDER BY 1")]
        return {table: self.records.fetch(f"SELECT count(*) AS rows FROM {table}")[0]["rows"] for table in tables}


def village(path: Path, config: Path | None = None) -> Village:
    """Opened and published."""
    clock = Clock(datetime(2024, 10, 8, 9, 0), timedelta(seconds=7))
    records = Records.open(path / "village.duckdb", "测试", clock)
    found = Village(path / "village.duckdb", records, clock, config or folder())
    found.desk.publish()
    return found


def day_of(quarter: str) -> date:
    return date(2024, 3 * int(quarter[-1]), 20)


def case_rows(unit: str, quarter: str, count: int, mark: str = "") -> list[list[object]]:
    """Rows of the case ledger as somebody types them."""
    return [
        [f"{UNITS[unit]}{quarter}{mark}第{number}号", "行政", f"示例商行{number}", number + 0.25, day_of(quarter)]
        for number in range(1, count + 1)
    ]


def stats_row(quarter: str, caught: int, approved: int = 0) -> list[list[object]]:
    end = date(2024, 3 * int(quarter[-1]), 31 if quarter[-1] in "14" else 30)
    return [[end, caught, approved]]


Rows = Sequence[Sequence[object]]


def workbook(desk: Desk, unit: str | None, content: Sequence[tuple[str, str, Rows]], nil: bool = False) -> bytes:
    """The template for (form, period, rows), filled in by a spreadsheet library."""
    actor = reporter(unit) if unit is not None else CLERK
    book = openpyxl.load_workbook(io.BytesIO(blank(desk, actor, unit, [(form, period) for form, period, _ in content])))
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][1:]
    for sheet, (_, _, rows) in zip(sheets, content, strict=True):
        for line, row in enumerate(rows, 6):
            for at, value in enumerate(row, 1):
                sheet.cell(line, at, value)
        for row in sheet.iter_rows(max_row=4):
            for cell in row:
                if cell.value == "零报告":
                    sheet.cell(cell.row, cell.column + 1, "是" if nil else "否")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(rows: Rows, head: Sequence[str] = ("文号", "案件类别", "当事人", "案值", "立案日期")) -> bytes:
    """A plain list with its head, as other programs export it."""
    lines = [",".join(head), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    return "\r\n".join(lines).encode()


def another(data: bytes, number: int) -> bytes:
    """The same workbook as another file: with a comment at the end of the archive."""
    note = f"copy {number}".encode()
    assert data[-2:] == b"\0\0", "a comment of no length"
    return data[:-2] + len(note).to_bytes(2, "little") + note

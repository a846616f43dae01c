"""Sheets for tests of the checks: a form of a few lines of YAML, rows as a table of words typed by the real cell reader."""

from __future__ import annotations

import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from scoring.calendar import WorkCalendar
from scoring.forms import Form, load_forms
from scoring.intake.cells import read_cell
from scoring.intake.checks import Columns, Context, Earlier, Owners, run
from scoring.intake.reported import Finding, ReportedSheet
from scoring.units import Register, Unit
from tests.tiny import cells

CALENDAR = WorkCalendar(date(2022, 1, 1), date(2025, 12, 31), {})
REGISTER = Register(
    {"county": "县区"},
    (
        Unit(code="c01", title="甲县", kind="county", aliases=("甲县人民政府",)),
        Unit(code="c02", title="乙市", kind="county", aliases=("乙县",)),
        Unit.model_validate(
            {"code": "c03", "title": "丙区", "kind": "county", "valid": {"from": date(2024, 7, 1)}}
        ),
    ),
)  # fmt: skip
HEAD = """\
form: monthly
title: 月报
kept_by: unit
dated_by: until
key: [until]
due: {every: quarter, day: 10, on_day_off: next}
columns:
  - {code: until, title: 统计截止日, type: date, required: true}
"""
LEDGER = """\
form: ledger
title: 台账
kept_by: unit
dated_by: filed_on
key: [doc_no]
due: {every: quarter, day: 10, on_day_off: next}
columns:
  - {code: doc_no, title: 文号, type: text, required: true}
  - {code: filed_on, title: 立案日期, type: date, required: true}
"""


@cache
def form(head: str, columns: str, checks: str) -> Form:
    """A form with these columns (YAML lines) and checks (YAML lines), read as any form file is."""
    declared = f"checks:\n{textwrap.indent(textwrap.dedent(checks).strip(), '  ')}\n" if checks else ""
    text = head + textwrap.indent(textwrap.dedent(columns).strip(), "  ") + "\n" + declared
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x.yaml").write_text(text, encoding="utf-8")
        forms, issues = load_forms(Path(folder), "config/forms")
    assert forms is not None, [str(issue) for issue in issues]
    return next(iter(forms.values()))


def numbers(*codes: str, kind: str = "integer", unit: str = "件") -> str:
    """Columns of figures, titled as their codes."""
    return "\n".join(f"- {{code: {code}, title: {code}, type: {kind}, unit: {unit}}}" for code in codes)


def reported(
    of: Form,
    table: str,
    period: str = "2024Q3",
    unit: str = "c01",
    units: Sequence[str] = (),
    aside: Sequence[int] = (),
) -> ReportedSheet:
    """A sheet as reading gives it. The table names columns by code; its first row of data is line 6."""
    header, *rows = cells(table)
    sheet = ReportedSheet(of, period, unit)
    sheet.letters = {code: chr(ord("A") + at) for at, code in enumerate(header)}
    sheet.lines = list(range(6, 6 + len(rows)))
    sheet.units = [*units] or [unit] * len(rows)
    sheet.aside = [at in aside for at in range(len(rows))]
    for column in of.columns:
        if column.code not in header:
            continue
        texts = [row[header.index(column.code)] for row in rows]
        found = [read_cell(text, column) for text in texts]
        assert not [cell.problem for cell in found if cell.problem]
        sheet.typed[column.code] = texts
        sheet.values[column.code] = [cell.value for cell in found]
        sheet.states[column.code] = [cell.state for cell in found]
    if "unit" in header:
        sheet.typed["unit"] = [row[header.index("unit")] for row in rows]
    return sheet


@dataclass
class Checked:
    """A form with its checks, what was accepted before, the day of submission."""

    form: Form
    before: Mapping[str, str] = field(default_factory=dict)  # label → table
    owners: Owners = lambda form, key: []
    today: date | None = None
    unit: str = "c01"

    def columns(self, table: str) -> Columns:
        return reported(self.form, table).values

    def context(self, period: str) -> Context:
        dues = self.form.due_periods(date(2022, 1, 1), date(2025, 6, 30), CALENDAR)
        due = next((one for one in dues if one.label == period), None)
        earlier = Earlier({label: self.columns(table) for label, table in self.before.items()}, self.owners)
        return Context(
            self.unit, due, CALENDAR, REGISTER, earlier, self.today or (due.nominal if due else date(2024, 7, 1))
        )

    def found(self, table: str, period: str = "2024Q3", **more: Sequence[int]) -> list[Finding]:
        return run(reported(self.form, table, period, self.unit, **more), self.context(period))  # type: ignore[arg-type]

    def told(self, table: str, period: str = "2024Q3", **more: Sequence[int]) -> list[str]:
        """`C 6 批捕 …`: class, line, problem."""
        return [f"{one.level} {one.line or '-'} {one.problem}" for one in self.found(table, period, **more)]


def row_form(columns: str, checks: str) -> Checked:
    """A form of one row a quarter."""
    return Checked(form(HEAD, columns, checks))


def ledger(columns: str, checks: str) -> Checked:
    """A ledger, one thing a row."""
    return Checked(form(LEDGER, columns, checks))


def n(text: str) -> Decimal:
    return Decimal(text)

"""The rows of a sheet that a check may look at, column by column, and how a finding names a cell. Knows no kind of check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from scoring.forms import Form
from scoring.forms.checks import Check
from scoring.intake.cells import CellState
from scoring.intake.reported import CheckLevel, Finding, ReportedSheet

TO_DO: dict[CheckLevel, str] = {
    "A": "请改正；改正以前这一行不计入",
    "B": "请核对；确实如此的，请写明原因",
    "C": "请核对；确实如此的，请写明原因（至少 6 个字）",
    "D": "请核对；不影响接收",
}


@dataclass
class Rows:
    """Columns of one form and the positions that count (`chosen`).

    A column that is not there is not a column of empty cells: nobody knows what is in it, so its cells are as masked.
    """

    form: Form
    chosen: Sequence[int]
    length: int
    values: Mapping[str, Sequence[object]]
    states: Mapping[str, Sequence[CellState]] = field(default_factory=dict)
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lines: Sequence[int] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    units: Sequence[str] = ()  # codes by position; empty where nobody knows

    @classmethod
    def of(cls, sheet: ReportedSheet) -> Rows:
        """Those of a sheet that are not set aside."""
        chosen: Sequence[int] = sheet.good if any(sheet.aside) else range(len(sheet))
        units = sheet.units if len(sheet.units) == len(sheet) else [sheet.unit] * len(sheet)
        return cls(
            sheet.form, chosen, len(sheet), sheet.values, sheet.states, sheet.typed, sheet.lines, sheet.letters, units
        )  # fmt: skip

    @classmethod
    def accepted(cls, form: Form, columns: Mapping[str, Sequence[object]]) -> Rows:
        """Rows that were accepted before; of a cell without a value nobody knows why."""
        length = max((len(column) for column in columns.values()), default=0)
        return cls(form, range(length), length, columns)

    def only(self, chosen: Sequence[int]) -> Rows:
        """The same with fewer positions."""
        return replace(self, chosen=chosen)

    def column(self, code: str) -> Sequence[object]:
        """Values by position, None where there is none."""
        found = self.values.get(code)
        return found if found is not None else [None] * self.length

    def numbers(self, code: str) -> Sequence[int | Decimal | None]:
        """The values of a column of numbers."""
        return self.column(code)  # type: ignore[return-value]

    def days(self, code: str) -> Sequence[date | None]:
        """The values of a column of dates."""
        return self.column(code)  # type: ignore[return-value]

    def words(self, code: str) -> Sequence[str | None]:
        """The values of a column of text."""
        return self.column(code)  # type: ignore[return-value]

    def state(self, code: str) -> Sequence[CellState]:
        """States by position."""
        found = self.states.get(code)
        if found is not None:
            return found
        return ["masked" if value is None else "value" for value in self.column(code)]

    def title(self, code: str) -> str:
        return self.form.by_code[code].title

    def said(self, code: str, value: object) -> str:
        """批捕 24 人."""
        unit = self.form.by_code[code].unit
        return f"{self.title(code)} {shown(value)}" + (f" {unit}" if unit and unit != "%" else unit or "")

    def finding(
        self, check: Check, at: int | None, code: str, problem: str, fix: str = "", level: CheckLevel | None = None
    ) -> Finding:
        """What a declared check found; its own reason, where it was written, stands behind the fix."""
        graded = level or check.graded
        told = fix or TO_DO[graded]
        return self.told(check.number, graded, at, code, problem, f"{told}。{check.note}" if check.note else told)

    def told(self, number: str, level: CheckLevel, at: int | None, code: str, problem: str, fix: str) -> Finding:
        """A finding at a cell, or (without a position) about the whole sheet."""
        typed = self.typed[code][at] if at is not None and code in self.typed else ""
        line = self.lines[at] if at is not None else None
        return Finding(number, level, problem, fix, line, code, self.letters.get(code, ""), typed)


def shown(value: object) -> str:
    """A value as people read it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)

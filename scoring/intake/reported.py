"""What one reported sheet is once it has been read: rows with typed cells and states, and what the checks found.

Knows forms and places in a workbook; opens no file, decides no score and no state of a submission.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from scoring.forms import Form
from scoring.intake.cells import CellState
from scoring.issues import Issue

CheckLevel = Literal["A", "B", "C", "D"]
LEAST_EXPLANATION: dict[CheckLevel, int] = {"B": 1, "C": 6}
"""Characters an explanation must have, as the national statistics platform asks for them (C 核实: at least 6)."""


@dataclass(frozen=True)
class Finding:
    """One result of one check, at the place the reporter sees.

    A 强制 sets the row aside (without a line: the whole sheet) · B 准强制 asks for an explanation · C 核实 for one of
    at least 6 characters · D 提示 asks for nothing.
    """

    check: str  # V01 … V25 of domain.md B3; 类型, 必填, 表头, 重复 … where it is none of them
    level: CheckLevel
    problem: str
    fix: str
    line: int | None = None  # as the spreadsheet numbers it, from 1
    column: str = ""  # code of the form's column
    letter: str = ""  # A, B, … AA as in the spreadsheet; empty where the file has no such column
    typed: str = ""

    @property
    def key(self) -> tuple[str, int | None, str]:
        """What an explanation is tied to: the same finding in a second reading of the same file has the same key."""
        return self.check, self.line, self.column

    def issue(self, file: str, title: str = "", unit: str = "") -> Issue:
        """As an issue of the project, once the rows are in the records."""
        return Issue(self.problem, self.fix, file, self.line, "", self.level, title, self.typed, unit)


@dataclass
class ReportedSheet:
    """One sheet of a workbook, read as one form for one due period.

    Column by column; row `i` came from line `lines[i]`. A row with `aside[i]` has a finding of class A and counts for
    nothing, but is kept as typed. `refused`: the sheet as a whole could not be read as this form; `findings` say why.
    """

    form: Form
    period: str  # label of the due period; empty for a form without a schedule
    unit: str  # code; empty for a register of the office, whose rows name their units
    sheet: str = ""  # name in the workbook; empty for CSV
    nil: bool = False  # 零报告 declared
    filled_by: str = ""
    phone: str = ""
    head_line: int = 0
    letters: dict[str, str] = field(default_factory=dict)  # column code → letter; "unit" for the 单位 column
    lines: list[int] = field(default_factory=list)
    units: list[str] = field(default_factory=list)  # code; empty where the unit of the row is not known
    typed: dict[str, list[str]] = field(default_factory=dict)  # by column code, as typed; "" is blank
    values: dict[str, list[object]] = field(default_factory=dict)  # int, Decimal, date, bool, str; None without a value
    states: dict[str, list[CellState]] = field(default_factory=dict)
    aside: list[bool] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: bool = False

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def set_aside(self) -> int:
        """Rows that count for nothing."""
        return sum(self.aside)

    @property
    def good(self) -> list[int]:
        """Positions of the rows that count."""
        return [at for at, aside in enumerate(self.aside) if not aside]

    def cell(self, line: int, code: str) -> str:
        """`C7`, as the spreadsheet names the cell; empty where the file has no such column."""
        letter = self.letters.get(code, "")
        return f"{letter}{line}" if letter else ""

"""The sheets of a submitted workbook as columns of text, with line and column as the spreadsheet names them. Opens nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from scoring.intake.container import Kind, Refused

MAX_ROWS = 60_000  # rows with anything in them, of one sheet
MAX_COLUMNS = 256
MAX_CELLS = 6_000_000  # of the rectangle that holds everything
MAX_SHEETS = 100
_HEAD_ROOM = 100  # lines above the data
Place = tuple[int, int]  # line from 1, column from 0
Merged = tuple[int, int, int, int]  # line, column, last line, last column


def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def column_number(letters: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for one in letters:
        number = number * 26 + ord(one) - 64
    return number - 1


@dataclass
class Marks:
    """What the text of a cell does not tell."""

    hidden_lines: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    errors: dict[Place, str] = field(default_factory=dict)  # #N/A …
    no_result: dict[Place, str] = field(default_factory=dict)  # a formula that was never reckoned → its text
    percent: set[Place] = field(default_factory=set)  # numbers shown as a percentage
    lost: set[Place] = field(default_factory=set)  # numbers of 16 and more digits: the last ones are gone
    merged: tuple[Merged, ...] = ()
    knows_formats: bool = False
    old_days: bool = False  # days are counted from 1904


@dataclass
class Grid:
    """One sheet. Row `i` of a column is line `i + 1`; the first column is number `first` (0 is A); "" is blank."""

    name: str
    columns: list[pa.StringArray]
    first: int = 0
    hidden: Literal["", "hidden", "very"] = ""
    marks: Marks = field(default_factory=Marks)
    problem: Refused | None = None  # why this one sheet was not read

    @property
    def height(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @property
    def width(self) -> int:
        """Columns from A on."""
        return self.first + len(self.columns) if self.columns else 0

    def text(self, line: int, column: int) -> str:
        """One cell; empty beyond the edges."""
        at = column - self.first
        if not (0 <= at < len(self.columns) and 1 <= line <= self.height):
            return ""
        return str(self.columns[at][line - 1].as_py() or "")

    def rows(self, start: int, end: int) -> list[list[str]]:
        """Lines `start` to `end` (included), each from column A on."""
        pieces = [column.slice(start - 1, max(0, end - start + 1)).to_pylist() for column in self.columns]
        lead = [""] * self.first
        return [lead + [cell or "" for cell in row] for row in zip(*pieces, strict=True)]

    def column(self, number: int) -> pa.StringArray | None:
        """All lines of a column by its number; None where there is none."""
        at = number - self.first
        return self.columns[at] if 0 <= at < len(self.columns) else None


@dataclass
class Workbook:
    """All sheets of a file, in order."""

    name: str
    kind: Kind
    grids: list[Grid]

    def grid(self, name: str) -> Grid | None:
        return next((grid for grid in self.grids if grid.name == name), None)


def too_large(rows: int, last_line: int, columns: int) -> Refused | None:
    """Whether a sheet is beyond what one report can be. `rows`: lines that hold anything."""
    if rows > MAX_ROWS + _HEAD_ROOM:
        problem = f"表里有 {rows:,} 行，一张表最多 {MAX_ROWS:,} 行"
        return Refused(problem, "请核对是否粘贴了不该有的内容；确有这么多的，请分期分表报送")
    if columns > MAX_COLUMNS:
        problem = f"表里有 {columns:,} 列，一张表最多 {MAX_COLUMNS} 列"
        return Refused(problem, "请删去右边多余的列再上传")
    if last_line > MAX_ROWS + _HEAD_ROOM or last_line * columns > MAX_CELLS:
        problem = f"第 {last_line:,} 行还有内容，中间却是空的"
        return Refused(problem, "请把数据下面多余的内容连同那些行一起删去再上传")
    return None


def as_columns(rows: Sequence[Sequence[str]]) -> list[pa.StringArray]:
    """Rows of any length as columns of equal length."""
    width = max((len(row) for row in rows), default=0)
    return [pa.array([row[at] if at < len(row) else "" for row in rows], pa.string()) for at in range(width)]

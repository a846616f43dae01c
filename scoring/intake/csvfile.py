"""A CSV file → its header and rows with their lines. What cannot be read costs one row, not those after it. Knows no form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scoring.issues import Issue

Row = tuple[int, list[str] | None]  # line, cells; no cells where the quotes do not close
_SEPARATORS = {"\t": "制表符", ";": "分号", "；": "全角分号", "，": "全角逗号"}
_LONGEST_CELL = 50  # lines that one quoted cell may run over


@dataclass(frozen=True)
class CsvFile:
    """Read whole: the header's line and cells, and the lines below it as they stand."""

    header_line: int
    header: list[str]
    lines: list[str]

    @property
    def row_count(self) -> int:
        """Rows below the header, blank ones not counted."""
        return sum(cells is None or any(cell.strip() for cell in cells) for _, cells in self.rows())

    def rows(self) -> Iterator[Row]:
        """The rows below the header, blank ones left out."""
        for line, cells in _rows(self.lines, self.header_line, len(self.header)):
            if cells is None or any(cell.strip() for cell in cells):
                yield line, cells


def read_csv(path: Path, shown_as: str) -> tuple[CsvFile | None, Issue | None]:
    """UTF-8 (with or without mark), else GB18030 as Excel saves it; else why not."""
    raw = path.read_bytes()
    if raw.startswith(b"PK\x03\x04"):
        return None, Issue("这是 Excel 工作簿，不是 CSV", "请用“另存为”存成 CSV", shown_as, level="A")
    text = _decoded(raw)
    if text is None:
        return None, Issue("文件编码认不出来", "请用 UTF-8 或 GB18030 另存为 CSV", shown_as, level="A")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        if line.strip():
            header = _cells(line) or [line]
            return _checked(CsvFile(number + 1, header, lines[number + 1 :]), shown_as)
    return None, Issue("文件是空的", "请补上表头和各行；没有事项的只留表头", shown_as, 1, level="A")


def _checked(found: CsvFile, shown: str) -> tuple[CsvFile | None, Issue | None]:
    if len(found.header) == 1:
        for mark, name in _SEPARATORS.items():
            if mark in found.header[0]:
                problem = f"列与列之间是{name}，不是逗号"
                return None, Issue(problem, "请另存为逗号分隔的 CSV", shown, found.header_line, level="A")
    return found, None


def _decoded(raw: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def decoded(raw: bytes) -> str | None:
    """As UTF-8, else as GB18030; None where it is neither."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):  # what spreadsheets call Unicode text
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            return None
    return _decoded(raw)


def separator(text: str) -> str:
    """What stands between the columns where it is no comma, in words; empty where it is."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if any("," in line for line in lines):
        return ""
    return next((name for mark, name in _SEPARATORS.items() if any(mark in line for line in lines)), "")


def csv_rows(text: str) -> list[list[str]]:
    """All rows as a spreadsheet shows them: a cell over several lines is one row, a blank line is one too. The cells
    of a row whose quotes never close are what stands between its commas."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if '"' in plain:
        try:
            rows = list(csv.reader(io.StringIO(plain, newline=""), strict=True))
        except csv.Error:
            rows = []
        if rows and not _swallowed(rows):
            return rows
    lines = plain.split("\n")
    width = max((line.count(",") + 1 for line in lines[:50]), default=1)
    return [lines[line - 1].split(",") if cells is None else cells for line, cells in _rows(lines, 0, width)]


def _swallowed(rows: list[list[str]]) -> bool:
    """Whether a quote that was never closed took whole rows into its cell."""
    width = max(len(row) for row in rows[:50])
    for row in rows:
        for cell in row:
            if "\n" in cell and (
                cell.count("\n") > _LONGEST_CELL or any(line.count(",") + 1 >= width for line in cell.split("\n"))
            ):
                return True
    return False


def _rows(lines: list[str], before: int, width: int) -> Iterator[Row]:
    at = 0
    while at < len(lines):
        cells, used = _cells(lines[at]), 1
        if cells is None:
            cells, used = _continued(lines[at : at + _LONGEST_CELL], width)
        yield before + at + 1, cells
        at += used


def _continued(lines: list[str], width: int) -> tuple[list[str] | None, int]:
    """A quoted cell that runs over several lines, and how many; if it never closes only the first line is lost."""
    for end in range(2, len(lines) + 1):
        if lines[end - 1].count(",") + 1 >= width:  # a row of its own
            break
        cells = _cells("\n".join(lines[:end]))
        if cells is not None:
            return cells, end
    return None, 1


def _cells(text: str) -> list[str] | None:
    """None when the quotes do not close."""
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None

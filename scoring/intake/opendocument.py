"""The content of an .ods workbook → grids of text. Knows OpenDocument; knows no form and types no value.

Read by the XML parser and not by the fast reader: repeated cells can blow up, and the file tells each value as text,
exactly, with its percentages, errors and formulas.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context
from typing import Any
from xml.parsers import expat

from scoring.intake.container import BOMB, DAMAGED, ENCRYPTED, Refused
from scoring.intake.grid import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Grid, as_columns, too_large
from scoring.intake.xml_events import walk

_LARGEST = 160 * 1024 * 1024
_MOST_CELLS = 3_000_000
_SHOWN = Context(prec=15, rounding=ROUND_HALF_UP)
_ERROR = re.compile(r"#[A-Z/0]+[!?]?\Z|(?:Err|错误)[:：]\s*\d+\Z")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?\Z", re.ASCII)


def read(parts: dict[str, bytes]) -> list[Grid] | Refused:
    """Every table of the content."""
    if b"manifest:encryption-data" in parts.get("META-INF/manifest.xml", b""):
        return ENCRYPTED
    content = parts["content.xml"]
    if len(content) > _LARGEST:
        return BOMB
    if b"spreadsheet" not in content:
        return Refused("这不是工作簿（可能是文字文档或演示文稿）", "请上传 .xlsx、.xls、.ods 工作簿或 CSV 文件")
    tables = _Tables()
    try:
        walk(content, tables)
    except OverflowError:
        return BOMB
    except (expat.ExpatError, ValueError):
        return DAMAGED
    if len(tables.grids) > MAX_SHEETS:
        return Refused(f"工作簿里有 {len(tables.grids)} 张工作表，最多 {MAX_SHEETS} 张", "请只留要报的表再上传")
    return tables.grids


class _Tables:
    """Handlers of the XML parser. Repeated rows and cells count only where they hold something."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.nested = 0
        self.cells_seen = 0
        self.paragraphs: list[str] = []
        self.collecting = False
        self.skipping = 0  # inside a comment or a drawing

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rsplit(":", 1)[-1]
        if tag == "style":
            self.style = attributes.get("style:name", "")
        elif tag == "table-properties" and attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)
        elif tag in ("annotation", "frame", "custom-shape", "shapes"):
            self.skipping += 1
        elif self.skipping:
            return
        elif tag == "table":
            self._table(attributes)
        elif tag == "table-column":
            self._column(attributes)
        elif tag == "table-row":
            self.row: list[str] = []
            self.row_marks: list[tuple[int, str, str]] = []
            self.row_told = attributes
            self.spans: list[tuple[int, int, int]] = []
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell, self.paragraphs = attributes, []
        elif tag == "p":
            self.paragraphs.append("")
            self.collecting = True
        elif tag in ("s", "tab", "line-break") and self.collecting:
            mark = {"s": " ", "tab": "\t", "line-break": "\n"}[tag]
            self.paragraphs[-1] += mark * min(_count(attributes.get("text:c")), 1000)

    def text(self, data: str) -> None:
        if self.collecting and not self.skipping:
            self.paragraphs[-1] += data

    def end(self, name: str) -> None:
        tag = name.rsplit(":", 1)[-1]
        if tag in ("annotation", "frame", "custom-shape", "shapes"):
            self.skipping -= 1
        elif self.skipping:
            return
        elif tag == "p":
            self.collecting = False
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell()
        elif tag == "table-row":
            self._row()
        elif tag == "table":
            self._finish()

    def _table(self, attributes: dict[str, str]) -> None:
        hidden = attributes.get("table:style-name") in self.hidden_styles
        grid = Grid(attributes.get("table:name", ""), [], hidden="hidden" if hidden else "")
        grid.marks.knows_formats = True
        self.grids.append(grid)
        self.rows: list[list[str]] = []
        self.blank_lines = 0
        self.used = 0
        self.at_column = 0
        self.hidden_columns: set[int] = set()
        self.hidden_lines: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []

    def _column(self, attributes: dict[str, str]) -> None:
        count = min(_count(attributes.get("table:number-columns-repeated")), 16_384)
        if attributes.get("table:visibility", "visible") != "visible":
            self.hidden_columns |= set(range(self.at_column, self.at_column + count))
        self.at_column += count

    def _cell(self) -> None:
        value, kind = self._value()
        count = _count(self.cell.get("table:number-columns-repeated"))
        across = _count(self.cell.get("table:number-columns-spanned"))
        down = _count(self.cell.get("table:number-rows-spanned"))
        if across > 1 or down > 1:
            self.spans.append((len(self.row), across, down))
        if not value:
            count = min(count, 16_384)
            self.row += [""] * count if len(self.row) < 16_384 else []
            return
        if count + len(self.row) > 4 * MAX_COLUMNS:
            raise OverflowError("a value repeated over the whole sheet")
        for _ in range(count):
            if kind:
                self.row_marks.append((len(self.row), kind, value))
            self.row.append(value)

    def _value(self) -> tuple[str, str]:
        """Text of a cell, and how it must be marked."""
        cell, text = self.cell, "\n".join(self.paragraphs)
        kind = cell.get("office:value-type") or cell.get("calcext:value-type", "")
        formula = cell.get("table:formula", "")
        if cell.get("calcext:value-type") == "error" or (formula and _ERROR.match(text.strip())):
            return text.strip() or "#错误", "error"
        if formula and not kind and not text:
            return "=" + formula.split("=", 1)[-1][:200], "no_result"
        told = cell.get("office:value", "")
        if kind in ("float", "currency", "percentage") and _NUMBER.match(told):
            return _number(told, kind)
        if kind == "date":
            day, _, clock = cell.get("office:date-value", "").partition("T")
            return f"{day} {clock}" if clock and not clock.startswith("00:00:00") else day, ""
        if kind == "boolean":
            return cell.get("office:boolean-value", "").upper(), ""
        if kind == "string" and "office:string-value" in cell and not self.paragraphs:
            return cell["office:string-value"], ""
        return text, ""

    def _row(self) -> None:
        count = _count(self.row_told.get("table:number-rows-repeated"))
        line = len(self.rows) + self.blank_lines + 1
        for column, across, down in self.spans:
            self.merged.append((line, column, line + down - 1, column + across - 1))
        if self.row_told.get("table:visibility", "visible") != "visible":
            self.hidden_lines |= set(range(line, line + min(count, MAX_ROWS)))
        while self.row and not self.row[-1]:
            self.row.pop()
        if not self.row:
            self.blank_lines += count
            return
        marks = self.grids[-1].marks
        self.cells_seen += len(self.row) * count
        self.used += count
        if self.cells_seen > _MOST_CELLS or self.used > 10 * MAX_ROWS or line > 2**21:
            raise OverflowError("repeated rows")
        if self.blank_lines and line <= 2 * MAX_ROWS:
            self.rows += [[] for _ in range(self.blank_lines)]
            self.blank_lines = 0
        for step in range(count):
            for column, kind, value in self.row_marks:
                _mark(marks, kind, (line + step, column), value)
            self.rows.append(self.row)

    def _finish(self) -> None:
        grid, last = self.grids[-1], len(self.rows) + (self.blank_lines if self.used and not self.rows else 0)
        if self.rows:
            width = max(len(row) for row in self.rows)
            grid.problem = too_large(self.used, last, width)
            if grid.problem is None:
                grid.columns = as_columns(self.rows)
        marks = grid.marks
        marks.hidden_lines = frozenset(line for line in self.hidden_lines if line <= last)
        marks.hidden_columns = frozenset(self.hidden_columns)
        marks.merged = tuple(self.merged)
        self.rows = []


def _mark(marks: Any, kind: str, place: tuple[int, int], value: str) -> None:
    if kind == "error":
        marks.errors[place] = value
    elif kind == "no_result":
        marks.no_result[place] = value
    elif kind == "percent":
        marks.percent.add(place)
    elif kind == "lost":
        marks.lost.add(place)


def _number(told: str, kind: str) -> tuple[str, str]:
    """Shortest text of a number; 15 digits are what the program shows."""
    value = _SHOWN.create_decimal(told)
    digits = told.lstrip("-").partition("e")[0].partition("E")[0].replace(".", "").strip("0")
    if value.adjusted() >= 30 or value.adjusted() < -30:
        return told, ""
    if kind == "percentage":
        return _plain(format(value.scaleb(2), "f")) + "%", "percent"
    if value == value.to_integral_value() and len(format(value, "f").lstrip("-").partition(".")[0]) > 15:
        return told, "lost" if len(digits) > 15 else ""
    return _plain(format(value, "f")), ""


def _plain(text: str) -> str:
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _count(told: str | None) -> int:
    return max(1, int(told)) if told and told.isdigit() and len(told) < 9 else 1

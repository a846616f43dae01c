"""The cells of a .xlsx sheet by the XML parser, however it is written: prefixes, comments, cells without their place.

Slower than searching the bytes (`workbook_xml`), for the same marks. Types no value.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from scoring.intake.container import DAMAGED, UNSAFE, Refused
from scoring.intake.grid import column_number, too_large
from scoring.intake.workbook_parts import Book, Scan, span
from scoring.intake.xml_events import walk

MOST_MERGED = 5_000  # heads come first in the list
_PARSED_AT_MOST = 64 * 1024 * 1024


class _Cells:
    """Handlers of the XML parser: walks the cells of one sheet."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.out = Scan(numbers={})
        self.columns: set[int] = set()
        self.lines: set[int] = set()
        self.line = 0
        self.column = -1
        self.cell: dict[str, str] = {}
        self.inside = ""
        self.value = ""
        self.formula: str | None = None
        self.in_text = False
        self.hidden_lines: set[int] = set()
        self.hidden_columns: set[int] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rsplit(":", 1)[-1]
        self.inside = tag
        if tag == "row":
            told = attributes.get("r")
            if told is not None and not re.fullmatch(r"[1-9]\d{0,6}", told, re.ASCII):
                raise ValueError("no line of a sheet")
            self.line = int(told) if told else self.line + 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_lines.add(self.line)
        elif tag == "c":
            self._cell(attributes)
        elif tag == "f":
            self.formula = ""
        elif tag == "is":
            self.in_text = True
        elif tag == "mergeCell":
            area = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", attributes.get("ref", ""))
            if area and len(self.out.marks.merged) < MOST_MERGED:
                first, line, last, last_line = area.groups()
                self.out.marks.merged += ((int(line), column_number(first), int(last_line), column_number(last)),)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self.hidden_columns |= span(attributes.get("min", ""), attributes.get("max", ""))

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cell, self.value, self.formula, self.in_text = attributes, "", None, False
        place = attributes.get("r")
        if place is None:
            self.column += 1
            return
        told = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", place, re.ASCII)
        if told is None:
            raise ValueError("no place of a sheet")  # the reader behind would make a column of it all the same
        self.column, self.line = column_number(told.group(1)), int(told.group(2))

    def text(self, data: str) -> None:
        if self.inside == "v" or (self.in_text and self.inside == "t"):
            self.value += data
        elif self.inside == "f" and self.formula is not None:
            self.formula += data

    def end(self, name: str) -> None:
        self.inside = ""
        if name.rsplit(":", 1)[-1] == "c":
            self._done()

    def _done(self) -> None:
        kind, place = self.cell.get("t", "n"), (self.line, self.column)
        if not self.value and self.formula is None:
            return
        self.columns.add(self.column)
        self.lines.add(self.line)
        marks = self.out.marks
        if kind == "e":
            marks.errors[place] = self.value.strip() or "#错误"
        elif self.formula is not None and not self.value and kind != "str":
            marks.no_result[place] = "=" + self.formula[:200]
        elif kind == "b":
            self.out.booleans = True
        elif kind == "n":
            assert self.out.numbers is not None
            self.out.numbers.setdefault(self.column, set()).add(self.line)
            style = self.cell.get("s", "")
            if style.isdigit() and int(style) in self.book.percent_styles:
                marks.percent.add(place)


def parsed(content: bytes, book: Book) -> Scan | Refused:
    """The same by the XML parser, slower."""
    if len(content) > _PARSED_AT_MOST:
        return UNSAFE
    cells = _Cells(book)
    try:
        walk(content, cells)
    except (expat.ExpatError, ValueError, RecursionError):
        return DAMAGED
    out = cells.out
    if cells.columns:
        out.first_column, out.last_column = min(cells.columns), max(cells.columns)
        out.last_line = max(cells.lines)
        out.problem = too_large(len(cells.lines), out.last_line, out.last_column + 1)
        out.marks.hidden_lines = frozenset(line for line in cells.hidden_lines if line <= out.last_line)
        out.marks.hidden_columns = frozenset(cells.hidden_columns)
    return out

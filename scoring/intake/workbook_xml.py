"""The XML of a .xlsx sheet, for what the fast reader does not tell. Knows OOXML; knows no form and types no value.

Hidden sheets, rows and columns, percent formats, error texts, formulas without a result, and which rectangle holds
anything. Sheets written in the usual way are searched as bytes; any other way of writing goes through the XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from posixpath import join, normpath
from typing import Any, Literal
from xml.etree import ElementTree
from xml.parsers import expat

from scoring.intake.container import DAMAGED, UNSAFE, Refused
from scoring.intake.grid import Marks, Merged, Place, column_number, letter, too_large

NumberLines = Callable[[int], set[int]]
EMPTY_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)
LINKS = "_rels/.rels"
TO_THE_WORKBOOK = (  # the reader behind looks for the workbook where this says
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="xl/workbook.xml"/></Relationships>'
)
_PARSED_AT_MOST = 64 * 1024 * 1024  # of a sheet that is not written in the usual way
_PERCENT_BUILT_IN = {9, 10}
_SAID = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # text, escapes and conditions inside a number format

_UNUSUAL = re.compile(
    rb'<c(?! r="[A-Z]{1,3}[1-9]\d{0,6}")[\s/>]|<row(?! (?:[^>"]|"[^"]*")*?r="[1-9]\d{0,6}")[\s/>]|<!--|<!\[CDATA\['
)
_LINES = re.compile(rb'<c r="[A-Z]+(\d+)"(?:[^>]*[^/])?>')
_USED_COLUMNS = re.compile(rb'<c r="([A-Z]+)\d+"(?:[^>]*[^/])?>')
_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)(.*?)</c>', re.DOTALL)
_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>(.*?)</c>', re.DOTALL)
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MOST_MERGED = 5_000  # heads come first in the list
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>")
_ROW = re.compile(rb"<row\s([^>]*)>")
_COL = re.compile(rb"<col\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook lists it."""

    name: str
    path: str
    hidden: Literal["", "hidden", "very"]


@dataclass(frozen=True)
class Book:
    """What the workbook as a whole says."""

    sheets: tuple[SheetPart, ...]
    old_days: bool
    percent_styles: frozenset[int]


@dataclass
class Scan:
    """One sheet: the rectangle that holds anything (lines from 1, columns from 0) and the marks of its cells."""

    first_column: int = 0
    last_column: int = 0
    last_line: int = 0  # 0: nothing in it
    marks: Marks = field(default_factory=Marks)
    booleans: bool = False
    problem: Refused | None = None
    numbers: dict[int, set[int]] | None = None  # column → lines with a number; None: to be looked for in the bytes


def read_book(parts: dict[str, bytes]) -> Book | Refused:
    """The list of sheets, and which styles show a percentage."""
    try:
        workbook = ElementTree.fromstring(parts["xl/workbook.xml"])
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
        styles = ElementTree.fromstring(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else None
    except (KeyError, ElementTree.ParseError, ValueError, LookupError):
        return DAMAGED
    targets = {one.get("Id", ""): one.get("Target", "") for one in links.iter() if _local(one) == "Relationship"}
    kinds = {one.get("Id", ""): one.get("Type", "") for one in links.iter() if _local(one) == "Relationship"}
    for link, kind in kinds.items():
        if kind.rsplit("/", 1)[-1] in ("styles", "sharedStrings") and _path(targets[link]) not in parts:
            return DAMAGED  # without the styles a percentage would be taken for a plain number
    sheets = []
    for one in workbook.iter():
        if _local(one) != "sheet":
            continue
        link = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
        if kinds.get(link, "").rsplit("/", 1)[-1] != "worksheet":
            continue  # charts and macro sheets
        path = _path(targets[link])
        state = one.get("state", "")
        hidden: Literal["", "hidden", "very"] = {"hidden": "hidden", "veryHidden": "very"}.get(state, "")  # type: ignore[assignment]
        sheets.append(SheetPart(one.get("name", ""), path, hidden))
    names = [sheet.name for sheet in sheets]
    if not sheets or len(set(names)) < len(names) or len({sheet.path for sheet in sheets}) < len(names):
        return DAMAGED
    old = any(_local(one) == "workbookPr" and one.get("date1904") in ("1", "true") for one in workbook.iter())
    return Book(tuple(sheets), old, _percent_styles(styles) if styles is not None else frozenset())


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _local(node: ElementTree.Element) -> str:
    return node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""


def _percent_styles(styles: ElementTree.Element) -> frozenset[int]:
    own = {
        one.get("numFmtId", ""): "%" in _SAID.sub("", one.get("formatCode", ""))
        for one in styles.iter()
        if _local(one) == "numFmt"
    }
    found = set[int]()
    for group in styles.iter():
        if _local(group) == "cellXfs":
            for at, one in enumerate(child for child in group if _local(child) == "xf"):
                code = one.get("numFmtId", "0")
                if own.get(code, code.isdigit() and int(code) in _PERCENT_BUILT_IN):
                    found.add(at)
    return frozenset(found)


def scan(content: bytes, book: Book) -> Scan | Refused:
    """Measures one sheet and collects its marks."""
    if b"sheetData" not in content:
        return DAMAGED
    found = _parsed(content, book) if _unusual(content) else _searched(content, book)
    if isinstance(found, Scan):
        found.marks.knows_formats = True
        found.marks.old_days = book.old_days
    return found


def _unusual(content: bytes) -> bool:
    return b"<sheetData" not in content or _UNUSUAL.search(content) is not None


def _searched(content: bytes, book: Book) -> Scan:
    """The usual way of writing: `<c r="A1"`, no prefixes, no comments."""
    out = Scan(booleans=b't="b"' in content)
    columns = [column_number(one.decode()) for one in set(_USED_COLUMNS.findall(content))]
    if not columns:
        return out
    lines = set(_LINES.findall(content))
    out.first_column, out.last_column = min(columns), max(columns)
    out.last_line = max(int(one) for one in lines)
    out.problem = too_large(len(lines), out.last_line, out.last_column + 1)
    if out.problem is not None:
        return out
    marks = out.marks
    if b"hidden=" in content:
        marks.hidden_lines, marks.hidden_columns = _hidden(content, out.last_line)
    if b't="e"' in content:
        cells = (one.group(0, 1, 2, 3) for one in _ERROR.finditer(content))
        marks.errors = {_place(one): _text(_VALUE.search(one[3])) or "#错误" for one in cells}
    marks.merged = tuple(_rectangle(one) for one in _MERGED.findall(content)[:_MOST_MERGED])
    if re.search(rb"<f[\s/>]", content):
        marks.no_result = _no_results(content)
    if used := [style for style in book.percent_styles if b's="%d"' % style in content]:
        styles = b"|".join(b"%d" % style for style in used)
        shown = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*? s="(?:' + styles + rb')"(?:[^>]*[^/])?)>')
        marks.percent = {_place(m.group(0, 1, 2)) for m in shown.finditer(content) if not _is_text(m.group(3))}
    return out


def _rectangle(found: tuple[bytes, bytes, bytes, bytes]) -> Merged:
    return int(found[1]), column_number(found[0].decode()), int(found[3]), column_number(found[2].decode())


def _place(found: tuple[bytes, ...]) -> Place:
    return int(found[2]), column_number(found[1].decode())


def _text(found: re.Match[bytes] | None) -> str:
    return unescape(found.group(1).decode("utf-8", "replace")).strip() if found else ""


def _is_text(attributes: bytes) -> bool:
    """Whether the cell is anything but a number."""
    kind = re.search(rb'\bt="([^"]*)"', attributes)
    return kind is not None and kind.group(1) != b"n"


def _no_results(content: bytes) -> dict[Place, str]:
    """Formulas that no program has reckoned: no value at all. (An empty text is a result.)"""
    out = {}
    for one in _FORMULA.finditer(content):
        value = _VALUE.search(one.group(5))
        if value is None and b't="str"' not in one.group(3):
            formula = unescape((one.group(4) or b"").decode("utf-8", "replace"))
            out[int(one.group(2)), column_number(one.group(1).decode())] = "=" + formula[:200]
    return out


def _hidden(content: bytes, last_line: int) -> tuple[frozenset[int], frozenset[int]]:
    lines, columns = set[int](), set[int]()
    for one in _ROW.finditer(content):
        if b"hidden=" in one.group(1):
            told = dict(_ATTRIBUTE.findall(one.group(1)))
            if told.get(b"hidden") in (b"1", b"true") and int(told.get(b"r", b"0")) <= last_line:
                lines.add(int(told[b"r"]))
    for one in _COL.finditer(content[: content.find(b"<sheetData")]):
        told = dict(_ATTRIBUTE.findall(one.group(1)))
        if told.get(b"hidden") in (b"1", b"true"):
            columns |= _span(told.get(b"min", b""), told.get(b"max", b""))
    return frozenset(lines), frozenset(columns)


def _span(first: bytes | str, last: bytes | str) -> set[int]:
    if not (first.isdigit() and last.isdigit()):
        return set()
    return set(range(int(first) - 1, min(int(last), 16_384)))


def number_lines(content: bytes, found: Scan) -> NumberLines:
    """Which lines of a column hold a number, not a text."""
    if found.numbers is not None:
        known = found.numbers
        return lambda column: known.get(column, set())

    def lines(column: int) -> set[int]:
        cells = re.compile(rb'<c r="' + letter(column).encode() + rb'(\d+)"((?:[^>]*[^/])?)>')
        return {int(line) for line, attributes in cells.findall(content) if not _is_text(attributes)}

    return lines


# --- any other way of writing ------------------------------------------------------------------


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
            if area and len(self.out.marks.merged) < _MOST_MERGED:
                first, line, last, last_line = area.groups()
                self.out.marks.merged += ((int(line), column_number(first), int(last_line), column_number(last)),)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self.hidden_columns |= _span(attributes.get("min", ""), attributes.get("max", ""))

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


def _parsed(content: bytes, book: Book) -> Scan | Refused:
    """The same by the XML parser, slower."""
    if len(content) > _PARSED_AT_MOST:
        return UNSAFE
    cells = _Cells(book)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    parser.EntityDeclHandler = _no_entities
    try:
        parser.Parse(content, True)
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


def _no_entities(*_: Any) -> None:
    raise ValueError("entities are refused before")

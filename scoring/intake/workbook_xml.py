"""The XML of a .xlsx sheet, for what the fast reader does not tell. Knows OOXML; knows no form and types no value.

Hidden sheets, rows and columns, percent formats, error texts, formulas without a result, and which rectangle holds
anything. Sheets written in the usual way are searched as bytes; any other way of writing goes through the XML parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from scoring.intake.container import DAMAGED, Refused
from scoring.intake.grid import Merged, Place, column_number, letter, too_large
from scoring.intake.workbook_cells import MOST_MERGED, parsed
from scoring.intake.workbook_parts import Book, Scan, span

NumberLines = Callable[[int], set[int]]
EMPTY_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
LINKS = "_rels/.rels"
TO_THE_WORKBOOK = (  # the reader behind looks for the workbook where this says
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="xl/workbook.xml"/></Relationships>'
)

_UNUSUAL = re.compile(
    rb'<c(?! r="[A-Z]{1,3}[1-9]\d{0,6}")[\s/>]|<row(?! (?:[^>"]|"[^"]*")*?r="[1-9]\d{0,6}")[\s/>]|<!--|<!\[CDATA\['
)
_LINES = re.compile(rb'<c r="[A-Z]+(\d+)"(?:[^>]*[^/])?>')
_USED_COLUMNS = re.compile(rb'<c r="([A-Z]+)\d+"(?:[^>]*[^/])?>')
_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)(.*?)</c>', re.DOTALL)
_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>(.*?)</c>', re.DOTALL)
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>")
_ROW = re.compile(rb"<row\s([^>]*)>")
_COL = re.compile(rb"<col\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')


def scan(content: bytes, book: Book) -> Scan | Refused:
    """Measures one sheet and collects its marks."""
    if b"sheetData" not in content:
        return DAMAGED
    found = parsed(content, book) if _unusual(content) else _searched(content, book)
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
    marks.merged = tuple(_rectangle(one) for one in _MERGED.findall(content)[:MOST_MERGED])
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
            columns |= span(told.get(b"min", b""), told.get(b"max", b""))
    return frozenset(lines), frozenset(columns)


def number_lines(content: bytes, found: Scan) -> NumberLines:
    """Which lines of a column hold a number, not a text."""
    if found.numbers is not None:
        known = found.numbers
        return lambda column: known.get(column, set())

    def lines(column: int) -> set[int]:
        cells = re.compile(rb'<c r="' + letter(column).encode() + rb'(\d+)"((?:[^>]*[^/])?)>')
        return {int(line) for line, attributes in cells.findall(content) if not _is_text(attributes)}

    return lines

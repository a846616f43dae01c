"""Marks the reporter's own .xlsx through openpyxl: a column and a sheet more, and no formula left. Reads no finding.

What openpyxl cannot open, or cannot write again, gives None; the copy is then made afresh.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from copy import copy as copy_of
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook as OpenWorkbook
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from scoring.intake.grid import Workbook
from scoring.intake.marking import COLUMN_WIDTH, FRONT_WIDTHS, NO_RESULT, FrontRow, Marking, row_height
from scoring.intake.reported import CheckLevel
from scoring.intake.template_look import FONT, LEVEL_COLOURS, PASSED_COLOUR
from scoring.intake.template_stamp import RESULT_TITLE
from scoring.intake.written import height_of, needs_quote

_FAILS = (
    InvalidFileException, BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, TypeError, KeyError,
    IndexError, AttributeError, AssertionError, NotImplementedError, RecursionError, SyntaxError,
)  # fmt: skip
_PLACE = re.compile(r"'?[^\[\]|]+'?!\$?[A-Z]*\$?\d*(?::\$?[A-Z]*\$?\d*)?\Z")
_SPREAD = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref\s*=\s*["']([^"']+)["']""")
_INFLATED = 40 * 1024 * 1024
_AREA = 200_000
_LONGEST_CELL = 32_000
_COMMENT_WIDTH = 260
_THIN = Side(style="thin", color="FFBFBFBF")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FILLS = {level: PatternFill("solid", fgColor="FF" + colour) for level, colour in LEVEL_COLOURS.items()}
_PASSED_FILL = PatternFill("solid", fgColor="FF" + PASSED_COLOUR)
_DARK = PatternFill("solid", fgColor="FF1F4E79")
_OURS = {"FF" + colour for colour in (*LEVEL_COLOURS.values(), PASSED_COLOUR)}
_FREE = Protection(locked=False)  # a row with a locked cell could not be deleted or sorted
_NO_FILL = PatternFill(fill_type=None)
_WRAPPED = Alignment(wrap_text=True, vertical="center")
_FONTS = {
    "title": Font(name=FONT, size=15, bold=True, color="FF1F3864"),
    "note": Font(name=FONT, size=9, color="FF7F7F7F"),
    "section": Font(name=FONT, size=12, bold=True, color="FF1F3864"),
    "head": Font(name=FONT, size=10, bold=True, color="FFFFFFFF"),
    "row": Font(name=FONT, size=10),
    "legend": Font(name=FONT, size=10),
}


def own_copy(data: bytes, book: Workbook, marks: Mapping[str, Marking], front: Sequence[FrontRow]) -> bytes | None:
    """The workbook with results in place of its formulas, the columns and the list in front."""
    try:
        if not _bounded(data):
            return None
        copy = load_workbook(BytesIO(data), data_only=True, keep_links=False, keep_vba=False, rich_text=True)
        for sheet in copy.worksheets:
            grid = book.grid(sheet.title)
            _disarm(sheet, grid.marks.no_result if grid is not None else ())
            if sheet.title in marks:
                _mark(sheet, marks[sheet.title])
        _disarm_names(copy)
        _put_front(copy, front)
        out = BytesIO()
        copy.save(out)
    except _FAILS:
        return None
    return out.getvalue()


def _bounded(data: bytes) -> bool:
    """Whether openpyxl opens it in reasonable time: it makes a cell of every place under a merged range or a link."""
    with ZipFile(BytesIO(data)) as file:
        if sum(one.file_size for one in file.infolist()) > _INFLATED:
            return False
        area = 0
        for one in file.namelist():
            if one.lower().startswith("xl/worksheets/") and one.lower().endswith(".xml"):
                for ref in _SPREAD.findall(file.read(one)):
                    first, top, last, bottom = range_boundaries(ref.decode("ascii", "replace"))
                    area += (last - first + 1) * (bottom - top + 1)
    return area <= _AREA


def _disarm(sheet: Worksheet, no_result: Iterable[tuple[int, int]]) -> None:
    """Every cell a value: text stays text, also when somebody edits it. Links and pivots to elsewhere go."""
    for line, column in no_result:
        cell = sheet.cell(line, column + 1)
        if isinstance(cell, Cell) and cell.value is None:
            _put(cell, NO_RESULT)
    for cell in _cells(sheet):
        if isinstance(cell.value, (str, CellRichText)):
            if cell.data_type != "e":
                cell.data_type = "s"
            if needs_quote(str(cell.value)):
                cell.quotePrefix = True
        if cell.hyperlink is not None:
            cell.hyperlink = None
    sheet._hyperlinks = []
    sheet._pivots = []
    kept = [one for one in sheet.data_validations.dataValidation if "[" not in f"{one.formula1}{one.formula2}"]
    sheet.data_validations.dataValidation = kept
    for span in list(sheet.conditional_formatting):
        if any("[" in str(formula) for rule in span.rules for formula in rule.formula):
            del sheet.conditional_formatting[str(span.sqref)]


def _disarm_names(copy: OpenWorkbook) -> None:
    """Names that are more than a place in this workbook reach elsewhere or compute something."""
    for names in (copy.defined_names, *(sheet.defined_names for sheet in copy.worksheets)):
        for name in [key for key, one in names.items() if not _PLACE.match(one.attr_text or "")]:
            del names[name]


def _mark(sheet: Worksheet, mark: Marking) -> None:
    column = mark.column + 1
    if not mark.again:
        for span in sheet.merged_cells.ranges:
            if span.max_row >= mark.head_line:
                column = max(column, span.max_col + 1)
    else:
        _clean(sheet, mark)
    head = sheet.cell(mark.head_line, column)
    _put(head, RESULT_TITLE)
    head.font, head.fill, head.border = _FONTS["head"], _DARK, _BOX
    head.alignment = Alignment(horizontal="center", vertical="center")
    sheet.column_dimensions[get_column_letter(column)].width = COLUMN_WIDTH
    sheet.column_dimensions[get_column_letter(column)].hidden = False
    looks: dict[CheckLevel | None, StyleArray] = {}
    for line, (words, level) in mark.words.items():
        cell = sheet.cell(line, column)
        if isinstance(cell, MergedCell):
            continue
        _put(cell, words)
        if level not in looks:  # made once: putting a style together takes ten times as long as taking it over
            cell.font, cell.border, cell.alignment = _FONTS["row"], _BOX, _WRAPPED
            cell.fill, cell.protection = (_FILLS[level] if level else _PASSED_FILL), _FREE
            looks[level] = cell._style
        cell._style = copy_of(looks[level])
        size = sheet.row_dimensions[line]
        size.height = max(size.height or 0, height_of(words, COLUMN_WIDTH))
    for (line, at), level in mark.cells.items():
        sheet.cell(line, at + 1).fill = _FILLS[level]
    _filter(sheet, mark.head_line, column)
    for cell in sheet[mark.head_line]:
        if isinstance(cell, Cell) and cell.comment is not None:  # their size is lost in reading
            cell.comment.width = _COMMENT_WIDTH
            cell.comment.height = 30 + 20 * (str(cell.comment.text).count("\n") + 1)


def _filter(sheet: Worksheet, head_line: int, column: int) -> None:
    """A filter over the table takes the new column in."""
    if sheet.auto_filter.ref:
        first, top, last, bottom = range_boundaries(sheet.auto_filter.ref)
        if top == head_line and last < column:
            sheet.auto_filter.ref = f"{get_column_letter(first)}{top}:{get_column_letter(column)}{bottom}"


def _clean(sheet: Worksheet, mark: Marking) -> None:
    """Takes away what an earlier marking wrote and coloured, so that what was mended is no longer red."""
    emptied = {mark.column + 1, *(at + 1 for at in mark.others)}
    for cell in _cells(sheet):
        if cell.row < mark.head_line:
            continue
        if cell.column in emptied:
            cell.value, cell.fill, cell.border = None, _NO_FILL, Border()
        elif cell.row > mark.head_line and cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in _OURS:
            cell.fill = _NO_FILL


def _cells(sheet: Worksheet) -> list[Cell]:
    """Those that are there. Going by rows would make every cell up to the last one anybody ever coloured."""
    return [cell for cell in sheet._cells.values() if isinstance(cell, Cell)]


def _put(cell: Cell | MergedCell, text: str) -> None:
    """Text as text, whatever it begins with."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_CELL]
    if cell.value is not None:
        cell.data_type = "s"
        if needs_quote(str(cell.value)):
            cell.quotePrefix = True


def _put_front(copy: OpenWorkbook, front: Sequence[FrontRow]) -> None:
    for old in [one for one in copy.worksheets if _is_front(one)]:
        copy.remove(old)
    sheet = copy.create_sheet(RESULT_TITLE, 0)
    for at, width in enumerate(FRONT_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    looks: dict[tuple[str, CheckLevel | None], StyleArray] = {}
    for line, row in enumerate(front, 1):
        for at, text in enumerate(row.cells):
            cell = sheet.cell(line, at + 1)
            look = row.kind, row.level if at == row.coloured else None
            if look not in looks:
                _dress(cell, *look)
                looks[look] = cell._style
            cell._style = copy_of(looks[look])
            if text:
                _put(cell, text)
        if row.kind == "row":
            sheet.row_dimensions[line].height = row_height(row)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    copy.active = 0
    for one in copy.worksheets[1:]:  # sheets selected together would all be typed into at once
        one.sheet_view.tabSelected = False


def _dress(cell: Cell, kind: str, level: CheckLevel | None) -> None:
    cell.font = _FONTS[kind]
    if kind in ("head", "row"):
        cell.border, cell.alignment = _BOX, _WRAPPED
    if kind == "head":
        cell.fill = _DARK
    elif level is not None:
        cell.fill = _FILLS[level]


def _is_front(sheet: Worksheet) -> bool:
    """A list that an earlier marking put in front."""
    return sheet.title.startswith(RESULT_TITLE) and str(sheet.cell(1, 1).value or "").startswith(RESULT_TITLE)

"""Bytes of a submitted file → its sheets as text (`Workbook`), or why it cannot be read. Knows no form."""

from __future__ import annotations

import io
import re
from decimal import ROUND_HALF_UP, Context, Decimal

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineError, load_workbook

from scoring.intake import opendocument, workbook_parts, workbook_xls, workbook_xml
from scoring.intake.container import DAMAGED, NOT_A_WORKBOOK, Refused, kind_of, packed_again, parts
from scoring.intake.csvfile import csv_rows, decoded, separator
from scoring.intake.grid import MAX_SHEETS, Grid, Workbook, as_columns, too_large

_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2})[ T]00:00:00(?:\.0+)?$"
_LONG = r"^-?\d+(?:\.\d+)?$"  # asked of long texts only
_SHOWN = Context(prec=15, rounding=ROUND_HALF_UP)  # significant digits a spreadsheet shows
_LEAST_LOST = 16  # digits of a whole number that a spreadsheet no longer keeps
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_workbook(data: bytes, name: str) -> Workbook | Refused:
    """Every sheet that may hold a report; the format is told by the content, not by the name."""
    kind = kind_of(data)
    if isinstance(kind, Refused):
        return kind
    if kind == "csv":
        return _csv(data, name)
    grids = _xlsx(data) if kind == "xlsx" else _xls(data) if kind == "xls" else _ods(data)
    if isinstance(grids, Refused):
        return grids
    if all(not grid.height and grid.problem is None for grid in grids):
        return Refused("工作簿里没有任何内容", "请填好再上传；没有事项的请用模板选“零报告”")
    return Workbook(name, kind, grids)


def _xlsx(data: bytes) -> list[Grid] | Refused:
    kept = parts(data)
    if isinstance(kept, Refused):
        return kept
    book = workbook_parts.read_book(kept)
    if isinstance(book, Refused):
        return book
    if len(book.sheets) > MAX_SHEETS:
        return Refused(f"工作簿里有 {len(book.sheets)} 张工作表，最多 {MAX_SHEETS} 张", "请只留要报的表再上传")
    grids: list[Grid] = []
    wanted: list[tuple[Grid, workbook_parts.Scan, bytes]] = []
    for sheet in book.sheets:
        content = kept.get(sheet.path)
        if content is None:
            return DAMAGED
        found = workbook_xml.scan(content, book)
        if isinstance(found, Refused):
            return found
        grid = Grid(sheet.name, [], hidden=sheet.hidden, marks=found.marks, problem=found.problem)
        grids.append(grid)
        if grid.problem is None and found.last_line:
            wanted.append((grid, found, content))
        else:
            kept[sheet.path] = workbook_xml.EMPTY_SHEET
    kept[workbook_xml.LINKS] = workbook_xml.TO_THE_WORKBOOK
    packed = packed_again(kept) if wanted else b""
    reader = _opened(packed) if wanted else None
    if isinstance(reader, Refused):
        return reader
    for grid, found, content in wanted:
        assert reader is not None
        told = _filled(grid, reader, packed, found.first_column, found.last_line, found.last_column)
        if told is not None:
            return told
        _exact_digits(grid, workbook_xml.number_lines(content, found))
        _marked_texts(grid, found.booleans)
    return grids


def _xls(data: bytes) -> list[Grid] | Refused:
    found = workbook_xls.scan(data)
    if isinstance(found, Refused):
        return found
    reader = _opened(data)
    if isinstance(reader, Refused):
        return reader
    grids = []
    for sheet in found:
        grid = Grid(sheet.name, [], hidden=sheet.hidden, marks=sheet.marks, problem=sheet.problem)
        grids.append(grid)
        if sheet.problem is None and sheet.last_line:
            told = _filled(grid, reader, data, sheet.first_column, sheet.last_line, sheet.last_column)
            if told is not None:
                return told
            _exact_digits(grid, sheet.is_number)
            _marked_texts(grid, True)
    return grids


def _ods(data: bytes) -> list[Grid] | Refused:
    kept = parts(data)
    if isinstance(kept, Refused):
        return kept
    return opendocument.read(kept)


def _csv(data: bytes, name: str) -> Workbook | Refused:
    text = decoded(data)
    if text is None or _CONTROL.search(text[:100_000]):
        return Refused("这不是工作簿，也不是能认出编码的 CSV", NOT_A_WORKBOOK)
    mark = separator(text)
    if mark:
        return Refused(f"列与列之间是{mark}，不是逗号", "请另存为 .xlsx 或逗号分隔的 CSV")
    rows = csv_rows(text)
    used = [number for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not used:
        return Refused("文件里没有任何内容", "请填好再上传；没有事项的请用模板选“零报告”")
    grid = Grid("", [])
    grid.problem = too_large(len(used), used[-1], max(len(row) for row in rows))
    if grid.problem is None:
        grid.columns = as_columns(rows[: used[-1]])
    return Workbook(name, "csv", [grid])


def _opened(data: bytes) -> fastexcel.ExcelReader | Refused:
    """A broken file must not stop the program, however the reader behind fails."""
    try:
        return fastexcel.read_excel(data)
    except fastexcel.FastExcelError:
        return DAMAGED
    except BaseException as error:
        if not _is_panic(error):
            raise
        return DAMAGED


def _filled(
    grid: Grid, reader: fastexcel.ExcelReader, data: bytes, first: int, last_line: int, last_column: int
) -> Refused | None:
    """Puts the text of a sheet into its grid. The reader does not say in which column its rectangle begins; where it
    is not the one that was measured (a cell with a formula and nothing else), the slower reader is asked."""
    try:
        batch = reader.load_sheet(grid.name, header_row=None, skip_rows=0, dtypes="string", eager=True)
        if batch.num_columns != last_column - first + 1 or batch.num_rows != last_line:
            corner = load_workbook(io.BytesIO(data)).get_sheet_by_name(grid.name).start
            first = corner[1] if corner else first
    except (fastexcel.FastExcelError, CalamineError):
        return DAMAGED
    except BaseException as error:
        if not _is_panic(error):
            raise
        return DAMAGED
    if batch.num_columns:
        grid.columns, grid.first = [_plain(column) for column in batch.columns], first
    return None


def _is_panic(error: BaseException) -> bool:
    """A panic of the Rust reader is no `Exception`, and has no name that could be imported."""
    return type(error).__name__ == "PanicException"


def _plain(column: pa.StringArray) -> pa.StringArray:
    """Blank as "", days without their midnight, one kind of line break."""
    column = pc.fill_null(column, "")
    if pc.any(pc.match_substring(column, "00:00:00")).as_py():
        column = pc.replace_substring_regex(column, _MIDNIGHT, r"\1")
    if pc.any(pc.match_substring(column, "\r")).as_py():
        column = pc.replace_substring_regex(column, "\r\n?", "\n")
    return column


def _exact_digits(grid: Grid, is_number: workbook_xml.NumberLines) -> None:
    """Number cells: binary noise beyond 15 digits goes, as the spreadsheet itself shows it; whole numbers of 16 and
    more digits have lost their last ones in the file, which is remembered."""
    for at, column in enumerate(grid.columns):
        _negative_zero(grid, at)
        rows = pc.indices_nonzero(pc.greater_equal(pc.binary_length(column), _LEAST_LOST))
        if not len(rows):
            continue
        rows = rows.filter(pc.match_substring_regex(column.take(rows), _LONG))
        if not len(rows):
            continue
        numbers = is_number(grid.first + at)
        texts: dict[int, str] = {}
        for row in rows.to_pylist():
            if row + 1 not in numbers:
                continue
            text = column[row].as_py()
            if len(text.strip("-").lstrip("0.").replace(".", "")) < _LEAST_LOST:
                continue
            if "." in text:
                texts[row] = plain_number(_SHOWN.create_decimal(text))
            else:
                grid.marks.lost.add((row + 1, grid.first + at))
        if texts:
            grid.columns[at] = _patched(grid.columns[at], texts)


def _negative_zero(grid: Grid, at: int) -> None:
    zeros = pc.equal(grid.columns[at], "-0")
    if pc.any(zeros).as_py():
        grid.columns[at] = pc.if_else(zeros, "0", grid.columns[at])


def plain_number(value: Decimal) -> str:
    """Without exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _marked_texts(grid: Grid, booleans: bool) -> None:
    """What the reader does not tell goes into the text: 5% for a percentage, #N/A, the formula without a result."""
    changed: dict[int, dict[int, str]] = {}
    for places in (grid.marks.errors, grid.marks.no_result):
        for (line, column), text in places.items():
            changed.setdefault(column, {})[line - 1] = text
    for line, column in list(grid.marks.percent):
        shown = _as_percent(grid.text(line, column))
        if shown:
            changed.setdefault(column, {})[line - 1] = shown
        else:
            grid.marks.percent.discard((line, column))
    for column, texts in changed.items():
        _widen(grid, column, max(texts) + 1)
        grid.columns[column - grid.first] = _patched(grid.columns[column - grid.first], texts)
    if booleans:
        for at, one in enumerate(grid.columns):
            for word in ("true", "false"):
                if pc.any(pc.equal(one, word)).as_py():
                    one = pc.if_else(pc.equal(one, word), word.upper(), one)
            grid.columns[at] = one


def _widen(grid: Grid, column: int, height: int) -> None:
    """Makes room for a place outside what the reader found: it holds a formula or an error and nothing else."""
    if height > grid.height:
        more = pa.array([""] * (height - grid.height), pa.string())
        grid.columns = [pa.concat_arrays([one, more]) for one in grid.columns]
    blank = pa.array([""] * max(height, grid.height), pa.string())
    if not grid.columns:
        grid.first = column
    if column < grid.first:
        grid.columns = [blank] * (grid.first - column) + grid.columns
        grid.first = column
    grid.columns += [blank] * (column - grid.first + 1 - len(grid.columns))


def _as_percent(text: str) -> str:
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", text, re.ASCII) or len(text) > 40:
        return ""
    return plain_number(_SHOWN.create_decimal(text).scaleb(2)) + "%"


def _patched(column: pa.StringArray, texts: dict[int, str]) -> pa.StringArray:
    out = column.to_pylist()
    for row, text in texts.items():
        out[row] = text
    return pa.array(out, pa.string())

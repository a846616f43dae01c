"""Writes a marked copy afresh from the text of a submitted file, by XlsxWriter. Reads no finding.

Line and column of every cell are those of the submitted file, so that C7 is C7 in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from xlsxwriter import Workbook as NewWorkbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scoring.forms import Column
from scoring.intake.grid import Grid, Workbook, column_number
from scoring.intake.marking import COLUMN_WIDTH, FRONT_WIDTHS, NO_RESULT, FrontRow, Marking, row_height
from scoring.intake.reported import CheckLevel, ReportedSheet
from scoring.intake.template_look import Look
from scoring.intake.template_stamp import RESULT_TITLE
from scoring.intake.templates import BOOK_OPTIONS, MADE_ON, free_name
from scoring.intake.written import as_written, height_of, needs_quote, width_of

_SAMPLED = 200  # rows looked at for the width of a column
_LONGEST_CELL = 32_000
_STYLES = {
    "title": "title",
    "note": "aside",
    "section": "section",
    "head": "table_head",
    "row": "cell",
    "legend": "note",
}


def fresh_copy(
    book: Workbook, sheets: Sequence[ReportedSheet], marks: Mapping[str, Marking], front: Sequence[FrontRow]
) -> bytes:
    """Every sheet of the file as text, with its column; the list in front."""
    file = BytesIO()
    out = NewWorkbook(file, BOOK_OPTIONS)
    out.set_properties({"title": RESULT_TITLE, "created": MADE_ON})
    look = Look(out)
    first = out.add_worksheet(RESULT_TITLE)
    _front(first, front, look)
    taken = {RESULT_TITLE.casefold(), "history"}
    by_name = {sheet.sheet: sheet for sheet in sheets}
    for grid in book.grids:
        if grid.name == RESULT_TITLE and grid.text(1, 0).startswith(RESULT_TITLE):
            continue  # the list of an earlier copy
        reported = by_name.get(grid.name)
        title = grid.name or (reported.form.title if reported else "数据")
        sheet = out.add_worksheet(free_name(title, taken))
        _copy(sheet, grid, reported, marks.get(grid.name), look)
        if grid.hidden == "very":
            sheet.very_hidden()
        elif grid.hidden:
            sheet.hide()
    first.activate()
    out.close()
    return file.getvalue()


def _front(sheet: Worksheet, rows: Sequence[FrontRow], look: Look) -> None:
    for at, width in enumerate(FRONT_WIDTHS):
        sheet.set_column(at, at, width)
    for line, row in enumerate(rows):
        if row.kind == "row":
            sheet.set_row(line, row_height(row))
        for at, text in enumerate(row.cells):
            style = look[_STYLES[row.kind]]
            if row.level is not None and at == row.coloured:
                style = look.level(row.level, centred=True)
            elif needs_quote(text):
                style = look.quoted
            sheet.write_string(line, at, text[:_LONGEST_CELL], style)
    sheet.hide_gridlines(2)
    _paper(sheet)


def _paper(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _copy(sheet: Worksheet, grid: Grid, reported: ReportedSheet | None, mark: Marking | None, look: Look) -> None:
    by_place = _columns(reported)
    ours = {mark.column, *mark.others} if mark else set[int]()
    head = reported.head_line if reported else 0
    for at in range(grid.first, grid.width):
        if at in ours and mark is not None:
            continue
        column = by_place.get(at)
        _column(sheet, grid, at, column, head, mark, look)
    if mark is not None:
        sheet.set_column(mark.column, mark.column, COLUMN_WIDTH)
        sheet.write_string(mark.head_line - 1, mark.column, RESULT_TITLE, look["table_head"])
        for line, (words, level) in mark.words.items():
            if level:
                sheet.set_row(line - 1, height_of(words, COLUMN_WIDTH))
            sheet.write_string(line - 1, mark.column, words[:_LONGEST_CELL], look.level(level))
        sheet.freeze_panes(mark.head_line, 0)
    _paper(sheet)


def _columns(reported: ReportedSheet | None) -> dict[int, Column]:
    """By their place in the sheet."""
    if reported is None:
        return {}
    by_code = reported.form.by_code
    return {column_number(at): by_code[code] for code, at in reported.letters.items() if at and code in by_code}


def _column(
    sheet: Worksheet, grid: Grid, at: int, column: Column | None, head: int, mark: Marking | None, look: Look
) -> None:
    """One column of the grid, cell by cell as typed."""
    cells = grid.column(at)
    texts: list[str] = cells.to_pylist() if cells is not None else []
    day, number = look.data("date"), look.data(column.type if column else "text")
    coloured = {line: level for (line, place), level in (mark.cells if mark else {}).items() if place == at}
    for line, text in enumerate(texts, 1):
        if not text:
            continue
        if (line, at) in grid.marks.no_result:
            text = NO_RESULT
        level: CheckLevel | None = coloured.get(line)
        value = as_written(text, column if line > head else None)
        if isinstance(value, str):
            style = _style(value, level, line - head if head else -1, look)
            sheet.write_string(line - 1, at, value[:_LONGEST_CELL], style)
        elif isinstance(value, (int, float)):
            sheet.write_number(line - 1, at, value, look.level(level) if level else number)
        elif value is not None:
            sheet.write_datetime(line - 1, at, value, look.level(level, kind="date") if level else day)
    for line, level in coloured.items():
        if level and not grid.text(line, at):
            sheet.write_blank(line - 1, at, None, look.level(level))
    widest = max((width_of(text) for text in texts[head - 1 if head else 0 : head + _SAMPLED] if text), default=8)
    sheet.set_column(at, at, min(max(widest + 3, 9), 40))


def _style(text: str, level: CheckLevel | None, below: int, look: Look) -> Format:
    """How a text looks: coloured, as the head, in the table (`below` the head by so many lines) or outside of it."""
    if level:
        return look.level(level, quoted=needs_quote(text))
    if needs_quote(text):
        return look.data("text", quoted=True) if below > 0 else look.quoted_note
    return look["table_head"] if below == 0 else look.data("text") if below > 0 else look["note"]

"""A study as a workbook (.xlsx): the sentences on the first sheet, one sheet per table. Text never becomes a formula."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scoring.reports.study import Cell, Sheet, Study

SAMPLE = "示例：单位和数据均为虚构"
_FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_NARROWEST, _WIDEST = 8, 60


def study_workbook(study: Study) -> bytes:
    """The .xlsx."""
    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, {"in_memory": True, **plain})
    book.set_properties({"title": study.title, "created": datetime(study.as_of.year, study.as_of.month, study.as_of.day)})
    formats = {
        "title": book.add_format({**_FONT, "font_size": 16, "bold": True}),
        "plain": book.add_format({**_FONT, "text_wrap": True}),
        "head": book.add_format({**_FONT, "bold": True, "border": 1, "align": "center", "bg_color": "#E7ECF3"}),
        "text": book.add_format({**_FONT, "border": 1, "text_wrap": True, "quote_prefix": True}),
        "whole": book.add_format({**_FONT, "border": 1, "num_format": "0", "align": "center"}),
        "points": book.add_format({**_FONT, "border": 1, "num_format": "0.00##########"}),
    }
    first = book.add_worksheet("说明")
    first.set_column(0, 0, 110)
    first.write_string(0, 0, study.title, formats["title"])
    about = [f"{study.period} 年，数据截至 {study.as_of}", *([SAMPLE] if study.sample else []), *study.told]
    for row, text in enumerate(about, 1):
        first.write_string(row, 0, text, formats["plain"])
    for sheet in study.sheets:
        _sheet(book.add_worksheet(sheet.title[:31]), sheet, formats, study.sample)
    book.close()
    return out.getvalue()


def _sheet(page: Worksheet, sheet: Sheet, formats: dict[str, Format], sample: bool) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    if sample:
        page.set_header(f"&R&9{SAMPLE}")
    page.set_footer("&C&9第 &P 页，共 &N 页")
    for column, title in enumerate(sheet.head):
        texts = [title, *("" if row[column] is None else str(row[column]) for row in sheet.rows)]
        page.set_column(column, column, min(_WIDEST, max(_NARROWEST, *(_width(text) + 2 for text in texts))))
        page.write_string(0, column, title, formats["head"])
        for line, row in enumerate(sheet.rows, 1):
            _write(page, line, column, row[column], formats)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)


def _write(page: Worksheet, line: int, column: int, cell: Cell, formats: dict[str, Format]) -> None:
    if isinstance(cell, Decimal):
        page.write_number(line, column, cell, formats["points"])
    elif isinstance(cell, int):
        page.write_number(line, column, cell, formats["whole"])
    else:
        page.write_string(line, column, "—" if cell is None else cell, formats["text"])


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)

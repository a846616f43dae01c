"""A study as a workbook (.xlsx): the sentences on the first sheet, one sheet per table. Text never becomes a formula."""

from __future__ import annotations

import io
from datetime import datetime

from xlsxwriter.worksheet import Worksheet

from scoring.reports.study import SAMPLE, Sheet, Study
from scoring.reports.text_width import text_width
from scoring.reports.workbook_look import Look, add_page, new_book

_NARROWEST, _WIDEST = 8, 60


def study_workbook(study: Study) -> bytes:
    """The .xlsx."""
    out = io.BytesIO()
    book = new_book(out)
    book.set_properties({"title": study.title, "created": datetime(study.as_of.year, study.as_of.month, study.as_of.day)})
    look = Look(book, cell={}, plain={"text_wrap": True})
    first = book.add_worksheet("说明")
    first.set_column(0, 0, 110)
    first.write_string(0, 0, study.title, look.title)
    about = [f"{study.period} 年，数据截至 {study.as_of}", *([SAMPLE] if study.sample else []), *study.told]
    for row, text in enumerate(about, 1):
        first.write_string(row, 0, text, look.plain)
    for sheet in study.sheets:
        _sheet(add_page(book, sheet.title[:31], SAMPLE if study.sample else ""), sheet, look)
    book.close()
    return out.getvalue()


def _sheet(page: Worksheet, sheet: Sheet, look: Look) -> None:
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.head):
        texts = [title, *("" if row[column] is None else str(row[column]) for row in sheet.rows)]
        page.set_column(column, column, min(_WIDEST, max(_NARROWEST, *(text_width(text) + 2 for text in texts))))
        page.write_string(0, column, title, look.head)
        for line, row in enumerate(sheet.rows, 1):
            look.write(page, line, column, row[column])
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)

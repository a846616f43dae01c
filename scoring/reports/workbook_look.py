"""How every workbook (.xlsx) of a report looks: font, cells, the printed page. Text never becomes a formula. Knows no table."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scoring.reports.study import Cell

_FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}


def new_book(out: io.BytesIO) -> Workbook:
    return Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})


class Look:
    """The formats, each made once. `cell`: what the cells of tables have besides font and border; `plain`: text outside of
    tables."""

    def __init__(self, book: Workbook, cell: Mapping[str, Any], plain: Mapping[str, Any]) -> None:
        every = {**_FONT, "border": 1, **cell}
        self.title = book.add_format({**_FONT, "font_size": 16, "bold": True})
        self.plain = book.add_format({**_FONT, **plain})
        self.head = book.add_format({**every, "bold": True, "align": "center", "bg_color": "#E7ECF3"})
        self.text = book.add_format({**every, "text_wrap": True, "quote_prefix": True})
        self.narrow = book.add_format({**every, "text_wrap": True, "quote_prefix": True, "align": "center"})
        self.whole = book.add_format({**every, "num_format": "0", "align": "center"})
        self.points = book.add_format({**every, "num_format": "0.00##########"})

    def write(self, sheet: Worksheet, line: int, column: int, value: Cell, text: Format | None = None) -> None:
        """Numbers as numbers, with all their decimals; `text`: the format of what is none."""
        if isinstance(value, (int, Decimal)):
            sheet.write_number(line, column, value, self.points if isinstance(value, Decimal) else self.whole)
        else:
            sheet.write_string(line, column, "—" if value is None else value, text or self.text)


def add_page(book: Workbook, name: str, header: str) -> Worksheet:
    """A sheet that prints on A4 across, all its columns on one page. `header`: to the right above each, "" for none."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if header:
        sheet.set_header(f"&R&9{header}")
    sheet.set_footer("&C&9第 &P 页，共 &N 页")
    return sheet

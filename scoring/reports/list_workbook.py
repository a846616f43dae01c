"""A list as a workbook to take away: what it is, whether it is 示例, how far its data go, head, rows. Knows text, not its meaning."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from scoring.reports.text_width import text_width
from scoring.reports.workbook_look import Look, add_page, new_book

WIDEST, ROWS_MEASURED = 48, 200  # characters


def list_workbook(title: str, told: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """.xlsx with one sheet; `told`: the line below the title. Numbers stay numbers with all their decimals, text never
    becomes a formula."""
    out = io.BytesIO()
    book = new_book(out)
    look = Look(book, {}, {"font_size": 10, "font_color": "#5b6878"})
    sheet = add_page(book, _name(title), "")
    sheet.write_string(0, 0, title, look.title)
    sheet.write_string(1, 0, told, look.plain)
    for column, name in enumerate(head):
        sheet.write_string(2, column, name, look.head)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    widths = [text_width(name) + 2 for name in head]
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            value = cell if isinstance(cell, (Decimal, str)) or (isinstance(cell, int) and not isinstance(cell, bool)) else _text(cell)
            look.write(sheet, line + 3, column, value)
            if line < ROWS_MEASURED:
                widths[column] = max(widths[column], min(WIDEST, text_width(str(value)) + 2))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    book.close()
    return out.getvalue()


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _name(title: str) -> str:
    """What Excel takes as the name of a sheet."""
    return "".join("_" if sign in r"[]:*?/\'" else sign for sign in title)[:31] or "表"

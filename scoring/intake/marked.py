"""The marked copy: a submitted workbook given back with its findings in a coloured column 校验结果. Judges nothing.

The reporter's own .xlsx keeps its sheets and styles; what cannot be opened that way, or is large, is written afresh
with every value as it was typed. Neither holds a formula, a macro or a link to another file.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.intake.grid import Workbook
from scoring.intake.marked_fresh import fresh_copy
from scoring.intake.marked_own import own_copy
from scoring.intake.marking import Marking, front, marking
from scoring.intake.reported import ReportedSheet
from scoring.intake.workbook import read_workbook

OWN_AT_MOST = 5_000  # lines of a sheet: beyond them rewriting the reporter's workbook takes too long
_OWN_CELLS = 400_000  # of all sheets together


def marked_copy(data: bytes, name: str, sheets: Sequence[ReportedSheet], sample: bool = False) -> bytes:
    """An .xlsx, whatever was submitted. `sheets`: what was read from it, with all their findings."""
    read = read_workbook(data, name)
    book = read if isinstance(read, Workbook) else Workbook(name, "csv", [])
    marks: dict[str, Marking] = {}
    for sheet in sheets:
        grid = book.grid(sheet.sheet)
        found = marking(sheet, grid) if grid is not None else None
        if found is not None:
            marks[found.grid] = found
    if book.kind == "xlsx" and _small(book):
        own = own_copy(data, book, marks, front(name, sheets, "", sample))
        if own is not None:
            return own
    note = "本副本由系统重新生成，各表的内容照原样抄录，不带原来的格式、公式和图片。"
    return fresh_copy(book, sheets, marks, front(name, sheets, note, sample))


def _small(book: Workbook) -> bool:
    return (
        max((grid.height for grid in book.grids), default=0) <= OWN_AT_MOST
        and sum(grid.height * grid.width for grid in book.grids) <= _OWN_CELLS
        and not any(grid.problem for grid in book.grids)
    )

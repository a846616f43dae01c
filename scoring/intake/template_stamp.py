"""The hidden sheet of a template: which sheet is which form, period and unit, and what its columns were when it was made.

Both directions: the rows to write, and what such rows say. Knows no workbook library, no form file and no register;
whatever reporters did to the sheet, reading it raises nothing: what cannot be understood is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

STAMP_SHEET = "_报送模板"
INSTRUCTIONS = "填报说明"  # the first sheet of a template
LISTS_SHEET = "_选项"  # long drop-downs
RESULT_TITLE = "校验结果"  # the column and the first sheet of a marked copy
STAMP_MARK = "双打考核看板报送模板"
LAYOUT = "1"
COLUMN_MARK = "列"
_LAST_ROW = 1_048_576  # of a spreadsheet


@dataclass(frozen=True)
class SheetStamp:
    """What one sheet was made for. `sheet` is its name then; reporters may have renamed it."""

    sheet: str
    form: str
    fingerprint: str
    period: str  # empty for a form without a schedule
    unit: str  # code; empty for a register of the office
    head_line: int  # as the spreadsheet numbers it; 0 where it can no longer be read
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # code → title, unit of measure


@dataclass(frozen=True)
class Stamp:
    """All sheets of one workbook, by the names they had."""

    layout: str
    sheets: Mapping[str, SheetStamp]


def stamp_rows(sheets: Iterable[SheetStamp]) -> list[list[str]]:
    """The rows of the hidden sheet, all of them text."""
    rows = [[STAMP_MARK, LAYOUT]]
    for one in sheets:
        rows.append([one.sheet, one.form, one.fingerprint, one.period, one.unit, str(one.head_line)])
        rows += [[COLUMN_MARK, one.sheet, code, title, unit] for code, (title, unit) in one.columns.items()]
    return rows


def read_stamp(rows: Sequence[Sequence[object]]) -> Stamp | None:
    """What the hidden sheet says; None where it is not one. Of two rows about one thing the first counts."""
    if not rows or _at(rows[0], 0) != STAMP_MARK:
        return None
    heads: dict[str, Sequence[object]] = {}
    columns: dict[str, dict[str, tuple[str, str]]] = {}
    for row in rows[1:]:
        if _at(row, 0) == COLUMN_MARK:
            if _at(row, 1) and _at(row, 2):
                columns.setdefault(_at(row, 1), {}).setdefault(_at(row, 2), (_at(row, 3), _at(row, 4)))
        elif _at(row, 0) and _at(row, 1):
            heads.setdefault(_at(row, 0), row)
    sheets = {name: _sheet(name, row, columns.get(name, {})) for name, row in heads.items()}
    return Stamp(_at(rows[0], 1), sheets)


def _sheet(name: str, row: Sequence[object], columns: Mapping[str, tuple[str, str]]) -> SheetStamp:
    return SheetStamp(name, _at(row, 1), _at(row, 2), _at(row, 3), _at(row, 4), _line(_at(row, 5)), columns)


def _at(row: Sequence[object], place: int) -> str:
    """A cell as text; empty beyond the end."""
    cell = row[place] if place < len(row) else None
    return "" if cell is None else str(cell).strip()


def _line(text: str) -> int:
    """`5`, also as `5.0`, which some programs make of it; 0 where it is no line of a sheet."""
    whole = text.removesuffix(".0")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= len(str(_LAST_ROW))):
        return 0
    return int(whole) if int(whole) <= _LAST_ROW else 0

"""One value → one cell of a workbook that we write: text, number or date, never a formula. Knows columns only.

A cell that begins with = + - @ stays the text it was: whoever opens the file runs nothing by it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from unicodedata import east_asian_width

from scoring.forms import Column

Written = str | int | float | date | None
_PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_EXACT_DIGITS = 15  # what a number cell of a spreadsheet holds
_FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets disagree about the number of a day
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def as_written(value: object, column: Column | None) -> Written:
    """What goes into the cell: a number or a date where the column is one and nothing is lost, else the text as it is.

    Text that was typed stays as typed: `1,200`, `*`, `007` and `=1+1` come back letter by letter.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value if value >= _FIRST_DAY else value.isoformat()
    if isinstance(value, (int, Decimal)):
        return _number(format(value, "f") if isinstance(value, Decimal) else str(value))
    text = str(value)
    if column is not None and column.type in ("integer", "decimal") and _PLAIN.match(text):
        return _number(text)
    if column is not None and column.type == "date" and _DAY.match(text):
        return _day(text)
    return text


def needs_quote(text: str) -> bool:
    """Whether a program might take this text for a formula once somebody edits the cell."""
    return text.startswith(_RISKY)


def width_of(text: str) -> int:
    """How many narrow characters it is wide; a Chinese one counts as two."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def lines_of(text: str, width: float) -> int:
    """How many lines it takes in a column of this width."""
    return sum(max(1, -(-width_of(line) // max(1, int(width)))) for line in text.split("\n"))


def height_of(text: str, width: float) -> float:
    """How high a row must be for this text to be read in a column of this width; at most as high as a row may be."""
    return min(6.0 + 14 * lines_of(text, width - 2), 400.0)


def _number(text: str) -> int | float | str:
    """As a number cell if it holds it to the last digit; else as text."""
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    if len(digits.rstrip("0") if "." not in text else digits) > _EXACT_DIGITS or len(text) > 2 * _EXACT_DIGITS:
        return text
    return float(text) if "." in text else int(text)


def _day(text: str) -> date | str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= _FIRST_DAY else text

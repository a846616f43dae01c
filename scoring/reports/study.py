"""What a study found, ready to be read: sentences, tables, at most one picture. Knows values and text; computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Cell = str | int | Decimal | None
Row = tuple[Cell, ...]
SAMPLE = "示例：单位和数据均为虚构"
"""Stands on whatever is made from invented data and taken away."""


@dataclass(frozen=True)
class Sheet:
    """A table. `title`: at most 31 characters, as a workbook wants it. None: nothing there, shown as —."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Study:
    """`told`: one Chinese sentence each. `picture`: SVG text, "" for none. `sample`: whether the data are 示例."""

    title: str
    period: str
    as_of: date
    sample: bool
    told: tuple[str, ...]
    sheets: tuple[Sheet, ...] = ()
    picture: str = ""

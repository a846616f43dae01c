"""差距与路径: a table of a study with its export. Prints cells; computes no score."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import drawn, drawn_rows, exports, served, study_tables
from pages.ui.drawn_rows import Column
from pages.ui.identity import visitor
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.expressions.words import number
from scoring.reports.study import Cell, Sheet
from scoring.rubric.actions import EFFORT_UNIT

_WHOLE = (EFFORT_UNIT, "名次升降", "工作使升降", "办法使升降")  # columns of what is no points
_TEXT = ("一级指标", "条款", "内容", "共性问题", "单位", "做什么", "通过哪一条", "为什么没有列入")
_WIDTHS = {"条款": "8em", "内容": "11em"}
_LARGE = {"通过哪一条", "为什么没有列入"}


def table(sheet: Sheet, result: Assessment, title: str) -> None:
    """`sheet.title` names the table on the page, `title` the file."""
    st.markdown(f"**{sheet.title}**")
    frame = study_tables.texts(sheet, shown)
    columns = {
        name: TextColumn(alignment="left" if name in _TEXT else "right", width=_width(name, frame[name])) for name in sheet.head
    }
    study_tables.show(sheet, frame, columns, title, result.as_of)


def drawn_table(sheet: Sheet, result: Assessment, title: str) -> None:
    """The same without a grid, for tables whose cells are sentences."""
    columns = [Column(name, name not in _TEXT, _WIDTHS.get(name, "")) for name in sheet.head]
    rows = [[escape(shown(cell, name)) for cell, name in zip(row, sheet.head, strict=True)] for row in sheet.rows]
    drawn.show(drawn_rows.table(sheet.title, columns, rows, caption=sheet.title), f"table_{sheet.title}_{title}")
    exports.button(served.desk(), visitor(), title, result.as_of, sheet.head, lambda: sheet.rows)


def _width(name: str, cells: pd.Series) -> int | Literal["large"] | None:
    """Wide enough for the longest number: a step of the sum has as many decimals as it takes."""
    if name in _LARGE:
        return "large"
    longest = max((len(text) for text in cells), default=0)
    return 8 * longest + 24 if name not in _TEXT and longest > 8 else None


def shown(cell: Cell, column: str) -> str:
    """Points with two decimals or as many as there are; — where nothing is."""
    if cell is None:
        return "—"
    if isinstance(cell, Decimal):
        return number(cell) if column in _WHOLE else points(cell)
    return str(cell).replace("-", "−") if isinstance(cell, int) else cell

"""A table of a study on a page, its export below it. Knows no study: what its cells say, and its columns, come from the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from pages.ui import exports, served
from pages.ui.identity import visitor
from scoring.reports.study import Cell, Sheet


def texts(sheet: Sheet, shown: Callable[[Cell, str], str]) -> pd.DataFrame:
    """All cells as they are read; `shown` is handed a cell and the head of its column."""
    rows = [[shown(cell, name) for name, cell in zip(sheet.head, row, strict=True)] for row in sheet.rows]
    return pd.DataFrame(rows, columns=list(sheet.head))


def show(sheet: Sheet, cells: pd.DataFrame | Styler, columns: Mapping[str, Any], title: str, as_of: date) -> None:
    """`cells`: the texts of the sheet. The file of the export is called `title` and holds the cells as they are."""
    st.dataframe(cells, hide_index=True, height="content", column_config=columns)
    exports.button(served.desk(), visitor(), title, as_of, sheet.head, lambda: sheet.rows)

"""下载: a list as a CSV file, with 示例 and the data cut-off on it, and on the 操作日志. Knows no list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import streamlit as st

from pages.ui import served
from scoring.access import Actor
from scoring.desk import Desk
from scoring.desk.exports import csv_file, file_name
from scoring.desk.log import note_export
from scoring.store.problems import RecordsError

Rows = Callable[[], Iterable[Sequence[object]]]


def button(
    desk: Desk | RecordsError | None,
    actor: Actor,
    title: str,
    cut_off: date | datetime,
    head: Sequence[str],
    rows: Rows,
) -> None:
    """Without records there is no log; while another program holds them nothing leaves the house unlogged.

    No rerun follows: it could take the file away before the browser has fetched it.
    """
    office = served.project().office
    held = isinstance(desk, RecordsError)

    def made() -> bytes:
        if isinstance(desk, Desk):
            note_export(desk, actor, title, None if isinstance(cut_off, datetime) else cut_off)
        return csv_file(title, cut_off, head, rows(), office is not None and office.sample)

    st.download_button(
        "导出 CSV", made, file_name(title, cut_off), "text/csv", key=f"export_{title}", icon=":material/download:",
        disabled=held, help="报送库正由别的程序使用，导出记不进操作日志" if held else None, on_click="ignore",
    )  # fmt: skip

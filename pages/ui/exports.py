"""下载: a list as Excel or CSV, a picture as SVG or PNG, with 示例 and the data cut-off on it, and on the 操作日志. Knows no list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import streamlit as st

from pages.ui import served
from pages.ui.desk_words import XLSX
from pages.ui.identity import visitor
from scoring.access import Actor
from scoring.desk import Desk
from scoring.desk.exports import about, csv_file, file_name
from scoring.desk.log import note_export
from scoring.reports.drawing import captioned
from scoring.reports.list_workbook import list_workbook
from scoring.reports.pictures import png
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
    """Both buttons of a list."""
    with st.container(horizontal=True):
        _download(desk, actor, title, cut_off, "xlsx", "导出 Excel", XLSX, lambda: list_workbook(title, about(cut_off, _sample()), head, rows()))
        _download(desk, actor, title, cut_off, "csv", "导出 CSV", "text/csv", lambda: csv_file(title, cut_off, head, rows(), _sample()))


def pictures(title: str, cut_off: date | datetime, svg: Callable[[], str]) -> None:
    """Both buttons of a picture, which is drawn again for paper: light, with what it rests on below it."""
    desk, actor = served.desk(), visitor()

    def drawn() -> str:
        return captioned(svg(), f"{title}　{about(cut_off, _sample())}")

    with st.container(horizontal=True):
        _download(desk, actor, title, cut_off, "png", "图（PNG）", "image/png", lambda: png(drawn()))
        _download(desk, actor, title, cut_off, "svg", "图（SVG）", "image/svg+xml", lambda: drawn().encode())


def _sample() -> bool:
    office = served.project().office
    return office is not None and office.sample


def _download(
    desk: Desk | RecordsError | None, actor: Actor, title: str, cut_off: date | datetime, kind: str, label: str, mime: str,
    make: Callable[[], bytes],
) -> None:  # fmt: skip
    """Without records there is no log; while another program holds them nothing leaves the house unlogged.

    No rerun follows: it could take the file away before the browser has fetched it.
    """
    held = isinstance(desk, RecordsError)

    def made() -> bytes:
        if isinstance(desk, Desk):
            note_export(desk, actor, title, None if isinstance(cut_off, datetime) else cut_off)
        return make()

    icon = ":material/image:" if mime.startswith("image/") else ":material/download:"
    st.download_button(
        label, made, file_name(title, cut_off, kind), mime, key=f"export_{kind}_{title}", icon=icon, disabled=held,
        help="报送库正由别的程序使用，导出记不进操作日志" if held else None, on_click="ignore",
    )  # fmt: skip

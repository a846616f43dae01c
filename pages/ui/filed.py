"""What was handed in: receipts, findings, the life of a submission, its file. Shows only."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desk_words, tables
from pages.ui.tinted import tinted
from scoring.desk import Desk
from scoring.desk.files import attachment
from scoring.desk.handing_in import explanations, receipt
from scoring.desk.reports import Report
from scoring.desk.reviewing import history
from scoring.store.records import Row


def findings_table(rows: list[dict[str, str]]) -> None:
    """Findings, the gravest first; long texts wrap."""
    widths = {"级别": 76, "单元格": 64, "列": 104, "填的是": 110, "问题": 280, "怎么办": 320}
    frame = pd.DataFrame(rows)
    st.dataframe(
        tinted(frame, texts=dict.fromkeys(frame, tables.wrapping)), hide_index=True, row_height=tables.TALL,
        height=min(440, 38 + tables.TALL * len(rows)),
        column_config={name: TextColumn(width=width) for name, width in widths.items()},
    )  # fmt: skip


def receipts(desk: Desk, unit: str) -> None:
    """The receipts of what the unit handed in just now."""
    numbers: list[str] = st.session_state.get(f"receipts_{unit}", [])
    if not numbers:
        return
    found = [receipt(desk, no) for no in numbers]
    office = desk.project.office
    assert office is not None
    texts = [
        desk_words.receipt_text(
            one,
            office.office.title,
            desk.register.title(one.unit),
            desk.report_words(one.form, one.period),
            office.sample,
        )
        for one in found
    ]
    late = [one for one in found if one.days_late is not None]
    said = f"，其中 {len(late)} 份迟报" if late else ""
    st.success(
        f"已收到 {len(found)} 份报送{said}。回执：{'、'.join(one.no for one in found)}，"
        f"收到时间 {found[-1].received_at:%Y-%m-%d %H:%M:%S}。复核通过后计入考核。",
        icon=":material/receipt_long:",
    )
    st.download_button(
        "下载回执", "\n\n".join(texts).encode("utf-8-sig"), file_name=f"回执_{numbers[0]}.txt", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip


@st.dialog("报送详情", width="large", on_dismiss="rerun")
def detail(desk: Desk, one: Report) -> None:
    """The life of one report: every submission, every change of state, what was explained."""
    st.markdown(f"**{one.unit.title}**　{one.words}　{desk_words.badge(one.state)}　:gray[{desk_words.lateness(one)}]")
    found = desk.records.fetch(
        "SELECT * FROM standing WHERE form = ? AND unit = ? AND period = ? ORDER BY event DESC",
        [one.form.code, one.unit.code, one.due.label],
    )
    if not found:
        st.caption("还没有报过。")
    for row in found:
        submission(desk, row, counted=row["no"] == one.counted)


def submission(desk: Desk, row: Row, counted: bool) -> None:
    """One submission: where it stands, its steps, what was explained, the file."""
    mark = "　:green-badge[✓ 计入考核的是这一份]" if counted else ""
    rows = "零报告" if row["nil"] else f"{row['row_count']} 行"
    aside = f"，搁置 {row['aside_count']} 行" if row["aside_count"] else ""
    st.markdown(f"**{row['no']}**　{desk_words.badge(row['state'])}　{rows}{aside}　{row['file_name']}{mark}")
    steps = [
        {
            "时间": f"{step['done_at']:%Y-%m-%d %H:%M}",
            "状态": step["state"],
            "经办": step["actor"],
            "原因": step["reason"] + ("（按未收到计）" if step["never_received"] else ""),
        }
        for step in history(desk, row["no"])
    ]
    st.dataframe(pd.DataFrame(steps), hide_index=True)
    told = explanations(desk.records, row["no"])
    for (check, line, _), text in told.items():
        st.markdown(f"- 说明（{check}{f'，第 {line} 行' if line else ''}）：{text}")
    if row["sha256"]:
        st.download_button(
            "下载原文件", lambda: attachment(desk.records, row["sha256"]), file_name=row["file_name"],
            key=f"file_{row['no']}", icon=":material/download:", on_click="ignore",
        )  # fmt: skip

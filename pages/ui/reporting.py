"""What a unit sees first when it reports: what is owed, templates, uploads and what became of them.

Shows and passes on; what may be handed in is decided by scoring.desk.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desk_words, served, state
from scoring.access import Actor
from scoring.calendar import label_words
from scoring.desk import Desk, Refused
from scoring.desk.blanks import blank
from scoring.desk.receiving import Upload, upload
from scoring.desk.reports import Report
from scoring.desk.states import ACCEPTED, DRAFT, FAULTY, LOCKED, RETURNED, WAITING
from scoring.store.problems import RecordsError


def counts(owed: list[Report]) -> None:
    """How far the unit is, side by side."""
    states = Counter(one.state for one in owed)
    late = sum(one.overdue for one in owed)
    cells = st.columns(5)
    cells[0].metric("应报", len(owed), border=True)
    cells[1].metric("已通过", states[ACCEPTED] + states[LOCKED], border=True)
    cells[2].metric("待复核", states[WAITING], border=True)
    mine = states[DRAFT] + states[FAULTY] + states[RETURNED]
    cells[3].metric("要处理", mine, help="草稿、校验不通过和退回修改的", border=True)
    cells[4].metric("逾期未报", late, border=True)


def wanting(one: Report) -> bool:
    """Whether the unit has something to do about it."""
    return one.state in (DRAFT, FAULTY, RETURNED) or one.overdue


def owed_table(owed: list[Report], key: str) -> Report | None:
    """What is owed, by deadline; gives the report whose row was clicked."""
    frame = pd.DataFrame(
        {
            "报表": [one.form.title for one in owed],
            "报送期": [label_words(one.due.label) for one in owed],
            "截止": [f"{one.due.due_on:%Y-%m-%d}" if one.form.has_schedule else "—" for one in owed],
            "状态": [desk_words.state(one) for one in owed],
            "期限": [desk_words.lateness(one) for one in owed],
            "回执编号": [one.latest["no"] if one.latest and one.received_at else "—" for one in owed],
            "双打办意见": [_opinion(one) for one in owed],
        }
    )
    widths = dict(zip(frame, (130, 140, 96, 110, 100, 130, 380), strict=True))
    picked = st.dataframe(
        frame, hide_index=True, key=key, on_select="rerun", selection_mode="single-cell", height=min(420, 38 + 35 * len(owed)),
        column_config={name: TextColumn(width=width) for name, width in widths.items()},
    )  # fmt: skip
    cells = picked.selection.cells
    return owed[cells[0][0]] if cells else None


def _opinion(one: Report) -> str:
    return (
        str(one.latest["reason"]) if one.latest and one.state in (RETURNED, ACCEPTED) and one.latest["reason"] else ""
    )


def templates(desk: Desk, actor: Actor, unit: str, owed: list[Report]) -> None:
    """Download the workbook for what is still owed, or for any reports one picks."""
    choices = {one.words: one for one in owed}
    first = [one.words for one in owed if one.state in ("未填", FAULTY, RETURNED, DRAFT)]
    first = [words for words in first if choices[words].due.covers_from <= desk.clock().date()]
    picked = st.multiselect(
        "模板里要哪些报表", list(choices), default=first[:12], placeholder="选一张或几张，已通过的也可以选（用来更正）",
        key=f"wanted_{unit}",
    )  # fmt: skip
    wanted = [(choices[words].form.code, choices[words].due.label) for words in picked]
    title = desk.register.title(unit)
    st.download_button(
        f"下载模板（{len(wanted)} 张表）" if wanted else "下载模板",
        lambda: blank(desk, actor, unit, wanted),
        file_name=f"{title}_{served.period()}_报送模板.xlsx",
        mime=desk_words.XLSX,
        icon=":material/download:",
        disabled=not wanted,
        on_click="ignore",
    )
    st.caption("已经通过的报表，模板里带着原来的数据，改好后上传就是更正；每张表都要填完整，不能只填改动的行。")


def uploads(desk: Desk, actor: Actor, unit: str | None) -> None:
    """The place to put files; each is read, checked and kept at once. What became of them stands below."""
    key = state.take_once(f"upload_{unit}")
    files = st.file_uploader(
        "上传填好的工作簿（.xlsx、.xls、.ods、.csv），可以一次选几个",
        accept_multiple_files=True,
        max_upload_size=20,
        key=key,
    )
    if files:
        told: list[tuple[str, Upload | Refused | RecordsError]] = []
        bar = st.progress(0.0, "正在读取和校验…")
        for number, file in enumerate(files):
            bar.progress(number / len(files), f"正在读取和校验“{file.name}”…（{number + 1}/{len(files)}）")
            try:
                told.append((file.name, upload(desk, actor, unit, file.name, file.getvalue())))
            except (Refused, RecordsError) as error:
                told.append((file.name, error))
        bar.empty()
        st.session_state[f"told_{unit}"] = told
        state.forget(f"upload_{unit}")
        st.rerun()
    for name, outcome in st.session_state.get(f"told_{unit}", []):
        _outcome(desk, name, outcome)


def _outcome(desk: Desk, name: str, outcome: Upload | Refused | RecordsError) -> None:
    if isinstance(outcome, Refused | RecordsError):
        st.error(
            f"“{name}”没有收：{outcome.problem}。  \n**怎么办**　{outcome.fix}。原有的数据没有变动。",
            icon=":material/error:",
        )
        return
    for sheet in outcome.refused:
        problems = "；".join(f"{one.problem}（{one.fix}）" for one in sheet.findings if one.level == "A")
        st.error(f"“{name}”的工作表“{sheet.sheet or '第一张'}”没有收：{problems}。", icon=":material/error:")
    for one in outcome.findings:
        if one.level == "A":
            st.error(f"“{name}”：{one.problem}。{one.fix}。", icon=":material/error:")
    fresh = [draft for draft in outcome.drafts if not draft.same_as]
    if fresh:
        st.success(f"“{name}”已读入 {len(fresh)} 张表，存为草稿；核对后请在下面提交。", icon=":material/draft:")
    for draft in outcome.drafts:
        if draft.same_as:
            words = desk.report_words(draft.sheet.form.code, draft.sheet.period)
            st.info(
                f"“{name}”里的{words}以前上传过同一份（{draft.no}，{draft.state}），没有重复登记。",
                icon=":material/content_copy:",
            )
    notes = [one for one in outcome.findings if one.level == "D"]
    if notes:
        with st.expander(f"“{name}”另有 {len(notes)} 处提示"):
            for one in notes:
                st.markdown(f"- {one.problem}。{one.fix}。")

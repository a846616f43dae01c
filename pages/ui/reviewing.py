"""What the office sees of what came in: the list, one submission with its rows and findings, accept and give back.

Shows and passes on; what may be accepted is decided by scoring.desk.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desk_words, desks, filed, state
from scoring.access import Actor
from scoring.calendar import label_words
from scoring.desk import Desk, Refused
from scoring.desk.compared import changes
from scoring.desk.handing_in import receipt
from scoring.desk.keeping import kept_sheet
from scoring.desk.reviewing import accept, give_back
from scoring.store.problems import RecordsError
from scoring.store.records import Row


def inbox_table(desk: Desk, rows: list[Row], key: str) -> list[Row]:
    """What waits, the oldest first; gives the rows that were ticked."""
    frame = pd.DataFrame(
        {
            "单位": [_unit(desk, row) for row in rows],
            "报表": [_form(desk, row) for row in rows],
            "报送期": [label_words(row["period"]) if row["period"] else "—" for row in rows],
            "收到时间": [f"{row['received_at']:%Y-%m-%d %H:%M}" for row in rows],
            "期限": [_late(desk, row) for row in rows],
            "行数": ["零报告" if row["nil"] else f"{row['row_count']} 行" for row in rows],
            "校验": [_checked(desk, row) for row in rows],
            "回执编号": [row["no"] for row in rows],
        }
    )
    widths = dict(zip(frame, (112, 120, 124, 130, 96, 70, 150, 130), strict=True))
    picked = st.dataframe(
        frame, hide_index=True, key=key, on_select="rerun", selection_mode="multi-row", height=min(460, 38 + 35 * len(rows)),
        column_config={name: TextColumn(width=width) for name, width in widths.items()},
    )  # fmt: skip
    return [rows[at] for at in picked.selection.rows if at < len(rows)]


def _unit(desk: Desk, row: Row) -> str:
    return desk.register.title(row["unit"]) if row["unit"] else "市双打办登记"


def _form(desk: Desk, row: Row) -> str:
    return desk.forms[row["form"]].title if row["form"] in desk.forms else str(row["form"])


def _late(desk: Desk, row: Row) -> str:
    late = receipt(desk, row["no"]).days_late if row["form"] in desk.forms else None
    return f"迟报 {late} 天" if late is not None else "按期"


def _checked(desk: Desk, row: Row) -> str:
    counts = desk.records.fetch(
        "SELECT level, count(*) AS n FROM finding WHERE submission = ? AND level <> 'D' GROUP BY level ORDER BY level",
        [row["no"]],
    )
    told = [f"{desk_words.LEVELS[one['level']]} {one['n']}" for one in counts]
    return "，".join(told) if told else "✓ 通过"


def act(desk: Desk, actor: Actor, picked: list[Row]) -> None:
    """Accept what is ticked, or give one back."""
    left, right, _ = st.columns([3, 3, 8])
    if left.button(f"通过所选 {len(picked)} 份", type="primary", icon=":material/check:", disabled=not picked):
        try:
            with st.spinner("正在通过并更新计分…"):
                accept(desk, actor, [row["no"] for row in picked])
        except (Refused, RecordsError) as error:
            desks.failed(error)
        else:
            said = f"已通过 {len(picked)} 份，数据已计入考核，排名随之更新。"
            _done(said)
    if right.button("退回所选的一份", icon=":material/undo:", disabled=len(picked) != 1):
        giving_back(desk, actor, picked[0])


@st.dialog("退回修改", width="large")
def giving_back(desk: Desk, actor: Actor, row: Row) -> None:
    """The reason the unit will read, and whether the day it came still counts."""
    st.markdown(f"**{_unit(desk, row)}**　{desk.report_words(row['form'], row['period'])}　:gray[{row['no']}]")
    reason = st.text_area(
        "退回原因（报送单位会看到）", placeholder="写明哪一行哪一列不对、怎么改", key=f"reason_{row['no']}"
    )
    has_faults = bool(row["aside_count"])
    kept = "收到时间保留：改好重报后，仍按这次收到的时间算是否按期"
    never = "按未收到计：因强制性错误退回，是否按期看重报的时间"
    chosen = st.radio("收到时间", [kept, never], index=1 if has_faults else 0, key=f"kept_{row['no']}")
    if st.button("确认退回", type="primary", icon=":material/undo:"):
        try:
            give_back(desk, actor, row["no"], reason, never_received=chosen == never)
        except (Refused, RecordsError) as error:
            desks.failed(error)
        else:
            _done(f"已退回{_unit(desk, row)}的{desk.report_words(row['form'], row['period'])}，原因已写明。")


def _done(told: str) -> None:
    st.session_state["review_told"] = told
    state.forget("inbox")
    st.rerun()


def told() -> None:
    """What was done just now, once."""
    if said := st.session_state.pop("review_told", None):
        st.success(said, icon=":material/check_circle:")


def look(desk: Desk, row: Row) -> None:
    """One submission: its rows as read, findings, explanations, what it changes, the life of it."""
    if row["form"] not in desk.forms:
        return
    form = desk.forms[row["form"]]
    sheet = kept_sheet(desk.records, row["no"], form)
    st.subheader(f"{_unit(desk, row)}　{desk.report_words(row['form'], row['period'])}")
    filed.submission(desk, row, counted=False)
    if row["filled_by"] or row["phone"]:
        st.caption(f"填报人：{row['filled_by'] or '—'}　联系电话：{row['phone'] or '—'}")
    if sheet.findings:
        with st.expander(
            f"校验结果（{len(sheet.findings)} 条）", expanded=any(one.level in "ABC" for one in sheet.findings)
        ):
            filed.findings_table(desk_words.finding_rows(sheet))
    found = changes(desk, row["no"])
    if found is not None:
        with st.expander(f"与已通过的一份相比：{found.words}", expanded=bool(found)):
            if found.rows:
                st.dataframe(pd.DataFrame(found.rows), hide_index=True)
    with st.expander(f"报送的各行（{len(sheet)} 行）"):
        frame = pd.DataFrame({"行": sheet.lines} | {c.title: sheet.typed[c.code] for c in form.columns})
        if not sheet.unit:
            frame.insert(1, "单位", [desk.register.title(unit) for unit in sheet.units])
        frame.insert(1, "是否计入", ["搁置" if aside else "计入" for aside in sheet.aside])
        st.dataframe(frame, hide_index=True, column_config={"行": TextColumn(width=60)})

"""关账 of a register, period by period, and a whole register by workbook. Shows and passes on."""

from __future__ import annotations

import streamlit as st

from pages.ui import desk_words, desks, drafts, entry_form, reporting, served
from scoring.access import Actor
from scoring.calendar import label_words
from scoring.desk import Desk, Refused
from scoring.desk.blanks import blank
from scoring.desk.registers import Closing, close_register, closings
from scoring.forms import Form
from scoring.store.problems import RecordsError


def show(desk: Desk, actor: Actor, form: Form, year: str, locked: bool) -> None:
    """Each due period: closed or open, by whom; the button for the other."""
    st.subheader("关账")
    if not form.has_schedule:
        st.caption(f"“{form.title}”没有报送期，不用关账：没有登记的一直显示暂缺。")
        return
    st.caption("关账表示这一期已登记齐全：以后没有登记就是没有发生。没有关账的，有关指标显示暂缺。")
    for one in closings(desk, year, form):
        _period(desk, actor, one, locked)


def _period(desk: Desk, actor: Actor, one: Closing, locked: bool) -> None:
    label, last = one.due.label, one.last
    left, middle, right = st.columns([2, 5, 2], vertical_alignment="center")
    left.markdown(
        f"**{label_words(label)}**　" + (":green-badge[✓ 已关账]" if one.closed else ":orange-badge[○ 未关账]")
    )
    told = f"应于 {one.due.due_on} 前登记齐全"
    if last is not None:
        told = f"{last['actor']}　{last['done_at']:%Y-%m-%d %H:%M} {'关账' if one.closed else '重新打开'}"
        told += f"　{last['reason']}" if last["reason"] else ""
    cut_off = desk.project.period(served.period()).cut_off
    if last is None and desk.clock().date() > cut_off:
        told += f"　:orange[数据截止日 {cut_off} 已过，现在关账不计入本考核期；要计入的先改办法里的截止日]"
    middle.caption(told)
    with right:
        if locked:
            return
        if not one.closed:
            if st.button("关账", key=f"close_{label}", icon=":material/lock:", width="stretch"):
                _set(desk, actor, one, True, "")
            return
        with st.popover("重新打开", icon=":material/lock_open:", width="stretch"):
            reason = st.text_input("重新打开的理由（必填）", key=f"reopen_why_{label}")
            if st.button("确认重新打开", key=f"reopen_{label}"):
                _set(desk, actor, one, False, reason)


def _set(desk: Desk, actor: Actor, one: Closing, closed: bool, reason: str) -> None:
    try:
        with st.spinner("正在办理…"):
            close_register(desk, actor, one.form.code, one.due.label, closed, reason)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    told = desk.report_words(one.form.code, one.due.label) + (
        "已关账" if closed else "已重新打开，有关指标在关账以前显示暂缺"
    )
    entry_form.done("", told, None)


def workbook(desk: Desk, actor: Actor, form: Form, year: str) -> None:
    """The template of a register with what is in it already, and the place to put it; it then waits in 收件与复核."""
    with st.expander(
        "整张台账用工作簿登记", icon=":material/table_view:", key=f"book_{form.code}", on_change="rerun"
    ) as part:
        if not part.open:
            return
        labels = {label_words(label): label for label in desk.labels(form, year)}
        left, right = st.columns(2, gap="large")
        with left:
            picked = st.multiselect("哪几期", list(labels), default=list(labels)[:1], key=f"book_periods_{form.code}")
            st.download_button(
                "下载模板", lambda: blank(desk, actor, None, [(form.code, labels[one]) for one in picked]),
                file_name=f"{form.title}_{year}_登记模板.xlsx", mime=desk_words.XLSX, icon=":material/download:",
                disabled=not picked, on_click="ignore",
            )  # fmt: skip
            st.caption(
                "模板里带着已登记的行。上传的工作簿复核通过后，取代这一期上一份工作簿；在本页逐条登记的仍然计入，要去掉的请逐条撤回。"
            )
        with right:
            reporting.uploads(desk, actor, None)
        drafts.cards(desk, actor, "")
        st.caption("提交后在“收件与复核”里等复核，通过后计入。")

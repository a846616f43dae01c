"""What can be done with a draft now: hand in, take back, give up, approve, return, carry over. Passes on to scoring.desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from pages.ui import desks, served, words
from scoring.access import Actor, may
from scoring.desk import Desk, Refused
from scoring.desk.approving import Issued, approve, put_in_place, reject
from scoring.desk.draft_life import discard, submit, withdraw
from scoring.desk.draft_texts import base_of, carried_over, changed, outdated, unmet
from scoring.desk.drafts import APPROVED, OPEN, PENDING, RETURNED, Draft, save
from scoring.store.problems import RecordsError

_TOLD = "draft_told"


def told() -> None:
    """What was just done."""
    if _TOLD in st.session_state:
        st.success(words.plain(st.session_state.pop(_TOLD)), icon=":material/check_circle:")


def show(desk: Desk, actor: Actor, one: Draft) -> None:
    """By state and by who is looking."""
    mine = actor.name in one.authors
    if one.state in (OPEN, RETURNED) and may(actor, "draft"):
        if outdated(desk, one) is not None:
            _carry(desk, actor, one)
        else:
            _samples(desk, actor, one)
        _own(desk, actor, one)
    elif one.state == PENDING:
        if may(actor, "approve") and not mine:
            _decide(desk, actor, one)
        elif mine:
            st.info("已提交，等市双打办的另一个人批准。", icon=":material/hourglass_top:")
            if st.button("撤回再改", icon=":material/undo:"):
                _done(lambda: withdraw(desk, actor, one.no, one.version), f"草案{one.words}已撤回，可以再改。")
        else:
            st.info("等市双打办批准。", icon=":material/hourglass_top:")
    elif one.state == APPROVED and may(actor, "approve") and not (desk.project.folder / one.new_file).exists():
        st.error(f"已经批准，但 `{one.new_file}` 没有写成，新版本还没有生效。", icon=":material/error:")
        if st.button("补写办法文件", type="primary"):
            _done(lambda: put_in_place(desk, actor, one.no), f"{one.new_file} 已写好。")


def _own(desk: Desk, actor: Actor, one: Draft) -> None:
    """Hand in, or give up with a reason."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("提交批准", type="primary", icon=":material/send:", disabled=outdated(desk, one) is not None):
            _done(lambda: submit(desk, actor, one.no, one.version), f"草案{one.words}已提交，等另一个人批准。")
        with st.popover("作废", icon=":material/delete:"):
            reason = st.text_input("作废的理由", key="discard_reason")
            if st.button("确定作废"):
                _done(lambda: discard(desk, actor, one.no, one.version, reason), f"草案{one.words}已作废，仍可查看。")


def _samples(desk: Desk, actor: Actor, one: Draft) -> None:
    """标准样例 that no longer come out: whoever changed the points reckons them anew by hand."""
    found = served.kept(f"draft unmet {one.no}.{one.version}", lambda: unmet(desk, one))
    if not found:
        return
    st.warning(
        f"有 {len(found)} 个标准样例按草案算出的结果与写明的不同。请按改后的条款手工重算，把应得的结果填进来；"
        "不要照抄程序算出的数，样例就是用来核对程序的。",
        icon=":material/rule:",
    )
    with st.form("samples", enter_to_submit=False):
        given = {}
        for number, sample in enumerate(found):
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.markdown(f"{words.plain(sample.issue.problem)}　:gray[第 {sample.issue.line} 行]")
            if sample.loc is None:
                right.caption("不止一个数，请让管理员在办法文件里改")
                continue
            label = f"第 {sample.issue.line} 行手工重算的结果"
            given[sample.loc] = right.text_input(label, sample.written, key=f"sample_{number}", label_visibility="collapsed")
        sent = st.form_submit_button("写进草案", icon=":material/save:")
    if sent:
        new = {**changed(desk, one), **{loc: text.strip() for loc, text in given.items()}}
        _done(lambda: save(desk, actor, one.name, one.reason, base_of(desk, one), new, one), f"草案“{one.name}”的第 {one.version + 1} 版已保存。")


def _carry(desk: Desk, actor: Actor, one: Draft) -> None:
    """Over to the edition as it stands now; what cannot be carried over is said."""
    try:
        found = carried_over(desk, one)
    except Refused as error:
        desks.failed(error)
        return
    st.markdown(f"能带过去 {len(found.changes)} 处，不能带过去 {len(found.lost)} 处。")
    for lost in found.lost:
        st.markdown(f"- {words.plain(lost.change.path)}（{words.plain(lost.change.old)} → {words.plain(lost.change.new)}）：{words.plain(lost.why)}")
    if found.changes and st.button("带到现在的办法上，存为新的一版", type="primary", icon=":material/move_up:"):
        _done(lambda: save(desk, actor, one.name, one.reason, found.base, found.changes, one), f"草案“{one.name}”已带到现在的办法上。")


def _decide(desk: Desk, actor: Actor, one: Draft) -> None:
    """Approve as an edition, or return."""
    left, right = st.columns([3, 2], gap="large")
    with left, st.form("approve", enter_to_submit=False):
        st.markdown("**批准，成为新的一版办法**")
        cells = st.columns(3)
        edition = cells[0].text_input("版本名", placeholder="例如 2025", key="issued_edition")
        number = cells[1].text_input("文号", placeholder="例如 示双打办〔2025〕1号", key="issued_number")
        day = cells[2].date_input("施行日期", date(desk.clock().year, 1, 1), format="YYYY-MM-DD", key="issued_day")
        note = st.text_input("意见（可不填）", key="issued_note")
        if st.form_submit_button("批准并启用", type="primary", icon=":material/verified:"):
            issued = Issued(edition, number, day)
            _done(
                lambda: approve(desk, actor, one.no, one.version, issued, note),
                f"已批准：{edition}版自 {day} 起施行。施行日期以前结束的考核期仍按原来的版本计分。",
            )
    with right, st.form("reject", enter_to_submit=False):
        st.markdown("**退回起草人**")
        reason = st.text_input("理由", key="reject_reason")
        if st.form_submit_button("退回", icon=":material/undo:"):
            _done(lambda: reject(desk, actor, one.no, one.version, reason), f"草案{one.words}已退回。")


def _done(act: Callable[[], object], told: str) -> None:
    """Do it and start the page anew; or say why not."""
    try:
        with st.spinner("正在办理…"):
            act()
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    st.session_state[_TOLD] = told
    st.rerun()

"""Drafts with their findings, to be explained, handed in or given up. Shows and passes on; scoring.desk decides."""

from __future__ import annotations

import streamlit as st

from pages.ui import desk_words, desks, filed
from scoring.access import Actor
from scoring.desk import Desk, Refused
from scoring.desk.files import attachment
from scoring.desk.handing_in import FindingKey, discard, hand_in
from scoring.desk.keeping import kept_sheet
from scoring.desk.receiving import Draft, drafts
from scoring.desk.states import DRAFT
from scoring.intake.marked import marked_copy
from scoring.store.problems import RecordsError
from scoring.store.records import Row


def cards(desk: Desk, actor: Actor, unit: str) -> None:
    """Every draft with its findings, to be handed in or given up."""
    newest: dict[tuple[str, str], Draft] = {}
    older: list[Draft] = []
    for draft in drafts(desk, unit):
        if newest.setdefault((draft.sheet.form.code, draft.sheet.period), draft) is not draft:
            older.append(draft)
    found = list(newest.values())
    if not found:
        st.caption("现在没有草稿。")
    ready = [one for one in found if one.state == DRAFT and not desk_words.questions(one.sheet)]
    if len(ready) > 1 and st.button(f"提交没有问题的 {len(ready)} 张表", type="primary", icon=":material/send:"):
        _hand_in_all(desk, actor, ready)
    for draft in found:
        _card(desk, actor, draft)
    if older:
        with st.expander(f"较早上传的草稿（{len(older)} 份）：同一张表后来又上传过，提交后面的一份，前面的就作废"):
            for draft in older:
                _card(desk, actor, draft)


def _hand_in_all(desk: Desk, actor: Actor, ready: list[Draft]) -> None:
    done, bar = [], st.progress(0.0, "正在提交…")
    try:
        with desk.one_publication():
            for number, draft in enumerate(ready):
                bar.progress(number / len(ready), f"正在提交…（{number + 1}/{len(ready)}）")
                done.append(hand_in(desk, actor, draft.no).no)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    st.session_state[f"receipts_{ready[0].sheet.unit}"] = done
    st.rerun()


def _card(desk: Desk, actor: Actor, draft: Draft) -> None:
    sheet = draft.sheet
    head = desk.records.fetch("SELECT file_name, sha256, done_at, actor FROM submission WHERE no = ?", [draft.no])[0]
    with st.container(border=True):
        rows = "零报告" if sheet.nil else f"{len(sheet)} 行"
        title = desk.report_words(sheet.form.code, sheet.period)
        st.markdown(
            f"**{title}**　{rows}　{desk_words.badge(draft.state)} {desk_words.counts(sheet.findings)}  \n"
            f":gray[{draft.no}　{head['file_name']}　{head['done_at']:%Y-%m-%d %H:%M} {head['actor']}上传]"
        )
        if sheet.findings:
            graver = any(one.level != "D" for one in sheet.findings)
            with st.expander(f"逐行校验结果（{len(sheet.findings)} 条）", expanded=graver):
                filed.findings_table(desk_words.finding_rows(sheet))
                _marked(desk, draft.no, head)
        _hand_in_form(desk, actor, draft)


def _marked(desk: Desk, no: str, head: Row) -> None:
    """The reporter's own workbook with the findings in it."""

    def made() -> bytes:
        same = desk.records.fetch("SELECT no, form FROM submission WHERE sha256 = ? ORDER BY event", [head["sha256"]])
        sheets = [
            kept_sheet(desk.records, one["no"], desk.forms[one["form"]]) for one in same if one["form"] in desk.forms
        ]
        office = desk.project.office
        return marked_copy(
            attachment(desk.records, head["sha256"]), head["file_name"], sheets, bool(office and office.sample)
        )

    stem = head["file_name"].rsplit(".", 1)[0]
    st.download_button(
        "下载标好问题的工作簿", made, file_name=f"{stem}_校验结果.xlsx", mime=desk_words.XLSX, icon=":material/download:",
        key=f"marked_{no}", on_click="ignore",
    )  # fmt: skip


def _hand_in_form(desk: Desk, actor: Actor, draft: Draft) -> None:
    no, sheet = draft.no, draft.sheet
    told: dict[FindingKey, str] = {}
    for at, question in enumerate(desk_words.questions(sheet)):
        least = "，至少 6 个字" if question.least > 1 else ""
        text = st.text_input(
            f"说明{least}：{question.words}", key=f"why_{no}_{at}", placeholder="写明原因，例如：含上年结转案件"
        )
        told |= {one.key: text for one in question.findings}
    leave_out = False
    if sheet.set_aside:
        rest = len(sheet) - sheet.set_aside
        st.warning(
            f"有 {sheet.set_aside} 行存在强制性错误。建议改好后重新上传；也可以先交其余 {rest} 行，"
            f"这 {sheet.set_aside} 行留底备查，不计入考核。",
            icon=":material/rule:",
        )
        leave_out = st.checkbox(f"先交其余 {rest} 行", key=f"leave_{no}")
    replacing = st.session_state.get(f"replacing_{no}", "")
    if replacing:
        st.checkbox(f"已核对 {replacing}，以这一份为准替换它", key=f"agreed_{no}")
    left, right, _ = st.columns([2, 2, 8])
    if left.button(
        "提交",
        key=f"hand_in_{no}",
        type="primary",
        icon=":material/send:",
        disabled=bool(sheet.set_aside and not leave_out),
    ):
        agreed = replacing if st.session_state.get(f"agreed_{no}") else ""
        _hand_in(desk, actor, no, told, leave_out, agreed)
    if right.button("作废草稿", key=f"discard_{no}", icon=":material/delete:"):
        try:
            discard(desk, actor, no)
        except (Refused, RecordsError) as error:
            desks.failed(error)
        else:
            st.rerun()


def _hand_in(desk: Desk, actor: Actor, no: str, told: dict[FindingKey, str], leave_out: bool, replacing: str) -> None:
    try:
        done = hand_in(desk, actor, no, told, leave_out, replacing)
    except Refused as error:
        if error.other:
            st.session_state[f"replacing_{no}"] = error.other
        desks.failed(error)
        return
    except RecordsError as error:
        desks.failed(error)
        return
    st.session_state[f"receipts_{done.unit}"] = [done.no]
    st.rerun()

"""What a unit sees when it reports: what is owed, templates, uploads, drafts with their findings, receipts.

Shows and passes on; what may be handed in is decided by scoring.desk.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desk_words, desks, state, tables
from scoring.access import Actor
from scoring.calendar import label_words
from scoring.desk import Desk, Refused
from scoring.desk.blanks import blank
from scoring.desk.files import attachment
from scoring.desk.handing_in import FindingKey, discard, explanations, hand_in, receipt
from scoring.desk.keeping import kept_sheet
from scoring.desk.receiving import Draft, Upload, drafts, upload
from scoring.desk.reports import Report
from scoring.desk.reviewing import history
from scoring.desk.states import ACCEPTED, DRAFT, FAULTY, LOCKED, RETURNED, WAITING
from scoring.intake.marked import marked_copy
from scoring.store.problems import RecordsError
from scoring.store.records import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        file_name=f"{title}_{state.period()}_报送模板.xlsx",
        mime=XLSX,
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


def draft_cards(desk: Desk, actor: Actor, unit: str) -> None:
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
                findings_table(desk_words.finding_rows(sheet))
                _marked(desk, draft.no, head)
        _hand_in_form(desk, actor, draft)


def findings_table(rows: list[dict[str, str]]) -> None:
    """Findings, the gravest first; long texts wrap."""
    widths = {"级别": 76, "单元格": 64, "列": 104, "填的是": 110, "问题": 280, "怎么办": 320}
    st.dataframe(
        pd.DataFrame(rows).style.format(tables.wrapping), hide_index=True, row_height=tables.TALL,
        height=min(440, 38 + tables.TALL * len(rows)),
        column_config={name: TextColumn(width=width) for name, width in widths.items()},
    )  # fmt: skip


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
        "下载标好问题的工作簿", made, file_name=f"{stem}_校验结果.xlsx", mime=XLSX, icon=":material/download:",
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

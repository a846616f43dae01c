"""One draft of the 办法: what it changes, who moves, its 影响表 and its text to take away. Shows; scoring.desk decides."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import lab, lab_results, served, state, words
from pages.ui.desk_words import XLSX
from scoring.access import Actor, may
from scoring.desk import Desk
from scoring.desk.draft_texts import base_of, changed, outdated, text, typed
from scoring.desk.drafts import APPROVED, OPEN, PENDING, RETURNED, VOID, Draft, decisions, drafts, versions
from scoring.insight.whatif import Lab, WhatIf
from scoring.reports import impact_document, impact_workbook
from scoring.reports.impact import Impact
from scoring.reports.impact_of import About, impact_of
from scoring.reports.impact_of import changed as changed_in_words
from scoring.rubric import Rubric
from scoring.rubric.knobs import by_path
from scoring.rubric.trial import tried

BADGES = {OPEN: "blue-badge[✎", PENDING: "orange-badge[…", RETURNED: "red-badge[↩", APPROVED: "green-badge[✓", VOID: "gray-badge[－"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def chosen(desk: Desk, actor: Actor) -> Draft | None:
    """All drafts in a table; the one that is picked."""
    found = drafts(desk, actor)
    if not found:
        st.info("还没有草案。在“权重实验室”里改动分值或门槛，存为草案，就列在这里。", icon=":material/edit_document:")
        st.page_link("analysts/lab.py", label="去“权重实验室”", icon=":material/arrow_forward:")
        return None
    st.dataframe(
        pd.DataFrame(
            {
                "草案": [one.name for one in found],
                "编号": [f"{one.no}　第 {one.version} 版" for one in found],
                "状态": [one.state for one in found],
                "依据": [f"{one.edition}版" for one in found],
                "改动": [f"{len(one.changes)} 处" for one in found],
                "最近保存": [f"{one.saved_by}　{words.moment(one.saved_at)}" for one in found],
                "最近办理": [f"{one.decided_by}　{words.moment(one.decided_at)}" for one in found],
            }
        ),
        hide_index=True,
        height="content" if len(found) <= 8 else 320,
    )
    titles = {f"{one.name}（{one.no}，{one.state}）": one.no for one in found}
    no = state.pick_code("看哪一份", titles, "draft", width=480)
    return next(one for one in found if one.no == no)


def head(desk: Desk, actor: Actor, one: Draft) -> None:
    """Name, state, who and why; whether its edition still stands; the way back into the lab."""
    st.subheader(words.plain(one.name))
    st.markdown(
        f":{BADGES[one.state]} {one.state}]　{one.no}　第 {one.version} 版　依据 {one.edition}版"
        f"　起草 {words.plain('、'.join(one.authors))}"
    )
    st.markdown(f"**理由**　{words.plain(one.reason)}")
    if one.state == APPROVED:
        day = words.day(one.new_in_force) if one.new_in_force else ""
        st.success(f"{words.plain(one.decided_by)}批准，成为 {one.new_edition}版（{one.new_number}），{day}起施行，文件 `{one.new_file}`。")
    elif one.state_reason:
        st.markdown(f"**{one.state}**　{words.plain(one.decided_by)}：{words.plain(one.state_reason)}")
    if one.state in (OPEN, PENDING, RETURNED) and (why := outdated(desk, one)) is not None:
        st.warning(f"{why}。请把改动带到现在的办法上，核对后再提交。", icon=":material/history:")
    elif one.state in (OPEN, RETURNED) and may(actor, "draft"):
        _link_to_lab(desk, one)


def _link_to_lab(desk: Desk, one: Draft) -> None:
    """With every figure of the draft on its slider, as saved: nothing else follows."""
    base = _as_kept(desk, one)
    if base is None:
        return
    known, figures = by_path(base), []
    for change in one.changes:
        if change.path in known:
            figures.append(f"{change.path}={known[change.path].value_of(change.new)}")
    address = {lab.ADDRESS: ";".join(figures), "total": "总分跟着变", "prices": "单价不变", "draft": f"{one.no}.{one.version}"}
    st.page_link("analysts/lab.py", label="在“权重实验室”里接着改", icon=":material/tune:", query_params=address)


def changes(desk: Desk, one: Draft) -> None:
    """Clause by clause, old and new."""
    st.subheader(f"改了什么（{len(one.changes)} 处）")
    base = _as_kept(desk, one)
    if base is None:
        st.dataframe(pd.DataFrame([(c.path, c.old, c.new) for c in one.changes], columns=["位置", "原为", "改为"]), hide_index=True)
        return
    listed = changed_in_words(base, [(c.path, c.old, c.new) for c in one.changes])
    rows = [(c.clause, c.what, c.before, c.after) for c in listed]
    frame = pd.DataFrame(rows, columns=["条款", "项目", "原为", "改为"])
    st.dataframe(frame, hide_index=True, height="content" if len(rows) <= 12 else 420)


def effects(desk: Desk, one: Draft) -> None:
    """Who moves in the chosen period, and the 影响表 as .docx and .xlsx."""
    st.subheader(f"谁的名次因此变动（{served.period()} 年的数据）")
    found = served.kept(f"draft {one.no}.{one.version}", lambda: _scored(desk, one))
    if found is None:
        st.info("草案还有错误，不能试算；错误见上。", icon=":material/report:")
        return
    group = state.pick_group(served.assessment())
    lab_results.show(found, group)
    lab_results.table(found, group)
    impact = impact_of(found, _about(desk, one), [(c.path, c.old, c.new) for c in one.changes])
    _downloads(desk, one, impact)


def _scored(desk: Desk, one: Draft) -> WhatIf | None:
    """The draft beside its base, on the data of the chosen period."""
    project = served.project()
    base = _base(desk, one)
    draft = tried(base, changed(desk, one))[0] if base is not None else None
    if base is None or draft is None:
        return None
    with st.spinner("正在试算…"), Lab(project.store, base, base.period(served.period()), served.as_of()) as bench:
        return bench.tried(draft)


def _base(desk: Desk, one: Draft) -> Rubric | None:
    """As the project has it while it stands unchanged, else from the text that was kept."""
    if outdated(desk, one) is None:
        known = next((r for r in served.project().editions.all if r.document.file == one.file), None)
        if known is not None:
            return known
    return _as_kept(desk, one)


def _as_kept(desk: Desk, one: Draft) -> Rubric | None:
    """The edition it was written over, as it was then; None with errors in it."""
    return served.kept(f"draft base {one.file} {one.base_sha256}", lambda: typed(desk, base_of(desk, one).text, one.file)[0])


def _about(desk: Desk, one: Draft) -> About:
    office = served.project().office
    assert office is not None
    return About(
        office.office.title, office.sample, one.words, "、".join(one.authors), one.reason, desk.clock().date(),
        f"{served.period()}年", served.as_of(), approver=one.decided_by if one.state == APPROVED else "",
    )  # fmt: skip


def _downloads(desk: Desk, one: Draft, impact: Impact) -> None:
    name = f"影响表_{one.no}_第{one.version}版_{served.period()}年"
    with st.container(horizontal=True):
        st.download_button(
            "影响表（Word）", lambda: impact_document.document(impact), f"{name}.docx", DOCX, icon=":material/description:",
            on_click="ignore", key="impact_docx",
        )  # fmt: skip
        st.download_button(
            "影响表（Excel）", lambda: impact_workbook.workbook(impact), f"{name}.xlsx", XLSX, icon=":material/table_view:",
            on_click="ignore", key="impact_xlsx",
        )  # fmt: skip
        st.download_button(
            "改后的办法（YAML）", lambda: text(desk, one).encode(), f"{one.no}_第{one.version}版.yaml", "application/yaml",
            icon=":material/code:", on_click="ignore", key="draft_yaml",
        )  # fmt: skip


def past(desk: Desk, actor: Actor, one: Draft) -> None:
    """Every version and every decision."""
    with st.expander(f"各版和办理经过（{one.version} 版）"):
        rows = [(f"第 {row['version']} 版", "保存", row["actor"], row["done_at"], row["reason"]) for row in versions(desk, actor, one.no)]
        rows += [
            (f"第 {row['version']} 版", row["state"], row["actor"], row["done_at"], row["reason"])
            for row in decisions(desk, actor, one.no)
            if row["state"] != OPEN or row["reason"]
        ]
        rows.sort(key=lambda row: row[3], reverse=True)
        frame = pd.DataFrame([(a, b, c, words.moment(d), e) for a, b, c, d, e in rows], columns=["版次", "事项", "人员", "时间", "理由"])
        st.dataframe(frame, hide_index=True)



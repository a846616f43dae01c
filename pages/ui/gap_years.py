"""年度重算: two years by two editions, what of a change is work and what is rule. Shows a replay; computes no score."""

from __future__ import annotations

import streamlit as st

from pages.ui import gap_tables, served, state, words
from scoring.engine import Assessment
from scoring.insight.replay import NotReplayed, Replay
from scoring.insight.replay_told import group_sentence, notes, unit_sentence
from scoring.project import Project
from scoring.project.replaying import replay_of
from scoring.reports.replay_tables import place_head, place_rows, total_head, total_rows
from scoring.reports.study import Sheet


def show(project: Project, result: Assessment) -> None:
    group = state.pick_group(result)
    earlier = [label for label in project.offered if label < result.period.label]
    if not earlier:
        st.info(f"只有 {result.period.label} 年的数据，没有更早的一年可以对照。", icon=":material/info:")
        return
    left, _ = st.columns([1, 3])
    with left:
        other = state.pick("和哪一年比", earlier, "other") or earlier[0]
    try:
        with st.spinner("正在把两年的数据各按两年的办法重算…"):
            found: Replay = served.kept(f"replay|{other}", lambda: replay_of(project, result, other))
    except NotReplayed as error:
        st.info(f"{words.plain(str(error))}。", icon=":material/info:")
        return
    head, _, rest = group_sentence(found, group).partition("；办法变化影响最大")
    st.markdown(f"#### {words.plain(head)}" + ("。" if rest else ""))
    if rest:
        st.markdown(words.plain(f"办法变化影响最大{rest}"))
    for told in notes(found, group):
        st.warning(words.plain(told), icon=":material/info:")
    st.caption(
        "两年的数据、两年的办法交叉重算，共四种总分。先换办法还是先换数据，算出的两部分略有不同，取两种次序的平均，"
        "工作变化和办法变化加起来正好是全部变化。"
    )
    years = f"{found.then.period.label}年与{found.now.period.label}年"
    totals = Sheet("总分", total_head(found)[1:-1], [row[1:-1] for row in total_rows(found, group)])
    gap_tables.table(totals, result, f"{years}重算的总分（{result.rubric.groups[group].title}）")
    with st.expander("逐个单位，一句话说清"):
        st.markdown("\n".join(f"- {words.plain(unit_sentence(found, one))}" for one in found.of_group(group)))
    placed = Sheet("名次（升为正，降为负）", place_head(found)[1:], [row[1:] for row in place_rows(found, group)])
    gap_tables.table(placed, result, f"{years}重算的名次（{result.rubric.groups[group].title}）")

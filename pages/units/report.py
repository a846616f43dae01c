"""填报: what a unit owes, its templates, uploads and drafts; self scores and proofs."""

import streamlit as st

from pages.ui import desks, drafts, filed, reporting, self_scores, served, state, states, words
from pages.ui.guard import require_shell
from pages.ui.identity import visitor
from scoring.desk.reports import reports

require_shell()
st.title("填报")
actor = visitor()
project = states.at_desk()
unit = state.pick_reporter(project, actor.unit)
desk = desks.opened(actor, "report", unit)
year = served.period()
title = desk.register.title(unit)
st.markdown(
    f"**{words.plain(title)}**　{year} 年　:gray[模板按本单位该报的报表生成；收到时间以系统为准，复核通过后计入考核。]"
)

view = state.pick_view(["报送", "自评与佐证"], "view")
if view == "自评与佐证":
    self_scores.show(desk, actor, unit, year)
    st.stop()

owed = reports(desk, year, unit)
reporting.counts(owed)
filed.receipts(desk, unit)
if year in desk.locked():
    st.info(f"{year} 年考核已经锁定，不再收件。确须更正的，请市双打办先解锁。", icon=":material/lock:")

st.subheader("应报的表")
every = state.pick_only("也列出已办完和未到期的", "all")
listed = [one for one in owed if every or reporting.wanting(one)]
if not listed:
    st.success("没有要办的：到期该报的都已报送。" if owed else "本考核期没有要报的表。", icon=":material/check_circle:")
else:
    picked = reporting.owed_table(listed, state.take_once("owed"))
    if picked is not None:
        state.forget("owed")
        filed.detail(desk, picked)

left, right = st.columns(2, gap="large")
with left:
    st.subheader("下载模板")
    reporting.templates(desk, actor, unit, owed)
with right:
    st.subheader("上传")
    reporting.uploads(desk, actor, unit)

st.subheader("草稿")
drafts.cards(desk, actor, unit)

"""单位: one unit from its place down to the submitted rows."""

import streamlit as st

from pages.ui import charts, state, states, tables, trail, words
from pages.ui.guard import require_shell
from pages.ui.identity import visitor
from scoring.access import may
from scoring.engine.explain import indicator_traces, place_sentence
from scoring.engine.followed import following
from scoring.engine.summed import sum_rows

require_shell()
st.title("单位")
project, result = states.assessed()
st.markdown(words.basis(result))
actor = visitor()

unit = state.pick_unit(result, actor.unit)
row, title = result.one("ranking", unit=unit), result.rubric.register.title(unit)
tables.headline(result, row)
st.markdown(f"**{title}**：{place_sentence(result, row)}")
if followed := following(result, unit):
    st.markdown(f"**结果运用**　{words.plain(followed)}。")
if not may(actor, "see_scores", unit):
    states.closed(title)
    st.stop()

left, right = st.columns([5, 6], gap="large")
with left:
    st.subheader("总分怎么来")
    tables.sums(words.sum_parts(sum_rows(result, unit)))
with right:
    st.subheader("各一级指标")
    figure = charts.sections(result, unit, state.theme())
    st.html(charts.key(figure))
    st.plotly_chart(figure, config=charts.STILL, key=f"sections_{unit}")

st.subheader("各项指标")
only = state.pick_only("只看失分和暂缺的", "lost")
flagged = {one["indicator"]: one for one in words.told_shortfalls(result, result.rows("shortfall", unit=unit))}
traces = [trace for trace in indicator_traces(result, unit) if not only or words.wanting(trace.score)]
for node in words.applicable(result, unit):
    inside = [trace for trace in traces if trace.section.code == node["section"]]
    with st.container(gap="xsmall"):
        if inside:
            st.markdown(words.section(node))
        for trace in inside:
            trail.expander(project, result, unit, trace, flagged.get(trace.indicator.code), actor)
trail.adjustments(project, result, unit, actor)

trail.due_reports(result, unit)

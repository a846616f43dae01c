"""短板: what fell below its flag or is not there, unit by unit, and what to do about it."""

import streamlit as st

from pages.ui import exports, guard, served, shortfall_told, shortfall_views, state, states, trail, words
from pages.ui.identity import visitor
from scoring.access import may
from scoring.engine.explain import indicator_traces

LIST = "清单"

guard.require_shell()
st.title("短板")
project, result = states.assessed()
st.markdown(words.basis(result))
actor = visitor()


@st.dialog("短板详情", width="large", on_dismiss="rerun")
def detail(row: words.Row) -> None:
    trace = indicator_traces(result, row["unit"], row["indicator"])[0]
    st.markdown(f"**{result.rubric.register.title(row['unit'])}**　{trail.label(trace, row['label'])}")
    trail.show(project, result, row["unit"], trace, row["todo"], actor)


group = result.rubric.group_of(actor.unit) if actor.unit else state.pick_group(result)
if not actor.unit:  # what others lack is not theirs to see
    view = state.pick_view([LIST, *shortfall_views.VIEWS], "view")
    if view != LIST:
        shortfall_views.VIEWS[view](result, group)
        st.stop()
found = [row for row in shortfall_told.of_group(result, group) if may(actor, "see_scores", row["unit"])]
scope = actor.name if actor.unit else result.rubric.groups[group].title
if not found:
    states.no_shortfall(result, group, scope)
    st.stop()

units = {result.rubric.register.title(row["unit"]): row["unit"] for row in found}
sections = words.codes_below(result.rubric, group)
left, right = st.columns(2)
with left:
    section = state.pick("一级指标", list(sections), "section", "全部一级指标")
with right:
    unit = state.pick("单位", list(units), "who", "全部单位") if not actor.unit else None
rows = [row for row in found if row["unit"] == units.get(unit, row["unit"])]
rows = [row for row in rows if section is None or row["section"] in sections[section]]
order, rows = shortfall_told.in_order(rows)
labels = state.pick_many("问题", words.label_counts(rows), "label")
of_filters, rows = rows, [row for row in rows if not labels or row["label"] in labels]
if not rows:
    states.nothing_left(scope)
    st.stop()
st.markdown(f"{words.shortfall_counts(result, rows)}:gray[{order}。点任一行，看规则、计算和来源。]")
if labels and (besides := words.undecided_besides(result, rows, of_filters)):
    st.warning(besides, icon=":material/help:")
row = shortfall_views.table(result, rows)
title = f"{scope}短板_{result.period.label}年"
exports.button(served.desk(), actor, title, result.as_of, shortfall_views.LIST_HEAD, lambda: shortfall_views.listed(result, rows))
if row is not None:
    detail(row)

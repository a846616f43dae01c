"""单位: one unit from its place down to the submitted rows, beside its group, over the years, and what one more would bring."""

import streamlit as st

from pages.ui import (
    portrait_further,
    portrait_items,
    portrait_losses,
    portrait_sections,
    portrait_small,
    portrait_years,
    served,
    state,
    states,
    trail,
    unit_head,
    words,
)
from pages.ui.guard import require_shell
from pages.ui.identity import visitor
from scoring.access import may
from scoring.engine.explain import indicator_traces

require_shell()
st.title("单位")
project, result = states.assessed()
st.markdown(words.basis(result))
actor = visitor()

unit = state.pick_unit(result, actor.unit)
title = unit_head.show(result, unit)
if not may(actor, "see_scores", unit):
    states.closed(title)
    st.stop()
if may(actor, "see_scores"):
    unit_head.compared(result, unit)

traces = served.kept(f"traces {unit}", lambda: indicator_traces(result, unit))
st.subheader("失分最多的三条")
portrait_losses.show(result, unit, traces)
left, right = st.columns([6, 5], gap="large")
with left:
    st.subheader("各一级指标")
    portrait_sections.show(result, unit, actor)
with right:
    st.subheader("总分怎么来")
    unit_head.sums(result, unit)
portrait_items.show(project, result, unit, traces, actor)
st.subheader("历年")
portrait_years.show(result, unit)
st.subheader("再做一件能加多少")
portrait_further.show(result, unit)
portrait_small.show(result, unit)
trail.due_reports(result, unit)

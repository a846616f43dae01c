"""我的得分: one's own place, what can be done now, losses, reports and rows set aside, and how to object."""

import streamlit as st

from pages.ui import mine_losses, mine_now, mine_reports, mine_unit, served, states, unit_head, words
from pages.ui.guard import require_shell
from pages.ui.identity import visitor
from scoring.engine.explain import indicator_traces

require_shell()
st.title("我的得分")
project, result = states.assessed()
st.markdown(words.basis(result))

unit = mine_unit.whose(result, visitor())
unit_head.show(result, unit)
day = mine_now.show(result, unit)

st.subheader("失分，从大到小")
mine_losses.show(result, unit, day, served.kept(f"traces {unit}", lambda: indicator_traces(result, unit)))
left, right = st.columns([3, 2], gap="large")
with left:
    st.subheader("迟报、未报和退回的")
    mine_reports.show(project, result, unit)
with right:
    st.subheader("搁置的数据")
    mine_reports.set_aside(project, unit)
    st.subheader("有异议怎么办")
    mine_reports.objection(project)

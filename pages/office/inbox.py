"""收件与复核: what came in and waits; accept it or give it back with a reason."""

import streamlit as st

from pages.ui import desks, reviewing, state, states
from pages.ui.guard import require_shell
from pages.ui.identity import visitor
from scoring.desk import reviewing as review

require_shell()
st.title("收件与复核")
actor = visitor()
states.at_desk()
desk = desks.opened(actor, "review")
reviewing.told()

rows = review.waiting(desk)
if not rows:
    st.success("没有待复核的报送。", icon=":material/check_circle:")
    st.markdown("各单位提交后会列在这里；还没有报的见“催报”。")
    st.stop()

units = {desk.register.title(row["unit"]) if row["unit"] else "市双打办登记": row["unit"] for row in rows}
forms = {desk.forms[row["form"]].title: row["form"] for row in rows if row["form"] in desk.forms}
left, right = st.columns(2)
with left:
    unit = state.pick("单位", list(units), "who", "全部单位")
with right:
    form = state.pick("报表", list(forms), "form", "全部报表")
rows = [row for row in rows if unit is None or row["unit"] == units[unit]]
rows = [row for row in rows if form is None or row["form"] == forms[form]]
st.markdown(f"待复核 **{len(rows)}** 份，先到的在前。:gray[勾选一份可以看内容、退回；勾选几份可以一起通过。]")
picked = reviewing.inbox_table(desk, rows, state.take_once("inbox"))
reviewing.act(desk, actor, picked)
if len(picked) == 1:
    reviewing.look(desk, picked[0])

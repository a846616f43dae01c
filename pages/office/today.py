"""工作台: what the office has to do today, the most urgent first, each with the page where it is done."""

import streamlit as st

from pages.ui import desks, guard, states, today_desk, today_followed, today_look, today_notices, today_owed, today_pace
from pages.ui.identity import visitor
from pages.ui.today_block import show

guard.require_shell()
st.title("工作台")
actor = visitor()
desks.refuse_reporters(actor)
project = states.at_desk()
look = today_look.looked(project, actor)

left, right = st.columns(2)
with left:
    show(today_desk.to_remind(look), actor)
with right:
    show(today_desk.to_review(look), actor)
today_pace.show(look)
left, middle, right = st.columns(3)
with left:
    show(today_owed.owed(look), actor)
with middle:
    show(today_followed.followed(look), actor)
with right:
    show(today_notices.notices(look), actor)

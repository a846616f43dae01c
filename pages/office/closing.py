"""锁定与封存: a period is locked with a sealed result pack, opened again for a correction, and packs are verified."""

import streamlit as st

from pages.ui import desks, guard, sealing, served, states
from pages.ui.identity import visitor
from scoring.desk.closing import unsettled

guard.require_shell()
st.title("锁定与封存")
actor = visitor()
states.configured()
desk = desks.opened(actor, "close")
year = served.period()
st.markdown(f"{year} 年考核")
with st.container():
    sealing.told()
sealing.show(desk, actor, year, unsettled(desk, year))
sealing.check_pack(desk)

"""汇报: one group on one screen, and step by step 成绩, 不足, 下一步, for the projector. No controls needed."""

import streamlit as st

from pages.ui import briefing, desks, guard, states
from pages.ui.identity import visitor

guard.require_shell()
with st.container(key="briefing_title"):  # for who cannot see it: the drawing has a heading of its own
    st.title("汇报")
desks.refuse_reporters(visitor())
project, result = states.assessed()
briefing.show(project, result)

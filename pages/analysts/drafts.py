"""草案: every draft of the 办法, what it changes, who moves; handed in, approved by another, put in force."""

import streamlit as st

from pages.ui import desks, draft_actions, draft_details, guard, states
from pages.ui.identity import visitor

guard.require_shell()
st.title("草案")
states.configured()
actor = visitor()
desk = desks.opened(actor, "see_drafts")
with st.container():
    draft_actions.told()
one = draft_details.chosen(desk, actor)
if one is not None:
    draft_details.head(desk, actor, one)
    draft_actions.show(desk, actor, one)
    draft_details.changes(desk, one)
    draft_details.effects(desk, one)
    draft_details.past(desk, actor, one)

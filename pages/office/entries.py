"""三录核对: every case beside its entry, with the status that the run gave it, and what to correct."""

import streamlit as st

from pages.ui import entry_tables, guard, served, state, states, words
from pages.ui.identity import visitor
from scoring.access import may
from scoring.engine.compared_entries import derived_forms

guard.require_shell()
st.title("三录核对")
project, result = states.assessed()
st.markdown(words.basis(result))
actor = visitor()
forms = {form.title: form.code for form in derived_forms(result.rubric)}
if not forms:
    entry_tables.none(result)
    st.stop()

title = state.pick("核对", list(forms), "check") if len(forms) > 1 else next(iter(forms))
check = served.entry_check(forms[title or next(iter(forms))])
seen = [unit for unit in check.units if may(actor, "see_rows", unit)]
if not seen:
    st.info(f"{check.left.title}不由本单位报送，没有要核对的案件。", icon=":material/info:")
    st.stop()
st.caption(entry_tables.meaning(check))
units = state.pick_units(result.rubric, seen, actor.unit)
entry_tables.headline(check.counts_of(units))
frame = entry_tables.summary_frame(check, result, units)
entry_tables.summary(frame)
if frame["尚缺"].any():
    st.warning("“尚缺”的几期还没有收齐或关账，那些单位的结果在补齐以后可能变动。", icon=":material/hourglass_top:")

st.subheader("逐案")
found = entry_tables.filtered(check, result, units)
if found:
    entry_tables.cases(check, result, found)
elif any(one.unit in units for one in check.entries):
    st.success("按现在的筛选没有要更正的案件。", icon=":material/check_circle:")
else:
    st.info("这个考核期还没有能核对的案件。", icon=":material/inbox:")
entry_tables.extras(check, result, actor, units)
entry_tables.export(served.desk(), actor, check, result, found, units)

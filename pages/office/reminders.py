"""催报: reports that did not come in time, whom to call, and a reminder to be copied."""

import streamlit as st

from pages.ui import desks, guard, reminder_tables, served, state, states, words
from pages.ui.identity import visitor
from scoring.calendar import label_words
from scoring.desk.reminders import reminders

guard.require_shell()
st.title("催报")
project, actor = states.at_desk(), visitor()
desk = desks.opened(actor, "review")
year, now = served.period(), desk.clock()
st.markdown(f"{label_words(year)}考核　截至 **{words.day(now.date())}** {now:%H:%M}")
if year in desk.locked():
    st.info(f"{label_words(year)}考核已经锁定，不再收件；下面是锁定时没有报齐的。", icon=":material/lock:")

found = reminders(desk, year)
if not found:
    st.success("没有要催的报表：到期的都已收到，退回的都已重报。", icon=":material/check_circle:")
    st.stop()
rubric = project.edition(year) if project.ready else None
reminder_tables.counts(found, rubric)
units = state.pick_units(rubric, [one.unit.code for one in reminder_tables.by_unit(found)])
found = reminder_tables.filtered([one for one in found if one.unit.code in units])
if not found:
    st.info("按现在的筛选没有要催的报表。请放宽或清除上面的筛选。", icon=":material/filter_alt:")
    st.stop()

together = state.pick_only("按单位排列（不选时逾期最久的在前）", "by_unit")
reminder_tables.table(reminder_tables.by_unit(found) if together else found)
reminder_tables.export(desk, actor, found, year, now)
if year not in desk.locked():
    st.subheader("催报文字")
    reminder_tables.letters(desk, found, now.date())

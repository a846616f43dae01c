"""数据质量: who reported what and when, what lacks, what was set aside, masked or explained."""

import streamlit as st

from pages.ui import desks, guard, quality_tables, served, state, states, words
from pages.ui.identity import visitor
from scoring.calendar import label_words
from scoring.desk.quality import last_changes, masked
from scoring.desk.reports import reports

guard.require_shell()
st.title("数据质量")
project, actor = states.at_desk(), visitor()
desk = desks.opened(actor, "see_rows", actor.unit)
year, now = served.period(), desk.clock()
st.markdown(f"{label_words(year)}考核　截至 **{words.day(now.date())}** {now:%H:%M}")

listed = reports(desk, year, actor.unit)
if not listed:
    whose = "本单位在这个考核期没有要报的报表。" if actor.unit else "这个考核期没有各单位要报的报表。"
    st.info(whose, icon=":material/inbox:")
    st.stop()
reporters = [unit.code for unit in desk.register.units if any(one.unit.code == unit.code for one in listed)]
units = state.pick_units(project.edition(year) if project.ready else None, reporters, actor.unit)
listed = [one for one in listed if one.unit.code in units]
aside = quality_tables.asides_of(desk, year, units, actor.unit)
masks = [row for row in masked(desk, year, actor.unit) if row["unit"] in units]
quality_tables.headline(listed, aside, masks)

st.subheader("报送齐全情况")
frame = quality_tables.matrix_frame(desk, listed, units, last_changes(desk, year))
quality_tables.choose_clicked(frame, [form.title for form in desk.forms.values()])
quality_tables.show_matrix(frame)
quality_tables.export(desk, actor, frame, f"{year}年考核报送齐全情况")

st.subheader("谁在什么时候报了什么")
found = quality_tables.filtered(listed)
if found:
    quality_tables.reports(found)
else:
    st.info("按现在的筛选没有报表。请放宽或清除上面的筛选。", icon=":material/filter_alt:")
st.subheader("数据本身")
quality_tables.lists(desk, year, units, actor.unit, aside, masks)

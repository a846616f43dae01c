"""操作日志: who did what and when; exports and backups of the records."""

import streamlit as st

from pages.ui import desks, guard, log_table, state, states
from pages.ui.identity import visitor
from scoring.desk.log import count, days, lines

guard.require_shell()
st.title("操作日志")
states.at_desk()
actor = visitor()
desk = desks.opened(actor, "see_log")
st.markdown("上传、提交、复核、退回、登记、锁定、导出、备份都记在这里，只能增加，不能改动。新的在前。")

span = days(desk, actor)
if span is None:
    st.info("还没有记录：报送库里还没有发生过任何事。", icon=":material/inbox:")
    log_table.backup(desk, actor)
    st.stop()
asked = log_table.wanted(desk, actor, span[0], max(span[1], desk.clock().date()))
number = count(desk, actor, asked)
if asked.since and asked.until and asked.since > asked.until:
    st.warning("“从”晚于“到”，没有这样的日子。请改正日期。", icon=":material/event_busy:")
elif number:
    st.markdown(f"共 {number} 条")
    log_table.table(lines(desk, actor, asked, log_table.SIZE, state.page_start(number, log_table.SIZE)))
    state.pick_page(number, log_table.SIZE)
    log_table.export(desk, actor, asked)
else:
    st.info("按现在的筛选没有记录。请放宽或清除上面的筛选。", icon=":material/filter_alt:")
log_table.backup(desk, actor)

"""评分与加扣分: what the office and the assessors enter row by row, each with limit, reason, number, proof and name."""

import streamlit as st

from pages.ui import desks, entry_closing, entry_form, entry_rows, entry_rules, entry_waiting, guard, served, states
from pages.ui.identity import visitor
from scoring.desk.entries import counted_rows

guard.require_shell()
st.title("评分与加扣分")
actor = visitor()
project = states.configured()
desk = desks.opened(actor, "enter")
year = served.period()
locked = year in desk.locked()
st.markdown(f"{year} 年考核　:gray[登记后立即计分；每一条都记下登记人、时间、理由，更正和撤回都留痕。]")
with st.container():  # what comes and goes has a place of its own: what stands below keeps its state
    entry_form.told(desk)
    entry_form.ask(desk, actor)
    entry_waiting.show(desk, actor)
if locked:
    st.info(f"{year} 年考核已经锁定，只能查看。确须更正的，请先到“锁定与封存”解锁并写明原因。", icon=":material/lock:")

form, unit = entry_form.pick(desk, year)
left, right = st.columns([5, 4], gap="large")
with left:
    task = entry_form.pick_task(desk, form, unit, year)
    if not locked:
        entry_form.show(desk, actor, form, unit, task)
with right:
    rubric = project.edition(year)
    if task is None:
        entry_rules.of_register(rubric, unit, form)
    else:
        own = [row for row in counted_rows(desk, form.code, year) if row["unit"] == unit]
        entry_rules.of_task(rubric, unit, task[1], [row for row in own if row["typed"].get("indicator") == task[0]])

entry_rows.show(desk, actor, form, unit, year, locked)
entry_closing.show(desk, actor, form, year, locked)
if not locked:
    entry_closing.workbook(desk, actor, form, year)

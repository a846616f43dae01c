"""办法: the rubric in words and in SQL, clause by clause, with what is odd about it."""

import streamlit as st

from pages.ui import clauses, sample_words, served, state, states, tables
from pages.ui.guard import require_shell
from scoring.rubric.assumed import assumed

require_shell()
st.title("办法")
project = states.configured()
rubric = project.edition(served.period())
served.shown_once("heading", lambda: clauses.heading(rubric))

odd = sum(issue.level == "warning" for issue in project.issues)
chosen_by_us = assumed(rubric.spec)
samples = sample_words.rows(rubric)
counted = [code for code, one in rubric.measures.items() if one.schedule_item is None]
others = {
    "加分、扣分、否决和等次": lambda: clauses.others(rubric),
    "结果运用": lambda: clauses.consequences(rubric),
    "数据项": lambda: tables.measures(rubric, counted),
    f"提醒（{odd}）": lambda: states.warnings(project),
}
if chosen_by_us:
    others[f"认定（{len(chosen_by_us)}）"] = lambda: tables.assumptions(chosen_by_us)
if samples:
    others[f"标准样例（{len(rubric.spec.samples)}）"] = lambda: tables.samples(samples)

one_by_one, *rest = state.tabs(["条款和规则", *others], "part")
if one_by_one.open:
    with one_by_one:
        left, right = st.columns([9, 11], gap="medium")
        with left:
            chosen = tables.indicators(rubric, state.parameter("indicator"))
            state.set_parameter("indicator", chosen)
        with right:
            clauses.show(project, rubric, chosen)
for tab, (label, show) in zip(rest, others.items(), strict=True):
    if tab.open:
        with tab:
            served.shown_once(label, show)

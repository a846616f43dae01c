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
more = [(f"认定（{len(chosen_by_us)}）", lambda: tables.assumptions(chosen_by_us))] if chosen_by_us else []
more += [(f"标准样例（{len(rubric.spec.samples)}）", lambda: tables.samples(samples))] if samples else []
one_by_one, adjustments, consequences, figures, warnings, *choices = st.tabs(
    ["条款和规则", "加分、扣分、否决和等次", "结果运用", "数据项", f"提醒（{odd}）", *(label for label, _ in more)]
)
with one_by_one:
    left, right = st.columns([9, 11], gap="medium")
    with left:
        chosen = tables.indicators(rubric, state.parameter("indicator"))
        state.set_parameter("indicator", chosen)
    with right:
        clauses.show(project, rubric, chosen)
with adjustments:
    served.shown_once("other clauses", lambda: clauses.others(rubric))
with consequences:
    served.shown_once("consequences", lambda: clauses.consequences(rubric))
with figures:
    counted = [code for code, one in rubric.measures.items() if one.schedule_item is None]
    served.shown_once("measures", lambda: tables.measures(rubric, counted))
with warnings:
    served.shown_once("warnings", lambda: states.warnings(project))
for tab, (label, show) in zip(choices, more, strict=True):
    with tab:
        served.shown_once(label, show)

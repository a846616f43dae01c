"""排名: the places of one group, what each total is made of, the way from last year, and which rows were not counted."""

import streamlit as st

from pages.ui import exports, ranking_list, ranking_pictures, rubric_words, served, state, states, tables, words
from pages.ui.guard import require_shell
from pages.ui.identity import visitor

VIEWS = {"总分由哪些部分组成": "composition", "与上年的名次比": "last_year"}

require_shell()
st.title("排名")
project, result = states.assessed()
st.markdown(words.basis(result))

actor = visitor()
group = state.pick_group(result, actor.unit)
rows = result.rows("ranking", group=group)
st.markdown(f"{words.counts(rows)}:gray[点任一行，看这个单位的分从哪里来。]")
chosen = tables.ranking(result, rows, actor.unit)
if chosen is not None:
    st.switch_page("units/unit.py", query_params={"unit": chosen})
st.caption(rubric_words.legend(result))
title = f"{result.rubric.groups[group].title}排名_{result.period.label}年"
exports.button(served.desk(), actor, title, result.as_of, ranking_list.HEAD, lambda: ranking_list.cells(result, rows))
states.set_aside(project, actor)

view = state.pick_view(list(VIEWS), "picture")
if VIEWS[view] == "composition":
    ranking_pictures.composition(result, rows, actor)
else:
    ranking_pictures.last_year(result, rows)
ranking_list.close(result, rows)  # last: it scores a few cases more

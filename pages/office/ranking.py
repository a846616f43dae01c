"""排名: the places of one group, what each total is made of, and which rows were not counted."""

import streamlit as st

from pages.ui import charts, rubric_words, state, states, tables, words
from pages.ui.guard import require_shell
from pages.ui.identity import visitor
from scoring.access import may

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
states.set_aside(project, actor)

st.subheader("总分由哪些部分组成")
figure = charts.composition(result, rows, lambda unit: may(actor, "see_scores", unit), state.theme())
st.html(charts.key(figure))
st.plotly_chart(figure, config=charts.STILL, key=f"composition_{group}")

"""权重实验室: change a figure of the 办法 and see at once who moves, why, and what follows."""

import streamlit as st

from pages.ui import desks, guard, lab, lab_controls, lab_results, lab_saving, served, state, states, words
from pages.ui.identity import visitor
from scoring.issues import Issue

guard.require_shell()
st.title("权重实验室")
desks.refuse_reporters(visitor())
project, result = states.assessed()
rubric = lab.base()
st.markdown(
    f"{served.period()}年的数据（截至 **{words.day(served.as_of())}**），按《{rubric.title}》{rubric.spec.edition}版和您的草案各算一遍。"
    "正式成绩和办法文件不受影响。"
)


@st.fragment
def bench() -> None:
    with served.one_look():
        _bench()


def _bench() -> None:
    group = state.pick_group(result)
    left, right = st.columns([1, 2], gap="large")
    how = lab.how(rubric, group)
    found, told = lab.scored(rubric, how)
    with right:  # first what a visitor waits for
        for one in told:
            st.warning(words.plain(str(one)) if isinstance(one, Issue) else words.plain(one))
        if found is not None:
            lab_results.show(found, group)
    with left:
        lab_controls.show(rubric, group)
        with st.expander("其余分值怎么办"):
            lab.pick_how(rubric, group)
        lab_controls.changed(rubric)
    if found is not None:
        lab_results.table(found, group)
        lab_results.downloads(found, group)
        lab.link_to_certainty(rubric)
        lab_saving.form(rubric, how)


bench()

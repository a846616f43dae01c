"""差距与路径: what makes the distance of two units, the cheapest way up for one, and how much of a change is work or rule."""

import streamlit as st

from pages.ui import gap_between, gap_path, gap_years, state, states, words
from pages.ui.guard import require_shell
from pages.ui.identity import visitor
from scoring.access import may

VIEWS = {"差距": gap_between.show, "路径": gap_path.show, "年度重算": gap_years.show}

require_shell()
st.title("差距与路径")
project, result = states.assessed()
st.markdown(words.basis(result))
actor = visitor()
if may(actor, "see_scores"):
    VIEWS[state.pick_view(list(VIEWS), "view")](project, result)
elif actor.unit is not None:  # the points of others are not theirs to see
    st.caption("这里看本单位的路径。“差距”“年度重算”要用别的单位的得分，不对被考核单位开放。")
    gap_path.show(project, result, actor.unit)
else:
    st.info("这一页不对现在的身份开放。", icon=":material/lock:")

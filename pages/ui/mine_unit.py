"""我的得分: whose points are on show: one's own, or, for who may see all, those of a unit that is picked. Decides that, and nothing else."""

from __future__ import annotations

import streamlit as st

from pages.ui import state
from scoring.access import Actor, may
from scoring.engine import Assessment


def whose(result: Assessment, actor: Actor) -> str:
    """The code of the unit; where there is none the page says why and ends here."""
    if may(actor, "see_scores"):
        unit = state.pick_unit(result, None)
        st.caption(f"代看：这是{result.rubric.register.title(unit)}打开“我的得分”时看到的内容。")
        return unit
    if actor.unit is None:
        st.info("这一页不对现在的身份开放。", icon=":material/lock:")
        st.stop()
    if result.one("ranking", unit=actor.unit) is None:
        title = result.rubric.register.title(actor.unit)
        st.info(f"{title}不在 {result.period.label} 年考核之列，没有得分。", icon=":material/info:")
        st.stop()
    state.set_parameter("unit", actor.unit)  # a link sent to the office opens the same
    return actor.unit

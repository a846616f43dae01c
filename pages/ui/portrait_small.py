"""单位: 小数提醒, figures counted from so few things that their difference says nothing. Shows sentences; reckons nothing."""

from __future__ import annotations

import streamlit as st

from pages.ui import served, words
from scoring.engine import Assessment
from scoring.insight.small_numbers import remarks


def show(result: Assessment, unit: str) -> None:
    """One line each; nothing at all where there is nothing to be careful about."""
    found = served.kept(f"remarks {unit}", lambda: remarks(result, unit))
    if not found:
        return
    st.subheader("小数提醒")
    st.markdown("\n".join(f"- {words.plain(one.sentence)}" for one in found))
    st.caption(
        "得分和名次仍按原数计算，不受影响。括号里是 95% 置信区间：比例用威尔逊法，件数对任务数用拜尔法；"
        "与本组其他单位合计的区间有重叠、且总数不到 30 的，才列在这里。"
    )

"""权重实验室, right side: who moves, through which clause, what is gained and lost. Shows effects; computes no score."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import state
from scoring.insight.whatif import WhatIf
from scoring.reports import effects
from scoring.reports.slope import slope


def show(found: WhatIf, group: str) -> None:
    """One group: a sentence, four counts, the slope graph and the table."""
    units = found.of_group(group)
    st.markdown(f"#### {effects.summary(found, group)}")
    counts = {
        "名次变动": sum(bool(one.up) for one in units),
        "等次变动": sum(one.grades[0] != one.grades[1] for one in units),
        "结果运用变动": sum(bool(one.gained or one.lost) for one in units),
        "总分变动": sum(one.before["total"] != one.after["total"] for one in units),
    }
    for place, (title, count) in zip(st.columns(4), counts.items(), strict=True):
        place.metric(title, f"{count} 个单位", border=True)
    if told := effects.ties(found, group):
        st.markdown(told)
    drawn = slope(effects.lines(units), ("现行办法", "草案"), state.theme())
    if drawn:
        st.image(drawn)
    st.dataframe(
        pd.DataFrame(
            {
                "单位": [one.title for one in units],
                "原名次": [effects.place(one.before) for one in units],
                "新名次": [effects.place(one.after) for one in units],
                "升降": [effects.move(one) for one in units],
                "原总分": [effects.total(one.before) for one in units],
                "新总分": [effects.total(one.after) for one in units],
                "分差": [effects.signed(one.difference) for one in units],
                "因为": [effects.why(one) for one in units],
                "等次": [effects.grade(one) for one in units],
                "结果运用": [effects.followed(one) for one in units],
            }
        ),
        hide_index=True,
        height="content",
    )

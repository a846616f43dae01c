"""我的得分: the cheapest way to one place more and to the next grade, as 差距与路径 finds them. Shows paths; searches nothing."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.ui import served, state, words
from pages.ui.gap_path import AIMS
from scoring.engine import Assessment
from scoring.insight.path import NoPath, find_path, sentence

NEXT = ("前进 1 名", "升一个等次")


def show(result: Assessment, unit: str) -> None:
    """Side by side, each with a way to the whole page."""
    if not result.rubric.spec.actions:
        st.markdown("办法里没有写还能做的事（`actions`），推算不了下一步。")
        return
    day = state.pick_day("从哪一天开始做", "day", result.as_of) or result.as_of
    aims = NEXT if result.rubric.spec.grades else NEXT[:1]
    for cell, aim in zip(st.columns(len(aims), gap="medium"), aims, strict=True):
        with cell, st.container(border=True, height="stretch"):
            _aim(result, unit, aim, day)
    if day > result.period.end:
        st.caption(f"{result.period.label} 年已经过完，多数事做不了了。把日期改到年内，可以看那时还有哪些路径。")


def _aim(result: Assessment, unit: str, aim: str, day: date) -> None:
    with st.spinner("正在找最省力的路径…"):
        found = served.kept(f"path|{unit}|{aim}|{day}", lambda: find_path(result, unit, AIMS[aim], day))
    st.markdown(f"**{aim}**")
    head, _, told = sentence(found).partition("：")
    if isinstance(found, NoPath) and "已经是" not in found.reason:
        told = f"没有可行的路径：{told}"
    st.markdown(words.plain(told or head))
    if isinstance(found, NoPath) and found.before is None:
        return
    st.page_link(
        "analysts/gap.py", label="看整条路径和没有列入的事", icon=":material/arrow_forward:",
        query_params={"view": "路径", "unit": unit, "aim": aim, "day": f"{day:%Y-%m-%d}"},
    )  # fmt: skip

"""单位: 再做一件能加多少, each action scored again by the engine. Shows what it brings; reckons nothing."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.ui import served, still_told, words
from scoring.engine import Assessment
from scoring.expressions.words import number
from scoring.insight.one_more import Further, further, reasons
from scoring.insight.path.ground import ground_of
from scoring.insight.still import Owed, owed
from scoring.rubric.actions import EFFORT_UNIT

LISTED = 3


def show(result: Assessment, unit: str) -> None:
    """What brings most first, then in one line each what brings nothing and why."""
    if not result.rubric.spec.actions:
        st.markdown("办法里没有写还能做的事（`actions`），推算不了再做一件能加多少。")
        return
    day = still_told.pick_day()
    with st.spinner("正在逐件重新计分…"):
        found, waiting = served.kept(f"one_more|{unit}|{day}", lambda: _study(result, unit, day))
    if found.why:
        st.markdown(f"{words.plain(found.why)}。")
        return
    _brings(found)
    if told := still_told.owed(result, unit, waiting):
        st.markdown(f"{words.plain(told)}。")
    if day > result.period.end:
        st.caption(f"{result.period.label}年已结束，须在年内做的事都已过期限。把日期改到年内，可以看那时再做一件能加多少。")
    _nothing(found)


def _study(result: Assessment, unit: str, day: date) -> tuple[Further, Owed]:
    ground = ground_of(result, unit, day)
    return further(ground), owed(ground)


def _brings(found: Further) -> None:
    if not found.brings:
        st.markdown("这一天没有再做一件就能加分的事。")
        return
    group = found.brings[0].before["group"]
    lines = [
        f"- **{words.plain(one.action.title)}**：{one.words}　:gray[{number(one.action.effort_in(group))} {EFFORT_UNIT}]"
        for one in (*found.brings, *found.costs)
    ]
    st.markdown("\n".join(lines))
    st.caption("每件单独算：只改这一件，全组重新计分，别的单位的数据不变；几件一起做，加的分不一定等于各件之和。")


def _nothing(found: Further) -> None:
    lines = [f"{_titles(titles)}：{reason}" for reason, titles in reasons(found)]
    if lines:
        st.caption(f"不加分的　{words.plain('；'.join(lines))}。")


def _titles(titles: list[str]) -> str:
    told = "、".join(titles[:LISTED])
    return f"{told}等 {len(titles)} 件" if len(titles) > LISTED else told

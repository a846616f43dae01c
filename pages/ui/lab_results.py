"""权重实验室, right side: who moves, through which clause, what is gained and lost. Shows effects; computes no score."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import drawn, exports, served, state, tables
from pages.ui.identity import visitor
from pages.ui.tinted import tinted
from scoring.insight.whatif import Effect, WhatIf
from scoring.reports import effects
from scoring.reports.effects import MOST_LINES
from scoring.reports.slope import slope

TALL = 720  # pixels
HEADS = ("现行办法", "草案")
HEAD = ("单位", "原名次", "新名次", "升降", "原总分", "新总分", "分差", "因为", "等次", "结果运用")


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
    drawn.show(slope(effects.lines(units), HEADS, state.theme()), f"slope_{group}")
    if len(units) > MOST_LINES:
        st.caption(f"图中只画名次变动最大的 {MOST_LINES} 个单位，全部 {len(units)} 个单位在下面的表里。")


def table(found: WhatIf, group: str) -> None:
    """Unit by unit, with the clauses behind it; grades and consequences only where one is another."""
    units = found.of_group(group)
    shown = {
        "单位": [one.title for one in units],
        "名次": [effects.arrowed(effects.place(one.before), effects.place(one.after), effects.move(one)) for one in units],
        "总分": [effects.arrowed(effects.total(one.before), effects.total(one.after)) for one in units],
        "分差": [effects.signed(one.difference) for one in units],
        "因为": [effects.why(one, 3) for one in units],
    }
    if any(one.grades[0] != one.grades[1] for one in units):
        shown["等次"] = [effects.grade(one) for one in units]
    if any(one.gained or one.lost for one in units):
        shown["结果运用"] = [effects.followed(one) for one in units]
    frame = pd.DataFrame(shown)
    long = [name for name in ("总分", "因为", "结果运用") if name in shown]
    widths = {"单位": 110, "名次": 96, "总分": 150, "分差": 66, "等次": 120}
    columns = {name: TextColumn(width=width) for name, width in widths.items()}
    styled = tinted(frame, texts=dict.fromkeys(long, tables.wrapping))
    height = "content" if len(units) <= MOST_LINES else TALL
    st.dataframe(styled, hide_index=True, column_config=columns, row_height=tables.LINES, height=height)


def downloads(found: WhatIf, group: str) -> None:
    """The table, and the slope graph as it is for paper."""
    lines = effects.lines(found.of_group(group))
    has_places = any(None not in one.places for one in lines)

    def svg() -> str:
        return slope(lines, HEADS, "light")

    title = f"草案试算_{found.draft.groups[group].title}"
    with st.container(horizontal=True):
        exports.button(served.desk(), visitor(), title, served.as_of(), HEAD, lambda: [row(one) for one in found.of_group(group)])
        if has_places:
            exports.pictures(f"{title}_名次对照", served.as_of(), svg)


def row(one: Effect) -> tuple[str, ...]:
    """As shown and as exported."""
    return (
        one.title, effects.place(one.before), effects.place(one.after), effects.move(one), effects.total(one.before),
        effects.total(one.after), effects.signed(one.difference), effects.why(one), effects.grade(one), effects.followed(one),
    )  # fmt: skip

"""我的得分: all losses of one unit, the largest first, with why and what to do. Shows traces; reckons nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import exports, portrait_losses, served, shortfall_told, state, tables, words
from pages.ui.identity import visitor
from scoring.engine import Assessment
from scoring.engine.explain import IndicatorTrace
from scoring.engine.printed import points

HEAD = ("条款", "指标", "得分", "失分", "为什么", "怎么改")
WIDTHS = (122, 108, 96, 60, 290, 328)
TALLEST = 8


def show(result: Assessment, unit: str, traces: Sequence[IndicatorTrace]) -> None:
    """The table, whose rows lead to the item; then what is still open."""
    found, still = portrait_losses.largest(traces), portrait_losses.undecided(traces)
    if not found and not still:
        st.success("没有失分：适用的指标都得了满分，或没有设满分。", icon=":material/check_circle:")
        return
    listed = [*found, *still]
    told = [f"{len(found)} 项失分"] if found else []
    told += [f"{'另有 ' if found else ''}{len(still)} 项待定（数据不全，失多少还不知道）"] if still else []
    st.markdown(f"{'，'.join(told)}。:gray[点任一行，看这一项怎么算、依据哪些数据。]")
    rows = _rows(result, unit, listed)
    frame = pd.DataFrame([[tables.wrapping(cell) for cell in row] for row in rows], columns=list(HEAD))
    columns = {name: TextColumn(width=width) for name, width in zip(HEAD, WIDTHS, strict=True)}
    columns |= {name: TextColumn(width=width, alignment="right") for name, width in (("得分", 96), ("失分", 60))}
    event = st.dataframe(
        frame, hide_index=True, column_config=columns, row_height=tables.TALL,
        height=36 + tables.TALL * min(len(frame), TALLEST), key=state.take_once("own_losses"), on_select="rerun",
        selection_mode="single-cell",
    )  # fmt: skip
    title = f"{result.rubric.register.title(unit)}失分_{result.period.label}年"
    exports.button(served.desk(), visitor(), title, result.as_of, HEAD, lambda: rows)
    if event.selection.cells:
        state.forget("own_losses")
        one = listed[event.selection.cells[0][0]]
        query = {"unit": unit, "section": portrait_losses.top_section(result, one), "indicator": one.indicator.code}
        st.switch_page("units/unit.py", query_params=query)


def _rows(result: Assessment, unit: str, traces: Iterable[IndicatorTrace]) -> list[tuple[str, ...]]:
    """What to do: the advice where the item is a 短板, else the rule itself, which says what full marks take."""
    flagged = shortfall_told.of_unit(result, unit)
    found = []
    for one in traces:
        lost = one.score["points_lost"]
        told = flagged.get(one.indicator.code)
        advice = (told and told["todo"]) or f"对照规则：{one.rule}。"
        found.append(
            (one.indicator.clause, one.indicator.title, words.scored(one.score), points(lost) if lost is not None else "待定",
             f"{one.sentence}。", advice)
        )  # fmt: skip
    return found

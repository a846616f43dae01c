"""名次有多稳, first view: the places of a group under other weights, thresholds, figures. Shows frequencies, decides none."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from pages.ui import certainty_basis, pictures, state, words
from pages.ui.certainty_basis import Studied
from pages.ui.tinted import tinted
from scoring.insight.robustness import NotStudied, certainty
from scoring.insight.robustness.told import first_sentence, many
from scoring.insight.robustness.told_group import group_sentence
from scoring.insight.robustness.ways import SEED, Way, tried_out, way
from scoring.reports import robustness_sheets
from scoring.reports.placings_picture import placings_picture
from scoring.reports.study import Sheet

WAYS = {
    "每项分值上下浮动 5%": "5",
    "每项分值上下浮动 10%": "10",
    "每项分值上下浮动 20%": "20",
    "任意分值": "any",
    "保持现有大小次序的任意分值": "ordered",
    "门槛上下浮动 10%": "thresholds",
}
MISSING = {"还没有定的数据": "missing"}
BY = {"每个指标": "item", "一级指标（下面各项一起动）": "section"}
_MOST_PLACES = 60  # columns of a table that can still be read


@dataclass(frozen=True)
class Found:
    """All that is shown of one choice; small enough to be kept."""

    told: str
    units: Sheet
    pairs: Sheet
    places: Sheet | None
    pictures: dict[str, str]
    firsts: tuple[str, ...]
    notes: tuple[str, ...]
    number: int


def show(studied: Studied, group: str) -> None:
    """Pick what varies; then the sentence, the picture, the tables."""
    chosen = _pick(studied, group)
    try:
        with st.spinner("正在试算…"):
            key = f"places {group} {chosen.kind} {chosen.percent} {chosen.by}"
            found = studied.kept(key, lambda: _found(studied, group, chosen))
    except NotStudied as error:
        certainty_basis.not_studied(error)
        return
    st.markdown(f"#### {words.plain(found.told)}")
    st.caption(words.plain("；".join([_how_often(found, chosen), *found.notes]) + "。"))
    pictures.show(found.pictures[state.theme()])
    certainty_basis.table(studied, found.units, found.number)
    st.subheader("名次相邻的单位，谁先谁后有多确定")
    certainty_basis.table(studied, found.pairs, found.number)
    if found.places is not None:
        with st.expander("各单位在每个名次上出现多少次", key=f"every_place_{group}", on_change="rerun") as part:
            if part.open:  # a hidden grid costs the browser as much as one that is seen
                st.dataframe(_shaded(found.places), hide_index=True, height="content")
    if found.firsts:
        with st.expander("谁排过第一，那时的分值是什么样"):
            st.markdown("\n".join(f"- {words.plain(one)}" for one in found.firsts))


def _pick(studied: Studied, group: str) -> Way:
    offered = {**WAYS, **(MISSING if _waiting(studied, group) else {})}
    left, right = st.columns([2, 1])
    with left:
        text = state.pick_code("变动什么", offered, "vary", "10")
    by = "item"
    if way(text).of_weights:
        with right:
            by = state.pick_code("按什么变动", BY, "by")
    return way(text, "section" if by == "section" else "item")


def _waiting(studied: Studied, group: str) -> bool:
    return any(row["state"] == "pending" and not row["unranked"] for row in studied.result.rows("ranking", group=group))


def _found(studied: Studied, group: str, chosen: Way) -> Found:
    placings = tried_out(studied.result, group, chosen, studied.project.store)
    found = certainty(placings)
    firsts: tuple[str, ...] = ()
    if placings.weights is not None:
        ever = [unit for unit, own in zip(placings.units, placings.places.T, strict=True) if (own == 1).any()]
        firsts = tuple(first_sentence(placings, studied.shares(group), unit).partition("：")[2] for unit in ever)
    notes = (*placings.notes, *([placings.grade_told] if placings.in_grade is None and placings.grade_told else []))
    return Found(
        group_sentence(found), robustness_sheets.units(found), robustness_sheets.next_to(placings),
        robustness_sheets.every_place(placings) if len(placings.units) <= _MOST_PLACES else None,
        {theme: placings_picture(found, theme) for theme in ("light", "dark")}, firsts, notes, placings.number,
    )  # fmt: skip


def _how_often(found: Found, chosen: Way) -> str:
    told = f"试了 {many(found.number, '次')}，组合按固定的编号 {SEED} 生成，什么时候重算结果都一样"
    if chosen.kind == "thresholds":
        return f"{told}；门槛每变一次都要把全部单位重新计一遍分，所以只试 {found.number} 次"
    return told


def _shaded(sheet: Sheet) -> Styler:
    """The more often, the darker."""
    frame = pd.DataFrame(list(sheet.rows), columns=list(sheet.head))
    return tinted(frame, dict.fromkeys(sheet.head[1:], _shade))


def _shade(cell: str) -> str:
    figure = cell.rstrip("%").removeprefix("＞")
    if not figure.isdecimal():
        return "background-color: rgba(69, 127, 177, 0.06)" if cell else ""
    return f"background-color: rgba(69, 127, 177, {0.08 + 0.62 * int(figure) / 100:.2f})"

"""路径: the cheapest further actions of one unit towards an aim, or why there are none. Shows a path; searches nothing."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.ui import gap_tables, served, state, words
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.expressions.words import number
from scoring.insight.path import Aim, NextGrade, NoPath, Path, PlacesUp, find_path, sentence
from scoring.project import Project
from scoring.reports.path_tables import moved, refused, shown_path, steps
from scoring.rubric.actions import EFFORT_UNIT

AIMS: dict[str, Aim] = {
    "前进 1 名": PlacesUp(1), "前进 2 名": PlacesUp(2), "前进 3 名": PlacesUp(3), "前进 5 名": PlacesUp(5), "升一个等次": NextGrade(),
}  # fmt: skip


def show(project: Project, result: Assessment, own: str | None = None) -> None:
    """`own`: the only unit the reader may look at."""
    if own is not None and result.one("ranking", unit=own) is None:
        st.info(f"{result.rubric.register.title(own)}不在 {result.period.label} 年考核之列。", icon=":material/info:")
        return
    group = state.pick_group(result) if own is None else None
    unit, aim, day = _asked(result, group, own)
    if unit is None:
        st.info("这一组里没有被考核单位。", icon=":material/info:")
        return
    key = f"path|{unit}|{aim}|{day}"
    with st.spinner("正在找最省力的路径…"):
        found = served.kept(key, lambda: find_path(result, unit, AIMS[aim], day))
    st.markdown(f"#### {words.plain(_headline(found))}")
    _told(found, result)
    path = shown_path(found)
    if path is not None:
        if isinstance(found, NoPath):
            st.subheader("能做到的最好结果")
        _path(path, result)
    if found.not_offered:
        with st.expander(f"没有列入的事（{len(found.not_offered)} 件）和原因"):
            gap_tables.table(refused(found), result, f"{found.title}没有列入的事")


def _asked(result: Assessment, group: str | None, own: str | None) -> tuple[str | None, str, date]:
    """Unit, aim, and the day from which on something is done."""
    ranked = {row["unit"] for row in (result.rows("ranking") if group is None else result.rows("ranking", group=group))}
    codes = {unit.title: unit.code for unit in result.rubric.register.units if unit.code in ranked}
    if not codes:
        return None, "", result.as_of
    left, middle, right, _ = st.columns([1, 1, 1, 1])
    unit = own
    if unit is None:
        with left:
            unit = state.pick_code("单位", codes, "unit")
    with middle:
        aim = state.pick("目标", list(AIMS), "aim") or next(iter(AIMS))
    with right:
        day = state.pick_day("从哪一天开始做", "day", result.as_of) or result.as_of
    return unit, aim if aim in AIMS else next(iter(AIMS)), day


def _headline(found: Path | NoPath) -> str:
    """Short: what it takes, or that there is none. The whole sentence names every action."""
    told = sentence(found)
    if isinstance(found, Path) and len(found.steps) > 3:
        titles = "、".join(step.action.title for step in found.steps[:2])
        return f"{told.partition('：')[0]}：{titles}等 {len(found.steps)} 件事，共 {number(found.effort)} {EFFORT_UNIT}。"
    return told if isinstance(found, Path) else f"{told.partition('：')[0]}。"


def _told(found: Path | NoPath, result: Assessment) -> None:
    """Why there is none; what the answer rests on."""
    if isinstance(found, NoPath):
        st.info(words.plain(sentence(found).partition("：")[2]), icon=":material/info:")
        if found.day > result.period.end:
            st.caption(f"{result.period.label} 年已经过完，多数事做不了了。把日期改到年内，可以看那时还有哪些路径。")
        return
    notes = ["已把这些事计入、全组重新计分核实，别的单位的数据不变"] if found.confirmed else ["没有通过全组重新计分的核实，请勿采用"]
    if found.ceiling is not None:
        notes.append(f"没有写明最多做几次的事，最多试到 {found.ceiling} 次")
    st.caption(f"{'；'.join(notes)}。工作量（{EFFORT_UNIT}）由办法写明，可按本地实际改。")


def _path(path: Path, result: Assessment) -> None:
    grades = path.before.grade if path.before.grade == path.after.grade else f"{path.before.grade} → {path.after.grade}"
    metrics = {
        "工作量": f"{number(path.effort)} {EFFORT_UNIT}",
        "总分": f"{points(path.before.total)} → {points(path.after.total)}",
        "名次（暂定）" if path.after.provisional else "名次": f"{path.before.place} → {path.after.place}",
        "等次": grades or "没有等次",
    }
    for cell, (title, value) in zip(st.columns(4), metrics.items(), strict=True):
        cell.metric(title, value, border=True)
    gap_tables.table(steps(path), result, f"{path.title}要做的事")
    if path.moved:
        gap_tables.table(moved(path), result, f"{path.title}的路径使谁的名次变动")
    else:
        st.caption("没有别的单位名次因此变动。")

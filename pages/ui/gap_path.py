"""路径: the cheapest further actions of one unit towards an aim, or why there are none. Shows a path; searches nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import escape

import streamlit as st

from pages.ui import drawn, gap_tables, state, still_told, words
from pages.ui.still_told import AIMS
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.expressions.words import number
from scoring.insight.path import NoPath, Path, sentence
from scoring.insight.still import Still
from scoring.project import Project
from scoring.reports.path_tables import moved, refused, shown_path, steps
from scoring.rubric.actions import EFFORT_UNIT

STYLE = """<style>
.gone p{margin:0}.gone a{color:var(--st-link-color);text-decoration:underline;text-underline-offset:.2em}
.gone a:focus-visible{outline:2px solid var(--st-primary-color)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.8rem;margin:0;font-variant-numeric:tabular-nums}
.figures div{padding:.6rem .9rem;border:1px solid var(--st-border-color);border-radius:6px}
.figures dt{font-size:.9rem;font-weight:400}.figures dd{margin:0;font-size:1.5rem;white-space:nowrap}
</style>"""


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
    with st.spinner("正在找最省力的路径…"):
        found, left = still_told.path(result, unit, aim, day), still_told.study(result, unit, day)[0]
    supposed = still_told.supposed(day)
    st.markdown(f"#### {words.plain(f'{supposed}，{_headline(found)}' if supposed else _headline(found))}")
    _told(found, result, left)
    path = shown_path(found)
    if path is not None:
        if isinstance(found, NoPath):
            st.subheader(f"能做到的最好结果{'（不含补报）' if left.to_hand_in else ''}")
        _path(path, result)
    if found.not_offered:
        with st.expander(f"没有列入的事（{len(found.not_offered)} 件）和原因"):
            gap_tables.drawn_table(refused(found), result, f"{found.title}没有列入的事")


def _asked(result: Assessment, group: str | None, own: str | None) -> tuple[str | None, str, date]:
    """Unit, aim, and the day from which on something is done."""
    ranked = {row["unit"] for row in (result.rows("ranking") if group is None else result.rows("ranking", group=group))}
    codes = {unit.title: unit.code for unit in result.rubric.register.units if unit.code in ranked}
    if not codes:
        return None, "", result.as_of
    cells = st.columns([1, 1, 1, 1] if own is None else [1, 1, 2])
    unit = own
    if unit is None:
        with cells[0]:
            unit = state.pick_code("单位", codes, "unit")
    with cells[-3]:
        aim = state.pick("目标", list(AIMS), "aim") or next(iter(AIMS))
    with cells[-2]:
        day = still_told.pick_day()
    return unit, aim if aim in AIMS else next(iter(AIMS)), day


def _headline(found: Path | NoPath) -> str:
    """Short: what it takes, or that there is none. The whole sentence names every action."""
    told = sentence(found)
    if isinstance(found, Path) and len(found.steps) > 3:
        titles = "、".join(step.action.title for step in found.steps[:2])
        return f"{told.partition('：')[0]}：{titles}等 {len(found.steps)} 件事，共 {number(found.effort)} {EFFORT_UNIT}。"
    return told if isinstance(found, Path) else f"{told.partition('：')[0]}。"


def _told(found: Path | NoPath, result: Assessment, left: Still) -> None:
    """Why there is none; what can no longer be made good; what the answer rests on."""
    if isinstance(found, NoPath):
        st.info(words.plain(_reason(found)), icon=":material/info:")
    _gone(left, result, found.day)
    if isinstance(found, NoPath):
        return
    notes = ["已把这些事计入、全组重新计分核实，别的单位的数据不变"] if found.confirmed else ["没有通过全组重新计分的核实，请勿采用"]
    if found.ceiling is not None:
        notes.append(f"没有写明最多做几次的事，最多试到 {found.ceiling} 次")
    st.caption(f"{'；'.join(notes)}。工作量（{EFFORT_UNIT}）由办法写明，可按本地实际改。")


def _reason(found: NoPath) -> str:
    """The whole sentence, without the list of what comes nearest: that stands below in a table."""
    return sentence(replace(found, nearest=None)).partition("：")[2]


def _gone(left: Still, result: Assessment, day: date) -> None:
    """What nothing mends any more, the largest losses by name; where the year is over, that it is. And what is supposed."""
    over, supposed = still_told.over(result, day), still_told.basis(result, day)
    waiting = still_told.owed(result, left.unit, left.owed)
    told = [
        f"{escape(over)}，须在年内做的事都已过期限。" if over else "", still_told.gone(result, left),
        f"这里的推算{still_told.whole(waiting)}。" if waiting else "", escape(supposed),
    ]  # fmt: skip
    if any(told):
        drawn.show(f'{STYLE}<div class="gone"><p>{"".join(told)}</p></div>', f"gone_{left.unit}")


def _path(path: Path, result: Assessment) -> None:
    grades = path.before.grade if path.before.grade == path.after.grade else f"{path.before.grade} → {path.after.grade}"
    figures = {
        "工作量": f"{number(path.effort)} {EFFORT_UNIT}",
        "总分": f"{points(path.before.total)} → {points(path.after.total)}",
        "名次（暂定）" if path.after.provisional else "名次": _places(path),
        "等次": grades or "没有等次",
    }
    cells = "".join(f"<div><dt>{escape(title)}</dt><dd>{escape(value)}</dd></div>" for title, value in figures.items())
    drawn.show(f'{STYLE}<dl class="figures">{cells}</dl>', f"figures_{path.unit}")
    gap_tables.drawn_table(steps(path), result, f"{path.title}要做的事")
    notes = []
    if path.moved:
        gap_tables.drawn_table(moved(path), result, f"{path.title}的路径使谁的名次变动")
    else:
        notes.append("没有别的单位名次因此变动")
    if len(path.steps) > 1:
        notes.append("各件按表中的次序依次计入，与单独做一件时加的分可能略有出入")
    if notes:
        st.caption(f"{'。'.join(notes)}。")


def _places(path: Path) -> str:
    return f"{path.before.place}（不变）" if path.before.place == path.after.place else f"{path.before.place} → {path.after.place}"

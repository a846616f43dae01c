"""短板 beside the list: all problems of a group at a glance, which are common, which of one unit only; the list to take away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import briefing_board, drawn, exports, served, words
from pages.ui.briefing_style import STYLE
from pages.ui.identity import visitor
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.insight.briefing import COMMON, Problem, countable, problems
from scoring.insight.gap import NotCompared, ends_of, gap_of
from scoring.insight.gap_told import gap_sentence

MOST_UNITS = 60  # rows of the drawing; the list has all
HEAD = ("问题", "单位数", "适用单位", "合计差", "失分合计", "哪些单位")
LIST_HEAD = ("单位", "条款", "指标", "问题", "阶段", "实际", "目标", "差距", "失分", "整改建议")


def listed(result: Assessment, rows: list[words.Row]) -> list[tuple[object, ...]]:
    """The list as it is taken away: what `words.told_shortfalls` says, with the clause."""
    indicators, register = result.rubric.indicators, result.rubric.register
    return [
        (
            register.title(row["unit"]), indicators[row["indicator"]].clause, indicators[row["indicator"]].title, row["label"], row["stage"],
            row["actual_words"], row["target_words"], row["gap_words"], row["lost_words"], row["remedy"],
        )
        for row in rows
    ]  # fmt: skip


def heat(result: Assessment, group: str) -> None:
    """Every problem of every unit, the most widespread on the left."""
    rows, found = result.rows("ranking", group=group), _problems(result, group)
    if not found:
        st.success("没有短板，也没有缺数据的指标。", icon=":material/check_circle:")
        return
    text = served.kept(f"heat {group}", lambda: briefing_board.board(result, rows, found, len(found), MOST_UNITS))
    drawn.show(f'{STYLE}<div class="b"><div class="b-in b-close">{text}</div></div>', f"heat_{group}")
    st.caption("按名次从上到下，按涉及的单位数从左到右。格里是差多少或失多少分；“—”是达标。点一格看这个单位的这一条，点列名看名单。")
    title = f"{result.rubric.groups[group].title}短板一览_{result.period.label}年"
    exports.button(served.desk(), visitor(), title, result.as_of, ("单位", *(one.label for one in found)), lambda: _cells(result, rows, found))


def _problems(result: Assessment, group: str) -> list[Problem]:
    """Made once: every rerun of the page asks for them."""
    return served.kept(f"problems {group}", lambda: problems(result, group))


def _cells(result: Assessment, rows: list[words.Row], found: list[Problem]) -> list[tuple[str, ...]]:
    return [(result.rubric.register.title(row["unit"]), *(_cell(row["unit"], one) for one in found)) for row in rows]


def _cell(unit: str, one: Problem) -> str:
    if unit not in one.applies:
        return "不适用"
    if unit not in one.cells:
        return "未知" if unit in one.open else "达标"
    cell = one.cells[unit]
    return "，".join(part for part in (cell.gap_words, f"失 {cell.lost_words} 分" if cell.lost_words != "待定" else "失分待定") if part)


def kinds(result: Assessment, group: str) -> None:
    """共性问题, 个性问题, and the rest; what the first and the last differ by."""
    found = _problems(result, group)
    flagged = [one for one in found if one.is_flag]
    parts = {
        "共性问题": [one for one in flagged if one.is_common],
        "个性问题": [one for one in flagged if one.is_single],
        "其余的": [one for one in flagged if not one.is_common and not one.is_single],
        "缺数据": [one for one in found if not one.is_flag],
    }
    st.caption(f"{COMMON}；只有一个单位存在的，算个性问题。")
    for title, listed in parts.items():
        if listed or title in ("共性问题", "个性问题"):
            st.subheader(f"{title}（{len(listed)}）")
            if listed:
                _list(result, listed)
            else:
                st.markdown(":gray[没有。]")
    title = f"{result.rubric.groups[group].title}共性和个性问题_{result.period.label}年"
    rows = [(kind, *_row(result, one)) for kind, listed in parts.items() for one in listed]
    exports.button(served.desk(), visitor(), title, result.as_of, ("类别", *HEAD), lambda: rows)
    _ends(result, group)


def _list(result: Assessment, listed: list[Problem]) -> None:
    frame = pd.DataFrame([_row(result, one) for one in listed], columns=list(HEAD))
    widths = {"问题": 200, "单位数": 70, "适用单位": 76, "合计差": 90, "失分合计": 120, "哪些单位": 430}
    columns = {name: st.column_config.TextColumn(width=width) for name, width in widths.items()}
    st.dataframe(frame.astype(str), hide_index=True, height="content", column_config=columns)


def _row(result: Assessment, one: Problem) -> tuple[object, ...]:
    things: dict[str, int] = {}
    for cell in one.cells.values():
        if cell.gap and cell.thing:
            things[cell.thing] = things.get(cell.thing, 0) + cell.gap
    same = len(things) == 1 and countable(next(iter(things)))
    total = f"{sum(things.values())} {next(iter(things))}" if same else "—"
    is_open = any(cell.lost is None for cell in one.cells.values())
    lost = "待定" if is_open and not one.lost else points(one.lost) + ("，另有待定" if is_open else "")
    names = "、".join(result.rubric.register.title(unit) for unit in one.cells)
    return one.label, len(one.cells), len(one.applies), total, lost, names


def _ends(result: Assessment, group: str) -> None:
    st.subheader("首末差距由哪些条款造成")
    try:
        found = gap_of(result, *ends_of(result, group))
    except NotCompared as error:
        st.markdown(f":gray[{words.plain(str(error))}。]")
        return
    st.markdown(words.plain(gap_sentence(found)))
    title = result.rubric.groups[group].title
    st.page_link("analysts/gap.py", label="逐条看差距", icon=":material/arrow_forward:", query_params={"group": title})

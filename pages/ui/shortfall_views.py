"""短板 beside the list: all problems of a group at a glance, which are common, which of one unit only; the list to take away."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui import briefing_board, drawn, exports, served, shortfall_kinds, shortfall_told, state, tables, words
from pages.ui.briefing_style import STYLE
from pages.ui.identity import visitor
from scoring.engine import Assessment
from scoring.insight.briefing import Problem
from scoring.insight.briefing.naming import UNREPORTED
from scoring.insight.gap import NotCompared, ends_of, gap_of
from scoring.insight.gap_told import gap_sentence

MOST_ROWS = 500  # of the list at a time
MOST_UNITS = 60  # rows of the drawing; the list has all
FITTING, MORE = 12, "列多的，向右滑动看其余的。"  # columns of a screen
HEAT = "一览"  # the view, in the address
LIST_HEAD = ("单位", "条款", "指标", "问题", "阶段", "实际", "目标", "差距", "失分", "整改建议")


def table(result: Assessment, rows: list[words.Row]) -> words.Row | None:
    """The list, so many rows at a time; gives the row that was clicked."""
    start = state.page_start(len(rows), MOST_ROWS, "rows")
    row = tables.shortfalls(result, rows[start : start + MOST_ROWS])
    state.pick_page(len(rows), MOST_ROWS, "rows")
    return row


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
    """Every problem of every unit, the most widespread on the left; those that were picked in the list, where some were."""
    rows, found = result.rows("ranking", group=group), shortfall_told.problems_of(result, group)
    if not found:
        st.success("没有短板，也没有数据不全的指标。", icon=":material/check_circle:")
        return
    state.choose(section=None, who=None)  # of the list, which do not act here
    picked = state.chosen_several("label", [one.label for one in found])
    shown = [one for one in found if one.label in picked] or found
    text = served.kept(
        f"heat {group} {picked}", lambda: briefing_board.board(result, rows, shown, len(shown), MOST_UNITS)
    )
    title = result.rubric.groups[group].title
    drawn.show(
        f'{STYLE}<div class="b"><div class="b-in b-close">{_picked(title, picked, len(found))}{text}</div></div>',
        f"heat_{group}",
    )
    st.caption(
        "按名次从上到下，按涉及的单位数从左到右，数据不全的在最右。格里是差多少、失多少分或几项数据不全，一个问题有几项的是合计，不能相加的写几项；“—”是没有这个问题，“待定”是数据不全、还不知道有没有。点一格看这个单位的这一条，点列名看清单。"
        + MORE * (len(shown) > FITTING)
    )
    head = ("单位", *(one.label for one in shown))
    exports.button(
        served.desk(),
        visitor(),
        f"{title}短板一览_{result.period.label}年",
        result.as_of,
        head,
        lambda: _cells(result, rows, shown),
    )


def _picked(group: str, picked: list[str], every: int) -> str:
    """That only some are on show, and the way to all."""
    if not picked:
        return ""
    to = drawn.address("shortfalls", {"group": group, "view": HEAT})
    return f'<p class="b-picked">只看{escape("、".join(picked))}　<a href="{to}">看全部 {every} 类</a></p>'


def _cells(result: Assessment, rows: list[words.Row], found: list[Problem]) -> list[tuple[str, ...]]:
    return [(result.rubric.register.title(row["unit"]), *(_cell(row["unit"], one) for one in found)) for row in rows]


def _cell(unit: str, one: Problem) -> str:
    if unit not in one.applies:
        return "不适用"
    if unit not in one.cells:
        return "待定" if unit in one.open else "达标" if one.is_flag else "数据齐全"
    cell = one.cells[unit]
    lost = f"失 {cell.lost_words} 分" if cell.lost_words != "待定" else "失分待定"
    return "，".join(part for part in (cell.stage if cell.stage == UNREPORTED else "", cell.gap_words, lost) if part)


def kinds(result: Assessment, group: str) -> None:
    """共性问题, 个性问题, and the rest; what the first and the last differ by."""
    state.choose(label=None, section=None, who=None)  # of the list, which do not act here
    parts = shortfall_kinds.parts_of(shortfall_told.problems_of(result, group))
    drawn.show(served.kept(f"kinds {group}", lambda: shortfall_kinds.drawing(result, group, parts)), f"kinds_{group}")
    title = f"{result.rubric.groups[group].title}共性和个性问题_{result.period.label}年"
    rows = [(kind, *shortfall_kinds.row(result, one)) for kind, listed in parts.items() for one in listed]
    exports.button(served.desk(), visitor(), title, result.as_of, ("类别", *shortfall_kinds.HEAD), lambda: rows)
    _ends(result, group)


def _ends(result: Assessment, group: str) -> None:
    st.subheader("首末差距由哪些条款造成")
    try:
        found = gap_of(result, *ends_of(result, group), shortfall_told.problems_of(result, group))
    except NotCompared as error:
        st.markdown(f":gray[{words.plain(str(error))}。]")
        return
    st.markdown(words.plain(gap_sentence(found)))
    title = result.rubric.groups[group].title
    st.page_link("analysts/gap.py", label="逐条看差距", icon=":material/arrow_forward:", query_params={"group": title})


VIEWS = {HEAT: heat, "共性和个性": kinds}  # beside the list

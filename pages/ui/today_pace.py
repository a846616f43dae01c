"""工作台: 任务进度, the targets that will be missed first. Shows what `scoring.insight.pace` found; reckons nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import drawn, drawn_table, exports, served, state, tables, today_block
from pages.ui.drawn_table import Cell
from pages.ui.today_block import MOST, Block, Way
from pages.ui.today_look import Look
from scoring.expressions.words import amount, number
from scoring.insight.pace import Pace, paces, rate, sentence, worst_first

HEAD = ("单位", "指标", "已办/任务", "差", "还剩", "每周需", "照现在")
WIDTHS = dict(zip(HEAD, (104, 164, 88, 64, 68, 92, 480), strict=True))
FILE_HEAD = ("单位", "指标", "已办", "任务", "差", "计量单位", "还剩天数", "每周需", "到期末预计", "说明")
TITLE, LISTED = "任务进度", 10  # rows of the whole list that are seen at once
SETTLED = ("done", "zero_target")


def found_for(look: Look) -> list[Pace]:
    """All targets of the group on show, the worst first."""
    result, group, calendar = look.result, look.group, look.project.calendar
    if result is None or group is None or calendar is None:
        return []
    return served.kept(f"pace|{group}", lambda: worst_first(paces(result, calendar, group)))


def is_followed(look: Look, one: Pace) -> bool:
    """Of a list of things without a pace (整改): they are told apart, with what follows."""
    flag = look.result.rubric.indicators[one.indicator].flag if look.result is not None else None
    return one.kind == "listed" and (flag is None or flag.pace is None)


def show(look: Look) -> None:
    """Heading with the count, the table, its export."""
    found = [one for one in found_for(look) if not is_followed(look, one)]
    block = _block(look, found)
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            today_block.heading(block)
            tabled = any(one.state not in SETTLED for one in found)
            whole = tabled and state.pick_only(f"列出全部 {len(found)} 项", "all")
        today_block.body(block)
        if tabled:
            _table(look, found if whole else found[:MOST], whole)
            _export(look, found)
            way = Way("短板", "office/shortfalls.py", "see_scores", {"group": look.group_title})
            today_block.ways([way], look.actor)


def _block(look: Look, found: Sequence[Pace]) -> Block:
    if look.result is None:
        return Block(TITLE, absent=look.no_result)
    if not found:
        return Block(TITLE, absent="这里没有由市双打办下达任务、又设了预警线的指标。")
    late = sum(one.behind for one in found)
    over = look.result.as_of >= look.result.period.end
    return Block(TITLE, late, "项没有完成" if over else "项照现在完不成", colour="red", more=_counts(found, late))


def _counts(found: Sequence[Pace], late: int) -> str:
    """其余：进度够 3 项，已完成 20 项，缺数看不出 2 项."""
    told = {
        "时间太短看不出": sum(one.state in ("running", "not_begun") and one.reaches is None for one in found),
        "进度够": sum(one.reaches is True for one in found),
        "缺数看不出": sum(one.state in ("no_actual", "no_target") for one in found),
        "已完成": sum(one.state == "done" for one in found),
        "任务为 0": sum(one.state == "zero_target" for one in found),
    }
    listed = "，".join(f"{title} {count} 项" for title, count in told.items() if count)
    return f"{'其余：' if late else ''}{listed}。" if listed else ""


def _table(look: Look, found: Sequence[Pace], whole: bool) -> None:
    """What is over has no days left: those columns go, and the last one says how it stands. The whole list can be sorted."""
    rows = [cells(look, one) for one in found]
    shown = [name for place, name in enumerate(HEAD) if name not in ("还剩", "每周需") or any(row[place] != "—" for row in rows)]
    titles = {name: name if name != "照现在" else "照现在" if "还剩" in shown else "情况" for name in shown}
    if not whole:
        told = [[_linked(one, name, row[HEAD.index(name)]) for name in shown] for one, row in zip(found, rows, strict=True)]
        drawn_table.show(list(titles.values()), told, f"{TITLE}，最要紧的 {len(rows)} 项", "pace", ("差", "还剩", "每周需"))
        return
    frame = pd.DataFrame(rows, columns=list(HEAD))[shown]
    columns = {name: TextColumn(titles[name], width=WIDTHS[name]) for name in frame}
    for name in ("差", "还剩", "每周需"):
        if name in frame:
            columns[name] = TextColumn(width=WIDTHS[name], alignment="right")
    height = 36 + tables.ROW * min(len(frame), LISTED)
    st.dataframe(frame, hide_index=True, column_config=columns, row_height=tables.ROW, height=height)


def _linked(one: Pace, name: str, told: str) -> str | Cell:
    """The title of the indicator leads to it."""
    return told if name != "指标" else Cell(told, link=drawn.address("unit", {"unit": one.unit, "indicator": one.indicator}))


def cells(look: Look, one: Pace) -> tuple[str, ...]:
    """茗川县, 办案任务完成率, 13/17 件, 4 件, 37 天, 0.8 件, 照现在的进度到年底 18 件，完不成."""
    done = number(one.actual) if one.actual is not None else "—"
    wanted = amount(one.target, one.thing) if one.target is not None else "—"
    open_ = one.state in ("running", "not_begun")
    weekly = "不到一周" if open_ and one.days_left < 7 else rate(one)
    return (
        look.unit(one.unit), one.title, f"{done}/{wanted}", amount(one.gap, one.thing) if one.gap else "—",
        f"{one.days_left} 天" if open_ else "—", weekly, _outlook(one),
    )  # fmt: skip


def _outlook(one: Pace) -> str:
    """The part of the sentence that no other column says."""
    return sentence(one).rpartition("；")[2].partition("，差")[0]


def _export(look: Look, found: Sequence[Pace]) -> None:
    assert look.result is not None
    title = f"{look.year}年考核任务进度（{look.group_title}）"
    exports.button(look.desk, look.actor, title, look.result.as_of, FILE_HEAD, lambda: [_row(look, one) for one in found])


def _row(look: Look, one: Pace) -> tuple[object, ...]:
    """Numbers stay numbers; what is not known stays empty."""
    open_ = one.state in ("running", "not_begun")
    return (
        look.unit(one.unit), one.title, _plain(one.actual), _plain(one.target), _plain(one.gap), one.thing,
        one.days_left if open_ else None, rate(one).removesuffix(one.thing).strip() if open_ else None, one.forecast, sentence(one),
    )  # fmt: skip


def _plain(value: Decimal | None) -> int | Decimal | None:
    return value if value is None or value != int(value) else int(value)

"""Tables: columns, formats, what is printed where nothing is. Shows rows of results; computes no score.

Points always have two decimals; 暂缺 is printed, never 0. Amounts stay exact decimals up to the cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.column_config import MultiselectColumn, NumberColumn, TextColumn

from pages.ui import reports_read, rubric_words, state, words
from pages.ui.tinted import tinted
from pages.ui.words import Row
from scoring.engine import Assessment
from scoring.engine.explain import is_open
from scoring.engine.followed import listed, others_open
from scoring.engine.printed import between, points
from scoring.issues import LEVEL_TITLES, Issue
from scoring.project import Project
from scoring.rubric import Rubric
from scoring.rubric.assumed import Assumed

ROW = 35  # pixels
LINES = 62  # of a row of two lines
TALL = 72  # of a row whose cells wrap: the grid wraps above four times the letter size
GRADE_COLOURS = ("green", "blue", "orange", "red")
MARK = "background-color: rgba(69, 127, 177, 0.18)"
RISE = {"light": "color: #17703c", "dark": "color: #7cc796"}
FALL = {"light": "color: #b42318", "dark": "color: #f08a80"}
WAIT = {"light": "color: #b54708", "dark": "color: #f0a968"}


def ranking(result: Assessment, rows: list[Row], own: str | None) -> str | None:
    """Places of one group, the reader's own unit marked; gives the unit whose row was clicked."""
    key = f"ranking_{rows[0]['group']}"
    if (clicked := state.taken(key)) is not None:  # on the way to another page: nothing more has to be drawn
        return str(rows[clicked[0]]["unit"])
    register, followed = result.rubric.register, listed(result)
    frame = pd.DataFrame(
        {
            "名次": _aligned([words.short_place(row) for row in rows]),
            "单位": [register.title(row["unit"]) for row in rows],
            "总分": _aligned([words.short_total(row) for row in rows]),
            "等次": [[row["grade"] or "暂缺"] for row in rows],
            "上年名次": [words.change(row) for row in rows],
            "距上一名": [points(row["to_next"]) if row["to_next"] is not None else "—" for row in rows],
            "已计/应计": [f"{row['counted']}/{row['countable']}" for row in rows],
            "状态": [words.standing(row) for row in rows],
            "结果运用": [words.followed(followed.get(row["unit"], []), others_open(result, row)) for row in rows],
        }
    )
    if not any(one.in_group(rows[0]["group"]) for one in result.rubric.spec.consequences):
        del frame["结果运用"]
    if all(row["previous_place"] is None for row in rows):
        del frame["上年名次"]
    if not result.rubric.spec.grades:
        del frame["等次"]
    shown = {"名次": words.spaced, "总分": words.spaced, "上年名次": words.aligned}
    at = next((place for place, row in enumerate(rows) if row["unit"] == own), None)
    toned = dict.fromkeys((name for name in ("上年名次", "名次", "总分", "状态", "结果运用") if name in frame), _tone)
    styled = tinted(frame, toned, {name: text for name, text in shown.items() if name in frame}, MARK, at)
    _clickable(styled, _ranking_columns(result.rubric), key)
    return None


def _ranking_columns(rubric: Rubric) -> dict[str, Any]:
    grades = [grade.title for grade in rubric.spec.grades]
    return {
        "名次": TextColumn(width=52, alignment="center"),
        "单位": TextColumn(width=112),
        "总分": TextColumn(width=70, alignment="right"),
        "等次": MultiselectColumn(width=80, options=[*grades, "暂缺"], color=[*_grade_colours(grades), "gray"]),
        "上年名次": TextColumn(width=84, alignment="center"),
        "距上一名": TextColumn(width=76, alignment="right"),
        "已计/应计": TextColumn(width=78, alignment="center"),
        "状态": TextColumn(width=285),
        "结果运用": TextColumn(width=170),
    }


def shortfalls(result: Assessment, rows: list[Row]) -> Row | None:
    """What fell below its flag; gives the row that was clicked. Cells wrap; downloads have whole lines."""
    rubric = result.rubric
    frame = pd.DataFrame(
        {
            "单位": [rubric.register.title(row["unit"]) for row in rows],
            "问题": [row["label"] for row in rows],
            "差距": [row["gap_words"] for row in rows],
            "失分": [row["lost_words"] for row in rows],
            "阶段": [row["stage"] for row in rows],
            "指标": [rubric.indicators[row["indicator"]].title for row in rows],
            "实际": [row["actual_words"] for row in rows],
            "目标": [row["target_words"] for row in rows],
            "整改建议": [row["remedy"] for row in rows],
        }
    )
    widths = dict(zip(frame, (84, 124, 66, 84, 70, 116, 146, 58, 260), strict=True))  # a phone shows the first four
    if frame["单位"].nunique() == 1:  # said above the table
        widths["整改建议"] += widths.pop("单位")
        del frame["单位"]
    columns = {name: TextColumn(width=width) for name, width in widths.items()}
    columns["失分"] = TextColumn(width=widths["失分"], alignment="right")
    styled = tinted(frame, {"阶段": _tone}, dict.fromkeys(frame, wrapping))
    picked = _clickable(styled, columns, "shortfalls", row_height=TALL, height=36 + TALL * min(len(rows), 8))
    if picked is None:
        return None
    state.forget("shortfalls")
    return rows[picked]


def headline(result: Assessment, row: Row) -> None:
    """Place, total, grade, distance, how much is counted, side by side."""
    unplaced = "暂缺" if is_open(row) else "不排名"
    place = f"{'并列' if row['tied'] else ''}第 {row['place']} 名" if row["place"] is not None else unplaced
    before = row["previous_place"]
    step = before - row["place"] if before is not None and row["place"] is not None else 0
    label = "名次（暂定）" if row["provisional"] else "名次"
    cells = st.columns(5)
    told = f"上年第 {before} 名" if before is not None else "上年没有名次"
    cells[0].metric(
        label, place, abs(step) or None, "green" if step > 0 else "red", delta_arrow="up" if step > 0 else "down",
        delta_description=told, border=True, height="stretch",
    )  # fmt: skip
    pending = row["state"] == "pending"
    total = points(row["total"]) if row["total"] is not None else "暂缺" if pending else "不计分"
    least = f"可能 {between(row['total_low'], row['total_high'])}" if pending else None
    cells[1].metric("总分", total, delta_description=least, border=True, height="stretch")
    grade = (row["grade"] or ("暂缺" if pending else "—")) if result.rubric.spec.grades else "不评"
    label = "等次（暂定）" if row["quota_open"] else "等次"
    cells[2].metric(label, grade, border=True, height="stretch")
    cells[3].metric(
        "距上一名", points(row["to_next"]) if row["to_next"] is not None else "—", border=True, height="stretch"
    )
    cells[4].metric("已计 / 应计指标", f"{row['counted']} / {row['countable']}", border=True, height="stretch")


def source(rows: list[tuple[int, dict[str, str], list[str]]]) -> None:
    """Rows of one file: number, what each was counted for, cells. Columns without any content are left out."""
    frame = pd.DataFrame([{"行": number, "计入": "、".join(counted), **cells} for number, cells, counted in rows])
    frame = frame[[name for name in frame if name == "行" or frame[name].any()]]
    columns = {"行": NumberColumn(width=52, format="%d", pinned=True)}
    st.dataframe(frame, hide_index=True, column_config=columns, height="content" if len(frame) <= 8 else 315)


def reports(rows: list[Row], result: Assessment) -> None:
    """Due reports of one form: period, deadline, when it came, status; what is wrong stands first."""
    if not rows:
        return
    head, told = reports_read.cells(rows)
    frame = pd.DataFrame(told, columns=list(head))
    height = "content" if len(frame) <= 12 else 455
    columns = {name: TextColumn(width=124 if name in ("截止", "收到") else 108) for name in head}
    st.dataframe(tinted(frame, {"状态": _tone}), hide_index=True, column_config=columns, height=height)


def set_aside(issues: list[Issue]) -> None:
    """Rows not counted: file, row, column, value, reason, what to do."""
    frame = pd.DataFrame(
        {
            "文件": [issue.file for issue in issues],
            "行": [str(issue.line or "") for issue in issues],
            "列": [issue.column for issue in issues],
            "原值": [issue.value for issue in issues],
            "原因": [issue.problem for issue in issues],
            "怎么改": [issue.fix for issue in issues],
            "处理": [LEVEL_TITLES[issue.level] for issue in issues],
        }
    )
    widths = {"文件": 142, "行": 44, "列": 92, "原值": 100, "原因": 236, "怎么改": 236, "处理": 122}
    columns = {name: TextColumn(width=width) for name, width in widths.items()}
    height = 36 + TALL * min(len(frame), 6)
    styled = tinted(frame, texts=dict.fromkeys(frame, wrapping))
    st.dataframe(styled, hide_index=True, column_config=columns, row_height=TALL, height=height)


def forms(project: Project) -> None:
    """Which files the data folder may hold."""
    assert project.forms is not None
    own = [form for form in project.forms.values() if form.derived is None]
    frame = pd.DataFrame(
        {
            "报表": [form.title for form in own],
            "文件名": [f"`{form.code}.csv`" for form in own],
            "谁填": ["各单位" if form.kept_by == "unit" else "市双打办" for form in own],
            "必填的列": ["、".join(["单位", *(c.title for c in form.columns if c.required)]) for form in own],
        }
    )
    st.table(frame, hide_index=True, border="horizontal")


def indicators(rubric: Rubric, wanted: str | None) -> str:
    """All indicators in the order of the text with their full marks by group; gives the one chosen."""
    placed = list(rubric.placed())
    frame = pd.DataFrame({"条款": [one.clause for _, one in placed], "指标": [one.title for _, one in placed]})
    for code, group in rubric.groups.items():
        frame[group.title] = [points(one.full(code)) if one.in_group(code) and one.full(code) is not None else "—"
                              for _, one in placed]  # fmt: skip
    columns = {"条款": TextColumn(width=92), "指标": TextColumn(width=138)}
    columns |= {group.title: TextColumn(width=72, alignment="right") for group in rubric.groups.values()}
    clicked = state.clicked("indicators")
    place = next((place for place, (_, one) in enumerate(placed) if one.code == wanted), 0)
    place = clicked if clicked is not None and clicked < len(placed) else place
    st.dataframe(
        tinted(frame, row=MARK, at=place), hide_index=True, column_config=columns, height=36 + ROW * min(len(placed), 18), row_height=ROW, key="indicators", on_select="rerun",
        selection_mode="single-cell",
    )  # fmt: skip
    return placed[place][1].code


def adjustments(rows: list[tuple[str, ...]]) -> None:
    """加分、扣分、一票否决 in words."""
    if rows:
        frame = pd.DataFrame(rows, columns=["条款", "类别", "事项", "适用", "规定"])
        st.table(frame, hide_index=True, border="horizontal")


def assumptions(found: Sequence[Assumed]) -> None:
    """What the text leaves open and the authors of the rubric file chose, each with its clause."""
    st.caption("原文没有写明、由编写者认定的地方，逐条列在这里；得分和名次都按这些认定计算。如与发文单位的解释不同，请改办法。")
    frame = pd.DataFrame([[one.clause or "—", one.subject or "全办法", f"{words.plain(one.text)}。"] for one in found],
                         columns=["条款", "事项", "我们的理解"])  # fmt: skip
    st.table(frame, hide_index=True, border="horizontal")


def samples(rows: list[dict[str, str]]) -> None:
    """标准样例: what is given, and what the rubric must give for it."""
    st.caption("手算过的例子，单位是设想的；算出的与写明的有一处不符，就不用这份办法计分。写明年份的是实际单位，用当年的数据核对。")
    st.table(pd.DataFrame(rows), hide_index=True, border="horizontal")


def consequences(rows: list[tuple[str, ...]]) -> None:
    """结果运用 in words."""
    frame = pd.DataFrame(rows, columns=["条款", "措施", "对象", "适用", "期限"])
    st.table(frame, hide_index=True, border="horizontal")


def measures(rubric: Rubric, codes: list[str]) -> None:
    """数据项: what each counts, from which form, in words."""
    told = [rubric_words.measure(rubric, code) for code in codes]
    st.table(pd.DataFrame(told), hide_index=True, border="horizontal")


def _clickable(data: Any, columns: dict[str, Any], key: str, row_height: int = ROW, height: int | str = "content") -> int | None:
    """A table whose rows can be clicked anywhere, under a key to be forgotten once the click is acted upon; gives the row.

    Who leaves the page for it asks `state.taken(key)` before: then nothing has to be drawn.
    """
    event = st.dataframe(
        data, hide_index=True, column_config=columns, row_height=row_height, height=height, placeholder="暂缺",
        key=state.take_once(key), on_select="rerun", selection_mode="single-cell",
    )  # fmt: skip
    return event.selection.cells[0][0] if event.selection.cells else None


def _aligned(texts: list[str]) -> list[str]:
    """Figures as text of one width, so that the grid sorts them as numbers; what is no figure stands after them.

    Text, because the grid prints an empty number paler than anybody can read.
    """
    width = max((len(text) for text in texts if text[:1].isdigit()), default=0)
    return [text.rjust(width) if text[:1].isdigit() else text for text in texts]


def _grade_colours(grades: list[str]) -> list[str]:
    """First green, then blue and orange; red for the last of three or more."""
    inner = [GRADE_COLOURS[1], *[GRADE_COLOURS[2]] * max(0, len(grades) - 3)]
    return [GRADE_COLOURS[0], *inner, GRADE_COLOURS[3]] if len(grades) > 2 else list(GRADE_COLOURS[: len(grades)])


def wrapping(text: str) -> str:
    """A cell breaks at blanks, and only without any between Chinese characters: so its blanks become unbreakable.

    It may break before a full stop, which the last one can do without.
    """
    return text.replace(" ", "\u00a0").removesuffix("。")


def _tone(value: object) -> str:
    """Colour beside the words, never instead of them."""
    if not isinstance(value, str):
        return ""
    if "↑" in value:
        return RISE[state.theme()]
    if "↓" in value or value.startswith(("未报", "未完成", "未达标")):
        return FALL[state.theme()]
    return (
        WAIT[state.theme()]
        if "暂" in value or "未定" in value or "待定" in value or value.startswith(("迟报", "进度滞后", "数据不全"))
        else ""
    )

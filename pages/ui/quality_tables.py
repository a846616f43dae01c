"""数据质量: the matrix of who reported what, and the lists below it. Shows counts; computes no score."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desk_words, exports, served, state, tables, words
from pages.ui.tinted import tinted
from pages.ui.words import Row
from scoring.access import Actor
from scoring.calendar import label_words
from scoring.desk import Desk
from scoring.desk.quality import (
    STATUS_TITLES,
    Aside,
    Cell,
    Status,
    explained,
    matrix,
    set_aside,
    status_of,
    whole,
)
from scoring.desk.reports import Report
from scoring.issues import LEVEL_TITLES

SIGNS: dict[Status, str] = {"missing": "✕", "returned": "↩", "late": "△", "on_time": "✓", "not_yet": "…"}
TONES: dict[Status, dict[str, str]] = {
    "missing": tables.FALL,
    "returned": tables.FALL,
    "late": tables.WAIT,
    "on_time": tables.RISE,
}
LEGEND = "格内是“已收/应收”：✓ 都按时收到，△ 收齐但有迟报，↩ 有退回待重报，✕ 有未报，… 还没有到期的，— 不用报。"
REPORT_HEAD = ("单位", "报表", "报送期", "截止", "情况", "收到", "编号", "报送人", "行数", "搁置")
ASIDE_HEAD = ("单位", "报表", "报送期", "文件和位置", "列", "原值", "原因", "怎么改", "报送状态")
WORST: tuple[Status, ...] = ("missing", "returned", "late", "on_time", "not_yet")


def headline(listed: Sequence[Report], aside: Sequence[Aside], masks: Sequence[Row]) -> None:
    """Received of due, missing, late, given back, rows aside and masked."""
    total = whole(matrix(listed).values())
    cells = st.columns(6)
    share = words.percent(total.received, total.due)
    told = [
        ("已收 / 应收", f"{total.received} / {total.due}", share),
        ("未报", f"{total.missing} 份", None),
        ("迟报", f"{total.late} 份", None),
        ("退回未重报", f"{total.returned} 份", None),
        ("搁置的行", f"{len({(one.no, one.file, one.line) for one in aside})} 行", None),
        ("有脱敏的行", f"{sum(row['masked_rows'] for row in masks)} 行", None),
    ]
    for cell, (label, value, note) in zip(cells, told, strict=True):
        cell.metric(label, value, delta_description=note, border=True, height="stretch")


def cell_words(cell: Cell | None, with_late: bool = True) -> str:
    """✓ 4/4; △ 4/4 迟1; ✕ 3/4 迟1; …; —."""
    if cell is None:
        return "—"
    if not cell.due:
        return SIGNS["not_yet"]
    late = f" 迟{cell.late}" if cell.late and with_late else ""
    return f"{SIGNS[cell.status]} {cell.received}/{cell.due}{late}"


def matrix_frame(desk: Desk, listed: Sequence[Report], units: Sequence[str], changes: dict[str, Row]) -> pd.DataFrame:
    """Unit × form, with all forms of a unit together and what happened last."""
    cells = matrix(listed)
    forms = [code for code in desk.forms if any(form == code for _, form in cells)]
    frame = pd.DataFrame({"单位": [desk.register.title(unit) for unit in units]})
    for code in forms:
        frame[desk.forms[code].title] = [cell_words(cells.get((unit, code))) for unit in units]
    every = [whole(cell for (one, _), cell in cells.items() if one == unit) for unit in units]
    frame["合计"] = [cell_words(cell, with_late=False) for cell in every]
    frame["最近变动"] = [_changed(changes.get(unit)) for unit in units]
    return frame


def _changed(change: Row | None) -> str:
    return f"{change['done_at']:%Y-%m-%d}" if change else "没有报送"


def show_matrix(frame: pd.DataFrame) -> None:
    """Text and a sign in each cell, coloured besides. A click on a cell is taken by `choose_clicked`."""
    styled = tinted(frame, dict.fromkeys((name for name in frame if name not in ("单位", "最近变动")), _toned))
    columns = {name: TextColumn(width=_width([name, *frame[name]])) for name in frame}
    st.dataframe(
        styled, hide_index=True, column_config=columns, row_height=tables.ROW, height="content",
        key=state.take_once("matrix"), on_select="rerun", selection_mode="single-cell",
    )  # fmt: skip
    st.caption(f"{LEGEND}点任一格，下面只列那个单位的那张表。")


def _width(texts: Sequence[str]) -> int:
    """Pixels that the longest of them needs: Chinese characters and signs are twice as wide as figures."""
    return 16 + max(sum(14 if ord(char) > 0x2000 else 7 for char in text) for text in texts)


def choose_clicked(frame: pd.DataFrame, titles: Sequence[str]) -> None:
    """A click on a cell of the matrix sets the filters below it."""
    clicked = state.taken("matrix")
    if clicked is not None and clicked[0] < len(frame):
        state.choose(who=frame["单位"][clicked[0]], form=clicked[1] if clicked[1] in titles else None, status=None)


def _toned(text: str) -> str:
    status = next((status for status, sign in SIGNS.items() if text.startswith(sign)), None)
    return TONES[status][state.theme()] if status in TONES else ""


def filtered(listed: Sequence[Report]) -> list[Report]:
    """By unit, form and how it stands, all in the address; what is wrong first."""
    left, middle, right = st.columns(3)
    with left:
        unit = state.pick("单位", list(dict.fromkeys(one.unit.title for one in _in_order(listed))), "who", "全部单位")
    with middle:
        form = state.pick("报表", list(dict.fromkeys(one.form.title for one in listed)), "form", "全部报表")
    with right:
        there = {status_of(one) for one in listed}
        status = state.pick("情况", [STATUS_TITLES[one] for one in WORST if one in there], "status", "全部情况")
    kept = [one for one in listed if unit in (None, one.unit.title) and form in (None, one.form.title)]
    kept = [one for one in kept if status in (None, STATUS_TITLES[status_of(one)])]
    return sorted(kept, key=lambda one: WORST.index(status_of(one)))


def _in_order(listed: Sequence[Report]) -> list[Report]:
    register = served.project().register
    assert register is not None
    order = {unit.code: place for place, unit in enumerate(register.units)}
    return sorted(listed, key=lambda one: order[one.unit.code])


def report_row(one: Report) -> tuple[str, ...]:
    last = one.latest or {}
    received = words.moment(one.received_at) if one.received_at else "未收到"
    nil = "零报告" if last.get("nil") else ""
    return (
        one.unit.title, one.form.title, label_words(one.due.label), words.moment(one.due.deadline), _standing(one),
        received, last.get("no", ""), last.get("filled_by") or last.get("actor", ""),
        nil or str(last.get("row_count", "")), str(last.get("aside_count") or ""),
    )  # fmt: skip


def _standing(one: Report) -> str:
    status = status_of(one)
    told = f"{SIGNS[status]} {STATUS_TITLES[status]}"
    if status == "not_yet" and not one.form.has_schedule:
        return "… 没有期限"
    return f"{told} {one.days_late} 天" if one.days_late and status in ("missing", "late") else told


def reports(found: Sequence[Report]) -> None:
    """Who reported what and when."""
    counts = {status: sum(status_of(one) == status for one in found) for status in WORST}
    told = "，".join(f"{STATUS_TITLES[status]} {number}" for status, number in counts.items() if number)
    st.markdown(f"共 {len(found)} 份：{told}。")
    frame = pd.DataFrame([report_row(one) for one in found], columns=list(REPORT_HEAD))
    widths = dict(zip(REPORT_HEAD, (102, 108, 122, 122, 98, 122, 112, 98, 56, 52), strict=True))
    frame = frame[[name for name in frame if name != "搁置" or frame[name].any()]]
    styled = tinted(frame, {"情况": _toned})
    columns = {name: TextColumn(width=widths[name]) for name in frame}
    height = "content" if len(frame) <= 12 else 36 + tables.ROW * 12
    st.dataframe(styled, hide_index=True, column_config=columns, row_height=tables.ROW, height=height)


def asides_of(desk: Desk, year: str, units: Sequence[str], own: str | None) -> list[Aside]:
    """Of the units on show; who sees all of them also sees rows whose unit is not known."""
    found = set_aside(desk, year, own)
    return [one for one in found if one.unit in units or (own is None and one.unit not in desk.register.by_code)]


def aside_row(desk: Desk, one: Aside) -> tuple[str, ...]:
    place = one.cell or (f"第 {one.line} 行" if one.line else "整表")
    sign = desk_words.SIGNS[one.state][0] if one.state in desk_words.SIGNS else ""
    return (
        desk.register.title(one.unit) or "不明", desk.forms[one.form].title if one.form in desk.forms else one.form,
        label_words(one.period) if one.period else "", f"{one.file} {place}", one.column, one.typed, one.problem, one.fix,
        f"{sign} {one.state}".strip(),
    )  # fmt: skip


def asides(desk: Desk, found: Sequence[Aside]) -> None:
    """Rows that do not count: where they stand, why, what to do."""
    with st.expander(f"**搁置的行**　{len(found)} 处强制性错误，所在的行不计入", expanded=False):
        frame = pd.DataFrame([aside_row(desk, one) for one in found], columns=list(ASIDE_HEAD))
        _listed(frame, (84, 80, 112, 134, 84, 70, 150, 150, 98))


def hidden(desk: Desk, found: Sequence[Row]) -> None:
    """Rows with masked cells."""
    with st.expander(
        f"**脱敏的行**　{sum(row['masked_rows'] for row in found)} 行有脱敏的格子，用到这些格子的指标算不出"
    ):
        told = [
            (
                desk.register.title(row["unit"]), desk.forms[row["form"]].title, str(row["rows"]),
                str(row["masked_rows"]), "、".join(desk.forms[row["form"]].by_code[code].title for code in row["columns"]
                                                   if code in desk.forms[row["form"]].by_code),
            )
            for row in found
        ]  # fmt: skip
        frame = pd.DataFrame(told, columns=["单位", "报表", "计入的行", "有脱敏的行", "脱敏的列"])
        _listed(frame, (140, 140, 92, 100, 320), tables.ROW)


def explanations(desk: Desk, found: Sequence[Row]) -> None:
    """What the units explained, and to which question."""
    with st.expander(f"**填报说明**　{len(found)} 条"):
        told = [
            (
                desk.register.title(row["unit"]), desk.report_words(row["form"], row["period"]), row["no"],
                f"第 {row['line']} 行" if row["line"] else "整表", LEVEL_TITLES.get(row["level"], ""), row["problem"] or "",
                row["text"], f"{row['done_at']:%Y-%m-%d %H:%M} {row['actor']}",
            )
            for row in found
        ]  # fmt: skip
        frame = pd.DataFrame(
            told, columns=["单位", "报表", "编号", "位置", "类别", "核验问题", "单位的说明", "何时何人"]
        )
        _listed(frame, (84, 136, 112, 60, 64, 165, 185, 160))


def _listed(frame: pd.DataFrame, widths: Sequence[int], row: int = tables.TALL) -> None:
    columns = {name: TextColumn(width=width) for name, width in zip(frame, widths, strict=True)}
    styled = tinted(frame, texts=dict.fromkeys(frame, tables.wrapping))
    height = 36 + row * min(len(frame), 6)
    st.dataframe(styled, hide_index=True, column_config=columns, row_height=row, height=height)


def lists(desk: Desk, year: str, units: Sequence[str], own: str | None, aside: list[Aside], masks: list[Row]) -> None:
    """Rows aside, masked rows and explanations of the units on show; one line where there is nothing."""
    told = [row for row in explained(desk, year, own) if row["unit"] in units]
    absent = [name for name, found in (("搁置的行", aside), ("脱敏的行", masks), ("填报说明", told)) if not found]
    if aside:
        asides(desk, aside)
    if masks:
        hidden(desk, masks)
    if told:
        explanations(desk, told)
    if absent:
        st.caption(f"没有{'、'.join(absent)}。")


def export(desk: Desk, actor: Actor, frame: pd.DataFrame, title: str) -> None:
    exports.button(desk, actor, title, desk.clock(), list(frame.columns), lambda: frame.itertuples(index=False))

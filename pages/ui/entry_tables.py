"""三录核对: counts and rates by unit, the cases, entries without a case. Shows the statuses of the run; decides none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import exports, state, tables
from pages.ui.tinted import tinted
from scoring.access import Actor, may
from scoring.calendar import label_words
from scoring.desk import Desk
from scoring.engine import Assessment
from scoring.engine.compared_entries import (
    LATE,
    LEFT_OUT,
    MATCHED,
    NOT_ENTERED,
    OPEN_STATUSES,
    UNDECIDED,
    WRONG,
    Counts,
    Entry,
    EntryCheck,
    Extra,
)
from scoring.store.problems import RecordsError

SIGNS = {MATCHED: "✓", NOT_ENTERED: "✕", LEFT_OUT: "✕", WRONG: "≠", LATE: "△", UNDECIDED: "？"}
SHOWN = (NOT_ENTERED, LEFT_OUT, WRONG, LATE, MATCHED)
CASE_HEAD = ("单位", "文号", "归入日期", "结果", "出入和用时", "怎么改", "案件在", "录入在")
EXTRA_HEAD = ("单位", "文号", "日期", "情况", "所在文件")


def meaning(check: EntryCheck) -> str:
    """What the five words mean in this project."""
    left, right = check.left.title, check.right.title
    told = [
        f"{MATCHED}：两边一致",
        f"{NOT_ENTERED}：有案而一件未录",
        f"{LEFT_OUT}：别的案录了，这一件没有录",
        f"{WRONG}：录了，所比的几项有出入",
    ]
    if check.limit:
        told.append(f"{LATE}：超过 {check.limit}才录")
    return f"{left}逐案与{right}核对。{'；'.join(told)}。率 = 件数 ÷ 能核对的案件数。"


def headline(counts: Counts) -> None:
    """Cases and each status with its rate."""
    cells = st.columns(6)
    note = f"{counts.count(UNDECIDED)} 件{UNDECIDED}" if counts.count(UNDECIDED) else "全部能核对"
    cells[0].metric("核对案件", f"{counts.cases} 件", delta_description=note, border=True, height="stretch")
    for cell, status in zip(cells[1:], SHOWN, strict=True):
        told = f"{counts.count(status)}/{counts.decided}　{_percent(counts, status)}"
        cell.metric(status, f"{counts.count(status)} 件", delta_description=told, border=True, height="stretch")


def _percent(counts: Counts, status: str) -> str:
    rate = counts.rate(status)
    return f"{rate:.2f}%" if rate is not None else "—"


def _share(counts: Counts, status: str) -> str:
    """3/67　4.48%; 0/67; — where there is nothing to compare."""
    if not counts.decided:
        return "—"
    told = f"{counts.count(status)}/{counts.decided}"
    return f"{told}　{_percent(counts, status)}" if counts.count(status) else told


def summary_frame(check: EntryCheck, result: Assessment, units: Sequence[str]) -> pd.DataFrame:
    """One row a unit: cases, each status as count, denominator and rate, and what may still change it."""
    register, rows = result.rubric.register, []
    for unit in units:
        counts = check.counts(unit)
        told = {"单位": register.title(unit), "案件": str(counts.cases)}
        for status in SHOWN:
            told[status] = _share(counts, status)
        told[UNDECIDED] = str(counts.count(UNDECIDED) or "")
        told["尚缺"] = pending_words(check, unit)
        rows.append(told)
    return pd.DataFrame(rows)


def pending_words(check: EntryCheck, unit: str) -> str:
    """案件台账 2024年第3季度; nothing where all is there."""
    titles = {form.code: form.title for form in (check.left, check.right)}
    return "；".join(f"{titles[form]} {label_words(label)}" for form, label in check.pending.get(unit, ()))


def summary(frame: pd.DataFrame) -> None:
    """Coloured where a status is not as it should be, besides its figures."""
    shown = frame[[name for name in frame if name not in (UNDECIDED, "尚缺") or frame[name].any()]]
    bad = [status for status in (NOT_ENTERED, LEFT_OUT, WRONG) if status in shown]
    styled = tinted(shown, dict.fromkeys(bad, _bad) | {LATE: _waits})
    columns = {name: TextColumn(width=118) for name in shown}
    columns |= {"单位": TextColumn(width=112), "案件": TextColumn(width=56), UNDECIDED: TextColumn(width=72)}
    columns["尚缺"] = TextColumn(width=170)
    st.dataframe(styled, hide_index=True, column_config=columns, row_height=tables.ROW, height="content")


def _bad(text: str) -> str:
    return tables.FALL[state.theme()] if text[:1] not in ("0", "—", "") else ""


def _waits(text: str) -> str:
    return tables.WAIT[state.theme()] if text[:1] not in ("0", "—", "") else ""


def filtered(check: EntryCheck, result: Assessment, units: Sequence[str]) -> list[Entry]:
    """By unit and status, in the address; without a choice what has to be corrected."""
    register = result.rubric.register
    own = [one for one in check.entries if one.unit in units]
    titles = [register.title(unit) for unit in units]
    cells = st.columns(2)
    who = None
    if len(titles) > 1:
        with cells[0]:
            who = state.pick("单位", titles, "who", "全部单位")
    with cells[1 if len(titles) > 1 else 0]:
        there = [status for status in (*OPEN_STATUSES, MATCHED) if any(one.status == status for one in own)]
        status = state.pick("结果", there, "status", "要更正的")
    kept = [one for one in own if who in (None, register.title(one.unit))]
    return [one for one in kept if one.status == status or (status is None and one.status != MATCHED)]


def case_row(check: EntryCheck, result: Assessment, one: Entry) -> tuple[str, ...]:
    told = [
        f"{each.title}：{check.left.title} {each.ours}，{check.right.title} {each.theirs}" for each in one.differences
    ]
    if one.days is not None and one.status == LATE:
        told.append(f"{check.span(one.days)}（规定 {check.limit}内）")
    return (
        result.rubric.register.title(one.unit), one.key, one.dated.isoformat(), f"{SIGNS[one.status]} {one.status}",
        "；".join(told) or "—", check.to_do(one) or "—", _place(one.file, one.line), _place(one.other_file, one.other_line),
    )  # fmt: skip


def _place(file: str, line: int | None) -> str:
    """The last part of the file's name and the row; a cell breaks at the one blank."""
    return f"{_last(file)} 第{line}行" if line is not None else "没有"


def cases(check: EntryCheck, result: Assessment, found: Sequence[Entry]) -> None:
    """Case by case, with what differs and what to correct."""
    counts = {status: sum(one.status == status for one in found) for status in (*OPEN_STATUSES, MATCHED)}
    told = "，".join(f"{status} {number}" for status, number in counts.items() if number)
    frame = pd.DataFrame([case_row(check, result, one) for one in found], columns=list(CASE_HEAD))
    files = {"案件在": {one.file for one in found}, "录入在": {one.other_file for one in found if one.other_file}}
    single = {column: names.pop() for column, names in files.items() if len(names) == 1}
    for column, name in single.items():
        frame[column] = [text.removeprefix(f"{_last(name)} ") for text in frame[column]]
    where = "".join(f"　:gray[{column}] `{_last(name).replace('`', ' ')}`" for column, name in single.items())
    st.markdown(f"共 {len(found)} 件：{told}。{where}")
    widths = dict(zip(CASE_HEAD, (92, 156, 92, 80, 210, 222, 78, 78), strict=True))
    widths |= {column: 200 for column in files if column not in single}
    columns = {name: TextColumn(width=widths[name]) for name in frame}
    styled = tinted(frame, {"结果": _toned}, dict.fromkeys(("出入和用时", "怎么改"), tables.wrapping))
    height = 36 + tables.LINES * min(len(frame), 9)
    st.dataframe(styled, hide_index=True, column_config=columns, row_height=tables.LINES, height=height)


def _last(file: str) -> str:
    return file.rsplit("/", 1)[-1]


def _toned(text: str) -> str:
    tones = {"✕": tables.FALL, "≠": tables.FALL, "△": tables.WAIT, "？": tables.WAIT, "✓": tables.RISE}
    return tones[text[0]][state.theme()]


def extra_row(check: EntryCheck, result: Assessment, actor: Actor, one: Extra) -> tuple[str, ...]:
    left, register = check.left.title, result.rubric.register
    if one.outside:
        told = f"{left}里有这个文号，但不属于要核对的案件"
    elif one.elsewhere and may(actor, "see_rows", one.elsewhere):
        told = f"{left}里这个文号登记在{register.title(one.elsewhere)}名下"
    else:
        told = f"{left}里没有这个文号"
    return register.title(one.unit), one.key, one.dated.isoformat(), told, _place(one.file, one.line)


def extras(check: EntryCheck, result: Assessment, actor: Actor, units: Sequence[str]) -> None:
    """The other way round: entries without a case."""
    found = [one for one in check.extras if one.unit in units]
    st.subheader(f"{check.right.title}有、{check.left.title}没有的")
    if not found:
        st.caption(f"没有：{check.right.title}里的每一条都核对到了案件。")
        return
    frame = pd.DataFrame([extra_row(check, result, actor, one) for one in found], columns=list(EXTRA_HEAD))
    columns = {name: TextColumn(width=width) for name, width in zip(EXTRA_HEAD, (100, 180, 100, 300, 280), strict=True)}
    height = "content" if len(frame) <= 8 else 36 + tables.ROW * 8
    st.dataframe(frame, hide_index=True, column_config=columns, row_height=tables.ROW, height=height)


def export(
    desk: Desk | RecordsError | None,
    actor: Actor,
    check: EntryCheck,
    result: Assessment,
    found: Sequence[Entry],
    units: Sequence[str],
) -> None:
    """The cases on show, then the entries without a case."""

    def rows() -> list[tuple[str, ...]]:
        listed = [case_row(check, result, one) for one in found]
        for extra in check.extras:
            if extra.unit in units:
                unit, key, day, told, place = extra_row(check, result, actor, extra)
                listed.append((unit, key, day, "没有案件", told, f"请核对“{check.left.title}”", "没有", place))
        return listed

    title = f"{result.period.label}年考核{check.form.title}清单"
    exports.button(desk, actor, title, result.as_of, CASE_HEAD, rows)


def none(result: Assessment) -> None:
    """The project compares nothing, said plainly."""
    st.info("本项目没有要逐案核对的报表，所以没有三录核对。", icon=":material/info:")
    st.markdown(
        "**要用它**　在 `config/forms/` 里写一张对比两张报表的表（`derived`），例如拿案件台账与平台导出按文号核对，"
        "系统就会逐案给出相符、不录、漏录、错录、迟录。"
    )

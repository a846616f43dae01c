"""催报: counts, the list and the letters. Shows what `scoring.desk.reminders` found; computes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desk_words, exports, served, state, tables, words
from pages.ui.tinted import tinted
from scoring.access import Actor
from scoring.calendar import label_words
from scoring.desk import Desk
from scoring.desk.reminders import KINDS, Reminder, answer_by, letter
from scoring.rubric import Rubric

HEAD = ("单位", "报表", "报送期", "应报日", "逾期天数", "状态", "联络员", "电话", "说明")
WIDTHS = (112, 112, 138, 92, 76, 92, 120, 100, 0)


def counts(found: Sequence[Reminder], rubric: Rubric | None) -> None:
    """How many units and of which groups, how many reports, how many given back; the longest."""
    longest = max(found, key=lambda one: one.report.days_late or 0)
    returned = sum(one.returned for one in found)
    groups = Counter(state.group_title(rubric, code) for code in dict.fromkeys(one.unit.code for one in by_unit(found)))
    cells = st.columns(4)
    told = [
        ("涉及单位", f"{groups.total()} 个", "，".join(f"{title} {number}" for title, number in groups.items())),
        ("未报", f"{len(found) - returned} 份", "到期没有收到的"),
        ("退回未重报", f"{returned} 份", "退回以后没有再报的"),
    ]
    for cell, (label, value, note) in zip(cells, told, strict=False):
        cell.metric(label, value, delta_description=note, border=True, height="stretch")
    days, told_of = longest.report.days_late, f"{longest.unit.title} {longest.report.form.title}"
    cells[3].metric("最长逾期", f"{days} 天" if days else "—", delta_description=told_of, border=True, height="stretch")


def filtered(found: list[Reminder]) -> list[Reminder]:
    """By unit, form and kind of due period, all in the address."""
    left, middle, right = st.columns(3)
    with left:
        unit = state.pick("单位", _titles([one.unit.title for one in by_unit(found)]), "who", "全部单位")
    with middle:
        form = state.pick("报表", _titles([one.report.form.title for one in found]), "form", "全部报表")
    with right:
        there = {one.kind for one in found}
        kind = state.pick("报送周期", [kind for kind in KINDS.values() if kind in there], "kind", "全部周期")
    return [
        one
        for one in found
        if unit in (None, one.unit.title) and form in (None, one.report.form.title) and kind in (None, one.kind)
    ]


def table(found: Sequence[Reminder]) -> None:
    """The list; a click on a head sorts it."""
    frame = pd.DataFrame([row(one) for one in found], columns=list(HEAD))
    width = max(len(days) for days in frame["逾期天数"])
    frame["逾期天数"] = [words.spaced(days.rjust(width)) for days in frame["逾期天数"]]
    frame = frame[[name for name in HEAD if name != "说明" or frame[name].any()]]
    noted = "说明" in frame
    widths = dict(zip(HEAD, (96, 104, 124, 92, 76, 92, 112, 84, 228) if noted else WIDTHS, strict=True))
    columns = {name: TextColumn(width=widths[name]) for name in frame}
    columns["逾期天数"] = TextColumn(width=widths["逾期天数"], alignment="right")
    line = tables.LINES if noted else tables.ROW
    styled = tinted(frame, texts={"说明": tables.wrapping}) if noted else frame
    height = 36 + line * min(len(frame), 7 if noted else 12)
    st.dataframe(styled, hide_index=True, column_config=columns, height=height, row_height=line)


def row(one: Reminder) -> tuple[str, ...]:
    report, days = one.report, one.report.days_late
    return (
        one.unit.title, report.form.title, label_words(report.due.label), report.due.due_on.isoformat(),
        str(days) if days is not None else "—", desk_words.state(report), one.contact.name or "未登记", one.contact.phone or "未登记",
        one.note,
    )  # fmt: skip


def export(desk: Desk, actor: Actor, found: Sequence[Reminder], year: str, now: datetime) -> None:
    exports.button(desk, actor, f"{year}年考核催报清单", now, HEAD, lambda: [row(one) for one in found])


def letters(desk: Desk, found: Sequence[Reminder], today: date) -> None:
    """A reminder for each unit, to be copied. In the order of the register."""
    by = state.pick_day("请于何日前补报", "by", answer_by(desk, today), today) or answer_by(desk, today)
    units = _titles([one.unit.title for one in by_unit(found)])
    for title in units:
        own = [one for one in found if one.unit.title == title]
        longest = max(one.report.days_late or 0 for one in own)
        contact = own[0].contact.words
        head = f"**{title}**　{len(own)} 份" + (f"，最长逾期 {longest} 天" if longest else "")
        with st.expander(head + (f"　:gray[{words.plain(contact)}]" if contact else ""), expanded=len(units) == 1):
            st.code(letter(desk, own, by, today), language=None, wrap_lines=True)


def by_unit(found: Sequence[Reminder]) -> list[Reminder]:
    """The same list, unit by unit in the order of the register."""
    register = served.project().register
    assert register is not None
    order = {unit.code: place for place, unit in enumerate(register.units)}
    return sorted(found, key=lambda one: order[one.unit.code])


def _titles(listed: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(listed))

"""操作日志: filters, the lines of one page, export, backups. Shows what `scoring.desk.log` reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desks, exports, state, tables, words
from pages.ui.tinted import tinted
from pages.ui.words import Row
from scoring.access import Actor
from scoring.desk import Desk, Refused
from scoring.desk.log import Wanted, backups, backups_of, choices, lines, make_backup
from scoring.store.problems import RecordsError

HEAD = ("时间", "人员", "事项", "对象", "内容")
SIZE = 100  # lines of one page


def wanted(desk: Desk, actor: Actor, first: date, last: date) -> Wanted:
    """Who, what, when and a text, all in the address; at first everything there is."""
    people, acts = choices(desk, actor)
    cells = st.columns([3, 3, 3, 3, 4])
    with cells[0]:
        who = state.pick("人员", people, "whose", "所有人")
    with cells[1]:
        act = state.pick("事项", acts, "act", "全部事项")
    with cells[2]:
        since = state.pick_day("从", "since", first)
    with cells[3]:
        until = state.pick_day("到", "until", last)
    with cells[4]:
        text = state.pick_text("查找", "text", "单位、编号、文件名、理由…")
    return Wanted(who, act, since, until, text)


def row(line: Row) -> tuple[str, ...]:
    return (f"{line['done_at']:%Y-%m-%d %H:%M:%S}", line["actor"], line["act"], line["subject"], line["detail"])


def table(found: Sequence[Row]) -> None:
    """The lines; what is long is read whole by a double click on its cell."""
    frame = pd.DataFrame([row(line) for line in found], columns=list(HEAD))
    widths = zip(HEAD, (144, 104, 100, 246, 414), strict=True)
    columns = {name: TextColumn(width=width) for name, width in widths}
    long = any(len(text) > 34 for text in frame["内容"]) or any(len(text) > 16 for text in frame["对象"])
    line = tables.LINES if long else tables.ROW
    styled = tinted(frame, texts=dict.fromkeys(("对象", "内容"), tables.wrapping))
    height = 36 + line * min(len(frame), 15 if line == tables.ROW else 10)
    st.dataframe(styled, hide_index=True, column_config=columns, row_height=line, height=height)


def export(desk: Desk, actor: Actor, asked: Wanted) -> None:
    def every() -> Iterator[tuple[str, ...]]:
        return (row(line) for line in lines(desk, actor, asked))

    exports.button(desk, actor, "操作日志", desk.clock(), HEAD, every)


def backup(desk: Desk, actor: Actor) -> None:
    """A button that makes one, and what there is."""
    st.subheader("备份")
    st.markdown(
        "备份是报送库的一份完整拷贝，写好以后打开核对一遍才算数。请定期拷到别的机器上。  \n"
        f"**存放在**　`{backups_of(desk.records.path)}`"
    )
    if st.button("现在备份", icon=":material/backup:"):
        try:
            with st.spinner("正在备份…"):
                made = make_backup(desk, actor)
            st.success(f"已备份：{words.plain(made.path.name)}（{size(made.size)}）", icon=":material/check_circle:")
        except (Refused, RecordsError) as error:
            desks.failed(error)
    found = backups(desk)
    if not found:
        st.caption("还没有备份。")
        return
    told = [(one.path.name, size(one.size), f"{one.made_at:%Y-%m-%d %H:%M}") for one in found[:5]]
    st.table(pd.DataFrame(told, columns=["文件", "大小", "时间"]), hide_index=True, border="horizontal")
    if len(found) > len(told):
        st.caption(f"共 {len(found)} 份备份，上面是最近的 {len(told)} 份。")


def size(count: int) -> str:
    """12.3 MB, or so many KB."""
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{-(-count // 1024)} KB"

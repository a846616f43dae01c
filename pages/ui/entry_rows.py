"""Rows of an office register that count: who entered them, when, why; one of them in full, corrected or taken back."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import desk_words, desks, entry_form, exports, state, words
from scoring.access import Actor
from scoring.desk import Desk, Refused
from scoring.desk.entries import counted_rows, life, typed_words, withdraw
from scoring.desk.files import attachment
from scoring.desk.judged import is_judged
from scoring.desk.proofs import proofs_of_entry
from scoring.forms import Form
from scoring.store.problems import RecordsError
from scoring.store.records import Row

_ROW = "entry_row"


def show(desk: Desk, actor: Actor, form: Form, unit: str, year: str, locked: bool) -> None:
    """The rows of a year, of the chosen unit or of all; a click opens one."""
    every = counted_rows(desk, form.code, year)
    own = [row for row in every if row["unit"] == unit]
    st.subheader(f"已登记并计入的（{len(every)} 行）")
    left, right = st.columns([4, 1], vertical_alignment="center")
    with left:
        only = state.pick_only(f"只看{desk.register.title(unit)}（{len(own)} 行）", "own")
    rows = own if only else every
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        if rows:
            head, cells = _table(desk, form, rows, year)
            exports.button(desk, actor, f"{form.title}登记_{year}年", desk.clock(), head, lambda: cells)
    if not rows:
        st.caption(
            "还没有登记。" + ("没有登记的显示为暂缺。" if not form.has_schedule else "关账以后，没有登记就是没有发生。")
        )
        return
    st.caption("点任一行，看登记经过和证明材料，也在那里更正或撤回。")
    _frame(form, head, cells)
    if (cell := state.taken(f"rows_{form.code}")) is not None:
        st.session_state[_ROW] = rows[cell[0]]
        st.rerun()
    if _ROW in st.session_state:
        if st.session_state[_ROW]["form"] == form.code:
            _detail(desk, actor, form, st.session_state[_ROW], locked)
        else:
            _forget()


def _table(desk: Desk, form: Form, rows: list[Row], year: str) -> tuple[list[str], list[list[str]]]:
    indicators = desk.project.edition(year).indicators if is_judged(form) else {}
    head = ["单位", *(column.title for column in form.columns), "登记编号", "登记人", "登记时间", "登记理由"]
    cells = []
    for row in rows:
        typed = {column.code: row["typed"].get(column.code, "") for column in form.columns}
        if is_judged(form) and (one := indicators.get(typed["indicator"])) is not None:
            typed["indicator"] = one.title
        who = row["actor"] if row["decided_by"] == row["actor"] else f"{row['actor']}，{row['decided_by']}确认"
        no = row["submission"] if row["source"] == "录入" else f"{row['submission']}（{row['source']}）"
        title, moment = desk.register.title(row["unit"]), f"{row['decided_at']:%Y-%m-%d %H:%M}"
        cells.append([title, *typed.values(), no, who, moment, row["reason"]])
    return head, cells


def _frame(form: Form, head: list[str], cells: list[list[str]]) -> None:
    frame = pd.DataFrame(cells, columns=_different(head))
    frame = frame[[name for name in frame if frame[name].any()]]
    numbers = {column.title for column in form.columns if column.type in ("integer", "decimal")}
    columns = {name: TextColumn(alignment="right" if name in numbers else "left") for name in frame}
    columns["单位"] = TextColumn(pinned=True)
    columns |= {name: TextColumn(width=220) for name in frame if frame[name].str.len().max() > 16}
    if "登记人" in frame and frame["登记人"].str.contains("确认").any():
        columns["登记人"] = TextColumn(width=230)
    if "指标代码" in frame:
        columns["指标代码"] = TextColumn("指标")
    st.dataframe(
        frame, hide_index=True, column_config=columns, key=state.take_once(f"rows_{form.code}"), on_select="rerun",
        selection_mode="single-cell", height="content" if len(frame) <= 10 else 390,
    )  # fmt: skip


def _different(head: list[str]) -> list[str]:
    """Titles of a form may be those of the log beside it."""
    return [name if head.index(name) == at else f"{name}（{at}）" for at, name in enumerate(head)]


def _forget() -> None:
    st.session_state.pop(_ROW, None)


@st.dialog("一行登记", width="large", on_dismiss=_forget)
def _detail(desk: Desk, actor: Actor, form: Form, row: Row, locked: bool) -> None:
    st.markdown(f"**{desk.register.title(row['unit'])}**　{form.title}　{words.plain(typed_words(form, row))}")
    steps = [
        {
            "时间": f"{one['done_at']:%Y-%m-%d %H:%M}", "经办": one["actor"], "事项": one["source"],
            "状态": one["state"], "内容": typed_words(form, one) if one["no"] else "", "理由": one["reason"],
            "编号": one["no"],
        }
        for one in life(desk, row)
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(steps), hide_index=True, column_config={"内容": TextColumn(width=330)})
    for one in proofs_of_entry(desk, row["submission"]):
        st.download_button(
            f"{one['no']}　{one['file_name']}", lambda one=one: attachment(desk.records, one["sha256"]),
            file_name=one["file_name"], key=f"proof_{one['no']}", icon=":material/attach_file:", on_click="ignore",
        )  # fmt: skip
    if locked:
        st.caption("考核期已经锁定，不能更正或撤回；确须更正的先解锁。")
        return
    if st.button("更正这一行", key="row_correct", icon=":material/edit:"):
        _forget()
        entry_form.correct(form, row)
        state.choose(unit=row["unit"], **({"indicator": typed} if (typed := row["typed"].get("indicator")) else {}))
        st.rerun()
    reason = st.text_input("撤回的理由（必填）", key="row_why", placeholder="撤回后留痕，不再计入")
    if st.button("撤回这一行", key="row_withdraw", icon=":material/undo:"):
        _withdraw(desk, actor, form, row, reason)


def _withdraw(desk: Desk, actor: Actor, form: Form, row: Row, reason: str) -> None:
    before = entry_form.standing(row["unit"])
    try:
        with st.spinner("正在撤回…"):
            no = withdraw(desk, actor, row, reason)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    _forget()
    told = f"{desk.register.title(row['unit'])}的{form.title}已撤回：{typed_words(form, row)}"
    if no:
        told = f"{no} 撤回已提出。一票否决看这一行，由第二个人确认后才撤回（{desk_words.SIGNS['待确认'][0]} 待确认）"
    entry_form.done(row["unit"], words.plain(told), before)

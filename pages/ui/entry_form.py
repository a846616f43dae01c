"""One row of an office register: typed, looked at once more where it takes the place of another, entered.

Shows and passes on; what may be entered is decided by scoring.desk.entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from pages.ui import desks, served, state, words
from scoring.access import Actor
from scoring.desk import Desk, Refused
from scoring.desk.entries import Prepared, enter, prepare, units_of
from scoring.desk.judged import Task, is_judged, tasks
from scoring.desk.registers import registers
from scoring.desk.second_person import unconfirmed
from scoring.engine.printed import points
from scoring.forms import Column, Form
from scoring.store.problems import RecordsError
from scoring.store.records import Row

PROOFS = ["pdf", "png", "jpg", "jpeg", "doc", "docx", "xls", "xlsx", "ofd"]
FILLED_ELSEWHERE = ("indicator", "reason")  # of a form of the assessors: picked above, and the reason of the entry
_TOLD, _PENDING, _START, _TURN = "entry_told", "entry_pending", "entry_start", "entry_turn"


@dataclass(frozen=True)
class Typed:
    """What was typed, until it is entered."""

    form: Form
    unit: str
    cells: Mapping[str, str]
    reason: str
    proof: tuple[str, bytes] | None


def pick(desk: Desk, year: str) -> tuple[Form, str]:
    """Which register and which unit, in the address as ?form= and ?unit=; a project without registers ends here."""
    kept = sorted(registers(desk), key=lambda form: not is_judged(form))
    if not kept:
        st.info("这个项目没有由双打办登记的台账，不用评分和登记加扣分。", icon=":material/inbox:")
        st.stop()
    left, right = st.columns(2)
    with left:
        form = desk.forms[state.pick_code("台账", {form.title: form.code for form in kept}, "form")]
    units = {unit.title: unit.code for unit in units_of(desk, form, year)}
    if not units:
        st.info(f"{year} 年没有与“{form.title}”有关的单位。", icon=":material/inbox:")
        st.stop()
    with right:
        unit = state.pick_code("单位", units, "unit")
    return form, unit


def pick_task(desk: Desk, form: Form, unit: str, year: str) -> tuple[str, Task] | None:
    """Which indicator the assessors score, in the address as ?indicator=; None for a form without indicators."""
    if not is_judged(form):
        return None
    listed = tasks(desk.project.edition(year), form, unit)
    if not listed:
        st.info(f"{desk.register.title(unit)}没有由考核组评分的指标。", icon=":material/inbox:")
        st.stop()
    titles = {f"{one.indicator.clause}　{one.indicator.title}": code for code, one in listed.items()}
    code = state.pick_code("指标", titles, "indicator")
    return code, listed[code]


def show(desk: Desk, actor: Actor, form: Form, unit: str, task: tuple[str, Task] | None) -> None:
    """The fields of one row, its reason and its proof."""
    turn = st.session_state.setdefault(_TURN, 0)
    start: Mapping[str, str] = {}
    if (kept := st.session_state.get(_START)) and kept[:2] == (form.code, unit):
        start = kept[2]
        st.info(
            "正在更正已登记的一行：改好后写明更正的理由。编号一类的关键列不改，改了就是另登一行。",
            icon=":material/edit:",
        )
    key = f"entry_{form.code}_{unit}_{task[0] if task else ''}_{turn}"
    with st.form(key, border=True, enter_to_submit=False):
        columns = [one for one in form.columns if task is None or one.code not in FILLED_ELSEWHERE]
        cells = _fields(desk, form, columns, start, key, task)
        reason = st.text_area(
            "理由（必填）", key=f"{key}_why", height=80, placeholder="依据和理由，备查；会记入操作日志"
        )
        number = (
            "" if "doc_no" in form.by_code else st.text_input("依据文号", key=f"{key}_doc", placeholder="没有的不填")
        )
        file = st.file_uploader("证明材料", PROOFS, key=f"{key}_proof", max_upload_size=20)
        st.caption(f"登记人：{actor.name}。PDF、图片、Word、Excel 或 OFD，一次一份。")
        sent = st.form_submit_button("登记", type="primary", icon=":material/edit_note:")
    if not sent:
        return
    if task is not None:
        cells |= {"indicator": task[0]} | ({"reason": reason} if "reason" in form.by_code else {})
    said = f"{reason.strip()}（依据：{number.strip()}）" if number.strip() and reason.strip() else reason
    _look(desk, actor, Typed(form, unit, cells, said, (file.name, file.getvalue()) if file else None))


def _fields(
    desk: Desk, form: Form, columns: list[Column], start: Mapping[str, str], key: str, task: tuple[str, Task] | None
) -> dict[str, str]:
    cells: dict[str, str] = {}
    sides = st.columns(2)
    for place, column in enumerate(columns):
        with sides[place % 2]:
            cells[column.code] = _field(desk, form, column, start.get(column.code, ""), f"{key}_{column.code}", task)
    return cells


def _field(desk: Desk, form: Form, column: Column, start: str, key: str, task: tuple[str, Task] | None) -> str:
    """One cell as text. Figures are typed as text, so that they arrive as they were typed."""
    label, note = _label(column, task), column.note
    if column.type in ("choice", "boolean"):
        options = list(column.values) if column.type == "choice" else ["是", "否"]
        index = options.index(start) if start in options else None
        return st.selectbox(label, options, index, key=key, help=note, placeholder="请选择") or ""
    if column.type == "date":
        period = desk.project.period(served.period())
        first, last = (period.start, period.end) if column.code == form.dated_by else (None, None)
        day = st.date_input(
            label, _day(desk, column, form, start), first, last, key=key, help=note, format="YYYY-MM-DD"
        )
        return day.isoformat() if isinstance(day, date) else ""
    hint = "只写考核组，不写姓名" if column.code == "judged_by" else ""
    return st.text_input(label, start, key=key, help=note, placeholder=hint)


def _label(column: Column, task: tuple[str, Task] | None) -> str:
    """评分（分，最多 5，必填）."""
    said, title = [column.unit] if column.unit else [], column.title
    if task is not None and column.code == "score":
        title = "酌情扣分" if task[1].is_loss else title
        said += [f"最多 {task[1].most.normalize():f}"] if task[1].most is not None else []
    said += ["必填"] if column.required else []
    return words.plain(f"{title}（{'，'.join(said)}）" if said else title)


def _day(desk: Desk, column: Column, form: Form, start: str) -> date | None:
    """The day on record; for the date of the row itself today, or the last day of the period."""
    try:
        return date.fromisoformat(start)
    except ValueError:
        if column.code != form.dated_by:
            return None
    period = desk.project.period(served.period())
    return max(period.start, min(desk.clock().date(), period.end))


def _look(desk: Desk, actor: Actor, typed: Typed) -> None:
    """Enter at once what is plain; ask about what takes the place of another row."""
    try:
        ready = prepare(desk, actor, typed.form.code, typed.unit, typed.cells, typed.reason)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    if ready.before or (ready.alike and typed.form.key):
        st.session_state[_PENDING] = typed
        st.rerun()
    else:
        _enter(desk, actor, typed, "")


def ask(desk: Desk, actor: Actor) -> None:
    """Opens the question about a correction, as long as it is not answered."""
    if _PENDING in st.session_state:
        _confirm(desk, actor, st.session_state[_PENDING])


def _forget() -> None:
    st.session_state.pop(_PENDING, None)


@st.dialog("这一行已经登记过", width="large", on_dismiss=_forget)
def _confirm(desk: Desk, actor: Actor, typed: Typed) -> None:
    try:
        ready = prepare(desk, actor, typed.form.code, typed.unit, typed.cells, typed.reason)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    old = [row for row in (ready.before, *ready.alike) if row is not None]
    st.markdown(f"**{desk.register.title(typed.unit)}**　{typed.form.title}　保存后以新的为准，原来的留痕、不再计入。")
    for row in old:
        _before_and_after(desk, ready, row)
    if ready.second:
        st.warning("一票否决看这一行：更正要由第二个人确认后才生效。", icon=":material/group:")
    st.markdown(f"**理由**　{words.plain(typed.reason)}")
    left, right, _ = st.columns([1, 1, 3])
    if left.button("确认更正", type="primary", key="entry_yes", width="stretch"):
        _enter(desk, actor, typed, "" if ready.before else str(old[0]["row_key"]))
    if right.button("不改了", key="entry_no", width="stretch"):
        _forget()
        st.rerun()


def _before_and_after(desk: Desk, ready: Prepared, row: Row) -> None:
    named = desk.project.edition(served.period()).indicators if is_judged(ready.form) else {}
    rows = []
    for column in ready.form.columns:
        old, new = row["typed"].get(column.code, ""), ready.sheet.typed[column.code][0]
        if old or new:
            shown = [named[text].title if text in named else text or "空白" for text in (old, new)]
            rows.append([column.title.removesuffix("代码"), *shown, "改" if old != new else ""])
    st.dataframe(pd.DataFrame(rows, columns=["列", "原来", "现在", "变动"]), hide_index=True)


def _enter(desk: Desk, actor: Actor, typed: Typed, in_place_of: str) -> None:
    before = standing(typed.unit)
    try:
        with st.spinner("正在登记…"):
            no = enter(desk, actor, typed.form.code, typed.unit, typed.cells, typed.reason, typed.proof, in_place_of)
    except (Refused, RecordsError) as error:
        desks.failed(error)
        return
    _forget()
    told = f"{no} 已登记：{desk.register.title(typed.unit)}，{typed.form.title}"
    if any(row["no"] == no for row in unconfirmed(desk)):
        told += "。一票否决看这一行，待第二人确认，现在还不生效"
    done(typed.unit, told, before)


def correct(form: Form, row: Row) -> None:
    """Put a row that counts into the fields."""
    st.session_state[_START] = (form.code, row["unit"], dict(row["typed"]))
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def done(unit: str, told: str, before: tuple[str, str] | None) -> None:
    """Remember what to say, and show the page anew on the data as they are now."""
    st.session_state[_TOLD] = (unit, told, before)
    st.session_state.pop(_START, None)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()


def told(desk: Desk) -> None:
    """What was just done, and what it did to the unit's total and place."""
    if _TOLD not in st.session_state:
        return
    unit, said, before = st.session_state.pop(_TOLD)
    now = standing(unit) if unit else None
    moved = ""
    if before is not None and now is not None:
        title = desk.register.title(unit)
        moved = (
            f"  \n{title}：总分 {before[0]} → {now[0]}，名次 {before[1]} → {now[1]}"
            if before != now
            else (f"  \n{title}的总分和名次没有变：总分 {now[0]}，名次 {now[1]}")
        )
    st.success(f"{said}。{moved}", icon=":material/check_circle:")


def standing(unit: str) -> tuple[str, str] | None:
    """Total and place of a unit as they are now; None where there are none."""
    current = served.project()
    if not (current.ready and current.has_data):
        return None
    row = served.assessment().one("ranking", unit=unit)
    if row is None:
        return None
    total = points(row["total"]) if row["total"] is not None else "暂缺"
    return total, f"{row['place']}" if row["place"] is not None else "暂缺"

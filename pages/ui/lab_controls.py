"""权重实验室, left side: pick a clause, move its figures, see what was changed so far. Scores nothing."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from pages.ui import lab, state
from scoring.expressions.words import number
from scoring.rubric import Rubric
from scoring.rubric.knobs import Knob, What, by_path

_FIRST = (What.FULL_MARKS, What.WEIGHT)


def show(rubric: Rubric, group: str) -> None:
    """The clauses of the group, and the figures of the one that is picked."""
    owners = _owners(rubric, group)
    code = state.pick_code("改哪一条", owners, "indicator", "case_volume" if "case_volume" in owners.values() else None)
    inside = [(path, one) for path, one in by_path(rubric).items() if one.of == code and one.group in (None, group)]
    main = [pair for pair in inside if pair[1].what in _FIRST] or inside[:1]
    for path, one in main:
        _slider(rubric, path, one)
    rest = [pair for pair in inside if pair not in main]
    if rest:
        with st.expander(f"门槛、档次和单价（{len(rest)} 处）"):
            for path, one in rest:
                _slider(rubric, path, one)


def changed(rubric: Rubric) -> None:
    """What was changed so far, each with a button to take it back."""
    found, known = lab.changes(rubric), by_path(rubric)
    if not found:
        st.caption("还没有改动。拖动上面的滑块，右边立刻按改后的办法重新计分；正式成绩和办法文件不受影响。")
        return
    st.markdown(f"**已改 {len(found)} 处**")
    for path, value in found.items():
        one = known[path]
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(f"{one.title}　:gray[{number(one.value)} →] **{number(value)}** {one.unit}")
        right.button("撤回", key=f"undo_{path}", on_click=_back, args=(rubric, path), type="tertiary")
    st.button("全部撤回", on_click=_all_back, args=(rubric,), icon=":material/undo:")


def _owners(rubric: Rubric, group: str) -> dict[str, str]:
    """Indicators of the group by clause and title, then sections and adjustments that have figures."""
    knobs = [one for one in by_path(rubric).values() if one.group in (None, group)]
    there = {one.of for one in knobs}
    listed = [(f"{one.clause} {one.title}", one.code) for _, one in rubric.placed(group)]
    listed += [(f"一级指标：{node.section.title}", node.section.code) for node in rubric.nodes(group)]
    listed += [(f"{one.clause} {one.title}", one.code) for one in rubric.adjustments(group)]
    listed += [(f"等次：{one.title}", one.title) for one in rubric.spec.grades]
    return {title: code for title, code in listed if code in there}


def _slider(rubric: Rubric, path: str, one: Knob) -> None:
    value = lab.changes(rubric).get(path, one.value)
    key = f"knob_{path}"
    if key not in st.session_state:
        st.session_state[key] = float(value)
    label = one.title.rpartition(" · ")[2] + f"（{one.unit}）"
    least, most = float(min(one.least, value)), float(max(one.most, value))
    st.slider(label, least, most, step=float(one.step), key=key, on_change=_moved, args=(rubric, path, key))


def _moved(rubric: Rubric, path: str, key: str) -> None:
    lab.change(rubric, path, Decimal(repr(st.session_state[key])).normalize() + 0)


def _back(rubric: Rubric, path: str) -> None:
    st.session_state.pop(f"knob_{path}", None)
    lab.change(rubric, path, by_path(rubric)[path].value)


def _all_back(rubric: Rubric) -> None:
    for path in lab.changes(rubric):
        st.session_state.pop(f"knob_{path}", None)
    lab.put({}, rubric)

"""权重实验室, left side: pick a clause, move its figures, say what becomes of the others, see what was changed. Scores nothing."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from pages.ui import lab, state
from scoring.expressions.words import number
from scoring.rubric import Rubric
from scoring.rubric.knobs import Knob, What, by_path

_FIRST = (What.FULL_MARKS, What.WEIGHT)
_FIRST_CLAUSE = "case_volume"


def show(rubric: Rubric, group: str) -> None:
    """The clauses of the group, and the figures of the one that is picked."""
    owners = _owners(rubric, group)
    code = state.pick_code("改哪一条", owners, "indicator", _FIRST_CLAUSE if _FIRST_CLAUSE in owners.values() else None)
    inside = [(path, one) for path, one in by_path(rubric).items() if one.of == code and one.group in (None, group)]
    main = [pair for pair in inside if pair[1].what in _FIRST] or inside[:1]
    for path, one in main:
        _figure(rubric, path, one)
    rest = [pair for pair in inside if pair not in main]
    if rest:
        with st.expander(f"门槛、档次和单价（{len(rest)} 处）"):
            for path, one in rest:
                _figure(rubric, path, one)


def changed(rubric: Rubric) -> None:
    """What was changed so far, each with a button to take it back."""
    found, known = lab.changes(rubric), by_path(rubric)
    if not found:
        st.caption("还没有改动。拖动滑块或填数，右边立刻按改后的办法重新计分。")
        return
    st.markdown(f"**已改 {len(found)} 处**")
    for path, value in found.items():
        one = known[path]
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(f"{one.title}　:gray[{number(one.value)} →] **{number(value)}** {one.unit}")
        right.button("撤回", key=f"undo_{path}", on_click=_back, args=(rubric, path), type="tertiary")
    st.button("全部撤回", on_click=_all_back, args=(rubric,), icon=":material/undo:")


def _owners(rubric: Rubric, group: str) -> dict[str, str]:
    """Indicators of the group by clause and title, then sections, adjustments and grades that have figures."""
    figures = [one for one in by_path(rubric).values() if one.group in (None, group)]
    there = {one.of for one in figures}
    listed = [(f"{one.clause} {one.title}", one.code) for _, one in rubric.placed(group)]
    listed += [(f"一级指标：{node.section.title}", node.section.code) for node in rubric.nodes(group)]
    listed += [(f"{one.clause} {one.title}", one.code) for one in rubric.adjustments(group)]
    listed += [(f"等次：{one.title}", one.title) for one in rubric.spec.grades]
    return {title: code for title, code in listed if code in there}


def _figure(rubric: Rubric, path: str, one: Knob) -> None:
    """A slider for a look, a field for the exact figure; both say the same."""
    value = lab.changes(rubric).get(path, one.value)
    least, most = float(min(one.least, value)), float(max(one.most, value))
    for part in ("slide", "field"):
        st.session_state[f"{part}_{path}"] = float(value)
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    label = one.title.rpartition(" · ")[2] + f"（{one.unit}）"
    left.slider(
        label, least, most, step=float(one.step), key=f"slide_{path}", on_change=_moved, args=(rubric, path, "slide")
    )
    right.number_input(
        label, least, None, step=float(one.step), format="%.15g", key=f"field_{path}", on_change=_moved, args=(rubric, path, "field"),
        label_visibility="collapsed",
    )  # fmt: skip


def _moved(rubric: Rubric, path: str, part: str) -> None:
    moved = st.session_state[f"{part}_{path}"]
    if moved is not None:
        lab.change(rubric, path, Decimal(repr(moved)).normalize() + 0)


def _back(rubric: Rubric, path: str) -> None:
    lab.change(rubric, path, by_path(rubric)[path].value)


def _all_back(rubric: Rubric) -> None:
    lab.put({}, rubric)

"""权重实验室, left side: pick a clause, move its figures, say what becomes of the others, see what was changed. Scores nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import streamlit as st

from pages.ui import lab, state
from scoring.expressions.words import number
from scoring.rubric import Rubric
from scoring.rubric.knobs import Knob, What, by_path, issued_targets

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
    _target(rubric, group, code)


def _target(rubric: Rubric, group: str, indicator: str) -> None:
    """More or less of the target that was issued, for all units alike."""
    target = rubric.indicators[indicator].target if indicator in rubric.indicators else None
    issued = issued_targets(rubric, group)
    if target not in issued:
        return
    key = f"target_{target}"
    st.session_state[key] = int(lab.targets(rubric).get(target, Decimal(100)))
    st.slider(
        f"{issued[target].title}（已下达数的 %）", 50, 200, step=5, key=key, on_change=_retarget, args=(rubric, target, key)
    )
    if target in lab.targets(rubric):
        st.caption("各单位的任务数一律按这个比例增减，四舍五入到整数；任务数是下达的数据，不写在办法里，不随草案保存。")


def _retarget(rubric: Rubric, code: str, key: str) -> None:
    lab.change_target(rubric, code, st.session_state[key])


def changed(rubric: Rubric) -> None:
    """What was changed so far, each with a button to take it back."""
    found, targets, known = lab.changes(rubric), lab.targets(rubric), by_path(rubric)
    if not found and not targets:
        st.caption("还没有改动。拖动滑块或填数，右边立刻按改后的办法重新计分。")
        return
    st.markdown(f"**已改 {len(found) + len(targets)} 处**")
    for path, value in found.items():
        one = known[path]
        told = f"{one.title}　:gray[{number(one.value)} →] **{number(value)}** {one.unit}"
        _taken_back(told, path, lambda path=path: lab.change(rubric, path, known[path].value))  # type: ignore[misc]
    for code, percent in targets.items():
        told = f"{rubric.measures[code].title}　:gray[下达数的] **{percent}%**　:gray[不随草案保存]"
        _taken_back(told, code, lambda code=code: lab.change_target(rubric, code, 100))  # type: ignore[misc]
    st.button("全部撤回", on_click=lab.take_all_back, icon=":material/undo:")


def _taken_back(told: str, key: str, back: Callable[[], None]) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.markdown(told)
    right.button("撤回", key=f"undo_{key}", on_click=back, type="tertiary")


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

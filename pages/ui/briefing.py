"""汇报: which group, which step, projector or not; puts the drawing together from what the briefing says. Reckons nothing."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from pages.ui import briefing_board, drawn, served, shortfall_told, state, words
from pages.ui.briefing_style import PROJECTOR, STYLE
from scoring.engine import Assessment
from scoring.engine.followed import by_clause
from scoring.insight.briefing import Told, achievements, lacks, next_steps, overview
from scoring.insight.pace import paces
from scoring.project import Project

DENSE = 13  # units; more stand closer
STEPS: dict[str, Callable[[Assessment, str], list[Told]] | None] = {"总览": None, "成绩": achievements, "不足": lacks, "下一步": next_steps}


def show(project: Project, result: Assessment) -> None:
    """All of it stands in the address: ?group=县区&step=不足&projector=1."""
    titles = {group.title: code for code, group in result.rubric.groups.items()}
    group = state.parameter("group") if state.parameter("group") in titles else next(iter(titles))
    step = state.parameter("step") if state.parameter("step") in STEPS else next(iter(STEPS))
    projected = state.parameter("projector") == "1"
    assert group is not None and step is not None
    inside = served.kept(f"briefing {group} {step}", lambda: _inside(project, result, titles[group], step))
    if projected:
        st.html(PROJECTOR)
    text = f'{STYLE}<div class="b"><div class="b-in">{_head(project, result, list(titles), group, step, projected)}{inside}{_basis(result)}</div></div>'
    drawn.show(text, "briefing")


def _head(project: Project, result: Assessment, groups: list[str], group: str, step: str, projected: bool) -> str:
    city = project.office.city if project.office is not None else ""
    links = "".join(
        f'<a href="{_address(one, None, projected)}"{" aria-current=true" if one == group else ""}>{escape(one)}</a>' for one in groups
    )
    title = f"{city}{result.period.label}年{result.rubric.spec.rubric.removesuffix('（示例）').removesuffix('考核评价办法').removesuffix('考核办法')}考核"
    switch = f'<nav class="b-groups" aria-label="考核分组">{links}</nav>' if len(groups) > 1 else ""
    return f'<div class="b-head"><h2>{escape(title)}</h2>{switch}{_steps(group, step, projected)}</div>'


def _basis(result: Assessment) -> str:
    return f'<p class="b-basis"><a href="{drawn.address("rubric", {})}">{escape(words.plain_basis(result))}</a></p>'


def _inside(project: Project, result: Assessment, group: str, step: str) -> str:
    say = STEPS[step]
    if say is not None:
        return briefing_board.part(step, say(result, group), large=True)
    rows, found = result.rows("ranking", group=group), overview(result, group)
    tiles = briefing_board.tile_map(result, rows)
    side = tiles + briefing_board.consequences(by_clause(result, group), found.title)
    told = "".join(briefing_board.part(kind, say(result, group)) for kind, say in STEPS.items() if say is not None)
    problems = shortfall_told.problems_of(result, group)
    board = briefing_board.board(result, rows, problems)
    below = briefing_board.below(found.title, problems, _issued(project, result, group))
    return (
        f'{briefing_board.tiles(found)}<div class="b-middle{"" if tiles else " b-wide"}{" b-dense" if len(rows) > DENSE else ""}"><div class="b-main">{board}{below}</div><div class="b-side">{side}</div></div>'
        f'<div class="b-told">{told}</div>'
    )


def _issued(project: Project, result: Assessment, group: str) -> set[str]:
    """The indicators whose target was issued to the units, as 任务进度 of 工作台 has them."""
    if project.calendar is None:
        return set()
    return {one.indicator for one in paces(result, project.calendar, group) if one.kind == "issued"}


def _steps(group: str, step: str, projected: bool) -> str:
    """Where one can go from here; a presenter's keys follow rel=next and rel=prev."""
    order = list(STEPS)
    place = order.index(step)
    near = {order[place - 1]: "prev"} if place else {}
    near |= {order[place + 1]: "next"} if place + 1 < len(order) else {}
    links = "".join(
        f'<a href="{_address(group, one, projected)}"{" aria-current=true" if one == step else ""}'
        f"{f' rel={near[one]}' if one in near else ''}>{one}</a>"
        for one in order
    )
    other = "退出投影" if projected else "投影"
    return f'<nav class="b-steps" aria-label="汇报步骤">{links}<a href="{_address(group, step, not projected)}" rel={"up" if projected else "alternate"}>{other}</a></nav>'


def _address(group: str, step: str | None, projected: bool) -> str:
    query = {"group": group} | ({"step": step} if step not in (None, "总览") else {}) | ({"projector": "1"} if projected else {})
    return drawn.address("briefing", query)  # type: ignore[arg-type]

"""单位: 各项指标 as one list in the order of the rubric; the one that is open shows its way down. Shows rows; reckons nothing.

The list is one drawing: thirty expanders took the browser longer than everything else on the page. An item opens by a link,
so the address has it; ?section= and ?indicator= are brought into view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.ui import drawn, shortfall_told, state, trail, words
from scoring.access import Actor
from scoring.engine import Assessment
from scoring.engine.explain import IndicatorTrace
from scoring.project import Project
from scoring.rubric.model import Adjustment

STYLE = """<style>
.items h4{font-size:1rem;margin:.9rem 0 .2rem;padding:0}.items>h4:first-child{margin-top:0}
.items h4 span{font-weight:400;margin-left:1em}.items h4 i,.items .gray{font-style:normal;font-weight:400;color:var(--st-gray-text-color)}
.items ul{list-style:none;margin:0;padding:0}.items li{margin:0;border-bottom:1px solid var(--st-border-color)}
.items a{display:grid;grid-template-columns:8.5em minmax(9em,17em) 9em 1fr;gap:.1rem .8rem;padding:.32rem .3rem;color:inherit;text-decoration:none}
.items a:hover{background:var(--st-secondary-background-color)}.items a:focus-visible{outline:2px solid var(--st-primary-color)}
.items a::before{content:none}.items .open{background:var(--st-secondary-background-color);border-bottom:0}
.items .clause::before{content:"▸";display:inline-block;width:1.2em;font-size:1.15em;line-height:1;color:var(--st-gray-text-color)}.items .open .clause::before{content:"▾"}
.items b{font-weight:600}.items .points{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.items .badge{display:inline-block;margin-right:.5em;padding:0 .4em;border-radius:4px;font-size:.87rem}
.items .red{color:var(--st-red-text-color);background:var(--st-red-background-color)}
.items .orange{color:var(--st-orange-text-color);background:var(--st-orange-background-color)}
.items .green{color:var(--st-green-text-color)}
@media (max-width:700px){.items a{grid-template-columns:1fr auto}.items .clause{grid-column:1/-1;font-size:.87rem;color:var(--st-gray-text-color)}.items .told{grid-column:1/-1}}
</style>"""
KEPT = ("lost", "day")
"""What else this page has in its address."""


@dataclass(frozen=True)
class Line:
    """One line that opens, or with an empty code a heading. `told`: texts with their colours."""

    code: str
    clause: str
    title: str
    points: str
    told: tuple[tuple[str, str], ...] = ()
    section: str = ""
    of: IndicatorTrace | Adjustment | None = None


def show(project: Project, result: Assessment, unit: str, traces: Sequence[IndicatorTrace], actor: Actor) -> None:
    """Section by section. ?lost=true shows only what is wanting, ?indicator= or ?adjustment= is open."""
    st.subheader("各项指标")
    only = state.pick_only("只看失分和暂缺的", "lost")
    lines = _indicators(result, unit, [one for one in traces if not only or words.wanting(one.score)])
    lines += _adjustments(result, unit)
    wanted = state.parameter("indicator") or state.parameter("adjustment")
    at = next((place for place, one in enumerate(lines) if one.code and one.code == wanted), None)
    before = lines if at is None else lines[: at + 1]
    drawn.show(STYLE + _drawn(before, unit, wanted, state.parameter("section")), f"items_{unit}")
    if at is None:
        return
    with st.container(border=True):
        opened = lines[at].of
        if isinstance(opened, IndicatorTrace):
            found = shortfall_told.of_unit(result, unit).get(opened.indicator.code)
            trail.show(project, result, unit, opened, found and found["todo"], actor)
        elif opened is not None:
            trail.adjustment(project, result, unit, opened, actor)
    if lines[at + 1 :]:
        drawn.show(_drawn(lines[at + 1 :], unit, None, None), f"items_below_{unit}")


def _indicators(result: Assessment, unit: str, traces: Sequence[IndicatorTrace]) -> list[Line]:
    flagged, found = shortfall_told.of_unit(result, unit), []
    for node in words.applicable(result, unit):
        inside = [one for one in traces if one.section.code == node["section"]]
        if not inside:
            continue
        got, aside = words.section_told(node)
        found.append(Line("", "", node["title"], got, ((aside, "gray"),) if aside else (), node["section"]))
        for one in inside:
            flag = flagged.get(one.indicator.code)
            told = tuple(trail.badges(one, flag and flag["label"]))
            found.append(
                Line(one.indicator.code, one.indicator.clause, one.indicator.title, _points(one), told, of=one)
            )
    return found


def _points(one: IndicatorTrace) -> str:
    told = trail.points_told(one)
    return f"{told} 分" if told else ""


def _adjustments(result: Assessment, unit: str) -> list[Line]:
    given = trail.given(result, unit)
    if not given:
        return []
    lines = [Line("", "", "加分、扣分和一票否决", "")]
    for one in result.rubric.adjustments(result.rubric.group_of(unit) or ""):
        told = given[one.code]
        lines.append(Line(one.code, one.clause, one.title, "", ((told, "gray" if told == "没有" else "orange"),), of=one))
    return lines


def _drawn(lines: Sequence[Line], unit: str, opened: str | None, section: str | None) -> str:
    """Headings and lists; what the address asks for carries data-seek."""
    query = {"unit": unit} | {name: value for name in KEPT if (value := state.parameter(name))}
    body, inside = [], False
    for one in lines:
        if bool(one.code) != inside:
            body.append("<ul>" if one.code else "</ul>")
            inside = bool(one.code)
        if one.code:
            body.append(_line(one, query, one.code == opened))
        else:
            body.append(_heading(one, one.section == section and not opened))
    return f'<div class="items">{"".join(body)}{"</ul>" if inside else ""}</div>'


def _heading(one: Line, sought: bool) -> str:
    seek = f' data-seek="{escape(one.section)}"' if sought else ""
    aside = "".join(f" <i>{escape(text)}</i>" for text, _ in one.told)
    return f"<h4{seek}>{escape(one.title)}<span>{escape(one.points)}</span>{aside}</h4>"


def _line(one: Line, query: Mapping[str, str], is_open: bool) -> str:
    if not is_open:
        query = {**query, "indicator" if isinstance(one.of, IndicatorTrace) else "adjustment": one.code}
    badges = "".join(f'<span class="badge {tone}">{escape(text)}</span>' for text, tone in one.told)
    mark = f' class="open" data-seek="{escape(one.code)}"' if is_open else ""
    return (
        f'<li{mark}><a href="{drawn.address("unit", query)}" id="item-{escape(one.code)}" data-here aria-expanded="{str(is_open).lower()}">'
        f'<span class="clause">{escape(one.clause)}</span><b>{escape(one.title)}</b>'
        f'<span class="points">{escape(one.points)}</span><span class="told">{badges}</span></a></li>'
    )

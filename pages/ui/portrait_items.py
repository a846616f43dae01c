"""单位: 各项指标 with their traces, of all sections or of the one in the address. Shows rows; reckons nothing."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import shortfall_told, state, trail, words
from scoring.access import Actor
from scoring.engine import Assessment
from scoring.engine.explain import IndicatorTrace
from scoring.project import Project


def show(project: Project, result: Assessment, unit: str, traces: Sequence[IndicatorTrace], actor: Actor) -> None:
    """Section by section. ?section= shows one, ?lost=true only what is wanting, ?indicator= is open."""
    st.subheader("各项指标")
    codes = chosen_section(result, unit)
    only = state.pick_only("只看失分和暂缺的", "lost")
    flagged = shortfall_told.of_unit(result, unit)
    shown = [trace for trace in traces if not only or words.wanting(trace.score)]
    for node in words.applicable(result, unit):
        if codes is not None and node["section"] not in codes:
            continue
        inside = [trace for trace in shown if trace.section.code == node["section"]]
        with st.container(gap="xsmall"):
            if inside:
                st.markdown(words.section(node))
            for trace in inside:
                trail.expander(project, result, unit, trace, flagged.get(trace.indicator.code), actor)
    if codes is None:
        trail.adjustments(project, result, unit, actor)


def asked() -> bool:
    """Whether the address names an item or a section: then they stand where they are seen at once."""
    return bool(state.parameter("section") or state.parameter("indicator"))


def chosen_section(result: Assessment, unit: str) -> set[str] | None:
    """The section of the first level in the address with all below it, and a chip to see all again; None for all."""
    wanted, rubric = state.parameter("section"), result.rubric
    group = rubric.group_of(unit) or ""
    titles = {section.code: section.title for section in rubric.sections(group)}
    if wanted not in titles:
        return None
    st.button(
        f"只列“{titles[wanted]}”，点此列出全部", icon=":material/close:", key="every_section", on_click=state.set_parameter,
        args=("section", None),
    )  # fmt: skip
    below = words.codes_below(rubric, group)
    return next(codes for codes in below.values() if wanted in codes)

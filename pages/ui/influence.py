"""影响省对市: the city's total, who costs it how much, and how sure that is. Shows an `Influence`; computes no share."""

from __future__ import annotations

import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import pictures, served, state, study_tables, tables
from pages.ui.identity import visitor
from pages.ui.tinted import tinted
from scoring.access import may
from scoring.engine import Assessment
from scoring.insight.influence import By, Influence, NotReckoned, influence, rubric_over_members
from scoring.project import Project
from scoring.reports import influence as told
from scoring.reports.study import Sheet
from scoring.rubric import Rubric

_TEXT = ("单位", "条款", "指标", "拉低最多的条款", "拉低最多的单位")
_WIDE = 145  # pixels


def show(project: Project, result: Assessment) -> None:
    """The whole page; a unit that reports sees what is said of itself."""
    rubric = rubric_over_members(project.editions.all, result.period.label)
    if rubric is None:
        st.info(told.not_offered(project.editions.all), icon=":material/info:")
        return
    actor = visitor()
    every = may(actor, "see_scores")
    if not every and actor.unit is None:
        st.info("这一页不对现在的身份开放。", icon=":material/lock:")
        return
    titles = _views(result)
    by = titles[state.pick_view(list(titles), "by")] if every else _view_of(result, actor.unit)
    try:
        with st.spinner("正在推算…"):
            found = studied(project, result, rubric, by)
    except NotReckoned as why:
        st.warning(f"{why}。", icon=":material/pending:")
        return
    if not every:
        _own(found, actor.unit)
        return
    _city(found, rubric)
    _units(found)


def studied(project: Project, result: Assessment, rubric: Rubric, by: By) -> Influence:
    """Made once for each choice. Raises NotReckoned."""
    period = rubric.period(result.period.label)
    own = result if result.rubric is not rubric else None
    return served.kept(f"influence {by}", lambda: influence(project.store, rubric, period, result.as_of, own, by))


def _views(result: Assessment) -> dict[str, By]:
    first = next(iter(result.rubric.groups.values())).title
    return {f"{first}之间": "counties", "全部单位之间": "all"}


def _view_of(result: Assessment, unit: str | None) -> By:
    """The view the office sees a unit in first."""
    first = next(iter(result.rubric.groups))
    return "counties" if unit is not None and result.rubric.group_of(unit) == first else "all"


def _city(found: Influence, rubric: Rubric) -> None:
    """How the total comes about."""
    first, *others = told.headline(found)
    st.markdown(f"#### {first}")
    for line in others:
        st.markdown(line)
    sheet = Sheet("全市得分的来由", told.CLAUSES, told.clause_rows(found))
    with st.expander(
        f"全市 {told.shown(found.total)} 分是怎么来的（{rubric.spec.document.number}）", key="city_sum", on_change="rerun"
    ) as part:  # fmt: skip
        if part.open:
            _table(found, sheet, "省对市得分的来由")


def _units(found: Influence) -> None:
    picture = told.bars(found, state.theme())
    if picture:
        st.markdown("**各单位拉低全市多少分**（红色是拉低，绿色是替全市找回）")
        pictures.show(picture)
    units, _, *rest = told.sheets(found)
    st.markdown("**逐个单位**")
    _table(found, units, "影响省对市得分")
    for sheet in rest:
        with st.expander("逐条分摊：每个单位在每一条上拉低多少分", key="shares", on_change="rerun") as part:
            if part.open:
                _table(found, sheet, "影响省对市得分_逐条分摊")
    with st.expander("每个单位一句话"):
        st.markdown("\n".join(f"- {told.sentence(found, one)}" for one in told.by_share(found)))
    if method := told.method(found):
        st.caption(method)
    st.caption("“没有它时”是假设没有这个单位：它的案件、报送、任务、样本和人口都不算在全市里，其余单位不变。各数四舍五入到两位。")


def _own(found: Influence, unit: str | None) -> None:
    """Of one unit only, what is said of it."""
    part = next((one for one in found.parts if one.unit == unit), None)
    if part is None:
        st.info(f"本单位的数据不计入{found.title}的省对市得分。", icon=":material/info:")
        return
    st.markdown(f"#### {told.sentence(found, part)}")
    if method := told.method(found):
        st.caption(method)


def _table(found: Influence, sheet: Sheet, title: str) -> None:
    """`title` names the file of the export."""
    columns = {
        name: TextColumn(alignment="left" if name in _TEXT else "right", width=_WIDE if name == "单位" else None) for name in sheet.head
    }
    long = [name for name in sheet.head if name in _TEXT[1:]]
    styled = tinted(study_tables.texts(sheet, lambda cell, _: str(cell)), texts=dict.fromkeys(long, tables.wrapping))
    study_tables.show(sheet, styled, columns, title, found.as_of)

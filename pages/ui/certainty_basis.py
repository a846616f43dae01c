"""名次有多稳: which rubric is studied, the edition in force or the draft of the lab, and its results. Studies nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st
from streamlit.column_config import TextColumn

from pages.ui import lab, served, state, study_tables, words
from scoring.engine import Assessment, assess
from scoring.insight.robustness import NotStudied, Shares, shares_of
from scoring.insight.robustness.told import percent
from scoring.issues import errors
from scoring.project import Project
from scoring.reports.robustness_sheets import TIMES
from scoring.reports.study import Cell, Sheet
from scoring.rubric import Rubric
from scoring.rubric.knobs import by_path
from scoring.rubric.scaling import NotScaled
from scoring.rubric.trial import tried

T = TypeVar("T")
_WIDTHS = {"现名次": 60, "居中": 50, "名次": 60, "分值": 50, "占满分": 70, "拉开的差距": 90, "一句话": 430}  # pixels


@dataclass(frozen=True)
class Studied:
    """`key`: what else than version, period and day the results depend on; "" for the edition in force."""

    project: Project
    result: Assessment
    key: str

    def kept(self, what: str, make: Callable[[], T]) -> T:
        """Made once. Raises NotStudied, each time anew: that is quick."""
        return served.kept(f"certainty|{what}|{self.key}", make)

    def shares(self, group: str) -> Shares:
        return self.kept(f"shares {group}", lambda: shares_of(self.result, group))


def studied(project: Project, result: Assessment) -> Studied:
    """The edition in force, or the draft that the address names; a draft that cannot be is told, and the page ends."""
    rubric = lab.base()
    changed = lab.changes(rubric)
    if not changed:
        st.markdown(words.basis(result))
        return Studied(project, result, "")
    _announced(rubric)
    key = "|".join([";".join(f"{path}={value}" for path, value in changed.items()), *(state.parameter(one) or "" for one in lab.HOW)])
    try:
        with st.spinner("正在按草案计分…"):
            found = served.kept(f"certainty|draft|{key}", lambda: _scored(project, result, _draft(rubric)))
    except _NoDraftError as error:
        for told in error.args:
            st.warning(words.plain(told))
        st.stop()
    return Studied(project, found, key)


def _announced(rubric: Rubric) -> None:
    known = by_path(rubric)
    changed = [f"{known[path].title} {known[path].written} → {value}" for path, value in lab.changes(rubric).items()]
    st.info(f"这里看的是权重实验室里的草案，不是正式成绩。已改 {len(changed)} 处：{words.plain('；'.join(changed))}。", icon=":material/tune:")
    left, right, _ = st.columns([1, 1.2, 3])
    if left.button("回到权重实验室", icon=":material/arrow_back:"):
        kept = {name: told for name in (lab.ADDRESS, "group", *lab.HOW) if (told := state.parameter(name))}
        st.switch_page("analysts/lab.py", query_params=kept)
    if right.button("不看草案，看现行办法", icon=":material/gavel:"):
        state.set_parameter(lab.ADDRESS, None)
        st.rerun()


class _NoDraftError(Exception):
    """What is wrong with the draft, one sentence each."""


def _draft(rubric: Rubric) -> Rubric:
    try:
        written, _ = lab.texts(rubric, lab.how(rubric))
    except NotScaled as error:
        raise _NoDraftError(str(error)) from error
    draft, issues = tried(rubric, written)
    if draft is None:
        raise _NoDraftError(*(str(issue) for issue in errors(issues)))
    return draft


def _scored(project: Project, result: Assessment, draft: Rubric) -> Assessment:
    return assess(project.store, draft, result.period, result.as_of, result.previous)


def not_studied(error: NotStudied) -> None:
    st.info(f"{words.plain(error.problem)}。", icon=":material/info:")
    if error.fix:
        st.markdown(f"**接下来可以**　{words.plain(error.fix)}。")


def table(found: Studied, sheet: Sheet, number_of: int = 0) -> None:
    """A table and its export. Counts of draws are shown with their percent of `number_of`."""
    frame = study_tables.texts(sheet, lambda cell, column: _cell(cell, number_of if column.endswith(TIMES) else 0))
    wide = {name: TextColumn(width=_WIDTHS[name]) for name in sheet.head if name in _WIDTHS}
    study_tables.show(sheet, frame, wide, f"{'草案' if found.key else ''}{sheet.title}", found.result.as_of)


def _cell(cell: Cell, number_of: int) -> str:
    if cell is None:
        return "—"
    if cell == 0:
        return "0"
    return f"{cell:,}（{percent(cell, number_of)}）" if number_of and isinstance(cell, int) else str(cell)

"""名次有多稳, the other views: which points the ranking depends on, and what each item really counts for. Shows, reckons nothing."""

from __future__ import annotations

import streamlit as st

from pages.ui import certainty_basis, pictures, state, words
from pages.ui.certainty_basis import Studied
from scoring.insight.robustness import NotStudied, effective, fitted, what_moves, without_each
from scoring.insight.robustness.draws import By
from scoring.insight.robustness.told import effective_sentence, fitted_sentence, moves_sentence, without_sentence
from scoring.insight.robustness.ways import SEED, TEN, nominal_aims
from scoring.reports import robustness_sheets

BY = {"一级指标": "section", "每个指标": "item"}
_RUNS: dict[By, int] = {"section": 1024, "item": 512}
_TELLING = 5  # sentences above the table


def what_matters(studied: Studied, group: str) -> None:
    """Which points the ranking depends on most, and the places without each item."""
    by = _pick_by()
    try:
        shares = studied.shares(group)
        with st.spinner("正在试算…"):
            found = studied.kept(f"moves {group} {by}", lambda: what_moves(shares, TEN, SEED, _RUNS[by], by))
            left_out = studied.kept(f"without {group}", lambda: without_each(shares))
    except NotStudied as error:
        certainty_basis.not_studied(error)
        return
    st.markdown(f"#### {words.plain(moves_sentence(found))}")
    if found.moves:
        pictures.show(robustness_sheets.moves_picture(found, state.theme()))
        st.caption("几项分值一起变时名次才变的，每一项都算有关，所以各项的百分数加起来可以超过 100%。")
    st.subheader("去掉一项会怎样")
    st.markdown(words.plain(without_sentence(shares, left_out[0])))
    certainty_basis.table(studied, robustness_sheets.without(shares, left_out))


def what_counts(studied: Studied, group: str) -> None:
    """Points on paper beside what they do to the differences, and points that would do what the paper says."""
    by = _pick_by()
    try:
        shares = studied.shares(group)
        found = studied.kept(f"effective {group} {by}", lambda: effective(shares, by))
    except NotStudied as error:
        certainty_basis.not_studied(error)
        return
    telling = sorted(found.parts, key=lambda one: -abs(one.effective - one.nominal))[: 3 if by == "section" else _TELLING]
    st.markdown("\n".join(f"- {words.plain(effective_sentence(found, one))}" for one in telling))
    pictures.show(robustness_sheets.separated_picture(found, state.theme()))
    certainty_basis.table(studied, robustness_sheets.separated(found))
    st.subheader("要让作用与名义分值相称，分值该怎么定")
    st.caption("目标：各一级指标拉开差距的作用，与它们的满分成同样的比例；加扣分、否决等占去的差距不在内。只是测算，不改办法。")
    if state.pick_only("按名义分值的比例反推", "fit"):
        _fitted(studied, group)


def _fitted(studied: Studied, group: str) -> None:
    shares = studied.shares(group)
    try:
        with st.spinner("正在反推…"):
            found = studied.kept(f"fitted {group}", lambda: fitted(shares, nominal_aims(shares), seed=SEED))
    except NotStudied as error:
        certainty_basis.not_studied(error)
        return
    st.markdown(words.plain(fitted_sentence(found)))
    certainty_basis.table(studied, robustness_sheets.fitted_to(found))


def _pick_by() -> By:
    return "item" if state.pick_code("按什么看", BY, "by", width=240) == "item" else "section"

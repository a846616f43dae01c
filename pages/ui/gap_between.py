"""差距: two units of one group side by side: the sentence, the bars, the tables. Shows a gap; computes no score."""

from __future__ import annotations

import streamlit as st

from pages.ui import drawn, gap_tables, served, shortfall_told, state, words
from scoring.engine import Assessment
from scoring.insight.gap import Gap, NotCompared, ends_of, gap_of
from scoring.insight.gap_told import applies_sentence, gap_sentence, widespread_sentence
from scoring.project import Project
from scoring.reports.gap_picture import gap_picture
from scoring.reports.gap_tables import SECTION_HEAD, part_head, part_rows, section_rows
from scoring.reports.study import Sheet

STYLE = """<style>
.g{container-type:inline-size}.g-narrow{display:none}
@container (max-width:640px){.g-wide{display:none}.g-narrow{display:block}}
</style>"""


def show(project: Project, result: Assessment) -> None:
    group = state.pick_group(result)
    try:
        pair = _pair(result, group)
        found = served.kept(f"gap {pair}", lambda: gap_of(result, *pair, shortfall_told.problems_of(result, group)))
    except NotCompared as error:
        st.info(f"{error}。", icon=":material/info:")
        return
    head, _, rest = gap_sentence(found).partition("。")
    st.markdown(f"#### {words.plain(head)}。")
    st.markdown(words.plain(f"{rest}{applies_sentence(found)}{widespread_sentence(found)}"))
    _picture(found)
    st.caption(
        "多数单位也差：前面的单位比本组处在中间的单位多出的部分；单独差：后面的单位比中间还差的部分。"
        "表里的负数是后面的单位反而多得的分。不适用的指标由折算补回，封顶、舍入不归哪一条，都不作区分。"
    )
    _tables(found, result)


def _picture(found: Gap) -> None:
    """Drawn for a screen and for a phone, of which one is shown."""
    wide, narrow = (gap_picture(found, state.theme(), narrow) for narrow in (False, True))
    if wide:
        drawn.show(
            f'{STYLE}<div class="g"><div class="g-wide">{wide}</div><div class="g-narrow">{narrow}</div></div>', "gap"
        )


def _pair(result: Assessment, group: str) -> tuple[str, str]:
    """At first the first and the last of the group. Raises NotCompared."""
    ranked = {row["unit"] for row in result.rows("ranking", group=group)}
    codes = {unit.title: unit.code for unit in result.rubric.register.units if unit.code in ranked}
    try:
        first, last = ends_of(result, group)
    except NotCompared:
        if len(codes) < 2:
            raise
        first, last = list(codes.values())[:2]
    left, right, _ = st.columns([1, 1, 2])
    with left:
        one = state.pick_code("一个单位", codes, "ahead", first)
    with right:
        other = state.pick_code("另一个单位", codes, "behind", last)
    return one, other


def _tables(found: Gap, result: Assessment) -> None:
    name = f"{found.ahead.title}与{found.behind.title}的差距"
    gap_tables.drawn_table(Sheet("按一级指标", SECTION_HEAD, section_rows(found)), result, f"{name}（一级指标）")
    headings = {one.title: one.code for one in found.sections}
    chosen = state.pick("一级指标", list(headings), "section", "全部一级指标")
    head, rows = part_head(found), part_rows(found, headings.get(chosen or ""))
    if not any(row[-1] for row in rows):  # nothing to be remarked
        head, rows = head[:-1], [row[:-1] for row in rows]
    gap_tables.drawn_table(Sheet("逐条", head, rows), result, f"{name}（逐条）")

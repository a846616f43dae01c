"""The 考核办法 clause by clause: words, figures, the text as written and its SQL. Shows what the rubric holds."""

from __future__ import annotations

from textwrap import dedent

import streamlit as st

from pages.ui import rubric_words, served, tables, words
from scoring.engine.placed import Placed, placed, placed_one
from scoring.project import Project
from scoring.rubric import Indicator, Rubric, Section, following
from scoring.rubric.assumed import stated
from scoring.rubric.items import located
from scoring.rubric.words import gathered_above, worth
from scoring.sql.text import Query

HEIGHT = 420  # pixels of a long code block, which then scrolls
LONG = 24  # lines


def heading(rubric: Rubric) -> None:
    """Which document this is and the rules that hold for everything in it."""
    spec = rubric.spec
    st.markdown(
        f"**{spec.rubric}**　{spec.edition}版　{spec.document.number}　{words.day(spec.document.in_force)}起施行　"
        f"文件 `{rubric.document.file}`"
    )
    st.caption(rubric_words.conventions(rubric))


def show(project: Project, rubric: Rubric, code: str) -> None:
    """One indicator: rule, full marks, flag, remedy, source; then its figures, its text and its SQL."""
    section, indicator = rubric.section_of[code], rubric.indicators[code]
    inside = [placed_one(rubric, group, code) for group in rubric.groups if indicator.in_group(group)]
    served.shown_once(f"clause {code}", lambda: _clause(project, rubric, section, indicator, inside))
    with st.expander("计算步骤（SQL）", key=f"sql_{code}", on_change="rerun") as steps:
        if steps.open:
            _queries(rubric, indicator, inside)


def _clause(project: Project, rubric: Rubric, section: Section, indicator: Indicator, inside: list[Placed]) -> None:
    st.markdown(f"### {indicator.clause}　{indicator.title}")
    st.markdown("  \n".join(f"**{head}**　{text}" for head, text in _lines(section, indicator, inside)))
    st.markdown("**用到的数据项**")
    tables.measures(rubric, [code for code in inside[0].everything if code in rubric.measures])
    _anchors(inside)
    _written(project, rubric, indicator)


def _anchors(inside: list[Placed]) -> None:
    """Points that the text says outright, for whoever checks whether the rule was written down as it was meant."""
    told = {}
    for one in inside:
        notes = dict.fromkeys(note.note for rule, _ in one.scored for note in rule.anchors(one.setting).found)
        told[one.rubric.groups[one.group].title] = "；".join(notes)
    if lines := _by_group("", told):
        with st.expander("对照：什么样的数得几分"):
            st.markdown("  \n".join(f"**{head.strip('（）')}**　{text}" if head else text for head, text in lines))
            st.caption("单看这一条规则；同一指标另有规则的相加，不低于本项最低分，不高于本项最高分。")


def _lines(section: Section, indicator: Indicator, inside: list[Placed]) -> list[tuple[str, str]]:
    groups = inside[0].rubric.groups
    full = "，".join(f"{groups[one.group].title} {worth(one.full, one.top)}" for one in inside if one.full is not None or one.top is not None)
    told = [("一级指标", inside[0].rubric.path(section.code)), ("满分", full or "不设满分")]
    told += _by_group("汇总", {groups[one.group].title: gathered_above(one.rubric, one.group, section.code) for one in inside})
    told += _by_group("计分规则", {groups[one.group].title: one.words for one in inside})
    for what, text in (("我们的理解", indicator.assumption), ("对这个一级指标的理解", section.assumption)):
        told += [(what, f"{words.plain(stated(text))}。")] if text is not None else []
    return told + [(head, f"{words.plain(text)}。") for head, text in rubric_words.conditions(inside[0])]


def _by_group(head: str, told: dict[str, str]) -> list[tuple[str, str]]:
    """One line where all groups are told the same, else one for each wording; none where there is nothing to tell."""
    titles: dict[str, list[str]] = {}
    for title, text in told.items():
        titles.setdefault(text, []).append(title)
    return [
        (head if len(titles) == 1 else f"{head}（{'、'.join(whose)}）", f"{words.plain(text)}。")
        for text, whose in titles.items() if text
    ]  # fmt: skip


def _written(project: Project, rubric: Rubric, indicator: Indicator) -> None:
    """The lines of the YAML file, from this indicator to the next entry."""
    at = next(loc for loc, _, one in located(rubric.spec.sections) if one.code == indicator.code)
    lines = rubric.document.lines
    first = lines[at]
    inside = [line for loc, line in lines.items() if loc[: len(at)] == at]
    following = [line for line in lines.values() if line > max(inside)]
    text = (project.folder / rubric.document.file).read_text(encoding="utf-8-sig").splitlines()
    last = min(following, default=len(text) + 1) - 1
    shown = text[first - 1 : last]
    while shown and (not shown[-1].strip() or shown[-1].strip().startswith("#")):
        shown.pop()
    with st.expander(f"办法原文（`{rubric.document.file}` 第 {first}–{first + len(shown) - 1} 行）"):
        st.code(dedent("\n".join(shown)), language="yaml", wrap_lines=True)


def _queries(rubric: Rubric, indicator: Indicator, inside: list[Placed]) -> None:
    needs = tuple(dict.fromkeys(code for one in inside for code in one.everything))
    headings = [one.heading for group in rubric.groups for one in placed(rubric, group)]
    own = [one.heading for one in inside]
    elsewhere = {group for group in rubric.groups if not indicator.in_group(group)}
    st.caption("从数到分的每一步，按先后排列；多个指标合在一步里的，只摘出与本指标有关的几行。")
    for query in served.plan().about(indicator.code, needs):
        if query.name.split("__")[0] not in elsewhere:
            text = _excerpt(query, own, headings)
            st.markdown(f"**{query.one_row_per}**")
            st.code(text, language="sql", wrap_lines=True, height=HEIGHT if text.count("\n") > LONG else "content")


def _excerpt(query: Query, own: list[str], headings: list[str]) -> str:
    """The statement without the lines that other indicators' headings introduce."""
    starts = {f"-- {heading}" for heading in headings}
    kept, keep = [], True
    for line in query.sql.splitlines():
        if line.strip() in starts:
            keep = line.strip().removeprefix("-- ") in own
            if not keep and kept[-1].strip() != "-- …":
                kept.append("    -- …")
        elif line.startswith(("FROM", "WHERE", ")")):
            keep = True
        if keep:
            kept.append(line)
    return "\n".join(kept)


def others(rubric: Rubric) -> None:
    """加分、扣分、一票否决 with the groups they hold for, and the grades."""
    told: dict[tuple[str, str, str, str], list[str]] = {}
    for code, group in rubric.groups.items():
        for one in rubric.adjustments(code):
            rule = rubric_words.adjustment(rubric, code, one)
            rule += f"；我们的理解：{stated(one.assumption)}" if one.assumption is not None else ""
            row = (one.clause, rubric_words.KINDS[one.kind], one.title, rule)
            told.setdefault(row, []).append(group.title)
    tables.adjustments([(*row[:3], "、".join(groups), row[3]) for row, groups in told.items()])
    st.markdown(f"**等次**　{rubric_words.grades(rubric)}。" if rubric.spec.grades else "本办法不评等次。")
    for grade in rubric.spec.grades:
        if grade.assumption is not None:
            st.markdown(f"**我们的理解（{grade.title}）**　{words.plain(stated(grade.assumption))}。")


def consequences(rubric: Rubric) -> None:
    """结果运用: whom each clause takes hold of, what follows, who is left out, what we chose."""
    found = rubric.spec.consequences
    if not found:
        st.markdown("本办法没有写结果运用。")
        return
    rows = []
    for one in found:
        whom = "；".join([f"{following.who(one)}的", *following.left_out(rubric, one)])
        whom += f"；我们的理解：{stated(one.assumption)}" if one.assumption is not None else ""
        days = f"{one.within_days} 日内" if one.within_days is not None else "—"
        rows.append((one.clause, one.action, whom, following.of_groups(rubric, one), days))
    tables.consequences(rows)
    st.caption("各组分别按本组的名次、等次计。名次或等次还可能变动的，在“排名”和“单位”页注明待定。")

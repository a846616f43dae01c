"""The way down from one indicator: rule, calculation, figures, and the rows and reports they were counted from."""

from __future__ import annotations

from pathlib import PureWindowsPath  # knows both kinds of slash

import streamlit as st

from pages.ui import reports_read, rubric_words, tables, taken_told, words
from scoring.access import Actor, may
from scoring.calendar import label_words
from scoring.engine import Assessment
from scoring.engine.assessment import STATE_TITLES
from scoring.engine.explain import STATUS, IndicatorTrace
from scoring.engine.printed import between, points
from scoring.engine.sources import reports, source_rows
from scoring.engine.summed import adjustment_told
from scoring.project import Project
from scoring.rubric import Measure
from scoring.rubric.assumed import stated
from scoring.rubric.model import Adjustment

SHOWN = 200  # rows of one figure that are fetched


def label(trace: IndicatorTrace, flagged: str | None) -> str:
    """One line in Markdown: clause, title, points of full marks, what is the matter."""
    line = f"{trace.indicator.clause}　**{trace.indicator.title}**"
    if scored := points_told(trace):
        line += f"　{scored} 分"
    return line + "".join(f"　:{tone}-badge[{text}]" for text, tone in badges(trace, flagged))


def points_told(trace: IndicatorTrace) -> str:
    """8.00 / 14.00; nothing where the item does not apply."""
    return "" if trace.score["state"] == "not_applicable" else words.scored(trace.score)


def badges(trace: IndicatorTrace, flagged: str | None) -> list[tuple[str, str]]:
    """What is the matter with an item, each with its colour."""
    score = trace.score
    if score["state"] == "not_applicable":
        return [("不适用", "gray")]
    told = [(STATE_TITLES[score["state"]], "orange")] if score["state"] != "value" else []
    if words.open_loss(score):
        told.append(("失分待定", "orange"))
    elif score["points_lost"]:
        told.append((f"失 {points(score['points_lost'])} 分", "red"))
    elif score["state"] == "value" and score["full_marks"] is not None:
        told.append(("满分", "green"))
    if flagged and flagged not in words.ABSENT.values():
        told.append((f"短板：{flagged}", "orange"))
    return told


def show(
    project: Project, result: Assessment, unit: str, trace: IndicatorTrace, todo: str | None, actor: Actor
) -> None:
    """Rule and calculation in words, what to do, then the sources as far as the reader may see them."""
    lines = [("计算", trace.sentence), ("规则", trace.rule)]
    if trace.indicator.assumption is not None:
        lines.append(("我们的理解", stated(trace.indicator.assumption)))
    if todo:
        lines.append(("整改建议", todo.rstrip("。")))
    st.markdown("  \n".join(f"**{head}**　{words.plain(text)}。" for head, text in lines))
    if not may(actor, "see_rows", unit):
        return
    sources(project, result, unit, [row["measure"] for row in trace.measures])


def sources(project: Project, result: Assessment, unit: str, codes: list[str]) -> None:
    """The rows behind some figures, one table per form; for schedules the due reports."""
    rubric = result.rubric
    forms: dict[str, list[Measure]] = {}
    for code in codes:
        forms.setdefault(rubric.measures[code].form, []).append(rubric.measures[code])
    for code, inside in forms.items():
        form = rubric.forms[code]
        if any(measure.schedule_item for measure in inside):
            st.markdown(f"**来源**　{form.title} · 报送登记")
            tables.reports(reports(result, unit, code), result)
        else:
            _rows(project, result, unit, inside)


def _rows(project: Project, result: Assessment, unit: str, measures: list[Measure]) -> None:
    form = result.rubric.forms[measures[0].form]
    found: dict[tuple[str, int], tuple[dict[str, str], list[str]]] = {}
    for measure in measures:
        for row in source_rows(project.store, result, unit, measure, SHOWN):
            found.setdefault((row.file, row.row), (row.cells, []))[1].append(measure.title)
    told = _received(result, unit, form.code)
    if not found:
        names = "、".join(measure.title for measure in measures)
        st.markdown(f"**来源**　{form.title}：没有计入“{names}”的行{told}")
    for file in dict.fromkeys(file for file, _ in found):
        rows = [(number, *found[name, number]) for name, number in sorted(found) if name == file]
        numbers = words.joined([number for number, _, _ in rows])
        st.markdown(
            f"**来源**　{form.title} · `{PureWindowsPath(file).name}` 第 {numbers} 行（共 {len(rows)} 行）{told}"
        )
        tables.source(rows)


def _received(result: Assessment, unit: str, form: str) -> str:
    """How the reports of a form came in, where it has a schedule of its own."""
    due = [row for row in reports(result, unit, form) if row["status"] != "not_yet"]
    if not due:
        return ""
    odd = [row for row in due if row["status"] != "on_time"]
    if not odd:
        return f"；应报 {len(due)} 次，都按时收到"
    told = "、".join(f"{label_words(str(row['due_period']))}{STATUS[str(row['status'])]}" for row in odd)
    return f"；应报 {len(due)} 次，:orange[{told}]"


def adjustment(project: Project, result: Assessment, unit: str, one: Adjustment, actor: Actor) -> None:
    """加分、扣分 or 一票否决: the clause in words, then the rows as far as the reader may see them."""
    rubric, group = result.rubric, result.rubric.group_of(unit) or ""
    lines = [("计算", words.plain(taken_told.why(result, unit, one))), ("规则", rubric_words.adjustment(rubric, group, one))]
    if one.assumption is not None:
        lines.append(("我们的理解", words.plain(stated(one.assumption))))
    st.markdown("  \n".join(f"**{head}**　{text}。" for head, text in lines))
    if may(actor, "see_rows", unit):
        sources(project, result, unit, rubric_words.adjustment_measures(rubric, group, one))


def given(result: Assessment, unit: str) -> dict[str, str]:
    """What each adjustment of the unit's group gave or took, in words, by its code; 没有 where there was none."""
    total, rows = result.one("unit_score", unit=unit), {row["adjustment"]: row for row in result.rows("adjustment", unit=unit)}
    found = {}
    for one in result.rubric.adjustments(result.rubric.group_of(unit) or ""):
        row = rows.get(one.code)
        told = adjustment_told(result.rubric, one, row, total["state"] if total else "") if row else "没有"
        if not told and row:
            told = between(row["points_low"], row["points_high"])
            told += "" if told == "待定" else " 分"
        found[one.code] = told
    return found


def due_reports(result: Assessment, unit: str) -> None:
    """报送情况 of the unit: counts by form, then what was late or missing."""
    due = result.rows("due", unit=unit)
    if not due:
        return
    odd = [row for row in due if row["status"] in ("late", "missing")]
    st.subheader("报送情况")
    st.markdown(f"迟报、未报 {len(odd)} 次。" if odd else "没有迟报、未报。")
    left, right = st.columns([2, 3], gap="medium")
    with left:
        reports_read.counts(result, due, f"report_counts_{unit}")
    with right:
        reports_read.odd(odd, result, f"odd_reports_{unit}")

"""From a place to the source rows, in sentences a county official understands. Reads result tables; computes no score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.calendar import label_words
from scoring.engine.assessment import STATE_TITLES, Assessment
from scoring.engine.beside import TABLE as COMPARED
from scoring.engine.followed import following
from scoring.engine.placed import placed
from scoring.engine.printed import between, points
from scoring.engine.sentence import sentence
from scoring.engine.sources import reports, source_rows, uncounted
from scoring.engine.summed import sum_lines
from scoring.expressions.words import amount, number
from scoring.forms import Form
from scoring.rubric import Indicator, Measure, Rubric, Section
from scoring.rubric.assumed import beside_indicators, of_indicator, of_section
from scoring.rubric.model import SCHEDULE_ITEMS, SCHEDULE_UNITS, Period
from scoring.rubric.settings import figure_of
from scoring.store import Store

STATUS = {"on_time": "按时", "late": "迟报", "missing": "未报", "not_yet": "未到期"}


@dataclass(frozen=True)
class IndicatorTrace:
    """One indicator of one unit, told and with its parts."""

    section: Section
    indicator: Indicator
    rule: str
    sentence: str
    score: dict[str, Any]
    parts: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    landings: list[dict[str, Any]]
    entries: list[dict[str, Any]]  # what the assessors entered
    compared: list[dict[str, Any]]  # the figures of the group beside its own


def unit_code(assessment: Assessment, name: str) -> str | None:
    """By code, title or alias; only units that are assessed."""
    found = assessment.rubric.register.find(name)
    if found is None or assessment.one("ranking", unit=found.code) is None:
        return None
    return found.code


def indicator_traces(assessment: Assessment, unit: str, only: str | None = None) -> list[IndicatorTrace]:
    """Every indicator of the unit in the order of the text."""
    rubric = assessment.rubric
    group = rubric.group_of(unit) or ""
    scores = {row["indicator"]: row for row in assessment.rows("indicator_score", unit=unit)}
    parts = assessment.rows("rule_part", unit=unit)
    measures = {row["measure"]: row for row in assessment.rows("measure", unit=unit)}
    landings = assessment.rows("landing", unit=unit)
    entries = assessment.rows("judged_entry", unit=unit)
    compared = assessment.rows(COMPARED, unit=unit)
    out = []
    for one in placed(rubric, group):
        indicator = one.indicator
        if only is not None and indicator.code != only:
            continue
        own = [part for part in parts if part["indicator"] == indicator.code]
        own.sort(key=lambda part: (part["rule"], part["part"]))
        needed = [measures[code] for code in one.everything if code in measures]
        landed = [row for row in landings if row["indicator"] == indicator.code]
        score = scores[indicator.code]
        entered = [row for row in entries if row["indicator"] == indicator.code]
        beside = [row for row in compared if row["indicator"] == indicator.code]
        told = sentence(one, score, own, needed, landed, entered, beside)
        out.append(IndicatorTrace(one.section, indicator, one.words, told, score, own, needed, landed, entered, beside))
    return out


def explain_text(assessment: Assessment, store: Store, unit: str, only: str | None = None, sources: bool = True) -> str:
    """The whole walk, as lines of text."""
    rubric = assessment.rubric
    lines = _place_lines(assessment, unit)
    if only is None:
        lines += ["", "一、总分怎么来", *[f"  {line}" for line in sum_lines(assessment, unit)]]
        lines += ["", "二、各项指标"]
    section = None
    for trace in indicator_traces(assessment, unit, only):
        if trace.section.code != section:
            section = trace.section.code
            lines += ["", f"【{trace.section.title}】", *_told(of_section(trace.section))]
        full = (
            f"，满分 {number(trace.score['full_marks'].normalize())} 分"
            if trace.score["full_marks"] is not None
            else ""
        )
        lines.append(f"{trace.indicator.clause} {trace.indicator.title}{full}（{STATE_TITLES[trace.score['state']]}）")
        lines.append(f"  规则：{trace.rule}。")
        lines += _told(of_indicator(trace.indicator))
        lines.append(f"  计算：{trace.sentence}。")
        if sources:
            lines += [f"  {line}" for line in source_lines(assessment, store, unit, trace)]
    if not lines:
        return ""
    if only is None and (others := beside_indicators(rubric.spec)):
        lines += ["", "三、其他原文未写明、由编写者认定之处", *(f"  {one.words}。" for one in others)]
    lines += ["", f"办法：{rubric.title}（{rubric.spec.document.number}，{rubric.spec.edition}版）"]
    return "\n".join(lines)


def _told(assumption: str) -> list[str]:
    """The line of a choice of ours, where there is one."""
    return [f"  {assumption}。"] if assumption else []


def _place_lines(assessment: Assessment, unit: str) -> list[str]:
    rubric = assessment.rubric
    row = assessment.one("ranking", unit=unit)
    assert row is not None
    group = rubric.groups[row["group"]]
    head = f"{rubric.register.title(unit)}（{group.title}） {label_words(assessment.period.label)}，数据截至 {assessment.as_of}"
    followed_by = following(assessment, unit)
    return [head, place_sentence(assessment, row), *([f"结果运用：{followed_by}。"] if followed_by else [])]


def period_notices(rubric: Rubric, period: Period, offered: Sequence[str]) -> list[str]:
    """What is odd about scoring this period by this rubric. `offered`: the periods the office wrote down, if any."""
    told = []
    if offered and period.label not in offered:
        years = "、".join(offered)
        told.append(f"考核期 {period.label} 不在设置的考核期（{years}）之内，请核对年份。")
    if not rubric.in_force(period):
        day = rubric.spec.document.in_force
        told.append(
            f"{period.label} 年的考核期在本办法施行（{day.year}年{day.month}月{day.day}日）之前："
            "结果是按本办法试算的，不是当年的考核结果。"
        )
    return told


def place_range(row: dict[str, Any]) -> str:
    """The places a unit can take once all figures are there: 第 5–7 名."""
    best, worst = row["best_place"], row["worst_place"]
    return f"第 {best} 名" if best == worst else f"第 {best}–{worst} 名"


def is_open(row: dict[str, Any]) -> bool:
    """Whether a unit still waits for its place; not so where it has none by the rubric."""
    return row["state"] == "pending" and not row["unranked"]


def provisional_note(rows: Iterable[dict[str, Any]]) -> str:
    """What 暂定 means in this group: who is placed so far, and who is not."""
    placed, waiting = sum(row["place"] is not None for row in rows), sum(is_open(row) for row in rows)
    return f"目前只在数据齐全的 {placed} 个单位中排名，另有 {waiting} 个单位数据不全"


def place_sentence(assessment: Assessment, row: dict[str, Any]) -> str:
    """Place, total, grade, distance and last year in one sentence."""
    peers = assessment.rows("ranking", group=row["group"])
    size = f"共 {len(peers)} 个单位"
    before = last_year(assessment, row)
    before = f"，{before}" if before else ""
    if row["state"] in ("not_applicable", "stopped"):
        why = "没有适用的指标" if row["state"] == "not_applicable" else "一票否决"
        return f"{why}，不计总分，不排名次（{size}）{_grade(row)}{before}。"
    if row["unranked"]:
        total = f"总分 {points(row['total'])} 分" if row["total"] is not None else f"总分暂缺，{_possible(row)}"
        return f"一票否决，不参加排名（{size}），{total}{_grade(row)}{before}。"
    if row["place"] is None:
        return (
            f"总分暂缺（已计 {row['counted']}/应计 {row['countable']} 项），{_possible(row)}，"
            f"名次可能是{place_range(row)}（{size}）{before}。"
        )
    told = f"{'并列' if row['tied'] else ''}第 {row['place']} 名（{size}）"
    if row["provisional"]:
        head = "暂时并列" if row["tied"] else "暂列"
        told = f"{head}第 {row['place']} 名（{provisional_note(peers)}；都补齐后为{place_range(row)}）"
    told += f"，总分 {points(row['total'])} 分{_grade(row)}"
    if row["to_next"] is not None:
        told += f"，距上一名 {points(row['to_next'])} 分"
    return f"{told}{before}。"


def _grade(row: dict[str, Any]) -> str:
    """，等次良好（因名额）; while the quota is undecided the grade is 暂定."""
    told = ""
    if row["grade"]:
        mark = "（因名额）" if row["by_quota"] else "（暂定，名额未定）" if row["quota_open"] else ""
        told = f"，等次{row['grade']}{mark}"
    return told + ("，取消评先资格" if row["no_awards"] else "")


def last_year(assessment: Assessment, row: dict[str, Any]) -> str:
    """上年第 10 名, and whether another edition decided it; "" where there was no place."""
    if row["previous_place"] is None:
        return ""
    return f"上年第 {row['previous_place']} 名" + ("（办法有变）" if assessment.edition_changed else "")


def _possible(row: dict[str, Any]) -> str:
    low, high = row["total_low"], row["total_high"]
    if low is not None and high is not None:
        return f"可能在 {points(low)} 至 {points(high)} 分之间"
    told = between(low, high)
    return "可能的得分还不能确定" if told == "待定" else f"可能{told} 分"


def source_lines(assessment: Assessment, store: Store, unit: str, trace: IndicatorTrace) -> list[str]:
    """Where the figures stand: file and rows, or the register of submissions."""
    rubric = assessment.rubric
    lines = []
    for row in trace.measures:
        measure = rubric.measures[row["measure"]]
        form = rubric.forms[measure.form]
        if measure.schedule_item is not None:
            lines += _register_lines(assessment, unit, form, measure.schedule_item)
            continue
        value = _figure_words(assessment, measure, row)
        found = source_rows(store, assessment, unit, measure)
        state = "" if row["state"] == "value" else f"（{STATE_TITLES[row['state']]}）"
        if not found:
            why = _no_rows(assessment, store, unit, measure, row)
            lines.append(f"来源：{measure.title}{value}{state}：{why}")
            continue
        numbers = "、".join(str(r.row) for r in found[:12]) + ("…" if len(found) > 12 else "")
        lines.append(f"来源：{measure.title}{value}{state}：{found[0].file} 第 {numbers} 行（共 {len(found)} 行）")
    return lines


def _no_rows(assessment: Assessment, store: Store, unit: str, measure: Measure, row: dict[str, Any]) -> str:
    """Why no row counts: of what the office enters, not entered, not closed and dated elsewhere are three things."""
    form = assessment.rubric.forms[measure.form]
    if form.kept_by == "office":
        if told := uncounted(store, assessment, unit, measure):
            return "；".join(told)
        if measure.own_rows:
            closed = row["expected"] is None or row["expected"] == row["received"]
            return f"{form.title}没有登记这一项" + ("" if closed else "，也没有关账")
    return f"{form.title}没有计入的行"


def _register_lines(assessment: Assessment, unit: str, form: Form, item: str) -> list[str]:
    """The reports behind a count of the register: which were late (and how late), missing, too early."""
    told = []
    for row in reports(assessment, unit, form.code):
        label = label_words(str(row["due_period"]))
        if item in SCHEDULE_UNITS and row["status"] == "late":
            told.append(f"{label}（{row[item]} {SCHEDULE_UNITS[item]}）")
        elif row["status"] == item or (item == "early" and row["early"]):
            told.append(label)
    if not told or item not in ("late", "missing", "early", *SCHEDULE_UNITS):
        return []
    return [f"来源：报送登记 · {form.title}{SCHEDULE_ITEMS[item]}：{'、'.join(told)}"]


def _figure_words(assessment: Assessment, measure: Measure, row: dict[str, Any]) -> str:
    """The figure as told beside its source; a yes/no figure in words."""
    if row["value"] is None:
        return ""
    if figure_of(measure, assessment.rubric.forms).is_truth:
        return " 是" if row["value"] else " 否"
    return f" {amount(row['value'].normalize(), measure.thing)}"

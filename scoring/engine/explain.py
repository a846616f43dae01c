"""From a place to the source rows, in sentences a county official understands. Reads result tables; computes no score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.calendar import label_words
from scoring.engine.assessment import STATE_TITLES, Assessment
from scoring.engine.points import Placed
from scoring.engine.sources import reports, source_rows
from scoring.expressions.words import number
from scoring.rubric import Indicator, Measure, Section
from scoring.rubric.model import SCHEDULE_ITEMS, Bonus, Veto
from scoring.rubric.rules import Awards, Checklist, Deductions, Judged, Timeliness
from scoring.store import Store

TRACE_VERSION = "1"
KINDS = {
    "rescale": "合理缺项折算",
    "section_limit": "一级指标封顶、保底或舍入",
    "total_limit": "总分封顶或保底",
    "rounding": "总分四舍五入",
}
STATUS = {"on_time": "按时", "late": "迟报", "missing": "未报", "not_yet": "未到期"}


def points(value: Decimal | None) -> str:
    """Points as printed: at least two decimals, no needless zeros beyond."""
    if value is None:
        return "暂缺"
    text = format(value.normalize(), "f")
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}".replace("-", "−")


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
    out = []
    for section, indicator in rubric.placed(group):
        if only is not None and indicator.code != only:
            continue
        one = Placed(rubric, group, section, indicator)
        own = [part for part in parts if part["indicator"] == indicator.code]
        own.sort(key=lambda part: (part["rule"], part["part"]))
        needed = [measures[code] for code in one.everything if code in measures]
        landed = [row for row in landings if row["indicator"] == indicator.code]
        score = scores[indicator.code]
        told = _sentence(one, score, own, needed, landed)
        out.append(IndicatorTrace(section, indicator, one.words, told, score, own, needed, landed))
    return out


def _sentence(
    one: Placed,
    score: dict[str, Any],
    parts: list[dict[str, Any]],
    measures: list[dict[str, Any]],
    landed: list[dict[str, Any]],
) -> str:
    state = score["state"]
    if state == "not_applicable":
        return _not_applicable(one, score)
    told = [*_value_words(one, score), *_part_words(one, parts)]
    if state != "value":
        told = [*_absence_words(one, measures, state), *told]
    for row in landed:
        place = "总分" if row["node"] == "total" else "所在一级指标"
        if row["points"] is not None and row["points"] != 0:
            told.append(f"失分 {points(-row['points'])} 分从{place}扣减")
    if score["points"] is not None:
        limit = "，扣完为止" if score["points"] == 0 and len(parts) and any(p["lands_on"] == "item" for p in parts) and (
            isinstance(one.indicator.rules[0], (Deductions, Timeliness))) else ""  # fmt: skip
        told.append(f"得 {points(score['points'])} 分{limit}")
    elif score["points_high"] is None:
        told.append(f"暂缺，最低 {points(score['points_low'])} 分，上不封顶")
    else:
        told.append(f"暂缺，可能得 {points(score['points_low'])} 至 {points(score['points_high'])} 分")
    return "，".join(told)


def _not_applicable(one: Placed, score: dict[str, Any]) -> str:
    policy = one.indicator.not_applicable
    reason = policy.reason if policy is not None else "不属于本单位的报送范围"
    if score["left_out"]:
        return f"不适用（{reason}），不计分，总分按其余指标折算"
    return f"不适用（{reason}），按规定得 {points(score['points'])} 分"


def _value_words(one: Placed, score: dict[str, Any]) -> list[str]:
    indicator = one.indicator
    told = []
    for name in ("actual", "target"):
        if getattr(indicator, name) is not None and score[name] is not None:
            told.append(f"{one.names.title(name)} {number(score[name])} {one.names.thing(name)}".rstrip())
    if indicator.value is not None and score["value"] is not None and score["state"] == "value":
        thing = one.names.thing("value")
        told.append(f"指标值 {number(round(score['value'], 2))}{thing}")
    return told


def _part_words(one: Placed, parts: list[dict[str, Any]]) -> list[str]:
    told: list[str] = []
    for position, rule in enumerate(one.indicator.rules):
        own = [part for part in parts if part["rule"] == position]
        if isinstance(rule, Timeliness):
            due = one.names.measures_of(f"{rule.form}.due")
            told += [f"应报 {{due:{due[0]}}} 次"] if due else []
        for part in own:
            told += _one_part(rule, part)
    return told


def _one_part(rule: object, part: dict[str, Any]) -> list[str]:
    if part["unknown"]:
        return [f"{part['title']}待定"]
    quantity, given = part["quantity"], part["points"]
    shown = f"{number(quantity.normalize())} {part['thing']}".strip() if quantity is not None else ""
    if isinstance(rule, Checklist):
        if not part["counts"]:
            return [f"{part['title']}：{'符合' if quantity else '不符合'}"]
        return [f"{part['title']}得 {points(given)} 分"]
    if isinstance(rule, (Deductions, Timeliness)):
        if given == 0:
            return []
        count = f" {shown}" if part["thing"] or (quantity is not None and quantity > 1) else ""
        return [f"{part['title']}{count}扣 {points(-given)} 分"]
    if isinstance(rule, Awards):
        count = f" {shown}" if part["thing"] else ""
        return [f"{part['title']}{count}得 {points(given)} 分"] if given else []
    if isinstance(rule, Judged):
        return [f"考核组评 {number(quantity)} 分"] if quantity is not None else []
    return []


def _absence_words(one: Placed, measures: list[dict[str, Any]], state: str) -> list[str]:
    told = []
    for row in measures:
        measure = one.rubric.measures[row["measure"]]
        if row["state"] in ("value", "not_applicable") or measure.code not in one.needs:
            continue
        told.append(absence_words(one.rubric.forms[measure.form].title, measure, row))
    if state == "zero_base":
        told.append("分母为 0，比率无法计算")
    return list(dict.fromkeys(told))


def absence_words(form: str, measure: Measure, row: dict[str, Any]) -> str:
    """Why a figure is not there: 已收 3/应收 4, 脱敏, 尚未登记."""
    if row["state"] == "masked":
        count = f" {row['masked_rows']} 行" if row["masked_rows"] else ""
        return f"{measure.title}有{count}脱敏数字（*），不能计算"
    if row["state"] == "pending":
        return f"{measure.title}暂缺（{form}尚未登记或关账）"
    if row["expected"] is not None and row["received"] is not None and row["received"] < row["expected"]:
        partial = f"，已报部分为 {number(row['partial'].normalize())}" if row["partial"] is not None else ""
        return f"{form}已收 {row['received']}/应收 {row['expected']}，{measure.title}不完整{partial}"
    return f"{measure.title}未报送（{form}）"


def filled(trace: IndicatorTrace) -> str:
    """The sentence with the counts of the register in it."""
    text = trace.sentence
    for row in trace.measures:
        text = text.replace(f"{{due:{row['measure']}}}", number((row["value"] or Decimal(0)).normalize()))
    return text


def explain_text(
    assessment: Assessment, store: Store, unit: str, only: str | None = None, sources: bool = True
) -> str:
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
            lines += ["", f"【{trace.section.title}】"]
        full = f"，满分 {number(trace.score['full_marks'].normalize())} 分" if trace.score["full_marks"] is not None else ""
        lines.append(f"{trace.indicator.clause} {trace.indicator.title}{full}（{STATE_TITLES[trace.score['state']]}）")
        lines.append(f"  规则：{trace.rule}。")
        lines.append(f"  计算：{filled(trace)}。")
        if sources:
            lines += [f"  {line}" for line in source_lines(assessment, store, unit, trace)]
    if not lines:
        return ""
    lines += ["", f"办法：{rubric.title}（{rubric.spec.document.number}，{rubric.spec.edition}版）"]
    return "\n".join(lines)


def _place_lines(assessment: Assessment, unit: str) -> list[str]:
    rubric = assessment.rubric
    row = assessment.one("ranking", unit=unit)
    assert row is not None
    group = rubric.groups[row["group"]]
    size = len(assessment.rows("ranking", group=row["group"]))
    head = f"{rubric.register.title(unit)}（{group.title}） {label_words(assessment.period.label)}，数据截至 {assessment.as_of}"
    return [head, place_sentence(assessment, row, size)]


def place_sentence(assessment: Assessment, row: dict[str, Any], size: int) -> str:
    """Place, total, grade, distance and last year in one sentence."""
    if row["place"] is None:
        top = points(row["total_high"]) if row["total_high"] is not None else "上不封顶"
        return (
            f"总分暂缺（已计 {row['counted']}/应计 {row['countable']} 项），可能在 {points(row['total_low'])} 至 {top} 分之间，"
            f"名次可能是第 {row['best_place']} 至第 {row['worst_place']} 名（共 {size} 个单位）。"
        )
    tie = "（并列）" if row["tied"] else ""
    hold = "，暂定：还有单位数据不全，可能排到前面" if row["provisional"] else ""
    told = f"第 {row['place']} 名{tie}（共 {size} 个单位{hold}），总分 {points(row['total'])} 分"
    if row["grade"]:
        told += f"，等次{row['grade']}" + ("（因名额）" if row["by_quota"] else "")
    if row["to_next"] is not None:
        told += f"，距上一名 {points(row['to_next'])} 分"
    if row["previous_place"] is not None:
        told += f"，上年第 {row['previous_place']} 名"
    return told + "。"


def sum_lines(assessment: Assessment, unit: str) -> list[str]:
    """Σ items + landings + adjustments = total, line by line; the amounts add up."""
    rubric = assessment.rubric
    scores = assessment.rows("indicator_score", unit=unit)
    titles = {section.code: section.title for section in rubric.spec.sections}
    lines = []
    for code, title in titles.items():
        inside = [row for row in scores if row["section"] == code]
        if inside:
            low = sum((row["points_low"] for row in inside), Decimal(0))
            highs = [row["points_high"] for row in inside]
            high = None if None in highs else sum(highs, Decimal(0))
            lines.append(f"{title}：各指标得分合计 {between(low, high)} 分")
    for row in assessment.rows("landing", unit=unit):
        title = rubric.indicators[row["indicator"]].title
        place = "总分" if row["node"] == "total" else titles[row["node"]]
        lines.append(f"{title}失分，从{place}扣减 {between(row['points_low'], row['points_high'])} 分")
    named = {one.code: one for one in rubric.spec.adjustments}
    for row in assessment.rows("adjustment", unit=unit):
        amount = between(row["points_low"], row["points_high"])
        if row["kind"] in KINDS:
            where = f"（{titles[row['adjustment']]}）" if row["kind"] == "section_limit" else ""
            lines.append(f"{KINDS[row['kind']]}{where} {amount} 分")
            continue
        one = named[row["adjustment"]]
        kind = "加分" if isinstance(one, Bonus) else "一票否决" if isinstance(one, Veto) else "扣分"
        lines.append(f"{kind}·{one.clause} {one.title} {amount} 分")
    total = assessment.one("unit_score", unit=unit)
    assert total is not None
    lines.append(f"合计：总分 {between(total['total_low'], total['total_high'])} 分")
    return lines


def between(low: Decimal, high: Decimal | None) -> str:
    if high is None:
        return f"不低于 {points(low)}"
    return points(low) if low == high else f"{points(low)} 至 {points(high)}"


def source_lines(assessment: Assessment, store: Store, unit: str, trace: IndicatorTrace) -> list[str]:
    """Where the figures stand: file and rows, or the register of submissions."""
    rubric = assessment.rubric
    lines = []
    for row in trace.measures:
        measure = rubric.measures[row["measure"]]
        form = rubric.forms[measure.form]
        if measure.schedule_item is not None:
            if measure.schedule_item in ("late", "missing"):
                odd = [r for r in reports(assessment, unit, form.code) if r["status"] == measure.schedule_item]
                if odd:
                    told = "、".join(label_words(str(r["due_period"])) for r in odd)
                    lines.append(f"来源：报送登记 · {form.title}{SCHEDULE_ITEMS[measure.schedule_item]}：{told}")
            continue
        value = "" if row["value"] is None else f" {number(row['value'].normalize())}{measure.thing}"
        found = source_rows(store, assessment, unit, measure)
        state = "" if row["state"] == "value" else f"（{STATE_TITLES[row['state']]}）"
        if not found:
            lines.append(f"来源：{measure.title}{value}{state}：{form.title}没有计入的行")
            continue
        numbers = "、".join(str(r.row) for r in found[:12]) + ("…" if len(found) > 12 else "")
        lines.append(f"来源：{measure.title}{value}{state}：{found[0].file} 第 {numbers} 行（共 {len(found)} 行）")
    return lines


def explain_json(assessment: Assessment, store: Store, unit: str, only: str | None = None) -> dict[str, Any]:
    """The same as a versioned trace; numbers are exact decimal strings."""
    rubric = assessment.rubric
    row = assessment.one("ranking", unit=unit)
    assert row is not None
    return {
        "trace_version": TRACE_VERSION,
        "rubric": {"title": rubric.title, "edition": rubric.spec.edition, "document": rubric.spec.document.number},
        "period": assessment.period.label,
        "as_of": assessment.as_of.isoformat(),
        "unit": unit,
        "title": rubric.register.title(unit),
        "place": plain(row),
        "sum": sum_lines(assessment, unit),
        "indicators": [
            {
                "code": trace.indicator.code,
                "title": trace.indicator.title,
                "clause": trace.indicator.clause,
                "rule": trace.rule,
                "sentence": filled(trace),
                "score": plain(trace.score),
                "parts": [plain(part) for part in trace.parts],
                "measures": [
                    {**plain(measure), "rows": _rows(assessment, store, unit, measure["measure"])}
                    for measure in trace.measures
                ],
            }
            for trace in indicator_traces(assessment, unit, only)
        ],
    }


def _rows(assessment: Assessment, store: Store, unit: str, code: str) -> list[dict[str, Any]]:
    measure = assessment.rubric.measures[code]
    return [
        {"file": row.file, "row": row.row, "cells": row.cells}
        for row in source_rows(store, assessment, unit, measure)
    ]  # fmt: skip


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Decimals and dates as text, for JSON."""
    out: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Decimal):
            out[key] = format(value.normalize(), "f")
        else:
            out[key] = value if value is None or isinstance(value, (str, int, bool)) else str(value)
    return out

"""From a place to the source rows, in sentences a county official understands. Reads result tables; computes no score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.calendar import label_words
from scoring.engine.assessment import STATE_TITLES, Assessment
from scoring.engine.placed import Placed
from scoring.engine.sources import reports, source_rows
from scoring.expressions.figures import Figure
from scoring.expressions.words import amount, number, words
from scoring.forms import Form
from scoring.rubric import Indicator, Measure, Section
from scoring.rubric.model import SCHEDULE_ITEMS, Bonus, Veto
from scoring.rubric.rules import Awards, Checklist, Deductions, Judged, Timeliness
from scoring.rubric.settings import Names, figure_of
from scoring.sql.exact import Quantity
from scoring.store import Store

TRACE_VERSION = "1"
KINDS = {
    "rescale": "合理缺项折算",
    "section_limit": "一级指标封顶、保底或舍入",
    "total_limit": "总分封顶或保底",
    "rounding": "总分四舍五入",
}
NOTHING = Figure(Quantity.constant(0))
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
    told = absence_lines(one, measures, state) if state != "value" else []
    told += _value_words(one, score, parts)
    if state != "zero_base" or score["points"] is None:
        told += _part_words(one, parts, {row["measure"]: row for row in measures})
    for row in landed:
        place = "总分" if row["node"] == "total" else "所在一级指标"
        if row["points"] is None:
            told.append(f"失分待定，从{place}扣减")
        elif row["points"]:
            told.append(f"失分 {points(-row['points'])} 分从{place}扣减")
    told.append(_outcome(one, score, parts))
    return "，".join(told)


def _outcome(one: Placed, score: dict[str, Any], parts: list[dict[str, Any]]) -> str:
    deducts = all(isinstance(rule, (Deductions, Timeliness)) for rule in one.indicator.rules)
    if score["points"] is None:
        if score["points_high"] is None:
            return f"暂缺，最低 {points(score['points_low'])} 分，上不封顶"
        return f"暂缺，可能得 {points(score['points_low'])} 至 {points(score['points_high'])} 分"
    if score["state"] == "missing" and one.policy == "no_points":
        return f"按规定缺报不得分，得 {points(score['points'])} 分"
    if score["state"] == "zero_base":
        return f"按规定得 {points(score['points'])} 分"
    if deducts and all(part["points"] == 0 for part in parts):
        return f"没有扣分，得 {points(score['points'])} 分"
    floored = deducts and score["points"] == 0 and any(part["lands_on"] == "item" for part in parts)
    return f"得 {points(score['points'])} 分" + ("，扣完为止" if floored else "")


def _not_applicable(one: Placed, score: dict[str, Any]) -> str:
    policy = one.indicator.not_applicable
    reason = policy.reason if policy is not None else "不属于本单位的报送范围"
    if score["left_out"]:
        return f"不适用（{reason}），不计分，总分按其余指标折算"
    return f"不适用（{reason}），按规定得 {points(score['points'])} 分"


def _value_words(one: Placed, score: dict[str, Any], parts: list[dict[str, Any]]) -> list[str]:
    """What the indicator looks at, unless its parts say it all."""
    indicator = one.indicator
    counted = [isinstance(rule, (Awards, Deductions, Timeliness)) for rule in indicator.rules]
    if any(isinstance(rule, Timeliness) for rule in indicator.rules):
        return []
    shown = {part["title"] for part in parts if counted[part["rule"]]}
    told = []
    for name in ("actual", "target"):
        title = one.names.title(name) if getattr(indicator, name) is not None else ""
        if title and score[name] is not None and title not in shown:
            told.append(f"{title} {amount(score[name], one.names.thing(name))}")
    if score["value"] is None or score["state"] != "value" or all(counted):
        return told
    if indicator.value is not None:
        told.append(f"指标值 {amount(round(score['value'], 2), one.names.thing('value'))}")
    return told


def _part_words(one: Placed, parts: list[dict[str, Any]], measures: dict[str, dict[str, Any]]) -> list[str]:
    told: list[str] = []
    all_unknown = all(part["unknown"] for part in parts)
    for position, rule in enumerate(one.indicator.rules):
        if isinstance(rule, Timeliness):
            due = measures.get(f"{rule.form}.due")
            if due is not None and due["value"] is not None:
                told.append(f"应报 {number(due['value'].normalize())} 次")
        for part in parts:
            if part["rule"] == position and part["unknown"]:
                told += _unknown_part(one, part, measures, all_unknown)
            elif part["rule"] == position:
                told += _one_part(rule, part)
    return told


def _unknown_part(
    one: Placed, part: dict[str, Any], measures: dict[str, dict[str, Any]], all_unknown: bool
) -> list[str]:
    needs = one.scored[part["rule"]][1].parts[part["part"]].needs
    states = {measures[code]["state"] for code in needs if code in measures}
    if "not_applicable" in states and (not all_unknown or not part["counts"]):
        return [f"{part['title']}不适用，由考核组确定"]
    return [] if all_unknown else [f"{part['title']}待定"]


def _one_part(rule: object, part: dict[str, Any]) -> list[str]:
    quantity, given = part["quantity"], part["points"]
    shown = amount(quantity.normalize(), part["thing"]) if quantity is not None else ""
    if isinstance(rule, Checklist):
        if not part["counts"]:
            return [f"{part['title']}：{'符合' if quantity else '不符合'}"] if quantity is not None else []
        return [f"{part['title']}得 {points(given)} 分"] if quantity is not None else []
    if isinstance(rule, (Deductions, Timeliness)):
        if given == 0:
            return []
        count = f" {shown}" if part["thing"] or (quantity is not None and quantity > 1) else ""
        return [f"{part['title']}{count}扣 {points(-given)} 分"]
    if isinstance(rule, Awards) and not part["counts"]:
        return [] if quantity else [f"{part['title']}不成立，不得分"]
    if isinstance(rule, Awards):
        count = f" {shown}" if part["thing"] else ""
        return [f"{part['title']}{count}得 {points(given)} 分"]
    if isinstance(rule, Judged):
        return [f"考核组评 {number(quantity.normalize())} 分"] if quantity is not None else []
    return []


def absence_lines(one: Placed, measures: list[dict[str, Any]], state: str) -> list[str]:
    """Why the figures are not there, each report named once: 已收 3/应收 4, 脱敏, 尚未登记."""
    told: dict[str, list[str]] = {}
    for row in measures:
        measure = one.rubric.measures[row["measure"]]
        if row["state"] in ("value", "not_applicable") or measure.code not in one.needs:
            continue
        form = one.rubric.forms[measure.form]
        head, tail = _absence(form, measure, row)
        told.setdefault(head, [])
        if tail:
            told[head].append(tail)
    lines = [f"{head}（{'；'.join(tails)}）" if tails else head for head, tails in told.items()]
    if state == "zero_base":
        lines.append("分母为 0，比率无法计算")
    return lines


def _absence(form: Form, measure: Measure, row: dict[str, Any]) -> tuple[str, str]:
    """(what is the matter with the report, what is known of the figure)."""
    short = row["expected"] is not None and row["received"] is not None and row["received"] < row["expected"]
    partial = ""
    if row["partial"] is not None and row["received"]:
        partial = f"{measure.title}已报部分为 {amount(row['partial'].normalize(), measure.thing)}"
    if row["state"] == "masked":
        count = f" {row['masked_rows']} 行" if row["masked_rows"] else ""
        return f"{form.title}有{count}脱敏数字（*），{measure.title}不能计算", ""
    if short and form.kept_by == "unit":
        return f"{form.title}已收 {row['received']}/应收 {row['expected']}", partial
    if row["rows_found"] is not None and row["rows_found"] > 1:
        return f"{measure.title}有 {row['rows_found']} 行（{form.title}），只能有一行，请删去多余的", ""
    if row["state"] == "pending":
        return (f"{form.title}未到报送期" if form.kept_by == "unit" else f"{form.title}尚未登记或关账"), ""
    return f"{form.title}没有填报{measure.title}", ""


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
            lines += ["", f"【{trace.section.title}】"]
        full = (
            f"，满分 {number(trace.score['full_marks'].normalize())} 分"
            if trace.score["full_marks"] is not None
            else ""
        )
        lines.append(f"{trace.indicator.clause} {trace.indicator.title}{full}（{STATE_TITLES[trace.score['state']]}）")
        lines.append(f"  规则：{trace.rule}。")
        lines.append(f"  计算：{trace.sentence}。")
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
    total = assessment.one("unit_score", unit=unit)
    assert total is not None
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
        worst = -row["points_low"] if row["points_low"] is not None else None
        best = -row["points_high"]
        lines.append(f"{title}失分，从{place}扣减 {between(best, worst)} 分")
    named = {one.code: one for one in rubric.spec.adjustments}
    for row in assessment.rows("adjustment", unit=unit):
        told = between(row["points_low"], row["points_high"])
        if row["kind"] in KINDS:
            where = f"（{titles[row['adjustment']]}）" if row["kind"] == "section_limit" else ""
            lines.append(f"{KINDS[row['kind']]}{where} {told} 分")
            continue
        one = named[row["adjustment"]]
        if isinstance(one, Veto) and row["points_low"] == row["points_high"] == 0 and total["state"] == "pending":
            amount_told = "待定"
        else:
            amount_told = f"{told} 分"
        if row["withheld"] and isinstance(one, Bonus) and one.gate is not None:
            names = Names(rubric.measures, rubric.forms, "", extra=(("base", NOTHING, "基础得分"),))
            amount_told = f"不计：须{words(one.gate.tree, names.title)}（本可加 {points(row['withheld'])} 分）"
        kind = "加分" if isinstance(one, Bonus) else "一票否决" if isinstance(one, Veto) else "扣分"
        lines.append(f"{kind}·{one.clause} {one.title} {amount_told}")
    lines.append(f"合计：总分 {between(total['total_low'], total['total_high'])} 分")
    return lines


def between(low: Decimal | None, high: Decimal | None) -> str:
    """A range of points in words; None is an end without limit."""
    if low is None:
        return f"不高于 {points(high)}" if high is not None else "待定"
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
        value = _figure_words(assessment, measure, row)
        found = source_rows(store, assessment, unit, measure)
        state = "" if row["state"] == "value" else f"（{STATE_TITLES[row['state']]}）"
        if not found:
            lines.append(f"来源：{measure.title}{value}{state}：{form.title}没有计入的行")
            continue
        numbers = "、".join(str(r.row) for r in found[:12]) + ("…" if len(found) > 12 else "")
        lines.append(f"来源：{measure.title}{value}{state}：{found[0].file} 第 {numbers} 行（共 {len(found)} 行）")
    return lines


def _figure_words(assessment: Assessment, measure: Measure, row: dict[str, Any]) -> str:
    """The figure as told beside its source; a yes/no figure in words."""
    if row["value"] is None:
        return ""
    if figure_of(measure, assessment.rubric.forms).is_truth:
        return " 是" if row["value"] else " 否"
    return f" {amount(row['value'].normalize(), measure.thing)}"


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
                "sentence": trace.sentence,
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

"""The points of one indicator in one Chinese sentence, with every number that leads to them. Computes no score."""

from __future__ import annotations

from typing import Any

from scoring.engine.beside import told_beside
from scoring.engine.entries import entry_words
from scoring.engine.placed import Placed
from scoring.engine.printed import between, points
from scoring.expressions.parse import Call, Name, walk
from scoring.expressions.words import amount, number, run_on
from scoring.forms import Form
from scoring.rubric import Measure
from scoring.rubric.rules import Awards, Checklist, Deductions, Formula, Judged, Steps, Timeliness

MOST_FIGURES = 8  # of one formula; more of them are read in the table of figures


def sentence(
    one: Placed,
    score: dict[str, Any],
    parts: list[dict[str, Any]],
    measures: list[dict[str, Any]],
    landed: list[dict[str, Any]],
    entered: list[dict[str, Any]],
    compared: list[dict[str, Any]],
) -> str:
    """办案数 6 件，年度任务 8 件，指标值 75%，得 4.00 分. The rows are those of the unit and the indicator, by table."""
    state = score["state"]
    if state == "not_applicable":
        return _not_applicable(one, score)
    told = absence_lines(one, measures, state) if state != "value" else []
    void, parts = parts[len(_of_rules(one, parts)) :], _of_rules(one, parts)
    told += _value_words(one, score, parts)
    if state == "value":
        told = [*_figures_used(one, {row["measure"]: row for row in measures}, told), *told]
        told += told_beside(one, compared, told)
    if state != "zero_base" or score["points"] is None:
        of_parts = _part_words(one, parts, {row["measure"]: row for row in measures}, entered)
        told = [text for text in told if not any(part == text or part.startswith(f"{text}（") for part in of_parts)]
        told += of_parts
    told += [_void_words(one, part) for part in void if part["quantity"] or part["unknown"]]
    for row in landed:
        place = "总分" if row["node"] == "total" else "所在一级指标"
        if row["points"] is None:
            told.append(f"失分待定{_within(row)}，从{place}扣减")
        elif row["points"]:
            told.append(f"失分 {points(-row['points'])} 分从{place}扣减")
    told.append(_outcome(one, score, parts))
    return "，".join(told)


def _of_rules(one: Placed, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the event that ends the reckoning of the item, which stands after the rules."""
    return [part for part in parts if part["rule"] < len(one.scored)]


def _void_words(one: Placed, part: dict[str, Any]) -> str:
    return f"是否{part['title']}待定" if part["unknown"] else f"{part['title']}，本项按 {points(one.leaves)} 分计"


def _within(row: dict[str, Any]) -> str:
    """What is known of a loss that is still open, in brackets."""
    if row["points_low"] is not None:
        return f"（{between(-row['points_high'], -row['points_low'])} 分）"
    return f"（最少 {points(-row['points_high'])} 分）" if row["points_high"] else ""


def _outcome(one: Placed, score: dict[str, Any], parts: list[dict[str, Any]]) -> str:
    deducts = all(isinstance(rule, (Deductions, Timeliness)) for rule in one.indicator.rules)
    if score["points"] is None:
        if score["points_high"] is None:
            return f"暂缺，最低 {points(score['points_low'])} 分，上不封顶"
        return f"暂缺，可能得 {points(score['points_low'])} 至 {points(score['points_high'])} 分"
    if score["state"] == "missing" and one.policy == "no_points":
        return f"按规定未报送不得分，得 {points(score['points'])} 分"
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


def _figures_used(one: Placed, measures: dict[str, dict[str, Any]], told: list[str]) -> list[str]:
    """The figures that a formula names, or that a value without 实际 and 目标 is made of, as far as not yet told."""
    indicator = one.indicator
    trees = [rule.points.tree for rule in indicator.rules if isinstance(rule, Formula)]
    if indicator.value is not None and indicator.actual is None and indicator.target is None and told:
        trees.append(indicator.value.tree)
    out = []
    for code in dict.fromkeys(node.code for tree in trees for node in walk(tree) if isinstance(node, Name)):
        row, title = measures.get(code), one.names.title(code)
        if row is None or row["state"] != "value" or isinstance(row["value"], bool):
            continue
        if not any(text == title or text.startswith(f"{title} ") for text in told):
            out.append(f"{title} {amount(row['value'].normalize(), one.names.thing(code))}")
    return out if len(out) <= MOST_FIGURES else []


def _part_words(
    one: Placed, parts: list[dict[str, Any]], measures: dict[str, dict[str, Any]], entered: list[dict[str, Any]]
) -> list[str]:
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
            elif part["rule"] == position and isinstance(rule, Judged) and part["counts"]:
                told += entry_words(rule, part, rule.most(one.setting), entered)
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
        many = quantity is not None and quantity > 1
        count = f" {shown}" if part["thing"] else f" {shown} 个" if many and quantity == int(quantity) else ""
        return [f"{part['title']}{count}扣 {points(-given)} 分"]
    if isinstance(rule, (Awards, Formula, Judged)) and not part["counts"]:
        lost = "不扣分" if isinstance(rule, Judged) and rule.is_loss else "不得分"
        return [] if quantity else [f"{part['title']}不成立，{lost}"]
    if isinstance(rule, Awards):
        count = f" {shown}" if part["thing"] else ""
        return [f"{part['title']}{count}得 {points(given)} 分"]
    if isinstance(rule, Steps) and given is not None and given < 0:  # what it takes from full marks told elsewhere
        short = amount(round(quantity, 2).normalize(), part["thing"]) if quantity is not None else ""
        return [run_on(part["title"], "为", short, f"扣 {points(-given)} 分")]
    return []


def absence_lines(one: Placed, measures: list[dict[str, Any]], state: str, partial: bool = True) -> list[str]:
    """Why the figures are not there, each report named once: 已收 3/应收 4, 脱敏, 尚未登记; and what came so far."""
    told: dict[str, list[str]] = {}
    for row in measures:
        measure = one.rubric.measures[row["measure"]]
        if row["state"] in ("value", "not_applicable") or measure.code not in one.needs:
            continue
        form = one.rubric.forms[measure.form]
        head, tail = _absence(form, measure, row)
        told.setdefault(head, [])
        if tail and partial:
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
        late = "（迟报的按未报计）" if form.late_rows == "leave_out" else ""
        waiting = f"，另有 {row['waiting']} 期待双打办复核" if row["waiting"] else ""
        return f"{form.title}已收 {row['received']}/应收 {row['expected']}{late}{waiting}", partial
    if row["rows_found"] is not None and row["rows_found"] > 1:
        if isinstance(measure.value, Call) and measure.value.function == "latest":
            return f"{measure.title}最近一天有不同的数（{form.title}），不知以哪个为准，请删去不对的", ""
        return f"{measure.title}有 {row['rows_found']} 行（{form.title}），只能有一行，请删去多余的", ""
    begun = row["expected"] != 0 and (form.kept_by == "unit" or row["partial"] is not None)
    if row["state"] == "pending" and measure.known_on is not None and begun and not short:
        month, day = measure.known_on
        so_far = f"目前为 {amount(row['partial'].normalize(), measure.thing)}" if row["partial"] is not None else ""
        return f"{measure.title}到 {month} 月 {day} 日才能定", so_far
    if row["state"] == "pending" and form.kept_by == "unit":
        return f"{form.title}未到报送期", ""
    if row["state"] == "pending":
        return f"{form.title}尚未登记" + ("或关账" if short else ""), ""
    return f"{form.title}没有填报{measure.title}", ""

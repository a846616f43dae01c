"""From a place to the source rows, in sentences a county official understands. Reads result tables; computes no score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.calendar import label_words
from scoring.engine.assessment import STATE_TITLES, Assessment
from scoring.engine.entries import entry_words
from scoring.engine.followed import following
from scoring.engine.placed import Placed
from scoring.engine.sources import reports, source_rows
from scoring.expressions.figures import Figure
from scoring.expressions.words import amount, number, run_on, words
from scoring.forms import Form
from scoring.rubric import Indicator, Measure, Rubric, Section
from scoring.rubric.assumed import beside_indicators, of_indicator, of_section
from scoring.rubric.model import SCHEDULE_ITEMS, SCHEDULE_UNITS, Adjustment, Bonus, Penalty, Period, Veto
from scoring.rubric.rules import Awards, Checklist, Deductions, Formula, Judged, Steps, Timeliness
from scoring.rubric.settings import Names, figure_of
from scoring.sql.exact import Quantity
from scoring.store import Store

KINDS = {
    "rescale": "合理缺项折算",
    "section_takes": "按汇总办法取值",
    "section_limit": "一级指标封顶、保底或舍入",
    "section_weight": "按权重计入上一级",
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
    entries: list[dict[str, Any]]  # what the assessors entered


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
        entered = [row for row in entries if row["indicator"] == indicator.code]
        told = _sentence(one, score, own, needed, landed, entered)
        out.append(IndicatorTrace(section, indicator, one.words, told, score, own, needed, landed, entered))
    return out


def _sentence(
    one: Placed,
    score: dict[str, Any],
    parts: list[dict[str, Any]],
    measures: list[dict[str, Any]],
    landed: list[dict[str, Any]],
    entered: list[dict[str, Any]],
) -> str:
    state = score["state"]
    if state == "not_applicable":
        return _not_applicable(one, score)
    told = absence_lines(one, measures, state) if state != "value" else []
    void, parts = parts[len(_of_rules(one, parts)) :], _of_rules(one, parts)
    told += _value_words(one, score, parts)
    if state != "zero_base" or score["points"] is None:
        told += _part_words(one, parts, {row["measure"]: row for row in measures}, entered)
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
                told += entry_words(rule, part, rule.most(one.setting), [] if rule.measure else entered)
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
        return f"{form.title}已收 {row['received']}/应收 {row['expected']}{late}", partial
    if row["rows_found"] is not None and row["rows_found"] > 1:
        return f"{measure.title}有 {row['rows_found']} 行（{form.title}），只能有一行，请删去多余的", ""
    begun = row["expected"] != 0 and (form.kept_by == "unit" or row["partial"] is not None)
    if row["state"] == "pending" and measure.known_on is not None and begun and not short:
        month, day = measure.known_on
        so_far = f"目前为 {amount(row['partial'].normalize(), measure.thing)}" if row["partial"] is not None else ""
        return f"{measure.title}到 {month} 月 {day} 日才能定", so_far
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


@dataclass(frozen=True)
class SumLine:
    """One line of how a total comes about: what it adds at least and at most, or a word instead."""

    what: str
    low: Decimal | None
    high: Decimal | None
    loss: bool = False  # told without its sign, as what is taken off
    told: str = ""

    @property
    def amount(self) -> str:
        """0.40 分, 1.00 至 2.00 分, 待定, 不计：…"""
        if self.told:
            return self.told
        if self.loss:
            return _amount(None if self.high is None else -self.high, None if self.low is None else -self.low)
        return _amount(self.low, self.high)

    @property
    def signed(self) -> str:
        """The same for a column that is added up: a loss with its sign."""
        return self.amount if None in (self.low, self.high) else replace(self, loss=False).amount


def sum_lines(assessment: Assessment, unit: str) -> list[str]:
    """How the total comes about, line by line, in text."""
    return [f"{line.what} {line.amount}" for line in sum_rows(assessment, unit)]


def sum_rows(assessment: Assessment, unit: str) -> list[SumLine]:
    """Σ items + landings + adjustments = total, line by line; the amounts as printed add up."""
    rubric = assessment.rubric
    scores = assessment.rows("indicator_score", unit=unit)
    titles = {node.section.code: rubric.path(node.section.code) for node in rubric.nodes()}
    total = assessment.one("unit_score", unit=unit)
    assert total is not None
    lines = []
    for code, title in titles.items():
        inside = [row for row in scores if row["section"] == code]
        if inside:
            low, high = (_sum(row[f"points_{end}"] for row in inside) for end in ("low", "high"))
            lines.append(SumLine(f"{title}：各指标得分合计", low, high))
    for row in assessment.rows("landing", unit=unit):
        place = "总分" if row["node"] == "total" else titles[row["node"]]
        what = f"{rubric.indicators[row['indicator']].title}失分，从{place}扣减"
        lines.append(SumLine(what, row["points_low"], row["points_high"], loss=True))
    lines += [_adjustment_line(rubric, row, total) for row in assessment.rows("adjustment", unit=unit)]
    decimals = rubric.spec.rounding.total
    if decimals is not None:
        lines = _rounded_together(lines, max(2, decimals))
    return [*lines, SumLine("合计：总分", total["total_low"], total["total_high"])]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known: list[Decimal] = []
    for amount_ in amounts:
        if amount_ is None:
            return None
        known.append(amount_)
    return sum(known, Decimal(0))


def _adjustment_line(rubric: Rubric, row: dict[str, Any], total: dict[str, Any]) -> SumLine:
    low, high = row["points_low"], row["points_high"]
    if row["kind"] in KINDS:
        what = KINDS[row["kind"]]
        if row["kind"] in ("section_takes", "section_limit", "section_weight"):
            what += f"（{rubric.path(row['adjustment'])}）"
        # what a limit takes off or gives back follows from the other lines: open with them, it has no end of its own
        return SumLine(what, low, high, told="待定" if None in (low, high) and row["kind"] != "rescale" else "")
    one = next(one for one in rubric.spec.adjustments if one.code == row["adjustment"])
    kind = "加分" if isinstance(one, Bonus) else "一票否决" if isinstance(one, Veto) else "扣分"
    return SumLine(
        f"{kind}·{one.clause} {one.title}", low, high, told=adjustment_told(rubric, one, row, total["state"])
    )


def adjustment_told(rubric: Rubric, one: Adjustment, row: dict[str, Any], state: str) -> str:
    """What is said of an adjustment instead of its points; "" where the points say it. `state`: of the total."""
    low, high = row["points_low"], row["points_high"]
    if isinstance(one, Veto):
        pending = state == "pending" and one.effect.touches_score
        held = f"成立：{one.effect.words}{'（总分暂缺）' if pending else ''}"
        if low == high == 0:
            return held if row["holds"] else "待定"
        return held if row["holds"] and low != high else ""
    if row["withheld"] and isinstance(one, Bonus) and one.gate is not None:
        names = Names(rubric.measures, rubric.forms, "", extra=(("base", NOTHING, "基础得分"),))
        return f"不计：须{words(one.gate.tree, names.title)}（本可加 {points(row['withheld'])} 分）"
    if isinstance(one, Penalty) and low is None and high:
        return f"待定，最少扣 {points(-high)} 分"
    return ""


def _rounded_together(lines: list[SumLine], decimals: int) -> list[SumLine]:
    """No long decimals: the rounding of the total told with the one line that has them, or one rest for several."""
    others = [line for line in lines if line.what != KINDS["rounding"]]
    longer = [line for line in others if line != _short(line, decimals)]
    if not longer:
        return lines
    rest = SumLine(KINDS["rounding"], Decimal(0), Decimal(0))
    for line in lines:
        if line.what == rest.what:
            rest = _plus(rest, replace(line, low=line.low or Decimal(0), high=line.high or Decimal(0)))
    if len(longer) == 1 and len(others) < len(lines):
        (one,) = longer
        joined = _plus(replace(one, what=f"{one.what}（含{rest.what}）"), rest)
        return [joined if line is one else line for line in others]
    rest = replace(rest, what=f"{rest.what}（含以上各行舍去的尾数）")
    for line in longer:
        short = _short(line, decimals)
        rest = _plus(rest, SumLine("", _cut(line.low, short.low), _cut(line.high, short.high)))
    out = [_short(line, decimals) for line in others]
    return [*out, rest] if rest.low or rest.high else out


def _cut(whole: Decimal | None, short: Decimal | None) -> Decimal:
    return Decimal(0) if whole is None or short is None else whole - short


def _short(line: SumLine, decimals: int) -> SumLine:
    step = Decimal(1).scaleb(-decimals)
    low, high = (None if end is None else end.quantize(step, ROUND_HALF_UP) for end in (line.low, line.high))
    return replace(line, low=low, high=high)


def _plus(line: SumLine, other: SumLine) -> SumLine:
    low, high = (_sum(ends) for ends in ((line.low, other.low), (line.high, other.high)))
    return replace(line, low=low, high=high)


def _amount(low: Decimal | None, high: Decimal | None) -> str:
    """An amount of a sum: an end without limit is 待定, with the other end where that says something."""
    if low is not None and high is not None:
        return f"{between(low, high)} 分"
    if low is not None and low > 0:
        return f"待定，最少 {points(low)} 分"
    return "待定"


def between(low: Decimal | None, high: Decimal | None) -> str:
    """A range of points in words; None is an end without limit. An open range from or up to 0 says nothing."""
    if low is None:
        return f"不高于 {points(high)}" if high else "待定"
    if high is None:
        return f"不低于 {points(low)}" if low else "待定"
    return points(low) if low == high else f"{points(low)} 至 {points(high)}"


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
            lines.append(f"来源：{measure.title}{value}{state}：{form.title}没有计入的行")
            continue
        numbers = "、".join(str(r.row) for r in found[:12]) + ("…" if len(found) > 12 else "")
        lines.append(f"来源：{measure.title}{value}{state}：{found[0].file} 第 {numbers} 行（共 {len(found)} 行）")
    return lines


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

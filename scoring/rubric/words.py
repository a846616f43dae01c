"""The parts of a 办法 in Chinese: rules, flags, absence, measures, adjustments, grades, places. Opens no database.

Every function tells one part as a phrase without full stop, with titles instead of codes and keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from scoring.expressions import Expr
from scoring.expressions.figures import Figure
from scoring.expressions.words import number, run_on, words
from scoring.rubric.each import TITLES as EACH
from scoring.rubric.model import (
    WINDOW_TITLES,
    Bonus,
    Grade,
    Indicator,
    Penalty,
    Rounding,
    Rubric,
    Section,
    TotalLimits,
    Veto,
)
from scoring.rubric.points import Grouped
from scoring.rubric.rules import Bands, Deductions, Judged, Rule, Steps, together
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.settings import Names
from scoring.source import Spec
from scoring.sql.exact import Quantity

BLANKS = {"{gap}": "〔差距〕", "{actual}": "〔实际〕", "{target}": "〔任务〕", "{value}": "〔指标值〕"}
STAGES = {"rate": "指标值", "item": "指标得分和每项加扣分", "section": "一级指标", "total": "总分"}
THEN = {
    "rescale": "不计分，总分按其余指标折算",
    "spread": "满分平均分到本级其他各项",
    "full_marks": "得满分",
    "no_points": "不得分",
    "average": "按本组其他单位的平均分计",
    "not_applicable": "按不适用处理",
}
ABSENT = {"pending": "暂缺", "no_points": "不得分", None: "按全办法的规定"}
_BASE = (("base", Figure(Quantity.constant(0)), "基础得分"),)


def names_in(rubric: Rubric, group: str, indicator: Indicator | None = None) -> Names:
    """What names mean in an indicator of a group, or in an adjustment."""
    if indicator is None:
        return Names(rubric.measures, rubric.forms, group, extra=_BASE)
    return Names(rubric.measures, rubric.forms, group, indicator, rubric.spec.rounding.rate)


def formula(rubric: Rubric, group: str, tree: Expr, indicator: Indicator | None = None) -> str:
    """An expression with titles for names."""
    names = names_in(rubric, group, indicator)
    return words(tree, names.title, names.thing)


# --- a section ------------------------------------------------------------------------------------------

TAKES = {"sum": "下面各项相加", "lowest": "取下面各项中最低的", "highest": "取下面各项中最高的", "average": "取下面各项的平均"}


def gathered(rubric: Rubric, group: str, one: Section) -> str:
    """How a section is put together and what the one above gets of it."""
    told = [TAKES[one.takes]]
    if one.each is not None:
        told = [f"{EACH[one.each]}各计一次" + ("，从期初累计" if one.cumulative else "")]
        weights = "、".join(f"{number(share * 100)}%" for share in one.part_weights)
        told.append(f"按 {weights} 加权" if weights else "取各期平均")
        told += [f"{'、'.join(title_of(rubric, code) for code in one.whole_period)}按全年计"] if one.whole_period else []
    told += ["不适用的在本级内折算"] if one.rescale_within else []
    if one.weight is not None:
        told.append(f"得分的 {number(one.share_of(group) * 100)}% 计入{'上一级' if _is_below(rubric, one) else '总分'}")
    return "，".join(told)


def gathered_above(rubric: Rubric, group: str, section: str) -> str:
    """How the section and those above it are put together; empty where each is simply the sum of what is in it."""
    node = next(node for node in rubric.nodes() if node.section.code == section)
    told = [(one.title, gathered(rubric, group, one)) for one in (*node.above, node.section)]
    return "；".join(f"“{title}”{text}" for title, text in told if text != TAKES["sum"])


def _is_below(rubric: Rubric, one: Section) -> bool:
    return any(node.level and node.section is one for node in rubric.nodes())


# --- an indicator ---------------------------------------------------------------------------------------


def full_marks(amount: Decimal | None) -> str:
    return "不设满分" if amount is None else f"{number(amount)} 分"


def worth(amount: Decimal | None, top: Decimal | None) -> str:
    """10 分; 10 分，最高可得 12 分 where an item may go above its full marks."""
    told = full_marks(amount)
    if top == amount:
        return told
    return f"{told}，最高可得 {number(top)} 分" if top is not None else f"{told}，可以超过，不封顶"


def highest(one: Indicator, group: str) -> str:
    """The most the item can give."""
    top = one.top(group)
    return "没有上限" if top is None else f"{number(top)} 分"


def rules(rubric: Rubric, group: str, indicator: Indicator) -> str:
    """The rules as a reader meets them: parts by their titles."""
    setting = names_in(rubric, group, indicator).setting(indicator.full(group))
    return together.words(indicator.rules, setting)


def rules_in_full(rubric: Rubric, group: str, indicator: Indicator) -> str:
    """The rules with every condition spelt out, and with what their sentences leave unsaid."""
    setting = names_in(rubric, group, indicator).setting(indicator.full(group))
    bare = [untitled(rule) for rule in indicator.rules]
    unsaid = [text for rule in indicator.rules for text in _unsaid(rubric, group, rule)]
    return "；".join([together.words(bare, setting), *unsaid])


def untitled(rule: Rule) -> Rule:
    """The rule without the titles of its parts, so that it says what they look at."""

    def bare(node: object) -> object:
        if isinstance(node, tuple):
            return tuple(bare(item) for item in node)
        if isinstance(node, Spec) and not isinstance(node, Grouped):
            inner = {key: bare(getattr(node, key)) for key in type(node).model_fields if key != "title"}
            return node.model_copy(update={**inner, **({"title": None} if "title" in type(node).model_fields else {})})
        return node

    found: Rule = bare(rule)  # type: ignore[assignment]
    return found


def _unsaid(rubric: Rubric, group: str, rule: Rule) -> list[str]:
    """What a kind's own sentence does not say."""
    told: list[str] = []
    if isinstance(rule, Deductions) and rule.base is not None:
        told.append(f"从 {_prices(rule.base)} 扣起")
    if isinstance(rule, Judged) and rule.measure is None:
        told.append(f"{'扣分' if rule.is_loss else '评分'}取自{rubric.forms[rule.form].title}")
    if isinstance(rule, Steps):
        told += [f"最低 {_prices(rule.least)}" if rule.least is not None else ""]
        told += [f"最高 {_prices(rule.most)}" if isinstance(rule.most, Grouped) else ""]
    if isinstance(rule, Bands):
        told.append("各档：" + "、".join(band.title or "—" for band in rule.bands))
    return [*(text for text in told if text), *_whole(rubric, getattr(rule, "parts", ()))]


def _whole(rubric: Rubric, parts: Iterable[CountedPart]) -> list[str]:
    """Parts that count whole things only, where their sentence does not say so."""
    whole = (part for part in parts if part.whole_steps and part.per == 1)
    return [f"{part.title or title_of(rubric, part.code or None)}只计整数" for part in whole]


def _prices(grouped: Grouped) -> str:
    return "、".join(
        f"满分的 {number(p.amount * 100)}%" if p.of_full else f"{number(p.amount)} 分" for p in grouped.values
    )


def looked_at(rubric: Rubric, group: str, one: Indicator) -> str:
    """The 指标值: what is computed, or the figure it is."""
    thing = f"（{one.measured_in}）" if one.measured_in else ""
    if one.value is not None:
        return formula(rubric, group, one.value.tree, one) + thing
    return title_of(rubric, one.actual) + thing


def title_of(rubric: Rubric, code: str | None) -> str:
    """The title of a 数据项, or 无."""
    if code is None:
        return "无"
    return rubric.measures[code].title if code in rubric.measures else code


def flag(rubric: Rubric, group: str, one: Indicator) -> str:
    """When the indicator is a 短板, and as what."""
    told = one.flag
    if told is None:
        return "不设预警线"
    text = f"{when(formula(rubric, group, told.when.tree, one))}列为“{told.label}”"
    for position, kind in ((told.common_problem, "共性问题"), (told.weak_point, "薄弱环节")):
        text += f"（{kind}第 {number(position)} 项）" if position is not None else ""
    text += "，期末才算未完成" if told.by else ""
    text += "，期中按已过工作日的比例核对进度" if told.pace else ""
    if told.gap is not None:
        text = run_on(text, "，差距按", formula(rubric, group, told.gap.tree, one), "计")
    return text + (f"，差距的单位是{told.gap_unit}" if told.gap_unit else "")


def not_applicable(rubric: Rubric, group: str, one: Indicator) -> str:
    """To whom it does not apply, and what then."""
    told = one.not_applicable
    if told is None:
        return "没有规定"
    condition = f"{when(formula(rubric, group, told.when.tree, one))}，" if told.when is not None else ""
    return f"{condition}{told.reason}的，{then(told.then)}"


def void(rubric: Rubric, group: str, one: Indicator) -> str:
    """The event that ends the reckoning of the item."""
    told = one.void
    if told is None:
        return "没有规定"
    setting = names_in(rubric, group, one).setting(one.full(group))
    leaves = setting.points_words(told.leaves)
    return run_on(f"{when(formula(rubric, group, told.when.tree, one))}（{told.reason}）本项得", leaves)


def base_zero(one: Indicator) -> str:
    return THEN[one.base_zero.then] if one.base_zero is not None else "暂缺"


def then(told: str | Decimal) -> str:
    """What happens to an item that does not apply."""
    return THEN[told] if isinstance(told, str) else f"按满分的 {number(told * 100)}% 计"


def remedy(text: str | None) -> str:
    """A remedy as written, what is filled in later named in Chinese."""
    for blank, title in BLANKS.items():
        text = re.sub(f" ?{re.escape(blank)} ?", title, text) if text else text
    return text.rstrip("。") if text else "无"


def when(condition: str) -> str:
    """A condition with 时 after it; a blank only where a number ends it."""
    return f"{condition}{' ' if condition[-1:].isascii() else ''}时"


# --- a measure ------------------------------------------------------------------------------------------


def measure(rubric: Rubric, code: str) -> str:
    """What a 数据项 counts: form, how, which rows, which window, in which unit."""
    found = rubric.measures[code]
    form = rubric.forms[found.form]
    titles = {column.code: column.title for column in form.columns} | {"weight": "权重"}
    days = [column.code for column in form.columns if column.type == "date"]

    def told_of(tree: Expr) -> str:
        return words(tree, lambda name: titles.get(name, name), days=days)

    told = [form.title, "报送登记" if found.value is None else told_of(found.value)]
    if found.where is not None:
        rows = told_of(found.where)
        for one in rubric.indicators.values():  # a score of the assessors is told apart by the indicator's code
            rows = rows.replace(f"“{one.code}”", f"“{one.title}”")
        told.append(run_on("只数", rows, "的"))
    told += [found.weighing.words(form.row_types, found.adds_figures)] if found.weighing is not None else []
    if found.known_on is not None:
        told.append(f"{found.known_on[0]} 月 {found.known_on[1]} 日起才计，此前暂缺")
    told += [WINDOW_TITLES[year]] if (year := found.window.partition("@")[0]) in WINDOW_TITLES else []
    told += [f"以{found.thing}计"] if found.thing else []
    told += ["读不出的行不计"] if found.skip_unreadable else []
    return "，".join(told)


# --- adjustments ----------------------------------------------------------------------------------------

ADJUSTMENTS = {"bonus": "加分", "penalty": "扣分", "veto": "否决"}


def adjustment(rubric: Rubric, group: str, one: Bonus | Penalty | Veto) -> str:
    """加分、扣分或否决."""
    names = names_in(rubric, group)
    if isinstance(one, Veto):
        return f"{when(words(one.when.tree, names.title, names.thing))}，{one.effect.words}"
    setting = names.setting(rubric.groups[group].full_marks)
    verb = "加" if isinstance(one, Bonus) else "扣"
    told = "；".join(part.words(setting, verb) for part in one.parts)
    limit = one.pool if isinstance(one, Bonus) else one.cap
    if isinstance(limit, Grouped):
        told += f"；合计最多{verb} {setting.points_words(limit)}"
    elif limit is not None:
        told += "；不封顶"
    if isinstance(one, Bonus) and one.gate is not None:
        told = run_on(told, "；须", words(one.gate.tree, names.title, names.thing), "，否则不加")
    return told


def adjustment_in_full(rubric: Rubric, group: str, one: Bonus | Penalty | Veto) -> str:
    """The same with every condition spelt out."""
    if isinstance(one, Veto):
        return adjustment(rubric, group, one)
    bare = one.model_copy(update={"parts": tuple(part.model_copy(update={"title": None}) for part in one.parts)})
    return "；".join([adjustment(rubric, group, bare), *_whole(rubric, one.parts)])


# --- all of it ------------------------------------------------------------------------------------------


def grades(rubric: Rubric) -> str:
    """From the best down: limits, conditions, quotas."""
    return "；".join(_grade(rubric, grade) for grade in rubric.spec.grades) or "不分等次"


def line(rubric: Rubric, grade: Grade) -> str:
    """90 分以上优秀; 县区 90 分、成员单位 85 分以上优秀."""
    if grade.at_least is None:
        return f"其余{grade.title}"
    lines = {code: grade.at_least.at(code) for code in rubric.groups}
    told = {code: f"{number(limit)} 分" for code, limit in lines.items() if limit is not None}
    if len(set(told.values())) == 1:
        return f"{next(iter(told.values()))}以上{grade.title}"
    return "、".join(run_on(rubric.groups[code].title, text) for code, text in told.items()) + f"以上{grade.title}"


def _grade(rubric: Rubric, grade: Grade) -> str:
    told = line(rubric, grade)
    inside = []
    if (only_if := grade.only_if) is not None:
        inside.append(run_on("须", formula(rubric, next(iter(rubric.groups)), only_if.tree)))
    if (quota := grade.quota) is not None:
        most = f"{quota.units} 个" if quota.units is not None else f"本组的 {number((quota.share or 0) * 100)}%"
        rounding = {"down": "零头舍去", "up": "零头进一", "half_up": "零头四舍五入"}[quota.round]
        tie = {"out": "名额处同分的都不进", "in": "名额处同分的都进"}[quota.tie]
        inside.append("，".join([f"名额不超过{most}", *([rounding] if quota.units is None else []), tie]))
    return told + (f"（{'，'.join(inside)}）" if inside else "")


def ties(rubric: Rubric) -> str:
    """How places are given."""
    sections = {section.code: section.title for section in rubric.spec.sections}
    told = "同分并列"
    if rubric.spec.places.break_by:
        told = f"同分先比{'、再比'.join(sections[code] for code in rubric.spec.places.break_by)}，再同分并列"
    following = "下一名跳号" if rubric.spec.places.ties == "1-1-3" else "下一名不跳号"
    exact = "按舍入后的总分排名" if rubric.spec.rounding.places_by == "rounded" else "按舍入前的总分排名"
    return f"{told}，{following}，{exact}"


def rounding(told: Rounding) -> str:
    stages = {title: getattr(told, stage) for stage, title in STAGES.items()}
    kept = [f"{title}{' 取整数' if d == 0 else f'保留 {d} 位小数'}" for title, d in stages.items() if d is not None]
    return "四舍五入：" + "、".join(kept) if kept else "中间和结果都不舍入"


def total_limits(told: TotalLimits) -> str:
    low = f"最低 {number(told.at_least)} 分" if told.at_least is not None else "不设最低"
    return f"{low}，{f'最高 {number(told.at_most)} 分' if told.at_most is not None else '不设最高'}"


def period(rubric: Rubric) -> str:
    month, day = rubric.spec.period.starts
    return f"每年 {month} 月 {day} 日起一年，期满后 {rubric.spec.period.cut_off} 天内收到的计入"


def members(rubric: Rubric, group: str) -> str:
    """Who is ranked together."""
    who = rubric.groups[group].units
    return "、".join(unit.title for unit in rubric.register.units if who.includes(unit)) or "没有单位"


def group_title(rubric: Rubric, group: str) -> str:
    return rubric.groups[group].title


def group_marks(rubric: Rubric, group: str) -> str:
    return f"满分 {number(rubric.groups[group].full_marks)} 分"

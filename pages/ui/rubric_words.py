"""The 考核办法 in Chinese: what holds for all of it, its grades, conditions, 数据项 and adjustments. Calls no Streamlit."""

from __future__ import annotations

from scoring.engine import Assessment
from scoring.engine.points import Placed
from scoring.expressions.figures import Figure
from scoring.expressions.words import number, words
from scoring.rubric import Rubric
from scoring.rubric.assumed import closing_note
from scoring.rubric.model import WINDOW_TITLES, Bonus, Grade, Penalty, Veto
from scoring.rubric.settings import Names
from scoring.rubric.words import STAGES, adjustment, line, remedy, then, when
from scoring.sql.exact import Quantity

__all__ = ["KINDS", "adjustment", "adjustment_measures", "conditions", "conventions", "grades", "legend", "measure"]

KINDS = {"bonus": "加分", "penalty": "扣分", "veto": "一票否决"}


def conventions(rubric: Rubric) -> str:
    """Rounding, ties, absence, cut-off: what holds for the whole rubric."""
    spec = rubric.spec
    stages = {title: getattr(spec.rounding, stage) for stage, title in STAGES.items()}
    kept = "、".join(f"{name} {decimals} 位小数" for name, decimals in stages.items() if decimals is not None)
    told = [f"四舍五入：{kept or '中间和结果都不舍入'}"]
    told.append("同分并列，下一名" + ("跳号" if spec.places.ties == "1-1-3" else "不跳号"))
    told.append("未报送的指标" + ("暂缺，不给 0 分也不给满分" if spec.missing == "pending" else "不得分"))
    told.append(f"考核期结束后 {spec.period.cut_off} 天内收到的数据计入")
    groups = "、".join(f"{group.title} {number(group.full_marks)} 分" for group in rubric.groups.values())
    return "；".join([f"分组排名：{groups}", *told]) + "。"


def legend(result: Assessment) -> str:
    """How to read the ranking."""
    rubric, before = result.rubric, result.previous
    tie = "下一名跳号" if rubric.spec.places.ties == "1-1-3" else "下一名不跳号"
    levels = f"等次：{grades(rubric)}。" if rubric.spec.grades else ""
    return (
        f"{levels}同分并列，{tie}。“暂缺”是数据不全，不是 0 分；补齐前给出可能的分数和名次范围。"
        "“已计/应计”是已能计分的指标数和应计分的指标数。"
        + ("“结果运用”注明待定的，名次或等次还可能变动，这一条到时未必适用。" if rubric.spec.consequences else "")
        + (
            f"“上年名次”按当时施行的{before.rubric.spec.edition}版排定，办法有变。"
            if before and result.edition_changed
            else ""
        )
        + closing_note(rubric, "“办法”页")
    )


def grades(rubric: Rubric) -> str:
    """The legend of grades, thresholds and quotas as the rubric has them."""
    return "，".join(_grade(rubric, grade) for grade in rubric.spec.grades)


def _grade(rubric: Rubric, grade: Grade) -> str:
    told = line(rubric, grade)
    limits = []
    if grade.only_if is not None:
        limits.append(f"须{words(grade.only_if.tree, _names(rubric, next(iter(rubric.groups))).title)}")
    if grade.quota is not None:
        share = grade.quota.share
        limits.append(
            f"名额不超过{f'本组 {number(share * 100)}%' if share is not None else f'每组 {grade.quota.units} 个'}"
        )
    return f"{told}（{'，'.join(limits)}）" if limits else told


def conditions(one: Placed) -> list[tuple[str, str]]:
    """Everything an indicator says besides its rules: value, flag, remedy, absence, source."""
    indicator, names = one.indicator, one.names
    told = []
    if indicator.value is not None:
        thing = f"（{indicator.measured_in}）" if indicator.measured_in else ""
        told.append((f"指标值{thing}", words(indicator.value.tree, names.title)))
    if indicator.flag is not None:
        label = f"{when(words(indicator.flag.when.tree, names.title, names.thing))}，列为短板“{indicator.flag.label}”"
        for problem, kind in ((indicator.flag.common_problem, "共性问题"), (indicator.flag.weak_point, "薄弱环节")):
            label += f"（{kind}第 {number(problem)} 项）" if problem else ""
        label += "；期末前按已过工作日的比例核对进度" if indicator.flag.pace else ""
        told.append(("预警线", label))
    if indicator.remedy:
        told.append(("整改建议", remedy(indicator.remedy)))
    if indicator.not_applicable is not None:
        told.append(("不适用", f"{indicator.not_applicable.reason}的，{then(indicator.not_applicable.then)}"))
    if indicator.base_zero is not None:
        told.append(("分母为零", then(indicator.base_zero.then)))
    told.append(("未报送", "不得分" if one.policy == "no_points" else "暂缺，给出可能的得分范围"))
    told.append(("出处", indicator.source or "办法没有写明"))
    return told


def measure(rubric: Rubric, code: str) -> dict[str, str]:
    """A 数据项 in words: what it counts, where, under which condition."""
    found = rubric.measures[code]
    form = rubric.forms[found.form]
    names = {column.code: column.title for column in form.columns} | {"weight": "权重"}
    days = [column.code for column in form.columns if column.type == "date"]
    how = "报送登记" if found.schedule_item else words(found.value, lambda name: names.get(name, name), days=days)
    how += f"，{found.weighing.words(form.row_types, found.adds_figures)}" if found.weighing is not None else ""
    if found.known_on is not None:
        how += f"，{found.known_on[0]} 月 {found.known_on[1]} 日起才计"
    rows = words(found.where, lambda name: names.get(name, name), days=days) if found.where is not None else ""
    for one in rubric.indicators.values():  # a score given by the assessors is told apart by the indicator's code
        rows = rows.replace(f"“{one.code}”", f"“{one.title}”")
    over = WINDOW_TITLES.get(found.window.partition("@")[0], "")
    return {
        "数据项": found.title,
        "单位": found.thing or "—",
        "报表": form.title,
        "怎么数": how + (f"（{over}）" if over else ""),
        "只数": rows or "全部行",
    }


def adjustment_measures(rubric: Rubric, group: str, one: Bonus | Penalty | Veto) -> list[str]:
    """The figures an adjustment looks at."""
    setting = _names(rubric, group).setting(None)
    if isinstance(one, Veto):
        return list(setting.needs(one.when.tree))
    return list(setting.needs(*(tree for part in one.parts for _, tree in part.trees(()))))


def _names(rubric: Rubric, group: str) -> Names:
    base = Figure(Quantity.constant(0))
    return Names(rubric.measures, rubric.forms, group, extra=(("base", base, "基础得分"),))

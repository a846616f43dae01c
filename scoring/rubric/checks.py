"""What a rubric must hold beyond its types: names that exist, sums, order, reach. Errors stop, warnings do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise

from scoring.calendar import KNOWN_YEARS, WorkCalendar
from scoring.expressions import ExpressionError, names
from scoring.expressions.figures import Figure, condition, quantity
from scoring.expressions.parse import Arithmetic, Call, Compare, Expr, Name, String, can_be_named, walk
from scoring.expressions.rows import RowType
from scoring.expressions.rows import condition as row_condition
from scoring.expressions.words import number
from scoring.forms import Forms
from scoring.issues import Issue, errors
from scoring.rubric.each import EachPart
from scoring.rubric.model import (
    CONSEQUENCE_TYPES,
    SCHEDULE_ITEMS,
    Bonus,
    Indicator,
    Measure,
    MeasureSpec,
    Penalty,
    RubricSpec,
    Veto,
)
from scoring.rubric.points import Grouped
from scoring.rubric.rules.judged import Judged
from scoring.rubric.rules.kind import Findings
from scoring.rubric.settings import Names, aggregate_of
from scoring.rubric.weighing import Weighing
from scoring.source import Document, Loc
from scoring.sql.exact import Quantity
from scoring.units import Register

Found = Iterator[Issue]
_CONDITIONS = ("if", "only_if")
_RESERVED = {"actual", "target", "value", "base", "full", "unit", "grp", "form_rows"}


def resolve_measures(spec: RubricSpec, document: Document, forms: Forms) -> tuple[dict[str, Measure], list[Issue]]:
    """Declared measures, and those every form brings (`weekly_report.late`, `case_quality.judged`)."""
    issues: list[Issue] = []
    measures: dict[str, Measure] = {}
    for code, written in spec.measures.items():
        problem = _measure_problem(code, written, spec, forms)
        if problem:
            issues.append(document.issue(("measures", code, *problem[0]), problem[1], problem[2]))
            continue
        base = spec.measures[written.of] if written.of else written
        if written.of and _measure_problem(written.of, base, spec, forms):
            continue  # told where the other measure is
        window = written.over or "this"
        value = base.value.tree if base.value else None
        where = base.where.tree if base.where else None
        thing = written.unit or base.unit or ""
        weighing = None
        if base.weights or base.once_by:
            weighing = Weighing(code, tuple(base.weights.items()), base.once_by)
        each = EachPart(base.each, base.then.tree) if base.each is not None and base.then is not None else None
        measure = Measure(
            code,
            written.title,
            thing,
            base.form or "",
            value,
            where,
            window,
            None,
            written.skip_unreadable,
            weighing,
            each,
        )
        try:
            aggregate_of(measure, forms)
        except ExpressionError as error:
            if not written.of:
                key = _guilty(base, forms)
                issues.append(document.issue(("measures", code, key), error.problem, error.fix))
            continue
        measures[code] = measure
    measures.update(_schedule_measures(forms))
    for section in spec.sections:
        for indicator in section.indicators:
            measures.update(_judged_measures(indicator, forms))
    return measures, issues


def _measure_problem(code: str, written: MeasureSpec, spec: RubricSpec, forms: Forms) -> tuple[Loc, str, str] | None:
    if code in _RESERVED or not can_be_named(code):
        return (), f"“{code}”是保留名称", "请换一个代码"
    if written.of is not None:
        own = (written.form, written.value, written.where, written.weights, written.once_by, written.each, written.then)
        if written.over is None or any(own):
            return (), "引用别的数据项时写 of 和 over，不写 form、value、where、weights、once_by", "请只留 of 和 over"
        if written.of not in spec.measures:
            return ("of",), f"没有数据项“{written.of}”", _close(written.of, spec.measures)
        if spec.measures[written.of].of is not None:
            return ("of",), f"“{written.of}”自己也引用别的数据项", "请直接引用取数的数据项"
        return None
    if written.form is None or written.value is None:
        return (), "数据项要写 form 和 value", "或写 of 和 over 引用别的数据项"
    if (written.each is None) != (written.then is None):
        return (), "each 和 then 要一起写", "例如 each: month 和 then: sum(least(x, 8))"
    if written.over is not None:
        return ("over",), "over 要和 of 一起写", "请写明 of: 数据项代码"
    if written.form not in forms:
        return ("form",), f"没有报表“{written.form}”", _close(written.form, forms)
    return None


def _close(name: str, known: Iterable[str]) -> str:
    options = sorted(known)
    close = get_close_matches(name, options, n=1, cutoff=0.6)
    if close:
        return f"是不是“{close[0]}”？"
    own = [option for option in options if "." not in option]  # those a form brings are too many to list
    return "可用：" + "、".join(own[:20]) + ("等" if len(own) > 20 else "")


def _guilty(written: MeasureSpec, forms: Forms) -> str:
    """Which key an expression error belongs to."""
    if (written.weights or written.once_by) and written.form is not None:
        problem = Weighing("", tuple(written.weights.items()), written.once_by).problem(forms[written.form].row_types)
        if problem:
            return "weights" if written.weights else "once_by"
    if written.where is not None and written.form is not None:
        try:
            row_condition(written.where.tree, forms[written.form].row_types)
        except ExpressionError:
            return "where"
    return "value"


def _schedule_measures(forms: Forms) -> dict[str, Measure]:
    found = {}
    for form in forms.values():
        if form.has_schedule:
            for item, title in SCHEDULE_ITEMS.items():
                code = f"{form.code}.{item}"
                thing = "天" if item == "days_late" else "次"
                found[code] = Measure(code, f"{form.title}{title}", thing, form.code, None, None, "this", item)
    return found


def _judged_measures(indicator: Indicator, forms: Forms) -> dict[str, Measure]:
    found = {}
    for rule in indicator.rules:
        if isinstance(rule, Judged) and rule.measure is None and rule.form in forms:
            form = forms[rule.form]
            if {"indicator", "score"} <= set(form.by_code):
                code = rule.source(indicator.code)
                value = Call("only", (Name("score"),))
                where = Compare("=", Name("indicator"), String(indicator.code))
                found[code] = Measure(code, f"{indicator.title}评分", "分", form.code, value, where)
    return found


def check(
    spec: RubricSpec, document: Document, forms: Forms, register: Register, measures: dict[str, Measure]
) -> list[Issue]:
    """Every problem of a typed rubric. A mistake is told once, where it is, not at each place that rests on it."""
    issues: list[Issue] = []
    elsewhere = frozenset(spec.measures) - frozenset(measures)
    for part in (_groups, _codes, _grades, _sums, _period):
        issues += part(spec, document, register)
    for s, section in enumerate(spec.sections):
        for i, indicator in enumerate(section.indicators):
            loc: Loc = ("sections", s, "indicators", i)
            issues += _indicator(indicator, loc, spec, document, forms, measures, elsewhere)
    for index, grade in enumerate(spec.grades):
        for group in spec.groups if grade.only_if is not None else ():
            known = Names(measures, forms, group)
            issues += _usable(document, ("grades", index, "only_if"), grade.only_if.tree, known, elsewhere)  # type: ignore[union-attr]
    issues += _consequences(spec, document)
    for index, adjustment in enumerate(spec.adjustments):
        issues += _adjustment(adjustment, ("adjustments", index), spec, document, forms, measures, elsewhere)
    issues += _cut_off(spec, document, forms)
    if not elsewhere and not errors(issues):  # a mistyped name makes the right one look unused
        issues += _unused(spec, document, measures)
    return list(dict.fromkeys(issues))


def _groups(spec: RubricSpec, document: Document, register: Register) -> Found:
    owner: dict[str, str] = {}
    titles: set[str] = set()
    for code, group in spec.groups.items():
        loc: Loc = ("groups", code, "units")
        for kind in group.units.kinds:
            if kind not in register.kinds:
                yield document.issue((*loc, "kinds"), f"没有“{kind}”这类单位", _close(kind, register.kinds))
        members = [unit for unit in register.units if group.units.includes(unit)]
        if not members and all(kind in register.kinds for kind in group.units.kinds):
            yield document.issue(loc, f"分组“{group.title}”没有任何单位", "请核对 kinds 和 tags")
        for unit in members:
            if unit.code in owner:
                told = f"单位“{unit.title}”同时在“{owner[unit.code]}”和“{group.title}”"
                yield document.issue(loc, told, "一个单位只能在一个分组")
            owner[unit.code] = group.title
        if group.title in titles:
            yield document.issue(("groups", code, "title"), f"有两个分组叫“{group.title}”", "请用不同的名称")
        titles.add(group.title)
        if group.full_marks <= 0:
            yield document.issue(("groups", code, "full_marks"), "分组满分须大于 0", "请写 100 或实际满分")


def _codes(spec: RubricSpec, document: Document, register: Register) -> Found:
    seen: dict[str, int | None] = {}
    places: list[tuple[Loc, str]] = []
    for s, section in enumerate(spec.sections):
        places.append((("sections", s, "code"), section.code))
        places += [(("sections", s, "indicators", i, "code"), one.code) for i, one in enumerate(section.indicators)]
    places += [(("adjustments", a, "code"), one.code) for a, one in enumerate(spec.adjustments)]
    for loc, code in places:
        if code in seen:
            problem = f"代码“{code}”已用在第 {seen[code]} 行"
            yield document.issue(loc, problem, "一级指标、指标、加扣分的代码在全文中要唯一")
        seen.setdefault(code, document.line(loc))
    sections = [section.code for section in spec.sections]
    for index, code in enumerate(spec.places.break_by):
        if code not in sections:
            yield document.issue(("places", "break_by", index), f"没有一级指标“{code}”", _close(code, sections))
    yield from _group_names(spec, document)


def _group_names(spec: RubricSpec, document: Document) -> Found:
    known = set(spec.groups)
    places: list[tuple[Loc, tuple[str, ...]]] = []
    for s, section in enumerate(spec.sections):
        places.append((("sections", s, "full_marks"), section.full_marks.groups if section.full_marks else ()))
        for i, one in enumerate(section.indicators):
            loc: Loc = ("sections", s, "indicators", i)
            places.append(((*loc, "groups"), one.groups))
            places.append(((*loc, "full_marks"), one.full_marks.groups if one.full_marks else ()))
            for r, rule in enumerate(one.rules):
                for path, grouped in _prices(rule, (*loc, "rules", r)):
                    places.append((path, grouped.groups))
    for a, adjustment in enumerate(spec.adjustments):
        places.append((("adjustments", a, "groups"), adjustment.groups))
    for loc, groups in places:
        for code in groups:
            if code not in known:
                yield document.issue(loc, f"没有分组“{code}”", _close(code, known))


def _prices(node: object, loc: Loc) -> Iterator[tuple[Loc, Grouped]]:
    if isinstance(node, Grouped):
        yield loc, node
    elif isinstance(node, tuple):
        for index, item in enumerate(node):
            yield from _prices(item, (*loc, index))
    elif hasattr(node, "model_fields_set"):
        for key in type(node).model_fields:  # type: ignore[attr-defined]
            yield from _prices(getattr(node, key), (*loc, key))


def _grades(spec: RubricSpec, document: Document, register: Register) -> Found:
    last = len(spec.grades) - 1
    for index, grade in enumerate(spec.grades):
        loc: Loc = ("grades", index)
        if index < last and grade.at_least is None:
            yield document.issue(loc, "只有最后一个等次可以没有分数线", "请补上 at_least")
        if index == last and grade.only_if is not None:
            yield document.issue((*loc, "only_if"), "最后一个等次不能带条件，须兜住其余情形", "请删去 only_if")
        if index == last and grade.at_least is not None:
            yield document.issue(loc, "最后一个等次不写分数线，须兜住其余情形", "请删去 at_least")
        above = spec.grades[index - 1].at_least if index else None
        if above is not None and grade.at_least is not None and grade.at_least >= above:
            yield document.issue((*loc, "at_least"), "等次分数线须由高到低", "请按由高到低排列")
        if grade.title in (other.title for other in spec.grades[:index]):
            yield document.issue((*loc, "title"), f"有两个等次叫“{grade.title}”", "请用不同的名称")
        if grade.quota is not None and (grade.quota.share is None) == (grade.quota.units is None):
            yield document.issue(
                (*loc, "quota"), "名额写比例 share 或个数 units 中的一个", "例如 share: 30% 或 units: 4"
            )
        if grade.quota is not None and grade.quota.share is not None and not 0 < grade.quota.share <= 1:
            yield document.issue((*loc, "quota", "share"), "名额比例须大于 0、不超过 100%", "请写成 30% 的样子")
    titles = [grade.title for grade in spec.grades]
    for index, adjustment in enumerate(spec.adjustments):
        if isinstance(adjustment, Veto):
            effect, loc = adjustment.effect, ("adjustments", index, "effect")
            if effect.grade is not None and effect.grade not in titles:
                yield document.issue((*loc, "grade"), f"没有等次“{effect.grade}”", _close(effect.grade, titles))
            if effect.grade_down and not titles:
                yield document.issue((*loc, "grade_down"), "办法没有等次，降等次无从谈起", "请先写 grades")
            if effect.within_grade and not effect.grade_down:
                yield document.issue((*loc, "within_grade"), "within_grade 要和 grade_down 一起写", "请写明降几个等次")
            if effect.score is not None and effect.score_at_most is not None:
                yield document.issue(
                    loc, "score 和 score_at_most 只能写一个", "按某分计写 score，不得高于写 score_at_most"
                )
            if not effect.touches_score and not effect.no_awards:
                yield document.issue(
                    loc, "一票否决没有写明后果",
                    "请写 grade、grade_down、score、score_at_most、lose、stop、unranked 或 no_awards",
                )  # fmt: skip


def _sums(spec: RubricSpec, document: Document, register: Register) -> Found:
    for code, group in spec.groups.items():
        total: Decimal | None = Decimal(0)
        for s, section in enumerate(spec.sections):
            inside = [one for one in section.indicators if one.in_group(code)]
            fulls = [one.full(code) for one in inside]
            known = sum((full for full in fulls if full is not None), Decimal(0))
            stated = section.full(code)
            if stated is None and section.full_marks is not None and inside:
                told = f"本级满分没有写明“{group.title}”，而本级有它的指标"
                fix = f"请补上 {code}: 分值；不写则本级得分不封顶"
                yield document.issue(("sections", s, "full_marks"), told, fix, warning=True)
            if stated is not None and None not in fulls and known != stated:
                told = f"{group.title}各指标满分合计 {number(known)}，与本级满分 {number(stated)} 不符"
                fix = "请核对分值；确属原文如此可不改，本级得分按本级满分封顶"
                yield document.issue(("sections", s, "full_marks"), told, fix, warning=True)
            part = stated if stated is not None else known if None not in fulls else None
            total = None if total is None or part is None else total + part
        if total is not None and total != group.full_marks:
            told = f"“{group.title}”各一级指标满分合计 {number(total)}，与分组满分 {number(group.full_marks)} 不符"
            yield document.issue(("groups", code, "full_marks"), told, "请核对；确属原文如此可不改", warning=True)


def _period(spec: RubricSpec, document: Document, register: Register) -> Found:
    decimals = [spec.rounding.item, spec.rounding.section, spec.rounding.total]
    known = [d for d in decimals if d is not None]
    if spec.rounding.places_by == "exact" and spec.rounding.total is None:
        yield document.issue(
            ("rounding", "places_by"), "总分不舍入时，按精确分排名与按舍入分排名相同", "可写 rounded", warning=True
        )
    for first, second in pairwise(known):
        if second > first:
            told = "后一步保留的小数位比前一步多，多出的位数不会有值"
            yield document.issue(("rounding",), told, "请核对 item、section、total 的位数", warning=True)
    if spec.period.starts == (2, 29):
        yield document.issue(("period", "starts"), "考核期不能从 2 月 29 日开始", "请改为 02-28 或 03-01")


def _cut_off(spec: RubricSpec, document: Document, forms: Forms) -> Found:
    """The last reports of a period must have time to come in, or they never count."""
    month, day = spec.period.starts
    year = min(max(spec.document.in_force.year, KNOWN_YEARS[0]), KNOWN_YEARS[-1] - 2)
    start = date(year, month, min(day, 28))
    end = start.replace(year=year + 1) - timedelta(1)
    calendar = WorkCalendar(start, date(year + 2, 12, 31), {})
    used = [form for form in forms.values() if form.code in {one.form for one in spec.measures.values()}]
    due = [(one.due_on, form.title) for form in used for one in form.due_periods(start, end, calendar)]
    last, title = max(due, default=(end, ""))
    if last > end + timedelta(spec.period.cut_off):
        days = (last - end).days
        told = f"“{title}”最后一期在考核期结束后 {days} 天才到期，晚于截止日，按时报来的也不计入"
        yield document.issue(("period", "cut_off"), told, f"请把 cut_off 改为 +{days}d 或更晚", warning=True)


def _unused(spec: RubricSpec, document: Document, measures: dict[str, Measure]) -> Found:
    used: set[str] = {one.of for one in spec.measures.values() if one.of}
    for section in spec.sections:
        for one in section.indicators:
            used |= {one.actual or "", one.target or ""}
            trees = [f.tree for f in (one.value, one.not_applicable and one.not_applicable.when) if f]
            trees += [one.void.when.tree] if one.void is not None else []
            trees += [f.tree for f in ((one.flag.when, one.flag.gap) if one.flag else ()) if f]
            trees += [tree for rule in one.rules for _, tree in rule.trees()]
            used |= {rule.measure or "" for rule in one.rules if isinstance(rule, Judged)}
            for tree in trees:
                used |= names(tree)
    for grade in spec.grades:
        used |= names(grade.only_if.tree) if grade.only_if is not None else set()
    for adjustment in spec.adjustments:
        if isinstance(adjustment, Veto):
            used |= names(adjustment.when.tree)
        else:
            for index, part in enumerate(adjustment.parts):
                for _, tree in part.trees(("parts", index)):
                    used |= names(tree)
    for code in spec.measures:
        if code not in used:
            yield document.issue(("measures", code), "数据项没有用到", "不用可以删去", warning=True)


def _indicator(
    one: Indicator,
    loc: Loc,
    spec: RubricSpec,
    document: Document,
    forms: Forms,
    measures: dict[str, Measure],
    elsewhere: frozenset[str],
) -> Found:
    """`elsewhere`: names whose mistake is reported elsewhere; whatever rests on them is left alone."""
    groups = [code for code in spec.groups if one.in_group(code)]
    if not groups:
        yield document.issue(loc, "没有任何分组考核这个指标", "请核对 groups 和 full_marks")
        return
    for key in ("actual", "target"):
        name = getattr(one, key)
        if name is not None and name not in measures:
            if name not in elsewhere:
                yield document.issue((*loc, key), f"没有数据项“{name}”", _close(name, measures))
            elsewhere |= {key}
    wrong = list(_value(one, loc, document, Names(measures, forms, groups[0], one, spec.rounding.rate), elsewhere))
    yield from wrong
    yield from _remedy(one, loc, document)
    if wrong or (names(one.value.tree) & elsewhere if one.value is not None else "actual" in elsewhere):
        elsewhere |= {"value"}
    for group in groups:
        known = Names(measures, forms, group, one, spec.rounding.rate)
        found = list(_expressions(one, loc, document, known, elsewhere))
        found += _rules(one, loc, spec, document, forms, known, group, elsewhere)
        yield from found
        if any(issue.stops_scoring for issue in found):
            return
    full = [one.full(group) for group in groups]
    decimals = spec.rounding.item
    if decimals is not None and any(x is not None and x * 10**decimals % 1 for x in full):
        told = f"满分的小数位多于指标得分的小数位（{decimals} 位）"
        yield document.issue((*loc, "full_marks"), told, "请改满分，或把 rounding.item 的位数加大")
    if one.flag is None and all(x == 0 for x in full if x is not None) and None not in full:
        yield document.issue(loc, "满分为 0 又没有短板标准，这个指标不起作用", "请补 flag 或分值", warning=True)


def _value(one: Indicator, loc: Loc, document: Document, known: Names, elsewhere: frozenset[str]) -> Found:
    if one.value is not None and not names(one.value.tree) & elsewhere:
        yield from _try(document, (*loc, "value"), lambda: known.value)


def _trees(one: Indicator) -> list[tuple[Loc, Expr]]:
    return [(loc, tree) for rule in one.rules for loc, tree in rule.trees()]


def _expressions(one: Indicator, loc: Loc, document: Document, known: Names, elsewhere: frozenset[str]) -> Found:
    by_rule = any(
        isinstance(node, Arithmetic) and node.operator == "/" for _, tree in _trees(one) for node in walk(tree)
    )
    if one.base_zero is not None and by_rule:
        pass
    elif one.base_zero is not None and one.value is None:
        yield document.issue((*loc, "base_zero"), "没有 value，base_zero 用不上", "可以删去", warning=True)
    elif one.base_zero is not None and "value" not in elsewhere and not _divides(known):
        yield document.issue((*loc, "base_zero"), "指标值里没有除法，base_zero 用不上", "可以删去", warning=True)
    if one.void is not None:
        tree = one.void.when.tree
        if not names(tree) & elsewhere:
            yield from _try(document, (*loc, "void", "when"), lambda: condition(tree, known.figure))
        leaves, full = one.void.leaves.at(known.group), one.full(known.group)
        if leaves is not None and full is not None and leaves.of(full) > full:
            yield document.issue((*loc, "void", "leaves"), "剩下的分高于满分", "请核对 leaves")
    if one.not_applicable is not None:
        then, formula = one.not_applicable.then, one.not_applicable.when
        if isinstance(then, Decimal) and not 0 <= then <= 1:
            yield document.issue((*loc, "not_applicable", "then"), "份额须在 0 到 100% 之间", "请写成 {share: 60%}")
        if formula is not None and not names(formula.tree) & elsewhere:
            yield from _try(document, (*loc, "not_applicable", "when"), lambda: condition(formula.tree, known.figure))
    if one.flag is not None:
        flag = one.flag
        if not names(flag.when.tree) & elsewhere:
            yield from _try(document, (*loc, "flag", "when"), lambda: condition(flag.when.tree, known.figure))
        if flag.gap is not None and not names(flag.gap.tree) & elsewhere:
            gap = flag.gap.tree
            yield from _try(document, (*loc, "flag", "gap"), lambda: quantity(gap, known.figure))
        if flag.pace is not None and flag.by is None:
            yield document.issue((*loc, "flag", "pace"), "写了 pace 却没有写 by", "请补 by: period_end")


def _remedy(one: Indicator, loc: Loc, document: Document) -> Found:
    """Placeholders that nothing can fill."""
    empty = {
        "gap": _no_gap(one),
        "actual": ("指标没有写 actual", "请写明 actual: 数据项代码") if one.actual is None else None,
        "target": ("指标没有写 target", "请写明 target: 数据项代码") if one.target is None else None,
        "value": ("指标没有写 value 或 actual", "请写 value") if one.value is None and one.actual is None else None,
    }
    for word in dict.fromkeys(piece.split("}")[0] for piece in (one.remedy or "").split("{")[1:]):
        if word not in empty:
            told = f"整改建议里不认识的占位“{{{word}}}”"
            yield document.issue((*loc, "remedy"), told, "只能用 {gap}、{actual}、{target}、{value}")
        elif (reason := empty[word]) is not None:
            told = f"整改建议里的 {{{word}}} 填不上：{reason[0]}"
            yield document.issue((*loc, "remedy"), told, f"{reason[1]}，或删去 {{{word}}}", warning=True)


def _no_gap(one: Indicator) -> tuple[str, str] | None:
    """Why a gap cannot be told: it is written, or follows from one comparison with a limit."""
    if one.flag is None:
        return "指标没有写 flag", "请写明 flag"
    when = one.flag.when.tree
    if one.flag.gap is not None or (isinstance(when, Compare) and when.operator in ("<", "<=", ">", ">=")):
        return None
    return "flag 的条件不是单独一个大小比较，推不出缺口", "请在 flag 里写 gap: 算式"


def _divides(known: Names) -> bool:
    try:
        return bool(known.value.guards)
    except ExpressionError:
        return True


def _try(document: Document, loc: Loc, attempt: Callable[[], object]) -> Found:
    try:
        attempt()
    except ExpressionError as error:
        yield document.issue(loc, error.problem, error.fix)


def _rules(
    one: Indicator,
    loc: Loc,
    spec: RubricSpec,
    document: Document,
    forms: Forms,
    known: Names,
    group: str,
    elsewhere: frozenset[str],
) -> Found:
    setting = known.setting(one.full(group))
    for index, rule in enumerate(one.rules):
        at: Loc = (*loc, "rules", index)
        broken = False
        for path, form in rule.forms():
            if form not in forms:
                broken = True
                yield document.issue((*at, *path), f"没有报表“{form}”", _close(form, forms))
            elif rule.kind == "timeliness" and not forms[form].has_schedule:
                broken = True
                yield document.issue((*at, *path), f"“{forms[form].title}”没有报送期限", "请在报表定义里写 due")
            elif isinstance(rule, Judged) and rule.source(one.code) not in known.measures:
                broken = True
                problem = f"“{forms[form].title}”缺少 indicator 或 score 列，不能用来评分"
                yield document.issue((*at, *path), problem, "请补上这两列，或用 measure 指明评分")
        for path, tree in () if broken else rule.trees():
            found = list(_usable(document, (*at, *path), tree, known, elsewhere))
            broken = broken or bool(found) or bool(names(tree) & elsewhere)
            yield from found
        findings = Findings()
        _check_prices(rule, group, setting.full, findings)
        if not findings.problems:
            rule.check(setting, findings)
        for path, problem, fix, warning in findings.problems:
            yield document.issue((*at, *path), problem, fix, warning)
        if broken or any(not warning for *_, warning in findings.problems):
            continue
        try:
            rule.scored(setting)
        except ExpressionError as error:
            yield document.issue(at, error.problem, error.fix)


def _check_prices(node: object, group: str, full: Decimal | None, findings: Findings) -> None:
    """Unsaid is not 0: a map names every group that is assessed, a share of full marks needs full marks."""
    for path, grouped in _prices(node, ()):
        points = grouped.at(group)
        if points is None:
            findings.error(path, f"分值没有写明分组 {group}", "请补上这个组的分值；不计分的写 0")
        elif points.of_full and full is None:
            findings.error(path, "指标没有写满分，这里不能写 full 或满分的百分之几", "请写 full_marks，或写具体分值")


def _adjustment(
    one: Bonus | Penalty | Veto,
    loc: Loc,
    spec: RubricSpec,
    document: Document,
    forms: Forms,
    measures: dict[str, Measure],
    elsewhere: frozenset[str],
) -> Found:
    base = Figure(Quantity.atom("base", -(10**15), 10**15, 10**12))
    for group in [code for code in spec.groups if not one.groups or code in one.groups]:
        plain = Names(measures, forms, group)
        if isinstance(one, Veto):
            when = one.when.tree
            if not names(when) & elsewhere:
                yield from _try(document, (*loc, "when"), lambda: condition(when, plain.figure))  # noqa: B023
            continue
        findings = Findings()
        setting = plain.setting(spec.groups[group].full_marks)
        for index, part in enumerate(one.parts):
            for path, tree in part.trees(("parts", index)):
                yield from _usable(document, (*loc, *path), tree, plain, elsewhere)
            part.check(("parts", index), setting, findings)
        _check_prices(one, group, setting.full, findings)
        for path, problem, fix, warning in findings.problems:
            yield document.issue((*loc, *path), problem, fix, warning)
        if isinstance(one, Bonus) and one.gate is not None:
            gate, gated = one.gate.tree, Names(measures, forms, group, extra=(("base", base, "基础得分"),))
            if not names(gate) & elsewhere:
                yield from _try(document, (*loc, "gate"), lambda: condition(gate, gated.figure))  # noqa: B023
        if isinstance(one, Bonus) and one.pool is None:
            yield document.issue(loc, "加分没有上限", "如需封顶请写 pool", warning=True)


def _consequences(spec: RubricSpec, document: Document) -> Found:
    titles = [grade.title for grade in spec.grades]
    types = CONSEQUENCE_TYPES | {"grade": RowType("text", options=tuple(titles), title="等次")}
    for index, one in enumerate(spec.consequences):
        loc: Loc = ("consequences", index)
        yield from _try(document, (*loc, "when"), lambda one=one: row_condition(one.when.tree, types))  # type: ignore[misc]
        for code in one.groups:
            if code not in spec.groups:
                yield document.issue((*loc, "groups"), f"没有分组“{code}”", _close(code, spec.groups))


def _usable(document: Document, loc: Loc, tree: Expr, known: Names, elsewhere: frozenset[str]) -> Found:
    """Every name that means nothing; then whether the whole is a condition or a figure, as its key asks."""
    found: list[Issue] = []
    for name in sorted(names(tree) - elsewhere):
        found += _try(document, loc, lambda name=name: known.figure(name))  # type: ignore[misc]
    if not found and not names(tree) & elsewhere:
        usable = condition if loc[-1] in _CONDITIONS else quantity
        found += _try(document, loc, lambda: usable(tree, known.figure))
    yield from found

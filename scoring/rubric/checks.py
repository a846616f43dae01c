"""What a rubric must hold beyond its types: names that exist, sums, order, reach. Errors stop, warnings do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise

from scoring.calendar import KNOWN_YEARS, WorkCalendar
from scoring.expressions import ExpressionError, names
from scoring.expressions.field import Formula
from scoring.expressions.figures import Figure, condition, quantity
from scoring.expressions.parse import Arithmetic, Compare, Expr, can_be_named, walk
from scoring.expressions.rows import RowType, aggregate, dated, without_year
from scoring.expressions.rows import condition as row_condition
from scoring.expressions.words import number
from scoring.forms import Forms
from scoring.issues import Issue, errors
from scoring.rubric.action_checks import action_problems, idle_actions
from scoring.rubric.by_group import check_item, check_maps, groups_named
from scoring.rubric.each import EachPart
from scoring.rubric.items import located, nodes
from scoring.rubric.judging import judged_measures, judged_problems
from scoring.rubric.model import (
    CONSEQUENCE_TYPES,
    SCHEDULE_ITEMS,
    SCHEDULE_UNITS,
    Bonus,
    Indicator,
    Measure,
    MeasureSpec,
    Penalty,
    RubricSpec,
    Veto,
)
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.judged import Judged
from scoring.rubric.rules.kind import Findings
from scoring.rubric.rules.timeliness import Timeliness
from scoring.rubric.settings import Names, aggregate_of, in_year
from scoring.rubric.structure import section_problems
from scoring.rubric.weighing import WHEN, Weighing
from scoring.source import Document, Loc
from scoring.sql.exact import Quantity
from scoring.units import Register

Found = Iterator[Issue]
_CONDITIONS = ("if", "only_if", "when")
_OWN = ("form", "value", "where", "weights", "once_by", "each", "then", "known_on")  # what makes a measure of its own
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
        try:
            measure = _resolved(code, written, base)
            if measure.without_year:
                in_year(measure, forms, date(2024, *spec.period.starts))
            aggregate_of(measure, forms)
        except ExpressionError as error:
            if not written.of:
                loc = _guilty(base, spec, forms)
                issues.append(document.issue(("measures", code, *loc), error.problem, error.fix))
            continue
        measures[code] = measure
    measures.update(_schedule_measures(forms))
    for _, _, indicator in located(spec.sections):
        measures.update(judged_measures(indicator, forms))
    return measures, issues


def _resolved(code: str, written: MeasureSpec, base: MeasureSpec) -> Measure:
    """`base`: the measure it refers to, or itself. Raises ExpressionError."""
    assert base.value is not None
    where = base.where.tree if base.where else None
    weighing = Weighing.of(code, base.weights, base.once_by)
    each = EachPart(base.each, base.then.tree) if base.each is not None and base.then is not None else None
    trees = [base.value.tree, *([where] if where is not None else []), *(weighing.conditions if weighing else ())]
    return Measure(
        code, written.title, written.unit or base.unit or "", base.form or "", base.value.tree, where,
        written.over or "this", None, written.skip_unreadable, weighing, each,
        without_year=any(without_year(tree) for tree in trees), known_on=base.known_on,
        own_rows=base.rows == "own",
    )  # fmt: skip


def _measure_problem(code: str, written: MeasureSpec, spec: RubricSpec, forms: Forms) -> tuple[Loc, str, str] | None:
    if code in _RESERVED or not can_be_named(code):
        return (), f"“{code}”是保留名称", "请换一个代码"
    if written.of is not None:
        if written.over is None:
            return (), "引用别的数据项时要写 over", "请写 over: same_days_last_year 或 whole_last_year"
        if own := [key for key in _OWN if getattr(written, key)]:
            return (), f"引用别的数据项时不写 {'、'.join(own)}", "取数的办法照所引用的数据项，请删去"
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


def _guilty(written: MeasureSpec, spec: RubricSpec, forms: Forms) -> Loc:
    """Which key an expression error belongs to."""
    assert written.form is not None
    types, start = forms[written.form].row_types, date(2024, *spec.period.starts)
    try:
        weighing = Weighing.of("", written.weights, written.once_by)
    except ExpressionError:
        return ("weights",)
    if weighing is not None and weighing.problem(types):
        return ("weights",) if written.weights else ("once_by",)
    when = weighing.when if weighing is not None else ()
    conditions: list[tuple[Loc, Formula | None]] = [
        (("weights", WHEN, index, "if"), one.if_) for index, one in enumerate(when)
    ]
    for loc, formula in [*conditions, (("where",), written.where)]:
        seen = weighing.types(types) if weighing is not None and loc == ("where",) else types
        if formula is None:
            continue
        tree = weighing.renamed(formula.tree) if weighing is not None else formula.tree
        try:
            row_condition(dated(tree, types, start), seen)
        except ExpressionError:
            return loc
    return ("value",) if written.then is None or not _one_figure(written, weighing, forms) else ("then",)


def _one_figure(written: MeasureSpec, weighing: Weighing | None, forms: Forms) -> bool:
    """Whether the value by itself is a figure that can be taken for each part of the period."""
    assert written.form is not None and written.value is not None
    form, value = forms[written.form], written.value.tree
    try:
        types = form.row_types if weighing is None else weighing.types(form.row_types)
        found = aggregate(value if weighing is None else weighing.renamed(value), None, types, form.dated_by)
    except ExpressionError:
        return False
    return found.divisor is None and not found.is_truth


def _schedule_measures(forms: Forms) -> dict[str, Measure]:
    found = {}
    for form in forms.values():
        if form.has_schedule:
            for item, title in SCHEDULE_ITEMS.items():
                if item == "early" and not form.knows_early:
                    continue
                code = f"{form.code}.{item}"
                thing = SCHEDULE_UNITS.get(item, "次")
                found[code] = Measure(code, f"{form.title}{title}", thing, form.code, None, None, "this", item)
    return found


def check(
    spec: RubricSpec,
    document: Document,
    forms: Forms,
    register: Register,
    measures: dict[str, Measure],
    before: RubricSpec | None = None,
) -> list[Issue]:
    """Every problem of a typed rubric. A mistake is told once, where it is, not at each place that rests on it.

    `before`: a rubric without errors that differs in numbers alone, measures being the same. Nothing is said of its entries
    that are as they were, nor of what is not used.
    """
    issues: list[Issue] = []
    elsewhere = frozenset(spec.measures) - frozenset(measures)
    for part in (_groups, _grades, _period) if before is not None else (_groups, _codes, _grades, _period):
        issues += part(spec, document, register)
    same = {one.code: one for _, _, one in located(before.sections)} if before is not None else {}
    issues += section_problems(spec, document, measures)
    for loc, _, indicator in located(spec.sections):
        if indicator != same.get(indicator.code):
            issues += _indicator(indicator, loc, spec, document, forms, measures, elsewhere)
    for index, grade in enumerate(spec.grades):
        for group in spec.groups if grade.only_if is not None else ():
            known = Names(measures, forms, group)
            issues += _usable(document, ("grades", index, "only_if"), grade.only_if.tree, known, elsewhere)  # type: ignore[union-attr]
    issues += _consequences(spec, document, forms, measures, elsewhere)
    for index, adjustment in enumerate(spec.adjustments):
        if before is None or adjustment != before.adjustments[index]:
            issues += _adjustment(adjustment, ("adjustments", index), spec, document, forms, measures, elsewhere)
    if before is None or spec.period != before.period:
        issues += _cut_off(spec, document, forms)
    if before is None or (spec.period, spec.actions) != (before.period, before.actions):
        issues += action_problems(spec, document, forms, measures, elsewhere)
    if before is None and not elsewhere and not errors(issues):  # a mistyped name makes the right one look unused
        issues += _unused(spec, document, measures)
        issues += idle_actions(spec, document, forms, register, measures)
    return list(dict.fromkeys(issues))


def _groups(spec: RubricSpec, document: Document, register: Register) -> Found:
    owner: dict[str, str] = {}
    titles: set[str] = set()
    for code, group in spec.groups.items():
        loc: Loc = ("groups", code, "units")
        for kind in group.units.kinds:
            if kind not in register.kinds:
                yield document.issue((*loc, "kinds"), f"没有“{kind}”这类单位", _close(kind, register.kinds))
        strangers = [one for one in group.units.units if one not in register.by_code]
        for one in strangers:
            yield document.issue((*loc, "units"), f"没有单位“{one}”", _close(one, register.by_code))
        members = [unit for unit in register.units if group.units.includes(unit)]
        if not members and not strangers and all(kind in register.kinds for kind in group.units.kinds):
            yield document.issue(loc, f"分组“{group.title}”没有任何单位", "请核对 kinds 和 tags")
        for unit in members:
            if unit.code in owner:
                told = f"单位“{unit.title}”同时在“{owner[unit.code]}”和“{group.title}”"
                yield document.issue(loc, told, "一个单位只能在一个分组")
            owner[unit.code] = group.title
        if group.title in titles:
            yield document.issue(("groups", code, "title"), f"有两个分组叫“{group.title}”", "请用不同的名称")
        titles.add(group.title)
        if group.facts == "members" and members and not any(register.below(unit.code) for unit in members):
            told = f"“{group.title}”按所辖单位的数据计分，而名册里没有单位在它下面"
            yield document.issue(("groups", code, "facts"), told, "请在 units.yaml 里给所辖单位写 in，或删去 facts")
        if group.full_marks <= 0:
            yield document.issue(("groups", code, "full_marks"), "分组满分须大于 0", "请写 100 或实际满分")


def _codes(spec: RubricSpec, document: Document, register: Register) -> Found:
    seen: dict[str, int | None] = {}
    places: list[tuple[Loc, str]] = []
    for node in nodes(spec.sections):
        places.append(((*node.loc, "code"), node.section.code))
        inside = enumerate(node.section.indicators)
        places += [((*node.loc, "indicators", i, "code"), one.code) for i, one in inside]
    places += [(("adjustments", a, "code"), one.code) for a, one in enumerate(spec.adjustments)]
    for loc, code in places:
        if code in seen:
            problem = f"代码“{code}”已用在第 {seen[code]} 行"
            yield document.issue(loc, problem, "一级指标、指标、加扣分的代码在全文中要唯一")
        seen.setdefault(code, document.line(loc))
    sections = [node.section.code for node in nodes(spec.sections)]
    for index, code in enumerate(spec.places.break_by):
        if code not in sections:
            yield document.issue(("places", "break_by", index), f"没有一级指标“{code}”", _close(code, sections))
    yield from _group_names(spec, document)


def _group_names(spec: RubricSpec, document: Document) -> Found:
    known = set(spec.groups)
    for loc, groups in groups_named(spec):
        if not groups and loc[-1] == "groups" and loc in document.lines:
            yield document.issue(loc, "groups 里一个分组也没有", "对所有分组都适用的删去 groups，其余的写上分组代码")
        for code in groups:
            if code not in known:
                yield document.issue(loc, f"没有分组“{code}”", _close(code, known))


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
        yield from _line(spec, index, document)
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


def _line(spec: RubricSpec, index: int, document: Document) -> Found:
    """The line of a grade: every group has one, below that of the grade before."""
    line, above = spec.grades[index].at_least, spec.grades[index - 1].at_least if index else None
    loc: Loc = ("grades", index, "at_least")
    if line is None:
        return
    for group in spec.groups:
        own, upper = line.at(group), above.at(group) if above is not None else None
        if own is None:
            yield document.issue(loc, f"界限没有写明分组 {group}", "请补上这个组的界限")
        elif upper is not None and own >= upper:
            whose = f"分组 {group} 的" if line.groups or (above is not None and above.groups) else ""
            yield document.issue(loc, f"{whose}等次分数线须由高到低", "请按由高到低排列")


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
    least, most = spec.total.at_least, spec.total.at_most
    if least is not None and most is not None and least > most:
        told = f"总分最低 {number(least)} 分高于最高 {number(most)} 分"
        yield document.issue(("total", "at_least"), told, "请核对 at_least 和 at_most")


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
    for _, _, one in located(spec.sections):
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
    for following in spec.consequences:
        used |= names(following.leave_out.when.tree) if following.leave_out is not None else set()
    for adjustment in spec.adjustments:
        if isinstance(adjustment, Veto):
            used |= names(adjustment.when.tree)
        else:
            for index, part in enumerate(adjustment.parts):
                for _, tree in part.trees(("parts", index)):
                    used |= names(tree)
    for action in spec.actions:
        used |= set(action.does) | (names(action.needs.tree) if action.needs is not None else set())
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
    findings = Findings()
    check_item(one, groups, findings)
    for path, problem, fix, _ in findings.problems:
        yield document.issue((*loc, *path), problem, fix)
    full = [one.full(group) for group in groups]
    decimals = spec.rounding.item
    if decimals is not None and any(x is not None and x * 10**decimals % 1 for x in full):
        told = f"满分的小数位多于指标得分的小数位（{decimals} 位）"
        yield document.issue((*loc, "full_marks"), told, "请改满分，或把 rounding.item 的位数加大")
    if one.flag is None and all(one.top(group) == 0 for group in groups) and not _lands_elsewhere(one):
        yield document.issue(loc, "满分为 0 又没有短板标准，这个指标不起作用", "请补 flag 或分值", warning=True)


def _lands_elsewhere(one: Indicator) -> bool:
    return any(getattr(rule, "lands_on", "item") != "item" for rule in one.rules)


def _value(one: Indicator, loc: Loc, document: Document, known: Names, elsewhere: frozenset[str]) -> Found:
    if one.value is not None and not names(one.value.tree) & elsewhere:
        yield from _try(document, (*loc, "value"), lambda: known.value)


def _trees(one: Indicator) -> list[tuple[Loc, Expr]]:
    return [(loc, tree) for rule in one.rules for loc, tree in rule.trees()]


def _looks_at_value(one: Indicator) -> bool:
    return any("value" in names(tree) for _, tree in _trees(one))


def _expressions(one: Indicator, loc: Loc, document: Document, known: Names, elsewhere: frozenset[str]) -> Found:
    by_rule = any(
        isinstance(node, Arithmetic) and node.operator == "/" for _, tree in _trees(one) for node in walk(tree)
    )
    if one.base_zero is not None and by_rule:
        pass
    elif one.base_zero is not None and one.value is None and one.actual is None and _looks_at_value(one):
        pass  # the value is what is missing; told where it is looked at
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
            elif isinstance(rule, Timeliness) and rule.early is not None and not forms[form].knows_early:
                broken = True
                problem = f"“{forms[form].title}”没有写明最早什么时候可以报"
                fix = "请在报表定义的 due 里写 not_before，例如 not_before: {days: 5}"
                yield document.issue((*at, "early"), problem, fix)
            elif isinstance(rule, Judged) and rule.source(one.code) not in known.measures:
                broken = True
                problem = f"“{forms[form].title}”缺少 indicator 或 score 列，不能用来评分"
                yield document.issue((*at, *path), problem, "请补上这两列，或用 measure 指明评分")
        for path, problem, fix in () if broken else judged_problems(one, index, group, forms):
            broken = True
            yield document.issue((*at, *path), problem, fix)
        for path, tree in () if broken else rule.trees():
            found = list(_usable(document, (*at, *path), tree, known, elsewhere))
            broken = broken or bool(found) or bool(names(tree) & elsewhere)
            yield from found
        findings = Findings()
        check_maps(rule, group, setting.full, findings)
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
            usable = part.check(("parts", index), setting, findings)
            if usable and not any(_tree_problems(document, part, plain, elsewhere)):
                yield from _try(document, (*loc, "parts", index), lambda: part.part(setting, 1))  # noqa: B023
        check_maps(one, group, setting.full, findings)
        for path, problem, fix, warning in findings.problems:
            yield document.issue((*loc, *path), problem, fix, warning)
        if isinstance(one, Bonus) and one.gate is not None:
            gate, gated = one.gate.tree, Names(measures, forms, group, extra=(("base", base, "基础得分"),))
            if not names(gate) & elsewhere:
                yield from _try(document, (*loc, "gate"), lambda: condition(gate, gated.figure))  # noqa: B023
        if isinstance(one, Bonus) and one.pool is None:
            yield document.issue(loc, "加分没有上限", "如需封顶请写 pool；确实不封顶请写 pool: none", warning=True)


def _tree_problems(document: Document, part: CountedPart, known: Names, elsewhere: frozenset[str]) -> Found:
    """What is wrong with the expressions of a part, and every name in them whose mistake is told elsewhere."""
    for path, tree in part.trees(()):
        yield from _usable(document, path, tree, known, elsewhere)
        yield from (document.issue(path, name) for name in names(tree) & elsewhere)


def _consequences(
    spec: RubricSpec, document: Document, forms: Forms, measures: dict[str, Measure], elsewhere: frozenset[str]
) -> Found:
    titles = [grade.title for grade in spec.grades]
    types = CONSEQUENCE_TYPES | {"grade": RowType("text", options=tuple(titles), title="等次")}
    for index, one in enumerate(spec.consequences):
        loc: Loc = ("consequences", index)
        yield from _try(document, (*loc, "when"), lambda one=one: row_condition(one.when.tree, types))  # type: ignore[misc]
        for group in spec.groups if one.leave_out is not None else ():
            tree = one.leave_out.when.tree  # type: ignore[union-attr]
            if one.in_group(group) and not names(tree) & elsewhere:
                known = Names(measures, forms, group)
                yield from _try(document, (*loc, "leave_out", "when"), lambda: condition(tree, known.figure))  # noqa: B023


def _usable(document: Document, loc: Loc, tree: Expr, known: Names, elsewhere: frozenset[str]) -> Found:
    """Every name that means nothing; then whether the whole is a condition or a figure, as its key asks."""
    found: list[Issue] = []
    for name in sorted(names(tree) - elsewhere):
        found += _try(document, loc, lambda name=name: known.figure(name))  # type: ignore[misc]
    if not found and not names(tree) & elsewhere:
        usable = condition if loc[-1] in _CONDITIONS else quantity
        found += _try(document, loc, lambda: usable(tree, known.figure))
    yield from found

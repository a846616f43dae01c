"""What 还能做的事 must hold beyond their types: figures that exist and can be moved so, groups named, something gained.

Knows the typed rubric and forms; works out nobody's path. What moves nothing that is scored is told, not refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property

from scoring.expressions import ExpressionError, names
from scoring.expressions.figures import condition
from scoring.forms import Forms
from scoring.issues import Issue
from scoring.rubric.actions import YES, Action
from scoring.rubric.judging import COLUMNS
from scoring.rubric.model import Measure, Rubric, RubricSpec
from scoring.rubric.pairing import measures_behind
from scoring.rubric.points import ByGroup
from scoring.rubric.settings import Names, aggregate_of
from scoring.source import Document, Loc
from scoring.units import Register

Found = Iterator[Issue]


def action_problems(
    spec: RubricSpec, document: Document, forms: Forms, measures: dict[str, Measure], elsewhere: frozenset[str]
) -> Found:
    """Every mistake of the actions. `elsewhere`: figures whose mistake is told where they stand."""
    seen: dict[str, int | None] = {}
    for index, one in enumerate(spec.actions):
        loc: Loc = ("actions", index)
        if one.code in seen:
            told = f"代码“{one.code}”已用在第 {seen[one.code]} 行"
            yield document.issue((*loc, "code"), told, "还能做的事各用不同的代码")
        seen.setdefault(one.code, document.line((*loc, "code")))
        yield from _groups(one, loc, spec, document)
        for code in one.does:
            if code not in elsewhere:
                yield from _change(one, code, (*loc, "does", code), document, forms, measures)
        yield from _needs(one, loc, spec, document, forms, measures, elsewhere)
        if one.by is not None and one.by.after is not None and one.by.after > spec.period.cut_off:
            told = f"{one.by.words}，晚于数据截止（{spec.period.cut_off} 天），截止以后做的不计入"
            fix = f"请改为 +{spec.period.cut_off}d 或更早"
            yield document.issue((*loc, "by"), told, fix, warning=True)


def _groups(one: Action, loc: Loc, spec: RubricSpec, document: Document) -> Found:
    """The groups it names exist, and every group it is for has its effort."""
    written: list[tuple[Loc, str, ByGroup[Decimal]]] = [((*loc, "effort"), "工作量", one.effort)]
    written += [((*loc, "most"), "次数", one.most)] if one.most is not None else []
    named = [((*loc, "groups"), one.groups), *((where, figure.groups) for where, _, figure in written)]
    unknown = False
    for where, codes in named:
        for code in codes:
            if code not in spec.groups:
                unknown = True
                yield document.issue(where, f"没有分组“{code}”", nearest(code, spec.groups))
    if (*loc, "groups") in document.lines and not one.groups:
        fix = "对所有分组都适用的删去 groups，其余的写上分组代码"
        yield document.issue((*loc, "groups"), "groups 里一个分组也没有", fix)
    for where, what, figure in written if not unknown else ():
        for code in spec.groups:
            if one.in_group(code) and figure.at(code) is None:
                yield document.issue(where, f"{what}没有写明分组 {code}", f"请补上这个组的{what}")


def _change(one: Action, code: str, loc: Loc, document: Document, forms: Forms, measures: dict[str, Measure]) -> Found:
    """What it does to one figure."""
    change = one.does[code]
    if code not in measures:
        yield document.issue(loc, f"没有数据项“{code}”", nearest(code, measures))
        return
    measure = measures[code]
    if measure.window != "this":
        yield document.issue(loc, f"“{measure.title}”是上年的数，今年做什么都改不了", "请写今年的数据项")
        return
    scale, is_truth = 1, False
    if measure.schedule_item is None:
        found = aggregate_of(measure, forms)
        scale, is_truth = found.scale, found.is_truth
        if found.divisor is not None:
            yield document.issue(loc, f"“{measure.title}”是平均数，不能说加几减几", "请写计数或求和的数据项")
            return
    if is_truth != isinstance(change, bool):
        problem, fix = f"“{measure.title}”是个数，不能写 {YES}", "请写 +1、-1 一类的数"
        if is_truth:
            problem, fix = f"“{measure.title}”只有是和否，不能写加几减几", f"请写 {code}: {YES}"
        yield document.issue(loc, problem, fix)
    elif change == 0:
        yield document.issue(loc, "变化是 0，等于没有做", "请写 +1、-1 一类的数，或删去这一项")
    elif change * scale % 1:
        yield document.issue(loc, f"变化的小数位多于“{measure.title}”的小数位", "请少写几位小数")


def _needs(
    one: Action,
    loc: Loc,
    spec: RubricSpec,
    document: Document,
    forms: Forms,
    measures: dict[str, Measure],
    elsewhere: frozenset[str],
) -> Found:
    """Whether the premise is a condition over figures."""
    if one.needs is None or names(one.needs.tree) & elsewhere:
        return
    tree = one.needs.tree
    group = next((code for code in spec.groups if one.in_group(code)), next(iter(spec.groups)))
    try:
        condition(tree, Names(measures, forms, group).figure)
    except ExpressionError as error:
        yield document.issue((*loc, "needs"), error.problem, error.fix)


def nearest(name: str, known: Iterable[str]) -> str:
    """是不是…, or what there is."""
    options = sorted(known)
    close = get_close_matches(name, options, n=1, cutoff=0.6)
    if close:
        return f"是不是“{close[0]}”？"
    plain = [option for option in options if "." not in option]
    return "可用：" + "、".join(plain[:20]) + ("等" if len(plain) > 20 else "")


# --- what it is good for --------------------------------------------------------------------------------


def idle_actions(
    spec: RubricSpec, document: Document, forms: Forms, register: Register, measures: dict[str, Measure]
) -> Found:
    """Actions that move what nothing scores, or what a unit cannot move by itself. Only for a rubric without errors."""
    if not spec.actions:
        return
    looked_at = _LookedAt(Rubric(spec, document, forms, register, measures))
    for index, one in enumerate(spec.actions):
        loc: Loc = ("actions", index)
        groups = [code for code in spec.groups if one.in_group(code)]
        scored = {code for group in groups for code in looked_at.by_group[group]}
        for code in one.does:
            measure, where = measures[code], (*loc, "does", code)
            if code not in scored:
                told = f"没有哪一项计分用到“{measure.title}”，做了也不加分"
                yield document.issue(where, told, "请核对数据项，或删去这一项", warning=True)
            elif _is_entered(measure, forms):
                told = f"“{measure.title}”由考核方登记，不是单位做了就有"
                yield document.issue(where, told, "确实做得到的可以不改", warning=True)
        if one.needs is not None and (unknown := sorted(names(one.needs.tree) - looked_at.every)):
            told = f"needs 用到的“{measures[unknown[0]].title}”没有哪一项计分用到，条件定不下来"
            yield document.issue((*loc, "needs"), told, "请改用计分用到的数据项", warning=True)


def _is_entered(measure: Measure, forms: Forms) -> bool:
    """Whether the office or the assessors enter it: a score, a target, the result of a survey."""
    form = forms[measure.form]
    return set(form.by_code) >= COLUMNS or (form.kept_by == "office" and form.derived is None and not form.has_schedule)


@dataclass(frozen=True)
class _LookedAt:
    """Which figures score anything."""

    rubric: Rubric

    @cached_property
    def every(self) -> set[str]:
        """Those that are known at all: also what only a flag looks at."""
        items = [code for one in self.rubric.indicators.values() for code in measures_behind(self.rubric, one, one)]
        return {code for codes in self.by_group.values() for code in codes} | set(items)

    @cached_property
    def by_group(self) -> dict[str, set[str]]:
        """Those that move points, a grade or a place."""
        return {group: set(self._of(group)) for group in self.rubric.groups}

    def _of(self, group: str) -> Iterator[str]:
        spec = self.rubric.spec
        for _, one in self.rubric.placed(group):
            yield from measures_behind(self.rubric, one, one.rules, one.not_applicable, one.void)
        for adjustment in self.rubric.adjustments(group):
            yield from measures_behind(self.rubric, None, adjustment)
        yield from measures_behind(self.rubric, None, tuple(grade.only_if for grade in spec.grades))

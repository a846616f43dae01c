"""What a score or a loss entered by the assessors needs: its figure, its form, no second one beside it. Knows no data."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.expressions.parse import Call, Compare, Name, String
from scoring.forms import Form, Forms
from scoring.rubric.items import Indicator
from scoring.rubric.model import Measure
from scoring.rubric.rules.judged import Judged
from scoring.source import Loc

COLUMNS = {"indicator", "score"}


def of_assessors(indicator: Indicator) -> Iterator[Judged]:
    """The rules whose score or loss the assessors enter; another figure may be judged as well (`measure`)."""
    return (rule for rule in indicator.rules if isinstance(rule, Judged) and rule.measure is None)


def judged_measures(indicator: Indicator, forms: Forms) -> dict[str, Measure]:
    """The figures that a form of the assessors brings: `case_quality.judged`."""
    found = {}
    for rule in of_assessors(indicator):
        form = forms.get(rule.form)
        if form is not None and set(form.by_code) >= COLUMNS:
            code = rule.source(indicator.code)
            title = f"{indicator.title}{'酌情扣分' if rule.is_loss else '评分'}"
            value = Call("only", (Name("score"),))
            where = Compare("=", Name("indicator"), String(indicator.code))
            none = rule.unless_entered == "none"
            found[code] = Measure(code, title, "分", form.code, value, where, none_if_closed=none, own_rows=True)
    return found


def judged_problems(one: Indicator, index: int, group: str, forms: Forms) -> Iterator[tuple[Loc, str, str]]:
    """(place in the rule, problem, fix) of what one judged rule alone cannot see."""
    rule = one.rules[index]
    if not isinstance(rule, Judged):
        return
    before = [other for other in one.rules[:index] if isinstance(other, Judged) and other.measure is None]
    if rule.measure is None and before:
        fix = "请合成一条；确要分开评的另立一个指标，或用 measure 指明另一个数据项"
        yield (), "一个指标只能有一条考核组评分或酌情扣分，评分表里分不清是哪一条", fix
    if rule.is_loss and len(one.rules) == 1 and one.full(group) is None:
        yield (), "没有满分的指标不能从满分扣起", "请写 full_marks，或再写一条得分的规则"
    form = forms.get(rule.form)
    if rule.measure is None and rule.unless_entered == "none" and form is not None and not closes(form):
        problem = f"“{form.title}”没有关账的时候，分不清是不扣还是还没有评"
        if not rule.is_loss:
            problem = f"“{form.title}”没有关账的时候，分不清是不得分还是还没有评"
        fix = "请在报表定义里写 kept_by: office 和 due，评完登记“已关账”；或删去 unless_entered"
        yield ("unless_entered",), problem, fix


def closes(form: Form) -> bool:
    """Whether the office can close it, so that no entry means something."""
    return form.kept_by == "office" and form.has_schedule

"""Conditions that can never be met, or always are, whatever is reported; vetoes that change nothing; things counted twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.expressions import Expr
from scoring.expressions.parse import Compare, In, Logic, Name, Not, Truth
from scoring.expressions.words import number, run_on
from scoring.rubric.lint.reading import Doubt, Doubts, Extra, Item, Reading, Spot, points
from scoring.rubric.model import Bonus, Penalty, Veto
from scoring.rubric.rules import Judged
from scoring.source import Loc

Outcomes = frozenset[bool]
_FAR = 10**6  # a high end beyond this is a limit of our arithmetic, not of the figure
_BOTH: Outcomes = frozenset([True, False])
# What follows now from a condition that never holds, and from one that always does.
_EFFECTS = {
    "gate": ("永远不加分", "加分没有前提"),
    "only_if": ("永远不得分", "前提不起作用"),
    "loss_only_if": ("永远不扣分", "扣分没有前提"),
    "not_applicable": ("一律适用", "一律不适用"),
    "void": ("永远用不上", "一律作废"),
    "flag": ("永远不列为短板", "一律列为短板"),
    "if": ("永远不计", "一律计入"),
    "grade": ("没有单位能得", "条件不起作用"),
    "leave_out": ("一个单位也不排除", "全部单位都排除"),
    "veto": ("永远用不上", "一律否决"),
}


def _outcomes(tree: Expr, spot: Spot) -> Outcomes:
    """What the condition can come to. Two parts of it are taken to be free of each other."""
    match tree:
        case Truth(value):
            return frozenset([value])
        case Not(item):
            return frozenset(not one for one in _outcomes(item, spot))
        case Logic(operator, left, right):
            a, b = _outcomes(left, spot), _outcomes(right, spot)
            return frozenset((x and y) if operator == "and" else (x or y) for x in a for y in b)
        case Compare(operator, left, right) if not isinstance(left, Truth) and not isinstance(right, Truth):
            return _compared(operator, left, right, spot)
        case In(item, options):
            found = [_compared("=", item, option, spot) for option in options]
            return frozenset([False]) if all(one == {False} for one in found) else _BOTH
    return _BOTH


def _compared(operator: str, left: Expr, right: Expr, spot: Spot) -> Outcomes:
    a, b = spot.span(left), spot.span(right)
    if operator in (">", ">="):
        a, b, operator = b, a, {">": "<", ">=": "<="}[operator]
    if operator == "<":
        return _order(a.high < b.low, a.low >= b.high)
    if operator == "<=":
        return _order(a.high <= b.low, a.low > b.high)
    apart = a.high < b.low or b.high < a.low
    same = a.low == a.high == b.low == b.high
    return _order(same, apart) if operator == "=" else _order(apart, same)


def _order(always: bool, never: bool) -> Outcomes:
    return frozenset([True]) if always else frozenset([False]) if never else _BOTH


def settled_conditions(reading: Reading) -> Doubts:
    """One outcome for every unit of every group that has the clause, whatever is reported."""
    for items in reading.items():
        yield from _settled(items, list(_conditions_of_item(items[0])))
    for extras in reading.extras():
        yield from _settled(extras, list(_conditions_of_extra(extras[0])))
    for index, grade in enumerate(reading.spec.grades):
        if grade.only_if is not None:
            spots = [Spot(reading, ("grades", index), group, f"等次“{grade.title}”") for group in reading.spec.groups]
            yield from _settled(spots, [("grade", ("only_if",), grade.only_if.tree)])
    for index, one in enumerate(reading.spec.consequences):
        if one.leave_out is not None:
            head, inside = f"{one.clause}“{one.action}”", [group for group in reading.spec.groups if one.in_group(group)]
            spots = [Spot(reading, ("consequences", index), group, head) for group in inside]
            yield from _settled(spots, [("leave_out", ("leave_out", "when"), one.leave_out.when.tree)])


def _conditions_of_item(item: Item) -> Iterator[tuple[str, Loc, Expr]]:
    one = item.one
    if one.not_applicable is not None and one.not_applicable.when is not None:
        yield "not_applicable", ("not_applicable", "when"), one.not_applicable.when.tree
    if one.void is not None:
        yield "void", ("void", "when"), one.void.when.tree
    if one.flag is not None:
        yield "flag", ("flag", "when"), one.flag.when.tree
    for index, rule in enumerate(one.rules):
        for path, tree in rule.trees():
            if path and path[-1] in ("if", "only_if"):
                loses = "loss_" if isinstance(rule, Judged) and rule.is_loss else ""
                yield f"{loses}{path[-1]}", ("rules", index, *path), tree


def _conditions_of_extra(extra: Extra) -> Iterator[tuple[str, Loc, Expr]]:
    one = extra.one
    if isinstance(one, Veto):
        yield "veto", ("when",), one.when.tree
        return
    if isinstance(one, Bonus) and one.gate is not None:
        yield "gate", ("gate",), one.gate.tree
    for index, part in enumerate(one.parts):
        yield from (("if", path, tree) for path, tree in part.trees(("parts", index)) if path[-1] == "if")


def _settled(spots: Sequence[Spot], written: list[tuple[str, Loc, Expr]]) -> Doubts:
    for kind, path, tree in written:
        found = frozenset(outcome for spot in spots for outcome in _outcomes(tree, spot))
        if len(found) == 1:
            always, first = True in found, spots[0]
            told = (
                f"{first.head}：条件“{first.setting.words(tree)}”{'总是成立' if always else '永远不成立'}，界限写得不对"
            )
            wording = (
                f"建议写明“{_reach(tree, spots) or '有的单位够得上、有的够不上'}”的界限；现{_EFFECTS[kind][always]}"
            )
            yield Doubt((*first.loc, *path), told, wording)


def _reach(tree: Expr, spots: Sequence[Spot]) -> str:
    """What the figure of a single comparison can be: 基础得分 0 至 100 之间."""
    if not isinstance(tree, Compare) or not isinstance(tree.left, Name):
        return ""
    spans, title = [spot.span(tree.left) for spot in spots], spots[0].setting.title(tree.left.code)
    low, high = number(_decimal(min(one.low for one in spans))), max(one.high for one in spans)
    if high >= _FAR:
        return run_on(title, "大于", low)
    return run_on(title, low, "至", number(_decimal(high)), "之间")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def vetoes_without_effect(extra: Extra) -> Doubts:
    if not isinstance(extra.one, Veto):
        return
    effect, most = extra.one.effect, extra.reading.most_total(extra.group)
    titles = [grade.title for grade in extra.reading.spec.grades]
    limits = effect.score_at_most is not None and (most is None or effect.score_at_most < most)
    lowers = effect.grade is not None and titles.index(effect.grade) > 0
    others = effect.lose, effect.score is not None, effect.grade_down, effect.stop, effect.unranked, effect.no_awards
    if limits or lowers or any(others):
        return
    last = f"“等次定为{titles[-1]}”（grade）" if titles else "“不参加排名”（unranked）"
    top = f"（总分最高 {points(most)}）" if most is not None else ""
    unsaid = f"否决的后果“{effect.words}”什么也不改变{top}"
    yield Doubt((*extra.loc, "effect"), unsaid, f"建议写明{last}或更低的总分（score_at_most）；现否决不起作用")


def praised_and_punished(reading: Reading) -> Doubts:
    """A measure that a bonus adds for and a penalty takes for."""
    adjustments = list(enumerate(reading.spec.adjustments))
    for _, bonus in adjustments:
        for p, penalty in adjustments:
            if not isinstance(bonus, Bonus) or not isinstance(penalty, Penalty) or not _meet(bonus, penalty):
                continue
            praised = {part.code for part in bonus.parts if part.code}
            for index, part in enumerate(penalty.parts):
                if part.code in praised and part.code in reading.measures:
                    title = reading.measures[part.code].title
                    unsaid = f"“{title}”在{bonus.clause}“{bonus.title}”加分，又在{penalty.clause}“{penalty.title}”扣分"
                    wording = "建议写明哪一类加分、哪一类扣分，分成两个数据项（measures）；现两处都计"
                    yield Doubt(("adjustments", p, "parts", index, "measure"), unsaid, wording)


def _meet(bonus: Bonus, penalty: Penalty) -> bool:
    """Whether one unit can have both."""
    return not bonus.groups or not penalty.groups or bool(set(bonus.groups) & set(penalty.groups))


OF_EXTRAS = (vetoes_without_effect,)
OF_THE_WHOLE = (settled_conditions, praised_and_punished)

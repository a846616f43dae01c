"""Divisors that can be 0 and of which nothing is said: no task, no case last year, a whole group without any."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.expressions import Expr, names
from scoring.expressions.parse import GROUP_FUNCTIONS, Arithmetic, Call, Compare, Logic, Name, Number, rebuilt, walk
from scoring.expressions.words import run_on
from scoring.rubric.lint.reading import Doubt, Doubts, Item
from scoring.source import Loc

_CONDITIONS = ("if", "only_if")


def divisors_of_zero(item: Item) -> Doubts:
    if item.one.base_zero is not None:
        return
    found: dict[Expr, Loc] = {}
    for loc, divisor in _divisors(item):
        found.setdefault(divisor, loc)
    open_ones = [(loc, *_told(item, divisor)) for divisor, loc in found.items() if _can_be_zero(item, divisor)]
    if open_ones:
        who = open_ones[0][2] if len(open_ones) == 1 else "除数为 0 的"
        wording = f"建议写明“{who}得满分”（或“不得分”“不适用”，base_zero）；现作暂缺，没有总分"
        yield Doubt(open_ones[0][0], f"{'；'.join(when for _, when, _ in open_ones)}，怎么算没有写明", wording)


def _can_be_zero(item: Item, divisor: Expr) -> bool:
    span = item.span(divisor)
    return span.low <= 0 <= span.high and not _left_out(item, divisor)


def _told(item: Item, divisor: Expr) -> tuple[str, str]:
    """When it is 0, and what those units are called in a wording."""
    title, measure = item.setting.words(divisor), item.reading.measures.get(item.code(divisor))
    if any(isinstance(node, Call) and node.function in GROUP_FUNCTIONS for node in walk(divisor)):
        return run_on("全组都是 0 时，作除数的", title, "为 0"), "全组都为 0 的"
    if measure is not None and not measure.window.startswith("this"):
        return run_on(title, "为 0 时没有基数"), "上年为 0 的"
    return run_on(title, "为 0 时除数为 0"), run_on(title, "为 0 的")


def _divisors(item: Item) -> Iterator[tuple[Loc, Expr]]:
    """Divisors that points rest on."""
    written = [
        ((*item.loc, "rules", i, *path), tree) for i, rule in enumerate(item.one.rules) for path, tree in rule.trees()
    ]
    if item.one.value is not None and any("value" in names(tree) for _, tree in written):
        written.insert(0, ((*item.loc, "value"), item.one.value.tree))
    for loc, tree in written:
        if loc[-1] not in _CONDITIONS:
            yield from ((loc, divisor) for divisor in _under(tree))


def _under(tree: Expr) -> Iterator[Expr]:
    for node in walk(tree):
        if isinstance(node, Arithmetic) and node.operator == "/" and names(node.right):
            yield node.right


def _left_out(item: Item, divisor: Expr) -> bool:
    """Whether the item does not apply where the divisor is 0: `not_applicable: {when: task = 0 …}`."""
    policy = item.one.not_applicable
    if policy is None or policy.when is None:
        return False
    pending = [policy.when.tree]
    while pending:
        node = pending.pop()
        if isinstance(node, Logic) and node.operator == "or":
            pending += [node.left, node.right]
        elif isinstance(node, Compare) and _plain(item, node.left) == _plain(item, divisor):
            limit = node.right.value if isinstance(node.right, Number) else None
            if limit is not None and (limit == 0 if node.operator == "=" else limit >= 0 and node.operator == "<="):
                return True
    return False


def _plain(item: Item, tree: Expr) -> Expr:
    """The expression with actual and target called by their measures."""
    return rebuilt(tree, lambda node: Name(item.code(node)) if isinstance(node, Name) else node)


OF_ITEMS = (divisors_of_zero,)

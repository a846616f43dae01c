"""Floors and caps that are unsaid: losses, penalties, steps and formulas that could go on without end."""

from __future__ import annotations

from scoring.expressions import Expr
from scoring.expressions.parse import Arithmetic, Call, Name, Negative, walk
from scoring.expressions.words import run_on, short_and_over, stretch
from scoring.rubric.lint.reading import Doubt, Doubts, Extra, Item, Reading, Spot, part_title, per_step, points
from scoring.rubric.model import Bonus, Penalty
from scoring.rubric.rules import Deductions, Formula, Steps
from scoring.rubric.rules.deductions import LANDS


def losses_that_land_elsewhere(item: Item) -> Doubts:
    """What lands on the total does not end with the item; on a section it ends with the full marks of the section."""
    for loc, part, verb, rule in item.counted():
        if not isinstance(rule, Deductions) or rule.lands_on == "item" or part.each is None or part.cap is not None:
            continue
        if not any(item.setting.price(price) for price in part.prices):
            continue
        unsaid = f"{per_step(part, verb, item)}，从{{}}中扣减，没有写明最多扣几分"
        if rule.lands_on == "total":
            wording = f"建议写明“{part_title(part, item)}最多扣 N 分”（cap）；{_until_now(item)}"
            yield Doubt(loc, unsaid.format("总分"), wording)
        elif item.section.full(item.group) is None:
            title = item.section.title
            wording = f"建议写明“扣完‘{title}’的得分为止”（cap，或写明‘{title}’的满分 full_marks）；现扣到“{title}”得 0 分为止"
            yield Doubt(loc, unsaid.format(f"“{title}”"), wording)


def steps_that_land_elsewhere(item: Item) -> Doubts:
    """The same of steps that are taken off the section or the total."""
    for loc, rule in item.rules(Steps):
        for side in ("below", "above"):
            slopes = getattr(rule, side)
            if rule.lands_on == "item" or rule.least is not None or not slopes or slopes[-1].until is not None:
                continue
            unsaid = f"从{LANDS[rule.lands_on]}中扣减，没有写明最多扣几分"
            ends = f"现扣到{LANDS[rule.lands_on]}扣完为止" if rule.lands_on != "total" else _until_now(item)
            wording = f"建议写明扣到哪里为止（until），或本项最低得几分（least）；{ends}"
            yield Doubt((*loc, side, len(slopes) - 1), unsaid, wording)


def _until_now(spot: Spot) -> str:
    floor = spot.reading.spec.total.at_least
    return f"现扣到总分 {points(floor)}为止" if floor is not None else "现没有底"


def penalties(extra: Extra) -> Doubts:
    if not isinstance(extra.one, Penalty) or extra.one.cap is not None:
        return
    counted = [part for part in extra.one.parts if part.each is not None and part.cap is None]
    if any(extra.setting.price(price) for part in counted for price in part.prices):
        wording = f"建议写明“合计最多扣 N 分”（cap）或“不封顶”（cap: none）；{_until_now(extra)}"
        yield Doubt(extra.loc, "扣分没有写明合计最多扣几分", wording)


def steps_upward(item: Item) -> Doubts:
    """A gain for each step, of an item without full marks."""
    for loc, rule in item.rules(Steps):
        if rule.most is not None or item.full is not None or item.setting.top is not None:
            continue
        thing = rule.thing(item.setting)
        for side, word in zip(("below", "above"), short_and_over(thing), strict=True):
            for index, slope in enumerate(getattr(rule, side)):
                if slope.gain is None or slope.until is not None or not item.setting.price(slope.gain):
                    continue
                step, gain = stretch(item.setting.figure_at(slope.each), thing), item.setting.points_words(slope.gain)
                unsaid = run_on(f"每{word}", step, "加", f"{gain}，没有写明最高得几分")
                wording = "建议写明“最高得 N 分”（most）或“不封顶”（most: none）；现可以一直加"
                yield Doubt((*loc, side, index), unsaid, wording)


def formulas_below_zero(item: Item) -> Doubts:
    """Full marks less 0.5 for each place: with more than 21 units below zero, nothing said."""
    for loc, rule in item.rules(Formula):
        if (
            "least" not in rule.model_fields_set
            and _subtracts(rule.points.tree, item)
            and item.span(rule.points.tree).low < 0
        ):
            unsaid = "公式可以算出负数，没有写明最低得几分"
            yield Doubt((*loc, "points"), unsaid, "建议写明“最低得 0 分”（least: 0）；现低于 0 分的按 0 分计")


def _subtracts(tree: Expr, item: Item) -> bool:
    """Whether something is taken off: a count whose column names no lower limit is not negative for that."""
    nodes = [*walk(tree)]
    if item.one.value is not None and Name("value") in nodes:
        nodes += walk(item.one.value.tree)
    return any(isinstance(node, Negative) or (_is_minus(node) and not _from_the_end(node)) for node in nodes)


def _is_minus(node: Expr) -> bool:
    return isinstance(node, Arithmetic) and node.operator == "-"


def _from_the_end(node: Expr) -> bool:
    """A figure less the lowest of the group, or the highest less a figure: never negative."""
    assert isinstance(node, Arithmetic)
    least = isinstance(node.right, Call) and node.right.function == "lowest"
    return least or (isinstance(node.left, Call) and node.left.function == "highest")


def total_above_full_marks(reading: Reading) -> Doubts:
    """With a bonus the total may pass the full marks; whether it shall is hardly ever stated."""
    spec = reading.spec
    if "at_most" in spec.total.model_fields_set:
        return
    bonuses = [index for index, one in enumerate(spec.adjustments) if isinstance(one, Bonus)]
    told = []
    for code, group in spec.groups.items():
        most = reading.most_total(code)
        if most is None or most > group.full_marks:
            can = f"可达 {points(most)}" if most is not None else "没有上限"
            told.append(f"{group.title}满分 {points(group.full_marks)}，加分后{can}")
    if bonuses and told:
        loc = ("total",) if "total" in spec.model_fields_set else ("adjustments", bonuses[0])
        full = points(next(iter(spec.groups.values())).full_marks)
        yield Doubt(
            loc, f"总分：{'；'.join(told)}，没有写明总分是否封顶",
            f"建议写明“总分不超过 {full}”（total: {{at_most}}）或“总分可以超过满分”（total: {{at_most: none}}）；现可以超过",
        )  # fmt: skip


OF_ITEMS = (losses_that_land_elsewhere, steps_that_land_elsewhere, steps_upward, formulas_below_zero)
OF_EXTRAS = (penalties,)
OF_THE_WHOLE = (total_above_full_marks,)

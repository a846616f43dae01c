"""Steps that can be counted in two ways: whole or in proportion, one after the other or from the start, % or 百分点."""

from __future__ import annotations

from decimal import Decimal

from scoring.expressions.parse import Arithmetic, Number
from scoring.expressions.words import amount, run_on, short_and_over, stretch
from scoring.rubric.lint.reading import Doubt, Doubts, Item, Spot, per_step
from scoring.rubric.rules import Steps
from scoring.rubric.rules.steps import Slope

SIDES = ("below", "above")


def _told(slope: Slope, side: str, step: str, rule: Steps, item: Item) -> str:
    price = slope.gain if slope.gain is not None else slope.lose
    assert price is not None
    verb = "加" if slope.gain is not None else "扣"
    word = dict(zip(SIDES, short_and_over(rule.thing(item.setting)), strict=True))[side]
    return run_on("每" + word, step, verb, item.setting.points_words(price))


def _step(slope: Slope, rule: Steps, item: Item) -> str:
    """1 个百分点, 2 件; 1% as long as it is open whether that is a point or a hundredth of the rate."""
    each, thing = item.setting.figure_at(slope.each), rule.thing(item.setting)
    return amount(each, thing) if _is_open_percent(rule, item) else stretch(each, thing)


def slopes_of_part_steps(item: Item) -> Doubts:
    """Published figures are in proportion, clauses hardly ever say so (D01.16, D29.2, D70.2)."""
    for loc, rule in item.rules(Steps):
        distance = item.span(Arithmetic("-", rule.subject(), rule.start_at(item.setting)))
        for side in SIDES:
            slopes = [
                (index, slope) for index, slope in enumerate(getattr(rule, side))
                if "whole_steps" not in slope.model_fields_set and distance.falls_between(item.setting.figure_at(slope.each))
            ]  # fmt: skip
            if slopes:
                steps = list(dict.fromkeys(_step(slope, rule, item) for _, slope in slopes))
                told = "、".join(_told(slope, side, _step(slope, rule, item), rule, item) for _, slope in slopes)
                rest = steps[0] if len(steps) == 1 else "一步"
                yield Doubt((*loc, side, slopes[0][0]), run_on(f"{told}，没有写明不足", rest, "怎么算"), _wording(rest))


def parts_of_part_steps(spot: Spot) -> Doubts:
    """Every two towns −1 (D70.2). A figure that is weighed, or in points, is multiplied by its price and not counted."""
    for loc, part, verb, _ in spot.counted():
        if part.measure is None or part.each is None or "whole_steps" in part.model_fields_set:
            continue
        measure = spot.reading.measures.get(spot.code(part.measure.tree))
        weighed = measure is not None and measure.weighing is not None
        multiplied = weighed or part.thing(spot.setting) in ("", "分")
        if part.per == 1 and multiplied:
            continue
        if spot.span(part.measure.tree).falls_between(part.per) and spot.setting.price(part.each):
            step = stretch(part.per, part.thing(spot.setting))
            unsaid = run_on(f"{per_step(part, verb, spot)}，没有写明不足", step, "怎么算")
            yield Doubt(loc, unsaid, _wording(step))


def _wording(step: str) -> str:
    part = run_on("不足", step, "不计")
    return f"建议写明“按比例计”（whole_steps: false）或“{part}”（whole_steps: true）；现按比例计"


def slopes_after_a_slope(item: Item) -> Doubts:
    """Below 96 % 0.25 each, below 90 % 0.5 each: is 88 % six steps and two, or eight (D16.5)."""
    for loc, rule in item.rules(Steps):
        thing, start = rule.thing(item.setting), rule.start_at(item.setting)
        for side, word in zip(SIDES, ("低于", "高于"), strict=True):
            slopes: tuple[Slope, ...] = getattr(rule, side)
            for index, slope in enumerate(slopes):
                until = slopes[index - 1].until if index else None
                if until is None or "from_start" in slope.model_fields_set:
                    continue
                begins = amount(item.setting.figure_at(until), thing)
                told, part = _told(slope, side, _step(slope, rule, item), rule, item), run_on(word, begins, "的部分")
                first = amount(start.value, thing) if isinstance(start, Number) else item.setting.words(start)
                unsaid = run_on(word, begins, f"时{told}，没有写明从哪里起算")
                wording = run_on("建议写明“只计", part, "”（from_start: false）或“从", first, "起全部按此计”")
                yield Doubt((*loc, side, index), unsaid, f"{wording}（from_start: true）；现只计{run_on('', part)}")


def percent_or_points(item: Item) -> Doubts:
    """每低 1% of a rate: one point less, or a hundredth of it less. From 100 % both are the same."""
    for loc, rule in item.rules(Steps):
        if not _is_open_percent(rule, item):
            continue
        side = "below" if rule.below else "above"
        slope: Slope = getattr(rule, side)[0]
        each = item.setting.figure_at(slope.each)
        told, step = _told(slope, side, amount(each, "%"), rule, item), stretch(each, "%")
        unsaid = f"指标值本身是比率，{told}是按 {step}还是按相对差 {amount(each, '%')} 算，没有写明"
        wording = f"建议写明“每{'低' if side == 'below' else '高'} {step}”（写在 note 里）；现按百分点算"
        yield Doubt((*loc, side, 0), unsaid, wording)


def _is_open_percent(rule: Steps, item: Item) -> bool:
    from_all = rule.start_at(item.setting) == Number(Decimal(100))
    return rule.thing(item.setting) == "%" and not from_all and not item.said("百分点")


OF_ITEMS = (slopes_of_part_steps, parts_of_part_steps, slopes_after_a_slope, percent_or_points)
OF_EXTRAS = (parts_of_part_steps,)

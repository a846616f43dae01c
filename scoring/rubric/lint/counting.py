"""Steps that can be counted in two ways: whole or in proportion, one after the other or from the start, % or 百分点."""

from __future__ import annotations

from decimal import Decimal

from scoring.expressions.parse import Arithmetic, Name, Number
from scoring.expressions.words import amount, run_on
from scoring.rubric.lint.reading import Doubt, Doubts, Item, Spot, per_step, stretch
from scoring.rubric.rules import Steps
from scoring.rubric.rules.steps import Slope

_WORDS = {"below": "低", "above": "高"}


def _told(slope: Slope, side: str, step: str, item: Item) -> str:
    price = slope.gain if slope.gain is not None else slope.lose
    assert price is not None
    verb = "加" if slope.gain is not None else "扣"
    return run_on("每" + _WORDS[side], step, verb, item.setting.points_words(price))


def _thing(rule: Steps, item: Item) -> str:
    return item.setting.thing("value") if rule.of is None else ""


def slopes_of_part_steps(item: Item) -> Doubts:
    """Published figures are in proportion, clauses hardly ever say so (D01.16, D29.2, D70.2)."""
    for loc, rule in item.rules(Steps):
        distance = item.span(Arithmetic("-", rule.subject(), rule.start.tree))
        for side in _WORDS:
            for index, slope in enumerate(getattr(rule, side)):
                if "whole_steps" in slope.model_fields_set or not distance.falls_between(slope.each):
                    continue
                step = stretch(slope.each, _thing(rule, item))
                unsaid = run_on(f"{_told(slope, side, step, item)}，没有写明不足", step, "怎么算")
                yield Doubt((*loc, side, index), unsaid, _wording(step))


def parts_of_part_steps(spot: Spot) -> Doubts:
    """Every two towns −1 (D70.2). A figure that is weighed, or in points, is multiplied by its price and not counted."""
    for loc, part, verb, _ in spot.counted():
        if part.measure is None or part.each is None or "whole_steps" in part.model_fields_set:
            continue
        measure = spot.reading.measures.get(part.measure)
        weighed = measure is not None and measure.weighing is not None
        measure = spot.reading.measures.get(spot.code(Name(part.measure)))
        weighed = measure is not None and measure.weighing is not None
        multiplied = weighed or spot.setting.thing(part.measure) in ("", "分")
        if part.per == 1 and multiplied:
            continue
        if spot.span(Name(part.measure)).falls_between(part.per) and spot.setting.price(part.each):
            step = stretch(part.per, spot.setting.thing(part.measure))
            unsaid = run_on(f"{per_step(part, verb, spot)}，没有写明不足", step, "怎么算")
            yield Doubt(loc, unsaid, _wording(step))


def _wording(step: str) -> str:
    part = run_on("不足", step, "不计")
    return f"建议写明“按比例计”（whole_steps: false）或“{part}”（whole_steps: true）；现按比例计"


def slopes_after_a_slope(item: Item) -> Doubts:
    """Below 96 % 0.25 each, below 90 % 0.5 each: is 88 % six steps and two, or eight (D16.5)."""
    for loc, rule in item.rules(Steps):
        for side, word in (("below", "低于"), ("above", "高于")):
            slopes: tuple[Slope, ...] = getattr(rule, side)
            for index, slope in enumerate(slopes):
                begins = slopes[index - 1].until if index else None
                if begins is None or "from_start" in slope.model_fields_set:
                    continue
                thing = _thing(rule, item)
                told = _told(slope, side, stretch(slope.each, thing), item)
                part = run_on(word, amount(begins, thing), "的部分")
                start = item.setting.words(rule.start.tree)
                if isinstance(rule.start.tree, Number):
                    start = amount(rule.start.tree.value, thing)
                unsaid = run_on(word, amount(begins, thing), f"时{told}，没有写明从哪里起算")
                wording = run_on("建议写明“只计", part, "”（from_start: false）或“从", start, "起全部按此计”")
                yield Doubt((*loc, side, index), unsaid, f"{wording}（from_start: true）；现只计{run_on('', part)}")


def percent_or_points(item: Item) -> Doubts:
    """每低 1% of a rate: one point less, or a hundredth of it less. From 100 % both are the same."""
    for loc, rule in item.rules(Steps):
        starts_at_all = isinstance(rule.start.tree, Number) and rule.start.tree.value == Decimal(100)
        if _thing(rule, item) != "%" or starts_at_all or item.said("百分点"):
            continue
        side = "below" if rule.below else "above"
        slope: Slope = getattr(rule, side)[0]
        told, step = _told(slope, side, amount(slope.each, "%"), item), stretch(slope.each, "%")
        unsaid = f"指标值本身是比率，{told}是按 {step}还是按相对差 {amount(slope.each, '%')} 算，没有写明"
        wording = f"建议写明“每{_WORDS[side]} {step}”（写在 note 里）；现按百分点算"
        yield Doubt((*loc, side, 0), unsaid, wording)


OF_ITEMS = (slopes_of_part_steps, parts_of_part_steps, slopes_after_a_slope, percent_or_points)
OF_EXTRAS = (parts_of_part_steps,)

"""Points against what there is to win or lose: items that cannot be filled, events dearer than the item, grades out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from scoring.expressions.words import number, run_on
from scoring.rubric.lint.reading import Doubt, Doubts, Extra, Item, Reading, Span, Spot, part_title, per_step, points
from scoring.rubric.model import Bonus, Penalty
from scoring.rubric.points import Grouped, NoLimit
from scoring.rubric.rules import (
    Awards,
    Bands,
    Checklist,
    Deductions,
    Formula,
    Judged,
    Piecewise,
    Rule,
    Steps,
    Timeliness,
)  # fmt: skip
from scoring.rubric.rules.counted import CountedPart
from scoring.rubric.rules.together import gives_points, starts_from_full
from scoring.source import Loc


def full_marks_out_of_reach(item: Item) -> Doubts:
    """The rules together give less than the full marks (checklists that fall short are told where they are checked)."""
    if item.full is None or any(isinstance(rule, Checklist) and rule.need == "each" for rule in item.one.rules):
        return
    total = _most(item)
    if total is not None and total < item.full:
        rest, most = points(item.full - total), points(total)
        unsaid = f"按规则最多得 {most}，到不了满分 {points(item.full)}，余下 {rest}怎么得没有写明"
        wording = f"建议写明“余下 {rest}由考核组评分”之类的得法，或写明“满分 {most}”（full_marks）；现最多得 {most}"
        yield Doubt((*item.loc, "rules"), unsaid, wording)


def tops_out_of_reach(item: Item) -> Doubts:
    """`at_most` above what the rules together give."""
    total, top = _most(item), item.setting.top
    if item.one.at_most is not None and total is not None and top is not None and total < top:
        unsaid = f"写明最高可得 {points(top)}，而按规则最多得 {points(total)}"
        wording = f"建议写明“最高得 {points(total)}”（at_most），或在规则里写明超额怎样加分；现最多得 {points(total)}"
        yield Doubt((*item.loc, "at_most"), unsaid, wording)


def _most(item: Item) -> Decimal | None:
    """What the rules together give at most; None where they have no limit."""
    total, started, given = Decimal(0), False, any(map(gives_points, item.one.rules))
    for rule in item.one.rules:
        best = _best(rule, item)
        if best is None:
            return None
        total += Decimal(0) if starts_from_full(rule) and (started or given) else best
        started = started or starts_from_full(rule)
    return total


def _best(rule: Rule, item: Item) -> Decimal | None:
    """The most a rule gives; None where it has no limit of its own."""
    price = item.setting.price
    match rule:
        case Timeliness():
            return item.full
        case Deductions():
            return rule.start(item.setting)
        case Awards():
            sums = _bounded(rule.parts, item)
            cap = item.setting.cap(rule.cap)
            return cap if sums is None else sums if cap is None else min(cap, sums)
        case Bands():
            span = item.span(rule.subject())
            return max(price(band.points) for band in rule.bands if all(_reached(span, *one) for one in band.limits(item.setting)))
        case Piecewise():
            return _best_on_lines(rule, item)
        case Steps():
            return _best_step(rule, item)
        case Checklist():
            return price(rule.points) if rule.points is not None else item.full
        case Judged() if rule.is_loss:
            return item.full if len(item.one.rules) == 1 else Decimal(0)
        case Judged():
            return price(rule.limit) if rule.limit is not None else item.full
        case Formula():
            return rule.limits(item.setting)[1]


def _reached(span: Span, key: str, limit: Decimal) -> bool:
    tests = {"at_least": span.high >= limit, "above": span.high > limit, "at_most": span.low <= limit}
    return tests.get(key, span.low < limit)


def _best_on_lines(rule: Piecewise, item: Item) -> Decimal:
    span, price = item.span(rule.subject()), item.setting.price
    corners = [(Fraction(item.setting.figure_at(x)), Fraction(price(worth))) for x, worth in rule.straight]
    found = [y for x, y in corners if span.low <= x <= span.high]
    for (x0, y0), (x1, y1) in pairwise(corners):
        found += [y0 + (y1 - y0) * (end - x0) / (x1 - x0) for end in (span.low, span.high) if x0 < end < x1]
    if span.low < corners[0][0]:
        found.append(Fraction(price(rule.below)) if rule.below is not None else corners[0][1])
    if span.high > corners[-1][0]:
        found.append(Fraction(price(rule.above)) if rule.above is not None else corners[-1][1])
    best = max(found)
    return Decimal(best.numerator) / Decimal(best.denominator)


def _best_step(rule: Steps, item: Item) -> Decimal | None:
    base, high = rule.base(item.setting), rule.limits(item.setting)[1]
    best = base
    for side in ("below", "above"):
        stretches = rule.stretches(item.setting, side)
        for one in stretches:
            if one.price > 0 and one.ends is None:
                return high
            if one.ends is not None:
                given = one.before + one.whole
                best = max(best, base + Decimal(given.numerator) / given.denominator)
    return best if high is None else min(best, high)


def _bounded(parts: tuple[CountedPart, ...], spot: Spot) -> Decimal | None:
    """What the parts come to at most; None where one of them has no limit."""
    total = Decimal(0)
    for part in parts:
        if part.points is not None:
            dearer = max(part.times.by, Decimal(1)) if part.times is not None else Decimal(1)
            total += spot.setting.price(part.points) * dearer
        elif part.cap is not None:
            total += spot.setting.price(part.cap)
        elif any(spot.setting.price(price) for price in part.prices):
            return None
    return total


def pools_out_of_reach(extra: Extra) -> Doubts:
    limit = _limit(extra.one)
    if isinstance(extra.one, Bonus | Penalty) and isinstance(limit, Grouped):
        key, verb = ("pool", "加") if isinstance(extra.one, Bonus) else ("cap", "扣")
        sums, most = _bounded(extra.one.parts, extra), extra.setting.price(limit)
        if sums is not None and sums < most:
            unsaid = f"合计最多{verb} {points(most)}，而各项的上限加起来只有 {points(sums)}"
            wording = f"建议写明“合计最多{verb} {points(sums)}”（{key}: {number(sums)}），或补上漏写的一项；现最多{verb} {points(sums)}"
            yield Doubt((*extra.loc, key), unsaid, wording)


def _limit(owner: object) -> Grouped | NoLimit | None:
    if isinstance(owner, Bonus):
        return owner.pool
    return owner.cap if isinstance(owner, Penalty | Awards) else None


def caps_above_full_marks(item: Item) -> Doubts:
    """An award whose cap is more than the item is worth, where nothing else is added or taken."""
    for loc, rule in item.rules(Awards):
        cap, top = item.setting.cap(rule.cap), item.setting.top
        if cap is not None and item.full is not None and top is not None and cap > top and len(item.one.rules) == 1:
            what, written = ("满分", "full") if top == item.full else ("本项最高", number(top))
            unsaid = f"最多得 {points(cap)}，高于{what} {points(top)}，超出的部分计不计没有写明"
            yield Doubt((*loc, "cap"), unsaid, f"建议写明“最多得 {points(top)}”（cap: {written}）；现超出部分不计")


def events_above_their_limit(spot: Spot) -> Doubts:
    """One event that is dearer than the cap of its part, or than the cap or the pool of all parts together."""
    for loc, part, verb, owner in spot.counted():
        single = part.each if part.each is not None else part.points
        limit = part.cap if part.cap is not None else _limit(owner)
        if single is None or not isinstance(limit, Grouped) or spot.setting.price(single) <= spot.setting.price(limit):
            continue
        most, price = points(spot.setting.price(limit)), points(spot.setting.price(single))
        told = per_step(part, verb, spot) if part.each is not None else run_on(part_title(part, spot), verb, price)
        whole = "" if part.cap is not None else "合计"
        wording = f"建议写明“{verb} {most}”，或提高上限；现最多{verb} {most}"
        yield Doubt(loc, f"{told}，而{whole}最多{verb} {most}，一次就超过上限", wording)


def losses_above_full_marks(item: Item) -> Doubts:
    """More to lose than the item is worth, as real clauses often have it (D42.2: 25 of 10): is the rest forgiven?"""
    for loc, rule in item.rules(Deductions):
        worth = rule.start(item.setting)
        if "lands_on" in rule.model_fields_set or not worth:
            continue
        told = [*_dearer_than(worth, rule, item)]
        losses = [
            item.setting.price(loss) for part in rule.parts for loss in (part.cap, part.points) if loss is not None
        ]
        total = sum((loss for loss in losses if loss != worth), Decimal(0))  # what takes the whole item says so
        if not told and total > worth:
            told = [((*loc, "parts"), f"各项合计可扣 {points(total)}")]
        for at, what in told:
            unsaid = f"{what}，多于本项的 {points(worth)}，超出的部分怎么办没有写明"
            wording = "建议写明“扣完为止”（lands_on: item）或“从所在一级指标中扣减”（lands_on: section）；现扣完为止"
            yield Doubt(at, unsaid, wording)


def _dearer_than(worth: Decimal, rule: Deductions, item: Item) -> Iterator[tuple[Loc, str]]:
    """Events that cost more than the item is worth."""
    for loc, part, verb, owner in item.counted():
        price = part.each if part.each is not None else part.points
        if owner is rule and price is not None and part.cap is None and item.setting.price(price) > worth:
            loss = points(item.setting.price(price))
            yield loc, per_step(part, verb, item) if part.each else run_on(part_title(part, item), verb, loss)


def late_reports_above_full_marks(item: Item) -> Doubts:
    for loc, rule in item.rules(Timeliness):
        for key, word, price in (("late", "迟报", rule.late), ("missing", "未报", rule.missing)):
            loss = item.setting.price(price)
            if item.full is not None and loss > item.full:
                unsaid = f"{word}每次扣 {points(loss)}，多于本项的 {points(item.full)}，超出的部分怎么办没有写明"
                wording = f"建议写明“{word}一次扣完 {points(item.full)}”（{key}: full）；现扣完为止"
                yield Doubt((*loc, key), unsaid, wording)


def grades_out_of_reach(reading: Reading) -> Doubts:
    tops = {group: reading.most_total(group) for group in reading.spec.groups}
    for index, grade in enumerate(reading.spec.grades):
        lines = {group: grade.at_least.at(group) if grade.at_least is not None else None for group in tops}
        short = [(line, top) for line, top in zip(lines.values(), tops.values(), strict=True) if line and top and line > top]
        if len(short) == len(tops):
            least, most = min(line for line, _ in short), max(top for _, top in short)
            unsaid = f"等次“{grade.title}”：要 {points(least)}以上，而总分最高 {points(most)}，没有单位能达到"
            wording = f"建议写明“{points(most)}”以内的分数线（at_least）；现没有单位能得“{grade.title}”"
            yield Doubt(("grades", index, "at_least"), unsaid, wording)


OF_ITEMS = (
    full_marks_out_of_reach, tops_out_of_reach, caps_above_full_marks, events_above_their_limit, losses_above_full_marks,
    late_reports_above_full_marks,
)  # fmt: skip
OF_EXTRAS = (pools_out_of_reach, events_above_their_limit)
OF_THE_WHOLE = (grades_out_of_reach,)

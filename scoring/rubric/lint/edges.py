"""Limits with a hole, limits that belong to two bands, corners with two values, ends of a line that are unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from scoring.expressions.parse import Name
from scoring.expressions.words import amount, number, run_on
from scoring.rubric.lint.reading import Doubt, Doubts, Item, Reading, Span, points
from scoring.rubric.rules import Bands, Piecewise
from scoring.rubric.rules.bands import Band

_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*[分%％]?\s*[-–—－~～至到]\s*(\d+(?:\.\d+)?)")
# The key that says the same without a hole, and its words before and after the number.
_PLAIN = {
    "at_most": ("below", "不满", ""), "above": ("at_least", "", "以上"),
    "at_least": ("above", "超过", ""), "below": ("at_most", "不超过", ""),
}  # fmt: skip
_MARKS = (60, 70, 75, 80, 85, 90, 95)  # limits that are usual in marks: a single 59 is the last number below 60
_SAID = ("不含", "不满", "不足", "未满")
_SIDES = ("达到", "以上", "以下", "不满", "不足", "含", "低于", "超过")


def _thing(rule: Bands | Piecewise, item: Item) -> str:
    subject = rule.subject()
    return item.setting.thing(subject.code) if isinstance(subject, Name) else ""


def _limited(rule: Bands, item: Item) -> list[tuple[int, Band, str, Decimal]]:
    setting = item.setting
    return [(index, band, *band.limits(setting)[0]) for index, band in enumerate(rule.bands) if band.written]


def _unit(values: list[Decimal]) -> Decimal:
    """The unit of the last decimal that is written: 1 for 89, 0.1 for 89.9."""
    return Decimal(1).scaleb(-max(max(0, -int(value.normalize().as_tuple().exponent)) for value in values))


def bands_of_whole_numbers(item: Item) -> Doubts:
    """80–89, then from 90 on: where is 89.5 (D63.1)? Limits that are the last number of a band, of a finer figure."""
    for loc, rule in item.rules(Bands):
        limited = _limited(rule, item)
        unit = _unit([limit for *_, limit in limited])
        borders = [limit + (unit if key in ("at_most", "above") else -unit) for _, _, key, limit in limited]
        index, _, key, limit = limited[0]
        last_number = key in ("at_most", "above") and unit == 1 and borders[0] in _MARKS
        listed = (len(borders) > 1 or last_number) and all(edge > 0 and edge % (10 * unit) == 0 for edge in borders)
        if not listed or not item.span(rule.subject()).falls_between(unit):
            continue
        thing, border, middle = _thing(rule, item), borders[0], (limit + borders[0]) / 2
        other, before, after = _PLAIN[key]
        proposed = run_on(before, amount(border, thing), after)
        now = item.setting.points_words(next(band for band in rule.bands if _fits(band, middle, item)).points)
        low, high = (number(end) for end in sorted((limit, border)))
        unsaid = f"各档的界限像是整数的首尾，而指标值可以有小数，{low} 和 {high} 之间归哪一档没有写明"
        wording = f"建议写明“{proposed}”（{other}: {number(border)}）；现 {amount(middle, thing)} 得 {now}"
        yield Doubt((*loc, "bands", index), unsaid, wording)


def _fits(band: Band, value: Decimal, item: Item) -> bool:
    tests = {
        "at_least": lambda limit: value >= limit, "above": lambda limit: value > limit,
        "at_most": lambda limit: value <= limit, "below": lambda limit: value < limit,
    }  # fmt: skip
    return all(tests[key](limit) for key, limit in band.limits(item.setting))


def band_titles(item: Item) -> Doubts:
    """A title that names a range, beside the limits that hold: 80–90 below 90–100 has 90 twice (D38.1, D67.2)."""
    for loc, rule in item.rules(Bands):
        figure = item.span(rule.subject())
        for index, (upper, band) in enumerate(pairwise(rule.bands), 1):
            for key, limit in upper.limits(item.setting)[:1]:
                found = _beside(key, limit, band.title or "", figure)
                if found is not None:
                    taken = upper if found.twice else band
                    now = (
                        f"{found.now}{'上' if found.twice else '这'}一档，得 {item.setting.points_words(taken.points)}"
                    )
                    unsaid = f"{found.unsaid('档')}（{band.title}）"
                    yield Doubt((*loc, "bands", index), unsaid, f"{found.wording}；{now}")


def grade_titles(reading: Reading) -> Doubts:
    """The same of grades in whole numbers (D63.1), of a total with decimals."""
    decimals = reading.spec.rounding.total
    total = Span(Fraction(0), Fraction(0), 10**decimals if decimals is not None else None)
    for index, (upper, grade) in enumerate(pairwise(reading.spec.grades), 1):
        lines = upper.at_least.values if upper.at_least is not None else ()
        found = next((one for limit in lines if (one := _beside("at_least", limit, grade.title, total))), None)
        if found is not None:
            now = f"{found.now}“{(upper if found.twice else grade).title}”"
            yield Doubt(
                ("grades", index, "title"), f"等次“{grade.title}”：{found.unsaid('等')}", f"{found.wording}；{now}"
            )


@dataclass(frozen=True)
class _Beside:
    """What a title says of the limit above it: it names it a second time, or leaves a hole before it."""

    near: Decimal  # the end of the range in the title
    limit: Decimal
    upward: bool

    @property
    def twice(self) -> bool:
        return self.near == self.limit

    def unsaid(self, word: str) -> str:
        if self.twice:
            return f"{number(self.limit)} 在上一{word}也在这一{word}，归哪一{word}没有写明"
        low, high = sorted((self.near, self.limit))
        return f"{number(low)} 和 {number(high)} 之间归哪一{word}没有写明"

    @property
    def now(self) -> str:
        return f"现 {number(self.limit)} 归" if self.twice else "现归"

    @property
    def wording(self) -> str:
        return f"建议写明“{'不满' if self.upward else '超过'} {number(self.limit)}”（title）"


def _beside(key: str, limit: Decimal, title: str, figure: Span) -> _Beside | None:
    found = _RANGE.search(title)
    if found is None or any(word in title for word in _SAID):
        return None
    upward = key in ("at_least", "above")
    near = Decimal(found.group(2 if upward else 1))
    gap = (limit - near) if upward else (near - limit)
    if (gap == 0 and key in ("at_least", "at_most")) or (
        0 < gap < max(limit, Decimal(1)) and figure.falls_between(gap)
    ):
        return _Beside(near, limit, upward)
    return None


def corners_with_two_values(item: Item) -> Doubts:
    """A jump: two corners at the same figure. Our lines give the second; a clause seldom says which."""
    for loc, rule in item.rules(Piecewise):
        corners = [(item.setting.figure_at(x), item.setting.price(worth)) for x, worth in rule.straight]
        for index, ((x0, y0), (x1, y1)) in enumerate(pairwise(corners)):
            if x0 != x1 or y0 == y1 or (item.said(number(x1)) and item.said(*_SIDES)):
                continue
            at = amount(x1, _thing(rule, item))
            unsaid = f"指标值正好是 {at} 时有 {points(y0)}和 {points(y1)}两个分值，归哪一边没有写明"
            reached = run_on("达到", at, "的得", points(y1))
            where = f"below: {number(y0)}，折线从 [{number(x1)}, {number(y1)}] 起" if index == 0 else "写在 note 里"
            yield Doubt((*loc, "straight", index + 1), unsaid, f"建议写明“{reached}”（{where}）；现得 {points(y1)}")


def ends_of_lines(item: Item) -> Doubts:
    """Below the first corner the first value goes on: from [60, 5] on, is 59 % worth 5 points or none (D50)?"""
    for loc, rule in item.rules(Piecewise):
        corners = [(item.setting.figure_at(x), item.setting.price(worth)) for x, worth in rule.straight]
        best = max(worth for _, worth in corners)
        figure, thing = item.span(rule.subject()), _thing(rule, item)
        ends: Iterator[tuple[str, str, Decimal, Decimal, bool]] = iter((
            ("below", "低于", *corners[0], figure.low < Fraction(corners[0][0])),
            ("above", "高于", *corners[-1], figure.high > Fraction(corners[-1][0])),
        ))  # fmt: skip
        for key, word, x, worth, possible in ends:
            if getattr(rule, key) is None and possible and 0 < worth < best:
                at = run_on(word, amount(x, thing))
                wording = f"建议写明“{run_on(at, '得', points(worth))}”或“{run_on(at, '不得分')}”（{key}）；现得 {points(worth)}"
                yield Doubt((*loc, "straight"), run_on(at, "时得几分没有写明"), wording)


OF_THE_WHOLE = (grade_titles,)
OF_ITEMS = (bands_of_whole_numbers, band_titles, corners_with_two_values, ends_of_lines)

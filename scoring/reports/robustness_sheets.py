"""The tables of the study of how sure places are, for the page and for files. Chooses columns and words; counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from scoring.expressions.words import number
from scoring.insight.robustness import (
    Certainty,
    Fitted,
    Placings,
    Separated,
    Shares,
    WhatMoves,
    Without,
    acceptability,
    neighbours,
)
from scoring.insight.robustness.effective import REST
from scoring.insight.robustness.told import (
    effective_sentence,
    in_percent,
    pair_sentence,
    percent,
    place_sentence,
    without_sentence,
)
from scoring.reports.bars_picture import Bar, bars
from scoring.reports.placings_picture import places
from scoring.reports.study import Cell, Row, Sheet

TIMES = "的次数"  # columns of counts of draws end with it


def units(found: Certainty) -> Sheet:
    """One row per unit, by its place now; who has none yet comes last."""
    front, back = f"前 {found.first} 名{TIMES}", f"后 {found.last} 名{TIMES}"
    graded = any(one.in_grade is not None for one in found.units)
    head = ["单位", "现名次", "居中", "十次有九次在", front, back]
    head += [f"{found.placings.grade}{TIMES}"] if graded else []
    listed = sorted(found.units, key=lambda one: (one.place is None, one.place or one.middle))
    rows: list[Row] = []
    for one in listed:
        cells: list[Cell] = [one.title, one.place, one.middle or None, places(one.low, one.high) if one.number else None]
        cells += [one.first, one.last, *([one.in_grade] if graded else [])]
        rows.append((*cells, _short(place_sentence(found, one.unit)).removeprefix(one.title)))
    return Sheet("名次有多稳", (*head, "一句话"), rows)


def next_to(found: Placings) -> Sheet:
    """Units that stand next to each other now, and how often they change order."""
    titles = dict(zip(found.units, found.titles, strict=True))
    place = dict(zip(found.units, found.nominal, strict=True))
    rows = [
        (f"{place[one.first]}、{place[one.second]}", titles[one.first], titles[one.second],
         one.swaps if place[one.first] != place[one.second] else None, one.level, _short(pair_sentence(found, one)))
        for one in neighbours(found)
    ]  # fmt: skip
    return Sheet("名次相邻的单位", ("名次", "在前", "在后", f"对调{TIMES}", f"并列{TIMES}", "一句话"), rows)


def every_place(found: Placings) -> Sheet:
    """Units × places: in how many of the draws, in percent; "" for never. By the place now."""
    table = acceptability(found)
    order = sorted(range(len(found.units)), key=lambda n: (found.nominal[n] is None, found.nominal[n] or 0))
    most = max((place for n in order for place in range(len(found.units)) if table[n, place]), default=0)
    rows = [
        (found.titles[n], *(_rare(percent(int(count), found.number)) if count else "" for count in table[n, : most + 1].tolist())) for n in order
    ]
    return Sheet("各名次出现的次数", ("单位", *(f"第 {place} 名" for place in range(1, most + 2))), rows)


def moves(found: WhatMoves) -> Sheet:
    """Which points the ranking depends on."""
    rows = [(one.title, in_percent(_within(one.total)), in_percent(_within(one.first))) for one in found.parts]
    return Sheet("哪项分值最要紧", ("分值", "名次的变动与它有关的占", "只动它就会有的占"), rows)


def moves_picture(found: WhatMoves, theme: str, most: int = 12) -> str:
    rows = [
        Bar(title, whole, alone, f"{in_percent(whole)}，单独 {in_percent(alone)}",
            f"“{title}”：名次的变动 {in_percent(whole)} 与它有关，只动它就会有的占 {in_percent(alone)}")
        for title, whole, alone in ((one.title, _within(one.total), _within(one.first)) for one in found.parts[:most])
    ]  # fmt: skip
    return bars(rows, ("名次的变动与它有关的", "只动它就会有的"), theme)


def without(shares: Shares, found: Sequence[Without]) -> Sheet:
    """Every item left out once."""
    rows = [
        (one.clause, one.title, _full(shares, one.code), None if one.places is None else one.moves, _short(without_sentence(shares, one)))
        for one in found
    ]
    return Sheet("去掉一项会怎样", ("条款", "去掉哪一项", "分值", "名次会变的单位", "一句话"), rows)


def separated(found: Separated) -> Sheet:
    """What each section or item counts for on paper, and in fact."""
    rows = [
        (one.title, in_percent(one.nominal) if one.nominal else None, in_percent(one.effective),
         effective_sentence(found, one) if one.code == REST else effective_sentence(found, one).partition("，")[2].removeprefix("但"))
        for one in found.parts
    ]
    return Sheet("名义和实际作用", ("项目", "占满分", "拉开的差距", "一句话"), rows)


def separated_picture(found: Separated, theme: str) -> str:
    rows = [
        Bar(one.title, one.nominal, one.effective, f"{f'名义 {in_percent(one.nominal)}，' if one.code != REST else ''}实际 {in_percent(one.effective)}",
            effective_sentence(found, one))
        for one in found.parts
    ]  # fmt: skip
    return bars(rows, ("占满分的比例（名义）", "拉开总分差距的比例（实际）"), theme)


def fitted_to(found: Fitted) -> Sheet:
    """Points before and after, the aim and what is reached."""
    rows = [
        (one.title, one.nominal, one.weight, None if one.aim is None else f"{number(one.aim)}%", in_percent(one.before / 100),
         in_percent(one.reached / 100))
        for one in found.parts
    ]  # fmt: skip
    return Sheet("反推的分值", ("一级指标", "现分值", "反推的分值", "应起的作用", "现在的作用", "改后的作用"), rows)


def _within(share: float) -> float:
    """An estimate of a share can lie a little outside."""
    return min(1.0, max(0.0, share))


def _full(shares: Shares, code: str) -> str:
    """Points of an item in the total."""
    weight = shares.items[shares.index(code)].weight
    return number((Decimal(weight.numerator) / weight.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _rare(share: str) -> str:
    """Narrow, for a table of many columns."""
    return {"不到 1%": "＜1%", "99% 以上": "＞99%"}.get(share, share)


def _short(sentence: str) -> str:
    """Without what was varied: that stands above the table once."""
    return sentence.partition("：")[2]

"""How sure the places of a whole group are, in one Chinese sentence for a leader. Counts units; draws nothing.

First a word on the whole, then the first and the last, then how many units stay about where they are, then the two
neighbours that are least sure.
"""

from __future__ import annotations

import numpy as np

from scoring.insight.robustness.certainty import Certainty, UnitCertainty, neighbours
from scoring.insight.robustness.told import is_first, is_last, percent, tried

NEAR = 1  # places away that count as about the same
_MOSTLY = 0.9  # of the draws: nine of ten
_NUMERALS = "零一两三四五六七八九十"
_NAMED = 3  # units without a place yet that are named


def group_sentence(found: Certainty) -> str:
    """E.g. …，名次大体稳：前三名每次都还是现在这些单位；10 个单位里有 8 个…；最拿不准的是第 6、7 名（…），6% 的情况下会对调。"""
    placed = [one for one in found.units if one.place is not None and one.number]
    head = tried(found.placings)
    if placed and len(placed) == len(found.units) and all(one.stays == one.number for one in placed):
        return f"{head}，{len(placed)} 个单位的名次一次也没有变。"
    near = near_units(found)
    parts = [*_both_ends(found, placed), _near(len(near), len(placed)), _least_sure(found), *_not_placed(found)]
    told = "；".join(part for part in parts if part)
    return f"{head}，{_on_the_whole(len(near), len(placed))}：{told}。" if told else f"{head}，一次也排不出名次。"


def near_units(found: Certainty) -> tuple[str, ...]:
    """Codes of units that in nine draws of ten stand at most one place from where they stand now."""
    placings = found.placings
    kept = []
    for index, one in enumerate(found.units):
        if one.place is None or not one.number:
            continue
        own = placings.places[:, index]
        close = int(np.count_nonzero((own > 0) & (np.abs(own.astype(np.int64) - one.place) <= NEAR)))
        if close >= _MOSTLY * one.number:
            kept.append(one.unit)
    return tuple(kept)


def _on_the_whole(near: int, placed: int) -> str:
    if near == placed:
        return "名次很稳"
    if 3 * near >= 2 * placed:
        return "名次大体稳"
    return "名次有稳有不稳" if 3 * near >= placed else "名次不稳"


def _both_ends(found: Certainty, placed: list[UnitCertainty]) -> list[str]:
    """The first, and the last where everybody has a place. Not in a group where these are nearly all units."""
    if len(found.units) <= found.first + 1:
        return []
    first = [one for one in placed if is_first(found, one)]
    last = [one for one in placed if is_last(found, one)]
    sure = all(one.first == one.number for one in first), all(one.last == one.number for one in last)
    front, back = f"前{_few(found.first)}名", f"后{_few(found.last)}名"
    if last and all(sure) and len(found.units) >= found.first + found.last:
        return [f"{front}和{back}每次都还是现在这些单位"]
    parts = [_end(front, [(one.title, one.first, one.number) for one in first])]
    if last and len(found.units) >= found.first + found.last:
        parts.append(_end(back, [(one.title, one.last, one.number) for one in last]))
    return parts


def _end(end: str, units: list[tuple[str, int, int]]) -> str:
    """How many of those who are there now always are, and how often the others at least."""
    rest = [one for one in units if one[1] < one[2]]
    if not rest:
        return f"{end}每次都还是现在这些单位"
    title, count, number_of = min(rest, key=lambda one: one[1] / one[2])
    least = f"{percent(count, number_of)} 的情况下还在"
    if len(units) == len(rest):
        return f"现在{end}的单位都不是每次都在，最少的{title} {least}"
    return f"现在{end}的单位里有{_few(len(units) - len(rest))}个每次都在，{'最少的' if len(rest) > 1 else ''}{title} {least}"


def _near(near: int, placed: int) -> str:
    if not placed:
        return ""
    if near == placed:
        return f"{placed} 个单位的名次十次有九次与现在相差不超过 {NEAR} 名"
    if not near:
        return f"{placed} 个单位没有一个的名次能十次有九次与现在相差不超过 {NEAR} 名"
    return f"{placed} 个单位里有 {near} 个，名次十次有九次与现在相差不超过 {NEAR} 名"


def _least_sure(found: Certainty) -> str:
    """The neighbours that change order most often. Units that share a place have no order to change."""
    placings = found.placings
    place = dict(zip(placings.units, placings.nominal, strict=True))
    title = dict(zip(placings.units, placings.titles, strict=True))
    apart = [one for one in neighbours(placings) if place[one.first] != place[one.second] and one.number]
    if not apart:
        return ""
    least = max(apart, key=lambda one: one.swaps / one.number)
    if not least.swaps:
        return "名次相邻的单位一次也没有对调"
    names = f"第 {place[least.first]}、{place[least.second]} 名（{title[least.first]}、{title[least.second]}）"
    return f"最拿不准的是{names}，{percent(least.swaps, least.number)} 的情况下会对调"


def _not_placed(found: Certainty) -> list[str]:
    """Where units may come to stand that have no place yet."""
    waiting = [one for one in found.units if one.place is None and one.number]
    told = [f"{one.title}十次有九次在{_places(one)}" for one in waiting[:_NAMED]]
    more = [f"另有 {len(waiting) - _NAMED} 个单位还没有名次"] if len(waiting) > _NAMED else []
    return [f"还没有名次的{'，'.join(told)}", *more] if told else []


def _places(one: UnitCertainty) -> str:
    return f"第 {one.low} 名" if one.low == one.high else f"第 {one.low} 至 {one.high} 名"


def _few(count: int) -> str:
    """两个 as a number of units, 三名; the same word serves both from three on."""
    return _NUMERALS[count] if count < len(_NUMERALS) else f" {count} "

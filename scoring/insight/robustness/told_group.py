"""How sure the places of a whole group are, in one Chinese sentence for a leader. Counts units; draws nothing.

First a word on the whole, then the first and the last, then how many units stay about where they are, then the two
neighbours that are least sure.
"""

from __future__ import annotations

import numpy as np

from scoring.insight.robustness.certainty import Certainty, Pair, UnitCertainty, neighbours
from scoring.insight.robustness.told import in_cases, is_first, is_last, tried

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
    if not any(one.number for one in found.units):
        return f"{head}，一次也排不出名次。"
    near, least = len(near_units(found)), _least_sure(found)
    parts = [*_both_ends(found, placed), _near(near, len(placed)), _swap(found, least), *_not_placed(found)]
    told = "；".join(part for part in parts if part)
    return f"{head}，{_on_the_whole(found, placed, near, least)}：{told}。"


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


def _on_the_whole(found: Certainty, placed: list[UnitCertainty], near: int, least: Pair | None) -> str:
    """One word: by how many stay about where they are, and never better than the neighbours and the two ends allow."""
    doubtful = [one for one in placed if is_first(found, one) and 2 * one.first < one.number]
    doubtful += [one for one in placed if is_last(found, one) and 2 * one.last < one.number]
    if near == len(placed) and not doubtful and (least is None or 3 * least.swaps < least.number):
        return "名次很稳"
    if 3 * near >= 2 * len(placed) and not doubtful:
        return "名次大体稳"
    return "名次有稳有不稳" if 3 * near >= len(placed) else "名次不稳"


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
    least = f"{title}{'，' if len(rest) > 1 else ' '}{in_cases(count, number_of)}还在"
    if len(units) == len(rest):
        return f"现在{end}的单位没有一个每次都在，最少的是{least}" if len(rest) > 1 else f"现在{end}的{least}"
    return f"现在{end}的单位里有{_few(len(units) - len(rest))}个每次都在，{'最少的是' if len(rest) > 1 else ''}{least}"


def _near(near: int, placed: int) -> str:
    if not placed:
        return ""
    if near == placed:
        return f"{placed} 个单位十次有九次名次出入都不超过 {NEAR} 名"
    few = f"有 {near} 个" if near else "没有一个"
    return f"{placed} 个单位里{few}，十次有九次名次出入不超过 {NEAR} 名"


def _least_sure(found: Certainty) -> Pair | None:
    """The neighbours that change order most often. Units that share a place have no order to change."""
    placings = found.placings
    place = dict(zip(placings.units, placings.nominal, strict=True))
    apart = [one for one in neighbours(placings) if place[one.first] != place[one.second] and one.number]
    return max(apart, key=lambda one: one.swaps / one.number, default=None)


def _swap(found: Certainty, least: Pair | None) -> str:
    if least is None:
        return ""
    if not least.swaps:
        return "名次相邻的单位一次也没有对调"
    first, second = found.of(least.first), found.of(least.second)
    names = f"第 {first.place}、{second.place} 名（{first.title}、{second.title}）"
    return f"最拿不准的是{names}，{in_cases(least.swaps, least.number)}会对调"


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

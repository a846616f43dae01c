"""How sure a place is: in how many of the draws a unit stands where. Counts; draws nothing, names no cause."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scoring.insight.robustness.model import NotStudied
from scoring.insight.robustness.places import TAILS
from scoring.insight.robustness.ranks import Counts, Placings

_BLOCK = 16  # units at a time
_MOST_PAIRS = 400  # units of which every pair is counted
SHARES = (Fraction(5, 100), Fraction(50, 100), Fraction(95, 100))


@dataclass(frozen=True)
class UnitCertainty:
    """One unit over `number` draws in which it has a place. `low` … `high`: the places up to which it stands in 5, 50 and
    95 % of them. `first`, `last`, `in_grade`: in how many it is among the first, the last, in the best grade."""

    unit: str
    title: str
    place: int | None
    number: int
    low: int
    middle: int
    high: int
    best: int
    worst: int
    stays: int
    first: int
    last: int
    in_grade: int | None


@dataclass(frozen=True)
class Certainty:
    """Of every unit of a group; `first` and `last`: how many places are meant by that."""

    placings: Placings
    first: int
    last: int
    units: tuple[UnitCertainty, ...]

    def of(self, unit: str) -> UnitCertainty:
        """Raises NotStudied for a unit that is not in it."""
        return self.units[self.placings.index(unit)]


def certainty(found: Placings, first: int = 3, last: int = 3) -> Certainty:
    """Count. Raises NotStudied where `last` is more than the last positions that are kept."""
    count = len(found.units)
    if not 1 <= last <= TAILS or first < 1:
        raise NotStudied(f"前 {first} 名、后 {last} 名数不了", f"请写 1 到 {TAILS} 的整数")
    table = np.empty((_FIGURES, count), dtype=np.int64)
    nominal = np.array([place or -1 for place in found.nominal], dtype=np.int64)

    def work(start: int) -> None:
        own = slice(start, start + _BLOCK)
        table[:, own] = _counted(found.places[:, own], nominal[own], first)

    starts = range(0, count, _BLOCK)
    if found.places.size < 1_000_000:
        for start in starts:
            work(start)
    else:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, starts))
    lasts = _lasts(found, last)
    graded = [None] * count if found.in_grade is None else found.in_grade.tolist()
    rows = zip(found.units, found.titles, found.nominal, *table.tolist(), lasts.tolist(), graded, strict=True)
    return Certainty(found, first, last, tuple(UnitCertainty(*row) for row in rows))


_FIGURES = 8  # number, low, middle, high, best, worst, stays, first


def _counted(places: NDArray[np.int16], nominal: Counts, first: int) -> list[Counts]:
    """Of some units: draws with a place, places at each share of them, best, worst, how often at the nominal place and among
    the first. From one count of every place of every unit; where there is no place it is 0.
    """
    draws, units = places.shape
    low, high = places.min(axis=0).astype(np.int64), places.max(axis=0).astype(np.int64)
    width = int((high - low).max()) + 1
    count = np.bincount((places + (np.arange(units) * width - low)).ravel(), minlength=units * width)
    upto = np.cumsum(count)  # unit after unit: each begins where the one before ended

    def below(place: Counts) -> Counts:
        """Draws in which the unit has at most this place, or none."""
        at = np.clip(place - low, -1, width - 1)
        found: Counts = np.where(at < 0, 0, upto[np.arange(units) * width + np.maximum(at, 0)] - np.arange(units) * draws)
        return found

    absent = below(np.zeros(units, dtype=np.int64))
    placed = draws - absent
    wanted = [-(-placed * share.numerator // share.denominator) for share in SHARES]
    quantiles = [_at(upto, draws, width, np.maximum(one, 1) + absent) + low for one in wanted]
    best = _at(upto, draws, width, absent + 1) + low
    stays = below(nominal) - below(nominal - 1)
    found = [*quantiles, best, high]
    return [placed, *(np.where(placed > 0, one, 0) for one in found), np.where(nominal > 0, stays, 0),
            below(np.full(units, first)) - absent]  # fmt: skip


def _at(upto: Counts, draws: int, width: int, target: Counts) -> Counts:
    """By unit how far above the lowest the place lies that so many draws do not go beyond."""
    units = np.arange(len(target))
    found: Counts = np.searchsorted(upto, units * draws + target) - units * width
    return found


def _lasts(found: Placings, last: int) -> Counts:
    """How often each unit is among the last. Who shares the place at the edge is in."""
    places, bottom = found.places, found.tails[:, [min(last, found.tails.shape[1]) - 1]]
    units = places.shape[1]
    lasts = np.zeros(units, dtype=np.int64)
    step = max(1, 400_000 // units)
    for start in range(0, len(places), step):
        own = places[start : start + step]
        cells = np.flatnonzero(own >= np.maximum(bottom[start : start + step], 1))
        lasts += np.bincount(cells % units, minlength=units)
    return lasts


def acceptability(found: Placings) -> Counts:
    """Units × places: in how many draws a unit has each place (Lahdelma & Salminen 2001: b, times the number of draws)."""
    count = len(found.units)
    table = np.zeros((count, count + 1), dtype=np.int64)
    for unit in range(count):
        table[unit] = np.bincount(found.places[:, unit], minlength=count + 1)
    return table[:, 1:]


def central_weights(found: Placings) -> Mapping[str, NDArray[np.float64]]:
    """By unit that is ever first: the mean of the weights with which it is (Lahdelma & Salminen 2001: central weights)."""
    if found.weights is None:
        raise NotStudied("这里没有变动分值，说不出典型分值", "请用变动分值的办法")
    first = found.places == 1
    times = first.sum(axis=0)
    sums = first.T.astype(np.float64) @ found.weights
    return {unit: sums[n] / times[n] for n, unit in enumerate(found.units) if times[n]}


@dataclass(frozen=True)
class Pair:
    """Two units in the order of the exact run: in how many draws the first stands above, below, level."""

    first: str
    second: str
    number: int
    above: int
    below: int
    level: int

    @property
    def swaps(self) -> int:
        """Draws in which the second stands above the first."""
        return self.below


def pair(found: Placings, one: str, other: str) -> Pair:
    """How often two units change order. Raises NotStudied for a unit that is not in it."""
    a, b = found.index(one), found.index(other)
    if a == b:
        raise NotStudied("要比的是同一个单位", "请选两个单位")
    places = found.nominal[a], found.nominal[b]
    if None not in places and (places[1] or 0) < (places[0] or 0):
        a, b = b, a
    first, second = found.places[:, a], found.places[:, b]
    both = (first > 0) & (second > 0)
    above, below = int((both & (first < second)).sum()), int((both & (first > second)).sum())
    number = int(both.sum())
    return Pair(found.units[a], found.units[b], number, above, below, number - above - below)


def neighbours(found: Placings) -> list[Pair]:
    """Every unit with the one that follows it in the exact run, from the first down."""
    placed = [(place, n) for n, place in enumerate(found.nominal) if place is not None]
    order = [n for _, n in sorted(placed)]
    return [pair(found, found.units[a], found.units[b]) for a, b in zip(order, order[1:], strict=False)]


def pairs(found: Placings) -> Counts:
    """Units × units: in how many draws the row stands above the column. Raises NotStudied for too many units."""
    count = len(found.units)
    if count > _MOST_PAIRS:
        raise NotStudied(f"{count} 个单位两两对比太多", f"最多 {_MOST_PAIRS} 个；可以只看相邻名次的单位")
    columns = np.ascontiguousarray(found.places.T)
    table = np.zeros((count, count), dtype=np.int64)
    for unit, own in enumerate(columns):
        table[unit] = np.count_nonzero((own > 0) & (columns > own), axis=1)
    return table

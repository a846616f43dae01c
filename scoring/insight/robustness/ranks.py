"""Draws of weights → places of every unit in every draw. Frequencies only; draw 0 must be the exact ranking.

Memory: two bytes for each draw and unit, eight for each draw and item, and a few MB for each of two threads.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from scoring.insight.robustness.arrays import Batch, Known, Totals, twins
from scoring.insight.robustness.draws import Draws
from scoring.insight.robustness.limited import NEAR
from scoring.insight.robustness.matrices import Floats
from scoring.insight.robustness.model import BestGrade, NotStudied, Shares
from scoring.insight.robustness.places import MOST_UNITS, Placed, Places, Sorted, by_sorting, by_whole_numbers

MOST_CELLS = 100_000_000  # draws × units: 200 MB
_BATCH = 200_000  # draws × units at a time: what fits a processor's cache
_ALONE = 1_000_000  # below so many cells a second thread does not pay

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Placings:
    """Places of every unit in every draw; 0 where it has none. `nominal`: the places of the exact run.

    `tails`: draws × last positions, the place that stands there, the last first. `in_grade`: how often each unit has the
    best grade, None where that cannot be said (`grade_told` says why). `words`: what was varied; `exact`: how many totals
    were so near an edge that they were scored exactly. `weights`: draws × items, where weights were drawn.
    """

    group: str
    units: tuple[str, ...]
    titles: tuple[str, ...]
    nominal: tuple[int | None, ...]
    places: Places
    tails: Places
    words: str
    seed: int
    in_grade: Counts | None = None
    grade: str = ""
    grade_told: str = ""
    exact: int = 0
    weights: Floats | None = None
    notes: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return len(self.places)

    def index(self, unit: str) -> int:
        """Of a unit by its code. Raises NotStudied."""
        if unit not in self.units:
            raise NotStudied(f"“{self.group}”的名次里没有单位“{unit}”", "请选择已有名次的单位")
        return self.units.index(unit)


def placings(shares: Shares, draws: Draws, totals: Totals | None = None) -> Placings:
    """The places in every draw. Raises NotStudied: too many draws, or a draw that leaves a unit nothing that applies."""
    units = len(shares.units)
    if units > MOST_UNITS or units * len(draws.weights) > MOST_CELLS:
        raise NotStudied(f"{draws.number} 种组合、{units} 个单位太多", f"这里最多 {MOST_CELLS // units} 种组合")
    places, tails, in_grade, exact = _all(totals or Totals(shares), draws.weights, {0: shares.weights})
    nominal = tuple(unit.place for unit in shares.units)
    assert tuple(places[0].tolist()) == nominal, "draw 0 is not the exact ranking"
    best = shares.rules.best_grade
    return Placings(
        shares.title, tuple(unit.code for unit in shares.units), tuple(unit.title for unit in shares.units), nominal,
        places[1:], tails[1:], draws.words, draws.seed, in_grade, best.title if best else "", best.open if best else "",
        exact, draws.weights[1:], (*shares.notes, *(f"{one.title}{one.reason}，不在其中" for one in shares.left_out)),
    )  # fmt: skip


def places_under(totals: Totals, weights: Floats, known: Known = MappingProxyType({})) -> Places:
    """Places alone: draws × units. `known`: rows whose weights are exact numbers."""
    return _all(totals, weights, known, graded=False)[0]


def _all(totals: Totals, weights: Floats, known: Known, graded: bool = True) -> tuple[Places, Places, Counts | None, int]:
    """Places, tails, how often in the best grade (draw 0 not counted), cells scored exactly."""
    units = len(totals.shares.units)
    step = max(1, _BATCH // units)
    starts = range(0, len(weights), step)
    best = totals.rules.best_grade if graded else None
    best = None if best is None or best.open else best
    edge = _edge(best, totals)
    like = None if totals.whole and not totals.rules.break_by else twins(totals.shares)
    places = np.empty((len(weights), units), dtype=np.int16)

    def work(start: int) -> tuple[Places, Counts | None, int]:
        rows = weights[start : start + step]
        own = {row - start: exact for row, exact in known.items() if start <= row < start + step}
        batch = totals.of(rows, own)
        found = _placed(totals, batch, rows, own, like, edge)
        places[start : start + step] = found.places
        had = None
        if best is not None:
            skip = 1 if start == 0 else 0
            had = columns(_had(best, totals, batch, found, edge)[skip:])
        tails = found.tails if edge is None else found.tails[:, :-1]
        return tails, had, batch.exact + found.exact

    if units * len(weights) < _ALONE:
        found = [work(start) for start in starts]
    else:
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(work, starts))
    counted = [had for _, had, _ in found if had is not None]
    in_grade = np.sum(counted, axis=0) if counted else None
    return places, np.vstack([tails for tails, _, _ in found]), in_grade, sum(exact for _, _, exact in found)


def columns(test: NDArray[np.bool_]) -> Counts:
    """How often each column holds."""
    return np.add.reduce(test.view(np.uint8), axis=0, dtype=np.uint32).astype(np.int64)


def _placed(
    totals: Totals, batch: Batch, weights: Floats, known: Known, like: NDArray[np.intp] | None, edge: int | None
) -> Placed:
    rules = totals.rules
    if like is None:
        return by_whole_numbers(batch.key, rules.dense, edge)
    keys = [Sorted(batch.key, None) if totals.whole else Sorted(batch.key, like, totals.constants)]
    keys += [Sorted(points, one.like) for points, one in zip(batch.breakers, totals.breakers, strict=True)]

    def exactly(draw: int, units: Iterable[int]) -> list[tuple[int, ...]]:
        return [one.key for one in totals.exactly(known.get(draw, weights[draw]), list(units))]

    return by_sorting(keys, rules.dense, exactly, NEAR, edge)


def _edge(best: BestGrade | None, totals: Totals) -> int | None:
    """The position from the top at which a quota ends: the last that is in, or the first that is out."""
    if best is None or best.quota is None or best.quota >= len(totals.shares.units):
        return None
    return max(1, best.quota) if best.tie == "in" else best.quota + 1


def _had(best: BestGrade, totals: Totals, batch: Batch, found: Placed, edge: int | None) -> NDArray[np.bool_]:
    """Draws × units: has the best grade, by score and within its quota."""
    line = best.at_least
    reached = np.ones(found.places.shape, dtype=bool) if line is None else batch.total >= float(line * totals.unit)
    if totals.barred.any():
        reached[:, totals.barred] = False
    if edge is None:
        return reached
    if best.quota == 0 and best.tie == "in":
        return np.zeros_like(reached)
    ends = found.tails[:, -1:]
    if totals.barred.any():  # who is barred takes none of the places
        standing = np.where(reached, found.places, np.int16(MOST_UNITS))
        ends = np.partition(standing, edge - 1, axis=1)[:, [edge - 1]]
    return reached & (found.places <= ends if best.tie == "in" else found.places < ends)

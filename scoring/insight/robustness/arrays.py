"""Totals of every unit for many weights at once, in float64. For frequencies only: no total or place is ever shown from here.

One matrix product serves the units whose total is a plain sum; the others are reckoned by `limited`. What lies within
1e-9 points of an edge (rounding, a gate, a limit that rounds) is scored once more exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.insight.robustness.exact import ONE, Scored, scored, top_of_lower
from scoring.insight.robustness.limited import NEAR, Cells, Limited, Sections
from scoring.insight.robustness.matrices import Floats, Matrices, matrices_of
from scoring.insight.robustness.model import Held, Rules, Shares, Studied

Known = Mapping[int, Sequence[Fraction]]
_SMALL = 10_000_000  # totals in units of the last decimal below it are kept in 32 bits


@dataclass
class Batch:
    """Draws × units. `key`: what places are decided by, whole numbers or points; `total`: what grades look at, in units of
    the last decimal where totals are rounded; `breakers`: points of the sections that break ties. `exact`: how many
    cells were scored exactly."""

    key: NDArray[Any]
    total: NDArray[Any]
    breakers: list[Floats] = field(default_factory=list)
    exact: int = 0


class Totals:
    """The arrays of one group. Make it once, ask `of` for every batch of weights; threads may share it."""

    def __init__(self, shares: Shares) -> None:
        self.shares, self.rules = shares, shares.rules
        decimals = self.rules.total_decimals
        self.unit = 10**decimals if decimals is not None else 1
        self.whole = self.rules.by_rounded and decimals is not None and _on_grid(shares, self.unit)
        self.matrices = matrices_of(shares)
        special = np.flatnonzero(_special(shares, self.matrices))
        self._limited = Limited(shares, self.matrices, special.tolist()) if len(special) else None
        plain = self.matrices.whole(0) + self.matrices.extra
        self._falls = bool((plain < 0).any()) or self._limited is not None
        self._plain = plain if len(special) < len(shares.units) else None
        self.breakers = [Breaker(shares, self.matrices, kind, index) for kind, index in self.rules.break_by]
        bound = float(sum(shares.weights)) + float(np.abs(plain[-1]).max())
        self._held = [(column, unit.held) for column, unit in enumerate(shares.units) if unit.held != Held()]
        self.barred = np.array([unit.held.bars_best_grade for unit in shares.units])
        self._type = np.int32 if bound * self.unit < _SMALL else np.int64

    def of(self, weights: Floats, known: Known = MappingProxyType({})) -> Batch:
        """Keys of all units under these weights, one row each. `known`: rows whose weights are exact numbers, not floats."""
        ones = np.hstack([weights, np.ones((len(weights), 1))])
        near: list[Cells] = []
        points: Floats = np.empty((len(ones), len(self.shares.units))) if self._plain is None else ones @ self._plain
        if self._limited is not None:
            points[:, self._limited.units] = self._limited.points(ones, near)
        if self.rules.at_most is not None:
            np.minimum(points, float(self.rules.at_most), out=points)
        if self.rules.at_least is not None and self._falls:
            np.maximum(points, float(self.rules.at_least), out=points)
        batch = self._rounded(points, near)
        batch.breakers = [breaker.points(ones, near) for breaker in self.breakers]
        self._settle(batch, weights, near, known)
        return batch

    @property
    def constants(self) -> tuple[float, ...]:
        """Totals that limits and vetoes give to several units alike."""
        found = [self.rules.at_least, self.rules.at_most]
        found += [points for unit in self.shares.units for points in (unit.held.score, unit.held.score_at_most)]
        return tuple(sorted({float(one) for one in found if one is not None}))

    def exactly(self, weights: Floats | Sequence[Fraction], units: Sequence[int]) -> list[Scored]:
        """Some units under one row of weights, in exact arithmetic."""
        exact = [one if isinstance(one, Fraction) else Fraction(float(one)) for one in weights]
        return scored(self.shares, exact, units)

    def _rounded(self, points: Floats, near: list[Cells]) -> Batch:
        """Rounded where the rubric says so, then what vetoes do."""
        if self.rules.total_decimals is None:
            self._veto(points)
            return Batch(points, points)
        before = None if self.whole else points.copy()
        signed = self.rules.at_least is None or self.rules.at_least < 0
        signs = np.sign(points) if signed else None
        if signs is not None:
            np.abs(points, out=points)
        width = NEAR * self.unit
        points *= self.unit
        points += 0.5 - width
        total: NDArray[Any] = points.astype(self._type)
        points += 2 * width
        doubtful = total != points.astype(self._type)
        if doubtful.any():
            rows, columns = np.nonzero(doubtful)
            near.append((rows, columns))
        if signs is not None:
            total *= signs.astype(self._type)
        if before is None:
            self._veto(total)
            return Batch(total, total)
        rounded = total.astype(np.float64)
        settled = rounded.copy()
        self._veto(settled)
        unmoved = (rounded == settled) if not self.rules.by_rounded else np.zeros_like(doubtful)
        return Batch(np.where(unmoved, before, settled / self.unit), settled)

    def _veto(self, total: NDArray[Any]) -> None:
        for column, held in self._held:
            total[:, column] = after_veto(total[:, column], held, self.rules, self.unit)

    def _settle(self, batch: Batch, weights: Floats, near: list[Cells], known: Known) -> None:
        """Cells near an edge, scored exactly."""
        found: dict[int, set[int]] = {}
        for rows, columns in near:
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
                found.setdefault(row, set()).add(column)
        for row, units in found.items():
            cells = sorted(units)
            for column, one in zip(cells, self.exactly(known.get(row, weights[row]), cells), strict=True):
                total, key = Fraction(one.total * self.unit, ONE), Fraction(one.key[0] * self.unit, ONE)
                batch.total[row, column] = float(total)
                batch.key[row, column] = float(key) if self.whole else float(key / self.unit)
                for values, points in zip(batch.breakers, one.key[1:], strict=True):
                    values[row, column] = points / ONE
            batch.exact += len(cells)


def _special(shares: Shares, matrices: Matrices) -> NDArray[np.bool_]:
    """Units whose total is not simply a sum of weights times factors."""
    found = matrices.may_meet_limits() | matrices.left.any(axis=0)
    for column, unit in enumerate(shares.units):
        if shares.rules.section_decimals is not None or any(one.gate is not None for one in unit.bonuses):
            found[column] = True
    return found


def after_veto(rounded: NDArray[Any], held: Held, rules: Rules, unit: int) -> NDArray[Any]:
    """Totals of one unit after its vetoes, in so many parts of a point."""
    total = rounded
    if held.lose:
        total = total - float(held.lose * unit)
        total = total if rules.at_least is None else np.maximum(total, float(rules.at_least * unit))
    if held.score is not None:
        total = np.full_like(rounded, float(held.score * unit))
    if held.score_at_most is not None:
        total = np.minimum(total, float(held.score_at_most * unit))
    if held.within_grade and held.down:
        grades = grades_of(rounded, rules, unit)
        for rank in range(len(rules.grade_lines)):
            top = top_of_lower(rules, rank + held.down)
            if top is not None:
                total = np.where(grades == rank, np.minimum(total, float(top * unit)), total)
    return total


def grades_of(total: NDArray[Any], rules: Rules, unit: int) -> NDArray[np.int8]:
    """Number of the grade by the limits alone; 0 is the best."""
    found = np.full(total.shape, max(0, len(rules.grade_lines) - 1), dtype=np.int8)
    for rank, line in reversed(list(enumerate(rules.grade_lines))):
        if line is not None:
            found[total >= float(line * unit)] = rank
    return found


class Breaker:
    """The points of one section, or of a section moved as a whole, that breaks ties. `like`: a number for each unit; units
    with the same number have the same points there under all weights."""

    def __init__(self, shares: Shares, matrices: Matrices, kind: str, index: int) -> None:
        self._node = index if kind == "node" else shares.items[index].node
        self._item, self._scale = index, float(shares.nodes[self._node].scale)
        whole = matrices.whole(index) if kind == "node" else matrices.own[self._node][[index]]
        _, first, like = np.unique(whole, axis=1, return_index=True, return_inverse=True)
        self.like = like.ravel()
        self._one_each = np.asarray(first, dtype=np.intp)
        self._sections = Sections(shares, matrices, self._one_each)
        self._factors = None if kind == "node" else matrices.own[self._node][index]

    def points(self, ones: Floats, near: list[Cells]) -> Floats:
        """Draws × units, in the section's own points; exactly the same number for units that are alike."""
        if self._factors is not None:
            return np.multiply.outer(ones[:, self._item], self._factors) / self._scale
        own: Floats = self._sections.values(ones, near)[self._node][:, self.like]
        return own / self._scale


def twins(shares: Shares) -> NDArray[np.intp]:
    """A number for each unit; units with the same number have the same total under all weights."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(_likeness(unit), len(known)) for unit in shares.units], dtype=np.intp)


def _likeness(unit: Studied) -> object:
    return unit.earned, unit.left, tuple(sorted(unit.landed)), tuple(sorted(unit.fixed)), unit.bonuses, unit.penalty, unit.held


def _on_grid(shares: Shares, unit: int) -> bool:
    """Whether what vetoes leave is a whole number of the last decimal."""
    points = [one for unit_ in shares.units for one in (unit_.held.lose, unit_.held.score, unit_.held.score_at_most)]
    floor = [shares.rules.at_least] if any(one.held.lose for one in shares.units) else []
    return all((one * unit).denominator == 1 for one in (*points, *floor) if one is not None)

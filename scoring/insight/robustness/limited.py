"""The base of units that are no plain sum: sections at their limits or rounded, what does not apply, gates of bonuses.

Arrays of float64, one row per draw. Cells so near an edge that a float cannot tell are named for exact scoring.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.expressions import Expr
from scoring.insight.robustness.exact import meets
from scoring.insight.robustness.matrices import Floats, Matrices, narrow
from scoring.insight.robustness.model import NotStudied, Shares

NEAR = 1e-9  # points; floats of a total are out by less than 1e-11
Cells = tuple[NDArray[np.intp], NDArray[np.intp]]  # rows, columns


class Sections:
    """Every section of some units, by index, held within its limits."""

    def __init__(self, shares: Shares, matrices: Matrices, units: NDArray[np.intp]) -> None:
        self.units = units
        self._shares, self._all = shares, matrices
        self._own = [narrow(own[:, units]) for own in matrices.own]

    def values(self, ones: Floats, near: list[Cells]) -> list[Floats]:
        """By node: draws × these units, in points of the total; the first is the base before scaling up."""
        found: list[Floats] = [np.empty(0)] * len(self._own)
        for node in reversed(range(len(self._own))):
            rows, matrix = self._own[node]
            amount: Floats = ones[:, rows] @ matrix
            for below in self._all.below(node):
                amount += found[below]
            found[node] = self._within(node, amount, ones, near) if node else amount
        return found

    def _within(self, node: int, amount: Floats, ones: Floats, near: list[Cells]) -> Floats:
        np.maximum(amount, 0, out=amount)
        decimals, limit = self._shares.rules.section_decimals, self._all.limits[node]
        if decimals is not None:
            step = float(self._shares.nodes[node].scale) / 10**decimals
            amount /= step
            whole = np.floor(amount + 0.5)
            rest = amount + 0.5 - whole
            doubtful = (rest < NEAR / step) | (rest > 1 - NEAR / step)
            if doubtful.any():
                rows, columns = np.nonzero(doubtful)
                near.append((rows, self.units[columns]))
            amount = whole * step
        return amount if limit is None else np.minimum(amount, (ones @ limit)[:, None])


class Limited:
    """Some units of a group, by index. Ask `points` for each batch of weights."""

    def __init__(self, shares: Shares, matrices: Matrices, units: Sequence[int]) -> None:
        self.units = np.array(units, dtype=np.intp)
        self._shares, self._all = shares, matrices
        self._base, self._extra = matrices.whole(0)[:, self.units], matrices.extra[:, self.units]
        bound = matrices.may_meet_limits()[self.units]
        if shares.rules.section_decimals is not None:
            bound[:] = True
        self._bound = np.flatnonzero(bound)
        self._sections = Sections(shares, matrices, self.units[self._bound])
        left = matrices.left[:, self.units]
        self._gone = np.flatnonzero(left.any(axis=0))
        patterns, pattern_of = np.unique(left[:, self._gone], axis=1, return_inverse=True)
        self._patterns, self._pattern_of = patterns, pattern_of.ravel()
        self._gates = self._by_gate()

    def _by_gate(self) -> list[tuple[Expr, NDArray[np.intp], Floats]]:
        """(gate, columns, points) of every bonus that hangs on the base."""
        found: dict[Expr, tuple[list[int], list[float]]] = {}
        for column, unit in enumerate(self.units):
            for bonus in self._shares.units[unit].bonuses:
                if bonus.gate is not None:
                    columns, points = found.setdefault(bonus.gate, ([], []))
                    columns.append(column)
                    points.append(float(bonus.points))
        return [(gate, np.array(columns, dtype=np.intp), np.array(points)) for gate, (columns, points) in found.items()]

    def points(self, ones: Floats, near: list[Cells]) -> Floats:
        """Draws × these units: base, bonuses, penalties, losses on the total. `ones`: weights with a 1 behind them."""
        base: Floats = ones @ self._base
        if len(self._bound):
            base[:, self._bound] = self._sections.values(ones, near)[0]
        if len(self._gone):
            base[:, self._gone] *= self._factors(ones)[:, self._pattern_of]
        points: Floats = base + ones @ self._extra
        for gate, columns, bonus in self._gates:
            held = base[:, columns]
            doubtful = meets(gate, held - NEAR) != meets(gate, held + NEAR)
            if doubtful.any():
                rows, inside = np.nonzero(doubtful)
                near.append((rows, self.units[columns[inside]]))
            for place, column in enumerate(columns):  # two bonuses of one unit must not overwrite each other
                points[:, column] += meets(gate, held[:, place]) * bonus[place]
        return points

    def _factors(self, ones: Floats) -> Floats:
        """Draws × patterns: reach ÷ (reach − what does not apply). Raises NotStudied where nothing applies."""
        reach = (ones @ self._all.reach)[:, None]
        if any(one is not None for one in self._all.surplus):
            rest = reach - self._left(ones)
        else:  # what applies, added up: nothing cancels out where that is little
            rest = ones @ (self._all.reach[:, None] - np.vstack([self._patterns, np.zeros(self._patterns.shape[1])]))
        if (rest <= NEAR).any():
            pattern = int(np.flatnonzero((rest <= NEAR).any(axis=0))[0])
            unit = self._shares.units[self.units[self._gone[self._pattern_of == pattern][0]]]
            raise NotStudied(f"有一组分值把分都给了不适用于{unit.title}的指标", "请给适用于它的指标留一些分值，或缩小变动范围")
        return reach / rest

    def _left(self, ones: Floats) -> Floats:
        """Draws × patterns: what does not apply; of a section that has more below it than it gives, only what is above that."""
        weights = ones[:, :-1]
        left: list[Floats] = [np.empty(0)] * len(self._shares.nodes)
        for node in reversed(range(len(left))):
            inside = list(self._shares.nodes[node].items)
            amount = weights[:, inside] @ self._patterns[inside]
            for below in self._all.below(node):
                amount += left[below]
            surplus = self._all.surplus[node]
            left[node] = amount if surplus is None else np.maximum(0, amount - (ones @ surplus)[:, None])
        return left[0]

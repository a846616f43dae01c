"""Shares as arrays of float64: rows are items and one more for what does not move with weights, columns are units.

Multiplied with weights (and a 1 behind them) they give points in the total. Knows no draw, no place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.insight.robustness.linear import Linear, limit_of, reach_of, surplus_of
from scoring.insight.robustness.model import TOTAL, Shares

Floats = NDArray[np.float64]
_HAIR = 1e-12  # a factor above a limit by less is float noise


@dataclass(frozen=True)
class Matrices:
    """`own`: by node what is added at it, not from the nodes below. `extra`: what is added behind the base (landings on the
    total, penalties, bonuses without a gate). `left`: items only, what does not apply. Rows of limits: by node, or None."""

    own: list[Floats]
    extra: Floats
    left: Floats
    limits: list[Floats | None]
    surplus: list[Floats | None]
    reach: Floats
    parents: list[int | None]

    def below(self, node: int) -> list[int]:
        """Nodes below, as indices."""
        return [number for number, parent in enumerate(self.parents) if parent == node]

    def whole(self, node: int) -> Floats:
        """Everything below a node, where no limit takes hold."""
        found = self.own[node].copy()
        for one in self.below(node):
            found += self.whole(one)
        return found

    def may_meet_limits(self) -> NDArray[np.bool_]:
        """Units of which some section may fall below 0 or rise above its full marks for some weights."""
        found = np.zeros(self.extra.shape[1], dtype=bool)
        for node in range(1, len(self.own)):
            sums, limit = self.whole(node), self.limits[node]
            found |= (sums < -_HAIR).any(axis=0)
            if limit is not None:
                found |= (sums > limit[:, None] + _HAIR).any(axis=0)
        return found


def matrices_of(shares: Shares) -> Matrices:
    """The arrays of a group."""
    items, units = len(shares.items), len(shares.units)
    earned = np.array([[float(one) for one in unit.earned] for unit in shares.units]).T
    own = [np.zeros((items + 1, units)) for _ in shares.nodes]
    for index, item in enumerate(shares.items):
        own[item.node][index] = earned[index]
    extra = np.zeros((items + 1, units))
    for column, unit in enumerate(shares.units):
        for where, index, factor in unit.landed:
            (extra if where == TOTAL else own[where])[index, column] += float(factor)
        for where, points in unit.fixed:
            (extra if where == TOTAL else own[where])[items, column] += float(points)
        extra[items, column] += float(unit.penalty + sum(one.points for one in unit.bonuses if one.gate is None))
    left = np.array([[float(one) for one in unit.left] for unit in shares.units]).T
    nodes = range(len(shares.nodes))
    limits = [_row(limit_of(shares, node), items) for node in nodes]
    surplus = [_row(surplus_of(shares, node), items) for node in nodes]
    reach = _row(reach_of(shares), items)
    assert reach is not None
    return Matrices(own, extra, left, limits, surplus, reach, [node.parent for node in shares.nodes])


def _row(linear: Linear | None, items: int) -> Floats | None:
    if linear is None:
        return None
    row = np.zeros(items + 1)
    row[items] = float(linear.constant)
    for item, factor in linear.factors:
        row[item] = float(factor)
    return row


def narrow(matrix: Floats) -> tuple[NDArray[np.intp], Floats]:
    """(rows that are not all 0, the matrix without the others): a shorter product."""
    rows = np.flatnonzero(matrix.any(axis=1))
    return rows, np.ascontiguousarray(matrix[rows])

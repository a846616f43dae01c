"""Effective against nominal weights: which items really separate the units, whatever their full marks say.

The total is a sum, so its variance is the sum of the covariances of its summands with it: each summand's part of that is
its effective weight, and all add up to 100 %. (Becker, Saisana, Paruolo & Vandecasteele 2017 call nominal weights
misleading for that reason; Paruolo, Saisana & Saltelli 2013 use the correlation ratio, given beside it.)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scoring.insight.robustness.draws import By
from scoring.insight.robustness.exact import ranking_of, stated
from scoring.insight.robustness.matrices import Floats, matrices_of
from scoring.insight.robustness.model import NotStudied, Shares

REST = "rest"
REST_TITLE = "加扣分、否决、封顶保底和舍入"
_BINS = 10


@dataclass(frozen=True)
class Effective:
    """One section or item. `nominal`: its share of all full marks; `effective`: of the differences between totals (may be
    below 0: it brings units together). `correlation` with the total (Pearson), None where all units have the same;
    `ratio`: correlation ratio, the share of the differences that goes with it in any form, None with few units."""

    code: str
    title: str
    nominal: float
    effective: float
    correlation: float | None
    ratio: float | None


@dataclass(frozen=True)
class Separated:
    """`parts`: in the order of the text, then what is no item (REST) where it counts. `spread`: standard deviation of totals."""

    group: str
    parts: tuple[Effective, ...]
    units: int
    spread: float


def effective(shares: Shares, by: By = "item", weights: tuple[Fraction, ...] | None = None) -> Separated:
    """Of the nominal weights, or of others. Raises NotStudied where all totals are equal."""
    weights = stated(shares, weights if weights is not None else shares.weights)
    totals = np.array([float(total) for total in ranking_of(shares, weights)[0]])
    variance = float(totals.var())
    if variance <= 1e-18:
        raise NotStudied(f"“{shares.title}”各单位总分相同，没有哪一项拉开差距", "有了差别再看")
    summands = Summands(shares).of(np.array([float(weight) for weight in weights]))
    groups = _groups(shares, by)
    whole = float(sum(weights))
    found = [
        _one(code, title, float(sum(weights[item] for item in items)) / whole, summands[items].sum(axis=0), totals, variance)
        for code, title, items in groups
    ]
    rest = _one(REST, REST_TITLE, 0.0, totals - summands.sum(axis=0), totals, variance)
    if abs(rest.effective) > 1e-6:
        found.append(rest)
    return Separated(shares.title, tuple(found), len(totals), variance**0.5)


def _groups(shares: Shares, by: By) -> list[tuple[str, str, list[int]]]:
    if by == "item":
        return [(item.code, item.title, [index]) for index, item in enumerate(shares.items)]
    return [(code, shares.section_title(code), list(items)) for code, items in shares.sections.items()]


class Summands:
    """What each item adds to the base or takes off the total, under any weights; the arrays are made once.

    An item that does not apply adds what the unit reaches on the whole, as scaling up does: so the columns add up to base
    and landings where no limit takes hold.
    """

    def __init__(self, shares: Shares) -> None:
        matrices = matrices_of(shares)
        whole = matrices.whole(0)
        self._earned, self._constant, self._landed = whole[:-1], whole[-1], matrices.extra[:-1]
        self._left, self._reach = matrices.left, matrices.reach

    def of(self, weights: Floats) -> Floats:
        """Items × units."""
        own = weights[:, None]
        earned, left = self._earned * own, self._left * own
        reach = float(self._reach[:-1] @ weights + self._reach[-1])
        rest = np.maximum(reach - left.sum(axis=0), 1e-9)
        rate = (earned.sum(axis=0) + self._constant) / rest
        found: Floats = earned + left * rate + self._landed * own
        return found


def _one(code: str, title: str, nominal: float, own: Floats, totals: Floats, variance: float) -> Effective:
    covariance = float(((own - own.mean()) * (totals - totals.mean())).mean())
    spread = float(own.std())
    correlation = None if spread < 1e-9 else covariance / (spread * variance**0.5)
    return Effective(code, title, nominal, covariance / variance, correlation, correlation_ratio(own, totals))


def correlation_ratio(own: Floats, totals: NDArray[np.float64]) -> float | None:
    """Variance of the mean total among units alike in `own`, over that of all totals (Pearson 1905: η²).

    Alike are equal figures where there are at most ten different ones, else tenths of the units. None below 30 units: with
    fewer in each class it mostly tells noise.
    """
    if len(own) < 3 * _BINS:
        return None
    rounded = np.round(own, 9)
    kinds, classes = np.unique(rounded, return_inverse=True)
    if len(kinds) > _BINS:
        edges = np.quantile(rounded, np.linspace(0, 1, _BINS + 1)[1:-1])
        classes = np.searchsorted(edges, rounded, side="right")
    counts = np.bincount(classes)
    means = np.bincount(classes, weights=totals)[counts > 0] / counts[counts > 0]
    between = float((counts[counts > 0] * (means - totals.mean()) ** 2).sum()) / len(own)
    return between / float(totals.var())

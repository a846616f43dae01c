"""Sobol' indices: how much of what a function does comes from each of its inputs. Knows no rubric.

First index: what the input does by itself; total index: with everything it does together with others. Estimated from
scrambled Sobol' points (Owen) with the centred estimators of Saltelli et al. 2010 (doi 10.1016/j.cpc.2009.09.018,
table 2 (b) and (f)), as SciPy has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]
CLOSE = 0.05  # a first index is above its total index by no more: both are estimates


@dataclass(frozen=True)
class Indices:
    """`first`, `total`: outputs × inputs. `mean`, `spread` (standard deviation): by output; where `spread` is 0 the output
    never changed, and its indices are 0. `runs`: how often the function was worked out."""

    first: Floats
    total: Floats
    mean: Floats
    spread: Floats
    runs: int


def sobol(f: Function, dimensions: int, number: int, seed: int, at_once: int = 8192) -> Indices:
    """`f`: rows of `dimensions` numbers in [0, 1) → one number a row, or a row of them. It is asked for at most `at_once` rows
    together, number × (dimensions + 2) in all. Raises ValueError where `number` is no power of 2.
    """
    if number < 2 or number & (number - 1):
        raise ValueError(f"number must be a power of 2: {number}")
    from scipy.stats import sobol_indices, uniform  # type: ignore[import-untyped]  # heavy, and seldom wanted

    known: list[Floats] = []

    def asked(columns: Floats) -> Floats:
        rows = columns.T.copy()  # the function may write into them
        parts = [np.asarray(f(rows[start : start + at_once]), dtype=np.float64) for start in range(0, len(rows), at_once)]
        values = np.concatenate([part.reshape(len(part), -1) for part in parts]).T
        if len(known) < 2:  # the two independent samples come first
            known.append(values.copy())  # SciPy centres what it is handed in place
        return values

    found = sobol_indices(
        func=asked, n=number, dists=[uniform()] * dimensions, method="saltelli_2010", rng=np.random.default_rng(seed)
    )
    sample = np.hstack(known)
    outputs = len(sample)
    first = np.asarray(found.first_order, dtype=np.float64).reshape(outputs, dimensions)
    total = np.asarray(found.total_order, dtype=np.float64).reshape(outputs, dimensions)
    spread = sample.std(axis=1)
    spread[spread < 1e-12 * np.abs(sample).max(axis=1)] = 0
    still = spread == 0
    first[still], total[still] = 0, 0
    return Indices(first, total, sample.mean(axis=1), spread, number * (dimensions + 2))

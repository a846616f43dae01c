"""Places from keys, many draws at once, ties as the rubric has them. Knows keys only: whole numbers, or floats with a tolerance.

Three ways, the quickest that fits: every pair compared (few units), counting how many stand above each whole number
(many units), sorting (everything else; floats nearer than 1e-9 are told apart by exact arithmetic).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int16]
Keys = NDArray[Any]
MOST_UNITS = 32_000  # places are kept in 16 bits
TAILS = 10  # so many last positions are kept
_FEW = 100  # up to here pairs are quicker
_WIDE = 64  # counting costs one step for each whole number between the least and the most key


@dataclass(frozen=True)
class Placed:
    """`places`: draws × units. `tails`: draws × last positions, the place that stands there, the last first; behind them, if
    asked for, the place at one position from the top. `exact`: units that were scored exactly."""

    places: Places
    tails: Places
    exact: int = 0


def by_whole_numbers(key: Keys, dense: bool, position: int | None = None) -> Placed:
    """From whole numbers, higher is better."""
    if not dense and key.shape[1] <= _FEW:
        return by_pairs(key, position)
    low = int(key.min())
    width = int(key.max()) - low + 1
    if width <= _WIDE * key.shape[1]:
        return by_counting(key, low, width, dense, position)
    return by_sorting([Sorted(key, None)], dense, None, 0, position)


def _positions(units: int, position: int | None) -> list[int]:
    """Counted from the last: those that are kept."""
    last = list(range(1, min(TAILS, units) + 1))
    return last if position is None else [*last, units + 1 - position]


def by_pairs(key: Keys, position: int | None = None) -> Placed:
    columns = np.ascontiguousarray(key.T)
    places = np.empty(columns.shape, dtype=np.int16)
    for unit, own in enumerate(columns):
        places[unit] = np.add.reduce((columns > own).view(np.int8), axis=0, dtype=np.int8, initial=1)
    found = np.ascontiguousarray(places.T)
    return Placed(found, tails_of(found, position))


def tails_of(places: Places, position: int | None = None) -> Places:
    """The places of the last positions, the last first, and of one position from the top."""
    ordered = np.sort(places, axis=1)
    return ordered[:, [-one for one in _positions(places.shape[1], position)]]


def by_counting(key: Keys, low: int, width: int, dense: bool, position: int | None = None) -> Placed:
    """How many keys there are of each value, added up from below: the rest stands above."""
    draws, units = key.shape
    cells = key + (np.arange(draws, dtype=np.int64) * width - low)[:, None]
    count = np.bincount(cells.ravel(), minlength=draws * width)
    upto = np.cumsum(count)  # draw after draw: each begins where the one before ended
    place_at = np.empty(draws * width, dtype=np.int16)
    if dense:
        kinds = np.cumsum((count > 0).reshape(draws, width), axis=1)
        np.subtract(kinds[:, -1:] + 1, kinds, out=place_at.reshape(draws, width), casting="unsafe")
    else:
        ends = (np.arange(1, draws + 1) * units + 1)[:, None]
        np.subtract(ends, upto.reshape(draws, width), out=place_at.reshape(draws, width), casting="unsafe")
    places = np.empty(key.shape, dtype=np.int16)
    place_at.take(cells, out=places, mode="clip")
    wanted = (np.arange(draws) * units)[:, None] + np.array(_positions(units, position))
    return Placed(places, place_at[np.searchsorted(upto, wanted)])


@dataclass(frozen=True)
class Sorted:
    """One thing to sort by, higher is better: whole numbers, or floats. `like`: units that have the same float for certain."""

    key: Keys
    like: NDArray[np.intp] | None
    constants: tuple[float, ...] = ()  # floats that several units share for certain


Truths = NDArray[np.bool_]
Exactly = Callable[[int, Sequence[int]], list[tuple[int, ...]]]


def by_sorting(
    keys: Sequence[Sorted], dense: bool, exactly: Exactly | None, near: float, position: int | None = None
) -> Placed:
    """From several keys, the first decides. `exactly`: (draw, units) to exact keys, for floats not further apart than `near`."""
    order = np.lexsort([-one.key for one in reversed(keys)], axis=-1)
    parted, unsure, close = _compared(keys, order, near)
    settled = 0
    for draw in np.flatnonzero(unsure.any(axis=1)).tolist():
        assert exactly is not None
        settled += _settle(draw, order[draw], parted[draw], unsure[draw], close[draw], exactly)
    first = np.ones((len(order), 1), dtype=bool)
    new = np.hstack([first, parted])
    if dense:
        standing = np.cumsum(new, axis=1).astype(np.int16)
    else:
        positions = np.where(new, np.arange(1, order.shape[1] + 1, dtype=np.int16), np.int16(0))
        standing = np.maximum.accumulate(positions, axis=1)
    places = np.empty(order.shape, dtype=np.int16)
    np.put_along_axis(places, order, standing, axis=1)
    return Placed(places, standing[:, [-one for one in _positions(order.shape[1], position)]], settled)


def _compared(keys: Sequence[Sorted], order: NDArray[np.intp], near: float) -> tuple[Truths, Truths, Truths]:
    """For neighbours in the order: (their keys differ, it cannot be told by floats, their first keys are not far apart)."""
    shape = len(order), order.shape[1] - 1
    parted, unsure, alike = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool)
    close = alike.copy()
    for one in keys:
        values = np.take_along_axis(one.key, order, axis=1)
        gap = np.abs(values[:, :-1] - values[:, 1:])
        if one.like is None:
            same, far = gap == 0, gap != 0
        else:
            like = one.like[order]
            same = like[:, :-1] == like[:, 1:]
            if one.constants:
                same |= (gap == 0) & np.isin(values[:, 1:], one.constants)
            far = ~same & (gap >= near)
        if one is keys[0]:
            close = ~far
        parted |= alike & far
        unsure |= alike & ~far & ~same
        alike &= same
    return parted, unsure, close


def _settle(draw: int, order: NDArray[np.intp], parted: Truths, unsure: Truths, close: Truths, exactly: Exactly) -> int:
    """Runs of neighbours close by their first key, with a pair that floats cannot tell apart: put in their exact order, for
    another first key brings others beside each other. How many units were scored for it."""
    settled = 0
    starts = np.flatnonzero(close & np.concatenate(([True], ~close[:-1])))
    for start in starts.tolist():
        end = start
        while end < len(close) and close[end]:
            end += 1
        if not unsure[start:end].any():
            continue
        units = order[start : end + 1].tolist()
        exact = exactly(draw, units)
        ranked = sorted(zip(exact, units, strict=True), key=lambda pair: pair[0], reverse=True)
        order[start : end + 1] = [unit for _, unit in ranked]
        parted[start:end] = [a[0] != b[0] for a, b in zip(ranked, ranked[1:], strict=False)]
        settled += len(units)
    return settled

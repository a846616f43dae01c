"""Places from keys, in each of the three ways, against counting who stands above, one by one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from scoring.insight.robustness.places import (
    TAILS,
    Sorted,
    by_counting,
    by_pairs,
    by_sorting,
    by_whole_numbers,
    tails_of,
)


def plainly(keys: list[object], dense: bool) -> list[int]:
    """1 + how many (different, where places have no gaps) keys are above."""
    return [1 + len({k for k in keys if k > own} if dense else [k for k in keys if k > own]) for own in keys]  # type: ignore[operator]


@pytest.mark.parametrize("units", [1, 2, 7, 30, 130])
@pytest.mark.parametrize("top", [1, 3, 50, 100_000])
@pytest.mark.parametrize("dense", [False, True])
def test_whole_numbers(units: int, top: int, dense: bool) -> None:
    """From nothing but ties to hardly any; below 0 as well."""
    key = np.random.default_rng(units * top).integers(-top, top, size=(40, units)).astype(np.int32)
    expected = [plainly(row.tolist(), dense) for row in key]
    ways = [by_whole_numbers(key, dense), by_sorting([Sorted(key, None)], dense, None, 0)]
    ways.append(by_counting(key, int(key.min()), int(key.max() - key.min()) + 1, dense))
    if not dense and units <= 100:
        ways.append(by_pairs(key))
    for found in ways:
        assert found.places.tolist() == expected
        tails = [sorted(row, reverse=True)[:TAILS] for row in expected]
        assert found.tails.tolist() == tails
    assert tails_of(ways[0].places).tolist() == ways[0].tails.tolist()


@pytest.mark.parametrize("dense", [False, True])
def test_several_keys(dense: bool) -> None:
    chance = np.random.default_rng(3)
    first, second = chance.integers(0, 3, size=(50, 12)), chance.integers(0, 3, size=(50, 12)).astype(np.float64)
    like = np.arange(12)
    exact = [[(int(a), int(b)) for a, b in zip(one, two, strict=True)] for one, two in zip(first, second, strict=True)]

    def exactly(draw: int, units: list[int]) -> list[tuple[int, ...]]:
        return [exact[draw][unit] for unit in units]

    found = by_sorting([Sorted(first, None), Sorted(second, like)], dense, exactly, 1e-9)  # type: ignore[arg-type]
    assert found.places.tolist() == [plainly(row, dense) for row in exact]  # type: ignore[arg-type]
    assert found.exact > 0


def test_floats_that_cannot_tell() -> None:
    """Three units: 1/3 + 1/3 + 1/3 in floats beside 1, and a hair above. Exact arithmetic decides."""
    third = Fraction(1, 3)
    exact = [(1,), (3 * third,), (1 + Fraction(1, 10**15),), (Fraction(9, 10),)]
    floats = np.array([[1.0, 1.0 - 1e-16, 1.0 + 1e-15, 0.9]])

    def exactly(draw: int, units: list[int]) -> list[tuple[Fraction, ...]]:
        return [exact[unit] for unit in units]  # type: ignore[misc]

    found = by_sorting([Sorted(floats, np.arange(4))], False, exactly, 1e-9)  # type: ignore[arg-type]
    assert found.places.tolist() == [[2, 2, 1, 4]]
    assert found.exact == 3  # the fourth is far away
    alike = by_sorting([Sorted(floats[:, :2], np.array([0, 0]))], False, None, 1e-9)
    assert alike.places.tolist() == [[1, 1]]


def test_a_first_key_that_cannot_tell_brings_others_together() -> None:
    """Second and third are level exactly (0, 0): the third's first float is a hair above, and the first, (0, 7), sorts between."""
    exact = [(0, 7), (0, 0), (0, 0)]
    keys = [Sorted(np.array([[0.0, 0.0, 2e-16]]), np.arange(3), (0.0,)), Sorted(np.array([[7.0, 0.0, 0.0]]), np.arange(3))]
    found = by_sorting(keys, False, lambda draw, units: [exact[unit] for unit in units], 1e-9)
    assert found.places.tolist() == [[1, 2, 2]]

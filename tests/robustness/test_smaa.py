"""Rank acceptability and central weights (Lahdelma & Salminen 2001) of small cases, against exact enumeration.

Two weights w and 100 − w, w anywhere in [0, 100]: 甲 has all of x1, 丙 all of x2, 乙 60 % of both. So 甲 = w, 乙 = 60,
丙 = 100 − w. Lengths of the segment:
  甲 is first for w > 60: 0.4; second for 50 < w < 60: 0.1; third for w < 50 (for w < 40: 丙 > 60 > w; else 乙, 丙): 0.5.
  乙 is first for 40 < w < 60: 0.2; else second: 0.8.  丙 is 甲 turned round.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scoring.insight.robustness import (
    acceptability,
    anything,
    central_weights,
    given,
    neighbours,
    ordered,
    pair,
    pairs,
    placings,
)
from tests.robustness.small import NOT_ROUNDED, small

SEGMENT = {"甲县": (100, 0), "乙县": (60, 60), "丙县": (0, 100)}
EXACT = np.array([[0.4, 0.1, 0.5], [0.2, 0.8, 0.0], [0.4, 0.1, 0.5]])


def test_the_segment_cut_into_equal_parts(tmp_path: Path) -> None:
    """10,000 parts, the middle of each: counts are the lengths, exactly."""
    shares = small(tmp_path, (50, 50), SEGMENT, rounding=NOT_ROUNDED)
    first = (np.arange(10_000) + 0.5) / 100
    found = placings(shares, given(shares, np.column_stack([first, 100 - first]), "把两项分值任意分配"))
    assert (acceptability(found) == EXACT * 10_000).all()
    central = central_weights(found)
    # the middles of [60, 100], [40, 60], [0, 40]
    assert [central[unit].round(6).tolist() for unit in ("c1", "c2", "c3")] == [[80, 20], [50, 50], [20, 80]]
    # 甲 above 乙: w > 60; 甲 above 丙: w > 50; 乙 above 丙: w > 40
    assert pairs(found).tolist() == [[0, 4000, 5000], [6000, 0, 6000], [5000, 4000, 0]]
    # in the exact run 乙 60 is before 甲 and 丙, which are level at 50
    assert found.nominal == (2, 1, 2)
    one = pair(found, "c1", "c2")
    assert (one.first, one.second, one.above, one.below, one.level) == ("c2", "c1", 6000, 4000, 0)
    assert one.swaps == 4000
    assert [(one.first, one.second) for one in neighbours(found)] == [("c2", "c1"), ("c1", "c3")]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_seeded_draws_come_close(seed: int, tmp_path: Path) -> None:
    """Four standard errors of 10,000 draws: 4 × √(0.25 / 10,000) = 0.02."""
    shares = small(tmp_path, (50, 50), SEGMENT, rounding=NOT_ROUNDED)
    found = placings(shares, anything(shares, 10_000, seed))
    assert np.abs(acceptability(found) / 10_000 - EXACT).max() < 0.02
    assert np.abs(central_weights(found)["c1"] - np.array([80, 20])).max() < 0.8


def test_with_an_order(tmp_path: Path) -> None:
    """x1 not lighter than x2: w in [50, 100] only. 甲 first 0.8, second 0.2; 乙 first 0.2, second 0.8; 丙 always third."""
    shares = small(tmp_path, (60, 40), SEGMENT, rounding=NOT_ROUNDED)
    found = placings(shares, ordered(shares, 10_000, 4))
    expected = np.array([[0.8, 0.2, 0], [0.2, 0.8, 0], [0, 0, 1]])
    assert np.abs(acceptability(found) / 10_000 - expected).max() < 0.02


def test_three_weights(tmp_path: Path) -> None:
    """Each unit has one item only: by symmetry each order of the three has probability 1/6."""
    units = {"甲县": (100, 0, 0), "乙县": (0, 100, 0), "丙县": (0, 0, 100)}
    shares = small(tmp_path, (50, 30, 20), units, rounding=NOT_ROUNDED)
    found = placings(shares, anything(shares, 20_000, 5))
    assert np.abs(acceptability(found) / 20_000 - 1 / 3).max() < 0.0134  # 4 × √(2/9 / 20,000)
    # who is first has the largest of three weights, on average 11/18
    assert np.abs(central_weights(found)["c2"] - np.array([350 / 18, 1100 / 18, 350 / 18])).max() < 1


def test_rounding_makes_ties(tmp_path: Path) -> None:
    """Totals rounded to whole points, w = 0.5 … 99.5 in steps of 1: 甲 = 四舍五入(w) = w + 0.5, 丙 = 四舍五入(100 − w) = 100.5 − w.

    They are level where w + 0.5 = 100.5 − w: at w = 50, which is not there: 49.5 gives 50 and 51, 50.5 gives 51 and 50.
    乙 is 60: level with 甲 at w = 59.5, above it for 59 values of w below, and below it for the 40 above.
    """
    rounding = "{rate: none, item: none, section: none, total: 0, places_by: rounded}"
    shares = small(tmp_path, (50, 50), SEGMENT, rounding=rounding)
    first = np.arange(100) + 0.5
    found = placings(shares, given(shares, np.column_stack([first, 100 - first]), "把两项分值任意分配"))
    one = pair(found, "c2", "c1")
    assert (one.above, one.level, one.below) == (59, 1, 40)
    other = pair(found, "c1", "c3")
    assert (other.above, other.level, other.below) == (50, 0, 50)
    assert found.exact >= 200  # every total of 甲 and 丙 lies on a rounding edge

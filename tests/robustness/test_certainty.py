"""Counting places: shares of the draws, last positions, grades with a quota. Draws are written by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scoring.insight.robustness import NotStudied, Placings, certainty, given, pair, placings, shares_of
from scoring.insight.robustness.places import tails_of
from tests.robustness.small import small
from tests.tiny import Tiny, item


def by_hand(places: list[list[int]], nominal: tuple[int | None, ...]) -> Placings:
    found = np.array(places, dtype=np.int16)
    units = tuple(f"c{n}" for n in range(1, found.shape[1] + 1))
    titles = tuple("甲乙丙丁戊己"[n] + "县" for n in range(found.shape[1]))
    return Placings("县区", units, titles, nominal, found, tails_of(found), "把每项分值上下浮动 10%", 1, weights=np.ones((len(found), 1)))


def test_places_in_so_many_of_the_draws() -> None:
    """甲 over 20 draws: 1 × 1, 10 × 2, 7 × 3, 2 × 4. The 1st of 20 is 5 %, the 10th 50 %, the 19th 95 %."""
    own = [1] + [2] * 10 + [3] * 7 + [4] * 2
    found = certainty(by_hand([[place, 5] for place in own], (2, 5)), first=3, last=1)
    one = found.of("c1")
    assert (one.low, one.middle, one.high, one.best, one.worst) == (1, 2, 4, 1, 4)
    assert (one.stays, one.first, one.last, one.number) == (10, 18, 0, 20)
    other = found.of("c2")
    assert (other.low, other.middle, other.high, other.stays, other.first, other.last) == (5, 5, 5, 20, 0, 20)


def test_many_draws_and_units_at_once() -> None:
    """More than one block of units and of draws, against sorting each column."""
    chance = np.random.default_rng(1)
    places = np.argsort(chance.random((30_000, 50)), axis=1).astype(np.int16) + 1
    found = Placings("县区", tuple(f"c{n}" for n in range(50)), ("县",) * 50, (1,) * 50, places, tails_of(places), "", 1)
    for unit, one in enumerate(certainty(found, 5, 7).units):
        column = np.sort(places[:, unit])
        assert (one.low, one.middle, one.high) == (column[1499], column[14_999], column[28_499])
        assert (one.best, one.worst) == (column[0], column[-1])
        assert (one.first, one.last) == ((column <= 5).sum(), (column >= 44).sum())


def test_who_shares_the_last_places_is_among_them() -> None:
    """Five units, 1-1-3: places 1 2 3 3 5: the last three are 3, 3, 5; with 1 2 3 3 3 the last two are three units."""
    found = certainty(by_hand([[1, 2, 3, 3, 5], [1, 2, 3, 3, 3], [1, 1, 1, 1, 5]], (1, 2, 3, 3, 5)), first=1, last=2)
    assert [one.last for one in found.units] == [1, 1, 3, 3, 3]  # in the third draw four share the place before the last
    assert [one.first for one in found.units] == [3, 1, 1, 1, 0]


def test_draws_without_a_place_do_not_count() -> None:
    """丙 has a place in three draws of four: 3, 1, 3."""
    found = by_hand([[1, 2, 3], [2, 3, 1], [1, 2, 0], [2, 1, 3]], (1, 2, None))
    one = certainty(found, first=1, last=1).of("c3")
    assert (one.number, one.low, one.middle, one.high, one.first, one.last) == (3, 1, 3, 3, 1, 2)
    both = pair(found, "c1", "c3")
    assert (both.number, both.above, both.below) == (3, 2, 1)


def test_what_cannot_be_counted_is_said() -> None:
    found = by_hand([[1, 2]], (1, 2))
    with pytest.raises(NotStudied, match="后 11 名数不了"):
        certainty(found, last=11)
    with pytest.raises(NotStudied, match="没有单位“c9”"):
        certainty(found).of("c9")
    with pytest.raises(NotStudied, match="同一个单位"):
        pair(found, "c1", "c1")


GRADES = "[{title: 优秀, at_least: 80, quota: {share: 50%%, tie: %s}}, {title: 合格}]"
FOUR = {"甲县": (100, 80), "乙县": (80, 100), "丙县": (90, 90), "丁县": (0, 0)}


@pytest.mark.parametrize("tie", ["out", "in"])
def test_the_best_grade_within_its_quota(tie: str, tmp_path: Path) -> None:
    """Two of four may be 优秀. Totals by weight w of the first item: 甲 80 + 0.2 w, 乙 100 − 0.2 w, 丙 90.

    w = 75: 95, 85, 90: 甲 and 丙. w = 25: 乙 and 丙. w = 50: all 90, level: with tie out none, with tie in all three.
    """
    shares = small(tmp_path, (50, 50), FOUR, grades=GRADES % tie)
    weights = np.array([[75.0, 25.0], [25.0, 75.0], [50.0, 50.0]])
    found = placings(shares, given(shares, weights, "分值"))
    assert found.grade == "优秀"
    assert found.in_grade is not None
    assert found.in_grade.tolist() == ([1, 1, 2, 0] if tie == "out" else [2, 2, 3, 0])


def test_a_veto_bars_the_best_grade(tmp_path: Path) -> None:
    """甲 is vetoed: 合格 whatever its points; the quota of half of three is 1 and goes to 乙, whose total is 90."""
    body = item("rules: [{kind: piecewise, of: m, straight: [[0, 0], [100, full]]}]", full="100")
    veto = "- {kind: veto, code: v, title: 作假, clause: 否决, when: f > 0, effect: {grade: 合格}}"
    tiny = Tiny(table="单位 m f\n甲县 100 1\n乙县 90 0\n丙县 85 0", indicators=body, adjustments=veto, grades=GRADES % "out")
    shares = shares_of(tiny.score(tmp_path).assessment, "all")
    found = placings(shares, given(shares, np.array([[100.0]]), "分值"))
    assert found.in_grade is not None
    assert found.in_grade.tolist() == [0, 1, 0]
    assert [unit.grade for unit in shares.units] == ["合格", "优秀", "合格"]  # as the engine has it

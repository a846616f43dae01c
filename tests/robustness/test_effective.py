"""Effective weights, correlation ratio, and weights fitted to aims, by hand arithmetic."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from scoring.insight.robustness import NotStudied, effective, fitted
from scoring.insight.robustness import shares_of as read
from scoring.insight.robustness.effective import REST, correlation_ratio
from tests.demo import YEARS, scored
from tests.robustness.small import small
from tests.tiny import Tiny, item

# Points 0, 0, 10, 10 of x1 and 0, 4, 0, 4 of x2: independent. Variances 25 and 4, of the total 29.
INDEPENDENT = {"甲县": (0, 0), "乙县": (0, 100), "丙县": (100, 0), "丁县": (100, 100)}


def test_shares_of_the_differences_by_hand(tmp_path: Path) -> None:
    found = effective(small(tmp_path, (10, 4), INDEPENDENT))
    first, second = found.parts
    assert first.nominal == pytest.approx(10 / 14)
    assert first.effective == pytest.approx(25 / 29)
    assert second.effective == pytest.approx(4 / 29)
    assert first.correlation == pytest.approx(5 / sqrt(29))
    assert found.spread == pytest.approx(sqrt(29))
    assert (found.units, first.ratio) == (4, None)  # too few units for a ratio


def test_an_item_that_works_against_the_total(tmp_path: Path) -> None:
    """x1: 0, 100; x2: 40, 0 points: totals 40, 100, variance 900. cov(x1, T) = 50 × 30 = 1500, cov(x2, T) = −20 × 30 = −600."""
    found = effective(small(tmp_path, (100, 40), {"甲县": (0, 100), "乙县": (100, 0)}))
    assert [part.effective for part in found.parts] == pytest.approx([1500 / 900, -600 / 900])
    assert [part.correlation for part in found.parts] == pytest.approx([1, -1])


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("group", ["county", "department"])
def test_everything_adds_up_to_the_whole(year: str, group: str) -> None:
    shares = read(scored(year).assessment, group)
    items, sections = effective(shares), effective(shares, "section")
    assert sum(part.effective for part in items.parts) == pytest.approx(1)
    assert sum(part.effective for part in sections.parts) == pytest.approx(1)
    of_items = {part.code: part.effective for part in items.parts}
    for part in sections.parts:
        if part.code != REST:
            inside = [of_items[shares.items[item].code] for item in shares.sections[part.code]]
            assert part.effective == pytest.approx(sum(inside))


def test_what_does_not_apply_counts_as_the_unit_does_on_the_whole(tmp_path: Path) -> None:
    """x2 (40) does not apply to 乙: 60 × 0.5 × 100 ÷ 60 = 50, of which x2 stands for 40 × 0.5 = 20. 甲: 60 × 1 + 40 × 0.2 = 68.

    Deviations from the mean: x1 (30, −30) ÷ 2, x2 (8 − 20) ÷ 2 = −6, +6, total 9, −9: 15 × 9 = 135, −6 × 9 = −54, of 81.
    """
    body = "".join(
        item(f"not_applicable: {{when: n{k} = 1, then: rescale, reason: 没有}}\nrules: [{{kind: piecewise, of: m{k}, straight: [[0, 0], [100, full]]}}]", f"x{k}", full)
        for k, full in ((1, "60"), (2, "40"))
    )
    found = Tiny(table="单位 m1 m2 n1 n2\n甲县 100 20 0 0\n乙县 50 0 0 1", indicators=body).score(tmp_path)
    parts = effective(read(found.assessment, "all")).parts
    assert [part.effective for part in parts] == pytest.approx([135 / 81, -54 / 81])


def test_correlation_ratio_by_hand() -> None:
    """30 units, half with 0 and half with 1; totals 0, 2 by turns in the first half, 4, 6 in the second: means 1 and 5, in all 3.

    Between the halves 2² = 4; all: 4 + 1 = 5. So 4/5. A total that does not hang on it: 0.
    """
    own = np.repeat([0.0, 1.0], 15)
    totals = np.concatenate([np.tile([0.0, 2.0], 8)[:15], np.tile([4.0, 6.0], 8)[:15]])
    means = [float(totals[:15].mean()), float(totals[15:].mean())]  # of 15: 14/15 and 74/15
    assert means == pytest.approx([14 / 15, 74 / 15])
    expected = (2.0**2) / float(totals.var())  # the two means lie 4 apart: 2² about their middle
    assert correlation_ratio(own, totals) == pytest.approx(expected)
    assert expected == pytest.approx(4 / (4 + (1 - 1 / 225)))
    assert correlation_ratio(own, np.tile([0.0, 2.0], 15)) == pytest.approx((1 / 15) ** 2)  # 14/15 and 16/15: 1/15 about 1
    assert correlation_ratio(own[:29], totals[:29]) is None
    # a bend that a straight line does not see: own −1 … 1, total its square: all of it
    bent = np.repeat(np.linspace(-1, 1, 9), 4)
    assert correlation_ratio(bent, bent**2) == pytest.approx(1)
    assert abs(float(np.corrcoef(bent, bent**2)[0, 1])) < 1e-12


def test_all_equal(tmp_path: Path) -> None:
    with pytest.raises(NotStudied, match="各单位总分相同"):
        effective(small(tmp_path, (60, 40), {"甲县": (50, 50), "乙县": (50, 50)}))


def test_fitted_by_hand(tmp_path: Path) -> None:
    """Independent items with equal spread: shares go with the squares of weights. 50 : 50 wants 7, 7; 80 : 20 wants 2 : 1."""
    shares = small(tmp_path, (10, 4), INDEPENDENT)
    even = fitted(shares, {"s1": Decimal(50), "s2": Decimal(50)})
    assert [part.weight for part in even.parts] == [7, 7]
    assert even.reached
    assert even.weights == (Fraction(7), Fraction(7))
    assert [part.reached for part in even.parts] == pytest.approx([50, 50])
    assert [part.before for part in even.parts] == pytest.approx([2500 / 29, 400 / 29])
    twice = fitted(shares, {"x1": Decimal(80)}, by="item")
    assert [part.weight for part in twice.parts] == pytest.approx([Decimal("9.33"), Decimal("4.67")], abs=Decimal("0.02"))
    assert twice.reached
    assert sum(part.weight for part in twice.parts) == 14


def test_bounds_and_locks_are_kept(tmp_path: Path) -> None:
    shares = small(tmp_path, (10, 4, 6), {unit: (*given, 50) for unit, given in INDEPENDENT.items()})
    found = fitted(shares, {"s1": Decimal(50), "s2": Decimal(50)}, bounds={"s1": (Decimal("7.5"), Decimal(9))}, locked=["s3"])
    # s1 and s2 share 14; s1 not below 7.5: 7.5² ÷ (7.5² + 6.5²) = 57.1 %
    assert [part.weight for part in found.parts] == [Decimal("7.50"), Decimal("6.50")]
    assert found.missed == pytest.approx(5625 / 98.5 - 50)
    assert not found.reached
    assert "“部分1”已到分值下限 7.5 分" in found.why
    assert found.weights[2] == 6


def test_an_aim_that_no_weight_reaches_is_said(tmp_path: Path) -> None:
    """All have 50 % of x3: it parts nobody, whatever it is worth."""
    shares = small(tmp_path, (10, 4, 6), {unit: (*given, 50) for unit, given in INDEPENDENT.items()})
    found = fitted(shares, {"s3": Decimal(30)})
    assert not found.reached
    assert found.missed == pytest.approx(30)
    assert found.why == ("“部分3”各单位得分率相同，分值多少都拉不开差距",)


def test_never_negative_and_the_sum_stays() -> None:
    shares = read(scored("2023").assessment, "county")
    found = fitted(shares, {code: Decimal(13) for code in shares.sections})
    assert all(part.weight >= 0 for part in found.parts)
    assert sum(part.weight for part in found.parts) == 100
    assert sum(found.weights) == 100
    again = effective(shares, "section", found.weights)
    assert [part.reached for part in found.parts] == pytest.approx([100 * one.effective for one in again.parts if one.code != REST])


def test_aims_that_contradict_themselves(tmp_path: Path) -> None:
    shares = small(tmp_path, (10, 4), INDEPENDENT)
    cases = [
        ({}, None, "没有写目标"),
        ({"s1": Decimal(60), "s2": Decimal(50)}, None, "合计 110%，超过 100%"),
        ({"s1": Decimal(-1)}, None, "0 到 100%"),
        ({"s9": Decimal(10)}, None, "“s9”不在可变动的各项中"),
        ({"s1": Decimal(10)}, {"s1": (Decimal(5), Decimal(2))}, "分值范围 5 至 2 不对"),
        ({"s1": Decimal(10)}, {"s1": (Decimal(-5), Decimal(2))}, "分值范围"),
        ({"s1": Decimal(10)}, {"s1": (Decimal(0), Decimal(2)), "s2": (Decimal(0), Decimal(3))}, "凑不成 14 分"),
    ]
    for aims, bounds, words in cases:
        with pytest.raises(NotStudied, match=words):
            fitted(shares, aims, bounds=bounds)

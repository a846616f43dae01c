"""Other weights: what the study makes of them is what the real engine makes of a rubric with those full marks.

Also by hand: the published twelve regions under other blends, and scaling up for what does not apply.
"""

from __future__ import annotations

import csv
import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from scoring.insight.robustness import anything, ranking_of, shares_of, within
from scoring.insight.robustness.arrays import Totals
from scoring.insight.robustness.ranks import places_under
from scoring.project import open_project
from tests.demo import ROOT, scored
from tests.robustness.random_rubrics import random_rubric
from tests.tiny import Tiny, item, n


def seeds(few: int, many: int) -> list[object]:
    """Some in every run, the others as a trial."""
    return [*range(few), *(pytest.param(seed, marks=pytest.mark.trial) for seed in range(few, many))]


@pytest.mark.parametrize("seed", seeds(8, 30))
def test_the_engine_gives_the_same_under_other_full_marks(seed: int, tmp_path: Path) -> None:
    """The rubric is written anew with other full marks and scored from its files."""
    rubric, chance = random_rubric(seed), random.Random(1000 + seed)
    shares = shares_of(rubric.score(tmp_path / "before").assessment, "all")
    fulls = {one.code: Decimal(chance.randint(100, 4000)) / 100 for _, one in rubric.items}
    if seed % 4 == 0:
        fulls[rubric.items[0][1].code] = Decimal("0.02")  # next to nothing
    weights = [Fraction(fulls[one.code] * section.share) for section, one in rubric.items]
    assert [one.code for one in shares.items] == list(fulls)
    after = rubric.score(tmp_path / "after", fulls).assessment
    rows = {row["unit"]: row for row in after.rows("ranking")}
    totals, places = ranking_of(shares, weights)
    theirs = [rows[unit.code]["total"] for unit in shares.units]
    if "total: none" in rubric.rounding:  # the engine cuts the points of each item to 12 decimals
        assert all(abs(own - other) < Decimal("1e-10") for own, other in zip(totals, theirs, strict=True))
    else:
        assert totals == theirs
    assert places == [rows[unit.code]["place"] for unit in shares.units]


@pytest.mark.parametrize("seed", [*range(100, 106), 318, *(pytest.param(seed, marks=pytest.mark.trial) for seed in range(106, 125))])
def test_floats_give_the_places_of_exact_arithmetic(seed: int, tmp_path: Path) -> None:
    """Every place of 120 draws, and of 40 coarse weights that make ties."""
    shares = shares_of(random_rubric(seed).score(tmp_path).assessment, "all")
    totals = Totals(shares)
    draws = [within(shares, Decimal(15), 60, seed).weights, anything(shares, 60, seed, by="item").weights[1:]]
    coarse = np.random.default_rng(seed).integers(1, 5, size=(40, len(shares.items))).astype(np.float64)
    for weights in (*draws, coarse):
        found = places_under(totals, weights)
        for row, places in zip(weights, found, strict=True):
            assert ranking_of(shares, [Fraction(float(weight)) for weight in row])[1] == places.tolist()


def test_demo_city_draws_are_exact() -> None:
    for year in ("2024", "2023"):
        shares = shares_of(scored(year).assessment, "department")
        draws = within(shares, Decimal(10), 100, 7)
        found = places_under(Totals(shares), draws.weights)
        for row, places in zip(draws.weights[1:], found[1:], strict=True):
            assert ranking_of(shares, [Fraction(float(weight)) for weight in row])[1] == places.tolist()


# --- the published twelve regions -----------------------------------------------------------------------


def published() -> dict[str, tuple[Decimal, Decimal]]:
    """Satisfaction (of 70) and economy (of 30), as printed."""
    path = ROOT / "examples" / "twelve_regions" / "data" / "points.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["单位"]: (Decimal(row["满意度得分"]), Decimal(row["经济指标得分"])) for row in rows}


@pytest.mark.parametrize("satisfaction", [0, 10, 30, 50, 70, 90, 100])
def test_twelve_regions_under_other_blends(satisfaction: int) -> None:
    """total = points ÷ 70 × s + points ÷ 30 × (100 − s), 四舍五入 to two decimals; a place is 1 + how many are above."""
    project = open_project(ROOT / "examples" / "twelve_regions")
    shares = shares_of(project.assess("2020", project.period("2020").cut_off), "region")
    register = project.register
    assert register is not None
    given = {}
    for title, (own, economy) in published().items():
        unit = register.find(title)
        assert unit is not None
        exact = Fraction(own) / 70 * satisfaction + Fraction(economy) / 30 * (100 - satisfaction)
        given[unit.code] = Decimal(int(exact * 10**12 + Fraction(1, 2))).scaleb(-12).quantize(Decimal("0.01"), ROUND_HALF_UP)
    weights = [Fraction(satisfaction), Fraction(100 - satisfaction)]
    totals, places = ranking_of(shares, weights)
    assert {unit.code: total for unit, total in zip(shares.units, totals, strict=True)} == given
    above = {code: 1 + sum(other > total for other in given.values()) for code, total in given.items()}
    assert {unit.code: place for unit, place in zip(shares.units, places, strict=True)} == above
    floats = places_under(Totals(shares), np.array([[float(weight) for weight in weights]]))[0].tolist()
    assert floats == places


def test_half_and_half_by_hand() -> None:
    """地区01 and 地区02, worked out on paper from the printed points: see the arithmetic in the comments."""
    own = published()
    (s1, e1), (s2, e2) = own["地区01"], own["地区02"]
    project = open_project(ROOT / "examples" / "twelve_regions")
    shares = shares_of(project.assess("2020", project.period("2020").cut_off), "region")
    totals, _ = ranking_of(shares, [Fraction(50), Fraction(50)])
    cent = Decimal("0.01")
    assert totals[0] == (s1 * 50 / 70 + e1 * 50 / 30).quantize(cent, ROUND_HALF_UP)
    assert totals[1] == (s2 * 50 / 70 + e2 * 50 / 30).quantize(cent, ROUND_HALF_UP)


# --- what does not apply --------------------------------------------------------------------------------

THREE = "".join(
    item(
        f"not_applicable: {{when: n{number} = 1, then: rescale, reason: 没有}}\n"
        f"rules: [{{kind: piecewise, of: m{number}, straight: [[0, 0], [100, full]]}}]",
        f"x{number}",
        full,
    )
    for number, full in ((1, "50"), (2, "30"), (3, "20"))
)


def test_scaling_up_by_hand(tmp_path: Path) -> None:
    """甲: all apply, 乙: x3 does not, 丙: only x1 does. Earned shares 0.8, 0.5, 0.2; 0.9, 0.4; 0.7.

    Weights 20, 30, 50: 甲 16 + 15 + 10 = 41; 乙 (18 + 12) × 100 ÷ 50 = 60; 丙 14 × 100 ÷ 20 = 70.
    Weights 1, 98, 1: 甲 0.8 + 49 + 0.2 = 50; 乙 (0.9 + 39.2) × 100 ÷ 99 = 40.50505…; 丙 0.7 × 100 = 70.
    """
    table = "单位 m1 m2 m3 n1 n2 n3\n甲县 80 50 20 0 0 0\n乙县 90 40 0 0 0 1\n丙县 70 0 0 0 1 1"
    shares = shares_of(Tiny(table=table, indicators=THREE).score(tmp_path).assessment, "all")
    assert ranking_of(shares, [Fraction(20), Fraction(30), Fraction(50)]) == ([n(41), n(60), n(70)], [3, 2, 1])
    assert ranking_of(shares, [Fraction(1), Fraction(98), Fraction(1)]) == ([n(50), n("40.51"), n(70)], [2, 3, 1])


def brute(weights: list[Fraction], earned: list[Fraction | None]) -> Fraction:
    """Σ of what applies × (all ÷ what applies); None does not apply."""
    applies = [(weight, share) for weight, share in zip(weights, earned, strict=True) if share is not None]
    got = sum((weight * share for weight, share in applies), Fraction(0))
    return got * sum(weights) / sum(weight for weight, _ in applies)


def test_scaling_up_against_brute_force(tmp_path: Path) -> None:
    """200 draws, every place against Fractions worked out here from the table."""
    chance = random.Random(5)
    rows, earned = [], []
    for number in range(8):
        shares_ = [chance.choice([0, 10, 25, 60, 100]) for _ in range(3)]
        absent = [int(chance.random() < 0.4) for _ in range(3)]
        absent[0] = 0 if all(absent) else absent[0]
        rows.append(f"单位{number} {' '.join(map(str, shares_))} {' '.join(map(str, absent))}")
        earned.append([None if gone else Fraction(share, 100) for share, gone in zip(shares_, absent, strict=True)])
    table = "单位 m1 m2 m3 n1 n2 n3\n" + "\n".join(rows)
    rounding = "{rate: none, item: none, section: none, total: none, places_by: exact}"
    shares = shares_of(Tiny(table=table, indicators=THREE, rounding=rounding).score(tmp_path).assessment, "all")
    draws = anything(shares, 200, 3, by="item")
    found = places_under(Totals(shares), draws.weights)
    for row, places in zip(draws.weights, found, strict=True):
        weights = [Fraction(float(weight)) for weight in row]
        totals = [brute(weights, one) for one in earned]
        near = Fraction(1, 10**10)  # the engine counts in 10^-12
        expected = [1 + sum(other > total + near for other in totals) for total in totals]
        assert places.tolist() == expected


# --- limits, gates, vetoes by hand ----------------------------------------------------------------------


def test_gate_veto_and_floor_by_hand(tmp_path: Path) -> None:
    """x1 of 60, x2 of 40. Bonus 5 from a base of 60 on; veto: at most 50.

    Nominal: 甲 60 × 0.9 + 40 × 0.1 = 58: no bonus; 乙 60 × 0.5 + 40 × 0.9 = 66, vetoed: 50; 丙 36 + 24 = 60: + 5 = 65.
    Weights 90, 10: 甲 81 + 1 = 82 + 5 = 87; 乙 45 + 9 = 54: 50; 丙 60 + 5 = 65.
    Weights 10, 90: 甲 9 + 9 = 18; 乙 5 + 81 = 86: 50; 丙 65.
    """
    adjustments = """
    - {kind: bonus, code: p, title: 表扬, clause: 加分, parts: [{measure: praise, each: 5}], gate: base >= 60}
    - {kind: veto, code: v, title: 作假, clause: 否决, when: falsified > 0, effect: {score_at_most: 50}}
    """
    items = "".join(
        item(f"rules: [{{kind: piecewise, of: m{k}, straight: [[0, 0], [100, full]]}}]", f"x{k}", full)
        for k, full in ((1, "60"), (2, "40"))
    )
    table = "单位 m1 m2 praise falsified\n甲县 90 10 1 0\n乙县 50 90 0 1\n丙县 60 60 1 0"
    shares = shares_of(Tiny(table=table, indicators=items, adjustments=adjustments).score(tmp_path).assessment, "all")
    assert ranking_of(shares, shares.weights) == ([n(58), n(50), n(65)], [2, 3, 1])
    assert ranking_of(shares, [Fraction(90), Fraction(10)]) == ([n(87), n(50), n(65)], [1, 3, 2])
    assert ranking_of(shares, [Fraction(10), Fraction(90)]) == ([n(18), n(50), n(65)], [3, 2, 1])


def test_losses_on_the_section_scale_with_their_item(tmp_path: Path) -> None:
    """x1 of 10 loses 20 % of it for each of 7 faults on the section: −14; x2 of 20.

    甲: 10 − 14 + 20 × 0.1 = −2, at least 0; 乙: 10 + 20 × 0.1 = 12.
    Weights 5, 25: 甲 5 − 7 + 2.5 = 0.5; 乙 5 + 2.5 = 7.5. The stated 30 stay 30.
    """
    sections = """
    - code: s
      title: 部分
      full_marks: 30
      indicators:
        - {code: x1, title: 一, clause: 一, full_marks: 10, rules: [{kind: deductions, parts: [{measure: faults, each: 20% of full}], lands_on: section}]}
        - {code: x2, title: 二, clause: 二, full_marks: 20, rules: [{kind: piecewise, of: m, straight: [[0, 0], [100, full]]}]}
    """
    found = Tiny(table="单位 faults m\n甲县 7 10\n乙县 0 10", sections=sections).score(tmp_path).assessment
    shares = shares_of(found, "all")
    assert ranking_of(shares, shares.weights)[0] == [n(0), n(12)]
    assert ranking_of(shares, [Fraction(5), Fraction(25)])[0] == [n("0.5"), n("7.5")]

"""Points that depend on the group: published clauses, points reckoned by hand in the comment, scored by the engine."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.tiny import Scores, Tiny, item, n

UNITS = ("甲县", "乙县", "丙县", "丁县")


def scored(tmp_path: Path, table: str, body: str, full: str = "10") -> Scores:
    return Tiny(table, item(body, full=full)).score(tmp_path)


def points(scores: Scores, count: int = 4) -> list[Decimal | None]:
    return [scores.points(unit) for unit in UNITS[:count]]


def test_own_over_highest(tmp_path: Path) -> None:
    """D02.4 德育成果（4 分）：最高者得 4 分，其他按 自己 ÷ 最高 × 4 计."""
    scores = scored(
        tmp_path, "unit x:decimal1\n甲县 90\n乙县 60\n丙县 45.5\n丁县 0",
        "actual: x\nrules: [{kind: formula, points: full * value / highest(value)}]", "4",
    )  # fmt: skip
    # 90/90 × 4 = 4; 60/90 × 4 = 2.666… → 2.67; 45.5/90 × 4 = 2.0222… → 2.02; 0
    assert points(scores) == [n(4), n("2.67"), n("2.02"), n(0)]


def test_below_a_line_nothing(tmp_path: Path) -> None:
    """D02.1 原始分低于 60 不得分，其他按 自己 ÷ 最高 计（1 分）."""
    scores = scored(
        tmp_path, "unit x\n甲县 80\n乙县 60\n丙县 59",
        "actual: x\nrules: [{kind: formula, points: full * value / highest(value), only_if: value >= 60}]", "1",
    )  # fmt: skip
    # 1; 60/80 = 0.75; below 60 nothing
    assert points(scores, 3) == [n(1), n("0.75"), n(0)]


def test_fewer_is_better(tmp_path: Path) -> None:
    """最低者得满分，其他按 最低 ÷ 自己 计；最低为 0 时没有办法除，照办法写明的基数为零处理."""
    body = "actual: x\nbase_zero: {then: full_marks}\nrules: [{kind: formula, points: full * lowest(value) / value}]"
    scores = scored(tmp_path, "unit x\n甲县 2\n乙县 3\n丙县 8", body)
    # 2/2 → 10; 2/3 × 10 = 6.666… → 6.67; 2/8 × 10 = 2.5
    assert points(scores, 3) == [n(10), n("6.67"), n("2.5")]


def test_all_zero_has_no_highest_to_divide_by(tmp_path: Path) -> None:
    body = "actual: x\nrules: [{kind: formula, points: full * value / highest(value)}]"
    unsaid = scored(tmp_path / "a", "unit x\n甲县 0\n乙县 0", body)
    assert [unsaid.state(unit) for unit in UNITS[:2]] == ["zero_base"] * 2
    assert points(unsaid, 2) == [None, None]
    said = scored(tmp_path / "b", "unit x\n甲县 0\n乙县 0", "base_zero: {then: no_points}\n" + body)
    assert points(said, 2) == [n(0), n(0)]


def test_the_highest_of_ratios_is_found_exactly(tmp_path: Path) -> None:
    """1/3 > 333333/1000000 > 333332/1000000：四位以后的差别也要分清."""
    table = "unit done due\n甲县 333333 1000000\n乙县 1 3\n丙县 333332 1000000\n丁县 2 6"
    scores = scored(tmp_path, table, "value: done / due\nrules: [{kind: steps, of: place(value), start: 1, above: {lose: 2}}]")
    # 1/3 = 2/6 share first place; then two above 甲 → third; 丙 fourth: 10 − 2·2, 10, 10 − 3·2, 10
    assert points(scores) == [n(6), n(10), n(4), n(10)]


@pytest.mark.parametrize("first", [0, 1, 2])
def test_equal_ratios_with_other_divisors_are_one_highest(tmp_path: Path, first: int) -> None:
    """2/6, 1/3 and 4/12 are the same; numerator and divisor of the highest come from one and the same unit."""
    ratios = ["2 6", "1 3", "4 12"]
    ratios = ratios[first:] + ratios[:first]
    table = "unit done due\n" + "\n".join(f"{unit} {ratio}" for unit, ratio in zip(UNITS, [*ratios, "1 6"], strict=True))
    for function, expected in (("highest", ["10", "10", "10", "5"]), ("lowest", ["20", "20", "20", "10"])):
        body = f"value: done / due\nrules: [{{kind: formula, points: 10 * value / {function}(value), most: 20}}]"
        scores = scored(tmp_path / function, table, body, "20")
        assert points(scores) == [n(value) for value in expected]


def test_points_by_place_with_a_tie(tmp_path: Path) -> None:
    """D52.2 第一名 20 分，每低一个名次少 1 分；同分同名次，后面的名次顺延."""
    scores = scored(
        tmp_path, "unit x\n甲县 70\n乙县 90\n丙县 70\n丁县 60",
        "actual: x\nrules: [{kind: steps, of: place(value), start: 1, above: {each: 1, lose: 1}}]", "20",
    )  # fmt: skip
    # 90 first → 20; two at 70 are both second → 19; then fourth → 17
    assert points(scores) == [n(19), n(20), n(19), n(17)]


def test_the_last_two_lose(tmp_path: Path) -> None:
    """D16.9 每月检查排在后两名的扣 0.5 分."""
    scores = scored(
        tmp_path, "unit x\n甲县 70\n乙县 90\n丙县 50\n丁县 60",
        "actual: x\nrules: [{kind: deductions, parts: [{if: place_from_last(x) <= 2, points: 0.5}]}]", "5",
    )  # fmt: skip
    assert points(scores) == [n(5), n(5), n("4.5"), n("4.5")]


def test_bands_on_the_distance_from_the_mean(tmp_path: Path) -> None:
    """D02.37 达到平均得 2 分，低不到 5 个点 1.8，低 5 至 10 个点 1.6，再低 1.2."""
    body = (
        "actual: x\nvalue: value_of - mean(x)\n".replace("value_of", "x")
        + "rules: [{kind: bands, bands: [{at_least: 0, points: 2}, {above: -5, points: 1.8}, {above: -10, points: 1.6}, {points: 1.2}]}]"
    )
    scores = scored(tmp_path, "unit x\n甲县 90\n乙县 85\n丙县 82\n丁县 71", body, "2")
    # mean 328/4 = 82: +8 → 2; +3 → 2; 0 → 2; −11 → 1.2
    assert points(scores) == [n(2), n(2), n(2), n("1.2")]


def test_the_mean_of_ratios(tmp_path: Path) -> None:
    """平均的是各单位的比率，不是合计之比：(1/2 + 1/3 + 1) ÷ 3 = 11/18."""
    table = "unit done due\n甲县 1 2\n乙县 1 3\n丙县 6 6"
    scores = scored(tmp_path, table, "value: done / due\nrules: [{kind: formula, points: mean(value) * 9, most: 9}]")
    # 11/18 × 9 = 5.5
    assert points(scores, 3) == [n("5.5")] * 3


def test_normalised_between_lowest_and_highest(tmp_path: Path) -> None:
    """NORM 功效系数：0.6 + 0.4 × (x − 最低) ÷ (最高 − 最低)."""
    body = (
        "actual: x\nbase_zero: {then: full_marks}\nrules: "
        "[{kind: formula, points: full * (0.6 + 0.4 * (value - lowest(value)) / (highest(value) - lowest(value)))}]"
    )
    scores = scored(tmp_path / "a", "unit x\n甲县 10\n乙县 20\n丙县 13", body)
    # lowest 6; highest 10; (13 − 10)/10 = 0.3 → 10 × (0.6 + 0.12) = 7.2
    assert points(scores, 3) == [n(6), n(10), n("7.2")]
    level = scored(tmp_path / "b", "unit x\n甲县 7\n乙县 7", body)
    assert points(level, 2) == [n(10), n(10)], "最高等于最低时按办法写明的基数为零处理"


@pytest.mark.parametrize("gap", ["_", "*", "/"])
def test_a_unit_without_the_figure_is_left_out_of_its_group(tmp_path: Path, gap: str) -> None:
    body = "actual: x\nrules: [{kind: formula, points: full * value / highest(value)}]"
    scores = scored(tmp_path, f"unit x\n甲县 5\n乙县 10\n丙县 {gap}", body)
    assert points(scores, 2) == [n(5), n(10)]
    assert scores.state("丙县") != "value"


def test_groups_are_compared_each_by_itself(tmp_path: Path) -> None:
    """The order of rows never matters, and no unit of another group counts."""
    body = "actual: x\nrules: [{kind: formula, points: full * value / highest(value)}]"
    forward = scored(tmp_path / "a", "unit x\n甲县 5\n乙县 10\n丙县 4", body)
    backward = scored(tmp_path / "b", "unit x\n丙县 4\n乙县 10\n甲县 5", body)
    assert points(forward, 3) == points(backward, 3) == [n(5), n(10), n(4)]

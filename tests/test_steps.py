"""steps 增减 by worked examples: published clauses, points reckoned by hand in the comment, scored by the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.engine.placed import placed
from tests.tiny import Scores, Tiny, item, n

UNITS = ("甲县", "乙县", "丙县", "丁县")


def scored(tmp_path: Path, figures: str, rule: str, full: str = "20") -> Scores:
    """Four units with one figure each (one decimal), scored by one rule."""
    rows = "\n".join(f"{unit} {figure}" for unit, figure in zip(UNITS, figures.split(), strict=False))
    return Tiny(f"unit x:decimal1\n{rows}", item(f"actual: x\nrules: [{rule}]", full=full)).score(tmp_path)


def points(scores: Scores, count: int = 4) -> list[object]:
    return [scores.points(unit) for unit in UNITS[:count]]


def test_each_point_below_costs_in_proportion(tmp_path: Path) -> None:
    """D46.3 办结率 90 % 以上 20 分，每低一个百分点扣 1 分（按比例）."""
    scores = scored(tmp_path, "90 85.5 100 60", "{kind: steps, start: 90, below: {each: 1, lose: 1}}")
    # 90 → 20; 85.5 is 4.5 below → 15.5; 100 → 20; 60 is 30 below → 20 − 30, floor 0
    assert points(scores) == [n(20), n("15.5"), n(20), n(0)]


def test_whole_steps_leave_the_rest_of_a_step_free(tmp_path: Path) -> None:
    """D29.2 结案率 90 %（3 分）每低 10 个百分点扣 1 分；不足 10 个百分点不扣."""
    scores = scored(
        tmp_path, "90 80.1 80 71", "{kind: steps, start: 90, below: {each: 10, lose: 1, whole_steps: true}}", full="3"
    )
    # 9.9 below: no whole step → 3; 10 below → 2; 19 below is one step → 2
    assert points(scores) == [n(3), n(3), n(2), n(2)]


def test_a_rise_can_cost(tmp_path: Path) -> None:
    """D56.2 PM10（3 分）每高于目标 1 微克扣 0.5 分，扣完为止；目标 70."""
    scores = scored(tmp_path, "70 72.5 76 50", "{kind: steps, start: 70, above: {each: 1, lose: 0.5}}", full="3")
    # 2.5 above → 3 − 1.25 = 1.75; 6 above → 0; 50 is better than the target → 3
    assert points(scores) == [n(3), n("1.75"), n(0), n(3)]


@pytest.mark.parametrize(
    ("from_start", "expected"),
    # 88 %: 6 points × 0.25 + 2 × 0.5 = 2.5 lost; or, counted from the start, 8 × 0.5 = 4 lost. 90 % is not below 90.
    [("", ["3.75", "3.5", "2.5", "5"]), (", from_start: true", ["3.75", "3.5", "1", "5"])],
    ids=["one after the other", "all at the deeper price"],
)
def test_two_slopes_both_readings(tmp_path: Path, from_start: str, expected: list[str]) -> None:
    """D16.5 安全感低于 96 % 每点扣 0.25，低于 90 % 每点扣 0.5（5 分），原文没说 88 % 怎么算."""
    rule = f"{{kind: steps, start: 96, below: [{{each: 1, lose: 0.25, until: 90}}, {{each: 1, lose: 0.5{from_start}}}]}}"
    scores = scored(tmp_path, "91 90 88 96", rule, full="5")
    # 91: 5 × 0.25 = 1.25 lost → 3.75; 90: 6 × 0.25 = 1.5 → 3.5; 96 → 5
    assert points(scores) == [n(value) for value in expected]


def test_base_below_full_marks_and_points_above(tmp_path: Path) -> None:
    """D53.1 达到预期目标得 80 %，每高（低）一个百分点加（减）0.5 分；单项 10 分，最高 12 分."""
    rule = "{kind: steps, start: 8, points: 80% of full, below: {each: 1, lose: 0.5}, above: {each: 1, gain: 0.5}, most: full}"
    scores = scored(tmp_path, "8 10 20 5.5", rule, full="10")
    # on target 8; 2 above → 9; 12 above → 14, held at 10; 2.5 below → 8 − 1.25 = 6.75
    assert points(scores) == [n(8), n(9), n(10), n("6.75")]


def test_a_floor_at_half_the_points(tmp_path: Path) -> None:
    """D44.3 低于标准按比例扣，最低得一半."""
    scores = scored(
        tmp_path, "100 90 40 0", "{kind: steps, start: 100, below: {each: 10, lose: 2}, least: 50% of full}", full="10"
    )
    # 10 below → 8; 60 below → 10 − 12, floor 5
    assert points(scores) == [n(10), n(8), n(5), n(5)]


def test_the_threshold_can_be_each_unit_s_own_target(tmp_path: Path) -> None:
    """D53.2 网点：完成任务得满分，每多一个加 3 分、每少一个扣 3 分（10 分，最高 16 分）."""
    rule = "{kind: steps, start: aim, points: 10, below: {lose: 3}, above: {gain: 3}, most: 16}"
    table = "unit x aim\n甲县 5 5\n乙县 4 6\n丙县 8 7\n丁县 9 2"
    scores = Tiny(table, item(f"actual: x\nrules: [{rule}]", full="16")).score(tmp_path)
    # 甲 on target 10; 乙 2 short → 4; 丙 1 more → 13; 丁 7 more → 31, held at 16
    assert points(scores) == [n(10), n(4), n(13), n(16)]


def test_a_rate_with_its_own_divisor_stays_exact(tmp_path: Path) -> None:
    """办结率 = 办结 ÷ 应办：1/3 与 90 % 的差按分数计，不先舍入."""
    table = "unit done due\n甲县 1 3\n乙县 13 15\n丙县 0 0"
    body = (
        "value: 100 * done / due\nbase_zero: {then: full_marks}\n"
        "rules: [{kind: steps, start: 90, below: {each: 1, lose: 0.3}}]"
    )
    scores = Tiny(table, item(body, full="20")).score(tmp_path)
    # 甲 33.33…: 56.66… below × 0.3 = 17 exactly → 3.00; 乙 86.66…: 3.33… × 0.3 = 1 → 19.00; 丙 nothing due → 20
    assert points(scores, 3) == [n(3), n(19), n(20)]


def test_a_missing_figure_has_the_range_from_floor_to_top(tmp_path: Path) -> None:
    scores = scored(tmp_path, "_ 90", "{kind: steps, start: 90, below: {each: 1, lose: 1}, least: 5}")
    assert scores.points("甲县") is None
    assert scores.range("甲县") == (n(5), n(20))


def test_the_last_slope_may_end(tmp_path: Path) -> None:
    """每超 1 加 0.1 分，到 110 为止；低的一侧每低 1 扣 1 分，到 96 为止."""
    rule = "{kind: steps, start: 100, points: 5, below: {lose: 1, until: 96}, above: {gain: 0.1, until: 110}}"
    scores = scored(tmp_path, "130 105 50 97", rule, full="10")
    # 130 counts as 110: 5 + 1 = 6; 105: 5.5; 50 counts as 96: 5 − 4 = 1; 97: 2
    assert points(scores) == [n(6), n("5.5"), n(1), n(2)]


def test_in_words(tmp_path: Path) -> None:
    rule = "{kind: steps, start: 96, below: [{each: 1, lose: 0.25, until: 90}, {each: 2, lose: 1, whole_steps: true}]}"
    scores = Tiny("unit x:decimal1\n甲县 96", item(f"actual: x\nmeasured_in: '%'\nrules: [{rule}]", full="5")).score(tmp_path)
    assert scores.project.rubric is not None
    (one,) = placed(scores.project.rubric, "all")
    assert one.words == (
        "x达到 96% 得 5 分，每低 1 个百分点扣 0.25 分（按比例计）；低于 90% 的部分，"
            "每低 2 个百分点扣 1 分（不足 2 个百分点的不计），扣完为止"
    )


# --- several rules from the same full marks ---------------------------------------------------------------


def both(tmp_path: Path, rules: str, table: str, full: str = "10") -> Scores:
    return Tiny(table, item(f"rules:\n{rules}", full=full)).score(tmp_path)


def test_two_figures_take_from_the_same_full_marks(tmp_path: Path) -> None:
    """D46.4 结案率低于 100 % 每点扣 0.5，按期率低于 95 % 每点扣 0.5，从同一个 10 分里扣."""
    rules = (
        "  - {kind: steps, of: closed, start: 100, below: {lose: 0.5}}\n"
        "  - {kind: steps, of: on_time, start: 95, below: {lose: 0.5}}\n"
    )
    table = "unit closed on_time\n甲县 100 97\n乙县 96 95\n丙县 95 90\n丁县 70 95"
    scores = both(tmp_path, rules, table)
    # 甲 nothing short; 乙 4 × 0.5 = 2 → 8; 丙 5 × 0.5 + 5 × 0.5 = 5 → 5; 丁 30 × 0.5 = 15, floor 0
    assert points(scores) == [n(10), n(8), n(5), n(0)]
    assert scores.project.rubric is not None
    (one,) = placed(scores.project.rubric, "all")
    assert one.words == (
        "closed低于 100 的，每低 1 扣 0.5 分，扣完为止；on_time低于 95 的，每低 1 扣 0.5 分，扣完为止"
    )


def test_the_range_while_one_of_two_figures_is_missing(tmp_path: Path) -> None:
    rules = (
        "  - {kind: steps, of: closed, start: 100, below: {lose: 0.5}}\n"
        "  - {kind: steps, of: on_time, start: 95, below: {lose: 0.5}}\n"
    )
    scores = both(tmp_path, rules, "unit closed on_time\n甲县 96 _\n乙县 _ _")
    # 2 are lost for certain, the other figure may take all or nothing
    assert scores.range("甲县") == (n(0), n(8))
    assert scores.range("乙县") == (n(0), n(10))


def test_steps_and_deductions_from_the_same_full_marks(tmp_path: Path) -> None:
    rules = (
        "  - {kind: deductions, parts: [{measure: faults, each: 2}]}\n"
        "  - {kind: steps, of: rate, start: 90, below: {lose: 0.1}, above: {gain: 0.1}, most: full}\n"
    )
    table = "unit faults rate\n甲县 0 90\n乙县 1 80\n丙县 2 100\n丁县 1 90"
    scores = both(tmp_path, rules, table)
    # 乙 10 − 2 − 1 = 7; 丙 10 − 4, and 1 more for 10 points above would pass full marks in this rule: no gain → 6; 丁 8
    assert points(scores) == [n(10), n(7), n(6), n(8)]


def test_steps_with_points_of_their_own_are_added(tmp_path: Path) -> None:
    """`points` written: nothing is shared, as before."""
    rules = (
        "  - {kind: steps, of: a, start: 90, points: 6, below: {lose: 1}}\n"
        "  - {kind: steps, of: b, start: 90, points: 4, below: {lose: 1}}\n"
    )
    scores = both(tmp_path, rules, "unit a b\n甲县 90 90\n乙县 88 89\n丙县 80 90\n丁县 90 0")
    # 6 + 4; 4 + 3; 0 + 4; 6 + 0
    assert points(scores) == [n(10), n(7), n(4), n(6)]


# --- losses that land elsewhere ---------------------------------------------------------------------------


def landed(tmp_path: Path, lands_on: str, more: str = "") -> Scores:
    """A rate that costs 1 for each point below 90, of an item of 5 beside one of 20 in the same section."""
    rule = f"{{kind: steps, of: rate, start: 90, lands_on: {lands_on}, below: {{each: 1, lose: 1}}{more}}}"
    items = item(f"rules: [{rule}]", full="5") + item("rules: [{kind: formula, points: rest}]", "y", full="20")
    table = "unit rate rest\n甲县 90 20\n乙县 82 20\n丙县 60 20\n丁县 _ 20"
    return Tiny(table, items).score(tmp_path)


def test_steps_can_take_from_the_total(tmp_path: Path) -> None:
    """The item keeps its points, and the loss does not end with them."""
    scores = landed(tmp_path, "total")
    assert points(scores, 3) == [n(5), n(5), n(5)]
    # 8 and 30 below: 25 − 8 = 17; 25 − 30, the total's floor 0
    assert [scores.total(unit)["total"] for unit in UNITS[:3]] == [n(25), n(17), n(0)]
    assert [row["points"] for row in scores.landings("乙县")] == [n(-8)]
    assert scores.project.rubric is not None
    one = placed(scores.project.rubric, "all")[0]
    assert one.words == "rate低于 90 的，每低 1 扣 1 分，从总分中扣减"


def test_steps_can_take_from_their_section(tmp_path: Path) -> None:
    scores = landed(tmp_path, "section", ", least: 1")
    # 8 below, but the loss ends where the item would have 1 left: 4 off the section
    assert [scores.node(unit, "part")["points"] for unit in UNITS[:3]] == [n(25), n(21), n(21)]
    assert scores.project.rubric is not None
    one = placed(scores.project.rubric, "all")[0]
    assert one.words == "rate低于 90 的，每低 1 扣 1 分，最多扣 4 分，从所在一级指标中扣减"


def test_a_missing_figure_leaves_its_landing_open(tmp_path: Path) -> None:
    scores = landed(tmp_path, "total")
    (row,) = scores.landings("丁县")
    assert (row["points_low"], row["points_high"]) == (None, n(0))


# --- places ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            "{kind: steps, of: place(x), start: 1, above: {lose: 2}}",
            "按x在本组的名次，第 1 名得 20 分，每低一个名次扣 2 分，扣完为止",
        ),
        (
            "{kind: steps, of: place(x), start: 3, above: [{each: 2, lose: 1, until: 9}, {lose: 1}]}",
            "按x在本组的名次，前 3 名得 20 分，每低 2 个名次扣 1 分（按比例计）；第 9 名之后的部分，每低一个名次扣 1 分，扣完为止",
        ),
        (
            "{kind: steps, of: place_from_last(x), start: 1, points: 0, above: {gain: 1}}",
            "x排在本组倒数第 1 名之前的，每高一个名次加 1 分，最高得 20 分",
        ),
    ],
)
def test_a_lower_place_is_a_larger_number(tmp_path: Path, rule: str, words: str) -> None:
    scores = scored(tmp_path, "4 3 2 1", rule)
    assert scores.project.rubric is not None
    (one,) = placed(scores.project.rubric, "all")
    assert one.words == words

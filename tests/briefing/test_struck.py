"""一票否决, penalties, items of one problem, the costliest common problem: by hand arithmetic in comments, and again by plain SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.engine import Assessment
from scoring.insight.briefing import achievements, candidates, lacks, next_steps, problems, vetoed
from tests.briefing.test_sentences import of_rule, texts
from tests.briefing.years import TWO_AWARDS, one_year, scored, written
from tests.tiny import item, n

LIMIT = "- {kind: veto, code: v, title: 造假, clause: 第三条, when: c > 0, effect: {score_at_most: 5, grade: 一般}}\n"
LOSS = "- {kind: veto, code: w, title: 事故, clause: 第四条, when: d > 0, effect: {lose: 3}}\n"
PENALTY = "- {kind: penalty, code: p, title: 通报批评, clause: 第八条, parts: [{measure: d, each: 1}]}\n"


def first(result: Assessment) -> tuple[str, str]:
    """The first 不足 and the first 下一步, which both agree with plain SQL."""
    return texts(lacks, result)[0], texts(next_steps, result)[0]


def test_without_a_veto_none_is_told(tmp_path: Path) -> None:
    result = one_year(tmp_path, "unit a b c\n甲县 9 9 0\n乙县 8 7 0\n", TWO_AWARDS, adjustments=LIMIT)
    assert of_rule(result, "vetoed") == of_rule(result, "vetoed_step") == []
    assert vetoed(result, "all") == {}
    assert "没有单位因第三条被一票否决。" in texts(achievements, result)


def test_a_veto_stands_first_with_what_it_took(tmp_path: Path) -> None:
    """甲 9 + 9 = 18, at most 5: 13 less."""
    result = one_year(tmp_path, "unit a b c\n甲县 9 9 1\n乙县 8 3 0\n", TWO_AWARDS, adjustments=LIMIT)
    assert first(result) == (
        "甲县因“造假”（第三条）被一票否决（总分不超过 5 分，等次定为一般），总分因此减少 13.00 分。",
        "请甲县就“造假”（第三条）整改到位、举一反三。",
    )
    assert texts(lacks, result)[1].startswith("“信息不够”涉及 1 个单位")
    assert {unit: one.lost for unit, one in vetoed(result, "all").items()} == {"c1": n(13)}


def test_a_veto_that_takes_nothing_is_told_without_points(tmp_path: Path) -> None:
    """甲 2 + 1 = 3, which is less than 5 anyway."""
    result = one_year(tmp_path, "unit a b c\n甲县 2 1 1\n乙县 8 7 0\n", TWO_AWARDS, adjustments=LIMIT)
    assert first(result)[0] == "甲县因“造假”（第三条）被一票否决（总分不超过 5 分，等次定为一般）。"


@pytest.mark.parametrize("b, told, total", [("1", "，总分暂缺", None), ("7", "", n(5))])
def test_a_veto_of_a_unit_whose_figure_is_not_there(tmp_path: Path, b: str, told: str, total: object) -> None:
    """乙 has not reported a: 1 + 0 to 10 is 1 to 5 with the limit, which is open; 7 + 0 to 10 is 5 anyhow, of which it is not
    known how much the veto took."""
    result = one_year(tmp_path, f"unit a b c\n甲县 9 9 0\n乙县 _ {b} 1\n", TWO_AWARDS, adjustments=LIMIT)
    assert first(result) == (
        f"乙县因“造假”（第三条）被一票否决（总分不超过 5 分，等次定为一般）{told}。",
        "请乙县就“造假”（第三条）整改到位、举一反三。",
    )
    row = result.one("ranking", unit="c2")
    assert row is not None and row["total"] == total


def test_a_veto_that_may_hold_is_not_told_as_one_that_does(tmp_path: Path) -> None:
    result = one_year(tmp_path, "unit a b c\n甲县 9 9 0\n乙县 8 7 _\n", TWO_AWARDS, adjustments=LIMIT)
    assert vetoed(result, "all") == {} and of_rule(result, "vetoed") == []


def test_two_vetoes_of_one_unit_and_one_of_another(tmp_path: Path) -> None:
    """甲 18 − 3 = 15, at most 5: 13 less in all. 乙 8 + 7 − 3 = 12."""
    result = one_year(tmp_path, "unit a b c d\n甲县 9 9 1 1\n乙县 8 7 0 1\n丙县 8 8 0 0\n", TWO_AWARDS, adjustments=LIMIT + LOSS)
    assert first(result) == (
        "甲县因“造假”（第三条）、“事故”（第四条）被一票否决（总分不超过 5 分，等次定为一般，总分扣 3 分），总分因此减少 13.00 分；"
        "乙县因“事故”（第四条）被一票否决（总分扣 3 分），总分因此减少 3.00 分。",
        "请甲县就“造假”（第三条）、“事故”（第四条）整改到位、举一反三；乙县就“事故”（第四条）整改到位、举一反三。",
    )
    assert lacks(result, "all")[0].short == "2 个单位被一票否决"


def test_of_four_vetoed_three_are_named(tmp_path: Path) -> None:
    table = "unit a b d\n甲县 9 9 1\n乙县 8 8 1\n丙县 7 7 1\n丁县 6 6 1\n"
    told, step = first(one_year(tmp_path, table, TWO_AWARDS, adjustments=LOSS))
    assert told.endswith("；被一票否决的共 4 个单位。") and "丁县" not in told
    assert step.endswith("；被一票否决的 4 个单位都要整改。")


def test_nobody_looks_for_the_reason_of_a_veto(tmp_path: Path) -> None:
    """甲 18 → 5 by the veto, 乙 18 → 16: the reason is asked of 乙; the ends were 18 and 18, now 16 and 5."""
    then, now = "unit a b c\n甲县 9 9 0\n乙县 9 9 0\n", "unit a b c\n甲县 9 9 1\n乙县 8 8 0\n"
    result = scored(written(tmp_path, then, now, adjustments=LIMIT))
    assert texts(next_steps, result) == [
        "请甲县就“造假”（第三条）整改到位、举一反三。",
        "请总分比上年低的 2 个单位中未因一票否决减分的 1 个逐项查找原因，先抓乙县（低 2.00 分）。",
        "请总分最低的甲县先整改“造假”（第三条）（一票否决减 13.00 分）。",
    ]


def test_where_all_that_fell_were_vetoed_that_is_the_reason(tmp_path: Path) -> None:
    then, now = "unit a b c\n甲县 9 9 0\n乙县 9 9 0\n", "unit a b c\n甲县 9 9 1\n乙县 9 9 0\n"
    result = scored(written(tmp_path, then, now, adjustments=LIMIT))
    assert texts(next_steps, result)[1] == "请总分比上年低的甲县（减 13.00 分）先整改一票否决事项。"


def test_without_a_veto_the_penalty_that_costs_a_place_is_told(tmp_path: Path) -> None:
    """甲 15; 乙 16 − 2 = 14, which is 1 less; 丙 10 − 2 = 8 would stand behind 乙 without it too."""
    table = "unit a b c d\n甲县 8 7 0 0\n乙县 8 8 0 2\n丙县 5 5 0 2\n"
    result = one_year(tmp_path, table, TWO_AWARDS, adjustments=PENALTY + LIMIT)
    assert first(result) == (
        "乙县因“通报批评”（第八条）扣 2.00 分，比前一名少 1.00 分。",
        "请乙县就“通报批评”（第八条）所扣的 2.00 分查明原因、完成整改。",
    )
    other = one_year(tmp_path / "veto", table.replace("丙县 5 5 0", "丙县 5 5 1"), TWO_AWARDS, adjustments=PENALTY + LIMIT)
    assert first(other)[0].startswith("丙县因“造假”") and of_rule(other, "penalty") == []
    small = one_year(tmp_path / "small", "unit a b c d\n甲县 9 9 0 0\n乙县 8 8 0 1\n", TWO_AWARDS, adjustments=PENALTY + LIMIT)
    assert of_rule(small, "penalty") == [], "15 to 18: 3 are lacking, 1 was taken"


# --- several items of one problem ---------------------------------------------------------------------------


def late(code: str, thing: str = "次", more: str = "") -> str:
    measure = {"x": "a", "y": "b"}[code]
    return item(
        f"{more}rules: [{{kind: awards, parts: [{{measure: {measure}, each: 1}}], cap: full}}]\n"
        f"flag: {{when: {measure} < 5, label: 迟报, gap: 5 - {measure}, gap_unit: {thing}}}\n", code,
    )  # fmt: skip


def test_items_that_count_the_same_thing_are_added_up(tmp_path: Path) -> None:
    """甲 2 + 1 = 3, 乙 2, 丙 4 + 3 = 7: 12 次 in every place."""
    table = "unit a b\n甲县 3 4\n乙县 3 5\n丙县 1 2\n丁县 5 5\n"
    result = one_year(tmp_path, table, late("x") + late("y"))
    (one,) = problems(result, "all")
    assert {unit: cell.gap_words for unit, cell in one.cells.items()} == {"c1": "差 3 次", "c2": "差 2 次", "c3": "差 7 次"}
    assert one.total == (12, "次")
    assert texts(lacks, result)[0] == "“迟报”涉及 3 个单位（适用的共 4 个）：甲县、乙县、丙县，合计差 12 次，丙县差得最多（7 次）。"
    assert texts(next_steps, result)[0] == "请甲县、乙县、丙县把“迟报”纳入整改，合计差 12 次，先抓丙县（7 次）。"


def test_items_that_count_different_things_are_not(tmp_path: Path) -> None:
    """x lacks 2, 2 and 4 次 of three units, y 1 and 3 条 of two."""
    result = one_year(tmp_path, "unit a b\n甲县 3 4\n乙县 3 5\n丙县 1 2\n丁县 5 5\n", late("x") + late("y", "条"))
    (one,) = problems(result, "all")
    assert {unit: cell.gap_words for unit, cell in one.cells.items()} == {"c1": "2 项", "c2": "差 2 次", "c3": "2 项"}
    assert one.total is None
    assert texts(lacks, result)[0].endswith("，其中指标x涉及 3 个单位、合计差 8 次，丙县差得最多（4 次）。")


def test_an_item_that_was_not_reported_is_told_with_the_sum(tmp_path: Path) -> None:
    """甲 has not reported a, which gives no points, and lacks 1 of b; 乙 lacks 2 of a."""
    result = one_year(tmp_path, "unit a b\n甲县 _ 4\n乙县 3 5\n丙县 5 5\n", late("x", more="missing: no_points\n") + late("y"))
    (one,) = problems(result, "all")
    assert {unit: cell.gap_words for unit, cell in one.cells.items()} == {"c1": "差 1 次等 2 项", "c2": "差 2 次"}
    assert one.total == (3, "次")
    assert "已报的合计差 3 次" in texts(lacks, result)[0]


# --- the costliest common problem ---------------------------------------------------------------------------


def test_the_costliest_common_problem_is_told_beside_that_of_most_units(tmp_path: Path) -> None:
    """y: four have 4 of 10, 24 lost; x: three have 1 of 10, 27 lost, fewer than 5 is 大事."""
    flagged = item("rules: [{kind: awards, parts: [{measure: a, each: 1}], cap: full}]\nflag: {when: a < 5, label: 大事}", "x")
    both = flagged + late("y")
    result = one_year(tmp_path, "unit a b\n甲县 1 4\n乙县 1 4\n丙县 1 4\n丁县 10 4\n", both)
    told = texts(lacks, result)[0]
    assert told == "“迟报”涉及 4 个单位（适用的共 4 个），合计差 4 次。共性问题中失分最多的是“大事”，3 个单位合计失 27.00 分。"
    less = one_year(tmp_path / "less", "unit a b\n甲县 4 4\n乙县 1 4\n丙县 1 4\n丁县 10 4\n", both)
    assert "失分最多的是" not in texts(lacks, less)[0], "6 + 9 + 9 = 24 is no more"
    few = one_year(tmp_path / "few", "unit a b\n甲县 0 4\n乙县 0 9\n丙县 9 4\n丁县 10 9\n", both)
    assert "共性问题" not in "".join(one.text for one in candidates(few, "all")), "two units make nothing common"

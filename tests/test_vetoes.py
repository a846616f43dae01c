"""What a veto may do, one effect each: published clauses, totals and grades reckoned by hand in the comment.

Every example has the same four units: 甲 92, 乙 85, 丙 70, 丁 40 by their entered scores. The veto holds for 甲 only,
except where the comment says otherwise; so each effect differs from its neighbours' results.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import Scores, Tiny, item, n

UNITS = ("甲县", "乙县", "丙县", "丁县")
TABLE = "unit score events\n甲县 92 1\n乙县 85 0\n丙县 70 0\n丁县 40 0"
GRADES = "[{title: 优秀, at_least: 90}, {title: 良好, at_least: 80}, {title: 合格, at_least: 60}, {title: 不合格}]"


def scored(tmp_path: Path, effect: str, table: str = TABLE, when: str = "events > 0", grades: str = GRADES) -> Scores:
    veto = f"[{{kind: veto, code: v, title: 否决, clause: 第九条, when: {when}, effect: {effect}}}]"
    body = item("rules: [{kind: judged, measure: score}]", full="100")
    return Tiny(table, body, adjustments=veto, grades=grades).score(tmp_path)


def result(scores: Scores, unit: str = "甲县") -> tuple[Decimal | None, str | None, int | None]:
    row = scores.place(unit)
    return row["total"], row["grade"], row["place"]


EFFECTS: dict[str, tuple[str, tuple[Any, Any, Any]]] = {
    # D16.1: 30 points off the total: 92 − 30 = 62, 合格, behind 乙 and 丙
    "lose": ("{lose: 30}", (n(62), "合格", 3)),
    # D60.3: 按 59 分计
    "score": ("{score: 59}", (n(59), "不合格", 3)),
    # 不得高于 75: still above 丙
    "score_at_most": ("{score_at_most: 75}", (n(75), "合格", 2)),
    # D63.2: the grade is the lowest, the score stays and so does the place
    "grade": ("{grade: 不合格}", (n(92), "不合格", 1)),
    # D14.6: one grade lower, the score stays
    "grade_down": ("{grade_down: 1}", (n(92), "良好", 1)),
    # D82.2: one grade lower, five points off, not above the top of the lower grade (89.99)
    "grade_down_within": ("{grade_down: 1, within_grade: true, lose: 5}", (n(87), "良好", 1)),
    # D59.1: nothing is scored any more
    "stop": ("{stop: true}", (None, "不合格", None)),
    # scored, not ranked
    "unranked": ("{unranked: true}", (n(92), "优秀", None)),
    # D14.5, D68.3: no commendation, nothing else
    "no_awards": ("{no_awards: true}", (n(92), "优秀", 1)),
}


@pytest.mark.parametrize("name", EFFECTS)
def test_effect(tmp_path: Path, name: str) -> None:
    effect, expected = EFFECTS[name]
    scores = scored(tmp_path, effect)
    assert result(scores) == expected
    assert result(scores, "乙县")[:2] == (n(85), "良好"), "nobody else is touched"
    assert scores.place("甲县")["no_awards"] is (name == "no_awards")


def test_no_two_effects_give_the_same(tmp_path: Path) -> None:
    found = {}
    for name, (effect, _) in EFFECTS.items():
        scores = scored(tmp_path / name, effect)
        found[name] = (*result(scores), scores.place("甲县")["no_awards"])
    assert len(set(found.values())) == len(EFFECTS), found


def test_a_unit_out_of_the_ranking_leaves_its_place_free(tmp_path: Path) -> None:
    for effect in ("{unranked: true}", "{stop: true}"):
        scores = scored(tmp_path / effect.strip("{}").split(":")[0], effect)
        assert [scores.place(unit)["place"] for unit in UNITS] == [None, 1, 2, 3]
        assert scores.place("乙县")["provisional"] is False
        assert (scores.place("乙县")["best_place"], scores.place("乙县")["worst_place"]) == (1, 1)


@pytest.mark.parametrize(
    ("effect", "low", "high"),
    [
        ("{lose: 30}", "62", "92"),
        ("{score: 59}", "59", "92"),
        ("{score_at_most: 75}", "75", "92"),
        ("{grade_down: 1, within_grade: true}", "89.99", "92"),
    ],
)
def test_a_veto_that_may_hold_is_a_range(tmp_path: Path, effect: str, low: str, high: str) -> None:
    scores = scored(tmp_path, effect, TABLE.replace("甲县 92 1", "甲县 92 _"))
    row = scores.place("甲县")
    assert (row["total"], row["total_low"], row["total_high"]) == (None, n(low), n(high))
    assert row["grade"] is None and row["place"] is None


def test_a_forced_score_can_be_above_what_was_earned(tmp_path: Path) -> None:
    """按 59 分计 is 59, also for who earned 40; and who may be hit has a range upwards."""
    table = TABLE.replace("丁县 40 0", "丁县 40 1")
    assert result(scored(tmp_path / "a", "{score: 59}", table), "丁县") == (n(59), "不合格", 3)
    open_one = scored(tmp_path / "b", "{score: 59}", TABLE.replace("丁县 40 0", "丁县 40 _")).place("丁县")
    assert (open_one["total_low"], open_one["total_high"]) == (n(40), n(59))


def test_a_veto_on_awards_alone_leaves_nothing_open(tmp_path: Path) -> None:
    scores = scored(tmp_path, "{no_awards: true}", TABLE.replace("甲县 92 1", "甲县 92 _"))
    assert result(scores) == (n(92), "优秀", 1)


def test_points_lost_do_not_go_below_the_rubric_s_floor(tmp_path: Path) -> None:
    scores = scored(tmp_path, "{lose: 60}", TABLE.replace("丁县 40 0", "丁县 40 1"))
    assert result(scores, "丁县")[0] == n(0)


def test_items_landings_and_adjustments_still_add_up(tmp_path: Path) -> None:
    scores = scored(tmp_path, "{lose: 30}")
    (row,) = scores.assessment.rows("adjustment", unit="c1")
    assert (row["kind"], row["points"]) == ("veto", n(-30))


# --- grades with side conditions, quotas by number -----------------------------------------------------


def test_a_grade_with_a_side_condition(tmp_path: Path) -> None:
    """D82.1 一级：90 分以上且没有事故；够分而不够条件的，落到够条件的下一级."""
    grades = GRADES.replace("{title: 优秀, at_least: 90}", "{title: 优秀, at_least: 90, only_if: events = 0}")
    table = "unit score events\n甲县 92 1\n乙县 95 0\n丙县 91 _\n丁县 85 _"
    scores = Tiny(table, item("rules: [{kind: judged, measure: score}]", full="100"), grades=grades).score(tmp_path)
    # 丙's condition is open, so its grade is too; 丁 has not the points for it, so nothing is open
    assert [scores.place(unit)["grade"] for unit in UNITS] == ["良好", "优秀", None, "良好"]


def test_a_quota_by_number(tmp_path: Path) -> None:
    """D66 前四名中取优秀：这里前两名."""
    grades = GRADES.replace("{title: 优秀, at_least: 90}", "{title: 优秀, at_least: 60, quota: {units: 2}}").replace("80", "50").replace("at_least: 60}", "at_least: 45}")
    scores = Tiny("unit score\n甲县 92\n乙县 85\n丙县 70\n丁县 40", item("rules: [{kind: judged, measure: score}]", full="100"), grades=grades).score(tmp_path)  # fmt: skip
    assert [scores.place(unit)["grade"] for unit in UNITS] == ["优秀", "优秀", "良好", "不合格"]


# --- an event that empties an item, or leaves part of it ------------------------------------------------


def voided(tmp_path: Path, table: str, void: str, full: str = "10") -> Scores:
    body = f"void: {void}\nrules: [{{kind: deductions, parts: [{{measure: faults, each: 2}}]}}]"
    return Tiny(table, item(body, full=full)).score(tmp_path)


def test_an_event_empties_the_item(tmp_path: Path) -> None:
    """D02.3 发生严重事件的，本指标为 0 分；其余失误每起扣 2 分."""
    scores = voided(tmp_path, "unit faults events\n甲县 1 0\n乙县 1 1\n丙县 _ 2\n丁县 1 _", "{when: events > 0, reason: 严重事件}")
    # 甲 10 − 2; 乙 0; 丙 0 although its faults are not reported; 丁 0 or 8
    assert [scores.points(unit) for unit in UNITS] == [n(8), n(0), n(0), None]
    assert scores.range("丁县") == (n(0), n(8))


def test_an_event_costs_a_fixed_loss_and_ends_the_reckoning(tmp_path: Path) -> None:
    """D84.1 扣 10 分，其余不再计（15 分的项，剩 5 分）."""
    scores = voided(tmp_path, "unit faults events\n甲县 6 0\n乙县 6 1\n丙县 1 1", "{when: events > 0, leaves: 5, reason: 事故}", "15")
    # 甲 15 − 12 = 3; 乙 and 丙 have 5 left, whatever else they did
    assert [scores.points(unit) for unit in UNITS[:3]] == [n(3), n(5), n(5)]


def test_the_parts_of_an_emptied_item_add_up(tmp_path: Path) -> None:
    scores = voided(tmp_path, "unit faults events\n甲县 1 1", "{when: events > 0, leaves: 3, reason: 事故}")
    parts = scores.assessment.rows("rule_part", unit="c1")
    # 10 − 2 (faults) − 5 (the event) = 3
    assert sum((row["points"] for row in parts), start=n(10)) == n(3) == scores.points("甲县")

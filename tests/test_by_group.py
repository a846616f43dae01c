"""Limits, starts, corners and grade lines by group: worked examples, reckoned by hand in the comment."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.engine.placed import placed
from scoring.rubric.words import grades
from tests.tiny import Scores, Tiny, item, n

GROUPS = (
    "{county: {title: 县区, units: {kinds: [county]}, full_marks: 100}, "
    "office: {title: 成员单位, units: {kinds: [department]}, full_marks: 100}}"
)
UNITS = """\
- {code: c1, title: 甲县, kind: county}
- {code: c2, title: 乙县, kind: county}
- {code: d1, title: 丙局, kind: department}
- {code: d2, title: 丁局, kind: department}
"""
ALL = ("甲县", "乙县", "丙局", "丁局")


def scored(tmp_path: Path, figures: str, rule: str, grades: str = "[]", full: str = "10") -> Scores:
    """Two counties and two offices with one figure each (one decimal), scored by one rule."""
    rows = "\n".join(f"{unit} {figure}" for unit, figure in zip(ALL, figures.split(), strict=True))
    body = f"actual: x\nmeasured_in: '%'\nrules: [{rule}]"
    return Tiny(
        f"unit x:decimal1\n{rows}", item(body, full=full), groups=GROUPS, register=UNITS, grades=grades
    ).score(tmp_path)  # fmt: skip


def points(scores: Scores) -> list[object]:
    return [scores.points(unit) for unit in ALL]


def words(scores: Scores) -> list[str]:
    assert scores.project.rubric is not None
    return [one.words for group in ("county", "office") for one in placed(scores.project.rubric, group)]


def test_limits_of_bands(tmp_path: Path) -> None:
    rule = "{kind: bands, bands: [{at_least: {county: 90, office: 80}, points: full}, {at_least: 70, points: 6}, {points: 0}]}"
    scores = scored(tmp_path, "85 90 85 79.9", rule)
    # counties have full marks from 90, offices from 80: 85 is the second band of a county and the first of an office
    assert points(scores) == [n(6), n(10), n(10), n(6)]
    assert words(scores) == [
        "x不低于 90% 得 10 分，不低于 70% 得 6 分，其余不得分",
        "x不低于 80% 得 10 分，不低于 70% 得 6 分，其余不得分",
    ]


def test_corners_of_lines(tmp_path: Path) -> None:
    rule = "{kind: piecewise, straight: [[{county: 50, office: 60}, 0], [100, {county: full, office: 8}]], below: 0}"
    scores = scored(tmp_path, "80 50 80 100", rule)
    # county 80: 30 of 50 on the way → 6; 50 → 0; office 80: 20 of 40 → half of 8 = 4; 100 → 8
    assert points(scores) == [n(6), n(0), n(4), n(8)]


def test_starts_and_slopes_of_steps(tmp_path: Path) -> None:
    rule = (
        "{kind: steps, start: {county: 80, office: 90}, below: [{each: {county: 2, office: 1}, lose: 0.5, "
        "until: {county: 70, office: 85}}, {each: 1, lose: 1}]}"
    )
    scores = scored(tmp_path, "75 68 86 84", rule)
    # county 75: 5 below, 2.5 steps × 0.5 → 8.75; 68: 5 steps × 0.5 to 70, then 2 × 1 → 10 − 2.5 − 2 = 5.5
    # office 86: 4 below × 0.5 → 8; 84: 5 × 0.5 to 85, then 1 × 1 → 6.5
    assert points(scores) == [n("8.75"), n("5.5"), n(8), n("6.5")]
    assert words(scores)[1] == (
        "x达到 90% 得 10 分，每低 1 个百分点扣 0.5 分（按比例计）；低于 85% 的部分，每低 1 个百分点扣 1 分（按比例计），扣完为止"
    )


def test_a_start_may_be_a_formula_in_one_group(tmp_path: Path) -> None:
    table = "unit x aim\n甲县 8 10\n乙县 12 10\n丙局 8 10\n丁局 5 10"
    rule = "{kind: steps, start: {county: aim, office: 7}, below: {each: 1, lose: 1}}"
    tiny = Tiny(table, item(f"actual: x\nrules: [{rule}]"), groups=GROUPS, register=UNITS)
    # counties against their own task of 10: 2 short → 8, reached → 10; offices against 7: reached → 10, 2 short → 8
    assert points(tiny.score(tmp_path)) == [n(8), n(10), n(10), n(8)]


LINES = "[{title: 优秀, at_least: {county: 90, office: 85}}, {title: 合格, at_least: 60}, {title: 不合格}]"


def test_grade_lines(tmp_path: Path) -> None:
    rule = "{kind: formula, points: x}"
    scores = scored(tmp_path, "87 90 87 84.9", rule, grades=LINES, full="100")
    assert [scores.place(unit)["grade"] for unit in ALL] == ["合格", "优秀", "优秀", "合格"]
    assert scores.project.rubric is not None
    assert grades(scores.project.rubric) == "县区 90 分、成员单位 85 分以上优秀；60 分以上合格；其余不合格"


def test_a_grade_lowered_keeps_the_score_below_the_line_of_its_group(tmp_path: Path) -> None:
    """D82.2 得分不高于降低后那一级的上限, with a line for each group."""
    veto = "[{kind: veto, code: dead, title: 死亡, clause: 二, when: dead > 0, effect: {grade_down: 1, within_grade: true}}]"
    table = "unit x dead\n甲县 95 1\n乙县 95 0\n丙局 95 1\n丁局 84 1"
    body = item("rules: [{kind: formula, points: x}]", full="100")
    scores = Tiny(table, body, groups=GROUPS, register=UNITS, grades=LINES, adjustments=veto).score(tmp_path)
    # 甲 优秀 → 合格, at most 89.99; 丙 优秀 → 合格, at most 84.99; 丁 合格 → 不合格, at most 59.99
    assert [scores.place(unit)["total"] for unit in ALL] == [n("89.99"), n(95), n("84.99"), n("59.99")]
    assert [scores.place(unit)["grade"] for unit in ALL] == ["合格", "优秀", "合格", "不合格"]


@pytest.mark.parametrize("written", ["{county: 12, office: 11}", "{county: 120% of full, office: 110% of full}"])
def test_the_most_of_an_item(tmp_path: Path, written: str) -> None:
    body = f"actual: x\nat_most: {written}\nrules: [{{kind: formula, points: x}}]"
    table = "unit x\n甲县 13\n乙县 12\n丙局 13\n丁局 10"
    scores = Tiny(table, item(body), groups=GROUPS, register=UNITS).score(tmp_path)
    assert points(scores) == [n(12), n(12), n(11), n(10)]

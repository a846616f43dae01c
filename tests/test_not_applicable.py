"""The answers to "this unit does not have this item", one each, so that no two give the same (rule-patterns, NA)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scoring.rubric import words
from tests.tiny import Scores, Tiny, n

UNITS = ("甲县", "乙县", "丙县")
# Item a (40) does not apply to 丙; b (40) and c (20) are shares of their full marks: 甲 all, 乙 half, 丙 90 % and 50 %.
TABLE = "unit a b c\n甲县 40 100 100\n乙县 20 50 50\n丙县 / 90 50"
SHARE = "rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]"


def scored(tmp_path: Path, then: str, table: str = TABLE) -> Scores:
    sections = f"""
        - code: part
          title: 一
          indicators:
            - code: a
              title: 甲项
              clause: 第一条
              full_marks: 40
              not_applicable: {{then: {then}, reason: 没有这项职责}}
              rules: [{{kind: judged, measure: a}}]
            - {{code: b, title: 乙项, clause: 第二条, full_marks: 40, actual: b, {SHARE}}}
            - {{code: c, title: 丙项, clause: 第三条, full_marks: 20, actual: c, {SHARE}}}
    """
    return Tiny(table, sections=sections).score(tmp_path)


ANSWERS = {
    # 丙 has 36 of 40 and 10 of 20. D59.5: 46 of 60, put on 100: 76.666…
    "rescale": n("76.67"),
    # D60.2: the 40 go half to each: 90 % of 60 and 50 % of 40 are 54 + 20
    "spread": n(74),
    # D48.7: 40 + 46
    "full_marks": n(86),
    # D53.3: 0 + 46
    "no_points": n(46),
    # D23.2: the average of 甲 and 乙 is 30: 30 + 46
    "average": n(76),
    # D55.2: 60 % of 40 is 24: 24 + 46
    "{share: 60%}": n(70),
}


@pytest.mark.parametrize("then", ANSWERS)
def test_each_answer(tmp_path: Path, then: str) -> None:
    scores = scored(tmp_path, then)
    assert scores.total("丙县")["total"] == ANSWERS[then]
    assert [scores.total(unit)["total"] for unit in UNITS[:2]] == [n(100), n(50)]
    assert scores.state("丙县", "a") == "not_applicable"


def test_no_two_answers_give_the_same() -> None:
    assert len(set(ANSWERS.values())) == len(ANSWERS)


def test_the_average_is_rounded_like_a_point(tmp_path: Path) -> None:
    table = "unit a b c\n甲县 40 100 100\n乙县 20 50 50\n丁县 5 0 0\n丙县 / 90 50"
    scores = scored(tmp_path, "average", table)
    # 65 / 3 = 21.666… → 21.67
    assert scores.points("丙县", "a") == n("21.67")


def test_who_has_not_reported_is_no_part_of_the_average(tmp_path: Path) -> None:
    scores = scored(tmp_path, "average", TABLE.replace("乙县 20", "乙县 _"))
    assert scores.points("丙县", "a") == n(40)
    assert scores.points("乙县", "a") is None, "missing is not 不适用"


def test_an_average_of_nobody_is_open(tmp_path: Path) -> None:
    scores = scored(tmp_path, "average", "unit a b c\n丙县 / 90 50\n甲县 / 100 100")
    assert scores.points("丙县", "a") is None
    assert scores.range("丙县", "a") == (Decimal(0), n(40))


@pytest.mark.parametrize("then", ANSWERS)
def test_each_answer_can_be_told(then: str) -> None:
    """`diff` and the pages say each of them in Chinese."""
    written = Decimal("0.6") if then.startswith("{") else then
    assert words.then(written).endswith(("折算", "分", "计", "其他各项"))


SPREAD = """
    - code: part
      title: 一
      indicators:
        - code: a
          title: 甲项
          clause: 第一条
          full_marks: 40
          not_applicable: {when: a = 99, then: spread, reason: 没有这项职责}
          rules: [{kind: judged, measure: a}]
        - code: d
          title: 丁项
          clause: 第四条
          full_marks: 10
          not_applicable: {when: d = 99, then: spread, reason: 没有这项职责}
          rules: [{kind: judged, measure: d}]
        - code: b
          title: 乙项
          clause: 第二条
          full_marks: 40
          actual: b
          rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]
        - code: c
          title: 丙项
          clause: 第三条
          full_marks: 10
          rules: [{kind: deductions, parts: [{measure: c, each: 2}]}]
"""


def test_two_items_are_spread_each_by_itself_and_together(tmp_path: Path) -> None:
    table = "unit a d b c\n甲县 40 10 90 1\n乙县 99 5 90 1\n丙县 30 99 90 1\n丁县 99 99 90 1"
    scores = Tiny(table, sections=SPREAD).score(tmp_path)
    # 甲 40 + 10 + 36 + 8 = 94
    # 乙: 40/3 to each of d, b, c: 5 + 0.9 × 53.333… = 48 + (23.333… − 2) = 21.33 → 74.33
    # 丙: 10/3 to each of a, b, c: 30 + 0.9 × 43.333… = 39 + (13.333… − 2) = 11.33 → 80.33
    # 丁: 50/2 to b and c: 0.9 × 65 = 58.5 + 35 − 2 = 33 → 91.5
    totals = [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县", "丁县")]
    assert totals == [n(94), n("74.33"), n("80.33"), n("91.5")]
    assert scores.item("丁县", "b")["full_marks"] == 65 and scores.item("丁县", "c")["points_lost"] == 2
    assert (scores.total("丁县")["counted"], scores.total("丁县")["countable"]) == (2, 2)


def test_while_it_is_open_whether_a_neighbour_applies_the_full_marks_are_too(tmp_path: Path) -> None:
    scores = Tiny("unit a d b c\n甲县 _ 10 90 1", sections=SPREAD).score(tmp_path)
    # a applies: b 36; a does not: b 0.9 × 53.333… = 48
    assert scores.points("甲县", "b") is None and scores.range("甲县", "b") == (n(36), n(48))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("full_marks: 40\n          not", "not", "没有满分，无从平均分到其他各项"),
        ("d = 99, then: spread", "d = 99, then: rescale", ""),
    ],
)
def test_what_cannot_be_spread(tmp_path: Path, old: str, new: str, told: str) -> None:
    from scoring.project import open_project

    project = open_project(Tiny("unit a d b c\n甲县 1 1 1 1", sections=SPREAD.replace(old, new, 1)).write(tmp_path))
    problems = {issue.problem for issue in project.issues if issue.stops_scoring}
    assert (told in problems) if told else not problems


def test_nowhere_to_spread(tmp_path: Path) -> None:
    from scoring.project import open_project

    alone = SPREAD[: SPREAD.index("        - code: b")]
    project = open_project(Tiny("unit a d\n甲县 1 1", sections=alone).write(tmp_path))
    problems = [issue.problem for issue in project.issues if issue.stops_scoring]
    assert set(problems) == {"“县区”在本级没有总是适用的其他指标，满分无处可分"}

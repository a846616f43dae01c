"""The answers to "this unit does not have this item", one each, so that no two give the same (rule-patterns, NA)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scoring.rubric import words
from tests.tiny import Scores, Tiny, n

UNITS = ("甲县", "乙县", "丙县")
# Item a (40) does not apply to 丙; 甲 has 40 of it, 乙 20. Item b (60): 甲 60, 乙 30, 丙 48.
TABLE = "unit a b\n甲县 40 60\n乙县 20 30\n丙县 / 48"


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
            - {{code: b, title: 乙项, clause: 第二条, full_marks: 60, rules: [{{kind: judged, measure: b}}]}}
    """
    return Tiny(table, sections=sections).score(tmp_path)


ANSWERS = {
    # D59.5: 48 of 60, put on 100: 80
    "rescale": n(80),
    # D48.7: 40 + 48
    "full_marks": n(88),
    # D53.3: 0 + 48
    "no_points": n(48),
    # D23.2: the average of 甲 and 乙 is 30: 30 + 48
    "average": n(78),
    # D55.2: 60 % of 40 is 24: 24 + 48
    "{share: 60%}": n(72),
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
    table = "unit a b\n甲县 40 60\n乙县 20 30\n丁县 5 0\n丙县 / 48"
    scores = scored(tmp_path, "average", table)
    # 65 / 3 = 21.666… → 21.67
    assert scores.points("丙县", "a") == n("21.67")


def test_who_has_not_reported_is_no_part_of_the_average(tmp_path: Path) -> None:
    scores = scored(tmp_path, "average", TABLE.replace("乙县 20", "乙县 _"))
    assert scores.points("丙县", "a") == n(40)
    assert scores.points("乙县", "a") is None, "missing is not 不适用"


def test_an_average_of_nobody_is_open(tmp_path: Path) -> None:
    scores = scored(tmp_path, "average", "unit a b\n丙县 / 45\n甲县 / 60")
    assert scores.points("丙县", "a") is None
    assert scores.range("丙县", "a") == (Decimal(0), n(40))


@pytest.mark.parametrize("then", ANSWERS)
def test_each_answer_can_be_told(then: str) -> None:
    """`diff` and the pages say each of them in Chinese."""
    written = Decimal("0.6") if then.startswith("{") else then
    assert words.then(written).endswith(("折算", "分", "计"))

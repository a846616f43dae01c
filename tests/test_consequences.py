"""What follows from place, grade and total: clauses in our own words, who is hit reckoned by hand in the comment."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.project import open_project
from tests.tiny import Scores, Tiny, item

UNITS = ["甲县", "乙县", "丙县", "丁县", "戊县", "己县"]
GRADES = "[{title: 优秀, at_least: 90}, {title: 合格, at_least: 60}, {title: 不合格}]"


def scored(tmp_path: Path, scores: str, consequences: str) -> Scores:
    table = "unit score\n" + "\n".join(f"{unit} {score}" for unit, score in zip(UNITS, scores.split(), strict=True))
    return project(table, consequences).score(tmp_path)


def project(table: str, consequences: str) -> Tiny:
    body = item("rules: [{kind: judged, measure: score}]", full="100")
    return Tiny(table, body, grades=f"{GRADES}\nconsequences: {consequences}")


def hit(scores: Scores) -> dict[str, list[str]]:
    """Titles of the units hit, by action; `?` where it is not settled."""
    register = scores.project.register
    assert register is not None
    found: dict[str, list[str]] = {}
    for row in scores.assessment.rows("consequence"):
        found.setdefault(row["action"], []).append(register.title(row["unit"]) + ("" if row["settled"] else "?"))
    return found


def test_the_last_three_report(tmp_path: Path) -> None:
    """D64.2 后三名一个月内书面报告."""
    scores = scored(tmp_path, "95 90 80 70 65 61", "[{clause: 第十条, when: place_from_last <= 3, action: 书面报告, within_days: 30}]")
    assert hit(scores) == {"书面报告": ["丁县", "戊县", "己县"]}
    assert scores.assessment.rows("consequence")[0]["within_days"] == 30


@pytest.mark.parametrize(("edge", "expected"), [("in", ["丙县", "丁县", "戊县", "己县"]), ("out", ["戊县", "己县"])])
def test_a_tie_at_the_edge(tmp_path: Path, edge: str, expected: list[str]) -> None:
    """丙 and 丁 share 70: with 戊 and 己 below them they are third from last together. All in, or all out."""
    scores = scored(tmp_path, "95 90 70 70 65 61", f"[{{clause: 一, when: place_from_last <= 3, edge: {edge}, action: 约谈}}]")
    assert hit(scores) == {"约谈": expected}


def test_a_grade_and_a_total(tmp_path: Path) -> None:
    rules = "[{clause: 一, when: grade = '不合格', action: 整改}, {clause: 二, when: total >= 90 and place <= 2, action: 表扬}]"
    scores = scored(tmp_path, "95 90 80 59 40 89.9".replace("89.9", "89"), rules)
    assert hit(scores) == {"整改": ["丁县", "戊县"], "表扬": ["甲县", "乙县"]}


def test_nothing_is_settled_while_a_place_may_change(tmp_path: Path) -> None:
    """己 has no score yet: any place may still move; a grade of one's own may not."""
    rules = "[{clause: 一, when: place_from_last <= 1, action: 约谈}, {clause: 二, when: grade = '不合格', action: 整改}]"
    scores = scored(tmp_path, "95 90 80 70 50 _", rules)
    assert hit(scores) == {"约谈": ["戊县?"], "整改": ["戊县"]}


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ("grade = '优良'", "“优良”不是“等次”的选项"),
        ("points > 3", "没有列“points”"),
        ("place = '第一'", "不能与"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, when: str, problem: str) -> None:
    tiny = project("unit score\n甲县 90", f'[{{clause: 一, when: "{when}", action: 约谈}}]')
    told = [issue.problem for issue in open_project(tiny.write(tmp_path)).issues]
    assert any(problem in one for one in told), told

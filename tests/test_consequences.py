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
    """己 has no score yet: it may be the last, or 戊; 丁 cannot, with 戊 below it. A grade of one's own cannot change."""
    rules = "[{clause: 一, when: place_from_last <= 1, action: 约谈}, {clause: 二, when: grade = '不合格', action: 整改}]"
    scores = scored(tmp_path, "95 90 80 70 50 _", rules)
    assert hit(scores) == {"约谈": ["戊县?", "己县?"], "整改": ["戊县"]}


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


# --- units left out of one list -----------------------------------------------------------------------

WORST = "{clause: 二, when: place_from_last <= 2, edge: in, action: 较差, leave_out: {when: met >= 3, reason: 各项都已达标}}"
BEST = "{clause: 一, when: place <= 2, action: 较好}"


def listed(tmp_path: Path, rows: str, consequences: str, places: str = "{ties: 1-1-3, break_by: []}") -> Scores:
    tiny = project(f"unit score met\n{rows}", f"[{consequences}]")
    tiny.places = places
    return tiny.score(tmp_path)


def test_who_is_left_out_is_not_counted_in_that_list_only(tmp_path: Path) -> None:
    """D58.2: 己 60 and 丁 70 meet all three standards. The worst two of the others: 戊 65, 丙 80. The best two: as ever."""
    rows = "甲县 95 1\n乙县 90 3\n丙县 80 2\n丁县 70 3\n戊县 65 0\n己县 60 3"
    assert hit(listed(tmp_path, rows, f"{BEST}, {WORST}")) == {"较好": ["甲县", "乙县"], "较差": ["丙县", "戊县"]}


def test_fewer_qualify_than_the_list_holds(tmp_path: Path) -> None:
    """D58.3: only 戊 does not meet them: a list of one. Nobody: no list at all."""
    rows = "甲县 95 3\n乙县 90 3\n丙县 80 3\n丁县 70 3\n戊县 65 0\n己县 60 3"
    assert hit(listed(tmp_path / "one", rows, WORST)) == {"较差": ["戊县"]}
    assert hit(listed(tmp_path / "none", rows.replace("65 0", "65 3"), WORST)) == {}


def test_places_from_the_first_are_counted_among_those_that_stay(tmp_path: Path) -> None:
    """甲 is left out: the first two of the others are 乙 and 丙; under 1-1-3 a tie of three above makes 丙 fourth."""
    best = "{clause: 一, when: place <= 2, action: 较好, leave_out: {when: met >= 3, reason: 另行表扬}}"
    assert hit(listed(tmp_path / "a", "甲县 95 3\n乙县 90 0\n丙县 80 0\n丁县 70 0", best)) == {"较好": ["乙县", "丙县"]}
    rows = "甲县 95 3\n乙县 90 0\n己县 90 0\n戊县 90 3\n丙县 80 0"  # 乙 and 己 share the first place, 丙 is third …
    assert hit(listed(tmp_path / "b", rows, best)) == {"较好": ["乙县", "己县"]}
    dense = listed(tmp_path / "c", rows, best, "{ties: 1-1-2, break_by: []}")  # … or second
    assert hit(dense) == {"较好": ["乙县", "己县", "丙县"]}


@pytest.mark.parametrize(("edge", "expected"), [("in", ["丙县", "丁县", "戊县"]), ("out", ["戊县"])])
def test_a_tie_at_the_edge_of_a_list_of_its_own(tmp_path: Path, edge: str, expected: list[str]) -> None:
    """己 is left out; 戊 is last, 丙 and 丁 share the place before: all in, or all out."""
    rows = "甲县 95 0\n乙县 90 0\n丙县 70 0\n丁县 70 0\n戊县 65 0\n己县 60 3"
    assert hit(listed(tmp_path, rows, WORST.replace("edge: in", f"edge: {edge}"))) == {"较差": expected}


def test_who_may_be_left_out_keeps_open_what_it_can_change_and_no_more(tmp_path: Path) -> None:
    """It is not known whether 己, the last, meets the standards. If it stays the worst two are 己 and 戊, else 戊 and 丁:
    戊 is in either way; 丁 and 己 are open; 丙 is out either way."""
    rows = "甲县 95 0\n乙县 90 0\n丙县 80 0\n丁县 70 0\n戊县 65 0\n己县 60 _"
    assert hit(listed(tmp_path, rows, WORST)) == {"较差": ["丁县?", "戊县", "己县?"]}
    # 甲, the first, not known: that changes no place from the last
    other = rows.replace("95 0", "95 _").replace("60 _", "60 0")
    assert hit(listed(tmp_path / "first", other, WORST)) == {"较差": ["戊县", "己县"]}


def test_a_place_between_two_ends_is_looked_at(tmp_path: Path) -> None:
    """甲 and 乙 may be left out: 丙 is first, second or third, 丁 second to fourth. `place = 2` may fall to 乙, 丙 or 丁."""
    second = "{clause: 一, when: place = 2, action: 第二, leave_out: {when: met >= 3, reason: 另行表扬}}"
    rows = "甲县 95 _\n乙县 90 _\n丙县 80 0\n丁县 70 0"
    assert hit(listed(tmp_path, rows, second)) == {"第二": ["乙县?", "丙县?", "丁县?"]}


def test_a_unit_without_total_that_is_left_out_opens_nothing(tmp_path: Path) -> None:
    """己 has no total yet. If it is left out no place of the list can change; if it stays all may."""
    rows = "甲县 95 0\n乙县 90 0\n丙县 80 0\n丁县 70 0\n戊县 65 0\n己县 _ 3"
    assert hit(listed(tmp_path / "out", rows, WORST)) == {"较差": ["丁县", "戊县"]}
    assert hit(listed(tmp_path / "in", rows.replace("_ 3", "_ 0"), WORST)) == {"较差": ["丁县?", "戊县?"]}


def test_left_out_of_a_clause_about_grades(tmp_path: Path) -> None:
    """戊 and 己 fail; 己 is left out; of 丁 it is not known."""
    rule = "{clause: 一, when: grade = '不合格', action: 整改, leave_out: {when: met >= 3, reason: 已约谈}}"
    assert hit(listed(tmp_path, "甲县 95 0\n丁县 50 _\n戊县 40 0\n己县 30 3", rule)) == {"整改": ["丁县?", "戊县"]}


def test_left_out_in_its_own_groups_only(tmp_path: Path) -> None:
    """Two lists of three; the clause speaks of the counties."""
    tiny = project(
        "unit score met\n甲县 95 0\n乙县 90 0\n丙县 80 3\n甲区 95 0\n乙区 90 0\n丙区 80 3",
        f"[{WORST.replace('edge: in', 'edge: in, groups: [county]').replace('<= 2', '<= 1')}]",
    )
    tiny.register = "\n".join(
        f"- {{code: c{number}, title: {title}, kind: {'county' if title.endswith('县') else 'zone'}}}"
        for number, title in enumerate(["甲县", "乙县", "丙县", "甲区", "乙区", "丙区"], 1)
    )
    tiny.groups = (
        "{county: {title: 县, units: {kinds: [county]}, full_marks: 100}, "
        "zone: {title: 区, units: {kinds: [zone]}, full_marks: 100}}"
    )
    assert hit(tiny.score(tmp_path)) == {"较差": ["乙县"]}


def test_a_grade_that_the_quota_may_still_take_stays_open(tmp_path: Path) -> None:
    """At most one may have 优秀; 甲 and 乙 reach 90, and 己, not known yet, may pass either: nothing is settled."""
    grades = "[{title: 优秀, at_least: 90, quota: {units: 1}}, {title: 合格}]"
    tiny = project("unit score\n甲县 95\n乙县 92\n丙县 80\n己县 _", "[{clause: 一, when: grade = '优秀', action: 表扬}]")
    tiny.grades = tiny.grades.replace(GRADES, grades)
    assert hit(tiny.score(tmp_path)) == {"表扬": ["甲县?", "乙县?"]}


@pytest.mark.parametrize(
    ("leave_out", "problem"),
    [
        ("{when: mett >= 3, reason: 达标}", "没有数据项“mett”"),
        ("{when: met, reason: 达标}", "“met”是数值，不能单独作条件"),
        ("{when: met >= highest(met), reason: 达标}", "这里不能用 highest"),
        ("{when: place <= 3, reason: 达标}", "没有数据项“place”"),
    ],
)
def test_leave_out_looks_at_measures(tmp_path: Path, leave_out: str, problem: str) -> None:
    tiny = project("unit score met\n甲县 90 1", f"[{{clause: 一, when: place <= 1, action: 约谈, leave_out: {leave_out}}}]")
    told = [issue.problem for issue in open_project(tiny.write(tmp_path)).issues if issue.level == "error"]
    assert len(told) == 1 and problem in told[0], told


# --- what can no longer change is settled, though others have no total yet ------------------------------


def two_items(score: int, other: int) -> str:
    """A section of two judged items with so many full marks: who has no `other` is known in part."""
    return f"""
    - code: s
      title: 一
      indicators:
        - {{code: x, title: 甲项, clause: 一, full_marks: {score}, rules: [{{kind: judged, measure: score}}]}}
        - {{code: y, title: 乙项, clause: 二, full_marks: {other}, rules: [{{kind: judged, measure: other}}]}}
    """


def test_a_place_that_nobody_can_move_out_of_reach_is_settled(tmp_path: Path) -> None:
    """己 has 20 to 30 of 100. 甲 and 乙 stay first and second: settled. Of the last two 戊 with 25 is in either way, below
    己 or above it; 己 as well, but without a total it is called in by nobody yet; 丁 with 50 is third from last for certain."""
    rows = "甲县 85 5\n乙县 75 5\n丙县 65 5\n丁县 45 5\n戊县 20 5\n己县 20 _"
    rules = "{clause: 一, when: place <= 2, action: 表扬}, {clause: 二, when: place_from_last <= 2, edge: in, action: 约谈}"
    tiny = Tiny(f"unit score other\n{rows}", sections=two_items(90, 10), grades=f"{GRADES}\nconsequences: [{rules}]")
    assert hit(tiny.score(tmp_path)) == {"表扬": ["甲县", "乙县"], "约谈": ["戊县", "己县?"]}


@pytest.mark.parametrize(("edge", "expected"), [("in", ["丙县", "丁县?"]), ("out", ["丙县", "丁县?"])])
def test_who_is_out_of_reach_is_not_named(edge: str, expected: list[str], tmp_path: Path) -> None:
    """甲 and 乙 share 95, 丙 has 80, 丁 10 to 50 of what is known: the last two are 丙 and 丁, however 丁 turns out."""
    rows = "甲县 60 35\n乙县 60 35\n丙县 50 30\n丁县 10 _"
    rules = f"{{clause: 一, when: place_from_last <= 2, edge: {edge}, action: 约谈}}"
    tiny = Tiny(f"unit score other\n{rows}", sections=two_items(60, 40), grades=f"{GRADES}\nconsequences: [{rules}]")
    assert hit(tiny.score(tmp_path)) == {"约谈": expected}


def test_a_tie_that_may_still_come_about_is_open(tmp_path: Path) -> None:
    """丙 has 60, 己 60 to 100: 丙 is the last, alone or with 己. All of a tie out: with 己 nobody is called in, and 己 never
    is, since it is no lower than 丙."""
    for edge, expected in (("in", ["丙县", "己县?"]), ("out", ["丙县?"])):
        rules = f"{{clause: 一, when: place_from_last <= 1, edge: {edge}, action: 约谈}}"
        table = "unit score other\n甲县 60 35\n丙县 60 0\n己县 60 _"
        tiny = Tiny(table, sections=two_items(60, 40), grades=f"{GRADES}\nconsequences: [{rules}]")
        assert hit(tiny.score(tmp_path / edge)) == {"约谈": expected}, edge


@pytest.mark.parametrize("when", ["place <> 3", "place = 2", "place <= 1 or place >= 2", "2 >= place"])
def test_a_condition_that_is_not_one_way_waits_for_all(tmp_path: Path, when: str) -> None:
    scores = scored(tmp_path, "95 90 80 70 50 _", f"[{{clause: 一, when: {when}, action: 约谈}}]")
    assert all(unit.endswith("?") for unit in hit(scores)["约谈"])


def test_a_rise_is_settled_by_the_worst_place(tmp_path: Path) -> None:
    """Last year 甲 was fourth, 丙 first. 己 has no total: 甲, first now, may become second, still two up; 乙, third then
    and second now, may stay third."""
    table = "单位 日期 score\n" + "\n".join(
        f"{unit} {year}-06-30 {score}"
        for year, totals in ((2023, "60 70 90 80 50 40"), (2024, "95 90 80 70 50 _"))
        for unit, score in zip(UNITS, totals.split(), strict=True)
    )
    tiny = project("unit score\n" + "\n".join(f"{unit} 1" for unit in UNITS), "[{clause: 一, when: change_of_place >= 1, action: 表扬}]")
    tiny.periods = '["2024", "2023"]'
    folder = tiny.write(tmp_path)
    rows = [line.split() for line in table.splitlines()]
    text = "\n".join(",".join("" if word == "_" else word for word in row) for row in rows)
    (folder / "data" / "figures.csv").write_text(text + "\n", encoding="utf-8")
    opened = open_project(folder)
    assert opened.ready and opened.rubric is not None
    scores = Scores(opened, opened.assess("2024", opened.rubric.period("2024").cut_off))
    assert hit(scores) == {"表扬": ["甲县", "乙县?"]}

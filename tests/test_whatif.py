"""A draft beside its base: who moves, through which clause, what is gained and lost. Expectations by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from scoring.insight.whatif import Effect, Lab, WhatIf
from scoring.project import Project, open_project
from scoring.reports.effects import lines
from scoring.rubric.trial import tried
from scoring.source import Loc
from tests.tiny import Tiny

D = Decimal
FIRST: Loc = ("sections", 0, "indicators", 0)
SECOND: Loc = ("sections", 0, "indicators", 1)

# 办案 is worth 60: cases of 10; 宣传 is worth 40: articles of 10.
#        办案         宣传        合计    名次
# 甲县   60×9÷10=54   40×5÷10=20   74     1
# 乙县   60×6÷10=36   40×9÷10=36   72     2
# 丙县   60×7÷10=42   40×7÷10=28   70     3
# 丁县   60×2÷10=12   40×2÷10=8    20     4
TABLE = """
unit cases news
甲县 9 5
乙县 6 9
丙县 7 7
丁县 2 2
"""
INDICATORS = """
- {code: casework, title: 办案, clause: 第一条, full_marks: 60, value: cases, rules: [{kind: piecewise, straight: [[0, 0], [10, full]]}]}
- {code: articles, title: 宣传, clause: 第二条, full_marks: 40, value: news, rules: [{kind: piecewise, straight: [[0, 0], [10, full]]}]}
"""
GRADES = "[{title: 良好, at_least: 71}, {title: 一般}]"


def opened(folder: Path, table: str = TABLE) -> Project:
    tiny = Tiny(table=table, indicators=INDICATORS, grades=GRADES)
    path = tiny.write(folder) / "config" / "scoring.yaml"
    text = path.read_text(encoding="utf-8") + "consequences: [{clause: 第九条, when: place_from_last <= 2, action: 约谈}]\n"
    path.write_text(text, encoding="utf-8")
    project = open_project(folder)
    assert project.ready, project.issues
    return project


def whatif(project: Project, changes: dict[Loc, str]) -> WhatIf:
    rubric = project.rubric
    assert rubric is not None
    draft, issues = tried(rubric, changes)
    assert draft is not None, issues
    period = rubric.period("2024")
    with Lab(project.store, rubric, period, period.cut_off) as lab:
        return lab.tried(draft)


def by_title(found: WhatIf) -> dict[str, Effect]:
    return {one.title: one for one in found.effects}


def test_who_moves_and_through_which_clause(tmp_path: Path) -> None:
    """40 for 办案 and 60 for 宣传: 甲 36 + 30 = 66, 乙 24 + 54 = 78, 丙 28 + 42 = 70, 丁 8 + 12 = 20."""
    found = by_title(whatif(opened(tmp_path), {(*FIRST, "full_marks"): "40", (*SECOND, "full_marks"): "60"}))
    assert {title: one.places for title, one in found.items()} == {
        "乙县": (2, 1), "丙县": (3, 2), "甲县": (1, 3), "丁县": (4, 4),
    }  # fmt: skip
    assert {title: one.up for title, one in found.items()} == {"乙县": 1, "丙县": 1, "甲县": -2, "丁县": 0}
    assert {title: one.difference for title, one in found.items()} == {
        "乙县": D("6.00"), "丙县": D("0.00"), "甲县": D("-8.00"), "丁县": D("0.00"),
    }  # fmt: skip
    # 甲: 办案 54 → 36 = −18, 宣传 20 → 30 = +10
    assert [(one.clause, one.title, one.difference) for one in found["甲县"].causes] == [
        ("第一条", "办案", D(-18)), ("第二条", "宣传", D(10)),
    ]  # fmt: skip
    assert found["甲县"].rest == 0
    # 良好 from 71: 甲 74 → 66 loses it, 乙 72 → 78 keeps it, 丙 70 stays below
    assert {title: one.grades for title, one in found.items()} == {
        "甲县": ("良好", "一般"), "乙县": ("良好", "良好"), "丙县": ("一般", "一般"), "丁县": ("一般", "一般"),
    }  # fmt: skip
    # the last two were 丙 and 丁, now they are 甲 and 丁
    assert (found["丙县"].lost, found["甲县"].gained, found["丁县"].gained) == (("第九条约谈",), ("第九条约谈",), ())


def test_a_tie_made_and_a_tie_broken(tmp_path: Path) -> None:
    """50 and 50: 甲 45 + 25 = 70, 乙 30 + 45 = 75, 丙 35 + 35 = 70."""
    project = opened(tmp_path)
    units = {unit.title: unit.code for unit in project.register.units} if project.register is not None else {}
    found = whatif(project, {(*FIRST, "full_marks"): "50", (*SECOND, "full_marks"): "50"})
    assert found.ties == (((units["甲县"], units["丙县"]),), ())
    assert by_title(found)["甲县"].places == (1, 2)


def test_what_no_indicator_explains_is_the_rest(tmp_path: Path) -> None:
    """60 and 60 are 120 in all, and the total is held to nothing; of 甲 nothing is left over. A threshold moves too:
    办案 in full from 8: 甲 60 instead of 54, 丙 60×7÷8 = 52.5."""
    project = opened(tmp_path)
    found = by_title(whatif(project, {(*FIRST, "rules", 0, "straight", 1, 0): "8"}))
    assert [(one.indicator, one.difference) for one in found["甲县"].causes] == [("casework", D(6))]
    assert found["丙县"].after["total"] == D("80.50")
    assert found["丙县"].rest == 0


def test_a_unit_that_waits_has_no_difference(tmp_path: Path) -> None:
    """丁 has sent no figure for 宣传: its total is a range before and after, and so is what changed of it."""
    found = by_title(whatif(opened(tmp_path, TABLE.replace("丁县 2 2", "丁县 2 _")), {(*SECOND, "full_marks"): "60"}))
    waits = found["丁县"]
    assert (waits.places, waits.up, waits.difference, waits.rest) == ((None, None), None, None, None)
    assert waits.causes[0].difference is None
    assert (waits.causes[0].before, waits.causes[0].after) == ((D(0), D(40)), (D(0), D(60)))


def test_nothing_changed_is_nothing_told(tmp_path: Path) -> None:
    found = whatif(opened(tmp_path), {(*FIRST, "full_marks"): "60"})
    assert not any(one.is_other or one.causes for one in found.effects)
    assert found.ties == ((), ())


def test_a_draft_with_a_mistake_scores_nothing(tmp_path: Path) -> None:
    """Below the lower corner of the line the points would jump: the check of the 办法 says so, with the place."""
    rubric = opened(tmp_path).rubric
    assert rubric is not None
    draft, issues = tried(rubric, {(*FIRST, "full_marks"): "-5"})
    assert draft is None
    assert [issue.path for issue in issues] == ["sections.part.indicators.casework.full_marks"]
    assert "负" in issues[0].problem
    draft, issues = tried(rubric, {(*FIRST, "rules", 0, "straight", 0, 0): "12"})
    assert draft is None and issues[0].path is not None and issues[0].path.startswith("sections.part.indicators.casework")


def test_of_a_large_group_those_that_move_the_farthest_are_drawn() -> None:
    """45 units; the 3rd and the 45th change places (42), the 43rd and the 44th (1). Of 40 lines four are theirs, 36 are of
    the others in their order: 1, 2, 4 … 37. The 38th to the 42nd are left out."""
    after = {3: 45, 45: 3, 43: 44, 44: 43}

    def row(place: int) -> dict[str, Any]:
        return {"place": place, "total": Decimal(100 - place), "total_low": Decimal(100 - place), "total_high": Decimal(100 - place)}

    found = [Effect(f"u{n}", f"单位{n}", "county", row(n), row(after.get(n, n)), (), ()) for n in range(1, 46)]
    drawn = [one.title for one in lines(found)]
    assert drawn == [f"单位{n}" for n in (*range(1, 38), 43, 44, 45)]
    assert len(lines(found[:40])) == 40

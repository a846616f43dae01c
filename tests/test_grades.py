"""Grades: side conditions, quotas, vetoes that lower, and what they do to each other. Expected values by hand."""

from __future__ import annotations

from pathlib import Path

from scoring.engine.summed import sum_rows
from tests.tiny import Tiny, item, n

GROUP_OF_TEN = "{county: {title: 县区, units: {kinds: [county]}, full_marks: 10}}"
JUDGED = item("rules: [{kind: judged, measure: score}]", full="100")
GRADES = (
    "[{title: 优秀, at_least: 90, quota: {units: 1}}, {title: 良好, at_least: 80, only_if: trained > 0}, "
    "{title: 合格, at_least: 60}, {title: 不合格}]"
)


def grades(table: str, folder: Path, **more: str) -> dict[str, str | None]:
    scores = Tiny(table, more.pop("indicators", JUDGED), **{"grades": GRADES, **more}).score(folder)
    units = [line.split()[0] for line in table.splitlines()[1:]]
    return {unit: scores.place(unit)["grade"] for unit in units}


def test_surplus_of_a_quota_takes_the_next_grade_it_can_have(tmp_path: Path) -> None:
    """One 优秀: 甲. 乙 has no training and so no 良好 either; 丙 has, and keeps 良好 of its own score."""
    table = "unit score trained\n甲县 95 0\n乙县 92 0\n丙县 91 1\n丁县 85 0\n戊县 82 2"
    assert grades(table, tmp_path) == {"甲县": "优秀", "乙县": "合格", "丙县": "良好", "丁县": "合格", "戊县": "良好"}


def test_a_grade_lowered_by_a_veto_is_one_the_unit_can_have(tmp_path: Path) -> None:
    veto = "- {kind: veto, code: bad, title: 负面, clause: 一, when: events > 0, effect: {grade_down: 1}}"
    table = "unit score trained events\n甲县 95 0 1\n乙县 92 1 1\n丙县 70 0 1"
    assert grades(table, tmp_path, adjustments=veto) == {"甲县": "合格", "乙县": "良好", "丙县": "不合格"}


def test_a_condition_that_is_open_leaves_the_grade_open(tmp_path: Path) -> None:
    """乙 is surplus of the quota, and whether it may have 良好 is not known."""
    table = "unit score trained\n甲县 95 1\n乙县 92 _"
    assert grades(table, tmp_path) == {"甲县": "优秀", "乙县": None}


def test_a_quota_follows_the_sections_that_break_ties(tmp_path: Path) -> None:
    """Both 80: 乙 has more of 办案 (45 against 40), so it is second and takes the second slot (D66: the first ones)."""
    sections = """
        - {code: handling, title: 办案, full_marks: 50, indicators: [
            {code: x, title: 甲项, clause: 一, full_marks: 50, rules: [{kind: judged, measure: a}]}]}
        - {code: duty, title: 日常, full_marks: 50, indicators: [
            {code: y, title: 乙项, clause: 二, full_marks: 50, rules: [{kind: judged, measure: b}]}]}
    """
    table = "unit a b\n甲县 50 45\n乙县 45 35\n丙县 40 40"
    best = "[{title: 甲等, at_least: 60, quota: {units: 2, tie: out}}, {title: 乙等}]"
    broken = Tiny(table, sections=sections, grades=best, places="{ties: 1-1-3, break_by: [handling]}").score(tmp_path / "a")
    assert [broken.place(unit)["grade"] for unit in ("甲县", "乙县", "丙县")] == ["甲等", "甲等", "乙等"]
    tied = Tiny(table, sections=sections, grades=best).score(tmp_path / "b")
    assert [tied.place(unit)["grade"] for unit in ("甲县", "乙县", "丙县")] == ["甲等", "乙等", "乙等"]


def test_what_does_not_apply_is_rescaled_to_what_the_items_come_to(tmp_path: Path) -> None:
    """Two items of 10 in a group of 10: 20 in all. 乙 has one of them: 8 × 20 ÷ 10 = 16; 甲 8 + 6 = 14."""
    rescaled = item(
        "rules: [{kind: judged, measure: b}]\nnot_applicable: {when: b = 0, then: rescale, reason: 没有这项工作}", "y"
    )
    both = item("rules: [{kind: judged, measure: a}]") + rescaled
    scores = Tiny("unit a b\n甲县 8 6\n乙县 8 0", both, groups=GROUP_OF_TEN).score(tmp_path)
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县")] == [n(14), n(16)]
    assert sum(line.low for line in sum_rows(scores.assessment, "c2")[:-1]) == 16


def test_a_section_that_its_other_items_can_fill_is_not_rescaled(tmp_path: Path) -> None:
    """Items of 15 and 15 under a heading of 15 (D38), and 10 beside it: 25 to be reached. Without the first item the second
    still fills the heading, so 乙 has 12 + 8 = 20, not more. Without the 10 丙 has 12 × 25 ÷ 15 = 20."""
    na = "not_applicable: {when: %s = 0, then: rescale, reason: 没有这项工作}"
    sections = f"""
        - {{code: s, title: 一, full_marks: 15, indicators: [
            {{code: x, title: 甲项, clause: 一, full_marks: 15, {na % "a"}, rules: [{{kind: judged, measure: a}}]}},
            {{code: y, title: 乙项, clause: 二, full_marks: 15, rules: [{{kind: judged, measure: b}}]}}]}}
        - {{code: t, title: 二, full_marks: 10, indicators: [
            {{code: z, title: 丙项, clause: 三, full_marks: 10, {na % "c"}, rules: [{{kind: judged, measure: c}}]}}]}}
    """
    scores = Tiny("unit a b c\n甲县 8 9 8\n乙县 0 12 8\n丙县 6 6 0", sections=sections).score(tmp_path)
    # 甲 8 + 9, held at 15, and 8: 23
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [n(23), n(20), n(20)]
    weighted = sections.replace("title: 二, ", "title: 二, weight: 100%, ")  # the same by way of levels
    levels = Tiny("unit a b c\n甲县 8 9 8\n乙县 0 12 8\n丙县 6 6 0", sections=weighted).score(tmp_path / "levels")
    assert [levels.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [n(23), n(20), n(20)]

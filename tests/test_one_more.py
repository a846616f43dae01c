"""再做一件能加多少, by hand on tiny towns: what is gained, which place it gives, and why nothing comes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scoring.insight.one_more import DONE, Further, one_more, reasons
from tests.path.acting import acting
from tests.tiny import Scores, Tiny, item, n

DAY = date(2024, 12, 1)
HALF = item("rules: [{kind: awards, parts: [{measure: cases, each: 0.5}], cap: full}]")
CASE = "- {code: handle, title: 再办 1 件案件, does: {cases: +1}, effort: 1, most: 30, by: 12-31}"


def further(scores: Scores, unit: str, day: date = DAY) -> Further:
    return one_more(scores.assessment, scores.place(unit)["unit"], day)


def words(found: Further) -> dict[str, str]:
    return {one.action.title: one.words for one in found.brings}


def test_half_a_point_and_a_tie(tmp_path: Path) -> None:
    """2.00, 1.50, 0.50: the second reaches the first, the third stays where it is."""
    scores = acting(tmp_path, Tiny("unit cases\n甲县 4\n乙县 3\n丙县 1", HALF), CASE)
    assert words(further(scores, "乙县")) == {"再办 1 件案件": "+0.50 分，升到并列第 1 名"}
    assert words(further(scores, "丙县")) == {"再办 1 件案件": "+0.50 分，名次不变"}
    assert further(scores, "丙县").brings[0].low == n("0.5")


def test_a_grade_is_told(tmp_path: Path) -> None:
    """4.50 + 0.50 = 5.00."""
    grades = "[{title: 合格, at_least: 5}, {title: 不合格}]"
    scores = acting(tmp_path, Tiny("unit cases\n甲县 9", HALF, grades=grades), CASE)
    assert words(further(scores, "甲县")) == {"再办 1 件案件": "+0.50 分，名次不变，等次由不合格变为合格"}


def test_full_marks_bring_no_more(tmp_path: Path) -> None:
    found = further(acting(tmp_path, Tiny("unit cases\n甲县 20\n乙县 3", HALF), CASE), "甲县")
    assert not found.brings and reasons(found) == [("相关指标已满分", ["再办 1 件案件"])]


def test_the_day_has_passed(tmp_path: Path) -> None:
    found = further(acting(tmp_path, Tiny("unit cases\n甲县 2", HALF), CASE), "甲县", date(2025, 1, 5))
    assert reasons(found) == [("期限 2024-12-31 已过", ["再办 1 件案件"])]


def test_one_is_not_enough_for_a_band(tmp_path: Path) -> None:
    """0 points below 5, 10 from 5 on; 2 cases now, at most 30 more."""
    bands = item("actual: cases\nrules: [{kind: bands, bands: [{at_least: 5, points: full}, {points: 0}]}]")
    found = further(acting(tmp_path, Tiny("unit cases\n甲县 2", bands), CASE), "甲县")
    assert reasons(found) == [("只做 1 次不够一档，做 30 次可加 10.00 分", ["再办 1 件案件"])]


def test_a_cap_within_the_item(tmp_path: Path) -> None:
    """1 point of 10 at most, which 2 cases give."""
    capped = item("rules: [{kind: awards, parts: [{measure: cases, each: 0.5, cap: 1}], cap: full}]")
    found = further(acting(tmp_path, Tiny("unit cases\n甲县 2", capped), CASE), "甲县")
    assert reasons(found) == [("已封顶，或还有别的条件不符", ["再办 1 件案件"])]


def test_a_repair_that_is_done(tmp_path: Path) -> None:
    body = item("rules: [{kind: deductions, parts: [{measure: faults, each: 2}]}]")
    actions = "- {code: mend, title: 改正 1 处错误, does: {faults: -1}, effort: 1}"
    scores = acting(tmp_path, Tiny("unit faults\n甲县 0\n乙县 1", body), actions)
    assert reasons(further(scores, "甲县")) == [(DONE, ["改正 1 处错误"])]
    assert words(further(scores, "乙县")) == {"改正 1 处错误": "+2.00 分，升到并列第 1 名"}


def test_what_costs_points_is_not_offered_as_a_gain(tmp_path: Path) -> None:
    body = item("rules: [{kind: deductions, parts: [{measure: faults, each: 2}]}]")
    found = further(acting(tmp_path, Tiny("unit faults\n甲县 0", body), "- {code: err, title: 出错, does: {faults: +1}, effort: 1}"), "甲县")
    assert not found.brings and [one.words for one in found.costs] == ["−2.00 分，名次不变"]


def test_while_the_total_is_open(tmp_path: Path) -> None:
    """The other item is not there: the total is a range, both of whose ends rise by 0.50."""
    two = HALF + item("rules: [{kind: awards, parts: [{measure: other, each: 1}], cap: full}]", "y")
    scores = acting(tmp_path, Tiny("unit cases other\n甲县 4 _\n乙县 3 1", two), CASE)
    assert words(further(scores, "甲县")) == {"再办 1 件案件": "+0.50 分，总分仍暂缺，名次不定"}
    assert words(further(scores, "乙县"))["再办 1 件案件"].startswith("+0.50 分，名次不变")


def test_the_figure_itself_is_not_there(tmp_path: Path) -> None:
    found = further(acting(tmp_path, Tiny("unit cases\n甲县 _\n乙县 3", HALF), CASE), "甲县")
    assert not found.brings and "“cases”" in found.nothing[0].reason


def test_a_rubric_without_actions(tmp_path: Path) -> None:
    found = further(Tiny("unit cases\n甲县 1", HALF).score(tmp_path), "甲县")
    assert found.why.startswith("办法里没有写还能做的事")


def test_a_figure_compared_with_the_group(tmp_path: Path) -> None:
    """10 × own / highest: 4 of 8 is 5.00, 5 of 8 is 6.25."""
    body = item('value: 100 * cases / highest(cases)\nmeasured_in: "%"\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]')
    scores = acting(tmp_path, Tiny("unit cases\n甲县 8\n乙县 4", body), CASE)
    assert words(further(scores, "乙县")) == {"再办 1 件案件": "+1.25 分，名次不变"}


def test_who_is_not_assessed(tmp_path: Path) -> None:
    scores = acting(tmp_path, Tiny("unit cases\n甲县 8", HALF), CASE)
    with pytest.raises(ValueError, match="不在 2024 年考核之列"):
        one_more(scores.assessment, "nobody", DAY)

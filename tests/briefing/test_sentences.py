"""What the briefing says of tiny groups: every sentence by hand arithmetic in comments, and again by plain SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scoring.engine import Assessment
from scoring.insight.briefing import Told, achievements, candidates, consequences, lacks, next_steps, overview, problems
from tests.briefing.independent import CHECKS, Second
from tests.briefing.years import GROUPS, TWO_AWARDS, one_year, opened, scored, with_old_edition, written
from tests.tiny import Tiny, item, n

Telling = Callable[[Assessment, str], list[Told]]


def texts(telling: Telling, result: Assessment) -> list[str]:
    """The sentences; each agrees with plain SQL."""
    second = Second(result, "all")
    for one in [*candidates(result, "all"), *achievements(result, "all")]:
        assert one.text == CHECKS[one.rule](second, one.text)
    return [one.text for one in telling(result, "all")]


def of_rule(result: Assessment, rule: str) -> list[str]:
    return [one.text for one in [*candidates(result, "all"), *achievements(result, "all")] if one.rule == rule]


# --- missing, masked, base zero -----------------------------------------------------------------------------

# x: 10 points for a of t, in proportion; y: a point for each of b, 10 at most, and fewer than 5 is 信息不够.
#        a  t   x           b  y   total
# 甲县   8  10  8 (2 short) 6  6   14
# 乙县   5  10  5 (5 short) 3  3   8      b: 2 short
# 丙县   -  10  missing     5  5   5–15
# 丁县   *  10  masked      4  4   4–14   b: 1 short
# 戊县   0  0   10 (no task) 7 7   17
STATES = "unit a t b\n甲县 8 10 6\n乙县 5 10 3\n丙县 _ 10 5\n丁县 * 10 4\n戊县 0 0 7\n"


def test_what_is_not_there_is_counted_apart_and_named(tmp_path: Path) -> None:
    """信息不够 costs 乙 7 and 丁 6 = 13, 任务没完成 甲 2 and 乙 5 = 7: of two units each, the dearer comes first."""
    result = one_year(tmp_path, STATES)
    assert texts(lacks, result) == [
        "“信息不够”涉及 2 个单位（适用的共 5 个）：乙县、丁县，合计差 3 条，乙县差得最多（2 条）。",
        "2 个单位（丙县、丁县）总分暂缺：丙县 1 项没有分数（未报送），丁县 1 项没有分数（脱敏）。",
        "“任务没完成”涉及 2 个单位（适用的共 4 个）：甲县、乙县，合计差 7 件，乙县差得最多（5 件）；"
        "另有 2 个单位（丙县、丁县）数据不全，未计入。",
    ]
    assert texts(next_steps, result) == [
        "请乙县、丁县把“信息不够”纳入整改，合计差 3 条，先抓乙县（2 条）。",
        "请补齐数据：丙县补填数据表的a；丁县改报数据表中脱敏的数字。齐全后才能定总分和名次。",
        "请甲县、乙县把“任务没完成”纳入整改，合计差 7 件，先抓乙县（5 件）。",
    ]


def test_without_a_task_a_unit_has_neither_done_nor_missed_it(tmp_path: Path) -> None:
    """戊 has full marks by the rule for a base of zero, and is not among those the task applies to."""
    task = next(one for one in problems(one_year(tmp_path, STATES), "all") if one.label == "任务没完成")
    assert (set(task.cells), set(task.applies), set(task.open)) == ({"c1", "c2"}, {"c1", "c2", "c3", "c4"}, {"c3", "c4"})
    assert not task.is_common and not task.is_single
    assert (task.cells["c2"].gap_words, task.cells["c2"].lost, task.cells["c2"].stage) == ("差 5 件", n(5), "未达标")


def test_kinds_of_missing_data_are_problems_of_their_own(tmp_path: Path) -> None:
    found = {one.label: one for one in problems(one_year(tmp_path, STATES), "all") if not one.is_flag}
    assert {label: list(one.cells) for label, one in found.items()} == {"未报送": ["c3"], "脱敏": ["c4"]}
    cell = found["未报送"].cells["c3"]
    assert (cell.lost, cell.lost_words, cell.gap_words, cell.indicator) == (None, "0.00 至 10.00", "1 项", "x")
    assert not any(one.is_common or one.is_single for one in found.values())


def test_the_overview_of_a_group_that_is_not_settled(tmp_path: Path) -> None:
    """Totals 14, 8, 17: mean 39 ÷ 3 = 13. 丙 can reach 15 at most, not 17, but as little as 5, below 8."""
    found = overview(one_year(tmp_path, STATES), "all")
    assert (found.units, found.ranked, found.mean, found.gap, found.settled) == (5, 3, n("13.00"), n("9.00"), False)
    assert found.open_units == ("丙县", "丁县")
    assert found.highest_told == "最高 17.00 分（戊县）"
    assert found.lowest_told == "已有总分的单位中最低 8.00 分（乙县）"
    assert (found.grades, found.without_grade) == ((("优秀", 1), ("一般", 2)), 2)
    assert (found.before, found.common_mean, found.comparable, found.edition_changed) == (None, None, False, False)


def test_who_has_reached_the_task_leaves_out_what_is_not_known(tmp_path: Path) -> None:
    """Of 甲 乙 丙 丁, to whom it applies, three have 10 of 10; the sum is not told, because 丁 is not known."""
    result = one_year(tmp_path, "unit a t b\n甲县 10 10 6\n乙县 12 10 6\n丙县 10 10 6\n丁县 _ 10 6\n戊县 0 0 6\n")
    assert of_rule(result, "reached")[:1] == [
        "指标x（第x条）适用的 4 个单位中 3 个达标；1 个单位（丁县）数据不全，未计入；另有 1 个单位（戊县）基数为零，不作比较。"
    ]


def test_done_and_wanted_are_added_up_where_every_figure_is_there(tmp_path: Path) -> None:
    """a 10 + 12 + 10 + 8 = 40 of t 40. Things are told where the figures have a unit of measure: here 件."""
    result = one_year(tmp_path, "unit a0 t0 b\n甲县 10 10 6\n乙县 12 10 6\n丙县 10 10 6\n丁县 8 10 6\n", measures="""
        a: {title: 办案数, unit: 件, form: figures, value: only(a0)}
        t: {title: 任务数, unit: 件, form: figures, value: only(t0)}
    """)  # fmt: skip
    assert of_rule(result, "reached") == []  # of a problem that is told
    assert texts(lacks, result)[0] == "“任务没完成”涉及 1 个单位（适用的共 4 个）：丁县，差 2 件。"
    every = one_year(tmp_path / "all", "unit a0 t0 b\n甲县 10 10 6\n乙县 12 10 6\n丙县 10 10 6\n丁县 10 10 6\n", measures="""
        a: {title: 办案数, unit: 件, form: figures, value: only(a0)}
        t: {title: 任务数, unit: 件, form: figures, value: only(t0)}
    """)  # fmt: skip
    assert of_rule(every, "reached")[:1] == ["指标x（第x条）适用的 4 个单位全部达标，合计办案数 42 件、任务数 40 件。"]


# --- ties, one unit, nobody ---------------------------------------------------------------------------------


def test_ties_at_the_top_and_at_the_end_are_named_together(tmp_path: Path) -> None:
    """甲 乙 9 + 9 = 18, 丙 丁 5 + 5 = 10. 丙 and 丁 lose 5 on each item: the largest loss stands in four places."""
    result = one_year(tmp_path, "unit a b\n甲县 9 9\n乙县 9 9\n丙县 5 5\n丁县 5 5\n", TWO_AWARDS)
    found = overview(result, "all")
    assert found.highest_told == "最高 18.00 分（甲县、乙县，并列）"
    assert found.lowest_told == "最低 10.00 分（丙县、丁县，并列）"
    assert texts(lacks, result) == [
        "丙县第x条指标x失 5.00 分（满分 10.00 分）、丙县第y条指标y失 5.00 分（满分 10.00 分）、"
        "丁县第x条指标x失 5.00 分（满分 10.00 分）等 4 处，并列单项失分最多。"
    ]
    assert texts(achievements, result) == ["4 个单位（甲县、乙县、丙县等）没有一项短板。"]


def test_of_one_unit_nothing_is_compared(tmp_path: Path) -> None:
    result = one_year(tmp_path, "unit a b\n甲县 9 3\n", TWO_AWARDS)
    found = overview(result, "all")
    assert (found.mean, found.gap, found.settled) == (n("12.00"), None, True)
    assert texts(achievements, result) == []
    assert texts(lacks, result) == [
        "“信息不够”涉及 1 个单位（适用的共 1 个）：甲县，差 2 条。",
        "甲县第y条指标y失 7.00 分（满分 10.00 分），单项失分最多。",
    ]
    only = problems(result, "all")[0]
    assert only.is_single and not only.is_common


def test_one_unit_over_two_years_has_no_mean_to_rise(tmp_path: Path) -> None:
    result = scored(written(tmp_path, "unit a b\n甲县 5 5\n", "unit a b\n甲县 9 9\n"))
    assert texts(achievements, result) == ["等次优秀的单位有 1 个，上年没有。", "1 个单位（甲县）没有一项短板。"]


def test_a_group_without_totals_says_so_and_no_mean(tmp_path: Path) -> None:
    result = one_year(tmp_path, "unit a b\n甲县 _ _\n乙县 _ *\n", TWO_AWARDS)
    found = overview(result, "all")
    assert (found.mean, found.highest, found.lowest, found.gap, found.settled) == (None, (), (), None, False)
    assert (found.highest_told, found.lowest_told) == ("", "")
    assert texts(achievements, result) == []
    assert texts(lacks, result) == [
        "2 个单位（甲县、乙县）总分暂缺：甲县 2 项没有分数（未报送），乙县 2 项没有分数（未报送、脱敏）。"
    ]


def test_an_empty_group_says_nothing(tmp_path: Path) -> None:
    """The only zone begins a year later."""
    groups = GROUPS.removesuffix("}") + ", none: {title: 功能区, units: {kinds: [zone]}, full_marks: 20}}"
    register = "- {code: c1, title: 甲县, kind: county}\n- {code: z1, title: 新区, kind: zone, valid: {from: 2025-01-01}}"
    result = one_year(tmp_path, "unit a b\n甲县 9 9\n", TWO_AWARDS, groups=groups, register=register)
    found = overview(result, "none")
    assert (found.units, found.mean, found.settled, found.highest_told, found.gap) == (0, None, False, "", None)
    assert (found.grades, found.without_grade) == ((("优秀", 0), ("一般", 0)), 0)
    for telling in (achievements, lacks, next_steps, consequences, candidates, problems):
        assert telling(result, "none") == []


def test_where_all_have_full_marks_nothing_is_wanting(tmp_path: Path) -> None:
    result = one_year(tmp_path, "unit a b\n甲县 10 10\n乙县 10 12\n丙县 11 10\n", TWO_AWARDS)
    assert texts(achievements, result) == [
        "指标x、指标y 2 项指标，适用的单位全部得满分。",
        "3 个单位（甲县、乙县、丙县）没有一项短板。",
    ]
    assert texts(lacks, result) == texts(next_steps, result) == []
    assert overview(result, "all").gap == n("0.00")


# --- two years ----------------------------------------------------------------------------------------------

#        worse          better
#        a b total      a b total
# 甲县   9 9 18 1       9 8 17 2
# 乙县   8 4 12 2       9 9 18 1
# 丙县   5 4 9  3       8 5 13 3
# mean   39 ÷ 3 = 13    48 ÷ 3 = 16
# ends   18 − 9 = 9     18 − 13 = 5
WORSE = "unit a b\n甲县 9 9\n乙县 8 4\n丙县 5 4\n"
BETTER = "unit a b\n甲县 9 8\n乙县 9 9\n丙县 8 5\n"


def test_a_better_year(tmp_path: Path) -> None:
    """优秀 from 17 on: 甲 and 乙 now, 甲 then. The largest loss is 丙's 10 − 5 on y; who fell is 甲, whose is 10 − 8."""
    result = scored(written(tmp_path, WORSE, BETTER))
    assert texts(achievements, result) == [
        "3 个单位平均分由上年的 13.00 分提高到 16.00 分，提高 3.00 分。",
        "最高分与最低分相差 5.00 分，比上年的 9.00 分缩小 4.00 分。",
        "等次优秀的单位有 2 个，比上年的 1 个多 1 个。",
    ]
    assert of_rule(result, "rose_most")[:1] == ["乙县由上年第 2 名升到第 1 名，上升 1 位，升幅最大。"]
    assert texts(lacks, result) == [
        "甲县由上年第 1 名降到第 2 名，下降 1 位，降幅最大。",
        "丙县第y条指标y失 5.00 分（满分 10.00 分），单项失分最多。",
    ]
    assert texts(next_steps, result) == [
        "请名次下降最多的甲县先整改失分最多的第y条指标y（失 2.00 分）。",
        "请丙县整改第y条指标y。",
    ]
    found = overview(result, "all")
    assert (found.risen, found.fallen, found.same, found.moves_open) == (1, 1, 1, 0)
    assert found.before is not None and found.before.mean == n("13.00")
    assert found.common_mean is not None and found.common_mean.difference == n("3.00")


def test_a_worse_year(tmp_path: Path) -> None:
    """乙 and 丙 have 4 of 5 news. 乙 falls from 18 to 12, 丙 from 13 to 9; 丙 is last and loses 5 on x, 6 on y."""
    result = scored(written(tmp_path, BETTER, WORSE))
    assert texts(lacks, result) == [
        "“信息不够”涉及 2 个单位（适用的共 3 个）：乙县、丙县，合计差 2 条。",
        "3 个单位平均分由上年的 16.00 分降到 13.00 分，降低 3.00 分。",
        "最高分与最低分相差 9.00 分，比上年的 5.00 分扩大 4.00 分。",
    ]
    assert texts(next_steps, result) == [
        "请乙县、丙县把“信息不够”纳入整改，合计差 2 条。",
        "请总分比上年低的 2 个单位逐项查找原因，先抓乙县（低 6.00 分）。",
        "请总分最低的丙县先整改失分最多的第y条指标y（失 6.00 分）。",
    ]


def test_another_edition_is_said_so(tmp_path: Path) -> None:
    """Last year each b was worth half a point: 甲 9 + 4.5, 乙 8 + 2, 丙 5 + 2, together 30.5 ÷ 3 = 10.1666… → 10.17; now 16."""
    folder = with_old_edition(written(tmp_path, WORSE, BETTER), ("measure: b, each: 1", "measure: b, each: 0.5"))
    result = scored(folder)
    assert texts(achievements, result)[0] == "3 个单位平均分由上年的 10.17 分提高到 16.00 分，提高 5.83 分（办法有变）。"
    assert overview(result, "all").edition_changed
    assert all("办法有变" in text for text in texts(achievements, result)[:3])


def test_other_full_marks_are_not_set_side_by_side(tmp_path: Path) -> None:
    """Last year the group had 30 points: neither means nor distances nor grades are compared; places are."""
    folder = with_old_edition(written(tmp_path, WORSE, BETTER), ("full_marks: 20}", "full_marks: 30}"))
    result = scored(folder)
    assert {one.rule for one in achievements(result, "all")} == {"rose_most", "no_shortfall"}
    found = overview(result, "all")
    assert (found.comparable, found.common_mean) == (False, None)
    assert found.before is not None


def test_who_has_a_total_in_one_year_only_is_not_in_the_mean(tmp_path: Path) -> None:
    """Both years have 甲 18 → 17 and 乙 12 → 18: means 15 and 17.5. 丙 waits now; 丁 had nothing reported then."""
    then = "unit a b\n甲县 9 9\n乙县 8 4\n丙县 5 4\n丁县 _ 4\n"
    result = scored(written(tmp_path, then, "unit a b\n甲县 9 8\n乙县 9 9\n丙县 _ 5\n丁县 6 6\n"))
    assert texts(achievements, result)[0] == (
        "两年都有总分的 2 个单位，平均分由上年的 15.00 分提高到 17.50 分，提高 2.50 分；"
        "1 个单位（丙县）总分暂缺，未计入；1 个单位（丁县）上年没有总分，未计入。"
    )
    assert of_rule(result, "gap_narrowed") == of_rule(result, "gap_widened") == of_rule(result, "more_best") == []
    assert overview(result, "all").before is not None


def test_a_provisional_place_is_no_rise(tmp_path: Path) -> None:
    """丙 is 9 + 9 now, 丁 waits and can come before or after everybody: no place is final."""
    then, now = "unit a b\n甲县 9 9\n乙县 8 4\n丙县 5 4\n丁县 6 1\n", "unit a b\n甲县 8 8\n乙县 8 7\n丙县 9 8\n丁县 _ 9\n"
    result = scored(written(tmp_path, then, now))
    assert of_rule(result, "rose_most") == of_rule(result, "fell_most") == []
    found = overview(result, "all")
    assert found.moves_open == found.risen + found.fallen + found.same == 3


def test_who_rose_alike_is_named_together(tmp_path: Path) -> None:
    """甲 18, 乙 16, 丙 14, 丁 12 become 甲 12, 乙 17, 丙 15, 丁 10: 1 2 3 4 → 3 1 2 4, both up by one."""
    then = "unit a b\n甲县 9 9\n乙县 8 8\n丙县 7 7\n丁县 6 6\n"
    result = scored(written(tmp_path, then, "unit a b\n甲县 6 6\n乙县 9 8\n丙县 8 7\n丁县 5 5\n"))
    assert of_rule(result, "rose_most")[:1] == ["乙县（第 2 名升到第 1 名）、丙县（第 3 名升到第 2 名）比上年各上升 1 位，并列升幅最大。"]
    assert of_rule(result, "fell_most")[:1] == ["甲县由上年第 1 名降到第 3 名，下降 2 位，降幅最大。"]


def test_an_unfinished_year_is_not_set_beside_a_whole_one(tmp_path: Path) -> None:
    project = opened(written(tmp_path, WORSE, BETTER))
    for day, count in ((date(2024, 7, 1), 0), (date(2024, 12, 30), 0), (date(2024, 12, 31), 4)):
        result = project.assess("2024", day)
        compared = [one for one in candidates(result, "all") if one.rule in ("mean_rose", "gap_narrowed", "more_best", "rose_most")]
        assert len(compared) == count, day


# --- sections, veto, consequences ---------------------------------------------------------------------------


def sections(folder: Path, table: str) -> Assessment:
    two = "- code: p\n  title: 办案\n  indicators:\n    - {code: x, title: 指标x, clause: 第x条, full_marks: 10, rules: [{kind: awards, parts: [{measure: a, each: 1}], cap: full}]}\n"
    two += two.replace("code: p", "code: q").replace("办案", "宣传").replace("x", "y").replace("measure: a", "measure: b")
    veto = "- {kind: veto, code: v, title: 造假, clause: 第三条, when: c > 0, effect: {grade: 一般}}\n"
    return Tiny(table, sections=two, adjustments=veto, groups=GROUPS, grades="[{title: 优秀, at_least: 17}, {title: 一般}]").score(folder).assessment


def test_shares_of_sections_and_no_veto(tmp_path: Path) -> None:
    """办案 9 + 8 = 17 of 20 = 85.0%; 宣传 4 + 3 = 7 of 20 = 35.0%; 丙 waits for its figure of 宣传 and is left out of both."""
    result = sections(tmp_path, "unit a b c\n甲县 9 4 0\n乙县 8 3 0\n丙县 1 _ 0\n")
    assert texts(achievements, result) == [
        "各一级指标中得分率最高的是办案，已有总分的 2 个单位共得 17.00 分，为适用满分 20.00 分的 85.0%。",
        "没有单位因第三条被一票否决。",
    ]
    assert texts(lacks, result)[1] == "各一级指标中得分率最低的是宣传，已有总分的 2 个单位共得 7.00 分，为适用满分 20.00 分的 35.0%。"
    assert texts(next_steps, result)[1] == "宣传先抓第y条指标y：2 个单位共失 13.00 分，请甲县、乙县整改。"


@pytest.mark.parametrize("told", ["1", "_", "*"])
def test_a_veto_that_holds_or_is_open_is_not_denied(tmp_path: Path, told: str) -> None:
    result = sections(tmp_path, f"unit a b c\n甲县 9 4 0\n乙县 8 3 {told}\n丙县 1 1 0\n")
    assert of_rule(result, "no_veto") == []


def test_consequences_tell_what_is_settled_and_what_is_open(tmp_path: Path) -> None:
    """甲 18, 乙 15, 丁 10; 丙 has 1 and up to 10 more: 1–11. 丁 is last or last but one; whether 丙 is depends on its figure."""
    folder = Tiny("unit a b\n甲县 9 9\n乙县 8 7\n丙县 _ 1\n丁县 5 5\n", TWO_AWARDS, groups=GROUPS).write(tmp_path)
    path = folder / "config" / "scoring.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "consequences:\n- {clause: 第九条, when: place_from_last <= 1, action: 约谈, within_days: 30}\n",
                    encoding="utf-8")  # fmt: skip
    result = scored(folder)
    assert texts(consequences, result) == ["按第九条约谈，30 日内：待定：丁县、丙县。"]
    assert consequences(result, "all")[0].short == "约谈：待定 2 个"


def test_a_mean_is_rounded_half_away_from_zero(tmp_path: Path) -> None:
    """(9.03 + 9.02) ÷ 2 = 9.025 → 9.03; half to even would say 9.02."""
    indicators = item("rules: [{kind: awards, parts: [{measure: a, each: 0.01}], cap: full}]", "x")
    result = one_year(tmp_path, "unit a\n甲县 903\n乙县 902\n", indicators)
    assert overview(result, "all").mean == Decimal("9.03")

"""The shapes of TIME: how late, milestones within the period, late reports that count for nothing, reports too early.

The expected values are counted by hand in the comments.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from scoring.engine.explain import indicator_traces, source_lines
from scoring.project import open_project
from scoring.rubric.words import measure as measure_words
from scoring.store.database import FULL_MONTHS
from tests.tiny import Scores, Tiny, item, n

NOTICE = """\
form: notice
title: 年度报告
dated_by: seen_on
due: {{dates: [{due}], {more}}}
columns:
  - {{code: seen_on, title: 日期, type: date, required: true}}
"""


def received(*came: str) -> str:
    """One line for each unit of which a report came, in the order of the units."""
    lines = [f"notice {unit} DUE {day.replace(' ', '␣')} 已收" for unit, day in zip(UNITS, came, strict=False) if day]
    return "\n".join(["报表 单位 报送期 收到时间 结果", *lines])


UNITS = ["甲县", "乙县", "丙县", "丁县", "戊县", "己县", "庚县"]


def reported(
    tmp_path: Path, rule: str, came: list[str], due: str, more: str = 'by: "24:00"', full: str = "50"
) -> Scores:
    return Tiny(
        indicators=item(f"rules: [{{kind: timeliness, form: notice, {rule}}}]", full=full),
        units=UNITS[: len(came)],
        forms={"notice": NOTICE.format(due=due, more=more)},
        data={"submissions": received(*came).replace("DUE", due)},
    ).score(tmp_path)


def points(scores: Scores, units: list[str] = UNITS) -> list[Any]:
    return [scores.points(unit) for unit in units]


def told(scores: Scores, unit: str = "c1") -> str:
    (trace,) = indicator_traces(scores.assessment, unit)
    return "\n".join([trace.rule, trace.sentence, *source_lines(scores.assessment, scores.project.store, unit, trace)])


# --- how late ---------------------------------------------------------------------------------------------


def test_ten_points_for_every_month_late(tmp_path: Path) -> None:
    """D36.2 年度报告每迟一个月扣 10 分，不足一个月按一个月计；不报不得分."""
    came = ["2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01", "2024-05-31", "2024-06-01", ""]
    scores = reported(tmp_path, "late: 10, late_each: month, missing: full", came, "2024-01-31")
    # due on the last of January: 02-29 is the day that corresponds and ends the first month, 03-01 begins the second;
    # 05-31 ends the fourth, 06-01 begins the fifth (5 · 10 = all 50); never: all 50
    assert [scores.measure(unit, "notice.months_late")["value"] for unit in UNITS] == [0, 1, 1, 2, 4, 5, 0]
    assert points(scores) == [n(50), n(40), n(40), n(30), n(10), n(0), n(0)]


def test_months_late_are_told(tmp_path: Path) -> None:
    scores = reported(tmp_path, "late: 10, late_each: month, missing: full", ["2024-05-31"], "2024-01-31")
    assert told(scores).splitlines() == [
        "年度报告：迟报每个月扣 10 分（不足一个月按一个月计）；未报每次扣 50 分，扣完为止",
        "应报 1 次，迟报 4 个月扣 40.00 分，得 10.00 分",
        "来源：报送登记 · 年度报告迟报月数：2024年1月31日（4 个月）",
    ]


@pytest.mark.parametrize(
    ("each", "late", "words"),
    [
        ("report", [0, 1, 1, 1, 1, 1], "迟报每次扣 1 分"),
        ("day", [0, 1, 1, 3, 4, 5], "迟报每天扣 1 分（不足一天按一天计）"),
        ("workday", [0, 1, 1, 1, 2, 3], "迟报每个工作日扣 1 分（不足一个工作日按一个工作日计）"),
        ("month", [0, 1, 1, 1, 1, 1], "迟报每个月扣 1 分（不足一个月按一个月计）"),
    ],
)
def test_what_has_begun_counts(tmp_path: Path, each: str, late: list[int], words: str) -> None:
    """Due on Friday 2024-03-15 at three: on the stroke, a minute late, on Saturday, Monday, Tuesday, Wednesday."""
    came = [f"2024-03-{day}" for day in ("15 15:00", "15 15:01", "16", "18", "19", "20")]
    scores = reported(tmp_path, f"late: 1, late_each: {each}, missing: 9", came, "2024-03-15", 'by: "15:00"', full="10")
    assert points(scores, UNITS[:6]) == [n(10 - times) for times in late]
    assert words in told(scores)


def test_days_late_are_added_over_the_reports_and_capped(tmp_path: Path) -> None:
    """Three reports of which one is 2 days late and one 40: 42 · 0.5 = 21, at most 6."""
    form = NOTICE.format(due="2024-03-15, 2024-06-28, 2024-09-27", more='by: "24:00"')
    lines = ["报表 单位 报送期 收到时间 结果", "notice 甲县 2024-03-15 2024-03-17 已收"]
    lines += ["notice 甲县 2024-06-28 2024-06-28 已收", "notice 甲县 2024-09-27 2024-11-06 已收"]
    rule = "late: 0.5, late_each: day, missing: 3"
    found = []
    for name, cap in (("open", ""), ("capped", ", late_cap: 6")):
        scores = Tiny(
            indicators=item(f"rules: [{{kind: timeliness, form: notice, {rule}{cap}}}]", full="30"), units=["甲县"],
            forms={"notice": form}, data={"submissions": "\n".join(lines)},
        ).score(tmp_path / name)  # fmt: skip
        found.append(scores.points("甲县"))
    assert found == [n(9), n(24)]


def test_working_days_late_beyond_the_holidays(tmp_path: Path) -> None:
    """Due 2024-09-30; back from 国庆 on 10-08 is the first working day, 10-09 the second (10-12 Saturday is worked)."""
    came = ["2024-10-01", "2024-10-08", "2024-10-09", "2024-10-12"]
    scores = reported(tmp_path, "late: 1, late_each: workday, missing: 9", came, "2024-09-30", full="10")
    # 10-08, 09, 10, 11, 12: five working days
    assert points(scores, UNITS[:4]) == [n(9), n(9), n(8), n(5)]


def test_a_month_runs_from_the_moved_deadline(tmp_path: Path) -> None:
    """Saturday 2024-03-16 is moved to Monday 03-18: 04-18 still lies in the first month."""
    scores = reported(
        tmp_path, "late: 1, late_each: month, missing: 9", ["2024-04-18", "2024-04-19"], "2024-03-16",
        'by: "24:00", on_day_off: next', full="10",
    )  # fmt: skip
    assert points(scores, UNITS[:2]) == [n(9), n(8)]


def test_the_sql_of_the_register_is_longer_only_where_it_is_used(tmp_path: Path) -> None:
    plain = reported(tmp_path / "a", "late: 1, missing: 2", ["2024-03-20"], "2024-03-15")
    months = reported(tmp_path / "b", "late: 1, late_each: month, missing: 2", ["2024-03-20"], "2024-03-15")
    texts = ["\n".join(query.sql for query in one.assessment.plan.queries) for one in (plain, months)]
    assert [("months_late" in text, "workdays_late" in text, "early" in text) for text in texts] == [
        (False, False, False), (True, False, False),
    ]  # fmt: skip


# --- too early --------------------------------------------------------------------------------------------


def test_too_early_is_an_error_too(tmp_path: Path) -> None:
    """D42.1: due 2024-06-28, not before five days earlier (06-23)."""
    scores = reported(
        tmp_path, "late: 1, missing: 3, early: 2", ["2024-06-22", "2024-06-23", "2024-06-28", "2024-06-29", ""],
        "2024-06-28", "not_before: {days: 5}", full="10",
    )  # fmt: skip
    assert points(scores, UNITS[:5]) == [n(8), n(10), n(10), n(9), n(7)]
    assert [row["status"] for row in scores.assessment.rows("due", unit="c1")] == ["on_time"], "early is in time"
    assert told(scores).splitlines()[1:] == [
        "应报 1 次，过早报送 1 次扣 2.00 分，得 8.00 分",
        "来源：报送登记 · 年度报告过早报送次数：2024年6月28日",
    ]


# --- late reports that count for nothing ------------------------------------------------------------------

CASES = """\
form: cases
title: 案件表
dated_by: filed_on
due: {{every: month, day: 5, from: 2024-01-01, to: 2024-03-31{more}}}
columns:
  - {{code: filed_on, title: 立案日期, type: date, required: true}}
"""
ROWS = """
单位 filed_on
甲县 2024-01-10
甲县 2024-02-10
甲县 2024-03-10
乙县 2024-01-10
乙县 2024-02-10
乙县 2024-02-20
乙县 2024-03-10
丙县 2024-01-10
丙县 2024-03-10
"""
CAME = """
报表 单位 报送期 收到时间 结果
cases 甲县 2024-01 2024-02-05 已收
cases 甲县 2024-02 2024-03-05 已收
cases 甲县 2024-03 2024-04-05 已收
cases 乙县 2024-01 2024-02-05 已收
cases 乙县 2024-02 2024-03-06 已收
cases 乙县 2024-03 2024-04-05 已收
cases 丙县 2024-01 2024-02-05 已收
cases 丙县 2024-03 2024-04-05 已收
"""


def filed(tmp_path: Path, more: str, body: str = "") -> Scores:
    return Tiny(
        indicators=item(body or "actual: filed\nrules: [{kind: awards, parts: [{measure: filed, each: 1}]}]"),
        measures="filed: {title: 案件, unit: 件, form: cases, value: count(*)}",
        forms={"cases": CASES.format(more=more)}, data={"cases": ROWS, "submissions": CAME}, units=UNITS[:3],
    ).score(tmp_path)  # fmt: skip


def test_late_rows_count_unless_it_is_said(tmp_path: Path) -> None:
    for name, more in (("unsaid", ""), ("said", ", late_rows: count")):
        scores = filed(tmp_path / name, more)
        # 乙 1 + 2 + 1, a day late in February; 丙 never sent February
        assert points(scores, UNITS[:3]) == [n(3), n(4), None]


def test_late_is_as_if_it_had_never_come(tmp_path: Path) -> None:
    """D77.2 迟报的按没有数据对待：乙 (February a day late) stands as 丙 (no February)."""
    scores = filed(tmp_path, ", late_rows: leave_out")
    assert points(scores, UNITS[:3]) == [n(3), None, None]
    for unit, partial in (("乙县", 2), ("丙县", 2)):
        row = scores.measure(unit, "filed")
        assert (row["state"], row["received"], row["expected"], row["partial"]) == ("missing", 2, 3, partial), unit
    # the register still tells what happened
    rows = scores.assessment.rows("due", due_period="2024-02")
    assert [row["status"] for row in rows] == ["on_time", "late", "missing"]
    assert "案件表已收 2/应收 3（迟报的按未报计）（案件已报部分为 2 件）" in told(scores, "c2")


def test_late_is_as_if_there_had_been_nothing_to_report(tmp_path: Path) -> None:
    """D78.2 迟报的视为没有执法数据: February counts 0 for 乙; for 丙 nobody knows."""
    scores = filed(tmp_path, ", late_rows: as_nil")
    assert points(scores, UNITS[:3]) == [n(3), n(2), None]
    assert scores.measure("乙县", "filed")["received"] == 3


def test_timeliness_counts_a_late_report_as_late_all_the_same(tmp_path: Path) -> None:
    body = "rules: [{kind: timeliness, form: cases, late: 1, missing: 3}]"
    assert points(filed(tmp_path, ", late_rows: leave_out", body), UNITS[:3]) == [n(10), n(9), n(7)]


def problems(tmp_path: Path, **words: Any) -> list[str]:
    return [str(issue) for issue in open_project(Tiny(**words).write(tmp_path)).issues if issue.level == "error"]


@pytest.mark.parametrize(
    ("due", "kept_by", "told"),
    [
        (
            "[{every: month, day: 5, late_rows: leave_out}, {dates: [2024-06-28]}]", "unit",
            "config/forms/cases.yaml:5: due[1].late_rows: 一张报表的各种期限里 late_rows 要一样。请写成相同的，或都不写。",
        ),
        (
            "{every: month, day: 5, late_rows: leave_out}", "office",
            "config/forms/cases.yaml:5: due.late_rows: 办公室登记的台账没有迟报，late_rows 用不上。请删去，或核对 kept_by。",
        ),
        (
            "{every: month, day: 5, late_rows: away}", "unit",
            "config/forms/cases.yaml:5: due.late_rows: 不能是“away”。只能是 count、leave_out、as_nil。",
        ),
    ],
)  # fmt: skip
def test_what_a_form_may_not_say_of_late_rows(tmp_path: Path, due: str, kept_by: str, told: str) -> None:
    form = f"""\
form: cases
title: 案件表
kept_by: {kept_by}
dated_by: filed_on
due: {due}
columns:
  - {{code: filed_on, title: 立案日期, type: date, required: true}}
"""
    body = "actual: filed\nrules: [{kind: awards, parts: [{measure: filed, each: 1}]}]"
    measure = "filed: {title: 案件, form: cases, value: count(*)}"
    assert told in problems(tmp_path, indicators=item(body), measures=measure, forms={"cases": form}, units=["甲县"])


# --- milestones: days without a year ----------------------------------------------------------------------

TASKS = """\
form: tasks
title: 任务台账
dated_by: given_on
columns:
  - {code: given_on, title: 下达日期, type: date, required: true}
  - {code: done_on, title: 完成日期, type: date}
"""


def tasks(
    tmp_path: Path, rows: str, measures: str, body: str, as_of: date | None = None, period: str = "2024", **words: Any
) -> Scores:
    data = "单位 given_on done_on\n" + rows
    return Tiny(
        indicators=item(body), measures=measures, forms={"tasks": TASKS}, data={"tasks": data},
        units=sorted({line.split()[0] for line in rows.strip().splitlines()}, key=UNITS.index), **words,
    ).score(tmp_path, as_of, period)  # fmt: skip


def lots(unit: str, given: str, *done: tuple[int, str]) -> str:
    """So many tasks each done on a day."""
    return "".join(f"{unit} {given} {day}\n" for times, day in done for _ in range(times))


MILESTONES = """
by_june: {title: 6 月底前完成, unit: 个, form: tasks, value: count(*), where: done_on <= '06-30', known_on: 06-30}
by_october: {title: 10 月底前完成, unit: 个, form: tasks, value: count(*), where: done_on <= '10-30', known_on: 10-30}
"""
LAGGING = "rules: [{kind: deductions, parts: [{if: by_june < 7, points: 4, title: 6 月进度}, {if: by_october < 15, points: 6, title: 10 月进度}]}]"


def test_seven_of_fifteen_by_june_all_by_october(tmp_path: Path) -> None:
    """D51.2: 15 projects, 7 done by 30 June, all by 30 October."""
    rows = lots("甲县", "2024-01-02", (7, "2024-06-30"), (8, "2024-10-30"))
    rows += lots("乙县", "2024-01-02", (6, "2024-06-30"), (1, "2024-07-01"), (8, "2024-10-30"))
    rows += lots("丙县", "2024-01-02", (7, "2024-05-01"), (7, "2024-10-30"), (1, "2024-10-31"))
    rows += lots("丁县", "2024-01-02", (6, "2024-06-30"), (9, "_"))
    # 甲 both days met → 10; 乙 one of the seven a day late → 6; 丙 the last a day late → 4; 丁 neither → 0
    assert points(tasks(tmp_path, rows, MILESTONES, LAGGING), UNITS[:4]) == [n(10), n(6), n(4), n(0)]


@pytest.mark.parametrize(
    ("as_of", "june", "october", "low", "high"),
    [
        (date(2024, 6, 29), "pending", "pending", 0, 10),
        (date(2024, 6, 30), "value", "pending", 4, 10),
        (date(2024, 10, 29), "value", "pending", 4, 10),
        (date(2024, 10, 30), "value", "value", 4, 4),
    ],
)
def test_nobody_is_late_before_the_day_has_come(
    tmp_path: Path, as_of: date, june: str, october: str, low: int, high: int
) -> None:
    rows = lots("甲县", "2024-01-02", (7, "2024-05-31"), (7, "2024-06-01"))  # 14 by October: 10 − 6
    scores = tasks(tmp_path, rows, MILESTONES, LAGGING, as_of)
    assert [scores.measure("甲县", code)["state"] for code in ("by_june", "by_october")] == [june, october]
    assert scores.range("甲县") == (n(low), n(high))


def test_a_milestone_that_has_not_come_is_told(tmp_path: Path) -> None:
    rows = lots("甲县", "2024-01-02", (7, "2024-05-31"))
    text = told(tasks(tmp_path, rows, MILESTONES, LAGGING, date(2024, 7, 1)))
    assert "10 月底前完成到 10 月 30 日才能定（目前为 7 个）" in text


def test_a_period_from_july_has_its_june_last(tmp_path: Path) -> None:
    """Period 2024: 2024-07-01 to 2025-06-30. '10-30' is 2024-10-30, '06-30' is 2025-06-30."""
    rows = lots("甲县", "2024-07-02", (1, "2024-10-30"), (1, "2024-10-31"), (1, "2025-06-30"))
    measures = """
    by_june: {title: 六月底, form: tasks, value: count(*), where: done_on <= '06-30'}
    by_october: {title: 十月底, form: tasks, value: count(*), where: done_on <= '10-30'}
    """
    body = "rules: [{kind: awards, parts: [{measure: by_june, each: 1}, {measure: by_october, each: 3}]}]"
    scores = tasks(tmp_path, rows, measures, body, starts="07-01", periods='["2024", "2025"]')
    assert scores.points("甲县") == n(6)  # 3 · 1 + 1 · 3


def test_last_years_day_is_meant_in_last_year(tmp_path: Path) -> None:
    rows = lots("甲县", "2023-02-01", (2, "2023-06-30"), (1, "2023-07-01")) + lots(
        "甲县", "2024-02-01", (1, "2024-06-30"), (4, "2024-07-01")
    )
    measures = """
    now: {title: 今年六月底, form: tasks, value: count(*), where: done_on <= '06-30'}
    before: {title: 上年六月底, of: now, over: whole_last_year}
    """
    body = "rules: [{kind: awards, parts: [{measure: now, each: 1}, {measure: before, each: 3}]}]"
    scores = tasks(tmp_path, rows, measures, body, periods='["2023", "2024"]')
    assert scores.points("甲县") == n(7)  # 1 · 1 + 2 · 3


def test_a_day_without_a_year_beside_other_spans(tmp_path: Path) -> None:
    """between, in, days(): each within the period."""
    rows = lots("甲县", "2024-01-02", (1, "2024-02-01"), (1, "2024-02-28"), (1, "2024-03-01"), (1, "2024-06-10"))
    measures = """
    a: {title: a, form: tasks, value: count(*), where: done_on between '02-01' and '02-28'}
    b: {title: b, form: tasks, value: count(*), where: "done_on in ('02-28', '06-10')"}
    c: {title: c, form: tasks, value: count(*), where: "days('03-01', done_on) > 100"}
    d: {title: d, form: tasks, value: count(*), where: month(done_on) = 2}
    """
    body = "rules: [{kind: deductions, parts: [{if: a = 2 and b = 2 and c = 1 and d = 2, points: 3}]}]"
    assert tasks(tmp_path, rows, measures, body).points("甲县") == n(7)  # 03-01 to 06-10 are 101 days


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("done_on <= '06-31'", "measures.a.where: 没有 06-31 这一天。月日写成 '06-30' 的样子。"),
        ("done_on <= '02-29'", "measures.a.where: 不是每年都有 2 月 29 日。到 2 月底为止写 < '03-01'。"),
        ("done_on <= '6-30'", "measures.a.where: “6-30”不是日期。请写成 '2024-01-31'；每年的这一天写成 '01-31'。"),
        (
            "done_on between '12-01' and '01-31'",
            "measures.a.where: '12-01' 至 '01-31' 跨过了考核期的起点，考核期内没有这样的日子。请写成 >= '12-01' or … <= '01-31'。",
        ),
        ("months(given_on, done_on) > 2.5", "measures.a.where: months 只能与整数比较。例如 months(accepted_on, closed_on) > 3。"),
        ("month(given_on, done_on) = 2", "measures.a.where: month 里写一个日期列。例如 month(found_on) = 3。"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_meant(tmp_path: Path, where: str, told: str) -> None:
    body = "actual: a\nrules: [{kind: awards, parts: [{measure: a, each: 1}]}]"
    measure = f'a: {{title: a, form: tasks, value: count(*), where: "{where}"}}'
    found = problems(tmp_path, indicators=item(body), measures=measure, forms={"tasks": TASKS}, units=["甲县"])
    assert [one.partition(": ")[2] for one in found] == [told]


def test_a_milestone_in_words(tmp_path: Path) -> None:
    scores = tasks(tmp_path, lots("甲县", "2024-01-02", (1, "2024-06-30")), MILESTONES, LAGGING)
    assert scores.project.rubric is not None
    told = measure_words(scores.project.rubric, "by_june")
    assert told == "任务台账，行数，只数完成日期不晚于 6 月 30 日的，6 月 30 日起才计，此前暂缺，以个计"


# --- months between two days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2024-01-15", "2024-02-14", 0), ("2024-01-15", "2024-02-15", 1), ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1), ("2023-01-31", "2023-02-28", 1), ("2024-01-31", "2024-03-30", 1),
        ("2024-02-29", "2025-02-28", 12), ("2024-05-05", "2024-05-05", 0), ("2024-05-05", "2024-05-04", -1),
    ],
)  # fmt: skip
def test_full_months(first: str, last: str, months: int) -> None:
    connection = duckdb.connect()
    connection.execute(FULL_MONTHS)
    assert connection.execute(f"SELECT full_months(DATE '{first}', DATE '{last}')").fetchone() == (months,)


@pytest.mark.parametrize(
    ("where", "counted"),
    [
        ("months(given_on, done_on) < 1", 1),
        ("months(given_on, done_on) <= 1", 2),
        ("months(given_on, done_on) > 1", 2),
        ("months(given_on, done_on) >= 1", 3),
        ("1 <= months(given_on, done_on)", 3),
        ("months(given_on, done_on) = 1", 2),  # full months
        ("months(given_on, done_on) >= 2", 1),
    ],
)
def test_more_than_a_month_is_a_month_and_a_day(tmp_path: Path, where: str, counted: int) -> None:
    """Given on 01-31: 02-28 not yet a month, 02-29 just one, 03-30 a month and 30 days, 03-31 two."""
    rows = lots("甲县", "2024-01-31", (1, "2024-02-28"), (1, "2024-02-29"), (1, "2024-03-30"), (1, "2024-03-31"))
    measure = f'a: {{title: a, form: tasks, value: count(*), where: "{where}"}}'
    body = "actual: a\nrules: [{kind: awards, parts: [{measure: a, each: 1}]}]"
    assert tasks(tmp_path, rows, measure, body).points("甲县") == n(counted)


def test_months_as_a_figure(tmp_path: Path) -> None:
    rows = lots("甲县", "2024-01-31", (1, "2024-02-28"), (1, "2024-02-29"), (1, "2024-03-30"), (1, "2024-03-31"))
    body = "actual: a\nrules: [{kind: awards, parts: [{measure: a, each: 1}]}]"
    scores = tasks(tmp_path, rows, "a: {title: a, form: tasks, value: 'sum(months(given_on, done_on))'}", body)
    assert scores.points("甲县") == n(0 + 1 + 1 + 2)


# --- years that nobody knows ------------------------------------------------------------------------------


def test_working_days_late_in_a_year_without_a_table(tmp_path: Path) -> None:
    """2027 has no table: Monday to Friday are worked, and check says so."""
    scores = Tiny(
        indicators=item("rules: [{kind: timeliness, form: notice, late: 1, late_each: workday, missing: 9}]"),
        units=["甲县"],
        forms={"notice": NOTICE.format(due="2027-03-05", more='by: "24:00"')},
        data={"submissions": "报表 单位 报送期 收到时间 结果\nnotice 甲县 2027-03-05 2027-03-09 已收"},
        periods='["2027"]',
    ).score(tmp_path, date(2027, 12, 31), "2027")
    assert scores.points("甲县") == n(8)  # Friday to Tuesday: Monday and Tuesday
    assert any("2027" in issue.problem and "法定节假日" in issue.problem for issue in scores.project.issues)

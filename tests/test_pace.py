"""任务进度: what is lacking, what that takes per week, where the pace leads. By hand, and against the raw files of the demo city.

By hand the year is 2029: no calendar of holidays is known, so Monday to Friday are worked; it begins on a Monday and has
52 · 5 + 1 = 261 working days (31 December is a Monday).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path

import chinese_calendar
import pytest

from scoring.calendar import WorkCalendar
from scoring.engine.run import _elapsed
from scoring.insight.pace import Pace, Target, Time, paces, rate, sentence, worst_first
from tests.demo import code, demo, raw, scored
from tests.tiny import Scores, Tiny, item

CALENDAR = WorkCalendar(date(2028, 1, 1), date(2030, 12, 31), {})
START, END = date(2029, 1, 1), date(2029, 12, 31)
NOVEMBER = date(2029, 11, 24)  # a Saturday, day 328: 46 weeks and a Saturday, 46 · 5 + 5 = 235 working days, 37 days left


def pace(actual: int | None, target: int | None, as_of: date = NOVEMBER, to: date | None = None, kind: Target = "issued") -> Pace:
    done, wanted = (None if one is None else Decimal(one) for one in (actual, target))
    time = Time.of(CALENDAR, START, END, as_of, to)
    return Pace("c1", "all", "x", "办案任务", "件", kind, done, wanted, time, "案件台账已收 2/应收 3")


def test_what_is_lacking_per_week_and_where_the_pace_leads() -> None:
    one = pace(17, 21)
    assert (one.time.workdays, one.time.elapsed, one.days_left) == (261, 235, 37)
    assert (one.gap, one.weeks_left, one.per_week) == (4, Fraction(37, 7), Fraction(28, 37))  # 4 · 7 ÷ 37 = 0.756…
    assert one.forecast == 18, "17 · 261 ÷ 235 = 18.88, and the nineteenth is not done"
    assert one.reaches is False
    assert sentence(one) == "差 4 件，还剩 37 天，每周需 0.8 件；照现在的进度到年底 18 件，完不成"


def test_a_pace_that_is_enough() -> None:
    assert pace(24, 26).reaches is True, "24 · 261 ÷ 235 = 26.66"
    assert sentence(pace(24, 26)) == "进度够：照现在到年底 26 件"
    assert pace(23, 26).reaches is False, "23 · 261 ÷ 235 = 25.54: 25 are done"
    assert sentence(pace(26, 26)) == sentence(pace(26, 26, END)) == "已完成：任务 26 件，已办 26 件"
    assert sentence(pace(30, 26)) == "已完成：任务 26 件，已办 30 件"
    assert pace(30, 26).gap == 0


def test_over_there_is_only_the_gap() -> None:
    one = pace(17, 21, END)
    assert (one.days_left, one.per_week, one.forecast, one.reaches) == (0, None, None, None)
    assert sentence(one) == sentence(pace(17, 21, date(2030, 1, 20))) == "考核期已结束，差 4 件"
    assert one.behind
    assert sentence(pace(17, 21, END, date(2029, 9, 30))) == "考核期已结束，数只报到 9 月 30 日，差 4 件"


@pytest.mark.parametrize(
    "as_of, told",
    [
        # a Friday, the 5th working day; and the 9th and 10th: Thursday and Friday of the second week. 12 · 7 ÷ 353 = 0.238
        (date(2029, 1, 5), "差 12 件，还剩 360 天，每周需 0.2 件；时间太短，看不出"),
        (date(2029, 1, 11), "差 12 件，还剩 354 天，每周需 0.2 件；时间太短，看不出"),
        (date(2029, 1, 12), "差 12 件，还剩 353 天，每周需 0.2 件；照现在的进度到年底 0 件，完不成"),
        (date(2028, 12, 20), "考核期还没有开始：任务 12 件，还剩 376 天"),
    ],
)
def test_nothing_is_forecast_before_ten_working_days(as_of: date, told: str) -> None:
    assert sentence(pace(0, 12, as_of)) == told


def test_the_first_day_is_no_working_day() -> None:
    """A period that starts on a Saturday: 2029-12-01. Thirty days are left on the first."""
    time = Time.of(CALENDAR, date(2029, 12, 1), END, date(2029, 12, 1))
    one = Pace("c1", "all", "x", "任务", "件", "issued", Decimal(0), Decimal(3), time)
    assert (one.state, one.forecast) == ("not_begun", None)
    assert sentence(one) == "还没有过工作日，看不出进度：任务 3 件，还剩 30 天"


def test_half_of_a_tenth_is_rounded_up_and_nothing_needed_is_never_zero() -> None:
    assert rate(pace(11, 12, END - timedelta(140))) == "0.1 件", "7 ÷ 140 = 0.05"
    assert rate(pace(11, 12, END - timedelta(141))) == "不到 0.1 件", "7 ÷ 141 = 0.0496"
    assert "还剩 141 天，每周不到 0.1 件；" in sentence(pace(0, 1, END - timedelta(141)))
    assert rate(pace(0, 12, END - timedelta(7))) == "12 件"
    assert sentence(pace(8, 12, END - timedelta(3))).startswith("差 4 件，只剩 3 天；"), "not 9.3 a week"


def test_figures_that_end_earlier_go_by_the_days_they_cover() -> None:
    """Reported by the quarter: three quarters are 39 weeks of 5 = 195 working days (30 September is a Sunday)."""
    one = pace(17, 21, to=date(2029, 9, 30))
    assert (one.time.elapsed, one.forecast) == (195, 22), "17 · 261 ÷ 195 = 22.75; by the days until November it would be 18"
    assert sentence(one) == "进度够：报到 9 月 30 日，照那时的进度到年底 22 件"
    assert sentence(pace(15, 21, to=date(2029, 9, 30))) == (
        "差 6 件，还剩 37 天，每周需 1.1 件；报到 9 月 30 日，照那时的进度到年底 20 件，完不成"
    )  # 6 · 7 ÷ 37 = 1.135; 15 · 261 ÷ 195 = 20.08


def test_what_is_not_there_is_no_zero() -> None:
    nothing = [pace(None, 12), pace(3, None), pace(None, None), pace(0, 0), pace(3, 0)]
    assert [one.state for one in nothing] == ["no_actual", "no_target", "no_target", "zero_target", "zero_target"]
    assert all((one.per_week, one.forecast, one.reaches) == (None, None, None) and not one.behind for one in nothing)
    assert [one.gap for one in nothing] == [None, None, None, 0, 0]
    assert sentence(pace(None, 12)) == "案件台账已收 2/应收 3，看不出进度"
    assert sentence(pace(3, None)) == "案件台账已收 2/应收 3，看不出差多少"
    assert sentence(pace(3, 0)) == "任务为 0，不用看进度"


def test_of_a_list_only_what_is_lacking() -> None:
    one = pace(5, 7, kind="listed")
    assert (one.per_week, one.forecast, one.behind) == (None, None, True)
    assert sentence(one) == "到期的 7 件，办完 5 件，差 2 件"


def test_the_worst_come_first() -> None:
    """Of 20: 15 · 261 ÷ 235 = 16, a fifth will be lacking; of 8 with 6: again 6, a quarter; 10 of 20 with 5: 45 %."""
    listed = [pace(24, 26), pace(26, 26), pace(None, 9), pace(15, 20), pace(6, 8), pace(5, 10), pace(0, 1), pace(0, 2)]
    found = [(one.actual, one.target) for one in worst_first(listed)]
    assert found == [(0, 2), (0, 1), (5, 10), (6, 8), (15, 20), (24, 26), (None, 9), (26, 26)]


# --- from files to sentences -------------------------------------------------------------------------------

BOOK = """\
form: book
title: 案件台账
kept_by: unit
dated_by: filed_on
key: [no]
due: {every: quarter, day: 10, nil_report: required}
columns:
  - {code: no, title: 文号, type: text, required: true}
  - {code: filed_on, title: 立案日期, type: date, required: true}
  - {code: amount, title: 案值, type: integer}
"""
AIMS = """\
form: aims
title: 年度任务
kept_by: office
dated_by: issued_on
key: [issued_on]
columns:
  - {code: issued_on, title: 下达日期, type: date, required: true}
  - {code: cases, title: 案件, type: integer}
  - {code: big, title: 大案, type: integer}
"""
MEASURES = """\
cases: {title: 案件数, unit: 件, form: book, value: count(*)}
big: {title: 大案数, unit: 件, form: book, value: count(*), where: amount >= 5}
aim: {title: 办案任务, unit: 件, form: aims, value: only(cases)}
big_aim: {title: 大案任务, unit: 件, form: aims, value: only(big)}
before: {title: 上年案件数, unit: 件, of: cases, over: whole_last_year}
"""
RULES = "rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]"


def wanted(code: str, actual: str, target: str, when: str = "value < 100") -> str:
    body = f"actual: {actual}\ntarget: {target}\nvalue: 100 * actual / target\n{RULES}\n"
    flag = f'flag: {{when: "{when}", by: period_end, label: 没有完成, gap: target - actual}}'
    return item(f"base_zero: {{then: full_marks}}\n{body}{flag}", code=code)


def county(tmp_path: Path, as_of: date, **more: str) -> Scores:
    """甲 reported both quarters by 30 July; 乙 the first only; 丙 has a masked amount; 丁 has no target; 戊 a target of 0."""
    came = [f"book {unit} 2024Q1 2024-04-08 已收" for unit in ["甲县", "乙县", "丙县", "丁县", "戊县"]]
    came += [f"book {unit} 2024Q2 2024-07-09 已收" for unit in ["甲县", "丙县", "丁县", "戊县"]]
    return Tiny(
        indicators=wanted("volume", "cases", "aim") + wanted("large", "big", "big_aim") + wanted("growth", "cases", "before"),
        measures=MEASURES,
        forms={"book": BOOK, "aims": AIMS},
        units=["甲县", "乙县", "丙县", "丁县", "戊县"],
        data={
            "submissions": "\n".join(["报表 单位 报送期 收到时间 结果", *came]),
            "book": """
                单位 文号 立案日期 案值
                甲县 1 2024-02-01 1
                甲县 2 2024-05-06 1
                甲县 3 2024-06-03 1
                乙县 1 2024-02-01 1
                丙县 1 2024-02-01 **
                丁县 1 2024-02-01 1
                戊县 1 2024-02-01 9
            """,
            "aims": "单位 下达日期 案件 大案\n甲县 2024-01-20 8 1\n乙县 2024-01-20 4 1\n丙县 2024-01-20 4 1\n戊县 2024-01-20 0 1",
        },
        **more,
    ).score(tmp_path, as_of)


def told(scores: Scores) -> dict[tuple[str, str], str]:
    assert scores.project.calendar is not None
    register = scores.assessment.rubric.register
    listed = paces(scores.assessment, scores.project.calendar, "all")
    return {(register.title(one.unit), one.indicator): sentence(one) for one in listed}


def test_missing_masked_not_issued_and_zero_have_their_own_words(tmp_path: Path) -> None:
    """30 July 2024: 154 days are left. By the national calendar there are 251 working days in 2024, and in the first
    half 22 + 18 + 21 + 22 + 21 + 19 = 123: New Year's Day off in January, 10–17 February off and the 4th and 18th
    worked, 4–5 April off and the 7th and 28th worked, 1–5 May off and the 11th worked, 10 June off."""
    found = told(county(tmp_path, date(2024, 7, 30)))
    assert found["甲县", "volume"] == (
        "差 5 件，还剩 154 天，每周需 0.2 件；报到 6 月 30 日，照那时的进度到年底 6 件，完不成"
    )  # 5 · 7 ÷ 154 = 0.227; 3 · 251 ÷ 123 = 6.12
    assert found["乙县", "volume"] == "案件台账已收 1/应收 2（案件数已报部分为 1 件），看不出进度"
    assert found["丙县", "volume"].startswith("差 3 件")
    assert found["丙县", "large"] == "案件台账有 1 行脱敏数字（*），大案数不能计算，看不出进度"
    assert found["丁县", "volume"] == "年度任务尚未登记，看不出差多少"
    assert found["戊县", "volume"] == "任务为 0，不用看进度"
    assert found["戊县", "large"] == "已完成：任务 1 件，已办 1 件"


def test_last_years_figure_is_no_issued_target(tmp_path: Path) -> None:
    assert {indicator for _, indicator in told(county(tmp_path, date(2024, 7, 30)))} == {"volume", "large"}


def test_before_the_first_report_is_due_nothing_is_said(tmp_path: Path) -> None:
    """And what was not issued yet on that day is not there either."""
    assert told(county(tmp_path / "march", date(2024, 3, 20)))["甲县", "volume"] == "案件台账未到报送期，看不出进度"
    assert told(county(tmp_path / "one", date(2024, 1, 1)))["甲县", "volume"] == "年度任务尚未登记，看不出差多少"


def test_where_less_is_better_there_is_no_pace(tmp_path: Path) -> None:
    body = wanted("less", "cases", "aim", "value > 100")
    scores = Tiny(indicators=body, measures=MEASURES, forms={"book": BOOK, "aims": AIMS}, units=["甲县"]).score(tmp_path)
    assert told(scores) == {}


# --- the demo city ---------------------------------------------------------------------------------------------


def demo_paces(as_of: date) -> list[Pace]:
    project, result = demo(), scored("2024", as_of).assessment
    assert project.calendar is not None
    return [one for group in result.rubric.groups for one in paces(result, project.calendar, group)]


@cache
def worked(to: date) -> int:
    """Working days of 2024 up to a day, by the national calendar itself."""
    days = (date(2024, 1, 1) + timedelta(n) for n in range((to - date(2024, 1, 1)).days + 1))
    return sum(chinese_calendar.is_workday(day) for day in days)


def issued(column: str) -> dict[str, int]:
    """What the office wrote down for 2024, by unit; what does not concern a unit is not there."""
    rows = [row for row in raw("targets") if row["下达日期"].startswith("2024")]
    return {code(row["单位"]): int(row[column]) for row in rows if row[column] not in ("/", "")}


def filed(last: str, unit: str) -> int:
    return sum(
        "2024-01-01" <= row["立案日期"] <= last and row["案件类别"] == "行政" and code(row["单位"]) == unit for row in raw("case_ledger")
    )


def test_midyear_the_demo_city_goes_by_the_first_quarter() -> None:
    """On 30 June the ledgers of the first quarter are there (due 10 April), those of the second are not (due 10 July)."""
    as_of, quarter = date(2024, 6, 30), date(2024, 3, 31)
    found = {one.unit: one for one in demo_paces(as_of) if one.indicator == "case_volume"}
    targets, total = issued("行政案件"), worked(date(2024, 12, 31))
    assert total == 251
    seen = 0
    for unit, target in targets.items():
        if unit not in found:  # no duty to handle cases
            continue
        one, done = found[unit], filed("2024-03-31", unit)
        assert (one.actual, one.target, one.gap, one.days_left) == (done, target, max(0, target - done), 184), unit
        if done < target:
            assert one.per_week == Fraction((target - done) * 7, 184)
            assert one.forecast == floor(Fraction(done * total, worked(quarter))), unit
            assert one.reaches == (one.forecast >= target)
            seen += 1
    assert seen >= 15
    assert found[code("澜浦区")].reaches, "31 in the first quarter; at the end of the year there were 80 for 79"
    assert filed("2024-12-31", code("澜浦区")) == 80
    late = {one.state for one in demo_paces(as_of) if one.indicator in ("village_publicity", "news")}
    assert late <= {"no_actual", "no_target"}, "the first half-year is due in July; the register of news is closed in January"


def test_the_working_days_are_those_of_the_engine() -> None:
    project, result = demo(), scored("2024", date(2024, 6, 30)).assessment
    assert project.calendar is not None
    time = Time.of(project.calendar, result.period.start, result.period.end, result.as_of)
    assert Fraction(time.elapsed, time.workdays) == _elapsed(project.store, result.period, result.as_of)
    assert (time.elapsed, time.workdays) == (worked(date(2024, 6, 30)), worked(date(2024, 12, 31)))


def test_on_the_last_day_the_year_is_over_and_the_last_quarter_not_reported() -> None:
    found = {one.unit: one for one in demo_paces(date(2024, 12, 31)) if one.indicator == "case_volume"}
    for unit, target in issued("行政案件").items():
        if unit in found and found[unit].actual is not None:
            one, done = found[unit], filed("2024-09-30", unit)
            assert (one.actual, one.gap, one.forecast, one.per_week) == (done, max(0, target - done), None, None)
            if done < target:
                assert sentence(one) == f"考核期已结束，数只报到 9 月 30 日，差 {target - done} 件"
    assert found[code("茗川县")].state == "no_actual", "its third quarter never came"


def test_at_the_cut_off_the_gaps_are_those_of_the_raw_files_and_of_the_engine() -> None:
    as_of = date(2025, 1, 20)
    listed, result = demo_paces(as_of), scored("2024", as_of).assessment
    by = {(one.unit, one.indicator): one for one in listed}
    assert {one.indicator for one in listed} == {
        "case_volume", "major_cases", "top_cases", "news", "village_publicity", "tasks", "rectification",
    }  # fmt: skip
    for unit, target in issued("工作信息").items():
        sent = sum(row["报送日期"].startswith("2024") and row["渠道"] == "工作信息" and code(row["单位"]) == unit for row in raw("news"))
        assert (by[unit, "news"].actual, by[unit, "news"].gap) == (sent, max(0, target - sent))
    for unit in {one.unit for one in listed}:
        own = [row for row in raw("tasks") if row["应完成日期"].startswith("2024") and code(row["单位"]) == unit]
        assert by[unit, "tasks"].gap == sum(not row["完成日期"] for row in own)
    flagged = {(row["unit"], row["indicator"]): row for row in result.rows("shortfall") if row["gap"]}
    for place, one in by.items():
        if one.indicator != "village_publicity" and one.gap is not None:  # that is flagged from 90 % on
            assert one.gap == (flagged[place]["gap"] if place in flagged else 0), place
            assert one.state in ("done", "zero_target") or one.behind
    assert by[code("茗川县"), "case_volume"].state == "no_actual"
    assert by["d12", "case_volume"].state == "no_target", "nothing was issued to it"

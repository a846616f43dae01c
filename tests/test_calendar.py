"""Working days and deadlines, by the published holiday notices and by hand: calendar, schedules, and what counts as late.

2024: 元旦 01-01；春节 02-10 至 02-17 放假，02-04、02-18（均为星期日）上班；清明 04-04 至 04-06，04-07（日）上班；
劳动节 05-01 至 05-05，04-28（日）、05-11（六）上班；端午 06-08 至 06-10；中秋 09-15 至 09-17，09-14（六）上班；
国庆 10-01 至 10-07，09-29（日）、10-12（六）上班。除夕 02-09 没有列为放假。
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scoring.calendar import DuePeriod, Every, OnDayOff, Schedule, WorkCalendar, all_due_periods, label_words
from tests.demo import demo, scored
from tests.tiny import Tiny, item, n

NATIONAL = WorkCalendar(date(2022, 1, 1), date(2026, 12, 31), {})
YEAR = (date(2024, 1, 1), date(2024, 12, 31))
FRIDAYS = {"every": "week", "weekday": 5, "starts": date(2024, 1, 12), "ends": date(2024, 6, 28)}


def day(text: str) -> date:
    """`03-16` of 2024, or a whole date."""
    return date.fromisoformat(text if len(text) == 10 else f"2024-{text}")


def due(schedule: Schedule, start: date = YEAR[0], end: date = YEAR[1]) -> list[DuePeriod]:
    return schedule.due_periods(start, end, NATIONAL)


# --- working days -------------------------------------------------------------------------------------


def test_spring_festival_2024() -> None:
    off = [day(f"02-{number}") for number in range(10, 18)]
    assert not any(NATIONAL.is_workday(one) for one in off)
    assert NATIONAL.is_workday(day("02-09"))  # 除夕: working in 2024
    assert NATIONAL.is_workday(day("02-04")) and NATIONAL.is_workday(day("02-18"))  # Sundays made up
    assert day("02-04").isoweekday() == day("02-18").isoweekday() == 7
    # after Friday 02-09 come eight days off, the made-up Sunday and the Monday
    assert NATIONAL.between(day("02-09"), day("02-19")) == 2


@pytest.mark.parametrize("text", ["05-11", "09-14", "10-12"])
def test_make_up_saturdays_are_working_days(text: str) -> None:
    assert day(text).isoweekday() == 6
    assert NATIONAL.is_workday(day(text))


@pytest.mark.parametrize("text", ["01-01", "04-04", "05-01", "06-10", "09-17", "10-07"])
def test_holidays_on_weekdays_are_days_off(text: str) -> None:
    assert day(text).isoweekday() <= 5
    assert not NATIONAL.is_workday(day(text))


def test_a_plain_saturday_is_a_day_off() -> None:
    assert day("03-16").isoweekday() == 6 and not NATIONAL.is_workday(day("03-16"))


def test_the_working_days_of_2024() -> None:
    # 366 days − 104 on week-ends − 11 statutory days off = 251
    assert NATIONAL.between(date(2023, 12, 31), date(2024, 12, 31)) == 251


def test_working_days_are_counted_from_the_day_after() -> None:
    assert NATIONAL.between(day("03-15"), day("03-15")) == 0
    assert NATIONAL.between(day("03-15"), day("03-18")) == 1  # Friday → Monday
    assert NATIONAL.between(day("09-30"), day("10-08")) == 1  # Monday → the first day after 国庆
    assert NATIONAL.between(day("04-30"), day("05-11")) == 6  # 05-06 to 05-10 and the made-up Saturday


def test_rows_number_every_day() -> None:
    rows = WorkCalendar(day("02-08"), day("02-19"), {}).rows()
    assert [number for _, _, number in rows] == [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4]
    assert [works for _, works, _ in rows] == [True, True, *[False] * 8, True, True]


# --- the office's own table, and years nobody knows ---------------------------------------------------


def test_the_offices_own_table_goes_first() -> None:
    own = WorkCalendar(YEAR[0], YEAR[1], {day("03-16"): True, day("03-18"): False})
    assert own.is_workday(day("03-16")) and not own.is_workday(day("03-18"))
    assert own.is_workday(day("03-19"))  # the rest stays
    assert own.moved(day("03-16"), "next") == day("03-16")
    assert own.moved(day("03-18"), "next") == day("03-19")
    assert own.moved(day("03-17"), "previous") == day("03-16")


def test_a_year_without_a_table_takes_monday_to_friday_and_says_so() -> None:
    far = WorkCalendar(date(2026, 1, 1), date(2028, 12, 31), {})
    assert far.unknown_years == [2027, 2028]
    assert far.is_workday(date(2027, 1, 1))  # a Friday: nobody has said yet that it is a holiday
    assert not far.is_workday(date(2027, 1, 2))


def test_a_year_with_an_entry_of_the_office_is_known() -> None:
    told = WorkCalendar(date(2026, 1, 1), date(2028, 12, 31), {date(2027, 1, 1): False})
    assert told.unknown_years == [2028]
    assert not told.is_workday(date(2027, 1, 1))


def test_a_project_warns_of_unknown_years_until_the_office_fills_them_in(tmp_path: Path) -> None:
    words = {
        "table": "unit x\n甲县 1",
        "indicators": item("actual: x\nrules: [{kind: piecewise, straight: [[0, 0], [1, full]]}]"),
        "periods": '["2027"]',
    }
    silent = Tiny(**words).open(tmp_path / "silent")
    told = [str(issue) for issue in silent.issues if issue.level == "warning" and "2027" in issue.problem]
    assert (
        len(told) == 1 and "没有法定节假日表" in told[0] and "config/office.yaml" in told[0] and "holidays" in told[0]
    )
    filled = Tiny(**words, holidays="{2027-01-01: 休, 2027-01-03: 班, 2028-01-03: 休}").open(tmp_path / "filled")
    assert not [issue for issue in filled.issues if "2027" in issue.problem]
    assert filled.calendar is not None
    assert filled.calendar.is_workday(date(2027, 1, 3)) and not filled.calendar.is_workday(date(2027, 1, 1))


# --- a deadline on a day off ----------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "moved"), [("next", "03-18"), ("previous", "03-15"), ("stay", "03-16")])
def test_a_deadline_on_saturday_2024_03_16(rule: OnDayOff, moved: str) -> None:
    (one,) = due(Schedule(dates=(day("03-16"),), on_day_off=rule))
    assert (one.nominal, one.due_on) == (day("03-16"), day(moved))
    assert one.deadline == datetime.combine(day(moved), time(23, 59, 59))


def test_next_may_be_a_made_up_week_end_day() -> None:
    (one,) = due(Schedule(dates=(day("02-16"),), on_day_off="next"))
    assert one.due_on == day("02-18")  # Sunday, but a working day
    (one,) = due(Schedule(dates=(day("04-06"),), on_day_off="next"))
    assert one.due_on == day("04-07")


def test_a_working_day_is_never_moved() -> None:
    for rule in ("next", "previous", "stay"):
        (one,) = due(Schedule(dates=(day("05-11"),), on_day_off=rule))
        assert one.due_on == day("05-11")


# --- weeks ------------------------------------------------------------------------------------------------


def test_weekly_fridays_of_the_campaign() -> None:
    weeks = due(Schedule(**FRIDAYS, on_day_off="previous"))
    assert len(weeks) == 25
    assert all(one.nominal.isoweekday() == 5 for one in weeks)
    assert (weeks[0].label, weeks[-1].label) == ("2024-W02", "2024-W26")
    moved = {one.nominal: one.due_on for one in weeks if one.due_on != one.nominal}
    # 02-16 goes back before the holiday to the Friday before, 04-05 to Wednesday, 05-03 to Tuesday
    assert moved == {day("02-16"): day("02-09"), day("04-05"): day("04-03"), day("05-03"): day("04-30")}
    assert (weeks[0].covers_from, weeks[0].covers_to) == (day("01-08"), day("01-14"))


def test_weekly_fridays_moved_on_or_left() -> None:
    later = {one.nominal: one.due_on for one in due(Schedule(**FRIDAYS, on_day_off="next"))}
    assert (later[day("02-16")], later[day("04-05")], later[day("05-03")]) == (day("02-18"), day("04-07"), day("05-06"))
    left = due(Schedule(**FRIDAYS))
    assert all(one.due_on == one.nominal for one in left)


def test_a_week_at_the_turn_of_the_year_keeps_its_iso_label() -> None:
    fridays = Schedule(every="week", weekday=5)
    labels = [one.label for one in due(fridays, date(2020, 12, 25), date(2021, 1, 8))]
    assert labels == ["2020-W52", "2020-W53", "2021-W01"]
    (first,) = due(fridays, date(2021, 1, 1), date(2021, 1, 2))  # Friday 2021-01-01 belongs to 2021 …
    assert first.label == "2020-W53"  # … though its week is the last of 2020
    (monday,) = due(Schedule(every="week", weekday=1), date(2024, 12, 30), date(2024, 12, 31))
    assert monday.label == "2025-W01"


# --- months, quarters, half-years, years, named dates ---------------------------------------------------


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("quarter", [("2024Q1", "04-10"), ("2024Q2", "07-10"), ("2024Q3", "10-10"), ("2024Q4", "2025-01-10")]),
        ("half_year", [("2024H1", "07-10"), ("2024H2", "2025-01-10")]),
        ("year", [("2024", "2025-01-10")]),
    ],
)
def test_labels_and_dues(every: Every, expected: list[tuple[str, str]]) -> None:
    found = due(Schedule(every=every, day=10, on_day_off="next"))
    assert [(one.label, one.due_on) for one in found] == [(label, day(text)) for label, text in expected]


def test_periods_are_covered_without_a_hole() -> None:
    for every in ("month", "quarter", "half_year", "year"):
        found = due(Schedule(every=every))
        assert found[0].covers_from == YEAR[0] and found[-1].covers_to == YEAR[1]
        for one, after in zip(found, found[1:], strict=False):
            assert one.covers_to + timedelta(1) == after.covers_from


def test_months_and_their_holidays() -> None:
    found = {one.label: one.due_on for one in due(Schedule(every="month", day=10, on_day_off="next"))}
    assert len(found) == 12
    assert found["2024-01"] == day("02-18")  # 02-10 is the first day of 春节; the next working day is a Sunday
    assert found["2024-02"] == day("03-11")  # 03-10 is a Sunday
    assert found["2024-12"] == date(2025, 1, 10)


def test_a_day_the_month_does_not_have_is_its_last() -> None:
    found = {one.label: one.due_on for one in due(Schedule(every="month", day=31))}
    assert found["2024-01"] == day("02-29") and found["2024-03"] == day("04-30") and found["2024-02"] == day("03-31")


def test_months_after() -> None:
    (year,) = due(Schedule(every="year", day=15, months_after=3))
    assert year.due_on == date(2025, 3, 15)
    within = due(Schedule(every="quarter", day=25, months_after=0))
    assert [one.due_on for one in within] == [day("03-25"), day("06-25"), day("09-25"), day("12-25")]


def test_a_due_period_belongs_where_its_covered_period_ends() -> None:
    quarters = Schedule(every="quarter", day=10)
    assert [one.label for one in due(quarters, day("03-31"), day("06-29"))] == ["2024Q1"]
    assert due(quarters, date(2025, 1, 1), date(2025, 1, 31)) == []  # 2024Q4 is due then, but belongs to 2024


def test_named_dates_belong_to_their_nominal_day() -> None:
    dates = Schedule(dates=(day("06-28"), day("01-17"), day("03-16"), day("02-19")), on_day_off="next")
    found = due(dates)
    assert [one.label for one in found] == ["2024-01-17", "2024-02-19", "2024-03-16", "2024-06-28"]
    assert [one.due_on for one in found] == [day("01-17"), day("02-19"), day("03-18"), day("06-28")]
    assert [(one.covers_from, one.covers_to) for one in found][1] == (day("01-18"), day("02-19"))
    assert due(dates, date(2023, 1, 1), date(2023, 12, 31)) == []


def test_several_schedules_in_the_order_of_their_deadlines() -> None:
    stage = Schedule(dates=(day("04-12"),))
    found = all_due_periods([Schedule(every="quarter", day=10), stage], *YEAR, NATIONAL)
    assert [one.label for one in found] == ["2024Q1", "2024-04-12", "2024Q2", "2024Q3", "2024Q4"]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2024", "2024年"), ("2024H1", "2024年上半年"), ("2024H2", "2024年下半年"), ("2024Q3", "2024年第3季度"),
        ("2024-03", "2024年3月"), ("2024-W02", "2024年第2周"), ("2024-01-17", "2024年1月17日"),
    ],
)  # fmt: skip
def test_labels_in_words(label: str, words: str) -> None:
    assert label_words(label) == words


# --- from the deadline to late and missing ------------------------------------------------------------

NOTICE = """\
form: notice
title: 快报
dated_by: seen_on
due: {{dates: [2024-03-16, 2024-06-28], by: "{by}", on_day_off: {rule}}}
columns:
  - {{code: seen_on, title: 日期, type: date, required: true}}
"""
RECEIVED = """\
报表 单位 报送期 收到时间 结果
快报 甲县 2024-03-16 2024-03-15␣15:00 已收
快报 乙县 2024-03-16 2024-03-15␣15:01 已收
快报 丙县 2024-03-16 2024-03-18␣14:59 已收
快报 丁县 2024-03-16 2024-03-18␣23:59 已收
"""


@pytest.mark.parametrize(
    ("rule", "by", "late"),
    [
        ("previous", "15:00", {"甲县": 0, "乙县": 1, "丙县": 1, "丁县": 1}),
        ("next", "15:00", {"甲县": 0, "乙县": 0, "丙县": 0, "丁县": 1}),
        ("next", "24:00", {"甲县": 0, "乙县": 0, "丙县": 0, "丁县": 0}),
        ("stay", "24:00", {"甲县": 0, "乙县": 0, "丙县": 1, "丁县": 1}),
    ],
)
def test_an_hour_deadline_on_a_moved_day(tmp_path: Path, rule: str, by: str, late: dict[str, int]) -> None:
    scores = Tiny(
        indicators=item("rules: [{kind: timeliness, form: notice, late: 1, missing: 3}]"),
        units=[*late, "戊县"],
        forms={"notice": NOTICE.format(by=by, rule=rule)},
        data={"submissions": RECEIVED},
    ).score(tmp_path, date(2024, 3, 31))
    # only the first of the two is due by 03-31; 戊县 sent nothing
    assert {unit: scores.measure(unit, "notice.late")["value"] for unit in late} == late
    assert {unit: scores.points(unit) for unit in late} == {unit: n(10 - times) for unit, times in late.items()}
    assert scores.measure("戊县", "notice.missing")["value"] == 1 and scores.points("戊县") == n(7)
    statuses = {row["due_period"]: row["status"] for row in scores.assessment.rows("due", unit="c5")}
    assert statuses == {"2024-03-16": "missing", "2024-06-28": "not_yet"}


@pytest.mark.parametrize(
    ("as_of", "status", "points"),
    [
        (date(2024, 3, 17), "not_yet", None),  # the moved deadline has not come: nothing to score yet, no full marks
        (date(2024, 3, 18), "missing", n(7)),
    ],
)
def test_missing_only_once_the_moved_deadline_has_come(
    tmp_path: Path, as_of: date, status: str, points: Decimal | None
) -> None:
    scores = Tiny(
        indicators=item("rules: [{kind: timeliness, form: notice, late: 1, missing: 3}]"),
        units=["甲县"],
        forms={"notice": NOTICE.format(by="24:00", rule="next")},
    ).score(tmp_path, as_of)
    row = scores.assessment.one("due", due_period="2024-03-16")
    assert row is not None and (row["due_on"], row["status"]) == (date(2024, 3, 18), status)
    assert scores.points("甲县") == points


def test_days_late_are_counted_from_the_moved_day(tmp_path: Path) -> None:
    scores = Tiny(
        indicators=item("rules: [{kind: deductions, parts: [{measure: notice.days_late, each: 0.5}]}]"),
        units=["甲县"],
        forms={"notice": NOTICE.format(by="24:00", rule="next")},
        data={"submissions": "报表 单位 报送期 收到时间 结果\n快报 甲县 2024-03-16 2024-03-20␣09:00 已收"},
    ).score(tmp_path, date(2024, 3, 31))
    # due 03-18 (moved from Saturday 03-16), received 03-20: two days
    assert scores.measure("甲县", "notice.days_late")["value"] == 2
    assert scores.points("甲县") == n(9)


def test_an_override_moves_the_deadline_of_a_project(tmp_path: Path) -> None:
    project = Tiny(
        indicators=item("rules: [{kind: timeliness, form: notice, late: 1, missing: 3}]"),
        units=["甲县"],
        forms={"notice": NOTICE.format(by="24:00", rule="next")},
        holidays="{2024-03-16: 班}",
    ).open(tmp_path)
    assert project.calendar is not None and project.forms is not None
    first = project.forms["notice"].due_periods(*YEAR, project.calendar)[0]
    assert first.due_on == date(2024, 3, 16)


# --- working days in conditions -------------------------------------------------------------------------

SPANS = """\
form: spans
title: 时限表
dated_by: decided
columns:
  - {code: decided, title: 决定日期, type: date, required: true}
  - {code: shown, title: 公开日期, type: date}
"""


@pytest.mark.parametrize(
    ("decided", "shown", "workdays", "days"),
    [
        ("2024-02-09", "2024-02-19", 2, 10),  # over 春节: 02-18 and 02-19
        ("2024-03-15", "2024-03-18", 1, 3),
        ("2024-03-16", "2024-03-18", 1, 2),  # from a Saturday
        ("2024-04-30", "2024-05-11", 6, 11),  # 05-06 to 05-10 and the made-up Saturday
        ("2024-12-31", "2025-01-02", 1, 2),  # over the turn of the year; 01-01 is a holiday
    ],
)
def test_workdays_and_days_in_a_condition(tmp_path: Path, decided: str, shown: str, workdays: int, days: int) -> None:
    scores = Tiny(
        indicators=item("rules: [{kind: deductions, parts: [{if: a = 1 and b = 1 and c = 0 and d = 0, points: 4}]}]"),
        units=["甲县"],
        forms={"spans": SPANS},
        data={"spans": f"单位 决定日期 公开日期\n甲县 {decided} {shown}"},
        measures=f"""
        a: {{title: a, form: spans, value: count(*), where: "workdays(decided, shown) <= {workdays}"}}
        b: {{title: b, form: spans, value: count(*), where: "days(decided, shown) <= {days}"}}
        c: {{title: c, form: spans, value: count(*), where: "workdays(decided, shown) < {workdays}"}}
        d: {{title: d, form: spans, value: count(*), where: "days(decided, shown) < {days}"}}
        """,
    ).score(tmp_path)
    assert scores.points("甲县") == n(6)


# --- the demo city's own schedules ------------------------------------------------------------------------


def test_the_demo_citys_campaign_reports() -> None:
    rows = scored("2024").assessment.rows("due", unit="c01", form="weekly_report")
    assert len(rows) == 25
    moved = {row["nominal_on"]: row["due_on"] for row in rows if row["nominal_on"] != row["due_on"]}
    assert moved == {day("02-16"): day("02-09"), day("04-05"): day("04-03"), day("05-03"): day("04-30")}
    stages = scored("2024").assessment.rows("due", unit="c01", form="stage_report")
    assert [row["due_on"] for row in stages] == [day("01-17"), day("02-19"), day("03-18"), day("06-28")]


def test_the_demo_city_knows_every_year_it_needs() -> None:
    assert demo().calendar is not None
    assert demo().calendar.unknown_years == []

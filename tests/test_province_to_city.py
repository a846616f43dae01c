"""省对市的示例办法: figures of the city reckoned anew from the raw CSV files, and points by the clauses written out again.

Nothing of the compiler, the store or the rubric file is used for the expected values. The city's register entry changes
nothing in the city's own ranking, and nothing is due from it.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache

import pytest

from scoring.engine import Assessment, assess
from scoring.insight.influence import rubric_over_members
from tests.demo import demo, raw, scored


@cache
def result(year: str) -> Assessment:
    project = demo()
    rubric = rubric_over_members(project.editions.all, year)
    assert rubric is not None
    period = rubric.period(year)
    return assess(project.store, rubric, period, period.cut_off)


def rows(form: str, dated_by: str, year: str) -> list[dict[str, str]]:
    return [row for row in raw(form) if row[dated_by].startswith(year)]


def straight(value: Fraction, zero: Fraction, top: Fraction, full: int) -> Fraction:
    """From nothing at `zero` to full marks at `top`, rounded half up to two decimals."""
    points = max(Fraction(0), min(Fraction(full), (value - zero) / (top - zero) * full))
    return Fraction(int(points * 100 + Fraction(1, 2)), 100)


def by_hand(year: str) -> dict[str, Fraction]:
    """Points of the clauses that can be reckoned from one or two files."""
    platform = rows("platform_export", "录入日期", year)
    amounts = [Fraction(row["案值"]) for row in platform if row["案值"] not in ("", "/", "*", "**")]
    people = sum(int(row["常住人口"]) for row in rows("population", "统计日期", year))
    survey = rows("satisfaction", "调查日期", year)
    answers = sum(int(row["有效样本"]) for row in survey)
    satisfied = sum(Fraction(row["满意度得分"]) * int(row["有效样本"]) for row in survey)
    news, tasks = rows("news", "报送日期", year), rows("tasks", "应完成日期", year)
    problems = rows("rectification", "整改期限", year)
    in_time = [row for row in problems if row["销号日期"] and row["销号日期"] <= row["整改期限"]]
    halves = 2 * 29  # every unit reports twice a year
    led = [row for row in rows("meeting", "日期", year) if row["主持人职务"] in ("主要领导", "分管领导")]
    groups = [row["已成立领导小组"] for row in rows("organisation", "截止日期", year) if row["已成立领导小组"] != "/"]
    share = Fraction
    return {
        "groups": straight(share(100 * groups.count("是"), len(groups)), share(50), share(100), 5),
        "meetings": straight(share(len(led), 2 * 12), share(0), share(3, 2), 5),
        "case_rate": straight(share(10000 * len(platform), people), share(4, 10), share(12, 10), 8),
        "major_cases": straight(share(100 * sum(one >= 5 for one in amounts), len(platform)), share(0), share(15), 6),
        "news_adopted": straight(share(100 * sum(row["采用级别"] in ("省级", "国家级") for row in news), len(news)), share(0), share(20), 4),
        "publicity_each": straight(share(len(rows("publicity", "日期", year)), halves), share(0), share(6), 6),
        "training_each": straight(share(len(rows("training", "日期", year)), halves), share(0), share(5, 2), 6),
        "satisfaction": straight(satisfied / answers, share(60), share(85), 8),
        "campaign_tasks": straight(share(100 * sum(bool(row["完成日期"]) for row in tasks), len(tasks)), share(50), share(100), 10),
        "rectified": straight(share(100 * len(in_time), len(problems)), share(50), share(100), 6),
    }  # fmt: skip


@pytest.mark.parametrize("year", ["2024", "2023"])
def test_clauses_by_hand(year: str) -> None:
    found = {row["indicator"]: Fraction(row["points"]) for row in result(year).rows("indicator_score") if row["points"] is not None}
    expected = by_hand(year)
    assert {code: found[code] for code in expected} == expected
    assert len(set(expected.values()) - {0, 5, 6, 8, 10}) >= 6, "the example decides something"


def test_growth_and_adjustments_of_2024_by_hand() -> None:
    now, before = (len(rows("platform_export", "录入日期", year)) for year in ("2024", "2023"))
    growth = straight(Fraction(100 * (now - before), before), Fraction(-20), Fraction(5), 6)
    row = result("2024").one("indicator_score", indicator="case_growth")
    assert row is not None and Fraction(row["points"]) == growth
    praised = [row["级别"] for row in rows("awards", "印发日期", "2024")]
    events = [row["事项"] for row in rows("events", "日期", "2024")]
    bonus = min(Fraction(3), praised.count("国家级") + Fraction(4, 10) * praised.count("省级"))
    prices = {"媒体曝光": Fraction(5, 10), "通报批评": Fraction(3, 10), "弄虚作假": Fraction(1)}
    penalty = min(Fraction(5), sum((prices[one] for one in events), Fraction(0)))
    added = {row["adjustment"]: Fraction(row["points"]) for row in result("2024").rows("adjustment")}
    assert added == {"commended": bonus, "exposed": -penalty} and bonus > 0 and penalty > 0


def test_reports_of_2024_by_hand() -> None:
    """Ledgers are due on the 10th of the month after the quarter, on the next working day; the register tells who was late."""
    due = {"2024Q1": "2024-04-10", "2024Q2": "2024-07-10", "2024Q3": "2024-10-10", "2024Q4": "2025-01-10"}
    first: dict[tuple[str, str, str], str] = {}
    for row in raw("submissions"):
        if row["报表"] in ("案件台账", "行刑统计") and row["报送期"] in due and row["结果"] == "已收":
            key = row["报表"], row["单位"], row["报送期"]
            first[key] = min(first.get(key, "9"), row["收到时间"])
    on_time = sum(at[:10] <= due[period] for (_, _, period), at in first.items())
    asked = {"案件台账": 20, "行刑统计": 23}  # 12 counties and zones and 8 departments; and 3 of justice
    row = result("2024").one("indicator_score", indicator="quarterly")
    points = straight(Fraction(100 * on_time, 4 * sum(asked.values())), Fraction(80), Fraction(100), 6)
    assert row is not None and Fraction(row["points"]) == points < 6


def test_the_city_is_complete_in_2024_and_open_in_2023() -> None:
    row = result("2024").one("ranking", unit="city")
    assert row is not None and (row["state"], row["place"], row["counted"], row["countable"]) == ("complete", 1, 16, 16)
    # no platform ledger of 2022: nothing to compare 2023 with
    assert [row["indicator"] for row in result("2023").rows("indicator_score") if row["points"] is None] == ["case_growth"]


def test_a_county_without_a_report_costs_the_city_three_clauses() -> None:
    found = {row["indicator"]: row for row in result("2024").rows("indicator_score")}
    for code in ("entry_rate", "transfers", "disclosure"):
        assert (found[code]["state"], found[code]["points"]) == ("missing", 0)


def test_nothing_is_due_from_the_city_and_nobody_else_is_touched() -> None:
    project = demo()
    assert project.register is not None and project.forms is not None
    city = project.register.by_code["city"]
    assert not any(form.reported_by.includes(city) for form in project.forms.values())
    assert city not in project.reporting and len(project.reporting) == 29
    for year in ("2024", "2023"):
        assert {row["unit"] for row in scored(year).assessment.rows("ranking")} == {one.code for one in project.reporting}
    assert [one.code for one in project.register.below("city")] == [one.code for one in project.reporting]


def test_a_rubric_over_members_is_found_by_its_day() -> None:
    rubrics = demo().editions.all
    found = rubric_over_members(rubrics, "2024")
    assert found is not None and found.document.file == "config/rubrics/province_to_city.yaml"
    assert found.spec.document.in_force == date(2024, 1, 1)
    assert rubric_over_members(rubrics, "2022") is found, "before its first edition the earliest"

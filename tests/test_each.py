"""Figures taken month by month (pattern PERIOD): published clauses, counted by hand in the comment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.tiny import Scores, Tiny, item, n

NEWS = """\
form: news
title: 信息
kept_by: unit
dated_by: sent_on
due: {every: year, day: 15, nil_report: required}
columns:
  - {code: sent_on, title: 日期, type: date, required: true}
  - {code: words, title: 字数, type: integer, at_least: 0}
"""
UNITS = ["甲县", "乙县", "丙县"]
CAME = """
报送编号 报表 单位 报送期 收到时间   结果 零报告
1        信息 甲县 2024   2025-01-10 已收 否
2        信息 乙县 2024   2025-01-10 已收 否
3        信息 丙县 2024   2025-01-10 已收 是
"""


def rows(*months: tuple[str, int, int]) -> str:
    """(unit, month, how many) as rows of the form."""
    lines = [f"{unit} 2024-{month:02d}-{day:02d} {day}" for unit, month, count in months for day in range(1, count + 1)]
    return "单位 日期 字数\n" + "\n".join(lines)


# 甲 three a month, but eleven in May; 乙 two in each month of the first half-year; 丙 a nil report
DATA = rows(*[("甲县", month, 11 if month == 5 else 3) for month in range(1, 13)], *[("乙县", m, 2) for m in range(1, 7)])


def scored(tmp_path: Path, measure: str, as_of: date | None = None) -> Scores:
    return Tiny(
        indicators=item("actual: x\nrules: [{kind: awards, parts: [{measure: x, each: 1}], cap: full}]", full="500"),
        measures=f"x: {{title: 篇数, unit: 篇, form: news, {measure}}}",
        forms={"news": NEWS}, data={"news": DATA, "submissions": CAME}, units=UNITS,
    ).score(tmp_path, as_of=as_of)  # fmt: skip


def points(scores: Scores) -> list[Decimal | None]:
    return [scores.points(unit) for unit in UNITS]


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        # D49.3 at most 8 of one month count: 甲 11 months × 3 + 8 = 41; 乙 6 × 2 = 12; 丙 0
        ("sum(least(x, 8))", [41, 12, 0]),
        # D05.2 months with at least 3: 甲 12; 乙 0; 丙 0
        ("count(x >= 3)", [12, 0, 0]),
        # months that miss it: a month without a row misses it too, and a whole year of nothing misses twelve
        ("count(x < 2)", [0, 6, 12]),
        ("min(x)", [3, 0, 0]),
        ("max(x)", [11, 2, 0]),
        # the mean of twelve months: 甲 44/12 = 3.666… → 3.67; 乙 12/12 = 1; 丙 0
        ("avg(x)", ["3.67", 1, 0]),
        # 10 points for a month that is met, in proportion below: 甲 12 × 10; 乙 6 × 2/4 × 10 = 30
        ("sum(least(x, 3) * 10)", [360, 120, 0]),
    ],
)
def test_month_by_month(tmp_path: Path, then: str, expected: list[int | str]) -> None:
    scores = scored(tmp_path, f"value: count(*), each: month, then: '{then}'")
    assert points(scores) == [n(value) for value in expected]


def test_by_quarter(tmp_path: Path) -> None:
    # 甲 9, 17 (April 3 + May 11 + June 3), 9, 9; at most 10 each: 9 + 10 + 9 + 9 = 37; 乙 6 + 6 = 12
    scores = scored(tmp_path, "value: count(*), each: quarter, then: 'sum(least(x, 10))'")
    assert points(scores) == [n(37), n(12), n(0)]


def test_a_condition_still_counts(tmp_path: Path) -> None:
    # rows of the first of a month only: 甲 one in each month; 乙 in six
    scores = scored(tmp_path, "value: count(*), where: words = 1, each: month, then: 'sum(x)'")
    assert points(scores) == [n(12), n(6), n(0)]


@pytest.mark.parametrize(
    ("then", "problem"),
    [
        ("sum(y)", "then 里只能用 x（一期的数值）"),
        ("x + 1", "then 须是各期数值 x 的汇总"),
        ("sum(x / 3)", "then 里不能用比率"),
    ],
)
def test_what_then_may_not_be(tmp_path: Path, then: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem.replace("（", r"\（").replace("）", r"\）")):
        scored(tmp_path, f"value: count(*), each: month, then: '{then}'")

"""Rows dated after the last period: asked about where that period lacks what they bring, else the ledger just goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import Tiny, item

REVIEW = """\
form: review
title: 考核组评分
kept_by: office
dated_by: judged_on
columns:
  - {code: indicator, title: 指标, type: text, required: true}
  - {code: score, title: 分数, type: integer}
  - {code: judged_on, title: 评分日期, type: date, required: true}
"""
TARGETS = """\
form: targets
title: 任务下达
kept_by: office
dated_by: issued_on
columns:
  - {code: issued_on, title: 下达日期, type: date, required: true}
  - {code: cases, title: 任务, type: integer}
"""
EVENTS = """\
form: events
title: 事件登记
kept_by: office
dated_by: happened_on
columns:
  - {code: happened_on, title: 发生日期, type: date, required: true}
"""
JUDGED = item("rules: [{kind: judged}]") + item("rules: [{kind: judged}]", "y")
EVENT = "events: {title: 事件, form: events, value: count(*)}"
BEFORE = "before: {title: 上年事件, of: events, over: whole_last_year}"


def told(tiny: Tiny, folder: Path) -> list[str]:
    return [f"{issue.level} {issue}" for issue in tiny.open(folder).issues if issue.level in "ABCD"]


def judged(rows: str, periods: str = '["2024"]') -> Tiny:
    table = f"单位 指标 分数 评分日期\n{rows}"
    return Tiny(
        forms={"review": REVIEW}, data={"review": table}, indicators=JUDGED, units=["甲", "乙"], periods=periods
    )


def counted(rows: str, measures: str = EVENT) -> Tiny:
    rule = "rules: [{kind: deductions, parts: [{measure: events, each: 1}]}]"
    data = {"events": f"单位 发生日期\n{rows}"}
    return Tiny(forms={"events": EVENTS}, data=data, measures=measures, indicators=item(rule), units=["甲", "乙"])


def test_scores_of_the_next_january_are_asked_about_once(tmp_path: Path) -> None:
    found = told(judged("甲 x 8 2025-01-10\n乙 x 9 2025-01-11\n甲 y 7 2024-12-20"), tmp_path)
    assert found == [
        "B data/review.csv: 评分日期: 2 行的日期（如第 2 行 2025-01-10）不在任何考核期（2024）内，没有计入。"
        "请核对日期；次年补评的，另设“所属考核期”一列作 dated_by。"
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "甲 x 8 2024-12-10\n甲 x 9 2025-06-10",  # the next year is being judged already
        "甲 x 8 2022-12-10\n乙 x 8 2023-12-10",  # the file holds the years before
    ],
)
def test_scores_of_other_years_are_no_matter(rows: str, tmp_path: Path) -> None:
    assert told(judged(rows), tmp_path) == []


def test_a_second_indicator_lacks_its_own_score(tmp_path: Path) -> None:
    """甲 has its score for x in 2024; that for y came in January."""
    found = told(judged("甲 x 8 2024-12-10\n甲 y 9 2025-01-10"), tmp_path)
    assert len(found) == 1 and "1 行的日期（如第 3 行 2025-01-10）" in found[0]


def test_the_last_period_counts_and_all_are_named(tmp_path: Path) -> None:
    assert told(judged("甲 x 8 2025-01-10", '["2025", "2024"]'), tmp_path / "inside") == []
    found = told(judged("甲 x 8 2026-01-10", '["2025", "2024"]'), tmp_path / "outside")
    assert len(found) == 1 and "不在任何考核期（2024、2025）内" in found[0]


def test_without_written_periods_every_year_of_the_data_is_offered(tmp_path: Path) -> None:
    assert told(judged("甲 x 8 2025-01-10", "[]"), tmp_path) == []


def test_a_figure_of_one_row_is_asked_about_by_unit(tmp_path: Path) -> None:
    """乙 has its target of 2024, and the next one beside it; that of 甲 is dated a year late."""
    rule = "rules: [{kind: deductions, parts: [{measure: task, each: 1}]}]"
    rows = "单位 下达日期 任务\n甲 2025-02-01 3\n乙 2024-02-01 3\n乙 2025-02-01 4"
    tiny = Tiny(
        forms={"targets": TARGETS}, data={"targets": rows}, indicators=item(rule), units=["甲", "乙"],
        measures="task: {title: 任务, form: targets, value: only(cases)}",
    )  # fmt: skip
    assert told(tiny, tmp_path) == [
        "B data/targets.csv: 下达日期: 1 行的日期（如第 2 行 2025-02-01）不在任何考核期（2024）内，没有计入。"
        "请核对日期；次年补登记的，另设“所属考核期”一列作 dated_by。"
    ]


def test_a_ledger_of_the_running_year_goes_on(tmp_path: Path) -> None:
    """甲 had nothing in 2024 and something in 2025: 0 in 2024 is what the ledger says."""
    assert told(counted("甲 2025-01-05\n乙 2024-03-01"), tmp_path) == []


def test_a_ledger_without_any_row_of_the_last_period_gets_a_hint(tmp_path: Path) -> None:
    found = told(counted("甲 2025-01-05\n乙 2025-03-01"), tmp_path)
    assert [text[:2] for text in found] == ["D "] and "2 行的日期（如第 2 行 2025-01-05）" in found[0]


def test_rows_of_the_year_before_are_looked_at(tmp_path: Path) -> None:
    assert told(counted("甲 2023-01-05\n乙 2023-03-01", f"{EVENT}\n{BEFORE}"), tmp_path) == []

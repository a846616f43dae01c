"""待复核: a report that was received and not yet accepted is in time or late like any other, and its rows are not known."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.tiny import Scores, Tiny

CASES = """\
form: cases
title: 案件
dated_by: filed_on
due: {every: quarter, day: 10, by: "24:00"}
columns:
  - {code: filed_on, title: 立案日期, type: date, required: true}
"""
ROWS = """\
单位 立案日期
甲县 2024-02-01
甲县 2024-05-01
乙县 2024-02-01
"""
# 甲县: the first quarter accepted, the second received on 9 July and waiting; the others accepted without rows.
CAME = """\
报表 单位 报送期 收到时间 结果
cases 甲县 2024Q1 2024-04-09 已收
cases 甲县 2024Q2 2024-07-11 待复核
cases 甲县 2024Q3 2024-10-09 已收
cases 甲县 2024Q4 2025-01-09 已收
cases 乙县 2024Q1 2024-04-09 已收
cases 乙县 2024Q2 2024-07-09 已收
cases 乙县 2024Q3 2024-10-09 已收
cases 乙县 2024Q4 2025-01-09 已收
"""
INDICATORS = """
- code: volume
  title: 案件数
  clause: 第一条
  full_marks: 10
  rules: [{kind: deductions, parts: [{measure: filed, each: 2}]}]
- code: in_time
  title: 按时报送
  clause: 第二条
  full_marks: 6
  rules: [{kind: timeliness, form: cases, late: 1, missing: 2}]
"""
MEASURES = "filed: {title: 案件数, unit: 件, form: cases, value: count(*)}"


def scored(tmp_path: Path, came: str, missing: str = "pending") -> Scores:
    return Tiny(
        indicators=INDICATORS, measures=MEASURES, forms={"cases": CASES}, data={"cases": ROWS, "submissions": came},
        units=["甲县", "乙县"], missing=missing,
    ).score(tmp_path)  # fmt: skip


def row(scores: Scores, unit: str, indicator: str) -> dict[str, Any]:
    code = {"甲县": "c1", "乙县": "c2"}[unit]
    found = scores.assessment.one("indicator_score", unit=code, indicator=indicator)
    assert found is not None
    return found


def test_it_was_received_and_its_rows_are_not_known(tmp_path: Path) -> None:
    result = scored(tmp_path, CAME)
    found = row(result, "甲县", "volume")
    assert (found["state"], found["points"]) == ("pending", None), "the turn of the office: not missing, not zero"
    # received on the 11th, due on the 10th: late once, 6 - 1 = 5; nothing is missing
    assert row(result, "甲县", "in_time")["points"] == Decimal("5.00")
    # one case filed: 10 - 2 = 8; all four in time
    assert row(result, "乙县", "volume")["points"] == Decimal("8.00")
    assert row(result, "乙县", "in_time")["points"] == Decimal("6.00")


def test_it_is_not_punished_where_what_is_missing_gets_no_points(tmp_path: Path) -> None:
    result = scored(tmp_path, CAME, missing="no_points")
    found = row(result, "甲县", "volume")
    assert found["state"] == "pending"


def test_one_that_never_came_beside_one_that_waits_is_missing(tmp_path: Path) -> None:
    came = "\n".join(line for line in CAME.splitlines() if not line.startswith("cases 甲县 2024Q3"))
    found = row(scored(tmp_path, came), "甲县", "volume")
    assert found["state"] == "missing"


def test_accepted_once_it_counts_whatever_waits_beside_it(tmp_path: Path) -> None:
    """A correction that waits changes nothing yet: the accepted rows stay."""
    came = CAME + "cases 甲县 2024Q2 2024-07-08 已收\n"
    result = scored(tmp_path, came)
    # two cases: 10 - 4 = 6; the first receipt is of the 8th: in time
    assert row(result, "甲县", "volume")["points"] == Decimal("6.00")
    assert row(result, "甲县", "in_time")["points"] == Decimal("6.00")

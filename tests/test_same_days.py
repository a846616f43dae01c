"""上年同期: this year's rows of the reports that were due, against last year's of the same days. Counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.tiny import Tiny, item

FORM = """
    form: cases
    title: 案件台账
    dated_by: filed_on
    due: {every: half_year, day: 10}
    columns: [{code: filed_on, title: 立案日期, type: date, required: true}]
"""
# 2023: 2 in the first half, 1 on 10 July, 2 in the autumn. 2024: 2 in the first half, 3 in the second.
ROWS = """
    单位 立案日期
    甲县 2023-02-01
    甲县 2023-06-30
    甲县 2023-07-10
    甲县 2023-09-01
    甲县 2023-11-01
    甲县 2024-01-05
    甲县 2024-06-30
    甲县 2024-07-01
    甲县 2024-10-01
    甲县 2024-12-01
"""
SUBMISSIONS = """
    报表  单位 报送期 收到时间   结果 零报告
    cases 甲县 2023H1 2023-07-05 已收 否
    cases 甲县 2023H2 2024-01-05 已收 否
    cases 甲县 2024H1 2024-07-05 已收 否
    cases 甲县 2024H2 2025-01-05 已收 否
"""
MEASURES = """
    cases: {title: 立案数, unit: 件, form: cases, value: count(*)}
    before: {title: 上年同期立案数, unit: 件, of: cases, over: same_days_last_year}
"""


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2024, 7, 15), 2),  # the first half was due: 2 of it; not the case of 10 July, of which this year knows nothing
        (date(2024, 9, 30), 2),
        (date(2024, 12, 31), 2),  # the second half is due on 10 January only
        (date(2025, 1, 20), 5),
    ],
)
def test_last_year_ends_with_the_last_report_that_was_due(day: date, before: int, tmp_path: Path) -> None:
    body = item("rules: [{kind: deductions, parts: [{if: cases < before, points: 2}]}]")
    tiny = Tiny(indicators=body, measures=MEASURES, forms={"cases": FORM}, data={"cases": ROWS, "submissions": SUBMISSIONS}, units=["甲县"])
    scores = tiny.score(tmp_path, as_of=day)
    assert scores.measure("甲县", "before")["value"] == before
    assert scores.points("甲县") == 10, "2 against 2, 5 against 5"

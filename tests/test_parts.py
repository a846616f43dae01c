"""Sections scored part by part: months, quarters, half-years; averaged or weighted; by themselves or cumulative.

Expected numbers are hand arithmetic, in comments; clauses of the published rubrics D18, D47.2, D68.2.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.test_levels import adds_up
from tests.tiny import Scores, Tiny, n

CASES = """
    form: cases
    title: 案件台账
    dated_by: due_on
    columns:
      - {code: due_on, title: 期限, type: date, required: true}
      - {code: closed, title: 按期结案, type: boolean}
"""
MEASURES = """
    due: {title: 应结案件, unit: 件, form: cases, value: count(*)}
    closed: {title: 按期结案件, unit: 件, form: cases, value: count(*), where: closed}
"""
RATE = """
    code: rate
    title: 按期结案率
    clause: 第二条
    full_marks: 60
    actual: closed
    target: due
    value: 100 * actual / target
    measured_in: '%'
    base_zero: {then: not_applicable}
    not_applicable: {then: rescale, reason: 当期没有应结案件}
    rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]
"""


def section(head: str, indicator: str = RATE) -> str:
    inside = "\n".join(f"      {line.strip()}" for line in indicator.strip().splitlines())
    return f"- code: routine\n  title: 日常案件\n  full_marks: 60\n{head}\n  indicators:\n    - {inside.strip()}\n"


def scored(folder: Path, rows: str, head: str, as_of: date | None = None, indicator: str = RATE) -> Scores:
    return Tiny(
        forms={"cases": CASES}, data={"cases": "单位 期限 按期结案\n" + rows}, units=["甲县", "乙县", "丙县"], measures=MEASURES,
        groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 60}}", sections=section(head, indicator),
    ).score(folder, as_of=as_of)  # fmt: skip


ROWS = """
    甲县 2024-01-05 是
    甲县 2024-01-06 否
    甲县 2024-02-05 是
    甲县 2024-05-05 是
    甲县 2024-08-05 否
    乙县 2024-01-05 是
    乙县 2024-12-31 是
"""


def test_monthly_ratio(tmp_path: Path) -> None:
    """D47.2: on-time closed ÷ due × 60, month by month; the mean of the months that had cases due."""
    scores = scored(tmp_path, ROWS, "  each: month")
    # 甲 January 1/2 → 30, February 60, May 60, August 0: 150 ÷ 4 = 37.5 (over the year it would be 3/5 → 36)
    assert scores.total("甲县")["total"] == n("37.5")
    assert scores.points("甲县", "rate_m1") == 30 and scores.state("甲县", "rate_m3") == "not_applicable"
    assert scores.total("乙县")["total"] == 60
    # 丙县 has not a row in the ledger of the year: nothing was received, in no month
    assert scores.total("丙县")["total"] is None
    adds_up(scores)


@pytest.mark.parametrize(
    ("head", "total"),
    [
        # quarters: Q1 2/3 → 40, Q2 60, Q3 0, Q4 none: 100 ÷ 3 = 33.33
        ("  each: quarter", "33.33"),
        # half-years: 3/4 → 45, 0/1 → 0: 22.5
        ("  each: half_year", "22.5"),
        # cumulative quarters: 2/3 → 40, 3/4 → 45, 3/5 → 36, 3/5 → 36: 157 ÷ 4 = 39.25
        ("  each: quarter\n  cumulative: true", "39.25"),
        # D68.2: cumulative and weighted: 40 × 15 % + 45 × 25 % + 36 × 25 % + 36 × 35 % = 6 + 11.25 + 9 + 12.6 = 38.85
        ("  each: quarter\n  cumulative: true\n  part_weights: [15%, 25%, 25%, 35%]", "38.85"),
    ],
)
def test_quarters(tmp_path: Path, head: str, total: str) -> None:
    scores = scored(tmp_path, ROWS, head)
    assert scores.total("甲县")["total"] == n(total)
    adds_up(scores)


def test_parts_still_to_come_do_not_count(tmp_path: Path) -> None:
    """On 20 May: the first quarter is over, the second is not: 甲 has the 40 points of the first."""
    scores = scored(tmp_path, ROWS, "  each: quarter", as_of=date(2024, 5, 20))
    assert scores.total("甲县")["total"] == 40
    assert [row["indicator"] for row in scores.assessment.rows("indicator_score", unit="c1")] == ["rate_q1"]


def test_before_the_first_part_is_over_it_counts_as_it_runs(tmp_path: Path) -> None:
    scores = scored(tmp_path, ROWS, "  each: quarter", as_of=date(2024, 1, 31))
    assert scores.total("甲县")["total"] == 30  # January: 1/2


def test_the_mean_of_monthly_places(tmp_path: Path) -> None:
    """D18: points by place in each month, averaged: 1st 60, one place less costs 10."""
    indicator = """
        code: rate
        title: 结案数
        clause: 第三条
        full_marks: 60
        actual: closed
        rules: [{kind: steps, of: place(actual), start: 1, above: {each: 1, lose: 10}}]
    """
    rows = """
        甲县 2024-01-05 是
        甲县 2024-01-06 是
        乙县 2024-01-06 是
        丙县 2024-01-06 否
        甲县 2024-09-05 否
        乙县 2024-09-05 是
        丙县 2024-09-05 是
        丙县 2024-09-06 是
    """
    scores = scored(tmp_path, rows, "  each: half_year", indicator=indicator)
    # 1st half: 甲 2 closed → 60, 乙 1 → 50, 丙 0 → 40; 2nd: 丙 2 → 60, 乙 1 → 50, 甲 0 → 40
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [50, 50, 50]
    assert [scores.points(unit, "rate_h2") for unit in ("甲县", "乙县", "丙县")] == [40, 50, 60]


def test_reports_of_each_quarter(tmp_path: Path) -> None:
    """The register of submissions is counted quarter by quarter; a year's target stays the year's."""
    scores = Tiny(
        forms={
            "monthly": """
                form: monthly
                title: 月报
                dated_by: on
                due: {every: month, day: 5}
                columns: [{code: 'on', title: 日期, type: date, required: true}]
            """,
            "targets": """
                form: targets
                title: 任务
                kept_by: office
                dated_by: set_on
                columns:
                  - {code: set_on, title: 日期, type: date, required: true}
                  - {code: reports, title: 应报, type: integer}
            """,
        },
        data={
            "targets": "单位 日期 应报\n甲县 2024-01-01 2",
            "submissions": """
                报表    单位 报送期  收到时间   结果 零报告
                monthly 甲县 2024-01 2024-02-05 已收 否
                monthly 甲县 2024-02 2024-03-09 已收 否
                monthly 甲县 2024-03 2024-04-03 已收 否
                monthly 甲县 2024-04 2024-05-03 已收 否
            """,
        },
        units=["甲县"],
        measures="wanted: {title: 应报份数, unit: 份, form: targets, value: only(reports)}",
        groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}",
        sections="""
            - code: reports
              title: 报送
              full_marks: 10
              each: quarter
              whole_period: [wanted]
              indicators:
                - code: monthly
                  title: 月报
                  clause: 第一条
                  full_marks: 6
                  rules: [{kind: timeliness, form: monthly, late: 1, missing: 2}]
                - code: enough
                  title: 份数
                  clause: 第二条
                  full_marks: 4
                  actual: monthly.on_time
                  target: wanted
                  rules: [{kind: checklist, need: all, items: [{if: actual >= target}]}]
        """,
    ).score(tmp_path, as_of=date(2024, 6, 30))
    # the report of June is due in July: not yet counted. Q1: one late 6 − 1 = 5, two on time of the year's two → 4.
    # Q2: April on time, May missing 6 − 2 = 4, one on time → 0. Mean (9 + 4) ÷ 2 = 6.5
    assert scores.points("甲县", "monthly_q1") == 5 and scores.points("甲县", "enough_q1") == 4
    assert scores.points("甲县", "monthly_q2") == 4 and scores.points("甲县", "enough_q2") == 0
    assert scores.total("甲县")["total"] == n("6.5")
    adds_up(scores)


def test_assessors_score_each_half_year(tmp_path: Path) -> None:
    """A judged score belongs to the half-year it was given in."""
    scores = Tiny(
        forms={
            "review": """
                form: review
                title: 考核组评分
                kept_by: office
                dated_by: judged_on
                columns:
                  - {code: indicator, title: 指标代码, type: text, required: true}
                  - {code: score, title: 评分, type: decimal, decimals: 1, required: true}
                  - {code: reason, title: 理由, type: text}
                  - {code: judged_by, title: 评分人, type: text}
                  - {code: judged_on, title: 评分日期, type: date, required: true}
                  - {code: doc_no, title: 依据文号, type: text}
            """
        },
        data={
            "review": """
                单位 指标代码 评分 理由 评分人 评分日期   依据文号
                甲县 q        8    好   考核组 2024-06-20 _
                甲县 q        5    差   考核组 2024-12-20 _
                乙县 q        9    好   考核组 2024-06-20 _
            """
        },
        units=["甲县", "乙县"],
        groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}",
        sections="""
            - code: half
              title: 半年评议
              full_marks: 10
              each: half_year
              indicators: [{code: q, title: 质量, clause: 第一条, full_marks: 10, rules: [{kind: judged}]}]
        """,
    ).score(tmp_path)
    # 甲 (8 + 5) ÷ 2 = 6.5; 乙 (9 + [0, 10]) ÷ 2 = [4.5, 9.5]
    assert scores.total("甲县")["total"] == n("6.5")
    assert (scores.total("乙县")["total_low"], scores.total("乙县")["total_high"]) == (n("4.5"), n("9.5"))

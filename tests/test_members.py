"""Several rubrics over the same facts: the city is scored over what its counties and zones handed in.

Expected numbers are hand arithmetic, in comments.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.engine.sources import source_rows
from tests.tiny import Scores, Tiny, n

CASES = """
    form: cases
    title: 案件台账
    dated_by: decided_on
    due: {every: half_year, day: 10}
    columns:
      - {code: decided_on, title: 决定日期, type: date, required: true}
      - {code: doc_no, title: 文号, type: text}
      - {code: amount, title: 案值, type: decimal, decimals: 2, unit: 万元}
"""
TARGETS = """
    form: targets
    title: 任务
    kept_by: office
    dated_by: set_on
    columns:
      - {code: set_on, title: 日期, type: date, required: true}
      - {code: cases, title: 办案任务, type: integer}
"""
# 甲区 holds a zone; the zone lies in the district, and the district in the city: it stands in the city once.
REGISTER = """
    - {code: city, title: 试验市, kind: department}
    - {code: c1, title: 甲区, kind: county, in: city}
    - {code: c2, title: 乙县, kind: county, in: city}
    - {code: z1, title: 新区, kind: zone, in: c1}
"""
DATA = {
    "cases": """
        单位 决定日期   文号 案值
        甲区 2024-02-01 1号  10.00
        甲区 2024-03-01 2号  5.50
        新区 2024-04-01 3号  1.00
        新区 2024-05-01 1号  10.00
        乙县 2024-06-01 4号  2.00
    """,
    "targets": """
        单位   日期       办案任务
        试验市 2024-01-05 8
        甲区   2024-01-05 2
        乙县   2024-01-05 2
        新区   2024-01-05 2
    """,
    "submissions": """
        报表  单位 报送期  收到时间   结果 零报告
        cases 甲区 2024H1 2024-07-05 已收 否
        cases 乙县 2024H1 2024-07-15 已收 否
        cases 新区 2024H1 2024-07-05 已收 否
        cases 甲区 2024H2 2025-01-05 已收 是
        cases 乙县 2024H2 2025-01-05 已收 是
        cases 新区 2024H2 2025-01-05 已收 是
    """,
}
MEASURES = """
    cases: {title: 立案数, unit: 件, form: cases, value: count(*)}
    different: {title: 不重复的案件, unit: 件, form: cases, value: count(*), once_by: [doc_no]}
    amount: {title: 案值, unit: 万元, form: cases, value: sum(amount)}
    wanted: {title: 任务, unit: 件, form: targets, value: only(cases), rows: own}
"""
INDICATORS = """
    - {code: a, title: 立案数, clause: 一, full_marks: 10, rules: [{kind: awards, parts: [{measure: cases, each: 1}]}]}
    - {code: b, title: 不重复, clause: 二, full_marks: 10, rules: [{kind: awards, parts: [{measure: different, each: 1}]}]}
    - {code: c, title: 案值, clause: 三, full_marks: 40, rules: [{kind: awards, parts: [{measure: amount, each: 1}]}]}
    - code: d
      title: 完成率
      clause: 四
      full_marks: 30
      actual: cases
      target: wanted
      value: 100 * actual / target
      rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]
    - {code: e, title: 报送, clause: 五, full_marks: 10, rules: [{kind: timeliness, form: cases, late: 1, missing: 2}]}
"""


def scored(folder: Path, facts: str, kinds: str = "[department]", data: dict[str, str] | None = None) -> Scores:
    return Tiny(
        forms={"cases": CASES.replace("dated_by", "reported_by: {kinds: [county, zone]}\n    dated_by"), "targets": TARGETS},
        data=data or DATA, register=REGISTER, measures=MEASURES, indicators=INDICATORS,
        groups=f"{{all: {{title: 市, units: {{kinds: {kinds}}}, full_marks: 100, facts: {facts}}}}}",
    ).score(folder)  # fmt: skip


def test_the_city_over_its_counties_and_zones(tmp_path: Path) -> None:
    scores = scored(tmp_path, "members")
    # 5 cases; 文号 1 stands twice: 4 different; 10 + 5.5 + 1 + 10 + 2 = 28.5; 5 of 8 → 30 × 5/8 = 18.75; one late of six: 9
    found = [scores.points("试验市", code) for code in "abcde"]
    assert found == [5, 4, n("28.5"), n("18.75"), 9]
    assert scores.total("试验市")["total"] == n("65.25")


def test_the_same_facts_for_the_counties(tmp_path: Path) -> None:
    scores = scored(tmp_path, "own", "[county, zone]")
    # 甲区 2 cases of its own, 15.5, 2 of 2 → 30, on time; the zone's are not the district's
    assert [scores.points("甲区", code) for code in "abcde"] == [2, 2, n("15.5"), 30, 10]
    assert [scores.points("乙县", code) for code in "abcde"] == [1, 1, 2, 15, 9]


def test_a_district_over_its_zone(tmp_path: Path) -> None:
    scores = scored(tmp_path, "members", "[county]")
    # 甲区 with the zone: 4 cases, 3 different, 26.5; its own target of 2: 200 % → 30
    assert [scores.points("甲区", code) for code in "abcde"] == [4, 3, n("26.5"), 30, 10]
    assert [scores.points("乙县", code) for code in "abcde"] == [1, 1, 2, 15, 9]


def test_one_county_missing_leaves_the_city_open(tmp_path: Path) -> None:
    """Absence is a state: with a report of 乙县 missing the city's sum is not known, and not the sum of the others."""
    lines = [line for line in DATA["submissions"].splitlines() if "乙县 2024H2" not in line]
    scores = scored(tmp_path, "members", data=DATA | {"submissions": "\n".join(lines)})
    assert scores.state("试验市", "a") == "missing" and scores.points("试验市", "a") is None
    # 6 reports due of three units, 1 late, 1 missing: 10 − 1 − 2
    assert scores.points("试验市", "e") == 7
    figure = scores.measure("试验市", "cases")
    assert (figure["received"], figure["expected"]) == (5, 6)


def test_every_figure_goes_back_to_its_rows(tmp_path: Path) -> None:
    scores = scored(tmp_path, "members")
    assessment, store = scores.assessment, scores.project.store
    rows = source_rows(store, assessment, "city", assessment.rubric.measures["cases"])
    assert [row.row for row in rows] == [2, 3, 4, 5, 6]
    (own,) = source_rows(store, assessment, "city", assessment.rubric.measures["wanted"])
    assert own.cells["办案任务"] == "8"


@pytest.mark.parametrize("facts", ["members"])
def test_a_unit_without_any_below_it_is_told(tmp_path: Path, facts: str) -> None:
    from scoring.project import open_project

    lonely = REGISTER.replace(", in: city", "").replace(", in: c1", "")
    tiny = Tiny(
        forms={"targets": TARGETS}, data={"targets": DATA["targets"]}, register=lonely,
        measures="wanted: {title: 任务, unit: 件, form: targets, value: only(cases)}",
        indicators="- {code: a, title: 任务, clause: 一, full_marks: 10, rules: [{kind: awards, parts: [{measure: wanted, each: 1}]}]}",
        groups=f"{{all: {{title: 市, units: {{kinds: [department]}}, full_marks: 10, facts: {facts}}}}}",
    )  # fmt: skip
    problems = [issue.problem for issue in open_project(tiny.write(tmp_path)).issues]
    assert "“市”按所辖单位的数据计分，而名册里没有单位在它下面" in problems

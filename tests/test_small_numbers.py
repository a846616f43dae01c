"""小数提醒: intervals against published and hand-reckoned values, and what is said of tiny towns."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from scoring.insight.small_numbers import Z, byar, close_neighbours, counted, remarks, wilson
from tests.demo import scored
from tests.path.acting import acting
from tests.tiny import Scores, Tiny, item

WORK = """\
form: work
title: 工作表
kept_by: unit
dated_by: 'on'
columns:
  - {code: 'on', title: 日期, type: date, required: true}
  - {code: closed, title: 办结, type: integer}
  - {code: received, title: 受理, type: integer}
"""
MEASURES = """
closed: {title: 办结数, unit: 件, form: work, value: sum(closed)}
received: {title: 受理数, unit: 件, form: work, value: sum(received)}
"""
SHARE = item(
    'actual: closed\ntarget: received\nvalue: 100 * actual / target\nmeasured_in: "%"\n'
    "rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]"
)
TARGETS = """\
form: targets
title: 任务表
kept_by: office
dated_by: 'on'
columns:
  - {code: 'on', title: 日期, type: date, required: true}
  - {code: task, title: 任务, type: integer}
"""


def town(folder: Path, rows: str, indicators: str = SHARE) -> Scores:
    """Units with what they closed and received; `_` is an empty cell."""
    lines = [line.split() for line in rows.split(",")]
    table = "\n".join(["单位 日期 办结 受理", *(f"{unit} 2024-05-05 {closed} {received}" for unit, closed, received in lines)])
    tiny = Tiny(indicators=indicators, measures=MEASURES, forms={"work": WORK}, data={"work": table}, units=[one[0] for one in lines])
    return tiny.score(folder)


def told(scores: Scores, unit: str) -> list[str]:
    return [one.sentence for one in remarks(scores.assessment, scores.place(unit)["unit"])]


@pytest.mark.parametrize(
    "part, whole, low, high",
    [
        (8, 10, 0.490, 0.943),
        (0, 10, 0.0, 0.278),  # 1.96²/(10 + 1.96²) = 3.841/13.841
        (10, 10, 0.722, 1.0),
        (1, 1, 0.207, 1.0),  # 1/(1 + 3.841)
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Statistics in Medicine 17, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
    ],
)
def test_wilson(part: int, whole: int, low: float, high: float) -> None:
    found = wilson(part, whole)
    assert found is not None
    places = 4 if whole > 10 else 3
    assert (round(found[0], places), round(found[1], places)) == (low, high)


def test_wilson_bounds_solve_the_score_equation() -> None:
    """Another way to the same limits: (p − P)² = z² P(1 − P)/n at both ends."""
    for part, whole in ((3, 7), (1, 29), (28, 29)):
        for end in wilson(part, whole) or ():
            assert abs((part / whole - end) ** 2 - Z * Z * end * (1 - end) / whole) < 1e-12


def test_of_nothing_there_is_no_share() -> None:
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="11 不是 10 的一部分"):
        wilson(11, 10)


@pytest.mark.parametrize(
    "count, low, high",
    [
        (0, 0.0, 3.67),  # 1 × (1 − 1/9 + 1.96/3)³ = 1.5422³
        (3, 0.60, 8.77),  # 3 × (1 − 0.0370 − 0.3772)³ = 3 × 0.2010
        (10, 4.79, 18.39),
    ],
)
def test_byar(count: int, low: float, high: float) -> None:
    assert tuple(round(end, 2) for end in byar(count)) == (low, high)


def test_byar_keeps_near_the_exact_limits() -> None:
    """Exact Poisson limits (Garwood 1936): 10 → 4.80–18.39, 20 → 12.22–30.89, 50 → 37.11–65.92."""
    for count, exact in {10: (4.80, 18.39), 20: (12.22, 30.89), 50: (37.11, 65.92)}.items():
        assert all(abs(end - other) < 0.02 for end, other in zip(byar(count), exact, strict=True))
    with pytest.raises(ValueError):
        byar(-1)


def test_eight_of_ten_is_no_difference(tmp_path: Path) -> None:
    """The others together: 92 of 100."""
    scores = town(tmp_path, "甲县 8 10,乙县 46 50,丙县 46 50")
    assert told(scores, "甲县") == ["指标x 8/10（80%），本组其他单位合计 92%：件数太少，看不出真有差别（可能在 49%–94% 之间）。"]
    assert told(scores, "乙县") == [], "50 are not few"


def test_a_real_difference_is_not_talked_away(tmp_path: Path) -> None:
    """0 of 10 is at most 28 %, the others are at least 86 %."""
    assert told(town(tmp_path, "甲县 0 10,乙县 46 50,丙县 46 50"), "甲县") == []


def test_the_same_share_is_no_remark(tmp_path: Path) -> None:
    assert told(town(tmp_path, "甲县 8 10,乙县 40 50,丙县 80 100"), "甲县") == []


@pytest.mark.parametrize(
    "rows",
    [
        "甲县 8 10,乙县 46 50",  # of one other unit it would be that unit's own figure
        "甲县 8 10",
        "甲县 _ 10,乙县 46 50,丙县 46 50",  # not there
        "甲县 12 10,乙县 46 50,丙县 46 50",  # cases of last year closed as well: no share
        "甲县 8 10,乙县 _ 50,丙县 46 50",  # of the others one is known
    ],
)
def test_nothing_is_said_without_a_comparison(tmp_path: Path, rows: str) -> None:
    assert told(town(tmp_path, rows), "甲县") == []


def test_a_count_against_a_target(tmp_path: Path) -> None:
    """4 of 5: 4 × (1 − 1/36 − 1.96/6)³ = 1.076, 5 × (1 − 1/45 + 1.96/(3√5))³ = 10.24, of 5: 22 % to 205 %."""
    measures = f"{MEASURES}\ntask: {{title: 任务数, unit: 件, form: targets, value: only(task)}}"
    work = "单位 日期 办结 受理\n甲县 2024-05-05 4 9\n乙县 2024-05-05 40 90\n丙县 2024-05-05 40 90"
    targets = "单位 日期 任务\n甲县 2024-01-02 5\n乙县 2024-01-02 40\n丙县 2024-01-02 40"
    tiny = Tiny(
        indicators=SHARE.replace("target: received", "target: task"), measures=measures, forms={"work": WORK, "targets": TARGETS},
        data={"work": work, "targets": targets}, units=["甲县", "乙县", "丙县"],
    )  # fmt: skip
    scores = tiny.score(tmp_path)
    (one,) = remarks(scores.assessment, "c1")
    assert one.kind == "target" and one.share == Fraction(4, 5)
    assert "4/5（80%），本组其他单位合计 100%：件数太少，看不出真有差别（可能在 22%–205% 之间）。" in one.sentence
    assert told(scores, "乙县") == []


@pytest.mark.parametrize("value", ["100 * (actual - target) / target", "actual / target", "50 * actual / target", "actual"])
def test_growth_and_other_values_are_no_shares(tmp_path: Path, value: str) -> None:
    body = SHARE.replace("100 * actual / target", value)
    scores = town(tmp_path, "甲县 8 10,乙县 46 50,丙县 46 50", body)
    assert not list(counted(scores.assessment.rubric, "all"))


@pytest.mark.parametrize("value", ["100 * actual / target", "actual / target * 100", "100 * (actual / target)", "100 * closed / received"])
def test_a_share_however_written(tmp_path: Path, value: str) -> None:
    scores = town(tmp_path, "甲县 8 10,乙县 46 50,丙县 46 50", SHARE.replace("100 * actual / target", value))
    assert len(told(scores, "甲县")) == 1


def test_the_shares_of_the_demo_city() -> None:
    found = {one.placed.indicator.code: one.kind for one in counted(scored().assessment.rubric, "county")}
    assert found["case_volume"] == "target" and found["closure"] == "share" and found["disclosure"] == "share"
    assert "case_growth" not in found


TWO = item("rules: [{kind: awards, parts: [{measure: handled, each: 0.5}], cap: full}]") + item(
    "rules: [{kind: awards, parts: [{measure: other, each: 1}], cap: full}]", "y"
)
HANDLED = "handled: {title: 办案数, unit: 件, form: figures, value: only(cases)}"
CASE = "- {code: handle, title: 多办 1 件案件, does: {handled: +1}, effort: 1}"


def neighbours(folder: Path, table: str, actions: str = CASE) -> list[str]:
    return close_neighbours(acting(folder, Tiny(table, TWO, measures=HANDLED), actions).assessment, "all")


def test_neighbours_less_than_a_case_apart(tmp_path: Path) -> None:
    """2.20, 2.00 and 0.50; a case is worth 0.50, so 0.20 is less and 1.50 is not."""
    table = "unit cases other:decimal2\n甲县 4 0.20\n乙县 4 0\n丙县 1 0"
    assert neighbours(tmp_path, table) == ["第 1、2 名相差 0.20 分，不到再做 1 次“多办 1 件案件”的分（0.50）。"]


@pytest.mark.parametrize(
    "table",
    [
        "unit cases other:decimal2\n甲县 4 0\n乙县 4 0",  # a tie is no distance
        "unit cases other:decimal2\n甲县 5 0\n乙县 4 0",  # exactly a case
        "unit cases other:decimal2\n甲县 4 0",
        "unit cases other:decimal2\n甲县 4 0.20\n乙县 _ 0",  # no place
        "unit cases other:decimal2\n甲县 20 0.20\n乙县 20 0",  # full marks: a case brings nothing
    ],
)
def test_no_close_neighbours(tmp_path: Path, table: str) -> None:
    assert neighbours(tmp_path, table) == []


def test_what_is_not_counted_in_cases_is_no_case(tmp_path: Path) -> None:
    table = "unit cases other:decimal2\n甲县 4 0.20\n乙县 4 0"
    assert neighbours(tmp_path, table, "- {code: do, title: 别的事, does: {other: +1}, effort: 1}") == []

"""Weights and counting once (patterns EQUIV, DEDUP): published clauses, counted by hand in the comment."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.tiny import Scores, Tiny, item, n

PRIZES = """\
form: prizes
title: 获奖
kept_by: unit
dated_by: won_on
columns:
  - {code: work, title: 作品, type: text}
  - {code: level, title: 级别, type: choice, values: [国家级, 省级, 市级]}
  - {code: rank, title: 排名, type: integer, at_least: 0}
  - {code: team, title: 团队, type: boolean}
  - {code: won_on, title: 获奖日期, type: date, required: true}
"""
ROWS = """
单位  作品  级别   排名 团队 获奖日期
甲县  一    国家级 1    是   2024-03-01
甲县  一    省级   1    是   2024-04-01
甲县  二    省级   2    否   2024-05-01
乙县  三    市级   1    否   2024-03-01
乙县  四    省级   4    否   2024-03-01
丙县  五    国家级 3    否   2024-03-01
丙县  五    国家级 3    否   2024-06-01
"""
UNITS = ["甲县", "乙县", "丙县"]


def scored(tmp_path: Path, measure: str, rows: str = ROWS) -> Scores:
    body = "actual: x\nrules: [{kind: awards, parts: [{measure: x, each: 1}], cap: full}]"
    return Tiny(
        indicators=item(body, full="50"), measures=f"x: {{title: 折算数, unit: 项, form: prizes, {measure}}}",
        forms={"prizes": PRIZES}, data={"prizes": rows}, units=UNITS,
    ).score(tmp_path)  # fmt: skip


def points(scores: Scores) -> list[Decimal | None]:
    return [scores.points(unit) for unit in UNITS]


def test_two_factors_multiply(tmp_path: Path) -> None:
    """D02.24 教材：级别折算 × 作者排名系数（100/50/30 %），其他名次不计."""
    weights = "weights: {level: {国家级: 4, 省级: 1.5, 市级: 0.5}, rank: {1: 1, 2: 0.5, 3: 0.3}}"
    scores = scored(tmp_path, f"value: sum(weight), {weights}")
    # 甲 4·1 + 1.5·1 + 1.5·0.5 = 6.25; 乙 0.5·1 + 1.5·0 = 0.5; 丙 2 × 4·0.3 = 2.4
    assert points(scores) == [n("6.25"), n("0.5"), n("2.4")]


def test_one_work_counts_once_at_its_highest(tmp_path: Path) -> None:
    """D02.23 同一项按最高级计一次."""
    scores = scored(tmp_path, "value: sum(weight), weights: {level: {国家级: 3, 省级: 1}}, once_by: [work]")
    # 甲 work 一 at 3, 二 at 1 → 4; 乙 0 + 1 = 1 (市级 has no weight); 丙 五 once → 3
    assert points(scores) == [n(4), n(1), n(3)]


def test_counting_things_not_rows(tmp_path: Path) -> None:
    scores = scored(tmp_path, "value: count(*), once_by: [work]")
    assert points(scores) == [n(2), n(2), n(1)]


def test_what_counts_once_is_chosen_among_rows_that_fulfil_the_condition(tmp_path: Path) -> None:
    """甲's 国家级 row is outside the condition: its 省级 row of the same work counts."""
    scores = scored(
        tmp_path, "value: sum(weight), where: level <> '国家级', weights: {level: {国家级: 3, 省级: 1}}, once_by: [work]"
    )
    assert points(scores) == [n(2), n(1), n(0)]


def test_the_highest_only(tmp_path: Path) -> None:
    """D02.35 只计最高一项."""
    scores = scored(tmp_path, "value: max(weight), weights: {level: {国家级: 4, 省级: 3, other: 1}}")
    assert points(scores) == [n(4), n(3), n(4)]


def test_other_and_yes_no(tmp_path: Path) -> None:
    """D02.26 团队 200 %：是 2、否 1；没有列出的级别按 other."""
    scores = scored(tmp_path, "value: sum(weight), weights: {level: {国家级: 2, other: 0.5}, team: {是: 2, 否: 1}}")
    # 甲 2·2 + 0.5·2 + 0.5 = 5.5; 乙 0.5 + 0.5 = 1; 丙 2 + 2 = 4
    assert points(scores) == [n("5.5"), n(1), n(4)]


def test_weight_in_a_condition(tmp_path: Path) -> None:
    scores = scored(tmp_path, "value: count(*), where: weight >= 1, weights: {level: {国家级: 3, 省级: 1}}")
    assert points(scores) == [n(3), n(1), n(2)]


@pytest.mark.parametrize(("cell", "state"), [("*", "masked"), ("_", "missing")])
def test_a_row_that_cannot_be_weighed_is_no_zero(tmp_path: Path, cell: str, state: str) -> None:
    rows = ROWS.replace("乙县  三    市级 ", f"乙县  三    {cell} ")
    scores = scored(tmp_path, "value: sum(weight), weights: {level: {国家级: 3, 省级: 1}}", rows)
    assert scores.state("乙县") == state and scores.points("乙县") is None
    assert scores.points("甲县") == n(5)


def test_the_order_of_rows_never_matters(tmp_path: Path) -> None:
    lines = ROWS.strip().splitlines()
    backward = "\n".join([lines[0], *reversed(lines[1:])])
    measure = "value: sum(weight), weights: {level: {国家级: 3, 省级: 1}}, once_by: [work]"
    assert points(scored(tmp_path / "a", measure)) == points(scored(tmp_path / "b", measure, backward))

"""The nominal weights give the exact ranking: demo city, examples, random tiny rubrics. The oracle is the engine's table."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from scoring.engine import Assessment
from scoring.insight.robustness import NotStudied, given, placings, ranking_of, shares_of
from scoring.insight.robustness.arrays import Totals
from scoring.insight.robustness.ranks import places_under
from scoring.project import open_project
from tests.demo import ROOT, YEARS, scored
from tests.robustness.random_rubrics import random_rubric
from tests.tiny import Tiny, item

EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir())


def same_as_the_engine(assessment: Assessment, group: str) -> None:
    """Totals and places, exactly and by floats, of every unit that has a place."""
    shares = shares_of(assessment, group)
    rows = {row["unit"]: row for row in assessment.rows("ranking", group=group) if row["place"] is not None}
    totals, places = ranking_of(shares, shares.weights)
    assert {unit.code for unit in shares.units} == set(rows)
    assert totals == [rows[unit.code]["total"] for unit in shares.units]
    assert places == [rows[unit.code]["place"] for unit in shares.units]
    arrays = Totals(shares)
    nominal = np.array([[float(weight) for weight in shares.weights]])
    assert places_under(arrays, nominal, {0: shares.weights})[0].tolist() == places
    found = placings(shares, given(shares, nominal, "照原分值"), arrays)
    assert found.places[0].tolist() == places
    assert found.nominal == tuple(places)
    if found.in_grade is not None:  # the best grade within its quota, too
        assert found.in_grade.tolist() == [int(rows[unit.code]["grade"] == found.grade) for unit in shares.units]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("group", ["county", "department"])
def test_demo_city(year: str, group: str) -> None:
    same_as_the_engine(scored(year).assessment, group)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str) -> None:
    project = open_project(ROOT / "examples" / name)
    for label in project.periods:
        assessment = project.assess(label, project.period(label).cut_off)
        for group in assessment.rubric.groups:
            same_as_the_engine(assessment, group)


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.trial) for seed in range(8, 20))])
def test_random_tiny_rubrics(seed: int, tmp_path: Path) -> None:
    same_as_the_engine(random_rubric(seed).score(tmp_path).assessment, "all")


LEVELS = """
- code: daily
  title: 日常
  weight: 60%
  full_marks: 100
  sections:
    - code: cases
      title: 办案
      full_marks: 60
      indicators:
        - {code: a, title: 甲项, clause: 一, full_marks: 60, rules: [{kind: piecewise, of: a, straight: [[0, 0], [100, full]]}]}
    - code: lower
      title: 取低
      takes: lowest
      full_marks: 40
      indicators:
        - {code: b, title: 乙项, clause: 二, full_marks: 40, rules: [{kind: piecewise, of: b, straight: [[0, 0], [100, full]]}]}
        - {code: c, title: 丙项, clause: 三, full_marks: 40, rules: [{kind: piecewise, of: c, straight: [[0, 0], [100, full]]}]}
- code: year_end
  title: 年终
  weight: 40%
  indicators:
    - {code: d, title: 丁项, clause: 四, full_marks: 80, rules: [{kind: piecewise, of: d, straight: [[0, 0], [100, full]]}]}
    - {code: e, title: 戊项, clause: 五, rules: [{kind: awards, parts: [{measure: e, each: 1}], cap: none}]}
"""


def test_levels_weights_and_items_without_full_marks(tmp_path: Path) -> None:
    """甲县: (60 × 50 % + min(40, 20)) × 60 % + (80 × 25 % + 3) × 40 % = 30 + 9.2 = 39.2; 乙县: (60 + 10) × 0.6 + 0.4 = 42.4."""
    table = "单位 a b c d e\n甲县 50 100 50 25 3\n乙县 100 25 100 0 1"
    found = Tiny(table=table, sections=LEVELS).score(tmp_path).assessment
    shares = shares_of(found, "all")
    # what is worth something in the total: 60 × 0.6, 40 × 0.6 (as one), 80 × 0.4
    assert [(one.code, one.weight, one.whole) for one in shares.items] == [("a", 36, False), ("lower", 24, True), ("d", 32, False)]
    assert len(shares.notes) == 2 and "取低" in shares.notes[0] and "戊项" in shares.notes[1]
    totals, _ = ranking_of(shares, shares.weights)
    assert [str(total) for total in totals] == ["39.200000000000", "42.400000000000"]
    same_as_the_engine(found, "all")
    # a of 30, the lower of two of 50, d of 90: (15 + 25) × 0.6 + (22.5 + 3) × 0.4 = 34.2; (30 + 12.5) × 0.6 + 0.4 = 25.9
    totals, _ = ranking_of(shares, [Fraction(18), Fraction(30), Fraction(36)])
    assert [str(total) for total in totals] == ["34.200000000000", "25.900000000000"]


def test_a_result_that_cannot_be_told_apart_is_refused(tmp_path: Path) -> None:
    """Draw 0 guards the study: a place that does not follow from what was read stops it."""
    body = item("rules: [{kind: piecewise, of: a, straight: [[0, 0], [100, full]]}]")
    gate = """
    - {kind: bonus, code: p, title: 表扬, clause: 加分, parts: [{measure: a, each: 0.1}], gate: base >= 5 and a > 60}
    """
    found = Tiny(table="单位 a\n甲县 50\n乙县 70", indicators=body, adjustments=gate).score(tmp_path).assessment
    with pytest.raises(NotStudied, match="加分条件把基础得分和别的数据项连在一起"):
        shares_of(found, "all")

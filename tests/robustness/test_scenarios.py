"""Draws that are no weights: thresholds scored by the engine, and totals anywhere in their range."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from scoring.engine.rescoring import keep
from scoring.insight.robustness import NotStudied, certainty, missing_draws, pair, threshold_draws
from scoring.insight.robustness.scenarios import Score, with_thresholds
from tests.demo import demo, scored
from tests.tiny import Scores, Tiny, item

TABLE = "单位 cases\n甲县 11\n乙县 10\n丙县 3"
BANDS = item("actual: cases\nrules: [{kind: bands, bands: [{at_least: 10, points: full}, {at_least: 1, points: 4}, {points: 0}]}]")


@contextmanager
def scorer(found: Scores) -> Iterator[Score]:
    """The engine, with the facts of one run."""
    assessment = found.assessment
    with keep(found.project.store, assessment.rubric, assessment.period, assessment.as_of) as kept:
        yield lambda draft: kept.ranking(draft).to_pylist()


def test_a_threshold_by_hand(tmp_path: Path) -> None:
    """10 times a factor in [0.9, 1.1], to whole cases: 9 below 0.95, 11 from 1.05 on, else 10; evenly 1/4, 1/4, 1/2.

    9 or 10: 甲 and 乙 are level with 10 points, 丙 third. 11: 甲 alone has full marks, 乙 and 丙 4 points: 2, 2.
    """
    found = Tiny(table=TABLE, indicators=BANDS).score(tmp_path)
    with scorer(found) as score:
        draws = threshold_draws(found.assessment.rubric, "all", score, Decimal(10), 120, 5)
        again = threshold_draws(found.assessment.rubric, "all", score, Decimal(10), 120, 5)
    assert (draws.places == again.places).all()
    assert draws.nominal == (1, 1, 3)
    kinds = {tuple(row) for row in draws.places.tolist()}
    assert kinds == {(1, 1, 3), (1, 2, 2)}
    alone = int((draws.places[:, 1] == 2).sum())
    assert 0.09 < alone / 120 < 0.41  # 4 standard errors about 1/4
    one = pair(draws, "c1", "c2")
    assert (one.above, one.level, one.below) == (alone, 120 - alone, 0)
    assert draws.words == "把各指标的门槛上下浮动 10%"
    assert certainty(draws).of("c1").first == 120


def test_thresholds_keep_their_order_and_their_decimals(tmp_path: Path) -> None:
    rules = {
        "bands": "{kind: bands, bands: [{at_least: 2.50, points: full}, {at_least: 1, points: 4}, {points: 0}]}",
        "piecewise": "{kind: piecewise, straight: [[50, 0], [100, full]]}",
        "steps": "{kind: steps, start: 90, below: {each: 2, lose: 0.5}}",
    }
    body = "".join(item(f"actual: cases\nrules: [{rule}]", code) for code, rule in rules.items())
    rubric = Tiny(table=TABLE, indicators=body).score(tmp_path).assessment.rubric
    moved = with_thresholds(rubric, lambda: Decimal("1.1"), rules)
    bands, piecewise, steps = (moved.indicators[code].rules[0] for code in rules)
    assert [band.at_least.default for band in bands.bands[:2]] == [Decimal("2.75"), Decimal(1)]  # 1.1 件 is 1 件  # type: ignore[union-attr]
    assert [x.default for x, _ in piecewise.straight] == [Decimal(55), Decimal(110)]  # type: ignore[union-attr]
    assert steps.start.default.text == "99"  # type: ignore[union-attr]
    assert rubric.indicators["steps"].rules[0].start.default.text == "90"  # type: ignore[union-attr]
    # 50 and 100 times 0.004 are 0.2 and 0.4, both 0 in whole numbers: left as it is
    near = with_thresholds(rubric, lambda: Decimal("0.004"), ["piecewise"]).indicators["piecewise"].rules[0]
    assert near == rubric.indicators["piecewise"].rules[0]


def test_one_threshold_moves_only_what_it_should(tmp_path: Path) -> None:
    """The draft is scored by an official run of the same text with 11 instead of 10."""
    found = Tiny(table=TABLE, indicators=BANDS).score(tmp_path / "one")
    with scorer(found) as score:
        rows = {row["unit"]: row for row in score(with_thresholds(found.assessment.rubric, lambda: Decimal("1.1"), ["x"]))}
    other = Tiny(table=TABLE, indicators=BANDS.replace("at_least: 10", "at_least: 11")).score(tmp_path / "other")
    for row in other.assessment.rows("ranking"):
        assert (rows[row["unit"]]["total"], rows[row["unit"]]["place"]) == (row["total"], row["place"])


def test_what_has_no_threshold_is_said(tmp_path: Path) -> None:
    body = item("rules: [{kind: deductions, parts: [{measure: cases, each: 0.1}]}]")
    found = Tiny(table=TABLE, indicators=body).score(tmp_path)
    with scorer(found) as score:
        for percent, only, words in (
            (Decimal(10), (), "没有可以浮动的门槛"),
            (Decimal(0), (), "门槛上下浮动 0% 不行"),
            (Decimal(10), ("y",), "没有指标“y”"),
        ):
            with pytest.raises(NotStudied, match=words):
                threshold_draws(found.assessment.rubric, "all", score, percent, 10, 1, only)


def test_demo_city_thresholds() -> None:
    found = scored("2023")
    with keep(demo().store, found.assessment.rubric, found.assessment.period, found.assessment.as_of) as kept:
        draws = threshold_draws(
            found.assessment.rubric, "county", lambda draft: kept.ranking(draft).to_pylist(), Decimal(10), 4, 1
        )
    rows = {row["unit"]: row["place"] for row in found.assessment.rows("ranking", group="county")}
    assert dict(zip(draws.units, draws.nominal, strict=True)) == rows
    assert draws.places.min() >= 1


# --- figures still missing ------------------------------------------------------------------------------

ONE = item("actual: cases\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]", full="60")
TWO = item("rules: [{kind: piecewise, of: late, straight: [[0, 0], [100, full]]}]", "y", full="40")


def test_a_total_anywhere_in_its_range(tmp_path: Path) -> None:
    """甲 60 + 10 = 70. 乙 54 and up to 40 more: 54 to 94, of which 70.01 … 94.00 are above 甲: 2400 of 4001. 丙 30."""
    table = "单位 cases late\n甲县 100 25\n乙县 90 _\n丙县 50 0"
    found = Tiny(table=table, indicators=ONE + TWO).score(tmp_path).assessment
    draws = missing_draws(found, "all", 10_000, 3)
    assert draws.nominal == (1, None, 2)
    one = pair(draws, "c1", "c2")
    assert abs(one.below / 10_000 - 2400 / 4001) < 0.02
    assert abs(one.level / 10_000 - 1 / 4001) < 0.002
    row = certainty(draws).of("c2")
    assert (row.best, row.worst, row.place) == (1, 2, None)
    assert certainty(draws).of("c3").worst == 3
    assert draws.words == "乙县还有暂缺，把它的总分在可能的范围内随意取值"
    assert (missing_draws(found, "all", 100, 3).places == missing_draws(found, "all", 100, 3).places).all()


def test_ties_that_a_section_breaks_stay_broken(tmp_path: Path) -> None:
    """甲 and 乙 have 50 each; the part s2 puts 乙 first. 丙 is open between 0 and 100."""
    sections = "".join(
        f"- code: s{k}\n  title: 部分{k}\n  indicators:\n"
        f"    - {{code: x{k}, title: 指标{k}, clause: 第{k}条, full_marks: 50, rules: [{{kind: piecewise, of: m{k}, straight: [[0, 0], [100, full]]}}]}}\n"
        for k in (1, 2)
    )
    table = "单位 m1 m2\n甲县 100 0\n乙县 0 100\n丙县 _ _"
    found = Tiny(table=table, sections=sections, places="{ties: 1-1-3, break_by: [s2]}").score(tmp_path).assessment
    draws = missing_draws(found, "all", 500, 1)
    assert draws.nominal == (2, 1, None)
    assert (draws.places[:, 1] < draws.places[:, 0]).all()


def test_nothing_missing_and_totals_without_end(tmp_path: Path) -> None:
    table = "单位 cases late\n甲县 100 25\n乙县 90 30"
    whole = Tiny(table=table, indicators=ONE + TWO).score(tmp_path / "a").assessment
    with pytest.raises(NotStudied, match="没有暂缺的数据，名次已定"):
        missing_draws(whole, "all", 10, 1)
    with pytest.raises(NotStudied, match="没有分组“none”"):
        missing_draws(whole, "none", 10, 1)
    endless = item("rules: [{kind: awards, parts: [{measure: late, each: 1}], cap: none}]", "y", full=None)
    found = Tiny(table=table.replace("90 30", "90 _"), indicators=ONE + endless).score(tmp_path / "b").assessment
    with pytest.raises(NotStudied, match="乙县的总分没有上限或下限"):
        missing_draws(found, "all", 10, 1)


def test_demo_city_ranges() -> None:
    """Whoever is settled keeps the places the engine gives it: from its best to its worst."""
    found = scored("2024").assessment
    for group in found.rubric.groups:
        draws = missing_draws(found, group, 2000, 9)
        rows = {row["unit"]: row for row in found.rows("ranking", group=group)}
        for unit, column in zip(draws.units, draws.places.T, strict=True):
            assert rows[unit]["best_place"] <= int(column.min())
            assert int(column.max()) <= rows[unit]["worst_place"]
        assert np.unique(draws.places).min() == 1

"""What cannot be studied is said in Chinese, with what to do; what can be answered simply is answered."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from scoring.insight.robustness import (
    NotStudied,
    certainty,
    given,
    placings,
    ranking_of,
    shares_of,
    within,
)
from tests.robustness.small import scores, small
from tests.tiny import Tiny, item

TWO = {"甲县": (100, 20), "乙县": (40, 90)}


def test_negative_weights_and_none_at_all(tmp_path: Path) -> None:
    shares = small(tmp_path, (60, 40), TWO)
    for weights, words in (
        ([Fraction(110), Fraction(-10)], "分值不能是负数：指标2"),
        ([Fraction(0), Fraction(0)], "各项分值都是 0"),
        ([Fraction(100)], "写了 1 个分值，而有 2 项"),
    ):
        with pytest.raises(NotStudied, match=words) as told:
            ranking_of(shares, weights)
        assert told.value.fix


def test_all_weight_on_one_item(tmp_path: Path) -> None:
    """Allowed: the ranking is that of the item."""
    shares = small(tmp_path, (60, 40), TWO)
    assert ranking_of(shares, [Fraction(0), Fraction(100)]) == ([Decimal("20"), Decimal("90")], [2, 1])
    found = placings(shares, given(shares, np.array([[0.0, 100.0], [100.0, 0.0]]), "分值"))
    assert found.places.tolist() == [[2, 1], [1, 2]]


def test_all_weight_on_an_item_that_does_not_apply(tmp_path: Path) -> None:
    body = "".join(
        item(f"not_applicable: {{when: n{k} = 1, then: rescale, reason: 没有}}\nrules: [{{kind: piecewise, of: m{k}, straight: [[0, 0], [100, full]]}}]", f"x{k}", "50")
        for k in (1, 2)
    )
    found = Tiny(table="单位 m1 m2 n1 n2\n甲县 40 80 0 0\n乙县 60 0 0 1", indicators=body).score(tmp_path).assessment
    shares = shares_of(found, "all")
    with pytest.raises(NotStudied, match="没有一项适用于乙县"):
        ranking_of(shares, [Fraction(0), Fraction(100)])
    with pytest.raises(NotStudied, match="不适用于乙县的指标"):
        placings(shares, given(shares, np.array([[0.0, 100.0]]), "分值"))


def test_one_unit_only(tmp_path: Path) -> None:
    with pytest.raises(NotStudied, match="只有甲县一个单位排出名次，没有先后可比"):
        small(tmp_path, (60, 40), {"甲县": (50, 50)})


def test_all_units_equal(tmp_path: Path) -> None:
    """No error: they are level whatever the weights."""
    shares = small(tmp_path, (60, 40), {"甲县": (50, 20), "乙县": (50, 20), "丙县": (50, 20)})
    found = placings(shares, within(shares, Decimal(30), 500, 1))
    assert (found.places == 1).all()
    assert all(one.stays == 500 and one.last == 500 for one in certainty(found).units)


def test_one_item_only(tmp_path: Path) -> None:
    """Its weight is always the whole: nothing moves."""
    shares = small(tmp_path, (100,), {"甲县": (50,), "乙县": (70,)})
    assert (placings(shares, within(shares, Decimal(30), 50, 1)).places == [2, 1]).all()


def test_an_empty_group(tmp_path: Path) -> None:
    groups = "{all: {title: 县区, units: {kinds: [county]}, full_marks: 100}, zone: {title: 功能区, units: {kinds: [zone]}, full_marks: 100}}"
    register = """
    - {code: c1, title: 甲县, kind: county}
    - {code: c2, title: 乙县, kind: county}
    - {code: z1, title: 新区, kind: zone, valid: {from: 2030-01-01}}
    """
    found = scores(tmp_path, (60, 40), TWO, groups=groups, register=register).assessment
    with pytest.raises(NotStudied, match="“功能区”没有被考核单位"):
        shares_of(found, "zone")
    with pytest.raises(NotStudied, match="没有分组“nowhere”"):
        shares_of(found, "nowhere")


def test_all_pending(tmp_path: Path) -> None:
    body = item("rules: [{kind: piecewise, of: m, straight: [[0, 0], [100, full]]}]")
    found = Tiny(table="单位 m\n甲县 _\n乙县 _", indicators=body).score(tmp_path).assessment
    with pytest.raises(NotStudied, match="没有一个单位排出名次：甲县有暂缺的指标"):
        shares_of(found, "all")


def test_who_is_pending_is_left_out_and_named(tmp_path: Path) -> None:
    body = item("rules: [{kind: piecewise, of: m, straight: [[0, 0], [100, full]]}]")
    found = Tiny(table="单位 m\n甲县 10\n乙县 _\n丙县 30", indicators=body).score(tmp_path).assessment
    shares = shares_of(found, "all")
    (out,) = shares.left_out
    assert (out.title, out.low, out.high) == ("乙县", Decimal("0.00"), Decimal("10.00"))
    draws = placings(shares, within(shares, Decimal(10), 20, 1))
    assert draws.titles == ("甲县", "丙县")
    assert draws.notes == ("乙县有暂缺的指标，总分还不能定，不在其中",)
    with pytest.raises(NotStudied, match="乙县有暂缺的指标，总分还不能定"):
        shares.unit("c2")


def test_who_is_stopped_or_not_ranked_is_left_out(tmp_path: Path) -> None:
    body = item("rules: [{kind: piecewise, of: m, straight: [[0, 0], [100, full]]}]")
    vetoes = """
    - {kind: veto, code: v, title: 停, clause: 一, when: f = 1, effect: {stop: true}}
    - {kind: veto, code: w, title: 不排, clause: 二, when: f = 2, effect: {unranked: true}}
    """
    table = "单位 m f\n甲县 10 0\n乙县 50 1\n丙县 30 0\n丁县 90 2"
    found = Tiny(table=table, indicators=body, adjustments=vetoes, grades="[{title: 好, at_least: 9}, {title: 差}]").score(tmp_path)
    shares = shares_of(found.assessment, "all")
    assert {one.title: one.reason for one in shares.left_out} == {"乙县": "被一票否决，不再计分", "丁县": "不参加排名"}
    assert [unit.title for unit in shares.units] == ["甲县", "丙县"]


def test_too_many_draws(tmp_path: Path) -> None:
    shares = small(tmp_path, (100,), {f"单位{n}": (n,) for n in range(20)})
    with pytest.raises(NotStudied, match="20 个单位太多"):
        placings(shares, within(shares, Decimal(10), 6_000_000, 1))

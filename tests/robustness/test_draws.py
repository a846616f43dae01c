"""Draws keep what they promise: the sum, what is locked, the order, the spread; the seed brings them back."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from scoring.insight.robustness import NotStudied, Shares, anything, given, ordered, within
from scoring.insight.robustness import shares_of as read
from tests.demo import scored
from tests.robustness.small import small

UNITS = {"甲县": (100, 0, 0), "乙县": (0, 100, 0), "丙县": (0, 0, 100)}


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Shares:
    return small(tmp_path_factory.mktemp("three"), (50, 30, 20), UNITS)


def test_a_little_more_or_less(three: Shares) -> None:
    """Independent factors in [0.9, 1.1], then to the sum of 100: each ratio to the nominal stays in [0.9 / 1.1, 1.1 / 0.9]."""
    found = within(three, Decimal(10), 20_000, 1).weights
    assert found[0].tolist() == [50, 30, 20]
    assert np.allclose(found.sum(axis=1), 100, atol=1e-9)
    ratios = found[1:] / found[0]
    assert ratios.min() >= 0.9 / 1.1 - 1e-12
    assert ratios.max() <= 1.1 / 0.9 + 1e-12
    # two factors of one draw, put in relation, are free of the sum: uniform parts in [0.9, 1.1] have a mean ratio of
    # E(a) E(1/b) = 1 × ln(1.1 / 0.9) / 0.2 = 1.00335; the standard error is about 0.0006
    assert abs(float((ratios[:, 0] / ratios[:, 1]).mean()) - 1.00335) < 0.0025


def test_every_way_to_part_the_sum(three: Shares) -> None:
    """Dirichlet(1, 1, 1): mean 1/3 each, variance 2/36 = 1/18, P(weight > 50) = (1 − 1/2)² = 1/4."""
    found = anything(three, 20_000, 2).weights[1:]
    assert np.allclose(found.sum(axis=1), 100, atol=1e-9)
    assert found.min() >= 0
    assert np.abs(found.mean(axis=0) - 100 / 3).max() < 0.7  # 4 standard errors: 4 × 23.6 / √20000
    assert np.abs(found.var(axis=0) / 1e4 - 1 / 18).max() < 0.002
    assert np.abs((found > 50).mean(axis=0) - 0.25).max() < 0.0125


def test_all_weights_that_keep_the_order(three: Shares) -> None:
    """The means are the rank order centroid: (1 + 1/2 + 1/3) / 3, (1/2 + 1/3) / 3, (1/3) / 3 (Barron & Barrett 1996)."""
    found = ordered(three, 20_000, 3).weights[1:]
    assert (np.diff(found, axis=1) <= 0).all()
    assert np.abs(found.mean(axis=0) - np.array([1100 / 18, 500 / 18, 200 / 18])).max() < 0.5
    turned = ordered(three, 500, 3, [["s3"], ["s1", "s2"]]).weights[1:]
    assert (turned[:, 2] >= turned[:, :2].max(axis=1)).all()
    assert 0.4 < (turned[:, 0] > turned[:, 1]).mean() < 0.6  # no order among those of one rank


def test_what_is_locked_stays(three: Shares) -> None:
    for draws in (
        within(three, Decimal(30), 300, 4, locked=["x2"]),
        anything(three, 300, 4, by="item", locked=["x2"]),
        ordered(three, 300, 4, by="item", locked=["x2"]),
        anything(three, 300, 4, locked=["s2"]),
    ):
        assert (draws.weights[:, 1] == 30).all()
        assert np.allclose(draws.weights.sum(axis=1), 100, atol=1e-9)
        assert "锁定的 1 项不动" in draws.words


def test_sections_keep_the_proportions_of_their_items() -> None:
    shares = read(scored("2023").assessment, "county")
    draws = anything(shares, 50, 5).weights
    for items in shares.sections.values():
        within_section = draws[:, items] / draws[:, items].sum(axis=1, keepdims=True)
        assert np.allclose(within_section, within_section[0], atol=1e-9)


def test_the_seed_brings_them_back(three: Shares) -> None:
    for make in (
        lambda seed: within(three, Decimal(10), 100, seed),
        lambda seed: anything(three, 100, seed),
        lambda seed: ordered(three, 100, seed),
    ):
        again = make(7).weights
        assert (make(7).weights == again).all()
        assert not (make(8).weights[1:] == again[1:]).any()
        assert make(7).seed == 7


def test_what_cannot_be_drawn_is_said(three: Shares) -> None:
    cases = [
        (lambda: within(three, Decimal(0), 10, 1), "上下浮动 0% 不行"),
        (lambda: within(three, Decimal(101), 10, 1), "上下浮动 101% 不行"),
        (lambda: within(three, Decimal(10), 0, 1), "组合数要大于 0"),
        (lambda: within(three, Decimal(10), 10**9, 1), "种组合太多"),
        (lambda: anything(three, 10, 1, locked=["s1", "s2", "s3"]), "各项分值都锁定了"),
        (lambda: anything(three, 10, 1, locked=["不存在"]), "锁定的“不存在”不是“县区”的指标"),
        (lambda: ordered(three, 10, 1, [["s1"], ["s2"]]), "对不上：s3"),
        (lambda: ordered(three, 10, 1, [["s1"], ["s2", "s3"], ["s1"]]), "对不上：s1"),
        (lambda: given(three, np.array([[50.0, -1.0, 51.0]]), ""), "有负数"),
        (lambda: given(three, np.array([[50.0, np.nan, 50.0]]), ""), "不是数"),
        (lambda: given(three, np.zeros((1, 3)), ""), "各项分值都是 0"),
        (lambda: given(three, np.ones((1, 2)), ""), "每组要有 3 个分值"),
    ]
    for make, words in cases:
        with pytest.raises(NotStudied, match=words):
            make()

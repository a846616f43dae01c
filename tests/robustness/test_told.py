"""The sentences: figures worked out by hand, plain words, no jargon."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from scoring.insight.robustness import (
    anything,
    certainty,
    effective,
    fitted,
    given,
    missing_draws,
    neighbours,
    ordered,
    pair,
    placings,
    shares_of,
    told,
    what_moves,
    within,
    without_each,
)
from tests.demo import scored
from tests.robustness.small import NOT_ROUNDED, small
from tests.robustness.test_certainty import by_hand

JARGON = re.compile(r"蒙特卡洛|分位|敏感|方差|标准差|概率|置信|单纯形|随机|抽样|样本|相关系数|权重向量|指数|None|nan|[A-Za-z]{2,}")
HEAD = "把每项分值上下浮动 10%、试 20 种组合："


@pytest.mark.parametrize(
    "own,nominal,words",
    [
        ([1] * 20, 1, "甲县每次都是第 1 名，与现在一样。"),
        ([2] * 20, 1, "甲县每次都是第 2 名（现为第 1 名）。"),
        ([2] * 20, None, "甲县每次都是第 2 名（现在还没有名次）。"),
        ([1] * 19 + [4], 1, "甲县有 19 次（95%）在前三名，最好第 1 名，最差第 4 名。"),
        ([1] * 10 + [3] * 10, 1, "甲县每次都在前三名，最好第 1 名，最差第 3 名。"),
        ([4] * 15 + [5] * 5, 4, "甲县有 15 次（75%）仍是第 4 名，最好第 4 名，最差第 5 名。"),
        ([3] + [4] * 19, 4, "甲县有 19 次（95%）仍是第 4 名，1 次（5%）进了前三名，最好第 3 名，最差第 4 名。"),
        ([3] * 12 + [5] * 8, 5, "甲县有 12 次（60%）在前三名，最好第 3 名，最差第 5 名。"),
        ([4] * 20, 4, "甲县每次都是第 4 名，与现在一样。"),
        ([4] * 11 + [5] * 9, 3, "甲县一次也不在前三名，最好第 4 名，最差第 5 名。"),
        ([4] * 15 + [5] * 5, 6, "甲县十次有九次在第 4 至 5 名（现为第 6 名），最好第 4 名，最差第 5 名。"),
    ],
)
def test_how_sure_a_place_is(own: list[int], nominal: int | None, words: str) -> None:
    """Beside 甲 three units that stand behind it in every draw, so that it is never among the last."""
    found = by_hand([[place, 8, 9, 10] for place in own], (nominal, 8, 9, 10))
    assert told.place_sentence(certainty(found), "c1") == HEAD + words


def test_who_is_among_the_last() -> None:
    found = by_hand([[1, 2, 3, 4, 5]] * 12 + [[1, 2, 4, 3, 5]] * 7 + [[1, 3, 4, 2, 5]], (1, 2, 3, 4, 5))
    ends = certainty(found, first=1, last=2)
    assert told.place_sentence(ends, "c4") == f"{HEAD}丁县有 12 次（60%）在后二名，最好第 2 名，最差第 4 名。"
    assert told.place_sentence(ends, "c5") == f"{HEAD}戊县每次都是第 5 名，与现在一样。"
    assert told.range_sentence(ends, "c3") == f"{HEAD}十次里有九次，丙县是第 3 名或第 4 名。"
    assert told.range_sentence(ends, "c1") == f"{HEAD}十次里有九次以上，甲县是第 1 名。"


def test_what_is_rare_is_no_headline() -> None:
    """1 of 40 is below one in twenty: neither said of the place nor, below one in a hundred, of two units that are level."""
    found = certainty(by_hand([[place, 8, 9, 10] for place in [3] + [4] * 30 + [5] * 9], (4, 8, 9, 10)))
    words = "把每项分值上下浮动 10%、试 40 种组合：甲县有 30 次（75%）仍是第 4 名，最好第 3 名，最差第 5 名。"
    assert told.place_sentence(found, "c1") == words
    level = by_hand([[1, 2]] * 150 + [[2, 1]] * 49 + [[1, 1]], (1, 2))
    words = "把每项分值上下浮动 10%、试 200 种组合：甲县与乙县的先后，25% 的情况下会对调（49 次）。"
    assert told.pair_sentence(level, pair(level, "c1", "c2")) == words


def test_places_between_wide_limits() -> None:
    """Of 20: 2 × 2, 9 × 4, 7 × 6, 2 × 9. The 1st is 2, the 10th 4, the 19th 9."""
    found = certainty(by_hand([[place, 11, 12, 13] for place in [2] * 2 + [4] * 9 + [6] * 7 + [9] * 2], (5, 11, 12, 13)))
    assert told.range_sentence(found, "c1") == f"{HEAD}十次里有九次，甲县在第 2 名到第 9 名之间，居中的是第 4 名。"
    words = "甲县十次有九次在第 2 至 9 名（现为第 5 名），2 次（10%）进了前三名，最好第 2 名，最差第 9 名。"
    assert told.place_sentence(found, "c1") == HEAD + words


def test_two_units() -> None:
    found = by_hand([[1, 2]] * 6 + [[2, 1]] * 13 + [[1, 1]], (1, 2))
    assert told.pair_sentence(found, pair(found, "c1", "c2")) == f"{HEAD}甲县与乙县的先后，65% 的情况下会对调（13 次），另有 1 次（5%）并列。"
    always = by_hand([[1, 2]] * 20, (1, 2))
    assert told.pair_sentence(always, pair(always, "c1", "c2")) == f"{HEAD}甲县始终在乙县前面。"
    level = by_hand([[1, 1]] * 5 + [[1, 2]] * 15, (1, 1))
    words = "甲县与乙县现在并列，甲县在前的占 75%，乙县在前的一次也没有，仍并列的占 25%。"
    assert told.pair_sentence(level, pair(level, "c1", "c2")) == HEAD + words


@pytest.mark.parametrize(
    "count,whole,words",
    [(9630, 10000, "96%"), (1, 10000, "不到 1%"), (9999, 10000, "99% 以上"), (0, 10, "0%"), (10, 10, "100%"), (1, 8, "13%"), (5, 1000, "1%")],
)
def test_percent(count: int, whole: int, words: str) -> None:
    assert told.percent(count, whole) == words


def test_how_often_it_was_tried() -> None:
    assert told.many(10_000, "种组合") == "1 万种组合"
    assert told.many(9_216, "种组合") == "9,216 种组合"
    assert told.many(50, "次") == "50 次"


def test_who_is_first_and_when(tmp_path: Path) -> None:
    """甲 = w, 乙 = 60, 丙 = 100 − w, as in the test of acceptability: 甲 first for w over 60, 80 in the middle; 100 draws."""
    shares = small(tmp_path, (50, 50), {"甲县": (100, 0), "乙县": (60, 60), "丙县": (0, 100)}, rounding=NOT_ROUNDED)
    first = np.arange(100) + 0.5
    found = placings(shares, given(shares, np.column_stack([first, 100 - first]), "把两项分值任意分配"))
    head = "把两项分值任意分配、试 100 种组合："
    assert told.first_sentence(found, shares, "c1") == f"{head}甲县有 40 次（40%）排第一，那时“部分1”平均占 80 分（现为 50 分）。"
    assert told.first_sentence(found, shares, "c2") == f"{head}乙县有 20 次（20%）排第一，与现在一样。"


def test_without_an_item(tmp_path: Path) -> None:
    """As worked out in the test of places without each item."""
    shares = small(tmp_path, (50, 30, 20), {"甲县": (100, 0, 100), "乙县": (50, 100, 50), "丙县": (0, 100, 100)})
    found = {one.code: told.without_sentence(shares, one) for one in without_each(shares)}
    assert found["x1"] == "去掉“指标1”、把它的分按比例加给其他各项：2 个单位名次会变，甲县由第 1 名变为第 3 名，变动最大。"
    assert found["x2"] == "去掉“指标2”、把它的分按比例加给其他各项：所有单位名次不变。"


def test_what_separates_the_units(tmp_path: Path) -> None:
    """25 ÷ 29 = 86 % and 4 ÷ 29 = 14 % of the differences, at 10 ÷ 17 = 59 %, 4 ÷ 17 = 24 %, and 3 of 17 for nothing."""
    given_ = {"甲县": (0, 0, 50), "乙县": (0, 100, 50), "丙县": (100, 0, 50), "丁县": (100, 100, 50)}
    found = effective(small(tmp_path, (10, 4, 3), given_))
    words = [told.effective_sentence(found, part) for part in found.parts]
    assert words == [
        "“指标1”占满分的 59%，县区 4 个单位总分的差距有 86% 由它拉开，与分值大体相称。",
        "“指标2”占满分的 24%，县区 4 个单位总分的差距有 14% 由它拉开，与分值大体相称。",
        "“指标3”占满分的 18%，但各单位得分相同，没有拉开差距。",
    ]
    shares = small(tmp_path / "two", (10, 4), {unit: one[:2] for unit, one in given_.items()})
    words_ = told.fitted_sentence(fitted(shares, {"s1": Decimal(50), "s2": Decimal(50)}))
    assert words_ == "要各项真正起到所定的作用：“部分1”由 10 分改为 7 分、“部分2”由 4 分改为 7 分，照此正好达到目标。"


def test_no_jargon_anywhere() -> None:
    """Every sentence about the demo city: Chinese, ends once, says how often; no word that asks for statistics."""
    sentences: list[str] = []
    for year in ("2024", "2023"):
        assessment = scored(year).assessment
        for group in assessment.rubric.groups:
            shares = shares_of(assessment, group)
            draws = [within(shares, Decimal(10), 500, 1), anything(shares, 500, 1), ordered(shares, 500, 1, by="item")]
            found = [placings(shares, one) for one in draws]
            found += [missing_draws(assessment, group, 500, 1)] if year == "2024" else []
            for one in found:
                counted = certainty(one)
                for unit in one.units:
                    sentences += [told.place_sentence(counted, unit), told.range_sentence(counted, unit), told.grade_sentence(counted, unit)]
                    sentences += [told.first_sentence(one, shares, unit)] if one.weights is not None else []
                sentences += [told.pair_sentence(one, pair_) for pair_ in neighbours(one)]
            sentences += [told.moves_sentence(what_moves(shares, Decimal(20), 1, 64, unit=unit)) for unit in (None, shares.units[0].code)]
            sentences += [told.without_sentence(shares, one) for one in without_each(shares)]
            parts = effective(shares, "section")
            sentences += [told.effective_sentence(parts, part) for part in parts.parts]
            sentences.append(told.fitted_sentence(fitted(shares, {"organisation": Decimal(20)})))
    assert len(sentences) > 500
    for sentence in sentences:
        assert not JARGON.search(sentence), sentence
        assert sentence.endswith("。")
        assert sentence.count("。") == 1
        assert "  " not in sentence
        assert len(sentence) < 330, sentence

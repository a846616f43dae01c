"""Which weights move the ranking, and the places without each item: small groups by hand, and properties."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from scoring.insight.robustness import NotStudied, what_moves, without_each
from scoring.insight.robustness import shares_of as read
from scoring.insight.robustness.sobol import CLOSE
from tests.demo import scored
from tests.robustness.small import small
from tests.tiny import Tiny, item


def test_a_section_in_which_all_are_alike_moves_nothing(tmp_path: Path) -> None:
    """All have 70 % of x3: with its weight the others shrink alike, and the order stays. x1 against x2 decides."""
    units = {"甲县": (100, 40, 70), "乙县": (60, 90, 70), "丙县": (80, 65, 70)}
    shares = small(tmp_path, (35, 35, 30), units)
    found = what_moves(shares, Decimal(40), 1, 512)
    assert found.moves
    assert found.runs == 512 * 5
    by_code = {part.code: part for part in found.parts}
    assert abs(by_code["s3"].first) < 0.02
    assert by_code["s3"].total < 0.02
    assert found.parts[0].code in ("s1", "s2")
    # 甲 against 乙: (1 − 0.6) w1 against (0.9 − 0.4) w2: it takes both, so each counts for more with the other than alone
    for code in ("s1", "s2"):
        assert by_code[code].total > max(0.5, by_code[code].first)


def test_first_indices_are_not_above_total_ones() -> None:
    shares = read(scored("2023").assessment, "department")
    for unit in (None, "d03"):
        found = what_moves(shares, Decimal(25), 3, 512, unit=unit)
        assert all(-CLOSE <= part.first <= part.total + CLOSE for part in found.parts)
        assert [part.total for part in found.parts] == sorted((part.total for part in found.parts), reverse=True)
        assert {part.code for part in found.parts} == set(shares.sections)


def test_nothing_moves(tmp_path: Path) -> None:
    shares = small(tmp_path, (60, 40), {"甲县": (100, 100), "乙县": (10, 10)})
    found = what_moves(shares, Decimal(20), 1, 64)
    assert not found.moves
    assert found.shift == 0
    with pytest.raises(NotStudied, match="2 的乘方"):
        what_moves(shares, Decimal(20), 1, 100)


def test_without_each_item_by_hand(tmp_path: Path) -> None:
    """Totals 甲 50 + 0 + 20 = 70, 乙 25 + 30 + 10 = 65, 丙 0 + 30 + 20 = 50.

    Without x1 (others × 100 ÷ 50): 甲 40, 乙 60 + 20 = 80, 丙 100. Without x2 (× 100 ÷ 70): 甲 100, 乙 50, 丙 28.57.
    Without x3 (× 100 ÷ 80): 甲 62.5, 乙 68.75, 丙 37.5.
    """
    shares = small(tmp_path, (50, 30, 20), {"甲县": (100, 0, 100), "乙县": (50, 100, 50), "丙县": (0, 100, 100)})
    found = {one.code: one for one in without_each(shares)}
    assert {code: one.places for code, one in found.items()} == {"x1": (3, 2, 1), "x2": (1, 2, 3), "x3": (2, 1, 3)}
    assert found["x1"].moved == ("c1", "c3")
    assert found["x2"].moves == 0
    assert [one.moves for one in without_each(shares)] == [2, 2, 0]


def test_without_an_item_a_unit_may_have_none(tmp_path: Path) -> None:
    """x2 does not apply to 乙: without x1 nothing does, and that is said."""
    body = "".join(
        item(f"not_applicable: {{when: n{k} = 1, then: rescale, reason: 没有}}\nrules: [{{kind: piecewise, of: m{k}, straight: [[0, 0], [100, full]]}}]", f"x{k}", "50")
        for k in (1, 2)
    )
    found = Tiny(table="单位 m1 m2 n1 n2\n甲县 40 80 0 0\n乙县 60 0 0 1", indicators=body).score(tmp_path)
    rows = {one.code: one for one in without_each(read(found.assessment, "all"))}
    assert rows["x1"].places is None
    assert "乙县" in rows["x1"].told
    assert rows["x2"].places == (2, 1)


def test_one_item_alone(tmp_path: Path) -> None:
    shares = small(tmp_path, (100,), {"甲县": (100,), "乙县": (50,)})
    with pytest.raises(NotStudied, match="只有“指标1”一项"):
        without_each(shares)

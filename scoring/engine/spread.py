"""Full marks of an item that does not apply to a unit, spread evenly over the other items of its section (D60.2).

Then every full mark of the section is larger for that unit, and with it every share of it in a rule: another result
than scaling up the points (rescale). So an item has one reckoning for each way in which its neighbours may not apply.
Additions that do not end are cut to 12 decimals (计算精度).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations

from scoring.engine.amounts import SCALE
from scoring.engine.placed import Placed, placed, standing


@dataclass(frozen=True)
class Variant:
    """The item as it is reckoned where neighbours do not apply: SQL that says so, and the item with its full marks."""

    test: str
    may: str  # SQL: it may turn out to be so
    placed: Placed


def spread_items(one: Placed) -> list[Placed]:
    """The neighbours of an item whose full marks it shares where they do not apply."""
    found: list[Placed] = one.rubric.once(f"spread {one.group} {one.section.code}", lambda: [
        other for other in placed(one.rubric, one.group)
        if other.section.code == one.section.code and other.indicator.not_applicable is not None
        and other.indicator.not_applicable.then == "spread"
    ])  # fmt: skip
    return [other for other in found if other.indicator.code != one.indicator.code]


def variants(one: Placed) -> list[Variant]:
    """Nothing where no neighbour is spread, or the item has no full marks to raise."""
    others = spread_items(one)
    if not others or one.full is None or one.raised:
        return []
    peers = [
        other for other in placed(one.rubric, one.group) if other.section.code == one.section.code and other.full is not None
    ]  # fmt: skip
    return list(_variants(one, others, len(peers)))


def _variants(one: Placed, others: Sequence[Placed], peers: int) -> Iterator[Variant]:
    for size in range(1, len(others) + 1):
        for gone in combinations(others, size):
            tests = [
                f"{standing(other.indicator.code)} {'=' if other in gone else '<>'} 'not_applicable'" for other in others
            ]
            share = sum((Fraction(other.full or 0) for other in gone), Fraction(0)) / (peers - size)
            may = " AND ".join(_may(other, other in gone) for other in others)
            yield Variant(" AND ".join(tests), may, dataclasses.replace(one, raised=_decimal(share)))


def _decimal(share: Fraction) -> Decimal:
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(Decimal(1).scaleb(-SCALE), ROUND_HALF_UP).normalize()


def by_variant(one: Placed, tell: Callable[[Placed], str]) -> str:
    """SQL of one thing about the item, whichever neighbours apply to the unit."""
    found = variants(one)
    if not found:
        return tell(one)
    cases = "\n".join(f"WHEN {variant.test} THEN {tell(variant.placed)}" for variant in found)
    return f"CASE {cases}\nELSE {tell(one)} END"


def ends_by_variant(
    one: Placed, open_ends: Callable[[Placed], tuple[str, str]], own_points: Callable[[Placed], str], known: str
) -> tuple[str, str]:
    """SQL of the least and most of the item. While it is open whether a neighbour applies: over all ways that can be.

    `open_ends`: of an item whose own figures are not all there; `own_points`: where they are, which `known` (SQL) says.
    """
    own, found = open_ends(one), variants(one)
    if not found:
        return own
    doubt = doubtful_neighbours(one)
    ends = []
    for side, word in ((0, "least"), (1, "greatest")):
        cases = "\n".join(f"WHEN {variant.test} THEN {open_ends(variant.placed)[side]}" for variant in found)
        if doubt:
            none_gone = [_may(other, False) for other in spread_items(one)]
            ways = [(" AND ".join(none_gone), one), *((variant.may, variant.placed) for variant in found)]
            points = ", ".join(f"CASE WHEN {may} THEN {own_points(way)} END" for may, way in ways)
            bounds = ", ".join(f"CASE WHEN {may} THEN {open_ends(way)[side]} END" for may, way in ways)
            cases = f"WHEN ({doubt}) AND {known} THEN {word}({points})\nWHEN {doubt} THEN {word}({bounds})\n{cases}"
        ends.append(f"CASE {cases}\nELSE {own[side]} END")
    return ends[0], ends[1]


def _may(other: Placed, gone: bool) -> str:
    """SQL: the neighbour may turn out not to apply (or to apply)."""
    test = f"{standing(other.indicator.code)} {'=' if gone else '<>'} 'not_applicable'"
    return f"({test} OR {other.doubtful})" if gone and other.doubtful is not None else test


def doubtful_neighbours(one: Placed) -> str:
    """SQL: it cannot be said yet whether a neighbour applies whose full marks this item would share. "" where it can."""
    if one.full is None:
        return ""
    return " OR ".join(f"{other.doubtful}" for other in spread_items(one) if other.doubtful is not None)

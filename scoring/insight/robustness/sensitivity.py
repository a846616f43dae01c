"""Which weights move the ranking: Sobol' indices of sections or items, and the places without each single item.

The ranking moves by the mean number of places by which a unit stands elsewhere than in the exact run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.insight.robustness.arrays import Totals
from scoring.insight.robustness.draws import By, Floats, Parts
from scoring.insight.robustness.model import NotStudied, Shares
from scoring.insight.robustness.ranks import places_under
from scoring.insight.robustness.sobol import sobol


@dataclass(frozen=True)
class Part:
    """A section or item. `first`, `total`: its Sobol' indices, as shares of what the ranking moves."""

    code: str
    title: str
    first: float
    total: float


@dataclass(frozen=True)
class WhatMoves:
    """`parts`: the largest total index first; `shift`: mean places a unit moves; `unit`: code, if it is about the place of one.

    `moves`: whether anything moved at all. `runs`: so many weights were tried; `words`: what was varied.
    """

    parts: tuple[Part, ...]
    shift: float
    moves: bool
    unit: str | None
    title: str
    runs: int
    words: str
    seed: int


def what_moves(
    shares: Shares, percent: Decimal, seed: int, number_of: int = 1024, by: By = "section", locked: Collection[str] = (),
    unit: str | None = None, totals: Totals | None = None,
) -> WhatMoves:  # fmt: skip
    """Of the ranking, or of the place of one unit. Raises NotStudied, also where `number_of` is no power of 2."""
    if number_of < 2 or number_of & (number_of - 1):
        raise NotStudied(f"组合数 {number_of} 不行", "请写 2 的乘方，例如 512、1024")
    parts = Parts(shares, by, locked, number_of)
    totals = totals or Totals(shares)
    nominal = np.array([one.place for one in shares.units], dtype=np.int16)
    column = None if unit is None else shares.unit(unit)

    def moved(cube: Floats) -> Floats:
        parts.spread(cube, percent)
        places = places_under(totals, parts.of_items(cube))
        shift = np.abs(places - nominal).mean(axis=1)
        return shift if column is None else np.column_stack([shift, places[:, column]])

    found = sobol(moved, parts.count, number_of, seed)
    titles = parts.titles
    listed = [
        Part(code, titles[code], float(first), float(total))
        for code, first, total in zip(parts.members, found.first[-1], found.total[-1], strict=True)
    ]
    listed.sort(key=lambda one: -one.total)
    title = shares.title if column is None else shares.units[column].title
    words = f"把{parts.words}上下浮动 {format(percent.normalize(), 'f')}%"
    return WhatMoves(tuple(listed), float(found.mean[0]), bool(found.spread[-1]), unit, title, found.runs, words, seed)


@dataclass(frozen=True)
class Without:
    """The places without one item, whose points go to the others in proportion. `places`: by unit, in the order of the
    group; None where it cannot be said, and why (`told`). `moved`: units whose place is another."""

    code: str
    title: str
    clause: str
    places: tuple[int, ...] | None
    moved: tuple[str, ...] = ()
    told: str = ""

    @property
    def moves(self) -> int:
        return len(self.moved)


def without_each(shares: Shares, totals: Totals | None = None) -> tuple[Without, ...]:
    """Every item left out once, the rest scaled up to the same sum; which moves most comes first. Exact places."""
    if len(shares.items) < 2:
        raise NotStudied(f"“{shares.title}”只有“{shares.items[0].title}”一项，去掉就没有分了", "至少要有两项")
    totals = totals or Totals(shares)
    found = [_without(shares, totals, index) for index in range(len(shares.items))]
    return tuple(sorted(found, key=lambda one: -one.moves))


def _without(shares: Shares, totals: Totals, index: int) -> Without:
    item, whole = shares.items[index], sum(shares.weights, Fraction(0))
    if whole == item.weight:
        return Without(item.code, item.title, item.clause, None, told="去掉它就没有分了")
    factor = whole / (whole - item.weight)
    weights = [Fraction(0) if n == index else weight * factor for n, weight in enumerate(shares.weights)]
    try:
        row = places_under(totals, np.array([[float(weight) for weight in weights]]), {0: weights})[0].tolist()
    except NotStudied as error:
        return Without(item.code, item.title, item.clause, None, told=error.problem)
    moved = [unit.code for unit, place in zip(shares.units, row, strict=True) if place != unit.place]
    return Without(item.code, item.title, item.clause, tuple(row), tuple(moved))

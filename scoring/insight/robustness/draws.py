"""Seeded draws of weights: a little more or less each, any weights at all, or any that keep a stated order.

A draw never changes the sum of the weights, nor those that are locked. Row 0 is always the nominal weights; the draws
follow. The same seed and settings give the same draws.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.expressions.words import number
from scoring.insight.robustness.model import NotStudied, Shares

Floats = NDArray[np.float64]
By = Literal["item", "section"]
MOST_CELLS = 25_000_000  # draws × items: 200 MB


@dataclass(frozen=True)
class Draws:
    """`weights`: (1 + n, items), points in the total, row 0 nominal. `words`: what was varied, in Chinese."""

    weights: Floats
    method: Literal["within", "any", "ordered", "given"]
    by: By
    seed: int
    words: str
    locked: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        return len(self.weights) - 1


def within(shares: Shares, percent: Decimal, number_of: int, seed: int, by: By = "item", locked: Collection[str] = ()) -> Draws:
    """Each weight independently up to so many percent more or less, then all to the same sum.

    Bringing them back to the sum can move one a little further than that.
    """
    parts = Parts(shares, by, locked, number_of)
    drawn = parts.blank(number_of)
    np.random.default_rng(seed).random(out=drawn)
    parts.spread(drawn, percent)
    return parts.draws(drawn, "within", seed, f"把{parts.words}上下浮动 {number(percent)}%")


def anything(shares: Shares, number_of: int, seed: int, by: By = "section", locked: Collection[str] = ()) -> Draws:
    """Every way to part the sum is equally likely: uniform over the simplex (Dirichlet with all ones)."""
    parts = Parts(shares, by, locked, number_of)
    drawn = _simplex(np.random.default_rng(seed), number_of, parts.count) * parts.sum
    return parts.draws(drawn, "any", seed, f"把{parts.words}任意分配（总和不变）")


def ordered(
    shares: Shares, number_of: int, seed: int, order: Sequence[Collection[str]] | None = None, by: By = "section",
    locked: Collection[str] = (),
) -> Draws:  # fmt: skip
    """Uniform over all weights that keep an order: none of a later rank heavier than one of an earlier rank.

    `order`: codes by rank, the heaviest first; all that are not locked. None: the order of the nominal weights; equal ones
    share a rank, and have no order among themselves.
    """
    parts = Parts(shares, by, locked, number_of)
    ranks = parts.ranks(order)
    draw = np.random.default_rng(seed)
    steps = -np.sort(-_simplex(draw, number_of, parts.count), axis=1) * parts.sum
    drawn = np.empty_like(steps)
    first = 0
    for rank in ranks:
        block = steps[:, first : first + len(rank)]
        drawn[:, rank] = draw.permuted(block, axis=1) if len(rank) > 1 else block
        first += len(rank)
    return parts.draws(drawn, "ordered", seed, f"保持{parts.words}由重到轻的次序、任意分配（总和不变）")


def given(shares: Shares, weights: Floats, words: str) -> Draws:
    """Weights that somebody worked out: (n, items). Raises NotStudied: negative, not a number, all 0 in one row."""
    found = np.asarray(weights, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] != len(shares.items):
        raise NotStudied(f"每组要有 {len(shares.items)} 个分值", "请每项写一个分值")
    if not np.isfinite(found).all() or (found < 0).any():
        raise NotStudied("分值里有负数或不是数的", "不计分的写 0")
    if not found.sum(axis=1).all():
        raise NotStudied("有一组各项分值都是 0，没有总分可排", "请至少给一项分值")
    return Draws(np.vstack([_nominal(shares), found]), "given", "item", 0, words)


def _nominal(shares: Shares) -> Floats:
    return np.array([float(weight) for weight in shares.weights])


def _simplex(draw: np.random.Generator, rows: int, count: int) -> Floats:
    drawn = draw.standard_exponential((rows, count))
    drawn /= drawn.sum(axis=1, keepdims=True)
    return drawn


class Parts:
    """What is drawn: items, or sections whose items keep their proportions. Locked items keep their weight."""

    def __init__(self, shares: Shares, by: By, locked: Collection[str], number_of: int) -> None:
        if number_of < 1:
            raise NotStudied("组合数要大于 0", "一般写 10000")
        if number_of * len(shares.items) > MOST_CELLS:
            raise NotStudied(f"{number_of} 种组合太多", f"这里最多 {MOST_CELLS // len(shares.items)} 种")
        known = {item.code for item in shares.items} | set(shares.sections)
        unknown = [code for code in locked if code not in known]
        if unknown:
            raise NotStudied(f"锁定的“{'、'.join(unknown)}”不是“{shares.title}”的指标", "请写指标或一级指标的代码")
        self.shares, self.by, self.locked = shares, by, tuple(locked)
        self._open = [not {item.code, item.section} & set(locked) for item in shares.items]
        self.members = self._members()
        self.weights = _nominal(shares)
        self.nominal = np.array([self.weights[items].sum() for items in self.members.values()])
        self.sum = float(self.nominal.sum())
        self._plain = by == "item" and len(self.members) == len(self.weights)
        self._room: Floats | None = None
        if not self.members:
            raise NotStudied("各项分值都锁定了，没有可以变动的", "请至少放开两项")

    def _members(self) -> dict[str, list[int]]:
        if self.by == "item":
            return {item.code: [index] for index, item in enumerate(self.shares.items) if self._open[index]}
        found = {code: [item for item in items if self._open[item]] for code, items in self.shares.sections.items()}
        return {code: items for code, items in found.items() if items}

    @property
    def count(self) -> int:
        return len(self.members)

    def blank(self, rows: int) -> Floats:
        """Room for the weights of the parts, with one row of all items before it where the two are the same."""
        if self._plain:
            self._room = np.empty((rows + 1, self.count))
            return self._room[1:]
        return np.empty((rows, self.count))

    def spread(self, cube: Floats, percent: Decimal) -> None:
        """Numbers in [0, 1) become weights of the parts, in place: each so many percent more or less, then all to the sum."""
        if not 0 < percent <= 100:
            raise NotStudied(f"上下浮动 {number(percent)}% 不行", "请写大于 0、不大于 100 的百分数")
        share = float(percent) / 100
        cube *= 2 * share * self.nominal
        cube += (1 - share) * self.nominal
        sums = cube @ np.ones(self.count)
        if not sums.all():
            raise NotStudied("有一组分值全浮动到了 0", "请缩小浮动范围")
        cube *= (self.sum / sums)[:, None]

    @property
    def titles(self) -> dict[str, str]:
        """Of the parts, by code."""
        if self.by == "section":
            return {code: self.shares.section_title(code) for code in self.members}
        return {item.code: item.title for item in self.shares.items if item.code in self.members}

    @property
    def words(self) -> str:
        what = "每项分值" if self.by == "item" else "各一级指标的分值"
        return f"{what}（锁定的 {len(self.locked)} 项不动）" if self.locked else what

    def ranks(self, order: Sequence[Collection[str]] | None) -> list[list[int]]:
        """Positions of the parts by rank, the heaviest first."""
        codes = list(self.members)
        if order is None:
            exact = [sum((self.shares.weights[item] for item in items), Fraction(0)) for items in self.members.values()]
            return [[index for index in range(self.count) if exact[index] == weight] for weight in sorted(set(exact), reverse=True)]
        named = [code for rank in order for code in rank]
        if sorted(named) != sorted(codes):
            odd = sorted(set(named) ^ set(codes)) or sorted({code for code in named if named.count(code) > 1})
            raise NotStudied(f"轻重次序与可变动的各项对不上：{'、'.join(odd)}", "请把没有锁定的各项都写进去，各写一次")
        return [[codes.index(code) for code in rank] for rank in order]

    def draws(self, drawn: Floats, method: Literal["within", "any", "ordered"], seed: int, words: str) -> Draws:
        """From the weights of the parts to those of all items, nominal first."""
        weights = self._room
        if weights is None or not np.may_share_memory(weights, drawn):
            weights = np.vstack([self.weights, self.of_items(drawn)])
        weights[0] = self.weights
        return Draws(weights, method, self.by, seed, words, self.locked)

    def of_items(self, drawn: Floats) -> Floats:
        """Weights of all items from those of the parts, row by row."""
        if self._plain:
            return drawn
        weights = np.empty((len(drawn), len(self.weights)))
        weights[:] = self.weights
        if self.by == "item":
            weights[:, [items[0] for items in self.members.values()]] = drawn
        else:
            for column, items in enumerate(self.members.values()):
                weights[:, items] = drawn[:, [column]] * (self.weights[items] / self.nominal[column])
        return weights

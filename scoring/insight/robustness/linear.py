"""What follows from weights alone, as sums of them: limits of sections, what is above a limit, what can be reached.

A section that states full marks keeps its proportion to what is below it: stated ÷ Σ below stays as the rubric has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.insight.robustness.model import Shares

_NONE = Fraction(0)


@dataclass(frozen=True)
class Linear:
    """constant + Σ weight × factor, in points of the total. Items that are not named have the factor 0."""

    factors: tuple[tuple[int, Fraction], ...] = ()
    constant: Fraction = _NONE

    def at(self, weights: Sequence[Fraction]) -> Fraction:
        return self.constant + sum((weights[item] * factor for item, factor in self.factors), _NONE)

    def times(self, share: Fraction) -> Linear:
        return Linear(tuple((item, factor * share) for item, factor in self.factors), self.constant * share)


def _sum(parts: Iterable[Linear]) -> Linear:
    found: dict[int, Fraction] = {}
    constant = _NONE
    for part in parts:
        constant += part.constant
        for item, factor in part.factors:
            found[item] = found.get(item, _NONE) + factor
    return Linear(tuple(found.items()), constant)


def summed_of(shares: Shares, node: int) -> Linear:
    """What is below a node: its items and the worth of the nodes below."""
    own = shares.nodes[node]
    return _sum([Linear(tuple((item, Fraction(1)) for item in own.items)), *(_worth(shares, one) for one in own.below)])


def _worth(shares: Shares, node: int) -> Linear:
    return limit_of(shares, node) or summed_of(shares, node)


def limit_of(shares: Shares, node: int) -> Linear | None:
    """The most a node can give; None: no limit."""
    own = shares.nodes[node]
    if own.stated is None:
        return None
    if own.moves is None:
        return Linear((), own.stated * own.scale)
    return summed_of(shares, node).times(own.moves)


def surplus_of(shares: Shares, node: int) -> Linear | None:
    """How much more there is below a node than it can give; None: nothing."""
    moves = shares.nodes[node].moves
    return summed_of(shares, node).times(1 - moves) if moves is not None and moves < 1 else None


def reach_of(shares: Shares) -> Linear:
    """What can be reached in all: of each section of the first level what it states, or less where there is less below it."""
    if shares.rules.reach is not None:
        return Linear((), shares.rules.reach)
    base = shares.nodes[0]
    items = Linear(tuple((item, shares.items[item].reach) for item in base.items))
    return _sum([items, *(_reach(shares, node) for node in base.below)])


def _reach(shares: Shares, node: int) -> Linear:
    moves, stated = shares.nodes[node].moves, shares.nodes[node].stated
    if stated is not None and moves is None:
        return Linear((), stated * shares.nodes[node].scale)
    return summed_of(shares, node).times(min(moves if moves is not None else Fraction(1), Fraction(1)))

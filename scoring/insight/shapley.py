"""Shares of the players of a game (Shapley 1953): exact by every coalition, or from random orders. Knows numbers only.

A game here is additive in components: its worth is a vector of whole numbers, one for each component (a clause, a step of
the sum), and so is every share. The coalition of nobody is worth 0 throughout. Shares add up to the worth of all players
without a remainder: over every coalition by Shapley's own axiom, over orders because each order telescopes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial, sqrt

Vector = tuple[int, ...]
EXACTLY = 12  # players: 4,096 coalitions


@dataclass(frozen=True)
class Shares:
    """By player the share of each component. `errors`: standard error of the sum of a player's shares; empty where exact."""

    by_player: tuple[tuple[Fraction, ...], ...]
    errors: tuple[float, ...] = ()


def every_coalition(players: int) -> list[int]:
    """Bit i: player i. In the order `exact` wants their worth."""
    return list(range(1 << players))


def exact(players: int, worth: Sequence[Vector]) -> Shares:
    """`worth` of every coalition, by bits. Its first, the coalition of nobody, is worth 0."""
    sizes = [bits.bit_count() for bits in range(1 << players)]
    weights = [factorial(size) * factorial(players - 1 - size) for size in range(players)]
    inside, outside = [0, *weights], [*weights, 0]  # of a coalition with, and without the player
    columns = []
    for component in zip(*worth, strict=True):
        if not any(component):
            columns.append([Fraction(0)] * players)
            continue
        both = [(inside[size] + outside[size]) * value for size, value in zip(sizes, component, strict=True)]
        without = sum(outside[size] * value for size, value in zip(sizes, component, strict=True))
        columns.append([Fraction(_with(both, player) - without, factorial(players)) for player in range(players)])
    return Shares(tuple(zip(*columns, strict=True)))


def _with(values: Sequence[int], player: int) -> int:
    """Σ over the coalitions the player is in."""
    step = 1 << player
    return sum(sum(values[at : at + step]) for at in range(step, len(values), 2 * step))


def orders(players: int, pairs: int, seed: int) -> list[tuple[int, ...]]:
    """Random orders in which the players come, each followed by its reverse (antithetic; Mitchell et al. 2022)."""
    draw = random.Random(seed)
    found: list[tuple[int, ...]] = []
    for _ in range(pairs):
        order = draw.sample(range(players), players)
        found += [tuple(order), tuple(reversed(order))]
    return found


def met(taken: Sequence[Sequence[int]]) -> list[int]:
    """The coalitions that come about in these orders, each once; nobody and all among them."""
    found = {0: None}
    for order in taken:
        bits = 0
        for player in order:
            bits |= 1 << player
            found[bits] = None
    return list(found)


def sampled(players: int, taken: Sequence[Sequence[int]], worth: Callable[[int], Vector]) -> Shares:
    """Mean of what each player adds in the orders of `orders`, pair by pair. The error is of the mean of pairs."""
    width = len(worth(0))
    sums = [[0] * width for _ in range(players)]
    added = [[0] * len(taken) for _ in range(players)]
    for number, order in enumerate(taken):
        bits, before = 0, worth(0)
        for player in order:
            bits |= 1 << player
            now = worth(bits)
            if now != before:
                own = sums[player]
                for at, (new, old) in enumerate(zip(now, before, strict=True)):
                    own[at] += new - old
                added[player][number] = sum(now) - sum(before)
            before = now
    shares = tuple(tuple(Fraction(one, len(taken)) for one in own) for own in sums)
    return Shares(shares, tuple(_error([a + b for a, b in zip(one[::2], one[1::2], strict=True)]) for one in added))


def _error(pairs: Sequence[int]) -> float:
    """Standard error of half their mean; of one pair nothing can be said."""
    count = len(pairs)
    if count < 2:
        return float("inf")
    mean = Fraction(sum(pairs), count)
    variance = sum((one - mean) ** 2 for one in pairs) / (count - 1)
    return sqrt(variance / count) / 2

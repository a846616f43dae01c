"""The search among combinations by itself: against all of them, one by one."""

from __future__ import annotations

import random
from itertools import islice, product

import pytest

from scoring.insight.path.cheapest import Way, cheapest


def every(costs: list[list[int]], ways: list[Way]) -> list[tuple[int, tuple[int, ...]]]:
    """All combinations that fulfil all limits of one of the ways, with their cost."""
    found = []
    for chosen in product(*(range(len(own)) for own in costs)):
        fulfilled = (
            all(
                sum(bring[at][way] for at, way in enumerate(chosen)) >= need
                for need, bring in zip(one.needs, one.brings, strict=True)
            )
            for one in ways
        )
        if any(fulfilled):
            found.append((sum(own[way] for own, way in zip(costs, chosen, strict=True)), chosen))
    return sorted(found)


@pytest.mark.parametrize("seed", range(60))
def test_every_combination_comes_once_and_none_before_a_cheaper_one(seed: int) -> None:
    draw = random.Random(seed)
    costs = [[0, *(draw.randint(0, 30) for _ in range(draw.randint(0, 4)))] for _ in range(draw.randint(1, 4))]
    ways = []
    for _ in range(draw.randint(1, 3)):
        limits = draw.randint(0, 2)
        least = draw.choice((-5, -600))
        brings = [tuple(tuple(draw.randint(least, 900) for _ in own) for own in costs) for _ in range(limits)]
        ways.append(Way(tuple(draw.randint(-100, 2500) for _ in range(limits)), tuple(brings)))
    wanted = every(costs, ways)
    found = list(cheapest(costs, ways))
    assert sorted(found) == sorted(chosen for _, chosen in wanted)
    spent = [sum(own[way] for own, way in zip(costs, chosen, strict=True)) for chosen in found]
    assert spent == [cost for cost, _ in wanted]


def test_a_limit_out_of_reach_gives_nothing() -> None:
    assert list(cheapest([[0, 1], [0, 1]], [Way((5,), (((0, 2), (0, 2)),))])) == []


def test_it_does_not_look_at_everything() -> None:
    """20 components of 20 ways are 20^20 combinations; ten of them brought to the limit cost 10 × 19."""
    costs = [list(range(20)) for _ in range(20)]
    bring = tuple(tuple(10**12 * way for way in range(20)) for _ in range(20))
    first = next(islice(cheapest(costs, [Way((190 * 10**12,), (bring,))]), 1))
    assert sum(first) == 190

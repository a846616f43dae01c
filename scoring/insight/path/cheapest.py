"""Combinations of ways, one of each component, from the cheapest up. Pure arithmetic: knows no rubric and no engine.

Best-first search (Hart, Nilsson & Raphael 1968): what is still to be decided costs at least what the limit that is
hardest to reach asks for, so that no combination comes before a cheaper one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

LONGEST = 600  # a list of what can be brought for what; a shorter one would only mean more to look through
MOST_OPEN = 400_000


class TooLong(Exception):
    """More combinations than can be looked through."""


@dataclass(frozen=True)
class Way:
    """Limits that must all hold: `needs[j]`, and `brings[j][component][way]` towards it."""

    needs: tuple[int, ...]
    brings: tuple[tuple[tuple[int, ...], ...], ...]


def cheapest(costs: Sequence[Sequence[int]], ways: Sequence[Way]) -> Iterator[tuple[int, ...]]:
    """Combinations in order of cost (Σ `costs[component][way]`) that fulfil all limits of at least one of the ways.

    Each once. Raises TooLong.
    """
    searches = [_Search(costs, way) for way in ways]
    heap: list[tuple[int, int, int, tuple[int, ...]]] = []  # of equal cost the longest beginning first
    for number, search in enumerate(searches):
        first = search.least(())
        if first is not None:
            heappush(heap, (first, 0, number, ()))
    told: set[tuple[int, ...]] = set()
    while heap:
        _, _, number, chosen = heappop(heap)
        if len(chosen) == len(costs):
            if chosen not in told:
                told.add(chosen)
                yield chosen
            continue
        for more, least in searches[number].after(chosen):
            heappush(heap, (least, -len(more), number, more))
        if len(heap) > MOST_OPEN:
            raise TooLong


class _Search:
    """One way: what a beginning of a combination costs at least when it is finished."""

    def __init__(self, costs: Sequence[Sequence[int]], way: Way) -> None:
        self._costs, self._way = costs, way
        self._limits = [
            _Afar(need, bring, costs)
            for need, bring in zip(way.needs, way.brings, strict=True)
            if need > sum(min(own) for own in bring)  # else it always holds
        ]
        self._rest = [0] * (len(costs) + 1)  # what is left costs at least, limits apart
        for at in range(len(costs) - 1, -1, -1):
            self._rest[at] = self._rest[at + 1] + min(costs[at])

    def least(self, chosen: tuple[int, ...]) -> int | None:
        """None where it cannot be finished so that every limit holds."""
        at = len(chosen)
        spent = sum(costs[way] for costs, way in zip(self._costs, chosen, strict=False))
        still = self._rest[at]
        for limit in self._limits:
            left = limit.need - sum(bring[way] for bring, way in zip(limit.bring, chosen, strict=False))
            least = limit.least(at, left)
            if least is None:
                return None
            still = max(still, least)
        return spent + still

    def after(self, chosen: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int]]:
        """The beginnings that are one component longer, with what they cost at least."""
        for way in range(len(self._costs[len(chosen)])):
            more = (*chosen, way)
            least = self.least(more)
            if least is not None:
                yield more, least


class _Afar:
    """What it costs at least to bring so much by the components from one on.

    For each component the ways in which all from there on can bring more only for more; where these are too many,
    neighbours are taken together, with what the one brings for what the other costs.
    """

    def __init__(self, need: int, bring: Sequence[Sequence[int]], costs: Sequence[Sequence[int]]) -> None:
        self.need, self.bring = need, bring
        enough = need - sum(min(0, *own) for own in bring)  # whatever was taken away before
        fronts: list[list[tuple[int, int]]] = [[(0, 0)]]
        for own, spent in zip(reversed(bring), reversed(costs), strict=True):
            ways = _undominated(zip(own, spent, strict=True))
            joined = ((brought + more, cost + dear) for brought, cost in fronts[-1] for more, dear in ways)
            fronts.append(_thinned(_undominated((min(brought, enough), cost) for brought, cost in joined)))
        fronts.reverse()
        self._brought = [[brought for brought, _ in front] for front in fronts]
        self._cost = [[cost for _, cost in front] for front in fronts]

    def least(self, at: int, left: int) -> int | None:
        """None where it cannot be brought."""
        first = bisect_left(self._brought[at], left)
        return self._cost[at][first] if first < len(self._cost[at]) else None


def _undominated(ways: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of (brought, spent) those that no other betters: the more is brought the more is spent."""
    found: list[tuple[int, int]] = []
    for brought, spent in sorted(ways, key=lambda way: (way[1], -way[0])):
        if not found or brought > found[-1][0]:
            found.append((brought, spent))
    return found


def _thinned(front: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every so many neighbours as one: the most that is brought for the least that is spent."""
    size = -(-len(front) // LONGEST)
    if size == 1:
        return front
    return [(front[min(at + size, len(front)) - 1][0], front[at][1]) for at in range(0, len(front), size)]

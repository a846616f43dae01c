"""From what can be done to the cheapest combination that reaches an aim, each candidate scored in its whole group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from math import lcm

from scoring.engine.sample_results import Outcome
from scoring.insight.path import cheapest
from scoring.insight.path.bounds import Bounds
from scoring.insight.path.choices import Choices
from scoring.insight.path.results import Offer
from scoring.insight.path.standing import Standing, span
from scoring.insight.path.targets import Target
from scoring.insight.path.targets import Way as Limits

TRIED = 3_000  # combinations scored before it is given up
AT_ONCE = 2_000  # imaginary units in one run
DIGIT = 16  # bits; counts of one action and of all together stay far below

Times = dict[str, int]  # by code of an action


@dataclass(frozen=True)
class Search:
    """Everything one unit can do, as components."""

    standing: Standing
    offers: Sequence[Offer]
    choices: Sequence[Choices]

    def cheapest(self, target: Target, ways: Sequence[Limits]) -> tuple[Times, Mapping[str, Outcome]] | None:
        """What to do, and the reckoning of the whole group that confirms it; None where nothing reaches the aim.

        Raises cheapest.TooLong.
        """
        found = cheapest.cheapest(
            self._costs,
            [cheapest.Way(tuple(one.need for one in way), tuple(one.bring for one in way)) for way in ways],
        )
        tried, size = 0, 1
        while batch := list(islice(found, size)):
            answers = self.standing.whole([self.figures(self.times(one)) for one in batch])
            for one, answer in zip(batch, answers, strict=True):
                if target.reached(answer):
                    return self.times(one), answer
            tried += len(batch)
            if tried >= TRIED:
                raise cheapest.TooLong
            size = max(1, min(4 * size, AT_ONCE // len(self.standing.ranking), TRIED - tried))
        return None

    def most(self, bounds: Bounds) -> Times:
        """Of every component the way that can bring most, the cheapest of those."""
        always = bounds.gated
        chosen = []
        for one in self.choices:
            brought = bounds.total(one, always)
            chosen.append(brought.index(max(brought)))
        return self.times(chosen)

    @property
    def ceiling(self) -> int | None:
        """How often actions without an end were looked at; None where every one has its end."""
        endless = [one for one in self.choices if any(offer.endless for offer in one.component.offers)]
        return min((one.ceiling for one in endless), default=None)

    # --- counts and figures -----------------------------------------------------------------------------

    def times(self, chosen: Sequence[int]) -> Times:
        """How often each action is done, in the order of the text; those that are not done are left out."""
        found = {
            offer.action.code: int(times)
            for one, way in zip(self.choices, chosen, strict=True)
            for offer, times in zip(one.component.offers, one.counts[way], strict=True)
        }
        return {one.action.code: found[one.action.code] for one in self.offers if found.get(one.action.code)}

    def figures(self, times: Times) -> dict[str, Fraction]:
        """The figures that are others then."""
        found: dict[str, Fraction] = {}
        for one in self.offers:
            for code, change in one.changes.items() if times.get(one.action.code) else ():
                now = found.get(code, self.standing.value(code))
                assert now is not None
                found[code] = now + change * times[one.action.code]
        return {code: self._within(code, value) for code, value in found.items()}

    def _within(self, code: str, value: Fraction) -> Fraction:
        """Done twice, a thing is done; a beginning of a path may repair what only a later step brings about."""
        now = self.standing.value(code)
        assert now is not None
        low, high = span(self.standing.rubric, self.standing.rubric.measures[code], now)
        return min(max(value, low), high)

    @cached_property
    def _costs(self) -> list[list[int]]:
        """Effort, how many actions, order of the text (more of what stands above), as one whole number."""
        unit, last = lcm(*(one.effort.denominator for one in self.offers)), len(self.offers) - 1
        once = 1 << DIGIT * (last + 1)
        own = {
            one.action.code: (int(one.effort * unit) << DIGIT * (last + 2)) + once - (1 << DIGIT * (last - at))
            for at, one in enumerate(self.offers)
        }
        return [
            [
                sum(own[offer.action.code] * int(times) for offer, times in zip(one.component.offers, way, strict=True))
                for way in one.counts
            ]
            for one in self.choices
        ]


def prefixes(times: Times) -> Iterator[Times]:
    """Nothing, the first action, the first two …"""
    for length in range(len(times) + 1):
        yield dict(list(times.items())[:length])

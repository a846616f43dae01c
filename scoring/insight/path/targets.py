"""What an aim asks for at least, as limits that the bounds of components must reach. Necessary, not sufficient.

An aim is reached in one of several ways (this grade or a better one, a bonus behind a gate or without it); each way is
a list of limits that all must hold. Whether the aim is reached is for the whole reckoning to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations
from math import floor

from scoring.engine.sample_results import Outcome
from scoring.insight.path.bounds import UNIT, Bounds
from scoring.insight.path.choices import BOUNDLESS, potential
from scoring.insight.path.results import Aim, PlacesUp
from scoring.insight.path.standing import Row, Standing, points_of
from scoring.insight.path.things import GATE, GRADE, base_limits
from scoring.rubric.model import Bonus, Veto
from scoring.sql.exact import half_up

GATES = 3  # gated bonuses that are told apart; with more, all count as open


@dataclass(frozen=True)
class Limit:
    """What a way of every component must add up to: `need`, and what each way of each component brings at most.

    `condition`: what must come to be so, in Chinese; empty for points.
    """

    need: int
    bring: tuple[tuple[int, ...], ...]
    condition: str = ""

    @property
    def best(self) -> int:
        """All that can be brought."""
        return sum(max(own) for own in self.bring)


Way = list[Limit]


@dataclass(frozen=True)
class Target:
    """An aim of one unit. `now`: adjustments and conditions as they are."""

    bounds: Bounds
    aim: Aim
    now: Mapping[str, Row]

    @property
    def standing(self) -> Standing:
        return self.bounds.standing

    # --- reached or not ---------------------------------------------------------------------------------

    def reached(self, found: Mapping[str, Outcome]) -> bool:
        """Whether the unit has what it aims at, in a reckoning of its whole group."""
        row = found[self.standing.unit].row
        if row["state"] != "complete":
            return False
        if isinstance(self.aim, PlacesUp):
            return row["place"] is not None and row["place"] <= self.place
        return row["grade"] is not None and self._rank(row) < self._rank(self.standing.row)

    @property
    def place(self) -> int:
        """The place aimed at."""
        assert isinstance(self.aim, PlacesUp)
        return int(self.standing.row["place"]) - self.aim.places

    @property
    def _titles(self) -> list[str]:
        return [grade.title for grade in self.standing.rubric.spec.grades]

    def _rank(self, row: Row) -> int:
        return self._titles.index(row["grade"])

    # --- what it takes at least -------------------------------------------------------------------------

    def ways(self) -> list[Way]:
        """Ways to reach it."""
        if isinstance(self.aim, PlacesUp):
            return self._ways(self._total_of_place(), ())
        better = range(self._rank(self.standing.row))
        return [way for rank in better for way in self._ways(self._total_of_grade(rank), (rank,))]

    def needed(self) -> Decimal | None:
        """The total without which it cannot be reached; None where that cannot be said beforehand."""
        if isinstance(self.aim, PlacesUp):
            return self._total_of_place()
        totals = [self._total_of_grade(rank) for rank in range(self._rank(self.standing.row))]
        return None if None in totals else min(total for total in totals if total is not None)

    def _total_of_grade(self, rank: int) -> Decimal | None:
        grade = self.standing.rubric.spec.grades[rank]
        line = grade.at_least.at(self.standing.group) if grade.at_least is not None else None
        return max((one for one in (line, self._total_of_quota(rank)) if one is not None), default=None)

    def _ways(self, total: Decimal | None, ranks: Sequence[int]) -> list[Way]:
        """`total`: needed at least; `ranks`: of the grade aimed at, whose side condition must hold."""
        wanted = [(GRADE.format(rank), True, f"等次“{self._titles[rank]}”另有的条件不符合") for rank in ranks]
        stopping = [veto for veto in self._held if self._stops(veto, total, ranks)]
        wanted += [(veto.code, False, f"{veto.clause}“{veto.title}”一票否决成立（{veto.effect.words}）") for veto in stopping]
        conditions = [limit for code, truth, told in wanted for limit in self._condition(code, truth, told)]
        forced = any(veto.effect.score is not None for veto in self._held if veto not in stopping)
        if total is None or forced:
            return [conditions]
        return [[*conditions, *points] for points in self._points(total)]

    def _condition(self, code: str, wanted: bool, told: str) -> Iterator[Limit]:
        """That a condition comes to be as wanted; nothing where there is none, or it is so and stays so."""
        if code not in self.bounds.conditions and code not in {one.code for one in self._held}:
            return
        touched = any(code in one.true for one in self.bounds.choices)
        if not touched and (self.now[code]["holds"] if code in self.now else False) is wanted:
            return
        bring = tuple(
            tuple(int(truth == wanted) for truth in one.true[code]) if code in one.true else (0,) * len(one)
            for one in self.bounds.choices
        )
        yield Limit(1, bring, told)

    # --- points -----------------------------------------------------------------------------------------

    def _points(self, total: Decimal) -> Iterator[Way]:
        """The points needed, for each way in which gates that are shut now may open."""
        need, shut = self._need(total), [one for one in self._gated if self._is_shut(one)]
        told_apart = shut if len(shut) <= GATES else []
        always = {one.code for one in self._gated if one not in told_apart}
        for opened in chain.from_iterable(combinations(told_apart, number) for number in range(len(told_apart) + 1)):
            given = always | {one.code for one in opened}
            added = sum(self._kept_back(one) for one in self._gated if one.code in given)
            way = [Limit(need - added, tuple(tuple(self.bounds.total(one, given)) for one in self.bounds.choices))]
            yield [*way, *(limit for one in opened for limit in self._opening(one))]

    def _need(self, total: Decimal) -> int:
        """Points more than now, before vetoes, so that the total can round to `total`; in 10^-12."""
        decimals = self.standing.rubric.spec.rounding.total
        half = 0 if decimals is None else UNIT // 10**decimals // 2
        rows = self.standing.assessment.rows("adjustment", unit=self.standing.unit)
        after = sum((row["points_low"] for row in rows if row["kind"] in ("rounding", "veto")), Decimal(0))
        within = points_of(self.standing.row["total"] - after)
        lost = sum(points_of(one.effect.lose) for one in self._held if one.effect.lose is not None)
        return points_of(total) - half + lost - within - self.bounds.slack()

    def _opening(self, one: Bonus) -> Iterator[Limit]:
        """What its gate asks: so much base, and what else."""
        assert one.gate is not None
        bring = tuple(tuple(self.bounds.base(each)) for each in self.bounds.choices)
        for limit in base_limits(one.gate.tree):
            yield Limit(points_of(limit) - self._base - self.bounds.slack(), bring)
        yield from self._condition(GATE.format(one.code), True, f"{one.clause}“{one.title}”的前提不符合")

    @property
    def _gated(self) -> list[Bonus]:
        return [one for one in self.standing.adjustments if isinstance(one, Bonus) and one.gate is not None]

    def _is_shut(self, one: Bonus) -> bool:
        """Whether its gate is surely shut now."""
        assert one.gate is not None
        below = any(points_of(limit) > self._base for limit in base_limits(one.gate.tree))
        return below or bool(self._kept_back(one))

    def _kept_back(self, one: Bonus) -> int:
        """What a shut gate keeps back now."""
        given = self.standing.extra(one.code).get("points_low") or Decimal(0)
        return potential(self.now.get(one.code)) - points_of(given)

    @cached_property
    def _base(self) -> int:
        row = self.standing.assessment.one("unit_score", unit=self.standing.unit)
        assert row is not None
        return points_of(row["base_low"])

    # --- vetoes -----------------------------------------------------------------------------------------

    @cached_property
    def _held(self) -> list[Veto]:
        """Vetoes that hold now."""
        return [one for one in self.standing.adjustments if isinstance(one, Veto) and one.code in self.now]

    def _stops(self, veto: Veto, total: Decimal | None, ranks: Sequence[int]) -> bool:
        """Whether the aim is out of reach as long as it holds."""
        effect = veto.effect
        if effect.stop or effect.unranked:
            return True
        if total is not None and any(end is not None and end < total for end in (effect.score, effect.score_at_most)):
            return True
        return effect.grade is not None and any(self._titles.index(effect.grade) > rank for rank in ranks)

    # --- totals -----------------------------------------------------------------------------------------

    @cached_property
    def _others(self) -> list[Row]:
        return [
            row for unit, row in self.standing.ranking.items()
            if unit != self.standing.unit and row["state"] == "complete" and row["place"] is not None
        ]  # fmt: skip

    def _total_of_place(self) -> Decimal | None:
        """The total of whom it must at least draw level with; None where that cannot be said beforehand."""
        lowered = [self._lowered(row) for row in self._others]
        if None in lowered:
            return None
        totals = sorted((total for total in lowered if total is not None), reverse=True)
        if self.standing.rubric.spec.places.ties == "1-1-2":
            if self.bounds.costs_others:
                return None
            totals = list(dict.fromkeys(totals))
        return totals[self.place - 1] if self.place <= len(totals) else None

    def _total_of_quota(self, rank: int) -> Decimal | None:
        """The total below which a quota leaves no room; None where there is room, or that cannot be said beforehand."""
        grade = self.standing.rubric.spec.grades[rank]
        quota = grade.quota
        waiting = any(row["state"] == "pending" for row in self.standing.ranking.values())
        if quota is None or waiting or self.bounds.costs_others:
            return None
        ranked = Fraction(len(self._others) + 1)
        number = Fraction(quota.units or 0) if quota.share is None else Fraction(quota.share) * ranked
        whole = {"down": floor(number), "up": -floor(-number), "half_up": half_up(number)}[quota.round]
        holders = sorted((row["total"] for row in self._others if row["grade"] == grade.title), reverse=True)
        return holders[whole - 1] if 0 < whole <= len(holders) else None

    def _lowered(self, row: Row) -> Decimal | None:
        """The total of another unit, as low as figures compared within the group may bring it; None: without limit."""
        lost = self.bounds.costs_others.get(row["unit"], 0)
        return None if lost >= BOUNDLESS else row["total"] - Decimal(lost).scaleb(-12)

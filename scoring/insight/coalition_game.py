"""What coalitions of the units below a city have lost, clause by clause: the game whose shares `influence` tells. No share here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from scoring.engine.amounts import units_of
from scoring.engine.coalitions import Members, Outcome, outcomes
from scoring.insight.shapley import Vector
from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.rubric.parts import at_work
from scoring.store import Store

STEPS = "steps"  # the component of what the sum does beside clauses and adjustments


@dataclass
class Game:
    """Who plays, and what a coalition has lost, component by component, in 10^-12 points."""

    store: Store
    rubric: Rubric
    period: Period
    as_of: date
    unit: str
    players: tuple[str, ...]
    always: frozenset[str]

    @cached_property
    def group(self) -> str:
        found = self.rubric.group_of(self.unit)
        assert found is not None
        return found

    @cached_property
    def full(self) -> int:
        return units_of(self.rubric.groups[self.group].full_marks)

    @cached_property
    def items(self) -> list[str]:
        """Those scored as they are written; who is scored part by part is among the steps."""
        written = at_work(self.rubric, self.period, self.as_of).placed(self.group)
        return [one.code for _, one in written if one.origin == one.code]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Components: items, adjustments, what else the sum does."""
        return (*self.items, *(one.code for one in self.rubric.adjustments(self.group)), STEPS)

    def play(self, coalitions: Sequence[int]) -> dict[int, Outcome]:
        listed = list(dict.fromkeys(coalitions))
        found = outcomes(self.store, self.rubric, self.period, self.as_of, self.unit, [self.members(one) for one in listed])
        return dict(zip(listed, found, strict=True))

    def members(self, bits: int) -> Members:
        return self.always | {one for at, one in enumerate(self.players) if bits >> at & 1}

    @staticmethod
    def is_known(one: Outcome) -> bool:
        """The total and all of its parts."""
        return None not in (one.total, *one.points.values(), *one.landed.values(), *one.added.values())

    def losses(self, of: Outcome) -> Vector:
        """What a coalition has lost of which everything is known."""
        marks = self._marks
        lost = []
        for code in self.items:
            points = of.points[code] or 0
            lost.append((0 if code in of.left_out else marks[code] - points) - (of.landed.get(code) or 0))
        lost += [-(of.added.get(one.code) or 0) for one in self.rubric.adjustments(self.group)]
        assert of.total is not None
        return (*lost, self.full - of.total - sum(lost))

    @cached_property
    def _marks(self) -> dict[str, int]:
        return {one.code: units_of(one.full(self.group) or Decimal(0)) for _, one in self.rubric.placed(self.group)}

    def base(self, nobody: Outcome) -> Vector:
        """What those lose who are always there; without them a city of nobody, which has lost nothing."""
        return self.losses(nobody) if self.always else (0,) * len(self.codes)

    def unknown(self, found: dict[int, Outcome]) -> str:
        """Why shares are not known: a coalition whose total is not."""
        odd = [bits for bits, one in found.items() if (bits or self.always) and not self.is_known(one)]
        if not odd:
            return ""
        bits = max(odd, key=int.bit_count)
        away = "、".join(self.rubric.register.title(one) for at, one in enumerate(self.players) if not bits >> at & 1)
        return f"设想没有{away}时，总分定不下来，所以不能分摊"

"""What one unit can do from a day on, and how it would count: reckoned once for every aim. Knows no aim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from scoring.engine import Assessment
from scoring.insight.path.bounds import Bounds
from scoring.insight.path.choices import choices
from scoring.insight.path.offers import offers
from scoring.insight.path.results import NotOffered, Offer
from scoring.insight.path.search import Search
from scoring.insight.path.standing import Row, Standing
from scoring.insight.path.things import NEEDS, components, side_conditions, things
from scoring.rubric.actions import Action


@dataclass(frozen=True)
class Ground:
    """`day`: on which it would begin, for deadlines."""

    standing: Standing
    day: date

    @cached_property
    def now(self) -> Mapping[str, Row]:
        """Adjustments, conditions and premises as they are."""
        actions = self.standing.rubric.spec.actions
        premises = {NEEDS.format(one.code): one.needs for one in actions if one.needs is not None}
        conditions = {**side_conditions(self.standing), **premises}
        if not self.standing.adjustments and not conditions:
            return {}
        return self.standing.extras_of([{}], conditions)[0]

    def _hold(self, actions: Sequence[Action]) -> list[bool]:
        """Whether the premises of actions hold; one that is open does not."""
        return [bool(self.now.get(NEEDS.format(one.code), {}).get("holds")) for one in actions]

    @cached_property
    def _offered(self) -> tuple[list[Offer], list[NotOffered]]:
        return offers(self.standing, self.day, self._hold)

    @property
    def offered(self) -> list[Offer]:
        return self._offered[0]

    @property
    def refused(self) -> tuple[NotOffered, ...]:
        return tuple(self._offered[1])

    @cached_property
    def search(self) -> Search:
        """Raises choices.TooMany."""
        found = components(self.offered, things(self.standing))
        return Search(self.standing, self.offered, choices(self.standing, found, self.now))

    @cached_property
    def bounds(self) -> Bounds:
        """Raises choices.TooMany."""
        return Bounds(self.standing, self.search.choices)


def ground_of(assessment: Assessment, unit: str, day: date | None = None) -> Ground:
    """`day`: the day of the assessment unless said. Raises ValueError, in Chinese, for a unit that is not assessed."""
    if assessment.one("ranking", unit=unit) is None:
        raise ValueError(f"“{assessment.rubric.register.title(unit)}”不在 {assessment.period.label} 年考核之列")
    return Ground(Standing(assessment, unit), day or assessment.as_of)

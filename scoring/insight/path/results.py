"""What a search for a path is asked and what it answers: values only. Reckons nothing and says nothing in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring.rubric.actions import Action


@dataclass(frozen=True)
class PlacesUp:
    """So many places better. A tie with the unit above is its place as well."""

    places: int = 1


@dataclass(frozen=True)
class NextGrade:
    """A better grade than now."""


Aim = PlacesUp | NextGrade


@dataclass(frozen=True)
class Stand:
    """How a unit stands: total, place, grade, as the engine has them. `provisional`: units without a total may pass it;
    `quota_open`: the grade may still be lost by quota."""

    total: Decimal
    place: int | None
    tied: bool
    grade: str | None
    provisional: bool
    quota_open: bool


@dataclass(frozen=True)
class Brought:
    """What a step adds to the total through one clause. No clause: rescaling, limits and rounding of the sum.
    `indicator`: its code, where the clause is that of an indicator."""

    clause: str
    title: str
    points: Decimal
    indicator: str = ""


@dataclass(frozen=True)
class Step:
    """One action of a path, done so many times. `effort`: 人·天 of all of them.

    `brings`: what the total gains when this step follows those before it, by clause; it adds up to `points`.
    """

    action: Action
    times: int
    effort: Decimal
    brings: tuple[Brought, ...]

    @property
    def points(self) -> Decimal:
        return sum((one.points for one in self.brings), Decimal(0))

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses through which it counts."""
        return tuple(dict.fromkeys(one.clause for one in self.brings if one.clause))


@dataclass(frozen=True)
class Moved:
    """Another unit of the group whose place changes."""

    unit: str
    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class NotOffered:
    """An action of the rubric that this unit cannot do, and why (in Chinese, without full stop)."""

    action: Action
    reason: str


@dataclass(frozen=True)
class Path:
    """The cheapest actions that reach the aim: nothing costs less; of equal effort, fewer actions, then the order of
    the text. `confirmed`: the whole group was scored again with the changed figures, and this came out. `ceiling`: how
    often actions were looked at that neither the rubric nor the data set an end; None where there are none.
    """

    unit: str
    title: str
    aim: Aim
    day: date
    steps: tuple[Step, ...]
    effort: Decimal
    before: Stand
    after: Stand
    moved: tuple[Moved, ...]
    not_offered: tuple[NotOffered, ...]
    confirmed: bool
    ceiling: int | None = None

    @property
    def actions(self) -> tuple[tuple[Action, int], ...]:
        return tuple((step.action, step.times) for step in self.steps)

    @property
    def gain(self) -> Decimal:
        """Points of the total."""
        return self.after.total - self.before.total


@dataclass(frozen=True)
class NoPath:
    """Nothing that can be done reaches the aim, or nothing needs to be: why (in Chinese, without full stop).

    `nearest`: the cheapest path to the best place that can be reached, where that is better than now; else what brings
    most, where that brings anything.
    """

    unit: str
    title: str
    aim: Aim
    day: date
    reason: str
    before: Stand | None = None
    nearest: Path | None = None
    not_offered: tuple[NotOffered, ...] = ()


@dataclass(frozen=True)
class Offer:
    """An action that the unit can do: what it costs and moves each time, and how often it can be done at most.

    `changes`: of figures that are known (True as 1). `endless`: neither the rubric nor the data set an end.
    """

    action: Action
    effort: Fraction
    changes: dict[str, Fraction]
    most: int
    endless: bool = False

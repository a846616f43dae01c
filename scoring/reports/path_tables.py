"""A path as tables: what is to be done, who else moves, what is not offered and why. Prints what it is given, exactly."""

from __future__ import annotations

from decimal import Decimal

from scoring.insight.path import NoPath, NotOffered, Path, brings
from scoring.reports.gap_tables import exact
from scoring.reports.study import Row
from scoring.rubric.actions import EFFORT_UNIT

STEP_HEAD = ("做什么", "次数", EFFORT_UNIT, "加多少分", "通过哪一条")
MOVED_HEAD = ("单位", "原名次", "新名次")
REFUSED_HEAD = ("做什么", "为什么没有列入")


def shown_path(found: Path | NoPath) -> Path | None:
    """The path itself, or the nearest that there is."""
    return found if isinstance(found, Path) else found.nearest


def step_rows(path: Path) -> list[Row]:
    """Each action, and all of them together."""
    rows: list[Row] = [
        (one.action.title, one.times, _effort(one.effort), exact(one.points), brings(one) or "—") for one in path.steps
    ]
    return [*rows, ("合计", sum(one.times for one in path.steps), _effort(path.effort), exact(path.gain), None)]


def moved_rows(path: Path) -> list[Row]:
    return [(one.title, one.before, one.after) for one in path.moved]


def refused_rows(refused: tuple[NotOffered, ...]) -> list[Row]:
    return [(one.action.title, one.reason) for one in refused]


def _effort(amount: Decimal) -> Decimal:
    """Without needless zeros: 3, 0.5."""
    short = amount.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short

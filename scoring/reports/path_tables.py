"""A path as tables: what is to be done, who else moves, what is not offered and why. Prints what it is given, exactly."""

from __future__ import annotations

from decimal import Decimal

from scoring.insight.path import NoPath, Path, brings
from scoring.reports.gap_tables import exact
from scoring.reports.study import Row, Sheet
from scoring.rubric.actions import EFFORT_UNIT

_STEPS = ("做什么", "次数", EFFORT_UNIT, "加多少分", "通过哪一条")
_MOVED = ("单位", "原名次", "新名次")
_REFUSED = ("做什么", "为什么没有列入")


def shown_path(found: Path | NoPath) -> Path | None:
    """The path itself, or the nearest that there is."""
    return found if isinstance(found, Path) else found.nearest


def sheets(found: Path | NoPath) -> tuple[Sheet, ...]:
    """What is to be done, who else moves, what is not offered: of these, those that have rows."""
    path = shown_path(found)
    listed = [] if path is None else [steps(path), moved(path)]
    return tuple(sheet for sheet in (*listed, refused(found)) if sheet.rows)


def steps(path: Path) -> Sheet:
    """Each action, and all of them together."""
    rows: list[Row] = [
        (one.action.title, one.times, _effort(one.effort), exact(one.points), brings(one) or "—") for one in path.steps
    ]
    rows.append(("合计", sum(one.times for one in path.steps), _effort(path.effort), exact(path.gain), None))
    return Sheet("要做的事", _STEPS, rows)


def moved(path: Path) -> Sheet:
    """Whose place changes with it."""
    return Sheet("谁的名次因此变动", _MOVED, [(one.title, one.before, one.after) for one in path.moved])


def refused(found: Path | NoPath) -> Sheet:
    """Each action that is not offered, with its reason."""
    return Sheet("没有列入的事", _REFUSED, [(one.action.title, one.reason) for one in found.not_offered])


def _effort(amount: Decimal) -> Decimal:
    """Without needless zeros: 3, 0.5."""
    short = amount.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short

"""现在还能做的: all that a unit can still do from a day on, and which of its losses nothing mends any more. Knows no page.

Every gain comes of scoring the group again with the unit's figures changed; nothing is reckoned here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.insight.one_more import More, OneMore, compared, each_once, scored, unreckoned
from scoring.insight.path.brought import steps
from scoring.insight.path.choices import TooMany
from scoring.insight.path.ground import Ground
from scoring.insight.path.results import Step
from scoring.insight.path.search import Times
from scoring.insight.path.standing import Row
from scoring.rubric.actions import Action

_UNLIMITED = Decimal(10**9)
_TO_HAND_IN = ("missing", "masked")  # what the unit owes; `pending` the office does


@dataclass(frozen=True)
class Doing:
    """One action, done as often as it is of use. `once`, `all_`: what one of them and all of them bring, each by itself."""

    action: Action
    effort: Decimal
    times: int
    once: OneMore
    all_: More

    @property
    def indicator(self) -> str:
        """The code of the one through which it brings most; "" for none."""
        found = [one for one in self.all_.brings if one.indicator and one.points > 0]
        return max(found, key=lambda one: one.points).indicator if found else ""


@dataclass(frozen=True)
class Mend:
    """What an action gives back of a loss: points of the indicator, before rescaling and limits."""

    action: Action
    times: int
    points: Decimal


@dataclass(frozen=True)
class Loss:
    """An indicator that loses points. `lost` None: not known yet. `to_hand_in`: its figures are not there and can still be
    handed in. `final`: what is not mended stays lost, whatever is done."""

    indicator: str
    lost: Decimal | None
    to_hand_in: bool
    mends: tuple[Mend, ...]
    final: bool

    @property
    def gone(self) -> bool:
        """Nothing of it can be made good."""
        return self.final and not self.mends and not self.to_hand_in

    @property
    def whole(self) -> bool:
        """All of it can be made good."""
        return self.lost is not None and sum(one.points for one in self.mends) >= self.lost


@dataclass(frozen=True)
class Still:
    """`doings`: what brings most with one more of it first. `besides`: what would bring something now and nothing after all
    of those. `together`: all of those done; None where that cannot be said. `losses`: the largest first, those not known
    yet last. `late`: reports that came late. `why`: where it cannot be said what anything brings."""

    unit: str
    title: str
    day: date
    doings: tuple[Doing, ...]
    besides: tuple[OneMore, ...]
    together: More | None
    losses: tuple[Loss, ...]
    late: int
    why: str

    @property
    def to_hand_in(self) -> tuple[Loss, ...]:
        return tuple(one for one in self.losses if one.to_hand_in)

    @property
    def gone(self) -> tuple[Loss, ...]:
        return tuple(one for one in self.losses if one.gone)


def still(ground: Ground) -> Still:
    """What the unit can still do. Losses are told even where actions are not."""
    standing, why = ground.standing, unreckoned(ground)
    each = {one.action.code: one for one in each_once(ground)} if not why else {}
    times = _most(ground) if each and standing.row["state"] == "complete" else {}
    if not times:
        times = {code: 1 for code, one in each.items() if one.gains}
        together, doings = None, _alone(ground, each, times)
    else:
        together, doings = _together(ground, times), _alone(ground, each, times)
    besides = tuple(one for one in each.values() if one.gains and one.action.code not in times)
    late = sum(row["status"] == "late" for row in standing.assessment.rows("due", unit=standing.unit))
    return Still(
        standing.unit, standing.rubric.register.title(standing.unit), ground.day, tuple(sorted(doings, key=_order)),
        tuple(sorted(besides, key=lambda one: -_high(one))), together, _losses(ground, times, each, together is not None), late, why,
    )  # fmt: skip


def _most(ground: Ground) -> Times:
    """How often each action is done where all is done that brings points; nothing where that takes too long to find."""
    try:
        found = ground.search.most(ground.bounds)
    except TooMany:
        return {}
    more = _together(ground, found) if found else None
    return found if more is not None and more.gains else {}


def _together(ground: Ground, times: Times) -> More:
    before, after = scored(ground.standing, [{}, ground.search.figures(times)])
    return compared(ground.standing, before, after)


def _alone(ground: Ground, each: dict[str, OneMore], times: Times) -> list[Doing]:
    """Each of them done so often, the others not at all."""
    several = [code for code, count in times.items() if count > 1]
    outcomes = scored(ground.standing, [{}, *(ground.search.figures({code: times[code]}) for code in several)]) if several else []
    more = {code: compared(ground.standing, outcomes[0], after) for code, after in zip(several, outcomes[1:], strict=True)}
    group = ground.standing.group
    return [
        Doing(each[code].action, each[code].action.effort_in(group), count, each[code], more.get(code, each[code]))
        for code, count in times.items()
    ]


def _high(more: More) -> Decimal:
    return more.high if more.high is not None else _UNLIMITED


def _order(one: Doing) -> tuple[Decimal, Decimal, Decimal]:
    """What one more of it brings; of equals what costs less; last what brings something only when done several times."""
    return -_high(one.once), one.effort, -_high(one.all_)


# --- losses ---------------------------------------------------------------------------------------------


def _losses(ground: Ground, times: Times, each: dict[str, OneMore], planned: bool) -> tuple[Loss, ...]:
    rows = [row for row in ground.standing.assessment.rows("indicator_score", unit=ground.standing.unit) if _loses(row)]
    mends = _mends(steps(ground.search, times)[1] if planned else (), each, times)
    found = [
        Loss(row["indicator"], row["points_lost"], _open(ground, row), tuple(mends.get(row["indicator"], ())), _final(ground, row))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.lost is None, -(one.lost or Decimal(0)))))


def _loses(row: Row) -> bool:
    if row["left_out"] or row["full_marks"] is None or row["state"] == "not_applicable":
        return False
    return row["points_lost"] is None or row["points_lost"] > 0


def _mends(planned: Sequence[Step], each: dict[str, OneMore], times: Times) -> dict[str, list[Mend]]:
    """By indicator: one step after the other, so that they add up; where there is no plan each once, by itself."""
    done = [(one.action, one.times, one.brings) for one in planned]
    if not done:
        done = [(each[code].action, 1, each[code].brings) for code in times]
    found: dict[str, list[Mend]] = {}
    for action, count, brings in done:
        for one in brings:
            if one.indicator and one.points > 0:
                found.setdefault(one.indicator, []).append(Mend(action, count, one.points))
    return found


def _open(ground: Ground, row: Row) -> bool:
    """Whether figures of the unit's own are not there, and the day is one on which they still count."""
    return row["state"] in _TO_HAND_IN and ground.day <= ground.standing.assessment.period.cut_off


def _final(ground: Ground, row: Row) -> bool:
    """After the cut-off everything; after the end of the period whatever no action mends (where the rubric lists any); within
    it what was late."""
    standing = ground.standing
    if ground.day > standing.assessment.period.cut_off:
        return True
    if ground.day > standing.assessment.period.end:
        return bool(standing.rubric.spec.actions)
    rules = standing.rubric.indicators[row["indicator"]].rules
    return bool(rules) and all(rule.kind == "timeliness" for rule in rules)

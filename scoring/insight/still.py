"""现在还能做的: all that a unit can still do from a day on, and which of its losses nothing mends any more. Knows no page.

Every gain comes of scoring the group again with the unit's figures changed; nothing is reckoned here.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.engine.placed import placed_one
from scoring.insight.one_more import More, OneMore, compared, scored, unreckoned
from scoring.insight.path.brought import steps
from scoring.insight.path.choices import TooMany
from scoring.insight.path.ground import Ground
from scoring.insight.path.offers import not_yet_due
from scoring.insight.path.results import Step
from scoring.insight.path.search import Search, Times
from scoring.insight.path.standing import Row, Standing
from scoring.rubric.actions import Action
from scoring.rubric.model import Adjustment, Bonus

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
    """An indicator that loses points. `lost` None: not known yet. `forms`: those of figures that are not there, were due and
    can still be handed in. `final`: what is not mended stays lost, whatever is done."""

    indicator: str
    lost: Decimal | None
    forms: tuple[str, ...]
    mends: tuple[Mend, ...]
    final: bool

    @property
    def to_hand_in(self) -> bool:
        return bool(self.forms)

    @property
    def gone(self) -> bool:
        """Nothing of it can be made good."""
        return self.final and not self.mends and not self.to_hand_in

    @property
    def whole(self) -> bool:
        """All of it can be made good."""
        return self.lost is not None and sum(one.points for one in self.mends) >= self.lost


@dataclass(frozen=True)
class Taken:
    """扣分 or 一票否决 that takes points off the total. `lost` None: not known yet. `final`: nothing mends it any more."""

    adjustment: Adjustment
    lost: Decimal | None
    final: bool


@dataclass(frozen=True)
class Owed:
    """Reports of which nobody can say beforehand what they bring. `late`: by form the losses that wait for it; `ahead`: forms
    of reports that never came and were not yet due on the day."""

    late: dict[str, list[Loss]]
    ahead: tuple[str, ...]


@dataclass(frozen=True)
class Still:
    """`doings`: what brings most with one more of it first. `besides`: what would bring something now and nothing after all
    of those. `together`: all of those done; None where that cannot be said. `losses`: the largest first, those not known
    yet last. `taken`: what is taken off the total besides. `late`: reports that came late. `ahead`: see Owed. `why`: where it
    cannot be said what anything brings."""

    unit: str
    title: str
    day: date
    doings: tuple[Doing, ...]
    besides: tuple[OneMore, ...]
    together: More | None
    losses: tuple[Loss, ...]
    taken: tuple[Taken, ...]
    late: int
    ahead: tuple[str, ...]
    why: str

    @property
    def to_hand_in(self) -> dict[str, list[Loss]]:
        """By form the indicators that wait for it."""
        return _by_form(self.losses)

    @property
    def owed(self) -> Owed:
        return Owed(self.to_hand_in, self.ahead)

    @property
    def gone(self) -> tuple[Loss, ...]:
        return tuple(one for one in self.losses if one.gone)


def still(ground: Ground) -> Still:
    """What the unit can still do. Losses are told even where actions are not."""
    standing, why = ground.standing, unreckoned(ground)
    times = _most(ground) if not why and standing.row["state"] == "complete" else {}
    each, alone, together = _brought(ground, times) if not why and ground.offered else ({}, {}, None)
    if together is None or not together.gains:
        times, together = {code: 1 for code, one in each.items() if one.gains}, None
    group = standing.group
    doings = [
        Doing(each[code].action, each[code].action.effort_in(group), count, each[code], alone.get(code, each[code]))
        for code, count in times.items()
    ]
    besides = [one for one in each.values() if one.gains and one.action.code not in times]
    late = sum(row["status"] == "late" for row in standing.assessment.rows("due", unit=standing.unit))
    return Still(
        standing.unit, standing.rubric.register.title(standing.unit), ground.day, tuple(sorted(doings, key=_order)),
        tuple(sorted(besides, key=lambda one: -_high(one))), together, _losses(ground, times, each, together is not None),
        _taken(ground, each), late, _ahead(ground), why,
    )  # fmt: skip


def owed(ground: Ground) -> Owed:
    """What the unit can still hand in, and what was not yet due."""
    return Owed(_by_form(_losses(ground, {}, {}, False)), _ahead(ground))


def _by_form(losses: Sequence[Loss]) -> dict[str, list[Loss]]:
    found: dict[str, list[Loss]] = {}
    for one in losses:
        for form in one.forms:
            found.setdefault(form, []).append(one)
    return found


def _most(ground: Ground) -> Times:
    """How often each action is done where all is done that brings points; nothing where that takes too long to find."""
    try:
        return ground.search.most(ground.bounds) if ground.offered else {}
    except TooMany:
        return {}


def _brought(ground: Ground, times: Times) -> tuple[dict[str, OneMore], dict[str, More], More | None]:
    """What each action brings done once, what those done several times bring by themselves, what all bring together: one
    reckoning for all, a second one costs as much."""
    search = Search(ground.standing, ground.offered, ())
    codes, several = [one.action.code for one in ground.offered], [code for code, count in times.items() if count > 1]
    done = [*({code: 1} for code in codes), *({code: times[code]} for code in several), times]
    before, *after = scored(ground.standing, [{}, *(search.figures(one) for one in done)])
    more = [compared(ground.standing, before, one) for one in after]
    each = {offer.action.code: OneMore.of(one, offer.action) for offer, one in zip(ground.offered, more, strict=False)}
    return each, dict(zip(several, more[len(codes) :], strict=False)), more[-1] if times else None


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
        Loss(row["indicator"], row["points_lost"], _forms(ground, row), tuple(mends.get(row["indicator"], ())), _final(ground, row))
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


def _forms(ground: Ground, row: Row) -> tuple[str, ...]:
    """Of which forms figures of the unit's own are not there, though they were due, on a day on which they still count."""
    standing = ground.standing
    if row["state"] not in _TO_HAND_IN or ground.day > standing.assessment.period.cut_off:
        return ()
    needs = placed_one(standing.rubric, standing.group, row["indicator"]).everything
    absent = [code for code in standing.own if code in needs and standing.own[code].state in _TO_HAND_IN]
    missing = _missing(ground)
    waiting = {row["form"] for row in missing}
    forms = dict.fromkeys(form for code in absent for form in _sources(standing, standing.rubric.measures[code].form, waiting))
    kept = [form for form in forms if standing.rubric.forms[form].kept_by == "unit"]
    due = {row["form"] for row in missing if not not_yet_due(standing, row, ground.day)}
    return tuple(form for form in kept if form in due or form not in waiting)


def _missing(ground: Ground) -> list[Row]:
    """The reports of the unit that never came."""
    standing = ground.standing
    return [row for row in standing.assessment.rows("due", unit=standing.unit) if row["status"] == "missing"]


def _ahead(ground: Ground) -> tuple[str, ...]:
    """Of which forms a report that never came was not yet due."""
    return tuple(dict.fromkeys(row["form"] for row in _missing(ground) if not_yet_due(ground.standing, row, ground.day)))


def _sources(standing: Standing, code: str, waiting: Container[str]) -> list[str]:
    """The form itself; of one that is compiled from two, those that did not come in. `waiting`: forms that did not."""
    derived = standing.rubric.forms[code].derived
    if derived is None:
        return [code]
    return [one for one in (derived.left, derived.right) if one in waiting] or [derived.left]


def _taken(ground: Ground, each: dict[str, OneMore]) -> tuple[Taken, ...]:
    """The largest first, those not known yet last."""
    mended = {(one.clause, one.title) for more in each.values() for one in more.brings if not one.indicator and one.points > 0}
    found = []
    for one in ground.standing.adjustments:
        row = ground.standing.extra(one.code)
        if isinstance(one, Bonus) or not row or row["points_low"] == row["points_high"] == 0:
            continue
        known = row["points_low"] is not None and row["points_low"] == row["points_high"]
        final = _over(ground) and (one.clause, one.title) not in mended
        found.append(Taken(one, -row["points_low"] if known else None, final))
    return tuple(sorted(found, key=lambda one: (one.lost is None, -(one.lost or Decimal(0)))))


def _over(ground: Ground) -> bool:
    """After the cut-off, or after the end of a period whose rubric lists what can still be done."""
    standing = ground.standing
    if ground.day > standing.assessment.period.cut_off:
        return True
    return ground.day > standing.assessment.period.end and bool(standing.rubric.spec.actions)


def _final(ground: Ground, row: Row) -> bool:
    """After the cut-off everything; after the end of the period whatever no action mends (where the rubric lists any); within
    it what was late."""
    standing = ground.standing
    if ground.day > standing.assessment.period.end:
        return _over(ground)
    rules = standing.rubric.indicators[row["indicator"]].rules
    return bool(rules) and all(rule.kind == "timeliness" for rule in rules)

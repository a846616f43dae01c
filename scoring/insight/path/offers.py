"""Which actions of the rubric a unit can still do on a day, how often, and why not the others. Scores nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from scoring.insight.path.results import NotOffered, Offer
from scoring.insight.path.standing import Row, Standing, span
from scoring.rubric.actions import Action

ENDLESS = 100  # times, where neither the rubric nor the data set an end
_ABSENT = {"not_applicable": "对本单位不适用", "missing": "还没有报送", "masked": "报的数读不出", "pending": "暂缺"}


def offers(
    standing: Standing, day: date, holds: Callable[[Sequence[Action]], Sequence[bool]]
) -> tuple[list[Offer], list[NotOffered]]:
    """In the order of the rubric. `holds`: whether the premises (`needs`) of some actions hold for the unit."""
    actions = [one for one in standing.rubric.spec.actions if one.in_group(standing.group)]
    premised = [one for one in actions if one.needs is not None]
    held = dict(zip((one.code for one in premised), holds(premised), strict=True)) if premised else {}
    found: list[Offer] = []
    refused: list[NotOffered] = []
    for one in actions:
        reason = _reason(standing, one, day, held.get(one.code, True))
        changes = _changes(standing, one) if reason is None else {}
        if reason is None and not changes:
            reason = _absent(standing, one)
        if reason is not None:
            refused.append(NotOffered(one, reason))
        else:
            found.append(Offer(one, Fraction(one.effort_in(standing.group)), changes, 0))
    limited = [_limited(standing, one, found, day) for one in found]
    refused += [NotOffered(one.action, _exhausted(standing, one, day)) for one in limited if one.most == 0]
    order = [one.code for one in standing.rubric.spec.actions]
    return [one for one in limited if one.most], sorted(refused, key=lambda one: order.index(one.action.code))


def _reason(standing: Standing, one: Action, day: date, held: bool) -> str | None:
    """Why it cannot be done at all."""
    last = one.last_day(standing.rubric, standing.assessment.period)
    if day > last:
        return f"期限 {last} 已过"
    if standing.assessment.period.cut_off < day:
        return f"数据已于 {standing.assessment.period.cut_off} 截止"
    if not held:
        return "不符合前提"
    parts = {measure.code.rpartition(".")[0] for measure in standing.rubric.measures.values() if "@" in measure.window}
    if inside := [code for code in one.does if code in parts]:
        title = standing.rubric.measures[inside[0]].title
        return f"“{title}”分期计分，各期过后不能补做，推算不了"
    return None


def _changes(standing: Standing, one: Action) -> dict[str, Fraction]:
    """What it does to the figures that are there."""
    return {
        code: Fraction(1) if change is True else Fraction(change)
        for code, change in one.does.items()
        if standing.value(code) is not None
    }


def _absent(standing: Standing, one: Action) -> str:
    """Why none of its figures can be moved."""
    code = next(iter(one.does))
    said = standing.own.get(code)
    title = standing.rubric.measures[code].title
    if said is None:
        return f"没有哪一项计分用到“{title}”"
    return f"“{title}”{_ABSENT.get(said.state, '还没有数')}"


def _limited(standing: Standing, one: Offer, all_: Sequence[Offer], day: date) -> Offer:
    """With how often it can be done at most: as the rubric says, and no more than there is to repair on the day."""
    most = one.action.most_in(standing.group)
    ends = [most] if most is not None else []
    for code, change in one.changes.items():
        value = standing.value(code)
        assert value is not None
        low, high = span(standing.rubric, standing.rubric.measures[code], value)
        if one.action.does[code] is True:
            ends.append(int(value < 1))
        elif not any(other.changes.get(code, Fraction(0)) * change < 0 for other in all_):
            ends.append(int(((low - value) if change < 0 else (high - value)) / change))
        if (unsent := _unsent(standing, code, day)) and change < 0:
            ends.append(int(max(value - unsent, Fraction(0)) / -change))
    least = min(ends, default=ENDLESS)
    return replace(one, most=min(least, ENDLESS) if most is None else least, endless=most is None and least > ENDLESS)


def not_yet_due(standing: Standing, row: Row, day: date) -> bool:
    """Whether a report that never came was not due yet on a day that is over. Of any other day the assessment itself knows."""
    return bool(day < standing.assessment.as_of and row["due_on"] >= day)


def _unsent(standing: Standing, code: str, day: date) -> int:
    """How many of the reports counted as missing were not yet due on the day."""
    measure = standing.rubric.measures[code]
    if measure.schedule_item != "missing":
        return 0
    rows = standing.assessment.rows("due", unit=standing.unit, form=measure.form)
    return sum(row["status"] == "missing" and not_yet_due(standing, row, day) for row in rows)


def _exhausted(standing: Standing, one: Offer, day: date) -> str:
    """Why it can be done no more."""
    for code, change in one.changes.items():
        value, title = standing.value(code), standing.rubric.measures[code].title
        if change < 0 and value and _unsent(standing, code, day) >= value:
            return f"到 {day} 还没有漏报"
        if one.action.does[code] is True and value == 1:
            return f"“{title}”已经是“是”"
        if change < 0 and value == 0:
            return f"“{title}”已经是 0"
    return "数已到头"

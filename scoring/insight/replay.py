"""Rule or work (年度重算): two years' data by two editions of a 办法, and what of a change comes from which. Knows no page.

Four assessments by the engine; a change of total or place is the sum of two parts, each the mean over the two orders in
which one may change first (Shapley value of two players; Shapley 1953), exact. What the data of one year lack for the
edition of the other is named (`replay_lacks`), and what rests on it has no parts: it is never a silent zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from scoring.engine import Assessment, assess
from scoring.insight.replay_lacks import Lack, any_data, lacks
from scoring.insight.summands import EXACT
from scoring.rubric import Rubric
from scoring.store import Store

Row = dict[str, Any]
_HALF = Decimal("0.5")


class NotReplayed(ValueError):
    """Why two years cannot be set side by side, in Chinese, without full stop."""


@dataclass(frozen=True)
class Split:
    """A change and its two parts; `work + rule == whole`, exactly. Of places: positive is better."""

    whole: Decimal
    work: Decimal
    rule: Decimal


@dataclass(frozen=True)
class Opened:
    """An item that some units have no points for by the other edition, though their year was complete by its own."""

    label: str
    edition: str
    group: str
    clause: str
    title: str
    units: int


@dataclass(frozen=True)
class Four:
    """One unit's rows of the four rankings; None where it is not ranked in that group, or where data are lacking.

    `then`: last year by its edition; `then_by_new`: last year by the new one; `now_by_old`: this year by the old one.
    """

    then: Row | None
    then_by_new: Row | None
    now_by_old: Row | None
    now: Row | None

    @property
    def all(self) -> tuple[Row | None, ...]:
        return self.then, self.then_by_new, self.now_by_old, self.now

    def split(self, column: str, sign: int = 1) -> Split | None:
        """None where one of the four has no figure."""
        found = [None if row is None or row[column] is None else Decimal(row[column]) * sign for row in self.all]
        then, then_by_new, now_by_old, now = found
        if then is None or then_by_new is None or now_by_old is None or now is None:
            return None
        rule = EXACT.multiply(_HALF, EXACT.add(EXACT.subtract(then_by_new, then), EXACT.subtract(now, now_by_old)))
        work = EXACT.multiply(_HALF, EXACT.add(EXACT.subtract(now_by_old, then), EXACT.subtract(now, then_by_new)))
        return Split(EXACT.subtract(now, then), work, rule)


@dataclass(frozen=True)
class Redone:
    """A unit that is in the same group in both years."""

    unit: str
    title: str
    group: str
    four: Four

    @cached_property
    def total(self) -> Split | None:
        return self.four.split("total")

    @cached_property
    def place(self) -> Split | None:
        """Places gained."""
        return self.four.split("place", -1)


@dataclass(frozen=True)
class Replay:
    """Four assessments and what they come to. `then_by_new` … as in `Four`. `moved_group`: titles of units that are in
    another group, or in one of the two years only, and are left out."""

    then: Assessment
    then_by_new: Assessment
    now_by_old: Assessment
    now: Assessment
    units: tuple[Redone, ...]
    lacks: tuple[Lack, ...]
    opened: tuple[Opened, ...]
    moved_group: tuple[str, ...]

    @property
    def same_rubric(self) -> bool:
        """Whether both years have one edition: then all change is work."""
        return self.then.rubric.spec == self.now.rubric.spec

    def of_group(self, group: str) -> list[Redone]:
        """In the order of this year's ranking."""
        return [one for one in self.units if one.group == group]


def replayed(
    store: Store,
    rubrics: tuple[Rubric, Rubric],
    label_new: str,
    label_old: str,
    as_of: date,
    known: Iterable[Assessment] = (),
) -> Replay:
    """`rubrics`: of the new period and of the old one. `as_of`: of the new period; the old one is taken whole. `known`:
    assessments that are there already. Raises NotReplayed, ValueError (a label that means nothing)."""
    new, old = rubrics
    if label_new == label_old:
        raise NotReplayed("两个考核期相同，请写另一年")
    period_new, period_old = new.period(label_new), old.period(label_old)
    if period_old.start >= period_new.start:
        raise NotReplayed(f"{label_old} 年在 {label_new} 年之后，请写更早的一年")
    for rubric, period in ((new, period_new), (old, period_old)):
        if not any_data(store, rubric, period):
            raise NotReplayed(f"没有 {period.label} 年的数据，无法重算")
    day = period_old.cut_off
    there = {(one.rubric.document.file, one.period.label, one.as_of): one for one in known}

    def run(rubric: Rubric, label: str, on: date) -> Assessment:
        key = rubric.document.file, label, on
        if key not in there:
            there[key] = assess(store, rubric, rubric.period(label), on)
        return there[key]

    then, now = run(old, label_old, day), run(new, label_new, as_of)
    then_by_new, now_by_old = run(new, label_old, day), run(old, label_new, as_of)
    wanting = (*lacks(store, new, old, period_old), *lacks(store, old, new, period_new))
    units, moved = _units((then, then_by_new, now_by_old, now), wanting)
    opened = (*_opened(then_by_new, then), *_opened(now_by_old, now))
    return Replay(then, then_by_new, now_by_old, now, units, wanting, opened, moved)


def _units(runs: tuple[Assessment, ...], wanting: Iterable[Lack]) -> tuple[tuple[Redone, ...], tuple[str, ...]]:
    """Units of one group in all, and the titles of the others."""
    rankings = [{row["unit"]: row for row in one.rows("ranking")} for one in runs]
    hidden = {(one.label, one.edition, group) for one in wanting for group in one.groups}
    register, units, moved = runs[-1].rubric.register, [], []
    for unit in dict.fromkeys([*rankings[-1], *rankings[0]]):
        rows = [ranking.get(unit) for ranking in rankings]
        groups = {row["group"] if row is not None else None for row in rows}
        if len(groups) > 1:
            moved.append(register.title(unit))
            continue
        (group,) = groups
        assert group is not None
        shown = [
            row if (one.period.label, one.rubric.spec.edition, group) not in hidden else None
            for row, one in zip(rows, runs, strict=True)
        ]
        units.append(Redone(unit, register.title(unit), group, Four(*shown)))
    return tuple(units), tuple(moved)


def _opened(other: Assessment, own: Assessment) -> Iterator[Opened]:
    """What the data of a year do not say for the edition of the other."""
    complete = {row["unit"] for row in own.rows("ranking") if row["total"] is not None}
    counts: dict[tuple[str, str], int] = {}
    for row in other.rows("indicator_score"):
        if row["points"] is None and row["unit"] in complete:
            counts[row["group"], row["indicator"]] = counts.get((row["group"], row["indicator"]), 0) + 1
    for (group, code), units in counts.items():
        one = other.rubric.indicators[code]
        yield Opened(other.period.label, other.rubric.spec.edition, group, one.clause, one.title, units)

"""Everything one component can do: counts of its actions and what they do to points, as exact whole numbers.

Only figures are worked out here; what an indicator gives for them is asked of the engine, once for each different
figure. Of two ways with the same or better points only the cheaper one is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm, prod

import numpy as np
import numpy.typing as npt

from scoring.engine.sample_results import Item
from scoring.insight.path.results import Offer
from scoring.insight.path.standing import Changes, Row, Standing, points_of, span
from scoring.insight.path.things import Component, Thing, opens_upward, side_conditions
from scoring.rubric.model import Bonus

Whole = npt.NDArray[np.int64]
WAYS = 200_000  # of one component; more are cut down where the rubric writes no `most`
FIGURES = 20_000  # different figures of one component that the engine is asked about
COMPARED = 200  # the same, where each takes a reckoning of the whole group
CEILINGS = (100, 50, 25, 12, 6)
BOUNDLESS = 10**30  # points in 10^-12: no bound can be given


class TooMany(Exception):
    """More ways than can be looked through. `offers`: the actions concerned."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        super().__init__()
        self.offers = offers


@dataclass(frozen=True)
class Choices:
    """The ways of one component that are worth looking at, the cheapest first; the first does nothing.

    `counts`: [way, action]. `gains`: by column (a section, a bonus …) the points more than now, in 10^-12. `left_out`:
    indicators left out as not applying, by way. `true`: by condition whether it holds (1), does not (0) or is open
    (−1), by way. `costs`: by indicator compared within the group what it may cost the other units. `ceiling`: how often
    an action without an end was looked at.
    """

    component: Component
    counts: Whole
    gains: dict[str, Whole]
    left_out: tuple[frozenset[str], ...]
    true: dict[str, Whole]
    costs: dict[str, dict[str, int]]
    ceiling: int

    def __len__(self) -> int:
        return len(self.counts)


def choices(standing: Standing, components: Sequence[Component], now: Mapping[str, Row]) -> list[Choices]:
    """All that is worth doing, by component. `now`: adjustments and conditions as they are. Raises TooMany."""
    gates = [one.gate for one in standing.adjustments if isinstance(one, Bonus) and one.gate is not None]
    monotone = all(opens_upward(gate.tree) for gate in gates)
    grids = [_Grid.of(standing, one) for one in components]
    tables = [[grid.table(thing) for thing in one.things] for grid, one in zip(grids, components, strict=True)]
    for one, own in zip(components, tables, strict=True):
        compared = set(one.items) & standing.asked_among
        if sum(len(table.rows) for table in own) > (COMPARED if compared else FIGURES):
            raise TooMany(one.offers)
    every = [table for own in tables for table in own]
    items = _asked_items(standing, [one for one in every if one.thing.kind == "item"])
    extras = _asked_extras(standing, [one for one in every if one.thing.kind != "item"])
    found = []
    for grid, one, own in zip(grids, components, tables, strict=True):
        outcomes = _Outcomes(standing, len(grid.counts))
        for table in own:
            if table.thing.kind == "item":
                outcomes.take_item(table, items[table.thing.code])
            else:
                outcomes.take_extra(table, now.get(table.thing.code), extras[table.thing.code])
        found.append(_worth_looking_at(standing, grid, one, outcomes, monotone))
    return found


# --- the figures of every way ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """The different figures one thing can see (`rows`), and which of them each way gives (`which`)."""

    thing: Thing
    rows: list[Changes]
    which: Whole


@dataclass(frozen=True)
class _Grid:
    """All counts that the figures allow, cheapest first, and the changed figures in 1/unit."""

    counts: Whole
    values: dict[str, Whole]
    units: dict[str, int]
    ceiling: int

    @classmethod
    def of(cls, standing: Standing, component: Component) -> _Grid:
        for ceiling in CEILINGS:
            most = [min(one.most, ceiling) if one.endless else one.most for one in component.offers]
            if prod(end + 1 for end in most) <= WAYS:
                return cls._within(standing, component.offers, most, ceiling)
        raise TooMany(component.offers)

    @classmethod
    def _within(cls, standing: Standing, offers: Sequence[Offer], most: Sequence[int], ceiling: int) -> _Grid:
        counts: Whole = np.stack(np.meshgrid(*(np.arange(end + 1) for end in most), indexing="ij"), axis=-1)
        counts = counts.reshape(-1, len(most)).astype(np.int64)
        values, units = {}, {}
        allowed = np.ones(len(counts), dtype=bool)
        for code in dict.fromkeys(code for one in offers for code in one.changes):
            now = standing.value(code)
            assert now is not None
            steps = [one.changes.get(code, Fraction(0)) for one in offers]
            unit = lcm(now.denominator, *(step.denominator for step in steps))
            moved = counts @ np.array([int(step * unit) for step in steps], dtype=np.int64) + int(now * unit)
            low, high = span(standing.rubric, standing.rubric.measures[code], now)
            if any(one.action.does.get(code) is True for one in offers):
                moved = np.minimum(moved, unit)
            allowed &= (moved >= int(low * unit)) & (moved <= int(high * unit))
            values[code], units[code] = moved, unit
        unit = lcm(*(one.effort.denominator for one in offers))
        effort = counts @ np.array([int(one.effort * unit) for one in offers], dtype=np.int64)
        cheapest = np.lexsort([*(-counts.T[::-1]), counts.sum(axis=1), effort])
        kept = cheapest[allowed[cheapest]]
        return cls(counts[kept], {code: values[code][kept] for code in values}, units, ceiling)

    def table(self, thing: Thing) -> _Table:
        seen = [code for code in sorted(thing.needs) if code in self.values]
        found, which = np.unique(np.stack([self.values[code] for code in seen], axis=1), axis=0, return_inverse=True)
        rows: list[Changes] = [
            {code: Fraction(int(value), self.units[code]) for code, value in zip(seen, row, strict=True)}
            for row in found
        ]
        return _Table(thing, rows, which.reshape(-1))


# --- what the engine says of them -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Answer:
    """What the engine says of one indicator: as it is, for each figure it can see, and what it costs others at most."""

    now: Item
    own: list[Item]
    costs: dict[str, int]


def _asked_items(standing: Standing, tables: Sequence[_Table]) -> dict[str, _Answer]:
    """By indicator. Those compared within the group are asked apart: each answer takes the whole group."""
    found = {}
    compared = [one for one in tables if one.thing.code in standing.asked_among]
    for own in (compared, [one for one in tables if one not in compared]):
        rows: list[Changes] = [{}, *(row for one in own for row in one.rows)]
        answers = standing.items_of(rows, [one.thing.code for one in own]) if own else []
        start = 1
        for one in own:
            code, end = one.thing.code, start + len(one.rows)
            seen = (answers[0], *answers[start:end])
            items = {unit: [answer[unit].items[code] for answer in seen] for unit in answers[0]}
            now, *rest = items.pop(standing.unit)
            found[code] = _Answer(now, rest, {unit: _lost(each) for unit, each in items.items()})
            start = end
    return found


def _lost(items: Sequence[Item]) -> int:
    """By how much the first is above the least of them; one that is no longer known takes the total with it."""
    now, *others = (item.ends for item in items)
    if not now.known or now.low is None:
        return 0
    if any(not end.known for end in others):
        return BOUNDLESS
    return points_of(max((now.low - (end.low or Decimal(0)) for end in others), default=Decimal(0)))


def _asked_extras(standing: Standing, tables: Sequence[_Table]) -> dict[str, list[Row | None]]:
    """By adjustment or condition: its row for each figure it can see."""
    rows = [row for one in tables for row in one.rows]
    answers = standing.extras_of(rows, side_conditions(standing)) if rows else []
    found, start = {}, 0
    for one in tables:
        code, end = one.thing.code, start + len(one.rows)
        found[code] = [answer.get(code) for answer in answers[start:end]]
        start = end
    return found


def potential(row: Row | None) -> int:
    """Points of a bonus as if its gate were open, or of a penalty (below 0), in 10^-12."""
    return points_of(row["points_high"]) + points_of(row["withheld"]) if row is not None else 0


class _Outcomes:
    """Gains by column, what does not apply, what holds: of every way."""

    def __init__(self, standing: Standing, ways: int) -> None:
        self.ways = ways
        self.gains: dict[str, Whole] = {}
        self.absent: dict[str, Whole] = {}
        self.true: dict[str, Whole] = {}
        self.costs: dict[str, dict[str, int]] = {}
        self.known = np.ones(ways, dtype=bool)
        # points of an indicator are added up in its section, or stand by themselves where it takes the lowest …
        self._columns = {
            one.indicator.code: one.section.code + ("" if one.section.takes == "sum" else f"/{one.indicator.code}")
            for one in standing.items
        }

    def _add(self, column: str, table: _Table, gains: Sequence[int]) -> None:
        if any(gains):
            more = np.array(gains, dtype=np.int64)[table.which]
            self.gains[column] = self.gains[column] + more if column in self.gains else more

    def take_item(self, table: _Table, answer: _Answer) -> None:
        code, now, own = table.thing.code, answer.now, answer.own
        self.costs[code] = answer.costs
        known = [item.own.known and item.away.known for item in own]
        self.known &= np.array(known)[table.which]
        landing = next((item.lands_on for item in (now, *own) if item.lands_on), "total")
        for column, part in ((self._columns[code], "own"), (landing, "away")):
            before = getattr(now, part).low
            ends = [getattr(item, part).low if sure else before for item, sure in zip(own, known, strict=True)]
            self._add(column, table, [points_of(end - before) for end in ends])
        self.absent[code] = np.array([item.left_out for item in own], dtype=np.int64)[table.which]

    def take_extra(self, table: _Table, now: Row | None, own: Sequence[Row | None]) -> None:
        code = table.thing.code
        if table.thing.kind in ("veto", "condition"):
            truths = [0 if row is None else -1 if row["holds"] is None else 1 for row in own]
            self.true[code] = np.array(truths, dtype=np.int64)[table.which]
        else:
            self._add(code, table, [potential(row) - potential(now) for row in own])


# --- what is worth looking at ---------------------------------------------------------------------------


def _worth_looking_at(
    standing: Standing, grid: _Grid, component: Component, found: _Outcomes, monotone: bool
) -> Choices:
    """Ways whose points are known and that no cheaper way equals or betters.

    Only ways are compared that leave conditions, and figures compared within the group, the same. Where a gate may shut
    as the base rises (not `monotone`) more points can be worse.
    """
    nothing = np.zeros(found.ways, dtype=np.int64)
    fixed = {
        code for one in component.things for code in one.needs
        if one.kind in ("veto", "condition") or one.code in standing.compared
    }  # fmt: skip
    side = [nothing, *(grid.values[code] for code in sorted(fixed) if code in grid.values), *found.absent.values()]
    points = [nothing, *found.gains.values()]
    if not monotone:
        side, points = [*side, *points], [nothing]
    sides, values = np.stack(side, axis=1), np.stack(points, axis=1)
    _, first = np.unique(np.hstack([sides, values]), axis=0, return_index=True)
    fronts: dict[bytes, Whole] = {}
    kept = []
    for way in sorted(int(one) for one in first):  # cheapest first
        if way and not found.known[way]:
            continue
        key, own = sides[way].tobytes(), values[way : way + 1]
        front = fronts.get(key)
        if front is None or not bool(np.any(np.all(front >= own, axis=1))):
            fronts[key] = own if front is None else np.vstack([front, own])
            kept.append(way)
    left_out = tuple(frozenset(code for code, absent in found.absent.items() if absent[way]) for way in kept)
    gains = {name: column[kept] for name, column in found.gains.items()}
    true = {code: truth[kept] for code, truth in found.true.items()}
    costs = {code: costs for code, costs in found.costs.items() if costs}
    return Choices(component, grid.counts[kept], gains, left_out, true, costs, grid.ceiling)

"""Two editions of a 办法 on the same data: whose place moved, and which clauses are behind it.

Both are scored by the engine; points, totals and places are those of the result tables, compared and subtracted
exactly. The changes of a unit add up to the change of its total, as its items, landings and adjustments do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from scoring.engine import Assessment, assess
from scoring.engine.summed import KINDS
from scoring.insight.summands import EXACT, NOTHING, Ends, Key, Named, absent, named_parts, step_title, summands
from scoring.rubric import Rubric
from scoring.rubric.diff import RANKING, Difference, differences
from scoring.rubric.pairing import paired
from scoring.store import Store

Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One summand of a total that is another in the new edition. None: the edition has no such thing.

    `kind`: indicator, landing (its loss, taken off elsewhere), bonus, penalty, veto, or a step of the sum that
    follows from the others (折算, limits, rounding). `code` is that of the new edition where it has one. `behind`: for
    折算 the clauses of which more or less does not apply.
    """

    kind: str
    code: str
    title: str
    before: Ends | None
    after: Ends | None
    clause_old: str | None = None
    clause_new: str | None = None
    behind: tuple[str, ...] = ()

    @property
    def is_step(self) -> bool:
        return self.kind in KINDS

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause it names, old and new."""
        return tuple(dict.fromkeys(c for c in (self.clause_old, self.clause_new, *self.behind) if c))

    @property
    def difference(self) -> Decimal | None:
        """What it adds to the total; None where one side is not known."""
        ends = [NOTHING if end is None else end.known for end in (self.before, self.after)]
        return None if ends[0] is None or ends[1] is None else EXACT.subtract(ends[1], ends[0])

    @property
    def order(self) -> tuple[bool, Decimal]:
        """Largest first, what is not known before that, steps of the sum last."""
        size = self.difference
        return self.is_step, Decimal("-Infinity") if size is None else -abs(size)


@dataclass(frozen=True)
class Other:
    """A unit that has to do with the move of another: its own places, and what changed of its total."""

    unit: str
    title: str
    places: tuple[int | None, int | None]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Move:
    """A unit whose place is another. `before` and `after` are its rows of `ranking`; None where it is not assessed.

    `passed_by`: who stands above it now and did not. `passed`: who stood above it and does not now. Where nobody
    crossed it: `above`, whose totals met or parted (places without gaps), and `rules`, by which places are counted.
    """

    unit: str
    title: str
    before: Row | None
    after: Row | None
    changes: tuple[Change, ...]
    passed_by: tuple[Other, ...] = ()
    passed: tuple[Other, ...] = ()
    above: tuple[Other, ...] = ()
    rules: tuple[Difference, ...] = ()

    @property
    def places(self) -> tuple[int | None, int | None]:
        return _place(self.before), _place(self.after)

    @property
    def totals(self) -> tuple[Decimal | None, Decimal | None]:
        before, after = (row["total"] if row is not None else None for row in (self.before, self.after))
        return before, after

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses behind the move: of its own points, else of those of the others."""
        own = [clause for change in self.changes for clause in change.clauses]
        others = (*self.passed_by, *self.passed, *self.above)
        return tuple(dict.fromkeys(own or [c for one in others for change in one.changes for c in change.clauses]))


@dataclass(frozen=True)
class Moved:
    """What two editions make of the same data."""

    old: Assessment
    new: Assessment
    differences: tuple[Difference, ...]

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """By group and new place; whoever has no place comes last."""
        before, after = self._rankings
        found = [self._move(unit, before.get(unit), after.get(unit)) for unit in dict.fromkeys([*after, *before])]
        found = [
            move for move in found if move.places[0] != move.places[1] or _group(move.before) != _group(move.after)
        ]
        groups = list(dict.fromkeys([*self.new.rubric.groups, *self.old.rubric.groups]))
        found.sort(key=lambda move: (groups.index(_group(move.after) or _group(move.before)), move.places[1] or 10**9))
        return tuple(found)

    @cached_property
    def changes(self) -> dict[str, tuple[Change, ...]]:
        """What changed of each unit's total, moved or not."""
        return changes(self.old, self.new)

    @cached_property
    def _rankings(self) -> tuple[dict[str, Row], dict[str, Row]]:
        before, after = ({row["unit"]: row for row in one.rows("ranking")} for one in (self.old, self.new))
        return before, after

    def _move(self, unit: str, before: Row | None, after: Row | None) -> Move:
        move = Move(unit, self.new.rubric.register.title(unit), before, after, self.changes.get(unit, ()))
        rules = tuple(one for one in self.differences if one.what in RANKING)
        if None in move.places or _group(before) != _group(after):
            return move if move.changes else replace(move, rules=rules)
        then, now = _above(unit, self._rankings[0]), _above(unit, self._rankings[1])
        if then != now:
            return replace(move, passed_by=self._others(now - then), passed=self._others(then - now))
        above = () if rules else self._others(one for one in now if one in self.changes)
        return replace(move, rules=rules, above=above)

    def _others(self, units: Iterable[str]) -> tuple[Other, ...]:
        register, (before, after) = self.new.rubric.register, self._rankings
        listed = sorted(units, key=[unit.code for unit in register.units].index)
        return tuple(
            Other(
                unit,
                register.title(unit),
                (_place(before.get(unit)), _place(after.get(unit))),
                self.changes.get(unit, ()),
            )
            for unit in listed
        )


def _above(unit: str, ranking: dict[str, Row]) -> set[str]:
    """Who has a better place in its group."""
    own = ranking[unit]
    peers = [row for row in ranking.values() if row["group"] == own["group"] and row["place"] is not None]
    return {row["unit"] for row in peers if row["place"] < own["place"]}


def _place(row: Row | None) -> int | None:
    return row["place"] if row is not None else None


def moved(store: Store, old: Rubric, new: Rubric, label: str, as_of: date) -> Moved:
    """Score one period by both editions as of one day."""
    before, after = (assess(store, rubric, rubric.period(label), as_of) for rubric in (old, new))
    return Moved(before, after, differences(old, new))


def changes(old: Assessment, new: Assessment) -> dict[str, tuple[Change, ...]]:
    """For every unit what changed of its total, largest first. Units without a change are not in it."""
    pairs = paired(old.rubric, new.rubric)
    before, after = summands(old, pairs.new_code), summands(new, str)
    left_out = _left_out(old, pairs.new_code), _left_out(new, str)
    parts = named_parts(old.rubric, pairs.new_code), named_parts(new.rubric, str)
    found: dict[str, tuple[Change, ...]] = {}
    for unit in dict.fromkeys([*after, *before]):
        listed = []
        for key in dict.fromkeys([*after.get(unit, {}), *before.get(unit, {})]):
            then = before.get(unit, {}).get(key) or absent(key, parts[0])
            now = after.get(unit, {}).get(key) or absent(key, parts[1])
            change = _named(key, then, now, *parts)
            if key[0] == "rescale":
                change = replace(change, behind=_behind(*(side.get(unit, {}) for side in left_out)))
            if change.before != change.after and change.difference != 0:
                listed.append(change)
        if listed:
            found[unit] = tuple(sorted(listed, key=lambda one: one.order))
    return found


def _named(key: Key, before: Ends | None, after: Ends | None, old: Named, new: Named) -> Change:
    kind, code = key
    clauses = [parts[code][0] if code in parts else None for parts in (old, new)]
    title = (new.get(code) or old.get(code) or ("", ""))[1]
    if kind in KINDS:
        title = step_title(kind, title)
        clauses = [None, None]
    return Change(kind, code, title, before, after, clauses[0], clauses[1])


def _left_out(result: Assessment, new_code: Callable[[str], str]) -> dict[str, dict[str, tuple[str, Decimal]]]:
    """By unit the indicators that do not apply and count for nothing: clause and full marks."""
    found: dict[str, dict[str, tuple[str, Decimal]]] = {}
    for row in result.rows("indicator_score"):
        if row["left_out"]:
            told = result.rubric.indicators[row["indicator"]].clause, row["full_marks"] or NOTHING
            found.setdefault(row["unit"], {})[new_code(row["indicator"])] = told
    return found


def _behind(old: dict[str, tuple[str, Decimal]], new: dict[str, tuple[str, Decimal]]) -> tuple[str, ...]:
    """The clauses of which another number of points does not apply."""
    codes = [code for code in dict.fromkeys([*new, *old]) if old.get(code, ("", 0))[1] != new.get(code, ("", 0))[1]]
    return tuple(dict.fromkeys(side[code][0] for code in codes for side in (old, new) if code in side))


def _group(row: Row | None) -> str:
    return row["group"] if row is not None else ""

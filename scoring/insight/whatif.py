"""A draft beside the edition it comes from, on the same data: who moves, through which clause, what is gained and lost.

Both are scored by the engine (`rescoring`); here results are only compared and subtracted, exactly. Official results and
files are not touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from functools import cached_property, partial
from typing import Any

from scoring.engine import Assessment
from scoring.engine.rescoring import NO_TARGETS, Scored, Targets, keep
from scoring.rubric import Rubric
from scoring.rubric.model import Period
from scoring.store import Store

Row = dict[str, Any]
Ends = tuple[Decimal | None, Decimal | None]
_EXACT = Context(prec=60)
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Cause:
    """An indicator whose points are others for one unit. None: not known on one side."""

    indicator: str
    clause: str
    title: str
    before: Ends
    after: Ends

    @property
    def difference(self) -> Decimal | None:
        (old, old_high), (new, new_high) = self.before, self.after
        return _EXACT.subtract(new, old) if old is not None and new is not None and old == old_high and new == new_high else None


@dataclass(frozen=True)
class Effect:
    """What the draft makes of one unit. `before` and `after` are its rows of the ranking, with consequences."""

    unit: str
    title: str
    group: str
    before: Row
    after: Row
    gained: tuple[str, ...]  # consequences: 第十七条（一）约谈
    lost: tuple[str, ...]
    find_causes: Callable[[], tuple[Cause, ...]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """Largest first; what is not known before that. Found when asked for: a place is shown sooner than its reasons."""
        return self.find_causes()

    @property
    def places(self) -> tuple[int | None, int | None]:
        return self.before["place"], self.after["place"]

    @property
    def up(self) -> int | None:
        """Places gained; None where it has none on one side."""
        old, new = self.places
        return old - new if old is not None and new is not None else None

    @property
    def difference(self) -> Decimal | None:
        """Of the total."""
        old, new = self.before["total"], self.after["total"]
        return _EXACT.subtract(new, old) if old is not None and new is not None else None

    @property
    def rest(self) -> Decimal | None:
        """What of it no indicator explains: rescaling, limits, rounding, bonus and penalty."""
        parts = [cause.difference for cause in self.causes]
        if self.difference is None or None in parts:
            return None
        return _EXACT.subtract(self.difference, sum((part for part in parts if part is not None), _ZERO))

    @property
    def grades(self) -> tuple[str | None, str | None]:
        return self.before["grade"], self.after["grade"]

    @property
    def is_other(self) -> bool:
        """Whether anything that is shown of it is another."""
        shown = ("place", "total", "total_low", "total_high", "grade", "best_place", "worst_place", "state")
        return bool(self.gained or self.lost) or any(self.before[key] != self.after[key] for key in shown)


@dataclass(frozen=True)
class WhatIf:
    """A draft's results beside those of its base."""

    base: Rubric
    draft: Rubric
    before: Scored
    after: Scored

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """Every unit that both rank in the same group, in the order of the new ranking."""
        old = {row["unit"]: row for row in self.before.ranking}
        return tuple(
            self._effect(old[row["unit"]], row)
            for row in self.after.ranking
            if row["unit"] in old and old[row["unit"]]["group"] == row["group"]
        )

    def of_group(self, group: str) -> list[Effect]:
        return [one for one in self.effects if one.group == group]

    @cached_property
    def ties(self) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
        """(ties made, ties broken): units that share a place, by code."""
        old, new = _tied(self.before.ranking), _tied(self.after.ranking)
        return tuple(one for one in new if one not in old), tuple(one for one in old if one not in new)

    def _effect(self, before: Row, after: Row) -> Effect:
        unit = after["unit"]
        old, new = _followed(self.base, before), _followed(self.draft, after)
        return Effect(
            unit, self.draft.register.title(unit), after["group"], before, after,
            tuple(one for one in new if one not in old), tuple(one for one in old if one not in new), partial(self._causes, unit),
        )  # fmt: skip

    def _causes(self, unit: str) -> tuple[Cause, ...]:
        old, new = self.before.points.get(unit, {}), self.after.points.get(unit, {})
        found = []
        for code in dict.fromkeys([*new, *old]):
            then, now = old.get(code, (_ZERO, _ZERO)), new.get(code, (_ZERO, _ZERO))
            if then != now:
                known = self.draft.indicators.get(code) or self.base.indicators[code]
                found.append(Cause(code, known.clause, known.title, then, now))
        return tuple(sorted(found, key=_size))


class Lab:
    """One period as of one day, ready to be scored by draft after draft. Use it in `with`, or close it."""

    def __init__(
        self, store: Store, base: Rubric, period: Period, as_of: date, previous: Assessment | None = None
    ) -> None:
        self.base, self.period, self.as_of = base, period, as_of
        self._stack = ExitStack()
        self._kept = self._stack.enter_context(keep(store, base, period, as_of, previous))
        self.before = self._kept.scored(base)

    def __enter__(self) -> Lab:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stack.close()

    def tried(self, draft: Rubric, targets: Targets = NO_TARGETS) -> WhatIf:
        """The draft beside the base. `targets`: percent of what was issued, by measure. Raises ValueError in Chinese where
        it looks at a figure that was not computed."""
        return WhatIf(self.base, draft, self.before, self._kept.scored(draft, targets))

    def ranking(self, draft: Rubric) -> list[Row]:
        """The ranking alone, for many drafts."""
        found: list[Row] = self._kept.ranking(draft).to_pylist()
        return found


def _tied(ranking: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    shared: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in ranking:
        if row["place"] is not None:
            shared[row["group"], row["place"]].append(row["unit"])
    return [tuple(sorted(units)) for units in shared.values() if len(units) > 1]


def _followed(rubric: Rubric, row: Row) -> list[str]:
    """Consequences that are settled."""
    listed: Sequence[Mapping[str, Any]] = row["consequences"]
    numbered = rubric.spec.consequences
    return [f"{numbered[one['number']].clause}{numbered[one['number']].action}" for one in listed if one["settled"]]


def _size(cause: Cause) -> Decimal:
    return Decimal("-Infinity") if cause.difference is None else -abs(cause.difference)

"""Finds the path of one unit to an aim, or says plainly why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from scoring.engine import Assessment
from scoring.engine.sample_results import Outcome
from scoring.insight.path import told
from scoring.insight.path.bounds import Bounds
from scoring.insight.path.brought import efforts, steps
from scoring.insight.path.cheapest import TooLong
from scoring.insight.path.choices import TooMany, choices
from scoring.insight.path.offers import offers
from scoring.insight.path.results import Aim, Moved, NoPath, NotOffered, Offer, Path, PlacesUp, Stand
from scoring.insight.path.search import Search, Times
from scoring.insight.path.standing import Row, Standing
from scoring.insight.path.targets import Target, Way
from scoring.insight.path.things import NEEDS, components, side_conditions, things
from scoring.rubric.actions import Action


def find_path(assessment: Assessment, unit: str, aim: Aim, day: date | None = None) -> Path | NoPath:
    """The cheapest actions by which a unit reaches an aim, what the others hold staying as it is.

    `day`: on which it would begin, for deadlines (the day of the assessment unless said). Raises ValueError, in
    Chinese, for a unit that is not assessed and for an aim that is none.
    """
    if assessment.one("ranking", unit=unit) is None:
        raise ValueError(f"“{assessment.rubric.register.title(unit)}”不在 {assessment.period.label} 年考核之列")
    if isinstance(aim, PlacesUp) and aim.places < 1:
        raise ValueError("前进的名次数须是 1 或更大的整数")
    return _Finding(Standing(assessment, unit), aim, day or assessment.as_of).answer()


@dataclass(frozen=True)
class _Finding:
    standing: Standing
    aim: Aim
    day: date

    def answer(self) -> Path | NoPath:
        reason = told.settled(self.standing, self.aim)
        if reason is not None:
            return self._none(reason)
        if not self._offered[0]:
            return self._none(told.nothing_offered(self._refused), refused=self._refused)
        try:
            return self._searched(self.aim)
        except TooMany as error:
            return self._none(told.too_many(error.offers), refused=self._refused)
        except TooLong:
            return self._none(told.TOO_LONG, refused=self._refused)

    def _searched(self, aim: Aim) -> Path | NoPath:
        target = Target(self._bounds, aim, self._now)
        every = target.ways()
        ways = [way for way in every if all(limit.best >= limit.need for limit in way)]
        found = self._search.cheapest(target, ways) if ways else None
        if found is not None:
            return self._path(aim, *found)
        return self._unreached(target, every)

    def _unreached(self, target: Target, ways: Sequence[Way]) -> NoPath:
        """Why, and the best that can be reached."""
        best = self._search.most(self._bounds)
        answer = self.standing.whole([self._search.figures(best)])[0]
        nearest = self._nearest(answer) if isinstance(target.aim, PlacesUp) else None
        if nearest is None and self._better(answer[self.standing.unit].row):
            nearest = self._path(target.aim, best, answer)
        reason = told.unreached(target, ways, answer[self.standing.unit].row)
        return self._none(reason, nearest, self._refused)

    def _nearest(self, best: Mapping[str, Outcome]) -> Path | None:
        """The cheapest way to the best place that can be reached, where that is better than now."""
        place, now = best[self.standing.unit].row["place"], self.standing.row["place"]
        if place is None or place >= now:
            return None
        found = self._searched(PlacesUp(now - place))
        return found if isinstance(found, Path) else None

    def _better(self, row: Row) -> bool:
        return row["total"] is not None and row["total"] > self.standing.row["total"]

    # --- what the search works with ---------------------------------------------------------------------

    @cached_property
    def _now(self) -> Mapping[str, Row]:
        """Adjustments, conditions and premises as they are."""
        actions = self.standing.rubric.spec.actions
        premises = {NEEDS.format(one.code): one.needs for one in actions if one.needs is not None}
        conditions = {**side_conditions(self.standing), **premises}
        if not self.standing.adjustments and not conditions:
            return {}
        return self.standing.extras_of([{}], conditions)[0]

    def _hold(self, actions: Sequence[Action]) -> list[bool]:
        """Whether the premises of actions hold; one that is open does not."""
        return [bool(self._now.get(NEEDS.format(one.code), {}).get("holds")) for one in actions]

    @cached_property
    def _offered(self) -> tuple[list[Offer], list[NotOffered]]:
        return offers(self.standing, self.day, self._hold)

    @property
    def _refused(self) -> tuple[NotOffered, ...]:
        return tuple(self._offered[1])

    @cached_property
    def _search(self) -> Search:
        found = components(self._offered[0], things(self.standing))
        return Search(self.standing, self._offered[0], choices(self.standing, found, self._now))

    @cached_property
    def _bounds(self) -> Bounds:
        return Bounds(self.standing, self._search.choices)

    # --- answers ----------------------------------------------------------------------------------------

    def _path(self, aim: Aim, times: Times, answer: Mapping[str, Outcome]) -> Path:
        unit, title = self.standing.unit, self.standing.rubric.register.title
        total, found = steps(self._search, times)
        moved = tuple(
            Moved(other, title(other), row["place"], answer[other].row["place"])
            for other, row in self.standing.ranking.items()
            if other != unit and row["place"] != answer[other].row["place"]
        )
        return Path(
            unit, title(unit), aim, self.day, found, efforts(found), _stand(self.standing.row),
            _stand(answer[unit].row), moved, self._refused, total == self.standing.row["total"], self._search.ceiling,
        )  # fmt: skip

    def _none(self, reason: str, nearest: Path | None = None, refused: tuple[NotOffered, ...] = ()) -> NoPath:
        row, title = self.standing.row, self.standing.rubric.register.title(self.standing.unit)
        nearest = replace(nearest, aim=self.aim) if nearest is not None else None
        before = _stand(row) if row["total"] is not None else None
        return NoPath(self.standing.unit, title, self.aim, self.day, reason, before, nearest, refused)


def _stand(row: Row) -> Stand:
    return Stand(row["total"], row["place"], row["tied"], row["grade"], row["provisional"], row["quota_open"])

"""Finds the path of one unit to an aim, or says plainly why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scoring.engine import Assessment
from scoring.engine.sample_results import Outcome
from scoring.insight.path import told
from scoring.insight.path.brought import efforts, steps
from scoring.insight.path.cheapest import TooLong
from scoring.insight.path.choices import TooMany
from scoring.insight.path.ground import Ground, ground_of
from scoring.insight.path.results import Aim, Moved, NoPath, NotOffered, Path, PlacesUp, Stand
from scoring.insight.path.search import Times
from scoring.insight.path.standing import Row, Standing
from scoring.insight.path.targets import Target, Way


def find_path(assessment: Assessment, unit: str, aim: Aim, day: date | None = None) -> Path | NoPath:
    """The cheapest actions by which a unit reaches an aim, what the others hold staying as it is.

    `day`: on which it would begin, for deadlines (the day of the assessment unless said). Raises ValueError, in
    Chinese, for a unit that is not assessed and for an aim that is none.
    """
    return find_from(ground_of(assessment, unit, day), aim)


def find_from(ground: Ground, aim: Aim) -> Path | NoPath:
    """The same, where what the unit can do is known already."""
    if isinstance(aim, PlacesUp) and aim.places < 1:
        raise ValueError("前进的名次数须是 1 或更大的整数")
    return _Finding(ground, aim).answer()


@dataclass(frozen=True)
class _Finding:
    ground: Ground
    aim: Aim

    @property
    def standing(self) -> Standing:
        return self.ground.standing

    def answer(self) -> Path | NoPath:
        reason = told.settled(self.standing, self.aim)
        if reason is not None:
            return self._none(reason)
        if not self.ground.offered:
            return self._none(told.nothing_offered(self.ground.refused), refused=self.ground.refused)
        try:
            return self._searched(self.aim)
        except TooMany as error:
            return self._none(told.too_many(error.offers), refused=self.ground.refused)
        except TooLong:
            return self._none(told.TOO_LONG, refused=self.ground.refused)

    def _searched(self, aim: Aim) -> Path | NoPath:
        target = Target(self.ground.bounds, aim, self.ground.now)
        every = target.ways()
        ways = [way for way in every if all(limit.best >= limit.need for limit in way)]
        found = self.ground.search.cheapest(target, ways) if ways else None
        if found is not None:
            return self._path(aim, *found)
        return self._unreached(target, every)

    def _unreached(self, target: Target, ways: Sequence[Way]) -> NoPath:
        """Why, and the best that can be reached."""
        best = self.ground.search.most(self.ground.bounds)
        answer = self.standing.whole([self.ground.search.figures(best)])[0]
        nearest = self._nearest(answer) if isinstance(target.aim, PlacesUp) else None
        if nearest is None and self._better(answer[self.standing.unit].row):
            nearest = self._path(target.aim, best, answer)
        reason = told.unreached(target, ways, answer[self.standing.unit].row)
        return self._none(reason, nearest, self.ground.refused)

    def _nearest(self, best: Mapping[str, Outcome]) -> Path | None:
        """The cheapest way to the best place that can be reached, where that is better than now."""
        place, now = best[self.standing.unit].row["place"], self.standing.row["place"]
        if place is None or place >= now:
            return None
        found = self._searched(PlacesUp(now - place))
        return found if isinstance(found, Path) else None

    def _better(self, row: Row) -> bool:
        return row["total"] is not None and row["total"] > self.standing.row["total"]

    # --- answers ----------------------------------------------------------------------------------------

    def _path(self, aim: Aim, times: Times, answer: Mapping[str, Outcome]) -> Path:
        unit, title = self.standing.unit, self.standing.rubric.register.title
        total, found = steps(self.ground.search, times)
        moved = tuple(
            Moved(other, title(other), row["place"], answer[other].row["place"])
            for other, row in self.standing.ranking.items()
            if other != unit and row["place"] != answer[other].row["place"]
        )
        return Path(
            unit, title(unit), aim, self.ground.day, found, efforts(found), _stand(self.standing.row),
            _stand(answer[unit].row), moved, self.ground.refused, total == self.standing.row["total"], self.ground.search.ceiling,
        )  # fmt: skip

    def _none(self, reason: str, nearest: Path | None = None, refused: tuple[NotOffered, ...] = ()) -> NoPath:
        row, title = self.standing.row, self.standing.rubric.register.title(self.standing.unit)
        nearest = replace(nearest, aim=self.aim) if nearest is not None else None
        before = _stand(row) if row["total"] is not None else None
        return NoPath(self.standing.unit, title, self.aim, self.ground.day, reason, before, nearest, refused)


def _stand(row: Row) -> Stand:
    return Stand(row["total"], row["place"], row["tied"], row["grade"], row["provisional"], row["quota_open"])

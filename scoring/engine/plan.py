"""The list of queries of one run, in order. Text only: nothing here opens a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from scoring.engine.details import compile_details
from scoring.engine.extras import compile_extras
from scoring.engine.landings import compile_landings
from scoring.engine.measures import compile_measures, measure_table
from scoring.engine.placed import placed
from scoring.engine.places import compile_places
from scoring.engine.points import compile_points
from scoring.engine.sections import compile_sections
from scoring.engine.shown import shown_tables
from scoring.engine.totals import compile_totals
from scoring.expressions import names
from scoring.rubric import Measure, Rubric
from scoring.rubric.model import Bonus, Period, Veto
from scoring.sql.text import Query

RESULTS = ("node_score", "unit_score", "ranking", "landing", "adjustment")
DETAILS = ("indicator_score", "rule_part", "shortfall", "measure")


@dataclass(frozen=True)
class Plan:
    """Queries by phase: `measures` depend on data, `scores` on points too, `details` only explain."""

    measures: tuple[Query, ...]
    scores: tuple[Query, ...]
    details: tuple[Query, ...]

    @property
    def queries(self) -> tuple[Query, ...]:
        return (*self.measures, *self.scores, *self.details)

    def about(self, indicator: str, needs: tuple[str, ...]) -> tuple[Query, ...]:
        """The queries that speak of one indicator or of the measures behind it."""
        return tuple(query for query in self.queries if indicator in query.about or set(needs) & set(query.about))


def used_measures(rubric: Rubric) -> list[Measure]:
    """Measures that any group's indicators or adjustments look at, in a stable order."""
    wanted: dict[str, None] = {}
    for group in rubric.groups:
        for one in placed(rubric, group):
            wanted.update(dict.fromkeys(one.everything))
        for adjustment in rubric.adjustments(group):
            if isinstance(adjustment, Veto):
                wanted.update(dict.fromkeys(sorted(names(adjustment.when.tree))))
            else:
                for index, part in enumerate(adjustment.parts):
                    for _, tree in part.trees(("parts", index)):
                        wanted.update(dict.fromkeys(sorted(names(tree))))
                if isinstance(adjustment, Bonus) and adjustment.gate is not None:
                    wanted.update(dict.fromkeys(sorted(names(adjustment.gate.tree))))
    return [rubric.measures[code] for code in wanted if code in rubric.measures]


def make_plan(rubric: Rubric, period: Period, as_of: date, share: Fraction | None = None) -> Plan:
    """A valid rubric always compiles. `share`: working days elapsed, for flags with a pace."""
    used = used_measures(rubric)
    scores: list[Query] = []
    for group in rubric.groups:
        scores += compile_points(rubric, group)
        scores.append(compile_landings(rubric, group))
    scores += compile_sections(rubric)
    scores += [compile_extras(rubric, group) for group in rubric.groups]
    scores += compile_totals(rubric)
    scores.append(compile_places(rubric))
    scores += shown_tables(rubric)
    details = [measure_table(rubric, period, as_of, used), *compile_details(rubric, share)]
    return Plan(tuple(compile_measures(rubric, period, as_of, used)), tuple(scores), tuple(details))

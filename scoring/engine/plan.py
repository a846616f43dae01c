"""The list of queries of one run, in order. Text only: nothing here opens a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from scoring.engine.beside import TABLE as COMPARED
from scoring.engine.beside import compile_beside
from scoring.engine.compared import compile_compared
from scoring.engine.consequences import compile_consequences
from scoring.engine.details import compile_details
from scoring.engine.earned import compile_earned
from scoring.engine.entries import compile_entries
from scoring.engine.extras import compile_extras
from scoring.engine.landings import compile_landings, lands_elsewhere
from scoring.engine.measures import compile_measures, measure_table
from scoring.engine.placed import Opened, placed
from scoring.engine.places import compile_places
from scoring.engine.points import compile_points
from scoring.engine.sections import compile_sections
from scoring.engine.shown import ranking, shown_tables
from scoring.engine.standing import compile_standing
from scoring.engine.totals import compile_totals
from scoring.expressions import names
from scoring.rubric import Measure, Rubric
from scoring.rubric.model import Bonus, Period, Veto
from scoring.rubric.parts import at_work
from scoring.sql.text import Query

RESULTS = ("node_score", "unit_score", "ranking", "landing", "adjustment")
DETAILS = ("indicator_score", "rule_part", "shortfall", "measure", "consequence", "judged_entry", COMPARED)


@dataclass(frozen=True)
class Plan:
    """Queries by phase: `measures` depend on data, `states` also on what the rules look at, `scores` on their
    points too; `details` only explain."""

    measures: tuple[Query, ...]
    states: tuple[Query, ...]
    scores: tuple[Query, ...]
    details: tuple[Query, ...]

    @property
    def queries(self) -> tuple[Query, ...]:
        return (*self.measures, *self.states, *self.scores, *self.details)

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
    for grade in rubric.spec.grades:
        if grade.only_if is not None:
            wanted.update(dict.fromkeys(sorted(names(grade.only_if.tree))))
    for following in rubric.spec.consequences:
        if following.leave_out is not None:
            wanted.update(dict.fromkeys(sorted(names(following.leave_out.when.tree))))
    return [rubric.measures[code] for code in wanted if code in rubric.measures]


def make_plan(rubric: Rubric, period: Period, as_of: date, share: Fraction | None = None) -> Plan:
    """A valid rubric always compiles. `share`: working days elapsed, for flags with a pace."""
    rubric = at_work(rubric, period, as_of)
    used = used_measures(rubric)
    details = [] if lands_elsewhere(rubric) else compile_landings(rubric)
    details += [*compile_earned(rubric), *shown_tables(rubric), measure_table(rubric, period, as_of, used)]
    details += [*compile_details(rubric, share), compile_consequences(rubric)]
    details += [compile_entries(rubric, period, as_of), compile_beside(rubric)]
    measures = tuple(compile_measures(rubric, period, as_of, used))
    return Plan(measures, compile_states(rubric), compile_scores(rubric), tuple(details))


def compile_states(rubric: Rubric) -> tuple[Query, ...]:
    """What units are compared with, and the state of every indicator, by group."""
    found: list[Query] = []
    for group in rubric.groups:
        found += [*compile_compared(rubric, group), compile_standing(rubric, group)]
    return tuple(found)


def compile_scores(rubric: Rubric, opened: Opened | None = None) -> tuple[Query, ...]:
    """From facts and states to the ranking. `opened`: the indicators that are open for some unit, by group; the
    others are known for all and need no range. None: every indicator may be open."""
    scores: list[Query] = []
    for group in rubric.groups:
        own = None if opened is None else opened[group]
        scores += compile_points(rubric, group, own)
    if lands_elsewhere(rubric):
        scores += compile_landings(rubric, opened)
    scores += compile_sections(rubric, opened)
    scores += [compile_extras(rubric, group) for group in rubric.groups]
    scores += compile_totals(rubric)
    return (*scores, compile_places(rubric), ranking(rubric))

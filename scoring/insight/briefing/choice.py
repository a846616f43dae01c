"""Which sentences are told: at most three of each kind, the most telling first, fewer where the data hold no more."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.engine import Assessment
from scoring.insight.briefing import items, lacking, steps, struck, years
from scoring.insight.briefing.heat import Problem, problems_of
from scoring.insight.briefing.reading import Reading
from scoring.insight.briefing.told import Told

MOST = 3  # sentences of each kind
Lack = tuple[Told, Problem | None]


def achievements(result: Assessment, group: str) -> list[Told]:
    """成绩 of one group, by code."""
    seen = Reading(result, group)
    return _first(_achievements(seen, _lacks(seen)))


def lacks(result: Assessment, group: str) -> list[Told]:
    """不足 of one group, by code."""
    return [told for told, _ in _lacks(Reading(result, group))]


def next_steps(result: Assessment, group: str) -> list[Told]:
    """下一步 of one group, by code: one for each 不足 told, and as far as there is room whom a clause takes hold of."""
    seen = Reading(result, group)
    found = [_step(seen, told, problem) for told, problem in _lacks(seen)]
    return _first([*found, *steps.consequences_of(seen)])


def consequences(result: Assessment, group: str) -> list[Told]:
    """Whom each clause of 结果运用 takes hold of, or may: of one group, by code."""
    return steps.consequences_of(Reading(result, group))


def candidates(result: Assessment, group: str) -> list[Told]:
    """Every sentence the data hold, told or not: of one group, by code."""
    seen = Reading(result, group)
    found = _candidates(seen)
    next_ones = [_step(seen, told, problem) for told, problem in found]
    every = [*_achievements(seen, found), *(told for told, _ in found), *next_ones, *steps.consequences_of(seen)]
    return [one for one in every if one is not None]


def _achievements(seen: Reading, told: list[Lack]) -> list[Told | None]:
    """`told`: the 不足; what is well is not looked for among their problems."""
    labels = {problem.label for _, problem in told if problem is not None}
    return [
        years.mean_changed(seen, rose=True),
        years.gap_changed(seen, narrowed=True),
        years.more_best(seen),
        items.reached(seen, labels),
        years.moved_most(seen, up=True),
        items.all_full(seen),
        items.no_shortfall(seen),
        items.section_told(seen, best=True),
        items.no_veto(seen),
    ]


def _lacks(seen: Reading) -> list[Lack]:
    """Of the problems the two of most units."""
    found = _candidates(seen)
    first = [lack for lack in found if lack[1] is not None][:2]
    kept = [lack for lack in found if lack[1] is None or lack in first]
    if any(_of_reports(seen, problem) for lack in kept[:MOST] if (problem := lack[1]) is not None):
        kept = [lack for lack in kept if lack[0].rule != "reports"]  # told already
    return kept[:MOST]


def _candidates(seen: Reading) -> list[Lack]:
    """Who was vetoed, the problem of most units, what is missing, what became worse, the other problems, the rest."""
    every = [one for one in problems_of(seen) if one.is_flag]
    flagged = [(lacking.problem_told(seen, one, () if place else every), one) for place, one in enumerate(every)]
    return [
        *_alone(struck.vetoed_told(seen) or struck.penalty_told(seen)),
        *flagged[:1],
        *_alone(
            lacking.waiting_told(seen),
            years.mean_changed(seen, rose=False),
            years.gap_changed(seen, narrowed=False),
        ),
        *flagged[1:],
        *_alone(
            lacking.reports_told(seen),
            years.moved_most(seen, up=False),
            items.section_told(seen, best=False),
            items.largest_loss(seen),
        ),
    ]


def _alone(*told: Told | None) -> list[Lack]:
    return [(one, None) for one in told if one is not None]


def _of_reports(seen: Reading, problem: Problem) -> bool:
    """Whether the problem is one of reports late or not in."""
    measures = seen.result.rubric.measures
    codes = {code for item in problem.indicators for code in seen.items[item].everything}
    return any(code in measures and measures[code].schedule_item is not None for code in codes)


def _step(seen: Reading, told: Told, problem: Problem | None) -> Told | None:
    if problem is not None:
        return steps.problem_step(seen, problem)
    return {
        "vetoed": struck.vetoed_step,
        "penalty": struck.penalty_step,
        "waiting": steps.waiting_step,
        "mean_fell": steps.mean_step,
        "gap_widened": steps.lowest_step,
        "reports": steps.reports_step,
        "fell_most": steps.fallen_step,
        "weakest_section": steps.section_step,
        "largest_loss": steps.loss_step,
    }[told.rule](seen)


def _first(told: Iterable[Told | None]) -> list[Told]:
    """Each sentence once."""
    once = {one.text: one for one in told if one is not None}
    return [*once.values()][:MOST]

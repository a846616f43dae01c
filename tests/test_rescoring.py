"""Drafts scored one after another from kept facts: every ranking is that of an official run of the same draft."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from scoring.engine import Assessment, assess
from scoring.engine.rescoring import Scored, keep
from scoring.issues import errors
from scoring.project import Project, open_project
from scoring.rubric import Rubric
from scoring.rubric.knobs import by_path
from scoring.rubric.load import type_rubric
from scoring.rubric.scaling import How, scaling
from scoring.rubric.trial import tried
from scoring.source import Document
from tests.demo import ROOT, demo

VOLUME = "sections.enforcement.indicators.case_volume.full_marks.county"
EXAMPLES = ("nanjiang_2023", "twelve_regions", "antidrug_d38", "urban_cases_d46")


@cache
def project(name: str) -> Project:
    if name == "demo":
        return demo()
    found = open_project(ROOT / "examples" / name)
    assert found.ready, found.issues
    return found


def numbers(node: Any, loc: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where numbers stand in the sections, adjustments, grades and limits of a rubric."""
    if isinstance(node, dict):
        for key, inside in node.items():
            if loc or key in ("sections", "adjustments", "grades", "total"):
                yield from numbers(inside, (*loc, key))
    elif isinstance(node, list):
        for index, inside in enumerate(node):
            yield from numbers(inside, (*loc, index))
    elif isinstance(node, Decimal):
        yield loc


def draft(rubric: Rubric, chance: random.Random, data: Any) -> Rubric | None:
    """One to three numbers of the text changed; None where the checks refuse it."""
    for loc in chance.sample(list(numbers(data)), chance.randint(1, 3)):
        node = data
        for key in loc[:-1]:
            node = node[key]
        node[loc[-1]] = max(Decimal(0), node[loc[-1]] + chance.choice([Decimal("0.5"), Decimal(-1), Decimal(1), Decimal("0.25"), Decimal(3)]))
    document = Document(rubric.document.file, data, rubric.document.lines)
    found, issues = type_rubric(document, [], rubric.forms, rubric.register)
    assert found is not None or errors(issues)
    return found


def same(scored: Scored, official: Assessment) -> None:
    """Consequences and the points of every item as well."""
    ranking = [{key: value for key, value in row.items() if key != "consequences"} for row in scored.ranking]
    assert ranking == official.rows("ranking")
    hits = [(row["unit"], hit["number"], hit["settled"]) for row in scored.ranking for hit in row["consequences"]]
    assert sorted(hits) == sorted((row["unit"], row["number"], row["settled"]) for row in official.rows("consequence"))
    assert {(unit, code): ends for unit, own in scored.points.items() for code, ends in own.items()} == {
        (row["unit"], row["indicator"]): (row["points_low"], row["points_high"]) for row in official.rows("indicator_score")
    }


@pytest.mark.parametrize("name,tries", [("demo", 4), ("nanjiang_2023", 14), *((name, 8) for name in EXAMPLES[1:])])
def test_every_draft_is_ranked_as_by_an_official_run(name: str, tries: int) -> None:
    ranked_as_by_an_official_run(name, tries, name)


@pytest.mark.trial
@pytest.mark.parametrize("name", ["demo", *EXAMPLES])
def test_many_drafts_are_ranked_as_by_an_official_run(name: str, trial_size: Callable[[int, int], int]) -> None:
    ranked_as_by_an_official_run(name, trial_size(60, 16), f"many {name}")


def test_full_marks_that_go_to_zero_and_come_back() -> None:
    """What is open is another set then, and so are the columns that the sums look at."""
    rubric = demo().edition("2024")
    period = rubric.period("2024")
    loc = by_path(rubric)[VOLUME].loc
    with keep(demo().store, rubric, period, period.cut_off) as kept:
        for value in ("25", "26", "12"):  # at 26 of 26 the others of the section are worth nothing
            changed, issues = tried(rubric, scaling(rubric, {loc: Decimal(value)}, How()).changes)
            assert changed is not None, issues
            same(kept.scored(changed), assess(demo().store, changed, period, period.cut_off))


def ranked_as_by_an_official_run(name: str, tries: int, seed: str) -> None:
    """Each draft goes on from the one before, or begins anew; cut-off and a day in the middle of the year."""
    opened, chance, told = project(name), random.Random(seed), 0
    label = opened.periods[0]
    rubric = opened.edition(label)
    period = rubric.period(label)
    for day in (period.cut_off, period.start.replace(month=7)):
        with keep(opened.store, rubric, period, day) as kept:
            data = copy.deepcopy(rubric.document.data)
            for _ in range(tries // 2):
                before = copy.deepcopy(data)
                changed = draft(rubric, chance, data)
                if changed is None:
                    data = before
                    continue
                told += 1
                official = assess(opened.store, changed, period, day)
                assert kept.ranking(changed).to_pylist() == official.rows("ranking")
                if told % 3 == 0:
                    same(kept.scored(changed), official)
                if chance.random() < 0.15:
                    data = copy.deepcopy(rubric.document.data)
    assert told >= tries // 4

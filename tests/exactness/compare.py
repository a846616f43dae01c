"""One draw through the real engine and through the reference, number by number."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from scoring.engine import Assessment, assess
from scoring.engine.rescoring import keep
from scoring.project import Project, open_project
from scoring.rubric import Rubric
from scoring.rubric.points import Grouped, Points
from tests.exactness.draws import Draw
from tests.exactness.reference import CARRIED, Reference, half_away


def compare(draw: Draw, folder: Path) -> tuple[int, list[str]]:
    """(numbers compared, differences in words)."""
    project = open_project(draw.write(folder))
    assert project.ready, "\n".join(str(issue) for issue in project.issues if issue.stops_scoring)
    assert not project.rows_set_aside
    assessment = project.assess("2024", date(2025, 1, 20), with_previous=False)
    reference = Reference(draw.rubric)
    reference.run(draw.units)
    found = list(_pairs(assessment, reference, draw))
    found += _rescored(project, assessment)
    project.store.close()
    return len(found), [f"{name}: 引擎 {ours}，参照 {theirs}" for name, ours, theirs in found if ours != theirs]


def _rescored(project: Project, official: Assessment) -> Iterator[tuple[str, Any, Any]]:
    """Rankings scored anew from kept facts, of a draft with other weights and of the rubric itself again."""
    assert project.rubric is not None
    draft = heavier(project.rubric)
    other = assess(project.store, draft, official.period, official.as_of)
    with keep(project.store, project.rubric, official.period, official.as_of) as kept:
        kept.ranking(project.rubric)
        yield "另一套分值，重新计分", kept.ranking(draft).to_pylist(), other.rows("ranking")
        yield "改回原来的分值", kept.ranking(project.rubric).to_pylist(), official.rows("ranking")


def heavier(rubric: Rubric) -> Rubric:
    """A draft in which every second indicator has twice its full marks."""
    spec = rubric.spec
    sections = []
    for section in spec.sections:
        items = [
            one.model_copy(update={"full_marks": _twice(one.full_marks)}) if number % 2 else one
            for number, one in enumerate(section.indicators)
        ]
        sections.append(section.model_copy(update={"indicators": tuple(items)}))
    draft = spec.model_copy(update={"sections": tuple(sections)})
    return dataclasses.replace(rubric, spec=draft, worked_out={})


def _twice(marks: Grouped | None) -> Grouped | None:
    if marks is None:
        return None
    default = None if marks.default is None else Points(marks.default.amount * 2, marks.default.of_full)
    by_group = tuple((group, Points(points.amount * 2, points.of_full)) for group, points in marks.by_group)
    return Grouped(default, by_group)


def _number(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _shown(value: Fraction | None) -> Fraction | None:
    """A total that is rounded nowhere is shown with the decimals that are carried."""
    return None if value is None else half_away(value, CARRIED)


def _pairs(assessment: Any, reference: Reference, draw: Draw) -> Iterator[tuple[str, Any, Any]]:
    tables = {name: assessment.rows(name) for name in ("indicator_score", "node_score", "unit_score", "ranking")}
    scores = {(row["unit"], row["indicator"]): row for row in tables["indicator_score"]}
    nodes = {(row["unit"], row["section"]): row for row in tables["node_score"]}
    totals = {row["unit"]: row for row in tables["unit_score"]}
    places = {row["unit"]: row for row in tables["ranking"]}
    titles = [grade["title"] for grade in reference.spec["grades"]]
    for unit in draw.units:
        for code, item in unit.items.items():
            row, name = scores[unit.code, code], f"{unit.code} {code}"
            yield f"{name} state", row["state"], item.state
            yield f"{name} low", _number(row["points_low"]), item.low
            yield f"{name} high", _number(row["points_high"]), item.high
        for code, pair in unit.sections.items():
            row, name = nodes[unit.code, code], f"{unit.code} {code}"
            yield f"{name} low", _number(row["points_low"]), pair[0]
            yield f"{name} high", _number(row["points_high"]), pair[1]
        row = totals[unit.code]
        yield f"{unit.code} total low", _number(row["total_low"]), _shown(unit.total[0])
        yield f"{unit.code} total high", _number(row["total_high"]), _shown(unit.total[1])
        yield f"{unit.code} grade", row["grade"], None if unit.grade is None else titles[unit.grade]
        yield f"{unit.code} place", places[unit.code]["place"], unit.place

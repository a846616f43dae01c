"""The demo city, opened and scored once for every test that looks at it. Knows its folder; expects nothing of it."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from scoring.engine.explain import IndicatorTrace, explain_text, indicator_traces
from scoring.project import Project, open_project
from tests.tiny import Scores

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample"
YEARS = ("2024", "2023")


@cache
def demo() -> Project:
    """The repository is a project: the demo city."""
    project = open_project(ROOT)
    assert project.ready, "\n".join(str(issue) for issue in project.issues)
    return project


@cache
def scored(period: str = "2024", as_of: date | None = None) -> Scores:
    """The demo city of one year, by default as of the cut-off; only that run looks at last year's places."""
    project = demo()
    assert project.rubric is not None
    day = as_of or project.rubric.period(period).cut_off
    return Scores(project, project.assess(period, day, with_previous=as_of is None))


@cache
def raw(form: str) -> list[dict[str, str]]:
    """The rows of a file as they were typed; `#` is the line of the file they stand in."""
    with (SAMPLE / f"{form}.csv").open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return [{**row, "#": str(reader.line_num)} for row in reader]


def code(unit: str) -> str:
    """The code of a unit by its title."""
    register = demo().register
    assert register is not None
    found = register.find(unit)
    assert found is not None, unit
    return found.code


def title(unit: str) -> str:
    """The title of a unit by its code."""
    register = demo().register
    assert register is not None
    return register.title(unit)


@cache
def traces(unit: str, period: str = "2024", as_of: date | None = None) -> dict[str, IndicatorTrace]:
    """The indicators of one unit as the explanation tells them."""
    return {one.indicator.code: one for one in indicator_traces(scored(period, as_of).assessment, code(unit))}


def sentence(unit: str, indicator: str, period: str = "2024", as_of: date | None = None) -> str:
    """How the explanation tells one indicator of one unit."""
    return traces(unit, period, as_of)[indicator].sentence


@cache
def story(unit: str, period: str = "2024", as_of: date | None = None) -> str:
    """The whole explanation of one unit."""
    return explain_text(scored(period, as_of).assessment, demo().store, code(unit))

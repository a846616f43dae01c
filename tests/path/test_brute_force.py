"""Nothing cheaper: on random small rubrics the path is the first of all ways that reaches the aim, or there is none.

The ways are tried one by one (tests/path/drawn.py): their figures by plain addition, each scored in its whole group.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path as Folder
from typing import Any

import pytest

from scoring.insight.path import Aim, NextGrade, NoPath, Path, PlacesUp, find_path
from tests.path.acting import changed, times
from tests.path.drawn import TRUTHS, Drawn, Tried, every_way
from tests.tiny import Scores

AIMS = (PlacesUp(1), PlacesUp(2), NextGrade())
PLAIN = list(range(5))
COMPARING = [8]  # figures compared within the group: each way costs a run of its own
FOUND: list[bool] = []


def reaches(aim: Aim, before: dict[str, Any], after: dict[str, Any], grades: list[str]) -> bool:
    """In the words of the aim: so many places better, or a better grade."""
    if after["state"] != "complete":
        return False
    if isinstance(aim, PlacesUp):
        return after["place"] is not None and after["place"] <= before["place"] - aim.places
    return after["grade"] is not None and grades.index(after["grade"]) < grades.index(before["grade"])


def asked(aim: Aim, row: dict[str, Any], grades: list[str]) -> bool:
    """Whether the aim means anything for a unit that stands so."""
    if isinstance(aim, PlacesUp):
        return bool(row["place"] > aim.places)
    return grades.index(row["grade"]) > 0


def compared(drawn: Drawn, scores: Scores, folder: Folder) -> None:
    grades = [grade.title for grade in scores.assessment.rubric.spec.grades]
    rows = {unit: scores.place(unit) for unit in drawn.figures}
    placed = [unit for unit, row in rows.items() if row["state"] == "complete" and row["place"] is not None]
    unit = max(placed, key=lambda one: rows[one]["place"])
    ways = every_way(drawn, scores, unit)
    nothing = next(way for way in ways if not any(way.times))
    assert nothing.row["total"] == rows[unit]["total"], "the imaginary group is the real one"
    last: tuple[Path, Tried] | None = None
    for aim in AIMS:
        if not asked(aim, rows[unit], grades):
            continue
        best = next((way for way in ways if reaches(aim, rows[unit], way.row, grades)), None)
        found = find_path(scores.assessment, rows[unit]["unit"], aim)
        FOUND.append(best is not None)
        if best is None:
            assert isinstance(found, NoPath), (aim, times(found))
            continue
        assert isinstance(found, Path), (aim, best.times, found.reason)
        wanted = {act.code: count for act, count in zip(drawn.acts, best.times, strict=True) if count}
        assert times(found) == wanted, aim
        assert found.effort == best.cost[0]
        assert found.confirmed
        assert (found.after.total, found.after.place) == (best.row["total"], best.row["place"])
        assert sum(step.points for step in found.steps) == found.after.total - found.before.total
        last = found, best
    if last is not None:
        applied(drawn, folder, unit, *last)


def applied(drawn: Drawn, folder: Folder, unit: str, found: Path, way: Tried) -> None:
    """The figures written into the file of the project, and the project read and scored anew."""
    figures = drawn.done(unit, way.times)
    assert figures is not None
    typed = {code: ("是" if value else "否") if code in TRUTHS else value for code, value in figures.items()}
    row = changed(folder, unit, typed).place(unit)
    assert (row["total"], row["place"], row["grade"]) == (found.after.total, found.after.place, found.after.grade)


@pytest.mark.parametrize("seed", PLAIN)
def test_nothing_cheaper_reaches_the_aim(seed: int, tmp_path: Folder) -> None:
    drawn = Drawn(seed)
    compared(drawn, drawn.score(tmp_path), tmp_path)


@pytest.mark.parametrize("seed", COMPARING)
def test_nothing_cheaper_where_units_are_compared(seed: int, tmp_path: Folder) -> None:
    drawn = Drawn(seed, compares=True)
    scores = drawn.score(tmp_path)
    assert any(one.calls for one in scores.assessment.rubric.indicators.values())
    compared(drawn, scores, tmp_path)


@pytest.mark.trial
def test_nothing_cheaper_in_many_more(trial_size: Callable[[int, int], int], tmp_path: Folder) -> None:
    for seed in range(1000, 1000 + trial_size(300, 40)):
        drawn, folder = Drawn(seed, compares=seed % 10 == 0), tmp_path / str(seed)
        compared(drawn, drawn.score(folder), folder)


def test_both_answers_were_met() -> None:
    """Otherwise the tests above would show little. (Where the tests of this file run in other processes, nothing.)"""
    if len(FOUND) > 30:
        assert sum(FOUND) >= 10 and len(FOUND) - sum(FOUND) >= 10

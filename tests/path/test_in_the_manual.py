"""The manual's section on 还能做的事: its table of paths comes out, worked by hand in its column 算式."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path as Folder

import pytest

from scoring.insight.path import Aim, NextGrade, NoPath, Path, PlacesUp, find_path
from scoring.project import open_project
from tests import manual
from tests.manual import Table, codes
from tests.test_manual import Built
from tests.tiny import Scores

SECTION = "还能做的事"


def paths() -> Table:
    (found,) = [table for table in manual.every(Table) if table.head[0] == "谁"]
    assert found.head == ("谁", "想", "从哪天起做", "做什么", "人·天", "之后", "算式")
    return found


def scores(folder: Folder) -> Scores:
    (example,) = [one for one in manual.examples() if one.heading == SECTION]
    project = open_project(Built(example).write(folder))
    assert project.ready and project.rubric is not None
    return Scores(project, project.assess("2024", project.rubric.period("2024").cut_off))


def aim(text: str) -> Aim:
    places = re.fullmatch(r"前进 (\d+) 名", text)
    assert places or text == "升一个等次"
    return PlacesUp(int(places.group(1))) if places else NextGrade()


@pytest.mark.parametrize("row", paths().rows, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_the_path_comes_out(row: tuple[str, ...], tmp_path: Folder) -> None:
    unit, wanted, day, actions, effort, after, _ = row
    own = scores(tmp_path)
    found = find_path(own.assessment, own.place(unit)["unit"], aim(wanted), date.fromisoformat(day))
    if actions == "没有":
        assert isinstance(found, NoPath)
        reached = found.nearest.after.total if found.nearest is not None else None
        assert reached == (Decimal(after.removesuffix(" 分")) if after else None)
        return
    assert isinstance(found, Path)
    listed = {codes(part)[0]: int(part.partition("×")[2]) for part in actions.split("，")}
    assert {action.code: times for action, times in found.actions} == listed
    assert found.effort == Decimal(effort)
    total, then = after.split("，")
    assert found.after.total == Decimal(total.removesuffix(" 分"))
    assert then in (f"第 {found.after.place} 名", found.after.grade)


def test_it_tells_how_often_an_action_without_an_end_is_looked_at(tmp_path: Folder) -> None:
    """乙县's training has no end of its own."""
    own = scores(tmp_path)
    found = find_path(own.assessment, own.place("乙县")["unit"], PlacesUp(1), date(2024, 12, 1))
    assert isinstance(found, Path)
    assert f"最多算 {found.ceiling} 次" in manual.MANUAL.read_text(encoding="utf-8")

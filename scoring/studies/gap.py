"""The command gap: what makes the distance between two units, clause by clause. Chooses units and tables; reckons nothing."""

from __future__ import annotations

import argparse
from typing import Any

from scoring.engine import Assessment
from scoring.insight.gap import Gap, NotCompared, ends_of, gap_of
from scoring.insight.gap_told import applies_sentence, gap_sentence, widespread_sentence
from scoring.project import Project
from scoring.reports.gap_picture import gap_picture
from scoring.reports.gap_tables import SECTION_HEAD, part_head, part_rows, section_rows
from scoring.reports.study import Sheet, Study
from scoring.studies.delivery import NotDone, group_of, named, unit_of


def add(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    found = commands.add_parser(
        "gap",
        parents=parents,
        help="两个单位的差距从哪里来，哪些多数单位也差、哪些是后面的单位单独差的；不写单位就比首尾",
    )
    found.add_argument(
        "units", nargs="*", metavar="单位", help="同组的两个单位（名称、别名或代码）；只写一个，和本组第一名比"
    )
    found.add_argument("--group", metavar="分组", help="不写单位时比哪一组的首尾，默认第一组")


def study(project: Project, result: Assessment, arguments: argparse.Namespace) -> Study:
    """The distance by section and by clause. Raises NotDone."""
    try:
        found = gap_of(result, *_pair(result, arguments))
    except NotCompared as error:
        raise NotDone(str(error)) from error
    title, period, sample = named(project, result, f"{found.ahead.title}与{found.behind.title}的差距")
    told = (gap_sentence(found), applies_sentence(found), widespread_sentence(found))
    return Study(title, period, result.as_of, sample, tuple(filter(None, told)), sheets(found), gap_picture(found, "light"))


def sheets(found: Gap) -> tuple[Sheet, ...]:
    return (
        Sheet("一级指标", SECTION_HEAD, section_rows(found)),
        Sheet("逐条", part_head(found), part_rows(found)),
    )


def _pair(result: Assessment, arguments: argparse.Namespace) -> tuple[str, str]:
    """The two units. One alone stands beside the first of its group, the first beside the last."""
    units = [unit_of(result, name) for name in arguments.units]
    if len(units) > 2:
        raise NotDone(f"一次比两个单位，现在写了 {len(units)} 个")
    if len(units) == 2:
        return units[0], units[1]
    if not units:
        return ends_of(result, group_of(result, arguments.group))
    first, last = ends_of(result, result.rubric.group_of(units[0]) or "")
    return (first, last) if units[0] == first else (first, units[0])

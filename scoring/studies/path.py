"""The command path: the cheapest further actions that bring a unit a better place or grade. Chooses tables; reckons nothing."""

from __future__ import annotations

import argparse
from typing import Any

from scoring.engine import Assessment
from scoring.insight.path import Aim, NextGrade, PlacesUp, find_path, sentence
from scoring.project import Project
from scoring.reports.path_tables import sheets
from scoring.reports.study import Study
from scoring.studies.delivery import NotDone, named, unit_of
from scoring.studies.options import day


def add(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    found = commands.add_parser("path", parents=parents, help="一个单位要前进几名或升一个等次，最省力的是做哪些事")
    found.add_argument("unit", metavar="单位", help="名称、别名或代码")
    aim = found.add_mutually_exclusive_group()
    aim.add_argument("--places", type=int, default=1, metavar="几名", help="前进几名，默认 1 名")
    aim.add_argument("--grade", action="store_true", help="升一个等次")
    found.add_argument("--day", type=day, metavar="日期", help="从哪一天开始做，默认数据截止日")


def study(project: Project, result: Assessment, arguments: argparse.Namespace) -> Study:
    """What is to be done, or why nothing reaches the aim. Raises NotDone."""
    unit = unit_of(result, arguments.unit)
    aim: Aim = NextGrade() if arguments.grade else PlacesUp(arguments.places)
    try:
        found = find_path(result, unit, aim, arguments.day)
    except ValueError as error:
        raise NotDone(str(error).rstrip("。")) from error
    title, period, sample = named(project, result, f"{found.title}的路径")
    return Study(title, period, result.as_of, sample, (sentence(found),), sheets(found))

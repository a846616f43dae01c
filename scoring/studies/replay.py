"""The command replay: two years by two editions, what of a change is work and what is rule. Chooses tables; reckons nothing."""

from __future__ import annotations

import argparse
from typing import Any

from scoring.engine import Assessment
from scoring.insight.replay import NotReplayed
from scoring.insight.replay_told import group_sentence, notes
from scoring.project import Project
from scoring.project.replaying import replay_of
from scoring.reports.replay_tables import place_head, place_rows, total_head, total_rows
from scoring.reports.study import Sheet, Study
from scoring.studies.delivery import NotDone, named


def add(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    found = commands.add_parser("replay", parents=parents, help="两年的数据各按两年的办法重算：成绩变化多少是工作，多少是办法")
    found.add_argument("--other", metavar="年份", help="和哪一年比，须早于考核期；默认上一年")


def study(project: Project, result: Assessment, arguments: argparse.Namespace) -> Study:
    """Totals and places four ways, and the two parts. Raises NotDone."""
    try:
        found = replay_of(project, result, arguments.other)
    except NotReplayed as error:
        raise NotDone(str(error)) from error
    years = f"{found.then.period.label} 年与 {found.now.period.label} 年"
    title, period, sample = named(project, result, f"{years}重算")
    told = [*(group_sentence(found, group) for group in found.now.rubric.groups), *notes(found)]
    sheets = (Sheet("总分", total_head(found), total_rows(found)), Sheet("名次", place_head(found), place_rows(found)))
    return Study(title, period, result.as_of, sample, tuple(told), sheets)

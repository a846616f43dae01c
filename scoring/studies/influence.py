"""The command influence: what each county and member unit costs the city where the province scores the city itself."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from scoring.engine import Assessment, assess
from scoring.insight.influence import Influence, NotReckoned, influence, rubric_over_members
from scoring.project import Project
from scoring.reports import influence as told
from scoring.reports.study import Sheet, Study
from scoring.rubric import Rubric
from scoring.studies.delivery import NotDone, named

ONE = ("单位", "失分（分）", "占这一条全市失分")


def add(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    found = commands.add_parser("influence", parents=parents, help="按省对市的办法，看每个单位拉低全市多少分，与它在市内的名次对照")
    found.add_argument(
        "--by", choices=["counties", "all"], default="counties",
        help="counties 县区之间分摊，成员单位一直都在（默认）；all 全部单位之间分摊，单位多时抽样",
    )  # fmt: skip
    found.add_argument("--indicator", metavar="代码", help="只看一个指标（代码或名称）由谁失的分")


def study(project: Project, result: Assessment, arguments: argparse.Namespace) -> Study:
    """Of the city over its units. `result`: the ranking of the units, or that of the city itself. Raises NotDone."""
    rubric, own = rubrics(project, result)
    if rubric is None:
        raise NotDone(told.not_offered(project.editions.all).rstrip("。"))
    try:
        found = influence(project.store, rubric, rubric.period(result.period.label), result.as_of, own, arguments.by)
    except NotReckoned as why:
        raise NotDone(str(why)) from why
    sheets = told.sheets(found)
    sentences = [*told.headline(found), *(told.sentence(found, one) for one in told.by_share(found)), told.method(found)]
    if arguments.indicator is not None:
        sheets = (_one(found, arguments.indicator),)
        sentences = [*told.headline(found)[:1], told.method(found)]
    title, period, sample = named(project, result, f"影响{found.title}省对市得分")
    lines = tuple(line for line in sentences if line)
    return Study(title, period, result.as_of, sample, lines, sheets, told.bars(found, "light"))


def rubrics(project: Project, result: Assessment) -> tuple[Rubric | None, Assessment | None]:
    """(the rubric over members, the ranking of the units themselves), wherever the command line started from."""
    label = result.period.label
    over = rubric_over_members([result.rubric], label)
    if over is None:
        return rubric_over_members(project.editions.all, label), result
    return over, own_ranking(project, label, result.as_of)


def own_ranking(project: Project, label: str, as_of: date) -> Assessment | None:
    """By the edition that scores the units of the city in the period; None where there is none."""
    scored = [one for one in project.editions.all if rubric_over_members([one], label) is None]
    current = project.editions.current
    if current is not None and current in scored:
        scored = [one for one in scored if one.title == current.title]
    scored.sort(key=lambda one: one.spec.document.in_force)
    rubric = next((one for one in reversed(scored) if one.in_force(one.period(label))), None)
    return assess(project.store, rubric, rubric.period(label), as_of) if rubric is not None else None


def _one(found: Influence, name: str) -> Sheet:
    """Who lost the points of one clause."""
    code = next((one.code for one in found.clauses if name in (one.code, one.title)), None)
    if code is None:
        raise NotDone(f"省对市的办法里没有指标“{name}”。可用：{'、'.join(one.code for one in found.clauses)}")
    if found.unshared:
        raise NotDone(found.unshared)
    clause = found.by_code[code]
    parts = sorted(found.parts, key=lambda one: -one.by_clause[code])
    rows = [(one.title, told.shown(one.by_clause[code]), _percent(one.by_clause[code], clause.lost)) for one in parts]
    if found.always:
        rows.append((told.always_title(found), told.shown(found.alone[code]), _percent(found.alone[code], clause.lost)))
    rows.append(("合计", told.shown(clause.lost), "100%" if clause.lost else "—"))
    return Sheet(clause.title[:31], ONE, rows)


def _percent(part: Any, whole: Any) -> str:
    return f"{told.shown(100 * part / whole)}%" if whole else "—"

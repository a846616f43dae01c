"""The command robustness: how sure the places of a group are, which points they depend on. Changes no file."""

from __future__ import annotations

import argparse
from typing import Any

from scoring.engine import Assessment
from scoring.insight.robustness import (
    Certainty,
    NotStudied,
    Shares,
    certainty,
    effective,
    fitted,
    shares_of,
    what_moves,
    without_each,
)
from scoring.insight.robustness.certainty import neighbours
from scoring.insight.robustness.told import (
    effective_sentence,
    fitted_sentence,
    grade_sentence,
    moves_sentence,
    pair_sentence,
    place_sentence,
    range_sentence,
    without_sentence,
)
from scoring.insight.robustness.told_group import group_sentence
from scoring.insight.robustness.ways import DRAWS, SCENARIOS, SEED, TEN, Way, nominal_aims, tried_out, way
from scoring.project import Project
from scoring.reports import robustness_sheets as sheets
from scoring.reports.placings_picture import placings_picture
from scoring.reports.study import Sheet, Study
from scoring.studies.delivery import NotDone, group_of, named, unit_of

_RUNS = 1024


def add(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    found = commands.add_parser("robustness", parents=parents, help="名次有多稳：分值、门槛或还没有定的数据变动时，谁的名次会变")
    found.add_argument("--group", metavar="分组", help="考核分组的名称或代码；默认第一个")
    found.add_argument("--unit", metavar="单位", help="只说这个单位（表和图仍列出全组）")
    found.add_argument(
        "--vary",
        default="10",
        metavar="变动",
        help="变动什么：百分数（每项分值上下浮动，默认 10）、any 任意分值、ordered 保持现有大小次序的任意分值、"
        "thresholds 门槛上下浮动 10%%、missing 还没有定的数据",
    )
    found.add_argument("--by", choices=["section", "item"], default="item", help="分值按每个指标（item，默认）还是一级指标（section）变动")
    found.add_argument("--draws", type=int, metavar="次数", help=f"试多少次；默认 {DRAWS}，门槛 {SCENARIOS}")
    found.add_argument("--seed", type=int, default=SEED, metavar="编号", help="同样的编号得同样的结果")


def study(project: Project, result: Assessment, arguments: argparse.Namespace) -> Study:
    """Sentences, tables and the picture of one group. Raises NotDone."""
    unit = unit_of(result, arguments.unit) if arguments.unit else None
    group = _group(result, arguments.group, unit)
    if arguments.seed < 0:
        raise NotDone(f"编号 {arguments.seed} 不行。请写 0 或正整数")
    try:
        chosen = way(arguments.vary, arguments.by)
        found = certainty(tried_out(result, group, chosen, project.store, arguments.draws, arguments.seed))
        told = _unit_told(found, unit) if unit is not None else [group_sentence(found)]
    except NotStudied as error:
        raise NotDone("。".join(part for part in (error.problem, error.fix) if part)) from error
    more, tables = _of_points(result, group, chosen, arguments.seed)
    title, period, sample = named(project, result, f"{result.rubric.groups[group].title}名次有多稳")
    told += [f"{note}。" for note in found.placings.notes]
    listed = (sheets.units(found), sheets.next_to(found.placings), sheets.every_place(found.placings), *tables)
    return Study(title, period, result.as_of, sample, (*told, *more), listed, placings_picture(found, "light"))


def _group(result: Assessment, name: str | None, unit: str | None) -> str:
    """The group that is named, else that of the unit, else the first."""
    own = result.rubric.group_of(unit) if unit is not None else None
    group = group_of(result, name) if name is not None or own is None else own
    if own is not None and group != own:
        titles = {code: one.title for code, one in result.rubric.groups.items()}
        raise NotDone(f"{result.rubric.register.title(unit or '')}在“{titles[own]}”，不在“{titles[group]}”。请去掉 --group")
    return group


def _unit_told(found: Certainty, unit: str) -> list[str]:
    placings = found.placings
    beside = [one for one in neighbours(placings) if unit in (one.first, one.second)]
    told = [place_sentence(found, unit), range_sentence(found, unit), grade_sentence(found, unit)]
    return [*told, *(pair_sentence(placings, one) for one in beside)]


def _of_points(result: Assessment, group: str, chosen: Way, seed: int) -> tuple[list[str], list[Sheet]]:
    """What the ranking depends on, and what each item counts for; where weights cannot be studied, why not."""
    try:
        shares = shares_of(result, group)
    except NotStudied as error:
        return [str(error)], []
    told: list[str] = []
    tables: list[Sheet] = []
    for part in (_moves, _without, _separated, _fitted):
        try:
            sentence, sheet = part(shares, chosen, seed)
        except NotStudied as error:
            told.append(str(error))
        else:
            told.append(sentence)
            tables.append(sheet)
    return told, tables


def _moves(shares: Shares, chosen: Way, seed: int) -> tuple[str, Sheet]:
    percent = chosen.percent if chosen.kind == "within" else TEN
    found = what_moves(shares, percent, seed, _RUNS, chosen.by)
    return moves_sentence(found), sheets.moves(found)


def _without(shares: Shares, chosen: Way, seed: int) -> tuple[str, Sheet]:
    found = without_each(shares)
    return without_sentence(shares, found[0]), sheets.without(shares, found)


def _separated(shares: Shares, chosen: Way, seed: int) -> tuple[str, Sheet]:
    found = effective(shares, chosen.by)
    telling = max(found.parts, key=lambda one: abs(one.effective - one.nominal))
    return effective_sentence(found, telling), sheets.separated(found)


def _fitted(shares: Shares, chosen: Way, seed: int) -> tuple[str, Sheet]:
    """By section, as the page has it."""
    found = fitted(shares, nominal_aims(shares), seed=seed)
    return fitted_sentence(found), sheets.fitted_to(found)

"""Draws over what is still missing: the total of a unit anywhere between the least and the most it can be.

Totals are whole numbers of the last decimal, drawn evenly; places follow as the rubric has ties. Knows the ranges of one
Assessment, not how likely a figure is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from scoring.engine import Assessment
from scoring.engine.amounts import SCALE
from scoring.insight.robustness.model import NotStudied
from scoring.insight.robustness.places import MOST_UNITS, Places, by_whole_numbers
from scoring.insight.robustness.ranks import MOST_CELLS, Placings

Row = dict[str, Any]


def missing_draws(assessment: Assessment, group: str, number_of: int, seed: int) -> Placings:
    """Places of all units of a group that are or will be ranked. Raises NotStudied: nothing is missing, a total without end."""
    rubric = assessment.rubric
    if group not in rubric.groups:
        raise NotStudied(f"没有分组“{group}”", f"可选：{'、'.join(rubric.groups)}")
    title = rubric.register.title
    order = {unit.code: number for number, unit in enumerate(rubric.register.units)}
    rows = [row for row in assessment.rows("ranking", group=group) if row["place"] is not None or _waits(row)]
    rows.sort(key=lambda row: order[row["unit"]])
    waiting = [row for row in rows if _waits(row)]
    _look_over(rubric.groups[group].title, rows, waiting, title)
    if number_of < 1 or number_of * len(rows) > MOST_CELLS or len(rows) > MOST_UNITS:
        raise NotStudied(f"试 {number_of} 次不行", f"请写 1 到 {MOST_CELLS // len(rows)} 的整数")
    decimals = rubric.spec.rounding.total
    keys = _drawn(rows, SCALE if decimals is None else decimals, number_of, np.random.default_rng(seed))
    places = _placed(keys, rubric.spec.places.ties == "1-1-2")
    by_more = bool(rubric.spec.places.break_by) or rubric.spec.rounding.places_by == "exact"
    notes = ("总分相同而暂缺的，按排在已定的之后计",) if by_more else ()
    words = f"{_names(waiting, title)}还有暂缺，把{'它的' if len(waiting) == 1 else '它们的'}总分在可能的范围内随意取值"
    return Placings(
        rubric.groups[group].title, tuple(row["unit"] for row in rows), tuple(title(row["unit"]) for row in rows),
        tuple(None if _waits(row) else row["place"] for row in rows), places[0], places[1], words, seed, notes=notes,
        grade_told="总分未定时不数等次",
    )  # fmt: skip


def _waits(row: Row) -> bool:
    return row["state"] == "pending" and not row["unranked"]


def _names(rows: list[Row], title: Any) -> str:
    named = "、".join(title(row["unit"]) for row in rows[:3])
    return named if len(rows) <= 3 else f"{named}等 {len(rows)} 个单位"


def _look_over(group: str, rows: list[Row], waiting: list[Row], title: Any) -> None:
    if not rows:
        raise NotStudied(f"“{group}”没有可以排名的单位", "请核对分组和数据")
    if not waiting:
        raise NotStudied(f"“{group}”没有暂缺的数据，名次已定", "可以看变动分值时名次有多稳")
    if len(rows) == 1:
        raise NotStudied(f"“{group}”只有{title(rows[0]['unit'])}一个单位，没有先后可比", "至少要有两个单位")
    endless = [title(row["unit"]) for row in waiting if row["total_low"] is None or row["total_high"] is None]
    if endless:
        raise NotStudied(f"{'、'.join(endless)}的总分没有上限或下限，无从取值", "请给暂缺的指标写上满分或封顶")


def _drawn(rows: list[Row], decimals: int, number_of: int, draw: np.random.Generator) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Draws × units: totals in the last decimal, and behind them what parts equal totals of settled units (their places)."""
    one = Decimal(10) ** decimals
    last = len(rows) + 1
    keys = np.empty((number_of, len(rows)), dtype=np.int64)
    for column, row in enumerate(rows):
        if _waits(row):
            low, high = int(row["total_low"] * one), int(row["total_high"] * one)
            keys[:, column] = draw.integers(low, high + 1, size=number_of)
        else:
            keys[:, column] = int(row["total"] * one)
    keys *= last
    keys += [0 if _waits(row) else _within_ties(row, rows) for row in rows]
    return keys


def _within_ties(row: Row, rows: list[Row]) -> int:
    """How many settled units of the same total stand below: more than 0 only where something parts equal totals."""
    return sum(1 for other in rows if not _waits(other) and other["total"] == row["total"] and other["place"] > row["place"])


def _placed(keys: np.ndarray[Any, np.dtype[np.int64]], dense: bool) -> tuple[Places, Places]:
    step = max(1, 200_000 // keys.shape[1])
    found = [by_whole_numbers(keys[start : start + step], dense) for start in range(0, len(keys), step)]
    return np.vstack([one.places for one in found]), np.vstack([one.tails for one in found])

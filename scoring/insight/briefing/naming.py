"""Under which name a shortfall is counted, by how much, and what it costs, in words. Asked by every list, chip, map and export; reads no table.

A figure that is not there is no problem of the work: it is counted under the title of its state. Where the text gives
no points for what was not reported (按规定未报送不得分) that is settled: it is counted as the problem of the flag, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scoring.engine.assessment import STATE_TITLES
from scoring.engine.placed import Placed
from scoring.engine.printed import between, points
from scoring.expressions.parse import Compare, Name, Number, walk
from scoring.rubric import Indicator

Row = dict[str, Any]
WITHOUT = "数据不全"  # the stage of a shortfall whose figure is not there
UNREPORTED = STATE_TITLES["missing"]  # the stage of one that is settled by its not being reported
ABSENT = {state: STATE_TITLES[state] for state in ("missing", "masked", "pending", "zero_base")}
"""The names under which figures that are not there are counted, by state."""


def named(one: Placed, row: Row) -> Row:
    """A row of `shortfall` with the name and the stage it is counted under. `one`: its indicator."""
    if row["stage"] != WITHOUT:
        return row
    flag = one.indicator.flag
    if flag is None or not without_points(one, row):
        return {**row, "label": ABSENT[row["state"]]}
    return {
        **row,
        "label": flag.label,
        "stage": UNREPORTED,
        "common_problem": flag.common_problem,
        "weak_point": flag.weak_point,
    }


def without_points(one: Placed, row: Row) -> bool:
    """What was not reported gets no points, and that is that."""
    return one.policy == "no_points" and row["state"] == "missing" and row["points_lost"] is not None


def gap_words(one: Placed, row: Row) -> str:
    """差 4 件; 4 件 where nothing should be there at all; "" where there is nothing to count."""
    if not row["gap"]:
        return ""
    return f"{'差 ' if lacking(one.indicator) else ''}{row['gap']} {thing_of(one, row)}".strip()


def lacking(indicator: Indicator) -> bool:
    """Whether the flag is up because there is too little of something; else there is too much."""
    if indicator.flag is None:
        return False
    tests = [node for node in walk(indicator.flag.when.tree) if isinstance(node, Compare)]
    less = any(one.operator in ("<", "<=") and not isinstance(one.left, Number) for one in tests)
    return less or any(one.operator in (">", ">=") and isinstance(one.left, Number) for one in tests)


def thing_of(one: Placed, row: Row) -> str:
    """The one unit of measure of everything the gap of a shortfall names; "" where there is none, or several."""
    if row["gap_unit"]:
        return str(row["gap_unit"])
    flag = one.indicator.flag
    if flag is None or flag.gap is None or row["gap"] is None:
        return ""
    things = {one.setting.thing(name.code) for name in walk(flag.gap.tree) if isinstance(name, Name)}
    return things.pop() if len(things) == 1 else ""


def lost_words(row: Row, landings: Iterable[Row]) -> str:
    """Points lost; while a figure is not there what can be lost at least and at most, here or where the loss lands.

    `landings`: those of the unit and the indicator.
    """
    if row["points_lost"] is not None:
        return points(row["points_lost"])
    if row["points_high"] is None or row["points_low"] is None or row["full_marks"] is None:
        return "待定"
    landed = list(landings)
    high, low = (
        min(row["full_marks"], row[end]) for end in ("points_high", "points_low")
    )  # more than full is no gain here
    least = row["full_marks"] - high - sum(one["points_high"] for one in landed)
    if any(one["points_low"] is None for one in landed):
        return f"不低于 {points(least)}" if least else "待定"
    return between(least, row["full_marks"] - low - sum(one["points_low"] for one in landed))

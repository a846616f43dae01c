"""The shortfalls of a group or of one unit in words and in order, and its problems, told once for all visits. Reckons nothing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pages.ui import served, words
from pages.ui.words import Row
from scoring.engine import Assessment
from scoring.insight.briefing import Problem, problems

ORDER = "涉及单位多的问题在前，同一问题失分多的在前"
ORDER_OF_ONE = "失分多的在前"


def of_group(result: Assessment, group: str) -> list[Row]:
    """As `words.told_shortfalls`, in the order that ORDER says; what is not there last. Not to be changed by who asks."""
    order = {one.label: place for place, one in enumerate(problems_of(result, group))}

    def tell() -> list[Row]:
        told = words.told_shortfalls(result, result.rows("shortfall", group=group))
        return sorted(by_loss(told), key=lambda row: order[row["label"]])

    return served.kept(f"shortfalls {group}", tell)


def in_order(rows: list[Row]) -> tuple[str, list[Row]]:
    """Of `of_group`, or some of them: how they stand, and they. Of one unit alone the number of units says nothing."""
    return (ORDER_OF_ONE, by_loss(rows)) if len({row["unit"] for row in rows}) == 1 else (ORDER, rows)


def by_loss(rows: Iterable[Row]) -> list[Row]:
    """In the order that ORDER_OF_ONE says; what is not known yet last."""
    return sorted(rows, key=lambda row: (row["points_lost"] is None, -(row["points_lost"] or Decimal(0))))


def of_unit(result: Assessment, unit: str) -> dict[str, Row]:
    """By the code of the indicator; not to be changed by who asks."""

    def tell() -> dict[str, Row]:
        return {
            one["indicator"]: one for one in words.told_shortfalls(result, result.rows("shortfall", unit=unit), unit)
        }

    return served.kept(f"shortfalls of {unit}", tell)


def problems_of(result: Assessment, group: str) -> list[Problem]:
    """Of a group, the one of most units first; not to be changed by who asks."""
    return served.kept(f"problems {group}", lambda: problems(result, group))

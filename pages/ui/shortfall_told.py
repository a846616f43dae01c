"""The shortfalls of a group or of one unit in words, told once for all visits. Reckons nothing."""

from __future__ import annotations

from pages.ui import served, words
from pages.ui.words import Row
from scoring.engine import Assessment


def of_group(result: Assessment, group: str) -> list[Row]:
    """As `words.told_shortfalls`; not to be changed by who asks."""
    return served.kept(f"shortfalls {group}", lambda: words.told_shortfalls(result, result.rows("shortfall", group=group)))


def of_unit(result: Assessment, unit: str) -> dict[str, Row]:
    """By the code of the indicator; not to be changed by who asks."""

    def tell() -> dict[str, Row]:
        return {one["indicator"]: one for one in words.told_shortfalls(result, result.rows("shortfall", unit=unit), unit)}

    return served.kept(f"shortfalls of {unit}", tell)

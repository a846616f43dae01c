"""The result rows of one group, read once, and what is known of each unit and item. Reads; says and compares nothing.

Whether a unit has fallen below the flag of an item is one of five: short (it has, or counts as if: see naming), clear (every figure is there and it
has not), open (a figure is missing, masked or pending), no_base (there is nothing to measure it by), not_applicable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from scoring.engine import Assessment
from scoring.engine.placed import Placed, placed
from scoring.expressions import names
from scoring.insight.briefing.naming import WITHOUT, named
from scoring.insight.briefing.told import Link

Row = dict[str, Any]
Verdict = Literal["short", "clear", "open", "no_base", "not_applicable"]
ABSENT = ("missing", "masked", "pending")


@dataclass(frozen=True)
class Reading:
    """One group of one result."""

    result: Assessment
    group: str

    @property
    def title(self) -> str:
        return self.result.rubric.groups[self.group].title

    @cached_property
    def ranking(self) -> list[Row]:
        """By place, whoever has none last."""
        return self.result.rows("ranking", group=self.group)

    @cached_property
    def units(self) -> list[str]:
        """In the order of the register."""
        codes = [unit.code for unit in self.result.rubric.register.units]
        return sorted((row["unit"] for row in self.ranking), key=codes.index)

    @cached_property
    def by_unit(self) -> dict[str, Row]:
        return {row["unit"]: row for row in self.ranking}

    @cached_property
    def scores(self) -> dict[tuple[str, str], Row]:
        """By unit and indicator."""
        return {(row["unit"], row["indicator"]): row for row in self.result.rows("indicator_score", group=self.group)}

    @cached_property
    def shortfalls(self) -> list[Row]:
        """With the name and the stage each is counted under."""
        rows = self.result.rows("shortfall", group=self.group)
        return [named(self.items[row["indicator"]], row) for row in rows]

    @cached_property
    def short(self) -> dict[tuple[str, str], Row]:
        """What fell below its flag, or counts as that, by unit and indicator."""
        return {(row["unit"], row["indicator"]): row for row in self.shortfalls if row["stage"] != WITHOUT}

    @cached_property
    def items(self) -> dict[str, Placed]:
        """The indicators of the group in the order of the text."""
        return {one.indicator.code: one for one in placed(self.result.rubric, self.group)}

    @cached_property
    def figures(self) -> dict[str, dict[str, Row]]:
        """By unit the rows of its measures, by code."""
        found: dict[str, dict[str, Row]] = {unit: {} for unit in self.units}
        for row in self.result.rows("measure"):
            if row["unit"] in found:
                found[row["unit"]][row["measure"]] = row
        return found

    @cached_property
    def landings(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.result.rows("landing", group=self.group):
            found.setdefault((row["unit"], row["indicator"]), []).append(row)
        return found

    @cached_property
    def total(self) -> dict[str, Decimal]:
        """Of the units that have one."""
        return {row["unit"]: row["total"] for row in self.ranking if row["total"] is not None}

    @cached_property
    def pending(self) -> list[str]:
        """Units whose total waits for figures."""
        return [unit for unit in self.units if self.by_unit[unit]["state"] == "pending"]

    @property
    def settled(self) -> bool:
        """Whether every unit has a total."""
        return bool(self.ranking) and len(self.total) == len(self.ranking)

    @property
    def over(self) -> bool:
        """Whether the period has ended."""
        return self.result.as_of >= self.result.period.end

    @cached_property
    def before(self) -> Reading | None:
        """Last year's group of the same name; None where there was none."""
        previous = self.result.previous
        if previous is None or self.group not in previous.rubric.groups:
            return None
        found = Reading(previous, self.group)
        return found if found.ranking else None

    @property
    def then(self) -> Reading | None:
        """Last year's, where totals of two whole years of the same full marks stand beside each other."""
        if self.before is None or not self.over:
            return None
        full = [one.result.rubric.groups[self.group].full_marks for one in (self, self.before)]
        return self.before if full[0] == full[1] else None

    @property
    def otherwise(self) -> str:
        """（办法有变）, where last year's figures come from another edition."""
        return "（办法有变）" if self.result.edition_changed else ""

    @property
    def decimals(self) -> int:
        """Of a total."""
        found = self.result.rubric.spec.rounding.total
        return 2 if found is None else found

    def name(self, unit: str) -> str:
        return self.result.rubric.register.title(unit)

    def names(self, units: list[str]) -> list[str]:
        return [self.name(unit) for unit in units]

    def link(self, page: str, **query: str) -> Link:
        """A page with this group on show."""
        return Link(page, {"group": self.title, **query})

    def unit_link(self, unit: str, indicator: str = "") -> Link:
        return Link("unit", {"unit": unit, **({"indicator": indicator} if indicator else {})})

    def applies(self, unit: str, indicator: str) -> bool:
        row = self.scores.get((unit, indicator))
        return row is not None and row["state"] != "not_applicable"

    def verdict(self, unit: str, indicator: str) -> Verdict:
        """What is known of a unit and the flag of an item."""
        row, one = self.scores.get((unit, indicator)), self.items[indicator]
        if row is None or row["state"] == "not_applicable":
            return "not_applicable"
        if (unit, indicator) in self.short:
            return "short"
        if row["state"] in ABSENT:
            return "open"
        if row["state"] == "zero_base":
            return "no_base"
        flag = one.indicator.flag
        if flag is None:
            return "clear"
        own = self.figures[unit]
        if any(own[code]["state"] != "value" for code in one.setting.needs(flag.when.tree) if code in own):
            return "open"
        ratio = one.indicator.value is not None and row["value"] is None
        return "no_base" if ratio and "value" in names(flag.when.tree) else "clear"

    def verdicts(self, indicator: str) -> Mapping[Verdict, list[str]]:
        """The units of each verdict, in the order of the register."""
        found: dict[Verdict, list[str]] = {one: [] for one in ("short", "clear", "open", "no_base", "not_applicable")}
        for unit in self.units:
            found[self.verdict(unit, indicator)].append(unit)
        return found

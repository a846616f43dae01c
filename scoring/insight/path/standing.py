"""A group of one assessment as figures that can be changed and scored again. Knows the engine, no action and no aim.

Imaginary units are scored by the compiled steps that scored the real ones; the figures are those of table `measure`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from scoring.engine import Assessment
from scoring.engine.made_up import MadeUp, narrowed, score
from scoring.engine.placed import Placed, placed
from scoring.engine.sample_results import Outcome, outcomes
from scoring.expressions.field import Formula
from scoring.expressions.parse import Call, Name
from scoring.rubric import Measure, Rubric
from scoring.rubric.model import Bonus, Penalty, Veto, VetoEffect
from scoring.rubric.samples import Said
from scoring.rubric.settings import aggregate_of

Row = Mapping[str, Any]
Changes = Mapping[str, Fraction]  # figures that are others than now, by 数据项
_HARMLESS = VetoEffect(no_awards=True)
_PLAIN = 700  # two fractions with divisors up to it differ by more than what six decimals hide


@dataclass(frozen=True)
class Standing:
    """One unit among its group."""

    assessment: Assessment
    unit: str

    @property
    def rubric(self) -> Rubric:
        return self.assessment.rubric

    @cached_property
    def ranking(self) -> dict[str, Row]:
        """The rows of its group, by unit."""
        own = self.assessment.one("ranking", unit=self.unit)
        assert own is not None
        return {row["unit"]: row for row in self.assessment.rows("ranking", group=own["group"])}

    @property
    def row(self) -> Row:
        return self.ranking[self.unit]

    @cached_property
    def group(self) -> str:
        return str(self.row["group"])

    @cached_property
    def items(self) -> tuple[Placed, ...]:
        return tuple(placed(self.rubric, self.group))

    @cached_property
    def figures(self) -> dict[str, dict[str, Said]]:
        """By unit of the group every figure that scoring looks at."""
        found: dict[str, dict[str, Said]] = {unit: {} for unit in self.ranking}
        for row in self.assessment.rows("measure"):
            if row["unit"] in found:
                value = self._exactly(row) if row["value"] is not None else None
                found[row["unit"]][row["measure"]] = Said("", row["state"], value)
        return found

    def _exactly(self, row: Row) -> Fraction:
        """The figure of a row. An average is shown with six decimals: the plainest fraction that is shown so."""
        value = Fraction(row["value"])
        if row["measure"] not in self._averages:
            return value
        plain = value.limit_denominator(_PLAIN)
        return plain if abs(plain - value) * 2 * 10**6 <= 1 else value

    @cached_property
    def _averages(self) -> frozenset[str]:
        measures = self.rubric.measures.values()
        return frozenset(
            one.code for one in measures
            if one.schedule_item is None and aggregate_of(one, self.rubric.forms).divisor is not None
        )  # fmt: skip

    @property
    def own(self) -> dict[str, Said]:
        return self.figures[self.unit]

    def value(self, code: str) -> Fraction | None:
        """A figure of the unit; None where it is not there."""
        said = self.own.get(code)
        return said.value if said is not None and isinstance(said.value, Fraction) else None

    def with_(self, changes: Changes) -> dict[str, Said]:
        """The unit's figures, some of them changed."""
        return {**self.own, **{code: Said("", value=value) for code, value in changes.items()}}

    @property
    def adjustments(self) -> list[Bonus | Penalty | Veto]:
        return self.rubric.adjustments(self.group)

    def extra(self, code: str) -> Row:
        """The row of an adjustment of the unit; an empty one where it adds nothing."""
        return self.assessment.one("adjustment", unit=self.unit, adjustment=code) or {}

    @cached_property
    def compared(self) -> frozenset[str]:
        """The indicators whose points depend on other units of the group."""
        return frozenset(one.indicator.code for one in self.items if _compares(one))

    @cached_property
    def asked_among(self) -> frozenset[str]:
        """The indicators that are asked of the engine with the whole group: those compared, and where there are any
        those whose losses land elsewhere (the step that lands them reads what is compared)."""
        away = {one.indicator.code for one in self.items if any(part.lands_on != "item" for part in one.parts)}
        return self.compared | away if self.compared else frozenset()

    # --- scoring again ----------------------------------------------------------------------------------

    def items_of(self, rows: Sequence[Changes], wanted: Iterable[str]) -> list[dict[str, Outcome]]:
        """These indicators, row by row of changed figures, by unit: the others where they are compared with it."""
        keys = frozenset(wanted)
        among = bool(keys & self.asked_among)
        keys |= self.compared if among else frozenset()
        made_up = self._made_up(rows, keys, among)
        return self._by_row(len(rows), outcomes(score(self.rubric, made_up)))

    def extras_of(self, rows: Sequence[Changes], conditions: Mapping[str, Formula]) -> list[dict[str, Row]]:
        """Rows of adjustments by code, conditions among them as vetoes, row by row of changed figures.

        No points of indicators are reckoned: a bonus behind a gate is there as points or as what is withheld. A veto
        (or condition) that does not hold has no row.
        """
        tests = [
            Veto.model_construct(kind="veto", code=code, title=code, clause=code, when=when, effect=_HARMLESS)
            for code, when in conditions.items()
        ]
        bare = narrowed(self.rubric, self.group, {self._plain_item})
        adjustments = (*self.adjustments, *tests)
        grades = self.rubric.spec.grades  # vetoes name them
        bare = replace(bare, spec=bare.spec.model_copy(update={"adjustments": adjustments, "grades": grades}))
        wanted = frozenset(one.code for one in adjustments)
        found: list[dict[str, Row]] = [{} for _ in rows]
        for row in score(bare, self._made_up(rows, wanted, among=False))["adjustment"]:
            found[int(row["unit"].partition("/")[0])][row["adjustment"]] = row
        return found

    def whole(self, rows: Sequence[Changes], among: bool = True) -> list[dict[str, Outcome]]:
        """The whole reckoning, row by row of changed figures, by unit: `among` its group, with the places of all."""
        wanted = frozenset(["total", "place", *(one.code for one in self.rubric.spec.adjustments)])
        made_up = self._made_up(rows, wanted, among or bool(self.compared))
        return self._by_row(len(rows), outcomes(score(self.rubric, made_up)))

    def _made_up(self, rows: Sequence[Changes], wanted: frozenset[str], among: bool) -> list[MadeUp]:
        found = []
        for number, row in enumerate(rows):
            for unit, figures in self.figures.items() if among else ((self.unit, self.own),):
                own = self.with_(row) if unit == self.unit else figures
                found.append(MadeUp(f"{number}/{unit}", f"{number}", self.group, own, wanted))
        return found

    @staticmethod
    def _by_row(rows: int, found: Mapping[str, Outcome]) -> list[dict[str, Outcome]]:
        by_row: list[dict[str, Outcome]] = [{} for _ in range(rows)]
        for name, one in found.items():
            number, _, unit = name.partition("/")
            by_row[int(number)][unit] = one
        return by_row

    @cached_property
    def _plain_item(self) -> str:
        """An indicator for a rubric that must have one: if possible one that looks at no other unit."""
        own = [one.indicator.code for one in self.items if one.indicator.code not in self.asked_among]
        return own[0] if own else min(self.compared)


def _compares(one: Placed) -> bool:
    policy = one.indicator.not_applicable
    return bool(one.indicator.calls) or (policy is not None and policy.then == "average")


def span(rubric: Rubric, measure: Measure, value: Fraction) -> tuple[Fraction, Fraction]:
    """What a figure can become: not below 0 (unless it is), not above what its column or the reckoning holds."""
    low, high = Fraction(0), Fraction(10**6)
    if measure.schedule_item is None:
        found = aggregate_of(measure, rubric.forms)
        high = Fraction(1) if found.is_truth else Fraction(found.high, found.scale)
    match measure.value:
        case Call("only" | "latest", (Name(code),)) if code in rubric.forms[measure.form].by_code:
            column = rubric.forms[measure.form].by_code[code]
            low = max(low, Fraction(column.at_least)) if column.at_least is not None else low
            high = min(high, Fraction(column.at_most)) if column.at_most is not None else high
    return min(low, value), max(high, value)


def points_of(value: Decimal) -> int:
    """Points in 10^-12, whole."""
    return int(value.scaleb(12))

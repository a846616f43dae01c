"""What is varied, as a reader chooses it: one of five ways. Brings together draws, scenarios and their placings.

The seed is fixed: the same choice gives the same figures, today and next year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Literal

from scoring.engine import Assessment
from scoring.engine.rescoring import keep
from scoring.insight.robustness.draws import By, Draws, anything, ordered, within
from scoring.insight.robustness.effective import REST, effective
from scoring.insight.robustness.missing import missing_draws
from scoring.insight.robustness.model import NotStudied, Shares
from scoring.insight.robustness.ranks import Placings, placings
from scoring.insight.robustness.scenarios import threshold_draws
from scoring.insight.robustness.shares import shares_of
from scoring.rubric import Rubric
from scoring.store import Store

Kind = Literal["within", "any", "ordered", "thresholds", "missing"]
DRAWS = 10_000
SCENARIOS = 50  # each is a whole run of the exact engine
SEED = 1
TEN = Decimal(10)
_TENTH = Decimal("0.1")
_FIGURE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")


@dataclass(frozen=True)
class Way:
    """`percent`: how far weights or thresholds go up and down; `by`: whether items or sections of the first level vary."""

    kind: Kind
    percent: Decimal = TEN
    by: By = "item"

    @property
    def of_weights(self) -> bool:
        return self.kind in ("within", "any", "ordered")

    @property
    def number(self) -> int:
        """How often it is tried where nobody says otherwise."""
        return SCENARIOS if self.kind == "thresholds" else DRAWS


def way(text: str, by: By = "item") -> Way:
    """`10` or `±10%`: so many percent; or the name of a kind. Raises NotStudied."""
    kinds: dict[str, Kind] = {"any": "any", "ordered": "ordered", "thresholds": "thresholds", "missing": "missing"}
    if text in kinds:
        return Way(kinds[text], TEN, by)
    figure = text.strip().lstrip("±").rstrip("%").strip()
    if not _FIGURE.fullmatch(figure):
        raise NotStudied(f"“{text}”读不懂", f"请写浮动的百分数（例如 10）或 {'、'.join(kinds)}")
    return Way("within", Decimal(figure), by)


def tried_out(assessment: Assessment, group: str, chosen: Way, store: Store, number_of: int | None = None, seed: int = SEED) -> Placings:
    """The places of a group in every draw. Raises NotStudied."""
    times = chosen.number if number_of is None else number_of
    if chosen.kind == "missing":
        return missing_draws(assessment, group, times, seed)
    if chosen.kind == "thresholds":
        return _thresholds(assessment, group, chosen.percent, store, times, seed)
    shares = shares_of(assessment, group)
    return placings(shares, _weights(shares, chosen, times, seed))


def _weights(shares: Shares, chosen: Way, times: int, seed: int) -> Draws:
    if chosen.kind == "any":
        return anything(shares, times, seed, chosen.by)
    if chosen.kind == "ordered":
        return ordered(shares, times, seed, by=chosen.by)
    return within(shares, chosen.percent, times, seed, chosen.by)


def _thresholds(assessment: Assessment, group: str, percent: Decimal, store: Store, times: int, seed: int) -> Placings:
    rubric = assessment.rubric
    with keep(store, rubric, assessment.period, assessment.as_of, assessment.previous) as kept:

        def score(draft: Rubric) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = kept.ranking(draft).to_pylist()
            return found

        return threshold_draws(rubric, group, score, percent, times, seed)


def nominal_aims(shares: Shares) -> dict[str, Decimal]:
    """In percent by section: that each counts for what it has on paper. What bonus, penalty, veto and limits make of the
    differences no points of a section can take away, so the aims part the rest.
    """
    parts = effective(shares, "section").parts
    rest = next((one.effective for one in parts if one.code == REST), 0.0)
    left = min(1.0, max(0.0, 1 - rest))
    return {one.code: Decimal(repr(100 * one.nominal * left)).quantize(_TENTH, ROUND_FLOOR) for one in parts if one.code != REST}

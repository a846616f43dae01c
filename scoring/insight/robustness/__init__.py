"""How sure is a place: the ranking of one group under other weights, thresholds, and figures that are still missing.

Frequencies from seeded draws. A total or place that is shown as such comes from exact arithmetic, never from here.
"""

from scoring.insight.robustness.certainty import (
    Certainty,
    acceptability,
    central_weights,
    certainty,
    neighbours,
    pair,
    pairs,
)
from scoring.insight.robustness.draws import Draws, anything, given, ordered, within
from scoring.insight.robustness.effective import Separated, effective
from scoring.insight.robustness.exact import ranking_of
from scoring.insight.robustness.fitted import Fitted, fitted
from scoring.insight.robustness.missing import missing_draws
from scoring.insight.robustness.model import NotStudied, Shares
from scoring.insight.robustness.ranks import Placings, placings
from scoring.insight.robustness.scenarios import scenario_draws, threshold_draws
from scoring.insight.robustness.sensitivity import WhatMoves, Without, what_moves, without_each
from scoring.insight.robustness.shares import shares_of

__all__ = [
    "Certainty",
    "Draws",
    "Fitted",
    "NotStudied",
    "Placings",
    "Separated",
    "Shares",
    "WhatMoves",
    "Without",
    "acceptability",
    "anything",
    "central_weights",
    "certainty",
    "effective",
    "fitted",
    "given",
    "missing_draws",
    "neighbours",
    "ordered",
    "pair",
    "pairs",
    "placings",
    "ranking_of",
    "scenario_draws",
    "shares_of",
    "threshold_draws",
    "what_moves",
    "within",
    "without_each",
]

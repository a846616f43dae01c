"""Which way the points of a rule go with each figure it looks at, and why where that cannot be said. Scores nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from scoring.expressions.trend import SAME, UP, Trend

Direction = Literal["up", "down", "none"]

RISES_AND_FALLS = "分值有升有降，方向要看数值落在哪一段"
NO_EFFECT = "它变多变少都不改变得分"
MAY_BE_NEGATIVE = "计分的数值可能是负数，条件符合时得分可能更高也可能更低"


@dataclass(frozen=True)
class Tendency:
    """`up`: more of the figure (or yes instead of no) never lowers the points; `down`: never raises them."""

    figure: str  # the code of a measure
    direction: Direction
    reason: str = ""  # why there is none

    @staticmethod
    def of(figure: str, trend: Trend) -> Tendency:
        if trend.way == "same":
            return Tendency(figure, "none", NO_EFFECT)
        return Tendency(figure, trend.way, trend.reason)


def shape(points: Sequence[Decimal]) -> Trend:
    """Of points that follow one another as what they depend on grows."""
    rises, falls = (any((a < b) if up else (a > b) for a, b in pairwise(points)) for up in (True, False))
    if rises and falls:
        return Trend("none", RISES_AND_FALLS)
    if not rises and not falls:
        return SAME
    return UP if rises else -UP


def along(points: Trend, subject: Trend) -> Trend:
    """Of points that depend on a subject which itself moves with a figure."""
    if "same" in (points.way, subject.way):
        return SAME
    if points.way == "none":
        return points
    return subject if points.way == "up" else -subject


def gated(amount: Trend, gate: Trend, never_negative: bool) -> Trend:
    """Of an amount that counts (or counts for more) only where a condition holds."""
    if not never_negative and gate != SAME:
        return Trend("none", MAY_BE_NEGATIVE)
    return amount + gate

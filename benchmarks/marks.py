"""Totals from figures, written once by hand for arrays and for column expressions. Knows no engine and no frame.

`exact`: whole numbers in 0.01 points, rounded half up by integer division. Otherwise float64, as one would
usually write it (with a tolerance of 1e-9 in the rounding, without which ties fall either way).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.clauses import (
    BONUS,
    BONUS_POOL,
    CLAUSES,
    PENALTY,
    PENALTY_CAP,
    Banded,
    Clause,
    Less,
    Listed,
    More,
    Straight,
)

Figures = Mapping[str, Any]  # arrays or expressions: whole numbers, money in cents, scores in tenths


@dataclass(frozen=True)
class Marks:
    """`where(test, then, otherwise)` and `floor` of the library at hand."""

    where: Callable[[Any, Any, Any], Any]
    floor: Callable[[Any], Any]
    exact: bool

    def total(self, figures: Figures) -> Any:
        """Exact: hundredths; otherwise points."""
        items = [self.item(clause, figures) for _, clause in CLAUSES]
        base = items[0]
        for item in items[1:]:
            base = base + item
        bonus = self._least(figures[BONUS[0]] * BONUS[1], BONUS_POOL)
        penalty = self._least(figures[PENALTY[0]] * PENALTY[1], PENALTY_CAP)
        if not self.exact:
            bonus, penalty = bonus / 100, penalty / 100
        total = base + bonus - penalty
        return self.where(total < 0, 0, total)

    def item(self, clause: Clause, figures: Figures) -> Any:
        match clause:
            case Straight():
                return self._guarded(clause, figures, self._straight)
            case Banded():
                return self._guarded(clause, figures, self._banded)
            case Less():
                return self._less(clause, figures)
            case More():
                return self._more(clause, figures)
            case Listed():
                return self._listed(clause, figures)

    def _guarded(self, clause: Any, figures: Figures, points: Callable[[Any, Any, Any], Any]) -> Any:
        """Full marks where the divisor is 0, as the 办法 says."""
        num = figures[clause.num]
        if isinstance(clause, Straight) and clause.minus:
            num = num - figures[clause.minus]
        if clause.den is None:
            return points(clause, num, 1)
        den = figures[clause.den]
        zero = den == 0
        return self.where(zero, self._whole(clause.full), points(clause, num, self.where(zero, 1, den)))

    def _straight(self, clause: Straight, num: Any, den: Any) -> Any:
        top, bottom = num * clause.times, den * clause.per
        x = None if self.exact else top / bottom
        first, last = clause.corners[0], clause.corners[-1]
        result: Any = self._whole(last[1])
        for (x0, y0), (x1, y1) in reversed(list(zip(clause.corners, clause.corners[1:], strict=False))):
            if self.exact:
                line = self._half_up(y0 * (x1 - x0) * bottom + (y1 - y0) * (top - x0 * bottom), bottom * (x1 - x0))
                below = top < x1 * bottom
            else:
                line, below = self._rounded(y0 + (y1 - y0) * (x - x0) / (x1 - x0)), x < x1
            result = self.where(below, line, result)
        under = top < first[0] * bottom if self.exact else x < first[0]
        return self.where(under, self._whole(first[1]), result)

    def _banded(self, clause: Banded, num: Any, den: Any) -> Any:
        rate = None if self.exact else 100 * num / den
        result: Any = self._whole(0)
        for limit, points in reversed(clause.bands):
            reached = 100 * num >= limit * den if self.exact else rate >= limit
            result = self.where(reached, self._whole(points), result)
        return result

    def _less(self, clause: Less, figures: Figures) -> Any:
        left: Any = clause.full
        for measure, each, cap in clause.parts:
            left = left - self._least(figures[measure] * each, cap)
        left = self.where(left < 0, 0, left)
        return left if self.exact else self._rounded(left)

    def _more(self, clause: More, figures: Figures) -> Any:
        """Parts over one divisor, then rounded once."""
        whole: Any = 0
        parts: list[tuple[Any, int]] = []
        for measure, each, per, steps in clause.parts:
            per = per * 100 if measure.startswith("sum_") else per
            if steps:
                whole = whole + figures[measure] // per * each
            else:
                parts.append((figures[measure] * each, per))
        for top, per in parts:
            if not self.exact:
                whole = whole + top / per
            elif len(parts) == 1:
                whole = self._half_up(whole * per + top, per)
            else:
                raise ValueError("exact awards with two fractional parts are not needed here")
        result = self._least(whole, clause.full)
        return result if self.exact else self._rounded(result)

    def _listed(self, clause: Listed, figures: Figures) -> Any:
        flags = [figures[flag] for flag in clause.flags]
        if clause.every:
            product = flags[0]
            for flag in flags[1:]:
                product = product * flag
            return product * self._whole(clause.full)
        count = flags[0]
        for flag in flags[1:]:
            count = count + flag
        return count * self._whole(clause.full // len(flags))

    def _least(self, value: Any, cap: int) -> Any:
        return self.where(value < cap, value, cap)

    def _whole(self, hundredths: int) -> Any:
        return hundredths if self.exact else hundredths / 100

    @staticmethod
    def _half_up(num: Any, den: Any) -> Any:
        """num / den ≥ 0, rounded half up; where it is negative the result is not used."""
        return (2 * num + den) // (2 * den)

    def _rounded(self, hundredths: Any) -> Any:
        return self.floor(hundredths + (0.5 + 1e-9)) / 100

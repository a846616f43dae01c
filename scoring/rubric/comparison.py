"""A figure of one unit beside the same figure of its group: highest, lowest, mean, total, place. Exact, as columns.

The columns are filled once per run, from the facts of all units of the group whose figure is there. Fractions with
different divisors are compared exactly; only the mean of such fractions is taken over figures with 12 decimals
(计算精度), since an exact sum of many fractions has no bound on its width.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.expressions import ExpressionError
from scoring.sql.exact import Atom, Quantity, Term
from scoring.sql.text import identifier

UNITS_HIGH = 10**5  # units of one group
MEAN_DECIMALS = 12


@dataclass(frozen=True)
class Comparison:
    """One function over the group. `name` is the column, `figure` the unit's own figure, `needs` its measures."""

    name: str
    function: str
    figure: Quantity
    needs: tuple[str, ...]

    @property
    def even(self) -> bool:
        """Whether all units have the same divisor, so that numerators alone can be compared."""
        return self.figure.den.is_constant

    def column(self, end: str = "") -> str:
        return identifier(f"{self.name}{end}")

    @property
    def quantity(self) -> Quantity:
        """What the function gives, as a figure. Raises ExpressionError for a sum of fractions."""
        num, den = self.figure.num, self.figure.den
        if self.function in ("place", "place_from_last"):
            return Quantity.atom(self.column(), 1, UNITS_HIGH)
        if self.function in ("highest", "lowest"):
            own = Term.of(Atom(self.column("_n"), num.low, num.high, max(num.bits, 64)))
            if self.even:
                return Quantity(own, den)
            return Quantity(own, Term.of(Atom(self.column("_d"), max(den.low, 1), den.high, max(den.bits, 64))))
        if self.function == "total":
            if not self.even:
                raise ExpressionError("比率不能合计", "请合计分子和分母的数据项，再相除")
            return Quantity(self._sum(num.low, num.high), den)
        units = Term.of(Atom(self.column("_units"), 1, UNITS_HIGH))
        if self.even:
            return Quantity(self._sum(num.low, num.high), units.scaled(den.constant))
        scale = 10**MEAN_DECIMALS
        reach = scale * num.reach // max(den.low, 1)
        return Quantity(self._sum(-reach if num.low < 0 else 0, reach), units.scaled(scale))

    def _sum(self, low: int, high: int) -> Term:
        return Term.of(Atom(self.column("_n"), min(low * UNITS_HIGH, low), high * UNITS_HIGH, 128))

"""Units of points inside the SQL: whole numbers, so that every step is exact. Knows rounding stages, no rule.

Points of an indicator are counted in units of 10^-d, d being the rubric's decimals for items (12 where it rounds
none: 计算精度). Everything above an indicator is counted in 10^-12, so that nothing is rounded where the rubric
does not say so; the last step shows DECIMAL.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring.rubric import Rubric
from scoring.sql.exact import half_up

SCALE = 12
OPEN_END = 10**36  # stands for an upper end without limit when ends are ordered


def item_decimals(rubric: Rubric) -> int:
    """Decimals in which an indicator's points are counted."""
    return rubric.spec.rounding.item if rubric.spec.rounding.item is not None else SCALE


def units_of(points: Decimal, decimals: int = SCALE) -> int:
    """Points in units of 10^-decimals, half up."""
    return half_up(Fraction(points) * 10**decimals)


def rounding_sql(sql: str, decimals: int | None) -> str:
    """An amount in 10^-12 rounded half up to so many decimals, still in 10^-12."""
    if decimals is None or decimals >= SCALE:
        return sql
    step = 10 ** (SCALE - decimals)
    return f"half_up_signed({sql}, {step}) * {step}"


def shown(sql: str, decimals: int = SCALE) -> str:
    """An amount in 10^-12 as DECIMAL with so many decimals (which it has)."""
    return f"({sql}::DECIMAL(26, 0) * 0.000000000001)::DECIMAL(38, {decimals})"


def in_units(sql: str, decimals: int) -> str:
    """An amount in 10^-decimals as DECIMAL."""
    if decimals == 0:
        return f"({sql})::DECIMAL(38, 0)"
    unit = "0." + "0" * (decimals - 1) + "1"
    return f"(({sql})::DECIMAL(26, 0) * {unit})::DECIMAL(38, {decimals})"


def decimals_of(rubric: Rubric, stage: str) -> int:
    """Decimals shown at a stage: item, section or total."""
    chosen = {"item": rubric.spec.rounding.item, "section": rubric.spec.rounding.section}.get(
        stage, rubric.spec.rounding.total
    )
    return SCALE if chosen is None else chosen

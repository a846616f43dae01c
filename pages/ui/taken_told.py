"""加分、扣分 and 一票否决 of one unit in words: from which figures, and what came of it. Reads result rows; reckons nothing."""

from __future__ import annotations

from pages.ui import drawn, rubric_words
from scoring.engine import Assessment
from scoring.engine.assessment import STATE_TITLES
from scoring.engine.printed import between, points
from scoring.engine.summed import adjustment_told
from scoring.expressions.words import amount
from scoring.rubric.model import Adjustment, Bonus, Penalty, Veto
from scoring.rubric.settings import figure_of


def kind(one: Adjustment) -> str:
    return "加分" if isinstance(one, Bonus) else "扣分" if isinstance(one, Penalty) else "一票否决"


def cost(one: Adjustment, lost: str) -> str:
    """扣 2.00 分; 一票否决，扣 31.27 分. `lost`: points as printed."""
    return f"一票否决，扣 {lost} 分" if isinstance(one, Veto) else f"扣 {lost} 分"


def address(unit: str, one: Adjustment) -> str:
    return drawn.address("unit", {"unit": unit, "adjustment": one.code})


def why(result: Assessment, unit: str, one: Adjustment) -> str:
    """媒体曝光 1 次，通报批评 0 次，扣 2.00 分. Without full stop."""
    rubric, group = result.rubric, result.rubric.group_of(unit) or ""
    rows = {row["measure"]: row for row in result.rows("measure", unit=unit)}
    codes = [code for code in rubric_words.adjustment_measures(rubric, group, one) if code in rows]
    told = [_figure(result, code, rows[code]) for code in codes]
    return "，".join([*told, _outcome(result, unit, one)])


def _figure(result: Assessment, code: str, row: dict[str, object]) -> str:
    measure, value = result.rubric.measures[code], row["value"]
    if value is None:
        return f"{measure.title}{STATE_TITLES[str(row['state'])]}"
    if figure_of(measure, result.rubric.forms).is_truth:
        return f"{measure.title}{'：是' if value else '：否'}"
    return f"{measure.title} {amount(value.normalize(), measure.thing)}"  # type: ignore[attr-defined]


def _outcome(result: Assessment, unit: str, one: Adjustment) -> str:
    row, total = result.one("adjustment", unit=unit, adjustment=one.code), result.one("unit_score", unit=unit)
    if row is None:
        return {"加分": "不加分", "扣分": "不扣分"}.get(kind(one), "一票否决不成立")
    low, high = row["points_low"], row["points_high"]
    if isinstance(one, Veto):
        held = f"一票否决成立：{one.effect.words}" if row["holds"] else "一票否决待定"
        known = low is not None and low == high != 0
        return f"{held}，扣 {points(-high)} 分" if known else held
    if told := adjustment_told(result.rubric, one, row, total["state"] if total else ""):
        return told
    if None in (low, high):
        return "待定"
    return f"加 {between(low, high)} 分" if isinstance(one, Bonus) else f"扣 {between(-high, -low)} 分"

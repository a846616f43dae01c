"""A distance of two units as tables: by section, and clause by clause. Prints what it is given, exactly."""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.assessment import STATE_TITLES, WITHOUT_RESULT
from scoring.engine.printed import between
from scoring.insight.gap import Gap, Part, Sum
from scoring.insight.summands import Ends
from scoring.reports.study import Cell, Row

ALSO, ALONE, NEITHER = "多数也差", "单独差", "不作区分"  # how the distance of a clause is split
SECTION_HEAD = ("一级指标", "差距", ALSO, ALONE, NEITHER)
_CENT = Decimal("0.01")


def part_head(gap: Gap) -> tuple[str, ...]:
    return (
        "一级指标",
        "条款",
        "内容",
        gap.ahead.title,
        gap.behind.title,
        "差距",
        "中间水平",
        ALSO,
        ALONE,
        "失分单位",
        "共性问题",
    )


def section_rows(gap: Gap) -> list[Row]:
    """Every heading, and the whole. What is open is a range; what most or only one lack are of what is known."""
    rows = [_sum_row(one) for one in gap.sections]
    whole = gap.whole
    difference = between(gap.ends.low, gap.ends.high) if gap.difference is None else exact(gap.difference)
    return [*rows, ("合计", difference, exact(whole.common), exact(whole.single), _rest(whole))]


def _sum_row(one: Sum) -> Row:
    difference = exact(one.difference) if one.difference is not None else f"{_range(one.ends)}（待定）"
    return one.title, difference, exact(one.common), exact(one.single), _rest(one)


def _rest(one: Sum) -> Decimal | None:
    """Not while a part is open: what rescaling makes up for is known last."""
    return None if one.open else exact(one.rest)


def part_rows(gap: Gap, section: str | None = None) -> list[Row]:
    """Every summand, or those of one heading (its code)."""
    titles = {one.code: one.title for one in gap.sections}
    return [_part_row(one, titles[one.section]) for one in gap.parts if section in (None, one.section)]


def _part_row(one: Part, section: str) -> Row:
    losing = None if one.losing is None else f"{one.losing[0]}/{one.losing[1]}"
    sides = [_side(ends, applies) for ends, applies in zip((one.ahead, one.behind), one.applies, strict=True)]
    difference = exact(one.difference) if one.difference is not None else f"{_range(one.ends)}（待定）"
    return (
        section, one.clause or None, one.title, *sides, difference, exact(one.middle), exact(one.common),
        exact(one.single), losing, one.problem or None,
    )  # fmt: skip


def _side(ends: Ends, applies: bool) -> Cell:
    if not applies:
        return "不适用"
    if ends.known is not None:
        return exact(ends.known)
    state = STATE_TITLES[ends.state] if ends.state != "value" else WITHOUT_RESULT
    return f"{state}（{_range(ends)}）"


def _range(ends: Ends) -> str:
    return between(*(None if end is None else exact(end) for end in (ends.low, ends.high)))


def exact(amount: Decimal | None) -> Decimal | None:
    """Two decimals, or as many as there are."""
    if amount is None:
        return None
    short = amount.quantize(_CENT)
    return short + 0 if short == amount else amount.normalize()

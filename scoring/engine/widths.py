"""Proves before any run that every step fits its width. Compiles each indicator by itself and reports where it does not."""

from __future__ import annotations

from collections.abc import Callable

from scoring.engine.amounts import item_decimals
from scoring.engine.details import gap_of
from scoring.engine.extras import adjustment_ends
from scoring.engine.landings import landing_of
from scoring.engine.placed import Placed, placed
from scoring.engine.points import points_sql, range_sql
from scoring.issues import Issue
from scoring.rubric import Rubric
from scoring.rubric.items import located
from scoring.rubric.rules.kind import rounded
from scoring.source import Loc
from scoring.sql.exact import WidthError

PROBLEM = "计算位数可能超过 38 位，无法保证精确"
FIX = "请改用较大的计量单位，减少一个指标里的比率，或为报表的列写 at_most"


def width_problems(rubric: Rubric) -> list[Issue]:
    """One error for each indicator or adjustment whose arithmetic could need more than 38 digits."""
    issues: list[Issue] = []
    places = {one.code: loc for loc, _, one in located(rubric.spec.sections)}
    for group in rubric.groups:
        for one in placed(rubric, group):
            if not _fits(lambda one=one: _compile(one)):  # type: ignore[misc]
                issues.append(rubric.document.issue(places[one.indicator.code], PROBLEM, FIX))
        for index, adjustment in enumerate(rubric.spec.adjustments):
            if adjustment in rubric.adjustments(group):
                loc: Loc = ("adjustments", index)
                if not _fits(lambda group=group, one=adjustment: adjustment_ends(rubric, group, one)):  # type: ignore[misc]
                    issues.append(rubric.document.issue(loc, PROBLEM, FIX))
    return list(dict.fromkeys(issues))


def _compile(one: Placed) -> None:
    decimals = item_decimals(one.rubric)
    points_sql(one, decimals)
    range_sql(one, decimals)
    for part in one.parts:
        rounded(part.amount, decimals)
    landing_of(one)
    if one.indicator.flag is not None:
        gap_of(one)


def _fits(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except WidthError:
        return False
    return True

"""Scores and losses entered by the assessors against the 办法: whose they are, their limit, their reason.

Nothing here sets a row aside: these are questions to the one who entered it (class B). Opens no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from scoring.expressions.words import number
from scoring.intake.tables import Sheet
from scoring.issues import Issue
from scoring.rubric import Indicator, Rubric
from scoring.rubric.judging import COLUMNS, of_assessors
from scoring.rubric.rules import Judged


@dataclass
class _Expected:
    """What may be entered for one indicator: by unit the highest limit of any edition; as a loss or as a score."""

    is_loss: bool
    limits: dict[str, Decimal] = field(default_factory=dict)


def entered_scores(rubrics: Sequence[Rubric], sheets: Mapping[str, Sheet]) -> Iterator[Issue]:
    """Entries for an indicator that nobody judges, outside the limits, or without a reason; in any edition."""
    expected: dict[str, dict[str, _Expected]] = {}  # form → indicator
    for rubric in rubrics:
        for _, indicator in rubric.placed():
            for rule in of_assessors(indicator):
                inside = expected.setdefault(rule.form, {})
                _raise_limits(rubric, indicator, rule, inside.setdefault(indicator.code, _Expected(rule.is_loss)))
    for form, known in expected.items():
        if form in sheets and set(sheets[form].form.by_code) >= COLUMNS:
            for at in range(len(sheets[form])):
                yield from _of_row(sheets[form], at, known)


def _raise_limits(rubric: Rubric, indicator: Indicator, rule: Judged, expected: _Expected) -> None:
    """The highest limit of each unit so far."""
    for unit in rubric.register.units:
        group = rubric.group_of(unit.code)
        if group is None or not indicator.in_group(group):
            continue
        full = indicator.full(group)
        if rule.limit is not None or full is not None:
            limit = rule.most_in(group, full)
            expected.limits[unit.code] = max(limit, expected.limits.get(unit.code, limit))


def _of_row(sheet: Sheet, at: int, known: Mapping[str, _Expected]) -> Iterator[Issue]:
    """Everything odd about one entry."""

    def cell(code: str) -> object:
        return sheet.values[code][at]

    def issue(column: str, problem: str, fix: str, value: str) -> Issue:
        line, title = cell("source_row"), sheet.form.by_code[column].title
        assert isinstance(line, int)
        return Issue(problem, fix, str(cell("source_file")), line, "", "B", title, value, str(cell("row_unit")))

    code, score = str(cell("indicator")), cell("score")
    if cell("indicator") is None:  # not readable: every score of the unit is then in doubt, which is told there
        return
    if code not in known:
        close = get_close_matches(code, known, n=1, cutoff=0.6)
        fix = f"是不是“{close[0]}”？" if close else "由考核组评分的指标：" + "、".join(known)
        yield issue("indicator", f"没有由考核组评分的指标“{code}”，这一行没有用上", fix, code)
        return
    what = "扣分" if known[code].is_loss else "评分"
    limit = known[code].limits.get(str(cell("row_unit")))
    if isinstance(score, (int, Decimal)):
        told = number(Decimal(score))
        if limit is not None and score > limit:
            yield issue("score", f"{what} {told} 高于上限 {number(limit)} 分，按上限计", f"请核对{what}", told)
        if score < 0:
            yield issue("score", f"{what} {told} 低于 0 分，按 0 分计", f"请核对{what}", told)
    masked = cell("masked")
    assert isinstance(masked, int)
    if "reason" in sheet.form.by_code and not cell("reason") and not masked & sheet.form.bit["reason"]:
        reason = sheet.form.by_code["reason"].title
        yield issue("reason", f"{what}没有写“{reason}”，照常计入", "请补上理由，备查", "")

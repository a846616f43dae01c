"""Compiles losses that land outside their item: on the section or on the total. One row per unit and landing."""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.amounts import SCALE, item_decimals
from scoring.engine.placed import Placed, placed, standing
from scoring.engine.points import replaced_by
from scoring.rubric import Rubric
from scoring.rubric.rules.kind import Part
from scoring.sql.exact import Quantity
from scoring.sql.text import Query, identifier, literal


def compile_landings(rubric: Rubric, group: str) -> Query:
    """Signed, in 10^-12 points; a lower end of NULL has no floor but that of the place it lands on."""
    pieces: list[str] = []
    codes: list[str] = []
    for one in placed(rubric, group):
        own = landing_of(one)
        pieces += own
        codes += [one.indicator.code] * bool(own)
    if not pieces:
        texts = ", ".join(f"NULL::VARCHAR AS {name}" for name in ("unit", "grp", "indicator", "node"))
        pieces = [f"SELECT {texts}, NULL::HUGEINT AS points_low, NULL::HUGEINT AS points_high WHERE FALSE"]
    told = f"{rubric.groups[group].title}：扣到一级指标或总分的失分各一行"
    return Query(f"{group}__landing", told, "\nUNION ALL\n".join(pieces), "score", tuple(codes))


def landing_of(one: Placed) -> list[str]:
    """SQL of each landing of one indicator."""
    found = []
    for _, scored in one.scored:
        away = [part for part in scored.parts if part.lands_on != "item"]
        if away:
            found.append(_landing(one, away, one.group))
    return found


def _landing(one: Placed, away: list[Part], group: str) -> str:
    node = one.section.code if away[0].lands_on == "section" else "total"
    low, high = (_end(one, away, side) for side in ("low", "high"))
    state = standing(one.indicator.code)
    if one.policy == "no_points":
        # a report that is missing puts its item to the floor; of the losses that land elsewhere, those known count
        low = f"CASE WHEN {state} = 'missing' THEN {high} ELSE {low} END"
    return (
        f"-- {one.heading}\n"
        f"SELECT unit, {literal(group)} AS grp, {literal(one.indicator.code)} AS indicator, {literal(node)} AS node,\n"
        f"    ({low})::HUGEINT AS points_low,\n    ({high})::HUGEINT AS points_high\n"
        f"FROM facts JOIN {identifier(group + '__points')} USING (unit)\nWHERE {state} <> 'not_applicable'"
    )


def _end(one: Placed, away: list[Part], side: str) -> str:
    decimals = item_decimals(one.rubric)
    total = Quantity.constant(0)
    opens = []
    for part in away:
        end = part.least if side == "low" else part.most
        if end is None and side == "low":
            opens.append(f"({part.unknown})")
        total = total + replaced_by(part, end if end is not None else Decimal(0))
    text = f"least(0, {total.rounded(decimals)}) * {10 ** (SCALE - decimals)}::HUGEINT"
    return f"CASE WHEN {' OR '.join(opens)} THEN NULL ELSE {text} END" if opens else text

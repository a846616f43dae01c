"""Compiles losses that land outside their item: on the section or on the total. One row per unit and landing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from scoring.engine.amounts import SCALE, item_decimals
from scoring.engine.compared import facts_of
from scoring.engine.placed import Opened, Placed, placed, standing
from scoring.engine.points import replaced_by
from scoring.engine.standing import standing_table
from scoring.rubric import Rubric
from scoring.rubric.rules.kind import Part
from scoring.sql.exact import Quantity
from scoring.sql.text import Query, identifier, literal


def lands_elsewhere(rubric: Rubric) -> bool:
    """Whether any loss lands outside its item. If none does, the steps that add them are left out."""
    return any(
        part.lands_on != "item" for group in rubric.groups for one in placed(rubric, group) for part in one.parts
    )


Source = Callable[[Placed], str]  # FROM source of the least and most of an item: unit, <code>__low, <code>__high


def ranges_of(one: Placed) -> str:
    """The table of ranges of an official run."""
    return identifier(one.group + "__range")


def compile_landings(rubric: Rubric, opened: Opened | None = None, ranges: Source = ranges_of) -> list[Query]:
    """Signed, in 10^-12 points; a lower end of NULL has no floor but that of the place it lands on."""
    queries: list[Query] = []
    for group in rubric.groups:
        pieces: dict[str, list[str]] = {}
        for one in placed(rubric, group):
            is_open = opened is None or one.indicator.code in opened[group]
            if own := landing_of(one, is_open, ranges, facts_of(rubric, group)):
                pieces[one.indicator.code] = own
        if pieces:
            told = f"{rubric.groups[group].title}：扣到一级指标或总分的失分各一行"
            union = "\nUNION ALL\n".join(text for own in pieces.values() for text in own)
            queries.append(Query(f"{group}__landing", told, union, "score", tuple(pieces)))
    union = "\nUNION ALL\n".join(f"SELECT * FROM {identifier(query.name)}" for query in queries)
    return [*queries, Query("landed", "扣到别处的失分，每笔一行；下端为空表示没有底", union or _NONE)]


_NONE = """SELECT NULL::VARCHAR AS unit, NULL::VARCHAR AS grp, NULL::VARCHAR AS indicator, NULL::VARCHAR AS node,
    NULL::HUGEINT AS points_low, NULL::HUGEINT AS points_high, TRUE AS item_known
WHERE FALSE"""


def landing_of(one: Placed, opened: bool = True, ranges: Source = ranges_of, facts: str = "facts") -> list[str]:
    """SQL of each landing of one indicator. `opened`: its own points may be a range. `facts`: where its figures stand."""
    found = []
    for _, scored in one.scored:
        away = [part for part in scored.parts if part.lands_on != "item"]
        if away:
            found.append(_landing(one, away, ranges(one) if opened else None, facts))
    return found


def _landing(one: Placed, away: list[Part], ranges: str | None, facts: str) -> str:
    node = {"section": one.section.code, "block": _block(one)}.get(away[0].lands_on, "total")
    low, high = (_end(one, away, side) for side in ("low", "high"))
    state = standing(one.indicator.code)
    if one.policy == "no_points":
        # a report that is missing puts its item to the floor; of the losses that land elsewhere, those known count
        low = f"CASE WHEN {state} = 'missing' THEN {high} ELSE {low} END"
    source = f"{facts} JOIN {identifier(standing_table(one.group))} USING (unit)"
    known = "TRUE"
    if ranges is not None:
        source += f" JOIN {ranges} USING (unit)"
        ends = [identifier(one.indicator.code + end) for end in ("__low", "__high")]
        known = f"coalesce({ends[0]} = {ends[1]}, FALSE)"
    return (
        f"-- {one.heading}\n"
        f"SELECT unit, {literal(one.group)} AS grp, {literal(one.indicator.code)} AS indicator, {literal(node)} AS node,\n"
        f"    ({low})::HUGEINT AS points_low,\n    ({high})::HUGEINT AS points_high,\n    {known} AS item_known\n"
        f"FROM {source}\nWHERE {state} <> 'not_applicable'"
    )


def _block(one: Placed) -> str:
    """The section of the first level above the indicator."""
    node = next(node for node in one.rubric.nodes() if node.section.code == one.section.code)
    return node.above[0].code if node.above else one.section.code


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

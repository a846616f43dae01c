"""Compiles points: per group, each indicator's points and range, from the table of facts.

Phase two: depends on the small table of facts and on the rubric's numbers. Points are whole numbers in units
of 10^-decimals (0.01 分 where items are rounded to two); a range is looked at only where a part is unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from scoring.engine.amounts import SCALE, item_decimals, units_of
from scoring.engine.compared import facts_of
from scoring.engine.placed import Placed, placed, standing
from scoring.engine.spread import by_variant, ends_by_variant
from scoring.engine.standing import standing_table, state_sql, unknown_sql
from scoring.rubric import Rubric
from scoring.rubric.rules.kind import Part, Scored, replaced, rounded, unified
from scoring.sql.exact import Quantity, least
from scoring.sql.text import Line, Query, columns, identifier, indent, literal


def compile_points(rubric: Rubric, group: str, open_items: Collection[str] | None = None) -> list[Query]:
    """Points of what is known; and the range of what is not, of the indicators named (None: of all)."""
    scale, inside = item_decimals(rubric), placed(rubric, group)
    notes = {one.indicator.code: f"{one.heading}\n{one.words}" for one in inside}
    found = points_columns(rubric, group, open_items)
    lines: list[Line] = ["unit"]
    lines += [(f"{sql} AS {points_column(code)}", notes[code]) for code, sql in found.items()]
    select = f"SELECT\n{columns(lines)}\nFROM {points_source(rubric, group)}\nWHERE grp = {literal(group)}"
    unit = "分" if scale == 0 else f"0.{'0' * (scale - 1)}1 分"
    told = f"{rubric.groups[group].title}每个单位一行：各指标的得分（单位 {unit}），算不定的为空"
    queries = [Query(points_table(group), told, select, "score", _codes(inside))]
    opened = [one for one in inside if open_items is None or one.indicator.code in open_items]
    if opened:
        queries.append(_range(rubric, group, opened))
    return queries


def points_table(group: str) -> str:
    return f"{group}__points"


def points_column(indicator: str) -> str:
    return identifier(indicator + "__points")


def points_source(rubric: Rubric, group: str) -> str:
    """What the points are computed from, as a FROM source."""
    return f"{facts_of(rubric, group)} JOIN {identifier(standing_table(group))} USING (unit)"


def points_columns(rubric: Rubric, group: str, open_items: Collection[str] | None = None) -> dict[str, str]:
    """SQL of the points of each indicator, NULL where they are not known."""
    scale = item_decimals(rubric)

    def work() -> dict[str, str]:
        found = {}
        for one in placed(rubric, group):
            code, text = one.indicator.code, by_variant(one, lambda way: points_sql(way, scale))
            if open_items is None or code in open_items:
                text = f"CASE WHEN {standing(code)} = 'value' THEN\n{indent(text)}\nEND"
            found[code] = f"({text})::{whole(scale)}"
        return found

    opened = "all" if open_items is None else ",".join(sorted(open_items))
    columns_found: dict[str, str] = rubric.once(f"points {group} {opened}", work)
    return columns_found


def item_ends(one: Placed, scale: int, is_open: bool) -> tuple[str, str, str]:
    """SQL of the points where everything is known, and of the least and most where not ("" where that cannot be)."""
    low, high = _ends(one, scale) if is_open else ("", "")
    return by_variant(one, lambda way: points_sql(way, scale)), low, high


def whole(scale: int) -> str:
    """The type that holds the points of an item."""
    return "BIGINT" if scale < SCALE else "HUGEINT"


def _codes(inside: Sequence[Placed]) -> tuple[str, ...]:
    return tuple(one.indicator.code for one in inside)


def _range(rubric: Rubric, group: str, opened: Sequence[Placed]) -> Query:
    scale = item_decimals(rubric)
    lines: list[Line] = ["unit"]
    for one in opened:
        code, state = one.indicator.code, standing(one.indicator.code)
        points = points_column(code)
        for side, text in zip(("low", "high"), _ends(one, scale), strict=True):
            sql = f"CASE WHEN {state} = 'value' THEN {points} ELSE\n{indent(text)}\nEND::{whole(scale)}"
            sql += f" AS {identifier(f'{code}__{side}')}"
            lines.append((sql, one.heading) if side == "low" else sql)
    source = f"{points_source(rubric, group)} JOIN {identifier(points_table(group))} USING (unit)"
    select = f"SELECT\n{columns(lines)}\nFROM {source}"
    told = f"{rubric.groups[group].title}每个单位一行：各指标可能的最低分和最高分"
    return Query(f"{group}__range", told, select, "score", _codes(opened))


def _ends(one: Placed, scale: int) -> tuple[str, str]:
    """SQL of the least and the most, also while a neighbour's full marks may still come on top."""
    known = f"({state_sql(one, neighbours=False)}) = 'value'"
    return ends_by_variant(one, lambda way: range_sql(way, scale), lambda way: points_sql(way, scale), known)


def item_parts(scored: Scored) -> list[Part]:
    return [part for part in scored.parts if part.lands_on == "item" and part.counts]


def points_sql(one: Placed, scale: int) -> str:
    """SQL of the points when everything is known: Σ rules, rounded, within the item's limits; or what an event leaves."""
    text = reckoned_sql(one, scale)
    return f"CASE WHEN {one.void} THEN {units_of(one.leaves, scale)} ELSE {text} END" if one.void is not None else text


def reckoned_sql(one: Placed, scale: int) -> str:
    """SQL of the points by the rules alone."""
    rules = [scored for _, scored in one.scored]
    if len(rules) == 1 and rules[0].start == 0 and rules[0].cap is None and rules[0].gate is None:
        parts = [part for part in item_parts(rules[0]) if part.counts]
        if len(parts) == 1:
            least_points, most_points = (None, None) if parts[0].signed else (parts[0].least, parts[0].most)
            return _limited(rounded(parts[0].amount, scale), one, scale, least_points, most_points)
    total = Quantity.constant(0)
    low: Decimal | None = Decimal(0)
    high: Decimal | None = Decimal(0)
    for scored in rules:
        parts = item_parts(scored)
        total = total + _sum(scored, [(None, part) for part in parts], scale)
        leasts = [None if part.signed else part.least for part in parts]
        mosts = [None if part.signed else part.most for part in parts]
        low = None if low is None or None in leasts else low + scored.start + sum(x for x in leasts if x is not None)
        top = scored.cap if scored.cap is not None else (
            None if None in mosts else sum((x for x in mosts if x is not None), Decimal(0)))  # fmt: skip
        high = None if high is None or top is None else high + scored.start + top
    return _limited(total.rounded(0), one, scale, low, high)


def _sum(
    scored: Scored, parts: Sequence[tuple[tuple[str, Decimal] | None, Part]], scale: int, opened: Sequence[str] = ()
) -> Quantity:
    """start + Σ parts within the cap, in units of 10^-scale; an unknown part may be replaced by a bound.

    `opened`: tests under which the sum reaches the cap, because an unknown part has no bound of its own.
    """
    unit = 10**scale
    total = Quantity.constant(0)
    for end, part in parts:
        amount = tuple((test, points * Quantity.constant(unit)) for test, points in part.amount)
        total = total + (unified(amount) if end is None else replaced(end[0], end[1] * unit, amount))
    if scored.cap is not None:
        total = capped(total, scored.cap * unit)
        if opened:
            total = replaced(" OR ".join(opened), scored.cap * unit, ((None, total),))
    if scored.gate is not None:
        total = unified(((scored.gate, total), (None, Quantity.constant(0))))
    return Quantity.constant(scored.start * unit) + total


def capped(total: Quantity, cap: Decimal) -> Quantity:
    """At most `cap`."""
    top = Quantity.constant(cap)
    if total.den.is_constant:
        return least([total, top])
    return unified(((total.compare(">=", top), top), (None, total)))


def _limited(sql: str, one: Placed, scale: int, low: Decimal | None, high: Decimal | None) -> str:
    """Within [0, top]; limits that cannot be reached are not printed."""
    text = sql
    if one.top is not None and (high is None or high > one.top):
        text = f"least({units_of(one.top, scale)}, {text})"
    if low is None or low < 0:
        text = f"greatest(0, {text})"
    return text


def range_sql(one: Placed, scale: int) -> tuple[str, str]:
    """SQL of the least and the most the unit can get, by state."""
    top = str(units_of(one.top, scale)) if one.top is not None else "NULL"
    full = str(units_of(one.full, scale)) if one.full is not None else "NULL"
    head: list[str] = []
    if one.policy == "no_points":
        head.append("WHEN 'missing' THEN 0")
    then = one.indicator.base_zero.then if one.indicator.base_zero is not None else None
    if then in ("no_points", "full_marks"):
        head.append(f"WHEN 'zero_base' THEN {0 if then == 'no_points' else full}")
    out = []
    for side in ("low", "high"):
        open_end, text = _bound(one, scale, side)
        if one.doubtful is not None:
            open_end = f"{open_end} OR {one.doubtful}" if open_end else one.doubtful
        limit = "0" if side == "low" else top
        if open_end:
            text = f"CASE WHEN {open_end} THEN {limit} ELSE {text} END"
        if one.void is not None:
            text = _void_bound(one, text, units_of(one.leaves, scale), side)
        state = standing(one.indicator.code)
        instead = f"WHEN 'not_applicable' THEN {_instead(one, scale, limit)}"
        out.append(f"CASE {state} " + "\n     ".join([instead, *head, f"ELSE {text} END"]))
    return out[0], out[1]


def _void_bound(one: Placed, text: str, leaves: int, side: str) -> str:
    """The bound while the event may have happened. (A top of NULL has no limit; nothing an event leaves is above it.)"""
    if side == "low":
        return f"CASE WHEN {one.void} IS NULL AND {leaves} < ({text}) THEN {leaves} ELSE {text} END"
    return f"CASE WHEN {one.void} IS NULL AND {leaves} > ({text}) THEN {leaves} ELSE {text} END"


def _instead(one: Placed, scale: int, limit: str) -> str:
    """Points of an item that does not apply. `limit`: the end of its range where there is no average to take."""
    policy = one.indicator.not_applicable
    if policy is None or policy.then in ("rescale", "no_points", "spread") or one.full is None:
        return "0"
    if policy.then == "average":
        points = points_column(one.indicator.code)
        mean = f"half_up((sum({points}) OVER ())::HUGEINT, nullif(count({points}) OVER (), 0))"
        return f"coalesce({mean}, {limit})"
    share = Decimal(1) if policy.then == "full_marks" else Decimal(policy.then)
    return str(units_of(one.full * share, scale))


def _bound(one: Placed, scale: int, side: str) -> tuple[str, str]:
    """(SQL that says the bound is open, SQL of the bound with unknown parts at their end)."""
    only = [part for _, scored in one.scored for part in item_parts(scored) if unknown_sql(one, part) != "FALSE"]
    if len(only) == 1 and len(one.scored) == 1 and one.scored[0][1].gate is None and one.void is None:
        return _single_bound(one, only[0], scale, side)  # not known as a whole means this part is not known
    open_ends: list[str] = []
    total = Quantity.constant(0)
    for _, scored in one.scored:
        pairs: list[tuple[tuple[str, Decimal] | None, Part]] = []
        opened: list[str] = []
        for part in item_parts(scored):
            test = unknown_sql(one, part)
            end = part.least if side == "low" else part.most
            if test == "FALSE":
                pairs.append((None, part))
            elif end is None:
                if side == "high" and scored.cap is not None:
                    opened.append(f"({test})")
                else:  # behind a gate that is shut nothing is open
                    gate = f" AND ({scored.gate}) IS NOT FALSE" if scored.gate is not None else ""
                    open_ends.append(f"(({test}){gate})")
                pairs.append(((test, Decimal(0)), part))
            else:
                pairs.append(((test, end), part))
        gated = scored
        if scored.gate is not None and (side == "low") == _takes(scored):
            gated = Scored(scored.start, scored.parts, scored.cap, f"({scored.gate}) IS NOT FALSE", ())
        total = total + _sum(gated, pairs, scale, opened)
    return " OR ".join(open_ends), _limited(total.rounded(0), one, scale, None, None)


def _takes(scored: Scored) -> bool:
    """Whether the rule only takes: an undecided premise then leaves the loss to the lower end."""
    return all(part.most == 0 for part in item_parts(scored))


def _single_bound(one: Placed, part: Part, scale: int, side: str) -> tuple[str, str]:
    scored = one.scored[0][1]
    end = part.least if side == "low" else part.most
    if end is not None and scored.cap is not None:
        end = min(end, scored.cap)
    if end is None:
        if side == "low":
            return "", "0"
        top = one.top if scored.cap is None else scored.cap if one.top is None else min(one.top, scored.cap)
        return "", "NULL" if top is None else str(units_of(top, scale))
    points = max(Decimal(0), scored.start + end)
    return "", str(units_of(points if one.top is None else min(points, one.top), scale))


def replaced_by(part: Part, value: Decimal) -> Quantity:
    """The part, or a value where it is unknown."""
    return replaced(part.unknown, value, part.amount)

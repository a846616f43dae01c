"""Compiles points: per group, each indicator's state, points and range, from the table of facts.

Phase two: depends on the small table of facts and on the rubric's numbers. Points are whole numbers in units
of 10^-decimals (0.01 分 where items are rounded to two); a range is looked at only where a part is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scoring.engine.amounts import SCALE, item_decimals, units_of
from scoring.engine.placed import Placed, placed, standing
from scoring.rubric import Rubric
from scoring.rubric.rules.kind import Part, Scored, replaced, rounded, unified
from scoring.sql.exact import Quantity, least
from scoring.sql.text import Query, columns, identifier, indent, literal, values_table


def compile_points(rubric: Rubric, group: str) -> list[Query]:
    """State and points; range; and both in long form, for one group."""
    scale = item_decimals(rubric)
    whole = "BIGINT" if scale < SCALE else "HUGEINT"
    inside = placed(rubric, group)
    codes = tuple(one.indicator.code for one in inside)
    title = rubric.groups[group].title
    lines: list[str | tuple[str, str]] = ["unit"]
    for one in inside:
        name = one.indicator.code
        text = f"{_state(one)} AS {standing(name)}"
        lines.append((text, f"{one.heading}\n{one.words}"))
        lines.append(
            f"CASE WHEN {standing(name)} = 'value' THEN\n"
            f"{indent(points_sql(one, scale))}\nEND::{whole} AS {identifier(name + '__points')}"
        )
    select = f"SELECT\n{columns(lines)}\nFROM facts\nWHERE grp = {literal(group)}"
    unit = "分" if scale == 0 else f"0.{'0' * (scale - 1)}1 分"
    told = f"{title}每个单位一行：各指标的状态和得分（单位 {unit}）"
    ranges: list[str | tuple[str, str]] = ["unit"]
    for one in inside:
        low, high = range_sql(one, scale)
        name = identifier(one.indicator.code + "__points")
        state = standing(one.indicator.code)
        ranges.append((f"CASE WHEN {state} = 'value' THEN {name} ELSE\n{indent(low)}\nEND::{whole} AS "
                       f"{identifier(one.indicator.code + '__low')}", one.heading))  # fmt: skip
        ranges.append(f"CASE WHEN {state} = 'value' THEN {name} ELSE\n{indent(high)}\nEND::{whole} AS "
                      f"{identifier(one.indicator.code + '__high')}")  # fmt: skip
    range_select = f"SELECT\n{columns(ranges)}\nFROM facts JOIN {identifier(group + '__points')} USING (unit)"
    return [
        Query(f"{group}__points", told, select, "score", codes),
        Query(f"{group}__range", f"{title}每个单位一行：各指标可能的最低分和最高分", range_select, "score", codes),
        _earned(rubric, group, inside),
    ]


def _state(one: Placed) -> str:
    """value, not_applicable, missing, masked, pending or zero_base."""
    indicator = one.indicator
    cases: list[str] = []
    if indicator.not_applicable is not None and indicator.not_applicable.when is not None:
        test = one.setting.sure(indicator.not_applicable.when.tree)
        cases.append(f"WHEN {test} THEN 'not_applicable'")
    parts = [part for part in one.parts if part.needs and part.counts] or [part for part in one.parts if part.needs]
    if parts:
        cases.append(
            f"WHEN {' AND '.join(dict.fromkeys(_inapplicable(one, part) for part in parts))} THEN 'not_applicable'"
        )
    zero = _zero(one)
    if zero and indicator.base_zero is not None and indicator.base_zero.then == "not_applicable":
        cases.append(f"WHEN {zero} THEN 'not_applicable'")
    unknown = [one.doubtful] if one.doubtful is not None else []
    unknown += [test for part in one.parts if part.counts and (test := _unknown(one, part)) != "FALSE"]
    for _, scored in one.scored:
        if scored.gate is not None:
            unknown.append(f"({scored.gate}) IS NULL")
    if unknown:
        states = [one.setting.state(code) for code in one.needs]
        anything = " OR ".join(dict.fromkeys(unknown))
        if zero:
            known = " AND ".join(f"{state} = 'value'" for state in states)
            cases.append(f"WHEN {known} AND ({zero}) THEN 'zero_base'")
        cases.append(f"WHEN {anything} THEN absent_state([{', '.join(states)}])")
    return "CASE " + "\n     ".join([*cases, "ELSE 'value' END"]) if cases else "'value'"


def _inapplicable(one: Placed, part: Part) -> str:
    """SQL: this part does not apply to the unit."""
    tests = [f"{one.setting.state(code)} = 'not_applicable'" for code in part.needs]
    return tests[0] if len(tests) == 1 else f"({(' OR ' if part.whole else ' AND ').join(tests)})"


def _unknown(one: Placed, part: Part) -> str:
    """SQL: this part is undecided for the unit."""
    if not part.whole:
        return part.unknown
    tests = [f"{one.setting.state(code)} = 'not_applicable'" for code in part.needs]
    return part.unknown if len(one.parts) == 1 else " OR ".join([part.unknown, *tests])


def _zero(one: Placed) -> str:
    """SQL: a divisor of the indicator is 0."""
    guards = {guard.sql() for part in one.parts for _, amount in part.amount for guard in amount.guards}
    guards |= {guard.sql() for part in one.parts if part.shown is not None for guard in part.shown.guards}
    return " OR ".join(f"{guard} = 0" for guard in sorted(guards))


def item_parts(scored: Scored) -> list[Part]:
    return [part for part in scored.parts if part.lands_on == "item" and part.counts]


def points_sql(one: Placed, scale: int) -> str:
    """SQL of the points when everything is known: Σ rules, rounded, within the item's limits."""
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
    """Within [0, full]; limits that cannot be reached are not printed."""
    text = sql
    if one.full is not None and (high is None or high > one.full):
        text = f"least({units_of(one.full, scale)}, {text})"
    if low is None or low < 0:
        text = f"greatest(0, {text})"
    return text


def range_sql(one: Placed, scale: int) -> tuple[str, str]:
    """SQL of the least and the most the unit can get, by state."""
    full = one.full
    top = str(units_of(full, scale)) if full is not None else "NULL"
    head: list[str] = [f"WHEN 'not_applicable' THEN {_instead(one, scale)}"]
    if one.policy == "no_points":
        head.append("WHEN 'missing' THEN 0")
    then = one.indicator.base_zero.then if one.indicator.base_zero is not None else None
    if then in ("no_points", "full_marks"):
        head.append(f"WHEN 'zero_base' THEN {0 if then == 'no_points' else top}")
    out = []
    for side in ("low", "high"):
        open_end, text = _bound(one, scale, side)
        if one.doubtful is not None:
            open_end = f"{open_end} OR {one.doubtful}" if open_end else one.doubtful
        limit = "0" if side == "low" else top
        if open_end:
            text = f"CASE WHEN {open_end} THEN {limit} ELSE {text} END"
        state = standing(one.indicator.code)
        out.append(f"CASE {state} " + "\n     ".join([*head, f"ELSE {text} END"]))
    return out[0], out[1]


def _instead(one: Placed, scale: int) -> str:
    """Points of an item that does not apply."""
    policy = one.indicator.not_applicable
    if policy is None or policy.then in ("rescale", "no_points") or one.full is None:
        return "0"
    share = Decimal(1) if policy.then == "full_marks" else Decimal(policy.then)
    return str(units_of(one.full * share, scale))


def _bound(one: Placed, scale: int, side: str) -> tuple[str, str]:
    """(SQL that says the bound is open, SQL of the bound with unknown parts at their end)."""
    only = [part for _, scored in one.scored for part in item_parts(scored) if _unknown(one, part) != "FALSE"]
    if len(only) == 1 and len(one.scored) == 1 and one.scored[0][1].gate is None:
        return _single_bound(one, only[0], scale, side)  # not known as a whole means this part is not known
    open_ends: list[str] = []
    total = Quantity.constant(0)
    for _, scored in one.scored:
        pairs: list[tuple[tuple[str, Decimal] | None, Part]] = []
        opened: list[str] = []
        for part in item_parts(scored):
            test = _unknown(one, part)
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
        if scored.gate is not None and side == "high":
            gated = Scored(scored.start, scored.parts, scored.cap, f"({scored.gate}) IS NOT FALSE", ())
        total = total + _sum(gated, pairs, scale, opened)
    return " OR ".join(open_ends), _limited(total.rounded(0), one, scale, None, None)


def _single_bound(one: Placed, part: Part, scale: int, side: str) -> tuple[str, str]:
    scored = one.scored[0][1]
    end = part.least if side == "low" else part.most
    if end is not None and scored.cap is not None:
        end = min(end, scored.cap)
    if end is None:
        if side == "low":
            return "", "0"
        top = one.full if scored.cap is None else scored.cap if one.full is None else min(one.full, scored.cap)
        return "", "NULL" if top is None else str(units_of(top, scale))
    points = max(Decimal(0), scored.start + end)
    return "", str(units_of(points if one.full is None else min(points, one.full), scale))


def replaced_by(part: Part, value: Decimal) -> Quantity:
    """The part, or a value where it is unknown."""
    return replaced(part.unknown, value, part.amount)


def _earned(rubric: Rubric, group: str, inside: list[Placed]) -> Query:
    """All indicators below one another, in 10^-12 points."""
    step = 10 ** (SCALE - item_decimals(rubric))
    facts = [
        (
            one.indicator.code,
            one.section.code,
            position,
            units_of(one.full) if one.full is not None else None,
            one.indicator.not_applicable is None or one.indicator.not_applicable.then == "rescale",
        )
        for position, one in enumerate(inside)
    ]
    listed = values_table("i", ["indicator", "section", "position", "full_marks", "rescales"], facts)
    pieces = []
    for one in inside:
        code = one.indicator.code
        heads = ", ".join(identifier(f"{code}{end}") for end in ("__standing", "__points", "__low", "__high"))
        pieces.append(f"({heads}) AS {literal(code)}")
    group_points, group_range = identifier(group + "__points"), identifier(group + "__range")
    unit = f"::HUGEINT * {step}" if step > 1 else ""
    select = f"""WITH listed AS (
{indent(listed)}
), wide AS (
    SELECT * FROM {group_points} JOIN {group_range} USING (unit)
)
SELECT e.unit, {literal(group)} AS grp, l.section, e.indicator, l.position, e.state,
    CASE WHEN e.low = e.high THEN e.low{unit} END AS points, e.low{unit} AS points_low, e.high{unit} AS points_high,
    l.full_marks, e.state = 'not_applicable' AND l.rescales AS left_out
FROM wide UNPIVOT INCLUDE NULLS ((state, points, low, high) FOR indicator IN (
    {("," + chr(10) + "    ").join(pieces)}
)) e JOIN listed l USING (indicator)"""
    codes = tuple(one.indicator.code for one in inside)
    told = f"{rubric.groups[group].title}每个单位每个指标一行（单位 10⁻¹² 分）"
    return Query(f"{group}__earned", told, select, "score", codes)

"""Compiles the state of each indicator for each unit: value, not_applicable, zero_base, missing, masked, pending.

Looks at facts and at what the rules need, not at how many points they give; so a change of weights leaves it
as it is (unless a weight becomes 0: a part that gives and takes nothing is not waited for).
"""

from __future__ import annotations

from scoring.engine.compared import facts_of
from scoring.engine.placed import Placed, placed, standing
from scoring.engine.spread import doubtful_neighbours, spread_items
from scoring.rubric import Rubric
from scoring.rubric.rules.kind import Part
from scoring.sql.text import Line, Query, columns, identifier, literal


def compile_standing(rubric: Rubric, group: str) -> Query:
    """One row per unit of the group, one column per indicator."""
    inside = placed(rubric, group)
    lines: list[Line] = ["unit"]
    for one in inside:
        lines.append((f"({state_sql(one)})::state AS {standing(one.indicator.code)}", one.heading))
    select = f"SELECT\n{columns(lines)}\nFROM {facts_of(rubric, group)}\nWHERE grp = {literal(group)}"
    told = f"{rubric.groups[group].title}每个单位一行：各指标的状态"
    return Query(standing_table(group), told, select, "score", tuple(one.indicator.code for one in inside))


def standing_table(group: str) -> str:
    return f"{group}__standing"


def open_items_sql(rubric: Rubric, group: str) -> str:
    """One row: for each indicator of the group whether any unit has it in a state other than value."""
    tests = [f"bool_or({standing(one.indicator.code)} <> 'value')" for one in placed(rubric, group)]
    return f"SELECT {', '.join(tests) or 'NULL'} FROM {identifier(standing_table(group))}"


def state_sql(one: Placed, neighbours: bool = True) -> str:
    """value, not_applicable, missing, masked, pending or zero_base. `neighbours`: also by what a neighbour leaves open."""
    if ("state", neighbours) not in one.compiled:
        one.compiled["state", neighbours] = _state_sql(one, neighbours)
    found: str = one.compiled["state", neighbours]
    return found


def _state_sql(one: Placed, neighbours: bool) -> str:
    indicator = one.indicator
    cases: list[str] = []
    if indicator.not_applicable is not None and indicator.not_applicable.when is not None:
        test = one.setting.sure(indicator.not_applicable.when.tree)
        cases.append(f"WHEN {test} THEN 'not_applicable'")
    if one.void is not None:
        cases.append(f"WHEN {one.void} THEN 'value'")
    parts = [part for part in one.parts if part.needs and part.counts] or [part for part in one.parts if part.needs]
    if parts:
        cases.append(
            f"WHEN {' AND '.join(dict.fromkeys(_inapplicable(one, part) for part in parts))} THEN 'not_applicable'"
        )
    zero = _zero(one)
    if zero and indicator.base_zero is not None and indicator.base_zero.then == "not_applicable":
        cases.append(f"WHEN {zero} THEN 'not_applicable'")
    needs = dict.fromkeys(one.needs)
    unknown = [one.doubtful] if one.doubtful is not None else []
    unknown += [f"{one.void} IS NULL"] if one.void is not None else []
    if neighbours and (doubt := doubtful_neighbours(one)):
        unknown.append(doubt)
        needs = dict.fromkeys([*one.needs, *(code for other in spread_items(one) for code in other.needs)])
    unknown += [test for part in one.parts if part.counts and (test := unknown_sql(one, part)) != "FALSE"]
    for _, scored in one.scored:
        if scored.gate is not None:
            unknown.append(f"({scored.gate}) IS NULL")
    if unknown:
        states = [one.setting.state(code) for code in needs]
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


def unknown_sql(one: Placed, part: Part) -> str:
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

"""Compiles what a unit is compared with: highest, lowest, mean, total and place of a figure in its group.

Depends on facts and on what the rules look at, not on points. A unit whose figure is not there, or does not apply,
or has a zero divisor, is left out of its group and has no place in it.
"""

from __future__ import annotations

from scoring.engine.placed import Placed, placed
from scoring.expressions.words import words
from scoring.rubric import Rubric
from scoring.rubric.comparison import MEAN_DECIMALS, Comparison
from scoring.sql.exact import Term, WidthError
from scoring.sql.text import Line, Query, columns, identifier, indent, literal

KEY_DECIMALS = 18  # two steps of so many decimals tell apart any two fractions with divisors below 10^18


def compile_compared(rubric: Rubric, group: str) -> list[Query]:
    """One row per unit; no query where nothing is compared."""
    found = {one.name: (placing, one) for placing in placed(rubric, group) for one in comparisons(placing)}
    if not found:
        return []
    own: list[Line] = ["unit"]
    of_group: list[Line] = ["unit"]
    for placing, one in found.values():
        own += _own(placing, one)
        of_group += _of_group(one, f"{placing.heading}：{_told(placing, one)}")
    select = (
        f"WITH own AS (\n    SELECT\n{indent(columns(own))}\n    FROM facts\n    WHERE grp = {literal(group)}\n)\n"
        f"SELECT\n{columns(of_group)}\nFROM own"
    )
    told = f"{rubric.groups[group].title}每个单位一行：与本组比较的数值"
    codes = tuple(dict.fromkeys(placing.indicator.code for placing, _ in found.values()))
    return [Query(compared_table(group), told, select, "score", codes)]


def compared_table(group: str) -> str:
    return f"{group}__compared"


def facts_of(rubric: Rubric, group: str) -> str:
    """The facts of a group with what they are compared with, as a FROM source."""
    compares = any(placing.indicator.calls for placing in placed(rubric, group))
    return f"facts JOIN {identifier(compared_table(group))} USING (unit)" if compares else "facts"


def comparisons(one: Placed) -> list[Comparison]:
    return [one.names.comparison(call) for call in one.indicator.calls]


def _told(placing: Placed, one: Comparison) -> str:
    call = next(call for call in placing.indicator.calls if placing.names.comparison(call).name == one.name)
    return words(call, placing.names.title)


def _own(placing: Placed, one: Comparison) -> list[Line]:
    """The unit's own numerator and divisor, NULL where its figure is not there."""
    tests = [f"{placing.setting.state(code)} = 'value'" for code in one.needs]
    tests += [f"{guard.sql()} <> 0" for guard in one.figure.guards]
    known = " AND ".join(dict.fromkeys(tests))
    return [
        f"CASE WHEN {known} THEN ({term.sql()})::HUGEINT END AS {one.column(end)}"
        for end, term in _terms(one)
    ]


def _terms(one: Comparison) -> list[tuple[str, Term]]:
    return [("__x", one.figure.num)] if one.even else [("__x", one.figure.num), ("__y", one.figure.den)]


def _of_group(one: Comparison, note: str) -> list[Line]:
    """SQL of the columns that `Comparison.quantity` reads."""
    x, y, key = one.column("__x"), one.column("__y"), one.column("__x")
    if not one.even:
        if one.figure.den.reach > 10**KEY_DECIMALS:
            raise WidthError("计算位数可能超过 38 位")
        key = f"fraction_key({x}, {y})"
    match one.function:
        case "place" | "place_from_last":
            order = "DESC" if one.function == "place" else "ASC"
            rank = f"rank() OVER (ORDER BY {key} {order} NULLS LAST)"
            return [(f"CASE WHEN {x} IS NOT NULL THEN {rank} END::BIGINT AS {one.column()}", note)]
        case "highest" | "lowest":
            word = "max" if one.function == "highest" else "min"
            if one.even:
                return [(f"{word}({x}) OVER () AS {one.column('_n')}", note)]
            order = f"row({key}, {y})"  # of equal fractions (1/3 and 2/6) both ends are taken from the same one
            ends = [f"arg_{word}({term}, {order}) OVER () AS {one.column(end)}" for term, end in ((x, "_n"), (y, "_d"))]
            return [(ends[0], note), ends[1]]
        case "total":
            return [(f"sum({x}) OVER ()::HUGEINT AS {one.column('_n')}", note)]
    value = x if one.even else f"half_up_signed({x} * {10**MEAN_DECIMALS}, {y})"
    return [
        (f"(sum({value}) OVER ())::HUGEINT AS {one.column('_n')}", note),
        f"count({x}) OVER () AS {one.column('_units')}",
    ]

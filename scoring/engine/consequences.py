"""Compiles consequences (通报, 约谈, 书面整改 …): which clause a unit's place, grade or total brings upon it.

A consequence fires for a unit whose result is settled. While another unit can still move its place it is written
down as open, so that nobody is called in over a place that may not last.
"""

from __future__ import annotations

from scoring.expressions import names
from scoring.expressions.parse import Name, rebuilt
from scoring.expressions.rows import condition
from scoring.rubric import Rubric
from scoring.rubric.model import CONSEQUENCE_TYPES, Consequence
from scoring.sql.text import Query, literal

_NONE = """SELECT "group", unit, 0 AS number, '' AS clause, '' AS action, 0::INTEGER AS within_days, FALSE AS settled
FROM stands WHERE FALSE"""
BY_PLACE = frozenset(["place", "place_from_last", "change_of_place"])


def compile_consequences(rubric: Rubric) -> Query:
    """One row per unit and clause that takes hold of it."""
    pieces = [_one(rubric, number, one) for number, one in enumerate(rubric.spec.consequences)]
    if not pieces:
        pieces = [_NONE]
    union = "\nUNION ALL\n".join(pieces)
    select = f"""WITH stands AS (
    SELECT r.*, previous_place - place AS change_of_place,
        -- 1 is the last; units that share a place share this one too
        CASE WHEN place IS NOT NULL THEN rank() OVER (PARTITION BY "group" ORDER BY place DESC NULLS LAST) END AS place_from_last,
        -- the same, but of units that share a place all count, so that none of them is left in
        CASE WHEN place IS NOT NULL THEN count(place) OVER (PARTITION BY "group" ORDER BY place DESC NULLS LAST) END
            AS place_from_last_of_all,
        bool_or(state = 'pending') OVER (PARTITION BY "group") AS group_open
    FROM ranking r
)
{union}
ORDER BY 1, 3, 2"""
    return Query("consequence", "每个单位每条后果一行：条款、措施、是否已定", select, "detail")


def _one(rubric: Rubric, number: int, one: Consequence) -> str:
    when = one.when.tree
    if one.edge == "out":
        when = rebuilt(when, lambda node: Name("place_from_last_of_all") if node == Name("place_from_last") else node)
    test = condition(when, CONSEQUENCE_TYPES | {"place_from_last_of_all": CONSEQUENCE_TYPES["place_from_last"]})
    by_place = bool(names(one.when.tree) & BY_PLACE)
    settled = "NOT provisional AND NOT group_open" if by_place else "NOT quota_open"
    groups = f' AND "group" IN ({", ".join(literal(code) for code in one.groups)})' if one.groups else ""
    days = literal(one.within_days)
    return (
        f"-- {one.clause}\n"
        f"SELECT \"group\", unit, {number} AS number, {literal(one.clause)} AS clause, {literal(one.action)} AS action, "
        f"{days}::INTEGER AS within_days, {settled} AS settled\nFROM stands WHERE ({test}){groups}"
    )

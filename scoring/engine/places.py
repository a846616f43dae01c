"""Compiles places: complete units among themselves, ties, what is 暂定, and the places a unit can still take."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.engine.amounts import OPEN_END
from scoring.rubric import Rubric
from scoring.sql.text import Query, literal


def compile_places(rubric: Rubric) -> Query:
    """One row per unit. Best and worst place hold for every way in which unknown figures can turn out."""
    spec = rubric.spec
    dense = spec.places.ties == "1-1-2"
    breakers = [f"b{index}.low" for index in range(len(spec.places.break_by))]
    broken = _broken(rubric, dense, breakers)
    place, tied = ("c.place", "c.tied") if breakers else ("1 + s.settled_above", "s.complete > 1")
    # A tie that sections may break can still put an equal total above.
    upto = "settled_above + CASE WHEN side = 'low' THEN settled_here ELSE 0 END" if breakers else "settled_above"
    undecided = "NOT complete AND countable > 0 AND NOT unranked"
    surely = "0" if dense else "s.surely_above"
    select = f"""WITH ends AS (
    SELECT unit, grp, key_low AS amount, 'complete' AS side, total FROM graded WHERE complete AND NOT unranked
    UNION ALL
    SELECT unit, grp, coalesce(key_low, -{OPEN_END}), 'low', NULL FROM graded WHERE {undecided}
    UNION ALL
    SELECT unit, grp, coalesce(key_high, {OPEN_END}), 'high', NULL FROM graded WHERE {undecided}
), levels AS (
    SELECT grp, amount, min(total) AS total, count_if(side = 'complete') AS complete,
        count_if(side = 'low') AS low, count_if(side = 'high') AS high
    FROM ends GROUP BY grp, amount
), above AS (
    -- how many stand above each amount, and the nearest total above it
    SELECT grp, amount, complete, {"(complete > 0)::INT" if dense else "complete"} AS settled_here,
        coalesce(sum(settled_here) OVER higher, 0) AS settled_above,
        coalesce(sum(low) OVER higher, 0) AS surely_above,
        coalesce(sum(high) OVER higher, 0) AS possibly_above,
        min(total) OVER higher AS next_total
    FROM levels
    WINDOW higher AS (PARTITION BY grp ORDER BY amount DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), stands AS (
    SELECT e.unit, e.side, a.* EXCLUDE (grp, amount, settled_above), {upto} AS settled_above
    FROM ends e JOIN above a USING (grp, amount)
){broken}
SELECT g.unit, g.grp, CASE WHEN s.unit IS NOT NULL THEN {place} END::BIGINT AS place,
    s.unit IS NOT NULL AND {tied} AS tied, g.total, g.unranked, g.stopped, g.no_awards,
    g.total_low, g.total_high, g.complete, g.grade_rank, g.by_quota, g.quota_open, g.counted, g.countable, g.full_marks,
    coalesce(s.possibly_above > 0, FALSE) AS provisional,
    (CASE WHEN s.unit IS NOT NULL THEN {place} + {surely} ELSE 1 + h.settled_above + {surely.replace("s.", "h.")} END)::BIGINT
        AS best_place,
    (CASE WHEN s.unit IS NOT NULL THEN {place} + s.possibly_above
          -- its own upper end is among those above its lower end
          ELSE 1 + l.settled_above + l.possibly_above
              - CASE WHEN coalesce(g.key_high, {OPEN_END}) > coalesce(g.key_low, -{OPEN_END}) THEN 1 ELSE 0 END
     END)::BIGINT AS worst_place,
    s.next_total - g.total AS to_next
FROM graded g
LEFT JOIN stands s ON s.unit = g.unit AND s.side = 'complete'
LEFT JOIN stands h ON h.unit = g.unit AND h.side = 'high'
LEFT JOIN stands l ON l.unit = g.unit AND l.side = 'low'{" LEFT JOIN broken c ON c.unit = g.unit" if breakers else ""}"""
    return Query("placed", "每个单位一行：名次", select)


def tie_breakers(rubric: Rubric) -> tuple[str, str]:
    """SQL: joins of the sections that break ties to a table `g` of units, and the order from the best down."""
    codes = rubric.spec.places.break_by
    joins = "".join(
        f"\n    LEFT JOIN node b{index} ON b{index}.unit = g.unit AND b{index}.section = {literal(code)}"
        for index, code in enumerate(codes)
    )
    return joins, ", ".join(["g.key_low DESC", *(f"b{index}.low DESC" for index in range(len(codes)))])


def _broken(rubric: Rubric, dense: bool, breakers: Sequence[str]) -> str:
    """The CTE with places where sections break ties; nothing where none do."""
    if not breakers:
        return ""
    joins, order = tie_breakers(rubric)
    keys = ", ".join(["g.grp", "g.key_low", *breakers])
    return f""", broken AS (
    SELECT g.unit, {"dense_rank" if dense else "rank"}() OVER (PARTITION BY g.grp ORDER BY {order}) AS place,
        count(*) OVER (PARTITION BY {keys}) > 1 AS tied
    FROM graded g{joins}
    WHERE g.complete AND NOT g.unranked
)"""

"""Compiles places: complete units among themselves, ties, what is 暂定, and the places a unit can still take."""

from __future__ import annotations

from scoring.engine.amounts import OPEN_END
from scoring.rubric import Rubric
from scoring.sql.text import Query, literal


def compile_places(rubric: Rubric) -> Query:
    """One row per unit. Best and worst place hold for every way in which unknown figures can turn out."""
    spec = rubric.spec
    dense = spec.places.ties == "1-1-2"
    breakers = [f"b{index}.low DESC" for index in range(len(spec.places.break_by))]
    joins = "".join(
        f"\n    LEFT JOIN node b{index} ON b{index}.unit = g.unit AND b{index}.section = {literal(code)}"
        for index, code in enumerate(spec.places.break_by)
    )
    order = ", ".join(["g.key_low DESC", *breakers])
    keys = ", ".join(["g.grp", "g.key_low", *(f"b{index}.low" for index in range(len(breakers)))])
    # A tie that sections may break can still put an equal total above.
    until = "CURRENT ROW" if breakers else "1 PRECEDING"
    step = "is_first" if dense else "side = 'complete'"
    select = f"""WITH complete AS (
    SELECT g.unit, {"dense_rank" if dense else "rank"}() OVER (PARTITION BY g.grp ORDER BY {order}) AS place,
        count(*) OVER (PARTITION BY {keys}) > 1 AS tied,
        -- the nearest total above
        min(g.total) OVER (PARTITION BY g.grp ORDER BY g.key_low RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
            - g.total AS to_next
    FROM graded g{joins}
    WHERE g.complete
), ends AS (
    SELECT unit, grp, key_low AS amount, 'complete' AS side,
        row_number() OVER (PARTITION BY grp, key_low ORDER BY unit) = 1 AS is_first
    FROM graded WHERE complete
    UNION ALL
    SELECT unit, grp, coalesce(key_low, -{OPEN_END}), 'low', FALSE FROM graded WHERE NOT complete AND countable > 0
    UNION ALL
    SELECT unit, grp, coalesce(key_high, {OPEN_END}), 'high', FALSE FROM graded WHERE NOT complete AND countable > 0
), above AS (
    SELECT unit, side,
        coalesce(count_if({step}) OVER higher, 0) AS settled_above,
        coalesce(count_if({step}) OVER upto, 0) AS settled_upto,
        coalesce(count_if(side = 'low') OVER higher, 0) AS surely_above,
        coalesce(count_if(side = 'high') OVER higher, 0) AS possibly_above
    FROM ends
    WINDOW higher AS (PARTITION BY grp ORDER BY amount DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        upto AS (PARTITION BY grp ORDER BY amount DESC RANGE BETWEEN UNBOUNDED PRECEDING AND {until})
)
SELECT g.unit, g.grp, c.place, coalesce(c.tied, FALSE) AS tied, g.total, g.total_low, g.total_high, g.complete,
    g.grade_rank, g.by_quota, g.counted, g.countable, g.full_marks,
    g.complete AND s.possibly_above > 0 AS provisional,
    (CASE WHEN g.complete THEN c.place + {"0" if dense else "s.surely_above"}
          ELSE 1 + h.settled_above + {"0" if dense else "h.surely_above"} END)::BIGINT AS best_place,
    (CASE WHEN g.complete THEN c.place + s.possibly_above
          -- its own upper end is among those above its lower end
          ELSE 1 + l.settled_upto + l.possibly_above
              - CASE WHEN coalesce(g.key_high, {OPEN_END}) > coalesce(g.key_low, -{OPEN_END}) THEN 1 ELSE 0 END
     END)::BIGINT AS worst_place,
    c.to_next
FROM graded g
LEFT JOIN above s ON s.unit = g.unit AND s.side = 'complete'
LEFT JOIN above h ON h.unit = g.unit AND h.side = 'high'
LEFT JOIN above l ON l.unit = g.unit AND l.side = 'low'
LEFT JOIN complete c ON c.unit = g.unit"""
    return Query("placed", "每个单位一行：名次", select)

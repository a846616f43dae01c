"""Compiles sections that stand in sections, are weighted, or take the lowest, highest or average of what is below.

Bottom-up, one step per level: what is below a section is put together (`takes`), what does not apply is scaled up
within it where the rubric says so, losses that land on it are taken off, and its limits hold. All in SQL, in 10^-12
points; the upper end is NULL where nothing limits it. Rubrics whose sections are a plain list do without (`sections`).
"""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.amounts import rounding_sql, units_of
from scoring.rubric import Rubric
from scoring.rubric.items import Node, Section
from scoring.rubric.structure import surplus, worth
from scoring.sql.text import Query, identifier, values_table

COLUMNS = ["grp", "section", "parent", "level", "position", "stated", "worth", "weight", "takes", "within", "hidden",
           "surplus"]  # fmt: skip


def has_levels(rubric: Rubric) -> bool:
    """Whether sections are more than a plain list of sums."""
    return any(
        node.level or node.section.weight is not None or node.section.takes != "sum" or node.section.rescale_within
        for node in rubric.nodes()
    )


def alone(section: Section, indicator: str) -> str:
    """The node of one item of a section that does not simply add its items."""
    return f"{section.code}__{indicator}"


def weight_scale(rubric: Rubric) -> int:
    """All weights are whole numbers of one part in so many."""
    exponents = [
        -int(points.amount.normalize().as_tuple().exponent)
        for node in rubric.nodes()
        if node.section.weight is not None
        for points in node.section.weight.values
    ]
    return 10 ** max([0, *exponents])


def compile_levels(rubric: Rubric, lands: bool) -> Query:
    """One row per unit and section of every level, like the plain `node`, and what the section above gets of it."""
    depth = max(node.level for node in rubric.nodes()) + 1
    items = " UNION ALL ".join(f"SELECT * FROM {identifier(group + '__sum')}" for group in rubric.groups)
    losses = ""
    if lands:
        losses = """, losses AS (
    SELECT unit, node, CASE WHEN count(*) = count(points_low) THEN sum(points_low)::HUGEINT END AS low,
        sum(points_high)::HUGEINT AS high
    FROM landed GROUP BY ALL
)"""
    levels = [_level(rubric, level, level < depth, lands) for level in range(depth, -1, -1)]
    union = "\nUNION ALL\n".join(f"SELECT * FROM level_{level}" for level in range(depth + 1))
    select = f"""WITH listed AS (
{_listed(rubric)}
), items AS (
    {items}
){losses}, {", ".join(levels)}
{union}"""
    return Query("node", "每个单位每级指标一行（单位 10⁻¹² 分）", select)


def _listed(rubric: Rubric) -> str:
    rows: list[tuple[object, ...]] = []
    scale = weight_scale(rubric)
    for group in rubric.groups:
        for position, node in enumerate(rubric.nodes(group)):
            section = node.section
            rows.append(_row(node, group, position, scale))
            if section.takes != "sum":
                for one in section.indicators_of(group):
                    full = units_of(one.full(group) or Decimal(0))
                    code = alone(section, one.code)
                    rows.append((group, code, section.code, node.level + 1, position, None, full, scale, "sum", False, True, 0))
    return values_table("s", COLUMNS, rows)


def _row(node: Node, group: str, position: int, scale: int) -> tuple[object, ...]:
    section = node.section
    stated, whole = section.full(group), worth(section, group)
    return (
        group,
        section.code,
        node.parent.code if node.parent is not None else "",
        node.level,
        position,
        units_of(stated) if stated is not None else None,
        units_of(whole) if whole is not None else None,
        int(section.share_of(group) * scale),
        section.takes,
        section.rescale_within,
        False,
        units_of(surplus(section, group)),
    )


def _level(rubric: Rubric, level: int, has_below: bool, lands: bool) -> str:
    """The CTEs of one level, the deepest first."""
    scale = weight_scale(rubric)
    below = f"""
    UNION ALL
    SELECT unit, grp, parent, low, high, given_low, given_high, left_out, given_left_out, worth, weight, counted, countable
    FROM level_{level + 1}""" if has_below else ""  # fmt: skip
    losses, added = "", ("t.low", "t.high")
    if lands:
        losses = " LEFT JOIN losses x ON x.unit = t.unit AND x.node = t.section"
        added = ("CASE WHEN x.unit IS NULL THEN t.low ELSE t.low + x.low END", "t.high + coalesce(x.high, 0)")
    return f"""below_{level} AS (
    SELECT i.unit, i.grp, i.section, i.low, i.high, i.low AS given_low, i.high AS given_high, i.left_out,
        i.left_out AS given_left_out, l.worth, {scale} AS weight, i.counted, i.countable
    FROM items i JOIN listed l USING (grp, section) WHERE l.level = {level}{below}
), fitting_{level} AS (
    -- what does not apply as a whole is left out of lowest, highest and average; in part, it is scaled up
    SELECT *, left_out = 0 OR left_out < worth AS applies, {_scaled("low")} AS full_low, {_scaled("high")} AS full_high
    FROM below_{level}
), piled_{level} AS (
    SELECT unit, grp, section, sum(given_low)::HUGEINT AS raw_low,
        CASE WHEN count(*) = count(given_high) THEN sum(given_high)::HUGEINT END AS raw_high,
        sum(given_left_out)::HUGEINT AS raw_left, sum(counted)::BIGINT AS counted, sum(countable)::BIGINT AS countable,
        coalesce(bool_or(applies), FALSE) AS applies, {_piled("low", scale)},
        coalesce(bool_or(applies AND full_high IS NULL), FALSE) AS endless, {_piled("high", scale)}
    FROM fitting_{level} GROUP BY unit, grp, section
), taken_{level} AS (
    SELECT p.unit, p.grp, p.section, l.* EXCLUDE (grp, section), p.raw_low, p.raw_high, p.counted, p.countable,
        {_taken("low")} AS taken_low, {_taken("high")} AS taken_high,
        CASE WHEN l.takes = 'sum' THEN greatest(0, p.raw_left - l.surplus) WHEN p.applies THEN 0 ELSE l.worth END::HUGEINT AS "left"
    FROM piled_{level} p JOIN listed l USING (grp, section)
), whole_{level} AS (
    SELECT *, {_within("taken_low")} AS low, {_within("taken_high")} AS high,
        CASE WHEN within AND "left" < worth THEN 0::HUGEINT ELSE "left" END AS left_out
    FROM taken_{level}
), summed_{level} AS (
    SELECT t.* EXCLUDE (low, high, taken_low, taken_high, "left"), t.low AS whole_low, t.high AS whole_high,
        {added[0]} AS sum_low, {added[1]} AS sum_high
    FROM whole_{level} t{losses}
), limited_{level} AS (
    SELECT *, CASE WHEN sum_low IS NULL THEN 0 ELSE ({_limited(rubric, "sum_low")})::HUGEINT END AS low,
        CASE WHEN sum_high IS NULL THEN stated ELSE ({_limited(rubric, "sum_high")})::HUGEINT END AS high
    FROM summed_{level}
), level_{level} AS (
    SELECT *, {_given("low", scale)} AS given_low, {_given("high", scale)} AS given_high,
        {_given("left_out", scale)} AS given_left_out
    FROM limited_{level}
)"""


def _scaled(side: str) -> str:
    text = f"half_up({side}::HUGEINT * worth, (worth - left_out)::HUGEINT)::HUGEINT"
    return f"CASE WHEN left_out = 0 THEN {side} WHEN left_out < worth THEN {text} END"


def _within(side: str) -> str:
    """Scaled up to the section's own full marks, where the rubric says that it is done within the section."""
    text = f'half_up({side}::HUGEINT * worth, (worth - "left")::HUGEINT)::HUGEINT'
    return f'CASE WHEN within AND "left" > 0 AND "left" < worth THEN {text} ELSE {side} END'


def _given(side: str, scale: int) -> str:
    return f"half_up({side}::HUGEINT * weight, {scale}::HUGEINT)::HUGEINT" if scale > 1 else f"{side} * weight"


def _limited(rubric: Rubric, side: str) -> str:
    return f"least(stated, {rounding_sql(f'greatest(0, {side})', rubric.spec.rounding.section)})"


def _piled(side: str, scale: int) -> str:
    """Lowest, highest and average of what applies, each times its weight (the average: over the weights).

    An upper end of NULL has no limit: it never is the lowest, and it leaves highest and average without one (`endless`).
    """
    own = f"full_{side}"
    share = f"half_up({own}::HUGEINT * weight, {scale}::HUGEINT)" if scale > 1 else f"{own} * weight"
    fitting = f"CASE WHEN applies THEN {share} END"
    mean = f"half_up(sum(CASE WHEN applies THEN {own}::HUGEINT * weight END)::HUGEINT, sum(CASE WHEN applies THEN weight END)::HUGEINT)"
    return f"min({fitting}) AS lowest_{side}, max({fitting}) AS highest_{side},\n        {mean} AS average_{side}"


def _taken(side: str) -> str:
    """The sum, lowest, highest or average of what is below; 0 where nothing of it applies."""
    endless = "WHEN p.endless THEN NULL " if side == "high" else ""
    return (
        f"(CASE WHEN l.takes = 'sum' THEN p.raw_{side} WHEN NOT p.applies THEN 0 "
        f"WHEN l.takes = 'lowest' THEN p.lowest_{side}\n            {endless}"
        f"WHEN l.takes = 'highest' THEN p.highest_{side} ELSE p.average_{side} END)::HUGEINT"
    )

"""Compiles sections and the base: Σ items + losses that land on the section, its limits, rescaling. All in SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Any

from scoring.engine.amounts import SCALE, item_decimals, rounding_sql, units_of
from scoring.engine.landings import lands_elsewhere
from scoring.engine.levels import alone, compile_levels, has_levels
from scoring.engine.placed import Opened, Placed, counts_where_absent, placed, rescales, standing
from scoring.engine.spread import by_variant
from scoring.engine.standing import standing_table
from scoring.rubric import Rubric
from scoring.rubric.structure import in_all, reach, surplus
from scoring.sql.text import Line, Query, columns, identifier, indent, literal, values_table


def compile_sections(rubric: Rubric, opened: Opened | None = None) -> list[Query]:
    """From points to each unit's 基础得分, for all groups together."""
    sums = [_sums(rubric, group, None if opened is None else opened[group]) for group in rubric.groups]
    return [*sums, *compile_nodes(rubric)]


Given = Callable[[str, Sequence[str], Sequence[Sequence[Any]]], str]  # name, columns, rows → SELECT of these rows


def compile_nodes(rubric: Rubric, given: Given = values_table) -> list[Query]:
    """From the sums of items to each unit's 基础得分. `given`: how full marks come into the text, by default as literals."""
    lands = lands_elsewhere(rubric)
    node = compile_levels(rubric, lands) if has_levels(rubric) else _nodes(rubric, lands, given)
    return [node, _bases(rubric, given)]


def piles(rubric: Rubric, group: str) -> list[tuple[str, str, list[Placed]]]:
    """(node, title, its items): sections with own items; each item by itself where they are not simply added."""
    found: list[tuple[str, str, list[Placed]]] = []
    for node in rubric.nodes(group):
        section = node.section
        own = [one for one in placed(rubric, group) if one.section.code == section.code]
        if section.takes == "sum":
            found += [(section.code, section.title, own)] if own else []
        else:
            found += [(alone(section, one.indicator.code), one.indicator.title, [one]) for one in own]
    return found


def _sums(rubric: Rubric, group: str, open_items: Collection[str] | None) -> Query:
    """Σ items of each section; an item without an upper end leaves the section without one.

    Beside it: 满分 of what is left out, how many items count (应计) and how many of them are settled (已计).
    """
    inside = placed(rubric, group)
    is_open = open_items is None or bool(open_items)
    ends = ("low", "high", "left_out", "counted", "countable") if is_open else ("low",)
    lines: list[Line] = ["unit"]
    pieces, sizes = [], []
    for code, title, own in piles(rubric, group):
        heads = [identifier(f"{code}__{end}") for end in ends]
        parts = _section_parts(own, open_items)
        lines += [(f"{parts[0]} AS {heads[0]}", title)]
        lines += [f"{text} AS {head}" for text, head in zip(parts[1:], heads[1:], strict=False)]
        pieces.append(f"({', '.join(heads)}) AS {literal(code)}")
        sizes.append((code, len(own)))
    step = 10 ** (SCALE - item_decimals(rubric))
    scaled = f" * {step}" if step > 1 else ""
    points = identifier(f"{group}__points")
    if is_open:
        source = f"{points} JOIN {identifier(standing_table(group))} USING (unit)"
        source += f" JOIN {identifier(group + '__range')} USING (unit)"
        told = f"low{scaled} AS low, high{scaled} AS high, left_out, counted, countable"
        joined = ""
    else:  # all is known: one end is the other, and every item counts
        source = points
        told = f"low{scaled} AS low, low{scaled} AS high, 0::HUGEINT AS left_out, items AS counted, items AS countable"
        joined = f" JOIN ({values_table('n', ['section', 'items'], sizes)}) USING (section)"
    select = f"""WITH wide AS (
    SELECT
{indent(columns(lines))}
    FROM {source}
)
SELECT unit, {literal(group)} AS grp, section, {told}
FROM wide UNPIVOT INCLUDE NULLS (({", ".join(ends)}) FOR section IN (
    {("," + chr(10) + "    ").join(pieces)}
)){joined}"""
    title = f"{rubric.groups[group].title}每个单位每个一级指标一行：指标得分之和（单位 10⁻¹² 分）"
    return Query(f"{group}__sum", title, select, "score", tuple(one.indicator.code for one in inside))


def _section_parts(own: Sequence[Placed], open_items: Collection[str] | None) -> tuple[str, str, str, str, str]:
    """SQL of Σ low, Σ high, Σ left out, items settled, items that count."""
    low, high, left_out, settled, count = [], [], [], [], []
    for one in own:
        code = one.indicator.code
        if open_items is not None and code not in open_items:
            low.append(identifier(code + "__points"))
            high.append(low[-1])
            continue
        ends = identifier(code + "__low"), identifier(code + "__high")
        low.append(ends[0])
        high.append(ends[1])
        test, gone, absent = settled_sql(one, *ends)
        left_out += [gone] if gone else []
        count += [f"({absent})::INT"] if absent else []
        settled.append(f"coalesce(({test})::INT, 0)")
    return (
        " + ".join([f"{low[0]}::HUGEINT", *low[1:]]),
        " + ".join([f"{high[0]}::HUGEINT", *high[1:]]),
        f"({' + '.join(left_out) or '0'})::HUGEINT",
        " + ".join([str(len(own) - len(settled)), *settled]),
        " - ".join([str(len(own)), *count]),
    )


def settled_sql(one: Placed, low: str, high: str) -> tuple[str, str, str]:
    """SQL of an item that some unit has open: whether it is settled, the full marks it leaves out ("" none), and whether
    it does not count ("" never). `low`, `high`: its ends."""
    test = f"{low} = {high}"
    if counts_where_absent(one):
        return test, "", ""
    absent = f"{standing(one.indicator.code)} = 'not_applicable'"
    full = by_variant(one, lambda way: str(units_of(way.full or Decimal(0))))
    return f"{test} AND NOT {absent}", f"CASE WHEN {absent} THEN {full} ELSE 0 END" if rescales(one) else "", absent


def marks(rubric: Rubric) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """Full marks of sections (s) and groups (g) in 10^-12: columns and rows."""
    sections = []
    for group in rubric.groups:
        for position, section in enumerate(rubric.sections(group)):
            full = section.full(group)
            worth = units_of(full) if full is not None else None
            sections.append((group, section.code, position, worth, units_of(surplus(section, group))))
    groups = [
        (code, units_of(one.full_marks), units_of(in_all(rubric.spec, code, reach) or one.full_marks))
        for code, one in rubric.groups.items()
    ]
    return {
        "s": (["grp", "section", "position", "full_marks", "surplus"], sections),
        "g": (["grp", "full_marks", "reach"], groups),
    }


def _nodes(rubric: Rubric, lands: bool, given: Given) -> Query:
    """Section = Σ items + landings, rounded, within [0, full marks]. (least() leaves a NULL limit aside.)"""

    def limited(side: str) -> str:
        return f"least(full_marks, {rounding_sql(f'greatest(0, {side})', rubric.spec.rounding.section)})"

    losses = joined = ""
    added = ("i.low", "i.high")
    if lands:
        losses = """losses AS (
    SELECT unit, node, CASE WHEN count(*) = count(points_low) THEN sum(points_low)::HUGEINT END AS low,
        sum(points_high)::HUGEINT AS high
    FROM landed GROUP BY ALL
), """
        joined = " LEFT JOIN losses x ON x.unit = i.unit AND x.node = i.section"
        added = ("CASE WHEN x.unit IS NULL THEN i.low ELSE i.low + x.low END", "i.high + coalesce(x.high, 0)")
    items = " UNION ALL ".join(f"SELECT * FROM {identifier(group + '__sum')}" for group in rubric.groups)
    select = f"""WITH listed AS (
{given("s", *marks(rubric)["s"])}
), items AS (
    {items}
), {losses}summed AS (
    SELECT i.unit, i.grp, i.section, l.position, l.full_marks, greatest(0, i.left_out - l.surplus)::HUGEINT AS left_out,
        i.counted, i.countable,
        {added[0]} AS sum_low, {added[1]} AS sum_high
    FROM items i JOIN listed l USING (grp, section){joined}
)
SELECT *, CASE WHEN sum_low IS NULL THEN 0 ELSE ({limited("sum_low")})::HUGEINT END AS low,
    CASE WHEN sum_high IS NULL THEN full_marks ELSE ({limited("sum_high")})::HUGEINT END AS high
FROM summed"""
    return Query("node", "每个单位每个一级指标一行（单位 10⁻¹² 分）", select)


def _bases(rubric: Rubric, given: Given) -> Query:
    """基础得分 = Σ sections, rescaled for what does not apply: Σ × 满分 ÷（满分 − 不适用）.

    满分 is what can be reached, also where that is not what the group states (D38): who has lost nothing then has the same
    total whether all items apply or not.
    """

    def rescaled(side: str) -> str:
        text = f"half_up({side}::HUGEINT * g.reach, (g.reach - left_out)::HUGEINT)::HUGEINT"
        return f"CASE WHEN left_out = 0 THEN {side} WHEN left_out < g.reach THEN {text} END"

    end, first = ("given_", " WHERE level = 0") if has_levels(rubric) else ("", "")
    select = f"""WITH groups AS (
{given("g", *marks(rubric)["g"])}
), summed AS (
    SELECT unit, grp, sum({end}low)::HUGEINT AS low,
        CASE WHEN count(*) = count({end}high) THEN sum({end}high)::HUGEINT END AS high,
        sum({end}left_out)::HUGEINT AS left_out, sum(counted)::BIGINT AS counted, sum(countable)::BIGINT AS countable
    FROM node{first} GROUP BY ALL
)
SELECT s.unit, s.grp, g.full_marks, s.left_out, s.counted, s.countable, s.low AS sum_low, s.high AS sum_high,
    {rescaled("s.low")} AS low,
    {rescaled("s.high")} AS high
FROM summed s JOIN groups g USING (grp)"""
    return Query("base", "每个单位一行：基础得分（合理缺项已折算）", select)

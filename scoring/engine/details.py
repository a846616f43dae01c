"""Compiles what explains: indicator values, parts of rules, shortfalls with their gap in things. Changes no score."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from scoring.engine.amounts import decimals_of, in_units, item_decimals, shown, units_of
from scoring.engine.compared import facts_of
from scoring.engine.placed import Placed, placed, standing
from scoring.engine.points import reckoned_sql
from scoring.engine.spread import by_variant, variants
from scoring.engine.standing import standing_table
from scoring.expressions import ExpressionError
from scoring.expressions.figures import condition, guarded
from scoring.expressions.parse import Compare
from scoring.rubric import Rubric
from scoring.rubric.rules.kind import rounded
from scoring.sql.exact import Quantity, Term
from scoring.sql.text import Query, columns, identifier, indent, literal, values_table

VALUE_DECIMALS = 4
EMPTY_NUMBER = "NULL::BIGINT"


def decimal(sql: str, decimals: int = VALUE_DECIMALS) -> str:
    unit = "0." + "0" * (decimals - 1) + "1"
    return f"({sql}::DECIMAL(24, 0) * {unit})::DECIMAL(38, {decimals})"


def compile_details(rubric: Rubric, as_of_share: Fraction | None) -> list[Query]:
    """`as_of_share`: working days elapsed of the period, None when it is over."""
    groups = list(rubric.groups)
    queries: list[Query] = []
    for group in groups:
        queries += [_values(rubric, group), _parts(rubric, group)]
    queries.append(_indicator_scores(rubric))
    union = "\nUNION ALL\n".join(f"SELECT * FROM {identifier(group + '__part')}" for group in groups)
    queries.append(Query("rule_part", "每个单位每个指标每条规则每一部分一行", union, "detail"))
    queries.append(_shortfalls(rubric, as_of_share))
    return queries


def _value(one: Placed) -> Quantity | None:
    try:
        return one.names.value
    except ExpressionError:
        return None


def _values(rubric: Rubric, group: str) -> Query:
    """Indicator values for people, with four decimals; actual and target beside them."""
    lines: list[str | tuple[str, str]] = ["unit"]
    pieces = []
    for one in placed(rubric, group):
        code = one.indicator.code
        value = _value(one)
        texts = []
        for name in ("value", "actual", "target"):
            quantity = value if name == "value" else None
            if name != "value" and getattr(one.indicator, name) is not None:
                quantity = one.names.figure(name).quantity
            texts.append(rounded_or_null(quantity) if quantity is not None else EMPTY_NUMBER)
        for name, text in zip(("value", "actual", "target"), texts, strict=True):
            lines.append(f"({text})::HUGEINT AS {identifier(f'{code}__{name}')}")
        heads = ", ".join(identifier(f"{code}__{name}") for name in ("value", "actual", "target"))
        pieces.append(f"({heads}) AS {literal(code)}")
    wide = f"SELECT\n{columns(lines)}\nFROM {facts_of(rubric, group)} WHERE grp = {literal(group)}"
    select = f"""WITH wide AS (
{indent(wide)}
)
SELECT unit, indicator, {decimal("value")} AS value, {decimal("actual")} AS actual, {decimal("target")} AS target
FROM wide UNPIVOT INCLUDE NULLS ((value, actual, target) FOR indicator IN (
    {("," + chr(10) + "    ").join(pieces)}
))"""
    return Query(f"{group}__value", f"{rubric.groups[group].title}每个单位每个指标一行：指标值", select, "detail")


def rounded_or_null(quantity: Quantity) -> str:
    """SQL of a figure for people, in units of its last shown decimal; NULL where a divisor is 0."""
    tests = " OR ".join(dict.fromkeys(f"{guard.sql()} = 0" for guard in quantity.guards))
    text = quantity.rounded(VALUE_DECIMALS)
    return f"CASE WHEN {tests} THEN NULL ELSE {text} END" if tests else text


def _indicator_scores(rubric: Rubric) -> Query:
    decimals = decimals_of(rubric, "item")

    def points(name: str) -> str:
        return shown(name, decimals)

    above = any(one.at_most is not None for one in rubric.indicators.values())
    got = "least(e.full_marks, e.points)" if above else "e.points"  # what is above full marks makes up for no loss
    values = "\n    UNION ALL ".join(f"SELECT * FROM {identifier(group + '__value')}" for group in rubric.groups)
    select = f"""WITH shown AS (
    {values}
), away AS (
    -- a loss that lands elsewhere is still lost by its item
    SELECT unit, indicator, sum(points_low) AS low, sum(points_high) AS high, bool_and(points_low = points_high) AS known
    FROM landed GROUP BY unit, indicator
)
SELECT e.grp AS "group", e.unit, e.section, e.indicator, v.value, v.actual, v.target, e.state, e.left_out,
    {points("e.points")} AS points, {points("e.points_low")} AS points_low, {points("e.points_high")} AS points_high,
    {shown("e.full_marks")} AS full_marks,
    CASE WHEN NOT e.left_out AND coalesce(w.known, w.unit IS NULL)
         THEN {points(f"(e.full_marks - {got} - coalesce(w.low, 0))")} END AS points_lost
FROM earned e JOIN assessed a USING (unit, grp)
LEFT JOIN away w ON w.unit = e.unit AND w.indicator = e.indicator
LEFT JOIN shown v ON v.unit = e.unit AND v.indicator = e.indicator
ORDER BY e.grp, a.position, e.position"""
    return Query("indicator_score", "每个单位每个指标一行：指标值、状态、得分、失分", select, "detail")


def _parts(rubric: Rubric, group: str) -> Query:
    """Points of each part of each rule, signed, so that an explanation adds up."""
    scale = item_decimals(rubric)
    lines: list[str | tuple[str, str]] = ["unit"]
    pieces, facts = [], []
    for one in placed(rubric, group):
        for r, (_, scored) in enumerate(one.scored):
            for p, part in enumerate(scored.parts):
                name = f"{one.indicator.code}__{r}_{p}"
                shown = rounded_or_null(part.shown) if part.shown is not None else EMPTY_NUMBER
                head = f"({part.unknown})" if part.unknown != "FALSE" else "FALSE"
                lines.append((f"({shown})::HUGEINT AS {identifier(name + '__q')}", f"{one.heading} {part.title}"))
                lines.append(f"CASE WHEN {head} THEN NULL ELSE {_amount(one, r, p, scale)} END::HUGEINT AS "
                             f"{identifier(name + '__p')}")  # fmt: skip
                lines.append(f"{head} AS {identifier(name + '__u')}")
                heads = ", ".join(identifier(f"{name}__{end}") for end in "qpu")
                pieces.append(f"({heads}) AS {literal(name)}")
                counts = part.counts
                facts.append((name, one.indicator.code, r, p, part.title, part.thing, part.lands_on, counts))
        if one.void is not None:
            name, title = f"{one.indicator.code}__void", f"出现{one.setting.words(one.indicator.void.when.tree)}的情形"  # type: ignore[union-attr]
            lines.append((f"CASE WHEN {one.void} THEN 1 END::HUGEINT AS {identifier(name + '__q')}", f"{one.heading} {title}"))
            rest = by_variant(one, lambda way: f"{units_of(way.leaves, scale)} - {reckoned_sql(way, scale)}")
            lines.append(f"CASE WHEN {one.void} THEN {rest} END::HUGEINT AS {identifier(name + '__p')}")
            lines.append(f"{one.void} IS NULL AS {identifier(name + '__u')}")
            heads = ", ".join(identifier(f"{name}__{end}") for end in "qpu")
            pieces.append(f"({heads}) AS {literal(name)}")
            facts.append((name, one.indicator.code, len(one.scored), 0, title, "", "item", True))
    listed = values_table(
        "l", ["part_name", "indicator", "rule", "part", "title", "thing", "lands_on", "counts"], facts
    )
    source = facts_of(rubric, group)
    if any(variants(one) for one in placed(rubric, group)):
        source += f" JOIN {identifier(standing_table(group))} USING (unit)"
    wide = f"SELECT\n{columns(lines)}\nFROM {source} WHERE grp = {literal(group)}"
    select = f"""WITH listed AS (
{indent(listed)}
), wide AS (
{indent(wide)}
)
SELECT {literal(group)} AS "group", w.unit, l.indicator, l.rule, l.part, l.title, l.thing, l.lands_on, l.counts,
    {decimal("w.q")} AS quantity, w.unknown,
    {in_units("w.p", scale)} AS points
FROM wide UNPIVOT INCLUDE NULLS ((q, p, unknown) FOR part_name IN (
    {("," + chr(10) + "    ").join(pieces)}
)) w JOIN listed l USING (part_name)"""
    return Query(f"{group}__part", f"{rubric.groups[group].title}每个单位每条规则的每一部分一行", select, "detail")


def _amount(one: Placed, rule: int, part: int, scale: int) -> str:
    """SQL of the points of one part."""
    return by_variant(one, lambda way: rounded(way.scored[rule][1].parts[part].amount, scale))


@dataclass(frozen=True)
class Gap:
    """SQL of the least whole number of things that clears a flag, and what the thing is."""

    sql: str
    thing: str


def gap_of(one: Placed, share: Fraction | None = None) -> Gap | None:
    """The gap of a flag `x < limit` where x grows evenly with `actual` (or with the one figure it names)."""
    flag = one.indicator.flag
    assert flag is not None
    if flag.gap is not None:
        quantity = one.setting.quantity(flag.gap.tree)
        things = {one.setting.thing(code) for code in one.setting.needs(flag.gap.tree)}
        thing = things.pop() if len(things) == 1 else one.setting.thing("actual")
        return Gap(f"greatest(0, {quantity.ceiling()})", flag.gap_unit or thing)
    tree = flag.when.tree
    if not isinstance(tree, Compare) or tree.operator not in ("<", "<=", ">", ">="):
        return None
    try:
        left, right = one.setting.quantity(tree.left), one.setting.quantity(tree.right)
    except ExpressionError:
        return None
    name = _moved(one, tree)
    if name is None:
        return None
    unit = one.names.figure(name).quantity
    if not unit.den.is_constant or len(unit.num.parts) != 1:
        return None
    difference, moved = left - _paced(right, flag.pace, share), unit.num.parts[0][1].sql
    factors = {atom.sql: factor for factor, atom in difference.num.parts}
    if factors.get(moved, 0) <= 0 or moved in difference.den.sql() or any(
        moved in text for text in factors if text != moved
    ):  # fmt: skip
        return None
    step = Term.of(factors[moved] * unit.den.constant)
    short = difference.num.scaled(-1) if tree.operator in ("<", "<=") else difference.num
    if tree.operator in ("<=", ">="):
        short = short + Term.of(1)
    gap = Quantity(short, step).ceiling()
    return Gap(f"greatest(0, {gap})", one.setting.thing(name))


def _moved(one: Placed, tree: Compare) -> str | None:
    """The figure that work changes: `actual`, or the only measure of the condition."""
    if one.indicator.actual is not None and "actual" in _behind(one, tree):
        return "actual"
    needs = one.setting.needs(tree.left)
    return needs[0] if len(needs) == 1 else None


def _behind(one: Placed, tree: Compare) -> set[str]:
    needs = set(one.setting.needs(tree.left))
    return {"actual"} if one.indicator.actual in needs else set()


def _paced(limit: Quantity, pace: str | None, share: Fraction | None) -> Quantity:
    return limit * Quantity.constant(share) if pace is not None and share is not None else limit


def _shortfalls(rubric: Rubric, share: Fraction | None) -> Query:
    """One row per unit and flagged indicator; and one per indicator whose figure is not there."""
    pieces = []
    for group in rubric.groups:
        for one in placed(rubric, group):
            if one.indicator.flag is not None:
                pieces.append(_flagged(one, group, share))
    if not pieces:
        pieces = [
            "SELECT NULL::VARCHAR AS unit, NULL::VARCHAR AS indicator, NULL::VARCHAR AS stage, NULL::VARCHAR AS label, "
            "NULL::BIGINT AS gap, NULL::VARCHAR AS gap_unit, NULL::INTEGER AS common_problem, "
            "NULL::INTEGER AS weak_point, NULL::VARCHAR AS remedy WHERE FALSE"
        ]
    number = "rtrim(rtrim({0}::VARCHAR, '0'), '.')"
    filled = "x.remedy"
    for word, text in (
        ("gap", "coalesce(x.gap::VARCHAR, '')"),
        ("actual", f"coalesce({number.format('i.actual')}, '')"),
        ("target", f"coalesce({number.format('i.target')}, '')"),
        ("value", f"coalesce({number.format('i.value')}, '')"),
    ):
        filled = f"replace({filled}, '{{{word}}}', {text})"
    select = f"""WITH flagged AS (
{indent((chr(10) + "UNION ALL" + chr(10)).join(pieces))}
), absent AS (
    SELECT unit, indicator, '数据不全' AS stage, NULL::VARCHAR AS label, NULL::BIGINT AS gap, '' AS gap_unit,
        NULL::INTEGER AS common_problem, NULL::INTEGER AS weak_point, NULL::VARCHAR AS remedy
    FROM earned WHERE state IN ('missing', 'masked', 'pending') OR (state = 'zero_base' AND points IS NULL)
), found AS (
    SELECT * FROM flagged UNION ALL SELECT * FROM absent
)
SELECT i."group", i.unit, i.section, i.indicator, x.label, x.stage, i.value, i.actual, i.target, x.gap, x.gap_unit,
    i.points_lost, i.points_low, i.points_high, i.full_marks, i.state,
    {filled} AS remedy, x.common_problem, x.weak_point
FROM found x JOIN indicator_score i USING (unit, indicator) JOIN earned e USING (unit, indicator)
JOIN assessed a ON a.unit = i.unit
ORDER BY i."group", a.position, e.position"""
    return Query("shortfall", "每个单位每项短板一行", select, "detail")


def _flagged(one: Placed, group: str, share: Fraction | None) -> str:
    flag = one.indicator.flag
    assert flag is not None
    test = condition(flag.when.tree, one.names.figure)
    stage = "未达标"
    if flag.by == "period_end":
        stage = "未完成" if share is None else "进度滞后"
        if share is not None and flag.pace is not None and isinstance(flag.when.tree, Compare):
            tree = flag.when.tree
            left, right = one.setting.quantity(tree.left), one.setting.quantity(tree.right)
            scaled = _paced(right, flag.pace, share)
            test = guarded(left.compare(tree.operator, scaled), (*left.guards, *scaled.guards))
    gap = gap_of(one, share)
    state = standing(one.indicator.code)
    return (
        f"-- {one.heading}\n"
        f"SELECT unit, {literal(one.indicator.code)} AS indicator, {literal(stage)} AS stage, "
        f"{literal(flag.label)} AS label,\n    ({gap.sql if gap else 'NULL'})::BIGINT AS gap, "
        f"{literal(gap.thing if gap else '')} AS gap_unit,\n    {literal(flag.common_problem)}::INTEGER AS common_problem, "
        f"{literal(flag.weak_point)}::INTEGER AS weak_point, {literal(one.indicator.remedy or '')} AS remedy\n"
        f"FROM {facts_of(one.rubric, group)} JOIN {identifier(standing_table(group))} USING (unit)\n"
        f"WHERE {state} <> 'not_applicable' AND ({test})"
    )

"""The figures of the group that a unit was compared with, shown beside its own: 本组最高 30 件, 在本组第 2 名.

Changes no score: the points come from `compared`; here stand the same figures with four decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from scoring.engine.compared import comparisons, facts_of
from scoring.engine.details import decimal, rounded_or_null
from scoring.engine.placed import Placed, placed
from scoring.expressions import Expr
from scoring.expressions.parse import Call, Name, walk
from scoring.expressions.words import amount, run_on
from scoring.rubric import Rubric
from scoring.sql.text import Line, Query, columns, identifier, indent, literal

TABLE = "compared_figure"
_NONE = 'SELECT NULL::VARCHAR AS unit, NULL::VARCHAR AS indicator, NULL::INTEGER AS "call", NULL::DECIMAL(38, 4) AS value WHERE FALSE'
_OF_GROUP = {"highest": "最高", "lowest": "最低", "mean": "平均", "total": "合计"}


def compile_beside(rubric: Rubric) -> Query:
    """One row per unit, indicator and comparison that its rules make, in the order they are written; NULL: none there."""
    pieces = [sql for group in rubric.groups if (sql := _of_group(rubric, group))]
    told = "每个单位每个指标与本组比较的每个数一行"
    return Query(TABLE, told, "\nUNION ALL\n".join(pieces) or _NONE, "detail")


def _of_group(rubric: Rubric, group: str) -> str:
    lines: list[Line] = ["unit"]
    pieces = []
    for one in placed(rubric, group):
        for position, comparison in enumerate(comparisons(one)):
            name = f"{one.indicator.code}__{position}"
            lines.append(f"({rounded_or_null(comparison.quantity)})::HUGEINT AS {identifier(name)}")
            pieces.append(f"{identifier(name)} AS {literal(name)}")
    if not pieces:
        return ""
    wide = f"SELECT\n{columns(lines)}\nFROM {facts_of(rubric, group)} WHERE grp = {literal(group)}"
    return f"""SELECT unit, split_part(name, '__', 1) AS indicator, split_part(name, '__', 2)::INTEGER AS "call",
    {decimal("value")} AS value
FROM (
{indent(wide)}
) UNPIVOT INCLUDE NULLS (value FOR name IN ({", ".join(pieces)}))"""


def told_beside(one: Placed, found: Sequence[dict[str, Any]], told: Sequence[str]) -> list[str]:
    """本组最高 30 件; 在本组第 2 名. `found`: rows of the table, `told`: what the sentence has said so far, which names
    the figure where only one is compared."""
    values = {row["call"]: row["value"] for row in found if row["value"] is not None}
    counting = _counting(one)
    compared = {call.arguments[0] for call in counting}
    out = []
    for position, call in enumerate(one.indicator.calls):
        if call in counting and position in values:
            head = _head(one, call.arguments[0])
            named = len(compared) > 1 or not any(text.startswith(head) for text in told)
            out.append(_told(one, call, values[position], head if named else ""))
    return out


def _counting(one: Placed) -> set[Call]:
    """Comparisons that points depend on; a flag has its own words."""
    indicator = one.indicator
    trees = [tree for rule in indicator.rules for _, tree in rule.trees()]
    trees += [indicator.value.tree] if indicator.value is not None else []
    return {node for tree in trees for node in walk(tree) if isinstance(node, Call)}


def _head(one: Placed, tree: Expr) -> str:
    value = one.indicator.value
    if tree == Name("value") or (value is not None and tree == value.tree):
        return "指标值" if value is not None else one.names.title("value")
    return one.setting.words(tree)


def _told(one: Placed, call: Call, value: Decimal, head: str) -> str:
    if call.function == "place":
        return f"{head}在本组第 {int(value)} 名"
    if call.function == "place_from_last":
        return f"{head}在本组倒数第 {int(value)} 名"
    of_what = f"本组{_OF_GROUP[call.function]}" + (f"的{head}" if head else "")
    (tree,) = call.arguments
    thing = one.names.thing(tree.code) if isinstance(tree, Name) else ""
    return run_on(of_what, amount(round(value, 2).normalize(), thing))

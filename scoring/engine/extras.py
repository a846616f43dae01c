"""Compiles bonus, penalty and veto: one row per unit and adjustment, as a range where something is unknown."""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.amounts import SCALE, item_decimals, units_of
from scoring.engine.points import capped, replaced_by
from scoring.expressions import names as names_in
from scoring.expressions.figures import Figure, condition
from scoring.expressions.parse import Compare
from scoring.rubric import Rubric
from scoring.rubric.model import Bonus, Penalty, Veto
from scoring.rubric.rules.kind import Part
from scoring.rubric.settings import Names
from scoring.sql.exact import Quantity
from scoring.sql.text import Query, identifier, literal

COLUMNS = ("unit", "grp", "adjustment", "kind", "position", "low", "high", "holds", "withheld")


def compile_extras(rubric: Rubric, group: str) -> Query:
    """low and high are signed; NULL is an end without limit. `withheld`: what a shut gate kept back."""
    pieces = []
    for position, one in enumerate(rubric.adjustments(group)):
        low, high, holds, withheld = adjustment_ends(rubric, group, one)
        pieces.append(
            f"-- {one.clause} {one.title}\n"
            f"SELECT unit, grp, {literal(one.code)} AS adjustment, {literal(one.kind)} AS kind, {position} AS position,\n"
            f"    ({low})::HUGEINT AS low,\n    ({high})::HUGEINT AS high,\n    {holds} AS holds,\n"
            f"    ({withheld})::HUGEINT AS withheld\n"
            f"FROM facts JOIN base USING (unit, grp) WHERE grp = {literal(group)}"
        )
    if not pieces:
        texts = ", ".join(f"NULL::VARCHAR AS {name}" for name in COLUMNS[:4])
        pieces = [
            f"SELECT {texts}, 0 AS position, 0::HUGEINT AS low, 0::HUGEINT AS high, TRUE AS holds, 0::HUGEINT AS withheld "
            "WHERE FALSE"
        ]
    codes = tuple(one.code for one in rubric.adjustments(group))
    told = f"{rubric.groups[group].title}每个单位每项加分、扣分、否决一行"
    return Query(f"{group}__extra", told, "\nUNION ALL\n".join(pieces), "score", codes)


def extra_rows(rubric: Rubric) -> str:
    """All groups' adjustments, as a FROM source."""
    return " UNION ALL ".join(f"SELECT * FROM {identifier(group + '__extra')}" for group in rubric.groups)


def adjustment_ends(rubric: Rubric, group: str, one: Bonus | Penalty | Veto) -> tuple[str, str, str, str]:
    """SQL of (low, high, holds, withheld)."""
    names = Names(rubric.measures, rubric.forms, group)
    if isinstance(one, Veto):
        return "0", "0", f"({condition(one.when.tree, names.figure)})", "0"
    setting = names.setting(rubric.groups[group].full_marks)
    limit = one.pool if isinstance(one, Bonus) else one.cap
    cap = setting.cap(limit)
    parts = tuple(part.part(setting, 1) for part in one.parts)
    low, high = (_reach(parts, cap, side, item_decimals(rubric)) for side in ("low", "high"))
    if isinstance(one, Penalty):
        return f"-({high})", f"-({low})", "TRUE", "0"
    if one.gate is None:
        return low, high, "TRUE", "0"
    surely, possibly = _gate(one, names)
    return (
        f"CASE WHEN {surely} THEN {low} ELSE 0 END",
        f"CASE WHEN {possibly} THEN {high} ELSE 0 END",
        possibly,
        f"CASE WHEN {possibly} THEN 0 ELSE {high} END",
    )


def _reach(parts: tuple[Part, ...], cap: Decimal | None, side: str, decimals: int) -> str:
    """Σ parts, at least and at most, within [0, cap]; NULL where an unknown part leaves the upper end open."""
    total = Quantity.constant(0)
    opens = []
    for part in parts:
        end = part.least if side == "low" else part.most
        if end is None and side == "high" and cap is None:
            opens.append(f"({part.unknown})")
        total = total + replaced_by(
            part, end if end is not None else Decimal(0) if side == "low" else cap or Decimal(0)
        )
    if cap is not None:
        total = capped(total, cap)
    step = 10 ** (SCALE - decimals)
    text = f"greatest(0, {total.rounded(decimals)}) * {step}::HUGEINT"
    if cap is not None and units_of(cap, decimals) * step != units_of(cap):
        text = f"least({units_of(cap)}, {text})"
    return f"CASE WHEN {' OR '.join(opens)} THEN NULL ELSE {text} END" if opens else text


def _gate(one: Bonus, names: Names) -> tuple[str, str]:
    """(surely open, possibly open): while the base is a range, a gate that is not a plain limit stays undecided."""
    assert one.gate is not None
    tests = []
    for side in ("base.low", "base.high"):
        figure = Figure(Quantity.atom(side, -(10**18), 10**18, 10**SCALE))
        own = Names(names.measures, names.forms, names.group, extra=(("base", figure, "基础得分"),))
        tests.append(f"({condition(one.gate.tree, own.figure)})")
    tree = one.gate.tree
    plain = isinstance(tree, Compare) and tree.operator not in ("=", "<>") and names_in(tree) == {"base"}
    surely = f"({tests[0]} IS TRUE AND {tests[1]} IS TRUE)"
    possibly = f"({tests[0]} IS NOT FALSE OR {tests[1]} IS NOT FALSE)"
    if plain:
        return surely, possibly
    ranged = "base.low IS DISTINCT FROM base.high"
    return f"({surely} AND NOT ({ranged}))", f"({possibly} OR {ranged})"

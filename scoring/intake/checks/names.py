"""Names of units: former names and other names (V13), units that did not exist then, names nobody knows (V24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scoring.intake.checks.context import Context
from scoring.intake.checks.rows import Rows
from scoring.intake.reported import Finding
from scoring.units import Register


def former_names(rows: Rows, context: Context) -> Iterator[Finding]:
    """A unit typed by another name than its own; once a name."""
    typed = rows.typed.get("unit")
    counts: dict[str, list[int]] = {}
    for at in rows.chosen if typed else ():
        counts.setdefault(typed[at].strip(), []).append(at)  # type: ignore[index]
    for name, places in counts.items():
        unit = context.register.find(name) if name else None
        if unit is not None and name not in (unit.title, unit.code):
            more = f"（共 {len(places)} 行）" if len(places) > 1 else ""
            problem = f"“{name}”是{unit.title}的旧称或别名{more}，已记在{unit.title}名下"
            yield rows.told("V13", "D", places[0], "unit", problem, f"以后请写“{unit.title}”")
    yield from _not_there(rows, context)


def _not_there(rows: Rows, context: Context) -> Iterator[Finding]:
    """A unit that does not exist in the due period; once a unit."""
    due = context.due
    first: dict[str, int] = {}
    for at in rows.chosen if due is not None else ():
        first.setdefault(rows.units[at], at)
    for code, at in first.items():
        unit = context.register.by_code.get(code)
        if due is not None and unit is not None and not unit.valid_in(due.covers_from, due.covers_to):
            problem = f"{unit.title}在 {due.covers_from} 至 {due.covers_to} 不存在（见单位表的 valid）"
            yield rows.told("V13", "D", at, "unit", problem, "请核对单位和报送期")


def strangers(names: Iterable[tuple[int | None, str]], register: Register, column: str = "") -> list[Finding]:
    """V24: names (with their line) of 责任单位 or members that are not in the register. An empty name is no name."""
    found = []
    for line, name in names:
        if name.strip() and register.find(name) is None:
            near = register.nearest(name)
            fix = f"是不是“{near}”？" if near else "请写单位表里的名称，或请市双打办补进单位表"
            found.append(Finding("V24", "D", f"单位表里没有“{name.strip()}”", fix, line, column, typed=name))
    return found

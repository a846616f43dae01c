"""What a total is added up from: items, losses that land elsewhere, adjustments, steps of the sum. Compares nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Context, Decimal

from scoring.engine import Assessment
from scoring.engine.summed import KINDS
from scoring.rubric import Rubric

EXACT = Context(prec=60)
NOTHING = Decimal(0)
Key = tuple[str, str]  # kind (indicator, landing, bonus, penalty, veto or a step of KINDS), code
Named = dict[str, tuple[str, str]]  # code → clause, title


@dataclass(frozen=True)
class Ends:
    """Points, at least and at most; None is an end without limit. `state`: of the indicator they are for."""

    low: Decimal | None
    high: Decimal | None
    state: str = field(default="value", compare=False)

    @property
    def known(self) -> Decimal | None:
        return self.low if self.low == self.high else None


ZERO = Ends(NOTHING, NOTHING)


def summands(result: Assessment, new_code: Callable[[str], str] = str) -> dict[str, dict[Key, Ends]]:
    """By unit everything that is added up to its total: items, landings, adjustments. `new_code`: what a code is called
    in another edition."""
    found: dict[str, dict[Key, Ends]] = {}
    for table, column in (("indicator_score", "indicator"), ("landing", "indicator"), ("adjustment", "adjustment")):
        for row in result.rows(table):
            kind = row["kind"] if table == "adjustment" else table.removesuffix("_score")
            key = kind, row[column] if kind in KINDS else new_code(row[column])
            ends = Ends(row["points_low"], row["points_high"], row.get("state", "value"))
            own = found.setdefault(row["unit"], {})
            own[key] = _added(own[key], ends) if key in own else ends
    return found


def absent(key: Key, known: Named) -> Ends | None:
    """A loss or an adjustment that has no row is 0 where the edition knows it."""
    kind, code = key
    return ZERO if kind in KINDS or (kind != "indicator" and code in known) else None


def named_parts(rubric: Rubric, new_code: Callable[[str], str] = str) -> Named:
    """Indicators, adjustments and sections by code."""
    listed = [*rubric.indicators.values(), *rubric.spec.adjustments]
    found = {new_code(one.code): (one.clause, one.title) for one in listed}
    return found | {node.section.code: ("", node.section.title) for node in rubric.nodes()}


def step_title(kind: str, title: str) -> str:
    """A step of the sum: 一级指标封顶、保底或舍入（两法衔接）."""
    return f"{KINDS[kind]}（{title}）" if title else KINDS[kind]


def _added(one: Ends, other: Ends) -> Ends:
    """Two losses of one indicator."""
    pairs = ((one.low, other.low), (one.high, other.high))
    low, high = (None if a is None or b is None else EXACT.add(a, b) for a, b in pairs)
    return Ends(low, high)

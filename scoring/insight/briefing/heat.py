"""Problems of a group, one per label of a flag or kind of missing data, and whom each concerns. Reads; scores nothing.

A problem is common (共性) by its flag: at least half of the units it applies to have it, and at least FEWEST. That is the
idea of 共性问题 in the study of the gap, which goes by points lost on one clause instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine import Assessment
from scoring.engine.printed import between, points
from scoring.expressions.parse import Compare, Name, Number, walk
from scoring.insight.briefing.reading import WITHOUT, Reading, Row
from scoring.insight.gap import FEWEST
from scoring.rubric import Indicator

MISSING = {"missing": "缺报", "masked": "数字脱敏", "pending": "暂缺（未登记或未到期）", "zero_base": "基数为零"}
COMMON = f"适用的单位中至少一半、且不少于 {FEWEST} 个单位存在的，算共性问题"
"""When a problem is called 共性问题, in words."""
_UNSUMMED = ("", "分", "%", "个百分点")  # what is not counted in things


@dataclass(frozen=True)
class Cell:
    """One unit and one problem: of its items the one that costs most. `gap` in things, None where there is none to count.

    `lost`: points lost by all its items of this problem; None while that is not known, then `lost_words` is a range.
    """

    stage: str
    gap: int | None
    thing: str
    lacking: bool
    lost: Decimal | None
    lost_words: str
    indicator: str

    @property
    def gap_words(self) -> str:
        """差 4 件; 4 件 where nothing should be there at all; "" where there is nothing to count."""
        if not self.gap:
            return ""
        return f"{'差 ' if self.lacking else ''}{self.gap} {self.thing}".strip()


@dataclass(frozen=True)
class Problem:
    """`cells` by unit; `applies`: the units it applies to, `open` those of them of which it is not known."""

    label: str
    is_flag: bool
    common_problem: int | None
    weak_point: int | None
    indicators: tuple[str, ...]
    cells: Mapping[str, Cell]
    applies: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def is_common(self) -> bool:
        """共性问题, see COMMON; what is missing is no problem of the work."""
        return self.is_flag and len(self.cells) >= FEWEST and 2 * len(self.cells) >= len(self.applies)

    @property
    def is_single(self) -> bool:
        """个性问题: exactly one unit has it."""
        return self.is_flag and len(self.cells) == 1

    @property
    def lost(self) -> Decimal:
        """Points known to be lost, by all units."""
        return sum((cell.lost for cell in self.cells.values() if cell.lost is not None), Decimal(0))


def problems(result: Assessment, group: str) -> list[Problem]:
    """Of one group, by code; the one of most units first, then of most points lost, then by the text."""
    return problems_of(Reading(result, group))


def problems_of(seen: Reading) -> list[Problem]:
    labels: dict[str, list[str]] = {}
    for code, one in seen.items.items():
        if one.indicator.flag is not None:
            labels.setdefault(one.indicator.flag.label, []).append(code)
    found = [_flagged(seen, label, codes) for label, codes in labels.items()]
    found += [_missing(seen, state) for state in MISSING]
    found = [one for one in found if one.cells]
    return sorted(found, key=lambda one: (-len(one.cells), -one.lost))


def lacking(indicator: Indicator) -> bool:
    """Whether the flag is up because there is too little of something; else there is too much."""
    if indicator.flag is None:
        return False
    tests = [node for node in walk(indicator.flag.when.tree) if isinstance(node, Compare)]
    less = any(one.operator in ("<", "<=") and not isinstance(one.left, Number) for one in tests)
    return less or any(one.operator in (">", ">=") and isinstance(one.left, Number) for one in tests)


def countable(thing: str) -> bool:
    """Whether gaps in it can be added up over units."""
    return thing not in _UNSUMMED


def lost_words(seen: Reading, row: Row) -> str:
    """Points lost; while a figure is not there what can be lost at least and at most, here or where the loss lands."""
    if row["points_lost"] is not None:
        return points(row["points_lost"])
    if row["points_high"] is None or row["points_low"] is None or row["full_marks"] is None:
        return "待定"
    landed = seen.landings.get((row["unit"], row["indicator"]), [])
    high, low = (min(row["full_marks"], row[end]) for end in ("points_high", "points_low"))
    least = row["full_marks"] - high - sum(one["points_high"] for one in landed)
    if any(one["points_low"] is None for one in landed):
        return f"不低于 {points(least)}" if least else "待定"
    return between(least, row["full_marks"] - low - sum(one["points_low"] for one in landed))


def _flagged(seen: Reading, label: str, codes: list[str]) -> Problem:
    flags = [flag for code in codes if (flag := seen.items[code].indicator.flag) is not None]
    cells, applies, is_open = {}, [], []
    for unit in seen.units:
        verdicts = [seen.verdict(unit, code) for code in codes]
        rows = [seen.short[unit, code] for code in codes if (unit, code) in seen.short]
        if rows:
            cells[unit] = _cell(seen, rows)
        elif "open" in verdicts:
            is_open.append(unit)
        if {"short", "clear", "open"} & set(verdicts):
            applies.append(unit)
    numbers = [next((n for n in found if n is not None), None)
               for found in ([flag.common_problem for flag in flags], [flag.weak_point for flag in flags])]  # fmt: skip
    return Problem(label, True, numbers[0], numbers[1], tuple(codes), cells, tuple(applies), tuple(is_open))


def _missing(seen: Reading, state: str) -> Problem:
    """Every unit one of whose figures is not there for that reason."""
    rows = [row for row in seen.shortfalls if row["stage"] == WITHOUT and row["state"] == state]
    own: dict[str, list[Row]] = {}
    for row in rows:
        own.setdefault(row["unit"], []).append(row)
    cells = {unit: _cell(seen, own[unit]) for unit in seen.units if unit in own}
    codes = [code for code in seen.items if any(row["indicator"] == code for row in rows)]
    applies = [unit for unit in seen.units if any(seen.applies(unit, code) for code in seen.items)]
    return Problem(MISSING[state], False, None, None, tuple(codes), cells, tuple(applies), ())


def _cell(seen: Reading, rows: list[Row]) -> Cell:
    worst = max(rows, key=lambda row: (row["points_lost"] is None, row["points_lost"] or 0))
    lost = _sum(row["points_lost"] for row in rows)
    words = points(lost) if lost is not None else lost_words(seen, worst) if len(rows) == 1 else "待定"
    indicator = seen.items[worst["indicator"]].indicator
    return Cell(worst["stage"], worst["gap"], thing_of(seen, worst), lacking(indicator), lost, words, indicator.code)


def thing_of(seen: Reading, row: Row) -> str:
    """The one unit of measure of everything the gap of a shortfall names; "" where there is none, or several."""
    if row["gap_unit"]:
        return str(row["gap_unit"])
    one = seen.items[row["indicator"]]
    flag = one.indicator.flag
    if flag is None or flag.gap is None or row["gap"] is None:
        return ""
    things = {one.setting.thing(name.code) for name in walk(flag.gap.tree) if isinstance(name, Name)}
    return things.pop() if len(things) == 1 else ""


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    listed = list(amounts)
    known = [one for one in listed if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(listed) else None

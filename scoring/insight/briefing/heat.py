"""Problems of a group, one per label of a flag or kind of missing data, and whom each concerns. Reads; scores nothing.

A problem is common (共性) by its flag: at least half of the units it applies to have it, and at least FEWEST. Nothing else is
called 共性问题 anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.insight.briefing.naming import ABSENT, UNREPORTED, WITHOUT, gap_words, lacking, lost_words, thing_of
from scoring.insight.briefing.reading import Reading, Row

FEWEST = 3  # units; of fewer nothing is said to be common
COMMON = f"适用的单位中至少一半、且不少于 {FEWEST} 个单位存在的，算共性问题"
"""When a problem is called 共性问题, in words."""
_UNSUMMED = ("", "分", "%", "个百分点")  # what is not counted in things


@dataclass(frozen=True)
class Cell:
    """One unit and one problem: all its items together, and of these the one that costs most (`stage`, `indicator`).

    `gap`: of all items, where they count the same thing; None else. `gap_words`: 差 4 件, "" where there is nothing to count;
    差 4 件等 2 项 where an item was not reported; of items that count different things, and of figures that are not there,
    of how many items: 3 项.

    `lost`: points lost by all its items of this problem; None while that is not known, then `lost_words` is a range.
    """

    stage: str
    gap: int | None
    gap_words: str
    lost: Decimal | None
    lost_words: str
    indicator: str


@dataclass(frozen=True)
class Problem:
    """`cells` by unit; `applies`: the units it applies to, `open` those of them of which it is not known. `total`: what they
    lack, or have too much of, by all items, and of what things; None where that cannot be added up."""

    label: str
    is_flag: bool
    common_problem: int | None
    weak_point: int | None
    indicators: tuple[str, ...]
    cells: Mapping[str, Cell]
    applies: tuple[str, ...]
    open: tuple[str, ...]
    total: tuple[int, str] | None = None

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

    @property
    def lost_open(self) -> bool:
        """Whether of a unit it is not known what it loses."""
        return any(cell.lost is None for cell in self.cells.values())


def problems(result: Assessment, group: str) -> list[Problem]:
    """Of one group, by code; the one of most units first, then of most points lost, then by the text; what is missing last."""
    return problems_of(Reading(result, group))


def problems_of(seen: Reading) -> list[Problem]:
    labels: dict[str, list[str]] = {}
    for code, one in seen.items.items():
        if one.indicator.flag is not None:
            labels.setdefault(one.indicator.flag.label, []).append(code)
    found = [_flagged(seen, label, codes) for label, codes in labels.items()]
    found += [_missing(seen, state) for state in ABSENT]
    found = [one for one in found if one.cells]
    return sorted(found, key=lambda one: (not one.is_flag, -len(one.cells), -one.lost))


def countable(thing: str) -> bool:
    """Whether gaps in it can be added up over units."""
    return thing not in _UNSUMMED


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
    total = _total(seen, [row for (_, code), row in seen.short.items() if code in codes])
    return Problem(label, True, numbers[0], numbers[1], tuple(codes), cells, tuple(applies), tuple(is_open), total)


def _total(seen: Reading, rows: list[Row]) -> tuple[int, str] | None:
    """Of those that have reported."""
    thing = thing_of_all(seen, rows)
    return (sum(row["gap"] for row in reported(rows)), thing) if thing else None


def reported(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["stage"] != UNREPORTED]


def thing_of_all(seen: Reading, rows: Iterable[Row]) -> str:
    """What the gaps of those that have reported can be added up in, be they of one item or of several; "" where they cannot."""
    found = reported(rows)
    things = {(thing_of(seen.items[row["indicator"]], row), lacking(seen.items[row["indicator"]].indicator)) for row in found}
    if len(things) != 1 or any(row["gap"] is None for row in found):
        return ""
    thing, _ = things.pop()
    return thing if countable(thing) else ""


def _missing(seen: Reading, state: str) -> Problem:
    """Every unit one of whose figures is not there for that reason."""
    rows = [row for row in seen.shortfalls if row["stage"] == WITHOUT and row["state"] == state]
    own: dict[str, list[Row]] = {}
    for row in rows:
        own.setdefault(row["unit"], []).append(row)
    cells = {unit: replace(_cell(seen, own[unit]), gap_words=f"{len(own[unit])} 项") for unit in seen.units if unit in own}
    codes = [code for code in seen.items if any(row["indicator"] == code for row in rows)]
    applies = [unit for unit in seen.units if any(seen.applies(unit, code) for code in seen.items)]
    return Problem(ABSENT[state], False, None, None, tuple(codes), cells, tuple(applies), (), (len(rows), "项"))


def _cell(seen: Reading, rows: list[Row]) -> Cell:
    worst = max(rows, key=lambda row: (row["points_lost"] is None, row["points_lost"] or 0))
    lost = _sum(row["points_lost"] for row in rows)
    words = (
        points(lost)
        if lost is not None
        else lost_words(worst, seen.landings.get((worst["unit"], worst["indicator"]), ()))
        if len(rows) == 1
        else "待定"
    )
    gap, told = worst["gap"], gap_words(seen.items[worst["indicator"]], worst)
    if len(rows) > 1:
        gap, told = _together(seen, rows)
    return Cell(worst["stage"], gap, told, lost, words, worst["indicator"])


def _together(seen: Reading, rows: list[Row]) -> tuple[int | None, str]:
    """The gap of several items, and in words."""
    thing, found = thing_of_all(seen, rows), reported(rows)
    if not thing:
        return None, f"{len(rows)} 项"
    gap = sum(row["gap"] for row in found)
    word = "差 " if lacking(seen.items[found[0]["indicator"]].indicator) else ""
    return gap, f"{word}{gap} {thing}{f'等 {len(rows)} 项' if len(found) < len(rows) else ''}"


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    listed = list(amounts)
    known = [one for one in listed if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(listed) else None

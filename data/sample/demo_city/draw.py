"""Seeded streams, working days, strengths: what every ledger draws with."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from demo_city.plan import SEED, STRENGTH, UNREPORTED
from scoring.calendar import WorkCalendar
from scoring.units import Unit

Row = dict[str, object]
CALENDAR = WorkCalendar(date(2021, 12, 1), date(2025, 3, 31), {})


def stream(*names: object) -> Random:
    """A stream of its own for each subject, so that a change in one form leaves the others as they are."""
    return Random("/".join([SEED, *map(str, names)]))


def strength(unit: str, year: int) -> float:
    return STRENGTH[unit][1 if year == 2024 else 0]


def workday(random: Random, first: date, last: date) -> date:
    """A working day between two days."""
    return CALENDAR.moved(first + timedelta(random.randint(0, (last - first).days)), "previous")


def later(day: date, workdays: int) -> date:
    """So many working days later."""
    while workdays > 0:
        day += timedelta(1)
        workdays -= CALENDAR.is_workday(day)
    return day


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def unreported(unit: Unit, day: date) -> bool:
    """Whether this day lies in the quarter for which this unit reported nothing."""
    code, first, last = UNREPORTED
    return unit.code == code and first <= day <= last

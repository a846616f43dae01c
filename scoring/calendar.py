"""Working days and deadlines. Knows dates, the national calendar and the office's own table; asks no clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Literal

import chinese_calendar

OnDayOff = Literal["next", "previous", "stay"]
Every = Literal["week", "month", "quarter", "half_year", "year"]
_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
KNOWN_YEARS = range(2004, 2027)  # chinese_calendar 1.11


@cache
def _national(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@dataclass(frozen=True)
class WorkCalendar:
    """The working days between two dates. `overrides`: the office's own table, True = 上班.

    The national calendar knows 2004 to 2026 and refuses other years; there Monday to Friday are taken as
    working days and `unknown_years` says so, so that a page can warn.
    """

    first: date
    last: date
    overrides: Mapping[date, bool]

    @cached_property
    def _workdays(self) -> list[date]:
        days = (self.first + timedelta(n) for n in range((self.last - self.first).days + 1))
        return [day for day in days if self.is_workday(day)]

    def is_workday(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        if day.year in KNOWN_YEARS:
            return _national(day)
        return day.weekday() < 5

    def number(self, day: date) -> int:
        """How many working days have passed up to and including this day."""
        return bisect_right(self._workdays, day)

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`."""
        return self.number(end) - self.number(start)

    def moved(self, day: date, on_day_off: OnDayOff) -> date:
        """The day itself, or the next / previous working day when it is a day off."""
        if on_day_off == "stay":
            return day
        step = timedelta(1 if on_day_off == "next" else -1)
        while not self.is_workday(day):
            day += step
        return day

    def rows(self) -> list[tuple[date, bool, int]]:
        """(day, is it a working day, number) for every day."""
        out, count = [], 0
        for n in range((self.last - self.first).days + 1):
            day = self.first + timedelta(n)
            works = self.is_workday(day)
            count += works
            out.append((day, works, count))
        return out

    @property
    def unknown_years(self) -> list[int]:
        """Years without a national calendar and without an entry of the office."""
        told = {day.year for day in self.overrides}
        years = range(self.first.year, self.last.year + 1)
        return [year for year in years if year not in KNOWN_YEARS and year not in told]


@dataclass(frozen=True)
class DuePeriod:
    """One report that is due: the days it covers, the day named by the rule and the day after roll-over."""

    label: str
    covers_from: date
    covers_to: date
    nominal: date
    due_on: date
    deadline: datetime
    opens_on: date | None = None  # what comes before is too early


@dataclass(frozen=True)
class Schedule:
    """When a form is due. Either `every` or `dates`."""

    every: Every | None = None
    day: int = 1
    months_after: int = 1
    weekday: int = 5
    starts: date | None = None
    ends: date | None = None
    dates: tuple[date, ...] = ()
    by: time | None = None  # None: until the end of the day
    on_day_off: OnDayOff = "stay"
    not_before: int | None = None  # days before it is due

    def due_periods(self, start: date, end: date, calendar: WorkCalendar) -> list[DuePeriod]:
        """Those that belong to [start, end]: their covered period ends there (weeks, named dates: their nominal day)."""
        if self.dates:
            periods = self._named()
        elif self.every == "week":
            periods = self._weekly(start, end)
        else:
            periods = self._monthly(start, end)
        kept = []
        for label, covers_from, covers_to, nominal, belongs in periods:
            inside = start <= belongs <= end
            if inside and (not self.starts or belongs >= self.starts) and (not self.ends or belongs <= self.ends):
                due_on = calendar.moved(nominal, self.on_day_off)
                deadline = datetime.combine(due_on, self.by) if self.by else _end_of(due_on)
                opens_on = due_on - timedelta(self.not_before) if self.not_before is not None else None
                kept.append(DuePeriod(label, covers_from, covers_to, nominal, due_on, deadline, opens_on))
        return kept

    def _named(self) -> list[tuple[str, date, date, date, date]]:
        days = sorted(self.dates)
        before = [day + timedelta(1) for day in days[:-1]]
        firsts = [date(days[0].year, 1, 1), *before]
        return [(day.isoformat(), first, day, day, day) for first, day in zip(firsts, days, strict=True)]

    def _weekly(self, start: date, end: date) -> list[tuple[str, date, date, date, date]]:
        first = start + timedelta((self.weekday - start.isoweekday()) % 7)
        out = []
        for n in range(((end - first).days // 7) + 1 if first <= end else 0):
            day = first + timedelta(7 * n)
            monday = day - timedelta(day.isoweekday() - 1)
            year, week, _ = day.isocalendar()
            out.append((f"{year}-W{week:02d}", monday, monday + timedelta(6), day, day))
        return out

    def _monthly(self, start: date, end: date) -> list[tuple[str, date, date, date, date]]:
        length = _MONTHS[self.every or "year"]
        out = []
        for year in range(start.year, end.year + 1):
            for part in range(12 // length):
                covers_from = date(year, part * length + 1, 1)
                covers_to = _months_later(covers_from, length) - timedelta(1)
                month = _months_later(covers_from, length - 1 + self.months_after)
                nominal = min(month + timedelta(self.day - 1), _months_later(month, 1) - timedelta(1))
                out.append((_label(self.every or "year", year, part), covers_from, covers_to, nominal, covers_to))
        return out


def _label(every: str, year: int, part: int) -> str:
    return {
        "month": f"{year}-{part + 1:02d}",
        "quarter": f"{year}Q{part + 1}",
        "half_year": f"{year}H{part + 1}",
        "year": f"{year}",
    }[every]


def label_words(label: str) -> str:
    """`2024Q3` → 2024年第3季度."""
    if len(label) == 10:
        return f"{label[:4]}年{int(label[5:7])}月{int(label[8:])}日"
    if "W" in label:
        return f"{label[:4]}年第{int(label[6:])}周"
    if "Q" in label:
        return f"{label[:4]}年第{label[-1]}季度"
    if "H" in label:
        return f"{label[:4]}年{'上' if label[-1] == '1' else '下'}半年"
    if "-" in label:
        return f"{label[:4]}年{int(label[5:])}月"
    return f"{label}年"


def _months_later(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59))


def all_due_periods(schedules: Sequence[Schedule], start: date, end: date, calendar: WorkCalendar) -> list[DuePeriod]:
    """The due periods of several schedules, by deadline."""
    found = [period for schedule in schedules for period in schedule.due_periods(start, end, calendar)]
    return sorted(found, key=lambda period: (period.deadline, period.label))

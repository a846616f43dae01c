"""What the database must know beside the rows: who reports what and when, what came, which days are worked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pyarrow as pa

from scoring.calendar import DuePeriod, WorkCalendar
from scoring.forms import Forms
from scoring.intake.submissions import Submission
from scoring.intake.tables import Sheet
from scoring.project.office import Office
from scoring.rubric import Rubric
from scoring.store.database import table_of
from scoring.units import Register


def work_calendar(office: Office, rubric: Rubric | None, sheets: Mapping[str, Sheet]) -> WorkCalendar:
    """Covers every year that any date falls in, the one before and the one after."""
    years = {int(label) for label in office.periods if label.isdigit()}
    for sheet in sheets.values():
        for column in sheet.form.columns:
            if column.type == "date":
                years |= {day.year for day in sheet.values[column.code] if isinstance(day, date)}
    years = years or {2024}
    last = max(years) + 1
    end = date(last, 12, 31) if last in range(2004, 2027) else date(last, 6, 30)
    if rubric is not None:  # whatever comes until then is told late by working days
        end = max([end, *(rubric.period(str(year)).cut_off for year in years if 1990 <= year <= 2100)])
    overrides = dict(office.holidays)
    return WorkCalendar(date(min(years) - 1, 1, 1), end, overrides)


def dues_of(forms: Forms, calendar: WorkCalendar) -> dict[str, dict[str, DuePeriod]]:
    """Form → label → what is due, as far as the calendar reaches."""
    first, last = calendar.first, calendar.last - timedelta(31)
    return {
        form.code: {due.label: due for due in form.due_periods(first, last, calendar)}
        for form in forms.values()
        if form.has_schedule
    }


def belongs_on(due: DuePeriod) -> date:
    """The day that decides which assessment period a report belongs to: of weeks and named dates the day it is due."""
    return due.nominal if "W" in due.label or len(due.label) == 10 else due.covers_to


def reporting_facts(
    forms: Forms,
    register: Register,
    submissions: Sequence[Submission],
    calendar: WorkCalendar,
    gone: Sequence[str] = (),
) -> dict[str, pa.Table]:
    """What the store must know beside the rows: units, who reports what and when, what came, working days.

    `gone`: forms whose rows could not be read as a whole.
    """
    text, day, moment = pa.string(), pa.date32(), pa.timestamp("s")
    due_rows = []
    for form in forms.values():
        for due in form.due_periods(calendar.first, calendar.last - timedelta(31), calendar):
            due_rows.append(
                (form.code, due.label, due.covers_from, due.covers_to, belongs_on(due), due.nominal, due.due_on, due.deadline,
                 due.opens_on)
            )  # fmt: skip
    return {
        "unit": table_of(
            [("unit", text), ("position", pa.int64()), ("kind", text)],
            [(unit.code, position, unit.kind) for position, unit in enumerate(register.units)],
        ),
        "reporter": table_of(
            [("form", text), ("unit", text)],
            [(f.code, u.code) for f in forms.values() for u in register.units if f.reported_by.includes(u)],
        ),
        "due_period": table_of(
            [
                ("form", text),
                ("period", text),
                ("covers_from", day),
                ("covers_to", day),
                ("belongs_on", day),
                ("nominal_on", day),
                ("due_on", day),
                ("deadline", moment),
                ("opens_on", day),
            ],
            due_rows,
        ),
        "submission": table_of(
            [
                ("no", text),
                ("form", text),
                ("unit", text),
                ("period", text),
                ("received_at", moment),
                ("outcome", text),
                ("nil", pa.bool_()),
                ("note", text),
                ("source_file", text),
                ("source_row", pa.int64()),
            ],
            [
                (s.no, s.form, s.unit, s.period, s.received_at, s.outcome, s.nil, s.note, s.source_file, s.source_row)
                for s in submissions
            ],
        ),
        "unread": table_of([("form", text)], [(code,) for code in gone]),
        "calendar_day": table_of([("day", day), ("works", pa.bool_()), ("number", pa.int64())], calendar.rows()),
    }

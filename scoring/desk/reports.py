"""What every unit owes and how far it is: state, deadline, days late. Counts reports, computes no score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scoring.calendar import DuePeriod, label_words
from scoring.desk.desk import Desk
from scoring.desk.states import ACCEPTED, DRAFT, FAULTY, LOCKED, NOTHING, RETURNED, WAITING
from scoring.forms import Form
from scoring.project.facts import belongs_on
from scoring.store.records import Row
from scoring.units import Unit


@dataclass(frozen=True)
class Report:
    """One report that one unit owes, for one due period."""

    unit: Unit
    form: Form
    due: DuePeriod
    state: str
    year: str
    latest: Row | None = None  # the last submission that is not given up
    received_at: datetime | None = None  # the first that counts as received
    days_late: int | None = None  # received late, or not received and overdue
    counted: str = ""  # number of the submission whose rows count

    @property
    def words(self) -> str:
        return f"{self.form.title}（{label_words(self.due.label)}）"

    @property
    def overdue(self) -> bool:
        """Not received although it was due."""
        return self.received_at is None and self.days_late is not None

    @property
    def late(self) -> bool:
        """逾期: a flag beside the state."""
        return self.days_late is not None


def reports(desk: Desk, year: str, unit: str | None = None) -> list[Report]:
    """Every report due in an assessment period, by deadline; of one unit or of all."""
    today, locked = desk.clock().date(), desk.locked()
    found = _standings(desk, unit)
    start, end = _span(desk, year)
    listed = []
    for form in desk.forms.values():
        if form.derived is not None or form.kept_by != "unit":
            continue
        for due in desk.dues[form.code].values():
            if not start <= belongs_on(due) <= end:
                continue
            for one in desk.register.units:
                if (unit in (None, one.code)) and form.reported_by.includes(one) and one.valid_in(start, end):
                    rows = found.get((form.code, one.code, due.label), [])
                    listed.append(_report(one, form, due, year, rows, today, year in locked))
    return sorted(listed, key=lambda report: (report.due.deadline, report.form.code, report.due.label))


def _span(desk: Desk, year: str) -> tuple[date, date]:
    if desk.project.rubric is None:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    period = desk.project.rubric.period(year)
    return period.start, period.end


def _standings(desk: Desk, unit: str | None) -> Mapping[tuple[str, str, str], list[Row]]:
    only = "AND unit = ?" if unit is not None else ""
    rows = desk.records.fetch(
        f"SELECT * FROM standing WHERE unit <> '' AND state <> '作废' {only} ORDER BY event",
        [unit] if unit is not None else [],
    )
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["form"], row["unit"], row["period"]), []).append(row)
    return found


def _report(unit: Unit, form: Form, due: DuePeriod, year: str, rows: list[Row], today: date, is_locked: bool) -> Report:
    latest = max(rows, key=lambda row: row["decided_event"], default=None)
    accepted = [row for row in rows if row["state"] == ACCEPTED]
    received = [row["received_at"] for row in rows if row["received_at"] is not None and not row["never_received"]]
    received_at = min(received, default=None)
    state = _state(rows, is_locked)
    late = None
    if form.has_schedule:
        if received_at is not None and received_at > due.deadline:
            late = max(1, (received_at.date() - due.due_on).days)
        elif received_at is None and today > due.due_on:
            late = (today - due.due_on).days
    counted = max(accepted, key=lambda row: row["decided_event"], default=None)
    return Report(unit, form, due, state, year, latest, received_at, late, counted["no"] if counted else "")


def _state(rows: list[Row], is_locked: bool) -> str:
    """Of several submissions the one that is furthest, except that one given back or waiting after it comes first."""
    if not rows:
        return NOTHING
    last = max(rows, key=lambda row: row["decided_event"])
    handed_in = [row for row in rows if row["state"] in (WAITING, RETURNED, ACCEPTED)]
    if last["state"] in (DRAFT, FAULTY) and handed_in:  # a draft on top of what was handed in changes nothing yet
        last = max(handed_in, key=lambda row: row["decided_event"])
    return LOCKED if is_locked and last["state"] == ACCEPTED else str(last["state"])


def overdue(desk: Desk, year: str) -> list[Report]:
    """催报: not received although due, or given back and not handed in again; the longest first."""
    listed = [one for one in reports(desk, year) if one.overdue or one.state == RETURNED]
    return sorted(listed, key=lambda one: -(one.days_late or 0))

"""Up to which day last year's figure counts while this year's is not complete. Knows due periods; knows no unit.

A ledger that is handed in by half-years holds this year's rows up to the end of the last half-year that was due. Last
year's rows are all there: those of later days would be compared with nothing.
"""

from __future__ import annotations

from datetime import date

from scoring.calendar import WorkCalendar
from scoring.forms import Form
from scoring.rubric.model import Period

NO_OVERRIDES: dict[date, bool] = {}


def comparable(form: Form, period: Period, as_of: date) -> date:
    """The end of the last report that was due by then; the day itself where the form has no due dates or none has come.

    Days off are those of the national calendar: the office's own can move a due date by a few days, not what it covers.
    """
    if form.kept_by != "unit" or not form.has_schedule:
        return as_of
    dues = form.due_periods(period.start, period.end, WorkCalendar(period.start, period.cut_off, NO_OVERRIDES))
    return max((due.covers_to for due in dues if due.due_on <= as_of), default=as_of)

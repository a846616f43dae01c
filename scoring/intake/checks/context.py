"""What a check may ask beside the sheet itself: who reports for when, working days, what was accepted before. Opens nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scoring.calendar import DuePeriod, WorkCalendar
from scoring.units import Register

Columns = Mapping[str, Sequence[object]]
"""Accepted rows column by column: by column code; None where there is no value (blank, masked, 不涉及)."""
Owners = Callable[[str, tuple[object, ...]], list[tuple[str, str]]]
"""(form code, values of its key) → (unit, period) of every accepted row with this key. Asked once a row: a look-up."""


def _nobody(form: str, key: tuple[object, ...]) -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True)
class Earlier:
    """What was accepted before.

    `periods`: rows of the same unit and form by the label of their due period; the period of the sheet itself, where it
    is reported a second time, may be among them and is left out. `owners`: who has reported a key.
    """

    periods: Mapping[str, Columns] = field(default_factory=dict)
    owners: Owners = _nobody


@dataclass(frozen=True)
class Context:
    """`unit`: code, empty for a register of the office. `due`: None for a form without a schedule. `today`: the day of
    submission."""

    unit: str
    due: DuePeriod | None
    calendar: WorkCalendar
    register: Register
    earlier: Earlier
    today: date

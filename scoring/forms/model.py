"""What a form is. Knows columns and schedules; reads no file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from scoring.calendar import DuePeriod, Every, OnDayOff, Schedule, WorkCalendar, all_due_periods
from scoring.expressions.field import FormulaField
from scoring.expressions.rows import RowType
from scoring.forms.checks import AnyCheck, Check
from scoring.source import Code, Day, Exact, Spec, Text, Whole, refusal
from scoring.units import Who

ColumnType = Literal["integer", "decimal", "date", "boolean", "text", "choice"]
TYPE_TITLES: dict[str, str] = {
    "integer": "整数",
    "decimal": "小数",
    "date": "日期",
    "boolean": "是否",
    "text": "文本",
    "choice": "选项",
}
STATUSES = ("相符", "不录", "漏录", "错录", "迟录")


class Column(Spec):
    """One column: what is typed into it and what it may hold."""

    code: Code
    title: Text
    type: ColumnType
    unit: Text | None = None
    required: bool = False
    decimals: Whole = 2
    at_least: Exact | None = None
    at_most: Exact | None = None
    values: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()
    note: Text | None = None

    @property
    def row_type(self) -> RowType:
        kind = "text" if self.type == "choice" else self.type
        nonnegative = self.at_least is not None and self.at_least >= 0
        return RowType(
            kind, self.decimals if kind == "decimal" else 0, self.values, nonnegative, self.title, self.at_most
        )


def _clock(value: Any) -> Any:
    if value is None or isinstance(value, time):
        return value
    if value == "24:00":
        return None
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        raise refusal(f"“{value}”不是钟点", "请写成 15:00 的样子；全天写 24:00") from None


Clock = Annotated[
    time | None,
    BeforeValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00)$"}),
]


LateRows = Literal["count", "leave_out", "as_nil"]


class NotBefore(Spec):
    """A report that comes more than so many days before it is due comes too early."""

    days: Whole


class Due(Spec):
    """A schedule as written in YAML.

    `late_rows`: what a late report is worth for the figures. It counts (`count`), it is as if it had never come
    (`leave_out`, D77.2), or as if it had told that there is nothing to report (`as_nil`, D78.2).
    """

    every: Every | None = None
    day: Whole = 1
    months_after: Whole = 1
    weekday: Whole = 5
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    dates: tuple[Day, ...] = ()
    by: Clock = None
    on_day_off: OnDayOff = "stay"
    nil_report: Literal["required", "not_required"] = "not_required"
    late_rows: LateRows = "count"
    not_before: NotBefore | None = None

    @property
    def schedule(self) -> Schedule:
        return Schedule(
            self.every, self.day, self.months_after, self.weekday, self.from_, self.to, self.dates, self.by,
            self.on_day_off, self.not_before.days if self.not_before is not None else None,
        )  # fmt: skip


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


class LateAfter(Spec):
    """迟录: more than so many days between two dates."""

    days: Whole
    workdays: bool = True
    from_: Code = Field(alias="from")
    to: Code


class Derived(Spec):
    """A form the engine makes by comparing two others on a key (三录核对)."""

    left: Code
    right: Code
    on: Code
    compare: tuple[Code, ...] = ()
    where: FormulaField | None = None
    late_after: LateAfter | None = None


class FormSpec(Spec):
    """A form file as written."""

    form: Code
    title: Text
    kept_by: Literal["unit", "office"] = "unit"
    reported_by: Who = Who()
    dated_by: Code | None = None
    key: tuple[Code, ...] = ()
    due: Annotated[tuple[Due, ...], BeforeValidator(_listed, json_schema_input_type=Due | tuple[Due, ...])] = ()
    columns: tuple[Column, ...] = ()
    checks: tuple[AnyCheck, ...] = ()
    derived: Derived | None = None
    note: Text | None = None


@dataclass(frozen=True)
class Form:
    """A form as the rest of the house sees it. A derived form has the columns of its left side and `status`."""

    code: str
    title: str
    kept_by: Literal["unit", "office"]
    reported_by: Who
    dated_by: str
    key: tuple[str, ...]
    due: tuple[Due, ...]
    columns: tuple[Column, ...]
    derived: Derived | None
    file: str
    checks: tuple[Check, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Column]:
        return {column.code: column for column in self.columns}

    @cached_property
    def by_title(self) -> dict[str, Column]:
        names: dict[str, Column] = {}
        for column in self.columns:
            for name in (column.code, column.title, *column.aliases):
                names[name] = column
        return names

    @cached_property
    def row_types(self) -> dict[str, RowType]:
        return {column.code: column.row_type for column in self.columns}

    @cached_property
    def bit(self) -> dict[str, int]:
        """Which bit of `masked` and `inapplicable` speaks of which column."""
        return {column.code: 1 << position for position, column in enumerate(self.columns)}

    @cached_property
    def fingerprint(self) -> str:
        """12 hex digits of what a filled-in workbook depends on; a template made for other columns has another."""
        said = [[c.code, c.type, c.decimals, c.unit, list(c.values)] for c in self.columns]
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def has_schedule(self) -> bool:
        return bool(self.due)

    @property
    def late_rows(self) -> LateRows:
        """The same in all its schedules."""
        return self.due[0].late_rows if self.due else "count"

    @property
    def knows_early(self) -> bool:
        """Whether a report can come too early."""
        return any(due.not_before is not None for due in self.due)

    def due_periods(self, start: date, end: date, calendar: WorkCalendar) -> list[DuePeriod]:
        """The reports due for a period, by deadline."""
        return all_due_periods([due.schedule for due in self.due], start, end, calendar)


@dataclass(frozen=True)
class Forms(Mapping[str, Form]):
    """All forms by code."""

    by_code: dict[str, Form]

    def __getitem__(self, code: str) -> Form:
        return self.by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_code)

    def __len__(self) -> int:
        return len(self.by_code)

    def find(self, name: str) -> Form | None:
        """By code or title."""
        return self.by_code.get(name) or next((f for f in self.by_code.values() if f.title == name), None)

    def sources(self, form: Form) -> tuple[Form, ...]:
        """The forms somebody reports, of which this one is made: itself, or both sides of a derived form."""
        if form.derived is None:
            return (form,)
        return (self.by_code[form.derived.left], self.by_code[form.derived.right])

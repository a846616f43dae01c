"""Report templates (.xlsx) made from forms: one sheet a report that is due, and how to fill it in.

The same forms, periods and rows give the same bytes. Knows forms and units; decides nothing about what is due, reads
no workbook, asks no clock.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Protocol

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from scoring.calendar import DuePeriod, label_words
from scoring.forms import Form
from scoring.intake.template_guide import write_guide
from scoring.intake.template_look import Look
from scoring.intake.template_sheet import Filled, SheetPlan, write_sheet
from scoring.intake.template_stamp import (
    COLUMN_MARK,
    INSTRUCTIONS,
    LISTS_SHEET,
    RESULT_TITLE,
    STAMP_SHEET,
    SheetStamp,
    stamp_rows,
)
from scoring.units import Unit

MADE_ON = datetime(2000, 1, 1)  # the same template has the same bytes whenever it is made
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
BOOK_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class ReportLike(Protocol):
    """A form and the period it is due for; no period for a form without a schedule."""

    @property
    def form(self) -> Form: ...

    @property
    def due(self) -> DuePeriod | None: ...


@dataclass(frozen=True)
class Report:
    """The plainest of those."""

    form: Form
    due: DuePeriod | None = None


def template(
    unit: Unit | None,
    reports: Sequence[ReportLike],
    office_title: str,
    sample: bool,
    prefilled: Mapping[tuple[str, str], Filled] | None = None,
    used: Mapping[str, Collection[str]] | None = None,
    units: Sequence[Unit] = (),
    contact: str = "",
) -> bytes:
    """The workbook a unit fills in; `unit` None: registers of the office, whose rows name one of `units`.

    `prefilled` by form and label of the period ("" without one). `used`: by form the columns the 办法 looks at.
    """
    names = sheet_names(reports)
    plans = [_plan(name, report, unit, units, prefilled or {}, used, sample) for name, report in zip(names, reports, strict=True)]  # fmt: skip
    file = BytesIO()
    book = Workbook(file, BOOK_OPTIONS)
    who = unit.title if unit else office_title
    book.set_properties(
        {"title": f"{who}报送模板", "company": office_title, "author": office_title, "created": MADE_ON}
    )
    look = Look(book)
    guide = book.add_worksheet(INSTRUCTIONS)
    sheets = [book.add_worksheet(plan.name) for plan in plans]
    lists = _Lists(book.add_worksheet(LISTS_SHEET))
    for sheet, plan in zip(sheets, plans, strict=True):
        write_sheet(sheet, plan, look, lists.add)
    write_guide(guide, plans, unit, office_title, contact, sample, look)
    write_stamp(book, [plan.stamp for plan in plans])
    guide.activate()
    book.close()
    return file.getvalue()


def _plan(
    name: str,
    report: ReportLike,
    unit: Unit | None,
    units: Sequence[Unit],
    prefilled: Mapping[tuple[str, str], Filled],
    used: Mapping[str, Collection[str]] | None,
    sample: bool,
) -> SheetPlan:
    form, due = report.form, report.due
    named = [one for one in units if form.reported_by.includes(one)]
    if due is not None:
        named = [one for one in named if one.valid_in(due.covers_from, due.covers_to)]
    filled = prefilled.get((form.code, due.label if due else ""), Filled())
    return SheetPlan(
        name, form, due, unit, named, used.get(form.code, ()) if used is not None else None, filled, sample
    )


def sheet_names(reports: Sequence[ReportLike]) -> list[str]:
    """The form's title, with the period where a form is there more than once; as a spreadsheet allows it."""
    times = Counter(report.form.code for report in reports)
    taken = {name.casefold() for name in (INSTRUCTIONS, RESULT_TITLE, STAMP_SHEET, LISTS_SHEET, COLUMN_MARK, "History")}
    names = []
    for report in reports:
        title = report.form.title
        if times[report.form.code] > 1 and report.due is not None:
            title = f"{title} {label_words(report.due.label)}"
        names.append(free_name(title, taken))
    return names


def free_name(title: str, taken: set[str]) -> str:
    """A name for a sheet that no other sheet has; `taken` learns it."""
    plain = _NOT_IN_NAMES.sub("_", title).strip("' ") or "报表"
    number = 1
    while True:
        end = f"（{number}）" if number > 1 else ""
        name = _cut(plain, _LONGEST_NAME - len(end)) + end
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
        number += 1


def _cut(text: str, length: int) -> str:
    """At most so long, counted in UTF-16 as spreadsheets count."""
    while len(text.encode("utf-16-le")) // 2 > length:
        text = text[:-1]
    return text.rstrip("' ")


def write_stamp(book: Workbook, stamps: Sequence[SheetStamp]) -> None:
    """The very hidden sheet by which the workbook is recognised when it comes back."""
    sheet = book.add_worksheet(STAMP_SHEET)
    for line, cells in enumerate(stamp_rows(stamps)):
        for at, text in enumerate(cells):
            sheet.write_string(line, at, text)
    sheet.very_hidden()
    sheet.protect()


class _Lists:
    """Choices too many for the rule of a drop-down, each in a column of a very hidden sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._places: dict[tuple[str, ...], str] = {}
        sheet.very_hidden()
        sheet.protect()

    def add(self, values: Sequence[str]) -> str:
        """Where they stand, as a reference; the same choices stand there once."""
        key = tuple(values)
        if key not in self._places:
            at = len(self._places)
            for line, value in enumerate(key):
                self._sheet.write_string(line, at, value)
            name = xl_col_to_name(at)
            self._places[key] = f"='{LISTS_SHEET}'!${name}$1:${name}${len(key)}"
        return self._places[key]

"""One sheet of a template: one form for one due period. Knows the layout of the sheet; knows no other sheet.

Row 1 title · 2 unit, period, who fills in · 3 units of measure · 4 locked sums · 5 head · 6 … data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from scoring.calendar import DuePeriod, label_words
from scoring.forms import Column, Form
from scoring.intake import template_rules as rules
from scoring.intake.grid import MAX_ROWS
from scoring.intake.template_look import REQUIRED_MARK, USED_MARK, Look
from scoring.intake.template_stamp import SheetStamp
from scoring.intake.written import Written, as_written, lines_of, needs_quote, width_of
from scoring.units import Unit

HEAD_LINE = 5
FIRST_LINE = HEAD_LINE + 1
LAST_LINE = MAX_ROWS + HEAD_LINE  # validations and sums reach as far as a sheet may
UNIT_TITLE = "单位"
_FILTERED = 5_000 + HEAD_LINE  # spreadsheets extend the range themselves; XlsxWriter walks over each of its rows
_WIDTHS = {"integer": 10.0, "decimal": 12.0, "date": 12.0, "boolean": 8.0, "text": 22.0, "choice": 12.0}
_PROTECTED = {
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
}
Listed = Callable[[Sequence[str]], str]  # puts a long list on the hidden sheet and says where


@dataclass(frozen=True)
class Filled:
    """What stands in a sheet before it is handed out: the rows of an earlier submission, for a correction.

    A row is a mapping of column code (and `unit`, a title, in a register of the office) to a typed value or to what
    was typed; what was typed comes back as it was.
    """

    rows: Sequence[Mapping[str, object]] = ()
    nil: bool = False
    filled_by: str = ""
    phone: str = ""


@dataclass(frozen=True)
class SheetPlan:
    """All that one sheet is made of."""

    name: str
    form: Form
    due: DuePeriod | None
    unit: Unit | None  # None: a register of the office
    units: Sequence[Unit]  # whom a register may name
    used: Collection[str] | None  # columns that count for points; None: nobody knows
    filled: Filled
    sample: bool
    columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        own = () if self.unit else (Column(code="unit", title=UNIT_TITLE, type="choice", required=True),)
        object.__setattr__(self, "columns", (*own, *self.form.columns))

    @property
    def period_words(self) -> str:
        return label_words(self.due.label) if self.due else "不分报送期"

    @property
    def asks_nil(self) -> bool:
        return self.unit is not None and any(due.nil_report == "required" for due in self.form.due)

    @property
    def span(self) -> rules.Span | None:
        return (self.due.covers_from, self.due.covers_to) if self.due else None

    def strict(self, column: Column) -> bool:
        return column.code in ("unit", self.form.dated_by, *self.form.key)

    def span_of(self, column: Column) -> rules.Span | None:
        return self.span if column.code == self.form.dated_by else None

    def counts(self, column: Column) -> bool:
        return self.used is not None and column.code in self.used

    def sums(self, column: Column) -> bool:
        """Counts and amounts have a sum; keys, percentages and marks out of a maximum have none."""
        numeric = column.type in ("integer", "decimal") and column.unit != "%" and column.at_most is None
        return numeric and not self.strict(column)

    @property
    def rows(self) -> Sequence[Mapping[str, object]]:
        """What is filled in already. Where a period has one row only, its date."""
        if self.filled.rows or self.unit is None or self.due is None or self.form.key != (self.form.dated_by,):
            return self.filled.rows
        return [{self.form.dated_by: date_of(self.due)}]

    @property
    def stamp(self) -> SheetStamp:
        columns = {column.code: (column.title, column.unit or "") for column in self.form.columns}
        period, unit = self.due.label if self.due else "", self.unit.code if self.unit else ""
        return SheetStamp(self.name, self.form.code, self.form.fingerprint, period, unit, HEAD_LINE, columns)


def date_of(due: DuePeriod) -> date:
    """The day the one row of a period stands for."""
    return due.nominal if "W" in due.label or len(due.label) == 10 else due.covers_to


def write_sheet(sheet: Worksheet, plan: SheetPlan, look: Look, listed: Listed) -> None:
    """Everything of one report."""
    widths = [_width(column, at) for at, column in enumerate(plan.columns)]
    _columns(sheet, plan, look, widths)
    _above(sheet, plan, look)
    _sums(sheet, plan, look)
    _head(sheet, plan, look, widths)
    _rules(sheet, plan, look, listed)
    for at, row in enumerate(plan.rows):
        _row(sheet, plan, look, FIRST_LINE + at - 1, row)
    sheet.freeze_panes(HEAD_LINE, 0)
    sheet.autofilter(HEAD_LINE - 1, 0, max(_FILTERED, HEAD_LINE + len(plan.rows)) - 1, len(plan.columns) - 1)
    sheet.protect("", _PROTECTED)
    _paper(sheet, plan)


def _width(column: Column, at: int) -> float:
    title = width_of(column.title) + 7  # marks and the button of the filter
    base = max(_WIDTHS[column.type], *(width_of(one) + 4.0 for one in column.values or ("",)))
    wanted = title if title <= 18 else max(title / 2 + 5, 14)
    return min(max(base, wanted, 18.0 if at == 0 else 0.0), 40.0)


def _columns(sheet: Worksheet, plan: SheetPlan, look: Look, widths: Sequence[float]) -> None:
    for at, column in enumerate(plan.columns):
        sheet.set_column(at, at, widths[at], look.data(column.type))
    if len(plan.columns) < 10:  # the second row is ten cells wide
        sheet.set_column(len(plan.columns), 9, 12)


def _above(sheet: Worksheet, plan: SheetPlan, look: Look) -> None:
    """Title, second row, units of measure."""
    for line, height in ((1, 30), (2, 30), (3, 16), (4, 20)):
        sheet.set_row(line - 1, height, look["plain"])
    sample = "（示例）" if plan.sample else ""
    who = plan.unit.title if plan.unit else "各单位"
    title = f"{plan.form.title}{sample}　{who}　{plan.period_words}"
    marks = f"　　{REQUIRED_MARK} 必填" + (f"　{USED_MARK} 计分要用" if plan.used else "")
    sheet.write_rich_string(0, 0, look["title"], title, look["aside"], marks, look["title"])
    pairs = [
        (UNIT_TITLE, plan.unit.title if plan.unit else "见“单位”列", False),
        ("报送期", plan.period_words, False),
        ("填报人", plan.filled.filled_by, True),
        ("联系电话", plan.filled.phone, True),
    ]
    if plan.asks_nil:
        pairs.append(("零报告", "是" if plan.filled.nil else "否" if plan.filled.rows else "", True))
        sheet.data_validation(1, 9, 1, 9, {
            "validate": "list", "source": ["是", "否"], "error_title": "零报告", "error_message": "请选“是”或“否”。",
            "input_title": "零报告", "input_message": "本期没有事项的选“是”，表里一行也不填；有事项的选“否”。",
        })  # fmt: skip
    for at, (label, value, asked) in enumerate(pairs):
        sheet.write_string(1, 2 * at, label, look["label"])
        _text(sheet, 1, 2 * at + 1, value, look["asked" if asked else "fixed"])
    for at, column in enumerate(plan.columns):
        unit = column.unit if column.type in ("integer", "decimal") else None
        _text(sheet, 2, at, unit or ("计量单位" if at == 0 else ""), look["measure"])


def _sums(sheet: Worksheet, plan: SheetPlan, look: Look) -> None:
    """Locked formulas, each with its result, so that a program that does not recalculate shows no 0."""
    line, told = HEAD_LINE - 2, False
    for at, column in enumerate(plan.columns):
        name = xl_col_to_name(at)
        area = f"{name}{HEAD_LINE}:{name}{LAST_LINE}"  # from the head on, so that a row put in first is inside
        if plan.sums(column):
            numbers = [as_written(row.get(column.code), column) for row in plan.rows]
            total = sum((Decimal(str(one)) for one in numbers if isinstance(one, (int, float))), Decimal(0))
            sheet.write_formula(line, at, f"=SUM({area})", look["sum"], float(total))
        elif not told:
            told = True
            formula = f'="合计（"&(COUNTA({area})-1)&" 行）"'
            count = sum(as_written(row.get(column.code), column) is not None for row in plan.rows)
            sheet.write_formula(line, at, formula, look["sum_words"], f"合计（{count} 行）")
        else:
            sheet.write_blank(line, at, None, look["sum_words"])


def _head(sheet: Worksheet, plan: SheetPlan, look: Look, widths: Sequence[float]) -> None:
    lines = 1
    for at, column in enumerate(plan.columns):
        required, used = column.required, plan.counts(column)
        sheet.write_string(HEAD_LINE - 1, at, column.title, look.head(required, used))
        note = rules.head_note(column, plan.strict(column), plan.span_of(column), used)
        height = 18 + 17 * sum(lines_of(line, 30) for line in note.split("\n"))
        sheet.write_comment(HEAD_LINE - 1, at, note, {"x_scale": 1.8, "height": height, "author": "", "font_size": 9})
        lines = max(lines, lines_of(column.title + "★◆", widths[at] - 3))
    sheet.set_row(HEAD_LINE - 1, 10 + 15 * lines, look["plain"])


def _rules(sheet: Worksheet, plan: SheetPlan, look: Look, listed: Listed) -> None:
    top, last = FIRST_LINE - 1, LAST_LINE - 1
    whole = f"$A{FIRST_LINE}:${xl_col_to_name(len(plan.columns) - 1)}{FIRST_LINE}"
    for at, column in enumerate(plan.columns):
        cell = f"{xl_col_to_name(at)}{FIRST_LINE}"
        if column.code == "unit" and plan.unit is None:
            titles = [unit.title for unit in plan.units]
            rule = rules.unit_rule(titles, None if rules.fits_in_rule(titles) else listed(titles)) if titles else None
        else:
            strict = plan.strict(column)
            values = rules.choices(column, strict)
            place = listed(values) if values and not rules.fits_in_rule(values) else None
            rule = rules.validation(column, cell, strict, plan.span_of(column), place)
        if rule is not None:
            sheet.data_validation(top, at, last, at, rule)
        if column.required:
            formula = f"=AND(LEN(TRIM({cell}))=0,COUNTA({whole})>0)"
            shown = {"type": "formula", "criteria": formula, "format": look["missing"]}
            sheet.conditional_format(top, at, last, at, shown)


def _row(sheet: Worksheet, plan: SheetPlan, look: Look, line: int, row: Mapping[str, object]) -> None:
    for at, column in enumerate(plan.columns):
        write_cell(sheet, line, at, as_written(row.get(column.code), column), column.type, look)


def write_cell(sheet: Worksheet, line: int, at: int, value: Written, kind: str, look: Look) -> None:
    """Text is written as text whatever it begins with."""
    if isinstance(value, str):
        sheet.write_string(line, at, value, look.data(kind, needs_quote(value)))
    elif isinstance(value, date):
        sheet.write_datetime(line, at, value, look.data("date"))
    elif value is not None:
        sheet.write_number(line, at, value, look.data(kind))


def _text(sheet: Worksheet, line: int, at: int, value: str, style: Format) -> None:
    if value:
        sheet.write_string(line, at, value, style)
    else:
        sheet.write_blank(line, at, None, style)


def _paper(sheet: Worksheet, plan: SheetPlan) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(HEAD_LINE - 1)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    title = plan.form.title.replace("&", "&&") + ("（示例）" if plan.sample else "")
    sheet.set_footer(f"&L{title}&R第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)

"""Whose report a sheet is, and of which due period: by the stamp, by what is written above the head, by what is expected.

Where two of them contradict each other the sheet is refused. Reads no row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from scoring.calendar import label_words
from scoring.forms import Form, Forms
from scoring.intake.grid import Grid
from scoring.intake.heads import Above, Head
from scoring.intake.periods import period_in, period_said
from scoring.intake.reported import Finding, ReportedSheet
from scoring.intake.submissions import Dues
from scoring.intake.template_stamp import SheetStamp
from scoring.units import Register, Unit

AGAIN = "请下载本期模板重新填报"


@dataclass(frozen=True)
class Expected:
    """What is known before the file is opened: who reports, and what is asked for. None: nobody said."""

    unit: str | None = None
    form: str | None = None
    period: str | None = None


@dataclass(frozen=True)
class World:
    """All that a sheet is held against."""

    expected: Expected
    forms: Forms
    register: Register
    dues: Dues
    needed: Mapping[str, Collection[str]]

    def is_unit(self, name: str) -> bool:
        return self.register.find(name) is not None

    def due_here(self) -> list[Form]:
        """The forms that may come, by what is expected."""
        unit = self.register.by_code.get(self.expected.unit or "")
        forms = [form for form in self.forms.values() if form.derived is None]
        if unit is None:
            return forms
        return [form for form in forms if form.kept_by == "unit" and form.reported_by.includes(unit)]


def refuse(sheet: ReportedSheet, check: str, problem: str, fix: str) -> None:
    """Nothing of the sheet is taken."""
    sheet.refused = True
    sheet.findings.append(Finding(check, "A", problem, fix))


def unit_of(
    sheet: ReportedSheet, grid: Grid, head: Head | None, stamp: SheetStamp | None, above: Above, world: World
) -> str:
    """Whose report it is; empty for a register of the office."""
    form, register, expected = sheet.form, world.register, world.expected.unit
    if form.kept_by == "office":
        if expected is not None:
            refuse(sheet, "单位", f"“{form.title}”由市双打办登记，各单位不用报", "请删去这张工作表")
        elif head is not None and "unit" not in head.places:
            refuse(sheet, "表头", "缺少必填的列“单位”", "这张表登记各单位的事项，请补上“单位”列")
        return ""
    said = register.find(above.said.get("unit", "")) if above.said.get("unit") else None
    stamped = register.by_code.get(stamp.unit) if stamp and stamp.unit else None
    if stamp and stamp.unit and stamped is None:
        refuse(sheet, "单位", f"模板是单位“{stamp.unit}”的，登记表里没有这个单位", AGAIN)
        return expected or ""
    if said is not None and stamped is not None and said is not stamped:
        problem = f"表上写的单位是“{said.title}”，模板却是“{stamped.title}”的"
        refuse(sheet, "单位", problem, "请用本单位的模板填报，不要改别人的")
    found = stamped or said or _only_unit(grid, head, world)
    code = found.code if found else expected or ""
    if not code:
        refuse(sheet, "单位", "看不出是哪个单位报的", "请在表上写明“单位：全称”，或用本单位的模板填报")
        return ""
    if expected is not None and code != expected:
        problem = f"这是“{register.title(code)}”的表，现在报送的是“{register.title(expected)}”"
        refuse(sheet, "单位", problem, "请上传本单位的表")
        return code
    unit = register.by_code.get(code)
    if unit is not None and not form.reported_by.includes(unit):
        refuse(sheet, "单位", f"“{unit.title}”不用报“{form.title}”", "请核对报表；不用报的工作表请删去")
    return code


def _only_unit(grid: Grid, head: Head | None, world: World) -> Unit | None:
    """The unit named in every row of a 单位 column; None where there is none or they are several."""
    at = head.places.get("unit") if head else None
    column = grid.column(at) if at is not None else None
    if head is None or column is None:
        return None
    names = {name.strip() for name in column.slice(head.line).unique().to_pylist() if name.strip()}
    found = {unit.code: unit for name in names if (unit := world.register.find(name)) is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def period_of(sheet: ReportedSheet, grid: Grid, stamp: SheetStamp | None, above: Above, world: World) -> str:
    """The label of the due period; empty for a form without a schedule."""
    form, expected = sheet.form, world.expected.period
    labels = list(world.dues.get(form.code, {}))
    if not form.has_schedule:  # reported for a year; the stamp says which, else the dates of the rows do
        return stamp.period if stamp and stamp.period in labels else ""
    text = above.said.get("period", "")
    said = period_said(text, labels) or period_in(text, labels)
    stamped = stamp.period if stamp else ""
    if said and stamped and said != stamped:
        problem = f"表上写的报送期是“{text}”，模板却是{label_words(stamped)}的"
        refuse(sheet, "报送期", problem, "请用本期的模板填报，不要改上期的")
        return stamped
    titled = next((found for line in (grid.name, *above.titles) if (found := period_in(line, labels))), "")
    period = stamped or said or titled or (expected if expected in labels else None) or ""
    if not period and len(labels) == 1:
        period = labels[0]
    if not period:
        what = f"表上的报送期“{text}”不是“{form.title}”的报送期" if text else "看不出是哪一期的"
        shown = "、".join(label_words(label) for label in labels[:4])
        refuse(sheet, "报送期", what, f"请写明报送期，例如 {shown}" if shown else "本考核期内这张表没有报送期")
    elif period not in labels:
        shown = words(period)
        refuse(sheet, "报送期", f"“{form.title}”没有{shown}这一期", AGAIN)
    elif expected in labels and period != expected:
        problem = f"这是{label_words(period)}的表，现在报送的是{words(expected)}"
        refuse(sheet, "报送期", problem, "请上传本期的表，或换到那一期报送")
    return period


def words(label: str) -> str:
    """A label in words; as it is where it is none."""
    try:
        return label_words(label)
    except (ValueError, IndexError):
        return f"“{label}”"

"""Template of every unit → filled in by a real spreadsheet library → uploaded, handed in, accepted → scored like the
prepared files from which the cells were taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scoring.access import Actor
from scoring.desk import Desk, handing_in, receiving, reviewing
from scoring.desk.blanks import blank
from scoring.desk.desk import label_of
from scoring.desk.importing import import_folder
from scoring.desk.registers import close_register
from scoring.desk.reports import reports
from scoring.forms import Column, Form
from scoring.intake.submissions import read_submissions
from scoring.project import Project
from tests.demo import demo
from tests.town import CHECKER, CLERK, ROOT, Town, reporter

SAMPLE = ROOT / "data" / "sample"
Place = tuple[str, str, str]  # form, unit, period
Size = Callable[[int, int], int]


@dataclass
class Prepared:
    """What the prepared files say, by report: rows as text, when it came, whether it was 零报告."""

    rows: dict[Place, list[dict[str, str]]] = field(default_factory=dict)
    came: dict[Place, tuple[datetime, bool]] = field(default_factory=dict)
    closed: list[tuple[str, str, datetime]] = field(default_factory=list)


def prepared(desk: Desk) -> Prepared:
    found = Prepared()
    for form in desk.forms.values():
        path = SAMPLE / f"{form.code}.csv"
        if not path.exists():
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                unit = desk.register.find(row["单位"])
                assert unit is not None
                day = date.fromisoformat(row[form.by_code[form.dated_by].title])
                owner = unit.code if form.kept_by == "unit" else ""
                found.rows.setdefault((form.code, owner, label_of(desk, form, day)), []).append(row)
    lines, issues, _ = read_submissions(
        SAMPLE / "submissions.csv", "submissions.csv", desk.forms, desk.register, desk.dues
    )
    assert not issues
    for one in lines:
        if one.outcome == "已收":
            found.came[one.form, one.unit, one.period] = (one.received_at, one.nil)
        elif one.outcome == "已关账":
            found.closed.append((one.form, one.period, one.received_at))
    return found


def as_typed_by_hand(text: str, column: Column) -> object:
    """What somebody at a spreadsheet enters: real dates and numbers, else text."""
    if text in ("", "*", "**", "/"):
        return text or None
    if column.type == "date":
        return datetime.fromisoformat(text)
    if column.type == "integer":
        return int(text)
    return float(Decimal(text)) if column.type == "decimal" else text


def fill(sheet: Worksheet, form: Form, rows: Iterable[dict[str, str]], nil: bool) -> None:
    """Into the cells under the head, wherever the head has each column."""
    (head,) = [row for row in sheet.iter_rows(max_row=8) if form.columns[0].title in [cell.value for cell in row]]
    places = {str(cell.value): cell.column for cell in head if cell.value}
    for line, row in enumerate(rows, head[0].row + 1):
        if "单位" in places:
            sheet.cell(line, places["单位"], row["单位"])
        for column in form.columns:
            sheet.cell(line, places[column.title], as_typed_by_hand(row[column.title], column))
    for row in sheet.iter_rows(max_row=4):
        for cell in row:
            if cell.value == "零报告":
                sheet.cell(cell.row, cell.column + 1, "是" if nil else "否")


def workbook_of(desk: Desk, actor: Actor, unit: str | None, wanted: list[tuple[str, str]], told: Prepared) -> bytes:
    data = blank(desk, actor, unit, wanted)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][1:]
    for sheet, (code, period) in zip(sheets, wanted, strict=True):
        place = (code, unit or "", period)
        nil = told.came.get(place, (None, False))[1]
        fill(sheet, desk.forms[code], told.rows.get(place, []), nil)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in_all(desk: Desk, actor: Actor, upload: receiving.Upload, town: Town, told: Prepared | None) -> list[str]:
    """Each draft at the moment the register says it came; every question answered."""
    problems = [(sheet.form.code, sheet.period, sheet.findings[-1].problem) for sheet in upload.refused]
    assert not problems
    assert not [finding for finding in upload.findings if finding.level == "A"]
    numbers = []
    for draft in upload.drafts:
        assert not draft.sheet.set_aside, [str(one) for one in draft.sheet.findings if one.level == "A"][:3]
        answers = {one.key: "按实际情况填报，已逐项核对" for one in draft.sheet.findings if one.level in ("B", "C")}
        if told is not None:
            town.clock.now = told.came[draft.sheet.form.code, draft.sheet.unit, draft.sheet.period][0]
        handing_in.hand_in(desk, actor, draft.no, answers)
        numbers.append(draft.no)
    return numbers


def same_results(one: Project, other: Project, year: str) -> None:
    period = one.period(year)
    left, right = one.assess(year, period.cut_off), other.assess(year, period.cut_off)
    for name, table in left.tables.items():
        rows = sorted(map(repr, table.to_pylist())), sorted(map(repr, right.tables[name].to_pylist()))
        assert rows[0] == rows[1], f"{year} {name}"


def without(year: str, units: Collection[str], folder: Path) -> Path:
    """The prepared files without what these units and the office filed for that year."""
    folder.mkdir()
    desk = Desk(demo(), None, datetime.now)  # type: ignore[arg-type]

    def stays(form: Form, unit: str, day: str) -> bool:
        found = desk.register.find(unit)
        return day[:4] < year or (form.kept_by == "unit" and found is not None and found.code not in units)

    for form in desk.forms.values():
        path = SAMPLE / f"{form.code}.csv"
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as file:
                head, *lines = csv.reader(file)
            who, at = head.index("单位"), head.index(form.by_code[form.dated_by].title)
            write(folder / path.name, [head, *(line for line in lines if stays(form, line[who], line[at]))])
    with (SAMPLE / "submissions.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file)
    forms = {form.title: form for form in desk.forms.values()}
    write(folder / "submissions.csv", [head, *(line for line in lines if stays(forms[line[1]], line[2], line[3]))])
    return folder


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def through_templates(city: Town, years: tuple[str, ...], units: Collection[str] = ()) -> int:
    """Everything the units (none named: all) and the office owe for these years. Returns how many submissions were
    accepted."""
    desk = city.desk
    told = prepared(desk)
    city.clock.step = timedelta(0)
    accepted: list[str] = []
    with desk.one_publication():
        for unit in [one for one in desk.register.units if not units or one.code in units]:
            for year in years:
                owed = [(one.form.code, one.due.label) for one in reports(desk, year, unit.code)]
                wanted = [(code, label) for code, label in owed if (code, unit.code, label) in told.came]
                if wanted:
                    data = workbook_of(desk, reporter(unit.code), unit.code, wanted, told)
                    upload = receiving.upload(desk, reporter(unit.code), unit.code, f"{unit.title}{year}.xlsx", data)
                    assert len(upload.drafts) == len(wanted)
                    accepted += hand_in_all(desk, reporter(unit.code), upload, city, told)
        registers = [
            (code, label)
            for code, owner, label in told.rows
            if not owner and desk.forms[code].kept_by == "office" and desk.year_of(desk.forms[code], label) in years
        ]
        data = workbook_of(desk, CLERK, None, registers, told)
        accepted += hand_in_all(desk, CLERK, receiving.upload(desk, CLERK, None, "市双打办登记.xlsx", data), city, None)
        reviewing.accept(desk, CHECKER, accepted)  # a register with a veto takes a second person
        for form, period, at in told.closed:
            if desk.year_of(desk.forms[form], period) in years:
                city.clock.now = at
                close_register(desk, CLERK, form, period, closed=True)
    return len(accepted)


KINDS = ("c07", "z02", "d01")
"""One that lacks reports, one with a masked figure, the host of the office."""


def test_units_of_every_kind_through_their_own_templates(empty_city: Town, tmp_path: Path) -> None:
    """2024 of three units and all registers of the office through workbooks, the rest from the prepared files: every
    unit is scored as from the files alone."""
    import_folder(empty_city.desk, CLERK, without("2024", KINDS, tmp_path / "rest"), "其余的数据")
    assert through_templates(empty_city, ("2024",), KINDS) > 60
    same_results(demo(), empty_city.project, "2024")


@pytest.mark.trial
def test_every_unit_through_its_own_template(empty_city: Town, tmp_path: Path, trial_size: Size) -> None:
    """All units: in full every year there is, reduced 2024 over the prepared files of the years before."""
    if trial_size(1, 0):
        assert through_templates(empty_city, ("2022", "2023", "2024")) > 1600
        years = ("2024", "2023")
    else:
        units = [one.code for one in empty_city.desk.register.units]
        import_folder(empty_city.desk, CLERK, without("2024", units, tmp_path / "before"), "以前的数据")
        assert through_templates(empty_city, ("2024",)) > 800
        years = ("2024",)
    for year in years:
        same_results(demo(), empty_city.project, year)

"""Template of every unit → filled in by a real spreadsheet library → uploaded, handed in, accepted → scored like the
prepared files from which the cells were taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
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
from scoring.project import Project, open_project
from tests.town import CHECKER, CLERK, ROOT, Town, reporter

SAMPLE = ROOT / "data" / "sample"
Place = tuple[str, str, str]  # form, unit, period


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


def before(year: str, folder: Path) -> Path:
    """The prepared files without what came for that year and after it."""
    folder.mkdir()
    desk = Desk(open_project(ROOT), None, datetime.now)  # type: ignore[arg-type]
    for form in desk.forms.values():
        path = SAMPLE / f"{form.code}.csv"
        if path.exists():
            head, *lines = path.read_text(encoding="utf-8-sig").splitlines()
            at = head.split(",").index(form.by_code[form.dated_by].title)
            kept = [line for line in lines if line.split(",")[at][:4] < year]
            (folder / path.name).write_text("\n".join([head, *kept]), encoding="utf-8")
    head, *lines = (SAMPLE / "submissions.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if line.split(",")[3][:4] < year]
    (folder / "submissions.csv").write_text("\n".join([head, *kept]), encoding="utf-8")
    return folder


def through_templates(city: Town, years: tuple[str, ...]) -> int:
    """Everything the units and the office owe for these years. Returns how many submissions were accepted."""
    desk = city.desk
    told = prepared(desk)
    city.clock.step = timedelta(0)
    accepted: list[str] = []
    with desk.one_publication():
        for unit in desk.register.units:
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


def test_every_unit_of_the_demo_city_through_its_own_template(empty_city: Town, tmp_path: Path) -> None:
    """2024 through workbooks; what came before, which 2024 is compared with, from the prepared files."""
    import_folder(empty_city.desk, CLERK, before("2024", tmp_path / "before"), "以前的数据")
    assert through_templates(empty_city, ("2024",)) > 800
    same_results(open_project(ROOT), empty_city.project, "2024")


@pytest.mark.trial
def test_every_year_through_templates(empty_city: Town) -> None:
    assert through_templates(empty_city, ("2022", "2023", "2024")) > 1600
    for year in ("2024", "2023"):
        same_results(open_project(ROOT), empty_city.project, year)

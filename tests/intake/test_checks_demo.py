"""The checks of the demo city over its own data: nothing is set aside, and what is asked about is what is planted.

data/sample/README.md tells what is planted: 批捕 above 抓获 in two quarters. 办结 above 立案 is asked about wherever the
reports before do not show what was carried over; each case is looked at again here by plain subtraction.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from scoring.calendar import DuePeriod
from scoring.forms import Form
from scoring.intake.checks import Context, Earlier, run
from scoring.intake.reported import Finding, ReportedSheet
from scoring.intake.tables import Sheet
from tests.demo import demo

PROJECT = demo()
Place = tuple[str, str, str]  # form, unit, period
Columns = dict[str, list[object]]


def state(sheet: Sheet, code: str, at: int) -> str:
    bit = sheet.form.bit[code]
    if sheet.values["masked"][at] & bit:  # type: ignore[operator]
        return "masked"
    if sheet.values["inapplicable"][at] & bit:  # type: ignore[operator]
        return "not_applicable"
    return "blank" if sheet.values[code][at] is None else "value"


def parted(form: Form, sheet: Sheet) -> dict[tuple[str, str], tuple[DuePeriod, list[int]]]:
    """Positions of the rows by unit and due period; rows outside every period (2022) were never reported."""
    dues = form.due_periods(PROJECT.calendar.first, PROJECT.calendar.last, PROJECT.calendar)
    found: dict[tuple[str, str], tuple[DuePeriod, list[int]]] = {}
    for at, (unit, day) in enumerate(zip(sheet.values["row_unit"], sheet.values[form.dated_by], strict=True)):
        due = next((one for one in dues if one.covers_from <= day <= one.covers_to), None)  # type: ignore[operator]
        if due is not None:
            found.setdefault((str(unit), due.label), (due, []))[1].append(at)
    return found


def checked(form: Form, sheet: Sheet) -> Iterator[tuple[Place, Finding]]:
    groups = parted(form, sheet)
    columns: dict[tuple[str, str], Columns] = {
        place: {one.code: [sheet.values[one.code][at] for at in rows] for one in form.columns}
        for place, (_, rows) in groups.items()
    }
    owners: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    for place, (_, rows) in groups.items():
        for at in rows:
            owners.setdefault(tuple(sheet.values[code][at] for code in form.key), []).append(place)
    assert PROJECT.register is not None
    for (unit, label), (due, rows) in groups.items():
        one = ReportedSheet(form, label, unit, lines=[int(sheet.values["source_row"][at]) for at in rows])  # type: ignore[call-overload]
        one.units, one.aside, one.values = [unit] * len(rows), [False] * len(rows), columns[unit, label]
        one.states = {code.code: [state(sheet, code.code, at) for at in rows] for code in form.columns}  # type: ignore[misc]
        one.typed = {
            code: ["" if value is None else str(value) for value in cells] for code, cells in one.values.items()
        }
        earlier = Earlier(
            {period: cells for (who, period), cells in columns.items() if who == unit and period < label},
            lambda form, key: owners.get(key, []),
        )
        context = Context(unit, due, PROJECT.calendar, PROJECT.register, earlier, due.due_on)
        yield from (((form.code, unit, label), finding) for finding in run(one, context))


@cache
def findings() -> list[tuple[Place, Finding]]:
    assert PROJECT.forms is not None
    forms = [form for form in PROJECT.forms.values() if form.code in PROJECT.sheets and form.has_schedule]
    return [found for form in forms for found in checked(form, PROJECT.sheets[form.code])]


def asked(number: str) -> list[Place]:
    return sorted(place for place, finding in findings() if finding.check == number and finding.level != "D")


def test_nothing_is_set_aside() -> None:
    assert [(place, finding.problem) for place, finding in findings() if finding.level == "A"] == []


def test_only_these_checks_ask() -> None:
    assert {finding.check for _, finding in findings() if finding.level != "D"} == {"V02", "V03"}


def test_what_is_planted_is_asked_about() -> None:
    assert asked("V03") == [("chain", "c05", "2024Q3"), ("chain", "z01", "2023Q3")]


def test_what_is_carried_over_within_the_reports_is_not_asked_about() -> None:
    """稷川市 c09 filed many cases at the end of 2023 and closed them in 2024 (README: 办结大于立案)."""
    assert [place for place in asked("V02") if place[1:] >= ("c09", "2024") and place[1] == "c09"] == []


def test_more_closed_than_filed_and_known_to_be_open_is_what_is_asked_about() -> None:
    sheet = PROJECT.sheets["chain"]
    rows = parted(sheet.form, sheet)
    for _, unit, label in asked("V02"):
        at = rows[unit, label][1][0]
        pairs = [
            (sheet.values[f"{kind}_closed"][at], sheet.values[f"{kind}_filed"][at])
            for kind in ("adm", "crim")
            if sheet.values[f"{kind}_closed"][at] is not None and sheet.values[f"{kind}_filed"][at] is not None
        ]
        assert any(closed > filed for closed, filed in pairs), (unit, label)  # type: ignore[operator]
    assert 0 < len(asked("V02")) < len(rows) // 8

"""Templates for what a unit owes, with what was accepted before already in them. Makes workbooks, reads none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scoring.access import Actor
from scoring.desk.desk import Desk
from scoring.desk.keeping import typed
from scoring.forms import Form
from scoring.intake.needed import needed_columns
from scoring.intake.template_sheet import Filled
from scoring.intake.templates import Report, template


def blank(desk: Desk, actor: Actor, unit: str | None, wanted: Iterable[tuple[str, str]]) -> bytes:
    """A workbook for (form, due period) pairs of one unit, or of the office (None), with the accepted rows in it.

    Raises Refused where the actor may not report for the unit.
    """
    desk.require(actor, "report" if unit is not None else "enter", unit)
    reports = [Report(desk.forms[form], desk.dues[form].get(period)) for form, period in wanted]
    office, rubrics = desk.project.office, desk.project.editions.all
    assert office is not None
    who = desk.register.by_code[unit] if unit is not None else None
    return template(
        who,
        reports,
        office.office.title,
        office.sample,
        accepted(desk, unit, [(one.form, one.due.label if one.due else "") for one in reports]),
        needed_columns(rubrics, desk.forms) if rubrics else None,
        [one for one in desk.register.units if any(report.form.reported_by.includes(one) for report in reports)],
    )


def accepted(desk: Desk, unit: str | None, wanted: Iterable[tuple[Form, str]]) -> Mapping[tuple[str, str], Filled]:
    """What counts now for each report, to be corrected."""
    found: dict[tuple[str, str], Filled] = {}
    for form, period in wanted:
        counted = desk.records.fetch(
            "SELECT * FROM counted_submission WHERE form = ? AND unit = ? AND period = ?",
            [form.code, unit or "", period],
        )
        if not counted:
            continue
        rows = desk.records.fetch(
            "SELECT * FROM counted_row WHERE form = ? AND period = ? AND (? = '' OR unit = ?) ORDER BY unit, submission, position",
            [form.code, period, unit or "", unit or ""],
        )
        cells = [
            {
                "unit": desk.register.title(row["unit"]),
                **{
                    column.code: typed(row["value"][column.code], column)
                    if column.code in row["value"]
                    else row["typed"].get(column.code, "")
                    for column in form.columns
                },
            }
            for row in rows
        ]
        last = counted[-1]
        found[form.code, period] = Filled(cells, last["nil"], last["filled_by"], last["phone"])
    return found

"""报送登记: who sent what when. Late, returned and missing submissions among them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from demo_city.draw import CALENDAR, Row, stream, strength
from demo_city.plan import LEDGER_YEARS, NO_SUB_ASSESSMENT, UNREPORTED, YEARS
from scoring.calendar import DuePeriod
from scoring.forms import Form, Forms
from scoring.units import Unit

CAMPAIGN = ("weekly_report", "stage_report")
HEADER = ("报送编号", "报表", "单位", "报送期", "收到时间", "结果", "零报告", "备注")


def due_periods(form: Form) -> list[DuePeriod]:
    """Every report of this form that is due in the years of the demo."""
    years = LEDGER_YEARS if form.code == "case_ledger" else YEARS
    return form.due_periods(date(years[0], 1, 1), date(years[-1], 12, 31), CALENDAR)


def came(form: str, unit: str, due: DuePeriod) -> bool:
    """Whether this report was ever sent."""
    if form == "sub_assessment":
        return (unit, due.covers_to.year) not in NO_SUB_ASSESSMENT
    if form in ("case_ledger", "chain", "complaints"):
        return not (unit == UNREPORTED[0] and UNREPORTED[1] <= due.covers_to <= UNREPORTED[2])
    if form in CAMPAIGN:
        weak = 1 - strength(unit, due.nominal.year)
        return stream("came", form, unit, due.nominal).random() > weak * 0.12
    return True


def submissions(forms: Forms, units: tuple[Unit, ...], rows: dict[str, list[Row]]) -> Iterator[Row]:
    """The register, numbered."""
    listed: list[list[object]] = []
    for form in forms.values():
        for due in due_periods(form):
            if form.kept_by == "office":
                closed = due.due_on - timedelta(stream(form.code, due.label).randint(0, 3))
                listed.append([form.title, "", due.label, f"{closed} 17:00", "已关账", "", ""])
                continue
            for unit in units:
                if form.reported_by.includes(unit) and came(form.code, unit.code, due):
                    listed += _received(form, unit, due, rows[form.code])
    for number, values in enumerate(listed, 1):
        yield dict(zip(HEADER, [f"S{number:04d}", *values], strict=True))


def _received(form: Form, unit: Unit, due: DuePeriod, rows: list[Row]) -> Iterator[list[object]]:
    own = [row[form.dated_by] for row in rows if row["unit"] == unit.title]
    inside = sum(isinstance(day, date) and due.covers_from <= day <= due.covers_to for day in own)
    random, weak = (
        stream("sent", form.code, unit.code, due.label),
        1 - strength(unit.code, due.covers_to.year),
    )
    campaign = form.code in CAMPAIGN
    at = datetime.combine(due.due_on, time(random.randint(8, 17), random.randint(0, 59)))
    late = random.random() < weak * (0.30 if campaign else 0.06)
    at += timedelta(random.randint(1, 3) if late else 0 if campaign else -random.randint(0, 4))
    nil = "是" if not inside and form.due[0].nil_report == "required" else "否"
    if inside and not campaign and random.random() < 0.03:
        first = at - timedelta(1, 7200)
        yield [
            form.title,
            unit.title,
            due.label,
            f"{first:%Y-%m-%d %H:%M}",
            "退回",
            nil,
            "表内数据有误，退回更正",
        ]
    yield [form.title, unit.title, due.label, f"{at:%Y-%m-%d %H:%M}", "已收", nil, ""]

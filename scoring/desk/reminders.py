"""催报: what is not there although it was due, whom to call, and the words of a reminder. Computes no score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scoring.calendar import label_words
from scoring.desk.desk import Desk
from scoring.desk.reports import Report, overdue
from scoring.desk.states import DRAFT, FAULTY, RETURNED
from scoring.store.records import Row
from scoring.units import Unit

WORKDAYS_TO_ANSWER = 3  # until a report that is asked for has to be there, unless the office says otherwise
KINDS = {
    "week": "周报",
    "month": "月报",
    "quarter": "季报",
    "half_year": "半年报",
    "year": "年报",
    "day": "定期报告",
}


@dataclass(frozen=True)
class Contact:
    """Whom to call, and how it is known."""

    name: str = ""
    phone: str = ""
    source: str = ""  # 填报人 of the last submission, or the 登记 in units.yaml

    @property
    def words(self) -> str:
        return " ".join(part for part in (self.name, self.phone) if part)


@dataclass(frozen=True)
class Reminder:
    """One report to be asked for."""

    report: Report
    contact: Contact
    given_back: Row | None = None  # the submission that was given back, also under a newer draft

    @property
    def unit(self) -> Unit:
        return self.report.unit

    @property
    def kind(self) -> str:
        return KINDS[kind_of(self.report.due.label)]

    @property
    def returned(self) -> bool:
        return self.report.state == RETURNED

    @property
    def note(self) -> str:
        """Why it was given back, and how far it is."""
        told = []
        if self.given_back is not None:
            told.append(f"{self.given_back['decided_at']:%Y-%m-%d} 退回：{self.given_back['reason']}")
        latest = self.report.latest
        if latest is not None and latest["state"] in (DRAFT, FAULTY):
            told.append(f"{latest['done_at']:%Y-%m-%d} 上传了草稿，没有提交")
        return "；".join(told)


def reminders(desk: Desk, year: str) -> list[Reminder]:
    """Everything to be asked for in an assessment period, the longest overdue first."""
    told, given_back = contacts(desk), _given_back(desk)
    return [
        Reminder(one, told[one.unit.code], given_back.get((one.form.code, one.unit.code, one.due.label)))
        for one in overdue(desk, year)
    ]


def _given_back(desk: Desk) -> dict[tuple[str, str, str], Row]:
    """By form, unit and due period: what was given back last."""
    found = desk.records.fetch("SELECT * FROM standing WHERE whole AND state = ? ORDER BY decided_event", [RETURNED])
    return {(row["form"], row["unit"], row["period"]): row for row in found}


def contacts(desk: Desk) -> dict[str, Contact]:
    """By unit: who signed the last submission that names anybody, else the contact of the register."""
    found = desk.records.fetch(
        """SELECT unit, max_by(filled_by, event) AS name, max_by(phone, event) AS phone FROM submission
WHERE unit <> '' AND (filled_by <> '' OR phone <> '') GROUP BY unit"""
    )
    signed = {row["unit"]: Contact(row["name"], row["phone"], "最近一次填报人") for row in found}
    return {unit.code: signed.get(unit.code) or _registered(unit) for unit in desk.register.units}


def _registered(unit: Unit) -> Contact:
    if unit.contact is None:
        return Contact()
    return Contact(unit.contact.name, unit.contact.phone or "", "单位登记")


def kind_of(label: str) -> str:
    """Of which length the due period is: `2024Q3` → quarter."""
    if len(label) == 10:
        return "day"
    if "W" in label:
        return "week"
    if "Q" in label:
        return "quarter"
    if "H" in label:
        return "half_year"
    return "month" if "-" in label else "year"


def answer_by(desk: Desk, today: date, workdays: int = WORKDAYS_TO_ANSWER) -> date:
    """So many working days from today."""
    day = today
    while workdays:
        day += timedelta(1)
        workdays -= desk.calendar.is_workday(day)
    return day


def letter(desk: Desk, listed: Sequence[Reminder], by: date, today: date) -> str:
    """The reminder to one unit, ready to be sent. All of `listed` are of that unit."""
    assert desk.project.office is not None
    office, unit = desk.project.office.office, listed[0].unit
    absent = sorted((one for one in listed if not one.returned), key=lambda one: one.report.due.due_on)
    returned = [one for one in listed if one.returned]
    lines = [f"{unit.title}："]
    if absent:
        lines.append(f"　　截至{_day(today)}，{office.short}尚未收到贵单位下列 {len(absent)} 份报表：")
        lines += _numbered(
            [
                f"{_named(one)}，应于{_day(one.report.due.due_on)}前报送，已逾期 {one.report.days_late} 天"
                for one in absent
            ]
        )
    if returned:
        lines.append(f"　　{'另有' if absent else '贵单位'}下列 {len(returned)} 份报表已退回，尚未重报：")
        lines += _numbered([f"{_named(one)}，退回原因：{_reason(one)}" for one in returned])
    what = "补报" if not returned else "补报或改正重报" if absent else "改正重报"
    nil = any(due.nil_report == "required" for one in absent for due in one.report.form.due)
    lines.append(
        f"　　请于{_day(by)}前{what}。{'确无发生的，请作零报告。' if nil else ''}已经报送的，请与{office.short}核对。"
    )
    return "\n".join([*lines, "", office.title, _day(today)])


def _named(one: Reminder) -> str:
    return f"《{one.report.form.title}》（{label_words(one.report.due.label)}）"


def _reason(one: Reminder) -> str:
    return str(one.given_back["reason"]).rstrip("。；") if one.given_back is not None else ""


def _numbered(texts: Sequence[str]) -> list[str]:
    last = len(texts)
    return [f"　　{place}. {text}{'。' if place == last else '；'}" for place, text in enumerate(texts, 1)]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

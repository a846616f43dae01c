"""A workbook comes in: read, checked, kept as drafts. Decides the state of a draft; computes no score.

A draft is kept the moment it is uploaded, so that a lost connection loses nothing. It counts for nothing until it was
handed in and accepted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, decide, label_of, log
from scoring.desk.files import keep_attachment, safe_name
from scoring.desk.keeping import counted_columns, keep_submission, kept_sheet, keys_of, row_key
from scoring.desk.states import DRAFT, FAULTY, RETURNED, VOID
from scoring.intake.checks import Context, Earlier, apply, run
from scoring.intake.container import Refused as Unreadable
from scoring.intake.needed import Needed, needed_columns
from scoring.intake.reading import Expected, read_reports
from scoring.intake.reported import Finding, ReportedSheet
from scoring.intake.workbook import read_workbook
from scoring.store.records import Writer


@dataclass(frozen=True)
class Draft:
    """One sheet that was kept. `same_as`: the file was uploaded before, and this is the submission it made then."""

    no: str
    sheet: ReportedSheet
    state: str
    same_as: bool = False


@dataclass(frozen=True)
class Upload:
    """What became of one workbook: drafts, sheets that could not be taken, and what concerns the whole file."""

    file_name: str
    sha256: str
    drafts: tuple[Draft, ...] = ()
    refused: tuple[ReportedSheet, ...] = ()
    findings: tuple[Finding, ...] = ()


def upload(
    desk: Desk,
    actor: Actor,
    unit: str | None,
    name: str,
    data: bytes,
    form: str | None = None,
    period: str | None = None,
) -> Upload:
    """Read a workbook and keep each of its reports as a draft. `unit` None: a register of the office.

    Raises Refused where the file cannot be read at all or the actor may not; nothing is changed then, except that the
    attempt is on record.
    """
    desk.require(actor, "report" if unit is not None else "enter", unit)
    name = safe_name(name)
    sha256 = hashlib.sha256(data).hexdigest()
    workbook = read_workbook(data, name)
    if isinstance(workbook, Unreadable):
        _note_refusal(desk, actor, unit, name, sha256, workbook.problem)
        raise Refused(workbook.problem, workbook.fix)
    reading = read_reports(workbook, Expected(unit, form, period), desk.forms, desk.register, desk.dues, _needed(desk))
    for sheet in reading.sheets:
        if not sheet.refused:
            _name_year(desk, sheet, period)
        if not sheet.refused:
            check(desk, sheet, desk.clock())
    drafts = []
    refused = [sheet for sheet in reading.sheets if sheet.refused]
    with desk.records.write() as writer:
        now = desk.clock()
        keep_attachment(writer, sha256, data, now)
        for sheet in reading.sheets:
            if not sheet.refused:
                before = _same_file(desk, sheet, sha256)
                drafts.append(before or _keep(writer, desk, sheet, actor, name, sha256, now))
        told = f"{name}：{len(drafts)} 张表" + (f"，{len(refused)} 张没有收" if refused else "")
        log(writer, writer.event(), actor, now, "上传", desk.register.title(unit) if unit else "市双打办", told)
    return Upload(name, sha256, tuple(drafts), tuple(refused), tuple(reading.findings))


def _needed(desk: Desk) -> Needed | None:
    """The columns that some 办法 looks at; nobody knows them where none can be read."""
    rubrics = desk.project.editions.all
    return needed_columns(rubrics, desk.forms) if rubrics else None


def _name_year(desk: Desk, sheet: ReportedSheet, asked: str | None) -> None:
    """A form without a schedule is reported for a year: the one its rows are dated in."""
    if sheet.form.has_schedule or sheet.period:
        return
    days = [day for day in sheet.values.get(sheet.form.dated_by, []) if isinstance(day, date)]
    labels = {label_of(desk, sheet.form, day) for day in days} or {asked or ""}
    if len(labels) == 1 and (label := labels.pop()):
        sheet.period = label
        return
    sheet.refused = True
    years = "、".join(sorted(label for label in labels if label))
    problem = f"各行的日期不在同一个考核期内（{years}）" if years else "各行的日期不在任何考核期内"
    sheet.findings.append(Finding("报送期", "A", problem, "请按考核期分开填报，或核对日期"))


def check(desk: Desk, sheet: ReportedSheet, now: datetime) -> None:
    """What only shows across rows, periods and units; and whether the period is open at all."""
    unit = sheet.unit
    due = desk.dues[sheet.form.code].get(sheet.period)
    periods = counted_columns(desk.records, sheet.form, unit) if unit else {}
    owners = _owners(desk, sheet)
    earlier = Earlier(periods, lambda _, key: owners.get(row_key(key), []))
    apply(sheet, run(sheet, Context(unit, due, desk.calendar, desk.register, earlier, now.date())))
    try:
        desk.refuse_locked(sheet.form, sheet.period)
    except Refused as refusal:
        sheet.refused = True
        sheet.findings.append(Finding("锁定", "A", refusal.problem, refusal.fix))


def _owners(desk: Desk, sheet: ReportedSheet) -> dict[str, list[tuple[str, str]]]:
    """Who reported the keys of this sheet, and for which period, among the rows that count."""
    keys = [key for key in keys_of(sheet) if key]
    if not keys:
        return {}
    rows = desk.records.fetch(
        """SELECT r.row_key, r.unit, s.period FROM ledger_row r JOIN counted_submission s ON s.no = r.submission
WHERE s.form = ? AND NOT r.aside AND r.row_key IN (SELECT unnest(?::VARCHAR[]))""",
        [sheet.form.code, keys],
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row["row_key"], []).append((row["unit"], row["period"]))
    return found


def _same_file(desk: Desk, sheet: ReportedSheet, sha256: str) -> Draft | None:
    """The submission that the same file made before, unless it was returned or taken back."""
    found = desk.records.fetch(
        f"""SELECT no, state FROM standing
WHERE sha256 = ? AND form = ? AND unit = ? AND period = ? AND sheet = ? AND state NOT IN ('{RETURNED}', '{VOID}')
ORDER BY event DESC LIMIT 1""",
        [sha256, sheet.form.code, sheet.unit, sheet.period, sheet.sheet],
    )
    if not found:
        return None
    no = found[0]["no"]
    return Draft(no, kept_sheet(desk.records, no, sheet.form), found[0]["state"], same_as=True)


def _keep(
    writer: Writer, desk: Desk, sheet: ReportedSheet, actor: Actor, name: str, sha256: str, now: datetime
) -> Draft:
    no = f"BS{now.year}-{writer.number():06d}"
    keep_submission(
        writer, no, sheet, source="工作簿", file_name=name, sha256=sha256, whole=True, actor=actor, now=now
    )
    state = FAULTY if sheet.set_aside else DRAFT
    reason = f"{sheet.set_aside} 行有强制性错误" if sheet.set_aside else ""
    decide(writer, no, state, actor, now, reason)
    return Draft(no, sheet, state)


def _note_refusal(desk: Desk, actor: Actor, unit: str | None, name: str, sha256: str, why: str) -> None:
    with desk.records.write() as writer:
        subject = desk.register.title(unit) if unit else "市双打办"
        log(writer, writer.event(), actor, desk.clock(), "上传未收", subject, f"{name}（{sha256[:12]}）：{why}")


def drafts(desk: Desk, unit: str) -> list[Draft]:
    """Drafts of a unit that were not handed in, newest first."""
    found: Sequence[Mapping[str, object]] = desk.records.fetch(
        f"SELECT no, form, state FROM standing WHERE unit = ? AND state IN ('{DRAFT}', '{FAULTY}') ORDER BY event DESC",
        [unit],
    )
    return [
        Draft(str(one["no"]), kept_sheet(desk.records, str(one["no"]), desk.forms[str(one["form"])]), str(one["state"]))
        for one in found
        if one["form"] in desk.forms
    ]

"""A workbook comes in: read, checked, kept as drafts. Decides the state of a draft; computes no score.

A draft is kept the moment it is uploaded, so that a lost connection loses nothing. It counts for nothing until it was
handed in and accepted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, decide, log
from scoring.desk.files import keep_attachment, safe_name
from scoring.desk.keeping import counted_columns, keep_submission, kept_sheet, typed
from scoring.desk.states import DRAFT, FAULTY, RETURNED, VOID
from scoring.forms import Form
from scoring.intake.checks import Context, Earlier, apply, run
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
    if not hasattr(workbook, "sheets"):
        _note_refusal(desk, actor, unit, name, sha256, workbook.problem)
        raise Refused(workbook.problem, workbook.fix)
    reading = read_reports(workbook, Expected(unit, form, period), desk.forms, desk.register, desk.dues)
    for sheet in reading.sheets:
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


def check(desk: Desk, sheet: ReportedSheet, now: datetime) -> None:
    """What only shows across rows, periods and units; and whether the period is open at all."""
    unit = sheet.unit
    due = desk.dues[sheet.form.code].get(sheet.period)
    periods = counted_columns(desk.records, sheet.form, unit) if unit else {}
    owners = _owners(desk, sheet.form)
    earlier = Earlier(periods, lambda form, key: owners.get(key, []))
    apply(sheet, run(sheet, Context(unit, due, desk.calendar, desk.register, earlier, now.date())))
    try:
        desk.refuse_locked(sheet.form, sheet.period)
    except Refused as refusal:
        sheet.refused = True
        sheet.findings.append(Finding("锁定", "A", refusal.problem, refusal.fix))


def _owners(desk: Desk, form: Form) -> dict[tuple[object, ...], list[tuple[str, str]]]:
    """Who reported a key, and for which period, among the rows that count."""
    rows = desk.records.fetch("SELECT unit, period, value FROM counted_row WHERE form = ?", [form.code])
    found: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    for row in rows:
        key = tuple(typed(row["value"].get(code), form.by_code[code]) for code in form.key)
        found.setdefault(key, []).append((row["unit"], row["period"]))
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
    whole = sheet.form.kept_by == "unit"
    keep_submission(
        writer, no, sheet, source="工作簿", file_name=name, sha256=sha256, whole=whole, actor=actor, now=now
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

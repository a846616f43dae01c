"""Prepared files into the records: every line of the register a submission, every row with where it stood.

What was set aside or belongs to no submission is kept as well, and counts for nothing, as it did in the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, label_of, log
from scoring.desk.keeping import keep_findings, keep_rows
from scoring.desk.states import ACCEPTED, DRAFT, HANDED_IN, RETURNED, WAITING
from scoring.forms import Form
from scoring.intake.cells import read_cell
from scoring.intake.csvfile import read_csv
from scoring.intake.reported import Finding, ReportedSheet
from scoring.intake.submissions import Submission, read_submissions
from scoring.intake.tables import UNIT_TITLES, Sheet, read_sheet
from scoring.store.records import Writer

_OUTCOMES = {"已收": ACCEPTED, "退回": RETURNED, "待复核": WAITING}
_TEXT = pa.map_(pa.string(), pa.string())


@dataclass
class _Incoming:
    """One submission to be written, with its decisions: (when, state, reason, never received)."""

    sheet: ReportedSheet
    no: str
    file_name: str
    at: datetime
    decisions: list[tuple[datetime, str, str, bool]] = field(default_factory=list)


@dataclass(frozen=True)
class Imported:
    submissions: int
    rows: int
    aside: int


def import_folder(desk: Desk, actor: Actor, folder: Path, shown_as: str) -> Imported:
    """All CSV files of a folder, into empty records. Raises Refused where something was submitted before."""
    desk.require(actor, "enter")
    if desk.records.fetch("SELECT 1 FROM submission LIMIT 1"):
        raise Refused("报送库里已经有报送，不能再整批导入", "整批导入只用于刚建立的空库；补报请在“填报”上传")
    if not folder.is_dir():
        raise Refused(f"没有“{shown_as}”这个文件夹", "请核对路径")
    now = desk.clock()
    lines, _, _ = read_submissions(
        folder / "submissions.csv", f"{shown_as}/submissions.csv", desk.forms, desk.register, desk.dues
    )
    incoming: list[_Incoming] = []
    for form in desk.forms.values():
        path = folder / f"{form.code}.csv"
        if form.derived is None:
            sheets = _sheets(desk, form, path, f"{shown_as}/{path.name}") if path.exists() else {}
            own = [one for one in lines if one.form == form.code and one.outcome != "已关账"]
            incoming += _of_form(form, sheets, own, f"{shown_as}/{path.name}", now)
    closings = [one for one in lines if _closes(desk, one)]
    incoming = [one for one in incoming if one.decisions]
    with desk.records.write() as writer:
        _write(writer, incoming, actor)
        _close(writer, closings, actor)
        rows, aside = sum(len(one.sheet) for one in incoming), sum(one.sheet.set_aside for one in incoming)
        told = f"{shown_as}：{len(incoming)} 份报送，{rows} 行，其中搁置 {aside} 行"
        log(writer, writer.event(), actor, now, "整批导入", "全部单位", told)
    desk.publish()
    return Imported(len(incoming), rows, aside)


def _closes(desk: Desk, one: Submission) -> bool:
    """The office closes a register, for all units or for one."""
    return one.outcome == "已关账" or (desk.forms[one.form].kept_by == "office" and one.outcome == "已收")


def _of_form(
    form: Form, sheets: dict[tuple[str, str], ReportedSheet], lines: Iterable[Submission], shown: str, now: datetime
) -> Iterator[_Incoming]:
    """The rows of a form under the lines of the register they belong to."""
    if form.kept_by == "office" or not form.has_schedule:
        for (_, period), sheet in sheets.items():
            state = ACCEPTED if period or form.kept_by == "office" else DRAFT
            yield _Incoming(sheet, "", shown, now, _steps(state, now, ""))
        return
    last = {(one.unit, one.period): one.no for one in lines if one.outcome in ("已收", "待复核")}
    for one in lines:
        place = (one.unit, one.period)
        found = sheets.get(place) if last.get(place) == one.no else None
        sheet = found or ReportedSheet(form, one.period, one.unit)
        sheet.nil = one.nil
        decisions = _steps(_OUTCOMES[one.outcome], one.received_at, one.note)
        yield _Incoming(sheet, one.no, shown if len(sheet) else one.source_file, one.received_at, decisions)
    for place, sheet in sheets.items():
        if place not in last:  # nobody registered that these came
            yield _Incoming(sheet, "", shown, now, _steps(DRAFT, now, "没有报送登记"))


def _steps(state: str, at: datetime, note: str) -> list[tuple[datetime, str, str, bool]]:
    if state == DRAFT:
        return [(at, DRAFT, note, False)]
    steps = [(at, HANDED_IN, "", False)]
    return [*steps, (at, state, note, state == RETURNED)]


def _sheets(desk: Desk, form: Form, path: Path, shown: str) -> dict[tuple[str, str], ReportedSheet]:
    """The rows of a file by unit and due period; of an office register by period alone."""
    good = read_sheet(path, shown, form, desk.register)
    raw, _ = read_csv(path, shown)
    if raw is None:
        return {}
    cells = {line: found for line, found in raw.rows() if found is not None}
    places = {code: at for at, title in enumerate(raw.header) if (code := _code(form, title.strip()))}
    found: dict[tuple[str, str], ReportedSheet] = {}
    positions: Mapping[int, int] = {int(str(line)): at for at, line in enumerate(good.values["source_row"])}
    problems: dict[int, list[Finding]] = {}
    for issue in good.issues:
        if issue.level == "A" and issue.line is not None:
            code = _code(form, issue.column) if issue.column else ""
            told = Finding("导入", "A", issue.problem, issue.fix, issue.line, code, "", issue.value)
            problems.setdefault(issue.line, []).append(told)
    for line, texts in cells.items():
        _add_row(desk, form, found, line, texts, places, good, positions.get(line), problems.get(line, []))
    return found


def _add_row(
    desk: Desk,
    form: Form,
    found: dict[tuple[str, str], ReportedSheet],
    line: int,
    texts: list[str],
    places: Mapping[str, int],
    good: Sheet,
    at: int | None,
    problems: list[Finding],
) -> None:
    text = {code: texts[place].strip() if place < len(texts) else "" for code, place in places.items()}
    named = desk.register.find(text.get("unit", ""))
    unit = str(good.values["row_unit"][at]) if at is not None else (named.code if named else "")
    day = good.values[form.dated_by][at] if at is not None else None
    label = label_of(desk, form, day) if isinstance(day, date) else ""
    owner = unit if form.kept_by == "unit" else ""
    sheet = found.setdefault((owner, label), ReportedSheet(form, label, owner, head_line=1))
    sheet.lines.append(line)
    sheet.units.append(unit)
    sheet.aside.append(at is None)
    sheet.findings += problems if at is None else []
    for column in form.columns:
        cell = read_cell(text.get(column.code, ""), column)
        sheet.typed.setdefault(column.code, []).append(text.get(column.code, ""))
        value = good.values[column.code][at] if at is not None else (None if cell.problem else cell.value)
        sheet.values.setdefault(column.code, []).append(value)
        sheet.states.setdefault(column.code, []).append("blank" if cell.problem else cell.state)


def _code(form: Form, title: str) -> str:
    if title in UNIT_TITLES:
        return "unit"
    return form.by_title[title].code if title in form.by_title else ""


def _write(writer: Writer, incoming: list[_Incoming], actor: Actor) -> None:
    """In the order things happened, many rows at a time."""
    incoming.sort(key=lambda one: one.at)
    taken = {one.no for one in incoming if one.no}
    submissions, decisions = [], []
    count = sum(1 + len(one.decisions) for one in incoming)
    events = iter([row["event"] for row in writer.fetch(f"SELECT nextval('event_no') AS event FROM range({count})")])
    for one in incoming:
        if not one.no or one.no not in taken:
            one.no = f"DR-{writer.number():06d}"
        taken.discard(one.no)  # a number used twice in the register is kept for the first
        submissions.append(_head(one, next(events), actor))
        for at, state, reason, never in one.decisions:
            decisions.append(
                {
                    "event": next(events), "submission": one.no, "state": state, "reason": reason,
                    "never_received": never, "done_at": at, "actor": actor.name, "role": actor.role,
                }
            )  # fmt: skip
    by_form: dict[str, list[tuple[str, ReportedSheet]]] = {}
    for one in incoming:
        if len(one.sheet):
            by_form.setdefault(one.sheet.form.code, []).append((one.no, one.sheet))
    for sheets in by_form.values():
        keep_rows(writer, sheets)
        keep_findings(writer, [(no, sheet.findings) for no, sheet in sheets])
    if submissions:
        schema = pa.schema(
            [(name, _TEXT if name == "letters" else _kind(value)) for name, value in submissions[0].items()]
        )
        writer.append_rows("submission", pa.Table.from_pylist(submissions, schema))
        writer.append_rows("decision", pa.Table.from_pylist(decisions))


def _kind(value: object) -> pa.DataType:
    return pa.scalar(value).type


def _head(one: _Incoming, event: int, actor: Actor) -> dict[str, object]:
    sheet = one.sheet
    return {
        "no": one.no, "event": event, "form": sheet.form.code, "unit": sheet.unit, "period": sheet.period,
        "source": "导入", "file_name": one.file_name, "sha256": "", "sheet": "",
        "fingerprint": sheet.form.fingerprint, "head_line": sheet.head_line, "letters": [],
        "whole": True, "nil": sheet.nil, "filled_by": "", "phone": "",
        "row_count": len(sheet), "aside_count": sheet.set_aside, "done_at": one.at, "actor": actor.name,
        "role": actor.role,
    }  # fmt: skip


def _close(writer: Writer, closings: Iterable[Submission], actor: Actor) -> None:
    for one in sorted(closings, key=lambda one: one.received_at):
        writer.append(
            "register_closing",
            {
                "event": writer.event(), "form": one.form, "unit": one.unit, "period": one.period, "closed": True,
                "reason": one.note, "done_at": one.received_at, "actor": actor.name, "role": actor.role,
            },
        )  # fmt: skip

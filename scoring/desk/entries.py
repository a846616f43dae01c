"""What the office and the assessors enter row by row: targets, awards, events, scores. Reasons, corrections, withdrawals.

An entry is a submission of one row. It counts at once, except a row that a veto looks at: that waits until a second
person has confirmed it (`second_person`). Entering a row with a key that is there already corrects it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, decide, label_of, log
from scoring.desk.judged import alike, over_limit
from scoring.desk.keeping import keep_submission, row_key, typed
from scoring.desk.proofs import keep_proof
from scoring.desk.receiving import check
from scoring.desk.second_person import WITHDRAWAL, looked_at, waiting_for, withdrawn_row
from scoring.desk.states import ACCEPTED, HANDED_IN, UNCONFIRMED
from scoring.forms import Form
from scoring.intake.cells import read_cell
from scoring.intake.reported import LEAST_EXPLANATION, Finding, ReportedSheet
from scoring.store.records import Row, Writer
from scoring.units import Unit

# Why a row was entered: what was said first; who confirms it may say nothing.
_WHY = "SELECT submission, min_by(reason, event) AS why FROM decision WHERE reason <> '' GROUP BY submission"


@dataclass(frozen=True)
class Prepared:
    """A row that may be entered, with what should be seen before it is."""

    form: Form
    unit: str
    sheet: ReportedSheet
    before: Row | None  # the row with the same key that it takes the place of
    alike: tuple[Row, ...]  # rows that say the same under another date: only one of them can hold
    second: bool  # it waits for a second person

    @property
    def doubts(self) -> list[Finding]:
        """What has to be explained: the reason of the entry does it."""
        return [one for one in self.sheet.findings if one.level in LEAST_EXPLANATION]


def entry_sheet(desk: Desk, form: Form, unit: str, cells: Mapping[str, str]) -> ReportedSheet:
    """One row as typed on a page, read like a row of a workbook."""
    sheet = ReportedSheet(form, "", "", lines=[1], units=[unit], aside=[False])
    for column in form.columns:
        text = (cells.get(column.code) or "").strip()
        cell = read_cell(text, column)
        sheet.typed[column.code], sheet.values[column.code] = [text], [cell.value]
        sheet.states[column.code] = [cell.state]
        if cell.problem:
            sheet.findings.append(Finding("录入", "A", cell.problem, cell.fix, 1, column.code, "", text))
        elif cell.state != "value" and column.code in (form.dated_by, *form.key):
            told = f"“{column.title}”不能是“{text or '空白'}”"
            sheet.findings.append(
                Finding("录入", "A", told, "这一列决定该行归谁、归哪一期，须如实填写", 1, column.code)
            )
    if not sheet.findings:
        sheet.period = period_of(desk, form, sheet)
    return sheet


def period_of(desk: Desk, form: Form, sheet: ReportedSheet) -> str:
    """The due period that the row is dated in. Raises Refused where there is none."""
    day = sheet.values[form.dated_by][0]
    if isinstance(day, date) and (label := label_of(desk, form, day)):
        return label
    raise Refused(
        f"{day} 不在“{form.title}”的任何一期里", "请核对日期，或在 config/office.yaml 的 periods 里加上这一年"
    )


def units_of(desk: Desk, form: Form, year: str) -> list[Unit]:
    """The units that a register of the office can have rows for, in administrative-code order."""
    start, end = date(int(year), 1, 1), date(int(year), 12, 31)
    if desk.project.rubric is not None:
        period = desk.project.period(year)
        start, end = period.start, period.end
    return [one for one in desk.register.units if form.reported_by.includes(one) and one.valid_in(start, end)]


def prepare(desk: Desk, actor: Actor, form_code: str, unit: str, cells: Mapping[str, str], reason: str) -> Prepared:
    """Everything that is looked at before a row is entered. Raises Refused, naming everything that is wrong."""
    desk.require(actor, "enter")
    form = desk.forms[form_code]
    if form.kept_by != "office" or form.derived is not None:
        raise Refused(f"“{form.title}”由各单位报送", "请到“填报”上传")
    who = desk.register.by_code.get(unit)
    if who is None or not form.reported_by.includes(who):
        raise Refused(f"“{form.title}”与这个单位无关", "请核对单位")
    if not reason.strip():
        raise Refused("没有写理由", "请写明依据和理由，备查")
    if not desk.project.ready:
        raise Refused("考核办法或配置有错误，核不了上限和一票否决", "请先改正“办法”页列出的错误，再登记")
    sheet = entry_sheet(desk, form, unit, cells)
    if not sheet.findings:
        desk.refuse_locked(form, sheet.period)
        sheet.findings += over_limit(desk, form, unit, sheet)
    if not sheet.findings:
        check(desk, sheet, desk.clock())
    if wrong := [one for one in sheet.findings if one.level == "A"]:
        raise Refused(
            "；".join(dict.fromkeys(one.problem for one in wrong)), "；".join(dict.fromkeys(one.fix for one in wrong))
        )
    key = key_of(form, sheet)
    if waiting_for(desk, form.code, unit, sheet.period, key):
        raise Refused("这一行已经登记，正待第二人确认", "请先由第二人确认或不同意，再更正")
    before = _counted(desk, form.code, unit, sheet.period, key)
    second = looked_at(desk, form, sheet) or (before is not None and looked_at(desk, form, before))
    return Prepared(form, unit, sheet, before, tuple(alike(desk, form, unit, sheet, key)), second)


def _counted(desk: Desk, form: str, unit: str, period: str, key: str, no: str = "") -> Row | None:
    """The row with this key; of a form without a key the row of the entry `no`."""
    found = desk.records.fetch(
        """SELECT c.*, s.source FROM counted_row c JOIN submission s ON s.no = c.submission
WHERE c.form = ? AND c.unit = ? AND c.period = ? AND c.row_key = ? AND (c.row_key <> '' OR c.submission = ?)""",
        [form, unit, period, key, no],
    )
    return found[0] if found else None


def enter(
    desk: Desk,
    actor: Actor,
    form_code: str,
    unit: str,
    cells: Mapping[str, str],
    reason: str,
    proof: tuple[str, bytes] | None = None,
    in_place_of: str = "",
) -> str:
    """Enter one row of an office register. Returns its number. Raises Refused, naming everything that is wrong.

    `in_place_of`: the key of a row that says the same under another date and is taken back with this entry.
    """
    reason = " ".join(reason.split())
    with desk.records.write() as writer:
        ready = prepare(desk, actor, form_code, unit, cells, reason)
        _refuse_unsaid(ready, reason, in_place_of)
        now, form, sheet = desk.clock(), ready.form, ready.sheet
        no = f"LR{now.year}-{writer.number():06d}"
        keep_submission(
            writer, no, sheet, source="录入", file_name="页面录入", sha256="", whole=False, actor=actor, now=now
        )
        for one in ready.doubts:
            _explain(writer, no, one, reason, actor, desk)
        decide(writer, no, HANDED_IN, actor, now, reason)
        event = decide(writer, no, UNCONFIRMED if ready.second else ACCEPTED, actor, now, reason)
        if in_place_of:
            (old,) = [row for row in ready.alike if row["row_key"] == in_place_of]
            withdrawn_row(writer, old, f"由 {no} 更正：{reason}", actor, now)
        if proof is not None:
            keep_proof(writer, desk, actor, proof, unit=unit, year=desk.year_of(form, sheet.period), submission=no)
        told = f"{no}：{row_words(form, sheet)}；理由：{reason}" + ("（待第二人确认）" if ready.second else "")
        log(writer, event, actor, now, f"登记{form.title}", desk.register.title(unit), told)
    desk.publish()
    return no


def _refuse_unsaid(ready: Prepared, reason: str, in_place_of: str) -> None:
    """What the one who enters has to decide or to explain."""
    other = [row for row in ready.alike if not in_place_of or row["row_key"] != in_place_of]
    if other:
        told = "；".join(typed_words(ready.form, row) for row in other)
        how = "请确认以新的为准" if ready.form.key else "请先撤回原来的一行，再登记新的（报表没有写 key，不能更正）"
        raise Refused(f"这一项已经登记过：{told}", f"一个考核期只能有一行；{how}")
    if in_place_of and ready.second:
        raise Refused("一票否决看的行不能换日期更正", "请先撤回原来的一行，再登记新的")
    least = max((LEAST_EXPLANATION[one.level] for one in ready.doubts), default=0)
    if len(reason.replace(" ", "")) < least:
        problems = "；".join(one.problem for one in ready.doubts)
        raise Refused(problems, f"情况属实的，请把原因写进理由，至少 {least} 个字")


def _explain(writer: Writer, no: str, one: Finding, text: str, actor: Actor, desk: Desk) -> None:
    writer.append(
        "explanation",
        {
            "event": writer.event(), "submission": no, "check_id": one.check, "line": one.line,
            "column_code": one.column, "text": text, "done_at": desk.clock(), "actor": actor.name, "role": actor.role,
        },
    )  # fmt: skip


def row_words(form: Form, sheet: ReportedSheet, at: int = 0) -> str:
    """指标代码 case_quality，评分 4.5."""
    told = ((column.title, sheet.typed[column.code][at]) for column in form.columns)
    return "，".join(f"{title} {text}" for title, text in told if text)


def typed_words(form: Form, row: Row) -> str:
    """The same of a row of the records."""
    told = ((column.title, row["typed"].get(column.code, "")) for column in form.columns)
    return "，".join(f"{title} {text}" for title, text in told if text)


def withdraw(desk: Desk, actor: Actor, row: Row, reason: str) -> str:
    """Take back a row of an office register, one of `counted_rows`; it stays on record and counts no more.

    A row that a veto looks at goes only when a second person agrees: then the number under which that waits is
    returned, otherwise nothing.
    """
    desk.require(actor, "enter")
    form, unit, reason = desk.forms[row["form"]], str(row["unit"]), " ".join(reason.split())
    if not reason:
        raise Refused("没有写撤回的理由", "请写明理由，备查")
    with desk.records.write() as writer:
        found = _counted(desk, form.code, unit, row["period"], row["row_key"], row["submission"])
        if found is None or form.kept_by != "office":
            raise Refused("这一行不在登记里，或已经撤回", "请刷新页面")
        desk.refuse_locked(form, found["period"])
        if not found["row_key"] and found["source"] != "录入":
            raise Refused(f"“{form.title}”没有关键列，成批登记的行不能逐行撤回", "请在报表定义里写 key，或整批退回重报")
        now, asked = desk.clock(), ""
        if looked_at(desk, form, found):
            if waiting_for(desk, form.code, unit, found["period"], found["row_key"]):
                raise Refused("这一行正待第二人确认", "请先由第二人确认或不同意")
            asked = _ask_to_withdraw(writer, desk, form, found, reason, actor)
        else:
            withdrawn_row(writer, found, reason, actor, now)
        told = f"{typed_words(form, found)}；理由：{reason}" + (f"（{asked}，待第二人确认）" if asked else "")
        log(writer, writer.event(), actor, now, f"撤回{form.title}", desk.register.title(unit), told)
    desk.publish()
    return asked


def _ask_to_withdraw(writer: Writer, desk: Desk, form: Form, row: Row, reason: str, actor: Actor) -> str:
    """The row once more, as one to be taken back; it never counts."""
    sheet = ReportedSheet(form, row["period"], "", lines=[1], units=[row["unit"]], aside=[False])
    for column in form.columns:
        code = column.code
        sheet.typed[code] = [row["typed"].get(code, "")]
        sheet.values[code] = [typed(row["value"].get(code), column)]
        sheet.states[code] = ["value" if code in row["value"] else row["absent"].get(code, "blank")]
    now = desk.clock()
    no = f"CH{now.year}-{writer.number():06d}"
    keep_submission(
        writer, no, sheet, source=WITHDRAWAL, file_name=row["submission"], sha256="", whole=False, actor=actor, now=now
    )
    decide(writer, no, UNCONFIRMED, actor, now, reason)
    return no


def counted_rows(desk: Desk, form_code: str, year: str) -> list[Row]:
    """Rows of an office register that count in an assessment period, with who entered them and why; newest first."""
    form = desk.forms[form_code]
    labels = desk.labels(form, year)
    return desk.records.fetch(
        f"""SELECT c.*, s.actor, s.source, coalesce(w.why, '') AS reason, s.decided_at, s.decided_by
FROM counted_row c JOIN standing s ON s.no = c.submission LEFT JOIN ({_WHY}) w ON w.submission = s.no
WHERE c.form = ? AND c.period IN (SELECT unnest(?::VARCHAR[])) ORDER BY c.decided_event DESC, c.position""",
        [form_code, labels],
    )


def life(desk: Desk, row: Row) -> list[Row]:
    """Everything that happened to a row of `counted_rows`: each time it was entered, each withdrawal; newest first."""
    return desk.records.fetch(
        f"""SELECT s.event, s.done_at, s.actor, s.no, s.source, s.state, coalesce(w.why, '') AS reason, s.decided_by, r.typed
FROM ledger_row r JOIN standing s ON s.no = r.submission LEFT JOIN ({_WHY}) w ON w.submission = s.no
WHERE s.form = $1 AND r.unit = $2 AND s.period = $3 AND r.row_key = $4 AND s.unit = ''
    AND (r.row_key <> '' OR s.no = $5)
UNION ALL
SELECT event, done_at, actor, '', '撤回', '撤回', reason, actor, MAP {{}}
FROM row_withdrawal WHERE form = $1 AND unit = $2 AND period = $3 AND row_key = $4 AND row_key <> ''
ORDER BY 1 DESC""",
        [row["form"], row["unit"], row["period"], row["row_key"], row["submission"]],
    )


def key_of(form: Form, sheet: ReportedSheet, at: int = 0) -> str:
    """The key of a row as the records hold it."""
    return row_key([sheet.values[code][at] for code in form.key])

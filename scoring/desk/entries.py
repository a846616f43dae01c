"""What the office and the assessors enter row by row: scores, targets, awards, events. Limits, reasons, second persons.

An entry is a submission of one row. It counts at once, except a row that a veto looks at: that waits until a second
person has confirmed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, decide, label_of, log
from scoring.desk.handing_in import standing
from scoring.desk.keeping import keep_submission, row_key
from scoring.desk.proofs import keep_proof
from scoring.desk.states import ACCEPTED, HANDED_IN, RETURNED, UNCONFIRMED
from scoring.expressions.parse import names
from scoring.expressions.rows import condition
from scoring.forms import Form
from scoring.intake.cells import read_cell
from scoring.intake.reported import Finding, ReportedSheet
from scoring.rubric import Rubric
from scoring.rubric.judging import COLUMNS, of_assessors
from scoring.rubric.model import Veto
from scoring.sql.text import identifier
from scoring.store.database import column_type
from scoring.store.records import Row


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


def enter(
    desk: Desk,
    actor: Actor,
    form_code: str,
    unit: str,
    cells: Mapping[str, str],
    reason: str,
    proof: tuple[str, bytes] | None = None,
) -> str:
    """Enter one row of an office register. Returns its number. Raises Refused, naming everything that is wrong."""
    desk.require(actor, "enter")
    form = desk.forms[form_code]
    if form.kept_by != "office":
        raise Refused(f"“{form.title}”由各单位报送", "请到“填报”上传")
    who = desk.register.by_code.get(unit)
    if who is None or not form.reported_by.includes(who):
        raise Refused(f"“{form.title}”与这个单位无关", "请核对单位")
    if not reason.strip():
        raise Refused("没有写理由", "请写明依据和理由，备查")
    sheet = entry_sheet(desk, form, unit, cells)
    problems = [f"{one.problem}。{one.fix}" for one in sheet.findings]
    problems += _over_limit(desk, form, unit, sheet) if not problems else []
    if problems:
        raise Refused("；".join(problems))
    desk.refuse_locked(form, sheet.period)
    second = needs_second(desk, form, sheet)
    with desk.records.write() as writer:
        now = desk.clock()
        no = f"LR{now.year}-{writer.number():06d}"
        keep_submission(
            writer, no, sheet, source="录入", file_name="页面录入", sha256="", whole=False, actor=actor, now=now
        )
        decide(writer, no, HANDED_IN, actor, now, reason.strip())
        event = decide(writer, no, UNCONFIRMED if second else ACCEPTED, actor, now, reason.strip())
        if proof is not None:
            keep_proof(writer, desk, actor, proof, unit=unit, year=desk.year_of(form, sheet.period), submission=no)
        told = f"{no}：{row_words(form, sheet)}；理由：{reason.strip()}" + ("（待第二人确认）" if second else "")
        log(writer, event, actor, now, f"登记{form.title}", desk.register.title(unit), told)
    desk.publish()
    return no


def row_words(form: Form, sheet: ReportedSheet, at: int = 0) -> str:
    """指标代码 case_quality，评分 4.5."""
    told = ((column.title, sheet.typed[column.code][at]) for column in form.columns)
    return "，".join(f"{title} {text}" for title, text in told if text)


def _over_limit(desk: Desk, form: Form, unit: str, sheet: ReportedSheet) -> list[str]:
    """A judged score above the limit of the 办法, or for an indicator that nobody judges."""
    rubric = desk.project.rubric
    if rubric is None or not set(form.by_code) >= COLUMNS:
        return []
    rubric = desk.project.edition(desk.year_of(form, sheet.period))
    code, score = sheet.values["indicator"][0], sheet.values["score"][0]
    limits = judged_limits(rubric, form, unit)
    if code not in limits:
        return [f"“{code}”不是这个单位由考核组评分的指标。可用：{'、'.join(limits)}"]
    title, limit = limits[str(code)]
    if limit is not None and isinstance(score, Decimal | int) and score > limit:
        return [f"“{title}”最多 {limit.normalize():f} 分，现为 {score}。请核对评分"]
    return []


def judged_limits(rubric: Rubric, form: Form, unit: str) -> dict[str, tuple[str, Decimal | None]]:
    """Indicators the assessors score for a unit: code → (title, the most that can be entered)."""
    group = rubric.group_of(unit)
    found: dict[str, tuple[str, Decimal | None]] = {}
    if group is None:
        return found
    for _, indicator in rubric.placed(group):
        for rule in of_assessors(indicator):
            if rule.form == form.code:
                full = indicator.full(group)
                known = rule.limit is not None or full is not None
                found[indicator.code] = (indicator.title, rule.most_in(group, full) if known else None)
    return found


def needs_second(desk: Desk, form: Form, sheet: ReportedSheet) -> bool:
    """Whether a veto of any 办法 looks at this row."""
    for rubric in desk.project.editions.all:
        for veto in rubric.spec.adjustments:
            if isinstance(veto, Veto) and any(
                _looked_at(desk, rubric, code, form, sheet) for code in names(veto.when.tree)
            ):
                return True
    return False


def _looked_at(desk: Desk, rubric: Rubric, code: str, form: Form, sheet: ReportedSheet) -> bool:
    measure = rubric.measures.get(code)
    if measure is None or measure.form != form.code:
        return False
    if measure.where is None:
        return True
    cells = ", ".join(f"CAST(? AS {column_type(column)}) AS {identifier(column.code)}" for column in form.columns)
    sql = f"SELECT {condition(measure.where, form.row_types)} AS hit FROM (SELECT {cells})"
    found = desk.records.fetch(sql, [sheet.values[column.code][0] for column in form.columns])
    return found[0]["hit"] is not False  # undecided counts as looked at


def unconfirmed(desk: Desk) -> list[Row]:
    """Entries that wait for a second person."""
    return desk.records.fetch(
        """SELECT s.*, r.unit AS row_unit, r.typed FROM standing s JOIN ledger_row r ON r.submission = s.no
WHERE s.state = ? ORDER BY s.event""",
        [UNCONFIRMED],
    )


def confirm(desk: Desk, actor: Actor, no: str, agrees: bool, reason: str) -> None:
    """The second person confirms an entry or rejects it. Raises Refused for the one who entered it."""
    desk.require(actor, "enter")
    one = standing(desk, no)
    if one["state"] != UNCONFIRMED:
        raise Refused(f"{no} 现在是“{one['state']}”，不用确认", "请刷新页面")
    if one["actor"] == actor.name:
        raise Refused("登记人不能自己确认", "一票否决须由另一个人确认")
    if not agrees and not reason.strip():
        raise Refused("没有写不同意的理由", "请写明理由")
    form = desk.forms[one["form"]]
    desk.refuse_locked(form, one["period"])
    with desk.records.write() as writer:
        now = desk.clock()
        event = decide(writer, no, ACCEPTED if agrees else RETURNED, actor, now, reason.strip())
        log(writer, event, actor, now, "确认" if agrees else "不予确认", f"{form.title} {no}", reason.strip())
    desk.publish()


def withdraw(desk: Desk, actor: Actor, form_code: str, unit: str, key: str, reason: str) -> None:
    """Take back a row of an office register; it stays on record and counts no more."""
    desk.require(actor, "enter")
    form = desk.forms[form_code]
    if not reason.strip():
        raise Refused("没有写撤回的理由", "请写明理由，备查")
    found = desk.records.fetch(
        "SELECT period FROM counted_row WHERE form = ? AND unit = ? AND row_key = ?", [form_code, unit, key]
    )
    if not found or form.kept_by != "office":
        raise Refused("这一行不在登记里，或已经撤回", "请刷新页面")
    desk.refuse_locked(form, found[0]["period"])
    with desk.records.write() as writer:
        now, event = desk.clock(), writer.event()
        writer.append(
            "row_withdrawal",
            {
                "event": event, "form": form_code, "unit": unit, "row_key": key, "reason": reason.strip(),
                "done_at": now, "actor": actor.name, "role": actor.role,
            },
        )  # fmt: skip
        log(writer, event, actor, now, f"撤回{form.title}", desk.register.title(unit), f"{key}：{reason.strip()}")
    desk.publish()


def close_register(desk: Desk, actor: Actor, form_code: str, label: str, closed: bool, reason: str = "") -> None:
    """关账: from now on no row means nothing happened; or open again, with a reason."""
    desk.require(actor, "enter")
    form = desk.forms[form_code]
    if form.kept_by != "office" or not form.has_schedule or label not in desk.dues[form_code]:
        raise Refused(f"“{form.title}”没有“{label}”这一期可以关账", "请核对报表和报送期")
    if not closed and not reason.strip():
        raise Refused("没有写重新打开的理由", "请写明理由，备查")
    desk.refuse_locked(form, label)
    with desk.records.write() as writer:
        now, event = desk.clock(), writer.event()
        writer.append(
            "register_closing",
            {
                "event": event, "form": form_code, "unit": "", "period": label, "closed": closed,
                "reason": reason.strip(), "done_at": now, "actor": actor.name, "role": actor.role,
            },
        )  # fmt: skip
        log(
            writer,
            event,
            actor,
            now,
            "关账" if closed else "重新打开",
            desk.report_words(form_code, label),
            reason.strip(),
        )
    desk.publish()


def counted_rows(desk: Desk, form_code: str, year: str) -> list[Row]:
    """Rows of an office register that count in an assessment period, with who entered them and why."""
    form = desk.forms[form_code]
    labels = [label for label in desk.dues[form_code] if desk.year_of(form, label) == year]
    return desk.records.fetch(
        """SELECT c.*, s.actor, s.source, s.reason, s.decided_at, s.decided_by
FROM counted_row c JOIN standing s ON s.no = c.submission
WHERE c.form = ? AND c.period IN (SELECT unnest(?::VARCHAR[])) ORDER BY c.unit, c.row_key""",
        [form_code, labels],
    )


def key_of(form: Form, sheet: ReportedSheet, at: int = 0) -> str:
    """The key of a row as the records hold it."""
    return row_key([sheet.values[code][at] for code in form.key])

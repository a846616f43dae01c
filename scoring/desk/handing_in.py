"""A draft is handed in: explanations, receipt, collisions. Decides whether it may be; computes no score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, decide, log
from scoring.desk.keeping import kept_sheet
from scoring.desk.states import HANDED_IN, OPEN, VOID, WAITING
from scoring.forms import Form
from scoring.intake.reported import LEAST_EXPLANATION, Finding, ReportedSheet
from scoring.store.records import Records, Row, Writer

FindingKey = tuple[str, int | None, str]


@dataclass(frozen=True)
class Receipt:
    """回执: what was received, from whom, when."""

    no: str
    form: str
    unit: str
    period: str
    received_at: datetime
    file_name: str
    sha256: str
    rows: int
    aside: int
    days_late: int | None  # None: in time


def standing(desk: Desk, no: str) -> Row:
    """A submission as it stands now. Raises Refused where there is none."""
    found = desk.records.fetch("SELECT * FROM standing WHERE no = ?", [no])
    if not found:
        raise Refused(f"没有编号为“{no}”的报送", "请刷新页面后重试")
    return found[0]


def form_of(desk: Desk, found: Row) -> Form:
    """The form of a submission. Raises Refused where its definition, or that of its due period, is gone."""
    form = desk.forms.by_code.get(str(found["form"]))
    if form is None or str(found["period"]) not in desk.dues.get(form.code, {}):
        told = f"{found['no']} 的报表或报送期（{found['form']}，{found['period']}）已经没有定义了"
        raise Refused(told, "请核对 config/forms 和 config/office.yaml 里的 periods")
    return form


def hand_in(
    desk: Desk,
    actor: Actor,
    no: str,
    explanations: Mapping[FindingKey, str] | None = None,
    leave_out: bool = False,
    replacing: str = "",
) -> Receipt:
    """Hand in a draft. `leave_out`: without the rows that have a fault of class A, which stay on record.

    `replacing`: the submission that the reporter has seen to be there and wants to replace. Raises Refused where
    something is lacking: an explanation, a decision about faulty rows, or about somebody else's submission.
    """
    found = standing(desk, no)
    form, unit, period = form_of(desk, found), str(found["unit"]), str(found["period"])
    desk.require(actor, "report" if form.kept_by == "unit" else "enter", unit or None)
    sheet = kept_sheet(desk.records, no, form, cells=False)
    told = _explained(sheet, explanations or {}) if leave_out or not sheet.set_aside else []
    with desk.records.write() as writer:  # asked here, so that nobody else can have changed it in between
        if (now_is := standing(desk, no))["state"] not in OPEN:
            why = f"（{now_is['reason']}）" if now_is["reason"] else ""
            raise Refused(f"{no} 已是“{now_is['state']}”{why}，不能再提交", "如需更正，请重新上传")
        desk.refuse_locked(form, period)
        if sheet.set_aside and not leave_out:
            raise Refused(f"有 {sheet.set_aside} 行存在强制性错误", "请改好后重新上传，或选择先交其余各行")
        now = desk.clock()
        _refuse_collision(writer, found, replacing)
        for one, text in told:
            writer.append(
                "explanation",
                {
                    "event": writer.event(), "submission": no, "check_id": one.check, "line": one.line,
                    "column_code": one.column, "text": text, "done_at": now, "actor": actor.name, "role": actor.role,
                },
            )  # fmt: skip
        event = decide(writer, no, HANDED_IN, actor, now)
        aside = f"{sheet.set_aside} 行有强制性错误，未计入" if sheet.set_aside else ""
        decide(writer, no, WAITING, actor, now, aside)
        _void_older(writer, found, actor, now)
        log(
            writer, event, actor, now, "提交", f"{desk.register.title(unit)} {desk.report_words(form.code, period)}", no
        )
    desk.publish()
    return receipt(desk, no)


def _explained(sheet: ReportedSheet, given: Mapping[FindingKey, str]) -> list[tuple[Finding, str]]:
    """Every finding that asks for an explanation with the one given. Raises Refused, naming all that lack one."""
    told, lacking = [], []
    aside = {line for line, out in zip(sheet.lines, sheet.aside, strict=True) if out}
    for one in sheet.findings:
        least = LEAST_EXPLANATION.get(one.level)
        if least is None or one.line in aside:
            continue
        text = " ".join(given.get(one.key, "").split())
        if len(text.replace(" ", "")) < least:
            lacking.append(one)
        else:
            told.append((one, text))
    if lacking:
        places = "、".join(dict.fromkeys(f"第 {one.line} 行" if one.line else "整表" for one in lacking[:8]))
        raise Refused(
            f"有 {len(lacking)} 处需要说明还没有写（{places}）",
            "需说明的请写原因；需核实的至少写 6 个字，或改好后重新上传",
        )
    return told


def _refuse_collision(writer: Writer, found: Mapping[str, object], replacing: str) -> None:
    """Somebody handed in the same report after this draft was uploaded."""
    others = writer.fetch(
        """SELECT no, received_at, actor FROM standing
WHERE form = ? AND unit = ? AND period = ? AND whole AND no <> ? AND received_at IS NOT NULL
    AND decided_event > ? AND state IN ('待复核', '通过')
ORDER BY decided_event DESC LIMIT 1""",
        [found["form"], found["unit"], found["period"], found["no"], found["event"]],
    )
    if others and others[0]["no"] != replacing:
        other = others[0]
        raise Refused(
            f"{other['actor']}已在 {other['received_at']:%Y-%m-%d %H:%M} 提交了这一期（{other['no']}），您的草稿是在那之前上传的",
            "请先核对那一份；确认以您的为准，再提交一次并选择替换",
            other["no"],
        )


def _void_older(writer: Writer, found: Row, actor: Actor, now: datetime) -> None:
    """Drafts of the same report that were uploaded before the one handed in."""
    older = writer.fetch(
        f"""SELECT no FROM standing
WHERE form = ? AND unit = ? AND period = ? AND whole AND event < ? AND state IN ('{OPEN[0]}', '{OPEN[1]}')""",
        [found["form"], found["unit"], found["period"], found["event"]],
    )
    for one in older:
        decide(writer, one["no"], VOID, actor, now, f"后来上传的 {found['no']} 已提交")


def discard(desk: Desk, actor: Actor, no: str) -> None:
    """A draft is given up; it stays on record as 作废."""
    found = standing(desk, no)
    desk.require(actor, "report", str(found["unit"]) or None)
    with desk.records.write() as writer:
        if (state := standing(desk, no)["state"]) not in OPEN:
            raise Refused(f"{no} 已是“{state}”，不是草稿", "已提交的请联系市双打办退回")
        now = desk.clock()
        event = decide(writer, no, VOID, actor, now, "草稿作废")
        log(writer, event, actor, now, "作废草稿", desk.register.title(str(found["unit"])), no)


def receipt(desk: Desk, no: str) -> Receipt:
    """The 回执 of a submission that was handed in."""
    found = desk.records.fetch("SELECT * FROM standing WHERE no = ?", [no])[0]
    due = desk.dues[found["form"]].get(found["period"])
    at: datetime = found["received_at"]
    late = None
    if due is not None and desk.forms[found["form"]].has_schedule and at > due.deadline:
        late = max(1, (at.date() - due.due_on).days)
    return Receipt(
        no, found["form"], found["unit"], found["period"], at, found["file_name"], found["sha256"],
        found["row_count"], found["aside_count"], late,
    )  # fmt: skip


def explanations(records: Records, no: str) -> dict[FindingKey, str]:
    """What was explained with a submission."""
    found = records.fetch("SELECT * FROM explanation WHERE submission = ? ORDER BY event", [no])
    return {(one["check_id"], one["line"], one["column_code"]): one["text"] for one in found}

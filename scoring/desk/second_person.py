"""一票否决 takes two: which rows a veto looks at, what waits for a second person, and the second person's word.

Entries and withdrawals of such rows wait as submissions of their own (待确认) and change nothing until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, decide, log
from scoring.desk.handing_in import standing
from scoring.desk.keeping import typed
from scoring.desk.states import ACCEPTED, RETURNED, UNCONFIRMED, VOID
from scoring.expressions.parse import Call, names, walk
from scoring.expressions.rows import condition
from scoring.forms import Form
from scoring.intake.reported import ReportedSheet
from scoring.rubric.model import Measure, Veto
from scoring.sql.text import identifier
from scoring.store.database import column_type
from scoring.store.records import Row, Writer

WITHDRAWAL = "撤回"


def looked_at(desk: Desk, form: Form, row: ReportedSheet | Row) -> bool:
    """Whether a veto of any 办法 looks at this row, typed or on record; what cannot be decided counts as looked at."""
    if not desk.project.ready:
        return True
    if isinstance(row, ReportedSheet):
        values: dict[str, object] = {code: cells[0] for code, cells in row.values.items()}
    else:
        values = {column.code: typed(row["value"].get(column.code), column) for column in form.columns}
    found = [
        rubric.measures[code]
        for rubric in desk.project.editions.all
        for veto in rubric.spec.adjustments
        if isinstance(veto, Veto)
        for code in names(veto.when.tree)
        if code in rubric.measures
    ]
    return any(one.form == form.code and _counts(desk, one, form, values) for one in found)


def _counts(desk: Desk, measure: Measure, form: Form, values: Mapping[str, object]) -> bool:
    """Whether a figure counts the row."""
    if measure.where is None or any(isinstance(node, Call) for node in walk(measure.where)):
        return True  # what takes working days to decide is rather looked at once more
    cells = ", ".join(f"CAST(? AS {column_type(column)}) AS {identifier(column.code)}" for column in form.columns)
    sql = f"SELECT {condition(measure.where, form.row_types)} AS hit FROM (SELECT {cells})"
    found = desk.records.fetch(sql, [values[column.code] for column in form.columns])
    return found[0]["hit"] is not False


def takes_two(desk: Desk, submission: Row) -> bool:
    """Whether a register of the office that came as a workbook brings, changes or drops a row that a veto looks at."""
    form = desk.forms.get(submission["form"])
    if form is None or form.kept_by != "office" or not submission["whole"]:
        return False
    rows = desk.records.fetch(
        """SELECT unit, row_key, value FROM ledger_row WHERE submission = $1 AND NOT aside
UNION ALL
SELECT unit, row_key, value FROM counted_row WHERE form = $2 AND period = $3""",
        [submission["no"], form.code, submission["period"]],
    )
    return any(looked_at(desk, form, row) for row in rows)


def unconfirmed(desk: Desk) -> list[Row]:
    """What waits for a second person, the oldest first. `source`: an entry, or a withdrawal."""
    return desk.records.fetch(
        """SELECT s.*, r.unit AS row_unit, r.row_key, r.typed FROM standing s JOIN ledger_row r ON r.submission = s.no
WHERE s.state = ? ORDER BY s.event""",
        [UNCONFIRMED],
    )


def waiting_for(desk: Desk, form: str, unit: str, period: str, key: str) -> bool:
    """Whether this row waits already; nobody knows where it has no key."""
    return bool(key) and any(
        (one["form"], one["row_unit"], one["period"], one["row_key"]) == (form, unit, period, key)
        for one in unconfirmed(desk)
    )


def confirm(desk: Desk, actor: Actor, no: str, agrees: bool, reason: str) -> None:
    """The second person confirms an entry or a withdrawal, or rejects it. Raises Refused for the one who entered it."""
    desk.require(actor, "enter")
    reason = " ".join(reason.split())
    with desk.records.write() as writer:
        one = standing(desk, no)
        if one["state"] != UNCONFIRMED:
            raise Refused(f"{no} 现在是“{one['state']}”，不用确认", "请刷新页面")
        if one["actor"] == actor.name:
            raise Refused("登记人不能自己确认", "一票否决须由另一个人确认")
        if not agrees and not reason:
            raise Refused("没有写不同意的理由", "请写明理由")
        form = desk.forms[one["form"]]
        desk.refuse_locked(form, one["period"])
        (row,) = [row for row in unconfirmed(desk) if row["no"] == no]
        taken_back, now = one["source"] == WITHDRAWAL, desk.clock()
        event = decide(writer, no, (VOID if taken_back else ACCEPTED) if agrees else RETURNED, actor, now, reason)
        if agrees and taken_back:
            named = {"form": form.code, "unit": row["row_unit"], "period": one["period"]}
            gone = {**named, "row_key": row["row_key"], "submission": one["file_name"]}
            withdrawn_row(writer, gone, one["reason"], actor, now)
        act = ("确认" if agrees else "不予确认") + (WITHDRAWAL if taken_back else "")
        log(writer, event, actor, now, act, f"{form.title} {no}", reason)
    desk.publish()


def withdrawn_row(writer: Writer, row: Row, reason: str, actor: Actor, now: datetime) -> None:
    """From this event on the row counts no more. Without a key it is the entry that is given back."""
    if not row["row_key"]:
        decide(writer, row["submission"], RETURNED, actor, now, reason)
        return
    writer.append(
        "row_withdrawal",
        {
            "event": writer.event(), "form": row["form"], "unit": row["unit"], "period": row["period"],
            "row_key": row["row_key"], "reason": reason, "done_at": now, "actor": actor.name, "role": actor.role,
        },
    )  # fmt: skip

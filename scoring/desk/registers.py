"""关账: a register of the office is complete for a due period, so that no row means that nothing happened. Knows no row."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.access import Actor
from scoring.calendar import DuePeriod
from scoring.desk.desk import Desk, Refused, log
from scoring.forms import Form
from scoring.store.records import Row


@dataclass(frozen=True)
class Closing:
    """One register and due period, and how it stands. `last`: who closed it or opened it again, when, why."""

    form: Form
    due: DuePeriod
    closed: bool
    last: Row | None


def registers(desk: Desk) -> list[Form]:
    """What the office keeps."""
    return [form for form in desk.forms.values() if form.derived is None and form.kept_by == "office"]


def closings(desk: Desk, year: str, form: Form | None = None) -> list[Closing]:
    """Every due period of the registers that are due in an assessment period, of one register or of all."""
    rows = desk.records.fetch(
        """SELECT * FROM register_closing WHERE unit = ''
QUALIFY row_number() OVER (PARTITION BY form, period ORDER BY event DESC) = 1"""
    )
    last = {(row["form"], row["period"]): row for row in rows}
    return [
        Closing(
            one,
            desk.dues[one.code][label],
            (one.code, label) in last and last[one.code, label]["closed"],
            last.get((one.code, label)),
        )
        for one in registers(desk)
        if one.has_schedule and form in (None, one)
        for label in desk.labels(one, year)
    ]


def close_register(desk: Desk, actor: Actor, form_code: str, label: str, closed: bool, reason: str = "") -> None:
    """关账: from now on no row means nothing happened; or open again, with a reason."""
    desk.require(actor, "enter")
    form, reason = desk.forms[form_code], " ".join(reason.split())
    if form.kept_by != "office" or not form.has_schedule or label not in desk.dues[form_code]:
        raise Refused(f"“{form.title}”没有“{label}”这一期可以关账", "请核对报表和报送期")
    if not closed and not reason:
        raise Refused("没有写重新打开的理由", "请写明理由，备查")
    with desk.records.write() as writer:
        desk.refuse_locked(form, label)
        now, event = desk.clock(), writer.event()
        writer.append(
            "register_closing",
            {
                "event": event, "form": form_code, "unit": "", "period": label, "closed": closed, "reason": reason,
                "done_at": now, "actor": actor.name, "role": actor.role,
            },
        )  # fmt: skip
        act = "关账" if closed else "重新打开"
        log(writer, event, actor, now, act, desk.report_words(form_code, label), reason)
    desk.publish()

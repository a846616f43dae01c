"""The office looks at what came in: accepts it, or gives it back with a reason. Computes no score."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, decide, log
from scoring.desk.handing_in import form_of, standing
from scoring.desk.second_person import takes_two
from scoring.desk.states import ACCEPTED, RETURNED, WAITING
from scoring.store.records import Row

LEAST_REASON = 4  # characters


def accept(desk: Desk, actor: Actor, numbers: Sequence[str], reason: str = "") -> None:
    """Their rows count from now on; whatever was accepted before for the same reports stays on record.

    All or none: raises Refused where one of them is not waiting or its period is locked.
    """
    desk.require(actor, "review")
    with desk.records.write() as writer:  # asked here, so that nobody else can have changed it in between
        found = [standing(desk, no) for no in dict.fromkeys(numbers)]
        for one in found:
            desk.refuse_locked(form_of(desk, one), one["period"])
            if one["state"] != WAITING:
                raise Refused(f"{one['no']} 现在是“{one['state']}”，不能通过", "请刷新页面，看它现在的状态")
            if one["actor"] == actor.name and takes_two(desk, one):
                raise Refused(f"{one['no']} 里有一票否决看的行，登记人不能自己复核", "请由另一个人复核")
        now = desk.clock()
        for one in found:
            event = decide(writer, one["no"], ACCEPTED, actor, now, reason)
            log(writer, event, actor, now, "复核通过", _subject(desk, one), f"{one['no']}　{reason}".strip("　"))
    desk.publish()


def give_back(desk: Desk, actor: Actor, no: str, reason: str, never_received: bool = False) -> None:
    """退回修改 with a reason that the unit reads. `never_received`: for a fault of class A, so that it does not count as
    received in time; otherwise the day it came stays.

    What was accepted can be given back as well: its rows then count no more.
    """
    desk.require(actor, "review")
    if len(reason.replace(" ", "")) < LEAST_REASON:
        raise Refused("没有写退回原因", f"请写明哪里不对、怎么改，至少 {LEAST_REASON} 个字")
    with desk.records.write() as writer:
        one = standing(desk, no)
        desk.refuse_locked(form_of(desk, one), one["period"])
        if one["state"] not in (WAITING, ACCEPTED):
            raise Refused(f"{no} 现在是“{one['state']}”，不能退回", "请刷新页面，看它现在的状态")
        if one["state"] == ACCEPTED and takes_two(desk, one):
            raise Refused(f"{no} 里有一票否决看的行，不能整份退回", "请到“评分与加扣分”逐行撤回，由第二个人确认")
        now = desk.clock()
        event = decide(writer, no, RETURNED, actor, now, reason, never_received)
        told = f"{no}：{reason}" + ("（按未收到计）" if never_received else "")
        log(writer, event, actor, now, "退回", _subject(desk, one), told)
    desk.publish()


def waiting(desk: Desk) -> list[Row]:
    """What waits for the office, the oldest first."""
    return desk.records.fetch("SELECT * FROM standing WHERE state = ? ORDER BY received_at, no", [WAITING])


def history(desk: Desk, no: str) -> list[Row]:
    """Every change of state: who, when, why."""
    return desk.records.fetch(
        "SELECT state, reason, done_at, actor, never_received FROM decision WHERE submission = ? ORDER BY event", [no]
    )


def _subject(desk: Desk, one: Row) -> str:
    return f"{desk.register.title(one['unit'])} {desk.report_words(one['form'], one['period'])}"

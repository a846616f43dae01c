"""The life of a draft between its author and whoever approves: handed in, taken back, come to nothing. Puts nothing in force."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, log
from scoring.desk.draft_texts import problems, refuse_outdated
from scoring.desk.drafts import OPEN, PENDING, RETURNED, VOID, Draft, decide, read, told


def submit(desk: Desk, actor: Actor, no: str, version: int) -> Draft:
    """Hand in for approval. Raises Refused for one over an outdated edition, and for one with errors."""
    desk.require(actor, "draft")
    one = expected(desk, actor, no, version, (OPEN, RETURNED))
    refuse_outdated(desk, one)
    if wrong := problems(desk, one):
        raise Refused(*told(wrong))
    with desk.records.write() as writer:
        expected(desk, actor, no, version, (OPEN, RETURNED))
        now = desk.clock()
        event = decide(writer, no, version, PENDING, actor, now)
        log(writer, event, actor, now, "提交草案", one.words, one.reason)
    return read(desk, actor, no)


def withdraw(desk: Desk, actor: Actor, no: str, version: int) -> Draft:
    """Back from approval, to be changed again. Raises Refused for whoever did not write it."""
    desk.require(actor, "draft")
    with desk.records.write() as writer:
        one = expected(desk, actor, no, version, (PENDING,))
        if actor.name not in one.authors:
            raise Refused(f"草案{one.words}不是你起草的，不能撤回", "请让起草人撤回，或由市双打办退回")
        now = desk.clock()
        event = decide(writer, no, version, OPEN, actor, now)
        log(writer, event, actor, now, "撤回草案", one.words)
    return read(desk, actor, no)


def discard(desk: Desk, actor: Actor, no: str, version: int, reason: str) -> Draft:
    """It comes to nothing; it stays on record. Raises Refused."""
    desk.require(actor, "draft")
    reason = " ".join(reason.split())
    with desk.records.write() as writer:
        one = expected(desk, actor, no, version, (OPEN, RETURNED))
        if actor.name not in one.authors and actor.role != "office":
            raise Refused(f"草案{one.words}不是你起草的，不能作废", "请让起草人作废")
        if not reason:
            raise Refused("没有写作废的理由", "请写明理由")
        now = desk.clock()
        event = decide(writer, no, version, VOID, actor, now, reason)
        log(writer, event, actor, now, "作废草案", one.words, reason)
    return read(desk, actor, no)


def expected(desk: Desk, actor: Actor, no: str, version: int, states: Sequence[str]) -> Draft:
    """The draft as it stands, which must be this version and in one of these states. Raises Refused."""
    one = read(desk, actor, no)
    if one.version != version:
        who = f"“{one.saved_by}”在 {one.saved_at:%Y-%m-%d %H:%M} 保存了第 {one.version} 版"
        raise Refused(f"草案“{one.name}”已经不是你看到的第 {version} 版：{who}", "请刷新页面，看过最新一版再办")
    if one.state not in states:
        raise Refused(f"草案“{one.name}”现在是“{one.state}”，不能这样办", "请刷新页面")
    return one

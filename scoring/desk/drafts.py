"""Drafts of a 办法 (草案) on record: saved version by version, handed in for approval, taken back. Scores nothing.

A draft is a list of changed scalars over the text of one edition, which is kept with it; the files of the 办法 are never
touched from here (approving does that). Its text, what it changes and whether its edition still stands: draft_texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, log
from scoring.desk.files import keep_attachment
from scoring.issues import Issue
from scoring.rubric.rewriting import NotRewritten, Text, rewritten
from scoring.source import Loc
from scoring.store.records import Row, Writer

OPEN, PENDING, RETURNED, APPROVED, VOID = "草稿", "待批准", "退回", "已批准", "作废"
STATES = (OPEN, PENDING, RETURNED, APPROVED, VOID)
GIVEN_LATER = (("rubric",), ("edition",), ("document", "number"), ("document", "in_force"))
"""Title, label, number and day of an edition: the title stays, the others are given when a draft is approved."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class Base:
    """The text a draft starts from, exactly as it stands in its file (byte order mark and line ends included)."""

    file: str
    edition: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Change:
    """One scalar, without its quotation marks. `path`: as messages show places; `old`: what the base says."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Draft:
    """One version of a draft, with the state of the draft as a whole.

    `authors`: whoever saved a version or handed it in; none of them can approve it. `new_*`: what it was approved as.
    """

    no: str
    version: int
    name: str
    file: str
    edition: str
    base_sha256: str
    reason: str
    changes: tuple[Change, ...]
    saved_by: str
    saved_at: datetime
    started_by: str
    started_at: datetime
    authors: tuple[str, ...]
    state: str
    state_reason: str
    decided_by: str
    decided_at: datetime
    new_edition: str = ""
    new_number: str = ""
    new_in_force: date | None = None
    new_file: str = ""

    @property
    def can_be_changed(self) -> bool:
        return self.state in (OPEN, RETURNED)

    @property
    def words(self) -> str:
        """“提高办案分值”（CA2025-000012，第 3 版）."""
        return f"“{self.name}”（{self.no}，第 {self.version} 版）"


# --- saving ---------------------------------------------------------------------------------------------


def save(
    desk: Desk, actor: Actor, name: str, reason: str, base: Base, changes: Mapping[Loc, str], over: Draft | None = None
) -> Draft:
    """Write a draft down, or a further version of one. `changes`: by place in the base, what is to be written there.

    `over`: the version that was changed; when somebody saved another in the meantime nothing is saved and nothing of
    theirs is lost. Raises Refused.
    """
    desk.require(actor, "draft")
    name, reason = _named(name), _reasoned(reason)
    listed = _listed(base, changes)
    with desk.records.write() as writer:
        now, event = desk.clock(), writer.event()
        no, version = f"CA{now.year}-{event:06d}", 1
        if over is not None:
            _refuse_overtaken(writer, over)
            no, version = over.no, over.version + 1
        _refuse_same_name(writer, name, no)
        keep_attachment(writer, base.sha256, base.text.encode(), now)
        own = {"no": no, "version": version}
        row = {"event": event, **own, "name": name, "file": base.file, "edition": base.edition, "reason": reason}
        who = {"done_at": now, "actor": actor.name, "role": actor.role}
        writer.append("draft", {**row, "base_sha256": base.sha256, **who})
        for position, one in enumerate(listed):
            change = {"position": position, "path": one.path, "old": one.old, "new": one.new}
            writer.append("draft_change", {**own, **change})
        event = decide(writer, no, version, OPEN, actor, now)
        log(
            writer,
            event,
            actor,
            now,
            "保存草案",
            f"“{name}”（{no}，第 {version} 版）",
            f"改 {len(listed)} 处。{reason}",
        )
    return read(desk, actor, no)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise Refused("草案没有名称", "请起一个看得出改什么的名称，例如“提高办案分值”")
    if len(name) > LONGEST_NAME:
        raise Refused(f"草案名称超过 {LONGEST_NAME} 个字", "请写短一些")
    return name


def _reasoned(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("没有写修改的理由", "请写明为什么改，批准的人和以后的人都要看")
    return reason


def _listed(base: Base, changes: Mapping[Loc, str]) -> list[Change]:
    """What differs from the base, in the order of the text. Raises Refused for what cannot be written there."""
    source = text_of(base)
    differ = {loc: new for loc, new in changes.items() if source.written.get(loc) != new}
    if any(loc in GIVEN_LATER for loc in differ):
        raise Refused("版本名、文号和施行日期不在草案里改", "批准时由批准人填写；办法名称不能改")
    if not differ:
        raise Refused("草案与原办法没有不同", "请先改动再保存")
    try:
        rewritten(base.text, differ, base.file)
    except NotRewritten as refused:
        raise Refused(*told(refused.issues)) from refused
    path = source.document.path
    if lost := [loc for loc in differ if source.locs.get(path(loc)) != loc]:
        raise Refused(f"办法里有两处都叫“{path(lost[0])}”，分不清改的是哪一处", "请先在办法文件里给它们不同的代码")
    order = sorted(differ, key=lambda loc: source.scalars[loc].start_mark.index)
    return [Change(path(loc), source.written[loc], differ[loc]) for loc in order]


def text_of(base: Base) -> Text:
    """The text with its places. Raises Refused where it is not YAML."""
    try:
        return Text.of(base.text, base.file)
    except NotRewritten as refused:
        raise Refused(*told(refused.issues)) from refused


def told(issues: Sequence[Issue]) -> tuple[str, str]:
    """The first of several problems with its place, and how many more there are."""
    first = issues[0]
    place = f"第 {first.line} 行 {first.path}：" if first.line is not None else ""
    more = f"（共 {len(issues)} 处有问题，这是第一处）" if len(issues) > 1 else ""
    return f"{place}{first.problem.rstrip('。')}{more}", first.fix.rstrip("。")


def _refuse_overtaken(writer: Writer, over: Draft) -> None:
    now = _standing(writer.fetch(_STANDING + " WHERE no = ?", [over.no]), over.no)
    if now["version"] != over.version:
        who = f"“{now['actor']}”已在 {now['done_at']:%Y-%m-%d %H:%M} 保存了第 {now['version']} 版"
        problem = f"{who}，你改的是第 {over.version} 版，这次没有保存；对方的改动都在，你的改动也还在页面上"
        raise Refused(problem, "请打开最新一版核对后再改，或把你的改动另存为新的草案", over.no)
    if now["state"] not in (OPEN, RETURNED):
        fix = "请先撤回再改" if now["state"] == PENDING else "请另存为新的草案"
        raise Refused(f"草案“{now['name']}”现在是“{now['state']}”，不能再改", fix)


def _refuse_same_name(writer: Writer, name: str, no: str) -> None:
    found = writer.fetch(_STANDING + " WHERE name = ? AND no <> ? AND state IN ('草稿', '待批准', '退回')", [name, no])
    if found:
        problem = f"已经有一份叫“{name}”的草案（{found[0]['no']}，{found[0]['started_by']}起草）"
        raise Refused(problem, "请换一个名称，或在那一份上改", found[0]["no"])


def decide(
    writer: Writer, no: str, version: int, state: str, actor: Actor, now: datetime, reason: str = "", **issued: Any
) -> int:
    """A change of state, as an event of its own. `issued`: what it is approved as."""
    event = writer.event()
    blank = {"edition": "", "document_number": "", "in_force": None, "file": "", "sha256": ""}
    who = {"done_at": now, "actor": actor.name, "role": actor.role}
    row = {"event": event, "no": no, "version": version, "state": state, "reason": reason}
    writer.append("draft_decision", {**row, **blank, **issued, **who})
    return event


# --- reading --------------------------------------------------------------------------------------------

_STANDING = "SELECT * FROM standing_draft"


def drafts(desk: Desk, actor: Actor, states: Sequence[str] = STATES) -> list[Draft]:
    """The last version of every draft in one of these states, the one that something happened to last first."""
    desk.require(actor, "see_drafts")
    found = desk.records.fetch(_STANDING + " WHERE list_contains(?, state) ORDER BY last_event DESC", [list(states)])
    return [_draft(desk, row) for row in found]


def read(desk: Desk, actor: Actor, no: str, version: int | None = None) -> Draft:
    """One draft: its last version, or an earlier one. Raises Refused for what is not there."""
    desk.require(actor, "see_drafts")
    row = _standing(desk.records.fetch(_STANDING + " WHERE no = ?", [no]), no)
    if version is not None and version != row["version"]:
        found = desk.records.fetch("SELECT * FROM draft WHERE no = ? AND version = ?", [no, version])
        row = {**row, **_standing(found, no)}
    return _draft(desk, row)


def versions(desk: Desk, actor: Actor, no: str) -> list[Row]:
    """Who saved which version when and why, the newest first."""
    desk.require(actor, "see_drafts")
    return desk.records.fetch(
        """SELECT d.*, count(c.path) AS changes FROM draft d LEFT JOIN draft_change c ON c.no = d.no AND c.version = d.version
WHERE d.no = ? GROUP BY ALL ORDER BY d.version DESC""",
        [no],
    )


def decisions(desk: Desk, actor: Actor, no: str) -> list[Row]:
    """Everything that was decided about a draft, in order."""
    desk.require(actor, "see_drafts")
    return desk.records.fetch("SELECT * FROM draft_decision WHERE no = ? ORDER BY event", [no])


def _standing(found: Sequence[Row], no: str) -> Row:
    if not found:
        raise Refused(f"没有草案“{no}”", "请刷新页面")
    return found[0]


def _draft(desk: Desk, row: Row) -> Draft:
    changed = desk.records.fetch(
        "SELECT path, old, new FROM draft_change WHERE no = ? AND version = ? ORDER BY position",
        [row["no"], row["version"]],
    )
    changes = tuple(Change(one["path"], one["old"], one["new"]) for one in changed)
    return Draft(
        row["no"], row["version"], row["name"], row["file"], row["edition"], row["base_sha256"], row["reason"], changes,
        row["actor"], row["done_at"], row["started_by"], row["started_at"], tuple(row["authors"]), row["state"],
        row["state_reason"], row["decided_by"], row["decided_at"], row["new_edition"], row["document_number"],
        row["in_force"], row["new_file"],
    )  # fmt: skip

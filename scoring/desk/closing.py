"""A period is locked with a sealed pack, or opened again for a correction, which makes a new version.

Never an edit: every version stays, each with its difference from the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scoring.access import Actor
from scoring.desk.desk import Desk, Refused, log
from scoring.desk.files import attachment, keep_attachment
from scoring.desk.registers import closings
from scoring.desk.reports import reports
from scoring.desk.states import RETURNED, UNCONFIRMED, WAITING
from scoring.packs import Header, contents, opened, sealed
from scoring.packs.difference import difference_csv
from scoring.packs.tables import read_csv_rows
from scoring.project import Project, open_project
from scoring.store.records import Row
from scoring.store.snapshots import last_events

DIFFERENCE = "difference.csv"
Open = Literal["waiting", "returned", "unconfirmed", "not_reported", "registers"]


@dataclass(frozen=True)
class Unsettled:
    """What is still open in a period: better settled before it is locked."""

    waiting: int  # 待复核
    returned: int
    unconfirmed: int  # vetoes without a second person
    not_reported: int
    open_registers: tuple[str, ...]  # of the office, not closed

    def __bool__(self) -> bool:
        return bool(self.points)

    @property
    def points(self) -> list[tuple[Open, str]]:
        """Each kind with its words, where there is something of it."""
        told: list[tuple[Open, int, str]] = [
            ("waiting", self.waiting, "份报送待复核，锁定后不计入"),
            ("returned", self.returned, "份报送退回后没有重报"),
            ("unconfirmed", self.unconfirmed, "条一票否决的登记或撤回待第二人确认，锁定后不生效"),
            ("not_reported", self.not_reported, "份报表一直没有报"),
            ("registers", len(self.open_registers), f"张台账没有关账：{'、'.join(self.open_registers)}"),
        ]
        return [(kind, f"{count} {text}") for kind, count, text in told if count]

    @property
    def words(self) -> list[str]:
        return [text for _, text in self.points]


def unsettled(desk: Desk, year: str) -> Unsettled:
    """What is still open in an assessment period."""
    listed = reports(desk, year)
    registers = tuple(desk.report_words(one.form.code, one.due.label) for one in closings(desk, year) if not one.closed)
    entries = desk.records.fetch("SELECT form, period FROM standing WHERE state = ?", [UNCONFIRMED])
    mine = [
        one
        for one in entries
        if one["form"] in desk.forms and desk.year_of(desk.forms[one["form"]], one["period"]) == year
    ]
    return Unsettled(
        sum(one.state == WAITING for one in listed),
        sum(one.state == RETURNED for one in listed),
        len(mine),
        sum(one.overdue for one in listed),
        registers,
    )


def lock(desk: Desk, actor: Actor, year: str, reason: str = "", even_so: bool = False) -> Row:
    """Lock an assessment period: its result is frozen as a sealed pack. Returns the closing with the pack's digest.

    `even_so`: although something is unsettled. Raises Refused.
    """
    desk.require(actor, "close")
    if year in desk.locked():
        raise Refused(f"{year} 年考核已经锁定", "如需更正，请先解锁并写明原因")
    if year not in desk.project.offered:
        raise Refused(f"没有“{year}”这个考核期", "请核对 config/office.yaml 的 periods")
    open_points = unsettled(desk, year)
    if open_points and not even_so:
        raise Refused("还有没办完的事：" + "；".join(open_points.words), "请先办完，或确认照现状锁定")
    if open_points and not reason.strip():
        raise Refused("照现状锁定没有写理由", "请写明为什么不等这些事办完，备查")
    seen = last_events(desk.records)
    desk.publish()
    project = open_project(desk.project.folder, database=desk.records.path)
    if not project.ready or project.stopped(year) is not None:
        raise Refused("考核办法有错误，不能计分，也就不能锁定", "请先改正“办法”页列出的错误")
    if year not in project.periods:
        raise Refused(f"没有“{year}”这个考核期", "请核对 config/office.yaml 的 periods")
    before = versions(desk, year)
    data, version = _pack(desk, project, actor, year, reason, before), len(before) + 1
    found = opened(data)
    with desk.records.write() as writer:
        if last_events(desk.records) != seen or len(versions(desk, year)) != len(before):
            raise Refused("封存的这段时间里数据又有变动，没有锁定", "请核对后重新锁定")
        now, event = desk.clock(), writer.event()
        keep_attachment(writer, found.digest, data, now)
        row: Row = {
            "event": event, "period": year, "locked": True, "version": version, "pack_sha256": found.digest,
            "reason": reason.strip(), "done_at": now, "actor": actor.name, "role": actor.role,
        }  # fmt: skip
        writer.append("period_closing", row)
        log(writer, event, actor, now, "锁定考核期", f"{year} 年", f"第 {version} 版，封存码 {found.digest[:16]}")
    return row


def _pack(desk: Desk, project: Project, actor: Actor, year: str, reason: str, before: list[Row]) -> bytes:
    assert project.office is not None and project.register is not None
    now = desk.clock()
    as_of = project.default_as_of(project.period(year), now.date())
    assessment = project.assess(year, as_of)
    header = Header(
        project.office.office.title, project.office.sample, year, len(before) + 1, as_of.isoformat(),
        f"{now:%Y-%m-%d %H:%M:%S}", actor.name, reason.strip(), before[-1]["pack_sha256"] if before else "",
    )  # fmt: skip
    files = contents(project, assessment, header, {})
    if before:
        earlier = opened(attachment(desk.records, before[-1]["pack_sha256"])).files
        titles = {code: one.title for code, one in assessment.rubric.indicators.items()}
        changed = difference_csv(earlier, files, project.register, titles)
        files = contents(project, assessment, header, {DIFFERENCE: changed})
    project.store.close()
    return sealed(files)


def versions(desk: Desk, year: str) -> list[Row]:
    """Every sealed version of a period, in order, with the `size` of its pack."""
    return desk.records.fetch(
        """SELECT c.*, a.size FROM period_closing c LEFT JOIN attachment a ON a.sha256 = c.pack_sha256
WHERE c.period = ? AND c.locked ORDER BY c.event""",
        [year],
    )


def history(desk: Desk, year: str) -> list[Row]:
    """Every locking and unlocking of a period, in order."""
    return desk.records.fetch("SELECT * FROM period_closing WHERE period = ? ORDER BY event", [year])


def pack(desk: Desk, row: Row) -> bytes:
    """The sealed pack of a version."""
    return attachment(desk.records, row["pack_sha256"])


def changes(desk: Desk, row: Row) -> list[list[str]]:
    """What a version changed against the one before: unit, what, before, now. Empty for the first."""
    found = opened(pack(desk, row)).files.get(DIFFERENCE)
    return read_csv_rows(found)[1:] if found is not None else []


def sealed_as(desk: Desk, digest: str) -> Row | None:
    """The version that was sealed here with this code; None where there is none."""
    found = desk.records.fetch("SELECT * FROM period_closing WHERE locked AND pack_sha256 = ?", [digest])
    return found[0] if found else None


def pack_name(desk: Desk, row: Row) -> str:
    """2024年度考核结果封存包_20250120_v2.zip."""
    assert desk.project.office is not None
    sample = "（示例）" if desk.project.office.sample else ""
    return f"{row['period']}年度考核结果封存包{sample}_{row['done_at']:%Y%m%d}_v{row['version']}.zip"


def reopen(desk: Desk, actor: Actor, year: str, reason: str) -> None:
    """Open a locked period for a correction; its sealed versions stay."""
    desk.require(actor, "close")
    locked = desk.locked()
    if year not in locked:
        raise Refused(f"{year} 年考核没有锁定", "不用解锁")
    if len(reason.replace(" ", "")) < 6:
        raise Refused("没有写明解锁的原因", "请写明依据和更正的内容，至少 6 个字")
    with desk.records.write() as writer:
        now, event = desk.clock(), writer.event()
        writer.append(
            "period_closing",
            {
                "event": event, "period": year, "locked": False, "version": locked[year], "pack_sha256": "",
                "reason": reason.strip(), "done_at": now, "actor": actor.name, "role": actor.role,
            },
        )  # fmt: skip
        log(writer, event, actor, now, "解锁考核期", f"{year} 年", reason.strip())

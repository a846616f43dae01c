"""The 操作日志: what was done by whom, read page by page; exports and backups are put on it. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from scoring.access import Actor
from scoring.desk.desk import Desk, log
from scoring.store.backup import backup
from scoring.store.records import Row


@dataclass(frozen=True)
class Wanted:
    """Which lines of the log: all of them, or those of one person, one act, some days, with a text in them."""

    actor: str | None = None
    act: str | None = None
    since: date | None = None
    until: date | None = None  # this day included
    text: str = ""

    @property
    def test(self) -> tuple[str, list[object]]:
        """The condition in SQL with its parameters; what somebody typed is a parameter, never SQL."""
        last = datetime.combine(self.until, datetime.min.time()) + timedelta(1) if self.until else None
        found: list[tuple[str, object]] = [
            ("actor = ?", self.actor or None),
            ("act = ?", self.act or None),
            ("done_at >= ?", self.since),
            ("done_at < ?", last),
            ("contains(lower(concat_ws(' ', actor, act, subject, detail)), lower(?))", self.text.strip() or None),
        ]
        asked = [(test, value) for test, value in found if value is not None]
        return " AND ".join(["TRUE", *(test for test, _ in asked)]), [value for _, value in asked]


def lines(desk: Desk, actor: Actor, wanted: Wanted, limit: int | None = None, offset: int = 0) -> list[Row]:
    """Lines of the log, the newest first. Raises Refused for who may not see it."""
    desk.require(actor, "see_log")
    test, parameters = wanted.test
    part = "" if limit is None else "LIMIT ? OFFSET ?"
    return desk.records.fetch(
        f"SELECT * FROM audit WHERE {test} ORDER BY event DESC, done_at DESC {part}",
        [*parameters, *([] if limit is None else [limit, offset])],
    )


def count(desk: Desk, actor: Actor, wanted: Wanted) -> int:
    """How many lines there are of these."""
    desk.require(actor, "see_log")
    test, parameters = wanted.test
    return int(desk.records.fetch(f"SELECT count(*) AS n FROM audit WHERE {test}", parameters)[0]["n"])


def choices(desk: Desk, actor: Actor) -> tuple[list[str], list[str]]:
    """Everybody and every act on the log, the most frequent first."""
    desk.require(actor, "see_log")
    people, acts = (
        [row["what"] for row in desk.records.fetch(f"SELECT {column} AS what FROM audit GROUP BY 1 ORDER BY count(*) DESC, 1")]
        for column in ("actor", "act")
    )  # fmt: skip
    return people, acts


def days(desk: Desk, actor: Actor) -> tuple[date, date] | None:
    """The first and the last day on the log; nothing while it is empty."""
    desk.require(actor, "see_log")
    found = desk.records.fetch("SELECT min(done_at) AS first, max(done_at) AS last FROM audit")[0]
    return (found["first"].date(), found["last"].date()) if found["first"] is not None else None


def note_export(desk: Desk, actor: Actor, what: str, cut_off: date | None = None) -> None:
    """Somebody took a list away: what it was, and up to when its data went (now, if nothing is said)."""
    now = desk.clock()
    told = f"{cut_off.isoformat()}" if cut_off is not None else f"{now:%Y-%m-%d %H:%M}"
    with desk.records.write() as writer:
        log(writer, writer.event(), actor, now, "导出", what, f"数据截至 {told}")


@dataclass(frozen=True)
class Backup:
    """A backup that was made."""

    path: Path
    size: int  # bytes
    made_at: datetime


def make_backup(desk: Desk, actor: Actor) -> Backup:
    """A backup beside the records, on the log. Raises Refused, NoSpace, Damaged."""
    desk.require(actor, "close")
    now = desk.clock()
    path = backup(desk.records, backups_of(desk.records.path), now)
    made = Backup(path, path.stat().st_size, now)
    with desk.records.write() as writer:
        log(writer, writer.event(), actor, now, "备份", path.name, f"{made.size} 字节")
    return made


def backups_of(database: Path) -> Path:
    """The folder of the backups: beside the records."""
    return database.with_name(f"{database.stem}.backups")


def backups(desk: Desk) -> list[Backup]:
    """What lies in the folder of the backups, the newest first."""
    found = [(path, path.stat()) for path in backups_of(desk.records.path).glob("*.duckdb")]
    made = [Backup(path, stat.st_size, datetime.fromtimestamp(stat.st_mtime)) for path, stat in found]
    return sorted(made, key=lambda one: one.made_at, reverse=True)

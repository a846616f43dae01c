"""The records: created, opened again, brought up from an older layout, held by one program, read while written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest

from scoring.store import migrations as steps_of
from scoring.store.holder import note_path
from scoring.store.migrations import Migration, migrate, migrations
from scoring.store.problems import Damaged, Held, RecordsError
from scoring.store.records import Records
from tests.town import ROOT

NOW = datetime(2024, 10, 8, 9, 0)
HOLD = """
import sys, time
from datetime import datetime
from pathlib import Path
from scoring.store.records import Records
records = Records.open(Path(sys.argv[1]), "看板", lambda: datetime(2024, 10, 8, 9, 0))
print("open", flush=True)
sys.stdin.readline()
"""


def opened(path: Path) -> Records:
    return Records.open(path, "测试", lambda: NOW)


def note(records: Records, detail: str) -> int:
    with records.write() as writer:
        event = writer.event()
        told = {"event": event, "done_at": NOW, "actor": "某人", "role": "office", "act": "试", "subject": "", "detail": detail}
        writer.append("audit", told)
    return event


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    found = opened(tmp_path / "records.duckdb")
    yield found
    found.close()


def test_created_with_its_folder_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "records.duckdb"
    first = opened(path)
    assert note(first, "一") == 1
    first.close()
    again = opened(path)
    assert note(again, "二") == 2
    assert [row["detail"] for row in again.fetch("SELECT detail FROM audit ORDER BY event")] == ["一", "二"]
    assert [row["number"] for row in again.fetch("SELECT number FROM migration")] == [one.number for one in migrations()]
    again.close()
    assert not note_path(path).exists()


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RecordsError, match=r"建不了报送库的文件夹“sub”.*核对 database"):
        opened(tmp_path / "file" / "sub" / "records.duckdb")


def older(path: Path) -> None:
    """A file as the first layout wrote it, with a submission in it, by hand."""
    connection = duckdb.connect(str(path))
    connection.execute("CREATE TABLE migration (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, done_at TIMESTAMP NOT NULL)")
    connection.execute(migrations()[0].sql)
    connection.execute("INSERT INTO migration VALUES (1, 'start', TIMESTAMP '2024-01-01 08:00:00')")
    connection.execute(
        """INSERT INTO submission VALUES ('BS2024-000001', nextval('event_no'), 'cases', 'c1', '2024Q1', '工作簿', 'a.xlsx',
'', '', 'abc', 5, MAP {'doc_no': 'A'}, true, false, '', '', 1, 0, TIMESTAMP '2024-04-01 09:00:00', '甲县', 'reporter')"""
    )
    connection.execute(
        """INSERT INTO ledger_row VALUES ('BS2024-000001', 0, 6, 'c1', '["示1"]', false, MAP {'doc_no': '示1'},
MAP {'doc_no': '示1'}, MAP {})"""
    )
    connection.execute(
        """INSERT INTO decision VALUES (nextval('event_no'), 'BS2024-000001', '通过', '', false,
TIMESTAMP '2024-04-01 10:00:00', '甲县', 'reporter')"""
    )
    connection.close()


SECOND = Migration(2, "remark", "ALTER TABLE submission ADD COLUMN remark VARCHAR DEFAULT ''; CREATE TABLE extra (event BIGINT);")
BROKEN = Migration(2, "broken", "CREATE TABLE extra (event BIGINT); CREATE TABLE no_such_type (x NOTHING);")


def test_an_older_file_is_brought_up_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "records.duckdb"
    older(path)
    known = migrations()
    monkeypatch.setattr(steps_of, "migrations", lambda: known[:1])
    plain = opened(path)
    before = {view: plain.fetch(f"SELECT * FROM {view}") for view in ("submission", "ledger_row", "decision", "counted_row")}
    plain.close()
    monkeypatch.setattr(steps_of, "migrations", lambda: [*known, Migration(len(known) + 1, "extra", "CREATE TABLE extra (event BIGINT)")])
    found = opened(path)
    assert {view: found.fetch(f"SELECT * FROM {view}") for view in before} == before
    assert len(before["counted_row"]) == 1
    done = found.fetch("SELECT number, name, done_at FROM migration ORDER BY number")
    assert [row["number"] for row in done] == list(range(1, len(known) + 2))
    assert done[-1] == {"number": len(known) + 1, "name": "extra", "done_at": NOW}
    assert note(found, "下一件") == 3, "numbers go on"
    found.close()
    opened(path).close()


def test_drafts_come_to_a_file_that_had_none(tmp_path: Path) -> None:
    """Step 2 on a file of the first layout: what was there counts as before, and drafts can be written down."""
    path = tmp_path / "records.duckdb"
    older(path)
    found = opened(path)
    assert [row["name"] for row in found.fetch("SELECT name FROM migration ORDER BY number")][:2] == ["start", "drafts"]
    (row,) = found.fetch("SELECT form, unit, row_key, value FROM counted_row")
    assert row == {"form": "cases", "unit": "c1", "row_key": '["示1"]', "value": {"doc_no": "示1"}}
    who = {"done_at": NOW, "actor": "李分析", "role": "analyst"}
    with found.write() as writer:
        own = {"event": writer.event(), "no": "CA2024-000003", "version": 1, "name": "提高上限", "file": "config/scoring.yaml"}
        writer.append("draft", {**own, "edition": "2024", "base_sha256": "abc", "reason": "鼓励", **who})
        for number, state in enumerate(("草稿", "待批准")):
            decided = {"event": writer.event(), "no": own["no"], "version": 1, "state": state, "reason": "", "edition": ""}
            by = {**who, "actor": f"人{number}"}
            writer.append("draft_decision", {**decided, "document_number": "", "in_force": None, "file": "", "sha256": "", **by})
    (standing,) = found.fetch("SELECT no, version, state, authors, started_by, decided_by, last_event FROM standing_draft")
    assert standing == {
        "no": "CA2024-000003", "version": 1, "state": "待批准", "authors": ["人1", "李分析"], "started_by": "李分析",
        "decided_by": "人1", "last_event": 5,
    }  # fmt: skip
    with pytest.raises(duckdb.ConstraintException), found.write() as writer:
        writer.append("draft", {**own, "event": writer.event(), "edition": "2024", "base_sha256": "abc", "reason": "又", **who})
    assert len(found.fetch("SELECT * FROM draft")) == 1, "a version is written once"
    found.close()


def test_each_step_is_applied_once_and_whole_or_not_at_all(tmp_path: Path) -> None:
    older(tmp_path / "records.duckdb")
    connection = duckdb.connect(str(tmp_path / "records.duckdb"))
    first = migrations()[:1]
    with pytest.raises(duckdb.Error):
        migrate(connection.execute, NOW, [*first, BROKEN])
    connection.execute("ROLLBACK")
    assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'extra'").fetchall() == [(0,)]
    assert [one.number for one in migrate(connection.execute, NOW, [*first, SECOND])] == [2]
    assert migrate(connection.execute, NOW, [*first, SECOND]) == []
    assert connection.execute("SELECT remark FROM submission").fetchall() == [("",)]
    connection.close()


def test_a_file_of_a_newer_program(tmp_path: Path) -> None:
    path = tmp_path / "records.duckdb"
    opened(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO migration VALUES (99, 'future', TIMESTAMP '2030-01-01')")
    with pytest.raises(Damaged, match=r"报送库是更新的版本写的（第 99 号结构，本程序只认到第 \d+ 号）。请升级本程序"):
        opened(path)


def test_a_database_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE songs (title VARCHAR)")
    with pytest.raises(Damaged, match="这个数据库不是报送库"):
        opened(path)
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("songs",)], "not touched"


@pytest.mark.parametrize("content", [b"not a database, only text\n" * 400, b"\0" * 20_000, b"PK\x03\x04" + b"1" * 9000])
def test_no_database_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "records.duckdb"
    path.write_bytes(content)
    with pytest.raises(Damaged, match="报送库的文件打不开，可能已损坏或不是报送库。请用最近的备份恢复"):
        opened(path)
    assert path.read_bytes() == content


def test_a_second_program_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "records.duckdb"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(Held) as held:
            opened(path)
        assert str(held.value) == (
            f"报送库正由“看板”（进程 {other.pid}，2024-10-08 09:00 起）使用，别的程序不能同时写。请在那里操作，或先关闭它。"
        )
        note_path(path).write_text("no note", encoding="utf-8")
        with pytest.raises(Held, match=f"正由进程 {other.pid}使用"):
            opened(path)
        other.stdin.write("\n")
    note_path(path).write_text('{"program": "看板", "pid": 1, "host": "x", "since": ""}', encoding="utf-8")
    opened(path).close()


def test_all_or_nothing(records: Records) -> None:
    def half() -> None:
        with records.write() as writer:
            writer.append("register_closing", {
                "event": writer.event(), "form": "f", "unit": "", "period": "p", "closed": True, "reason": "",
                "done_at": NOW, "actor": "a", "role": "office",
            })  # fmt: skip
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert records.fetch("SELECT * FROM register_closing") == []
    assert note(records, "后来") > 1, "a number is not used twice, not even one that was given up"


def test_reads_go_on_during_a_write_and_see_nothing_of_it(records: Records) -> None:
    begun, go_on = Event(), Event()

    def write() -> None:
        with records.write() as writer:
            writer.append("audit", {"event": writer.event(), "done_at": NOW, "actor": "a", "role": "r", "act": "x", "subject": "", "detail": ""})
            begun.set()
            assert go_on.wait(60)

    writing = Thread(target=write)
    writing.start()
    assert begun.wait(60)
    assert records.fetch("SELECT * FROM audit") == []
    with records.reading() as moment:
        assert moment.fetch("SELECT * FROM audit") == []
        go_on.set()
        writing.join()
        assert len(records.fetch("SELECT * FROM audit")) == 1
        assert moment.fetch("SELECT * FROM audit") == [], "one moment stays what it was"
        assert moment.arrow("SELECT * FROM audit").num_rows == 0


def test_every_thread_gets_its_own_rows(records: Records) -> None:
    """One connection shared without cursors gave rows to the wrong thread, measured; so each read has its own."""
    wrong: list[object] = []

    def ask(number: int) -> None:
        for turn in range(60):
            mine = number * 1000 + turn
            found = records.fetch("SELECT ? AS mine, sum(range) AS total FROM range(?)", [mine, 500 + number])
            table = records.arrow("SELECT ?::BIGINT AS mine", [mine])
            if found != [{"mine": mine, "total": sum(range(500 + number))}] or table["mine"].to_pylist() != [mine]:
                wrong.append(found)

    threads = [Thread(target=ask, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_writers_take_turns(records: Records) -> None:
    events: list[int] = []
    threads = [Thread(target=lambda: events.extend(note(records, str(turn)) for turn in range(15))) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(events) == list(range(1, 91))
    assert len(records.fetch("SELECT * FROM audit")) == 90


def test_two_that_opened_it_in_one_process_still_take_turns(tmp_path: Path) -> None:
    one, other = opened(tmp_path / "records.duckdb"), opened(tmp_path / "records.duckdb")
    assert [note(one, "一"), note(other, "二"), note(one, "三")] == [1, 2, 3]
    one.close()
    assert note(other, "四") == 4
    other.close()


def test_nothing_reaches_files_or_settings(records: Records) -> None:
    for sql in (
        "SELECT * FROM read_csv('/etc/hostname')",
        "COPY audit TO '/tmp/nothing_of_this.csv'",
        "SET enable_external_access = true",
        "ATTACH '/tmp/nothing_of_this.duckdb'",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error):
            records.fetch(sql)


def test_a_read_cannot_write(records: Records) -> None:
    with pytest.raises((duckdb.Error, RecordsError)):
        records.fetch("DELETE FROM audit")

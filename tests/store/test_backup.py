"""Backup and restore: a copy that opens, nothing overwritten, and the lock on the records kept meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from scoring.desk import handing_in, receiving, reviewing
from scoring.store.backup import backup, restore
from scoring.store.problems import Damaged, Held, RecordsError
from scoring.store.records import Records
from scoring.store.snapshots import current, folder_of
from tests.store.test_records import HOLD
from tests.town import ROOT
from tests.village import CLERK, Village, case_rows, reporter, village, workbook

LATER = datetime(2024, 11, 5, 9, 0)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Village]:
    found = village(tmp_path)
    report(found, "2024Q1", 3)
    yield found
    found.records.close()


def report(place: Village, quarter: str, count: int) -> None:
    data = workbook(place.desk, "c1", [("cases", quarter, case_rows("c1", quarter, count))])
    (draft,) = receiving.upload(place.desk, reporter("c1"), "c1", f"{quarter}.xlsx", data).drafts
    handing_in.hand_in(place.desk, reporter("c1"), draft.no)
    reviewing.accept(place.desk, CLERK, [draft.no])


def reopened(place: Village, clock: datetime = LATER) -> None:
    place.clock.now = clock
    place.records = Records.open(place.database, "测试", place.clock)


def test_a_backup_is_whole_and_by_itself(place: Village, tmp_path: Path) -> None:
    path = backup(place.records, tmp_path / "备份", LATER)
    assert path.name == "village_备份_20241105_090000.duckdb"
    assert [one.name for one in path.parent.iterdir()] == [path.name], "no log, no note, no half file"
    copy = Records.open(path, "测试", place.clock)
    assert copy.fetch("SELECT * FROM counted_row") == place.records.fetch("SELECT * FROM counted_row")
    assert copy.fetch("SELECT * FROM attachment") == place.records.fetch("SELECT * FROM attachment")
    copy.close()


def test_the_records_stay_held_after_a_backup(place: Village, tmp_path: Path) -> None:
    """To close a file lets go of all locks that a process has on it (POSIX): then a second program could have written."""
    backup(place.records, tmp_path / "备份", LATER)
    ran = subprocess.run([sys.executable, "-c", HOLD, str(place.database)], cwd=ROOT, capture_output=True, text=True, input="\n")
    assert ran.returncode != 0
    assert "报送库正由“测试”" in ran.stderr


def test_a_backup_while_others_write(place: Village, tmp_path: Path) -> None:
    def write() -> None:
        for number in range(40):
            with place.records.write() as writer:
                for _ in range(2):  # two lines or none
                    told = {"event": writer.event(), "done_at": LATER, "actor": "a", "role": "r", "act": "x", "subject": "", "detail": str(number)}
                    writer.append("audit", told)

    writing = Thread(target=write)
    writing.start()
    paths = [backup(place.records, tmp_path / "备份", LATER + timedelta(seconds=number)) for number in range(4)]
    writing.join()
    for path in paths:
        copy = Records.open(path, "测试", place.clock)
        found = copy.fetch("SELECT detail, count(*) AS lines FROM audit WHERE act = 'x' GROUP BY detail")
        assert all(row["lines"] == 2 for row in found)
        copy.close()


def test_restored_and_what_was_there_is_kept(place: Village, tmp_path: Path) -> None:
    """Work goes on after a restore with numbers that were used before; the snapshots are of what holds now."""
    saved = backup(place.records, tmp_path / "备份", LATER)
    report(place, "2024Q2", 5)
    assert len(place.project.sheets["cases"]) == 8
    place.records.close()
    kept = restore(saved, place.database, lambda: LATER)
    assert kept is not None
    assert kept.name == "village_恢复前_20241105_090000.duckdb"
    reopened(place)
    place.desk.publish()
    assert len(place.project.sheets["cases"]) == 3
    report(place, "2024Q3", 2)  # the same event numbers as the second quarter had before
    found = current(folder_of(place.database))
    assert found is not None
    assert {row["doc_no"][2:8] for row in found.read("cases").to_pylist()} == {"2024Q1", "2024Q3"}
    assert len(place.project.sheets["cases"]) == 5
    before = Records.open(kept, "测试", place.clock)
    assert len(before.fetch("SELECT * FROM counted_row")) == 8
    before.close()


def test_not_while_the_program_runs(place: Village, tmp_path: Path) -> None:
    saved = backup(place.records, tmp_path / "备份", LATER)
    place.records.close()
    before = place.database.read_bytes()
    with subprocess.Popen([sys.executable, "-c", HOLD, str(place.database)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        with pytest.raises(Held, match=r"报送库正由“看板”.*使用.*先关闭它"):
            restore(saved, place.database, lambda: LATER)
        assert place.database.read_bytes() == before
        other.stdin.write("\n")
    left = {path.name for path in place.database.parent.iterdir() if path.is_file()}
    assert left == {"village.duckdb", "village.duckdb.holder"}, "no half file; the note is of the program that was at work"


@pytest.mark.parametrize("content", [b"", b"no database at all " * 999])
def test_what_is_no_backup_changes_nothing(place: Village, tmp_path: Path, content: bytes) -> None:
    place.records.close()
    before = place.database.read_bytes()
    (tmp_path / "x.duckdb").write_bytes(content)
    with pytest.raises(Damaged, match=r"打不开|空的"):
        restore(tmp_path / "x.duckdb", place.database, lambda: LATER)
    assert place.database.read_bytes() == before
    with pytest.raises(RecordsError, match="没有这个备份文件。请核对路径"):
        restore(tmp_path / "nowhere.duckdb", place.database, lambda: LATER)
    reopened(place)


def test_damaged_records_can_be_restored(place: Village, tmp_path: Path) -> None:
    """That is what a backup is for. The damaged file and its log are put aside, not replayed into the restored one."""
    saved = backup(place.records, tmp_path / "备份", LATER)
    place.records.close()
    place.database.write_bytes(b"\0" * 50_000)
    place.database.with_name(place.database.name + ".wal").write_bytes(b"\1" * 5_000)
    kept = restore(saved, place.database, lambda: LATER)
    assert kept is not None
    assert kept.read_bytes() == b"\0" * 50_000
    reopened(place)
    assert len(place.records.fetch("SELECT * FROM counted_row")) == 3


def test_restored_where_nothing_was(place: Village, tmp_path: Path) -> None:
    saved = backup(place.records, tmp_path / "备份", LATER)
    assert restore(saved, tmp_path / "new" / "records.duckdb", lambda: LATER) is None
    found = Records.open(tmp_path / "new" / "records.duckdb", "测试", place.clock)
    assert len(found.fetch("SELECT * FROM counted_row")) == 3
    found.close()

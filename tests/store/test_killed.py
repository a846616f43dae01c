"""kill -9 at random moments while submissions are made and decided about: every one that was acknowledged is there
afterwards, with its rows and its file, and none is half there."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scoring.desk import Desk
from scoring.project import open_project
from scoring.store.records import Records
from scoring.store.snapshots import current, folder_of
from tests.town import ROOT
from tests.village import UNITS, another, case_rows, folder, stats_row, village, workbook

LIVES = 50  # of one file, before a new one is begun: the first start is killed as well
SEED = 20241121
EVENTS = ("submission", "decision", "explanation", "register_closing")
HALF_THERE = {
    "a submission without a decision": "SELECT no FROM submission WHERE no NOT IN (SELECT submission FROM decision)",
    "a decision without its submission": "SELECT submission FROM decision WHERE submission NOT IN (SELECT no FROM submission)",
    "rows without their submission": "SELECT submission FROM ledger_row WHERE submission NOT IN (SELECT no FROM submission)",
    "findings without their submission": "SELECT submission FROM finding WHERE submission NOT IN (SELECT no FROM submission)",
    "another number of rows": """SELECT s.no FROM submission s
LEFT JOIN (SELECT submission, count(*) AS rows, count_if(aside) AS aside FROM ledger_row GROUP BY submission) r ON r.submission = s.no
WHERE coalesce(r.rows, 0) <> s.row_count OR coalesce(r.aside, 0) <> s.aside_count""",
    "positions with a gap": """SELECT submission FROM ledger_row GROUP BY submission
HAVING min(position) <> 0 OR max(position) <> count(*) - 1 OR count(DISTINCT position) <> count(*)""",
    "a submission without its file": "SELECT no FROM submission WHERE sha256 <> '' AND sha256 NOT IN (SELECT sha256 FROM attachment)",
    "a file of other content": "SELECT sha256 FROM attachment WHERE sha256(content) <> sha256 OR octet_length(content) <> size",
    "handed in and not waiting": """SELECT submission FROM decision GROUP BY submission
HAVING count_if(state = '已提交') <> count_if(state IN ('待复核')) AND NOT submission LIKE 'LR%'""",
    "an entry that was only handed in": """SELECT submission FROM decision WHERE submission LIKE 'LR%' GROUP BY submission
HAVING count_if(state = '已提交') <> 1 OR count_if(state = '通过') <> 1""",
    "a number used twice": "SELECT no FROM submission GROUP BY no HAVING count(*) > 1",
    "an event without its line in the log": """SELECT no FROM submission s
WHERE NOT EXISTS (FROM audit a WHERE a.done_at = s.done_at AND a.actor = s.actor)""",
    "an event number used twice": "SELECT event FROM ("
    + " UNION ALL ".join(f"SELECT event FROM {table}" for table in EVENTS)
    + ") GROUP BY event HAVING count(*) > 1",
}


@dataclass
class Trial:
    """What became of all kills."""

    acts: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    before_ready: int = 0
    unacknowledged: int = 0
    reopened: list[float] = field(default_factory=list)
    submissions: int = 0
    rows: int = 0

    def told(self) -> str:
        done = sum(self.acts.values())
        median, most = statistics.median(self.reopened) * 1000, max(self.reopened) * 1000
        return (
            f"{self.kills} kills ({self.before_ready} before the first write was possible), {done} acknowledged calls "
            f"{dict(self.acts)}, {self.unacknowledged} committed without acknowledgement, {self.submissions} submissions "
            f"with {self.rows} rows and their files compared; reopened in {median:.0f} ms (median), {most:.0f} ms (most)"
        )


@dataclass
class Server:
    """The program that forks the workers."""

    process: subprocess.Popen[str]

    def order(self, *told: object) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        return int(self.line())

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@pytest.fixture
def books(tmp_path: Path) -> dict[str, list[tuple[str, str, int]]]:
    """Workbooks made beforehand: name → its reports as (form, period, rows)."""
    place = village(tmp_path / "before")
    found: dict[str, list[tuple[str, str, int]]] = {}
    for number, unit in enumerate(UNITS):
        quarters = ("2024Q1", "2024Q2", "2024Q3")[: 1 + number % 3]
        content = [("cases", quarter, case_rows(unit, quarter, 3 + 4 * number)) for quarter in quarters]
        content += [("stats", quarter, stats_row(quarter, 3, 5 * (number % 2))) for quarter in quarters]
        (tmp_path / f"{unit}.xlsx").write_bytes(workbook(place.desk, unit, content))
        found[f"{unit}.xlsx"] = [(form, quarter, len(rows)) for form, quarter, rows in content]
    place.records.close()
    return found


@pytest.fixture
def server(tmp_path: Path, books: dict[str, Any]) -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.store.at_work", str(folder()), *(str(tmp_path / name) for name in books)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Server(process)
        assert process.stdin is not None
        process.stdin.close()


def acknowledged(told: Path) -> list[dict[str, Any]]:
    """One line is one write, so none is cut off."""
    if not told.exists():
        return []
    return [json.loads(line) for line in told.read_bytes().split(b"\n")[:-1]]


def nothing_half_there(records: Records) -> None:
    for what, sql in HALF_THERE.items():
        assert records.fetch(sql) == [], what


def nothing_lost(records: Records, told: list[dict[str, Any]], books: dict[str, Any], tmp_path: Path) -> None:
    """Every line of the acknowledgements against the records."""
    states = {row["no"]: row for row in records.fetch("SELECT * FROM standing")}
    decided = Counter((row["submission"], row["state"]) for row in records.fetch("SELECT submission, state FROM decision"))
    explained = Counter(row["submission"] for row in records.fetch("SELECT submission FROM explanation"))
    files = {row["sha256"]: bytes(row["content"]) for row in records.fetch("SELECT sha256, content FROM attachment")}
    closings = len(records.fetch("SELECT 1 FROM register_closing"))
    for one in told:
        if one["act"] == "upload":
            data = another((tmp_path / one["book"]).read_bytes(), one["number"])
            assert hashlib.sha256(data).hexdigest() == one["sha256"]
            assert files[one["sha256"]] == data
            found = sorted((states[no]["form"], states[no]["period"], states[no]["row_count"]) for no in one["drafts"])
            assert found == sorted(books[one["book"]])
        elif one["act"] == "hand_in":
            assert decided[one["no"], "已提交"] == 1
            assert states[one["no"]]["received_at"] is not None
            assert explained[one["no"]] == one["explained"]
        elif one["act"] == "accept":
            assert all(decided[no, "通过"] == 1 for no in one["numbers"])
        elif one["act"] == "give_back":
            assert states[one["no"]]["state"] == "退回修改"
        elif one["act"] == "enter":
            assert states[one["no"]]["state"] == "通过"
    assert closings >= sum(one["act"] == "close" for one in told)


def every_row_as_typed(records: Records) -> int:
    """The rows of every submission on record against what was typed into its workbook."""
    rows = records.fetch("""SELECT s.no, s.form, s.unit, s.period, r.typed, r.value FROM submission s
JOIN ledger_row r ON r.submission = s.no WHERE s.source = '工作簿' ORDER BY s.no, r.position""")
    found: dict[tuple[str, str, str, str], list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault((row["no"], row["form"], row["unit"], row["period"]), []).append(row["value"])
    for (_, form, unit, period), values in found.items():
        number = list(UNITS).index(unit)
        if form == "cases":
            wanted = [(row[0], f"{row[3]:.2f}", row[4].isoformat()) for row in case_rows(unit, period, 3 + 4 * number)]  # type: ignore[attr-defined]
            assert [(one["doc_no"], one["amount"], one["filed_on"]) for one in values] == wanted
        else:
            assert [(one["caught"], one["approved"]) for one in values] == [("3", str(5 * (number % 2)))]
    return len(rows)


def published_as_recorded(desk: Desk) -> None:
    """The snapshot before this start can be read whole; the one after it says what the records say."""
    before = current(folder_of(desk.records.path))
    if before is not None:
        for code in before.parts:
            before.read(code)
    after = desk.publish()
    assert after is not None
    for form in ("cases", "stats", "awards"):
        wanted = desk.records.fetch("SELECT submission, line, unit FROM counted_row WHERE form = ?", [form])
        rows = after.read(form).to_pylist()
        assert sorted((row["submission"], row["source_row"], row["row_unit"]) for row in rows) == sorted(
            (row["submission"], row["line"], row["unit"]) for row in wanted
        )
    received = {row["no"] for row in after.read("submissions").to_pylist()} - {""}
    assert received == {row["no"] for row in desk.records.fetch("SELECT no FROM standing WHERE received_at IS NOT NULL AND whole")}
    assert not list(folder_of(desk.records.path).glob("*.tmp")) or before == after


def one_life(server: Server, chance: random.Random, database: Path, told: Path, first: int, trial: Trial) -> int:
    """Start, kill, and say how it ended."""
    pid = server.order(str(database), str(told), chance.randrange(2**32), first)
    time.sleep(chance.uniform(0.0, 0.9))
    os.kill(pid, signal.SIGKILL)
    trial.kills += 1
    return int(server.line())


def audited(told: list[dict[str, Any]]) -> int:
    """Lines that the log has for what was acknowledged: one a call, of acceptances one a submission."""
    return sum(len(one.get("numbers", "1")) for one in told if one["act"] not in ("ready", "publish"))


@pytest.mark.trial
def test_killed_at_any_moment(
    tmp_path: Path, trial_size: Callable[[int, int], int], server: Server, books: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    chance, trial, lives = random.Random(SEED), Trial(), trial_size(1000, 70)
    plain = open_project(folder())
    while trial.kills < lives:
        place = tmp_path / f"life{trial.kills}"
        place.mkdir()
        database, told, first = place / "village.duckdb", place / "told", 1
        for _ in range(min(LIVES, lives - trial.kills)):
            known = acknowledged(told)
            assert one_life(server, chance, database, told, first, trial) == -signal.SIGKILL
            lines = acknowledged(told)
            trial.before_ready += not any(one["act"] == "ready" for one in lines[len(known) :])
            first += 1000
            begun = time.perf_counter()
            records = Records.open(database, "测试", datetime.now)
            trial.reopened.append(time.perf_counter() - begun)
            nothing_half_there(records)
            nothing_lost(records, lines, books, tmp_path)
            published_as_recorded(Desk(plain, records, datetime.now))
            records.close()
        records = Records.open(database, "测试", datetime.now)
        trial.acts.update(one["act"] for one in lines if one["act"] != "ready")
        trial.unacknowledged += records.fetch("SELECT count(*) AS acts FROM audit")[0]["acts"] - audited(lines)
        trial.submissions += records.fetch("SELECT count(*) AS them FROM submission")[0]["them"]
        trial.rows += every_row_as_typed(records)
        records.close()
    with capsys.disabled():
        sys.stdout.write(f"\n{trial.told()}\n")
    assert trial.acts["upload"] > lives / 4
    assert trial.unacknowledged <= lives, "at most the one call that was under way"

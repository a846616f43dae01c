"""Numbered steps from one layout of the records to the next. A step that was applied anywhere is never edited."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scoring.store.problems import Damaged

_NAME = re.compile(r"(\d{4})_(\w+)\.sql\Z")
Execute = Callable[..., Any]  # a cursor's execute


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str


def migrations() -> list[Migration]:
    """In order, without a gap."""
    found = []
    for file in sorted(Path(__file__).parent.glob("*.sql")):
        named = _NAME.match(file.name)
        assert named is not None, file.name
        found.append(Migration(int(named[1]), named[2], file.read_text(encoding="utf-8")))
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    return found


def migrate(execute: Execute, now: datetime, steps: Sequence[Migration] | None = None) -> list[Migration]:
    """Apply what the file lacks, each step whole or not at all. Returns the steps applied.

    Raises Damaged for a database that is none of ours, and for one that a later version of the program has written.
    """
    steps = migrations() if steps is None else steps
    tables = {row[0] for row in execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if tables and "migration" not in tables:
        raise Damaged("这个数据库不是报送库：里面的表不是本系统建的", "请核对 database 的路径")
    execute(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, done_at TIMESTAMP NOT NULL)"
    )
    done = {row[0] for row in execute("SELECT number FROM migration").fetchall()}
    if done and max(done) > len(steps):
        problem = f"报送库是更新的版本写的（第 {max(done)} 号结构，本程序只认到第 {len(steps)} 号）"
        raise Damaged(problem, "请升级本程序，不要用旧程序打开新库")
    applied = [step for step in steps if step.number not in done]
    for step in applied:
        execute("BEGIN TRANSACTION")
        execute(step.sql)
        execute("INSERT INTO migration VALUES (?, ?, ?)", [step.number, step.name, now])
        execute("COMMIT")
    return applied

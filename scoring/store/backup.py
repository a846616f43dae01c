"""Backup and restore of the records: one file, checked before it is called a backup. Knows files, not their meaning."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from scoring.store.problems import Damaged, Held, NoSpace, RecordsError
from scoring.store.records import Records


def backup(records: Records, folder: Path, now: datetime) -> Path:
    """A copy of the records as they are, opened once to prove that it can be. Raises NoSpace, Damaged."""
    target = folder / f"{records.path.stem}_备份_{now:%Y%m%d_%H%M%S}.duckdb"
    aside = target.with_name(target.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with records.alone():  # nobody writes: the file and its log belong together
            _write(aside, records.file())
            _copy(_log(records.path), _log(aside))
        Records.open(aside, "备份", lambda: now).close()  # replays the log and folds it in
        aside.replace(target)
    except OSError as error:
        raise NoSpace("备份写不进去", "请核对备份文件夹和磁盘空间") from error
    finally:
        for rest in (aside, _log(aside)):
            rest.unlink(missing_ok=True)
    return target


def restore(source: Path, database: Path, clock: Callable[[], datetime]) -> Path | None:
    """Put a backup in the place of the records. What was there is kept beside; returns where. Raises Held, Damaged.

    Snapshots are published anew at the next start.
    """
    if not source.is_file():
        raise RecordsError("没有这个备份文件", "请核对路径")
    if source.stat().st_size == 0:  # DuckDB would take it for a new database
        raise Damaged("备份文件是空的", "请换一个备份文件")
    now = clock()
    aside = database.with_name(f"{database.name}.restoring")
    kept: Path | None = None
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        _refuse_held(database, clock)
        _copy(source, aside)
        _copy(_log(source), _log(aside))
        Records.open(aside, "恢复", clock).close()
        if database.exists():
            kept = database.with_name(f"{database.stem}_恢复前_{now:%Y%m%d_%H%M%S}.duckdb")
            _keep(database, kept)
        if _log(database).exists():  # of the old one: never to be replayed into the new one
            _log(database).replace(_log(kept or database.with_name(f"{database.stem}_恢复前.duckdb")))
        aside.replace(database)
    except (Held, Damaged):
        raise
    except OSError as error:
        raise NoSpace("恢复没有完成，原来的报送库没有动", "请核对磁盘空间和文件夹权限后重试") from error
    finally:
        for rest in (aside, _log(aside)):
            rest.unlink(missing_ok=True)
    return kept


def _refuse_held(database: Path, clock: Callable[[], datetime]) -> None:
    """While another program holds it. One that cannot be read is what a backup is for."""
    if database.exists():
        with suppress(Damaged):
            Records.open(database, "恢复", clock).close()


def _keep(database: Path, kept: Path) -> None:
    """Under a second name, so that at no moment there is nothing under the first."""
    try:
        os.link(database, kept)
    except OSError:  # a disk that knows no second names
        _copy(database, kept)


def _copy(source: Path, target: Path) -> None:
    """On disk, in place of what may be there; nothing where there is nothing."""
    target.unlink(missing_ok=True)
    if source.exists():
        with source.open("rb") as file:
            _write(target, file)


def _write(target: Path, source: BinaryIO) -> None:
    with target.open("wb") as file:
        shutil.copyfileobj(source, file, 1024 * 1024)
        file.flush()
        os.fsync(file.fileno())


def _log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")

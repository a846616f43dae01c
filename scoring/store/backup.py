"""Backup and restore of the records: one file, checked before it is called a backup. Knows files, not their meaning."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from scoring.store.problems import Damaged, Held, NoSpace, RecordsError
from scoring.store.records import Records


def backup(records: Records, folder: Path, now: datetime) -> Path:
    """A copy of the records as they are, opened once to prove that it can be. Raises NoSpace, Damaged."""
    target = folder / f"{records.path.stem}_备份_{now:%Y%m%d_%H%M%S}.duckdb"
    aside = target.with_name(target.name + ".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with records.alone():  # nobody writes: the file and its log belong together
            _copy(records.path, aside)
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
    now = clock()
    aside = database.with_name(f"{database.name}.restoring")
    kept: Path | None = None
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, aside)
        Records.open(aside, "恢复", clock).close()
        if database.exists():
            Records.open(database, "恢复", clock).close()  # refused while another program holds it
            kept = database.with_name(f"{database.stem}_恢复前_{now:%Y%m%d_%H%M%S}.duckdb")
            database.replace(kept)
        aside.replace(database)
    except (Held, Damaged):
        raise
    except OSError as error:
        raise NoSpace("恢复没有完成，原来的报送库没有动", "请核对磁盘空间和文件夹权限后重试") from error
    finally:
        for rest in (aside, _log(aside)):
            rest.unlink(missing_ok=True)
    return kept


def _copy(source: Path, target: Path) -> None:
    """The file and the log of what is not in it yet, on disk."""
    for one, other in ((source, target), (_log(source), _log(target))):
        other.unlink(missing_ok=True)
        if one.exists():
            shutil.copyfile(one, other)
            with other.open("rb") as file:
                os.fsync(file.fileno())


def _log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")

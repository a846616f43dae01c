"""The demo city in records of its own, for tests that write: loaded once, copied for each test. Its clock stands still."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from scoring.access import Actor
from scoring.desk import Desk
from scoring.desk.importing import import_folder
from scoring.project import Project, open_project
from scoring.store.records import Records
from scoring.store.snapshots import folder_of
from scoring.units import Register
from tests.demo import demo
from tests.kept import kept_folder

ROOT = Path(__file__).resolve().parent.parent
CLERK, CHECKER = Actor("双打办经办人", "office"), Actor("双打办复核人", "office")
START = datetime(2025, 1, 9, 10, 0, 0)  # a working day before the last deadlines of 2024


_READ: dict[str, Project] = {}  # by the manifest of the snapshot


@dataclass
class Clock:
    """A minute passes whenever somebody asks, unless it stands still."""

    now: datetime = field(default=START)
    step: timedelta = timedelta(minutes=1)

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


@cache
def loaded() -> Path:
    """The demo city imported: a folder with the database and its snapshots, made once per process. Not to be written to."""
    folder = kept_folder("town")
    records = Records.open(folder / "town.duckdb", "测试", Clock(datetime(2024, 12, 1, 9, 0)))
    desk = Desk(demo(), records, Clock(datetime(2024, 12, 1, 9, 0)))
    import_folder(desk, CLERK, ROOT / "data" / "sample", "data/sample")
    records.close()
    return folder


def copied(folder: Path) -> Path:
    """A copy of the demo city's records in a folder; the path of the database."""
    source, target = loaded() / "town.duckdb", folder / "town.duckdb"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    shutil.copytree(folder_of(source), folder_of(target))
    return target


@dataclass
class Town:
    """A desk on a copy of the demo city."""

    database: Path
    records: Records
    clock: Clock

    @property
    def project(self) -> Project:
        """As published last; copies of the same snapshot are read once."""
        told = (folder_of(self.database) / "current.json").read_text(encoding="utf-8")
        if told not in _READ:
            if len(_READ) > 6:
                _READ.clear()
            _READ[told] = open_project(ROOT, database=self.database)
        return _READ[told]

    @property
    def desk(self) -> Desk:
        """Made anew: it sees what was published last."""
        return Desk(self.project, self.records, self.clock)


def town(folder: Path, database: Path | None = None) -> Town:
    """The demo city, or records that are still empty where `database` names a file that is not there."""
    clock = Clock()
    path = database or copied(folder)
    records = Records.open(path, "测试", clock)
    found = Town(path, records, clock)
    if database is not None:
        project = demo()
        Desk(project, records, clock).publish()
    return found


def reporter(unit: str) -> Actor:
    """Somebody of a unit."""
    return Actor(_register().title(unit), "reporter", unit)


@cache
def _register() -> Register:
    register = demo().register
    assert register is not None
    return register

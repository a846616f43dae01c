"""小城 (tests/projects/small) in records of its own, for tests that write: reckoned by hand, opened in no time.

Two forms have keys here that they lack there, so that rows can be corrected: 考核组评分 by indicator and day, 事件登记 by
day and kind.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from scoring.desk import Desk
from scoring.desk.importing import import_folder
from scoring.project import Project, open_project
from scoring.store.records import Records
from scoring.store.snapshots import folder_of
from tests.kept import kept_folder
from tests.town import CLERK, ROOT, Clock, Town

SMALL = ROOT / "tests" / "projects" / "small"
KEYS = {
    "review": ("key: [indicator]", "key: [indicator, judged_on]"),
    "events": ("dated_by: happened_on", "dated_by: happened_on\nkey: [happened_on, kind]"),
}
CUT_OFF = date(2025, 1, 20)


@dataclass
class Hamlet(Town):
    """A desk on a copy of 小城."""

    folder: Path = SMALL
    _read: tuple[list[tuple[Path, int, int]], Project] | None = field(default=None, repr=False)

    @property
    def project(self) -> Project:
        """As published last, by the configuration as it is now: read again only after a file has changed."""
        files = [folder_of(self.database) / "current.json", *sorted((self.folder / "config").rglob("*.yaml"))]
        stamp = [(path, path.stat().st_mtime_ns, path.stat().st_size) for path in files]
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, open_project(self.folder, database=self.database)
        return self._read[1]

    def placed(self, unit: str) -> tuple[Decimal | None, int | None, str | None]:
        """Total, place and grade of 2024."""
        row = self.row(unit)
        return row["total"], row["place"], row["grade"]

    def row(self, unit: str) -> dict[str, Any]:
        found = self.project.assess("2024", CUT_OFF, with_previous=False).one("ranking", unit=unit)
        assert found is not None
        return found


@cache
def _loaded() -> Path:
    folder = kept_folder("hamlet")
    shutil.copytree(SMALL / "config", folder / "config")
    for form, (old, new) in KEYS.items():
        path = folder / "config" / "forms" / f"{form}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    records = Records.open(folder / "hamlet.duckdb", "测试", Clock(datetime(2024, 12, 1, 9, 0)))
    desk = Desk(open_project(folder), records, Clock(datetime(2024, 12, 1, 9, 0)))
    import_folder(desk, CLERK, SMALL / "data", "data")
    records.close()
    return folder


def copied(folder: Path) -> Path:
    """A project folder with its records: (folder, folder/hamlet.duckdb)."""
    source, target = _loaded(), folder / "hamlet"
    shutil.copytree(source, target)
    return target


def hamlet(folder: Path) -> Hamlet:
    """Records of 小城 to write into."""
    target, clock = copied(folder), Clock(datetime(2025, 1, 21, 9, 0))
    database = target / "hamlet.duckdb"
    assert folder_of(database).is_dir()
    return Hamlet(database, Records.open(database, "测试", clock), clock, target)

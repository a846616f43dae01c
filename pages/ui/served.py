"""What is read and reckoned once and then served to every visit: project, records, results. Alone in naming st.cache_*.

Caches are keyed by a version of what was read, never by the data themselves: Streamlit hashes large
arguments by sample. Of the visit it knows the period that was chosen; how it is chosen, state.py knows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import streamlit as st

from scoring.desk import Desk
from scoring.engine import Assessment
from scoring.engine.compared_entries import EntryCheck, compared_entries
from scoring.engine.plan import Plan, make_plan
from scoring.issues import errors
from scoring.project import Project, open_project
from scoring.project.office import Office, clock_of, database_of, load_office
from scoring.store.problems import RecordsError
from scoring.store.records import Records
from scoring.store.snapshots import folder_of, publish

FRESH = 0.25  # seconds
ROOT = Path(__file__).resolve().parents[2]
Stamp = tuple[tuple[str, int, int], ...]
T = TypeVar("T")
_read: dict[tuple[str, str], tuple[Stamp, Project]] = {}  # the last of each place, by folder and database
_seen: dict[tuple[str, tuple[str, ...]], tuple[float, Stamp]] = {}  # when the files were looked at, and how they were
_looked: ContextVar[dict[str, Any] | None] = ContextVar("looked", default=None)  # what this run has seen of the disk


@contextmanager
def one_look() -> Iterator[None]:
    """For the length of a run the files written by hand are looked at once, however often the project is asked for; what
    the run itself puts into the records is seen at once all the same. Opened by pages/shell.py, and by a fragment, which
    runs without the shell."""
    if _looked.get() is not None:
        yield
        return
    token = _looked.set({})
    try:
        yield
    finally:
        _looked.reset(token)


def _once(name: str, look: Callable[[], T]) -> T:
    seen = _looked.get()
    if seen is None:
        return look()
    if name not in seen:
        seen[name] = look()
    found: T = seen[name]
    return found


def folder() -> Path:
    """The project on show: SCORING_PROJECT, or the repository itself."""
    return _once("folder", lambda: Path(os.environ.get("SCORING_PROJECT") or ROOT).resolve())


def project() -> Project:
    """The project as it is now: its configuration on disk, the rows of the last snapshot or of the prepared files. Read
    again only after a file has changed."""
    database = database_path()
    where, stamp = (str(folder()), str(database or "")), _stamp(folder(), database)
    read = _read.get(where)
    if read is None or read[0] != stamp:  # asked many times in a run: the cache hashes the whole stamp each time
        _read[where] = read = (stamp, _project(*where, stamp))
    return read[1]


def database_path() -> Path | None:
    """The records of the project on show: SCORING_DATABASE (无: none), or what office.yaml names."""
    return _once("database", _database)


def _database() -> Path | None:
    path = folder() / "config" / "office.yaml"
    found = path.stat() if path.exists() else None
    seen = str(path), found.st_mtime_ns if found else 0, found.st_size if found else 0
    return database_of(folder(), _office(*seen), os.environ.get("SCORING_DATABASE"))


@lru_cache(maxsize=8)
def _office(path: str, changed: int, size: int) -> Office | None:
    return load_office(Path(path))[0]


def desk() -> Desk | RecordsError | None:
    """Where submissions come in; why it cannot be used now; None for a project that has no records."""
    path, current = database_path(), project()
    if path is None or current.forms is None or current.register is None or current.calendar is None:
        return None
    try:
        return Desk(current, _records(str(path)), clock)
    except RecordsError as error:
        return error


def clock() -> datetime:
    """Now, or the hour of now on the day of the demonstration."""
    return clock_of(project().office, datetime.now())


def period() -> str:
    """The chosen period; without a choice the newest."""
    offered = project().periods or [str(date.today().year)]
    chosen = st.session_state.get("period")
    return chosen if chosen in offered else offered[0]


def as_of() -> date:
    """The day up to which submissions count: today, or the cut-off where that came first."""
    current = project()
    return current.default_as_of(current.period(period()), clock().date())


def assessment() -> Assessment:
    """The result for the chosen period and day. Ask only when `project().ready`."""
    current = project()
    return _assessment(current.version, period(), as_of(), current)


def plan() -> Plan:
    """The queries of the chosen period and day; without data they are written and not run."""
    current = project()
    if current.has_data:
        return assessment().plan
    return make_plan(current.edition(period()), current.period(period()), as_of())


def entry_check(form: str) -> EntryCheck:
    """三录核对 of the chosen period and day. Ask only when `project().ready`."""
    current = project()
    return _entry_check(current.version, period(), as_of(), form, current, assessment())


def kept(key: str, make: Callable[[], T]) -> T:
    """What a study of the chosen period and day comes to: made once for as long as nothing it rests on changes. `key` says
    all else that it depends on."""
    found: T = _kept(project().version, period(), as_of(), key, make)
    return found


def shown_once(key: str, draw: Callable[[], None]) -> None:
    """What `draw` puts on the page, texts and tables without a key: made for the first visit, then sent to the others as it
    is. `key` says what it depends on besides period, day and theme."""
    _shown(project().version, period(), as_of(), st.context.theme.type or "", key, draw)


def warm() -> None:
    """Read and score what the first visitor will see, before there is one."""
    current = project()
    if current.ready and current.periods:
        newest = current.periods[0]
        day = current.default_as_of(current.period(newest), clock().date())
        _assessment(current.version, newest, day, current)


def close() -> None:
    """Leave the records in order when the server stops."""
    path = database_path()
    if path is not None:
        with suppress(RecordsError):
            _records(str(path)).close()


@st.cache_resource(max_entries=4, show_spinner="正在读取办法和数据…")
def _project(path: str, database: str, stamp: Stamp) -> Project:
    if not database:
        return open_project(path)
    with suppress(RecordsError):  # held by another program: what it has published can be read all the same
        records = _records(database)
        found = open_project(path, database=Path(database))
        if found.forms is not None and found.register is not None:
            now = clock_of(found.office, datetime.now())
            publish(records, found.forms, [unit.code for unit in found.register.units], now)
        if not errors(found.issues) and _stamp(Path(path), Path(database)) == stamp:
            return found  # it was up to date already
    return open_project(path, database=Path(database))


@st.cache_resource(show_spinner="正在打开报送库…")
def _records(path: str) -> Records:
    return Records.open(Path(path), "看板", datetime.now)


@st.cache_resource(max_entries=16, show_spinner="正在计分…")
def _assessment(version: str, label: str, day: date, _current: Project) -> Assessment:
    return _current.assess(label, day)


@st.cache_resource(max_entries=16, show_spinner="正在核对…")
def _entry_check(version: str, label: str, day: date, form: str, _current: Project, _result: Assessment) -> EntryCheck:
    return compared_entries(_current.store, _result, _result.rubric.forms[form])


@st.cache_resource(max_entries=2048, show_spinner=False)  # a dozen for each unit: with fewer, 29 units in three years thrash
def _kept(version: str, label: str, day: date, key: str, _make: Callable[[], Any]) -> Any:
    return _make()


@st.cache_resource(max_entries=256, show_spinner=False)
def _shown(version: str, label: str, day: date, theme: str, key: str, _draw: Callable[[], None]) -> None:
    _draw()


def _stamp(path: Path, database: Path | None) -> Stamp:
    """Name, size and time of every file a project may consist of."""
    kinds = (".yaml",) if database is not None else (".yaml", ".csv", ".json")
    found = _once("files", lambda: _lately(path, kinds))
    if database is None:
        return found
    current = folder_of(database) / "current.json"
    try:
        stat = current.stat()
    except FileNotFoundError:
        return found
    return (*found, (current.as_posix(), stat.st_mtime_ns, stat.st_size))


def _lately(path: Path, kinds: tuple[str, ...]) -> Stamp:
    """The files as they were at most `FRESH` seconds ago: a crowd does not look again for each of its visitors."""
    key = str(path), kinds
    at, found = _seen.get(key, (-inf, ()))
    if monotonic() - at > FRESH:
        found = tuple(sorted(one for part in ("config", "data") for one in _files(path / part, kinds)))
        _seen[key] = monotonic(), found
    return found


def _files(folder: Path | str, kinds: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    """Those of the folder and below; scandir tells what is a file without a further look."""
    try:
        with os.scandir(folder) as entries:
            for one in entries:
                if one.is_dir():
                    yield from _files(one.path, kinds)
                elif one.name.endswith(kinds):
                    stat = one.stat()
                    yield one.path, stat.st_mtime_ns, stat.st_size
    except FileNotFoundError:  # no such folder, or a file that goes as it is looked at
        return


def assessment_of(label: str) -> Assessment:
    """The result for a period named by whoever asks and not chosen in a visit: one of `project().periods`, as of today or
    the cut-off. Ask only when `project().ready`."""
    current = project()
    day = current.default_as_of(current.period(label), clock().date())
    return _assessment(current.version, label, day, current)

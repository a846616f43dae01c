"""The state of a visit: project, period, day, result. The only module that names st.cache_* and query parameters.

Caches are keyed by a version of what was read, never by the data themselves: Streamlit hashes large
arguments by sample.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import streamlit as st

from scoring.engine import Assessment
from scoring.project import Project, open_project

ROOT = Path(__file__).resolve().parents[2]
Stamp = tuple[tuple[str, int, int], ...]


def folder() -> Path:
    """The project on show: SCORING_PROJECT, or the repository itself."""
    return Path(os.environ.get("SCORING_PROJECT") or ROOT).resolve()


def project() -> Project:
    """The project as it is on disk now; read again only after a file has changed."""
    return _project(str(folder()), _stamp(folder()))


def assessment() -> Assessment:
    """The result for the chosen period and day. Ask only when `project().ready`."""
    current = project()
    return _assessment(current.version, period(), as_of(), current)


def period() -> str:
    """The chosen period; without a choice the newest."""
    offered = project().periods
    chosen = st.session_state.get("period")
    return chosen if chosen in offered else offered[0]


def as_of() -> date:
    """The day up to which submissions count: today, or the cut-off where that came first."""
    current = project()
    assert current.rubric is not None
    return current.default_as_of(current.rubric.period(period()), date.today())


def pick_period() -> None:
    """The picker; its choice stands in the address as ?period=."""
    offered = project().periods
    if offered:
        st.selectbox("考核期", offered, key="period", bind="query-params")


def parameter(name: str) -> str | None:
    """One parameter of the address, such as ?unit=c01."""
    return st.query_params.get(name)


def set_parameter(name: str, value: str | None) -> None:
    """Put a choice into the address, so that the link can be sent."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


@st.cache_resource(max_entries=4, show_spinner="正在读取办法和数据…")
def _project(path: str, stamp: Stamp) -> Project:
    return open_project(path)


@st.cache_resource(max_entries=16, show_spinner="正在计分…")
def _assessment(version: str, label: str, day: date, _current: Project) -> Assessment:
    return _current.assess(label, day)


def _stamp(path: Path) -> Stamp:
    """Name, size and time of every file a project may consist of."""
    files = (file for part in ("config", "data") for file in sorted((path / part).rglob("*")))
    facts = ((file, file.stat()) for file in files if file.suffix in (".yaml", ".csv"))
    return tuple((file.relative_to(path).as_posix(), stat.st_mtime_ns, stat.st_size) for file, stat in facts)

"""What every test may ask for: the size of a trial, and whether this is the CI run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

BROWSER = Path(__file__).parent / "browser"
_PATIENT = 10
_connect = duckdb.connect

os.environ.setdefault("OPENPYXL_LXML", "False")  # as the product asks for, before a test imports it
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # likewise
os.environ.setdefault("SCORING_DATABASE", "无")  # tests read the prepared files unless they bring records of their own


def _connect_in_one_thread(*arguments: Any, config: dict[str, Any] | None = None, **more: Any) -> duckdb.DuckDBPyConnection:
    """Unless something else is asked for: the workers fill the processors already, and over small tables the threads of
    DuckDB mostly wait for each other. `make trials` has no workers, and DuckDB the threads it likes."""
    return _connect(*arguments, config={"threads": 1, **(config or {})}, **more)


if "PYTEST_XDIST_WORKER" in os.environ:
    duckdb.connect = _connect_in_one_thread


def in_ci() -> bool:
    """In CI nothing is skipped for a missing program."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.fixture(scope="session")
def trial_size() -> Callable[[int, int], int]:
    """`trial_size(full, reduced)`: `make trials` runs in full, TRIAL_SCALE=reduced in at most 15 minutes."""
    reduced = os.environ.get("TRIAL_SCALE", "full") == "reduced"
    return lambda full, small: small if reduced else full


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: whoever drives the browser mostly waits."""
    return (os.cpu_count() or 1) + 1


class ByFile(LoadScopeScheduling):
    """Tests of a file go to one worker: what they share is worked out once. All browser tests go to one worker: two cores do
    not carry several browsers. (Groups named by marks are lost: xdist 3.8 writes them where pytest 9.2 does not look.)"""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "browser" if path.startswith(f"tests/{BROWSER.name}/") else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come first: they take longest."""
    items.sort(key=lambda item: BROWSER not in item.path.parents)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whoever drives no browser lets the others go first: a browser that waits for its server holds up its worker."""
    if BROWSER not in item.path.parents and hasattr(os, "nice") and os.nice(0) < _PATIENT:
        os.nice(_PATIENT - os.nice(0))

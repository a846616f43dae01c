"""A desk on the demo city, fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hamlet import Hamlet, hamlet
from tests.town import Town, town


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Town]:
    """The demo city with all its submissions."""
    found = town(tmp_path)
    yield found
    found.records.close()


@pytest.fixture
def empty_city(tmp_path: Path) -> Iterator[Town]:
    """Its units, forms and 办法; nothing submitted."""
    found = town(tmp_path, tmp_path / "empty.duckdb")
    yield found
    found.records.close()


@pytest.fixture
def small_city(tmp_path: Path) -> Iterator[Hamlet]:
    """小城, whose points are reckoned by hand, with all its submissions."""
    found = hamlet(tmp_path)
    yield found
    found.records.close()

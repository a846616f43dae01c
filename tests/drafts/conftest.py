"""小城 with records of its own; its 办法 is the edition of 2023, so that a new one can be in force for 2024."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hamlet import Hamlet, hamlet

RUBRIC = "config/scoring.yaml"


@pytest.fixture
def town_hall(tmp_path: Path) -> Iterator[Hamlet]:
    found = hamlet(tmp_path)
    path = found.folder / RUBRIC
    text = path.read_text(encoding="utf-8")
    text = text.replace('edition: "2024"', 'edition: "2023"').replace("in_force: 2024-01-01", "in_force: 2023-01-01")
    path.write_text(text.replace("pool: 3, gate", "pool: 3,  gate"), encoding="utf-8")  # a layout of its own
    yield found
    found.records.close()

"""What every test may ask for: the size of a trial, and whether this is the CI run."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

os.environ.setdefault("SCORING_DATABASE", "无")  # tests read the prepared files unless they bring records of their own


def in_ci() -> bool:
    """In CI nothing is skipped for a missing program."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.fixture(scope="session")
def trial_size() -> Callable[[int, int], int]:
    """`trial_size(full, reduced)`: `make trials` runs in full, TRIAL_SCALE=reduced in at most 15 minutes."""
    reduced = os.environ.get("TRIAL_SCALE", "full") == "reduced"
    return lambda full, small: small if reduced else full

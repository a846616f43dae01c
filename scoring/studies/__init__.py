"""The commands of analysts: whatif, robustness, gap, path, influence, replay. May import every room.

Each is a module with `add` (its options) and `study` (what it found, as a `Study`); delivery.py prints or writes that.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from scoring.engine import Assessment
from scoring.project import Project
from scoring.reports.study import Study
from scoring.studies import gap, influence, path, replay, robustness, whatif
from scoring.studies.delivery import KINDS

_MODULES: tuple[ModuleType, ...] = (whatif, robustness, gap, path, influence, replay)
STUDIES: dict[str, Callable[[Project, Assessment, argparse.Namespace], Study]] = {
    one.__name__.rpartition(".")[2]: one.study for one in _MODULES
}


def add_studies(commands: Any, parents: list[argparse.ArgumentParser]) -> None:
    """Every study with its options, and `--out`."""
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--out", type=Path, metavar="文件", help=f"不打印，写进文件；按名称的结尾写成 {'、'.join(f'.{kind}' for kind in KINDS)}"
    )
    for one in _MODULES:
        one.add(commands, [*parents, where])

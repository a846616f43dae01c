"""Tiny projects whose rubric says what can still be done: written, opened, scored. Expects nothing."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path as Folder

from scoring.insight.path import Aim, NoPath, Path, find_path
from scoring.project import open_project
from tests.tiny import Scores, Tiny, block


def acting(folder: Folder, tiny: Tiny, actions: str, as_of: date | None = None) -> Scores:
    """The project with `actions` (a YAML list), scored as of the cut-off or another day."""
    tiny.write(folder)
    path = folder / "config" / "scoring.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f"actions:\n{block(actions, 2)}\n", encoding="utf-8")
    return again(folder, as_of)


def again(folder: Folder, as_of: date | None = None) -> Scores:
    """A project as it now stands in its files."""
    project = open_project(folder)
    assert project.ready and project.rubric is not None, "\n".join(str(issue) for issue in project.issues)
    return Scores(project, project.assess("2024", as_of or project.rubric.period("2024").cut_off))


def changed(folder: Folder, unit: str, figures: dict[str, object]) -> Scores:
    """Scored again with other figures of one unit in the file of the form `figures`."""
    path = folder / "data" / "figures.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    for row in rows[1:]:
        if row[0] == unit:
            row[2:] = [str(figures.get(code, old)) for code, old in zip(rows[0][2:], row[2:], strict=True)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return again(folder)


def path(scores: Scores, unit: str, aim: Aim, day: date | None = None) -> Path | NoPath:
    """By the title of the unit; by default it begins on 1 December."""
    return find_path(scores.assessment, scores.place(unit)["unit"], aim, day or date(2024, 12, 1))


def times(found: Path | NoPath) -> dict[str, int]:
    """Which actions, how often; nothing for no path."""
    return {action.code: count for action, count in found.actions} if isinstance(found, Path) else {}

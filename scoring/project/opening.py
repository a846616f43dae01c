"""Opens a project: a folder with config/ and data/. Reads all of it, once; holds no rule of its own.

Never raises for what a user wrote: a project with errors has `issues` and cannot be assessed, which is what the page
and the command line then show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from scoring.engine.proofs import unproved
from scoring.forms import Forms, load_forms
from scoring.issues import Issue
from scoring.project.model import Project, shown_as
from scoring.project.office import database_of, load_office
from scoring.project.prepared import read_prepared
from scoring.project.published import read_published
from scoring.rubric import Rubric, load_rubric
from scoring.rubric.editions import Stopped, load_editions, read_edition
from scoring.source import load
from scoring.store.snapshots import folder_of
from scoring.units import Register, load_units


def open_project(folder: Path | str, rubric: Path | str | None = None, database: Path | None = None) -> Project:
    """Read a project folder; everything wrong with it is in `issues`, all at once.

    `database`: the rows are those of its last snapshot; without one they are those of the prepared CSV files.
    """
    folder = Path(folder)
    project = Project(folder)
    if not folder.is_dir():
        project.issues.append(Issue("没有这个项目文件夹", "请核对 --project 后面的路径", str(folder)))
        return project
    config = folder / "config"
    project.office, found = load_office(config / "office.yaml")
    project.issues += found
    project.register, found = load_units(config / "units.yaml", "config/units.yaml")
    project.issues += found
    project.forms, found = load_forms(config / "forms", "config/forms")
    project.issues += found
    if project.register is None or project.forms is None:
        path = Path(rubric) if rubric else config / "scoring.yaml"
        _, found = load(path, shown_as(path, folder))
        project.issues += found
        return project
    project.issues += _who_problems(project.forms, project.register)
    path = Path(rubric) if rubric else config / "scoring.yaml"
    project.rubric, found = load_rubric(path, shown_as(path, folder), project.forms, project.register)
    project.issues += found
    if project.rubric is not None:
        project.issues += unproved(project.rubric)
    _read_editions(project, given_by_hand=rubric is not None)
    if project.office is not None:
        if database is None:
            read_prepared(project)
        else:
            read_published(project, folder_of(database))
    data = project.office.data if project.office and database is None else None
    project.version = _version(folder, data, path, project.version)
    return project


def working_project(
    folder: Path | str, rubric: Path | str | None = None, said: str | None = None
) -> tuple[Project, Path | None]:
    """The project as it is worked with, and its records: the rows of their last snapshot, or, before there are records,
    those of the prepared files. `said`: a path in place of the one in office.yaml, or 无."""
    office, _ = load_office(Path(folder) / "config" / "office.yaml")
    database = database_of(Path(folder), office, said)
    there = database is not None and (database.exists() or folder_of(database).exists())
    return open_project(folder, rubric, database if there else None), database


def _read_editions(project: Project, given_by_hand: bool) -> None:
    """The further rubrics. What is wrong with one of them is told and stops nothing but that one."""
    assert project.forms is not None and project.register is not None
    config = project.folder / "config"
    current: Rubric | Stopped | None = project.rubric
    if given_by_hand and project.rubric is not None:
        path = config / "scoring.yaml"
        if path.exists() and project.rubric.document.file != "config/scoring.yaml":
            current = read_edition(path, "config/scoring.yaml", project.forms, project.register, unproved)
        elif not path.exists():
            current = None
    project.editions = load_editions(
        config / "rubrics",
        "config/rubrics",
        project.forms,
        project.register,
        unproved,
        current,
        project.rubric if given_by_hand else None,
    )
    for stopped in project.editions.stopped:
        project.issues += stopped.told
    for other in project.editions.others:
        if other is not project.rubric:
            project.issues += other.warnings


def _who_problems(forms: Forms, register: Register) -> Iterable[Issue]:
    for form in forms.values():
        unknown = [kind for kind in form.reported_by.kinds if kind not in register.kinds]
        for kind in unknown:
            problem = f"没有“{kind}”这类单位"
            yield Issue(problem, "可用：" + "、".join(register.kinds), form.file, None, "reported_by.kinds")
        strangers = [code for code in form.reported_by.units if code not in register.by_code]
        for code in strangers:
            yield Issue(f"没有单位“{code}”", "请写单位代码", form.file, None, "reported_by.units")
        if not unknown and not strangers and not any(form.reported_by.includes(unit) for unit in register.units):
            yield Issue("没有任何单位要报这张表", "请核对 reported_by", form.file, None, "reported_by", "warning")


def _version(folder: Path, data: str | None, rubric: Path, rows: str) -> str:
    """A hash of everything that was read: caches are keyed by it. `rows`: the version of the snapshot."""
    digest = hashlib.sha256(rows.encode())
    files = [rubric, *sorted((folder / "config").rglob("*.yaml"))]
    files += sorted((folder / data).glob("*.csv")) if data is not None else []
    for file in files:
        if file.is_file():
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]

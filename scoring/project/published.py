"""A published snapshot of the records → the rows and register of a project. Opens no database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scoring.forms import Forms
from scoring.intake.needed import needed_columns
from scoring.intake.submissions import Submission
from scoring.intake.tables import Sheet
from scoring.intake.together import nil_reports
from scoring.issues import Issue
from scoring.project.facts import dues_of, work_calendar
from scoring.project.model import Project
from scoring.project.prepared import side_by_side, years_without_holidays
from scoring.store.problems import Damaged
from scoring.store.snapshots import Snapshot, current, fits
from scoring.units import Register


def read_published(project: Project, folder: Path) -> None:
    """Rows from the snapshot published last in `folder`; what keeps it from being used is an error of the project.

    Deadlines are known in any case, so that the desk goes on while nothing can be scored.
    """
    assert project.forms is not None and project.register is not None and project.office is not None
    project.issues += _read(project, folder)
    project.calendar = work_calendar(project.office, project.rubric, project.sheets)
    project.issues += years_without_holidays(project.calendar)
    if project.ready:
        dues = dues_of(project.forms, project.calendar)
        project.issues += nil_reports(project.forms, project.register, project.sheets, project.submissions, dues)
        needed = needed_columns(project.editions.all, project.forms) if project.editions.all else None
        project.issues += side_by_side(project, needed)


def _read(project: Project, folder: Path) -> list[Issue]:
    """Take the rows over; what is in the way."""
    assert project.forms is not None and project.register is not None
    try:
        snapshot = current(folder)
        if snapshot is None:
            return [Issue("报送库还没有发布过快照", "请先启动看板，或运行 python -m scoring publish", folder.name)]
        project.basis = f"报送库第 {snapshot.number} 号快照（{snapshot.published_at} 发布）"
        found = list(_out_of_date(snapshot, project.forms, project.register, folder.name))
        if not found:
            _rows(project, snapshot)
    except Damaged as error:
        return [Issue(error.problem, error.fix, folder.name)]
    return found


def _out_of_date(snapshot: Snapshot, forms: Forms, register: Register, shown: str) -> Iterator[Issue]:
    """Forms that were defined otherwise when the snapshot was published."""
    units = [unit.code for unit in register.units]
    for form in forms.values():
        if form.derived is None and not fits(snapshot, form, units):
            problem = f"“{form.title}”的定义或单位登记在快照发布之后改过"
            yield Issue(problem, "请启动看板，或运行 python -m scoring publish，重新发布快照", shown, path=form.code)


def _rows(project: Project, snapshot: Snapshot) -> None:
    assert project.forms is not None and project.office is not None
    for one in project.forms.values():
        # a form that nothing ever happened to is not there, as a file that is not there
        if one.derived is None and snapshot.parts[one.code].event:
            project.sheets[one.code] = Sheet.of(one, snapshot.read(one.code))
    project.submissions = [Submission(**row) for row in snapshot.read("submissions").to_pylist()]
    aside = snapshot.read("aside").to_pylist()
    for row in aside:
        form = project.forms.by_code.get(row["form"])
        code = row["column_code"]
        title = form.by_code[code].title if form is not None and code in form.by_code else code
        project.issues.append(
            Issue(
                row["problem"], row["fix"], row["source_file"], row["source_row"] or None, "", row["level"], title,
                row["typed"], row["unit"],
            )
        )  # fmt: skip
    project.rows_set_aside = len({(row["submission"], row["source_row"]) for row in aside if row["level"] == "A"})
    project.version = snapshot.version

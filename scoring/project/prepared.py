"""Prepared CSV files of a project's data folder → its rows and register. Opens no database."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.calendar import DuePeriod, WorkCalendar
from scoring.intake.entered import entered_scores
from scoring.intake.needed import Needed, needed_columns
from scoring.intake.outside import rows_after
from scoring.intake.submissions import read_submissions
from scoring.intake.tables import read_sheet
from scoring.intake.together import files_gone, nil_reports
from scoring.issues import Issue
from scoring.project.facts import dues_of, work_calendar
from scoring.project.model import Project


def read_prepared(project: Project) -> None:
    """Rows from the CSV files of the data folder, with everything that is odd about them."""
    assert project.office is not None and project.forms is not None and project.register is not None
    folder = project.folder / project.office.data
    needed = needed_columns(project.editions.all, project.forms) if project.editions.all else None
    if "data" in project.office.model_fields_set and not folder.is_dir():
        problem = f"没有“{project.office.data}”这个文件夹，没有读到数据"
        fix = "请核对 data，或建立这个文件夹"
        project.issues.append(Issue(problem, fix, "config/office.yaml", None, "data", "warning"))
    known = {f"{form.code}.csv": form for form in project.forms.values() if form.derived is None}
    for name, form in known.items():
        path = folder / name
        if path.exists():
            asked = needed.get(form.code, frozenset()) if needed is not None else None
            sheet = read_sheet(path, f"{project.office.data}/{name}", form, project.register, asked)
            project.sheets[form.code] = sheet
            project.issues += sheet.issues
            project.rows_set_aside += sheet.set_aside
            project.files_not_counted += [name] if sheet.refused else []
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else []:
        if path.name not in known and path.name != "submissions.csv":
            problem = f"没有哪张报表叫“{path.stem}”，文件未读"
            project.issues.append(Issue(problem, "文件名用报表代码", f"{project.office.data}/{path.name}", level="D"))
    project.calendar = work_calendar(project.office, project.rubric, project.sheets)
    dues = dues_of(project.forms, project.calendar)
    shown = f"{project.office.data}/submissions.csv"
    project.submissions, found, aside = read_submissions(
        folder / "submissions.csv", shown, project.forms, project.register, dues
    )
    project.issues += found
    project.rows_set_aside += aside
    if not project.submissions and any(issue.sets_row_aside for issue in found):
        project.files_not_counted.append("submissions.csv")
    project.issues += years_without_holidays(project.calendar)
    project.issues += _unregistered(project, dues)
    counted = project.forms if needed is None else needed
    gone = list(files_gone(project.forms, project.sheets, project.submissions, counted))
    project.issues += gone
    project.files_not_counted += [issue.file for issue in gone]
    project.issues += nil_reports(project.forms, project.register, project.sheets, project.submissions, dues)
    project.issues += side_by_side(project, needed)


def years_without_holidays(calendar: WorkCalendar) -> Iterator[Issue]:
    """Years in which Monday to Friday are taken for working days."""
    if years := "、".join(str(year) for year in calendar.unknown_years):
        problem = f"{years} 年没有法定节假日表，按周一至周五上班计算"
        fix = "请在 holidays 里写明放假和调休"
        yield Issue(problem, fix, "config/office.yaml", None, "holidays", "warning")


def side_by_side(project: Project, needed: Needed | None) -> Iterator[Issue]:
    """What shows only when rows, 办法 and offered periods are looked at together."""
    assert project.office is not None
    if project.rubric is not None:
        yield from entered_scores(project.editions.all, project.sheets)
        periods = [project.period(label) for label in project.office.periods]
        yield from rows_after(project.editions.all, project.sheets, needed or {}, periods)


def _unregistered(project: Project, dues: dict[str, dict[str, DuePeriod]]) -> list[Issue]:
    """Rows of a due period without an accepted submission do not count: say so, once per unit and period."""
    accepted = {(s.form, s.unit, s.period) for s in project.submissions if s.outcome == "已收"}
    closed = {(s.form, s.period) for s in project.submissions if s.outcome == "已关账"}
    issues: list[Issue] = []
    for code, sheet in project.sheets.items():
        if code not in dues or sheet.form.kept_by == "office":
            continue
        counts: dict[tuple[str, str], int] = {}
        for unit, day in zip(sheet.values["row_unit"], sheet.values[sheet.form.dated_by], strict=True):
            label = _label_of(day, dues[code])
            if (code, unit, label) not in accepted and (code, label) not in closed:
                counts[str(unit), label] = counts.get((str(unit), label), 0) + 1
        for (unit, label), count in counts.items():
            assert project.register is not None
            title = project.register.title(unit)
            where = f"{label} 没有已收的报送登记" if label else "日期不在任何报送期内"
            problem = f"{title}有 {count} 行未计入：{where}"
            fix = "请补登记收到时间，或核对行内日期"
            shown = str(sheet.values["source_file"][0])
            issues.append(Issue(problem, fix, shown, None, "", "B", unit=unit))
    return issues


def _label_of(day: object, dues: dict[str, DuePeriod]) -> str:
    return next((label for label, due in dues.items() if due.covers_from <= day <= due.covers_to), "")  # type: ignore[operator]

"""A project: a folder with config/ and data/. Reads all of it and puts the rooms together; holds no rule of its own.

`open_project(folder)` never raises for what a user wrote: a project with errors has `issues` and cannot be
assessed, which is what the page and the command line then show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
from pydantic import BeforeValidator, Field, WithJsonSchema

from scoring.calendar import DuePeriod, WorkCalendar
from scoring.engine import Assessment, assess
from scoring.engine.proofs import unproved
from scoring.engine.samples import real_sample_problems
from scoring.forms import Forms, load_forms
from scoring.intake.entered import entered_scores
from scoring.intake.needed import columns_not_there, needed_columns
from scoring.intake.outside import rows_after
from scoring.intake.submissions import Submission, read_submissions
from scoring.intake.tables import Sheet, read_sheet
from scoring.intake.together import files_gone, nil_reports, unread
from scoring.issues import Issue, errors
from scoring.rubric import Rubric, load_rubric
from scoring.rubric.editions import Editions, Stopped, load_editions, read_edition
from scoring.rubric.model import Period
from scoring.source import DAY_PATTERN, Spec, Text, load, misread, read, refusal
from scoring.store import Store
from scoring.store.database import table_of
from scoring.units import Register, load_units


class Names(Spec):
    title: Text
    short: Text


def _holidays(value: Any) -> Any:
    if not isinstance(value, dict):
        raise refusal("须为一组“日期: 休或班”", "例如 2027-01-01: 休")
    table: dict[date, bool] = {}
    for day, word in value.items():
        try:
            table[date.fromisoformat(str(day))] = {"休": False, "班": True}[str(word)]
        except (ValueError, KeyError):
            raise refusal(f"“{day}: {word}”读不懂", "请写成 2027-01-01: 休，或 班") from None
    return table


def _year(value: Any) -> Any:
    text = str(value)
    if not (len(text) == 4 and text.isdigit() and text.isascii() and 1990 <= int(text) <= 2100):
        raise misread(value, "{0}不是年份", "请写成 2024 的样子")
    return text


PeriodLabel = Annotated[
    str,
    BeforeValidator(_year),
    WithJsonSchema(
        {"type": ["string", "integer"], "minimum": 1990, "maximum": 2100, "pattern": "^(199[0-9]|20[0-9]{2}|2100)$"}
    ),
]
Holidays = Annotated[
    dict[date, bool],
    BeforeValidator(_holidays),
    WithJsonSchema(
        {"type": "object", "propertyNames": {"pattern": DAY_PATTERN}, "additionalProperties": {"enum": ["休", "班"]}}
    ),
]


class Office(Spec):
    """config/office.yaml: who issues, where the data are, which periods are offered, the office's own holidays."""

    office: Names
    city: Text
    sample: bool = False
    data: Text = "data"
    periods: tuple[PeriodLabel, ...] = ()
    holidays: Holidays = Field(default_factory=dict)
    note: Text | None = None


@dataclass
class Project:
    """What was read. `rubric` is None when any configuration is wrong; rows set aside stand in `issues`.

    `rubric` is what is meant where no period is named; a period is scored by the edition in force for it (`edition`).
    """

    folder: Path
    office: Office | None = None
    register: Register | None = None
    forms: Forms | None = None
    rubric: Rubric | None = None
    editions: Editions = field(default_factory=Editions)
    issues: list[Issue] = field(default_factory=list)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    submissions: list[Submission] = field(default_factory=list)
    rows_set_aside: int = 0
    files_not_counted: list[str] = field(default_factory=list)  # as a whole: refused, or not there
    calendar: WorkCalendar | None = None
    version: str = ""

    @property
    def ready(self) -> bool:
        """Whether it can be assessed."""
        return self.rubric is not None and not errors(self.issues)

    @property
    def sets_aside(self) -> bool:
        """Whether anything submitted was set aside: a row, or a file as a whole."""
        return bool(self.rows_set_aside) or any(issue.sets_row_aside for issue in self.issues)

    @property
    def aside_words(self) -> str:
        """搁置 12 行，1 张表没有计入."""
        files = len(self.files_not_counted)
        return f"搁置 {self.rows_set_aside} 行" + (f"，{files} 张表没有计入" if files else "")

    @property
    def has_data(self) -> bool:
        return any(len(sheet) for sheet in self.sheets.values())

    @cached_property
    def store(self) -> Store:
        """The database of this project, opened once."""
        assert self.forms is not None and self.register is not None and self.calendar is not None
        gone = unread(self.forms, self.sheets, self.submissions)
        facts = reporting_facts(self.forms, self.register, self.submissions, self.calendar, gone)
        rows = {code: sheet.arrow() for code, sheet in self.sheets.items()}
        return Store.of(self.forms, rows, facts, self.version)

    @property
    def offered(self) -> list[str]:
        """Periods the office wrote down, else those of the data, newest first."""
        if self.office is not None and self.office.periods:
            return list(self.office.periods)
        years: set[int] = set()
        for sheet in self.sheets.values():
            years |= {day.year for day in sheet.values[sheet.form.dated_by] if isinstance(day, date)}
        return [str(year) for year in sorted(years, reverse=True)]

    @property
    def periods(self) -> list[str]:
        """Periods offered that can be scored: those of an edition with errors are left out."""
        return [label for label in self.offered if self.stopped(label) is None]

    def edition(self, label: str) -> Rubric:
        """The rubric that scores a period: the edition in force for it, or the one given by hand."""
        return self.editions.scores(label)

    def period(self, label: str) -> Period:
        """The period as the edition in force for it cuts it. Raises ValueError with a Chinese message."""
        assert self.rubric is not None
        self.rubric.period(label)  # a label that means nothing has no edition
        return self.edition(label).period(label)

    def rubrics_named(self, name: str) -> list[Rubric | Stopped]:
        """The rubrics with this edition label, else the one in a file of this path; one with errors says which."""
        if self.forms is None or self.register is None or (found := self.editions.named(name)):
            return found if self.forms is not None and self.register is not None else []
        path = next((path for path in (Path(name), self.folder / name) if path.is_file()), None)
        if path is None:
            return []
        shown = _shown(path, self.folder)
        known = next((one for one in self.editions.all if one.document.file == shown), None)
        return [known or self._with_its_columns(read_edition(path, shown, self.forms, self.register, unproved))]

    def _with_its_columns(self, found: Rubric | Stopped) -> Rubric | Stopped:
        """A rubric from outside the project may look at columns that no rubric inside asked for."""
        if isinstance(found, Stopped):
            return found
        issues = tuple(columns_not_there(found, self.sheets))
        return Stopped(found.document.file, issues, found.title, found.spec.edition) if issues else found

    def stopped(self, label: str) -> Stopped | None:
        """The edition with errors that keeps a period from being scored."""
        return self.editions.stops(label) if self.editions.draft is None else None

    def failed_samples(self) -> list[Issue]:
        """What does not come out of the samples with real units, which take the data. Ask only when `ready`."""
        return [issue for rubric in self.editions.all for issue in real_sample_problems(rubric, self.store)]

    def default_as_of(self, period: Period, today: date) -> date:
        """The earlier of today and the cut-off."""
        return min(today, period.cut_off)

    def assess(self, period: str, as_of: date, with_previous: bool = True) -> Assessment:
        """Score one period as of a day by the edition in force for it.

        Last year's places come from the edition in force then, on the data of then. Raises ValueError for a period
        whose edition has errors (`stopped`).
        """
        if (stopped := self.stopped(period)) is not None:
            raise ValueError(f"{period} 年应按 {stopped.file} 计分，这份办法有错误")
        rubric = self.edition(period)
        previous = None
        before = str(int(period) - 1)
        if with_previous and before in self.offered and (earlier := self.editions.in_force(before)) is not None:
            then = earlier.period(before)
            previous = assess(self.store, earlier, then, then.cut_off)
        return assess(self.store, rubric, rubric.period(period), as_of, previous)


def open_project(folder: Path | str, rubric: Path | str | None = None) -> Project:
    """Read a project folder; everything wrong with it is in `issues`, all at once."""
    folder = Path(folder)
    project = Project(folder)
    if not folder.is_dir():
        project.issues.append(Issue("没有这个项目文件夹", "请核对 --project 后面的路径", str(folder)))
        return project
    config = folder / "config"
    project.office, found = _office(config / "office.yaml")
    project.issues += found
    project.register, found = load_units(config / "units.yaml", "config/units.yaml")
    project.issues += found
    project.forms, found = load_forms(config / "forms", "config/forms")
    project.issues += found
    if project.register is None or project.forms is None:
        path = Path(rubric) if rubric else config / "scoring.yaml"
        _, found = load(path, _shown(path, folder))
        project.issues += found
        return project
    project.issues += _who_problems(project.forms, project.register)
    path = Path(rubric) if rubric else config / "scoring.yaml"
    project.rubric, found = load_rubric(path, _shown(path, folder), project.forms, project.register)
    project.issues += found
    if project.rubric is not None:
        project.issues += unproved(project.rubric)
    _read_editions(project, given_by_hand=rubric is not None)
    if project.office is not None:
        _read_data(project)
    project.version = _version(folder, project.office.data if project.office else "data", path)
    return project


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


def _shown(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.name


def _office(path: Path) -> tuple[Office | None, list[Issue]]:
    document, issues = load(path, "config/office.yaml")
    if document is None:
        return None, issues
    office, found = read(Office, document)
    return office, issues + found


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


def _read_data(project: Project) -> None:
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
    project.calendar = _calendar(project)
    dues = _dues(project.forms, project.calendar)
    shown = f"{project.office.data}/submissions.csv"
    project.submissions, found, aside = read_submissions(
        folder / "submissions.csv", shown, project.forms, project.register, dues
    )
    project.issues += found
    project.rows_set_aside += aside
    if not project.submissions and any(issue.sets_row_aside for issue in found):
        project.files_not_counted.append("submissions.csv")
    if years := "、".join(str(year) for year in project.calendar.unknown_years):
        problem = f"{years} 年没有法定节假日表，按周一至周五上班计算"
        fix = "请在 holidays 里写明放假和调休"
        project.issues.append(Issue(problem, fix, "config/office.yaml", None, "holidays", "warning"))
    project.issues += _unregistered(project, dues)
    counted = project.forms if needed is None else needed
    gone = list(files_gone(project.forms, project.sheets, project.submissions, counted))
    project.issues += gone
    project.files_not_counted += [issue.file for issue in gone]
    project.issues += nil_reports(project.forms, project.register, project.sheets, project.submissions, dues)
    if project.rubric is not None:
        project.issues += entered_scores(project.editions.all, project.sheets)
        periods = [project.period(label) for label in project.office.periods]
        project.issues += rows_after(project.editions.all, project.sheets, needed or {}, periods)


def _calendar(project: Project) -> WorkCalendar:
    """Covers every year that any date falls in, the one before and the one after."""
    assert project.office is not None
    years = {int(label) for label in project.office.periods if label.isdigit()}
    for sheet in project.sheets.values():
        for column in sheet.form.columns:
            if column.type == "date":
                years |= {day.year for day in sheet.values[column.code] if isinstance(day, date)}
    years = years or {2024}
    last = max(years) + 1
    end = date(last, 12, 31) if last in range(2004, 2027) else date(last, 6, 30)
    if project.rubric is not None:  # whatever comes until then is told late by working days
        end = max([end, *(project.rubric.period(str(year)).cut_off for year in years if 1990 <= year <= 2100)])
    overrides = dict(project.office.holidays)
    return WorkCalendar(date(min(years) - 1, 1, 1), end, overrides)


def _dues(forms: Forms, calendar: WorkCalendar) -> dict[str, dict[str, DuePeriod]]:
    first, last = calendar.first, calendar.last - timedelta(31)
    return {
        form.code: {due.label: due for due in form.due_periods(first, last, calendar)}
        for form in forms.values()
        if form.has_schedule
    }


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


def reporting_facts(
    forms: Forms,
    register: Register,
    submissions: Sequence[Submission],
    calendar: WorkCalendar,
    gone: Sequence[str] = (),
) -> dict[str, pa.Table]:
    """What the store must know beside the rows: units, who reports what and when, what came, working days.

    `gone`: forms whose rows could not be read as a whole.
    """
    text, day, moment = pa.string(), pa.date32(), pa.timestamp("s")
    due_rows = []
    for form in forms.values():
        for due in form.due_periods(calendar.first, calendar.last - timedelta(31), calendar):
            belongs = due.nominal if "W" in due.label or len(due.label) == 10 else due.covers_to
            due_rows.append(
                (form.code, due.label, due.covers_from, due.covers_to, belongs, due.nominal, due.due_on, due.deadline,
                 due.opens_on)
            )  # fmt: skip
    return {
        "unit": table_of(
            [("unit", text), ("position", pa.int64()), ("kind", text)],
            [(unit.code, position, unit.kind) for position, unit in enumerate(register.units)],
        ),
        "reporter": table_of(
            [("form", text), ("unit", text)],
            [(f.code, u.code) for f in forms.values() for u in register.units if f.reported_by.includes(u)],
        ),
        "due_period": table_of(
            [
                ("form", text),
                ("period", text),
                ("covers_from", day),
                ("covers_to", day),
                ("belongs_on", day),
                ("nominal_on", day),
                ("due_on", day),
                ("deadline", moment),
                ("opens_on", day),
            ],
            due_rows,
        ),
        "submission": table_of(
            [
                ("no", text),
                ("form", text),
                ("unit", text),
                ("period", text),
                ("received_at", moment),
                ("outcome", text),
                ("nil", pa.bool_()),
                ("note", text),
                ("source_file", text),
                ("source_row", pa.int64()),
            ],
            [
                (s.no, s.form, s.unit, s.period, s.received_at, s.outcome, s.nil, s.note, s.source_file, s.source_row)
                for s in submissions
            ],
        ),
        "unread": table_of([("form", text)], [(code,) for code in gone]),
        "calendar_day": table_of([("day", day), ("works", pa.bool_()), ("number", pa.int64())], calendar.rows()),
    }


def _version(folder: Path, data: str, rubric: Path) -> str:
    """A hash of everything that was read: caches are keyed by it."""
    digest = hashlib.sha256()
    files = [rubric, *sorted((folder / "config").rglob("*.yaml")), *sorted((folder / data).glob("*.csv"))]
    for file in files:
        if file.is_file():
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]

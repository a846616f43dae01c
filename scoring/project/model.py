"""A project as it was read: configuration, rows, problems; scores one period when asked. Reads no file of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from scoring.calendar import WorkCalendar
from scoring.engine import Assessment, assess
from scoring.engine.proofs import unproved
from scoring.engine.samples import real_sample_problems
from scoring.forms import Forms
from scoring.intake.needed import columns_not_there
from scoring.intake.submissions import Submission
from scoring.intake.tables import Sheet
from scoring.intake.together import unread
from scoring.issues import Issue, errors
from scoring.project.facts import reporting_facts
from scoring.project.office import Office
from scoring.rubric import Rubric
from scoring.rubric.editions import Editions, Stopped, read_edition
from scoring.rubric.model import Period
from scoring.store import Store
from scoring.units import Register, Unit


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
    basis: str = ""  # where the rows come from, in words; empty for prepared files

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

    @cached_property
    def reporting(self) -> tuple[Unit, ...]:
        """Units that any form is about. One that is only scored over those below it hands in nothing."""
        forms = self.forms.values() if self.forms is not None else ()
        units = self.register.units if self.register is not None else ()
        return tuple(unit for unit in units if any(form.reported_by.includes(unit) for form in forms))

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
        shown = shown_as(path, self.folder)
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


def shown_as(path: Path, folder: Path) -> str:
    """A path as messages show it: inside the project, or the name alone."""
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.name

"""Tiny projects for tests: a folder is written from a few words of YAML and a table, opened and scored by the real engine.

A table is text with columns parted by blanks; its header names the columns (`cases`, `amount:decimal2`,
`ok:boolean`), `_` is an empty cell. The office's register, the forms and the data are written as real files,
so that a test goes the whole way: file → rows → figures → points → place.
"""

from __future__ import annotations

import csv
import io
import textwrap
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from scoring.engine import Assessment
from scoring.project import Project, open_project

HEAD = """\
rubric: 试验办法
edition: "2024"
document: {{number: 试〔2024〕1号, in_force: 2022-01-01}}
period: {{every: year, starts: {starts}, cut_off: {cut_off}}}
rounding: {rounding}
places: {places}
missing: {missing}
total: {total}
groups: {groups}
grades: {grades}
"""
ROUNDING = "{rate: none, item: 2, section: none, total: 2, places_by: rounded}"
GROUPS = "{all: {title: 县区, units: {kinds: [county]}, full_marks: 100}}"


def cells(table: str) -> list[list[str]]:
    """The words of a table, line by line; `_` is empty."""
    lines = [line.split() for line in textwrap.dedent(table).splitlines() if line.strip()]
    return [["" if word == "_" else word.replace("␣", " ") for word in line] for line in lines]


def csv_text(table: str) -> str:
    """A table as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(cells(table))
    return out.getvalue()


def block(text: str, by: int) -> str:
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * by)


def figures(table: str) -> tuple[str, str, str, list[str]]:
    """(form YAML, measures YAML, CSV, units) of a form `figures` with one row per unit and year."""
    header, *rows = cells(table)
    columns, measures = ["  - {code: on, title: 日期, type: date, required: true}"], []
    for word in header[1:]:
        name, _, kind = word.partition(":")
        kind = kind or "integer"
        base = kind.rstrip("0123456789")
        decimals = f", decimals: {kind[len(base):]}" if base == "decimal" else ""
        columns.append(f"  - {{code: {name}, title: {name}, type: {base}{decimals}}}")
        measures.append(f"{name}: {{title: {name}, form: figures, value: only({name})}}")
    form = "form: figures\ntitle: 数据表\nkept_by: unit\ndated_by: 'on'\ncolumns:\n" + "\n".join(columns) + "\n"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["单位", "日期", *(word.partition(":")[0] for word in header[1:])])
    writer.writerows([row[0], "2024-06-30", *row[1:]] for row in rows)
    units = list(dict.fromkeys(row[0] for row in rows))
    return form, "\n".join(measures), out.getvalue(), units


@dataclass
class Tiny:
    """What a tiny project holds; whatever is not said has a plain default."""

    table: str = ""  # of the form `figures`; its measures are declared by themselves
    indicators: str = ""  # YAML list, put into one section
    sections: str = ""  # YAML list, instead of `indicators`
    measures: str = ""  # further measures
    forms: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)  # form code → table; also `submissions`
    units: list[str] = field(default_factory=list)  # titles; codes are c1, c2 …
    register: str = ""  # YAML list of units, instead of `units`
    adjustments: str = "[]"
    rounding: str = ROUNDING
    places: str = "{ties: 1-1-3, break_by: []}"
    missing: str = "pending"
    total: str = "{at_least: 0}"
    groups: str = GROUPS
    grades: str = "[]"
    starts: str = "01-01"
    cut_off: str = "+20d"
    periods: str = '["2024"]'
    holidays: str = "{}"

    def write(self, folder: Path) -> Path:
        """The files of the project."""
        forms, data, units, measures = dict(self.forms), dict(self.data), list(self.units), self.measures
        written = {code: csv_text(table) for code, table in data.items()}
        if self.table:
            forms["figures"], own, written["figures"], found = figures(self.table)
            measures = f"{textwrap.dedent(own)}\n{textwrap.dedent(measures).strip()}"
            units += [unit for unit in found if unit not in units]
        config = folder / "config"
        (config / "forms").mkdir(parents=True, exist_ok=True)
        (folder / "data").mkdir(exist_ok=True)
        (config / "office.yaml").write_text(
            "office: {title: 试验办, short: 试验办}\ncity: 试验市\n"
            f"periods: {self.periods}\nholidays: {self.holidays}\n", encoding="utf-8"
        )  # fmt: skip
        listed = self.register or "\n".join(
            f"- {{code: c{number}, title: {title}, kind: county}}" for number, title in enumerate(units, 1)
        )
        head = "kinds: {county: 县区, zone: 功能区, department: 成员单位}\nunits:\n"
        (config / "units.yaml").write_text(head + block(listed, 2) + "\n", encoding="utf-8")
        for code, text in forms.items():
            (config / "forms" / f"{code}.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
        for code, text in written.items():
            (folder / "data" / f"{code}.csv").write_text(text, encoding="utf-8")
        (config / "scoring.yaml").write_text(self._rubric(measures), encoding="utf-8")
        return folder

    def _rubric(self, measures: str) -> str:
        head = HEAD.format(
            starts=self.starts, cut_off=self.cut_off, rounding=self.rounding, places=self.places, missing=self.missing,
            total=self.total, groups=self.groups, grades=self.grades,
        )  # fmt: skip
        sections = self.sections or f"- code: part\n  title: 第一部分\n  indicators:\n{block(self.indicators, 4)}"
        adjustments = textwrap.dedent(self.adjustments).strip()
        adjustments = f" {adjustments}" if adjustments.startswith("[") else "\n" + block(adjustments, 2)
        return f"{head}measures:\n{block(measures, 2) or '  {}'}\nsections:\n{block(sections, 2)}\nadjustments:{adjustments}\n"

    def open(self, folder: Path) -> Project:
        """Written and opened; a rubric that does not hold fails the test with its messages."""
        project = open_project(self.write(folder))
        assert project.ready, "\n".join(str(issue) for issue in project.issues)
        return project

    def score(self, folder: Path, as_of: date | None = None, period: str = "2024") -> Scores:
        """Written, opened and scored; by default as of the cut-off."""
        project = self.open(folder)
        assert project.rubric is not None
        day = as_of or project.rubric.period(period).cut_off
        return Scores(project, project.assess(period, day))


@dataclass
class Scores:
    """What one run found, by unit title."""

    project: Project
    assessment: Assessment

    def _code(self, unit: str) -> str:
        assert self.project.register is not None
        found = self.project.register.find(unit)
        assert found is not None, unit
        return found.code

    def _row(self, table: str, unit: str, **equal: object) -> dict[str, Any]:
        row = self.assessment.one(table, unit=self._code(unit), **equal)
        assert row is not None, (table, unit, equal)
        return row

    def item(self, unit: str, indicator: str = "x") -> dict[str, Any]:
        return self._row("indicator_score", unit, indicator=indicator)

    def points(self, unit: str, indicator: str = "x") -> Decimal | None:
        return self.item(unit, indicator)["points"]

    def state(self, unit: str, indicator: str = "x") -> str:
        return self.item(unit, indicator)["state"]

    def range(self, unit: str, indicator: str = "x") -> tuple[Decimal, Decimal | None]:
        row = self.item(unit, indicator)
        return row["points_low"], row["points_high"]

    def measure(self, unit: str, code: str) -> dict[str, Any]:
        return self._row("measure", unit, measure=code)

    def total(self, unit: str) -> dict[str, Any]:
        return self._row("unit_score", unit)

    def place(self, unit: str) -> dict[str, Any]:
        return self._row("ranking", unit)

    def node(self, unit: str, section: str) -> dict[str, Any]:
        return self._row("node_score", unit, section=section)

    def shortfalls(self, unit: str) -> list[dict[str, Any]]:
        return self.assessment.rows("shortfall", unit=self._code(unit))

    def adjustments(self, unit: str) -> list[dict[str, Any]]:
        return self.assessment.rows("adjustment", unit=self._code(unit))

    def landings(self, unit: str) -> list[dict[str, Any]]:
        return self.assessment.rows("landing", unit=self._code(unit))


def item(body: str, code: str = "x", full: str | None = "10") -> str:
    """One indicator as an entry of a YAML list."""
    full_marks = f"\n  full_marks: {full}" if full is not None else ""
    return f"- code: {code}\n  title: 指标{code}\n  clause: 第{code}条{full_marks}\n{block(body, 2)}\n"


def n(text: str | int) -> Decimal:
    """An exact number of points."""
    return Decimal(str(text))

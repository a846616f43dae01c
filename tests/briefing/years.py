"""Tiny projects of one or two years for the tests of the briefing. Knows how they are written; expects nothing."""

from __future__ import annotations

from pathlib import Path

from scoring.engine import Assessment
from scoring.project import Project, open_project
from tests.tiny import Tiny, cells, item

GROUPS = "{all: {title: 县区, units: {kinds: [county]}, full_marks: 20}}"
GRADES = "[{title: 优秀, at_least: 17}, {title: 一般}]"
TASK = """\
actual: a
target: t
value: 100 * actual / target
measured_in: "%"
base_zero: {then: full_marks}
rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]
flag: {when: value < 100, label: 任务没完成, gap: t - a, gap_unit: 件}
"""
NEWS = """\
rules: [{kind: awards, parts: [{measure: b, each: 1}], cap: full}]
flag: {when: b < 5, label: 信息不够, gap: 5 - b, gap_unit: 条}
"""
WORK = "rules: [{kind: awards, parts: [{measure: a, each: 1}], cap: full}]\n"
TWO_AWARDS = item(WORK, "x") + item(NEWS, "y")
TASK_AND_NEWS = item(TASK, "x") + item(NEWS, "y")


def one_year(folder: Path, table: str, indicators: str = TASK_AND_NEWS, **more: str) -> Assessment:
    settings = {"groups": GROUPS, "grades": GRADES, **more}
    return Tiny(table, indicators, **settings).score(folder).assessment  # type: ignore[arg-type]


def written(folder: Path, then: str, now: str, indicators: str = TWO_AWARDS, **more: str) -> Path:
    """Two years of the same columns, scored by one edition."""
    settings = {"groups": GROUPS, "grades": GRADES, "periods": '["2024", "2023"]', **more}
    units = list(dict.fromkeys(row[0] for table in (now, then) for row in cells(table)[1:]))
    tiny = Tiny(now, indicators, **settings)  # type: ignore[arg-type]
    tiny.write(folder)
    data = folder / "data" / "figures.csv"
    before = "".join(f"{row[0]},2023-06-30,{','.join(row[1:])}\n" for row in cells(then)[1:])
    data.write_text(data.read_text(encoding="utf-8") + before, encoding="utf-8")
    register = "\n".join(f"  - {{code: c{n}, title: {title}, kind: county}}" for n, title in enumerate(units, 1))
    (folder / "config" / "units.yaml").write_text(f"kinds: {{county: 县区}}\nunits:\n{register}\n", encoding="utf-8")
    return folder


def with_old_edition(folder: Path, *changes: tuple[str, str]) -> Path:
    """Last year was scored by another edition: that in force with the changes."""
    now = folder / "config" / "scoring.yaml"
    text = now.read_text(encoding="utf-8")
    now.write_text(text.replace("in_force: 2022-01-01", "in_force: 2024-01-01"), encoding="utf-8")
    for old, new in (('edition: "2024"', 'edition: "2023"'), ("in_force: 2022-01-01", "in_force: 2023-01-01"), *changes):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "config" / "rubrics").mkdir()
    (folder / "config" / "rubrics" / "2023.yaml").write_text(text, encoding="utf-8")
    return folder


def scored(folder: Path, period: str = "2024") -> Assessment:
    project = opened(folder)
    return project.assess(period, project.period(period).cut_off)


def opened(folder: Path) -> Project:
    project = open_project(folder)
    assert project.ready, "\n".join(map(str, project.issues))
    return project

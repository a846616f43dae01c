"""A figure taken away or masked: no sentence counts its unit as having done the thing, or as not having done it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scoring.engine import Assessment
from scoring.insight.briefing import achievements, candidates, consequences, lacks, next_steps, overview, problems
from scoring.project import open_project
from tests.briefing.independent import CHECKS, Second
from tests.briefing.years import one_year
from tests.demo import ROOT, demo, scored
from tests.tiny import cells

# x: a of t, fewer is 任务没完成; y: b, fewer than 5 is 信息不够. 甲 to 丁 have done both, 戊 and 己 neither.
DONE = ("甲县", "乙县", "丙县", "丁县")
TABLE = "unit a t b\n甲县 10 10 9\n乙县 12 10 9\n丙县 10 10 8\n丁县 11 10 8\n戊县 7 10 4\n己县 5 10 3\n"
LABEL = {"a": "任务没完成", "t": "任务没完成", "b": "信息不够"}
SHORT = {"任务没完成": {"戊县": 3, "己县": 5}, "信息不够": {"戊县": 1, "己县": 2}}
THING = {"任务没完成": "件", "信息不够": "条"}


def without(table: str, unit: str, column: str, cell: str) -> str:
    rows = cells(table)
    at = rows[0].index(column)
    return "\n".join(" ".join(cell if row[0] == unit and n == at else one for n, one in enumerate(row)) for row in rows)


@pytest.mark.parametrize("cell", ["_", "*"])
@pytest.mark.parametrize("column", ["a", "t", "b"])
@pytest.mark.parametrize("unit", [row[0] for row in cells(TABLE)[1:]])
def test_the_unit_is_counted_on_neither_side(tmp_path: Path, unit: str, column: str, cell: str) -> None:
    """Counts and sums are those of the five others; the unit is named as one whose data lack, and nowhere else."""
    result = one_year(tmp_path, without(TABLE, unit, column, cell))
    label, code = LABEL[column], f"c{[row[0] for row in cells(TABLE)].index(unit)}"
    left = {name: gap for name, gap in SHORT[label].items() if name != unit}
    found = next(one for one in problems(result, "all") if one.label == label)
    assert code not in found.cells and found.open == (code,) and code in found.applies
    assert len(found.cells) == len(left)
    told = next(one.text for one in candidates(result, "all") if one.rule == "problem" and one.link.query["label"] == label)
    assert told.startswith(f"“{label}”涉及 {len(left)} 个单位（适用的共 6 个）：{'、'.join(left)}，")
    assert f"差 {sum(left.values())} {THING[label]}" in told
    assert told.endswith(f"；另有 1 个单位（{unit}）数据不全，未计入。")
    assert told.count(unit) == 1
    step = next(one.text for one in candidates(result, "all") if one.rule == "problem_step" and f"“{label}”" in one.text)
    assert unit not in step
    whole = [*candidates(result, "all"), *achievements(result, "all"), *lacks(result, "all"), *next_steps(result, "all")]
    for one in whole:
        if one.rule in ("no_shortfall", "reached", "mean_rose", "mean_fell", "rose_most", "fell_most"):
            assert unit not in one.text, one.text
    clean = next(one.text for one in whole if one.rule == "no_shortfall")
    assert clean.startswith(f"{len(set(DONE) - {unit})} 个单位（")
    at_a_glance = overview(result, "all")
    assert at_a_glance.open_units == (unit,)
    assert code not in {row["unit"] for row in (*at_a_glance.highest, *at_a_glance.lowest)}


# file, column, unit, what is written instead, indicator, label
DEMO = [
    pytest.param("targets", "行政案件", "云岫县", "*", "case_volume", "案件办案量不达标", id="cases"),  # had 3 cases too few
    pytest.param("targets", "工作信息", "稷川市", "", "news", "报送工作信息不达标", id="news", marks=pytest.mark.trial),  # had done it
    pytest.param(  # stood 4 points too low
        "satisfaction", "满意度得分", "云岫县", "*", "satisfaction", "社会满意度不高", id="satisfaction", marks=pytest.mark.trial
    ),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample", ignore=shutil.ignore_patterns("*.py", "__pycache__", "demo_city"))
    return folder


def changed(folder: Path, target: Path, form: str, column: str, unit: str, cell: str) -> Assessment:
    """The demo city of 2024 with one cell of one row of that year replaced."""
    shutil.copytree(folder, target)
    path = target / "data" / "sample" / f"{form}.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    at = lines[0].split(",").index(column)
    hits = [n for n, line in enumerate(lines) if line.startswith(f"{unit},2024")]
    assert len(hits) == 1, hits
    row = lines[hits[0]].split(",")
    lines[hits[0]] = ",".join([*row[:at], cell, *row[at + 1 :]])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    project = open_project(target)
    assert project.ready
    return project.assess("2024", project.period("2024").cut_off)


@pytest.mark.parametrize("form, column, unit, cell, indicator, label", DEMO)
def test_one_cell_of_the_demo_city(
    copied: Path, tmp_path: Path, form: str, column: str, unit: str, cell: str, indicator: str, label: str
) -> None:
    """Against the city as it is: the unit is out of the count, in the list of those whose data lack, and all else stays."""
    result = changed(copied, tmp_path / "city", form, column, unit, cell)
    code = next(one.code for one in demo().register.units if one.title == unit)  # type: ignore[union-attr]
    before, after = ({one.label: one for one in problems(each, "county") if one.is_flag} for each in (scored().assessment, result))
    assert code in after[label].open and code not in after[label].cells
    assert set(after[label].cells) == set(before[label].cells) - {code}
    for other in set(before) - {label}:
        assert (code in after[other].cells) == (code in before[other].cells), other
    second = Second(result, "county")
    told = [*achievements(result, "county"), *lacks(result, "county"), *next_steps(result, "county"), *consequences(result, "county")]
    for one in [*told, *candidates(result, "county")]:
        assert one.text == CHECKS[one.rule](second, one.text)
        if one.rule == "problem" and one.link.query["label"] == label:
            head, _, rest = one.text.partition("；另有 ")
            assert unit not in head and unit in rest
            assert f"涉及 {len(set(before[label].cells) - {code})} 个单位" in head
        if one.rule == "problem_step" and f"“{label}”" in one.text:
            assert unit not in one.text
        if one.rule == "reached" and one.text.startswith(result.rubric.indicators[indicator].title):
            assert unit not in one.text.partition("；")[0]
    assert unit in overview(result, "county").open_units

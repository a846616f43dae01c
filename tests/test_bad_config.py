"""One mistake a file, of forms, units and the office: each earns exactly the message its first line states.

`form_*.yaml` is one more form of the small project, `units_*.yaml` its register, `office_*.yaml` its office. The first
line states an error (`# 期望: …`) or what is odd (`# 提醒: …`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scoring.forms import load_forms
from scoring.project import Project, open_project

HERE = Path(__file__).parent
SMALL = HERE / "projects" / "small"
FILES = sorted((HERE / "bad_config").glob("*.yaml"))


def place(name: str) -> str:
    """Where a file belongs in a project."""
    kind = name.split("_")[0]
    return f"config/forms/{name}" if kind == "form" else f"config/{kind}.yaml"


def test_every_file_is_of_a_kind() -> None:
    assert len(FILES) >= 40
    assert {path.name.split("_")[0] for path in FILES} == {"form", "units", "office"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_mistake_earns_its_message_and_no_other(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    shutil.copy(path, folder / place(path.name))
    mark, _, told = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").partition(": ")
    project = open_project(folder)
    assert [str(issue) for issue in project.issues] == [told]
    assert project.ready == (mark == "提醒")


def test_a_project_without_forms(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    forms, issues = load_forms(tmp_path / "forms", "config/forms")
    assert forms is None
    assert [str(issue) for issue in issues] == [
        "config/forms: 没有任何报表定义。请在这个文件夹里为每张报表写一个 .yaml 文件。"
    ]


def copied(tmp_path: Path, *changes: tuple[str, str, str]) -> Project:
    """The small project with some text replaced: (file, what stands there once, what instead)."""
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    for name, old, new in changes:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return open_project(folder)


def test_an_edition_with_a_mistake_stops_itself_alone(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    text = (folder / "config" / "scoring.yaml").read_text(encoding="utf-8")
    (folder / "config" / "rubrics").mkdir()
    wrong = text.replace('edition: "2024"', 'edition: "2023"').replace("missing: pending", "missing: later")
    (folder / "config" / "rubrics" / "2023.yaml").write_text(wrong, encoding="utf-8")
    project = open_project(folder)
    assert project.ready
    assert [f"{issue.level} {issue}" for issue in project.issues] == [
        "warning config/rubrics/2023.yaml: 这份办法（2023版）有 1 "
        "处错误，整份不用：由它计分的考核期不计分，也不作为上年名次；其他办法不受影响。请改正下面列出的各处。",
        "warning config/rubrics/2023.yaml:8: missing: 不能是“later”。只能是 pending、no_points。",
    ]


def test_a_column_called_weight(tmp_path: Path) -> None:
    column = "  - {code: weight, title: 重量, type: integer}\n"
    project = copied(
        tmp_path,
        ("config/forms/events.yaml", "columns:\n", f"columns:\n{column}"),
        (
            "config/scoring.yaml", "value: count(*), where: kind = '表扬'",
            "value: sum(weight), weights: {kind: {表扬: 1, other: 0}}",
        ),
    )  # fmt: skip
    told = [str(issue) for issue in project.issues if issue.stops_scoring]
    assert told == ["config/scoring.yaml:25: measures.praised.weights: 报表里已有一列叫 weight。请给那一列换个代码。"]


def test_a_grade_down_without_grades(tmp_path: Path) -> None:
    grades = (
        "grades:\n  - {title: 优秀, at_least: 90, quota: {share: 50%, round: down, tie: out}}\n"
        "  - {title: 合格, at_least: 60}\n  - {title: 不合格}\n"
    )
    project = copied(
        tmp_path,
        ("config/scoring.yaml", grades, ""),
        ("config/scoring.yaml", "effect: {grade: 不合格, score_at_most: 59}", "effect: {grade_down: 1}"),
    )
    assert [str(issue) for issue in project.issues] == [
        "config/scoring.yaml:59: adjustments.falsifying.effect.grade_down: 办法没有等次，降等次无从谈起。请先写 grades。"
    ]


def test_a_sample_of_a_unit_that_is_in_no_group(tmp_path: Path) -> None:
    sample = 'samples: [{period: "2024", units: [{unit: 市文旅局, expect: {total: 50}}]}]\n'
    project = copied(
        tmp_path,
        ("config/scoring.yaml", "units: {kinds: [department]}", "units: {kinds: [department], units: [d01]}"),
        (
            "config/scoring.yaml",
            "total: {at_least: 0, at_most: none}\n",
            f"total: {{at_least: 0, at_most: none}}\n{sample}",
        ),
    )
    assert [str(issue) for issue in project.issues] == [
        "config/scoring.yaml:65: samples[0].units[0].unit: “市文旅局”不在任何考核分组。请换一个被考核单位。"
    ]


def test_rows_without_a_registered_report(tmp_path: Path) -> None:
    project = copied(tmp_path, ("data/submissions.csv", "001,案件台账,甲县,2024Q1,2024-04-09,已收,否,\n", ""))
    assert [str(issue) for issue in project.issues] == [
        "data/cases.csv: 甲县有 1 行未计入：2024Q1 没有已收的报送登记。请补登记收到时间，或核对行内日期。"
    ]

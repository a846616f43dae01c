"""One mistake a file: bad rows are set aside with file, line, column, value and reason; every other row counts."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from scoring.__main__ import ROWS_SET_ASIDE, SCORED, main
from scoring.engine.plan import make_plan
from scoring.engine.run import run
from scoring.issues import Issue
from scoring.project import Project, open_project
from scoring.store.database import arrow

HERE = Path(__file__).parent
SMALL = HERE / "projects" / "small"
FILES = sorted((HERE / "bad_data").glob("*.csv"))
AS_OF = date(2025, 1, 20)
Figures = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Expected:
    """The file beside a CSV: which file of the small project it stands in for, and what follows from it."""

    stands_for: str
    set_aside: int
    exit_code: int
    issues: list[str]  # level | line | column | value | unit | the message in full
    changes: Figures  # unit, measure → its new value or state; all others stay as they are


def expected(path: Path) -> Expected:
    lines = [line.split(": ", 1) for line in path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()]
    found = dict(lines)
    changes = [text.split(" ") for key, text in lines if key == "数据"]
    return Expected(
        found["代替"],
        int(found["搁置"]),
        int(found["退出码"]),
        [text for key, text in lines if key == "问题"],
        {(unit, measure): after for unit, measure, _, _, after in changes},
    )


def shown(issue: Issue) -> str:
    line = "" if issue.line is None else str(issue.line)
    return " | ".join((issue.level, line, issue.column, issue.value, issue.unit, str(issue)))


def figures(project: Project) -> Figures:
    """Every measure of every unit: its value, or the state it is in for want of one."""
    assert project.rubric is not None and project.register is not None
    plan = make_plan(project.rubric, project.rubric.period("2024"), AS_OF)
    shown_measures = [query for query in plan.details if query.name == "measure"]
    with project.store.cursor() as cursor:
        run(cursor, [*plan.measures, *shown_measures])
        rows = arrow(cursor, "SELECT * FROM measure").to_pylist()
    return {
        (project.register.title(row["unit"]), row["measure"]): (
            format(row["value"].normalize(), "f") if row["state"] == "value" else row["state"]
        )
        for row in rows
    }


@cache
def untouched() -> Figures:
    return figures(open_project(SMALL))


def project_with(name: str, content: bytes, folder: Path) -> Path:
    """The small project with one file replaced."""
    copy = folder / "project"
    shutil.copytree(SMALL, copy)
    (copy / "data" / name).write_bytes(content)
    return copy


def test_the_folder_is_not_empty() -> None:
    assert len(FILES) >= 35
    assert {path.stem for path in FILES} == {path.stem for path in (HERE / "bad_data").glob("*.txt")}


def test_the_small_project_has_no_fault() -> None:
    project = open_project(SMALL)
    assert project.issues == []
    assert project.rows_set_aside == 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_mistake(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = expected(path)
    folder = project_with(told.stands_for, path.read_bytes(), tmp_path)
    project = open_project(folder)
    assert project.ready
    assert [shown(issue) for issue in project.issues] == told.issues
    assert project.rows_set_aside == told.set_aside
    assert figures(project) == untouched() | told.changes
    monkeypatch.setattr("scoring.__main__.working_project", lambda *_: (project, None))  # read once is enough
    assert main(["check"]) == told.exit_code
    assert f"数据搁置 {told.set_aside} 行" in capsys.readouterr().out


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_the_file_beside_it_says_is_of_one_piece(path: Path) -> None:
    """A row is set aside for a class-A issue only; a file that is refused leaves nothing counted as zero."""
    told = expected(path)
    bad = [text for text in told.issues if text.startswith("A | ")]
    assert told.exit_code == (ROWS_SET_ASIDE if bad else SCORED)
    assert bool(bad) >= bool(told.set_aside)
    refused = [text for text in bad if text.split(" | ")[1] in ("", "1")]
    for (unit, measure), after in told.changes.items():
        before = untouched()[unit, measure]
        assert not (refused and after == "0" and before != "0")


def test_score_goes_on_with_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = HERE / "bad_data" / "text_in_a_number.csv"
    folder = project_with("cases.csv", path.read_bytes(), tmp_path)
    arguments = ["score", "--project", str(folder), "--as-of", "2025-01-20", "--format", "csv"]
    assert main(arguments) == ROWS_SET_ASIDE
    told = capsys.readouterr()
    # 甲县: one case less, 2 of 4 = 50 % is below 60 %, so 11.25 → 0; 2 of 3 closed = 66.67 % still earns 0: 57.25 → 46
    assert "county,c01,甲县,46," in told.out
    assert "county,c02,乙县,91.5," in told.out
    assert "data/cases.csv:2: 案值: “案值”须为数字，现为“十万”" in told.err
    assert "搁置 1 行，其余已计分" in told.err


def test_a_register_of_submissions_that_cannot_be_read_is_not_zero(tmp_path: Path) -> None:
    content = (SMALL / "data" / "submissions.csv").read_text(encoding="utf-8").replace("收到时间", "时间", 1)
    folder = project_with("submissions.csv", content.encode(), tmp_path)
    project = open_project(folder)
    assert "data/submissions.csv:1: 缺少必填的列：收到时间。" in str(project.issues[1])
    assert project.rows_set_aside == 27
    found = figures(project)
    assert {found[unit, "cases"] for unit in ("甲县", "乙县", "丙区", "市公安局")} == {"missing"}
    assert {found[unit, "falsified"] for unit in ("甲县", "乙县", "丙区", "市公安局", "市文旅局")} == {"pending"}


def test_a_data_file_of_no_form_is_told(tmp_path: Path) -> None:
    folder = project_with("case.csv", "单位,数\n甲县,1\n".encode(), tmp_path)
    project = open_project(folder)
    assert [shown(issue) for issue in project.issues] == [
        "D |  |  |  |  | data/case.csv: 没有哪张报表叫“case”，文件未读。文件名用报表代码。"
    ]
    assert figures(project) == untouched()


def test_a_data_file_that_is_gone_is_not_zero(tmp_path: Path) -> None:
    """The register says four quarters came; without the ledger nobody knows what was in them."""
    folder = project_with("news.csv", (SMALL / "data" / "news.csv").read_bytes(), tmp_path)
    (folder / "data" / "cases.csv").unlink()
    project = open_project(folder)
    found = figures(project)
    assert {found[unit, "cases"] for unit in ("甲县", "乙县", "丙区", "市公安局")} == {"missing"}
    assert any("cases.csv" in issue.file for issue in project.issues)


def test_a_report_said_to_hold_rows_but_without_any_needs_a_word(tmp_path: Path) -> None:
    """甲县's first quarter was received, not as 零报告, and the ledger has no row of it."""
    content = (SMALL / "data" / "cases.csv").read_text(encoding="utf-8")
    lines = [line for line in content.splitlines(keepends=True) if not line.startswith("甲县,甲1,")]
    project = open_project(project_with("cases.csv", "".join(lines).encode(), tmp_path))
    assert [issue.level for issue in project.issues] == ["B"]
    assert "甲县" in str(project.issues[0]) and "2024Q1" in str(project.issues[0])
    assert project.issues[0].unit == "c01"


def test_a_nil_report_with_rows_needs_a_word(tmp_path: Path) -> None:
    content = (SMALL / "data" / "submissions.csv").read_text(encoding="utf-8")
    nil = content.replace("2024-04-09,已收,否", "2024-04-09,已收,是", 1)
    project = open_project(project_with("submissions.csv", nil.encode(), tmp_path))
    assert [issue.level for issue in project.issues] == ["B"]
    assert "零报告" in str(project.issues[0]) and "甲县" in str(project.issues[0])


def test_a_score_for_an_indicator_that_is_not_there_needs_a_word(tmp_path: Path) -> None:
    content = (SMALL / "data" / "review.csv").read_text(encoding="utf-8").replace("甲县,quality", "甲县,qualty", 1)
    project = open_project(project_with("review.csv", content.encode(), tmp_path))
    assert len(project.issues) == 1
    assert "qualty" in str(project.issues[0]) and "quality" in str(project.issues[0])
    assert project.issues[0].line == 2


def test_a_score_above_its_limit_needs_a_word(tmp_path: Path) -> None:
    content = (SMALL / "data" / "review.csv").read_text(encoding="utf-8").replace("quality,8,", "quality,18,", 1)
    project = open_project(project_with("review.csv", content.encode(), tmp_path))
    assert len(project.issues) == 1
    assert "18" in str(project.issues[0]) and project.issues[0].line == 2


def test_two_rows_where_only_one_may_be_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second target for 甲县 in the same period: undecided, and the reason says so."""
    content = (SMALL / "data" / "targets.csv").read_text(encoding="utf-8") + "甲县,2024-06-20,5\n"
    folder = project_with("targets.csv", content.encode(), tmp_path)
    assert figures(open_project(folder))["甲县", "task"] == "pending"
    main(["explain", "甲县", "--project", str(folder), "--as-of", "2025-01-20", "--indicator", "volume"])
    assert "办案任务有 2 行" in capsys.readouterr().out

"""A column that is not in the file is not a column of empty cells; a form of which only deadlines count needs no file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scoring.__main__ import ROWS_SET_ASIDE, SCORED, main
from scoring.intake.needed import needed_columns
from scoring.project import Project, open_project
from scoring.rubric.editions import Stopped
from tests.tiny import Tiny, item

HERE = Path(__file__).parent
SMALL = HERE / "projects" / "small"

LEFT = """\
form: penalties
title: 处罚台账
kept_by: office
dated_by: decided_on
columns:
  - {code: no, title: 文号, type: text}
  - {code: decided_on, title: 决定日期, type: date, required: true}
  - {code: fine, title: 罚款, type: integer}
  - {code: general, title: 一般程序, type: boolean}
  - {code: note, title: 备注, type: text}
"""
RIGHT = """\
form: entered
title: 平台录入
kept_by: office
dated_by: entered_on
columns:
  - {code: no, title: 文号, type: text}
  - {code: entered_on, title: 录入日期, type: date, required: true}
  - {code: fine, title: 罚款, type: integer}
  - {code: sent_on, title: 报出日期, type: date}
  - {code: note, title: 备注, type: text}
"""
CHECKED = """\
form: checked
title: 核对
derived: {left: penalties, right: entered, on: no, compare: [fine], where: general, late_after: {days: 7, from: decided_on, to: sent_on}}
"""
WRONG = "wrong: {title: 错录, form: checked, value: count(*), where: status = '错录'}"
EVENTS = """\
form: events
title: 事件登记
kept_by: office
dated_by: happened_on
columns:
  - {code: happened_on, title: 发生日期, type: date, required: true}
  - {code: kind, title: 类别, type: text, aliases: [种类]}
  - {code: place, title: 地点, type: text}
  - {code: grave, title: 严重, type: boolean}
  - {code: hurt, title: 伤亡, type: integer, at_least: 0}
  - {code: note, title: 备注, type: text}
"""
COUNTED = """\
hurt: {title: 伤亡, form: events, value: sum(hurt * weight), weights: {kind: {火灾: 2, other: 1}, when: [{if: grave, weight: 3}, {weight: 1}]}, once_by: [place]}
"""


def compared(**data: str) -> Tiny:
    """甲 has one penalty, entered with the same fine."""
    own = {
        "penalties": "单位 文号 决定日期 罚款 一般程序\n甲 1 2024-03-01 5 是",
        "entered": "单位 文号 录入日期 罚款 报出日期\n甲 1 2024-03-02 5 2024-03-02",
    }
    rules = "rules: [{kind: deductions, parts: [{measure: wrong, each: 1}]}]"
    return Tiny(
        forms={"penalties": LEFT, "entered": RIGHT, "checked": CHECKED},
        data=own | data, measures=WRONG, indicators=item(rules), units=["甲", "乙"],
    )  # fmt: skip


def ledger(table: str, measures: str = COUNTED) -> Tiny:
    code = measures.partition(":")[0]
    rules = f"rules: [{{kind: deductions, parts: [{{measure: {code}, each: 1}}]}}]"
    return Tiny(
        forms={"events": EVENTS}, data={"events": table}, measures=measures, indicators=item(rules), units=["甲", "乙"]
    )


def of_the_data(project: Project) -> list[str]:
    return [f"{issue.level} {issue}" for issue in project.issues if issue.level in "ABCD"]


def bad(project: Project) -> list[str]:
    return [str(issue) for issue in project.issues if issue.level == "A"]


def test_what_the_rubrics_look_at_is_known_by_form(tmp_path: Path) -> None:
    """value, weights by value and by condition, once_by; the day that every row is dated by; not the note."""
    project = ledger("单位 发生日期 类别 地点 严重 伤亡").open(tmp_path)
    assert project.rubric is not None and project.forms is not None
    needed = needed_columns([project.rubric], project.forms)
    assert dict(needed) == {"events": {"happened_on", "kind", "place", "grave", "hurt"}}


def test_a_derived_form_looks_at_what_it_compares_on_both_sides(tmp_path: Path) -> None:
    project = compared().open(tmp_path)
    assert project.rubric is not None and project.forms is not None
    needed = needed_columns([project.rubric], project.forms)
    assert needed["penalties"] == {"no", "decided_on", "fine", "general"}
    assert needed["entered"] == {"no", "fine", "sent_on"}


@pytest.mark.parametrize("column", ["类别", "地点", "严重", "伤亡"])
def test_without_a_column_of_the_weights_nothing_is_counted(column: str, tmp_path: Path) -> None:
    header = "单位 发生日期 类别 地点 严重 伤亡"
    row = ["甲", "2024-05-01", "火灾", "东街", "是", "2"]
    kept = [at for at, title in enumerate(header.split()) if title != column]
    table = "\n".join(" ".join(cells[at] for at in kept) for cells in (header.split(), row))
    scores = ledger(table).score(tmp_path)
    assert scores.measure("甲", "hurt")["state"] == "pending"  # kept by the office, which has to see to it
    assert scores.measure("乙", "hurt")["state"] == "pending"
    assert bad(scores.project) == [
        f"data/events.csv:1: 缺少计分要用的列：{column}。请补上这一列，没有内容的留空；整个文件暂未计入。"
    ]


def test_the_same_rows_with_an_empty_column_are_counted(tmp_path: Path) -> None:
    """伤亡 2 × 火灾 2 × 严重 3 = 12; 乙 has no row, which the office keeps open."""
    scores = ledger("单位 发生日期 类别 地点 严重 伤亡\n甲 2024-05-01 火灾 东街 是 2").score(tmp_path)
    assert scores.measure("甲", "hurt")["value"] == 12
    # the note is told of and costs nothing
    told = "D data/events.csv:1: 没有“备注”这一列，各行按没有填计。计分用不到，不影响得分；要留存的请补上。"
    assert of_the_data(scores.project) == [told]


def test_a_column_under_its_alias_is_there_and_a_near_name_is_asked_about(tmp_path: Path) -> None:
    row = "甲 2024-05-01 火灾 东街 是 2 _"
    project = ledger(f"单位 发生日期 种类 地点 严重 伤亡 备注\n{row}").open(tmp_path / "alias")
    assert of_the_data(project) == []
    project = ledger(f"单位 发生日期 类 地址 严重 伤亡 备注\n{row}").open(tmp_path / "near")
    assert of_the_data(project) == [
        "A data/events.csv:1: 缺少计分要用的列：类别、地点。“类”是不是“类别”？“地址”是不是“地点”？"
        "请补上这些列，没有内容的留空；整个文件暂未计入。"
    ]


@pytest.mark.parametrize(
    ("form", "header", "lacks"),
    [
        ("penalties", "单位 文号 决定日期 一般程序", "罚款"),
        ("penalties", "单位 文号 决定日期 罚款", "一般程序"),
        ("entered", "单位 录入日期 罚款 报出日期", "文号"),
        ("entered", "单位 文号 录入日期 罚款", "报出日期"),
    ],
)
def test_a_side_of_a_comparison_without_a_column_compares_nothing(
    form: str, header: str, lacks: str, tmp_path: Path
) -> None:
    scores = compared(**{form: header}).score(tmp_path)
    assert scores.measure("甲", "wrong")["state"] == "pending"
    assert bad(scores.project)[0].startswith(f"data/{form}.csv:1: 缺少计分要用的列：{lacks}。")


def test_a_comparison_with_a_file_that_is_not_there_finds_nothing_wrong_with_anybody(tmp_path: Path) -> None:
    """甲's penalty is in the ledger; whether it was entered nobody knows, and a header alone says that it was not."""
    tiny = compared()
    tiny.measures = WRONG.replace("'错录'", "'不录'")
    assert tiny.score(tmp_path / "there").measure("甲", "wrong")["value"] == 0
    tiny.data["entered"] = "单位 文号 录入日期 罚款 报出日期"
    assert tiny.score(tmp_path / "empty").measure("甲", "wrong")["value"] == 1
    del tiny.data["entered"]
    assert tiny.score(tmp_path / "gone").measure("甲", "wrong")["state"] == "pending"


def test_a_key_is_looked_at_by_the_intake_itself(tmp_path: Path) -> None:
    tiny = ledger("单位 发生日期 类别 地点 严重 伤亡\n甲 2024-05-01 火灾 东街 是 2")
    tiny.forms["events"] += "key: [note]\n"
    assert bad(tiny.open(tmp_path)) == [
        "data/events.csv:1: 缺少计分要用的列：备注。请补上这一列，没有内容的留空；整个文件暂未计入。"
    ]


def test_a_rubric_from_outside_cannot_look_at_a_column_that_is_not_there(tmp_path: Path) -> None:
    """`diff` reads a file by its path after the data were read."""
    plain = "events: {title: 事件, form: events, value: count(*)}"
    project = ledger("单位 发生日期 类别 地点 严重\n甲 2024-05-01 火灾 东街 是", plain).open(tmp_path / "own")
    other = ledger("单位 发生日期", COUNTED).write(tmp_path / "other") / "config" / "scoring.yaml"
    found = project.rubrics_named(str(other))[0]
    assert isinstance(found, Stopped)
    assert [str(issue) for issue in found.issues] == [
        "scoring.yaml: 这份办法要用“事件登记”的“伤亡”，数据文件里没有这一列。请在数据文件里补上这一列，没有内容的留空。"
    ]


def test_without_a_rubric_nobody_knows_what_is_used(tmp_path: Path) -> None:
    folder = ledger("单位 发生日期\n甲 2024-05-01").write(tmp_path)
    (folder / "config" / "scoring.yaml").write_text("rubric: 试验办法\n", encoding="utf-8")
    project = open_project(folder)
    assert not project.ready
    assert not [issue for issue in project.issues if issue.level in "ABCD"]


# --- a form of which only the deadlines count ------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Its form `brief` is looked at by a rule of kind timeliness alone."""
    return shutil.copytree(SMALL, tmp_path / "small")


def test_a_form_of_which_only_the_deadlines_count_needs_no_file(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = main(["score", "--project", str(small), "--as-of", "2025-01-20"]), capsys.readouterr()
    (small / "data" / "brief.csv").unlink()
    assert main(["check", "--project", str(small)]) == SCORED
    assert capsys.readouterr().out == "办法可以计分：7 个指标，0 处提醒；数据搁置 0 行。\n"
    assert (main(["score", "--project", str(small), "--as-of", "2025-01-20"]), capsys.readouterr()) == before


def test_a_form_whose_rows_count_is_asked_for_and_the_last_line_says_so(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "data" / "cases.csv").unlink()
    assert main(["check", "--project", str(small)]) == ROWS_SET_ASIDE
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("强制（不计入） cases.csv: 报送登记里有“案件台账”，却没有数据文件 cases.csv。")
    assert told[-1] == "办法可以计分：7 个指标，0 处提醒；数据搁置 0 行，1 张表没有计入。"
    assert main(["score", "--project", str(small), "--as-of", "2025-01-20"]) == ROWS_SET_ASIDE
    assert capsys.readouterr().err.splitlines()[-1] == "搁置 0 行，1 张表没有计入，其余已计分。"


def test_a_closed_register_whose_file_is_lost_is_not_one_without_rows(small: Path) -> None:
    """A veto that nobody can look up does not turn into no veto."""
    (small / "data" / "events.csv").unlink()
    project = open_project(small)
    assert any(str(one).startswith("events.csv: 报送登记里有“") and one.level == "A" for one in project.issues)
    assert project.rubric is not None
    result = project.assess("2024", project.rubric.period("2024").cut_off)
    assert {row["state"] for row in result.rows("measure", measure="falsified")} == {"pending"}
    assert all(row["total"] is None for row in result.rows("ranking"))


def test_a_register_that_cannot_be_read_is_a_table_that_is_not_counted(small: Path) -> None:
    (small / "data" / "submissions.csv").write_bytes(b"PK\x03\x04")
    assert open_project(small).aside_words == "搁置 0 行，1 张表没有计入"

"""The command line as a clerk meets it: exit codes, shapes, exact numbers, wrong use told in Chinese."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import pytest

from scoring.__main__ import CSV_COLUMNS, NOT_SCORED, SCORED, WRONG_USE, main
from scoring.engine.plan import make_plan
from scoring.project import open_project
from scoring.sql.exact import MACROS
from scoring.store import Store
from scoring.store.database import RECEIPT, WORKDAY_NO, create_table

HERE = Path(__file__).parent
ROOT = HERE.parent
SMALL = HERE / "projects" / "small"
PROJECTS = [ROOT, *sorted((ROOT / "examples").iterdir()), SMALL]
AS_OF = ("--as-of", "2025-01-20")
# By hand, in tests/projects/small/README.md.
TOTALS = {"甲县": "57.25", "乙县": "91.5", "丙区": "60", "市公安局": "38", "市文旅局": "40"}
PLACES = {"甲县": 3, "乙县": 1, "丙区": 2, "市公安局": 2, "市文旅局": 1}
GRADES = {"甲县": "不合格", "乙县": "优秀", "丙区": "合格", "市公安局": "不合格", "市文旅局": "不合格"}

Capture = pytest.CaptureFixture[str]


def out_of(capsys: Capture, *arguments: str, code: int = SCORED) -> str:
    """What a command prints, after checking its exit code."""
    assert main([*arguments, "--project", str(SMALL)]) == code
    return capsys.readouterr().out


def wrong_use(capsys: Capture, *arguments: str) -> str:
    """What a command that cannot be understood says; it ends with code 2 and prints nothing else."""
    try:
        code: Any = main(arguments)
    except SystemExit as end:
        code = end.code
    told = capsys.readouterr()
    assert code == WRONG_USE
    assert told.out == ""
    return told.err


# --- score ----------------------------------------------------------------------------------------


def test_score_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scoring", "score", "--project", str(SMALL), *AS_OF, "--format", "csv"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (SCORED, "")
    assert "county,c02,乙县,91.5,1,优秀,complete," in done.stdout


def test_the_table_is_for_reading(capsys: Capture) -> None:
    lines = out_of(capsys, "score", *AS_OF).splitlines()
    assert lines[0] == "小城双打考核办法（测试） 2024 年，数据截至 2025-01-20（示例）"
    rows = [line.split() for line in lines]
    assert ["1", "乙县", "91.50", "优秀", "7/7", "—"] in rows
    assert ["3", "甲县", "57.25", "不合格", "7/7", "—"] in rows
    assert rows.index(["县区"]) < rows.index(["成员单位"])


def test_json_has_the_promised_shape_and_exact_decimals(capsys: Capture) -> None:
    def refuse(text: str) -> NoReturn:
        raise AssertionError(f"a binary float in JSON: {text}")

    text = out_of(capsys, "score", *AS_OF, "--format", "json")
    found = json.loads(text, parse_float=refuse)
    assert {unit["title"]: unit["total"] for unit in found["units"]} == TOTALS
    assert {unit["title"]: unit["place"] for unit in found["units"]} == PLACES
    assert {unit["title"]: unit["grade"] for unit in found["units"]} == GRADES
    assert {unit["state"] for unit in found["units"]} == {"complete"}
    assert found["issues"] == []
    first = next(unit for unit in found["units"] if unit["unit"] == "c01")
    assert first["group"] == "county"
    by_code = {one["code"]: one for one in first["indicators"]}
    assert {"code", "clause", "value", "state", "points", "full_marks"} <= set(by_code["volume"])
    assert by_code["volume"]["clause"] == "第一条"
    assert (by_code["volume"]["value"], by_code["volume"]["points"], by_code["volume"]["full_marks"]) == (
        "75", "11.25", "30",
    )  # fmt: skip
    assert sum(Decimal(one["points"]) for one in first["indicators"]) == Decimal("57.25")


def test_csv_has_the_same_names_and_one_row_a_unit(capsys: Capture) -> None:
    rows = list(csv.DictReader(io.StringIO(out_of(capsys, "score", *AS_OF, "--format", "csv"))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert {row["title"]: row["total"] for row in rows} == TOTALS
    assert {row["title"]: int(row["place"]) for row in rows} == PLACES


def test_as_of_looks_back_in_time(capsys: Capture) -> None:
    """On 1 May nothing of the third brief term is due, the fourth quarter is not in, nobody has a final total."""
    found = json.loads(out_of(capsys, "score", "--as-of", "2024-05-01", "--format", "json"))
    assert found["as_of"] == "2024-05-01"
    county = {unit["unit"]: unit for unit in found["units"]}["c01"]
    assert (county["total"], county["place"], county["grade"], county["state"]) == (
        None,
        None,
        None,
        "pending",
    )
    assert Decimal(county["total_low"]) < Decimal(county["total_high"])
    volume = next(one for one in county["indicators"] if one["code"] == "volume")
    assert (volume["value"], volume["points"]) == ("25", "0")  # 1 of 4, below 60 %


def test_period_chooses_the_year(capsys: Capture) -> None:
    found = json.loads(out_of(capsys, "score", "--period", "2023", "--format", "json"))
    assert found["period"] == "2023"
    totals = {unit["title"]: unit["total"] for unit in found["units"]}
    # 2023 by hand: no briefs were due; 市文旅局 sent one piece of news, 2 of the 10 points that apply: 2 × 50 ÷ 10
    assert totals == {"甲县": None, "乙县": None, "丙区": None, "市公安局": None, "市文旅局": "10"}


EARLY = "提醒：2023 年的考核期在本办法施行（2024年1月1日）之前：结果是按本办法试算的，不是当年的考核结果。\n"
STRANGE = "提醒：考核期 2025 不在设置的考核期（2024、2023）之内，请核对年份。\n"


@pytest.mark.parametrize(("period", "notice"), [("2023", EARLY), ("2025", STRANGE), ("2024", "")])
def test_an_odd_period_is_scored_with_a_notice(period: str, notice: str, capsys: Capture) -> None:
    """For people in front of the text; beside what other programs read."""
    common = ("--period", period, "--as-of", f"{period}-12-31", "--project", str(SMALL))
    for arguments in (("score",), ("explain", "甲县")):
        assert main([*arguments, *common]) == SCORED
        told = capsys.readouterr()
        assert told.out.startswith(notice or ("小城", "甲县")) and told.err == ""
    for arguments in (
        ("score", "--format", "csv"),
        ("score", "--format", "json"),
        ("explain", "甲县", "--json"),
        ("sql",),
    ):
        assert main([*arguments, *common]) == SCORED
        told = capsys.readouterr()
        assert told.err == notice and "提醒" not in told.out


def test_provisional_places_in_the_table(capsys: Capture) -> None:
    assert main(["score", "--project", str(ROOT), "--period", "2024", *AS_OF]) == SCORED
    text = capsys.readouterr().out
    rows = {line.split()[-5]: line for line in text.splitlines() if line.count("/") == 1}
    assert rows["苇泽县"].startswith("8（暂定，第 9–10 名） ")
    assert rows["茗川县"].startswith("暂缺（第 5–12 名） ") and " 44.17–89.03 " in rows["茗川县"]
    assert rows["澜浦区"].startswith("2（并列） ")
    assert "名次暂定：目前只在数据齐全的 10 个单位中排名，另有 2 个单位数据不全；括号内是都补齐后的名次。" in text


def test_a_broken_rubric_is_not_scored(capsys: Capture) -> None:
    path = HERE / "bad_rubrics" / "measure_unknown.yaml"
    for command in ("check", "score", "sql"):
        assert main([command, "--project", str(SMALL), "--rubric", str(path)]) == NOT_SCORED
        told = capsys.readouterr()
        assert "没有数据项“case”。是不是“cases”？" in told.out + told.err
    assert main(["explain", "甲县", "--project", str(SMALL), "--rubric", str(path)]) == NOT_SCORED


def test_check_says_what_it_found(capsys: Capture) -> None:
    assert out_of(capsys, "check") == "办法可以计分：7 个指标，0 处提醒；数据搁置 0 行。\n"


# --- explain --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["甲县", "甲县人民政府", "c01"])
def test_explain_takes_a_name_an_alias_or_a_code(name: str, capsys: Capture) -> None:
    text = out_of(capsys, "explain", name, *AS_OF)
    assert "第 3 名（共 3 个单位），总分 57.25 分" in text
    assert "data/cases.csv 第 2、3、4 行" in text


def test_explain_one_indicator(capsys: Capture) -> None:
    text = out_of(capsys, "explain", "甲县", *AS_OF, "--indicator", "volume")
    assert "第一条 任务完成率" in text
    assert "行政立案数 3 件，办案任务 4 件，指标值 75%，得 11.25 分" in text
    assert "第二条" not in text


def test_explain_as_json(capsys: Capture) -> None:
    found = json.loads(out_of(capsys, "explain", "乙县", *AS_OF, "--json"))
    assert "91.5" in json.dumps(found)


def test_explain_an_unknown_unit_suggests_the_nearest(capsys: Capture) -> None:
    assert wrong_use(capsys, "explain", "甲线", "--project", str(SMALL)) == "没有被考核单位“甲线”。是不是“甲县”？\n"


@pytest.mark.parametrize(
    "name, told",
    [
        ("稷州市", "没有被考核单位“稷州市”。是不是“稷川市”？"),
        ("青岚市", "没有被考核单位“青岚市”。请用单位名称、别名或代码。"),  # in the register, not assessed: no guess of what was meant
    ],
)
def test_explain_and_studies_say_alike_who_is_not_assessed(capsys: Capture, name: str, told: str) -> None:
    where = ("--project", str(ROOT), "--database", "无", "--period", "2024")
    assert wrong_use(capsys, "explain", name, *where) == f"{told}\n"
    assert main(["gap", name, *where]) == NOT_SCORED
    assert capsys.readouterr().err == f"没有完成：{told}\n"


def test_explain_an_unknown_indicator_suggests_the_nearest(capsys: Capture) -> None:
    told = wrong_use(capsys, "explain", "甲县", "--project", str(SMALL), "--indicator", "volum")
    assert "“甲县”没有指标“volum”" in told
    assert "volume" in told.replace("“volum”", "")


# --- wrong use ------------------------------------------------------------------------------------

WRONG = {
    "no command": ((), "缺少参数"),
    "unknown command": (("scor",), "不能是 'scor'"),
    "unknown option": (("score", "--what"), "不认识的参数"),
    "option without value": (("score", "--as-of"), "后面要跟一个值"),
    "unknown format": (("score", "--format", "xml"), "不能是 'xml'"),
    "impossible date": (("score", "--as-of", "2024-02-30"), "日期读不懂（请写成 2024-12-31）"),
    "period in words": (("score", "--period", "二〇二四"), "考核期“二〇二四”读不懂：请写年份，例如 2024"),
    "as of before the period": (("score", "--as-of", "2023-05-01", "--period", "2024"), "早于考核期"),
    "no unit": (("explain",), "缺少参数 单位"),
    "unknown indicator": (("sql", "--indicator", "volum"), "没有指标“volum”。可用：volume、closing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_use_is_told_in_chinese(name: str, capsys: Capture) -> None:
    arguments, told = WRONG[name]
    project = ("--project", str(SMALL)) if arguments and arguments[0] in ("score", "explain", "sql") else ()
    text = wrong_use(capsys, *arguments, *project)
    assert told in text
    own = r"python|scoring|score|scor|explain|check|sql|diff|schema|import|demo|publish|lock|unlock|pack|verify|backup|restore|whatif|robustness|gap|path|influence|replay|table|json|csv|xml|volum\w*|closing|quality|briefs|backlog"
    words = set(re.findall(r"(?<![-\w/.])[a-z]{3,}", text)) - set(re.findall(own, text)) - {"organised", "publicity"}
    assert not words, "left in English"


def test_help_is_in_chinese(capsys: Capture) -> None:
    for arguments in (["--help"], ["score", "--help"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == SCORED
        text = capsys.readouterr().out
        assert not [word for word in ("usage", "options", "positional", "show this help") if word in text]


def test_a_folder_that_is_not_there(capsys: Capture) -> None:
    assert main(["score", "--project", "no_such_folder"]) == NOT_SCORED
    assert "没有这个项目文件夹" in capsys.readouterr().err


def test_a_folder_without_configuration_lists_all_that_is_missing(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", "--project", str(tmp_path)]) == NOT_SCORED
    text = capsys.readouterr().out
    for part in ("config/office.yaml", "config/units.yaml", "config/forms", "config/scoring.yaml"):
        assert part in text


# --- sql ------------------------------------------------------------------------------------------


def test_sql_prints_every_step_without_running_one(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("sql must not open the database")

    monkeypatch.setattr(Store, "of", refuse)
    text = out_of(capsys, "sql", *AS_OF)
    project = open_project(SMALL)
    assert project.rubric is not None
    plan = make_plan(project.rubric, project.rubric.period("2024"), date(2025, 1, 20))
    assert text == "\n\n".join(f"{query.sql};" for query in plan.queries) + "\n"


def test_sql_of_one_indicator_is_about_it(capsys: Capture) -> None:
    text = out_of(capsys, "sql", *AS_OF, "--indicator", "volume")
    assert "-- 第一条 任务完成率（30 分）" in text
    assert "-- 行政立案数（件）" in text
    everything = out_of(capsys, "sql", *AS_OF)
    statements = [one.strip() for one in text.split(";\n")]
    assert all(one.rstrip(";") in everything for one in statements)
    assert "news__figures" not in text


def bare(sql: str) -> str:
    """Without comments and without what stands in quotes."""
    without_text = re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"--[^\n]*", "", sql))
    return re.sub(r'"(?:[^"]|"")*"', '""', without_text)


INEXACT = {
    "binary floats": r"\b(DOUBLE|FLOAT|FLOAT4|FLOAT8|REAL)\b",
    "a literal with an exponent": r"\b\d+(\.\d+)?[eE][-+]?\d",
    "functions that return DOUBLE": r"\b(avg|mean|median|stddev|sqrt|ln|exp|pow|power|percent_rank|cume_dist)\s*\(",
    "division": r"(?<!/)/(?!/)",
    "rounding by the database": r"\bround\s*\(",
}


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: path.name)
def test_no_step_leaves_exact_numbers(folder: Path) -> None:
    project = open_project(folder)
    assert project.rubric is not None and project.forms is not None
    texts = {"macros": "\n".join((*MACROS, WORKDAY_NO, RECEIPT))}
    texts |= {code: create_table(form) for code, form in project.forms.items() if form.derived is None}
    for label in project.periods:
        period = project.rubric.period(label)
        for as_of in (period.cut_off, date(period.start.year, 7, 1)):
            plan = make_plan(project.rubric, period, as_of)
            texts |= {f"{query.name} {label} {as_of}": query.sql for query in plan.queries}
    for told, pattern in INEXACT.items():
        found = {name: re.search(pattern, bare(sql), re.IGNORECASE) for name, sql in texts.items()}
        assert not {name: hit.group() for name, hit in found.items() if hit}, told


def test_the_scan_itself_finds_what_it_looks_for() -> None:
    for text in ("a / b", "x::DOUBLE", "1e3", "AVG(x)", "round(x, 2)", "a/b"):
        assert any(re.search(pattern, bare(text), re.IGNORECASE) for pattern in INEXACT.values()), text
    for text in ("a // b", "'1/2'", "-- a / b\n1", '"a/b"', "half_up(a, b)", "0.01"):
        assert not any(re.search(pattern, bare(text), re.IGNORECASE) for pattern in INEXACT.values()), text

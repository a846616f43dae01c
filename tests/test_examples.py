"""Two whole rubrics of public documents as an office keeps them: warnings, items, totals, places, and what is printed.

Expected numbers are worked by hand from the clauses and the data, line by line, as in the README of each example.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from scoring.__main__ import SCORED, main
from scoring.issues import errors
from scoring.project import open_project
from tests.tiny import Scores

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
URBAN, ANTIDRUG = "urban_cases_d46", "antidrug_d38"
Capture = pytest.CaptureFixture[str]
Item = str | tuple[str, str]  # points, or from the least to the most where a report is missing

WARNINGS = {
    # 5 + 50 + 20 + 10 + 5 + 5 = 95
    URBAN: [("groups.street.full_marks", "“街道”各一级指标满分合计 95，与分组满分 100 不符")],
    ANTIDRUG: [
        # 25 + 25 + 15 + 30 + 10 = 105
        ("groups.town.full_marks", "“乡镇”各一级指标满分合计 105，与分组满分 100 不符"),
        # 5 + 5 + 5 = 15
        ("sections.control.full_marks", "乡镇各指标满分合计 15，与本级满分 30 不符"),
    ],
}
ASSUMPTIONS = {URBAN: 10, ANTIDRUG: 15}

ITEMS: dict[str, dict[str, dict[str, Item]]] = {
    URBAN: {
        "砚汀街道": {
            "organisation": "5",
            "on_time_rate": "50",  # 28 / 40 = 70 %
            "closing_rate": "20",  # (28 + 8) / 40 = 90 %
            "urgent_cases": "10",  # 20 / 20 = 100 %, 19 / 20 = 95 %
            "rework": "5",
            "assigned": "5",
        },
        "榆砚街道": {
            "organisation": "4",  # 5 − 1
            "on_time_rate": "42.5",  # 10 / 16 = 62.5 %: 50 − 7.5
            "closing_rate": "17.5",  # 14 / 16 = 87.5 %: 20 − 2.5
            "urgent_cases": "7.5",  # 10 / 10; 9 / 10 = 90 %, 5 below 95: 10 − 5 × 0.5
            "rework": "3.9",  # 5 − 3 × 0.2 − 1 × 0.5
            "assigned": "4.6",  # 5 − 1 × 0.4
        },
        "苇棠街道": {
            "organisation": ("0", "5"),  # not reported
            "on_time_rate": "46.67",  # 20 / 30 = 66.66… %: 50 − 3.33… = 46.66…
            "closing_rate": "20",  # 27 / 30 = 90 %
            "urgent_cases": "10",  # no urgent case
            "rework": "3.8",  # 5 − 1 × 0.2 − 1
            "assigned": "5",
        },
        "麓笙街道": {
            "organisation": "0",  # 5 − 1 − 2 − 2
            "on_time_rate": "0",  # 3 / 20 = 15 %: 50 − 55, floor 0
            "closing_rate": "0",  # 14 / 20 = 70 %: 20 − 20
            "urgent_cases": "0",  # 3 / 5 = 60 %, 2 / 5 = 40 %: 10 − 20 − 27.5, floor 0
            "rework": "0",  # 5 − 3 × 0.5 − 2 − 2 = −0.5, floor 0
            "assigned": "2.2",  # 5 − 2 × 0.4 − 2
        },
        "檀笺街道": {
            "organisation": "2",  # 5 − 1 − 2
            "on_time_rate": "47.5",  # 27 / 40 = 67.5 %: 50 − 2.5
            "closing_rate": "20",  # 36 / 40 = 90 %
            "urgent_cases": "2.5",  # 10 / 10; 8 / 10 = 80 %, 15 below 95: 10 − 15 × 0.5
            "rework": "4",  # 5 − (2 + 2 + 1) × 0.2
            "assigned": "4",  # 5 − 1 × 1
        },
    },
    ANTIDRUG: {
        "檀洲镇": {
            "leading_group": "10",
            "studying": "5",
            "responsibility": "10",
            "campaign": "15",
            "articles": "10",  # 4 × 2 + 1 × 1 + 3 × 0.5 = 10.5, at most 10
            "zero_planting": "15",
            "register": "5",
            "community": "5",
            "custody": "5",
            "opinion_problem": "5",
            "opinion_work": "5",
        },
        "笺溪镇": {
            "leading_group": "10",
            "studying": "5",
            "responsibility": "9",  # 10 − 1
            "campaign": "15",
            "articles": "6",  # 1 × 2 + 2 × 1 + 4 × 0.5
            "zero_planting": "14",  # 200 / 200 = 1: 15 − 1
            "register": "4.3",  # 5 − (4 + 3) × 0.1
            "community": "5",
            "custody": "4.5",  # 5 − 1 × 0.5
            "opinion_problem": "3.4",  # (5 + 4 + 3 + 3 + 2) / 5
            "opinion_work": "3.8",  # (5 + 4 + 4 + 3 + 3) / 5
        },
        "槿岭镇": {
            "leading_group": "10",
            "studying": "2.5",  # 5 − 2.5
            "responsibility": "10",
            "campaign": "15",
            "articles": "8",  # 2 × 2 + 3 × 1 + 2 × 0.5
            "zero_planting": "11",  # (200 + 300) / 200 = 2.5, 300 / 200 = 1.5: 15 − 4
            "register": "5",
            "community": "5",
            "custody": "5",
            "opinion_problem": "4",  # (5 + 4 + 4 + 3) / 4
            "opinion_work": "4",  # (5 + 4 + 4 + 3) / 4
        },
        "苇坞乡": {
            "leading_group": "0",  # no file
            "studying": "0",
            "responsibility": "8",  # 10 − 2
            "campaign": "0",  # the large one a day early, the one of the day small
            "articles": ("0", "10"),  # the second half-year not reported
            "zero_planting": "0",  # 3000 / 200 = 15, 100 / 200 = 0.5: 15 − 15.5, floor 0
            "register": "0",  # 5 − 2 − 30 × 0.1
            "community": "5",
            "custody": "3.5",  # 5 − 3 × 0.5
            "opinion_problem": "1.33",  # (1 + 1 + 2) / 3
            "opinion_work": "1.67",  # (1 + 1 + 3) / 3
        },
        "澄砚乡": {
            "leading_group": "10",
            "studying": "5",
            "responsibility": "0",  # 10 − 12, floor 0
            "campaign": "15",
            "articles": "0",  # nil reports
            "zero_planting": "14.01",  # 199 / 200 = 0.995: 14.005, half up
            "register": "0",  # 5 − 2 − 31 × 0.1 = −0.1, floor 0
            "community": "0",  # no staff
            "custody": "0",  # 5 − 10 × 0.5
            "opinion_problem": "3.5",  # (4 + 3) / 2
            "opinion_work": "4.5",  # (5 + 4) / 2
        },
    },
}
TOTALS: dict[str, dict[str, Item]] = {
    URBAN: {
        "砚汀街道": "95",  # 5 + 50 + 20 + 10 + 5 + 5
        "榆砚街道": "80",  # 4 + 42.5 + 17.5 + 7.5 + 3.9 + 4.6
        "苇棠街道": ("85.47", "90.47"),  # 46.67 + 20 + 10 + 3.8 + 5, and 0 to 5
        "麓笙街道": "2.2",
        "檀笺街道": "80",  # 2 + 47.5 + 20 + 2.5 + 4 + 4
    },
    ANTIDRUG: {
        "檀洲镇": "90",  # 10 + 5 + 10 + 15 + 10 + 15 + 5 + 5 + 5 + 5 + 5
        "笺溪镇": "80",  # 10 + 5 + 9 + 15 + 6 + 14 + 4.3 + 5 + 4.5 + 3.4 + 3.8
        "槿岭镇": "79.5",  # 10 + 2.5 + 10 + 15 + 8 + 11 + 5 + 5 + 5 + 4 + 4
        "苇坞乡": ("19.5", "29.5"),  # 8 + 5 + 3.5 + 1.33 + 1.67, and 0 to 10
        "澄砚乡": "52.01",  # 10 + 5 + 15 + 14.01 + 3.5 + 4.5
    },
}
# Places among the units that are complete. Best and worst: once the missing report is there.
PLACES: dict[str, dict[str, tuple[int | None, int, int]]] = {
    URBAN: {"砚汀街道": (1, 1, 1), "榆砚街道": (2, 3, 3), "檀笺街道": (2, 3, 3), "麓笙街道": (4, 5, 5), "苇棠街道": (None, 2, 2)},
    ANTIDRUG: {"檀洲镇": (1, 1, 1), "笺溪镇": (2, 2, 2), "槿岭镇": (3, 3, 3), "澄砚乡": (4, 4, 4), "苇坞乡": (None, 5, 5)},
}  # fmt: skip
GRADES: dict[str, dict[str, str | None]] = {
    URBAN: dict.fromkeys(TOTALS[URBAN]),
    ANTIDRUG: {"檀洲镇": "先进", "笺溪镇": "达标", "槿岭镇": "基本达标", "苇坞乡": None, "澄砚乡": "不达标"},
}
# 应结, 按期, 逾期, 未结, then the urgent ones: 应结, 按期, 逾期, 未结, as the README counts them.
LEDGER = {
    "砚汀街道": (40, 28, 8, 4, 20, 19, 1, 0),
    "榆砚街道": (16, 10, 4, 2, 10, 9, 1, 0),
    "苇棠街道": (30, 20, 7, 3, 0, 0, 0, 0),
    "麓笙街道": (20, 3, 11, 6, 5, 2, 1, 2),
    "檀笺街道": (40, 27, 9, 4, 10, 8, 2, 0),
}
UNITS = [(name, unit) for name, units in TOTALS.items() for unit in units]


@cache
def scored(name: str) -> Scores:
    project = open_project(EXAMPLES / name)
    assert project.ready, "\n".join(str(issue) for issue in project.issues)
    assert project.rubric is not None
    return Scores(project, project.assess("2024", project.rubric.period("2024").cut_off))


def ends(item: Item) -> tuple[Decimal, Decimal]:
    low, high = item if isinstance(item, tuple) else (item, item)
    return Decimal(low), Decimal(high)


# --- warnings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WARNINGS)
def test_only_the_sums_that_do_not_add_up_are_warned_about(name: str) -> None:
    project = scored(name).project
    assert not errors(project.issues) and not project.rows_set_aside
    assert [(issue.level, issue.path, issue.problem) for issue in project.issues] == [
        ("warning", path, problem) for path, problem in WARNINGS[name]
    ]


# --- points -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "unit"), UNITS)
def test_every_item_is_what_the_clause_gives_by_hand(name: str, unit: str) -> None:
    found = scored(name).assessment.rows("indicator_score", unit=scored(name).place(unit)["unit"])
    expected = ITEMS[name][unit]
    assert {row["indicator"]: (row["points_low"], row["points_high"]) for row in found} == {
        code: ends(item) for code, item in expected.items()
    }
    missing = {code for code, item in expected.items() if isinstance(item, tuple)}
    assert {row["indicator"] for row in found if row["state"] == "missing"} == missing
    assert {row["indicator"] for row in found if row["points"] is None} == missing


@pytest.mark.parametrize(("name", "unit"), UNITS)
def test_the_total_is_the_sum_by_hand(name: str, unit: str) -> None:
    low, high = ends(TOTALS[name][unit])
    row = scored(name).place(unit)
    assert (row["total_low"], row["total_high"]) == (low, high)
    assert row["total"] == (low if low == high else None)
    items = [ends(item) for item in ITEMS[name][unit].values()]
    assert (sum(item[0] for item in items), sum(item[1] for item in items)) == (low, high), "the literals themselves"


@pytest.mark.parametrize(("name", "unit"), UNITS)
def test_place_and_grade(name: str, unit: str) -> None:
    row = scored(name).place(unit)
    assert (row["place"], row["best_place"], row["worst_place"]) == PLACES[name][unit]
    assert row["grade"] == GRADES[name][unit]


def test_nothing_to_do_is_full_marks_and_a_nil_half_year_is_no_missing_report() -> None:
    assert scored(URBAN).state("苇棠街道", "urgent_cases") == "not_applicable"
    assert scored(URBAN).measure("檀笺街道", "due_cases")["value"] == 40
    assert scored(ANTIDRUG).state("澄砚乡", "articles") == "value"


@pytest.mark.parametrize("unit", LEDGER)
def test_the_case_ledger_holds_what_the_readme_counts(unit: str) -> None:
    """Counted here from the file, so that the figures worked by hand do not rest on the engine."""
    count: Counter[str] = Counter()
    with (EXAMPLES / URBAN / "data" / "cases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["单位"] == unit and row["缓办"] == "否":
                closed, due = row["结案日期"], row["处置期限"]
                end = "open" if not closed else "on time" if closed <= due else "late"
                count[end] += 1
                count[f"urgent {end}"] += row["紧急"] == "是"
    plain, urgent = ([count[f"{kind}{end}"] for end in ("on time", "late", "open")] for kind in ("", "urgent "))
    assert (sum(plain), *plain, sum(urgent), *urgent) == LEDGER[unit]


@pytest.mark.parametrize("name", TOTALS)
def test_the_readme_works_out_the_same_totals(name: str) -> None:
    text = (EXAMPLES / name / "README.md").read_text(encoding="utf-8").partition("## 手工核算")[2]
    parts = re.split(r"\*\*(\S+)\*\*\n", text)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert set(told) == set(TOTALS[name])
    for unit, item in TOTALS[name].items():
        (line,) = [line for line in told[unit].splitlines() if line.strip().startswith("总分")]
        wanted = item if isinstance(item, str) else f"{item[0]} 至 {item[1]}"
        assert re.search(rf"(?<![\d.]){re.escape(wanted)}(?![\d.]|\s*[+])", line), line


# --- what is printed --------------------------------------------------------------------------------------


def printed(capsys: Capture, command: str, name: str, *arguments: str) -> str:
    assert main([command, *arguments, "--project", str(EXAMPLES / name)]) == SCORED
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_check_lists_every_assumption_with_its_place_and_clause(name: str, capsys: Capture) -> None:
    lines = printed(capsys, "check", name).splitlines()
    notices = [line for line in lines if line.startswith("认定 ")]
    assert len(notices) == ASSUMPTIONS[name]
    assert all(re.match(r"认定 config/scoring\.yaml:\d+: \S+: (全文|第|等次).*：.+。$", line) for line in notices), (
        notices
    )
    assert len([line for line in lines if line.startswith("提醒 ")]) == len(WARNINGS[name])
    text = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    assert f"共 {ASSUMPTIONS[name]} 处" in text
    assert f"，{len(WARNINGS[name])} 处提醒；数据搁置 0 行。" in "".join(lines)


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_score_closes_with_how_many_assumptions_it_rests_on(name: str, capsys: Capture) -> None:
    as_of = ("--as-of", "2025-01-15")
    text = printed(capsys, "score", name, *as_of)
    note = f"本办法有 {ASSUMPTIONS[name]} 处原文未写明、由编写者认定，见 check。"
    assert text.splitlines()[-1] == note
    assert not re.search(r"[A-Za-z]", text.replace("check", "")), "Chinese alone"
    found = json.loads(printed(capsys, "score", name, *as_of, "--format", "json"))
    assert len(found["assumptions"]) == ASSUMPTIONS[name]
    assert {"clause", "subject", "code", "text", "file", "line"} == set(found["assumptions"][0])
    assert note not in printed(capsys, "score", name, *as_of, "--format", "csv")


@pytest.mark.parametrize(("name", "unit"), UNITS)
def test_explain_is_chinese_and_names_each_assumption_once(name: str, unit: str, capsys: Capture) -> None:
    text = printed(capsys, "explain", name, unit, "--as-of", "2025-01-15")
    bare = re.sub(r"data/\w+\.csv|公开条款 D\d\d", "", text)
    assert not re.search(r"[A-Za-z]{2,}", bare), bare
    at = text.index("三、其他原文未写明、由编写者认定之处")
    beside, others = text[:at].count("  认定："), text[at:].count("\n  ")
    assert beside + others == ASSUMPTIONS[name]


def test_explain_tells_the_assumption_beside_the_rule(capsys: Capture) -> None:
    text = printed(capsys, "explain", ANTIDRUG, "澄砚乡", "--indicator", "zero_planting", "--as-of", "2025-01-15")
    lines = text.splitlines()
    at = lines.index("  认定：全年各次株数先合计；不足 200 株的按比例扣；隐瞒的株数既按查获扣，又按隐瞒扣（第七条）。")
    assert lines[at - 1].startswith("  规则：") and lines[at + 1].startswith("  计算：")
    assert "得 14.01 分" in lines[at + 1]

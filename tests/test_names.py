"""Codes that the calculation uses itself: refused where they are written, or harmless. Never a crash, never another score."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from scoring.issues import errors
from scoring.project import Project, open_project

SMALL = Path(__file__).parent / "projects" / "small"
# By hand, in tests/projects/small/README.md.
TOTALS = {"c01": "57.25", "c02": "91.50", "c03": "60.00", "d01": "38.00", "d02": "40.00"}
RESERVED = {
    "measure": ["unit", "grp", "form_rows", "actual", "target", "value", "base", "full", "and", "is"],
    "form": [
        "unit",
        "due",
        "facts",
        "receipt",
        "due_period",
        "assessed",
        "ranking",
        "graded",
        "submissions",
    ],
    "column": ["unit", "due_period", "received_on", "row_id", "masked", "status", "is", "and"],
}
HARMLESS = {
    "measure": ["count", "select", "position", "left", "by"],
    "form": ["select", "span"],
    "column": ["select", "value", "right", "at"],
    "group": ["facts", "order"],
    "indicator": ["unit", "select", "base"],
}


def renamed(what: str, code: str, folder: Path) -> Project:
    """The small project with one thing called otherwise, everywhere it is named."""
    copy = folder / "project"
    shutil.copytree(SMALL, copy)
    rubric, form = copy / "config" / "scoring.yaml", copy / "config" / "forms" / "news.yaml"
    if what == "measure":
        pairs = [
            (r"\bnews: \{", f"{code}: {{"),
            (r"\bof: news\b", f"of: {code}"),
            (r"measure: news\b", f"measure: {code}"),
        ]
        replace(rubric, *pairs, (r"when: news <", f"when: {code} <"))
    elif what == "form":
        replace(form, ("form: news", f"form: {code}"))
        replace(rubric, ("form: news", f"form: {code}"))
        (copy / "data" / "news.csv").rename(copy / "data" / f"{code}.csv")
    elif what == "column":
        replace(form, ("code: title", f"code: {code}"))
    elif what == "group":
        replace(rubric, (r"\bcounty: ", f"{code}: "))
    else:
        replace(rubric, ("code: volume", f"code: {code}"))
    return open_project(copy)


def replace(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern, new in pairs:
        text, count = re.subn(pattern, new, text)
        assert count, pattern
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("what", "code"), [(what, code) for what, codes in RESERVED.items() for code in codes])
def test_a_name_of_the_calculation_is_refused(what: str, code: str, tmp_path: Path) -> None:
    project = renamed(what, code, tmp_path)
    assert project.rubric is None
    first = errors(project.issues)[0]
    assert code in first.problem
    assert first.line is not None
    assert "请换一个代码" in first.fix or "读不懂" in first.problem


@pytest.mark.parametrize(("what", "code"), [(what, code) for what, codes in HARMLESS.items() for code in codes])
def test_any_other_name_changes_nothing(what: str, code: str, tmp_path: Path) -> None:
    project = renamed(what, code, tmp_path)
    assert errors(project.issues) == []
    assessment = project.assess("2024", date(2025, 1, 20), with_previous=False)
    assert {row["unit"]: str(row["total"]) for row in assessment.rows("ranking")} == TOTALS

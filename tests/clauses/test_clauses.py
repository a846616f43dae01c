"""Each published clause ends somewhere: scored, a rule, entered, incomplete or not expressed. See README.md here.

The files Dnn.yaml hold the clauses in our own words, the YAML that expresses them, figures of invented units and what
comes out of it by hand (the arithmetic stands in a comment). Nothing here is written in Python for a single clause.
"""

from __future__ import annotations

import ast
import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scoring.project import open_project
from tests.tiny import Scores, Tiny, block, item

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ENDS = ("scored", "rule", "entered", "incomplete", "not_expressed")
KEYS = {
    "clause", "ends_in", "told", "gap", "assumption", "test", "case", "points", "totals", "places", "grades", "ranges",
    "states", "errors", "warnings", "shortfalls", "consequences", "open",
}  # fmt: skip
CASE = {
    "full_marks", "indicator", "indicators", "sections", "table", "measures", "forms", "data", "units", "register",
    "adjustments", "consequences", "rounding", "places", "missing", "total", "groups", "grades", "cut_off", "periods", "holidays", "as_of",
}  # fmt: skip


@cache
def entries() -> dict[str, dict[str, Any]]:
    """All clauses that are written down, by Dnn.k."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(HERE.glob("D*.yaml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or []:
            name = entry["clause"]
            assert name not in found, f"{name} 写了两次"
            assert name.partition(".")[0] == path.stem, f"{name} 不在 {path.stem}.yaml 里"
            found[name] = entry
    return found


@cache
def patterns() -> dict[str, dict[str, Any]]:
    """Worked examples of the patterns that no clause of the list has: AGG, QUOTA, ROUND."""
    text = (HERE / "patterns.yaml").read_text(encoding="utf-8")
    return {entry["clause"]: entry for entry in yaml.load(text, Loader=yaml.BaseLoader)}


@cache
def index() -> dict[str, dict[str, str]]:
    with (HERE / "index.csv").open(encoding="utf-8") as file:
        return {f"{row['document']}.{row['clause']}": row for row in csv.DictReader(file)}


def tiny(case: dict[str, Any]) -> Tiny:
    """The project of one case; whatever it does not say has the plain default of tiny projects."""
    plain = {key: case[key] for key in CASE - {"full_marks", "indicator", "as_of", "consequences"} if key in case}
    if "indicator" in case:
        full = case.get("full_marks", "10")
        plain["indicators"] = item(case["indicator"], full=None if full == "none" else full)
    if "consequences" in case:
        plain["grades"] = f"{plain.get('grades', '[]').strip()}\nconsequences:\n{block(case['consequences'], 2)}"
    return Tiny(**plain)


def scored(case: dict[str, Any], folder: Path) -> Scores:
    from datetime import date

    day = date.fromisoformat(case["as_of"]) if "as_of" in case else None
    return tiny(case).score(folder, as_of=day)


def number(text: str) -> Decimal | None:
    return None if text == "none" else Decimal(text)


def of_item(expected: Any, unit: str, scores: Scores) -> list[tuple[str, str]]:
    """(indicator, text) pairs: `8` speaks of the one indicator x, `{a: 8, b: 2}` of several."""
    return list(expected.items()) if isinstance(expected, dict) else [("x", expected)]


EVERY = entries() | patterns()
WITH_CASE = [name for name, entry in EVERY.items() if "case" in entry and "errors" not in entry]


@pytest.mark.parametrize("name", WITH_CASE)
def test_the_worked_example(name: str, tmp_path: Path) -> None:
    entry = EVERY[name]
    scores = scored(entry["case"], tmp_path)
    told = 0
    for unit, expected in entry.get("points", {}).items():
        for code, text in of_item(expected, unit, scores):
            assert scores.points(unit, code) == number(text), (unit, code)
            told += 1
    for unit, expected in entry.get("ranges", {}).items():
        for code, pair in of_item(expected, unit, scores) if isinstance(expected, dict) else [("x", expected)]:
            assert scores.range(unit, code) == (number(pair[0]), number(pair[1])), (unit, code)
            told += 1
    for unit, expected in entry.get("states", {}).items():
        for code, state in of_item(expected, unit, scores):
            assert scores.state(unit, code) == state, (unit, code)
            told += 1
    for key, column in (("totals", "total"), ("places", "place"), ("grades", "grade")):
        for unit, text in entry.get(key, {}).items():
            found = scores.place(unit)[column]
            assert found == (text if key == "grades" and text != "none" else number(text)), (unit, column)
            told += 1
    for key, settled in (("consequences", True), ("open", False)):
        for unit, actions in entry.get(key, {}).items():
            rows = scores.assessment.rows("consequence", unit=scores.place(unit)["unit"], settled=settled)
            assert [row["action"] for row in rows] == actions, (key, unit)
            told += 1
    for unit, labels in entry.get("shortfalls", {}).items():
        assert [row["label"] for row in scores.shortfalls(unit)] == labels, unit
        told += 1
    warnings = [issue.problem for issue in scores.project.issues if issue.level == "warning"]
    for text in entry.get("warnings", []):
        assert any(text in problem for problem in warnings), (text, warnings)
        told += 1
    assert told, "没有期望值"


def test_what_is_refused(tmp_path: Path) -> None:
    """A clause that says what must not be: check refuses it, with its message."""
    for name, entry in entries().items():
        if "errors" in entry:
            project = open_project(tiny(entry["case"]).write(tmp_path / name))
            problems = [str(issue) for issue in project.issues]
            for text in entry["errors"]:
                assert any(text in problem for problem in problems), (text, problems)


@pytest.mark.parametrize("name", list(entries()))
def test_the_entry_is_whole(name: str) -> None:
    entry = entries()[name]
    assert set(entry) <= KEYS and {"clause", "ends_in", "told"} <= set(entry), set(entry) - KEYS
    assert set(entry.get("case", {})) <= CASE, set(entry.get("case", {})) - CASE
    assert entry["ends_in"] in ENDS and name in index()
    if entry["ends_in"] in ("scored", "entered"):
        assert "case" in entry
    if entry["ends_in"] == "rule":
        assert "case" in entry or "test" in entry
    if entry["ends_in"] == "entered":
        assert "JUDGE" in f"{index()[name]['pattern']} {index()[name]['also']}", "只有原文就是酌情的才由人录入"
    if entry["ends_in"] == "incomplete":
        assert entry.get("gap") and entry.get("assumption")
    if entry["ends_in"] == "not_expressed":
        assert entry.get("gap")
    if "test" in entry:
        file, _, function = entry["test"].partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert function.partition("[")[0] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_patterns_without_a_clause_have_worked_examples() -> None:
    assert {name.partition(".")[0] for name in patterns()} == {"AGG", "QUOTA", "ROUND"}
    assert all(entry["ends_in"] == "scored" and "case" in entry for entry in patterns().values())


def test_every_clause_ends_somewhere() -> None:
    """All 252 of the list; how many are scored or held by a test, and how many have an example worked by hand."""
    assert set(entries()) == set(index()) and len(index()) == 252
    ends = [entry["ends_in"] for entry in entries().values()]
    assert sum(end in ("scored", "rule") for end in ends) >= 190
    assert sum(end != "not_expressed" for end in ends) >= 240
    assert (
        sum("case" in entry and bool({"points", "totals", "ranges"} & set(entry)) for entry in entries().values())
        >= 150
    )

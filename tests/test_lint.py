"""One planted ambiguity a file: what the linter says of it, word for word; and nothing once its wording is followed.

A file holds the part of a rubric that matters; whatever it does not write stands below it as plain text of a rubric,
so that its own lines keep their numbers. First line: the message. `# 照改: 旧 → 新`: the wording followed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.forms import load_forms
from scoring.issues import Issue
from scoring.project import open_project
from scoring.rubric import Rubric
from scoring.rubric import lint as linter
from scoring.rubric.lint.reading import Reading
from scoring.rubric.load import type_rubric
from scoring.source import loads
from scoring.units import load_units

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "tests" / "lint"
FILES = sorted(HERE.glob("*.yaml"))
FORMS, _ = load_forms(HERE / "forms", "forms")
REGISTER, _ = load_units(HERE / "register" / "units.yaml", "units.yaml")
FRAME = {
    "rubric": "试验办法",
    "edition": '"2024"',
    "document": "{number: 试〔2024〕1号, in_force: 2024-01-01}",
    "period": "{every: year, starts: 01-01, cut_off: +20d}",
    "rounding": "{rate: none, item: 2, section: none, total: 2, places_by: rounded}",
    "places": "{ties: 1-1-3}",
    "missing": "pending",
    "total": "{at_least: 0, at_most: none}",
    "groups": "{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}",
    "measures": "{}",
    "sections": "[{code: work, title: 工作, full_marks: 10, indicators: [{code: item, title: 案卷质量, clause: 第七条, "
    "full_marks: 10, rules: [{kind: judged}]}]}]",
}


def told(text: str, name: str) -> tuple[Rubric | None, list[Issue]]:
    assert FORMS is not None and REGISTER is not None
    written = {line.split(":")[0] for line in text.splitlines()}
    frame = "".join(f"{key}: {value}\n" for key, value in FRAME.items() if key not in written)
    document, issues = loads(text + frame, name)
    assert document is not None
    return type_rubric(document, issues, FORMS, REGISTER)


def expected(text: str) -> str:
    first = text.splitlines()[0]
    assert first.startswith("# 提醒: ")
    return first.removeprefix("# 提醒: ")


def followed(text: str) -> str:
    """The file with its proposed wording followed, the comments left out."""
    changes = [line.removeprefix("# 照改: ").split(" → ") for line in text.splitlines() if line.startswith("# 照改: ")]
    assert changes
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#")) + "\n"
    for old, new in changes:
        assert body.count(old) == 1, old
        body = body.replace(old, new.replace("\\n", "\n"))
    return body


def test_there_are_enough() -> None:
    assert len(FILES) >= 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_can_be_read_in_two_ways_is_told(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rubric, issues = told(text, path.name)
    assert rubric is not None
    assert [str(issue) for issue in issues] == [expected(text)]
    assert [issue.level for issue in issues] == ["warning"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_message_names_its_clause_and_a_wording(path: Path) -> None:
    (issue,) = told(path.read_text(encoding="utf-8"), path.name)[1]
    assert issue.problem.startswith(("第", "等次“", "总分：", "报表“", "“"))
    assert issue.fix.startswith("建议写明")
    assert "；现" in issue.fix
    assert issue.line is not None and issue.path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_told_once_the_wording_is_followed(path: Path) -> None:
    rubric, issues = told(followed(path.read_text(encoding="utf-8")), path.name)
    assert rubric is not None
    assert [str(issue) for issue in issues] == []


def test_every_finding_has_its_file() -> None:
    """A finding that no file earns would be words nobody has read."""
    silent = {*linter.OF_ITEMS, *linter.OF_EXTRAS, *linter.OF_THE_WHOLE}
    assert FORMS is not None and REGISTER is not None
    for path in FILES:
        rubric, _ = told(path.read_text(encoding="utf-8"), path.name)
        assert rubric is not None
        reading = Reading(rubric.spec, rubric.document, FORMS, REGISTER, rubric.measures)
        silent -= {finding for finding in linter.OF_THE_WHOLE if list(finding(reading))}
        items = [item for items in reading.items() for item in items]
        extras = [extra for extras in reading.extras() for extra in extras]
        silent -= {finding for finding in linter.OF_ITEMS for item in items if list(finding(item))}
        silent -= {finding for finding in linter.OF_EXTRAS for extra in extras if list(finding(extra))}
    assert {finding.__name__ for finding in silent} == set()


@pytest.mark.parametrize("project", ["", "examples/nanjiang_2023", "examples/twelve_regions", "tests/projects/small"])
def test_clear_rubrics_earn_no_word(project: str) -> None:
    opened = open_project(ROOT / project)
    assert [str(issue) for issue in opened.issues if issue.level == "warning"] == []

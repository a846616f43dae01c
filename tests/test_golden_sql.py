"""The compiled SQL of small rubrics, one per kind of rule, beside golden files in tests/golden/.

A golden file proves one thing only: that the SQL has not changed unnoticed. It is written by the compiler that it
checks, so a wrong rule makes a wrong golden file and both agree for ever. Whether the SQL is right is shown elsewhere:
by the worked examples of test_rules.py, test_steps.py and test_compared.py (every kind here must occur there), by SQL written by hand over the raw files
in test_independent_sql.py, and by exact fractions in exactness/. What the golden files are for is reading: a change
of the compiler shows as a difference that a person can judge, kind by kind.

Only the `<group>__standing` and `<group>__points` queries are kept, in which a rule becomes a state and points. After a wanted change:

    UPDATE_GOLDEN=1 python -m pytest tests/test_golden_sql.py

and read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import get_args

import pytest

from scoring.engine.plan import make_plan
from scoring.rubric.rules import KINDS
from tests.tiny import Tiny, item

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
FIGURES = """
unit  done aim wrong late:decimal1 named:boolean signed:boolean
甲县   3    4   1     2.5           是            否
"""
WEEKLY = """\
form: weekly
title: 周报
dated_by: until
due: {every: week, weekday: 5, from: 2024-01-12, to: 2024-06-28}
columns:
  - {code: until, title: 日期, type: date, required: true}
"""
REVIEW = """\
form: review
title: 考核组评分
kept_by: office
dated_by: judged_on
columns:
  - {code: indicator, title: 指标代码, type: text, required: true}
  - {code: score, title: 评分, type: decimal, required: true}
  - {code: judged_on, title: 评分日期, type: date, required: true}
"""
RATIO = "actual: done\ntarget: aim\nvalue: 100 * actual / target\nmeasured_in: '%'\n"
SMALL = {
    "piecewise": RATIO + "rules: [{kind: piecewise, straight: [[50, 0], [80, 60% of full], [100, full]], below: 0}]",
    "bands": RATIO + "rules: [{kind: bands, bands: [{at_least: 100, points: full}, {above: 80, points: 60% of full}, {points: 1}]}]",
    "deductions": """
        rules:
          - kind: deductions
            parts: [{measure: wrong, each: 0.5, cap: 3}, {measure: late, each: 1, per: 2, whole_steps: true}, {if: not named, points: 2}]
        """,
    "awards": """
        rules:
          - kind: awards
            parts: [{measure: done, each: 1.5}, {if: signed, points: 2}]
            cap: full
            only_if: aim > 0
        """,
    "checklist_each": "rules: [{kind: checklist, need: each, items: [{if: named, points: 6}, {if: signed, points: 4}]}]",
    "checklist_all": "rules: [{kind: checklist, need: all, points: full, items: [{if: named}, {if: signed}]}]",
    "checklist_any": "rules: [{kind: checklist, need: any, points: 50% of full, items: [{if: named}, {if: done >= aim}]}]",
    "timeliness": "rules: [{kind: timeliness, form: weekly, late: 0.5, missing: 1}]",
    "steps": RATIO + "rules: [{kind: steps, start: 90, below: [{each: 1, lose: 0.2, until: 80}, {each: 5, lose: 1, whole_steps: true}]}]",
    "formula": RATIO + "base_zero: {then: no_points}\nrules: [{kind: formula, points: full * value / highest(value), only_if: named}]",
    "judged": "rules: [{kind: judged, limit: full}]",
    # not a kind: two rules that are added, and the states that a divisor and a condition bring
    "two_rules": """
        actual: done
        target: aim
        value: 100 * actual / target
        base_zero: {then: no_points}
        not_applicable: {when: not named, then: {share: 60%}, reason: 未明确}
        rules:
          - {kind: piecewise, straight: [[0, 0], [100, 8]]}
          - {kind: deductions, base: 2, parts: [{measure: wrong, each: 0.1}]}
        """,
}  # fmt: skip


def kinds() -> set[str]:
    """The kinds of rule that the rubric language knows."""
    return {str(get_args(one.model_fields["kind"].annotation)[0]) for one in KINDS}


def points_query(tmp_path: Path, name: str) -> str:
    project = Tiny(
        table=FIGURES,
        indicators=item(SMALL[name], full="10"),
        forms={"weekly": WEEKLY, "review": REVIEW},
    ).open(tmp_path)
    assert project.rubric is not None
    period = project.rubric.period("2024")
    plan = make_plan(project.rubric, period, period.cut_off)
    queries = [query for query in plan.queries if query.name in ("all__compared", "all__standing", "all__points")]
    return "\n\n".join(query.sql.rstrip("\n") for query in queries) + "\n"


@pytest.mark.parametrize("name", SMALL)
def test_the_sql_is_the_golden_one(tmp_path: Path, name: str) -> None:
    compiled, file = points_query(tmp_path, name), GOLDEN / f"{name}.sql"
    if UPDATE:
        file.write_text(compiled, encoding="utf-8", newline="\n")
    assert file.exists(), f"{file.name} 还没有：先用 UPDATE_GOLDEN=1 生成，读过再提交"
    assert compiled == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SMALL)
def test_the_sql_names_its_clause_and_no_float(tmp_path: Path, name: str) -> None:
    """Generated SQL is for reading: the clause and the rule stand in a comment; points are exact."""
    sql = points_query(tmp_path, name)
    assert re.search(r"-- 第x条 指标x（10 分）", sql), sql
    assert not re.search(r"DOUBLE|FLOAT|REAL|\bround\(|\d\.\d*e", re.sub(r"--.*", "", sql), re.IGNORECASE)


def test_every_kind_has_a_golden_file_and_every_file_a_kind() -> None:
    assert kinds() == {name.partition("_")[0] for name in SMALL if name != "two_rules"}
    assert {file.stem for file in GOLDEN.glob("*.sql")} == set(SMALL)


def test_every_kind_has_its_second_oracle() -> None:
    files = ("test_rules.py", "test_steps.py", "test_compared.py")
    worked = "".join((Path(__file__).parent / file).read_text(encoding="utf-8") for file in files)
    assert {kind for kind in kinds() if f"kind: {kind}" not in worked} == set()

"""What a rubric may say of 还能做的事: its words, its last days, every mistake told at once. One mistake each: bad_rubrics."""

from __future__ import annotations

from datetime import date
from pathlib import Path as Folder

import pytest

from scoring.project import open_project
from scoring.rubric.actions import told
from scoring.rubric.diff import differences
from scoring.rubric.model import Rubric
from tests.path.acting import acting
from tests.tiny import Tiny, item

RULES = item("rules: [{kind: awards, parts: [{measure: a, each: 1}], cap: full}]", "x", "50")
RULES += item("rules: [{kind: checklist, need: all, points: full, items: [{if: p, title: 甲}]}]", "y", "50")
TABLE = "单位 a p:boolean\n甲县 3 是\n乙县 1 否\n"
ACTIONS = """
- {code: do_a, title: 做甲, does: {a: +1}, effort: 0.5, most: 3, by: 12-31}
- {code: lose_a, title: 少甲, does: {a: -2, p: 是}, effort: {all: 2}, by: +10d}
- {code: set_p, title: 定乙, does: {p: 是}, effort: 1}
"""


def rubric(folder: Folder, actions: str = ACTIONS, **more: str) -> Rubric:
    found = acting(folder, Tiny(table=TABLE, indicators=RULES, **more), actions).project.rubric  # type: ignore[arg-type]
    assert found is not None
    return found


def test_in_words(tmp_path: Folder) -> None:
    found = rubric(tmp_path)
    assert [told(found, "all", one) for one in found.spec.actions] == [
        "做甲：a +1；每次 0.5 人·天，最多 3 次，12 月 31 日以前",
        "少甲：a −2、p变为“是”；每次 2 人·天，考核期结束后 10 天以前",
        "定乙：p变为“是”；每次 1 人·天",
    ]


@pytest.mark.parametrize(
    ("starts", "days"),
    [
        ("01-01", [date(2024, 12, 31), date(2025, 1, 10), date(2025, 1, 20)]),
        ("07-01", [date(2024, 12, 31), date(2025, 7, 10), date(2025, 7, 20)]),  # 2024-07-01 to 2025-06-30
    ],
)
def test_last_days(starts: str, days: list[date], tmp_path: Folder) -> None:
    found = rubric(tmp_path, starts=starts)
    period = found.period("2024")
    assert [one.last_day(found, period) for one in found.spec.actions] == days


def test_no_score_depends_on_them(tmp_path: Folder) -> None:
    """Two editions that differ in nothing else have no difference to tell."""
    with_, without = rubric(tmp_path / "with"), rubric(tmp_path / "without", ACTIONS.splitlines()[1])
    assert with_.spec.actions != without.spec.actions
    assert differences(with_, without) == ()


def test_every_mistake_is_told_at_once(tmp_path: Folder) -> None:
    actions = """
    - {code: do_a, title: 做甲, does: {aa: +1, p: +1}, effort: -1}
    - {code: do_a, title: 做乙, does: {a: 0}, effort: 1, groups: [none], needs: b > 0}
    """
    with pytest.raises(AssertionError):
        acting(tmp_path, Tiny(table=TABLE, indicators=RULES), actions)
    first = [issue.problem for issue in open_project(tmp_path).issues if issue.level == "error"]
    assert "工作量不能是负数" in first  # unreadable; what stands beside it is told all the same
    assert {"变化是 0，等于没有做", "没有分组“none”", "没有数据项“b”"} <= set(first)
    path = tmp_path / "config" / "scoring.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("effort: -1", "effort: 1"), encoding="utf-8")
    problems = {issue.problem for issue in open_project(tmp_path).issues if issue.level == "error"}
    line = path.read_text(encoding="utf-8").splitlines().index("  - {code: do_a, title: 做甲, does: {aa: +1, p: +1}, effort: 1}") + 1
    assert problems == {
        "没有数据项“aa”", "“p”只有是和否，不能写加几减几", f"代码“do_a”已用在第 {line} 行", "变化是 0，等于没有做",
        "没有分组“none”", "没有数据项“b”",
    }  # fmt: skip


def test_means_have_no_more_or_less(tmp_path: Folder) -> None:
    forms = {
        "marks": "form: marks\ntitle: 测评\nkept_by: office\ndated_by: given_on\ncolumns:\n"
        "  - {code: given_on, title: 日期, type: date, required: true}\n  - {code: mark, title: 分数, type: integer}\n"
    }
    tiny = Tiny(
        table="单位 a\n甲县 1\n", forms=forms, measures="m: {title: 平均分, form: marks, value: avg(mark)}",
        indicators=item("rules: [{kind: formula, points: m, most: full}]", "x", "50"),
    )  # fmt: skip
    with pytest.raises(AssertionError, match="“平均分”是平均数，不能说加几减几。请写计数或求和的数据项"):
        acting(tmp_path, tiny, "- {code: do_m, title: 做, does: {m: +1}, effort: 1}\n")

"""Points above full marks: how far an item may go, what its section makes of it, what was said to have no limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.engine.placed import placed
from scoring.rubric.words import adjustment
from tests.tiny import Scores, Tiny, block, item, n

OVER = "rules: [{kind: steps, start: aim, below: {lose: 1}, above: {gain: 0.5}}]"
TABLE = "unit x aim\n甲县 13 10\n乙县 20 10\n丙县 10 10\n丁县 _ 10"


def scored(tmp_path: Path, at_most: str, section: str = "") -> Scores:
    """An item of 10 that gains 0.5 for each thing above the task."""
    body = item(f"actual: x\nat_most: {at_most}\n{OVER}")
    sections = f"- code: part\n  title: 第一部分\n{section}  indicators:\n{block(body, 4)}"
    return Tiny(TABLE, sections=sections, total="{at_least: 0, at_most: none}").score(tmp_path)


def test_an_item_goes_above_its_full_marks_up_to_the_most(tmp_path: Path) -> None:
    scores = scored(tmp_path, "12")
    # 3 more → 11.5; 10 more → 15, held at 12; on target 10
    assert [scores.points(unit) for unit in ("甲县", "乙县", "丙县")] == [n("11.5"), n(12), n(10)]
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县")] == [n("11.5"), n(12)]
    assert [scores.item(unit)["full_marks"] for unit in ("甲县", "丙县")] == [n(10), n(10)]


def test_nothing_is_lost_above_full_marks(tmp_path: Path) -> None:
    scores = scored(tmp_path, "12")
    assert [scores.item(unit)["points_lost"] for unit in ("甲县", "乙县", "丙县")] == [n(0), n(0), n(0)]


def test_a_missing_figure_can_still_reach_the_most(tmp_path: Path) -> None:
    assert scored(tmp_path, "12").range("丁县") == (n(0), n(12))


def test_the_section_keeps_its_full_marks(tmp_path: Path) -> None:
    scores = scored(tmp_path, "12", "  full_marks: 10\n")
    # the item has 11.5 and 12, its section no more than 10
    assert [scores.node(unit, "part")["points"] for unit in ("甲县", "乙县", "丙县")] == [n(10), n(10), n(10)]


def test_no_limit_at_all(tmp_path: Path) -> None:
    scores = scored(tmp_path, "none")
    # 10 more × 0.5 → 15; a missing figure has no upper end
    assert scores.points("乙县") == n(15)
    assert scores.range("丁县") == (n(0), None)
    assert scores.project.rubric is not None
    (one,) = placed(scores.project.rubric, "all")
    assert one.heading == "第x条 指标x（10 分，可以超过，不封顶）"
    assert one.words == "x达到aim得 10 分，每低 1 扣 1 分，每高 1 加 0.5 分，扣完为止，不封顶"


def test_full_marks_where_it_does_not_apply_or_the_divisor_is_zero(tmp_path: Path) -> None:
    """得满分 is full marks, not the most."""
    body = (
        "value: 100 * x / aim\nat_most: 12\nbase_zero: {then: full_marks}\n"
        "not_applicable: {when: x = 7, then: full_marks, reason: 试点}\n"
        "rules: [{kind: formula, points: value / 10}]"
    )
    scores = Tiny("unit x aim\n甲县 3 0\n乙县 7 10\n丙县 13 10", item(body)).score(tmp_path)
    # 甲 no task → 10; 乙 does not apply → 10; 丙 130 % → 13, held at 12
    assert [scores.points(unit) for unit in ("甲县", "乙县", "丙县")] == [n(10), n(10), n(12)]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{kind: awards, parts: [{measure: x, each: 1}]}", "x每个得 1 分，最高得 12 分"),
        ("{kind: formula, points: x}", "得分 = x，最高 12 分"),
        ("{kind: bands, bands: [{at_least: 12, points: 12}, {points: 0}]}", "x不低于 12 得 12 分，其余不得分"),
    ],
)
def test_rules_know_the_most(tmp_path: Path, rule: str, words: str) -> None:
    """They reach it without a limit of their own, and without a warning that what is above full marks is lost."""
    scores = Tiny("unit x\n甲县 12\n乙县 40", item(f"actual: x\nat_most: 12\nrules: [{rule}]")).score(tmp_path)
    assert [scores.points(unit) for unit in ("甲县", "乙县")] == [n(12), n(12)]
    assert [issue.problem for issue in scores.project.issues] == ["“县区”各一级指标满分合计 10，与分组满分 100 不符"]
    assert scores.project.rubric is not None
    assert [one.words for one in placed(scores.project.rubric, "all")] == [words]


SILENT = {
    "awards": ("rules: [{kind: awards, cap: none, parts: [{measure: x, each: 1}]}]", "x每个得 1 分，不封顶"),
    "steps": (
        "rules: [{kind: steps, of: x, start: 10, points: 0, most: none, above: {gain: 1}}]",
        "x高于 10 的，每高 1 加 1 分，不封顶",
    ),
    "formula": ("rules: [{kind: formula, points: x, most: none}]", "得分 = x，不封顶"),
}


@pytest.mark.parametrize("kind", SILENT)
def test_what_is_said_to_have_no_limit_earns_no_warning(tmp_path: Path, kind: str) -> None:
    body, words = SILENT[kind]
    scores = Tiny("unit x\n甲县 12\n乙县 400", item(body, full=None)).score(tmp_path)
    assert [issue.problem for issue in scores.project.issues] == []
    # nothing holds 400: 400, 390 above 10, 400
    assert scores.points("乙县") == n(390 if kind == "steps" else 400)
    assert scores.project.rubric is not None
    assert [one.words for one in placed(scores.project.rubric, "all")] == [words]


@pytest.mark.parametrize(
    ("written", "words", "total"),
    [
        ("kind: bonus, pool: none", "x每个加 2 分；不封顶", 124),
        ("kind: penalty, cap: none", "x每个扣 2 分；不封顶", 76),
    ],
)
def test_adjustments_that_are_said_to_have_no_limit(tmp_path: Path, written: str, words: str, total: int) -> None:
    extra = f"[{{{written}, code: e, title: 增减, clause: 九, parts: [{{measure: x, each: 2}}]}}]"
    body = item("rules: [{kind: formula, points: y}]", full="100")
    scores = Tiny("unit x y\n甲县 12 100", body, adjustments=extra, total="{at_least: 0, at_most: none}").score(tmp_path)
    # 12 × 2 = 24 on, or off, 100
    assert scores.total("甲县")["total"] == n(total)
    assert [issue.problem for issue in scores.project.issues] == []
    rubric = scores.project.rubric
    assert rubric is not None
    assert adjustment(rubric, "all", rubric.spec.adjustments[0]) == words

"""What each total is made of: pieces by hand, and on every example they add up to the official total."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from scoring.engine import Assessment
from scoring.project import open_project
from scoring.reports.composition import LOST, OPEN, TAKEN, colours, legend, stacks
from scoring.reports.drawing import captioned
from scoring.reports.pictures import png
from scoring.reports.stacked_picture import Stack, stacked
from tests.demo import ROOT, demo
from tests.tiny import Tiny

# 办案 is worth 60: cases of 10; 宣传 is worth 40: articles of 10. 乙县's articles were not handed in.
#        办案         宣传          得分   还可能   失分
# 甲县   60×9÷10=54   40×5÷10=20   74     0        26
# 乙县   60×6÷10=36   ?            36     40       24
TABLE = """
unit cases news
甲县 9 5
乙县 6 _
"""
INDICATORS = """
- {code: casework, title: 办案, clause: 第一条, full_marks: 60, value: cases, rules: [{kind: piecewise, straight: [[0, 0], [10, full]]}]}
- {code: articles, title: 宣传, clause: 第二条, full_marks: 40, value: news, missing: pending, rules: [{kind: piecewise, straight: [[0, 0], [10, full]]}]}
"""
HUNDREDTH = Decimal("0.01")


def drawn(result: Assessment, group: str, opened: bool = True) -> list[Stack]:
    rows = result.rows("ranking", group=group)
    return stacks(result, rows, lambda unit: opened, lambda row: "", lambda unit, section: f"unit?unit={unit}")


def amounts(one: Stack) -> dict[str, Decimal]:
    return {piece.name: piece.amount for piece in one.pieces if piece.amount}


def test_pieces_by_hand(tmp_path: Path) -> None:
    project = open_project(Tiny(table=TABLE, indicators=INDICATORS).write(tmp_path))
    assert project.ready, project.issues
    result = project.assess("2024", project.period("2024").cut_off)
    group = next(iter(result.rubric.groups))
    first, second = drawn(result, group)
    (section,) = result.rubric.sections(group)
    assert (first.title, amounts(first)) == ("甲县", {section.title: Decimal(74), LOST: Decimal(26)})
    assert (second.title, amounts(second)) == ("乙县", {section.title: Decimal(36), OPEN: Decimal(40), LOST: Decimal(24)})
    shut = drawn(result, group, opened=False)[0]
    assert amounts(shut) == {"总分（不分项）": Decimal(74), LOST: Decimal(26)}


EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if (path / "config").is_dir())


@pytest.mark.parametrize("folder", [ROOT, *EXAMPLES], ids=lambda path: path.name if path != ROOT else "demo")
def test_what_was_earned_less_what_was_taken_is_the_total(folder: Path) -> None:
    """To a hundredth: what rounding the total adds is too small to be drawn."""
    project, seen = demo() if folder == ROOT else open_project(folder), 0
    assert project.ready and project.has_data
    for label in project.periods:
        result = project.assess(label, project.period(label).cut_off)
        for group in result.rubric.groups:
            for row, one in zip(result.rows("ranking", group=group), drawn(result, group), strict=True):
                earned = sum((p.amount for p in one.pieces if p.kind == "earned"), Decimal(0))
                taken = sum((p.amount for p in one.pieces if p.kind == "taken"), Decimal(0))
                assert all(piece.amount >= 0 for piece in one.pieces)
                if row["total"] is not None:
                    seen += 1
                    assert abs(earned - taken - row["total"]) < HUNDREDTH, (one.title, amounts(one))
    assert seen


def test_the_picture_has_every_bar_and_every_link() -> None:
    project = demo()
    result = project.assess("2024", project.period("2024").cut_off)
    found, palette = drawn(result, "county"), colours(result, "county")
    text = stacked(found, palette, "县区总分组成", "light")
    assert all(f">{one.title}</text>" in text for one in found) and 'role="group"' in text
    assert {name for name, _, _ in legend(found, palette)} >= {TAKEN, LOST, OPEN}
    pieces = sum(bool(piece.amount) for one in found for piece in one.pieces)
    assert text.count("<rect") == pieces and len(re.findall(r"<a href=", text)) == pieces + len(found)
    paper = captioned(text, "数据截至 2025-01-20")
    assert "数据截至 2025-01-20" in paper and png(paper).startswith(b"\x89PNG")
    assert stacked([], palette, "", "light") == ""

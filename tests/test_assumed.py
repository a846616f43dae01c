"""What a text leaves open and the author chose: found wherever it can be written, told by explain, score and diff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scoring.__main__ import SCORED, main
from scoring.rubric.assumed import assumed, closing_note, listed, notices
from scoring.rubric.diff import differences
from tests.test_diff import TEXT, changed, typed

Capture = pytest.CaptureFixture[str]
# One in every place where it can be written.
EVERYWHERE = (
    ("    title: 查办案件\n", "    title: 查办案件\n    assumption: 标题分值照录。\n"),
    ("title: 积案, clause: 第五条,", "title: 积案, clause: 第五条, assumption: 每年年底数一次,"),
    ("title: 受到表扬, clause: 第八条,", "title: 受到表扬, clause: 第八条, assumption: 同一件事只计一次,"),
    ("title: 被曝光, clause: 第九条,", "title: 被曝光, clause: 第九条, assumption: 查实的才算,"),
    ("title: 弄虚作假, clause: 第十条,", "title: 弄虚作假, clause: 第十条, assumption: 由考核组认定,"),
    ("{title: 合格, at_least: 60}", "{title: 合格, at_least: 60, assumption: 60 分算合格}"),
    (
        "total: {at_least: 0, at_most: none}",
        "total: {at_least: 0, at_most: none}\n"
        "consequences: [{clause: 第十一条, when: place_from_last <= 1, action: 约谈, edge: in, assumption: 每组各一个}]\n"
        "assumptions: [{clause: 第十二条, text: 按自然年}]",
    ),
)
TOLD = [
    "第一条至第三条“查办案件”一级：标题分值照录",
    "第五条“积案”：每年年底数一次",
    "第八条加分“受到表扬”：同一件事只计一次",
    "第九条扣分“被曝光”：查实的才算",
    "第十条一票否决“弄虚作假”：由考核组认定",
    "等次“合格”：60 分算合格",
    "第十一条“约谈”：每组各一个",
    "第十二条：按自然年",
]


def test_every_place_is_found_with_its_clause_in_the_order_of_the_text() -> None:
    rubric = typed(changed(*EVERYWHERE))
    assert rubric is not None
    assert [one.words for one in assumed(rubric.spec)] == TOLD
    assert closing_note(rubric, " check") == "本办法有 8 处原文未写明、由编写者认定，见 check。"


def test_a_notice_stands_at_its_line_and_is_neither_error_nor_warning() -> None:
    text = changed(*EVERYWHERE)
    rubric = typed(text)
    assert rubric is not None
    found = notices(rubric)
    assert {issue.level for issue in found} == {"notice"} and not any(issue.stops_scoring for issue in found)
    assert [issue.line for issue in found] == sorted(issue.line or 0 for issue in found)
    lines = text.splitlines()
    for issue in found:
        told = issue.problem.partition("：")[2]
        assert issue.line is not None and told in lines[issue.line - 1]
    assert rubric.warnings == ()


def test_for_other_programs_nothing_is_left_out() -> None:
    rubric = typed(changed(*EVERYWHERE))
    assert rubric is not None
    found = listed(rubric)
    assert [one["text"] for one in found] == [told.partition("：")[2] for told in TOLD]
    assert found[1]["code"] == "backlog" and found[1]["clause"] == "第五条" and found[5]["clause"] is None


def test_a_rubric_without_any_says_nothing(capsys: Capture) -> None:
    rubric = typed(TEXT)
    assert rubric is not None
    assert not assumed(rubric.spec) and closing_note(rubric, " check") == ""
    small = str(Path(__file__).parent / "projects" / "small")
    assert main(["score", "--project", small, "--as-of", "2025-01-20"]) == SCORED
    assert "认定" not in capsys.readouterr().out
    assert main(["score", "--project", small, "--as-of", "2025-01-20", "--format", "json"]) == SCORED
    assert json.loads(capsys.readouterr().out)["assumptions"] == []


WORDS = [
    "一级指标“查办案件”：认定由“无”改为“标题分值照录。”",
    "第五条“积案”：认定由“无”改为“每年年底数一次”",
    "第八条“受到表扬”：认定由“无”改为“同一件事只计一次”",
    "第九条“被曝光”：认定由“无”改为“查实的才算”",
    "第十条“弄虚作假”：认定由“无”改为“由考核组认定”",
    "第十一条“约谈”：认定由“无”改为“每组各一个”",
    "全办法：等次的认定由“无”改为“合格：60 分算合格”",
    "全办法：其他认定由“无”改为“第十二条：按自然年”",
]


def test_diff_tells_each_that_changed() -> None:
    (place, written) = EVERYWHERE[-1]
    before = (place, written.partition(", assumption:")[0] + "}]")  # the consequence, which TEXT has not
    old, new = typed(changed(before)), typed(changed(*EVERYWHERE))
    assert old is not None and new is not None
    assert [one.words for one in differences(old, new)] == WORDS


def test_an_assumption_settles_what_the_linter_asks_for_in_a_note() -> None:
    """Each 1% of a rate below 90%: points or a hundredth of it? The author has said which."""
    steps = "rules: [{kind: steps, start: 90, below: {each: 1, lose: 1, whole_steps: false}}]"
    line = "         rules: [{kind: piecewise, straight: [[60, 0], [100, full]], below: 0}],"
    asked = typed(changed((line, f"         {steps},")))
    said = typed(changed((line, f"         {steps}, assumption: 每低 1 个百分点,")))
    assert asked is not None and said is not None
    assert [issue for issue in asked.warnings if "百分点" in issue.problem]
    assert not [issue for issue in said.warnings if "百分点" in issue.problem]

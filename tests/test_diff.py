"""What differs between two editions, in words; who moves by it, and because of which clause. Expectations by hand."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest
import yaml

from scoring.__main__ import NOT_SCORED, SCORED, WRONG_USE, main
from scoring.insight.moved import Change, Move, Moved, moved
from scoring.insight.told import difference_text
from scoring.project import open_project
from scoring.project.opening import working_project
from scoring.rubric import Rubric
from scoring.rubric.diff import Difference, differences
from scoring.rubric.load import type_rubric
from scoring.rubric.pairing import paired
from scoring.rubric.rules import Timeliness
from scoring.source import loads
from tests.demo import ROOT, demo
from tests.test_editions import edition
from tests.tiny import Tiny, item, n

SMALL = ROOT / "tests" / "projects" / "small"
TEXT = (SMALL / "config" / "scoring.yaml").read_text(encoding="utf-8")
Capture = pytest.CaptureFixture[str]


@cache
def parts() -> Any:
    return open_project(SMALL)


def typed(text: str) -> Rubric | None:
    """The rubric of a text over the forms of the small project, if it holds."""
    document, issues = loads(text, "config/scoring.yaml")
    if document is None or issues:
        return None
    return type_rubric(document, issues, parts().forms, parts().register)[0]


def changed(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


def told(*pairs: tuple[str, str]) -> list[str]:
    """The differences of the small rubric and the same with some text replaced."""
    old, new = typed(TEXT), typed(changed(*pairs))
    assert old is not None and new is not None
    return [one.words for one in differences(old, new)]


# --- each kind of difference, in words ---------------------------------------------------------------------

RENUMBERED = ("clause: 第七条, full_marks: 10", "clause: 第七条（一）, full_marks: 10")
QUALITY = "      - {code: quality, title: 案卷质量, clause: 第三条, full_marks: {county: 10}, rules: [{kind: judged, limit: full}]}\n"
WORDS: dict[str, tuple[tuple[tuple[str, str], ...], list[str]]] = {
    "nothing": ((), []),
    "full marks": (
        (("full_marks: {county: 30}", "full_marks: {county: 25}"),),
        ["第一条“任务完成率”：满分由“30 分”改为“25 分”"],
    ),
    "full marks of one group": (
        (("full_marks: {county: 20, department: 20}", "full_marks: {county: 20, department: 15}"),),
        ["第二条“结案率”：满分（成员单位）由“20 分”改为“15 分”"],
    ),
    "full marks of a section": (
        (("full_marks: {county: 60, department: 20}", "full_marks: {county: 55, department: 20}"),),
        ["一级指标“查办案件”：满分（县区）由“60 分”改为“55 分”"],
    ),
    "the corner of a line": (
        (("straight: [[60, 0], [100, full]]", "straight: [[50, 0], [100, full]]"),),
        [
            "第一条“任务完成率”：规则由“任务完成率达到 100% 得 30 分；60% 至 100% 之间按比例由 0 分计到 30 分；"
            "低于 60% 不得分”改为“任务完成率达到 100% 得 30 分；50% 至 100% 之间按比例由 0 分计到 30 分；低于 50% 不得分”"
        ],
    ),
    "points of a band": (
        (("{at_least: 80, points: 60% of full}", "{at_least: 80, points: 50% of full}"),),
        [
            "第二条“结案率”：规则由“100 ×（立案总数 − 未结案数）÷ 立案总数不低于 90 得 20 分，不低于 80 得 12 分，其余不得分”"
            "改为“100 ×（立案总数 − 未结案数）÷ 立案总数不低于 90 得 20 分，不低于 80 得 10 分，其余不得分”"
        ],
    ),
    "a price": (
        (("{measure: open_cases, each: 2, cap: 6}", "{measure: open_cases, each: 1.5, cap: 6}"),),
        [
            "第五条“积案”：规则由“未结案数每件扣 2 分，最多扣 6 分，扣完为止”改为“未结案数每件扣 1.5 分，最多扣 6 分，扣完为止”"
        ],
    ),
    "a flag": (
        (("flag: {when: value < 100, label: 办案量不达标", "flag: {when: value < 90, label: 办案量不达标"),),
        [
            "第一条“任务完成率”：阈值由“任务完成率低于 100% 时列为“办案量不达标”，差距按办案任务 − 行政立案数计”"
            "改为“任务完成率低于 90% 时列为“办案量不达标”，差距按办案任务 − 行政立案数计”"
        ],
    ),
    "a target": (
        (("target: task, value", "target: all_cases, value"),),
        ["第一条“任务完成率”：目标由“办案任务”改为“立案总数”"],
    ),
    "a value": (
        (("value: 100 * actual / target", "value: 50 * actual / target"),),
        [
            "第一条“任务完成率”：指标值由“100 × 行政立案数 ÷ 办案任务（%）”改为“50 × 行政立案数 ÷ 办案任务（%）”",
        ],
    ),
    "a remedy": (
        (('remedy: "还差 {gap} 件"', 'remedy: "差 {gap} 件，抓紧办"'),),
        ["第一条“任务完成率”：整改建议由“还差〔差距〕件”改为“差〔差距〕件，抓紧办”"],
    ),
    "a title": (
        (("title: 积案, clause", "title: 未结案件, clause"),),
        ["第五条“未结案件”：改名由“积案”改为“未结案件”"],
    ),
    "a clause": ((RENUMBERED,), ["第七条→第七条（一）“信息”：条款改号由“第七条”改为“第七条（一）”"]),
    "another section": (
        ((QUALITY, ""), ("  - code: duty\n    title: 日常工作\n    full_marks: {county: 40, department: 30}\n    indicators:\n",
          "  - code: duty\n    title: 日常工作\n    full_marks: {county: 40, department: 30}\n    indicators:\n" + QUALITY)),
        ["第三条“案卷质量”：移动由“一级指标“查办案件””改为“一级指标“日常工作””"],
    ),
    "an indicator gone": (
        ((QUALITY, ""),),
        ["第三条“案卷质量”：指标取消，原为满分 10 分，规则：由考核组评分，最高 10 分；未评分的暂缺"],
    ),
    "who is assessed": (
        (("clause: 第六条, full_marks: {county: 10}", "clause: 第六条, full_marks: {county: 10, department: 10}"),),
        ["第六条“组织领导”：考核范围由“县区”改为“县区、成员单位”"],
    ),
    "another code, same title": (
        (("code: backlog", "code: open_cases_item"),),
        ["第五条“积案”：改代码由“backlog”改为“open_cases_item（名称相同，视为同一指标，请核对）”"],
    ),
    "another code, same clause": (
        (("code: backlog, title: 积案", "code: open_cases_item, title: 未结案"),),
        [
            "第五条“未结案”：改代码由“backlog”改为“open_cases_item（条款相同，视为同一指标，请核对）”",
            "第五条“未结案”：改名由“积案”改为“未结案”",
        ],
    ),
    "absence of one": (
        (("clause: 第四条, full_marks: 10, rules", "clause: 第四条, full_marks: 10, missing: no_points, rules"),),
        ["第四条“快报”：未报送的处理由“按全办法的规定”改为“不得分”"],
    ),
    "a divisor of 0": (
        (("base_zero: {then: not_applicable}", "base_zero: {then: full_marks}"),),
        ["第二条“结案率”：分母为零的处理由“按不适用处理”改为“得满分”"],
    ),
    "a bonus": (
        (("parts: [{measure: praised, each: 2}], pool: 3", "parts: [{measure: praised, each: 1}], pool: 3"),),
        [
            "第八条“受到表扬”：加分由“表扬次数每次加 2 分；合计最多加 3 分；须基础得分不低于 60，否则不加”"
            "改为“表扬次数每次加 1 分；合计最多加 3 分；须基础得分不低于 60，否则不加”"
        ],
    ),
    "a penalty": (
        (("parts: [{measure: exposed, each: 1}], cap: 3", "parts: [{measure: exposed, each: 1}], cap: 5"),),
        ["第九条“被曝光”：扣分由“曝光次数每次扣 1 分；合计最多扣 3 分”改为“曝光次数每次扣 1 分；合计最多扣 5 分”"],
    ),
    "a veto": (
        (("score_at_most: 59", "score_at_most: 40"),),
        [
            "第十条“弄虚作假”：否决由“弄虚作假次数大于 0 时，总分不超过 59 分，等次定为不合格”"
            "改为“弄虚作假次数大于 0 时，总分不超过 40 分，等次定为不合格”"
        ],
    ),
    "a penalty gone": (
        (("  - {kind: penalty, code: exposure, title: 被曝光, clause: 第九条, parts: [{measure: exposed, each: 1}], cap: 3}\n", ""),),
        ["第九条“被曝光”：扣分取消，原为曝光次数每次扣 1 分；合计最多扣 3 分"],
    ),
    "what is counted": (
        (("praised: {title: 表扬次数, unit: 次, form: events, value: count(*), where: kind = '表扬'}",
          "praised: {title: 表扬次数, unit: 次, form: events, value: count(*)}"),),
        ["第八条 数据项“表扬次数”：数据口径由“事件登记，行数，只数事件为“表扬”的，以次计”改为“事件登记，行数，以次计”"],
    ),
    "grades": (
        (("{title: 优秀, at_least: 90, quota: {share: 50%", "{title: 优秀, at_least: 85, quota: {share: 30%"),),
        [
            "全办法：等次由“90 分以上优秀（名额不超过本组的 50%，零头舍去，名额处同分的都不进）；60 分以上合格；其余不合格”"
            "改为“85 分以上优秀（名额不超过本组的 30%，零头舍去，名额处同分的都不进）；60 分以上合格；其余不合格”"
        ],
    ),
    "ties": (
        (("places: {ties: 1-1-3, break_by: [handling]}", "places: {ties: 1-1-2, break_by: []}"),),
        [
            "全办法：名次规则由“同分先比查办案件，再同分并列，下一名跳号，按舍入后的总分排名”"
            "改为“同分并列，下一名不跳号，按舍入后的总分排名”"
        ],
    ),
    "rounding": (
        (("item: 2, section: none, total: 2", "item: 1, section: none, total: 1"),),
        ["全办法：舍入由“四舍五入：指标得分和每项加扣分保留 2 位小数、总分保留 2 位小数”改为“四舍五入：指标得分和每项加扣分保留 1 位小数、总分保留 1 位小数”"],
    ),
    "absence": ((("missing: pending", "missing: no_points"),), ["全办法：未报送的处理由“暂缺”改为“不得分”"]),
    "cut-off": (
        (("cut_off: +20d", "cut_off: +30d"),),
        ["全办法：考核期由“每年 1 月 1 日起一年，期满后 20 天内收到的计入”改为“每年 1 月 1 日起一年，期满后 30 天内收到的计入”"],
    ),
    "a group": (
        (("units: {kinds: [county, zone]}", "units: {kinds: [county]}"),),
        ["“县区”组：考核分组由“甲县、乙县、丙区”改为“甲县、乙县”"],
    ),
    "edition and document alone": (
        (('edition: "2024"', 'edition: "2025"'), ("〔2024〕1号, in_force: 2024-01-01", "〔2025〕1号, in_force: 2025-01-01")),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_each_difference_in_words(name: str) -> None:
    pairs, expected = WORDS[name]
    assert told(*pairs) == expected


def test_a_new_indicator_tells_itself_whole() -> None:
    old, new = typed(changed((QUALITY, ""))), typed(TEXT)
    assert old is not None and new is not None
    (one,) = differences(old, new)
    assert one == Difference(
        "指标新增", "“案卷质量”", None, "满分 10 分，规则：由考核组评分，最高 10 分；未评分的暂缺", None, "第三条", code="quality"
    )  # fmt: skip
    assert (one.clause, one.words[:14]) == ("第三条", "第三条“案卷质量”：指标新增")


SAME = {
    "a share as points": (("{at_least: 80, points: 60% of full}", "{at_least: 80, points: {county: 12, department: 60% of full}}"),),
    "a map as one number": (("parts: [{measure: news, each: 2}], cap: full", "parts: [{measure: news, each: {county: 2, department: 2}}], cap: 10"),),
    "what is so without saying": (("rules: [{kind: judged, limit: full}]", "rules: [{kind: judged}]"),),
    "another code for what is counted": (
        ("exposed: {title: 曝光次数", "shown: {title: 曝光次数"), ("measure: exposed", "measure: shown"),
    ),
    "another code for what a rule counts": (
        ("\n  open_cases: {title", "\n  unclosed: {title"),
        ("(all_cases - open_cases)", "(all_cases - unclosed)"),
        ("measure: open_cases", "measure: unclosed"),
    ),
    "a formula set otherwise": (("when: news < news_before", "when: (news<news_before)"),),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_what_says_the_same_is_no_difference(name: str) -> None:
    assert told(*SAME[name]) == []


# --- nothing is passed over --------------------------------------------------------------------------------

CHECKED = "items: [{if: set_up, points: 6}, {if: contact, points: 4}]"


def test_a_condition_hidden_behind_its_title_is_told() -> None:
    first = changed((CHECKED, "items: [{if: set_up, points: 6, title: 成立}, {if: contact, points: 4, title: 明确}]"))
    second = first.replace("{if: contact, points: 4, title: 明确}", "{if: not contact, points: 4, title: 明确}")
    old, new = typed(first), typed(second)
    assert old is not None and new is not None
    (one,) = differences(old, new)
    assert (one.what, one.before, one.after) == (
        "规则", "成立领导小组得 6 分；明确联络员得 4 分", "成立领导小组得 6 分；“明确联络员”为否的得 4 分",
    )  # fmt: skip


def test_two_figures_of_one_title_are_told_apart() -> None:
    """The rule reads the same: what it counts is another thing of the same name."""
    (one,) = told(
        (
            "open_cases: {title",
            "open_all: {title: 未结案数, unit: 件, form: cases, value: count(*)}\n  open_cases: {title",
        ),
        ("{measure: open_cases, each: 2", "{measure: open_all, each: 2"),
    )
    assert one.startswith("第五条“积案”：规则由“未结案数：") and "只数" in one and "改为" in one


OTHERWISE = {
    "1-1-3": "1-1-2", "down": "up", "out": "in", "pending": "no_points", "rounded": "exact", "none": 3, "full": "50% of full",
    "not_applicable": "no_points", "each": "any", "ranked_in_group": "ranked_in_group", "+20d": "+25d", "01-01": "02-01",
    "whole_last_year": "same_days_last_year", "50%": "40%", "county": "department", "cases": "news", "count(*)": "count(*) + 1",
}  # fmt: skip


def leaves(node: Any, loc: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*loc, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from leaves(value, (*loc, index))
    else:
        yield loc, node


def otherwise(value: Any) -> list[Any]:
    """Values that a writer might put instead; one of them holds, as a rule."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value + 1, value - 1]
    if value in OTHERWISE:
        return [OTHERWISE[value]]
    formula = value.replace("<", "<=").replace(">", ">=").replace(" = ", " <> ").replace("100", "90")
    return [formula if formula != value else f"{value}改"]


def test_no_change_of_the_text_is_passed_over() -> None:
    """Every entry of the rubric written otherwise, one at a time: what is typed otherwise is told, in Chinese alone."""
    data = yaml.safe_load(TEXT)
    old = typed(TEXT)
    assert old is not None
    tried = 0
    for loc, value in leaves(data):
        if loc[0] in ("rubric", "edition", "document"):
            continue
        for other in otherwise(value):
            copy = yaml.safe_load(TEXT)
            node = copy
            for key in loc[:-1]:
                node = node[key]
            node[loc[-1]] = other
            new = typed(yaml.safe_dump(copy, allow_unicode=True, sort_keys=False))
            if new is None or new.spec == old.spec:
                continue
            tried += 1
            found = differences(old, new)
            assert found, (loc, value, other)
            for one in found:
                words = re.sub(r"[a-z_]+（|由“[a-z_]+”", "", one.words) if one.what == "改代码" else one.words
                assert not re.search(r"[A-Za-z_]{2,}", words), one.words
                assert one.what not in ("", "其他"), one
            break
    assert tried > 100


def test_a_field_that_nothing_tells_is_still_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the language of rubrics learns a word before this module does."""
    from scoring.rubric import diff

    monkeypatch.setattr(diff, "INDICATOR", tuple(one for one in diff.INDICATOR if one[0] != "整改建议"))
    (one,) = told(('remedy: "还差 {gap} 件"', 'remedy: "差 {gap} 件"'))
    assert one.startswith("第一条“任务完成率”：其他由“config/scoring.yaml 第 ") and one.endswith(" 行”")


def test_what_the_sentence_of_a_rule_leaves_out_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Timeliness, "words", lambda *_: "快报：迟报、未报扣分")
    (one,) = told(("form: brief, late: 1, missing: 2", "form: brief, late: 0.5, missing: 2"))
    assert one.startswith("第四条“快报”：其他由“config/scoring.yaml 第 ")


def test_pairs_prefer_the_title_to_the_clause() -> None:
    old = typed(TEXT)
    new = typed(
        changed(
            ("code: backlog, title: 积案, clause: 第五条", "code: one, title: 别的, clause: 第五条"),
            ("code: organised, title: 组织领导, clause: 第六条", "code: two, title: 积案, clause: 第六条"),
        )
    )
    assert old is not None and new is not None
    assert paired(old, new).recoded == {"backlog": "two"}, "组织领导 is gone: its clause is taken by 积案"


# --- who moves, and by which clause ------------------------------------------------------------------------

AWARDS = "".join(item(f"rules: [{{kind: awards, parts: [{{measure: {code}, each: 1}}]}}]", code) for code in "abc")
ITEM_C = textwrap.indent(AWARDS[AWARDS.index("- code: c\n") :], " " * 6)
DENSE = "{ties: 1-1-2, break_by: []}"


def compared(folder: Path, table: str, *changes: tuple[str, str], **more: str) -> Moved:
    """A tiny project scored by a copy of its rubric with `changes` (the old edition) and by the rubric (the new one)."""
    groups = "{all: {title: 县区, units: {kinds: [county]}, full_marks: 30}}"
    Tiny(table, **{"indicators": AWARDS, "groups": groups, **more}).write(folder)  # type: ignore[arg-type]
    edition(folder, "2023", "2021-01-01", *changes)
    project = open_project(folder)
    assert project.ready, "\n".join(map(str, project.issues))
    new, (old,) = project.edition("2024"), project.rubrics_named("2023")
    assert isinstance(old, Rubric), old
    return moved(project.store, old, new, "2024", new.period("2024").cut_off)


def by_title(found: Moved) -> dict[str, Move]:
    return {move.title: move for move in found.moves}


Summary = tuple[str, Decimal | None, Decimal | None, Decimal | None]


def told_of(changes: tuple[Change, ...]) -> list[Summary]:
    """Clauses, points before and after, difference."""
    ends = [[None if end is None else end.known for end in (one.before, one.after)] for one in changes]
    return [("→".join(one.clauses), *end, one.difference) for one, end in zip(changes, ends, strict=True)]


def test_a_unit_whose_own_points_stay_is_told_who_passed_it(tmp_path: Path) -> None:
    """b is worth 0.5 before and 1 now: 乙 goes from 2 to 4 and passes 甲, who has 3 both times; 丙 stays last with 1."""
    table = "unit a b c\n甲县 3 0 0\n乙县 0 4 0\n丙县 1 0 0\n"
    found = compared(tmp_path, table, ("measure: b, each: 1", "measure: b, each: 0.5"))
    moves = by_title(found)
    assert list(moves) == ["乙县", "甲县"]
    up, down = moves["乙县"], moves["甲县"]
    assert (up.places, up.totals, told_of(up.changes)) == ((2, 1), (n(2), n(4)), [("第b条", n(2), n(4), n(2))])
    assert [one.title for one in up.passed] == ["甲县"] and up.passed_by == ()
    assert (down.places, down.totals, down.changes) == ((1, 2), (n(3), n(3)), ())
    (other,) = down.passed_by
    assert (other.title, other.places, told_of(other.changes)) == ("乙县", (2, 1), [("第b条", n(2), n(4), n(2))])
    assert (up.clauses, down.clauses) == (("第b条",), ("第b条",))
    lines = difference_text(found)
    at = lines.index("甲县　第 1 名 → 第 2 名　总分 3.00 → 3.00")
    assert lines[at + 1 :] == [
        "  本单位各项得分没有变",
        "  被超过：乙县（第 2 名 → 第 1 名，第b条 指标b 2.00 → 4.00（+2.00））",
    ]


def test_the_largest_change_comes_first_and_all_of_them_add_up(tmp_path: Path) -> None:
    """Old: a each 2, b each 0.5, no c. 甲 4 + 1 = 5, 乙 3, 丙 6. New: 甲 2 + 2 + 3 = 7, 乙 6, 丙 3."""
    table = "unit a b c\n甲县 2 2 3\n乙县 0 6 0\n丙县 3 0 0\n"
    undone = [
        ("measure: a, each: 1", "measure: a, each: 2"),
        ("measure: b, each: 1", "measure: b, each: 0.5"),
        (ITEM_C, ""),
    ]
    moves = by_title(compared(tmp_path, table, *undone))
    assert {title: (move.places, move.totals) for title, move in moves.items()} == {
        "甲县": ((2, 1), (n(5), n(7))), "乙县": ((3, 2), (n(3), n(6))), "丙县": ((1, 3), (n(6), n(3))),
    }  # fmt: skip
    assert told_of(moves["甲县"].changes) == [
        ("第c条", None, n(3), n(3)), ("第a条", n(4), n(2), n(-2)), ("第b条", n(1), n(2), n(1)),
    ]  # fmt: skip
    assert told_of(moves["丙县"].changes) == [("第a条", n(6), n(3), n(-3))], "c brings it nothing"
    assert [one.title for one in moves["丙县"].passed_by] == ["甲县", "乙县"]


def test_places_counted_otherwise(tmp_path: Path) -> None:
    """5, 5, 3 are places 1, 1, 2 without gaps, and 1, 1, 3 with them: nobody's points, nobody else, but the rule."""
    found = compared(tmp_path, "unit a b c\n甲县 5 0 0\n乙县 5 0 0\n丙县 3 0 0\n", ("ties: 1-1-3", "ties: 1-1-2"))
    (move,) = found.moves
    assert (move.title, move.places, move.changes, move.passed_by) == ("丙县", (2, 3), (), ())
    assert [rule.what for rule in move.rules] == ["名次规则"]
    assert "  全办法：名次规则由“同分并列，下一名不跳号，" in "\n".join(difference_text(found))


def test_places_without_gaps_close_up(tmp_path: Path) -> None:
    """5, 4, 1 become 5, 5, 1: 丙 is third before and second now, passed nobody, and b is why."""
    table = "unit a b c\n甲县 5 0 0\n乙县 0 5 0\n丙县 1 0 0\n"
    moves = by_title(compared(tmp_path, table, ("measure: b, each: 1", "measure: b, each: 0.8"), places=DENSE))
    third = moves["丙县"]
    assert (third.places, third.changes, third.passed, third.rules) == ((3, 2), (), (), ())
    assert [(one.title, told_of(one.changes)) for one in third.above] == [("乙县", [("第b条", n(4), n(5), n(1))])]
    assert third.clauses == ("第b条",)


def test_a_unit_that_cannot_be_placed_any_more(tmp_path: Path) -> None:
    """c is new and 乙 has not reported it: 乙 has no place now, 甲 and 丙 move up without a point."""
    table = "unit a b c\n甲县 3 0 0\n乙县 4 0 _\n丙县 1 0 0\n"
    moves = by_title(compared(tmp_path, table, (ITEM_C, "")))
    assert {title: move.places for title, move in moves.items()} == {"甲县": (2, 1), "丙县": (3, 2), "乙县": (1, None)}
    assert told_of(moves["乙县"].changes) == [("第c条", None, None, None)]
    (change,) = moves["乙县"].changes
    assert change.after is not None and (change.after.low, change.after.high) == (0, 10)
    assert [(one.title, one.places) for one in moves["甲县"].passed] == [("乙县", (1, None))]
    assert moves["甲县"].clauses == moves["丙县"].clauses == ("第c条",)


ADJUSTED = """\
- {kind: bonus, code: praise, title: 表扬, clause: 第九条, parts: [{measure: d, each: 1}], pool: 5}
- {kind: veto, code: falsified, title: 弄虚作假, clause: 第十条, when: v > 0, effect: {score_at_most: 1}}
"""


def test_adjustments_are_behind_a_move_too(tmp_path: Path) -> None:
    """Praise is worth 2 before and 1 now; the veto is new.

    Old: 甲 3, 乙 1 + 4 = 5, 丙 4. New: 甲 3, 乙 1 + 2 = 3, 丙 1 by the veto.
    """
    table = "unit a b c d v\n甲县 3 0 0 0 0\n乙县 1 0 0 2 0\n丙县 4 0 0 0 1\n"
    undone = (
        ("measure: d, each: 1", "measure: d, each: 2"),
        (ADJUSTED.splitlines()[1] + "\n", ""),
        ("  v: {title: v, form: figures, value: only(v)}\n", ""),
    )
    moves = by_title(compared(tmp_path, table, *undone, adjustments=ADJUSTED))
    assert {title: move.places for title, move in moves.items()} == {"甲县": (3, 1), "丙县": (2, 3)}, "乙 stays first"
    assert told_of(moves["丙县"].changes) == [("第十条", None, n(-3), n(-3))]
    first = moves["甲县"]
    assert first.changes == () and first.clauses == ("第九条", "第十条")
    assert [told_of(one.changes) for one in first.passed] == [
        [("第九条", n(4), n(2), n(-2))],
        [("第十条", None, n(-3), n(-3))],
    ]


def test_points_follow_an_indicator_to_its_new_code(tmp_path: Path) -> None:
    table = "unit a b c\n甲县 3 0 0\n乙县 0 4 0\n"
    undone = (("code: b\n", "code: bb\n"), ("measure: b, each: 1", "measure: b, each: 0.5"))
    found = compared(tmp_path, table, *undone)
    assert [one.what for one in found.differences] == ["改代码", "规则"]
    assert told_of(by_title(found)["乙县"].changes) == [("第b条", n(2), n(4), n(2))]


def test_a_unit_that_is_not_assessed_any_more(tmp_path: Path) -> None:
    register = "- {code: c1, title: 甲县, kind: county}\n- {code: c2, title: 乙区, kind: zone}\n"
    undone = ("units: {kinds: [county]}", "units: {kinds: [county, zone]}")
    found = compared(tmp_path, "unit a b c\n甲县 3 0 0\n乙区 4 0 0\n", undone, register=register)
    moves = by_title(found)
    assert {title: move.places for title, move in moves.items()} == {"甲县": (2, 1), "乙区": (1, None)}
    assert moves["乙区"].after is None
    assert "乙区　第 1 名 → 不考核　总分 4.00 → —" in difference_text(found)


def test_nothing_differs_and_nobody_moves(tmp_path: Path) -> None:
    found = compared(tmp_path, "unit a b c\n甲县 3 0 0\n乙县 0 4 0\n")
    assert (found.differences, found.moves) == ((), ())
    assert "两版办法没有不同。" in difference_text(found) and difference_text(found)[-1].endswith("没有单位名次变动。")


# --- the demo city: every moved place against hand SQL -----------------------------------------------------

BY_HAND = {
    "moved": """WITH placed AS (
    SELECT 'old' AS side, unit, total, CASE WHEN state = 'complete' THEN rank() OVER (PARTITION BY "group", state ORDER BY total DESC) END AS place FROM old_unit_score
    UNION ALL
    SELECT 'new', unit, total, CASE WHEN state = 'complete' THEN rank() OVER (PARTITION BY "group", state ORDER BY total DESC) END FROM new_unit_score
)
SELECT o.unit, o.place, n.place, o.total, n.total
FROM placed o JOIN placed n USING (unit) WHERE o.side = 'old' AND n.side = 'new' AND o.place IS DISTINCT FROM n.place""",
    "items": """SELECT coalesce(o.unit, n.unit), coalesce(o.indicator, n.indicator), o.points, n.points
FROM old_indicator_score o FULL JOIN new_indicator_score n ON o.unit = n.unit AND o.indicator = n.indicator
WHERE coalesce(o.points, 0) <> coalesce(n.points, 0)""",
    "left out": """SELECT coalesce(o.unit, n.unit), coalesce(o.indicator, n.indicator)
FROM (FROM old_indicator_score WHERE left_out) o FULL JOIN (FROM new_indicator_score WHERE left_out) n
    ON o.unit = n.unit AND o.indicator = n.indicator
WHERE o.full_marks IS DISTINCT FROM n.full_marks""",
}


@cache
def demo_moves() -> Moved:
    project = demo()
    old, new = project.edition("2023"), project.edition("2024")
    return moved(project.store, old, new, "2024", date(2025, 1, 20))


def by_hand(name: str) -> list[tuple[Any, ...]]:
    connection = duckdb.connect()
    for side, result in (("old", demo_moves().old), ("new", demo_moves().new)):
        for table in ("indicator_score", "unit_score"):
            connection.register(f"{side}_{table}", result.tables[table])
    return connection.execute(BY_HAND[name]).fetchall()


def clauses_of(path: Path) -> dict[str, str]:
    """Code → clause, straight from the file."""
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    listed = [one for section in written["sections"] for one in section["indicators"]] + written["adjustments"]
    return {one["code"]: one["clause"] for one in listed}


def test_the_moved_units_of_the_demo_are_those_by_hand() -> None:
    expected = {unit: ((old, new), totals) for unit, old, new, *totals in by_hand("moved")}
    found = {move.unit: (move.places, list(move.totals)) for move in demo_moves().moves}
    assert found == expected and len(found) >= 5


def test_every_moved_place_of_the_demo_names_the_clause_behind_it() -> None:
    """For each moved unit: the indicators whose points differ, their clauses in both files, exactly those and no other."""
    folder = ROOT / "config"
    old, new = clauses_of(folder / "rubrics" / "2023.yaml"), clauses_of(folder / "scoring.yaml")
    items, left_out = by_hand("items"), by_hand("left out")
    text = "\n".join(difference_text(demo_moves()))
    for move in demo_moves().moves:
        expected = {code: (before, after) for unit, code, before, after in items if unit == move.unit}
        assert expected, move.title
        own = {one.code: one for one in move.changes if one.kind == "indicator"}
        assert {
            code: (one.before and one.before.known, one.after and one.after.known) for code, one in own.items()
        } == expected
        for code, one in own.items():
            assert (one.clause_old, one.clause_new) == (old.get(code), new.get(code))
        absent = {side[code] for unit, code in left_out if unit == move.unit for side in (old, new) if code in side}
        assert {clause for one in move.changes for clause in one.behind} == absent, move.title
        assert set(move.clauses) == {side[code] for code in expected for side in (old, new) if code in side} | absent
        told = text.split(f"\n{move.title}　")[1].split("　第 ")[0]
        assert all(clause in told for clause in move.clauses), move.title
        sizes = [abs(one.difference) for one in own.values() if one.difference is not None]
        assert sizes == sorted(sizes, reverse=True), "largest first"


def test_the_changes_of_each_unit_of_the_demo_add_up_to_its_total() -> None:
    totals = [
        {row["unit"]: row["total"] for row in one.rows("ranking")} for one in (demo_moves().old, demo_moves().new)
    ]
    checked = 0
    for unit, before in totals[0].items():
        after = totals[1][unit]
        if before is None or after is None:
            continue
        differences_of = [one.difference for one in demo_moves().changes.get(unit, ())]
        assert None not in differences_of
        assert sum((one for one in differences_of if one is not None), Decimal(0)) == after - before, unit
        checked += 1
    assert checked == 25


VARIANTS = {
    "a weight": (("        full_marks: {county: 8, department: 8}\n        actual: cases", "        full_marks: {county: 2, department: 2}\n        actual: cases"),),
    "a bonus": (("{measure: provincial_praise, each: 0.5,", "{measure: provincial_praise, each: 3,"),),
    "a veto": (("score_at_most: 59", "score_at_most: 75"),),
    "places": (("ties: 1-1-3", "ties: 1-1-2"),),
    "a loss that lands elsewhere": (("{measure: entered_wrong, each: 0.4,", "{measure: entered_wrong, each: 2,"),),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_whatever_moves_a_place_is_named(name: str) -> None:
    project = demo()
    assert project.forms is not None and project.register is not None
    text = (ROOT / "config" / "scoring.yaml").read_text(encoding="utf-8")
    for before, after in VARIANTS[name]:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    document, issues = loads(text, "draft.yaml")
    assert document is not None
    draft, issues = type_rubric(document, issues, project.forms, project.register)
    assert draft is not None, issues
    found = moved(project.store, project.edition("2024"), draft, "2024", date(2025, 1, 20))
    assert found.moves
    told = {clause for one in found.differences for clause in (one.clause_old, one.clause_new) if clause}
    for move in found.moves:
        assert set(move.clauses) & told or move.rules, move.title


# --- the command -------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _city_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands here find the demo city read already; any other project they read themselves."""
    monkeypatch.setattr("scoring.__main__.working_project", lambda folder, *rest: (demo(), None) if folder == ROOT else working_project(folder, *rest))


def test_diff_prints_the_differences_then_the_moves(capsys: Capture) -> None:
    assert main(["diff", "2023", "2024", "--project", str(ROOT), "--period", "2024"]) == SCORED
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "旧版：双打工作考核评价办法（示例） 2023版（示双打办〔2023〕3号，2023年1月1日起施行）",
        "新版：双打工作考核评价办法（示例） 2024版（示双打办〔2024〕2号，2024年1月1日起施行）",
        "",
        "一、办法的不同",
    ]
    assert "1. 第七条（二）“录入准确”：满分由“3 分”改为“2 分”。" in lines
    at = lines.index("二、名次的变动")
    assert "第七条（四）“两法衔接培训”：条款改号由" in "".join(lines[:at])
    assert "  第七条（三） 案件移送 没有这一项 → 3.00（+3.00）" in lines[at:]
    assert not [line for line in lines if re.search(r"[A-Za-z_]{3,}", line)], "Chinese alone"


def test_diff_of_another_period_and_between_files(capsys: Capture) -> None:
    files = [str(ROOT / "config" / name) for name in ("rubrics/2023.yaml", "scoring.yaml")]
    assert main(["diff", *files, "--project", str(ROOT), "--period", "2023"]) == SCORED
    by_file = capsys.readouterr().out
    assert main(["diff", "2023", "2024", "--project", str(ROOT), "--period", "2023"]) == SCORED
    assert capsys.readouterr().out == by_file
    assert "2023年的同一批数据（截至 2024-01-20）" in by_file


def test_diff_as_json_is_exact(capsys: Capture) -> None:
    def refuse(text: str) -> NoReturn:
        raise AssertionError(f"a binary float in JSON: {text}")

    assert main(["diff", "2023", "2024", "--project", str(ROOT), "--format", "json", "--as-of", "2025-01-20"]) == SCORED
    found = json.loads(capsys.readouterr().out, parse_float=refuse)
    assert (found["old"]["edition"], found["new"]["edition"], found["period"]) == ("2023", "2024", "2024")
    assert len(found["differences"]) == len(demo_moves().differences)
    move = next(one for one in found["moved"] if one["title"] == "市烟草专卖局")
    assert (move["before"]["place"], move["after"]["place"], move["before"]["total"]) == (4, 5, "92.81")
    assert {change["code"]: change["difference"] for change in move["changes"]} == {
        "transfer": "2", "platform_accuracy": "-1", "linkage_training": "-1",
    }  # fmt: skip
    assert [other["title"] for other in move["passed_by"]] == ["市人民检察院"]


def test_diff_says_what_it_cannot_find(capsys: Capture) -> None:
    assert main(["diff", "2022", "2024", "--project", str(ROOT)]) == WRONG_USE
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(
        "没有“2022”这一版办法，也没有这个文件。可用的版本：2024（config/scoring.yaml）、2023（config/rubrics/2023.yaml）、2024（config/rubrics/province_to_city.yaml）。"
    )
    with pytest.raises(SystemExit) as end:
        main(["diff", "2023", "--project", str(ROOT)])
    assert end.value.code == WRONG_USE and "缺少参数 新版" in capsys.readouterr().err
    assert main(["diff", "2023", "2024", "--period", "今年", "--project", str(ROOT)]) == WRONG_USE


def test_diff_with_an_edition_that_has_errors_lists_them(tmp_path: Path, capsys: Capture) -> None:
    Tiny("unit a b c\n甲县 3 0 0\n", AWARDS).write(tmp_path)
    edition(tmp_path, "2023", "2021-01-01", ("measure: b, each: 1", "measure: bb, each: 1"))
    assert main(["diff", "2023", "2024", "--project", str(tmp_path)]) == NOT_SCORED
    told = capsys.readouterr()
    assert told.out == "" and "错误 config/rubrics/2023.yaml:" in told.err and "没有数据项“bb”" in told.err
    assert "没有比较：先改正 config/rubrics/2023.yaml 的 1 处错误。" in told.err


def test_diff_with_a_label_that_two_files_have(tmp_path: Path, capsys: Capture) -> None:
    Tiny("unit a b c\n甲县 3 0 0\n", AWARDS).write(tmp_path)
    for name, day in (("a", "2020-01-01"), ("b", "2021-01-01")):
        edition(tmp_path, "旧", day, name=name)
    assert main(["diff", "旧", "2024", "--project", str(tmp_path)]) == WRONG_USE
    assert "版本“旧”不止一份：config/rubrics/a.yaml、config/rubrics/b.yaml。请写文件路径。" in capsys.readouterr().err


def test_diff_help_is_in_chinese(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["diff", "--help"])
    text = capsys.readouterr().out
    assert "旧版" in text and "版本名" in text and "usage" not in text

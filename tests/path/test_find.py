"""Paths of small cases worked by hand: what is cheapest, what limits it, and why there is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path as Folder

import pytest

from scoring.insight.path import NextGrade, NoPath, Path, PlacesUp, find_path, sentence
from tests.path.acting import acting, again, changed, path, times
from tests.tiny import GROUPS, Tiny, item, n

UP = PlacesUp(1)
# 60 分 by rate, 20 − 2 × omitted − 0.5 × late, 10 a training up to 20
WORK = (
    item("value: 100 * cases / task\nmeasured_in: '%'\nbase_zero: {then: full_marks}\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]",
         "volume", "60")
    + item("rules: [{kind: deductions, parts: [{measure: omitted, each: 2}, {measure: late, each: 0.5}]}]", "entry", "20")
    + item("rules: [{kind: awards, parts: [{measure: trainings, each: 10}], cap: full}]", "training", "20")
)  # fmt: skip
# 甲 54 + 20 + 20 = 94, 乙 48 + 14 + 10 = 72, 丙 60 + 10 + 0 = 70
TABLE = """
    单位 cases task omitted late trainings
    甲县 18 20 0 0 2
    乙县 16 20 3 0 1
    丙县 20 20 5 0 0
"""
GRADES = "[{title: 优秀, at_least: 90}, {title: 良好, at_least: 80}, {title: 合格}]"
ACTIONS = """
- {code: file_case, title: 再立 1 件案件, does: {cases: +1}, effort: 3, most: 20, by: 12-31}
- {code: enter_case, title: 补录 1 件漏录案件, does: {omitted: -1, late: +1}, effort: 0.5}
- {code: train, title: 办 1 期培训, does: {trainings: +1}, effort: 2, by: 12-31}
"""


def work(**more: str) -> Tiny:
    return Tiny(**{"table": TABLE, "indicators": WORK, "grades": GRADES, **more})  # type: ignore[arg-type]


def points(indicators: str = "", **more: str) -> Tiny:
    """Items that are worth what a figure says: a, b and c."""
    plain = "".join(item(f"rules: [{{kind: awards, parts: [{{measure: {code}, each: 1}}], cap: full}}]", code, "50") for code in "abc")
    return Tiny(**{"indicators": indicators or plain, **more})  # type: ignore[arg-type]


def test_one_place_up(tmp_path: Folder) -> None:
    """丙 wants 2: two entries bring 2 × (2 − 0.5) = 3 for 1 人·天, a training 10 for 2."""
    found = path(acting(tmp_path, work(), ACTIONS), "丙县", UP)
    assert isinstance(found, Path) and found.confirmed
    assert times(found) == {"enter_case": 2}
    assert (found.effort, found.before.total, found.after.total) == (n(1), n(70), n(73))
    assert (found.before.place, found.after.place, found.after.grade) == (3, 2, "合格")
    (step,) = found.steps
    assert [(one.clause, one.title, one.points) for one in step.brings] == [("第entry条", "指标entry", n(3))]
    assert [(one.title, one.before, one.after) for one in found.moved] == [("乙县", 2, 3)]
    assert sentence(found) == (
        "丙县要前进 1 名，最省力的是：补录 1 件漏录案件 × 2，共 1 人·天，总分 70.00 → 73.00，第 3 名 → 第 2 名。"
    )


def test_a_tie_with_the_unit_above_is_its_place(tmp_path: Folder) -> None:
    """乙 wants 22 = 10 (2) + 2 × 1.5 (1) + 3 × 3 (9): with one entry more or less it takes 12.5 or 14.5."""
    found = path(acting(tmp_path, work(), ACTIONS), "乙县", UP)
    assert isinstance(found, Path)
    assert times(found) == {"file_case": 3, "enter_case": 2, "train": 1}
    assert (found.effort, found.after.total, found.after.place, found.after.tied) == (n(12), n(94), 1, True)
    assert {step.action.code: step.points for step in found.steps} == {"file_case": n(9), "enter_case": n(3), "train": n(10)}


def test_the_next_grade(tmp_path: Folder) -> None:
    """丙 wants 80: five entries are 7.5, a training 10."""
    found = path(acting(tmp_path, work(), ACTIONS), "丙县", NextGrade())
    assert isinstance(found, Path)
    assert times(found) == {"train": 1}
    assert (found.before.grade, found.after.grade, found.after.total) == ("合格", "良好", n(80))


def test_the_figures_written_into_the_data_give_what_was_promised(tmp_path: Folder) -> None:
    found = path(acting(tmp_path, work(), ACTIONS), "乙县", UP)
    assert isinstance(found, Path)
    row = changed(tmp_path, "乙县", {"cases": 19, "omitted": 1, "late": 2, "trainings": 2}).place("乙县")
    assert (row["total"], row["place"], row["grade"]) == (found.after.total, found.after.place, found.after.grade)
    assert row["total"] == n(94)


LEDGER = {
    "cases": """
        form: cases
        title: 案件台账
        dated_by: filed_on
        due: {every: year, day: 10, nil_report: required}
        columns:
          - {code: filed_on, title: 立案日期, type: date, required: true}
          - {code: amount, title: 案值, type: integer}
    """
}
ROWS = """
    单位 立案日期 案值
    甲县 2024-03-01 9
    甲县 2024-04-01 1
    乙县 2024-03-01 1
"""
RECEIVED = """
    报表 单位 报送期 收到时间 结果
    cases 甲县 2024 2025-01-05 已收
    cases 乙县 2024 2025-01-05 已收
"""


def test_a_row_added_to_a_ledger_gives_what_was_promised(tmp_path: Folder) -> None:
    """甲 2 cases, 1 of them major: 20 + 30; 乙 1 case: 10. A major case is a case as well: 40 for 5, four cases for 12."""
    tiny = Tiny(
        forms=LEDGER, data={"cases": ROWS, "submissions": RECEIVED}, units=["甲县", "乙县"],
        measures="all: {title: 案件, form: cases, value: count(*)}\nmajor: {title: 大案, form: cases, value: count(*), where: amount >= 5}",
        indicators=item("rules: [{kind: awards, parts: [{measure: all, each: 10}, {measure: major, each: 30}], cap: full}]", "x", "100"),
    )  # fmt: skip
    actions = """
    - {code: major_case, title: 大案, does: {all: +1, major: +1}, effort: 5}
    - {code: case, title: 案件, does: {all: +1}, effort: 3}
    """
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert isinstance(found, Path)
    assert times(found) == {"major_case": 1} and found.after.total == n(50) and found.after.place == 1
    ledger = tmp_path / "data" / "cases.csv"
    ledger.write_text(ledger.read_text(encoding="utf-8") + "乙县,2024-12-02,7\n", encoding="utf-8")
    row = again(tmp_path).place("乙县")
    assert (row["total"], row["place"], row["tied"]) == (n(50), 1, True)


# --- of equal effort ------------------------------------------------------------------------------------


def test_of_equal_effort_fewer_actions(tmp_path: Folder) -> None:
    tiny = points(table="单位 a b c\n甲县 12 0 0\n乙县 10 0 0\n")
    actions = "- {code: small, title: 小, does: {a: +1}, effort: 0.5}\n- {code: large, title: 大, does: {b: +2}, effort: 1}\n"
    assert times(path(acting(tmp_path, tiny, actions), "乙县", UP)) == {"large": 1}


@pytest.mark.parametrize("first", ["a", "b"])
def test_then_the_order_of_the_text(first: str, tmp_path: Folder) -> None:
    """Two of one action, two of the other, or one of each: two of the first."""
    tiny = points(table="单位 a b c\n甲县 12 0 0\n乙县 10 0 0\n")
    lines = {code: f"- {{code: do_{code}, title: 做{code}, does: {{{code}: +1}}, effort: 1}}\n" for code in "ab"}
    actions = lines[first] + "".join(line for code, line in lines.items() if code != first)
    assert times(path(acting(tmp_path, tiny, actions), "乙县", UP)) == {f"do_{first}": 2}


def test_what_costs_nothing_is_still_not_done_for_nothing(tmp_path: Folder) -> None:
    tiny = points(table="单位 a b c\n甲县 12 0 0\n乙县 10 0 0\n")
    actions = "- {code: free, title: 免, does: {b: +1}, effort: 0}\n- {code: dear, title: 贵, does: {a: +1}, effort: 1}\n"
    assert times(path(acting(tmp_path, tiny, actions), "乙县", UP)) == {"free": 2}


# --- limits ---------------------------------------------------------------------------------------------


def test_a_cap_stops_what_it_stops(tmp_path: Folder) -> None:
    """乙 has 19 of 20 for trainings: one more brings 1, not 10, and 1 of 5 wanted; five cases of 1 each it is."""
    rules = item("rules: [{kind: awards, parts: [{measure: a, each: 10}, {measure: b, each: 1}], cap: full}]", "x", "20")
    rules += item("rules: [{kind: awards, parts: [{measure: c, each: 1}], cap: full}]", "y", "50")
    tiny = points(rules, table="单位 a b c\n甲县 2 0 4\n乙县 1 9 0\n")  # 24, 19
    actions = "- {code: train, title: 培训, does: {a: +1}, effort: 1}\n- {code: case, title: 案件, does: {c: +1}, effort: 3}\n"
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert isinstance(found, Path)
    assert times(found) == {"train": 1, "case": 4}  # 1 + 4 for 13; five cases take 15
    assert found.effort == n(13)


def test_a_section_gives_no_more_than_its_full_marks(tmp_path: Folder) -> None:
    """Part one is full at 20 with 20 of 30: more of it brings nothing, so the dearer part two is worked on."""
    def one(code: str) -> str:
        return item(f"rules: [{{kind: awards, parts: [{{measure: {code}, each: 1}}], cap: full}}]", code, "30")

    def indented(text: str) -> str:
        return "".join(f"    {line}\n" for line in text.splitlines())

    sections = "- code: one\n  title: 一\n  full_marks: 20\n  indicators:\n" + indented(one("a"))
    sections += "- code: two\n  title: 二\n  indicators:\n" + indented(one("b"))
    tiny = points(sections=sections, table="单位 a b c\n甲县 20 3 0\n乙县 20 0 0\n")
    actions = "- {code: cheap, title: 便宜, does: {a: +1}, effort: 0.5}\n- {code: dear, title: 贵, does: {b: +1}, effort: 4}\n"
    assert times(path(acting(tmp_path, tiny, actions), "乙县", UP)) == {"dear": 3}


GATE = "- {kind: bonus, code: praise, title: 表扬, clause: 第八条, parts: [{measure: c, each: 2.5}], pool: 5, gate: base >= 80}"
TWO = "".join(item(f"rules: [{{kind: awards, parts: [{{measure: {code}, each: 1}}], cap: full}}]", code, "50") for code in "ab")


def test_a_gate_that_one_point_opens(tmp_path: Folder) -> None:
    """乙: base 79, two praises withheld. One point more opens the gate: 79 + 1 + 5 = 85, level with 甲's 85 for 1."""
    tiny = points(TWO, table="单位 a b c\n甲县 45 40 0\n乙县 40 39 2\n", adjustments=GATE)
    actions = "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n- {code: do_b, title: 做乙, does: {b: +6}, effort: 2}\n"
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert isinstance(found, Path)
    assert times(found) == {"do_a": 1} and found.after.total == n(85)
    assert [(one.clause, one.points) for one in found.steps[0].brings] == [("第a条", n(1)), ("第八条", n(5))]


def test_a_gate_out_of_reach_keeps_its_bonus(tmp_path: Folder) -> None:
    """乙: base 70, at most 5 more: no 80, and more praise brings nothing."""
    tiny = points(TWO, table="单位 a b c\n甲县 45 40 0\n乙县 40 30 2\n", adjustments=GATE)
    actions = "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1, most: 5}\n- {code: praise, title: 争取表扬, does: {c: +1}, effort: 1}\n"
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert isinstance(found, NoPath)
    assert found.reason == "照加分最多的做，也只到总分 75.00、第 2 名，还差 10.00 分"


VETO = "- {kind: veto, code: cheating, title: 弄虚作假, clause: 第十条, when: c > 0, effect: {EFFECT}}"


@pytest.mark.parametrize("effect", ["score_at_most: 59", "score: 20", "stop: true"])
def test_a_veto_that_nothing_lifts(effect: str, tmp_path: Folder) -> None:
    tiny = points(TWO, table="单位 a b c\n甲县 45 40 0\n乙县 40 30 1\n", adjustments=VETO.replace("EFFECT", effect))
    found = path(acting(tmp_path, tiny, "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n"), "乙县", UP)
    assert isinstance(found, NoPath)
    told = "乙县不参加排名" if effect == "stop: true" else "第十条“弄虚作假”一票否决成立"
    assert told in found.reason
    assert found.nearest is None


def test_a_veto_that_something_lifts(tmp_path: Folder) -> None:
    """乙 84, held at 59: undone (10), one point more (1) is 85, level with 甲."""
    tiny = points(TWO, table="单位 a b c\n甲县 45 40 0\n乙县 44 40 1\n", adjustments=VETO.replace("EFFECT", "score_at_most: 59"))
    actions = "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n- {code: undo, title: 纠正, does: {c: -1}, effort: 10}\n"
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert isinstance(found, Path)
    assert times(found) == {"do_a": 1, "undo": 1}
    assert (found.before.total, found.after.total) == (n(59), n(85))


def test_a_veto_that_costs_points(tmp_path: Folder) -> None:
    """乙 84 − 30 = 54. 甲 60: six points for 12, or 30 for 10."""
    tiny = points(TWO, table="单位 a b c\n甲县 40 20 0\n乙县 44 40 1\n", adjustments=VETO.replace("EFFECT", "lose: 30"))
    actions = "- {code: do_a, title: 做甲, does: {a: +1}, effort: 2}\n- {code: undo, title: 纠正, does: {c: -1}, effort: 10}\n"
    assert times(path(acting(tmp_path, tiny, actions), "乙县", UP)) == {"undo": 1}


def test_a_veto_that_the_path_itself_would_bring(tmp_path: Folder) -> None:
    """c is worth 5 each, but the third is held against it: the dearer way."""
    worth = TWO + item("rules: [{kind: awards, parts: [{measure: c, each: 5}], cap: full}]", "c", "50")
    veto = VETO.replace("c > 0", "c >= 3").replace("EFFECT", "score_at_most: 59")
    tiny = points(worth, table="单位 a b c\n甲县 45 40 0\n乙县 40 30 0\n", adjustments=veto)
    actions = "- {code: do_c, title: 做丙, does: {c: +1}, effort: 0.5}\n- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n"
    assert times(path(acting(tmp_path, tiny, actions), "乙县", UP)) == {"do_c": 2, "do_a": 5}


QUOTA = "[{title: 优秀, at_least: 80, quota: {units: 1, tie: TIE}}, {title: 良好, at_least: 60}, {title: 合格}]"


@pytest.mark.parametrize(("tie", "wanted"), [("out", 6), ("in", 5)])
def test_the_next_grade_within_its_quota(tie: str, wanted: int, tmp_path: Folder) -> None:
    """甲 85 holds the one 优秀; 乙 80 reaches the line and must pass it (or draw level, where all who tie are in)."""
    tiny = points(TWO, table="单位 a b c\n甲县 45 40 0\n乙县 40 40 0\n", grades=QUOTA.replace("TIE", tie))
    scores = acting(tmp_path, tiny, "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n")
    assert (scores.place("乙县")["grade"], scores.place("乙县")["by_quota"]) == ("良好", True)
    found = path(scores, "乙县", NextGrade())
    assert times(found) == {"do_a": wanted}
    assert isinstance(found, Path) and found.after.grade == "优秀"


def test_a_grade_that_asks_for_more_than_points(tmp_path: Folder) -> None:
    """乙 has 85 points, and 优秀 asks for two of c as well: nothing else would do."""
    grades = "[{title: 优秀, at_least: 80, only_if: c >= 2}, {title: 合格}]"
    tiny = points(TWO, table="单位 a b c\n甲县 45 45 2\n乙县 45 40 0\n", grades=grades)
    actions = "- {code: do_a, title: 做甲, does: {a: +1}, effort: 0.1}\n- {code: do_c, title: 做丙, does: {c: +1}, effort: 9}\n"
    assert times(path(acting(tmp_path, tiny, actions), "乙县", NextGrade())) == {"do_c": 2}


def test_a_grade_whose_condition_nothing_changes(tmp_path: Folder) -> None:
    grades = "[{title: 优秀, at_least: 80, only_if: c >= 2}, {title: 合格}]"
    tiny = points(TWO, table="单位 a b c\n甲县 45 45 2\n乙县 45 40 0\n", grades=grades)
    found = path(acting(tmp_path, tiny, "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n"), "乙县", NextGrade())
    assert isinstance(found, NoPath)
    assert found.reason == "等次“优秀”另有的条件不符合，列出的事都改变不了"


# --- what is offered ------------------------------------------------------------------------------------


def refused(found: Path | NoPath) -> dict[str, str]:
    return {one.action.code: one.reason for one in found.not_offered}


def test_after_the_last_day_it_is_not_offered(tmp_path: Folder) -> None:
    """On 5 January cases and trainings of 2024 are over: entries alone come to 70 + 5 × 1.5 = 77.5."""
    scores = acting(tmp_path, work(), ACTIONS)
    found = path(scores, "丙县", NextGrade(), date(2025, 1, 5))
    assert isinstance(found, NoPath)
    assert refused(found) == {"file_case": "期限 2024-12-31 已过", "train": "期限 2024-12-31 已过"}
    assert found.reason == "照加分最多的做，也只到总分 77.50、第 2 名、合格，还差 2.50 分"
    assert found.nearest is not None and times(found.nearest) == {"enter_case": 5}
    assert times(path(scores, "丙县", UP, date(2024, 12, 31))) == {"enter_case": 2}, "the last day counts"


def test_the_day_is_that_of_the_assessment_unless_said(tmp_path: Folder) -> None:
    scores = acting(tmp_path, work(), ACTIONS)
    found = find_path(scores.assessment, "c3", UP)
    assert found.day == date(2025, 1, 20) and set(refused(found)) == {"file_case", "train"}


@pytest.mark.parametrize(
    ("by", "day", "reason"),
    [
        ("by: +10d", date(2025, 1, 10), ""),
        ("by: +10d", date(2025, 1, 11), "期限 2025-01-10 已过"),
        ("by: 06-30", date(2024, 6, 30), ""),
        ("by: 06-30", date(2024, 7, 1), "期限 2024-06-30 已过"),
        ("most: 9", date(2025, 1, 20), ""),
        ("most: 9", date(2025, 1, 21), "期限 2025-01-20 已过"),
    ],
)
def test_until_when(by: str, day: date, reason: str, tmp_path: Folder) -> None:
    tiny = points(table="单位 a b c\n甲县 12 0 0\n乙县 10 0 0\n")
    scores = acting(tmp_path, tiny, f"- {{code: do_a, title: 做甲, does: {{a: +1}}, effort: 1, {by}}}\n")
    found = path(scores, "乙县", UP, day)
    assert refused(found) == ({"do_a": reason} if reason else {})
    assert times(found) == ({} if reason else {"do_a": 2})
    if reason:
        assert isinstance(found, NoPath) and found.reason == f"没有还能做的事（做甲：{reason}）"


def test_no_more_is_repaired_than_there_is(tmp_path: Folder) -> None:
    """乙 has three omissions: entries come to 4.5 at most, though many are cheap."""
    actions = "- {code: enter_case, title: 补录, does: {omitted: -1, late: +1}, effort: 0.1}\n"
    found = path(acting(tmp_path, work(), actions), "乙县", UP)
    assert isinstance(found, NoPath)
    assert found.reason == "照加分最多的做，也只到总分 76.50、第 2 名、合格，还差 17.50 分"
    found = path(acting(tmp_path / "first", work(), actions), "甲县", NextGrade())
    assert isinstance(found, NoPath) and found.reason == "甲县已经是最高的等次（优秀）"


def test_nothing_left_to_repair(tmp_path: Folder) -> None:
    table = TABLE.replace("丙县 20 20 5 0 0", "丙县 20 20 0 4 0")
    found = path(acting(tmp_path, work(table=table), ACTIONS), "丙县", NextGrade())
    assert refused(found) == {"enter_case": "“omitted”已经是 0"}


def test_two_actions_share_what_there_is(tmp_path: Folder) -> None:
    """Three omissions in all, however they are repaired: 3 × 2 = 6 wanted, the cheaper way goes first."""
    tiny = work(table=TABLE.replace("丙县 20 20 5 0 0", "丙县 19 20 3 0 1"))  # 57 + 14 + 10 = 81
    actions = """
    - {code: by_hand, title: 手工补录, does: {omitted: -1}, effort: 1, most: 2}
    - {code: by_batch, title: 批量补录, does: {omitted: -2}, effort: 3}
    - {code: train, title: 培训, does: {trainings: +1}, effort: 20}
    """
    found = path(acting(tmp_path, tiny, actions), "丙县", UP)  # wants 94: 13 = 10 + 3 → two entries (4) or more
    assert times(found) == {"by_hand": 2, "train": 1}


def test_done_once_and_for_all(tmp_path: Folder) -> None:
    rules = item("rules: [{kind: checklist, need: each, items: [{if: p, points: 6}, {if: q, points: 4}]}]", "x", "10")
    tiny = Tiny(table="单位 p:boolean q:boolean\n甲县 是 是\n乙县 否 是\n", indicators=rules)
    actions = "- {code: set_up, title: 建立, does: {p: 是}, effort: 3}\n- {code: name, title: 明确, does: {q: 是}, effort: 1}\n"
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert times(found) == {"set_up": 1}
    assert refused(found) == {"name": "“q”已经是“是”"}


def test_by_group(tmp_path: Folder) -> None:
    """A dearer group, one with fewer times, and one that it is not for."""
    groups = """
      {county: {title: 县区, units: {kinds: [county]}, full_marks: 50}, department: {title: 成员单位, units: {kinds: [department]}, full_marks: 50}}
    """
    register = "\n".join(
        f"- {{code: {code}, title: {title}, kind: {kind}}}"
        for code, title, kind in (("c1", "甲县", "county"), ("c2", "乙县", "county"), ("d1", "甲局", "department"), ("d2", "乙局", "department"))
    )
    one = item("rules: [{kind: awards, parts: [{measure: a, each: 1}, {measure: b, each: 1}], cap: full}]", "x", "50")
    tiny = Tiny(table="单位 a b\n甲县 3 0\n乙县 0 0\n甲局 3 0\n乙局 0 0\n", indicators=one, groups=groups.strip(), register=register)
    actions = """
    - {code: do_a, title: 做甲, does: {a: +1}, effort: {county: 1, department: 5}, most: {county: 2, department: 9}}
    - {code: do_b, title: 做乙, does: {b: +1}, effort: 2, groups: [county]}
    """
    scores = acting(tmp_path, tiny, actions)
    county, department = path(scores, "乙县", UP), path(scores, "乙局", UP)
    assert isinstance(county, Path) and isinstance(department, Path)
    assert (times(county), county.effort) == ({"do_a": 2, "do_b": 1}, n(4))
    assert (times(department), department.effort) == ({"do_a": 3}, n(15))


def test_a_premise(tmp_path: Folder) -> None:
    tiny = points(table="单位 a b c\n甲县 12 0 0\n乙县 10 1 0\n丙县 9 0 0\n")
    actions = "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1, needs: b > 0 and a < 11}\n"
    scores = acting(tmp_path, tiny, actions)
    assert times(path(scores, "乙县", UP)) == {"do_a": 1}  # 11 + 1 = 12; the premise is of before
    found = path(scores, "丙县", UP)
    assert refused(found) == {"do_a": "不符合前提"}


def test_figures_that_are_not_there(tmp_path: Folder) -> None:
    """What a unit has not handed in, and what does not apply to it, nothing can change."""
    one = item("rules: [{kind: awards, parts: [{measure: a, each: 1}], cap: full}]", "x", "50")
    one += item("missing: no_points\nrules: [{kind: awards, parts: [{measure: b, each: 1}], cap: full}]", "y", "50")
    tiny = Tiny(table="单位 a b\n甲县 12 3\n乙县 10 _\n", indicators=one)
    actions = "- {code: do_b, title: 做乙, does: {b: +1}, effort: 1}\n- {code: do_a, title: 做甲, does: {a: +5}, effort: 9}\n"
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert times(found) == {"do_a": 1}
    assert refused(found) == {"do_b": "“b”还没有报送"}


def test_what_begins_to_apply(tmp_path: Folder) -> None:
    """丙 has nothing to disclose, so the item is left out: 20 of 40 become 40 of 80. One case disclosed makes it 60."""
    rules = item("rules: [{kind: awards, parts: [{measure: a, each: 1}], cap: full}]", "x", "40")
    rules += item("value: 100 * c / b\nbase_zero: {then: not_applicable}\nnot_applicable: {then: rescale, reason: 没有}\n"
                  "rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]", "y", "40")  # fmt: skip
    tiny = Tiny(
        table="单位 a b c\n甲县 30 2 1\n丙县 20 0 0\n", indicators=rules, groups=GROUPS.replace("100", "80")
    )  # 甲 30 + 20 = 50, 丙 20 × 80 ÷ 40 = 40
    actions = "- {code: disclose, title: 办案公开, does: {b: +1, c: +1}, effort: 3}\n- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n"
    scores = acting(tmp_path, tiny, actions)
    found = path(scores, "丙县", UP)
    assert isinstance(found, Path)
    assert found.before.total == n(40)
    assert times(found) == {"disclose": 1} and found.after.total == n(60)  # five of a, each worth 2, take 5


def test_scored_in_parts_of_the_year(tmp_path: Folder) -> None:
    """A month that is over cannot be made up for."""
    sections = """
    - code: part
      title: 第一部分
      each: quarter
      indicators:
        - {code: x, title: 指标x, clause: 第x条, full_marks: 10, rules: [{kind: awards, parts: [{measure: a, each: 1}], cap: full}]}
    """
    any_time = {"cases": LEDGER["cases"].replace("due: {every: year, day: 10, nil_report: required}", "")}
    tiny = Tiny(
        units=["甲县", "乙县"], sections=sections, forms=any_time, data={"cases": ROWS},
        measures="a: {title: 案件, form: cases, value: count(*)}",
    )  # fmt: skip
    found = path(acting(tmp_path, tiny, "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n"), "乙县", UP)
    assert isinstance(found, NoPath)
    assert refused(found) == {"do_a": "“案件”分期计分，各期过后不能补做，推算不了"}


def test_who_is_compared_loses_what_another_gains(tmp_path: Folder) -> None:
    """Points are shares of the best: 甲 10, 乙 8 of 10. At 乙 11 甲 has 10 ÷ 11 and 乙 all, yet 10.5 would not do."""
    rules = item("rules: [{kind: formula, points: full * a / highest(a), most: full}]", "x", "10")
    tiny = Tiny(table="单位 a\n甲县 10\n乙县 8\n", indicators=rules)
    found = path(acting(tmp_path, tiny, "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n"), "乙县", UP)
    assert isinstance(found, Path)
    assert times(found) == {"do_a": 2} and (found.after.total, found.after.place, found.after.tied) == (n(10), 1, True)
    assert found.moved == ()  # 甲 keeps the first place with it


def test_a_mean_beside_it_is_taken_exactly(tmp_path: Folder) -> None:
    """Means are shown with six decimals; 1 ÷ 3 of 30 points is 10."""
    scored_by = {
        "marks": """
        form: marks
        title: 测评
        kept_by: office
        dated_by: given_on
        columns:
          - {code: given_on, title: 日期, type: date, required: true}
          - {code: mark, title: 分数, type: integer}
        """
    }
    rows = "单位 日期 分数\n" + "".join(f"{unit} 2024-03-0{day} {mark}\n" for unit, marks in (("甲县", (1, 1, 0)), ("乙县", (1, 0, 0)))
                                  for day, mark in enumerate(marks, 1))  # fmt: skip
    rules = item("rules: [{kind: formula, points: 30 * mean_mark, most: full}]", "x", "30")
    rules += item("rules: [{kind: awards, parts: [{measure: a, each: 1}], cap: full}]", "y", "50")
    tiny = Tiny(
        table="单位 a\n甲县 0\n乙县 0\n", forms=scored_by, data={"marks": rows}, indicators=rules,
        measures="mean_mark: {title: 平均分, form: marks, value: avg(mark)}", rounding="{item: none, total: none}",
    )  # fmt: skip
    found = path(acting(tmp_path, tiny, "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n"), "乙县", UP)
    assert isinstance(found, Path) and found.confirmed
    assert times(found) == {"do_a": 10}


# --- nothing to look for --------------------------------------------------------------------------------


def test_already_there(tmp_path: Folder) -> None:
    scores = acting(tmp_path, work(), ACTIONS)
    for unit, aim, reason in (
        ("甲县", UP, "甲县已经是第 1 名"),
        ("丙县", PlacesUp(3), "丙县是第 3 名，最多再前进 2 名"),
        ("甲县", NextGrade(), "甲县已经是最高的等次（优秀）"),
    ):
        found = path(scores, unit, aim)
        assert isinstance(found, NoPath) and found.reason == reason
        assert found.nearest is None


def test_two_places_at_once(tmp_path: Folder) -> None:
    """丙 wants 24 for the first place: a training twice (4), four entries less than 6 … 20 + 3 × 1.5 = 24.5 for 5.5."""
    found = path(acting(tmp_path, work(), ACTIONS), "丙县", PlacesUp(2))
    assert isinstance(found, Path)
    assert times(found) == {"enter_case": 3, "train": 2}
    assert (found.effort, found.after.total, found.after.place) == (n("5.5"), n("94.5"), 1)


def test_the_best_that_can_be_reached(tmp_path: Folder) -> None:
    """Two places are out of reach without trainings; one is not."""
    actions = "- {code: enter_case, title: 补录, does: {omitted: -1, late: +1}, effort: 0.5}\n"
    found = path(acting(tmp_path, work(), actions), "丙县", PlacesUp(2))
    assert isinstance(found, NoPath)
    assert found.reason == "照加分最多的做，也只到总分 77.50、第 2 名、合格，还差 16.50 分"
    assert found.nearest is not None and times(found.nearest) == {"enter_case": 2}
    assert sentence(found) == (
        "丙县要前进 2 名，没有可行的路径：照加分最多的做，也只到总分 77.50、第 2 名、合格，还差 16.50 分。"
        "能做到的最好名次，最省力的是：补录 × 2，共 1 人·天，总分 70.00 → 73.00，第 3 名 → 第 2 名。"
    )


def test_what_brings_nothing(tmp_path: Folder) -> None:
    tiny = points(TWO, table="单位 a b c\n甲县 50 50 0\n乙县 50 40 0\n")
    found = path(acting(tmp_path, tiny, "- {code: do_a, title: 做甲, does: {a: +1}, effort: 1}\n"), "乙县", UP)
    assert isinstance(found, NoPath) and found.reason == "列出的事都做了，总分也不会更高"


def test_units_without_a_total(tmp_path: Folder) -> None:
    table = TABLE.replace("丙县 20 20 5 0 0", "丙县 20 20 _ 0 2")  # 80 to 100
    scores = acting(tmp_path, work(table=table), ACTIONS)
    found = path(scores, "丙县", UP)
    assert isinstance(found, NoPath) and found.before is None
    assert found.reason == "丙县的总分还没有定（指标entry暂缺），名次、等次都推算不了"
    other = path(scores, "乙县", UP)
    assert isinstance(other, Path) and other.after.provisional, "丙 can still come before it"


def test_without_actions_or_grades(tmp_path: Folder) -> None:
    found = path(work().score(tmp_path / "none"), "丙县", UP)
    assert isinstance(found, NoPath) and found.reason == "办法里没有写还能做的事（actions），无从推算"
    found = path(acting(tmp_path / "grades", work(grades="[]"), ACTIONS), "丙县", NextGrade())
    assert isinstance(found, NoPath) and found.reason == "办法没有等次"


def test_wrong_questions(tmp_path: Folder) -> None:
    scores = acting(tmp_path, work(), ACTIONS)
    with pytest.raises(ValueError, match="“丁县”不在 2024 年考核之列"):
        find_path(scores.assessment, "丁县", UP)
    with pytest.raises(ValueError, match="前进的名次数须是 1 或更大的整数"):
        find_path(scores.assessment, "c3", PlacesUp(0))


def test_too_much_to_look_through(tmp_path: Folder) -> None:
    """Four actions on one figure, each up to 99 times: said, not searched for ever."""
    tiny = points(table="单位 a b c\n甲县 40 0 0\n乙县 10 0 0\n")
    actions = "".join(f"- {{code: do_{k}, title: 做{k}, does: {{a: +1, b: +{k}}}, effort: 1, most: 99}}\n" for k in range(1, 5))
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert isinstance(found, NoPath)
    assert found.reason.startswith("“做1、做2、做3、做4”等互相牵连，凑法太多，推算不了")


def test_without_an_end_of_their_own_they_are_looked_at_less_often(tmp_path: Folder) -> None:
    tiny = points(table="单位 a b c\n甲县 20 0 0\n乙县 10 0 0\n")
    actions = "".join(f"- {{code: do_{k}, title: 做{k}, does: {{a: +1, b: +{k}}}, effort: {k}}}\n" for k in range(1, 5))
    found = path(acting(tmp_path, tiny, actions), "乙县", UP)
    assert isinstance(found, Path)
    assert found.ceiling == 12  # 13^4 = 28,561 ways; 26^4 would be 456,976
    assert times(found) == {"do_1": 5}  # a and b, one each
    assert found.effort == Decimal(5)

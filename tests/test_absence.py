"""Absence from the file to the table: a figure that is not there is never a silent zero and never full marks.

Ranges are checked two ways: by hand, and by brute force — every possible value of the missing figures is scored by
the same engine as if it had come, and the range must hold every outcome and, where the figures can reach its ends,
be no wider than they are.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from scoring.engine.explain import indicator_traces
from scoring.rubric import words
from tests.tiny import Scores, Tiny, item, n

LEDGER = """\
form: book
title: 台账
kept_by: unit
dated_by: seen_on
due: {every: quarter, day: 10, nil_report: required}
columns:
  - {code: seen_on, title: 日期, type: date, required: true}
  - {code: kind, title: 类别, type: text}
  - {code: amount, title: 金额, type: decimal, at_least: 0}
"""
REGISTER = """\
form: events
title: 事件登记
kept_by: office
dated_by: seen_on
due: {every: year, day: 10}
columns:
  - {code: seen_on, title: 日期, type: date, required: true}
"""
MEASURES = """\
cases: {title: 案件数, unit: 件, form: book, value: count(*)}
big: {title: 大案数, unit: 件, form: book, value: count(*), where: amount >= 5}
money: {title: 案值, unit: 万元, form: book, value: sum(amount)}
"""
CAME = """
报表 单位 报送期 收到时间 结果 零报告
book 甲县 2024Q1 2024-04-08 已收 否
book 甲县 2024Q2 2024-07-08 已收 否
book 甲县 2024Q3 2024-10-08 已收 否
book 甲县 2024Q4 2025-01-08 已收 否
book 乙县 2024Q1 2024-04-08 已收 否
book 乙县 2024Q2 2024-07-08 已收 否
book 乙县 2024Q4 2025-01-08 已收 否
book 丙县 2024Q1 2024-04-08 已收 是
book 丙县 2024Q2 2024-07-08 已收 是
book 丙县 2024Q3 2024-10-08 已收 是
book 丙县 2024Q4 2025-01-08 已收 是
book 丁县 2024Q1 2024-04-08 已收 否
book 丁县 2024Q2 2024-07-08 已收 否
book 丁县 2024Q3 2024-10-08 已收 否
book 丁县 2024Q4 2025-01-08 已收 否
"""
ROWS = """
单位 seen_on kind amount
甲县 2024-02-01 甲 1.00
甲县 2024-05-01 甲 9.00
乙县 2024-02-01 甲 6.00
丁县 2024-02-01 甲 6.00
丁县 2024-08-01 乙 **
"""
UNITS = ["甲县", "乙县", "丙县", "丁县"]


def book(body: str, came: str = CAME, rows: str = ROWS, **more: str) -> Tiny:
    """甲 reported all, 乙 not the third quarter, 丙 nil reports, 丁 a masked amount."""
    return Tiny(
        indicators=item(body), measures=MEASURES, forms={"book": LEDGER}, data={"book": rows, "submissions": came},
        units=UNITS, **more,
    )  # fmt: skip


def states(scores: Scores) -> list[str]:
    return [scores.state(unit) for unit in UNITS]


# --- states -----------------------------------------------------------------------------------------


def test_every_state_from_file_to_table(tmp_path: Path) -> None:
    scores = book("actual: big\nrules: [{kind: awards, parts: [{measure: big, each: 2}], cap: full}]").score(tmp_path)
    assert states(scores) == ["value", "missing", "value", "masked"]
    assert [scores.points(unit) for unit in UNITS] == [n(2), None, n(0), None]
    late = scores.measure("乙县", "big")
    assert (late["state"], late["received"], late["expected"], late["value"]) == ("missing", 3, 4, None)
    assert late["partial"] == 1, "the partial figure is shown, and only shown"
    hidden = scores.measure("丁县", "big")
    assert (hidden["state"], hidden["masked_rows"], hidden["value"]) == ("masked", 1, None)
    nil = scores.measure("丙县", "big")
    assert (nil["state"], nil["value"]) == ("value", 0), "a declared nil report is a real zero"


def test_a_masked_cell_hurts_only_measures_that_need_it(tmp_path: Path) -> None:
    scores = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]").score(tmp_path)
    assert (scores.state("丁县"), scores.points("丁县")) == ("value", n(8)), "two cases, whatever they are worth"
    by_sum = book("rules: [{kind: awards, parts: [{measure: money, each: 1}], cap: full}]").score(tmp_path / "sum")
    assert (by_sum.state("丁县"), by_sum.points("丁县")) == ("masked", None)


def test_a_row_that_is_left_out_anyway_masks_nothing(tmp_path: Path) -> None:
    tiny = book("rules: [{kind: awards, parts: [{measure: own, each: 1}], cap: full}]")
    tiny.measures += "own: {title: 甲类大案, form: book, value: count(*), where: \"kind = '甲' and amount >= 5\"}\n"
    scores = tiny.score(tmp_path)
    assert (scores.state("丁县"), scores.points("丁县")) == ("value", n(1)), "the masked row is of kind 乙"


def test_skip_unreadable_counts_the_rest_and_says_how_many(tmp_path: Path) -> None:
    tiny = book("rules: [{kind: awards, parts: [{measure: read, each: 1}], cap: full}]")
    tiny.measures += "read: {title: 可读案值, form: book, value: sum(amount), skip_unreadable: true}\n"
    scores = tiny.score(tmp_path)
    assert scores.points("丁县") == n(6)
    assert scores.measure("丁县", "read")["masked_rows"] == 1


def test_not_due_from_a_unit_is_not_applicable(tmp_path: Path) -> None:
    tiny = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]")
    tiny.forms["book"] = LEDGER.replace("kept_by: unit", "kept_by: unit\nreported_by: {tags: [organ]}")
    tiny.register = "\n".join(
        f"- {{code: c{i}, title: {unit}, kind: county, tags: [{'organ' if unit != '甲县' else ''}]}}"
        for i, unit in enumerate(UNITS, 1)
    )
    tiny.units = []
    scores = tiny.score(tmp_path)
    assert states(scores) == ["not_applicable", "missing", "value", "value"]
    row = scores.item("甲县")
    assert row["left_out"] and row["points"] == 0 and row["points_lost"] is None
    assert scores.total("甲县")["countable"] == 0


def test_a_slash_in_the_target_is_not_applicable(tmp_path: Path) -> None:
    scores = Tiny(
        "unit cases aim\n甲县 3 4\n乙县 3 /\n丙县 3 _\n丁县 3 0",
        item("actual: cases\ntarget: aim\nvalue: 100 * actual / target\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]"),
    ).score(tmp_path)
    assert states(scores) == ["value", "not_applicable", "missing", "zero_base"]
    assert scores.points("甲县") == n("7.5")
    assert scores.range("丙县") == scores.range("丁县") == (n(0), n(10))


def test_what_the_office_owes_is_pending(tmp_path: Path) -> None:
    targets = """\
    form: targets
    title: 任务
    kept_by: office
    dated_by: issued_on
    columns:
      - {code: issued_on, title: 日期, type: date, required: true}
      - {code: aim, title: 任务数, type: integer}
    """
    scores = Tiny(
        "unit cases\n甲县 3\n乙县 3\n丙县 3\n丁县 3",
        item("actual: cases\ntarget: goal\nvalue: 100 * actual / target\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]"),
        measures="goal: {title: 任务, form: targets, value: only(aim)}",
        forms={"targets": targets},
        data={"targets": "单位 issued_on aim\n甲县 2024-01-05 4\n丙县 2024-01-05 4\n丙县 2024-02-05 6\n丁县 2024-01-05 0"},
    ).score(tmp_path)
    assert states(scores) == ["value", "pending", "pending", "zero_base"]
    assert scores.points("丙县") is None, "two targets in force: neither is taken"


# --- what absence does to points --------------------------------------------------------------------


def test_a_deduction_with_a_missing_part_never_gives_full_marks(tmp_path: Path) -> None:
    scores = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]").score(tmp_path)
    assert [scores.points(unit) for unit in UNITS] == [n(8), None, n(10), n(8)]
    assert scores.range("乙县") == (n(0), n(10))


def test_known_parts_narrow_the_range(tmp_path: Path) -> None:
    """损失：未报一项最多扣 2 分（未知），另一项已知扣 3 分 → 5 至 7 分."""
    table = "unit known hidden\n甲县 3 1\n乙县 3 _\n丙县 9 _\n丁县 0 _"
    scores = Tiny(table, item("rules: [{kind: deductions, parts: [{measure: known, each: 1}, {measure: hidden, each: 1, cap: 2}]}]")).score(tmp_path)
    assert scores.points("甲县") == n(6)
    assert [scores.range(unit) for unit in UNITS[1:]] == [(n(5), n(7)), (n(0), n(1)), (n(8), n(10))]


def test_a_cap_over_the_parts_closes_the_range(tmp_path: Path) -> None:
    """合计最多 5 分：已知部分已经 5 分的，不论未知部分多少都是 5 分；未知部分没有上限的，最高也只到 5 分."""
    table = "unit known hidden\n甲县 9 _\n乙县 3 _\n丙县 3 0"
    body = "rules: [{kind: awards, parts: [{measure: known, each: 1}, {measure: hidden, each: 1}], cap: 5}]"
    scores = Tiny(table, item(body)).score(tmp_path)
    assert [scores.range(unit) for unit in UNITS[:3]] == [(n(5), n(5)), (n(3), n(5)), (n(3), n(3))]
    assert scores.points("甲县") == n(5)


def test_no_points_puts_points_to_the_floor_not_a_zero_into_the_figure(tmp_path: Path) -> None:
    scores = book("missing: no_points\nrules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]").score(tmp_path)
    assert [scores.points(unit) for unit in UNITS] == [n(8), n(0), n(10), n(8)]
    assert scores.state("乙县") == "missing"
    assert scores.measure("乙县", "cases")["value"] is None
    assert scores.total("乙县")["state"] == "complete"
    [row] = [row for row in scores.shortfalls("乙县") if row["indicator"] == "x"]
    assert (row["stage"], row["points_lost"]) == ("数据不全", n(10))


def test_no_points_decides_a_loss_that_lands_elsewhere(tmp_path: Path) -> None:
    """缺报不得分的扣分项，损失落在总分：扣到底，总分不再是范围，也绝不是不扣."""
    sections = """
    - code: s1
      title: 一
      indicators:
        - {code: y, title: 乙项, clause: 二, full_marks: 50, rules: [{kind: checklist, need: any, items: [{if: cases >= 0}]}], missing: no_points}
        - {code: x, title: 甲项, clause: 一, full_marks: 10, missing: no_points, rules: [{kind: deductions, parts: [{measure: cases, each: 1, cap: 4}], lands_on: total}]}
        - {code: z, title: 丙项, clause: 三, full_marks: 20, rules: [{kind: checklist, need: any, items: [{if: book.due >= 0}]}]}
    """
    tiny = book("")
    tiny.indicators, tiny.sections = "", sections
    scores = tiny.score(tmp_path)
    assert scores.total("甲县")["total"] == n(78), "50 + 10 − 2 + 20"
    row = scores.total("乙县")
    assert (row["state"], row["total_low"]) == ("complete", row["total_high"])
    assert row["total"] <= 20, "both items at their floor"


def test_policy_is_the_rubrics_unless_the_indicator_says(tmp_path: Path) -> None:
    body = "missing: pending\nrules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]"
    scores = book(body, missing="no_points").score(tmp_path)
    assert scores.points("乙县") is None


@pytest.mark.parametrize(
    ("need", "points", "ranges"),
    [
        ("any", [n(10), None, None, n(10)], [(10, 10), (0, 10), (0, 10), (10, 10)]),
        ("all", [None, n(0), None, n(10)], [(0, 10), (0, 0), (0, 10), (10, 10)]),
    ],
)
def test_an_unknown_operand_is_undecided_never_false(
    tmp_path: Path, need: str, points: list[Decimal | None], ranges: list[tuple[int, int]]
) -> None:
    """甲 是/空, 乙 否/空, 丙 空/空, 丁 是/是."""
    table = "unit p:boolean q:boolean\n甲县 是 _\n乙县 否 _\n丙县 _ _\n丁县 是 是"
    scores = Tiny(table, item(f"rules: [{{kind: checklist, need: {need}, items: [{{if: p}}, {{if: q}}]}}]")).score(tmp_path)
    assert [scores.points(unit) for unit in UNITS] == points
    assert [scores.range(unit) for unit in UNITS] == [(n(a), n(b)) for a, b in ranges]


@pytest.mark.parametrize(
    ("need", "points"), [("any", [n(10), None]), ("all", [None, n(0)])], ids=["any", "all"]
)
def test_an_item_that_does_not_apply_spoils_nothing_that_is_decided(
    tmp_path: Path, need: str, points: list[Decimal | None]
) -> None:
    """甲 是/不涉及, 乙 否/不涉及: 有一项符合即得 is decided for 甲, 全部符合 for 乙; the rest is not."""
    table = "unit p:boolean q:boolean\n甲县 是 /\n乙县 否 /\n丙县 / /"
    scores = Tiny(table, item(f"rules: [{{kind: checklist, need: {need}, items: [{{if: p}}, {{if: q}}]}}]")).score(tmp_path)
    assert [scores.points(unit) for unit in UNITS[:2]] == points
    assert [scores.state(unit) for unit in UNITS[:3]] == [
        "value" if points[0] is not None else "pending",
        "value" if points[1] is not None else "pending",
        "not_applicable",
    ]


def test_not_is_undecided_too(tmp_path: Path) -> None:
    table = "unit p:boolean a\n甲县 _ 1\n乙县 否 1"
    scores = Tiny(table, item("rules: [{kind: deductions, parts: [{if: not p, points: 4}, {if: a <> 1 or p, points: 3}]}]")).score(tmp_path)
    # 甲: p unknown → neither part decided: 3 … 10; 乙: not p holds, the other not → 6
    assert scores.range("甲县") == (n(3), n(10))
    assert scores.points("乙县") == n(6)


def test_whether_it_applies_can_be_undecided(tmp_path: Path) -> None:
    """“不承担办案职责的不考”：职责栏还没有登记，就不能当作要考，也不能当作不考."""
    table = "unit score duty:boolean\n甲县 6 是\n乙县 6 否\n丙县 6 _"
    body = "not_applicable: {when: duty = false, then: full_marks, reason: 不承担办案职责}\nrules: [{kind: judged, measure: score}]"
    scores = Tiny(table, item(body)).score(tmp_path)
    assert [scores.points(unit) for unit in UNITS[:3]] == [n(6), n(10), None]
    low, high = scores.range("丙县")
    assert low <= 6 and high is not None and high >= 10
    assert scores.total("丙县")["state"] == "pending"


@pytest.mark.parametrize(
    ("then", "state", "points"),
    [
        ("", "zero_base", None),
        ("base_zero: {then: no_points}", "zero_base", n(0)),
        ("base_zero: {then: full_marks}", "zero_base", n(10)),
        ("base_zero: {then: not_applicable}", "not_applicable", n(0)),
    ],
)
def test_a_zero_denominator(tmp_path: Path, then: str, state: str, points: Decimal | None) -> None:
    table = "unit done due\n甲县 1 2\n乙县 0 0"
    body = f"{then}\nactual: done\ntarget: due\nvalue: 100 * actual / target\nrules: [{{kind: piecewise, straight: [[0, 0], [100, full]]}}]"
    scores = Tiny(table, item(body)).score(tmp_path)
    assert scores.points("甲县") == n(5)
    assert (scores.state("乙县"), scores.points("乙县")) == (state, points)
    assert scores.item("乙县")["value"] is None
    if points == n(10):
        assert not scores.shortfalls("乙县"), "nothing was lost, nothing is a shortfall"


SHARE = """
- code: s1
  title: 一
  indicators:
    - {{code: x, title: 甲项, clause: 一, full_marks: 6, rules: [{{kind: judged, measure: a}}]}}
    - {{code: y, title: 乙项, clause: 二, full_marks: 4, not_applicable: {{when: b = 0, then: {then}, reason: 无此职责}}, rules: [{{kind: judged, measure: b}}]}}
"""


@pytest.mark.parametrize(
    ("then", "total", "countable"),
    [("rescale", "5", 1), ("full_marks", "7", 2), ("no_points", "3", 2), ("{share: 60%}", "5.4", 2)],
)
def test_what_does_not_apply(tmp_path: Path, then: str, total: str, countable: int) -> None:
    """甲项得 3/6，乙项（4 分）不适用：折算 3 × 10/6 = 5；满分 3 + 4；不得分 3；六成 3 + 2.4."""
    scores = Tiny(
        "unit a b\n甲县 3 0\n乙县 3 2", sections=SHARE.format(then=then),
        groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}",
    ).score(tmp_path)  # fmt: skip
    assert scores.total("甲县")["total"] == n(total)
    assert scores.total("乙县")["total"] == n(5)
    assert (scores.state("甲县", "y"), scores.total("甲县")["countable"]) == ("not_applicable", countable)


def test_a_unit_to_which_nothing_applies_holds_nobody_up(tmp_path: Path) -> None:
    scores = Tiny(
        "unit a\n甲县 9\n乙县 8\n丙县 0",
        item("not_applicable: {when: a = 0, then: rescale, reason: 无此职责}\nrules: [{kind: judged, measure: a}]"),
        groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}",
    ).score(tmp_path)
    assert scores.place("丙县")["place"] is None
    assert [scores.place(unit)["provisional"] for unit in ("甲县", "乙县")] == [False, False]


# --- registers of the office ------------------------------------------------------------------------

CLOSED = "报表 单位 报送期 收到时间 结果 零报告\nevents _ 2024 2025-01-08 已关账 _"


def office(adjustment: str, data: dict[str, str], **more: str) -> Tiny:
    return Tiny(
        "unit score\n甲县 95\n乙县 92\n丙县 50", item("rules: [{kind: judged, measure: score}]", full="100"),
        measures="events: {title: 事件, unit: 次, form: events, value: count(*)}", forms={"events": REGISTER}, data=data,
        adjustments=adjustment, **more,
    )  # fmt: skip


ONE = "单位 seen_on\n甲县 2024-03-01"
VETO = "- {kind: veto, code: faked, title: 弄虚作假, clause: 十二, when: events > 0, effect: {score_at_most: 59}}"
GRADES = "[{title: 优秀, at_least: 90, quota: {share: 40%}}, {title: 良好, at_least: 60}, {title: 不合格}]"


def test_a_closed_register_without_rows_is_zero(tmp_path: Path) -> None:
    scores = office(VETO, {"events": ONE, "submissions": CLOSED}).score(tmp_path)
    assert [scores.total(unit)["total"] for unit in UNITS[:3]] == [n(59), n(92), n(50)]


def test_an_open_register_leaves_a_veto_undecided(tmp_path: Path) -> None:
    scores = office(VETO, {}, grades=GRADES).score(tmp_path)
    assert [(scores.total(u)["total_low"], scores.total(u)["total_high"]) for u in UNITS[:3]] == [(59, 95), (59, 92), (50, 50)]
    assert scores.place("甲县")["place"] is None and scores.place("甲县")["grade"] is None
    assert (scores.place("乙县")["best_place"], scores.place("乙县")["worst_place"]) == (1, 2)
    assert (scores.place("丙县")["best_place"], scores.place("丙县")["worst_place"]) == (3, 3)


@pytest.mark.parametrize("cap", ["", "cap: 3, "])
def test_an_open_register_never_means_no_penalty(tmp_path: Path, cap: str) -> None:
    """扣分没有上限时更不能当作没有扣."""
    penalty = f"- {{kind: penalty, code: shown, title: 曝光, clause: 十, {cap}parts: [{{measure: events, each: 1}}]}}"
    scores = office(penalty, {}).score(tmp_path)
    row = scores.total("甲县")
    assert (row["state"], row["total"], row["total_high"]) == ("pending", None, n(95))
    assert row["total_low"] == (n(92) if cap else n(0))


def test_an_open_register_leaves_a_bonus_undecided(tmp_path: Path) -> None:
    bonus = "- {kind: bonus, code: praise, title: 表扬, clause: 九, pool: 5, parts: [{measure: events, each: 2}]}"
    scores = office(bonus, {}).score(tmp_path)
    row = scores.total("甲县")
    assert (row["total"], row["total_low"], row["total_high"]) == (None, n(95), n(100))
    open_end = bonus.replace("pool: 5, ", "")
    row = office(open_end, {}).score(tmp_path / "open").total("甲县")
    assert (row["total"], row["total_low"], row["total_high"]) == (None, n(95), None)


def test_a_gate_that_looks_at_an_open_register_is_undecided(tmp_path: Path) -> None:
    bonus = "- {kind: bonus, code: praise, title: 表扬, clause: 九, pool: 5, gate: base >= 80 and events = 0, parts: [{measure: score, each: 1}]}"
    scores = office(bonus, {}).score(tmp_path)
    assert [(scores.total(u)["total_low"], scores.total(u)["total_high"]) for u in UNITS[:3]] == [(95, 100), (92, 97), (50, 50)]


def test_closing_is_for_the_offices_own_registers(tmp_path: Path) -> None:
    """单位报的报表不能由“已关账”变成零：那会把缺报变成 0 件."""
    came = CAME + "book _ 2024Q3 2024-10-31 已关账 _\n"
    scores = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]", came=came).score(tmp_path)
    assert scores.state("乙县") == "missing"
    assert scores.points("乙县") is None


# --- dates ------------------------------------------------------------------------------------------


def test_before_anything_is_due_a_figure_is_pending(tmp_path: Path) -> None:
    tiny = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]")
    early = tiny.score(tmp_path, date(2024, 2, 20))
    assert states(early) == ["pending"] * 4
    assert early.points("甲县") is None, "nothing due yet is not full marks"


def test_on_the_due_day_and_after_the_first_quarter(tmp_path: Path) -> None:
    """4 月 10 日：第一季度到期并已收，只看已到期的；第三季度没有到期，乙县不算缺报."""
    scores = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]").score(tmp_path, date(2024, 4, 10))
    assert states(scores) == ["value"] * 4
    assert [scores.points(unit) for unit in UNITS] == [n(9), n(9), n(10), n(9)]
    autumn = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]").score(tmp_path / "b", date(2024, 10, 9))
    assert autumn.state("乙县") == "value", "the third quarter is due on 10 October"
    due = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]").score(tmp_path / "c", date(2024, 10, 10))
    assert due.state("乙县") == "missing"


def test_a_late_correction_counts_from_the_day_it_came(tmp_path: Path) -> None:
    """第三季度 11 月 20 日才补报：11 月 19 日缺报，20 日起计入；过了截止日的不计."""
    rows = ROWS + "乙县 2024-08-15 甲 1.00\n"
    body = "rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]"
    came = CAME + "book 乙县 2024Q3 2024-11-20 已收 否\n"
    before = book(body, came, rows).score(tmp_path / "a", date(2024, 11, 19))
    after = book(body, came, rows).score(tmp_path / "b", date(2024, 11, 20))
    assert (before.state("乙县"), after.state("乙县")) == ("missing", "value")
    assert after.points("乙县") == n(8)
    too_late = CAME + "book 乙县 2024Q3 2025-01-21 已收 否\n"
    assert book(body, too_late, rows).score(tmp_path / "c").state("乙县") == "missing", "the cut-off is 20 January"


def test_a_returned_submission_is_not_received(tmp_path: Path) -> None:
    came = CAME + "book 乙县 2024Q3 2024-10-08 退回 否\n"
    scores = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]", came).score(tmp_path)
    assert scores.state("乙县") == "missing"


def test_rows_without_an_accepted_submission_do_not_count(tmp_path: Path) -> None:
    """没有登记的行不计入，并有提示；不会把缺报变成已报."""
    rows = ROWS + "乙县 2024-08-15 甲 1.00\n"
    scores = book("rules: [{kind: deductions, parts: [{measure: cases, each: 1}]}]", rows=rows).score(tmp_path)
    assert scores.state("乙县") == "missing"
    assert scores.measure("乙县", "cases")["partial"] == 1
    assert any("未计入" in str(issue) and "乙县" in str(issue) for issue in scores.project.issues)


def test_no_data_last_year_is_missing_not_a_zero_base(tmp_path: Path) -> None:
    body = "actual: cases\ntarget: before\nvalue: 100 * (actual - target) / target\nbase_zero: {then: full_marks}\nrules: [{kind: piecewise, straight: [[-100, 0], [0, full]]}]"
    tiny = book(body)
    tiny.measures += "before: {title: 上年案件数, of: cases, over: whole_last_year}\n"
    scores = tiny.score(tmp_path)
    assert scores.state("甲县") == "missing"
    assert scores.range("甲县") == (n(0), n(10))


def test_a_report_never_received_is_a_fact_for_timeliness(tmp_path: Path) -> None:
    scores = book("rules: [{kind: timeliness, form: book, late: 1, missing: 2}]").score(tmp_path)
    assert (scores.state("乙县"), scores.points("乙县")) == ("value", n(8))


# --- totals, places, quotas -------------------------------------------------------------------------

PLACED = "rules: [{kind: deductions, parts: [{measure: known, each: 1}, {measure: hidden, each: 1, cap: 3}]}]"


def test_places_and_provisional_marks(tmp_path: Path) -> None:
    """甲 9；乙 5–8；丙 7；丁 2：甲一定第一，丙、丁暂定与否看乙能不能超过."""
    table = "unit known hidden\n甲县 1 0\n乙县 2 _\n丙县 3 0\n丁县 8 0"
    scores = Tiny(table, item(PLACED)).score(tmp_path)
    rows = [scores.place(unit) for unit in UNITS]
    assert [(row["total_low"], row["total_high"]) for row in rows] == [(9, 9), (5, 8), (7, 7), (2, 2)]
    assert [row["place"] for row in rows] == [1, None, 2, 3]
    assert [row["provisional"] for row in rows] == [False, False, True, True]
    assert [(row["best_place"], row["worst_place"]) for row in rows] == [(1, 1), (2, 3), (2, 3), (4, 4)]


@pytest.mark.parametrize("seed", range(6))
def test_ranges_and_places_against_brute_force(tmp_path: Path, seed: int) -> None:
    """两个未知数各取 0、1、3（损失 3 分封顶，再多也一样）：范围和可能的名次正好是实际会出现的."""
    known = [(7 * seed + 3 * i * i) % 6 for i in range(4)]
    hidden = [None if (seed + i) % 2 else (seed + 2 * i) % 4 for i in range(4)]

    def score(values: list[int | None], folder: str) -> Scores:
        rows = [f"{u} {k} {'_' if h is None else h}" for u, k, h in zip(UNITS, known, values, strict=True)]
        return Tiny("unit known hidden\n" + "\n".join(rows), item(PLACED)).score(tmp_path / folder)

    shown = score(hidden, "shown")
    totals: list[list[Decimal]] = [[] for _ in UNITS]
    places: list[list[int]] = [[] for _ in UNITS]
    options = [[value] if value is not None else [0, 1, 3] for value in hidden]
    for number, values in enumerate(product(*options)):
        full = score(list(values), f"case{number}")
        for i, unit in enumerate(UNITS):
            totals[i].append(full.total(unit)["total"])
            places[i].append(full.place(unit)["place"])
    for i, unit in enumerate(UNITS):
        row = shown.place(unit)
        assert (row["total_low"], row["total_high"]) == (min(totals[i]), max(totals[i])), unit
        assert (row["best_place"], row["worst_place"]) == (min(places[i]), max(places[i])), unit


def test_quotas_wait_while_a_unit_is_undecided(tmp_path: Path) -> None:
    body = item("rules: [{kind: judged, measure: score}]", full="100")
    decided = Tiny("unit score\n甲县 95\n乙县 92\n丙县 50", body, grades=GRADES).score(tmp_path / "a")
    assert [decided.place(unit)["grade"] for unit in UNITS[:3]] == ["优秀", "良好", "不合格"], "40 % of 3 is 1"
    open_one = Tiny("unit score\n甲县 95\n乙县 92\n丙县 _", body, grades=GRADES).score(tmp_path / "b")
    assert [open_one.place(unit)["grade"] for unit in UNITS[:3]] == ["优秀", "优秀", None]
    assert [open_one.place(unit)["by_quota"] for unit in UNITS[:3]] == [False, False, False]
    # 丙县 may still come first; then 40 % of 3 takes 丙县 alone, and neither of the two is sure of its grade
    assert [open_one.place(unit)["quota_open"] for unit in UNITS[:3]] == [True, True, False]
    assert [decided.place(unit)["quota_open"] for unit in UNITS[:3]] == [False, False, False]


def test_a_quota_that_can_no_longer_bind_leaves_no_doubt(tmp_path: Path) -> None:
    body = item("rules: [{kind: judged, measure: score}]", full="100")
    grades = GRADES.replace("40%", "70%")  # 70 % of 3 is 2
    scores = Tiny("unit score\n甲县 95\n乙县 70\n丙县 _", body, grades=grades).score(tmp_path)
    assert [scores.place(unit)["quota_open"] for unit in UNITS[:3]] == [False, False, False]


def test_counted_of_countable(tmp_path: Path) -> None:
    """已计 N/应计 M：缺报的不算已计，不适用的不算应计."""
    sections = """
    - code: s1
      title: 一
      indicators:
        - {code: x, title: 甲项, clause: 一, full_marks: 6, rules: [{kind: judged, measure: a}]}
        - {code: y, title: 乙项, clause: 二, full_marks: 4, rules: [{kind: judged, measure: b}]}
        - {code: z, title: 丙项, clause: 三, full_marks: 4, rules: [{kind: deductions, parts: [{measure: c, each: 1, cap: 2}], lands_on: total}]}
    """
    scores = Tiny("unit a b c\n甲县 3 2 1\n乙县 3 _ 1\n丙县 3 / 1\n丁县 3 2 _", sections=sections).score(tmp_path)
    rows = [scores.total(unit) for unit in UNITS]
    assert [(row["counted"], row["countable"]) for row in rows] == [(3, 3), (2, 3), (2, 2), (2, 3)]
    assert [row["state"] for row in rows] == ["complete", "pending", "complete", "pending"]


def test_a_blank_cell_of_a_count_is_a_fact_of_the_row(tmp_path: Path) -> None:
    """空白格不满足任何比较，也可以问“是否为空”；不是缺报."""
    rows = ROWS.replace("甲县 2024-05-01 甲 9.00", "甲县 2024-05-01 甲 _")
    tiny = book("rules: [{kind: deductions, parts: [{measure: blank, each: 1}, {measure: big, each: 1}]}]", rows=rows)
    tiny.measures += "blank: {title: 没填案值, form: book, value: count(*), where: amount is null}\n"
    scores = tiny.score(tmp_path)
    assert (scores.state("甲县"), scores.points("甲县")) == ("value", n(9))


BOOK = """
    form: book
    title: 测评台账
    kept_by: office
    dated_by: seen_on
    columns:
      - {code: seen_on, title: 日期, type: date, required: true}
      - {code: doc_no, title: 文号, type: text}
      - {code: score, title: 得分, type: decimal, decimals: 1}
"""


def test_two_last_ones_of_one_day_that_differ_are_no_figure(tmp_path: Path) -> None:
    """甲 8 and 6 on 1 May: which of them counts is not said. 乙 twice 7 that day: 7. 丙 9 in May after 4 in April: 9."""
    rows = """
        单位 日期 文号 得分
        甲县 2024-05-01 1号 8.0
        甲县 2024-05-01 2号 6.0
        乙县 2024-05-01 3号 7.0
        乙县 2024-05-01 4号 7.0
        丙县 2024-05-01 5号 9.0
        丙县 2024-04-01 6号 4.0
    """
    tiny = Tiny(
        indicators=item("rules: [{kind: judged, measure: last}]"), forms={"book": BOOK}, data={"book": rows},
        measures="last: {title: 测评得分, form: book, value: latest(score)}", units=["甲县", "乙县", "丙县"],
    )  # fmt: skip
    scores = tiny.score(tmp_path)
    assert [scores.points(unit) for unit in ("甲县", "乙县", "丙县")] == [None, 7, 9]
    assert scores.state("甲县") == "pending"
    (trace,) = indicator_traces(scores.assessment, "c1")
    assert trace.sentence.startswith("测评得分最近一天有不同的数（测评台账），不知以哪个为准，请删去不对的")


def test_of_rows_of_one_thing_the_greatest_counts_wherever_it_stands(tmp_path: Path) -> None:
    """文号 1 stands twice, with 3 and 8: 8. With 文号 2 of 2 that is 10, from either end of the file."""
    lines = ["甲县 2024-05-01 1号 3.0", "甲县 2024-03-01 1号 8.0", "甲县 2024-06-01 2号 2.0"]
    for name, order in (("a", lines), ("b", lines[::-1])):
        tiny = Tiny(
            indicators=item("rules: [{kind: awards, parts: [{measure: all, each: 1}], cap: full}]"), forms={"book": BOOK},
            data={"book": "\n".join(["单位 日期 文号 得分", *order])}, units=["甲县"],
            measures="all: {title: 得分合计, unit: 分, form: book, value: sum(score), once_by: [doc_no]}",
        )  # fmt: skip
        scores = tiny.score(tmp_path / name)
        assert scores.measure("甲县", "all")["value"] == 10
        assert "同一文号只计最高的一次" in words.measure(scores.project.rubric, "all")

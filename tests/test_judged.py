"""Scores and losses entered by the assessors: limit, reason, premise, register not closed yet. Reckoned by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scoring.engine.explain import explain_text, indicator_traces
from scoring.engine.trace import explain_json
from scoring.project import open_project
from tests.tiny import Scores, Tiny, item, n

COLUMNS = """columns:
  - {code: indicator, title: 指标代码, type: text, required: true}
  - {code: score, title: 分数, type: decimal, decimals: 2, unit: 分, required: true}
  - {code: reason, title: 理由, type: text}
  - {code: judged_by, title: 评分人, type: text}
  - {code: judged_on, title: 评分日期, type: date, required: true}
  - {code: doc_no, title: 依据文号, type: text}
"""
REVIEW = f"form: review\ntitle: 考核组评分\nkept_by: office\ndated_by: judged_on\n{COLUMNS}"
CLOSING = REVIEW.replace("dated_by", "due: {every: year, day: 15}\ndated_by")
HEAD = "单位 indicator score reason judged_by judged_on doc_no"
UNITS = ["甲县", "乙县", "丙县", "丁县"]
CLOSED = "报表 单位 报送期 收到时间 结果 零报告\nreview _ 2024 2025-01-08 已关账 _"


def tiny(body: str, rows: str, form: str = REVIEW, table: str = "", closed: bool = False, full: str | None = "10") -> Tiny:
    data = {"review": f"{HEAD}\n{rows}"} | ({"submissions": CLOSED} if closed else {})
    return Tiny(table, item(body, "quality", full), forms={"review": form}, data=data, units=UNITS)


def sentence(scores: Scores, unit: str) -> str:
    return indicator_traces(scores.assessment, scores.place(unit)["unit"], "quality")[0].sentence


def points(scores: Scores, unit: str) -> Decimal | None:
    return scores.points(unit, "quality")


def state(scores: Scores, unit: str) -> str:
    return scores.state(unit, "quality")


def span(scores: Scores, unit: str) -> tuple[Decimal, Decimal | None]:
    return scores.range(unit, "quality")


def warnings(scores: Scores) -> list[str]:
    return [str(issue) for issue in scores.project.issues if issue.level == "B"]


# --- a score ------------------------------------------------------------------------------------------


def test_an_entry_is_told_with_limit_reason_author_day_and_number(tmp_path: Path) -> None:
    rows = """
    甲县 quality 4.5 台账齐全 考核组 2024-12-20 示双打办函〔2024〕9号
    乙县 quality 3   _        _      2024-12-21 _
    """
    scores = tiny("rules: [{kind: judged, limit: 5}]", rows, full="5").score(tmp_path)
    assert sentence(scores, "甲县") == (
        "考核组评 4.5 分（最高 5 分），理由：台账齐全；评分人：考核组，2024-12-20，示双打办函〔2024〕9号，得 4.50 分"
    )
    assert sentence(scores, "乙县") == "考核组评 3 分（最高 5 分），评分日期：2024-12-21，得 3.00 分"
    trace = explain_json(scores.assessment, scores.project.store, "c1")["indicators"][0]
    (entry,) = trace["entries"]
    assert (entry["score"], entry["most"], entry["is_loss"]) == ("4.5", "5", False)
    assert (entry["reason"], entry["judged_by"]) == ("台账齐全", "考核组")
    assert (entry["judged_on"], entry["doc_no"]) == ("2024-12-20", "示双打办函〔2024〕9号")


def test_what_is_odd_about_an_entry_is_told_at_its_row_and_it_counts_all_the_same(tmp_path: Path) -> None:
    """6 of at most 5 counts 5; −1 counts 0; both are told, and so is a score without a reason."""
    rows = "甲县 quality 6 好 考核组 2024-12-20 _\n乙县 quality -1 差 考核组 2024-12-20 _\n丙县 quality 3 _ 考核组 2024-12-20 _"
    scores = tiny("rules: [{kind: judged, limit: 5}]", rows, full="5").score(tmp_path)
    assert [points(scores, unit) for unit in UNITS] == [n(5), n(0), n(3), None]
    assert warnings(scores) == [
        "data/review.csv:2: 分数: 评分 6 高于上限 5 分，按上限计。请核对评分。",
        "data/review.csv:3: 分数: 评分 −1 低于 0 分，按 0 分计。请核对评分。",
        "data/review.csv:4: 理由: 评分没有写“理由”，照常计入。请补上理由，备查。",
    ]
    assert sentence(scores, "甲县").startswith("考核组评 6 分（最高 5 分，按 5 分计），理由：好；")
    assert sentence(scores, "乙县").startswith("考核组评 −1 分（最高 5 分，按 0 分计），理由：差；")


def test_two_entries_for_one_item_are_no_score(tmp_path: Path) -> None:
    rows = "甲县 quality 4 好 考核组 2024-12-20 _\n甲县 quality 5 好 考核组 2024-12-21 _"
    scores = tiny("rules: [{kind: judged}]", rows).score(tmp_path)
    assert (points(scores, "甲县"), state(scores, "甲县")) == (None, "pending")
    assert "有 2 行（考核组评分），只能有一行" in sentence(scores, "甲县")


def test_a_score_with_a_premise(tmp_path: Path) -> None:
    """甲 meets it: 4. 乙 does not: 0, whatever was entered. 丙 does not and nothing was entered: 0, nobody waits.
    丁 has not reported what it rests on: 0 to 4."""
    rows = "甲县 quality 4 好 考核组 2024-12-20 _\n乙县 quality 3 好 考核组 2024-12-20 _\n丁县 quality 4 好 考核组 2024-12-20 _"
    table = "unit done\n甲县 1\n乙县 0\n丙县 0\n丁县 _"
    scores = tiny("rules: [{kind: judged, limit: 5, only_if: done > 0}]", rows, table=table).score(tmp_path)
    assert [points(scores, unit) for unit in UNITS] == [n(4), n(0), n(0), None]
    assert [state(scores, unit) for unit in UNITS] == ["value", "value", "value", "missing"]
    assert span(scores, "丁县") == (n(0), n(4))
    assert sentence(scores, "丙县") == "前提“done大于 0”不成立，不得分，得 0.00 分"


def test_no_entry_is_no_points_once_the_register_is_closed(tmp_path: Path) -> None:
    """D23.3 认定的才加分：关账前没有登记的待定，关账后没有登记的 0 分."""
    body, rows = "rules: [{kind: judged, unless_entered: none}]", "甲县 quality 4 好 考核组 2024-12-20 _"
    scores = tiny(body, rows, CLOSING).score(tmp_path / "open")
    assert [state(scores, unit) for unit in UNITS] == ["pending"] * 4
    scores = tiny(body, rows, CLOSING, closed=True).score(tmp_path / "closed")
    assert [points(scores, unit) for unit in UNITS] == [n(4), n(0), n(0), n(0)]
    assert sentence(scores, "乙县") == "考核组没有评分，得 0.00 分"


# --- why a score is not there -------------------------------------------------------------------------


def source(scores: Scores, unit: str) -> str:
    told = explain_text(scores.assessment, scores.project.store, scores.place(unit)["unit"], "quality").splitlines()
    (line,) = [line.strip() for line in told if "来源：" in line]
    return line


def test_explain_tells_not_entered_from_not_closed_from_another_period(tmp_path: Path) -> None:
    """乙 has no entry; 丙 has one of ten days after the year; 甲 has one that waits for the register to be closed.
    What 丁 got the year before is no reason."""
    rows = "甲县 quality 4 好 考核组 2024-12-20 _\n丙县 quality 4 好 考核组 2025-01-10 _\n丁县 quality 4 好 考核组 2023-12-20 _"
    head = "来源：指标quality评分（未登记或未到期）：考核组评分"
    other = "登记的日期 2025-01-10 不在 2024 年考核期内，没有计入（data/review.csv 第 3 行）"
    scores = tiny("rules: [{kind: judged}]", rows).score(tmp_path / "plain")
    assert source(scores, "乙县") == source(scores, "丁县") == f"{head}没有登记这一项"
    assert source(scores, "丙县") == head + other
    assert sentence(scores, "乙县") == "考核组评分尚未登记，暂缺，可能得 0.00 至 10.00 分"
    scores = tiny("rules: [{kind: judged}]", rows, CLOSING).score(tmp_path / "open", as_of=date(2025, 1, 20))
    assert source(scores, "甲县") == f"{head}已登记，到 2025-01-20 还没有关账，没有计入（data/review.csv 第 2 行）"
    assert source(scores, "乙县") == f"{head}没有登记这一项，也没有关账"
    assert source(scores, "丙县") == head + other
    assert sentence(scores, "乙县").startswith("考核组评分尚未登记或关账，")
    scores = tiny("rules: [{kind: judged}]", rows, CLOSING, closed=True).score(tmp_path / "closed")
    assert source(scores, "乙县") == f"{head}没有登记这一项"


# --- a figure of a report instead of an entry ---------------------------------------------------------

ASKED = "unit asked\n甲县 92\n乙县 105\n丙县 -3\n丁县 _"


@pytest.mark.parametrize("actual", ["", "actual: rated\n"])
def test_a_figure_of_a_report_is_told_as_what_it_is(tmp_path: Path, actual: str) -> None:
    """At most 100: 92 counts, 105 counts 100, −3 counts 0. No word of the assessors, who entered nothing."""
    measure = "rated: {title: 测评得分, unit: 分, form: figures, value: only(asked)}"
    body = f"{actual}rules: [{{kind: judged, measure: rated}}]"
    scores = Tiny(ASKED, item(body, "quality", "100"), measures=measure).score(tmp_path)
    assert [points(scores, unit) for unit in UNITS] == [n(92), n(100), n(0), None]
    trace = indicator_traces(scores.assessment, "c1", "quality")[0]
    assert trace.rule == "按“测评得分”计，最高 100 分"
    assert trace.sentence == "测评得分 92 分，得 92.00 分"
    assert sentence(scores, "乙县") == "测评得分 105 分（最高 100 分，按 100 分计），得 100.00 分"
    assert sentence(scores, "丙县") == "测评得分 −3 分（低于 0，按 0 分计），得 0.00 分"
    assert sentence(scores, "丁县") == "数据表没有填报测评得分，暂缺，可能得 0.00 至 100.00 分"


def test_a_loss_by_a_figure_of_a_report(tmp_path: Path) -> None:
    """Of 10 at most 5: 甲 10 − 2; 乙 10 − 5, for 7 is above the limit; 丙 nothing."""
    measure = "taken: {title: 通报扣分, unit: 分, form: figures, value: only(asked)}"
    made = item("rules: [{kind: judged, as: loss, measure: taken, limit: 5}]", "quality", "10")
    scores = Tiny("unit asked\n甲县 2\n乙县 7\n丙县 0", made, measures=measure).score(tmp_path)
    assert [points(scores, unit) for unit in UNITS[:3]] == [n(8), n(5), n(10)]
    assert indicator_traces(scores.assessment, "c1", "quality")[0].rule == "按“通报扣分”扣分，最多扣 5 分"
    assert sentence(scores, "甲县") == "通报扣分 2 分，扣 2 分，得 8.00 分"
    assert sentence(scores, "乙县") == "通报扣分 7 分（最多扣 5 分），扣 5 分，得 5.00 分"
    assert sentence(scores, "丙县") == "通报扣分 0 分，不扣分，得 10.00 分"


# --- a loss -------------------------------------------------------------------------------------------

MIXED = """
rules:
  - {kind: piecewise, of: done, straight: [[0, 0], [100, full]]}
  - {kind: judged, as: loss, limit: 3}
"""
TABLE = "unit done\n甲县 80\n乙县 80\n丙县 10\n丁县 80"


def test_a_discretionary_loss_beside_a_computed_score(tmp_path: Path) -> None:
    """Of 10: 80 % is 8. 甲 8 − 1.5; 乙 8 − 3, for 4 is above the limit; 丙 1 − 2, floor 0; 丁 nothing entered: 5 to 8."""
    rows = "甲县 quality 1.5 材料不实 考核组 2024-12-20 _\n乙县 quality 4 拖延 考核组 2024-12-20 _\n丙县 quality 2 拖延 考核组 2024-12-20 _"
    scores = tiny(MIXED, rows, table=TABLE).score(tmp_path)
    assert [points(scores, unit) for unit in UNITS] == [n("6.5"), n(5), n(0), None]
    assert (state(scores, "丁县"), span(scores, "丁县")) == ("pending", (n(5), n(8)))
    assert sentence(scores, "甲县").endswith(
        "考核组酌情扣 1.5 分（最多扣 3 分），理由：材料不实；评分人：考核组，2024-12-20，得 6.50 分"
    )
    assert "考核组酌情扣 4 分（最多扣 3 分，按 3 分计）" in sentence(scores, "乙县")
    assert "考核组酌情扣分待定，暂缺，可能得 5.00 至 8.00 分" in sentence(scores, "丁县")
    assert warnings(scores) == ["data/review.csv:3: 分数: 扣分 4 高于上限 3 分，按上限计。请核对扣分。"]
    trace = indicator_traces(scores.assessment, "c1", "quality")[0]
    assert trace.rule.endswith("由考核组酌情扣分，最多扣 3 分；未登记的待定")
    parts = {part["title"]: part["points"] for part in scores.assessment.rows("rule_part", unit="c2")}
    assert parts["考核组酌情扣分"] == n(-3)


def test_a_loss_beside_deductions_starts_once_from_full_marks(tmp_path: Path) -> None:
    """10 − 2 × 0.5 − 2 = 7; without an entry after closing 10 − 1 = 9."""
    body = """
    rules:
      - {kind: deductions, parts: [{measure: faults, each: 0.5}]}
      - {kind: judged, as: loss, limit: 3, unless_entered: none}
    """
    table = "unit faults\n甲县 2\n乙县 2"
    scores = tiny(body, "甲县 quality 2 拖延 考核组 2024-12-20 _", CLOSING, table, closed=True).score(tmp_path)
    assert [points(scores, "甲县"), points(scores, "乙县")] == [n(7), n(9)]
    assert sentence(scores, "乙县").endswith("扣 1.00 分，考核组没有登记扣分，得 9.00 分")


@pytest.mark.parametrize("order", [False, True])
def test_the_order_of_the_rules_makes_no_difference(tmp_path: Path, order: bool) -> None:
    rules = [
        "{kind: deductions, parts: [{measure: faults, each: 0.5}]}",
        "{kind: judged, as: loss, limit: 3}",
    ]
    body = f"rules: [{', '.join(reversed(rules) if order else rules)}]"
    scores = tiny(body, "甲县 quality 2 拖延 考核组 2024-12-20 _", table="unit faults\n甲县 2").score(tmp_path)
    assert points(scores, "甲县") == n(7)  # 10 − 1 − 2


def test_a_loss_alone_starts_from_full_marks_and_waits_for_its_premise_only(tmp_path: Path) -> None:
    """D19.4 没有达到标准分的酌情扣分: 甲 reaches it, full marks though 5 was entered; 乙 20 − 2.5; 丙 held at 20;
    丁 is below and nothing is entered: 0 to 20. 戊 reaches it and nothing is entered: full marks."""
    body = "rules: [{kind: judged, as: loss, limit: full, only_if: earned < standard}]"
    table = "unit earned standard\n甲县 100 100\n乙县 99 100\n丙县 10 100\n丁县 60 100\n戊县 100 100"
    rows = "甲县 quality 5 差 考核组 2024-12-20 _\n乙县 quality 2.5 差 考核组 2024-12-20 _\n丙县 quality 30 差 考核组 2024-12-20 _"
    scores = tiny(body, rows, table=table, full="20").score(tmp_path)
    found = [points(scores, unit) for unit in (*UNITS, "戊县")]
    assert found == [n(20), n("17.5"), n(0), None, n(20)]
    assert span(scores, "丁县") == (n(0), n(20))
    assert state(scores, "戊县") == "value"
    assert sentence(scores, "戊县") == "前提“earned低于standard”不成立，不扣分，得 20.00 分"


def test_a_premise_undecided_leaves_the_loss_to_the_lower_end(tmp_path: Path) -> None:
    """甲 has 2 entered, and it is not known whether it holds: 8 or 6 of 10 at 80 %."""
    body = MIXED.replace("limit: 3", "limit: 3, only_if: late > 0")
    table = "unit done late\n甲县 80 _"
    scores = tiny(body, "甲县 quality 2 拖延 考核组 2024-12-20 _", table=table).score(tmp_path)
    assert (points(scores, "甲县"), span(scores, "甲县")) == (None, (n(6), n(8)))


def test_no_entry_is_no_loss_only_after_the_register_is_closed(tmp_path: Path) -> None:
    """Before closing nobody knows: 8 − 3 to 8. Closed on 8 January: 8; who has an entry 8 − 1; two entries stay open."""
    body = MIXED.replace("limit: 3", "limit: 3, unless_entered: none")
    rows = "甲县 quality 1 差 考核组 2024-12-20 _\n丁县 quality 1 差 考核组 2024-12-20 _\n丁县 quality 2 差 考核组 2024-12-21 _"
    made = tiny(body, rows, CLOSING, TABLE, closed=True)
    before = made.score(tmp_path / "before", as_of=date(2025, 1, 7))
    assert [state(before, unit) for unit in UNITS] == ["pending"] * 4
    assert span(before, "乙县") == (n(5), n(8))
    after = made.score(tmp_path / "after", as_of=date(2025, 1, 20))
    assert [points(after, unit) for unit in UNITS] == [n(7), n(8), n(1), None]
    assert sentence(after, "乙县").endswith("考核组没有登记扣分，得 8.00 分")
    never = tiny(body, rows, CLOSING, TABLE).score(tmp_path / "never")
    assert [state(never, unit) for unit in UNITS] == ["pending"] * 4, "a register that is not closed says nothing"


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "form", "full", "problem"),
    [
        ("rules: [{kind: judged, limit: 5}, {kind: judged, as: loss, limit: 3}]", REVIEW, "10", "分不清是哪一条"),
        ("rules: [{kind: judged, as: loss, unless_entered: none}]", REVIEW, "10", "没有关账的时候，分不清是不扣还是还没有评"),
        ("rules: [{kind: judged, unless_entered: none}]", REVIEW, "10", "没有关账的时候，分不清是不得分还是还没有评"),
        (
            "rules: [{kind: judged, unless_entered: none}]",
            CLOSING.replace("kept_by: office", "kept_by: unit"), "10", "没有关账的时候",
        ),
        ("rules: [{kind: judged, as: loss, limit: 3}]", REVIEW, None, "没有满分的指标不能从满分扣起"),
        ("rules: [{kind: judged, as: loss, measure: done, unless_entered: none}]", REVIEW, "10", "不写 unless_entered"),
        ("rules: [{kind: judged, as: bonus}]", REVIEW, "10", "bonus"),
        ("rules: [{kind: judged, only_if: done}]", REVIEW, "10", "“done”是数值，不能单独作条件"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(tmp_path: Path, body: str, form: str, full: str | None, problem: str) -> None:
    made = tiny(body, "甲县 quality 1 差 考核组 2024-12-20 _", form, "unit done\n甲县 1", full=full)
    told = [issue.problem for issue in open_project(made.write(tmp_path)).issues if issue.level == "error"]
    assert len(told) == 1 and problem in told[0], told

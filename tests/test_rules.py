"""Each kind of rule by worked examples: real clauses, points reckoned by hand in the comment, scored by the real engine.

Clause numbers Dnn.k name published assessment documents; where a clause leaves something open the example says
which reading is scored.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.tiny import Scores, Tiny, item, n

WEEKLY = """\
form: weekly
title: 周报
dated_by: seen_on
due: {every: week, weekday: 5, from: 2024-01-12, to: 2024-02-09}
columns:
  - {code: seen_on, title: 日期, type: date, required: true}
"""


def points(scores: Scores, *units: str) -> list[Decimal | None]:
    return [scores.points(unit) for unit in units]


# --- bands ------------------------------------------------------------------------------------------


def test_bands_limits_are_inclusive(tmp_path: Path) -> None:
    """D25.3 数据合规率（2 分）：100% 得 2 分，98% 及以上得 1 分，98% 以下 0 分."""
    scores = Tiny(
        """
        unit  good all
        甲县   50   50
        乙县   49   50
        丙县   97   99
        丁县   0    50
        """,
        item(
            """
            actual: good
            target: all
            value: 100 * actual / target
            rules: [{kind: bands, bands: [{at_least: 100, points: 2}, {at_least: 98, points: 1}, {points: 0}]}]
            """,
            full="2",
        ),
    ).score(tmp_path)
    # 50/50 = 100 % → 2; 49/50 = 98 % exactly → 1; 97/99 = 97.97… % is below 98 → 0, though it prints as 98.0
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(2), n(1), n(0), n(0)]


def test_bands_above_is_exclusive_and_holes_close_downwards(tmp_path: Path) -> None:
    """D63.1 写成 90 以上、80–89：89.5 属于下一档；above 不含界限."""
    scores = Tiny(
        """
        unit  score:decimal1
        甲县   90.0
        乙县   89.5
        丙县   90.1
        """,
        item(
            """
            actual: score
            rules: [{kind: bands, bands: [{above: 90, points: full}, {at_least: 90, points: 80% of full},
                     {at_least: 80, points: 60% of full}, {points: 0}]}]
            """,
            full="5",
        ),
    ).score(tmp_path)
    # 90.0 is not above 90 → 80 % of 5 = 4; 89.5 → 60 % of 5 = 3; 90.1 → 5
    assert points(scores, "甲县", "乙县", "丙县") == [n(4), n(3), n(5)]


def test_bands_downwards(tmp_path: Path) -> None:
    """曝光次数：0 次得满分，2 次及以下得一半，5 次以下得 1 分，其余不得分."""
    scores = Tiny(
        "unit times\n甲县 0\n乙县 2\n丙县 4\n丁县 5",
        item(
            """
            actual: times
            rules: [{kind: bands, bands: [{at_most: 0, points: full}, {at_most: 2, points: 50% of full},
                     {below: 5, points: 1}, {points: 0}]}]
            """,
            full="6",
        ),
    ).score(tmp_path)
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(6), n(3), n(1), n(0)]


def test_no_cases_is_no_points_not_the_top_band(tmp_path: Path) -> None:
    """D07.11：没有案件不得分，不按最高档."""
    scores = Tiny(
        "unit cases\n甲县 0\n乙县 1\n丙县 2",
        item("actual: cases\nrules: [{kind: bands, bands: [{at_least: 2, points: full}, {at_least: 1, points: 60% of full}, {points: 0}]}]", full="2"),
    ).score(tmp_path)
    assert points(scores, "甲县", "乙县", "丙县") == [n(0), n("1.2"), n(2)]


# --- piecewise --------------------------------------------------------------------------------------


def test_ratio_is_capped_at_full_marks(tmp_path: Path) -> None:
    """D49.1 完成任务得 4 分，不足的按比例；2017 年某市办结 439 件、立案 393 件，超过 100%."""
    scores = Tiny(
        """
        unit  done aim
        甲县   439  393
        乙县   2    3
        丙县   0    7
        丁县   393  393
        """,
        item("actual: done\ntarget: aim\nvalue: 100 * actual / target\nrules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]", full="4"),
    ).score(tmp_path)
    # 439/393 > 1 → 4; 4 × 2/3 = 2.666… → 2.67; 0; 4
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(4), n("2.67"), n(0), n(4)]


def test_ratio_gate_has_a_jump(tmp_path: Path) -> None:
    """D50.1 现场检查（1.8 分）：100% 得满分，50% 及以上按比例，50% 以下不得分."""
    scores = Tiny(
        """
        unit  done due
        甲县   1    2
        乙县   499  1000
        丙县   2    3
        丁县   5    5
        """,
        item("actual: done\ntarget: due\nvalue: 100 * actual / target\nrules: [{kind: piecewise, straight: [[50, 50% of full], [100, full]], below: 0}]", full="1.8"),
    ).score(tmp_path)
    # 50 % earns half, 0.9; 49.9 % earns nothing; 1.8 × 2/3 = 1.2; 1.8
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n("0.9"), n(0), n("1.2"), n("1.8")]


def test_two_corners_at_one_value_jump_there(tmp_path: Path) -> None:
    """同一指标值写两个点：从这个值起按第二个点."""
    scores = Tiny(
        "unit x:decimal2\n甲县 79.99\n乙县 80.00\n丙县 90.00\n丁县 59.00",
        item("actual: x\nrules: [{kind: piecewise, straight: [[60, 0], [80, 4], [80, 6], [100, full]], below: 0}]"),
    ).score(tmp_path)
    # 79.99 → 4 × 19.99/20 = 3.998 → 4.00; 80 → 6; 90 → 6 + 4 × 10/20 = 8; below 60 → 0
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(4), n(6), n(8), n(0)]


def test_step_with_two_slopes(tmp_path: Path) -> None:
    """D16.5 安全感低于 96% 每点扣 0.25，低于 90% 每点扣 0.5，最多扣 5 分（各段只算本段）."""
    scores = Tiny(
        "unit x:decimal1\n甲县 96.0\n乙县 93.0\n丙县 88.0\n丁县 70.0",
        item("actual: x\nrules: [{kind: piecewise, straight: [[83, 0], [90, 3.5], [96, full]]}]", full="5"),
    ).score(tmp_path)
    # 93: 5 − 3 × 0.25 = 4.25; 88: 5 − 6 × 0.25 − 2 × 0.5 = 2.5; 70: all five gone
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(5), n("4.25"), n("2.5"), n(0)]


def test_base_below_full_marks_and_a_falling_line(tmp_path: Path) -> None:
    """D53.1 达到预期目标得 80%，每高（低）一点加（减）0.5 分；负增长时指标值为负."""
    scores = Tiny(
        "unit now aim\n甲县 105 100\n乙县 97 100\n丙县 60 100\n丁县 120 100",
        item("actual: now\ntarget: aim\nvalue: 100 * (actual - target) / target\nrules: [{kind: piecewise, straight: [[-16, 0], [0, 8], [4, full]]}]"),
    ).score(tmp_path)
    # +5 % → 10 (top); −3 % → 8 − 1.5 = 6.5; −40 % → 0; +20 % → 10
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(10), n("6.5"), n(0), n(10)]


def test_above_the_last_corner(tmp_path: Path) -> None:
    """报得太多也要减分：超过最后一个点另定分值，正好在点上的按点."""
    scores = Tiny(
        "unit x\n甲县 10\n乙县 11\n丙县 5",
        item("actual: x\nrules: [{kind: piecewise, straight: [[0, 0], [10, full]], above: 6}]", full="8"),
    ).score(tmp_path)
    assert points(scores, "甲县", "乙县", "丙县") == [n(8), n(6), n(4)]


# --- deductions -------------------------------------------------------------------------------------


def test_deductions_stop_at_zero(tmp_path: Path) -> None:
    """D25.2 数据完整（2 分）：抽查每漏一条扣 0.5 分，扣完为止；D42.2 的 10 分可以扣到 25 分."""
    scores = Tiny(
        "unit omitted\n甲县 0\n乙县 3\n丙县 4\n丁县 50",
        item("rules: [{kind: deductions, parts: [{measure: omitted, each: 0.5}]}]", full="2"),
    ).score(tmp_path)
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(2), n("0.5"), n(0), n(0)]


def test_inner_caps(tmp_path: Path) -> None:
    """D01.16（15 分）：一种原因最多扣 10 分，另一种最多扣 5 分."""
    scores = Tiny(
        "unit a b\n甲县 3 1\n乙县 30 1\n丙县 3 90\n丁县 30 90",
        item("rules: [{kind: deductions, parts: [{measure: a, each: 2, cap: 10}, {measure: b, each: 1.5, cap: 5}]}]", full="15"),
    ).score(tmp_path)
    # 15−6−1.5 = 7.5; 15−10−1.5 = 3.5; 15−6−5 = 4; 15−10−5 = 0
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n("7.5"), n("3.5"), n(4), n(0)]


@pytest.mark.parametrize(("whole", "three", "one"), [("true", "1", "2"), ("false", "0.5", "1.5")])
def test_every_two_towns(tmp_path: Path, whole: str, three: str, one: str) -> None:
    """D70.2 责任书签订 100% 得 2 分，每缺两个乡镇扣 1 分：整档扣，或按比例扣，由办法写明."""
    scores = Tiny(
        "unit absent\n甲县 0\n乙县 1\n丙县 3\n丁县 4",
        item(f"rules: [{{kind: deductions, parts: [{{measure: absent, each: 1, per: 2, whole_steps: {whole}}}]}}]", full="2"),
    ).score(tmp_path)
    # three towns: one whole step → 2 − 1 = 1, in proportion 2 − 1.5 = 0.5; four towns: 2 − 2 = 0 either way
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(2), n(one), n(three), n(0)]


def test_whole_steps_with_a_price_and_a_cap(tmp_path: Path) -> None:
    """每满 3 件扣 0.4 分，最多扣 1 分."""
    scores = Tiny(
        "unit late\n甲县 2\n乙县 5\n丙县 8\n丁县 9",
        item("rules: [{kind: deductions, parts: [{measure: late, each: 0.4, per: 3, whole_steps: true, cap: 1}]}]", full="5"),
    ).score(tmp_path)
    # 0 steps; 1 step 0.4; 2 steps 0.8; 3 steps 1.2 → capped 1
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n(5), n("4.6"), n("4.2"), n(4)]


def test_once_if_a_condition_holds(tmp_path: Path) -> None:
    """D29.3 不交案卷扣 4 分，每份不合格扣 0.5 分."""
    scores = Tiny(
        "unit files bad\n甲县 0 0\n乙县 6 3\n丙县 6 0",
        item("rules: [{kind: deductions, parts: [{if: files = 0, points: 4}, {measure: bad, each: 0.5}]}]", full="4"),
    ).score(tmp_path)
    assert points(scores, "甲县", "乙县", "丙县") == [n(0), n("2.5"), n(4)]


def test_losses_that_land_on_the_section_or_the_total(tmp_path: Path) -> None:
    """D41.2 损失可以超过本项、以上一级为限；D48.4 质量差错从总分扣."""
    sections = """
    - code: s1
      title: 一
      full_marks: 8
      indicators:
        - {code: a1, title: 甲项, clause: 一, full_marks: 6, rules: [{kind: judged, measure: score}]}
        - {code: a2, title: 乙项, clause: 二, full_marks: 2, rules: [{kind: deductions, parts: [{measure: wrong, each: 1}], lands_on: section}]}
    - code: s2
      title: 二
      full_marks: 4
      indicators:
        - {code: a3, title: 丙项, clause: 三, full_marks: 4, rules: [{kind: deductions, parts: [{measure: slips, each: 0.5, cap: 3}], lands_on: total}]}
    """
    scores = Tiny("unit score wrong slips\n甲县 6 0 0\n乙县 6 5 2\n丙县 6 30 90", sections=sections).score(tmp_path)
    # the items keep their points (6, 2, 4); 甲: 8 + 4 = 12; 乙: section 8 − 5 = 3, + 4, − 1 = 6;
    # 丙: the section ends at 0 although 30 were lost, + 4, − 3 (capped) = 1
    assert [scores.points(unit, "a2") for unit in ("甲县", "乙县", "丙县")] == [n(2)] * 3
    assert [scores.node(unit, "s1")["points"] for unit in ("甲县", "乙县", "丙县")] == [n(8), n(3), n(0)]
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [n(12), n(6), n(1)]
    landed = {row["node"]: row["points"] for row in scores.landings("乙县")}
    assert landed == {"s1": n(-5), "total": n(-1)}


def test_a_count_below_zero_never_lifts_an_item_above_full_marks(tmp_path: Path) -> None:
    """冲减后的净数可以是负数：扣分项不得因此超过满分，计分项不得因此低于 0."""
    table = "unit net\n甲县 -5\n乙县 3"
    lost = Tiny(table, item("rules: [{kind: deductions, parts: [{measure: net, each: 1}]}]")).score(tmp_path / "a")
    earned = Tiny(table, item("rules: [{kind: awards, parts: [{measure: net, each: 1}]}]")).score(tmp_path / "b")
    assert points(lost, "甲县", "乙县") == [n(10), n(7)]
    assert points(earned, "甲县", "乙县") == [n(0), n(3)]


# --- awards -----------------------------------------------------------------------------------------


def test_awards_with_cap_and_precondition(tmp_path: Path) -> None:
    """D37.1 会议（1 分）：政府常务会每次 0.5，主要领导主持的其他会议 0.3，其他 0.2；没有常务会的不得分."""
    scores = Tiny(
        "unit gov head other\n甲县 1 1 0\n乙县 0 5 5\n丙县 2 2 2\n丁县 1 0 0",
        item(
            """
            rules:
              - kind: awards
                parts: [{measure: gov, each: 0.5}, {measure: head, each: 0.3}, {measure: other, each: 0.2}]
                cap: full
                only_if: gov > 0
            """,
            full="1",
        ),
    ).score(tmp_path)
    # 0.5 + 0.3 = 0.8; no executive meeting → 0; 2.0 capped 1; 0.5
    assert points(scores, "甲县", "乙县", "丙县", "丁县") == [n("0.8"), n(0), n(1), n("0.5")]


def test_awards_without_full_marks_accumulate(tmp_path: Path) -> None:
    """D04、D05 信息采用：每条 1.5 分，不封顶；没有满分的指标不算失分."""
    scores = Tiny("unit items\n甲县 0\n乙县 33\n丙县 400", item("rules: [{kind: awards, parts: [{measure: items, each: 1.5}]}]", full=None)).score(tmp_path)
    assert points(scores, "甲县", "乙县", "丙县") == [n(0), n("49.5"), n(600)]
    assert scores.item("乙县")["points_lost"] is None


def test_over_target_bonus_inside_an_item(tmp_path: Path) -> None:
    """D55.1 达到目标得基本分，每超一个加 2 分，合计不超过满分：一个指标写两条规则，相加后再封顶."""
    scores = Tiny(
        "unit done aim over\n甲县 3 4 0\n乙县 6 4 2\n丙县 20 4 16",
        item(
            """
            actual: done
            target: aim
            value: 100 * actual / target
            rules:
              - {kind: piecewise, straight: [[0, 0], [100, 5]]}
              - {kind: awards, parts: [{measure: over, each: 2}], cap: 5}
            """
        ),
    ).score(tmp_path)
    # 5 × 3/4 = 3.75; 5 + 4 = 9; 5 + 5 (capped) = 10
    assert points(scores, "甲县", "乙县", "丙县") == [n("3.75"), n(9), n(10)]


def test_prices_by_group(tmp_path: Path) -> None:
    """D06.9 职能少的单位加倍扣：单价按组写."""
    scores = Tiny(
        "unit slips\n甲县 3\n某局 3",
        "- {code: x, title: x, clause: 一, full_marks: {county: 10, department: 6}, rules: [{kind: deductions, parts: [{measure: slips, each: {county: 1, department: 2}}]}]}",
        register="- {code: c1, title: 甲县, kind: county}\n- {code: d1, title: 某局, kind: department}",
        groups="{county: {title: 县区, units: {kinds: [county]}, full_marks: 10}, department: {title: 成员单位, units: {kinds: [department]}, full_marks: 6}}",
    ).score(tmp_path)
    assert points(scores, "甲县", "某局") == [n(7), n(0)]
    assert [scores.place(unit)["place"] for unit in ("甲县", "某局")] == [1, 1], "two groups are never ranked together"


# --- checklist --------------------------------------------------------------------------------------


def test_checklist_each(tmp_path: Path) -> None:
    """D37.3 领导小组（3 分）：主要领导任组长 1 分，队伍 0.5，方案 0.5，按期达到目标 1 分."""
    scores = Tiny(
        "unit head:boolean team:boolean plan:boolean goals\n甲县 是 是 是 4\n乙县 否 是 是 3\n丙县 否 否 否 0",
        item(
            """
            rules:
              - kind: checklist
                need: each
                items: [{if: head, points: 1}, {if: team, points: 0.5}, {if: plan, points: 0.5}, {if: goals >= 4, points: 1}]
            """,
            full="3",
        ),
    ).score(tmp_path)
    assert points(scores, "甲县", "乙县", "丙县") == [n(3), n(1), n(0)]


def test_checklist_all_and_any(tmp_path: Path) -> None:
    """D15.2 缺一项即不得分；“至少有一项”的有一项即得满分."""
    table = "unit p:boolean q:boolean\n甲县 是 是\n乙县 是 否\n丙县 否 否"
    every = Tiny(table, item("rules: [{kind: checklist, need: all, points: full, items: [{if: p}, {if: q}]}]")).score(tmp_path / "all")
    one = Tiny(table, item("rules: [{kind: checklist, need: any, points: 4, items: [{if: p}, {if: q}]}]")).score(tmp_path / "any")
    assert points(every, "甲县", "乙县", "丙县") == [n(10), n(0), n(0)]
    assert points(one, "甲县", "乙县", "丙县") == [n(4), n(4), n(0)]


# --- timeliness -------------------------------------------------------------------------------------


def test_timeliness_counts_late_and_missing_apart(tmp_path: Path) -> None:
    """D01.22、D30.4：迟报一次扣 0.5 分，未报一次扣 1 分. 一月、二月五个星期五应报五次."""
    submissions = """
    报表   单位  报送期     收到时间     结果  零报告
    weekly 甲县 2024-W02 2024-01-12 已收 否
    weekly 甲县 2024-W03 2024-01-18 已收 否
    weekly 甲县 2024-W04 2024-01-26 已收 否
    weekly 甲县 2024-W05 2024-02-02 已收 否
    weekly 甲县 2024-W06 2024-02-09 已收 否
    weekly 乙县 2024-W02 2024-01-13 已收 否
    weekly 乙县 2024-W03 2024-01-19 退回 否
    weekly 乙县 2024-W03 2024-01-22 已收 否
    weekly 乙县 2024-W04 2024-01-26 已收 否
    """
    scores = Tiny(
        indicators=item("rules: [{kind: timeliness, form: weekly, late: 0.5, missing: 1}]", full="3"),
        forms={"weekly": WEEKLY}, data={"submissions": submissions}, units=["甲县", "乙县", "丙县"],
    ).score(tmp_path)  # fmt: skip
    # 甲: all five on time → 3. 乙: W02 a day late, W03 returned and accepted late, W05 and W06 missing:
    # 3 − 2 × 0.5 − 2 × 1 = 0. 丙: five missing → 3 − 5 → 0
    assert points(scores, "甲县", "乙县", "丙县") == [n(3), n(0), n(0)]
    assert scores.state("丙县") == "value", "a report never received is a fact, not a missing figure"
    parts = scores.assessment.rows("rule_part", unit="c2")
    assert {part["title"]: part["points"] for part in parts} == {"迟报": n(-1), "未报": n(-2)}


# --- judged -----------------------------------------------------------------------------------------


def test_judged_is_limited_to_the_item(tmp_path: Path) -> None:
    """D01.27 考核组评分：超过上限按上限，没有评的暂缺."""
    review = """\
    form: review
    title: 考核组评分
    kept_by: office
    dated_by: judged_on
    columns:
      - {code: indicator, title: 指标代码, type: text, required: true}
      - {code: score, title: 评分, type: decimal, decimals: 2, required: true}
      - {code: judged_on, title: 评分日期, type: date, required: true}
    """
    rows = """
    单位 indicator score judged_on
    甲县 quality 4.25 2024-12-20
    乙县 quality 6.50 2024-12-20
    丁县 manner  4.00 2024-12-20
    """
    scores = Tiny(
        indicators=item("rules: [{kind: judged, limit: full}]", "quality", "5"),
        forms={"review": review}, data={"review": rows}, units=["甲县", "乙县", "丙县", "丁县"],
    ).score(tmp_path)  # fmt: skip
    assert [scores.points(unit, "quality") for unit in ("甲县", "乙县", "丙县", "丁县")] == [n("4.25"), n(5), None, None]
    assert scores.state("丙县", "quality") == scores.state("丁县", "quality") == "pending"
    assert scores.range("丙县", "quality") == (n(0), n(5))


# --- bonus, penalty, veto ---------------------------------------------------------------------------

FULL_HUNDRED = item("actual: score\nrules: [{kind: judged, measure: score}]", full="100")


def test_bonus_pool_and_gate(tmp_path: Path) -> None:
    """D59.3 基本得分 80 分以上才加分；加分合计不超过 5 分."""
    scores = Tiny(
        "unit score:decimal2 national city\n甲县 80.00 1 1\n乙县 79.99 3 0\n丙县 95.00 4 9",
        FULL_HUNDRED,
        adjustments="- {kind: bonus, code: praise, title: 表扬, clause: 九, pool: 5, gate: base >= 80, parts: [{measure: national, each: 2}, {measure: city, each: 0.5}]}",
    ).score(tmp_path)
    # 80 + 2.5; shut at 79.99; 95 + min(5, 12.5) = 100
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [n("82.5"), n("79.99"), n(100)]


def test_pool_of_an_average(tmp_path: Path) -> None:
    """加分按平均数计时，封顶同样有效."""
    book = """\
    form: book
    title: 台账
    dated_by: seen_on
    columns:
      - {code: seen_on, title: 日期, type: date, required: true}
      - {code: marks, title: 分数, type: integer}
    """
    scores = Tiny(
        "unit score\n甲县 50\n乙县 50",
        FULL_HUNDRED,
        measures="mean: {title: 平均分, form: book, value: avg(marks)}",
        forms={"book": book},
        data={"book": "单位 seen_on marks\n甲县 2024-01-05 1\n甲县 2024-02-05 2\n乙县 2024-01-05 9"},
        adjustments="- {kind: bonus, code: more, title: 加分, clause: 九, pool: 2, parts: [{measure: mean, each: 1}]}",
    ).score(tmp_path)
    # 50 + 1.5; 50 + min(2, 9)
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县")] == [n("51.5"), n(52)]


def test_penalty_has_its_cap_and_the_total_its_floor(tmp_path: Path) -> None:
    """曝光一次扣 2 分、最多 6 分；总分不低于 0."""
    scores = Tiny(
        "unit score exposed\n甲县 90 1\n乙县 90 7\n丙县 3 9",
        FULL_HUNDRED,
        adjustments="- {kind: penalty, code: shown, title: 曝光, clause: 十, cap: 6, parts: [{measure: exposed, each: 2}]}",
    ).score(tmp_path)
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [n(88), n(84), n(0)]


GRADES = "[{title: 优秀, at_least: 90, quota: {share: 30%, round: down, tie: out}}, {title: 良好, at_least: 80}, {title: 合格, at_least: 60}, {title: 不合格}]"


def test_veto_forces_grade_and_score(tmp_path: Path) -> None:
    """D60.3 弄虚作假：总分按 59 分计，等次不合格；本来就低于 59 的不抬高."""
    scores = Tiny(
        "unit score faking\n甲县 95 1\n乙县 40 1\n丙县 85 0",
        FULL_HUNDRED, grades=GRADES,
        adjustments="- {kind: veto, code: faked, title: 弄虚作假, clause: 十二, when: faking > 0, effect: {grade: 不合格, score_at_most: 59}}",
    ).score(tmp_path)  # fmt: skip
    assert [scores.total(unit)["total"] for unit in ("甲县", "乙县", "丙县")] == [n(59), n(40), n(85)]
    assert [scores.place(unit)["grade"] for unit in ("甲县", "乙县", "丙县")] == ["不合格", "不合格", "良好"]
    assert [scores.place(unit)["place"] for unit in ("甲县", "乙县", "丙县")] == [2, 3, 1]


TEN = "\n".join(["unit score", *(f"单位{i} {score}" for i, score in enumerate([99, 98, 97, 96, 92, 85, 75, 65, 55, 45]))])


def test_quota_takes_the_best_and_the_surplus_the_next_grade(tmp_path: Path) -> None:
    """十个单位、优秀不超过 30%：前三名优秀，其余过线的为良好并注明因名额."""
    scores = Tiny(TEN, FULL_HUNDRED, grades=GRADES).score(tmp_path)
    rows = [scores.place(f"单位{i}") for i in range(10)]
    assert [row["grade"] for row in rows] == ["优秀"] * 3 + ["良好"] * 3 + ["合格"] * 2 + ["不合格"] * 2
    assert [row["by_quota"] for row in rows] == [False] * 3 + [True] * 2 + [False] * 5


@pytest.mark.parametrize(("tie", "grades"), [("out", ["优秀", "优秀", "良好", "良好"]), ("in", ["优秀"] * 4)])
def test_a_tie_at_the_edge_of_the_quota(tmp_path: Path, tie: str, grades: list[str]) -> None:
    """名额的最后一位有两家同分：tie: out 都不进，tie: in 都进."""
    table = TEN.replace("单位3 96", "单位3 97")
    scores = Tiny(table, FULL_HUNDRED, grades=GRADES.replace("tie: out", f"tie: {tie}")).score(tmp_path)
    assert [scores.place(f"单位{i}")["grade"] for i in range(4)] == grades


# --- places -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ties", "places"), [("1-1-3", [1, 1, 3, 4]), ("1-1-2", [1, 1, 2, 3])])
def test_ties(tmp_path: Path, ties: str, places: list[int]) -> None:
    """D58.1 同分并列；下一名跳号或不跳号."""
    scores = Tiny("unit score\n甲县 90\n乙县 90\n丙县 80\n丁县 70", FULL_HUNDRED, places=f"{{ties: {ties}, break_by: []}}").score(tmp_path)
    rows = [scores.place(unit) for unit in ("甲县", "乙县", "丙县", "丁县")]
    assert [row["place"] for row in rows] == places
    assert [row["tied"] for row in rows] == [True, True, False, False]
    assert [(row["best_place"], row["worst_place"]) for row in rows] == [(place, place) for place in places]


def test_a_tie_broken_by_a_section(tmp_path: Path) -> None:
    """同分的看指定一级指标的得分."""
    sections = """
    - {code: s1, title: 一, indicators: [{code: x, title: 甲项, clause: 一, full_marks: 10, rules: [{kind: judged, measure: a}]}]}
    - {code: s2, title: 二, indicators: [{code: y, title: 乙项, clause: 二, full_marks: 10, rules: [{kind: judged, measure: b}]}]}
    """
    scores = Tiny("unit a b\n甲县 9 1\n乙县 8 2\n丙县 8 2\n丁县 5 1", sections=sections, places="{ties: 1-1-3, break_by: [s2]}").score(tmp_path)
    rows = [scores.place(unit) for unit in ("甲县", "乙县", "丙县", "丁县")]
    assert [row["place"] for row in rows] == [3, 1, 1, 4]
    assert [(row["best_place"], row["worst_place"]) for row in rows] == [(3, 3), (1, 1), (1, 1), (4, 4)]


@pytest.mark.parametrize(("by", "places"), [("rounded", [1, 1, 3]), ("exact", [1, 2, 3])])
def test_places_by_rounded_or_exact_totals(tmp_path: Path, by: str, places: list[int]) -> None:
    """总分舍入后同为 9.00：按舍入分并列，按精确分分先后."""
    scores = Tiny(
        "unit a:decimal3\n甲县 9.004\n乙县 9.001\n丙县 8.000",
        item("rules: [{kind: judged, measure: a}]"),
        rounding=f"{{rate: none, item: none, section: none, total: 2, places_by: {by}}}",
    ).score(tmp_path)
    rows = [scores.place(unit) for unit in ("甲县", "乙县", "丙县")]
    assert [row["total"] for row in rows] == [n(9), n(9), n(8)]
    assert [row["place"] for row in rows] == places
    assert [(row["best_place"], row["worst_place"]) for row in rows] == [(place, place) for place in places]


# --- rounding stages --------------------------------------------------------------------------------


def test_each_rounding_stage(tmp_path: Path) -> None:
    """同一组数，四个阶段各自舍入，结果不同；每个数都可以手算."""
    sections = """
    - code: s1
      title: 一
      indicators:
        - {code: x, title: 甲项, clause: 一, full_marks: 50, actual: a, target: b, value: 100 * actual / target, rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]}
        - {code: y, title: 乙项, clause: 二, full_marks: 7, actual: c, target: d, value: 100 * actual / target, rules: [{kind: piecewise, straight: [[0, 0], [100, full]]}]}
    """
    table = "unit a b c d\n甲县 2 3 705 1000"
    # exact: 50 × 2/3 = 33.3333…, 7 × 0.705 = 4.935, sum 38.268333…
    wanted = {
        "{rate: none, item: none, section: none, total: 2, places_by: rounded}": "38.27",
        "{rate: none, item: none, section: none, total: 0, places_by: rounded}": "38",
        "{rate: none, item: 2, section: none, total: 2, places_by: rounded}": "38.27",  # 33.33 + 4.94
        "{rate: none, item: 1, section: none, total: 2, places_by: rounded}": "38.2",  # 33.3 + 4.9
        "{rate: none, item: 0, section: none, total: 2, places_by: rounded}": "38",  # 33 + 5
        "{rate: 2, item: 2, section: none, total: 2, places_by: rounded}": "38.28",  # 66.67 % → 33.335 → 33.34, + 4.94
        "{rate: none, item: none, section: 1, total: 2, places_by: rounded}": "38.3",
        "{rate: none, item: 2, section: 1, total: 0, places_by: rounded}": "38",  # 38.27 → 38.3 → 38
    }
    got = {}
    for number, rounding in enumerate(wanted):
        scores = Tiny(table, sections=sections, rounding=rounding).score(tmp_path / str(number))
        got[rounding] = scores.total("甲县")["total"]
    assert got == {rounding: n(total) for rounding, total in wanted.items()}


def test_rescaling_is_rounded_once(tmp_path: Path) -> None:
    """折算后的基础得分不先舍入：4 × 10/6 = 6.666…，加 0.05 为 6.71666…，保留一位是 6.7（先舍入成 6.7 再加会得 6.8）."""
    sections = """
    - code: s1
      title: 一
      indicators:
        - {code: x, title: 甲项, clause: 一, full_marks: 6, rules: [{kind: judged, measure: a}]}
        - {code: y, title: 乙项, clause: 二, full_marks: 4, not_applicable: {when: b = 0, then: rescale, reason: 无此职责}, rules: [{kind: judged, measure: b}]}
    """
    scores = Tiny(
        "unit a b praise\n甲县 4 0 1",
        sections=sections,
        groups="{all: {title: 县区, units: {kinds: [county]}, full_marks: 10}}",
        rounding="{rate: none, item: 2, section: none, total: 1, places_by: rounded}",
        adjustments="- {kind: bonus, code: more, title: 加分, clause: 九, parts: [{measure: praise, each: 0.05}]}",
    ).score(tmp_path)
    assert scores.total("甲县")["total"] == n("6.7")


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        # 甲 60 with 2 faults, 乙 95 with 1. The band gives 甲 4, 乙 10; less 1 each: 2 and 9
        ("{kind: bands, bands: [{at_least: 90, points: full}, {points: 4}]}", (2, 9)),
        # 10 × 60 % = 6, less 2; 10 × 95 % = 9.5, less 1
        ("{kind: formula, points: full * rate / 100}", (4, n("8.5"))),
        # from 0 at 50 to 10 at 100: 2 and 9, less 2 and 1
        ("{kind: piecewise, straight: [[50, 0], [100, full]], below: 0}", (0, 8)),
        # awards come on top of full marks less the faults: 8 + 1 and 9 + 1
        ("{kind: awards, parts: [{if: rate >= 60, points: 1}]}", (9, 10)),
    ],
)
def test_losses_beside_a_rule_that_gives_points_are_taken_from_those(
    first: str, expected: tuple[Decimal, Decimal], tmp_path: Path
) -> None:
    body = f"value: rate\nmeasured_in: '%'\nrules: [{first}, {{kind: deductions, parts: [{{measure: bad, each: 1}}]}}]"
    scores = Tiny("unit rate bad\n甲县 60 2\n乙县 95 1", item(body)).score(tmp_path)
    assert (scores.points("甲县"), scores.points("乙县")) == expected

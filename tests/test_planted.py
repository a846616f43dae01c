"""Every trouble planted in the demo city is seen: on the list of shortfalls or in the unit's explanation, with its reason.

data/sample/README.md lists the troubles; each row of its table has tests here, named by the row's first cell, and a
row without a test fails. None of them may turn into a silent zero or into full marks. Units are named by their
titles; figures that a new draw of the ledgers may change are compared with the raw files, not written out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from scoring.engine.summed import sum_lines
from tests.demo import SAMPLE, YEARS, code, demo, raw, scored, sentence, story, title
from tests.tiny import n

UNDECIDED = {"2024": {"茗川县", "鹭泽示范区", "市邮政管理局", "青岚海关"}, "2023": set()}
ABSENT = ("missing", "masked", "pending", "zero_base")
REASONS = re.compile(r"已收 \d+/应收 \d+|脱敏|尚未登记|没有填报|未到报送期|分母为 0")
COUNTED_LATER = {"platform_accuracy": "linkage", "complaints_overdue": "total"}  # whose losses land elsewhere

covered: set[str] = set()


def planted(row: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Marks a test as one of a row of the README's table."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        covered.add(row)
        return test

    return mark


def item(unit: str, indicator: str, period: str = "2024") -> dict[str, Any]:
    return scored(period).item(unit, indicator)


def shortfall(unit: str, indicator: str, period: str = "2024") -> dict[str, Any] | None:
    return scored(period).assessment.one("shortfall", unit=code(unit), indicator=indicator)


def listed(unit: str, indicator: str, period: str = "2024") -> dict[str, Any]:
    row = shortfall(unit, indicator, period)
    assert row is not None, f"{unit}的 {indicator} 不在短板里"
    return row


def figure(unit: str, measure: str, period: str = "2024") -> Any:
    """The value of a figure that is there."""
    row = scored(period).measure(unit, measure)
    assert row["state"] == "value", row
    return row["value"]


def undecided(unit: str, indicator: str, state: str, reason: str, period: str = "2024") -> None:
    """Neither 0 nor full marks: a range, told with its reason, listed, and the unit without a total."""
    row = item(unit, indicator, period)
    assert (row["state"], row["points"], row["points_lost"]) == (state, None, None)
    assert 0 <= row["points_low"] < row["points_high"] <= row["full_marks"]
    told = sentence(unit, indicator, period)
    assert re.search(reason, told), told
    assert re.search(r"暂缺，可能得 \d+\.\d+ 至 \d+\.\d+ 分$", told), told
    assert (listed(unit, indicator, period)["stage"], listed(unit, indicator, period)["state"]) == ("数据不全", state)
    place = scored(period).place(unit)
    assert (place["total"], place["place"], place["grade"], place["state"]) == (None, None, None, "pending")
    assert place["total_low"] < place["total_high"] and place["best_place"] <= place["worst_place"]
    assert "总分暂缺" in story(unit, period)


def rows_of(form: str, unit: str, year: str, dated_by: str) -> list[dict[str, str]]:
    return [row for row in raw(form) if row["单位"] == unit and row[dated_by].startswith(year)]


# --- 组织、案件 ------------------------------------------------------------------------------------------


@planted("没有领导小组")
@pytest.mark.parametrize("period", YEARS)
def test_no_leading_group(period: str) -> None:
    row = item("云岫县", "leading_group", period)
    assert (row["state"], row["points"], row["points_lost"]) == ("value", 0, row["full_marks"])
    short = listed("云岫县", "leading_group", period)
    assert (short["label"], short["weak_point"]) == ("领导小组未建立或办公室未明确", 1)
    assert "领导小组" in short["remedy"]
    told = sentence("云岫县", "leading_group", period)
    assert all(f"{duty}得 0.00 分" in told for duty in ("成立领导小组", "明确办公室单位", "明确办公室职责"))


@planted("没有刑事案件")
@pytest.mark.parametrize("unit", ["苇泽县", "笙溪县"])
def test_a_reported_zero_of_criminal_cases(unit: str) -> None:
    measure = scored().measure(unit, "crimes")
    assert (measure["state"], measure["value"]) == ("value", 0)  # a real zero …
    assert (measure["received"], measure["expected"]) == (4, 4)  # … because all four quarters came
    row = item(unit, "crimes")
    assert (row["state"], row["points"], row["points_lost"]) == ("value", 0, row["full_marks"])
    short = listed(unit, "crimes")
    assert (short["label"], short["gap"], short["gap_unit"], short["stage"]) == ("没有刑事案件", 1, "件", "未完成")
    assert sentence(unit, "crimes") == "侵权假冒刑事立案数 0 件，得 0.00 分"


@planted("零报告")
@pytest.mark.parametrize(
    ("unit", "label"), [("笙溪县", "2024Q2"), ("笙溪县", "2024Q4"), ("青岚海关", "2024Q2"), ("市林业局", "2024Q2")]
)
def test_a_nil_report_is_received(unit: str, label: str) -> None:
    due = scored().assessment.one("due", unit=code(unit), form="case_ledger", due_period=label)
    assert due is not None and due["nil"] and due["received_at"] is not None
    assert due["status"] in ("on_time", "late")
    quarter = {
        f"2024Q{(int(row['立案日期'][5:7]) + 2) // 3}" for row in rows_of("case_ledger", unit, "2024", "立案日期")
    }
    assert label not in quarter  # no row stands in the ledger
    cases = scored().measure(unit, "cases")
    assert (cases["state"], cases["received"], cases["expected"]) == ("value", 4, 4)


@planted("一个季度什么都没报")
@pytest.mark.parametrize(
    "indicator",
    ["case_volume", "case_growth", "major_cases", "crimes", "transfer", "disclosure", "closure", "chain_check", "complaints"],
)  # fmt: skip
def test_a_quarter_without_any_report(indicator: str) -> None:
    undecided("茗川县", indicator, "missing", r"(案件台账|行刑统计|投诉举报)已收 3/应收 4")


@planted("一个季度什么都没报")
def test_a_quarter_without_any_report_leaves_the_check_of_entries_open() -> None:
    undecided("茗川县", "platform_entry", "missing", r"三录核对已收 7/应收 8")  # both sides are counted


@planted("一个季度什么都没报")
@pytest.mark.parametrize(("indicator", "node"), COUNTED_LATER.items())
def test_a_loss_that_lands_elsewhere_stays_open_too(indicator: str, node: str) -> None:
    """The item keeps its full marks by the clause; that it may still cost points must be said."""
    landed = scored().assessment.one("landing", unit=code("茗川县"), indicator=indicator)
    assert landed is not None and (landed["node"], landed["points"], landed["points_high"]) == (node, None, 0)
    assert landed["points_low"] is None or landed["points_low"] < 0
    short = listed("茗川县", indicator)
    assert (short["stage"], short["state"]) == ("数据不全", "missing")
    assert short["points_lost"] is None  # unknown, not none
    told = sentence("茗川县", indicator)
    assert re.search(r"已收 \d/应收 \d", told) and "失分" in told, told


@planted("一个季度什么都没报")
def test_the_unit_without_a_quarter_is_not_ranked() -> None:
    place = scored().place("茗川县")
    assert place["place"] is None and place["best_place"] < place["worst_place"]
    assert place["counted"] < place["countable"]
    assert re.search(rf"已计 {place['counted']}/应计 {place['countable']} 项", story("茗川县"))
    assert scored().measure("茗川县", "cases")["partial"] == len(
        [row for row in rows_of("case_ledger", "茗川县", "2024", "立案日期") if row["案件类别"] == "行政"]
    )


# --- 两法衔接 --------------------------------------------------------------------------------------------


@planted("平台一件未录（不录）")
def test_nothing_entered_on_the_platform() -> None:
    assert not rows_of("platform_export", "麓溪县", "2024", "录入日期")
    decided = [
        row
        for row in rows_of("case_ledger", "麓溪县", "2024", "立案日期")
        if row["案件类别"] == "行政" and row["处罚决定日期"]
    ]
    assert figure("麓溪县", "never_entered") == len(decided) > 0
    assert figure("麓溪县", "omitted") == 0  # 不录, not merely 漏录
    row = item("麓溪县", "platform_entry")
    assert (row["state"], row["points"], row["points_lost"]) == ("value", 0, row["full_marks"])
    short = listed("麓溪县", "platform_entry")
    assert (short["label"], short["gap"], short["gap_unit"]) == ("两法衔接平台录入不到位", len(decided), "件")
    told = sentence("麓溪县", "platform_entry")
    assert "不录扣 6.00 分" in told and told.endswith("得 0.00 分，扣完为止") and "漏录" not in told


@planted("平台一件未录（不录）")
def test_the_year_before_it_had_entered() -> None:
    assert figure("麓溪县", "never_entered", "2023") == 0
    assert item("麓溪县", "platform_entry", "2023")["points"] > 0


# --- 报送 ------------------------------------------------------------------------------------------------

WEEKS_MISSED = {
    "市文化和旅游局": 3, "苇泽县": 1, "檀阳县": 1, "茗川县": 1, "云岫县": 1, "市市场监管局": 1, "市烟草专卖局": 1,
    "市邮政管理局": 1,
}  # fmt: skip
STAGES_MISSED = {"苇泽县": 1, "市农业农村局": 1}


@planted("周报、小结迟报漏报")
@pytest.mark.parametrize(("form", "missed"), [("weekly_report", WEEKS_MISSED), ("stage_report", STAGES_MISSED)])
def test_missing_reports_are_counted_apart_from_late_ones(form: str, missed: dict[str, int]) -> None:
    register = demo().register
    assert register is not None
    units = [unit.title for unit in register.units if "campaign" in unit.tags]
    assert {unit: count for unit in units if (count := figure(unit, f"{form}.missing"))} == missed
    assert sum(figure(unit, f"{form}.late") for unit in units) > 0
    indicator = form + "s"
    for unit in units:
        late, gone = figure(unit, f"{form}.late"), figure(unit, f"{form}.missing")
        parts = {
            row["title"]: row for row in scored().assessment.rows("rule_part", unit=code(unit), indicator=indicator)
        }
        assert (parts["迟报"]["quantity"], parts["未报"]["quantity"]) == (late, gone)
        told, short = sentence(unit, indicator), shortfall(unit, indicator)
        assert (f"迟报 {late:.0f} 次扣" in told) == (late > 0), told
        assert (f"未报 {gone:.0f} 次扣" in told) == (gone > 0), told
        assert (short is not None) == (late + gone > 0), unit
        if short is not None:
            assert (short["label"], short["gap"], short["gap_unit"]) == ("周报小结迟报漏报", late + gone, "次")


@planted("期限遇休息日")
def test_deadlines_on_days_off_are_moved() -> None:
    stages = scored().assessment.rows("due", form="stage_report", due_period="2024-03-16")
    assert len(stages) == 18 and {row["due_on"] for row in stages} == {date(2024, 3, 18)}
    weeks = scored().assessment.rows("due", form="weekly_report")
    moved = {row["nominal_on"]: row["due_on"] for row in weeks if row["nominal_on"] != row["due_on"]}
    assert moved == {
        date(2024, 2, 16): date(2024, 2, 9), date(2024, 4, 5): date(2024, 4, 3), date(2024, 5, 3): date(2024, 4, 30),
    }  # fmt: skip
    # a summary that came on the Monday is on time, not two days late
    monday = [
        row for row in stages if row["received_at"] is not None and row["received_at"].date() == date(2024, 3, 18)
    ]
    assert monday and {row["status"] for row in monday} == {"on_time"}


@planted("退回重报")
def test_a_returned_report_counts_from_its_second_coming() -> None:
    accepted, returned = {}, set()
    for row in raw("submissions"):
        key = (row["报表"], row["单位"], row["报送期"])
        if row["结果"] == "退回":
            returned.add(key)
        elif row["结果"] == "已收":
            accepted[key] = min(accepted.get(key, row["收到时间"]), row["收到时间"])
    assert ("案件台账", "市农业农村局", "2024Q2") in returned
    forms = demo().forms
    assert forms is not None
    for period in YEARS:
        due = {(row["form"], row["unit"], row["due_period"]): row for row in scored(period).assessment.rows("due")}
        seen = 0
        for form, unit, label in returned & accepted.keys():
            found = forms.find(form)
            row = due.get((found.code if found else "", code(unit), label))
            if row is not None:
                seen += 1
                assert row["received_at"] == datetime.fromisoformat(accepted[form, unit, label]), (form, unit, label)
        assert seen
    assert scored().measure("市农业农村局", "cases")["state"] == "value"


# --- 数字 ------------------------------------------------------------------------------------------------


@planted("脱敏数字")
def test_a_masked_amount() -> None:
    undecided("鹭泽示范区", "major_cases", "masked", r"案件台账有 1 行脱敏数字（\*），大案数（案值5万元以上）不能计算")
    cases = [row for row in rows_of("case_ledger", "鹭泽示范区", "2024", "立案日期") if row["案件类别"] == "行政"]
    assert sum(row["案值"] == "**" for row in cases) == 1
    assert figure("鹭泽示范区", "cases") == len(cases)  # the masked case is a case
    assert item("鹭泽示范区", "case_volume")["state"] == "value"
    assert demo().rows_set_aside == 0


@planted("批捕大于抓获，没有说明")
def test_more_approved_than_caught_without_a_note() -> None:
    caught, approved = figure("檀阳县", "caught"), figure("檀阳县", "approved")
    assert (caught, approved) == (1, 6)  # as reported, nothing sent back
    row = item("檀阳县", "chain_check")
    assert (row["state"], row["points"], row["points_lost"]) == ("value", row["full_marks"] - 1, 1)
    short = listed("檀阳县", "chain_check")
    assert (short["label"], short["gap"], short["gap_unit"]) == ("批捕大于抓获", 5, "人")
    told = sentence("檀阳县", "chain_check")
    assert "批捕人数 6 人，抓获人数 1 人，批捕大于抓获而未附说明扣 1.00 分" in told


@planted("批捕大于抓获，有说明")
def test_more_approved_than_caught_with_a_note() -> None:
    row = item("青岚高新区", "chain_check", "2023")
    assert (row["state"], row["points"], row["points_lost"]) == ("value", row["full_marks"], 0)
    assert figure("青岚高新区", "approved", "2023") > figure("青岚高新区", "caught", "2023")
    assert listed("青岚高新区", "chain_check", "2023")["label"] == "批捕大于抓获"
    assert "没有扣分" in sentence("青岚高新区", "chain_check", "2023")


@planted("办结大于立案")
def test_more_closed_than_filed() -> None:
    row = item("稷川市", "closure")
    assert row["actual"] > row["target"] and row["value"] > 100
    assert (row["state"], row["points"]) == ("value", row["full_marks"])  # full marks, no more
    assert f"指标值 {row['value'].normalize():f}%，得 3.00 分" in sentence("稷川市", "closure")
    before = item("稷川市", "closure", "2023")
    assert before["value"] < 90 and before["points"] < before["full_marks"]
    assert listed("稷川市", "closure", "2023")["label"] == "案件办结率不高"


# --- 名次、等次 ------------------------------------------------------------------------------------------


@planted("并列")
def test_a_tie() -> None:
    one, other = scored().place("澜浦区"), scored().place("青岚高新区")
    assert one["total"] == other["total"] and one["place"] == other["place"] == 2
    assert one["tied"] and other["tied"]
    places = [row["place"] for row in scored().assessment.rows("ranking", group="county")]
    assert 3 not in places and 4 in places
    assert all("并列第 2 名（共 12 个单位）" in story(unit) for unit in ("澜浦区", "青岚高新区"))


@planted("指标不适用")
@pytest.mark.parametrize("unit", ["市人民检察院", "市中级人民法院"])
def test_indicators_that_do_not_apply(unit: str) -> None:
    for indicator in ("case_volume", "platform_entry", "platform_accuracy", "transfer"):
        row = item(unit, indicator)
        assert (row["state"], row["left_out"], row["points_lost"]) == ("not_applicable", True, None)
        assert sentence(unit, indicator) == "不适用（没有行政处罚职责），不计分，总分按其余指标折算"
        assert shortfall(unit, indicator) is None
    assert sentence(unit, "disclosure").startswith("不适用（没有应公开的案件）")
    rows = scored().assessment.rows("indicator_score", unit=code(unit))
    left_out = sum(row["left_out"] for row in rows)
    place = scored().place(unit)
    assert place["countable"] == len(rows) - left_out == place["counted"]
    assert any(row["kind"] == "rescale" and row["points"] > 0 for row in scored().adjustments(unit))
    assert any(line.startswith("合理缺项折算") for line in sum_lines(scored().assessment, code(unit)))


@planted("指标不适用")
def test_a_slash_in_the_target_does_not_apply() -> None:
    slashes = [row["单位"] for row in raw("targets") if row["下达日期"].startswith("2024") and row["要案"] == "/"]
    counties = [unit for unit in slashes if code(unit)[0] in "cz"]
    assert counties
    for unit in counties:
        assert item(unit, "top_cases")["state"] == "not_applicable"
        assert sentence(unit, "top_cases") == "不适用（未下达要案任务），不计分，总分按其余指标折算"


@planted("只考一家的指标")
def test_an_indicator_for_one_unit_only() -> None:
    before = listed("市市场监管局", "coordination", "2023")
    visits = figure("市市场监管局", "office_visits", "2023")
    assert (before["weak_point"], before["actual"], before["gap"]) == (4, visits, 12 - visits)
    assert before["points_lost"] > 0 and visits < 12
    assert shortfall("市市场监管局", "coordination") is None
    assert figure("市市场监管局", "office_visits") >= 12
    rows = scored().assessment.rows("indicator_score", indicator="coordination", state="not_applicable")
    assert len(rows) == 16 and all(row["left_out"] for row in rows)
    assert sentence("市税务局", "coordination").startswith("不适用（不是市双打办所在单位）")


@planted("一票否决")
def test_a_veto() -> None:
    total = scored().total("雁川县")
    assert total["total"] == 59 and total["grade"] == "不合格" and total["state"] == "complete"
    (row,) = [row for row in scored().adjustments("雁川县") if row["kind"] == "veto"]
    assert row["points"] < 0  # without it the total would be higher
    assert any(
        re.fullmatch(r"一票否决·第十四条 弄虚作假 −\d+\.\d+ 分", line)
        for line in sum_lines(scored().assessment, code("雁川县"))
    )
    assert "等次不合格" in story("雁川县")


# --- 双打办没有给出的 ------------------------------------------------------------------------------------


@planted("任务未下达")
@pytest.mark.parametrize("indicator", ["case_volume", "major_cases", "top_cases", "news"])
def test_targets_not_issued(indicator: str) -> None:
    undecided("市邮政管理局", indicator, "pending", "年度任务尚未")
    assert scored().measure("市邮政管理局", "case_target")["state"] == "pending"


@planted("考核组未评分")
def test_a_score_not_entered() -> None:
    undecided("青岚海关", "case_quality", "pending", "考核组评分尚未")
    row = item("青岚海关", "case_quality")
    assert (row["points_low"], row["points_high"]) == (0, row["full_marks"])


@planted("对下考核没有报")
@pytest.mark.parametrize(("unit", "period"), [("苇泽县", "2024"), ("笙溪县", "2023")])
def test_never_reported_earns_nothing_by_the_clause(unit: str, period: str) -> None:
    row = item(unit, "sub_assessment", period)
    assert (row["state"], row["points"], row["points_lost"]) == ("missing", 0, row["full_marks"])
    assert sentence(unit, "sub_assessment", period) == "对下考核已收 0/应收 1，按规定未报送不得分，得 0.00 分"
    assert listed(unit, "sub_assessment", period)["state"] == "missing"
    assert scored(period).total(unit)["state"] == "complete"  # decided, not pending
    assert scored(period).measure(unit, "sub_done")["value"] is None  # no 0 was put into the figure


# --- 加分、扣分、落在别处的失分 --------------------------------------------------------------------------


@planted("加分不够条件")
def test_a_bonus_behind_its_gate() -> None:
    (row,) = [row for row in scored().adjustments("云岫县") if row["kind"] == "bonus"]
    assert (row["points"], row["withheld"]) == (0, n("0.5"))
    assert scored().total("云岫县")["base_high"] < 80
    (line,) = [line for line in sum_lines(scored().assessment, code("云岫县")) if line.startswith("加分")]
    assert line == "加分·第十二条 表扬加分 不计：须基础得分不低于 80（本可加 0.50 分）"


@planted("曝光、通报批评扣分")
@pytest.mark.parametrize(
    ("unit", "period", "points"),
    [("苇泽县", "2024", -2), ("市税务局", "2024", -1), ("云岫县", "2023", -2), ("市卫生健康委", "2023", -1)],
)
def test_penalties(unit: str, period: str, points: int) -> None:
    (row,) = [row for row in scored(period).adjustments(unit) if row["kind"] == "penalty"]
    assert row["points"] == points
    line = f"扣分·第十三条 曝光和通报批评 −{-points}.00 分"
    assert line in sum_lines(scored(period).assessment, code(unit))


@planted("损失落在别处")
@pytest.mark.parametrize(
    ("unit", "indicator", "told", "place"),
    [
        ("澜浦区", "platform_accuracy", "从所在一级指标扣减", "从两法衔接扣减"),
        ("市卫生健康委", "platform_accuracy", "从所在一级指标扣减", "从两法衔接扣减"),
        ("澜浦区", "complaints_overdue", "从总分扣减", "从总分扣减"),
        ("云岫县", "complaints_overdue", "从总分扣减", "从总分扣减"),
    ],
)
def test_losses_that_land_elsewhere_name_their_item(unit: str, indicator: str, told: str, place: str) -> None:
    (landed,) = [row for row in scored().landings(unit) if row["indicator"] == indicator]
    assert landed["node"] == COUNTED_LATER[indicator] and landed["points"] < 0
    row = item(unit, indicator)
    assert (row["state"], row["points"]) == ("value", row["full_marks"])  # the item keeps its points
    amount = f"{-landed['points']:.2f}"
    assert f"失分 {amount} 分{told}" in sentence(unit, indicator)
    assert any(
        line.endswith(f"失分，{place} {amount} 分") for line in sum_lines(scored().assessment, code(unit))
    )  # fmt: skip
    assert listed(unit, indicator)["points_lost"] == -landed["points"]  # 失分 still names the item


# --- over all of them ------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", YEARS)
def test_the_undecided_units_are_the_planted_ones(period: str) -> None:
    pending = {title(row["unit"]) for row in scored(period).assessment.rows("unit_score", state="pending")}
    assert pending == UNDECIDED[period]


@pytest.mark.parametrize("period", YEARS)
def test_nothing_absent_became_a_zero_or_full_marks(period: str) -> None:
    seen = Counter[str]()
    open_losses = {
        (row["unit"], row["indicator"]) for row in scored(period).assessment.rows("landing") if row["points"] is None
    }
    for row in scored(period).assessment.rows("indicator_score"):
        if row["state"] not in ABSENT or row["indicator"] == "sub_assessment":
            continue
        seen[row["state"]] += 1
        unit, indicator = title(row["unit"]), row["indicator"]
        assert REASONS.search(sentence(unit, indicator, period)), (unit, indicator)
        assert listed(unit, indicator, period)["stage"] == "数据不全"
        if indicator in COUNTED_LATER:
            assert (row["unit"], indicator) in open_losses
        else:
            assert row["points"] is None and row["points_low"] < row["points_high"], (unit, indicator)
    assert set(seen) == ({"missing", "masked", "pending"} if period == "2024" else set())


@pytest.mark.parametrize("period", YEARS)
def test_every_state_has_its_words(period: str) -> None:
    """Whatever is absent or does not apply says why; a value never claims to be absent."""
    for row in scored(period).assessment.rows("indicator_score"):
        told = sentence(title(row["unit"]), row["indicator"], period)
        if row["state"] == "not_applicable":
            assert re.match(r"不适用（.+）", told), told
        elif row["state"] == "value":
            assert not REASONS.search(told) and re.search(r"得 \d+\.\d+ 分", told), told


@pytest.mark.parametrize("period", YEARS)
def test_a_shortfall_stands_once(period: str) -> None:
    counts = Counter((row["unit"], row["indicator"]) for row in scored(period).assessment.rows("shortfall"))
    assert counts and set(counts.values()) == {1}


@pytest.mark.parametrize("period", YEARS)
def test_every_gap_says_of_what(period: str) -> None:
    gaps = [row for row in scored(period).assessment.rows("shortfall") if row["gap"]]
    assert gaps
    assert {row["indicator"] for row in gaps if not row["gap_unit"]} == set()


def test_every_row_of_the_list_has_a_test() -> None:
    lines = (SAMPLE / "README.md").read_text(encoding="utf-8").split("## 预设情况")[1].splitlines()
    rows = [line.split("|")[1].strip() for line in lines if line.startswith("|")][2:]  # without heading and rule
    assert len(rows) > 20
    assert set(rows) == covered

"""Every trouble planted in the demo city (data/sample/README.md) can be seen on 短板 or 单位, with its reason."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.demo import demo
from tests.pages.conftest import Visit, said

REGISTER = demo().register
CHAIN, LEDGER = "chain.csv", "case_ledger.csv"

# what it is: unit, indicator, year, and what 单位 must say once the indicator is open
ON_UNIT = {
    "没有领导小组": (
        "c10",
        "leading_group",
        "2024",
        ["得 0.00 分", "短板：领导小组未建立或办公室未明确", "0.00 / 3.00 分"],
    ),
    "没有领导小组，2023": ("c10", "leading_group", "2023", ["短板：领导小组未建立或办公室未明确"]),
    "没有刑事案件，苇泽县": (
        "c04",
        "crimes",
        "2024",
        ["侵权假冒刑事立案数 0 件", "0.00 / 2.00 分", "应报 4 次，都按时收到"],
    ),
    "没有刑事案件，笙溪县": ("c08", "crimes", "2024", ["侵权假冒刑事立案数 0 件", "短板：没有刑事案件"]),
    "零报告": ("c08", "case_volume", "2024", ["8.00 / 8.00 分", "应报 4 次，都按时收到"]),
    "一个季度什么都没报": (
        "c07",
        "case_volume",
        "2024",
        ["已收 3/应收 4", "2024年第3季度未报", "0.00 至 8.00", "总分暂缺"],
    ),
    "一个季度什么都没报，投诉": ("c07", "complaints", "2024", ["投诉举报已收 3/应收 4", "0.00 至 4.00"]),
    "不录": ("c03", "platform_entry", "2024", ["不录扣 6.00 分", "0.00 / 6.00 分", "短板：两法衔接平台录入不到位"]),
    "周报漏报": ("d06", "weekly_reports", "2024", ["未报 3 次", "应报 25 次", "短板：周报小结迟报漏报"]),
    "阶段小结漏报": ("d05", "stage_reports", "2024", ["未报 1 次", "短板：周报小结迟报漏报"]),
    "期限遇休息日，小结": ("c04", "stage_reports", "2024", ["2024-03-18 24:00", "2024年3月16日"]),
    "期限遇休息日，周报": ("c04", "weekly_reports", "2024", ["2024-02-09 24:00", "2024-04-03 24:00"]),
    "脱敏数字": ("z02", "major_cases", "2024", ["案件台账有 1 行脱敏数字", "脱敏", "0.00 至 3.00", "总分暂缺"]),
    "脱敏不影响立案数": ("z02", "case_volume", "2024", ["8.00 分", LEDGER]),
    "批捕大于抓获": ("c05", "chain_check", "2024", ["批捕大于抓获而未附说明扣 1.00 分", "短板：批捕大于抓获", CHAIN]),
    "批捕大于抓获，有说明": ("z01", "chain_check", "2023", ["1.00 / 1.00 分", "短板：批捕大于抓获"]),
    "办结大于立案": ("c09", "closure", "2024", ["指标值 160%", "3.00 / 3.00 分", "满分"]),
    "并列": ("c01", "case_quality", "2024", ["并列第 2 名（共 12 个单位）"]),
    "指标不适用": ("d03", "case_volume", "2024", ["不适用（没有行政处罚职责）", "总分按其余指标折算"]),
    "没有要案任务": ("c02", "top_cases", "2024", ["不适用（未下达要案任务）"]),
    "只考一家的指标": ("d01", "coordination", "2023", ["短板：市双打办综合协调不到位"]),
    "其他单位不适用": ("d05", "coordination", "2024", ["不适用（不是市双打办所在单位）"]),
    "一票否决": ("c06", "case_volume", "2024", ["总分 59.00 分", "等次不合格", "一票否决·第十四条 弄虚作假"]),
    "任务未下达": ("d12", "case_volume", "2024", ["年度任务尚未登记", "0.00 至 8.00", "总分暂缺"]),
    "考核组未评分": ("d09", "case_quality", "2024", ["考核组评分尚未登记", "0.00 至 5.00", "总分暂缺"]),
    "对下考核没有报": (
        "c04",
        "sub_assessment",
        "2024",
        ["对下考核已收 0/应收 1", "按规定未报送不得分", "0.00 / 3.00 分", "短板：未开展对下考核"],
    ),
    "对下考核没有报，2023": ("c08", "sub_assessment", "2023", ["按规定未报送不得分"]),
    "加分不够条件": ("c10", "training", "2024", ["表扬加分 不计", "不低于 80"]),
    "曝光扣分": ("c04", "training", "2024", ["扣分·第十三条 曝光和通报批评", "−2.00"]),
    "通报批评扣分": ("d16", "training", "2024", ["扣分·第十三条 曝光和通报批评", "−1.00"]),
    "错录扣到整节": ("c01", "platform_accuracy", "2024", ["从所在一级指标扣减", "失分，从两法衔接扣减"]),
    "损失还没有定": (
        "c07",
        "platform_accuracy",
        "2024",
        ["失分待定，从所在一级指标扣减", "\n失分待定\n", "录入准确失分，从两法衔接扣减\n待定"],
    ),
    "损失还没有定，有上限": (
        "c07",
        "complaints_overdue",
        "2024",
        ["失分待定（0.00 至 2.00 分），从总分扣减", "投诉举报超期失分，从总分扣减\n"],
    ),
    "超期扣到总分": ("c10", "complaints_overdue", "2024", ["从总分扣减", "失分，从总分扣减"]),
}

# unit, indicator as titled, year, what the row on 短板 must hold
ON_SHORTFALLS = {
    "没有领导小组": ("c10", "领导小组及其办公室", "2024", {"问题": "领导小组未建立或办公室未明确", "失分": "3.00"}),
    "没有刑事案件": ("c08", "刑事案件", "2024", {"实际": "0 件", "差距": "差 1 件", "失分": "2.00"}),
    "一个季度什么都没报": ("c07", "行政案件办结率", "2024", {"阶段": "数据不全", "失分": "0.00–3.00"}),
    "不录": ("c03", "平台录入", "2024", {"失分": "6.00"}),
    "脱敏数字": ("z02", "大案任务完成率", "2024", {"问题": "脱敏", "阶段": "数据不全"}),
    "批捕大于抓获": ("c05", "行刑统计核对", "2024", {"实际": "6 人", "目标": "1 人", "差距": "5 人"}),
    "任务未下达": ("d12", "信息任务完成率", "2024", {"问题": "未登记或未到期", "阶段": "数据不全"}),
    "考核组未评分": ("d09", "案件质量", "2024", {"问题": "未登记或未到期"}),
    "对下考核没有报": ("c04", "对下考核", "2024", {"问题": "未开展对下考核", "阶段": "未报送", "失分": "3.00"}),
    "损失还没有定": ("c07", "录入准确", "2024", {"问题": "未报送", "失分": "待定"}),
    "损失还没有定，有上限": ("c07", "投诉举报超期", "2024", {"问题": "未报送", "失分": "0.00–2.00"}),
    "市双打办综合协调": ("d01", "市双打办综合协调", "2023", {"问题": "市双打办综合协调不到位"}),
}


@pytest.mark.parametrize("trouble", ON_UNIT)
def test_on_unit(visit: Visit, trouble: str) -> None:
    unit, indicator, year, expected = ON_UNIT[trouble]
    text = said(visit("unit", unit=unit, indicator=indicator, period=year))
    for words in expected:
        assert words in text


@pytest.mark.parametrize("trouble", ON_SHORTFALLS)
def test_on_shortfalls(visit: Visit, trouble: str) -> None:
    unit, indicator, year, expected = ON_SHORTFALLS[trouble]
    assert REGISTER is not None
    group = "成员单位" if unit.startswith("d") else "县区"
    frame: pd.DataFrame = visit("shortfalls", group=group, period=year).dataframe[0].value
    found = frame[(frame["单位"] == REGISTER.title(unit)) & (frame["指标"] == indicator)]
    assert len(found) == 1
    assert {name: found.iloc[0][name] for name in expected} == expected
    assert found.iloc[0]["整改建议"] not in ("", "—")


def test_four_units_are_pending_in_2024_and_none_in_2023(visit: Visit) -> None:
    assert REGISTER is not None
    for year, expected in (("2024", {"c07", "z02", "d12", "d09"}), ("2023", set())):
        pending: set[str] = set()
        for group in ("县区", "成员单位"):
            frame = visit("ranking", group=group, period=year).dataframe[0].value
            pending |= set(frame[frame["总分"] == "暂缺"]["单位"])
        assert pending == {REGISTER.title(unit) for unit in expected}

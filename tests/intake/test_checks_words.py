"""Checks of text and names, and those over what is handed in beside the rows (V13–V15, V21, V22, V24, V25)."""

from __future__ import annotations

from datetime import date

import pytest

from scoring.intake.checks.evidence import (
    Proof,
    SelfScore,
    attachments,
    attachments_named,
    proofs,
    self_scores,
)
from scoring.intake.checks.names import strangers
from scoring.intake.checks.wording import LOOK_ALIKE
from scoring.intake.checks.years import conflicting_years, years_named
from tests.intake.checking import REGISTER, ledger, n

TEXT = ledger("- {code: fact, title: 情况, type: text}", "")
HEAD = "doc_no filed_on fact\n甲 2024-07-01 "

# --- V15 标记和形近字 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("加强奥情监测", "“奥情”疑为“舆情”"),
        ("奥论引导", "“奥论”疑为“舆论”"),
        ("两法街接机制", "“街接”疑为“衔接”"),
        ("信息共享平合建成", "“平合”疑为“平台”"),
        ("方案出合后", "“出合”疑为“出台”"),
        ("再上新合阶", "“合阶”疑为“台阶”"),
        ("积板推进", "“积板”疑为“积极”"),
        ("多项举指", "“举指”疑为“举措”"),
        ("严之叉严", "“严之叉严”疑为“严之又严”"),
        ("综合远用", "“远用”疑为“运用”"),
        ("市及打办牵头", "“及打办”疑为“双打办”"),
        ("春节期问检查", "“期问”疑为“期间”"),
        ("浓厚氛国", "“氛国”疑为“氛围”"),
        ("气焰器张", "“器张”疑为“嚣张”"),
        ("压实压实责任", "“压实压实”疑为“压实”"),
        ("部门问配合", "“部门问”疑为“部门间”"),
        ("打击##paidbegin##侵权", "“##paidbegin##”像是网页或文档的标记"),
        ("情况<br/>如下", "“<br/>”像是网页或文档的标记"),
        ("一是&nbsp;二是", "“&nbsp;”像是网页或文档的标记"),
    ],
)
def test_look_alikes_and_markup_are_suggested(text: str, meant: str) -> None:
    found = TEXT.found(HEAD + text)
    assert [(one.check, one.level, one.line, one.column) for one in found] == [("V15", "D", 6, "fact")]
    assert found[0].problem == f"“情况”里{meant}"


@pytest.mark.parametrize(
    "text",
    [
        "公平合理", "和平合作", "水平合格", "作出合理安排", "提出合法诉求", "列出合同清单", "近期问题", "逾期问责", "长期问题整改", "部门问题", "部门问责", "检举指认",
        "列举指标", "联合阶段性检查", "整合阶段", "奥论坛", "大街接头", "案值<5万元", "A&B公司", "#1号案", "面积板块", "武器张贴", "双打办", "衔接平台", "长远用心",
    ],
)  # fmt: skip
def test_good_words_that_contain_one_are_left_alone(text: str) -> None:
    assert TEXT.told(HEAD + text) == []


def test_every_look_alike_is_tried() -> None:
    tried = {mark.args[1][at][0] for mark in test_look_alikes_and_markup_are_suggested.pytestmark for at in range(19)}  # type: ignore[attr-defined]
    assert len(tried) >= len(LOOK_ALIKE) + 3


def test_text_that_is_not_there_says_nothing() -> None:
    for absent in ("_", "*", "/"):
        assert TEXT.told(HEAD + absent) == []


# --- V13 旧称、V24 单位表外的名称 --------------------------------------------------------------------------------------


def test_a_unit_by_its_former_name_is_told_once() -> None:
    """As 旬阳县 became 旬阳市 in 2021; the names here are invented."""
    found = TEXT.found(
        "unit doc_no filed_on fact\n乙县 甲 2024-07-01 _\n乙市 乙 2024-07-01 _\n乙县 丙 2024-07-01 _\nc02 丁 2024-07-01 _",
        units=["c02"] * 4,
    )
    assert [(one.check, one.level, one.line, one.problem) for one in found] == [
        ("V13", "D", 6, "“乙县”是乙市的旧称或别名（共 2 行），已记在乙市名下")
    ]


def test_a_unit_that_did_not_exist_then() -> None:
    table = "unit doc_no filed_on fact\n丙区 甲 2024-04-01 _"
    found = TEXT.found(table, "2024Q2", units=["c03"])
    assert [(one.check, one.level, one.problem) for one in found] == [
        ("V13", "D", "丙区在 2024-04-01 至 2024-06-30 不存在（见单位表的 valid）")
    ]
    assert TEXT.found(table.replace("04", "07"), "2024Q3", units=["c03"]) == []


def test_names_that_nobody_knows() -> None:
    found = strangers([(7, "甲县"), (8, "甲县人民政府"), (9, ""), (10, "市工商局"), (None, "乙士")], REGISTER, "duty")
    assert [(one.check, one.level, one.line, one.column, one.problem) for one in found] == [
        ("V24", "D", 10, "duty", "单位表里没有“市工商局”"),
        ("V24", "D", None, "duty", "单位表里没有“乙士”"),
    ]
    assert found[1].fix == "是不是“乙市”？"


# --- V14 年份 ----------------------------------------------------------------------------------------------------


def test_years_in_one_text() -> None:
    """S2: the title says 2023, the body 2022年联席会议 and 总结2021年以来 (domain.md B2)."""
    assert years_named("总结 2021 年以来，2022年联席会议，20世纪80年代，〔2024〕5号，2021年") == [2021, 2022]
    found = conflicting_years(
        [(6, ["2023年工作要点", "2022年联席会议"]), (7, ["2024年总结", ""]), (8, ["无年份"])], 2024
    )
    assert [(one.check, one.level, one.line, one.problem) for one in found] == [
        ("V14", "B", 6, "同一份材料里写了不同的年份：2023年、2022年")
    ]
    found = conflicting_years([(6, ["2023年总结"])], 2024, "subject")
    assert [(one.column, one.problem) for one in found] == [("subject", "材料里写的是2023年，报的是 2024 年")]
    assert conflicting_years([(6, ["2023年总结"])]) == []


# --- V21 自评分、V22 证明材料、V25 附件 ------------------------------------------------------------------------------


def test_self_scores_far_above() -> None:
    scores = [
        SelfScore("a", "甲项", n("10"), n("8")),
        SelfScore("b", "乙项", n("10"), n("7.5")),
        SelfScore("c", "丙项", n("10"), None),
        SelfScore("d", "丁项", None, n("1")),
        SelfScore("e", "戊项", n("5"), n("9")),
    ]
    found = self_scores(scores, n("2"))
    assert [(one.check, one.level, one.column, one.problem) for one in found] == [
        ("V21", "C", "b", "“乙项”自评 10 分，核定 7.5 分，高出 2.5 分")
    ]


def test_proofs() -> None:
    year = (date(2024, 1, 1), date(2024, 12, 31))
    items = [
        Proof("a", "甲项", "会议纪要.pdf", "1" * 64, date(2024, 3, 1)),
        Proof("a", "甲项", "会议纪要副本.pdf", "1" * 64, date(2024, 3, 1)),
        Proof("b", "乙项", "纪要.pdf", "1" * 64),
        Proof("c", "丙项", "旧文.pdf", "2" * 64, date(2023, 12, 31)),
    ]
    found = proofs(items, [("a", "甲项"), ("d", "丁项")], *year)
    assert [(one.check, one.level, one.column, one.problem) for one in found] == [
        ("V22", "B", "d", "“丁项”没有证明材料"),
        ("V22", "B", "b", "“乙项”的证明材料“纪要.pdf”与“甲项”用的是同一份"),
        ("V22", "B", "c", "“丙项”的证明材料“旧文.pdf”日期 2023-12-31，不在 2024-01-01 至 2024-12-31 之内"),
    ]
    assert proofs([], [], *year) == []


def test_attachments() -> None:
    """S4 names an attachment that is not included (domain.md B2)."""
    assert attachments_named("正文。\n附件：1. 专项行动情况统计表\n附件2：《整改台账》.xlsx；完") == [
        "专项行动情况统计表",
        "整改台账》.xlsx",
    ]
    found = attachments([(6, "情况统计表"), (7, "整改台账.XLSX"), (8, "")], ["整改台账.xlsx", "其他.pdf"])
    assert [(one.check, one.level, one.line, one.problem) for one in found] == [
        ("V25", "B", 6, "写明了附件“情况统计表”，没有上传")
    ]

"""Where the head stands, by whatever name its columns go; and what is said above it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from scoring.intake.heads import Above, find_head, power_between, read_above, squeezed
from scoring.intake.periods import period_in, period_said
from tests.intake.submitted import (
    HEAD,
    LEDGER,
    REGISTER,
    ROW,
    THIRD,
    Expected,
    book,
    csv_bytes,
    only,
    saved,
    told,
    xlsx,
)


def test_a_plain_head_in_the_first_row() -> None:
    sheet = only(xlsx([HEAD, ROW]))
    assert sheet.head_line == 1
    assert sheet.lines == [2]
    assert sheet.letters == {"doc_no": "A", "kind": "B", "amount": "C", "people": "D", "filed_on": "E", "open": "F"}
    assert {code: values[0] for code, values in sheet.values.items()} == {
        "doc_no": "示1号", "kind": "行政", "amount": Decimal("12.5"), "people": 3, "filed_on": date(2024, 7, 3), "open": True,
    }  # fmt: skip
    assert not sheet.findings


def test_titles_above_and_columns_moved_with_others_between() -> None:
    head = ["序号", "立案日期", "备注", "是否公开", "文号", "当事人数", "案值", "案件类别"]
    row = [1, "2024.7.3", "无", "否", "示1号", "３", "1,200.50", "行政"]
    sheet = only(xlsx([["甲县案件台账"], [], ["单位：甲县", None, None, "2024年第3季度"], head, row], left=2))
    assert (sheet.head_line, sheet.lines) == (4, [5])
    assert sheet.letters["amount"] == "H"  # one column to the right: B is the first
    assert sheet.cell(5, "amount") == "H5"
    assert [sheet.values[code][0] for code in ("doc_no", "amount", "people", "filed_on", "open")] == [
        "示1号", Decimal("1200.50"), 3, date(2024, 7, 3), False,
    ]  # fmt: skip
    assert told(sheet.findings) == [
        ("D", "表头", None, "“案件台账”里没有“序号”这一列，没有读入"),
        ("D", "表头", None, "“案件台账”里没有“备注”这一列，没有读入"),
        ("D", "写法", 5, "“３”含有全角字符，已按半角读入"),
    ]


@pytest.mark.parametrize(
    "title",
    ["案值", " 案 值 ", "案值\n（万元）", "案值(万元)", "案值（单位：万元）", "*案值", "案值*", "案值（必填）", "案值：", "案值/万元", "案值，万元", "amount", "★案值（万元）"],
)  # fmt: skip
def test_names_a_title_goes_by(title: str) -> None:
    head = [title if one == "案值" else one for one in HEAD]
    sheet = only(xlsx([head, ROW]))
    assert sheet.values["amount"] == [Decimal("12.5")]
    assert not sheet.findings


def test_an_alias() -> None:
    sheet = only(xlsx([["处罚决定书文号", *HEAD[1:]], ROW]))
    assert sheet.values["doc_no"] == ["示1号"]


def merged_book() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "案件台账"
    for at, text in enumerate(["文号", "类别", "金额", None, "日期", "是否公开"], 1):
        sheet.cell(2, at, text)
    for at, text in enumerate([None, "案件类别", "案值（元）", "当事人数", "立案日期", None], 1):
        sheet.cell(3, at, text)
    for area in ("A2:A3", "F2:F3", "C2:D2"):
        sheet.merge_cells(area)
    sheet["A1"] = "案件台账"
    sheet.merge_cells("A1:F1")
    for at, value in enumerate(["示1号", "行政", 125000, 3, date(2024, 7, 3), "是"], 1):
        sheet.cell(4, at, value)
    return saved(made)


def test_a_head_of_two_lines_with_merged_cells() -> None:
    sheet = only(merged_book())
    assert (sheet.head_line, sheet.lines) == (3, [4])
    assert sheet.values["amount"] == [Decimal("12.5")]  # 125,000 元
    assert sheet.values["people"] == [3]
    assert told(sheet.findings) == [("D", "V07", None, "“案值”写的计量单位是“元”，已换算成“万元”读入")]


def test_joined_titles_of_two_lines() -> None:
    """立案 and 日期 one above the other are 立案日期."""
    rows = [
        ["文号", "案件", "案值", "当事人", "立案", "是否"],
        ["", "类别", "", "数", "日期", "公开"],
        ["示1号", "行政", 1, 2, "2024-07-01", "否"],
    ]
    sheet = only(csv_bytes(rows))
    assert (sheet.head_line, sheet.values["filed_on"]) == (2, [date(2024, 7, 1)])


def test_units_of_measure_and_numbers_of_columns_below_the_titles() -> None:
    rows = [
        HEAD,
        [None, None, "（元）", "人", None, None],
        ["甲", "乙", "1", "2", "3", "4"],
        ["示1号", "行政", 500, 2, "2024-07-01", "否"],
    ]
    sheet = only(csv_bytes(rows))
    assert sheet.head_line == 3
    assert sheet.values["amount"] == [Decimal("0.05")]


def test_a_line_of_units_above_the_titles() -> None:
    rows = [["案件台账"], ["计量单位", None, "元", "人"], HEAD, ["示1号", "行政", 500, 2, "2024-07-01", "否"]]
    assert only(xlsx(rows)).values["amount"] == [Decimal("0.05")]


def test_one_unit_of_money_for_the_whole_sheet() -> None:
    rows = [["案件台账", None, None, "单位：件、元"], HEAD, ["示1号", "行政", 500, 2, "2024-07-01", "否"]]
    assert only(xlsx(rows)).values["amount"] == [Decimal("0.05")]


def test_money_that_does_not_come_out_even_is_not_rounded() -> None:
    """12,345 元 are 1.2345 万元; the column has two decimals."""
    sheet = only(
        csv_bytes(
            [["案值（元）" if one == "案值" else one for one in HEAD], ["示1号", "行政", 12345, 2, "2024-07-01", "否"]]
        )
    )
    assert sheet.aside == [True]
    assert told(sheet.findings, "A") == [("A", "类型", 2, "“12345”换算成万元超过 2 位小数")]
    assert sheet.findings[-1].letter == "C"


def test_another_thing_than_is_counted_asks_for_an_explanation() -> None:
    sheet = only(
        csv_bytes(
            [
                ["当事人数（户）" if one == "当事人数" else one for one in HEAD],
                ["示1号", "行政", 1, 2, "2024-07-01", "否"],
            ]
        )
    )
    assert told(sheet.findings) == [("B", "V07", None, "“当事人数”写的计量单位是“户”，应为“人”；数字按原样读入")]


@pytest.mark.parametrize(
    "said, declared, power",
    [("元", "万元", -4), ("万元", "元", 4), ("亿元", "万元", 4), ("千元", "万元", -1), ("件", "件", 0), ("万件", "件", 4), ("吨", "千克", 3), ("公斤", "吨", -3), ("％", "%", 0), ("起", "件", None), ("人次", "人", None)],
)  # fmt: skip
def test_tens_between_units(said: str, declared: str, power: int | None) -> None:
    assert power_between(said, declared) == power


def test_a_column_twice_is_refused() -> None:
    sheet = only(xlsx([[*HEAD, "案值（万元）"], [*ROW, 3]]))
    assert sheet.refused
    assert told(sheet.findings) == [("A", "表头", None, "“案值（万元）”出现了两次（C 列和 G 列）")]


def test_a_required_column_that_is_not_there() -> None:
    sheet = only(xlsx([["文书号码", *HEAD[1:]], ROW]))
    assert sheet.refused
    assert sheet.findings[0].problem == "缺少必填的列“文号”"
    assert "“文书号码”是不是“文号”？" in sheet.findings[0].fix
    assert sheet.lines == []


def test_a_column_under_a_name_like_its_own_is_asked_about_not_left_blank() -> None:
    sheet = only(xlsx([["案件金额值" if one == "案值" else one for one in HEAD], ROW]))
    assert sheet.refused
    assert "“案件金额值”是不是“案值”？" in sheet.findings[0].fix


def test_a_column_that_is_not_there_and_one_nobody_knows() -> None:
    """It may be the same one: an explanation is asked for."""
    sheet = only(xlsx([["盖章" if one == "案值" else one for one in HEAD], ROW]))
    assert told(sheet.findings) == [
        ("B", "表头", None, "没有“案值”这一列，各行按没有填计"),
        ("D", "表头", None, "“案件台账”里没有“盖章”这一列，没有读入"),
    ]
    assert sheet.states["amount"] == ["blank"]


def test_a_column_that_counts_and_is_not_there() -> None:
    head = [one for one in HEAD if one != "案值"]
    row = [one for one in ROW if one != 12.5]
    assert told(only(xlsx([head, row])).findings) == [("D", "表头", None, "没有“案值”这一列，各行按没有填计")]
    sheet = only(xlsx([head, row]), needed={"cases": ["amount"]})
    assert sheet.refused
    assert told(sheet.findings) == [("A", "表头", None, "缺少计分要用的列“案值”")]


def above(rows: list[list[str | None]]) -> Above:
    grid = book(xlsx([*rows, HEAD, ROW])).grids[0]
    return read_above(grid, find_head(grid, LEDGER), lambda name: REGISTER.find(name) is not None)


def test_what_is_said_above() -> None:
    apart = above(
        [
            ["案件台账"],
            ["单位", "甲县", "报送期", "2024年第3季度", "填报人", None, "联系电话", "0000-1", "零报告", "否"],
        ]
    )
    assert apart.said == {"unit": "甲县", "period": "2024年第3季度", "phone": "0000-1", "nil": "否"}
    together = above([["填报单位：甲县　　报送期：2024年三季度  填报人：某某 联系电话：0000-1"]])
    assert together.said == {"unit": "甲县", "period": "2024年三季度", "filled_by": "某某", "phone": "0000-1"}


def test_who_filled_it_in() -> None:
    sheet = only(xlsx([["单位", "甲县", "填报人", "某某", "联系电话", 12345678], HEAD, ROW]))
    assert (sheet.filled_by, sheet.phone) == ("某某", "12345678")


@pytest.mark.parametrize(
    "text, label",
    [("2024Q3", "2024Q3"), ("2024年第3季度", "2024Q3"), ("2024 年三季度", "2024Q3"), ("２０２４年第三季度", "2024Q3"), ("2024年上半年", "2024H1"), ("2024年9月", "2024-09"), ("2024.9", "2024-09"), ("2024年度", "2024"), ("2024年1月17日", "2024-01-17"), ("2024年第7周", "2024-W07"), ("第三季度", ""), ("2023年第3季度", "")],
)  # fmt: skip
def test_words_for_a_period(text: str, label: str) -> None:
    labels = ["2024", "2024H1", "2024Q3", "2024-09", "2024-01-17", "2024-W07"]
    assert period_said(text, labels) == label
    assert period_in(f"甲县{text}案件台账", labels) == label


def test_a_year_is_not_meant_where_a_part_of_it_is_said() -> None:
    assert period_in("2024年第2季度台账", ["2024", "2024Q3"]) == ""


def test_titles_are_compared_without_what_does_not_matter() -> None:
    assert squeezed(" ＊案 值（万元）\n：") == "案值(万元)"


def test_no_head_at_all() -> None:
    sheet = only(csv_bytes([["某某", "12"], ["某某", "13"]]), Expected("c1", "cases", "2024Q3"))
    assert sheet.refused
    assert told(sheet.findings, "A") == [("A", "表头", None, "没有找到“案件台账”的表头")]
    assert THIRD.form == "cases"

"""Which sheet is which report of whom, and what every cell, row and sheet is told when it is not taken."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from scoring.forms import Column
from scoring.intake.reading import Expected, read_reports
from scoring.intake.templates import Report, template
from tests.intake.submitted import (
    AWARDS,
    DUES,
    FORMS,
    HEAD,
    LEDGER,
    REGISTER,
    ROW,
    STATS,
    THIRD,
    book,
    changed,
    csv_bytes,
    form_with,
    ods,
    only,
    reading,
    saved,
    told,
    xls,
    xlsx,
)

ANY = Expected("c1")
OFFICE = Expected()
STATS_HEAD = ["统计截止日", "抓获", "批捕", "办结率"]
END = date(2024, 9, 30)


def made(form: Any = LEDGER, period: str = "2024Q3", unit: str | None = "c1") -> openpyxl.Workbook:
    """Our template, opened with another library."""
    due = DUES[form.code][period] if form.code in DUES else None
    owner = REGISTER.by_code[unit] if unit else None
    data = template(owner, [Report(form, due)], "示例双打办", True, units=REGISTER.units)
    return openpyxl.load_workbook(io.BytesIO(data))


def filled(found: openpyxl.Workbook, *rows: list[Any], name: str = "案件台账", start: int = 6) -> openpyxl.Workbook:
    for line, row in enumerate(rows, start):
        for at, value in enumerate(row, 1):
            found[name].cell(line, at, value)
    return found


# --- our template ------------------------------------------------------------------------------


def test_a_filled_template() -> None:
    found = reading(saved(filled(made(), ROW, ["示2号", "刑事（移送）", "*", None, "2024年8月1日", "否"])), ANY)
    assert found.stamped
    assert not found.findings
    sheet = found.sheets[0]
    assert (sheet.form.code, sheet.period, sheet.unit, sheet.head_line, sheet.lines) == (
        "cases",
        "2024Q3",
        "c1",
        5,
        [6, 7],
    )
    assert sheet.values["amount"] == [Decimal("12.5"), None]
    assert sheet.states["amount"] == ["value", "masked"]
    assert sheet.states["people"] == ["value", "blank"]
    assert sheet.values["filed_on"] == [date(2024, 7, 3), date(2024, 8, 1)]
    assert sheet.units == ["c1", "c1"]
    assert sheet.aside == [False, False]
    assert not sheet.findings


def test_what_is_refused_has_its_place() -> None:
    rows = [["示1号", "民事", -1, 2.5, "2024-02-30", "也许"], [None, "行政", "12元", "#N/A", None, None]]
    sheet = only(saved(filled(made(), *rows)), ANY)
    assert sheet.aside == [True, True]
    assert [(one.line, one.letter, one.column, one.typed) for one in sheet.findings if one.level == "A"] == [
        (7, "A", "doc_no", ""), (6, "B", "kind", "民事"), (6, "C", "amount", "-1"), (7, "C", "amount", "12元"),
        (6, "D", "people", "2.5"), (7, "D", "people", "#N/A"), (6, "E", "filed_on", "2024-02-30"), (7, "E", "filed_on", ""),
        (6, "F", "open", "也许"),
    ]  # fmt: skip
    assert sheet.typed["amount"] == ["-1", "12元"]  # kept as typed


def test_nil() -> None:
    empty = made()
    empty["案件台账"]["J2"] = "是"
    sheet = only(saved(empty), ANY)
    assert (sheet.nil, len(sheet), sheet.refused) == (True, 0, False)


def test_nil_and_rows_contradict_each_other() -> None:
    both = filled(made(), ROW)
    both["案件台账"]["J2"] = "是"
    sheet = only(saved(both), ANY)
    assert sheet.refused
    assert told(sheet.findings) == [("A", "零报告", None, "“零报告”选了是，表里却填了 1 行")]


def test_an_untouched_sheet_is_no_report() -> None:
    """The date that the template fills in is nobody's report."""
    found = reading(saved(made(STATS)), ANY)
    assert not found.sheets
    assert told(found.findings) == [
        ("D", "空表", None, "“行刑统计”（2024年第3季度）一行也没有填，这次没有读入"),
        ("A", "表头", None, "文件里没有读到任何要报的数据"),
    ]


def test_nil_of_a_form_whose_date_is_filled_in() -> None:
    empty = made(STATS)
    empty["行刑统计"]["J2"] = "是"
    sheet = only(saved(empty), ANY)
    assert (sheet.nil, len(sheet), sheet.refused) == (True, 0, False)


def test_several_reports_in_one_workbook() -> None:
    reports = [
        Report(LEDGER, DUES["cases"]["2024Q2"]),
        Report(LEDGER, DUES["cases"]["2024Q3"]),
        Report(STATS, DUES["stats"]["2024Q3"]),
    ]
    both = openpyxl.load_workbook(io.BytesIO(template(REGISTER.by_code["c1"], reports, "示例双打办", True)))
    assert both.sheetnames[1:4] == ["案件台账 2024年第2季度", "案件台账 2024年第3季度", "行刑统计"]
    filled(both, ROW, name="案件台账 2024年第3季度")
    filled(both, [END, 16, 24, 105.02], name="行刑统计")
    found = reading(saved(both), ANY)
    assert [(sheet.form.code, sheet.period, len(sheet)) for sheet in found.sheets] == [
        ("cases", "2024Q3", 1),
        ("stats", "2024Q3", 1),
    ]
    assert told(found.findings) == [("D", "空表", None, "“案件台账”（2024年第2季度）一行也没有填，这次没有读入")]


def test_a_renamed_sheet_of_a_template() -> None:
    """The stamp names sheets as they were; what stands above the head says the rest."""
    renamed = filled(made(), ROW)
    renamed["案件台账"].title = "我们的"
    found = reading(saved(renamed), ANY)
    assert [(sheet.form.code, sheet.period, sheet.unit, len(sheet)) for sheet in found.sheets] == [
        ("cases", "2024Q3", "c1", 1)
    ]


def test_the_template_of_another_unit() -> None:
    sheet = only(saved(filled(made(unit="c2"), ROW)), ANY)
    assert sheet.refused
    assert told(sheet.findings) == [("A", "单位", None, "这是“乙县”的表，现在报送的是“甲县”")]


def test_the_template_of_another_unit_with_the_name_written_over() -> None:
    changed_name = filled(made(unit="c2"), ROW)
    changed_name["案件台账"]["B2"] = "甲县"
    assert told(only(saved(changed_name), ANY).findings)[0] == (
        "A",
        "单位",
        None,
        "表上写的单位是“甲县”，模板却是“乙县”的",
    )


def test_another_period() -> None:
    sheet = only(saved(filled(made(period="2024Q2"), ROW)), THIRD)
    assert sheet.refused
    assert told(sheet.findings) == [("A", "报送期", None, "这是2024年第2季度的表，现在报送的是2024年第3季度")]


def test_last_quarters_template_with_the_period_written_over() -> None:
    old = filled(made(period="2024Q2"), ROW)
    old["案件台账"]["D2"] = "2024年第3季度"
    problem = "表上写的报送期是“2024年第3季度”，模板却是2024年第2季度的"
    assert told(only(saved(old), ANY).findings)[0] == ("A", "报送期", None, problem)


def test_a_period_that_does_not_exist() -> None:
    old = filled(made(), ROW)
    for row in old["_报送模板"].iter_rows():
        for cell in row:
            if cell.value == "2024Q3":
                cell.value = "2019Q3"
    old["案件台账"]["D2"] = "2019年第3季度"
    assert told(only(saved(old), ANY).findings)[0] == ("A", "报送期", None, "“案件台账”没有2019年第3季度这一期")


def test_an_older_template_is_converted() -> None:
    """Since then 案值 was renamed, its unit of measure changed, and a column was added: 12.5 万元 are 125,000 元."""
    columns = tuple(
        column.model_copy(update={"title": "涉案金额", "aliases": (), "unit": "元"})
        if column.code == "amount"
        else column
        for column in LEDGER.columns
    )
    forms = form_with(LEDGER, columns=(*columns, Column(code="note", title="说明", type="text")))
    old = filled(made(), ROW)
    old["案件台账"]["A3"] = None
    old["案件台账"]["C3"] = None  # without the line of units the stamp knows what it was
    old["案件台账"]["D3"] = None
    found = read_reports(book(saved(old)), ANY, forms, REGISTER, DUES)
    sheet = found.sheets[0]
    assert sheet.values["amount"] == [Decimal(125000)]
    assert sheet.values["note"] == [None]
    assert told(sheet.findings) == [
        ("D", "模板", None, "模板是旧的，报表的列后来改过；已按列名对应读入"),
        ("D", "表头", None, "没有“说明”这一列，各行按没有填计"),
        ("D", "V07", None, "“案值”写的计量单位是“万元”，已换算成“元”读入".replace("案值", "涉案金额")),
    ]


def test_an_older_template_without_a_column_that_is_required_now() -> None:
    forms = form_with(
        LEDGER, columns=(*LEDGER.columns, Column(code="court", title="受案法院", type="text", required=True))
    )
    sheet = read_reports(book(saved(filled(made(), ROW))), ANY, forms, REGISTER, DUES).sheets[0]
    assert sheet.refused
    assert ("A", "表头", None, "缺少必填的列“受案法院”") in told(sheet.findings)


def test_a_form_that_is_no_longer_there() -> None:
    forms = form_with(STATS)
    del forms.by_code["cases"]
    found = read_reports(book(saved(filled(made(), ROW))), ANY, forms, REGISTER, DUES)
    assert told(found.findings, "A")[0] == ("A", "表头", None, "工作表“案件台账”是“cases”的模板，这张表已经停用")


def test_a_form_that_is_not_due_from_the_unit() -> None:
    sheet = only(saved(filled(made(unit="d1"), ROW)), Expected("d1"))
    assert told(sheet.findings, "A") == [("A", "单位", None, "“丙局”不用报“案件台账”")]


def test_a_sheet_deleted_from_the_template() -> None:
    reports = [Report(LEDGER, DUES["cases"]["2024Q3"]), Report(STATS, DUES["stats"]["2024Q3"])]
    both = openpyxl.load_workbook(io.BytesIO(template(REGISTER.by_code["c1"], reports, "示例双打办", True)))
    del both["行刑统计"]
    found = reading(saved(filled(both, ROW)), ANY)
    assert told(found.findings) == [("D", "模板", None, "模板里的“行刑统计”（2024年第3季度）不在这个文件里")]


def test_two_sheets_for_one_report() -> None:
    found = reading(xlsx([HEAD, ROW], "案件台账", **{"案件台账（2）": [HEAD, ROW]}))
    assert [sheet.refused for sheet in found.sheets] == [True, True]
    problem = "工作表“案件台账”和“案件台账（2）”是同一张报表的同一期"
    assert told(found.sheets[0].findings) == [("A", "重复", None, problem)]


# --- files of their own making -----------------------------------------------------------------


@pytest.mark.parametrize("data", [xlsx([HEAD, ROW]), xls([HEAD, ROW]), ods([HEAD, ROW]), csv_bytes([HEAD, ROW]), csv_bytes([HEAD, ROW], "gb18030")])  # fmt: skip
def test_every_format_gives_the_same(data: bytes) -> None:
    sheet = only(data)
    assert {code: values[0] for code, values in sheet.values.items()} == {
        "doc_no": "示1号", "kind": "行政", "amount": Decimal("12.5"), "people": 3, "filed_on": date(2024, 7, 3), "open": True,
    }  # fmt: skip
    assert not sheet.findings


def test_the_form_by_its_head_the_period_by_the_title_the_unit_by_its_line() -> None:
    rows = [["2024年第二季度行刑情况"], ["填报单位：甲县人民政府"], STATS_HEAD, [date(2024, 6, 30), 16, 24, 98.5]]
    found = reading(xlsx(rows, "Sheet1"), OFFICE)
    assert [(one.form.code, one.period, one.unit) for one in found.sheets] == [("stats", "2024Q2", "c1")]


def test_nobody_knows_whose_and_of_when() -> None:
    sheet = only(xlsx([STATS_HEAD, [END, 1, 1, 1]]), OFFICE)
    assert told(sheet.findings, "A") == [
        ("A", "单位", None, "看不出是哪个单位报的"),
        ("A", "报送期", None, "看不出是哪一期的"),
    ]


def test_another_form_than_was_asked_for() -> None:
    found = reading(xlsx([STATS_HEAD, [END, 1, 1, 1]], "Sheet1"), Expected("c1", "cases", "2024Q3"))
    assert told(found.findings, "A") == [("A", "表头", None, "文件里没有“案件台账”，只有“行刑统计”")]


def test_notes_hidden_sheets_and_others() -> None:
    book_ = openpyxl.load_workbook(
        io.BytesIO(xlsx([HEAD, ROW], 联系人=[["姓名", "电话"], ["某某", 1]], 旧表=[HEAD, ROW]))
    )
    book_["旧表"].sheet_state = "hidden"
    found = reading(saved(book_))
    assert len(found.sheets) == 1
    assert told(found.findings) == [
        ("D", "隐藏", None, "工作表“旧表”是隐藏的，没有读入"),
        ("D", "表头", None, "工作表“联系人”看不出是哪张报表，没有读入"),
    ]
    assert found.passed_over == ["旧表", "联系人"]


def test_a_register_of_the_office_names_a_unit_in_each_row() -> None:
    rows = [
        ["单位", "登记号", "日期", "级别"],
        ["甲县", "1", "2024-01-02", "省级"],
        ["丙局", "2", "2024-01-02", "国家级"],
        ["甲线", "3", "2024-01-02", "省级"],
        [None, "4", "2024-01-02", "省级"],
        ["乙县", "2", "2024-01-02", "省级"],
    ]
    sheet = only(xlsx(rows, "表彰登记"), OFFICE)
    assert (sheet.unit, sheet.period) == ("", "")
    assert sheet.units == ["c1", "d1", "", "", "c2"]
    assert sheet.aside == [False, False, True, True, False]  # number 2 of another unit is another matter
    assert [(one.line, one.letter, one.problem, one.fix) for one in sheet.findings] == [
        (4, "A", "单位“甲线”不在登记表里", "是不是“甲县”？"), (5, "A", "没有填单位", "请填写单位全称"),
    ]  # fmt: skip
    assert sheet.letters["unit"] == "A"


def test_a_unit_does_not_report_a_register_of_the_office() -> None:
    sheet = only(xlsx([["单位", "登记号", "日期", "级别"], ["甲县", "1", "2024-01-02", "省级"]], "表彰登记"), ANY)
    assert told(sheet.findings, "A") == [("A", "单位", None, "“表彰登记”由市双打办登记，各单位不用报")]
    assert AWARDS.kept_by == "office"


def test_a_register_from_our_template() -> None:
    data = saved(filled(made(AWARDS, unit=None), ["甲县", "1", date(2024, 1, 2), "省级"], name="表彰登记"))
    sheet = only(data, OFFICE)
    assert (sheet.units, sheet.values["no"], sheet.findings) == (["c1"], ["1"], [])


def test_rows_of_another_unit() -> None:
    sheet = only(csv_bytes([["单位", *HEAD], ["甲县", *ROW], ["乙县", "示2号", *ROW[1:]]]))
    assert sheet.aside == [False, True]
    assert told(sheet.findings) == [("A", "单位", 3, "这一行写的是“乙县”，这张表是“甲县”的")]


# --- rows --------------------------------------------------------------------------------------


def test_totals_notes_and_blank_rows_are_no_rows() -> None:
    rows = [
        HEAD,
        ROW,
        [" ", "　"],
        ["小计", None, 12.5],
        ["示2号", *ROW[1:]],
        ["合 计", None, 25],
        [],
        ["填表人：某某", None, None, "审核人：某某"],
        ["注：案值为初估数"],
    ]
    sheet = only(xlsx(rows))
    assert sheet.lines == [2, 5]
    assert sorted(told(sheet.findings), key=lambda one: one[2] or 0) == [
        ("D", "合计", 4, "第 4 行是“小计”，没有作为一行数据读入"),
        ("D", "合计", 6, "第 6 行是“合 计”，没有作为一行数据读入"),
        ("D", "说明行", 8, "第 8 行像是表下的说明，没有读入：“填表人：某某”"),
        ("D", "说明行", 9, "第 9 行像是表下的说明，没有读入：“注：案值为初估数”"),
    ]


def test_a_row_that_only_looks_like_a_note_is_read() -> None:
    """In the middle of the data it is a row, however it begins."""
    sheet = only(xlsx([HEAD, ["注：1号", *ROW[1:]], ROW]))
    assert sheet.values["doc_no"] == ["注：1号", "示1号"]


def test_a_row_beside_the_table() -> None:
    sheet = only(xlsx([[*HEAD, "备注"], [*ROW, None], [None] * 6 + ["见附件"]]))
    assert sheet.lines == [2]
    assert ("D", "表头", 3, "第 3 行只在表外的列里有内容，没有作为数据读入") in told(sheet.findings)


def test_the_same_matter_twice() -> None:
    sheet = only(xlsx([HEAD, ROW, ["示2号", *ROW[1:]], ROW]))
    assert sheet.aside == [False, False, True]
    assert told(sheet.findings) == [("A", "重复", 4, "“文号”与第 2 行重复：示1号")]


def test_a_row_that_is_set_aside_does_not_take_its_key() -> None:
    sheet = only(xlsx([HEAD, ["示1号", "行政", "x1", 3, "2024-07-01", "是"], ROW]))
    assert sheet.aside == [True, False]


@pytest.mark.parametrize("text", ["*", "/", "不涉及"])
def test_the_key_cannot_be_masked(text: str) -> None:
    sheet = only(xlsx([HEAD, [text, *ROW[1:]]]))
    assert told(sheet.findings) == [("A", "必填", 2, f"“文号”不能是“{text}”")]


def test_a_formula_without_a_result_is_set_aside_not_blank() -> None:
    sheet = only(xlsx([HEAD, ["示1号", "行政", "=1+1", 3, "2024-07-01", "是"], ["示2号", *ROW[1:]]]))
    assert sheet.aside == [True, False]
    assert [(one.level, one.check, one.line, one.letter, one.problem, one.typed) for one in sheet.findings] == [
        ("A", "公式", 2, "C", "“案值”的公式无结果", "=1+1")
    ]
    assert sheet.values["amount"] == [None, Decimal("12.5")]


def test_an_error_is_set_aside_also_in_a_text() -> None:
    sheet = only(xlsx([HEAD, ["#REF!", *ROW[1:]]]))
    assert told(sheet.findings) == [("A", "公式", 2, "“文号”的公式出错：#REF!")]


def percent(column: int, value: float) -> bytes:
    found = openpyxl.load_workbook(io.BytesIO(xlsx([STATS_HEAD, [END, 16, 24, 98.5]], "行刑统计")))
    found["行刑统计"].cell(2, column, value).number_format = "0.00%"
    return saved(found)


def test_a_percent_format_where_the_column_is_a_percentage() -> None:
    sheet = only(percent(4, 1.0502), Expected("c1", "stats", "2024Q3"))
    assert sheet.values["rate"] == [Decimal("105.02")]
    assert told(sheet.findings) == [
        ("D", "百分比格式", None, "“办结率”有 1 格是百分比格式，按显示的百分数读入，例如 105.02%")
    ]


def test_a_percent_format_where_it_is_none() -> None:
    sheet = only(percent(2, 0.05), Expected("c1", "stats", "2024Q3"))
    assert told(sheet.findings) == [("A", "类型", 2, "“抓获”不是百分比，现为“5%”")]


def test_shares_in_a_file_that_tells_no_formats() -> None:
    """0.05 under a head in %: half a thousandth, or 5 %? Who reports must say."""
    sheet = only(csv_bytes([STATS_HEAD, ["2024-09-30", "16", "4", "0.05"]]), Expected("c1", "stats", "2024Q3"))
    assert sheet.values["rate"] == [Decimal("0.05")]
    assert told(sheet.findings) == [("C", "百分比格式", None, "“办结率”的数都不超过 1，可能是按小数写的百分比")]


def test_the_published_oddities_are_read_as_they_are() -> None:
    """批捕 24 over 抓获 16, a rate of 105.02 %, a masked figure: all of them are somebody's report."""
    sheet = only(csv_bytes([STATS_HEAD, ["2024-09-30", "16", "24", "105.02%"]]), Expected("c1", "stats", "2024Q3"))
    assert [sheet.values[code][0] for code in ("caught", "approved", "rate")] == [16, 24, Decimal("105.02")]
    assert sheet.aside == [False]
    masked = only(csv_bytes([STATS_HEAD, ["2024-09-30", "*", "**", "105.02"]]), Expected("c1", "stats", "2024Q3"))
    assert [masked.states[code][0] for code in ("caught", "approved", "rate")] == ["masked", "masked", "value"]
    assert masked.values["caught"] == [None]


def test_the_four_states_stay_apart() -> None:
    rows = [
        [f"示{number}号", "行政", text, 1, "2024-07-01", "是"]
        for number, text in enumerate(["0", None, "*", "不涉及", "/", "××"])
    ]
    sheet = only(xlsx([HEAD, *rows]))
    assert sheet.states["amount"] == ["value", "blank", "masked", "not_applicable", "not_applicable", "masked"]
    assert sheet.values["amount"] == [Decimal(0), None, None, None, None, None]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    found = openpyxl.load_workbook(io.BytesIO(xlsx([HEAD, ROW, ["示2号", *ROW[1:]]])))
    found.active.row_dimensions[3].hidden = True
    found.active.column_dimensions["C"].hidden = True
    sheet = only(saved(found))
    assert sheet.values["amount"] == [Decimal("12.5")] * 2
    assert told(sheet.findings) == [
        ("D", "隐藏", 3, "第 3 行是隐藏行，也已读入"), ("D", "隐藏", None, "“案值”是隐藏列，也已读入"),
    ]  # fmt: skip


def test_many_hidden_rows_are_told_together() -> None:
    found = openpyxl.load_workbook(io.BytesIO(xlsx([HEAD, *([f"示{n}号", *ROW[1:]] for n in range(30))])))
    for line in range(2, 27):
        found.active.row_dimensions[line].hidden = True
    assert told(only(saved(found)).findings) == [("D", "隐藏", None, "第 2–26 行是隐藏行（共 25 行），也已读入")]


def test_digits_that_the_spreadsheet_lost() -> None:
    sheet = only(xlsx([HEAD, [330102199001011234, *ROW[1:]]]))
    assert [(one.level, one.check, one.line, one.letter) for one in sheet.findings] == [("C", "位数", 2, "A")]


def test_a_number_of_a_day() -> None:
    sheet = only(xlsx([HEAD, [*ROW[:4], 45476, "是"]]))  # 45292 is 2024-01-01; 184 days later
    assert sheet.values["filed_on"] == [date(2024, 7, 3)]
    assert told(sheet.findings) == [("D", "写法", 2, "日期序号 45476 读作 2024-07-03")]


def test_many_notes_on_one_column_are_told_together() -> None:
    sheet = only(xlsx([HEAD, *([f"示{n}号", "行政", 1, "３", "2024-07-01", "是"] for n in range(30))]))
    assert told(sheet.findings) == [
        ("D", "写法", None, "“当事人数”有 30 格换了写法读入，例如第 2 行：“３”含有全角字符，已按半角读入")
    ]


def test_sums_nobody_could_keep_exact_refuse_the_sheet() -> None:
    """200 rows of 9.99 hundred million 万元: 2 * 10^13 in the smallest unit, more than the compiler proves."""
    rows = [[f"示{n}号", "行政", 999_999_999, 1, "2024-07-01", "是"] for n in range(200)]
    sheet = only(csv_bytes([HEAD, *rows]))
    assert sheet.refused
    assert told(sheet.findings) == [("A", "类型", None, "“案值”的合计过大，无法保证精确")]


def test_a_sheet_with_too_many_rows_says_so() -> None:
    found = reading(b"a,b\n" + b"1,2\n" * 70_000)
    assert found.refused
    assert told(found.findings) == [("A", "表头", None, "文件读不了：表里有 70,001 行，一张表最多 60,000 行")]


def test_a_marked_copy_that_comes_back() -> None:
    """The column of results that we added is none of the form's."""
    sheet = only(xlsx([["校验结果", *HEAD], ["强制：…", *ROW]]))
    assert sheet.letters["doc_no"] == "B"
    assert not sheet.findings


def test_a_formula_in_a_cell_of_csv_is_text() -> None:
    """Nothing is ever reckoned from it, and a number it is not."""
    sheet = only(csv_bytes([HEAD, ["=cmd|' /C calc'!A0", "行政", "=1+1", 3, "2024-07-01", "是"]]))
    assert sheet.values["doc_no"] == ["=cmd|' /C calc'!A0"]
    assert told(sheet.findings) == [("A", "类型", 2, "“案值”须为数字，现为“=1+1”")]


def test_who_is_asked_for_may_be_said_by_the_file_only() -> None:
    assert only(saved(filled(made(unit="c2"), ROW)), OFFICE).unit == "c2"
    assert only(changed(xlsx([HEAD, ROW]), "docProps/core.xml", "<", "<")).unit == "c1"
    assert replace(THIRD, unit=None).unit is None
    assert FORMS["cases"] is LEDGER

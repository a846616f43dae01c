"""Marked copies: the reporter's own workbook given back, with every finding beside its row and nothing that runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName

from scoring.intake.marked import OWN_AT_MOST, marked_copy
from scoring.intake.reported import Finding, ReportedSheet
from scoring.intake.template_stamp import RESULT_TITLE, STAMP_SHEET, read_stamp
from tests.intake.workbooks import (
    LEDGER,
    fill,
    form,
    formulas,
    ledger_template,
    opened,
    part,
    reported,
    row,
    rule_of,
    saved,
)

RED, ORANGE, YELLOW, GREY, GREEN = "FFFFC7CE", "FFFFD8A8", "FFFFF2B3", "FFE3E3E3", "FFE2F0D9"
HEAD = [column.title for column in form(LEDGER).columns]
GOOD = ("示〔2024〕1号", "行政", 1.25, 2, None, date(2024, 1, 5))
NOT_A_NUMBER = Finding("类型", "A", "“案值”须为数字，现为“很多”", "请只填半角数字", 7, "amount", "C", "很多")
TWICE = Finding("V12", "B", "文号与别的单位重复", "请核对", 7, "doc_no", "A", "=1+1")
OUTSIDE = Finding("V10", "C", "日期偏晚", "请核对", 8, "filed_on", "F", "2024-03-31")
NOTE = Finding("V15", "D", "含有全角数字", "已按半角读入", 9, "people", "D", "３")
OF_THE_SHEET = Finding("表头", "D", "没有“领导”这一列，已略过", "不影响计分")
FINDINGS = (TWICE, NOT_A_NUMBER, OUTSIDE, NOTE, OF_THE_SHEET)


def submitted() -> bytes:
    """A template filled in: line 6 is right, 7 to 9 have findings."""
    book = opened(ledger_template())
    sheet = book["台账"]
    fill(sheet, 6, *GOOD)
    fill(sheet, 7, "=1+1", "行政", "很多", 1, None, date(2024, 1, 6))
    fill(sheet, 8, "示〔2024〕3号", "刑事", 3.5, 1, None, date(2024, 3, 31))
    fill(sheet, 9, "示〔2024〕4号", "刑事", "*", "３", None, date(2024, 3, 1))
    return saved(book)


def colour(cell: object) -> str | None:
    fill_of = cell.fill  # type: ignore[attr-defined]
    return str(fill_of.fgColor.rgb) if fill_of.fill_type == "solid" else None


def marked(findings: Sequence[Finding] = FINDINGS, data: bytes | None = None) -> bytes:
    return marked_copy(data or submitted(), "上报.xlsx", [reported("台账", [6, 7, 8, 9], findings)], sample=True)


# --- the reporter's own workbook -------------------------------------------------------------------


def test_each_row_is_told_beside_it_worst_first() -> None:
    sheet = opened(marked())["台账"]
    assert sheet["J5"].value == RESULT_TITLE
    assert [sheet[f"J{line}"].value for line in range(6, 10)] == [
        "通过",
        "【强制】“案值”须为数字，现为“很多”。请只填半角数字。\n【需说明】文号与别的单位重复。请核对。",
        "【需核实】立案日期：日期偏晚。请核对。",
        "【提示】人数：含有全角数字。已按半角读入。",
    ]


def test_colours_follow_the_worst_class_and_mark_the_cells() -> None:
    sheet = opened(marked())["台账"]
    assert [colour(sheet[f"J{line}"]) for line in range(6, 10)] == [GREEN, RED, YELLOW, GREY]
    assert (colour(sheet["C7"]), colour(sheet["A7"])) == (RED, ORANGE)
    assert (colour(sheet["F8"]), colour(sheet["D9"])) == (YELLOW, GREY)
    assert colour(sheet["A6"]) is None


def test_two_findings_of_one_cell_give_the_worse_colour() -> None:
    better = Finding("V15", "D", "有空格", "请删去", 7, "amount", "C", "很多")
    for findings in ((better, NOT_A_NUMBER), (NOT_A_NUMBER, better)):
        assert colour(opened(marked(findings))["台账"]["C7"]) == RED


def test_everything_is_listed_in_front() -> None:
    book = opened(marked())
    assert book.sheetnames[0] == RESULT_TITLE
    assert book.active.title == RESULT_TITLE
    assert not any(sheet.sheet_view.tabSelected for sheet in book.worksheets[1:])
    lines = [tuple(cell.value or "" for cell in cells) for cells in book[RESULT_TITLE].iter_rows()]
    assert lines[0][0] == "校验结果（示例）"
    assert lines[1][0] == "原文件：上报.xlsx"
    assert (
        "台账",
        "4",
        "1",
        "2024年第1季度",
        "台账",
        "1 处",
        "1 处",
        "需核实 1 处，提示 2 处",
        "有错的行不计入，改正后重新上传",
    ) in lines
    start = lines.index(("工作表", "行", "单元格", "列名", "填的内容", "类别", "校验项", "问题", "怎样改"))
    assert lines[start + 1 :] == [
        ("台账", "整张表", "", "", "", "提示", "表头", "没有“领导”这一列，已略过。", "不影响计分。"),
        ("台账", "7", "C7", "案值", "很多", "强制", "类型", "“案值”须为数字，现为“很多”。", "请只填半角数字。"),
        ("台账", "7", "A7", "文号", "=1+1", "需说明", "V12", "文号与别的单位重复。", "请核对。"),
        ("台账", "8", "F8", "立案日期", "2024-03-31", "需核实", "V10", "日期偏晚。", "请核对。"),
        ("台账", "9", "D9", "人数", "３", "提示", "V15", "含有全角数字。", "已按半角读入。"),
    ]
    front = book[RESULT_TITLE]
    assert [colour(front.cell(start + 1 + at, 6)) for at in range(1, 6)] == [GREY, RED, ORANGE, YELLOW, GREY]


def test_without_findings_it_says_so() -> None:
    book = opened(marked(()))
    assert [book["台账"][f"J{line}"].value for line in range(6, 10)] == ["通过"] * 4
    told = [cell.value for cell in book[RESULT_TITLE]["A"]]
    assert "没有发现问题。" in told


def test_the_rest_of_the_workbook_stays() -> None:
    book = opened(submitted())
    book["台账"]["A6"].font = Font(bold=True, color="FF00B050")
    book["台账"]["B6"].fill = PatternFill("solid", fgColor="FFCCFFCC")
    book.create_sheet("自己的表")["B2"] = "留着"
    copy = opened(marked(data=saved(book)))
    assert copy["自己的表"]["B2"].value == "留着"
    sheet = copy["台账"]
    assert sheet["A6"].font.bold and sheet["A6"].font.color.rgb == "FF00B050"
    assert colour(sheet["B6"]) == "FFCCFFCC"
    assert row(sheet, 6)[:6] == [*GOOD[:5], datetime(2024, 1, 5)]
    assert sheet.freeze_panes == "A6" and sheet.protection.sheet
    assert rule_of(sheet, "B6").formula1 == '"行政,刑事,/,*"'
    assert not sheet["J7"].protection.locked  # or rows could no longer be deleted
    assert sheet.auto_filter.ref == "A5:J5005"
    stamp = read_stamp([list(cells) for cells in copy[STAMP_SHEET].iter_rows(values_only=True)])
    assert stamp is not None and stamp.sheets["台账"].unit == "c01"
    assert copy[STAMP_SHEET].sheet_state == "veryHidden"


# --- nothing runs -----------------------------------------------------------------------------------


def with_formulas() -> bytes:
    """As a spreadsheet saves it: formulas with results; one that was never reckoned; text that looks like one."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False})
    sheet = book.add_worksheet("台账")
    for at, title in enumerate(HEAD):
        sheet.write_string(4, at, title)
    sheet.write_formula("A6", '="示"&"1号"', None, "示1号")
    sheet.write_formula("C6", "=1+1", None, 2)
    sheet.write_formula("D6", "=1/0", None, "#DIV/0!")
    sheet.write_formula("I6", '="="&"1"', None, "=1")
    sheet.write_string("A7", "=cmd|' /C calc'!A0")
    sheet.write_string("B7", "-1+1")
    sheet.write_string("I7", "+86")
    sheet.write_array_formula("C7:C7", "{=SUM(C6:C6)}", None, 2)
    book.close()
    return repacked(file.getvalue(), "xl/worksheets/sheet1.xml", b"<v>#DIV/0!</v>", b"")


def repacked(data: bytes, name: str, old: bytes, new: bytes, more: dict[str, bytes] | None = None) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(data)) as file, ZipFile(out, "w", ZIP_DEFLATED) as copy:
        for one in file.namelist():
            content = file.read(one)
            if one == name:
                assert old in content
                content = content.replace(old, new)
            copy.writestr(one, content)
        for one, content in (more or {}).items():
            copy.writestr(one, content)
    return out.getvalue()


def test_no_formula_is_written_back() -> None:
    data = with_formulas()
    assert formulas(data)
    copy = marked_copy(data, "x.xlsx", [reported("台账", [6, 7], [])])
    assert formulas(copy) == []
    sheet = opened(copy)["台账"]
    assert [sheet[cell].value for cell in ("A6", "C6", "D6", "C7")] == ["示1号", 2, "公式无结果", 2]
    for cell, text in {"I6": "=1", "A7": "=cmd|' /C calc'!A0", "B7": "-1+1", "I7": "+86"}.items():
        assert (sheet[cell].value, sheet[cell].data_type, sheet[cell].quotePrefix) == (text, "s", True)
    assert not sheet["A6"].quotePrefix


def test_what_findings_quote_does_not_run_either() -> None:
    odd = Finding("类型", "A", "=HYPERLINK(1)", "=1+1", 7, "amount", "C", "=1+1\x07")
    copy = marked([odd])
    assert formulas(copy) == []
    sheet = opened(copy)[RESULT_TITLE]
    typed = next(cells for cells in sheet.iter_rows() if cells[2].value == "C7")
    assert [typed[at].value for at in (4, 7, 8)] == ["=1+1", "=HYPERLINK(1)。", "=1+1。"]
    assert all(typed[at].data_type == "s" and typed[at].quotePrefix for at in (4, 7, 8))


def test_links_macros_and_names_that_reach_elsewhere_go() -> None:
    book = opened(submitted())
    book["台账"]["I6"].value = "看这里"
    book["台账"]["I6"].hyperlink = "http://示例.invalid/x"
    book.defined_names["外部"] = DefinedName("外部", attr_text="'[1]别处'!$A$1")
    book.defined_names["算出来"] = DefinedName("算出来", attr_text="CALL(1)")
    book.defined_names["这里"] = DefinedName("这里", attr_text="'台账'!$A$6:$A$9")
    data = repacked(saved(book), "xl/workbook.xml", b"<workbook", b"<workbook", {"xl/vbaProject.bin": b"macro"})
    copy = marked(data=data)
    with ZipFile(BytesIO(copy)) as file:
        names = file.namelist()
    assert not [name for name in names if "vba" in name or "externalLink" in name]
    again = opened(copy)
    assert again["台账"]["I6"].value == "看这里" and again["台账"]["I6"].hyperlink is None
    assert b"invalid" not in part(copy, "xl/worksheets/sheet3.xml")
    assert list(again.defined_names) == ["这里"]


# --- marked again -----------------------------------------------------------------------------------


def test_a_mended_copy_gets_no_second_column_and_loses_the_old_colours() -> None:
    book = opened(marked())
    fill(book["台账"], 7, "示〔2024〕2号", "行政", 2.5)
    again = opened(marked([OUTSIDE], saved(book)))
    sheet = again["台账"]
    assert [cell.value for cell in sheet[5]].count(RESULT_TITLE) == 1
    assert [sheet[f"J{line}"].value for line in range(6, 10)] == [
        "通过",
        "通过",
        "【需核实】立案日期：日期偏晚。请核对。",
        "通过",
    ]
    assert colour(sheet["C7"]) is None and colour(sheet["A7"]) is None and colour(sheet["D9"]) is None
    assert colour(sheet["F8"]) == YELLOW
    assert [name for name in again.sheetnames if name.startswith(RESULT_TITLE)] == [RESULT_TITLE]


def test_a_row_deleted_since_leaves_no_old_words_behind() -> None:
    book = opened(marked())
    book["台账"].delete_rows(7)
    copy = marked_copy(saved(book), "x.xlsx", [reported("台账", [6, 7], [])])
    sheet = opened(copy)["台账"]
    assert [sheet[f"J{line}"].value for line in (6, 7, 8, 9)] == ["通过", "通过", None, None]


def test_own_columns_beside_the_table_are_not_written_over() -> None:
    book = opened(submitted())
    book["台账"]["K5"] = "经办科室"
    book["台账"]["M8"] = "旁注"
    sheet = opened(marked(data=saved(book)))["台账"]
    assert (sheet["K5"].value, sheet["M8"].value, sheet["N5"].value) == ("经办科室", "旁注", RESULT_TITLE)


# --- odd workbooks ----------------------------------------------------------------------------------


def test_a_sheet_that_was_refused_is_told_in_front() -> None:
    refused = ReportedSheet(reported("台账", [], []).form, "2024Q1", "c01", "台账", refused=True)
    refused.findings = [Finding("表头", "A", "没有找到表头", "请用模板填报")]
    book = opened(marked_copy(submitted(), "x.xlsx", [refused]))
    told = ["｜".join(str(cell.value or "") for cell in cells) for cells in book[RESULT_TITLE].iter_rows()]
    assert any("没有找到表头。｜请用模板填报。" in line for line in told)
    assert any("整张表没有读入，改正后重新上传" in line for line in told)
    assert RESULT_TITLE not in row(book["台账"], 5)


def test_merged_heads_do_not_stop_it() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.merge_cells("A1:M1")
    sheet["A1"] = "一个很宽的标题"
    fill(sheet, 2, *HEAD)
    sheet.merge_cells("I2:K2")  # the last head runs over three columns
    fill(sheet, 3, *GOOD)
    copy = opened(marked_copy(saved(book), "x.xlsx", [reported("台账", [3], [], head_line=2)]))["台账"]
    assert (copy["L2"].value, copy["L3"].value) == (RESULT_TITLE, "通过")


def test_what_one_library_cannot_open_is_written_afresh() -> None:
    """A font family that the standard does not know stops openpyxl; the values can be read all the same."""
    data = repacked(with_formulas(), "xl/styles.xml", b'<family val="2"/>', b'<family val="99"/>')
    with pytest.raises(ValueError):
        opened(data)
    copy = marked_copy(data, "x.xlsx", [reported("台账", [6, 7], [])])
    assert formulas(copy) == []
    sheet = opened(copy)["台账"]
    assert [sheet[cell].value for cell in ("A6", "C6", "D6", "J5", "J6")] == [
        "示1号",
        2,
        "公式无结果",
        RESULT_TITLE,
        "通过",
    ]
    assert (sheet["A7"].value, sheet["A7"].data_type, sheet["A7"].quotePrefix) == ("=cmd|' /C calc'!A0", "s", True)
    assert any("重新生成" in str(cell.value) for cell in opened(copy)[RESULT_TITLE]["A"])


def test_ranges_that_would_fill_the_memory_are_not_opened() -> None:
    """One merged range, or one link, over the whole sheet: 17 thousand million cells."""
    data = submitted()
    whole = b'ref="A1:XFD1048576"'
    for name, more in (
        ("mergeCells", b'<mergeCells count="1"><mergeCell ' + whole + b"/></mergeCells>"),
        ("hyperlinks", b"<hyperlinks><hyperlink " + whole + b' location="x"/></hyperlinks>'),
    ):
        copy = marked(data=repacked(data, "xl/worksheets/sheet2.xml", b"</sheetData>", b"</sheetData>" + more))
        assert "重新生成" in str([cell.value for cell in opened(copy)[RESULT_TITLE]["A"]]), name
        assert opened(copy)["台账"]["J6"].value == "通过"


def test_a_coloured_cell_far_below_costs_nothing() -> None:
    book = opened(submitted())
    book["台账"]["Z1000000"].fill = PatternFill("solid", fgColor="FFCCFFCC")
    copy = opened(marked(data=saved(book)))["台账"]
    assert copy["J6"].value == "通过"
    assert len(copy._cells) < 300


def test_a_file_that_cannot_be_read_at_all_gives_the_list() -> None:
    book = opened(marked_copy(b"\x89PNG\r\n\x1a\n", "x.xlsx", []))
    assert book.sheetnames == [RESULT_TITLE]


ROWS = [
    ["示〔2024〕1号", "行政", "1.25", "2", "", "2024-01-05", "", "否", ""],
    ["=1+1", "行政", "很多", "1", "", "2024-01-06", "", "", "007"],
]


def as_csv() -> bytes:
    return "\n".join(",".join(cells) for cells in [HEAD, *ROWS]).encode("gb18030")


def as_xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for line, cells in enumerate([HEAD, *ROWS]):
        for at, text in enumerate(cells):
            sheet.write(line, at, text)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_ods() -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name="台账")
    for cells in [HEAD, *ROWS]:
        line = TableRow()
        for text in cells:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xls", "ods"])
def test_other_formats_are_given_back_as_xlsx_cell_by_cell(kind: str) -> None:
    data = {"csv": as_csv, "xls": as_xls, "ods": as_ods}[kind]()
    name = "" if kind == "csv" else "台账"
    wrong = Finding("类型", "A", "“案值”须为数字，现为“很多”", "请只填半角数字", 3, "amount", "C", "很多")
    copy = marked_copy(data, f"上报.{kind}", [reported(name, [2, 3], [wrong], head_line=1)], True)
    assert formulas(copy) == []
    book = opened(copy)
    assert book.sheetnames == [RESULT_TITLE, "台账"]
    sheet = book["台账"]
    assert row(sheet, 1) == [*HEAD, RESULT_TITLE]
    assert row(sheet, 2)[:6] == ["示〔2024〕1号", "行政", 1.25, 2, None, datetime(2024, 1, 5)]
    assert row(sheet, 3)[8:] == ["007", "【强制】“案值”须为数字，现为“很多”。请只填半角数字。"]
    assert (sheet["A3"].value, sheet["A3"].data_type, sheet["A3"].quotePrefix) == ("=1+1", "s", True)
    assert (colour(sheet["C3"]), colour(sheet["J3"]), colour(sheet["J2"])) == (RED, RED, GREEN)
    assert sheet.freeze_panes == "A2"


def test_a_large_sheet_is_written_afresh_and_whole() -> None:
    lines = OWN_AT_MOST + 1
    data = "\n".join([",".join(HEAD), *[f"{number},行政,1.5,2,,2024-01-05,,," for number in range(lines)]]).encode()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for line in data.decode().split("\n"):
        sheet.append(line.split(","))
    copy = opened(marked_copy(saved(book), "x.xlsx", [reported("台账", range(2, lines + 2), [], head_line=1)]))["台账"]
    assert copy.max_row == lines + 1
    assert row(copy, lines + 1)[:4] == [str(lines - 1), "行政", 1.5, 2]
    assert row(copy, lines + 1)[9] == "通过"

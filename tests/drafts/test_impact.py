"""The 影响表 on paper and as a workbook: read again with other programs, every figure where it belongs, nothing a formula."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn

from scoring.reports.impact import Standing, Unit, arrow, points, signed, summary
from scoring.reports.impact_document import document
from scoring.reports.impact_workbook import workbook
from tests.drafts.impacts import counties, impact


def paper(sample: bool = True) -> Document:
    return Document(io.BytesIO(document(impact(sample))))


def rows(table: object) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]  # type: ignore[attr-defined]


def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(impact())))


def test_it_says_what_it_is_before_anything_else() -> None:
    found = paper()
    assert found.paragraphs[0].text == "《双打工作考核评价办法（示例）》修改影响表"
    assert dict(rows(found.tables[0])) == {
        "草案": "“提高办案分值”（CA2025-000012，第 3 版）",
        "依据版本": "2024版（示双打办〔2024〕2号）",
        "修改理由": "2024 年办案任务完成率普遍偏低，与其他各项相比分值偏小，拉不开差距；提高办案分值，平台录入相应减少，总分不变。",
        "试算数据": "2024年，数据截至 2025年1月20日",
        "起草、制表": "李分析，2025年1月20日",
    }
    assert found.sections[0].header.paragraphs[0].text == "示例：单位和数据均为虚构　草案试算，不是考核结果"
    assert "示例：" not in paper(sample=False).sections[0].header.paragraphs[0].text
    texts = [one.text for one in found.paragraphs]
    assert "本表按草案试算，不是考核结果；名次、等次以正式公布的为准。" in texts
    assert any(text.startswith("起草：李分析　　　　批准：＿＿") for text in texts)


def test_what_was_changed_and_who_moves() -> None:
    """乙县 93.57 (2nd) → 94.02 (1st): one up, 94.02 − 93.57 = +0.45; 丁县 shared the third place and has the fourth."""
    found = paper()
    assert rows(found.tables[1])[:2] == [
        ["序号", "条款和项目", "原为", "改为"],
        ["1", "第六条（一）办案任务完成率 · 满分（县区）", "8 分", "10 分"],
    ]
    listed = {row[0]: row[1:] for row in rows(found.tables[2])}
    assert listed["乙县"][:7] == ["2", "1", "↑1", "93.57", "94.02", "+0.45", "优秀"]
    assert listed["丁县"][:7] == ["并列 3", "4", "↓1", "92.80", "91.44", "−1.36", "优秀 → 良好"]
    assert listed["壬县"][7:] == ["本单位各项得分不变", "不再：约谈（第十七条（一））"]
    departments = {row[0]: row[1:] for row in rows(found.tables[3])}
    assert departments["市市场监督管理局"][:7] == ["2", "暂缺（第 2–4 名）", "待定", "95.00", "—", "—", "优秀 → —"]


def test_the_head_of_a_table_comes_again_and_no_row_is_torn() -> None:
    for table in paper().tables[1:]:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert sum(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows) == 1


def test_a4_and_chinese_fonts() -> None:
    found = paper()
    section = found.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (29.7, 21.0)
    for paragraph in found.paragraphs:
        for run in paragraph.runs:
            assert run._element.rPr.rFonts.get(qn("w:eastAsia")) in ("仿宋", "黑体", "宋体")
    widths = [sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.gridCol_lst) for table in found.tables]
    inside = section.page_width.cm - section.left_margin.cm - section.right_margin.cm
    assert all(abs(width / 1440 * 2.54 - inside) < 0.05 for width in widths), "tables fill the width of the page"


def test_the_same_content_gives_the_same_bytes() -> None:
    assert document(impact()) == document(impact())
    assert workbook(impact()) == workbook(impact())


def test_the_workbook_can_be_sorted_and_holds_no_formula() -> None:
    found = book()
    assert found.sheetnames == ["名次变动", "改了什么", "概况和并列"]
    places = found["名次变动"]
    assert places["A1"].value == "《双打工作考核评价办法（示例）》修改影响表"
    assert places["A2"].value.startswith("示例：单位和数据均为虚构")
    head = [cell.value for cell in places[9]]
    assert head[:9] == ["考核分组", "单位", "原名次", "新名次", "升降", "原总分", "新总分", "差", "等次"]
    rows_ = {row[1].value: [cell.value for cell in row] for row in places.iter_rows(min_row=10)}
    assert rows_["乙县"][2:9] == [2, 1, "↑1", 93.57, 94.02, 0.45, "优秀"]
    assert rows_["丁县"][2] == "并列 3" and rows_["壬县"][11] == "约谈（第十七条（一））"
    assert rows_["市市场监督管理局"][3] == "暂缺（第 2–4 名）"
    cell = next(row[9] for row in places.iter_rows(min_row=10) if row[1].value == "市市场监督管理局")
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1（不是公式）", "s", True)
    for sheet in found.worksheets:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert sheet.page_setup.paperSize == 9 and sheet.page_setup.orientation == "landscape"
    assert places.print_title_rows == "$9:$9" and places.freeze_panes == "A10"
    assert [cell.value for cell in found["改了什么"][2]] == [1, "第六条（一）", "办案任务完成率 · 满分（县区）", "8 分", "10 分"]
    assert [[cell.value for cell in row] for row in found["概况和并列"].iter_rows(min_row=12)] == [
        ["县区", 3, "丙县、丁县", "不再并列"], ["县区", 10, "癸县、高新区", "新出现并列"],
    ]  # fmt: skip


def test_exact_totals_of_many_decimals_are_not_cut() -> None:
    many = Unit("县区", "甲县", Standing(1, False, Decimal("97.894736842105")), Standing(1, False, Decimal("-0.5")))
    found = openpyxl.load_workbook(io.BytesIO(workbook(replace(impact(), units=(many,)))))
    raw = zipfile.ZipFile(io.BytesIO(workbook(replace(impact(), units=(many,))))).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>97.894736842105</v>" in raw and "<v>-98.394736842105</v>" in raw
    assert found["名次变动"]["F10"].number_format == "0.00##########"


def test_numbers_as_people_write_them() -> None:
    assert [points(Decimal(text)) for text in ("91.5", "-1", "97.894736842105", "0", "100")] == ["91.50", "−1.00", "97.894736842105", "0.00", "100.00"]
    assert [signed(Decimal(text)) for text in ("0.45", "-0.45", "0")] == ["+0.45", "−0.45", "0.00"]
    assert points(None) == "—"


def test_in_sentences() -> None:
    """Of the counties 乙县 and 高新区 rise by one, 甲县 and 丁县 fall by one; the first of the largest is named."""
    assert summary(impact()) == [
        "县区 12 个单位，名次上升 2 个、下降 2 个；变动最大的是乙县，由第 2 名升到第 1 名。",
        "县区等次有变的：丁县由优秀变为良好。",
        "县区结果运用有变的：壬县不再约谈（第十七条（一））；癸县新增约谈（第十七条（一））。",
        "成员单位 3 个单位，名次待定 1 个。",
        "成员单位等次有变的：市市场监督管理局由优秀变为未定。",
        "新出现并列的：县区第 10 名：癸县、高新区。",
        "不再并列的：县区第 3 名：丙县、丁县。",
    ]


def test_when_nothing_moves() -> None:
    still = tuple(replace(one, after=one.before, through=(), gained=(), lost=()) for one in counties())
    quiet = replace(impact(), units=still, ties=(), notes=(), changes=())
    assert summary(quiet) == ["县区 12 个单位，名次都不变。"]
    assert {arrow(one) for one in still} == {"—"}
    assert summary(replace(quiet, units=())) == ["没有单位的名次、等次和结果运用有变动。"]
    texts = [one.text for one in Document(io.BytesIO(document(replace(quiet, units=())))).paragraphs]
    assert "没有改动。" in texts
    assert openpyxl.load_workbook(io.BytesIO(workbook(replace(quiet, units=()))))["名次变动"].max_row == 9


@pytest.mark.parametrize("approver, told", [("", "批准：＿"), ("王主任", "批准：王主任　")])
def test_who_approved(approver: str, told: str) -> None:
    found = Document(io.BytesIO(document(replace(impact(), approver=approver, made_on=date(2025, 2, 3)))))
    assert any(told in one.text for one in found.paragraphs)

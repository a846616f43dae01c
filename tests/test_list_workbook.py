"""A list as .xlsx, read back by another library: what it rests on, exact numbers, no formula, what Excel takes as a name."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl

from scoring.desk.exports import about, file_name
from scoring.reports.list_workbook import list_workbook

ROWS = [(1, "甲县", Decimal("96.36"), "=1+1"), ("暂缺", "乙县", "", None)]


def read(title: str = "县区排名_2024年") -> openpyxl.worksheet.worksheet.Worksheet:
    data = list_workbook(title, about(date(2025, 1, 20), sample=True), ("名次", "单位", "总分", "状态"), ROWS)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert len(book.sheetnames) == 1
    return book.active  # type: ignore[return-value]


def test_what_it_is_and_how_far_its_data_go() -> None:
    sheet = read()
    assert sheet["A1"].value == "县区排名_2024年"
    assert sheet["A2"].value == "数据截至 2025-01-20　示例：单位和数据均为虚构"
    assert [cell.value for cell in sheet[3]] == ["名次", "单位", "总分", "状态"]
    assert sheet.freeze_panes == "A4"


def test_numbers_stay_numbers_and_text_stays_text() -> None:
    sheet = read()
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=4))
    assert first == [1, "甲县", 96.36, "=1+1"]
    assert [cell.data_type for cell in sheet[4]] == ["n", "s", "n", "s"], "the formula is text"
    assert second[0] == "暂缺" and second[2] in ("", None) and second[3] in ("", None)


def test_a_name_that_excel_refuses() -> None:
    assert read("县区：1/2 [试]*?" + "长" * 40).title == "县区：1_2 _试___" + "长" * 19  # 12 signs and 19 more are 31


def test_the_name_of_the_file() -> None:
    assert file_name("县区排名", date(2025, 1, 20), "xlsx") == "县区排名_截至20250120.xlsx"

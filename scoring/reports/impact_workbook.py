"""The 影响表 as a workbook (.xlsx) to sort and to filter: places, changes, ties. Text never becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from scoring.reports.impact import TRIAL, Impact, Unit, arrow, day, grades, summary
from scoring.reports.study import SAMPLE, Cell
from scoring.reports.workbook_look import Look, add_page, new_book

_UNITS = (
    ("考核分组", 10), ("单位", 18), ("原名次", 10), ("新名次", 10), ("升降", 6), ("原总分", 9), ("新总分", 9), ("差", 8),
    ("等次", 14), ("因哪些条款（得分变动）", 46), ("新增的结果运用", 16), ("不再有的结果运用", 16),
)  # fmt: skip
_CHANGES = (("序号", 6), ("条款", 16), ("项目", 60), ("原为", 16), ("改为", 16))
_TIES = (("考核分组", 12), ("名次", 8), ("单位", 60), ("变化", 16))
_HEAD_ROW = 8  # of the first sheet; above it stands what belongs to the whole
_NARROW = 14  # a column of short text, set in the middle
_CELL = {"border_color": "#BFBFBF", "text_wrap": True}


def workbook(found: Impact) -> bytes:
    """The .xlsx: 名次变动, 改了什么, 并列和概况."""
    out = io.BytesIO()
    book = new_book(out)
    at = datetime(found.made_on.year, found.made_on.month, found.made_on.day)
    book.set_properties({"title": found.title, "author": found.office, "created": at})
    look = Look(book, _CELL, plain={})
    places = _sheet(book, "名次变动", found)
    _about(places, look, found)
    _table(places, look, _HEAD_ROW, _UNITS, [_unit(one) for one in found.units])
    changes = _sheet(book, "改了什么", found)
    rows: list[Sequence[Cell]] = [
        (n, one.clause, one.what, one.before, one.after) for n, one in enumerate(found.changes, 1)
    ]
    _table(changes, look, 0, _CHANGES, rows)
    ties = _sheet(book, "概况和并列", found)
    told = [*summary(found), *found.notes, TRIAL]
    for row, text in enumerate(told):
        ties.write_string(row, 0, text, look.plain)
    tied = [
        (one.group, one.place, "、".join(one.units), "新出现并列" if one.made else "不再并列") for one in found.ties
    ]
    _table(ties, look, len(told) + 1, _TIES, tied)
    book.close()
    return out.getvalue()


def _sheet(book: Workbook, name: str, found: Impact) -> Worksheet:
    sheet = add_page(book, name, f"{SAMPLE}　草案试算，不是考核结果" if found.sample else "草案试算，不是考核结果")
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    return sheet


def _about(sheet: Worksheet, look: Look, found: Impact) -> None:
    sheet.write_string(0, 0, found.title, look.title)
    lines = [
        f"{SAMPLE}　{TRIAL}" if found.sample else TRIAL,
        f"草案：{found.draft}　依据：{found.basis}",
        f"修改理由：{found.reason}",
        f"试算数据：{found.period}，数据截至 {day(found.as_of)}",
        f"起草、制表：{found.author}，{day(found.made_on)}　批准：{found.approver or '尚未批准'}",
        found.office,
    ]
    for row, text in enumerate(lines, 1):
        sheet.write_string(row, 0, text, look.plain)


def _unit(one: Unit) -> tuple[Cell, ...]:
    """Places as numbers where they are settled and nobody shares them, so that they can be sorted."""
    return (
        one.group, one.title, _place(one.before.place, one.before.told), _place(one.after.place, one.after.told), arrow(one),
        one.before.total, one.after.total, one.difference, grades(one), "\n".join(one.through),
        "\n".join(one.gained), "\n".join(one.lost),
    )  # fmt: skip


def _place(place: int | None, told: str) -> Cell:
    return place if place is not None and told == str(place) else told


def _table(
    sheet: Worksheet, look: Look, top: int, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]
) -> None:
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, title, look.head)
    for line, row in enumerate(rows, top + 1):
        sheet.set_row(line, 16 * max(_lines(value, width) for value, (_, width) in zip(row, columns, strict=True)))
        for column, value in enumerate(row):
            look.write(sheet, line, column, value, look.narrow if columns[column][1] <= _NARROW else look.text)
    if top <= _HEAD_ROW:
        sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    if rows:
        sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)


def _lines(value: Cell, width: int) -> int:
    """How many lines a cell takes: a Chinese character is as wide as two digits. Not every program finds out itself."""
    texts = value.split("\n") if isinstance(value, str) else []
    wide = (sum(2 if ord(char) > 0x2000 else 1 for char in text) for text in texts)
    return max(1, sum(max(1, -(-found // (width - 1))) for found in wide))

"""One cell: what was typed → a typed value, or one of the states of absence, or a message. Knows columns only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from scoring.expressions.rows import DECIMAL_HIGH, INTEGER_HIGH
from scoring.forms import Column

CellState = Literal["value", "blank", "masked", "not_applicable"]
YEARS = range(1990, 2101)
_MASK = re.compile(r"(?:[*＊]+|[Xx×✕]{1,6}|…+|\.{3,})\Z")
_NOT_APPLICABLE = frozenset({"/", "／", "—", "——", "-", "－", "不涉及", "不适用"})
_FULL_WIDTH = re.compile(r"[０-９．，－＋％]")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?\Z", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z", re.ASCII)
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\Z", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00)?\Z", re.ASCII)  # as spreadsheets write a day
_SERIAL = re.compile(r"[1-9]\d{4}\Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]")
_TIME = re.compile(r"[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\Z", re.ASCII)


@dataclass(frozen=True)
class Cell:
    """A typed value with its state; `problem` and `fix` when the row must be set aside."""

    value: object = None
    state: CellState = "value"
    problem: str = ""
    fix: str = ""


BLANK = Cell(state="blank")
MASKED = Cell(state="masked")
NOT_APPLICABLE = Cell(state="not_applicable")


def read_cell(text: str, column: Column) -> Cell:
    """Type one cell. Four states stay apart: a value (0 included), blank, masked, 不涉及 (check V05)."""
    typed = text.strip().strip("\u3000").strip()
    if not typed:
        return BLANK if not column.required else Cell(problem=f"“{column.title}”没有填", fix="必填，请补上")
    if _CONTROL.search(typed):
        return Cell(problem=f"“{column.title}”里有不可见的控制字符", fix="请删去重填")
    if _MASK.match(typed):
        return MASKED
    if typed in _NOT_APPLICABLE:
        return NOT_APPLICABLE
    if column.type == "text":
        return Cell(typed)
    if column.type == "choice":
        return _choice(typed, column)
    if column.type == "boolean":
        return _boolean(typed, column)
    if column.type == "date":
        return _date_cell(typed, column)
    return _number(typed, column)


def _choice(typed: str, column: Column) -> Cell:
    if typed in column.values:
        return Cell(typed)
    return Cell(problem=f"“{typed}”不是“{column.title}”的选项", fix="可选：" + "、".join(column.values))


def _boolean(typed: str, column: Column) -> Cell:
    if typed in ("是", "否"):
        return Cell(typed == "是")
    return Cell(problem=f"“{column.title}”只能填是或否，现为“{typed}”", fix="请填“是”或“否”")


def _date_cell(typed: str, column: Column) -> Cell:
    if _FULL_WIDTH.search(typed):
        return Cell(problem=f"“{typed}”含有全角数字", fix="请改为半角数字")
    found = _DATE.match(_MIDNIGHT.sub("", typed))
    if not found:
        serial = "像是表格软件里的日期序号，请把这一列设为日期格式再导出" if _SERIAL.match(typed) else ""
        return Cell(problem=f"“{column.title}”须为日期，现为“{typed}”", fix=serial or "请写成 2024-03-01 的样子")
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        return Cell(problem=f"没有 {typed} 这一天", fix="请核对年月日")
    if day.year not in YEARS:
        return Cell(problem=f"“{column.title}”的年份不合常理：“{typed}”", fix="请核对年月日")
    return Cell(day)


def read_moment(text: str) -> tuple[datetime | None, bool]:
    """A date with or without a clock time: (moment, was a time given). A bare date is the end of that day."""
    typed = text.strip()
    clock = _TIME.search(typed)
    found = _DATE.match(typed[: clock.start()] if clock else typed)
    if not found:
        return None, False
    try:
        year, month, day = (int(part) for part in found.groups())
        if clock is None:
            return datetime(year, month, day, 23, 59, 59), False
        hour, minute, second = (int(part or 0) for part in clock.groups())
        return datetime(year, month, day, hour, minute, second), True
    except ValueError:
        return None, False


def _number(typed: str, column: Column) -> Cell:
    if _FULL_WIDTH.search(typed):
        return Cell(problem=f"“{typed}”含有全角数字", fix="请改为半角数字")
    plain = typed.replace(",", "") if _THOUSANDS.match(typed) else typed
    if not _NUMBER.match(plain):
        unit = f"，单位“{column.unit}”不用写" if column.unit else ""
        return Cell(problem=f"“{column.title}”须为数字，现为“{typed}”", fix=f"请只填半角数字{unit}")
    value = Decimal(plain)
    if column.type == "integer" and value != int(value):
        return Cell(problem=f"“{column.title}”须为整数，现为“{typed}”", fix="请填写整数")
    exponent = value.normalize().as_tuple().exponent
    if column.type == "decimal" and isinstance(exponent, int) and -exponent > column.decimals:
        told = f"“{column.title}”最多 {column.decimals} 位小数，现为“{typed}”"
        return Cell(problem=told, fix="请按规定位数填写，不要自行舍入汇总数")
    return _within(value, typed, column)


def _within(value: Decimal, typed: str, column: Column) -> Cell:
    low, high = column.at_least, column.at_most
    if low is not None and value < low:
        told = f"“{column.title}”不能为负数" if low == 0 else f"“{column.title}”不能小于 {low}"
        return Cell(problem=f"{told}，现为“{typed}”", fix="请核对后重填")
    if high is not None and value > high:
        return Cell(problem=f"“{column.title}”不能大于 {high}，现为“{typed}”", fix="请核对后重填")
    if abs(value) >= (INTEGER_HIGH if column.type == "integer" else DECIMAL_HIGH):
        return Cell(problem=f"“{column.title}”的数值过大：“{typed}”", fix="请核对计量单位")
    return Cell(int(value) if column.type == "integer" else value)

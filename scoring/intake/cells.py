"""One cell: what was typed → a typed value, or one of the states of absence, or a message. Knows columns only."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from unicodedata import normalize

from scoring.expressions.rows import DECIMAL_HIGH, INTEGER_HIGH
from scoring.forms import Column

CellState = Literal["value", "blank", "masked", "not_applicable"]
YEARS = range(1990, 2101)
_MASK = re.compile(r"(?:[*＊]+|[Xx×✕]{1,6}|…+|\.{3,})\Z")
_NOT_APPLICABLE = frozenset({"/", "／", "—", "——", "-", "－", "不涉及", "不适用"})
_WIDE = "０１２３４５６７８９．，－＋％／：　"
_HALF = "0123456789.,-+%/: "
_FULL_WIDTH = re.compile(f"[{_WIDE[:-1]}]")
_TO_HALF = str.maketrans(_WIDE, _HALF)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?\Z", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z", re.ASCII)
_LONGEST_NUMBER = 28  # characters; Decimal reckons exactly up to there
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\Z", re.ASCII)
_DATE_DIGITS = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})\Z", re.ASCII)
_CLOCK = re.compile(r"[ T]+([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?\Z", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00)?\Z", re.ASCII)  # as spreadsheets write a day
_SERIAL = re.compile(r"([1-9]\d{4})(?:\.\d+)?\Z", re.ASCII)
_SERIAL_ZERO = date(1899, 12, 30)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]")
_TIME = re.compile(r"[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\Z", re.ASCII)
FORMULA_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|BUSY!|错误)\Z|Err:\d+\Z"
)


@dataclass(frozen=True)
class Cell:
    """A typed value with its state; `problem` and `fix` when the row must be set aside; `note`: read, but told (D)."""

    value: object = None
    state: CellState = "value"
    problem: str = ""
    fix: str = ""
    note: str = ""


BLANK = Cell(state="blank")
MASKED = Cell(state="masked")
NOT_APPLICABLE = Cell(state="not_applicable")


def read_cell(text: str, column: Column, power: int = 0, serials: bool = True) -> Cell:
    """Type one cell. Four states stay apart: a value (0 included), blank, masked, 不涉及 (check V05).

    `power`: what a figure must be multiplied with, as a power of ten, where its head says 元 and the column is in 万元
    (-4). `serials`: whether a bare day number counts from 1900, as nearly all spreadsheets do.
    """
    typed = text.strip().strip("\u3000").strip()
    if not typed:
        return BLANK if not column.required else Cell(problem=f"“{column.title}”没有填", fix="必填，请补上")
    if _CONTROL.search(typed):
        return Cell(problem=f"“{column.title}”里有不可见的控制字符", fix="请删去重填")
    if _MASK.match(typed):
        return MASKED
    if typed in _NOT_APPLICABLE:
        return NOT_APPLICABLE
    if typed.startswith(("#", "Err:")) and FORMULA_ERROR.match(typed):
        return Cell(problem=f"“{column.title}”的公式出错：{typed}", fix="请改正公式，或直接填写结果")
    if column.type == "text":
        return Cell(typed)
    if column.type == "choice":
        return _choice(typed, column)
    if column.type == "boolean":
        return _boolean(typed, column)
    narrow = typed.translate(_TO_HALF).strip()
    found = (
        _date_cell(narrow, typed, column, serials) if column.type == "date" else _number(narrow, typed, column, power)
    )
    if _FULL_WIDTH.search(typed) and not found.problem:
        return replace(found, note=found.note or f"“{typed}”含有全角字符，已按半角读入")
    return found


def _choice(typed: str, column: Column) -> Cell:
    if typed in column.values:
        return Cell(typed)
    same = {_squeezed(value): value for value in column.values}.get(_squeezed(typed))
    if same is not None:
        return Cell(same, note=f"“{typed}”按选项“{same}”读入")
    return Cell(problem=f"“{typed}”不是“{column.title}”的选项", fix="可选：" + "、".join(column.values))


def _squeezed(text: str) -> str:
    """Without blanks, brackets and letters in half width."""
    return "".join(normalize("NFKC", text).split())


def _boolean(typed: str, column: Column) -> Cell:
    if typed in ("是", "否", "TRUE", "FALSE"):
        return Cell(typed in ("是", "TRUE"))
    return Cell(problem=f"“{column.title}”只能填是或否，现为“{typed}”", fix="请填“是”或“否”")


def _date_cell(narrow: str, typed: str, column: Column, serials: bool) -> Cell:
    if serial := _SERIAL.match(narrow):
        return _serial(int(serial.group(1)), typed, column, serials)
    clock = _CLOCK.search(narrow)
    found = _DATE.match(narrow[: clock.start()] if clock else narrow) or _DATE_DIGITS.match(narrow)
    if not found:
        return Cell(problem=f"“{column.title}”须为日期，现为“{typed}”", fix="请写成 2024-03-01 的样子")
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        return Cell(problem=f"没有 {typed} 这一天", fix="请核对年月日")
    if day.year not in YEARS:
        return Cell(problem=f"“{column.title}”的年份不合常理：“{typed}”", fix="请核对年月日")
    told = clock is not None and not _MIDNIGHT.match(clock.group())
    return Cell(day, note=f"“{typed}”带有钟点，只取日期" if told else "")


def _serial(number: int, typed: str, column: Column, serials: bool) -> Cell:
    """The number of a day, which a spreadsheet shows where the column is not formatted as a date."""
    day = _SERIAL_ZERO + timedelta(number)
    if not serials or day.year not in YEARS:
        fix = "像是表格软件里的日期序号，请把这一列设为日期格式" if not serials else "请写成 2024-03-01 的样子"
        return Cell(problem=f"“{column.title}”须为日期，现为“{typed}”", fix=fix)
    return Cell(day, note=f"日期序号 {typed} 读作 {day}")


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


def _number(narrow: str, typed: str, column: Column, power: int) -> Cell:
    percent = narrow.endswith("%")
    if percent and column.unit == "%":
        narrow = narrow[:-1].rstrip()
    plain = narrow.replace(",", "") if _THOUSANDS.match(narrow) else narrow
    if not _NUMBER.match(plain):
        if percent and column.unit != "%" and _NUMBER.match(plain[:-1].rstrip().replace(",", "")):
            problem = f"“{column.title}”不是百分比，现为“{typed}”"
            return Cell(problem=problem, fix="请填数字本身；单元格是百分比格式的，请改为常规或数值格式")
        unit = f"，单位“{column.unit}”不用写" if column.unit else ""
        return Cell(problem=f"“{column.title}”须为数字，现为“{typed}”", fix=f"请只填半角数字{unit}")
    if len(plain) > _LONGEST_NUMBER:
        return Cell(problem=f"“{column.title}”的数字过长：“{typed}”", fix="请核对；小数只留规定的位数")
    value = Decimal(plain).scaleb(power)
    if column.type == "integer" and value != int(value):
        return Cell(problem=f"“{column.title}”须为整数，现为“{typed}”", fix="请填写整数")
    exponent = value.normalize().as_tuple().exponent
    if column.type == "decimal" and isinstance(exponent, int) and -exponent > column.decimals:
        told = f"“{column.title}”最多 {column.decimals} 位小数，现为“{typed}”"
        if power:
            told = f"“{typed}”换算成{column.unit}超过 {column.decimals} 位小数"
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

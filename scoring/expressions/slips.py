"""What somebody most likely meant by a sign the grammar has no place for. Knows text only: no tree, no names, no SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Slip:
    """What is wrong and how to mend it, in Chinese; `word`: Chinese that stands there as if it were a name."""

    problem: str
    fix: str
    word: str = ""
    is_value: bool = False  # it stands where a value is compared, after = or in a list


_FULL_WIDTH = dict(zip("（）＝＜＞！，＋－＊／‘’“”；：．", "()=<>!,+-*/'''';:.", strict=True))
_SIGNS = {
    "≥": ">=", "≧": ">=", "≤": "<=", "≦": "<=", "≠": "<>", "×": "*", "÷": "/", "−": "-", "–": "-", "—": "-",
    "&&": "and", "||": "or", "，": ",", "、": ",",
}  # fmt: skip
_IN_WORDS = {
    "且": "and", "并且": "and", "同时": "and", "或": "or", "或者": "or", "非": "not", "等于": "=", "不等于": "<>",
    "大于": ">", "高于": ">", "小于": "<", "低于": "<", "不低于": ">=", "大于等于": ">=", "不少于": ">=",
    "不高于": "<=", "小于等于": "<=", "不超过": "<=", "乘": "*", "乘以": "*", "除以": "/", "加": "+", "减": "-",
}  # fmt: skip
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\Z")
_WRITTEN_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]")
_RUN = re.compile(r"[一-鿿]+")
_COMPARED = re.compile(r"(?:(?<![<>])=|<>|!=|\bin\s*\([^()]*[(,]|\bin\s*\()\s*\Z", re.IGNORECASE)


def slip_at(text: str, at: int, otherwise: str) -> Slip:
    """The mistake at this place of an expression. `otherwise`: how to mend what is nothing known."""
    char, before = text[at], text[:at]
    if char in "%％" and (found := _PERCENT.search(before)):
        plain, share = found.group(1), f"{Decimal(found.group(1)) / 100:f}"
        fix = f"百分数直接写数字，例如 {plain}；作乘数时写小数，例如 {share}"
        return Slip(f"表达式里不能写百分数“{plain}{char}”", fix)
    for sign in (text[at : at + 2], char):
        if sign in _SIGNS:
            return Slip(f"表达式里不能有“{sign}”", f"请写成 {_SIGNS[sign]}")
    if char.isspace():
        return Slip("表达式里有全角空格或别的空白", "请改为半角空格")
    if char in _FULL_WIDTH or "！" <= char <= "～":
        wide = re.match("[＜＞＝！]+", text[at:])
        wide_text = wide.group() if wide else char
        half = "".join(_FULL_WIDTH.get(one) or chr(ord(one) - 0xFEE0) for one in wide_text)
        return Slip(f"表达式里有全角字符“{wide_text}”", f"请改为半角“{half}”")
    if char in "'\"":
        return Slip("表达式里的引号不成对", "文字两边都用半角单引号 '")
    if run := _RUN.match(text, at):
        return _chinese(text, at, run.group())
    return Slip(f"表达式里不能有“{text[at : at + 12].split()[0]}”", otherwise)


def _chinese(text: str, at: int, run: str) -> Slip:
    before = text[:at]
    figure = re.search(r"[\d.]+\Z", before)
    start = figure.start() if figure else at
    if day := _WRITTEN_DAY.match(text, start):
        year = f"{day.group(1)}-" if day.group(1) else ""
        meant = f"{year}{int(day.group(2)):02}-{int(day.group(3)):02}"
        return Slip(f"表达式里的日期“{day.group()}”不是这样写", f"请写成 '{meant}'，两边加半角单引号")
    if figure and len(run) <= 2:
        return Slip(f"表达式里的“{figure.group()}{run}”带了单位", f"数字后面不写单位，请只写 {figure.group()}")
    if run in _IN_WORDS:
        return Slip(f"表达式里不能有“{run}”", f"请写成 {_IN_WORDS[run]}")
    word = text[start:at] + run
    is_value = _COMPARED.search(text[:start]) is not None
    return Slip(f"表达式里的中文“{word}”没有加引号", "中文值两边加半角单引号，例如 kind = '行政'", word, is_value)

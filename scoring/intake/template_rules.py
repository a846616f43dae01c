"""What a template lets be typed into a column, as drop-downs and validations with their Chinese messages. Knows columns only.

The three other states stay possible: `*` and `/` are refused only where a row would belong to nobody without a value
(key and date of the row). What slips through, pasted rows above all, is found when the file is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from scoring.expressions.words import number
from scoring.forms import Column
from scoring.intake.cells import YEARS

OTHER_STATES = ("/", "*")  # as offered in a drop-down
LONGEST_LIST = 255  # characters a drop-down may carry inside the cell's rule
_LONGEST_MESSAGE = 255
_LONGEST_TITLE = 32
_EXEMPT = 'OR(SUBSTITUTE({0},"*","")="",{0}="/",{0}="不涉及",{0}="不适用")'
_KINDS = {
    "integer": "整数",
    "decimal": "数字",
    "date": "日期",
    "boolean": "是或否",
    "text": "文字",
    "choice": "从下拉框里选",
}
Span = tuple[date, date]


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def choices(column: Column, strict: bool) -> tuple[str, ...]:
    """What the drop-down of a column offers; nothing where it has none."""
    values = ("是", "否") if column.type == "boolean" else column.values if column.type == "choice" else ()
    return values if strict or not values else (*values, *OTHER_STATES)


def fits_in_rule(values: Sequence[str]) -> bool:
    """Whether a drop-down can be written without a list of its own on a hidden sheet."""
    joined = ",".join(values)
    return len(joined.encode("utf-16-le")) // 2 <= LONGEST_LIST and not any("," in one or '"' in one for one in values)


def validation(column: Column, cell: str, strict: bool, span: Span | None, listed: str | None) -> dict[str, Any] | None:
    """The rule of one column. `cell`: its first data cell; `span`: the days of the due period, for the date of the row;
    `listed`: where its choices stand on the hidden sheet, if they are too many for the rule."""
    told = _told(prompt(column, strict, span), column.title)
    if values := choices(column, strict):
        rule: dict[str, Any] = {"validate": "list", "source": listed or list(values)}
        return rule | told | _refused(f"“{column.title}”请从下拉框里选，不要自己写。", column)
    formula = _formula(column, cell, strict, span)
    if formula is None:
        return {"validate": "any"} | told if told else None
    rule = {"validate": "custom", "value": "=" + formula}
    return rule | told | _refused(_demand(column, strict, span), column)


def unit_rule(titles: Sequence[str], listed: str | None) -> dict[str, Any]:
    """The 单位 column of a register of the office."""
    rule: dict[str, Any] = {"validate": "list", "source": listed or list(titles)}
    return rule | {"error_title": "单位", "error_message": "请从下拉框里选单位。"}


def prompt(column: Column, strict: bool, span: Span | None) -> str:
    """What to know before typing; empty where the title says it all."""
    parts = []
    if span is not None:
        parts.append(f"{day_words(span[0])}至{day_words(span[1])}之间的日期")
    if column.unit and column.type in ("integer", "decimal"):
        parts.append(f"单位：{column.unit}，只填数字")
    if column.note:
        parts.append(column.note)
    return "；".join(parts)


def _formula(column: Column, cell: str, strict: bool, span: Span | None) -> str | None:
    exempt = "FALSE" if strict else _EXEMPT.format(cell)
    if column.type == "date":
        low, high = span or (date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31))
        bounds = f"{cell}=INT({cell}),{cell}>={_day(low)},{cell}<={_day(high)}"
        return f"IF(ISNUMBER({cell}),AND({bounds}),{exempt})"
    if column.type in ("integer", "decimal"):
        bounds = f"{cell}=INT({cell})" if column.type == "integer" else f"ROUND({cell},{column.decimals})={cell}"
        bounds += f",{cell}>={column.at_least}" if column.at_least is not None else ""
        bounds += f",{cell}<={column.at_most}" if column.at_most is not None else ""
        return f"IF(ISNUMBER({cell}),AND({bounds}),{exempt})"
    if strict:
        return f"NOT({_EXEMPT.format(f'TRIM({cell})')})"
    return None


def _demand(column: Column, strict: bool, span: Span | None) -> str:
    """What the message says when something else was typed."""
    title = f"“{column.title}”"
    if column.type == "date":
        days = f"{day_words(span[0])}至{day_words(span[1])}之间的日期" if span else "日期"
        other = "不在这段时间的事项，请填到它所属报送期的表里。" if span else _others(strict)
        return f"{title}须是{days}，写成 2024-03-01 的样子。{other}"
    if column.type in ("integer", "decimal"):
        kind = "整数" if column.type == "integer" else f"数字，最多 {column.decimals} 位小数"
        low = f"，不小于 {number(column.at_least)}" if column.at_least is not None else ""
        high = f"，不大于 {number(column.at_most)}" if column.at_most is not None else ""
        unit = f"，单位“{column.unit}”不用写" if column.unit else ""
        return f"{title}须是{kind}{low}{high}{unit}。{_others(strict)}"
    return f"{title}须如实填写，不能是 * 或 /：这一列决定该行是哪一件。"


def _others(strict: bool) -> str:
    return (
        "这一列决定该行归哪一件、哪一期，须如实填写。" if strict else "没有填报的留空，脱敏的填 *，与本单位无关的填 /。"
    )


def _refused(message: str, column: Column) -> dict[str, str]:
    return {"error_title": _cut(column.title, _LONGEST_TITLE), "error_message": _cut(message, _LONGEST_MESSAGE)}


def _told(message: str, title: str) -> dict[str, str]:
    if not message:
        return {}
    return {"input_title": _cut(title, _LONGEST_TITLE), "input_message": _cut(message, _LONGEST_MESSAGE)}


def _cut(text: str, length: int) -> str:
    """As long as a spreadsheet allows, counted in UTF-16 as it counts."""
    while len(text.encode("utf-16-le")) // 2 > length:
        text = text[:-2] + "…"
    return text


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def head_note(column: Column, strict: bool, span: Span | None, used: bool) -> str:
    """What the comment at the head of a column says."""
    decimals = f"，最多 {column.decimals} 位小数" if column.type == "decimal" else ""
    unit = f"，单位：{column.unit}" if column.unit else ""
    lines = [("必填。" if column.required else "") + _KINDS[column.type] + decimals + unit]
    if column.values:
        lines.append("可选：" + "、".join(column.values))
    if span is not None:
        lines.append(f"须在{day_words(span[0])}至{day_words(span[1])}之间")
    if column.note:
        lines.append(column.note)
    if strict:
        lines.append("不能填 * 或 /")
    if used:
        lines.append("计分要用")
    if column.aliases:
        lines.append("也叫：" + "、".join(column.aliases))
    return "\n".join(lines)

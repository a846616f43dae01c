"""Expressions in Chinese words, with the titles of what they name. Knows the tree only."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from scoring.expressions.parse import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    In,
    IsBlank,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    String,
    Truth,
)

Titles = Callable[[str], str]
_COMPARE = {"=": "等于", "<>": "不等于", "<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于"}
_ARITHMETIC = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
_CALLS = {
    "sum": "{0}合计",
    "avg": "{0}平均",
    "min": "最小{0}",
    "max": "最大{0}",
    "only": "{0}",
    "latest": "最近一次{0}",
    "workdays": "{0}至{1}的工作日数",
    "days": "{0}至{1}的天数",
}


def number(value: Decimal | int) -> str:
    """A number for people: no needless zeros, a real minus sign."""
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def amount(value: Decimal | int, thing: str) -> str:
    """A number with its unit of measure: 80%, 3 件."""
    told = number(value)
    return told + thing if thing in ("", "%") else f"{told} {thing}"


def words(node: Expr, title: Titles) -> str:
    """The expression as a phrase."""
    match node:
        case Number(value):
            return number(value)
        case String(value):
            return f"“{value}”"
        case Truth(value):
            return "是" if value else "否"
        case Name(code):
            return title(code)
        case Negative(item):
            return "−" + words(item, title)
        case Not(IsBlank(item)):
            return f"{words(item, title)}已填"
        case Not(In(item, options)):
            return f"{words(item, title)}不属于" + "、".join(words(option, title) for option in options)
        case Not(Name(code)) if title(code).startswith("已"):
            return "未" + title(code)[1:]
        case Not(item):
            return f"不是（{words(item, title)}）"
        case IsBlank(item):
            return f"{words(item, title)}为空"
        case In(item, options):
            return f"{words(item, title)}为" + "或".join(words(option, title) for option in options)
        case Logic(operator, left, right):
            joined = "且" if operator == "and" else "或"
            return f"{_bracket(left, node, title)}{joined}{_bracket(right, node, title)}"
        case Compare(operator, left, right):
            verb = "为" if operator == "=" and isinstance(right, String) else _COMPARE[operator]
            gap = "" if isinstance(right, String) else " "
            return f"{words(left, title)}{verb}{gap}{words(right, title)}"
        case Arithmetic(operator, left, right):
            return f"{_bracket(left, node, title)}{_ARITHMETIC[operator]}{_bracket(right, node, title)}"
        case Call("count", arguments):
            return "行数" if not arguments else f"不同的{words(arguments[0], title)}数"
        case Call("least" | "greatest" as function, arguments):
            which = "较小者" if function == "least" else "较大者"
            return "、".join(words(argument, title) for argument in arguments) + f"中的{which}"
        case Call(function, arguments):
            return _CALLS[function].format(*(words(argument, title) for argument in arguments))
    raise AssertionError(node)


def _bracket(node: Expr, parent: Logic | Arithmetic, title: Titles) -> str:
    text = words(node, title)
    loose = isinstance(parent, Arithmetic) and parent.operator in "*/" and isinstance(node, Arithmetic)
    if loose and isinstance(node, Arithmetic) and node.operator in "+-":
        return f"（{text}）"
    if isinstance(parent, Logic) and isinstance(node, Logic) and node.operator != parent.operator:
        return f"（{text}）"
    return text

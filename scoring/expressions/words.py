"""Expressions in Chinese words, with the titles of what they name. Knows the tree only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
_COMPARE_DAYS = _COMPARE | {"=": "为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
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
    "highest": "本组最高的{0}",
    "lowest": "本组最低的{0}",
    "mean": "本组平均的{0}",
    "total": "本组合计的{0}",
    "place": "{0}在本组的名次",
    "place_from_last": "{0}在本组的倒数名次",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_FIGURE_ENDS = re.compile(r"(\d(?: ?[A-Za-z]+)?|%)\Z")  # 20, 80%, 3 kg
_FIGURE_BEGINS = re.compile(r"[−\d]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def number(value: Decimal | int) -> str:
    """A number for people: no needless zeros, a real minus sign."""
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def amount(value: Decimal | int, thing: str) -> str:
    """A number with its unit of measure: 80%, 3 件."""
    told = number(value)
    return told + thing if thing in ("", "%") else f"{told} {thing}"


def run_on(*pieces: str) -> str:
    """Pieces as one phrase, with a space where a figure meets Chinese: 不低于 80% 得 10 分, 不低于 20 件得 10 分."""
    text = ""
    for piece in pieces:
        after = _FIGURE_ENDS.search(text) and _CHINESE.match(piece)
        before = text and _CHINESE.match(text[-1]) and _FIGURE_BEGINS.match(piece)
        text += f" {piece}" if after or before else piece
    return text


def words(node: Expr, title: Titles, thing: Titles = lambda code: "", days: Iterable[str] = ()) -> str:
    """The expression as a phrase. `thing`: the unit of measure of a name; `days`: names that are dates."""
    return _Teller(title, thing, frozenset(days)).told(node)


@dataclass(frozen=True)
class _Teller:
    title: Titles
    thing: Titles
    days: frozenset[str]

    def told(self, node: Expr) -> str:
        match node:
            case Number(value):
                return number(value)
            case String(value):
                return value if _DAY.match(value) else f"“{value}”"
            case Truth(value):
                return "是" if value else "否"
            case Name(code):
                return self.title(code)
            case Negative(item):
                return "−" + self.told(item)
            case Not(IsBlank(item)):
                return f"{self.told(item)}已填"
            case Not(In(item, options)):
                return run_on(self.told(item), "不属于", self._listed(options, "、", item))
            case Not(Name(code)) if self.title(code).startswith("已"):
                return "未" + self.title(code)[1:]
            case Not(item):
                return f"不是（{self.told(item)}）"
            case IsBlank(item):
                return f"{self.told(item)}为空"
            case In(item, options):
                return run_on(self.told(item), "为", self._listed(options, "或", item))
            case Logic(operator, left, right):
                joined = "且" if operator == "and" else "或"
                return run_on(self._bracketed(left, node), joined, self._bracketed(right, node))
            case Compare(operator, left, right):
                return run_on(self._side(left, right), self._verb(operator, left, right), self._side(right, left))
            case Arithmetic(operator, left, right):
                return f"{self._bracketed(left, node)}{_ARITHMETIC[operator]}{self._bracketed(right, node)}"
            case Call():
                return self._called(node)
        raise AssertionError(node)

    def _verb(self, operator: str, left: Expr, right: Expr) -> str:
        if self._is_day(left) or self._is_day(right):
            return _COMPARE_DAYS[operator]
        return "为" if operator == "=" and isinstance(right, String) else _COMPARE[operator]

    def _is_day(self, node: Expr) -> bool:
        match node:
            case String(value):
                return _DAY.match(value) is not None
            case Name(code):
                return code in self.days
        return False

    def _side(self, node: Expr, other: Expr) -> str:
        """One side of a comparison: a number in the unit of measure of the name it is compared with."""
        thing = self.thing(other.code) if isinstance(other, Name) else ""
        match node:
            case Number(value):
                return amount(value, thing)
            case Negative(Number(value)):
                return amount(-value, thing)
        return self.told(node)

    def _listed(self, options: tuple[Expr, ...], joined: str, item: Expr) -> str:
        pieces = [piece for option in options for piece in (joined, self._side(option, item))]
        return run_on(*pieces[1:])

    def _called(self, node: Call) -> str:
        told = [self.told(argument) for argument in node.arguments]
        if node.function == "count":
            return run_on("不同的", told[0], "数") if told else "行数"
        if node.function in ("least", "greatest"):
            return run_on("、".join(told), "中的较小者" if node.function == "least" else "中的较大者")
        return _CALLS[node.function].format(*told)

    def _bracketed(self, node: Expr, parent: Logic | Arithmetic) -> str:
        text = self.told(node)
        loose = isinstance(parent, Arithmetic) and parent.operator in "*/" and isinstance(node, Arithmetic)
        if loose and isinstance(node, Arithmetic) and node.operator in "+-":
            return f"（{text}）"
        if isinstance(parent, Logic) and isinstance(node, Logic) and node.operator != parent.operator:
            return f"（{text}）"
        return text

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
    names,
)

Titles = Callable[[str], str]
_COMPARE = {"=": "等于", "<>": "不等于", "<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于"}
_COMPARE_DAYS = _COMPARE | {"=": "为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_ARITHMETIC = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_CALLS = {
    "sum": "{0}合计",
    "avg": "{0}平均",
    "min": "最小{0}",
    "max": "最大{0}",
    "only": "{0}",
    "latest": "最近一次{0}",
    "workdays": "{0}至{1}的工作日数",
    "days": "{0}至{1}的天数",
    "months": "{0}至{1}的整月数",
    "month": "{0}的月份",
    "highest": "本组最高的{0}",
    "lowest": "本组最低的{0}",
    "mean": "本组平均的{0}",
    "total": "本组合计的{0}",
    "place": "{0}在本组的名次",
    "place_from_last": "{0}在本组的倒数名次",
}
# A place of the group, compared with a number: the smaller, the better (or from the last, the worse).
_PLACES = {
    "place": {"=": "第 {0} 名", "<=": "前 {0} 名", ">": "第 {0} 名之后", ">=": "第 {0} 名及以后"},
    "place_from_last": {"=": "倒数第 {0} 名", "<=": "后 {0} 名", ">": "倒数第 {0} 名之前", ">=": "倒数第 {0} 名及以前"},
}
# What is counted one by one has fewer and more of it; everything else is lower and higher.
_COUNTED = frozenset([*"个件次人条份起家篇户处项所名批宗场天元亩株吨", "个月", "人次", "件次", "万元", "亿元"])
_MONTHS = {"<": "不满", "<=": "不超过", ">": "超过", ">=": "满"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MONTH_DAY = re.compile(r"\d{2}-\d{2}\Z")  # 06-30, a day of every year
_FIGURE_ENDS = re.compile(r"(\d(?: ?[A-Za-z]+)?|%)\Z")  # 20, 80%, 3 kg
_FIGURE_BEGINS = re.compile(r"[−\d]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def number(value: Decimal | int) -> str:
    """A number for people: no needless zeros, a real minus sign."""
    text = format(Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def month_day(text: str) -> str:
    """06-30 → 6 月 30 日."""
    month, _, day = text.partition("-")
    return f"{int(month)} 月 {int(day)} 日"


def amount(value: Decimal | int, thing: str) -> str:
    """A number with its unit of measure: 80%, 3 件."""
    told = number(value)
    return told + thing if thing in ("", "%") else f"{told} {thing}"


def stretch(value: Decimal | int, thing: str) -> str:
    """A difference with its unit of measure: 1 个百分点, 2 件."""
    return amount(value, "个百分点") if thing == "%" else amount(value, thing)


def each_of(value: Decimal | int, thing: str, whole: bool) -> str:
    """What a price is for: 件, 2 件, 个百分点. `whole`: it is counted in whole numbers, so that nothing else means 个."""
    if thing == "" and whole:
        thing = "个"
    if value != 1 or thing == "":
        return stretch(value, thing)
    return "个百分点" if thing == "%" else thing


def short_and_over(thing: str) -> tuple[str, str]:
    """How far below and above is said: 每少 2 件, 每低 1 个百分点."""
    return ("少", "多") if thing in _COUNTED else ("低", "高")


def run_on(*pieces: str) -> str:
    """Pieces as one phrase, with a space where a figure meets Chinese: 不低于 80% 得 10 分, 不低于 20 件得 10 分."""
    text = ""
    for piece in pieces:
        after = _FIGURE_ENDS.search(text) and _CHINESE.match(piece)
        before = text and _CHINESE.match(text[-1]) and _FIGURE_BEGINS.match(piece)
        text += f" {piece}" if after or before else piece
    return text


def clause_of(text: str, tree: Expr) -> str:
    """A condition as what earns or costs points: 少于 3 次的; a yes/no figure as it is called, 已设机构."""
    return text if isinstance(tree, Name) else run_on(text, "的")


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
                return "−" + self._within(item, 2)
            case Not(IsBlank(item)):
                return f"{self.told(item)}已填"
            case Not(In(item, options)):
                return run_on(self.told(item), "不属于", self._listed(options, "、", item))
            case Not(Not(item)):
                return self.told(item)
            case Not(Name(code)):
                return self._is_not(self.title(code))
            case Not(Compare(operator, left, right)):
                return self.told(Compare(_OPPOSITE[operator], left, right))
            case Not(item):
                return f"并非（{self.told(item)}）"
            case IsBlank(item):
                return f"{self.told(item)}为空"
            case In(item, options):
                return run_on(self.told(item), "为", self._listed(options, "或", item))
            case Logic(operator, left, right):
                joined = "且" if operator == "and" else "或"
                return run_on(self._bracketed(left, node), joined, self._bracketed(right, node))
            case Compare(operator, Call("months") as span, Number(value)) if operator in _MONTHS:
                return self._by_months(span, operator, value)
            case Compare(operator, Number(value), Call("months") as span) if operator in _MONTHS:
                return self._by_months(span, _FLIPPED[operator], value)
            case Compare("=" | "<>" as operator, Name() as name, Truth(value)):
                return self.told(name if value == (operator == "=") else Not(name))
            case Compare(operator, Call("place" | "place_from_last") as place, Number(value)) if operator in (
                *_PLACES["place"],
                "<",
            ):
                return self._by_place(place, operator, value)
            case Compare(">", left, Number(value)) if value == 0:
                return run_on(self._side(left, node.right), "大于 0")
            case Compare(operator, left, right):
                return run_on(self._side(left, right), self._verb(operator, left, right), self._side(right, left))
            case Arithmetic():
                return self._reckoned(node)
            case Call():
                return self._called(node)
        raise AssertionError(node)

    def _by_months(self, span: Call, operator: str, value: Decimal) -> str:
        first, last = (self.told(end) for end in span.arguments)
        return f"{first}至{last}{_MONTHS[operator]} {number(value)} 个月"

    @staticmethod
    def _is_not(title: str) -> str:
        return "未" + title[1:] if title.startswith("已") else f"“{title}”为否"

    def _by_place(self, place: Call, operator: str, value: Decimal) -> str:
        told = self._within(place.arguments[0], 2)
        if operator == "<" or (operator == "<=" and value == 1):
            operator, value = ("<=", value - 1) if value > 2 else ("=", Decimal(1))
        return f"{told}排在本组{_PLACES[place.function][operator].format(number(value))}"

    def _verb(self, operator: str, left: Expr, right: Expr) -> str:
        if self._is_day(left) or self._is_day(right):
            return _COMPARE_DAYS[operator]
        if operator == "=" and isinstance(right, String):
            return "为"
        return _COMPARE[operator]

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
            case String(value) if _MONTH_DAY.match(value) and self._is_day(other):
                return month_day(value)
            case Number(value):
                return amount(value, thing)
            case Negative(Number(value)):
                return amount(-value, thing)
            case Call("least" | "greatest"):
                return f"（{self.told(node)}）"
        return self.told(node)

    def _listed(self, options: tuple[Expr, ...], joined: str, item: Expr) -> str:
        pieces = [piece for option in options for piece in (joined, self._side(option, item))]
        return run_on(*pieces[1:])

    def _called(self, node: Call) -> str:
        if node.function == "count":
            return run_on("不同的", self.told(node.arguments[0]), "数") if node.arguments else "行数"
        if node.function in ("least", "greatest"):
            return self._extreme(node)
        return _CALLS[node.function].format(*(self._within(argument, 2) for argument in node.arguments))

    def _extreme(self, node: Call) -> str:
        """（缺口，不足 0 的按 0 计）; of several figures the smaller or the larger."""
        limits = [one for one in node.arguments if isinstance(one, Number | Negative) and not names(one)]
        if len(node.arguments) == 2 and len(limits) == 1:
            (limit,), (item,) = limits, [one for one in node.arguments if one not in limits]
            verb = "超过" if node.function == "least" else "不足"
            end = "0" if limit == Number(Decimal(0)) else self._side(limit, item)
            return run_on(self.told(item), f"，{verb}", end, "的按", end, "计")
        word = "小" if node.function == "least" else "大"
        told = "、".join(self.told(one) for one in node.arguments)
        return run_on(told, f"中的{'较' if len(node.arguments) == 2 else '最'}{word}者")

    def _reckoned(self, node: Arithmetic) -> str:
        """An operation, with brackets wherever it would else be reckoned in another order."""
        tight = node.operator in "*/"
        left = self._within(node.left, 1 if tight else 0)
        right = self._within(node.right, {"+": 0, "-": 1, "*": 1, "/": 2}[node.operator])
        before, after = " " * (not left.endswith("）")), " " * (not right.startswith("（"))
        return f"{left}{before}{_ARITHMETIC[node.operator]}{after}{right}"

    def _within(self, node: Expr, binding: int) -> str:
        """In brackets unless it holds together at least so well."""
        text = self.told(node)
        return text if _binding(text) >= binding else f"（{text}）"

    def _bracketed(self, node: Expr, parent: Logic) -> str:
        text = self.told(node)
        return f"（{text}）" if isinstance(node, Logic) and node.operator != parent.operator else text


def _binding(text: str) -> int:
    """How well a phrase holds together: −1 with a pause in it, 0 with a sum, 1 with a product, 2 as one thing.

    Read from the text, since a title can be a formula.
    """
    depth, found = 0, 2
    for before, char, after in zip(text, text[1:], text[2:], strict=False):
        depth += (before in "（“") - (before in "）”")
        if depth == 0 and char in "，、":
            return -1
        if depth == 0 and char in "+−×÷" and before in " ）" and after in " （":
            found = min(found, 0 if char in "+−" else 1)
    return found

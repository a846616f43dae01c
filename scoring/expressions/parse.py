"""Text → a small tree. Knows grammar only: no columns, no measures, no SQL.

A recursive-descent reader of the few constructs an analyst may write. Whatever is not in this grammar does
not exist: no sub-query, no cast, no foreign function can be expressed, so none has to be filtered out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from scoring.expressions.slips import Slip, slip_at


class ExpressionError(ValueError):
    """The text cannot be used. `problem` and `fix` are in Chinese; `slip`: the sign at which reading stopped."""

    def __init__(self, problem: str, fix: str = "", slip: Slip | None = None) -> None:
        super().__init__(problem)
        self.problem, self.fix, self.slip = problem, fix, slip


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class String:
    value: str


@dataclass(frozen=True)
class Truth:
    value: bool


@dataclass(frozen=True)
class Name:
    code: str


@dataclass(frozen=True)
class Negative:
    item: Expr


@dataclass(frozen=True)
class Arithmetic:
    operator: str  # + - * /
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Compare:
    operator: str  # = <> < <= > >=
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Logic:
    operator: str  # and / or
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Not:
    item: Expr


@dataclass(frozen=True)
class In:
    item: Expr
    options: tuple[Expr, ...]


@dataclass(frozen=True)
class IsBlank:
    item: Expr


@dataclass(frozen=True)
class Call:
    """A function: count, sum, only … `arguments` is empty for count(*)."""

    function: str
    arguments: tuple[Expr, ...]
    distinct: bool = False


Expr = Number | String | Truth | Name | Negative | Arithmetic | Compare | Logic | Not | In | IsBlank | Call

FUNCTIONS = {
    "count": "计数",
    "sum": "求和",
    "avg": "平均",
    "min": "最小",
    "max": "最大",
    "only": "唯一一行的值",
    "latest": "最近一行的值",
    "workdays": "两日之间的工作日数",
    "days": "两日之间的天数",
    "months": "两日之间的月数",
    "month": "日期的月份",
    "least": "较小者",
    "greatest": "较大者",
    "highest": "本组最高",
    "lowest": "本组最低",
    "mean": "本组平均",
    "total": "本组合计",
    "place": "本组名次，高者在前",
    "place_from_last": "本组倒数名次，低者在前",
}
# Of all units of the group, over the figure in brackets; units whose figure is not there are left out.
GROUP_FUNCTIONS = frozenset(["highest", "lowest", "mean", "total", "place", "place_from_last"])
ALLOWED = "只能用四则运算、比较、in、between、is null、and/or/not 和函数 " + "、".join(FUNCTIONS)
_KEYWORDS = frozenset(["and", "or", "not", "in", "between", "is", "null", "true", "false", "distinct"])
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<string>'(?:[^']|'')*')"
    r"|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)|(?P<operator><>|!=|<=|>=|[-+*/()=<>,]))",
    re.ASCII,
)
_DEEPEST = 60
_SWAPPED = {("=", ">"): ">=", ("=", "<"): "<=", (">", "="): ">=", ("<", "="): "<=", ("<", ">"): "<>", (">", "<"): "<>"}
_BLANK = " \t\n\r\f\v"  # what may stand between two signs
# Words of SQL that somebody might try; named in the message, since no grammar here knows them.
_FOREIGN = frozenset(
    [
        "select",
        "from",
        "where",
        "case",
        "when",
        "then",
        "else",
        "end",
        "like",
        "ilike",
        "over",
        "filter",
        "cast",
        "exists",
        "join",
        "union",
        "with",
        "values",
        "interval",
        "as",
        "order",
        "group",
        "having",
        "limit",
    ]
)


def parse(text: str) -> Expr:
    """Read one expression. Raises ExpressionError with problem and fix."""
    return _Reader(text).expression()


def can_be_named(code: str) -> bool:
    """Whether an expression can name it: `and`, `is`, `true` … mean something else there."""
    try:
        return parse(code) == Name(code)
    except ExpressionError:
        return False


def names(expression: Expr) -> set[str]:
    """Every name the expression mentions."""
    return {node.code for node in walk(expression) if isinstance(node, Name)}


def walk(expression: Expr) -> Iterator[Expr]:
    """The expression and all its parts, each before those inside it."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def children(expression: Expr) -> tuple[Expr, ...]:
    match expression:
        case Negative(item) | Not(item) | IsBlank(item):
            return (item,)
        case Arithmetic(_, left, right) | Compare(_, left, right) | Logic(_, left, right):
            return (left, right)
        case In(item, options):
            return (item, *options)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def rebuilt(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with every part that `change` answers differently put in its place."""
    changed = change(node)
    if changed != node:
        return changed
    match node:
        case Negative(item):
            return Negative(rebuilt(item, change))
        case Not(item):
            return Not(rebuilt(item, change))
        case IsBlank(item):
            return IsBlank(rebuilt(item, change))
        case Arithmetic(operator, left, right):
            return Arithmetic(operator, rebuilt(left, change), rebuilt(right, change))
        case Compare(operator, left, right):
            return Compare(operator, rebuilt(left, change), rebuilt(right, change))
        case Logic(operator, left, right):
            return Logic(operator, rebuilt(left, change), rebuilt(right, change))
        case In(item, options):
            return In(rebuilt(item, change), tuple(rebuilt(option, change) for option in options))
        case Call(function, arguments, distinct):
            return Call(function, tuple(rebuilt(argument, change) for argument in arguments), distinct)
    return node


class _Reader:
    """Tokens of one text and a place among them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def expression(self) -> Expr:
        result = self._or()
        if self._kind() != "end":
            raise self._unexpected()
        return result

    # -- tokens ------------------------------------------------------------------------------

    def _kind(self) -> str:
        return self.tokens[self.at][0]

    def _word(self) -> str:
        return self.tokens[self.at][1]

    def _take(self, *words: str) -> str | None:
        if self._kind() in ("operator", "keyword") and self._word() in words:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def _need(self, word: str) -> None:
        if self._take(word) is None:
            raise self._unexpected(f"此处应为“{word}”")

    def _unexpected(self, fix: str = "") -> ExpressionError:
        kind, word, column = self.tokens[self.at]
        foreign = next((w for k, w, _ in self.tokens if k == "name" and w.lower() in _FOREIGN), None)
        if foreign is not None:
            return ExpressionError(f"表达式里不能有“{foreign}”", ALLOWED)
        if kind == "end":
            return ExpressionError("表达式没有写完", fix or "请补全后半部分")
        before = self.tokens[self.at - 1][1] if self.at and kind == "operator" else ""
        if (before, word) == ("=", "="):
            return ExpressionError(f"表达式第 {column} 个字处多了一个“=”", "等于只写一个 =")
        if meant := _SWAPPED.get((before, word)):
            return ExpressionError(f"表达式第 {column} 个字处的比较号写得不对", f"请写成 {meant}，两个符号连着写")
        return ExpressionError(f"表达式第 {column} 个字“{word}”处读不懂", fix or "请检查括号、引号和运算符")

    # -- grammar, loosest first --------------------------------------------------------------

    def _or(self) -> Expr:
        left = self._and()
        while self._take("or"):
            left = Logic("or", left, self._and())
        return left

    def _and(self) -> Expr:
        left = self._not()
        while self._take("and"):
            left = Logic("and", left, self._not())
        return left

    def _not(self) -> Expr:
        self._deeper()
        result = Not(self._not()) if self._take("not") else self._comparison()
        self.depth -= 1
        return result

    def _comparison(self) -> Expr:
        left = self._sum()
        if operator := self._take("=", "<>", "!=", "<", "<=", ">", ">="):
            right = self._sum()
            if self._kind() == "operator" and self._word() in ("=", "<>", "!=", "<", "<=", ">", ">="):
                raise self._unexpected("比较不能连写，请用 and 连接，例如 60 <= value and value < 80")
            return Compare("<>" if operator == "!=" else operator, left, right)
        negated = self._take("not") is not None
        if self._take("in"):
            result: Expr = In(left, self._options())
        elif self._take("between"):
            low = self._sum()
            self._need("and")
            result = Logic("and", Compare(">=", left, low), Compare("<=", left, self._sum()))
        elif not negated and self._take("is"):
            inner = self._take("not") is not None
            self._need("null")
            return Not(IsBlank(left)) if inner else IsBlank(left)
        elif negated:
            raise self._unexpected("not 后面应为 in 或 between")
        else:
            return left
        return Not(result) if negated else result

    def _options(self) -> tuple[Expr, ...]:
        self._need("(")
        options = [self._sum()]
        while self._take(","):
            options.append(self._sum())
        self._need(")")
        return tuple(options)

    def _sum(self) -> Expr:
        left = self._product()
        while operator := self._take("+", "-"):
            left = Arithmetic(operator, left, self._product())
        return left

    def _product(self) -> Expr:
        left = self._signed()
        while operator := self._take("*", "/"):
            left = Arithmetic(operator, left, self._signed())
        return left

    def _signed(self) -> Expr:
        self._deeper()
        result = Negative(self._signed()) if self._take("-") else self._single()
        self.depth -= 1
        return result

    def _single(self) -> Expr:
        kind, word, _ = self.tokens[self.at]
        if self._take("("):
            inner = self._or()
            self._need(")")
            return inner
        if self._take("true", "false"):
            return Truth(word == "true")
        if kind not in ("number", "string", "name"):
            raise self._unexpected()
        self.at += 1
        if kind == "number":
            return Number(Decimal(word))
        if kind == "string":
            return String(word[1:-1].replace("''", "'"))
        return self._call(word) if self._take("(") else Name(word)

    def _call(self, function: str) -> Expr:
        if function not in FUNCTIONS:
            raise ExpressionError(f"没有函数“{function}”", "可用的函数：" + "、".join(FUNCTIONS))
        if function == "count" and self._take("*"):
            self._need(")")
            return Call("count", ())
        distinct = self._take("distinct") is not None
        arguments = [self._or() if function == "count" else self._sum()]
        while self._take(","):
            arguments.append(self._sum())
        self._need(")")
        return Call(function, tuple(arguments), distinct)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ExpressionError("表达式嵌套太深", "请拆成几个数据项")


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """(kind, word, column from 1) of each token, closed by ("end", "", …)."""
    if len(text) > 2000:
        raise ExpressionError("表达式超过 2000 字", "请拆成几个数据项")
    if "--" in text or "/*" in text:
        raise ExpressionError("表达式里不能有注释", "请把说明写在 YAML 的 # 注释里")
    tokens: list[tuple[str, str, int]] = []
    at = 0
    while text[at:].strip(_BLANK):
        found = _TOKEN.match(text, at)
        if not found or not found.lastgroup:
            slip = slip_at(text, at + len(text[at:]) - len(text[at:].lstrip(_BLANK)), ALLOWED)
            raise ExpressionError(slip.problem, slip.fix, slip)
        word = found.group(found.lastgroup)
        kind = found.lastgroup
        if kind == "name" and word.lower() in _KEYWORDS:
            kind, word = "keyword", word.lower()
        tokens.append((kind, word, found.start(found.lastgroup) + 1))
        at = found.end()
    tokens.append(("end", "", len(text) + 1))
    return tokens

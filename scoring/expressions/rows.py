"""Expressions over the rows of one form: conditions and aggregates, typed, as readable SQL.

Knows column types (given as `RowType`), not forms themselves and no measures. Row arithmetic stays in
DECIMAL and whole numbers; division is refused here because it would leave exact decimals. A day without its year
('06-30') has none here: `dated` gives it the year of an assessment period before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from scoring.expressions.parse import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    ExpressionError,
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
    rebuilt,
    walk,
)
from scoring.sql.exact import INT64
from scoring.sql.text import identifier, literal

COUNT_HIGH = 10**9  # rows of one unit in one period
SUM_HIGH = 10**13  # sums of one unit, in the smallest unit of the column; intake refuses more
INTEGER_HIGH = 10**9  # one cell; intake refuses more
DECIMAL_HIGH = 10**11
MANY_OPTIONS = 63  # so many options of a choice fit the bits of one number

AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "only", "latest"})
SPANS = ("workdays", "days", "months")
_MONTH_DAY = re.compile(r"\d{2}-\d{2}\Z")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True)
class RowType:
    """What a column holds: integer, decimal, date, boolean or text; `options` where it is a choice.

    `reach` and `total` are for what is reckoned from columns: the largest absolute value of one row, and of the sum of
    absolute values of one unit, in the smallest unit. Of a column itself intake refuses larger sums.
    """

    kind: str
    decimals: int = 0
    options: tuple[str, ...] = ()
    nonnegative: bool = False
    title: str = ""
    most: Decimal | None = None
    reach: int | None = None
    total: int = SUM_HIGH

    @property
    def is_number(self) -> bool:
        return self.kind in ("integer", "decimal")

    @property
    def high(self) -> int:
        """The largest absolute value of one cell, in the smallest unit of the column."""
        if self.reach is not None:
            return self.reach
        limit: int = INTEGER_HIGH if self.kind == "integer" else DECIMAL_HIGH
        if self.nonnegative and self.most is not None:
            limit = min(limit, int(self.most) + 1)
        return int(min(limit * 10**self.decimals, SUM_HIGH))


@dataclass(frozen=True)
class Aggregate:
    """One figure per unit: SQL of an integer counted in 1/scale, and of its divisor for an average."""

    sql: str
    scale: int = 1
    low: int = 0
    high: int = COUNT_HIGH
    divisor: str | None = None
    is_truth: bool = False
    one_row_only: bool = False
    several: str | None = None  # SQL: the rows contradict one another, so that none of them can be taken
    value_columns: tuple[str, ...] = ()
    needs_row: bool = False  # a figure of a row (only, latest, min, max): without a row there is none
    empty: str = "0"  # SQL of the figure of a unit that reported no row at all
    judged_columns: tuple[str, ...] = ()  # looked at by conditions that may stay undecided
    undecided: str | None = None  # SQL: the row cannot be read, though no cell is wanting of those it must have


def condition(expression: Expr, types: Mapping[str, RowType]) -> str:
    """SQL of a yes/no condition over columns. Raises ExpressionError."""
    for node in walk(expression):
        if isinstance(node, Call) and node.function in AGGREGATES:
            raise ExpressionError(f"条件里不能用汇总函数 {node.function}", "条件只看一行；汇总写在 value 里")
        if isinstance(node, Arithmetic) and node.operator == "*" and names(node.left) and names(node.right):
            raise ExpressionError("逐行条件里不能把两列相乘", "相乘求和写在 value 里，例如 sum(amount * weight)")
    return _truth(expression, types)


def aggregate(expression: Expr, where: Expr | None, types: Mapping[str, RowType], dated_by: str) -> Aggregate:
    """SQL of one aggregate per unit over the rows that satisfy `where`. Raises ExpressionError."""
    if not isinstance(expression, Call) or expression.function not in AGGREGATES:
        raise ExpressionError("value 须是一个汇总", "例如 count(*)、sum(案值列)、only(数值列)、latest(数值列)")
    test = condition(where, types) if where is not None else None
    if expression.function == "count":
        return _count(expression, test, types)
    if len(expression.arguments) != 1:
        raise ExpressionError(f"{expression.function} 只接受一列", "多列请分成几个数据项")
    argument = expression.arguments[0]
    sql, kind = _value(argument, types)
    columns = tuple(sorted(names(argument)))
    if expression.distinct:
        raise ExpressionError("distinct 只能用在 count 里", "例如 count(distinct doc_no)")
    otherwise = " ELSE 0" if expression.function == "sum" else ""
    picked = sql if test is None else f"CASE WHEN {test} THEN {sql}{otherwise} END"
    if kind.kind == "boolean" and expression.function in ("only", "latest"):
        picked = f"CASE WHEN {test} THEN {sql}::INT END" if test else f"{sql}::INT"
        text, several = _single(expression.function, picked, dated_by)
        single = expression.function in ("only", "latest")
        return Aggregate(text, 1, 0, 1, None, True, single, several, columns, True)
    if not kind.is_number:
        raise ExpressionError(f"{expression.function} 只能用于数字列", "文本、日期列请用 count 计数")
    if (kind.total if expression.function in ("sum", "avg") else kind.high) > INT64:
        fix = "请在报表定义里为相乘的列写 at_least: 0 和 at_most，或减少小数位"
        raise ExpressionError("相乘的结果可能超过 18 位，无法保证精确", fix)
    scale = 10**kind.decimals
    low = 0 if kind.nonnegative else -kind.total
    if expression.function in ("sum", "avg"):
        scaled = f"sum({picked})"
        text = f"({scaled} * {scale})::BIGINT" if scale > 1 else f"{scaled}::BIGINT"
        divisor = f"count({picked})" if expression.function == "avg" else None
        return Aggregate(
            text, scale, low, kind.total, divisor, value_columns=columns, needs_row=divisor is not None
        )  # fmt: skip
    one_value, several = _single(expression.function, picked, dated_by)
    if scale > 1:
        one_value = f"({one_value}::DECIMAL(38, {kind.decimals}) * {scale})"
    low = 0 if kind.nonnegative else -kind.high
    one = expression.function in ("only", "latest")
    return Aggregate(f"{one_value}::BIGINT", scale, low, kind.high, None, False, one, several, columns, True)


def _single(function: str, picked: str, dated_by: str) -> tuple[str, str | None]:
    """SQL of the figure, and of whether rows contradict one another: of the last day the greatest and the least differ."""
    if function != "latest":
        return f"{'max' if function == 'only' else function}({picked})", None
    day = identifier(dated_by)
    least, greatest = (f"arg_max({picked}, row({day}, {sign}({picked})))" for sign in ("-", ""))
    return greatest, f"{least} <> {greatest}"


def _count(call: Call, test: str | None, types: Mapping[str, RowType]) -> Aggregate:
    if not call.arguments:
        return Aggregate(f"count_if({test})::BIGINT" if test else "count(*)")
    if len(call.arguments) != 1 or not isinstance(call.arguments[0], Name):
        raise ExpressionError("count 里写 * 或 distinct 一列", "例如 count(*) 或 count(distinct doc_no)")
    column = identifier(_column(call.arguments[0].code, types)[0])
    if not call.distinct:
        raise ExpressionError("count(列) 的含义不清", "数行数用 count(*)，数不同值用 count(distinct 列)")
    picked = f"CASE WHEN {test} THEN {column} END" if test else column
    options = types[call.arguments[0].code].options
    counted = f"count(DISTINCT {picked})"
    if 0 < len(options) < MANY_OPTIONS:  # the same, one bit an option; a third of a pass over many rows saved
        counted = f"coalesce(bit_count(bit_or(1::BIGINT << enum_code({picked}))), 0)::BIGINT"
    return Aggregate(counted, value_columns=(call.arguments[0].code,))


def _column(code: str, types: Mapping[str, RowType]) -> tuple[str, RowType]:
    if code not in types:
        close = get_close_matches(code, sorted(types), n=1, cutoff=0.6)
        fix = f"是不是“{close[0]}”？" if close else "可用的列：" + "、".join(sorted(types))
        raise ExpressionError(f"没有列“{code}”", fix)
    return code, types[code]


def _value(node: Expr, types: Mapping[str, RowType]) -> tuple[str, RowType]:
    match node:
        case Name(code):
            column, kind = _column(code, types)
            return identifier(column), kind
        case Number(value):
            exponent = value.as_tuple().exponent
            decimals = max(0, -exponent) if isinstance(exponent, int) else 0
            size = int(abs(value) * 10**decimals)
            own = RowType("decimal" if decimals else "integer", decimals, (), value >= 0)
            return literal(value), replace(own, reach=size, total=size * COUNT_HIGH)
        case String(value):
            return literal(value), RowType("text")
        case Truth(value):
            return literal(value), RowType("boolean")
        case Negative(item):
            text, of = _number(item, types)
            return f"-{text}", RowType(of.kind, of.decimals, reach=of.high, total=of.total)
        case Arithmetic():
            return _arithmetic(node, types)
        case Call("workdays" | "days" | "months"):
            return _span(node, types), RowType("integer")
        case Call("month"):
            return _month(node, types), RowType("integer", 0, (), True, "月份", Decimal(12))
        case Call(function):
            raise ExpressionError(
                f"这里不能用 {function}", "逐行计算只有四则（不含除）、workdays、days、months 和 month"
            )
    return f"({_truth(node, types)})", RowType("boolean")


def _number(node: Expr, types: Mapping[str, RowType]) -> tuple[str, RowType]:
    text, kind = _value(node, types)
    if not kind.is_number:
        raise ExpressionError("四则运算只能用于数字", "日期之差请用 days(甲, 乙) 或 workdays(甲, 乙)")
    return text, kind


def _arithmetic(node: Arithmetic, types: Mapping[str, RowType]) -> tuple[str, RowType]:
    if node.operator == "/":
        raise ExpressionError("逐行条件里不能用除法", "请改写成乘法，例如 罚没 > 2 * 案值；比率写在指标的 value 里")
    left, a = _number(node.left, types)
    right, b = _number(node.right, types)
    decimals = a.decimals + b.decimals if node.operator == "*" else max(a.decimals, b.decimals)
    if decimals > 6:
        raise ExpressionError("小数位数过多", "逐行计算最多 6 位小数")
    plain = node.operator != "-" and a.nonnegative and b.nonnegative
    if node.operator == "*":
        reach, total = a.high * b.high, min(a.total * b.high, a.high * b.total)
    else:
        up, also = 10 ** (decimals - a.decimals), 10 ** (decimals - b.decimals)
        reach, total = a.high * up + b.high * also, a.total * up + b.total * also
    kind = RowType("decimal" if decimals else "integer", decimals, (), plain, reach=reach, total=total)
    return f"({left} {node.operator} {right})", kind


def _month(node: Call, types: Mapping[str, RowType]) -> str:
    text, kind = _value(node.arguments[0], types)
    if len(node.arguments) != 1 or kind.kind != "date":
        raise ExpressionError("month 里写一个日期列", "例如 month(found_on) = 3")
    return f"month({text})"


def _span(node: Call, types: Mapping[str, RowType]) -> str:
    ends = _ends(node, types)
    if node.function == "days":
        return f"({ends[1]} - {ends[0]})"
    if node.function == "months":
        return f"full_months({ends[0]}, {ends[1]})"
    return f"({_workday(ends[1])} - {_workday(ends[0])})"


def _ends(node: Call, types: Mapping[str, RowType]) -> list[str]:
    """Both dates of a span."""
    if len(node.arguments) != 2:
        raise ExpressionError(f"{node.function} 要两个日期", f"例如 {node.function}(decided_on, published_on)")
    ends = []
    for argument in node.arguments:
        text, kind = _value(argument, types)
        if isinstance(argument, String):
            text, kind = _date(argument.value), RowType("date")
        if kind.kind != "date":
            raise ExpressionError(f"{node.function} 的两端须是日期列", "请写日期列的代码")
        ends.append(text)
    return ends


def _by_months(node: Compare, types: Mapping[str, RowType]) -> str | None:
    """More than three months, three months and more: by the day that corresponds, not by full months. (Three months
    and a day are more than three; where the month has no such day, its last day corresponds, 民法典第二百零二条.)"""
    operator, span, limit = node.operator, node.left, node.right
    if isinstance(limit, Call):
        operator, span, limit = _FLIPPED.get(operator, operator), limit, span
    if not isinstance(span, Call) or span.function != "months" or operator not in _FLIPPED:
        return None
    if not isinstance(limit, Number) or limit.value != int(limit.value):
        raise ExpressionError("months 只能与整数比较", "例如 months(accepted_on, closed_on) > 3")
    first, last = _ends(span, types)
    return f"{last} {operator} {first} + INTERVAL {int(limit.value)} MONTH"


def dated(tree: Expr, types: Mapping[str, RowType], start: date) -> Expr:
    """The expression with the days without a year ('06-30') in the year from `start` on. Raises ExpressionError."""

    def is_date(node: Expr) -> bool:
        return isinstance(node, Name) and node.code in types and types[node.code].kind == "date"

    def full(node: Expr) -> Expr:
        return (
            String(_day_from(node.value, start)) if isinstance(node, String) and _MONTH_DAY.match(node.value) else node
        )

    def change(node: Expr) -> Expr:
        match node:
            case Logic("and", Compare(">=", one, String() as low), Compare("<=", other, String() as high)):
                if one == other and is_date(one) and full(low) != low and full(high) != high:
                    _in_order(low, high, full(low), full(high))
                return node
            case Compare(operator, left, right) if is_date(left) or is_date(right):
                return Compare(operator, full(left), full(right))
            case In(item, options) if is_date(item):
                return In(item, tuple(full(option) for option in options))
            case Call(function, arguments) if function in SPANS:
                return Call(function, tuple(full(argument) for argument in arguments))
        return node

    return rebuilt(tree, change)


def without_year(tree: Expr) -> bool:
    """Whether the expression may name a day without its year."""
    return any(isinstance(node, String) and _MONTH_DAY.match(node.value) for node in walk(tree))


def _in_order(low: String, high: String, first: Expr, last: Expr) -> None:
    assert isinstance(first, String) and isinstance(last, String)
    if first.value > last.value:
        problem = f"'{low.value}' 至 '{high.value}' 跨过了考核期的起点，考核期内没有这样的日子"
        raise ExpressionError(problem, f"请写成 >= '{low.value}' or … <= '{high.value}'")


def _day_from(text: str, start: date) -> str:
    month, day = (int(piece) for piece in text.split("-"))
    try:
        found = date(start.year, month, day)
    except ValueError:
        if (month, day) == (2, 29):
            raise ExpressionError("不是每年都有 2 月 29 日", "到 2 月底为止写 < '03-01'") from None
        raise ExpressionError(f"没有 {text} 这一天", "月日写成 '06-30' 的样子") from None
    if (month, day) == (2, 29):
        raise ExpressionError("不是每年都有 2 月 29 日", "到 2 月底为止写 < '03-01'")
    return (found if found >= start else found.replace(year=start.year + 1)).isoformat()


def _workday(day: str) -> str:
    """The number of a working day: stored beside a date column, looked up for a date that is written out."""
    return f"workday_no({day})" if day.startswith("DATE ") else workday_column(day)


def workday_column(date_column: str) -> str:
    """The column, beside a date column, that numbers its days by working days (the store fills it)."""
    return identifier(date_column.strip('"') + "__workday")


def _date(text: str) -> str:
    if _MONTH_DAY.match(text):
        raise ExpressionError(f"“{text}”没有写明年份", "这里请写全年月日，例如 '2024-01-31'")
    try:
        return literal(date.fromisoformat(text))
    except ValueError:
        raise ExpressionError(f"“{text}”不是日期", "请写成 '2024-01-31'；每年的这一天写成 '01-31'") from None


def _truth(node: Expr, types: Mapping[str, RowType]) -> str:
    match node:
        case Logic(operator, left, right):
            return f"{_side(left, operator, types)} {operator.upper()} {_side(right, operator, types)}"
        case Not(IsBlank(item)):
            return f"{_value(item, types)[0]} IS NOT NULL"
        case Not(In(item, options)):
            return _membership(item, options, types, "NOT IN")
        case Not(item):
            return f"NOT ({_truth(item, types)})"
        case IsBlank(item):
            return f"{_value(item, types)[0]} IS NULL"
        case In(item, options):
            return _membership(item, options, types, "IN")
        case Compare(operator, left, right):
            if (by_months := _by_months(node, types)) is not None:
                return by_months
            a, b = _comparable(left, right, types)
            return f"{a} {operator} {b}"
        case Name(code):
            column, kind = _column(code, types)
            if kind.kind != "boolean":
                raise ExpressionError(f"“{kind.title or code}”不是是否列，不能单独作条件", "请写成比较，例如 = 或 >")
            return identifier(column)
        case Truth(value):
            return literal(value)
    raise ExpressionError("这里须是条件", "例如 kind = '行政' 或 amount >= 50")


def _side(node: Expr, operator: str, types: Mapping[str, RowType]) -> str:
    text = _truth(node, types)
    return f"({text})" if isinstance(node, Logic) and node.operator != operator else text


def _membership(item: Expr, options: tuple[Expr, ...], types: Mapping[str, RowType], word: str) -> str:
    pairs = [_comparable(item, option, types) for option in options]
    return f"{pairs[0][0]} {word} ({', '.join(right for _, right in pairs)})"


def _unquoted(node: Expr) -> str | None:
    """The day that 06-30 or 2024-06-30 without its quotes most likely is: to the grammar it is a subtraction."""
    pieces: list[int] = []
    while isinstance(node, Arithmetic) and node.operator in "-/" and isinstance(node.right, Number):
        pieces.insert(0, int(node.right.value))
        node = node.left
    if not isinstance(node, Number) or len(pieces) not in (1, 2):
        return None
    year, month, day = (0, int(node.value), pieces[0]) if len(pieces) == 1 else (int(node.value), *pieces)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}"


def _refuse_unquoted(one: Expr, other: Expr, types: Mapping[str, RowType]) -> None:
    if isinstance(one, Name) and one.code in types and types[one.code].kind == "date" and (day := _unquoted(other)):
        raise ExpressionError(f"日期 {day} 没有加引号", f"请写成 '{day}'，两边加半角单引号")


def _comparable(left: Expr, right: Expr, types: Mapping[str, RowType]) -> tuple[str, str]:
    _refuse_unquoted(left, right, types)
    _refuse_unquoted(right, left, types)
    a, a_type = _value(left, types)
    b, b_type = _value(right, types)
    if a_type.kind == "date" and isinstance(right, String):
        return a, _date(right.value)
    if b_type.kind == "date" and isinstance(left, String):
        return _date(left.value), b
    if a_type.is_number and b_type.is_number:
        return a, b
    if a_type.kind != b_type.kind:
        raise ExpressionError(
            f"“{a_type.title or a}”（{_KINDS[a_type.kind]}）不能与“{b_type.title or b}”（{_KINDS[b_type.kind]}）比较",
            "数字直接写，文字和日期加半角单引号",
        )
    for kind, other in ((a_type, right), (b_type, left)):
        if kind.options and isinstance(other, String) and other.value not in kind.options:
            raise ExpressionError(f"“{other.value}”不是“{kind.title}”的选项", "可选：" + "、".join(kind.options))
    return a, b


_KINDS = {"integer": "数字", "decimal": "数字", "date": "日期", "boolean": "是否", "text": "文字"}

"""Expressions over the figures of one unit: exact quantities and three-valued conditions, as SQL.

Knows names only through a lookup; knows no form and no rubric. A figure that is not there is SQL NULL, so
that a condition with an unknown operand is NULL: undecided, never false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scoring.expressions.parse import (
    GROUP_FUNCTIONS,
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
)
from scoring.sql.exact import Atom, Quantity, Term, WidthError, greatest, least


@dataclass(frozen=True)
class Figure:
    """What a name stands for: an exact quantity; a yes/no figure is 1 or 0."""

    quantity: Quantity
    is_truth: bool = False


Lookup = Callable[[str | Call], Figure]  # a name, or a function over the group


def quantity(expression: Expr, lookup: Lookup) -> Quantity:
    """The exact quantity of an arithmetic expression. Raises ExpressionError."""
    try:
        return _quantity(expression, lookup)
    except WidthError:
        raise ExpressionError("计算位数可能超过 38 位，无法保证精确", "请减少连乘，或改用较大的计量单位") from None
    except ZeroDivisionError:
        raise ExpressionError("除数是常数 0", "请检查公式") from None


def condition(expression: Expr, lookup: Lookup) -> str:
    """SQL of a condition; NULL where an operand is unknown or a divisor is 0. Raises ExpressionError."""
    try:
        return _truth(expression, lookup)
    except WidthError:
        raise ExpressionError("比较的位数可能超过 38 位，无法保证精确", "请改用较大的计量单位") from None
    except ZeroDivisionError:
        raise ExpressionError("除数是常数 0", "请检查公式") from None


def _quantity(node: Expr, lookup: Lookup) -> Quantity:
    match node:
        case Number(value):
            return Quantity.constant(value)
        case Name(code):
            figure = lookup(code)
            if figure.is_truth:
                raise ExpressionError(f"“{code}”是是否项，不能参加计算", "是否项只能作条件")
            return figure.quantity
        case Negative(item):
            return -_quantity(item, lookup)
        case Arithmetic(operator, left, right):
            a, b = _quantity(left, lookup), _quantity(right, lookup)
            return {"+": a.__add__, "-": a.__sub__, "*": a.__mul__, "/": a.__truediv__}[operator](b)
        case Call("least" | "greatest" as function, arguments):
            items = [_quantity(argument, lookup) for argument in arguments]
            if any(not item.den.is_constant for item in items):
                raise ExpressionError(f"{function} 里不能有比率", "请把比率放到 least/greatest 外面")
            return least(items) if function == "least" else greatest(items)
        case Call(function) if function in GROUP_FUNCTIONS:
            return lookup(node).quantity
        case Call(function):
            raise ExpressionError(
                f"这里不能用 {function}", "这里只有四则运算、least、greatest 和与本组比较的函数；汇总写在数据项的 value 里"
            )
        case String(value):
            raise ExpressionError(f"文字“{value}”不能参加计算", "指标里只能用数据项")
    raise ExpressionError("这里须是数值", "例如 100 * actual / target")


def _truth(node: Expr, lookup: Lookup) -> str:
    match node:
        case Logic(operator, left, right):
            return f"{_side(left, operator, lookup)} {operator.upper()} {_side(right, operator, lookup)}"
        case Not(item):
            return f"NOT ({_truth(item, lookup)})"
        case Truth(value):
            return "TRUE" if value else "FALSE"
        case Compare(operator, left, right):
            return _compare(operator, left, right, lookup)
        case In(item, options):
            tests = [_compare("=", item, option, lookup) for option in options]
            return tests[0] if len(tests) == 1 else "(" + " OR ".join(tests) + ")"
        case Name(code):
            figure = lookup(code)
            if not figure.is_truth:
                raise ExpressionError(f"“{code}”是数值，不能单独作条件", "请写成比较，例如 > 0")
            return f"{figure.quantity.num.sql()} = 1"
        case IsBlank():
            raise ExpressionError("指标条件里不能用 is null", "未报送由系统按状态处理，不在条件里判断")
    raise ExpressionError("这里须是条件", "例如 value < 100")


def _side(node: Expr, operator: str, lookup: Lookup) -> str:
    text = _truth(node, lookup)
    return f"({text})" if isinstance(node, Logic) and node.operator != operator else text


def _compare(operator: str, left: Expr, right: Expr, lookup: Lookup) -> str:
    for truth, name in ((left, right), (right, left)):
        if isinstance(truth, Truth) and isinstance(name, Name) and lookup(name.code).is_truth:
            return f"{lookup(name.code).quantity.num.sql()} {operator} {int(truth.value)}"
    a, b = _quantity(left, lookup), _quantity(right, lookup)
    return guarded(a.compare(operator, b), (*a.guards, *b.guards))


def guarded(sql: str, guards: tuple[Term, ...]) -> str:
    """The condition, undecided (NULL) where a divisor is 0."""
    tests = list(dict.fromkeys(f"{guard.sql()} <> 0" for guard in guards))
    return f"CASE WHEN {' AND '.join(tests)} THEN {sql} END" if tests else sql


def column_figure(sql: str, low: int, high: int, scale: int = 1, is_truth: bool = False) -> Figure:
    """A figure that is one integer column counted in 1/scale."""
    return Figure(Quantity(Term.of(Atom(sql, low, high)), Term.of(scale)), is_truth)

"""Whether two conditions can hold at once, as far as their numbers and values tell. Knows the tree only, no data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.expressions.parse import Compare, Expr, In, Logic, Name, Negative, Not, Number, String, Truth

_FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class _Test:
    """One figure or value, compared with something that is written out."""

    item: Expr
    operator: str
    value: Decimal | str | bool


def shut_out(one: Expr, other: Expr) -> bool:
    """Whether it is certain that not both hold: the same figure in two ranges that do not meet, two different values."""
    if isinstance(one, Logic) and one.operator == "or":
        return shut_out(one.left, other) and shut_out(one.right, other)
    if isinstance(other, Logic) and other.operator == "or":
        return shut_out(other, one)
    if isinstance(one, Logic):
        return shut_out(one.left, other) or shut_out(one.right, other)
    if isinstance(other, Logic):
        return shut_out(other, one)
    if isinstance(one, In):
        return all(shut_out(Compare("=", one.item, option), other) for option in one.options)
    if isinstance(other, In):
        return shut_out(other, one)
    a, b = _test(one), _test(other)
    return a is not None and b is not None and a.item == b.item and (_apart(a, b) or _apart(b, a))


def _apart(a: _Test, b: _Test) -> bool:
    if a.operator == "=" and b.operator == "=":
        return a.value != b.value
    if a.operator == "=" and b.operator == "<>":
        return a.value == b.value
    if not isinstance(a.value, Decimal) or not isinstance(b.value, Decimal):
        return False
    if a.operator in ("<", "<=", "=") and b.operator in (">", ">=", "="):
        never_meet = a.operator == "<" or b.operator == ">"
        return a.value < b.value or (a.value == b.value and never_meet)
    return False


def _test(node: Expr) -> _Test | None:
    match node:
        case Name():
            return _Test(node, "=", True)
        case Not(Name() as name):
            return _Test(name, "=", False)
        case Not(Compare(operator, left, right)):
            return _test(Compare(_OPPOSITE[operator], left, right))
        case Compare("=" | "<>" as operator, left, Truth(value)):
            return _Test(left, "=", value == (operator == "="))
        case Compare(operator, left, right):
            if (limit := _written(right)) is not None:
                return _Test(left, operator, limit)
            if (limit := _written(left)) is not None:
                return _Test(right, _FLIPPED[operator], limit)
    return None


def _written(node: Expr) -> Decimal | str | None:
    match node:
        case Number(value) | String(value):
            return value
        case Negative(Number(value)):
            return -value
    return None

"""Which way an expression goes as one of its figures grows. Knows the tree and signs, no data; in doubt it says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scoring.expressions.parse import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    In,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    String,
    Truth,
)

Way = Literal["up", "down", "same", "none"]
Sign = Callable[[Expr], int]  # 1: never negative, -1: never positive, 0: not known

MIXED = "它在一处使结果增大，在另一处使结果减小，总的方向要看数值"
EITHER_SIGN = "与它相乘或相除的数可正可负，方向随之而变"
EXACTLY = "条件要求正好等于某个值，高了低了都不符合"
_FLIPPED: dict[Way, Way] = {"up": "down", "down": "up", "same": "same", "none": "none"}


@dataclass(frozen=True)
class Trend:
    """`up`: where the figure is more (or yes instead of no), the result is never less; `same`: it never moves.

    `none`: neither can be said, for the reason given.
    """

    way: Way
    reason: str = ""

    def __add__(self, other: Trend) -> Trend:
        """Of two things that are added, or of which either makes the other hold more readily."""
        if "none" in (self.way, other.way):
            return self if self.way == "none" else other
        if self.way == other.way or other.way == "same":
            return self
        return other if self.way == "same" else Trend("none", MIXED)

    def __neg__(self) -> Trend:
        return Trend(_FLIPPED[self.way], self.reason)

    def times(self, sign: int) -> Trend:
        """Multiplied with what has this sign."""
        if self.way == "same" or sign > 0:
            return self
        return -self if sign < 0 else Trend("none", self.reason or EITHER_SIGN)


UP, SAME = Trend("up"), Trend("same")


def trend(node: Expr, name: str, sign: Sign) -> Trend:
    """How the expression, or how readily the condition holds, moves with the figure of this name."""
    match node:
        case Number() | Truth() | String():
            return SAME
        case Name(code):
            return UP if code == name else SAME
        case Negative(item) | Not(item):
            return -trend(item, name, sign)
        case Logic(_, left, right):
            return trend(left, name, sign) + trend(right, name, sign)
        case Arithmetic(operator, left, right):
            return _arithmetic(operator, left, right, name, sign)
        case Compare(operator, left, right):
            return _compare(operator, left, right, name, sign)
        case In(item, options):
            moves = any(trend(one, name, sign) != SAME for one in (item, *options))
            return Trend("none", EXACTLY) if moves else SAME
        case Call(function, arguments):
            found = SAME
            for one in arguments:
                found += trend(one, name, sign)
            return -found if function == "place" else found  # the first place is the smallest number
    return Trend("none", MIXED)


def _arithmetic(operator: str, left: Expr, right: Expr, name: str, sign: Sign) -> Trend:
    one, other = trend(left, name, sign), trend(right, name, sign)
    if operator in "+-":
        return one + (other if operator == "+" else -other)
    if one == other == SAME:
        return SAME
    if operator == "*":
        return one.times(sign(right)) + other.times(sign(left))
    if other != SAME and sign(right) == 0:  # across a divisor of 0 the quotient jumps
        return Trend("none", EITHER_SIGN)
    return one.times(sign(right)) + (-other).times(sign(left))


def _compare(operator: str, left: Expr, right: Expr, name: str, sign: Sign) -> Trend:
    for truth, item in ((left, right), (right, left)):
        if isinstance(truth, Truth) and operator in ("=", "<>"):
            holds = trend(item, name, sign)
            return holds if truth.value == (operator == "=") else -holds
    one, other = trend(left, name, sign), trend(right, name, sign)
    if operator in ("=", "<>"):
        return SAME if one == other == SAME else Trend("none", EXACTLY)
    return one + -other if operator in (">", ">=") else -one + other

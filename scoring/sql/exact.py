"""Exact arithmetic as SQL text: rationals of two integers, half-up rounding, widths that are proved.

Knows integers and text only. A `Quantity` is numerator over denominator, each a sum of integer multiples of
SQL atoms with proved bounds. Nothing here is ever a DOUBLE: DuckDB's `/` is not used. Rounding is half away
from zero (四舍五入): sign(n) · ((2·|n| + d) // (2·d)), which was compared with Python's Fraction; where n cannot
be negative it is (2·n + d) // (2·d), half the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

INT32, INT64, INT128 = 2**31 - 1, 2**63 - 1, 2**127 - 1
_TYPES = {32: "INTEGER", 64: "BIGINT", 128: "HUGEINT"}

# n / d, rounded half away from zero; d > 0.
HALF_UP_SIGNED = "CREATE OR REPLACE MACRO half_up_signed(n, d) AS sign(n) * ((2 * abs(n) + d) // (2 * d))"
# The same for n >= 0.
HALF_UP = "CREATE OR REPLACE MACRO half_up(n, d) AS (2 * n + d) // (2 * d)"
# The least integer not below n / d; d > 0.
CEIL_DIV = "CREATE OR REPLACE MACRO ceil_div(n, d) AS CASE WHEN n > 0 THEN (n + d - 1) // d ELSE -((-n) // d) END"
# Why a figure is not there, of several: what was not reported before what is masked before what is open.
ABSENT_STATE = """CREATE OR REPLACE MACRO absent_state(states) AS CASE
    WHEN list_contains(states, 'missing') THEN 'missing'
    WHEN list_contains(states, 'masked') THEN 'masked'
    ELSE 'pending' END"""
# What a figure or an indicator is for a unit.
STATE = "CREATE TYPE state AS ENUM ('value', 'not_applicable', 'zero_base', 'missing', 'masked', 'pending')"
# Orders fractions n / d exactly (d > 0): whole part, then twice 18 decimals of the rest.
FRACTION_KEY = """CREATE OR REPLACE MACRO fraction_key(n, d) AS row(
    n // d, (n % d * 1000000000000000000) // d, (n % d * 1000000000000000000 % d * 1000000000000000000) // d)"""
MACROS = (STATE, HALF_UP_SIGNED, HALF_UP, CEIL_DIV, ABSENT_STATE, FRACTION_KEY)


class WidthError(ArithmeticError):
    """A result could need more than 38 digits."""


@dataclass(frozen=True)
class Atom:
    """An SQL integer expression with proved bounds; `bits` is the width of its SQL type."""

    sql: str
    low: int
    high: int
    bits: int = 64

    @property
    def reach(self) -> int:
        return max(abs(self.low), abs(self.high))


@dataclass(frozen=True)
class Term:
    """constant + Σ factor · atom, an integer."""

    parts: tuple[tuple[int, Atom], ...] = ()
    constant: int = 0

    @staticmethod
    def of(value: int | Atom) -> Term:
        return Term(constant=value) if isinstance(value, int) else Term(((1, value),))

    @property
    def is_constant(self) -> bool:
        return not self.parts

    @cached_property
    def low(self) -> int:
        return self.constant + sum(min(f * a.low, f * a.high) for f, a in self.parts)

    @cached_property
    def high(self) -> int:
        return self.constant + sum(max(f * a.low, f * a.high) for f, a in self.parts)

    @cached_property
    def reach(self) -> int:
        """The largest absolute value that any partial sum can have."""
        return abs(self.constant) + sum(abs(f) * max(abs(a.low), abs(a.high)) for f, a in self.parts)

    @cached_property
    def bits(self) -> int:
        """Width of the SQL type of the whole sum, in which no step overflows."""
        pieces = [max(a.bits, _bits(abs(f)), _bits(abs(f) * a.reach)) for f, a in self.parts]
        return max([_bits(self.reach), _bits(abs(self.constant)), *pieces])

    def __add__(self, other: Term) -> Term:
        merged: dict[str, tuple[int, Atom]] = {}
        for factor, atom in self.parts + other.parts:
            before = merged.get(atom.sql, (0, atom))[0]
            merged[atom.sql] = (before + factor, atom)
        kept = tuple((f, a) for f, a in merged.values() if f)
        return Term(kept, self.constant + other.constant)

    def scaled(self, factor: int) -> Term:
        if factor == 0:
            return Term()
        return Term(tuple((f * factor, a) for f, a in self.parts), self.constant * factor)

    def __mul__(self, other: Term) -> Term:
        if other.is_constant:
            return self.scaled(other.constant)
        if self.is_constant:
            return other.scaled(self.constant)
        ends = [x * y for x in (self.low, self.high) for y in (other.low, other.high)]
        low, high = min(ends), max(ends)
        bits = max(_bits(max(abs(low), abs(high))), self.bits, other.bits)
        sql = f"{_factor(self, bits)} * {_factor(other, bits)}"
        return Term(((1, Atom(sql, low, high, bits)),))

    def divided(self, by: int) -> Term:
        """Exact division by a common factor."""
        return Term(tuple((f // by, a) for f, a in self.parts), self.constant // by)

    @property
    def common_factor(self) -> int:
        return gcd(self.constant, *(f for f, _ in self.parts))

    def sql(self, bits: int | None = None) -> str:
        """The text, wide enough that no step of it can overflow; at least `bits` wide."""
        width = max(bits or 0, self.bits)
        natural = max([_bits(abs(self.constant)), *(max(a.bits, _bits(abs(f))) for f, a in self.parts)])
        pieces: list[str] = []
        for position, (factor, atom) in enumerate(self.parts):
            own = max(atom.bits, _bits(abs(factor)))
            need = max(own, _bits(abs(factor) * atom.reach))
            if position == 0 and natural < width:
                need = width
            text = f"({atom.sql})::{_TYPES[need]}" if need > own else atom.sql
            if abs(factor) != 1:
                text = f"{abs(factor)} * {_bracketed(text)}"
            elif pieces or factor < 0:
                text = _bracketed(text)
            pieces.append(("- " if factor < 0 else "+ ") + text)
        if self.constant or not pieces:
            piece = f"{'-' if self.constant < 0 else '+'} {abs(self.constant)}"
            if not self.parts and natural < width:
                piece += f"::{_TYPES[width]}"
            pieces = [piece, *pieces] if self.constant > 0 else [*pieces, piece]
        text = " ".join(pieces)
        return text[2:] if text.startswith("+ ") else "-" + text[2:]


def _bits(bound: int) -> int:
    if bound <= INT32:
        return 32
    if bound <= INT64:
        return 64
    if bound <= INT128:
        return 128
    raise WidthError("计算位数可能超过 38 位")


def _factor(term: Term, bits: int) -> str:
    text = term.sql(bits)
    return text if len(term.parts) + bool(term.constant) == 1 and not text.startswith("-") else f"({text})"


def _bracketed(text: str) -> str:
    """In brackets where a sign or a factor in front would change the meaning."""
    if text.startswith(("CASE", "-")):
        return f"({text})"
    depth = 0
    for position, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and char in "+-" and position and text[position - 1] == " ":
            return f"({text})"
    return text


@dataclass(frozen=True)
class Quantity:
    """num / den, exact. `den` is positive wherever it is not zero; `guards` are the terms that must not be 0.

    `never_negative`: known from where it stands (a line between two corners), though its terms do not show it.
    """

    num: Term
    den: Term
    guards: tuple[Term, ...] = ()
    never_negative: bool = False

    @staticmethod
    def constant(value: Decimal | Fraction | int) -> Quantity:
        ratio = Fraction(value)
        return Quantity(Term.of(ratio.numerator), Term.of(ratio.denominator))

    @staticmethod
    def atom(sql: str, low: int, high: int, scale: int = 1, bits: int = 64) -> Quantity:
        """An integer column counted in 1/scale."""
        return Quantity(Term.of(Atom(sql, low, high, bits)), Term.of(scale))

    @property
    def value(self) -> Fraction | None:
        """The number, when it is known while compiling."""
        if self.num.is_constant and self.den.is_constant:
            return Fraction(self.num.constant, self.den.constant)
        return None

    def __add__(self, other: Quantity) -> Quantity:
        den, (left, right) = common_denominator([self, other])
        return Quantity(left + right, den, self.guards + other.guards)._reduced()

    def __neg__(self) -> Quantity:
        return Quantity(self.num.scaled(-1), self.den, self.guards)

    def __sub__(self, other: Quantity) -> Quantity:
        return self + (-other)

    def __mul__(self, other: Quantity) -> Quantity:
        return Quantity(self.num * other.num, self.den * other.den, self.guards + other.guards)._reduced()

    def __truediv__(self, other: Quantity) -> Quantity:
        divisor = other.num
        if divisor.is_constant:
            if divisor.constant == 0:
                raise ZeroDivisionError
            sign = 1 if divisor.constant > 0 else -1
            num, den = self.num * other.den.scaled(sign), self.den.scaled(sign * divisor.constant)
            return Quantity(num, den, self.guards + other.guards)._reduced()
        num, den = self.num * other.den, self.den
        if divisor.low < 0:
            text, reach = divisor.sql(), max(abs(divisor.low), abs(divisor.high))
            num = num * Term.of(Atom(f"sign({text})", -1, 1, 32))
            size = Term.of(Atom(f"abs({text})", 0, reach, divisor.bits))
        else:
            size = divisor
        return Quantity(num, den * size, (*self.guards, *other.guards, divisor))._reduced()

    def _reduced(self) -> Quantity:
        common = gcd(self.num.common_factor, self.den.common_factor)
        if common > 1:
            return Quantity(self.num.divided(common), self.den.divided(common), self.guards)
        return self

    def compare(self, operator: str, other: Quantity) -> str:
        """`self <op> other` by cross-multiplication, as SQL."""
        left, right = self.num * other.den, other.num * self.den
        if self.den == other.den:
            left, right = self.num, other.num
        width = max(left.bits, right.bits)
        return f"{left.sql(width if width > 64 else None)} {operator} {right.sql(width if width > 64 else None)}"

    def rounded(self, decimals: int) -> str:
        """SQL of the integer half-up(self · 10^decimals)."""
        scaled = Quantity(self.num.scaled(10**decimals), self.den)._reduced()
        if scaled.den == Term.of(1):
            return scaled.num.sql()
        if scaled.num.is_constant and scaled.den.is_constant:
            return str(half_up(Fraction(scaled.num.constant, scaled.den.constant)))
        bits = scaled._rounding_bits()
        wide = bits if bits > 64 else None
        macro = "half_up" if self.never_negative or scaled.num.low >= 0 else "half_up_signed"
        return f"{macro}({scaled.num.sql(wide)}, {scaled.den.sql(wide)})"

    def _rounding_bits(self) -> int:
        """Width in which 2·|n| + d is exact."""
        return max(_bits(2 * self.num.reach + self.den.reach), 64)

    def as_rounded(self, decimals: int) -> Quantity:
        """The same quantity after rounding to so many decimals (rounding stage `rate`)."""
        scale = 10**decimals
        low, high = rounded_bounds(self, scale)
        scaled = Quantity(self.num.scaled(scale), self.den)._reduced()
        bits = max(scaled._rounding_bits(), scaled.num.bits)
        return Quantity(Term.of(Atom(self.rounded(decimals), low, high, bits)), Term.of(scale), self.guards)

    def ceiling(self) -> str:
        """SQL of the least integer not below the quantity."""
        need = _bits(self.num.reach + self.den.reach)
        bits = need if need > 64 else None
        if self.den == Term.of(1):
            return self.num.sql()
        return f"ceil_div({self.num.sql(bits)}, {self.den.sql(bits)})"


def rounded_bounds(quantity: Quantity, scale: int) -> tuple[int, int]:
    """Bounds of quantity · scale after rounding; a denominator of unknown size is taken as at least 1."""
    least = max(quantity.den.low, 1)
    ends = [Fraction(n * scale, d) for n in (quantity.num.low, quantity.num.high) for d in (least, quantity.den.high)]
    return half_up(min(ends)) - 1, half_up(max(ends)) + 1


def least(items: Iterable[Quantity]) -> Quantity:
    """The smallest of quantities with constant denominators."""
    return _extreme("least", list(items))


def greatest(items: Iterable[Quantity]) -> Quantity:
    """The largest of quantities with constant denominators."""
    return _extreme("greatest", list(items))


def _extreme(function: str, items: list[Quantity]) -> Quantity:
    guards = tuple(g for item in items for g in item.guards)
    scale, nums = common_denominator(items)
    texts = [num.sql() for num in nums]
    pick = min if function == "least" else max
    low, high = pick(num.low for num in nums), pick(num.high for num in nums)
    bits = max(num.bits for num in nums)
    if low == high:
        return Quantity(Term.of(low), scale, guards)._reduced()
    atom = Atom(f"{function}({', '.join(texts)})", low, high, bits)
    return Quantity(Term.of(atom), scale, guards)


def common_denominator(items: Sequence[Quantity]) -> tuple[Term, list[Term]]:
    """One denominator for all, and the numerators over it: the least multiple of the constant factors, times
    each running factor once."""
    factors: list[int] = []
    bases: list[Term] = []  # the running part of each denominator, 1 where it is constant
    for item in items:
        factor = item.den.constant if item.den.is_constant else item.den.common_factor
        factors.append(factor)
        bases.append(item.den.divided(factor))
    constant = lcm(*factors)
    running: list[Term] = []
    for base in bases:
        if not base.is_constant and base not in running:
            running.append(base)
    nums = []
    for item, factor, own in zip(items, factors, bases, strict=True):
        num = item.num.scaled(constant // factor)
        for base in running:
            num = num if base == own else num * base
        nums.append(num)
    common = Term.of(constant)
    for base in running:
        common = common * base
    return common, nums


def half_up(value: Fraction) -> int:
    """四舍五入 to an integer, in Python: the same formula, for constants."""
    n, d = abs(value.numerator), value.denominator
    rounded = (2 * n + d) // (2 * d)
    return rounded if value >= 0 else -rounded

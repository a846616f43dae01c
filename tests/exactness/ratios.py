"""Families of single quantities: written with scoring.sql.exact, run over a table, compared with Fraction row by row."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import duckdb
import pyarrow as pa

from scoring.sql.exact import MACROS, Quantity
from tests.exactness.reference import half_away

LARGE = 10**15  # the bound that figures are given: sums in the smallest unit
Row = tuple[int, ...]


@dataclass(frozen=True)
class Family:
    """One shape of formula: how a row is drawn, the formula twice, and to how many decimals it is rounded."""

    name: str
    bounds: tuple[tuple[int, int], ...]
    draw: Callable[[random.Random], Row]
    compiled: Callable[..., Quantity]
    wanted: Callable[..., Fraction]
    decimals: int


def columns(family: Family) -> list[Quantity]:
    return [Quantity.atom(f"c{i}", low, high) for i, (low, high) in enumerate(family.bounds)]


def number(text: str) -> Quantity:
    return Quantity.constant(Fraction(text))


def small(rng: random.Random) -> Row:
    """Small counts against round targets: every tenth case is an exact tie."""
    return rng.randint(0, 300), rng.choice([1, 2, 3, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80, 100, 125, 200, 250, 400, 500, 1000, 2000])


def near(rng: random.Random) -> Row:
    """13.5 · n / d a hair above, below or on a half cent: 1350 n / d = k + 1/2 ± 1/d."""
    d = rng.randint(1, 10**12) * 2
    k = rng.randint(0, 1300)
    n = (2 * k + 1) * d // 2700 + rng.randint(-1, 1)
    return max(0, n), d


def large(rng: random.Random) -> Row:
    return rng.randint(0, LARGE), rng.randint(1, LARGE)


def signed(rng: random.Random) -> Row:
    return rng.randint(-(10**6), 10**6), rng.choice([-1, 1]) * rng.randint(0, 10**4)


def four(rng: random.Random) -> Row:
    return tuple(rng.randint(0, 400) for _ in range(4))


def growth(rng: random.Random) -> Row:
    return rng.randint(0, 10**6), rng.choice([rng.randint(0, 12), rng.randint(0, 10**6)])


def decimals(rng: random.Random) -> Row:
    return rng.randint(-(10**10), 10**10), rng.randint(-(10**6), 10**6)


COUNT = (0, 10**9)
FAMILIES = [
    Family("满分 × 实际 ÷ 任务", (COUNT, COUNT), small,
           lambda n, d: number("13.5") * n / d, lambda n, d: Fraction("13.5") * n / d, 2),
    Family("半分附近", (COUNT[:1] + (10**13,), (0, 2 * 10**12)), near,
           lambda n, d: number("13.5") * n / d, lambda n, d: Fraction("13.5") * n / d, 2),
    Family("大额", ((0, LARGE), (0, LARGE)), large,
           lambda n, d: number("7.25") * n / d, lambda n, d: Fraction("7.25") * n / d, 4),
    Family("大额，计算精度", ((0, LARGE), (0, LARGE)), large,
           lambda n, d: number("8") * n / d, lambda n, d: Fraction(8 * n, d), 12),
    Family("负数与负分母", ((-(10**6), 10**6), (-(10**4), 10**4)), signed,
           lambda n, d: number("2.5") * n / d, lambda n, d: Fraction("2.5") * n / d, 2),
    Family("两率之和", (COUNT, COUNT, COUNT, COUNT), four,
           lambda a, b, c, d: number("6") * a / b + number("1.75") * c / d,
           lambda a, b, c, d: Fraction(6 * a, b) + Fraction("1.75") * c / d, 3),
    Family("两率之差", (COUNT, COUNT, COUNT, COUNT), four,
           lambda a, b, c, d: a / b - c / d, lambda a, b, c, d: Fraction(a, b) - Fraction(c, d), 2),
    Family("率的率", (COUNT, COUNT, COUNT, COUNT), four,
           lambda a, b, c, d: (a + c) / (b - d), lambda a, b, c, d: Fraction(a + c, b - d), 1),
    Family("增长率", ((0, 10**9), (0, 10**9)), growth,
           lambda n, d: number("100") * (n - d) / d, lambda n, d: Fraction(100 * (n - d), d), 0),
    Family("小数金额", ((-(10**10), 10**10), (-(10**6), 10**6)), decimals,
           lambda a, b: a / number("100") * b / number("10000") - number("0.005"),
           lambda a, b: Fraction(a, 100) * b / 10000 - Fraction("0.005"), 2),
]  # fmt: skip


def run(family: Family, count: int, seed: int) -> tuple[int, list[str]]:
    """(cases compared, differences): rounding, comparison with a limit, rate stage and ceiling of one family."""
    rng = random.Random(f"{family.name} {seed}")
    rows = [family.draw(rng) for _ in range(count)]
    quantity = family.compiled(*columns(family))
    limit = Quantity.constant(Fraction(5, 2))
    stages = {
        "rounded": quantity.rounded(family.decimals),
        "over": f"({quantity.compare('>=', limit)})::INT",
        "twice": quantity.as_rounded(1).rounded(0),
        "ceiling": quantity.ceiling(),
    }
    guards = " OR ".join(dict.fromkeys(f"({guard.sql()}) = 0" for guard in quantity.guards)) or "FALSE"
    listed = ", ".join(f"CASE WHEN {guards} THEN NULL ELSE {sql} END AS {name}" for name, sql in stages.items())
    table = pa.table({f"c{i}": pa.array(column, pa.int64()) for i, column in enumerate(zip(*rows, strict=True))})
    connection = duckdb.connect(":memory:")
    for macro in MACROS:
        connection.execute(macro)
    connection.register("cases", table)
    found = connection.execute(f"SELECT {listed} FROM cases").fetchall()
    types = connection.execute(f"SELECT {', '.join(f'typeof({n})' for n in stages)} FROM (SELECT {listed} FROM cases LIMIT 1)").fetchone()
    connection.close()
    assert not set(types or ()) & {"DOUBLE", "FLOAT"}, types
    bad, compared = [], 0
    for row, ours in zip(rows, found, strict=True):
        try:
            exact = family.wanted(*row)
        except ZeroDivisionError:
            wanted: tuple[int | None, ...] = (None,) * 4
        else:
            once = half_away(exact, family.decimals) * 10**family.decimals
            wanted = (int(once), int(exact >= Fraction(5, 2)), int(half_away(half_away(exact, 1), 0)), -(-exact.numerator // exact.denominator))
        compared += 1
        if tuple(ours) != wanted:
            bad.append(f"{family.name} {row}: 引擎 {ours}，参照 {wanted}")
    return compared, bad

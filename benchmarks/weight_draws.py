"""Times the weight draws of the robustness study, beside others on the same draws: 30 and 3,000 units × 60 items.

Run it on a quiet machine: `python -m benchmarks.weight_draws`. The units are scored by the engine; from then on every
program gets the same earned fractions and the same weights, and says for every unit the places up to which it stands in
5, 50 and 95 % of the draws and how often it is among the last three. Places of those who count ties as the 办法 does must
be ours, but for totals on a rounding edge, which floats cannot tell; how many there are is printed. Slow programs get the
first draws only, and their seconds are taken in proportion. It is a measurement, not a test.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from time import perf_counter, process_time
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as app.py has it: the threads are ours

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.report import memory_peak, memory_start, print_table, shown
from benchmarks.synthetic import PERIOD, make
from scoring.engine import assess
from scoring.insight.robustness import Placings, Shares, certainty, placings, shares_of, within
from scoring.insight.robustness.arrays import Totals
from scoring.insight.robustness.matrices import matrices_of

Floats = NDArray[np.float64]
GOALS = {30: 0.020, 3000: 0.5}
SHARES = (0.05, 0.5, 0.95)


@dataclass
class Work:
    """What every program gets: weights (draws × items), factors and what is added (items × units, units)."""

    shares: Shares
    weights: Floats
    factors: Floats
    added: Floats

    def totals(self, draws: int) -> Floats:
        """In hundredths, rounded half up."""
        return np.floor((self.weights[:draws] @ self.factors + self.added) * 100 + 0.5)


@dataclass
class Program:
    """`run`: (work, draws) → places, draws × units, or None where it counts ties otherwise."""

    name: str
    run: Callable[[Work, int], NDArray[Any] | None]
    draws: int
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: float = 0
    told: str = ""


def prepared(units: int) -> Shares:
    """Scored by the engine: 60 indicators in 8 sections, bonuses, grades with a quota."""
    synthetic = make(max(20_000, units * 60), units)
    rubric = synthetic.rubric()
    period = rubric.period(PERIOD)
    return shares_of(assess(synthetic.store, rubric, period, period.cut_off), next(iter(rubric.groups)))


def ours(work: Work, totals: Totals, draws: int, seed: int) -> Placings:
    """Draws, places, counts: all of it."""
    found = placings(work.shares, within(work.shares, Decimal(10), draws, seed), totals)
    certainty(found)
    return found


def naive(work: Work, draws: int) -> NDArray[Any] | None:
    """Sorting twice, in batches; who is level is told apart by its position in the list."""
    places = np.empty((draws, work.factors.shape[1]), dtype=np.int64)
    for start in range(0, draws, 500):
        key = np.floor((work.weights[start : min(start + 500, draws)] @ work.factors + work.added) * 100 + 0.5)
        places[start : start + len(key)] = np.argsort(np.argsort(-key, axis=1, kind="stable"), axis=1) + 1
    np.percentile(places, [5, 50, 95], axis=0)
    (places > places.shape[1] - 3).sum(axis=0)
    return None


def pandas(work: Work, draws: int) -> NDArray[Any] | None:
    found = pd.DataFrame(work.totals(draws).T).rank(ascending=False, method="min")
    found.quantile(list(SHARES), axis=1, interpolation="lower")
    (found.rank(ascending=False, method="min") <= 3).sum(axis=1)
    return found.to_numpy().T


def database(work: Work, draws: int) -> NDArray[Any] | None:
    """Ranks and quantiles by SQL; the totals are handed to it."""
    totals = work.totals(draws).astype(np.int64)
    units = totals.shape[1]
    table = pd.DataFrame(
        {"draw": np.repeat(np.arange(draws), units), "unit": np.tile(np.arange(units), draws), "total": totals.ravel()}
    )
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.register("totals", table)
        connection.execute(
            "CREATE TEMP TABLE placed AS SELECT draw, unit, rank() OVER (PARTITION BY draw ORDER BY total DESC) AS place, "
            "rank() OVER (PARTITION BY draw ORDER BY total) AS from_last FROM totals"
        )
        connection.execute(
            "SELECT unit, quantile_disc(place, [0.05, 0.5, 0.95]), count_if(from_last <= 3) FROM placed GROUP BY unit"
        ).fetchall()
        found = connection.execute("SELECT place FROM placed ORDER BY draw, unit").fetchnumpy()["place"]
    return np.asarray(found).reshape(draws, units)


def scikit_criteria(work: Work, draws: int) -> NDArray[Any] | None:
    """Its weighted sum, one decision matrix for each draw; it does not round, and its places have no gaps."""
    from skcriteria import mkdm  # type: ignore[import-not-found]
    from skcriteria.agg.simple import WeightedSumModel  # type: ignore[import-not-found]

    model = WeightedSumModel()
    matrix, objectives = work.factors.T, [max] * len(work.factors)
    places = np.empty((draws, len(matrix)), dtype=np.int64)
    for draw in range(draws):
        places[draw] = model.evaluate(mkdm(matrix, objectives, weights=work.weights[draw])).rank_
    np.percentile(places, [5, 50, 95], axis=0)
    return None


def programs(units: int, draws: int) -> list[Program]:
    few = units <= 100
    found = [
        Program("numpy，排两次序（同分按次序分先后）", naive, draws),
        Program("pandas rank", pandas, draws if few else min(draws, 500)),
        Program("DuckDB rank()（总分已算好）", database, draws if few else min(draws, 500)),
    ]
    try:
        import skcriteria  # noqa: F401
    except ImportError:
        print("  没有安装 scikit-criteria，不比。")
    else:
        found.append(Program("scikit-criteria 加权和", scikit_criteria, min(draws, 1000 if few else 100)))
    return found


def one_size(units: int, draws: int, rounds: int, seed: int) -> float:
    """Every program `rounds` times in turn; our median."""
    shares = prepared(units)
    matrices = matrices_of(shares)
    plain = matrices.whole(0) + matrices.extra
    weights = within(shares, Decimal(10), draws, seed).weights[1:]
    work = Work(shares, weights, plain[:-1], plain[-1])
    start = perf_counter()
    totals = Totals(shares)
    made = perf_counter() - start
    print(f"\n{len(shares.units)} 个单位 × {len(shares.items)} 项，{draws} 种组合（准备一次 {made * 1000:.0f} ms，不计）")
    own = Program("本系统（含抽取、名次、统计）", lambda _, count: ours(work, totals, count, seed).places, draws)
    every = [own, *programs(units, draws)]
    reference = own.run(work, draws)
    assert reference is not None
    for turn in range(rounds + 1):
        for program in every:
            before = memory_start()
            start, used = perf_counter(), process_time()
            places = program.run(work, program.draws)
            if turn:  # the first warms up
                program.seconds.append((perf_counter() - start) * draws / program.draws)
                program.processor.append((process_time() - used) * draws / program.draws)
            program.memory = max(program.memory, memory_peak() - before)
            if places is not None:
                other = int((places != reference[: program.draws]).sum())
                program.told = f"{other} / {places.size}"
    report(every, draws)
    return median(own.seconds)


def report(every: Sequence[Program], draws: int) -> None:
    best = median(every[0].seconds)
    rows = [["", "秒（中位）", "最快", "处理器秒", "倍数", "另占内存", "只跑", "名次不同"]]
    for one in every:
        middle = median(one.seconds)
        part = "" if one.draws == draws else f"{one.draws} 种"
        rows.append([
            one.name, f"{middle:.4f}", f"{min(one.seconds):.4f}", f"{median(one.processor):.4f}", f"{middle / best:,.1f}", shown(one.memory), part, one.told,
        ])  # fmt: skip
    print_table(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="变动分值、试许多种组合的用时")
    parser.add_argument("--units", type=int, nargs="+", default=sorted(GOALS))
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(f"Python {platform.python_version()}，NumPy {np.__version__}，{os.cpu_count()} 个处理器，负载 {os.getloadavg()[0]:.1f}")
    for units in chosen.units:
        found = one_size(units, chosen.draws, chosen.rounds, chosen.seed)
        if units in GOALS and chosen.draws == 10_000:
            print(f"  目标 {GOALS[units] * 1000:.0f} ms，中位 {found * 1000:.0f} ms：{'达到' if found <= GOALS[units] else '没有达到'}")


if __name__ == "__main__":
    main()
